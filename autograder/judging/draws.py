"""Random draws against the distribution that they should come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.decoding import decode
from autograder.judging.values import PASSED, Verdict, numbers

__all__ = ["judge_draws"]

MIN_EXPECTED = 5
"""Chi-square is trusted for outcomes that are expected at least so often."""


def judge_draws(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    """Judge counts of independent draws by the probabilities in the comparator."""
    probabilities = np.asarray(decode(comparator["probabilities"]), float)
    array, problem = numbers(name, got, probabilities.shape)
    if problem:
        return problem
    seen = array.astype(float)
    total = seen.sum()
    if not np.isfinite(seen).all() or (seen < 0).any() or (seen % 1).any() or total <= 0:
        return Verdict(False, f"{name}: nothing was drawn.")
    if abs(total / np.sum(np.asarray(expected, float)) - 1) > 0.01:
        return Verdict(False, f"{name}: fewer or more draws were counted than were asked for.")
    if seen[probabilities <= 0].any():
        return Verdict(False, f"{name}: something was drawn that has probability 0.")
    if min(_p_values(seen, probabilities / probabilities.sum())) >= comparator["alpha"] / 2:
        return PASSED
    return Verdict(False, f"{name}: the draws do not fit the distribution.")


def _p_values(seen: np.ndarray, probabilities: np.ndarray) -> tuple[float, float]:
    """Chi-square over what is expected at least 5 times; an exact binomial test for all the rest
    together.

    Chi-square alone would reject right answers for a few draws of something rare.
    """
    from scipy import special  # scipy.stats would take a second to import

    total = seen.sum()
    common = probabilities * total >= MIN_EXPECTED
    rare, drawn = min(probabilities[~common].sum(), 1.0), seen[~common].sum()
    so_many = special.betainc(drawn, total - drawn + 1, rare) if drawn else 1.0
    p_rare = min(1.0, 2 * min(so_many, special.bdtr(drawn, int(total), rare)))
    if common.sum() < 2 or not seen[common].any():
        return p_rare, 1.0
    wanted = probabilities[common] / probabilities[common].sum() * seen[common].sum()
    distance = np.sum((seen[common] - wanted) ** 2 / wanted)
    return p_rare, float(special.chdtrc(common.sum() - 1, distance))
