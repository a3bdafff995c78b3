"""The judge: expected value and comparator (from the key) against a reported value. Runs no student
code.

A pass needs positive evidence. Messages name labels, shapes and kinds; they never tell an expected
value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging.decoding import decode
from autograder.judging.draws import judge_draws
from autograder.judging.trusted import judge_by_trusted_code
from autograder.judging.values import (
    PASSED,
    Verdict,
    exception_name,
    is_numeric,
    kind_of,
    numbers,
    scalar,
    wrong_text,
    wrong_values,
)
from autograder.model.errors import ContentError

__all__ = ["Verdict", "compare"]


def compare(
    label: str, comparator: dict[str, Any], expected: Any, got: Any, trusted: Path | None = None
) -> Verdict:
    """Judge ``got`` by ``comparator``.

    Args:
        label: The name of the value, as a message quotes it.
        comparator: From the key: its kind under ``compare``, and its parameters.
        expected: The expected value, decoded.
        got: The reported value, decoded.
        trusted: The folder that holds the lab's ``judges.py``, needed by ``evaluate`` only.

    Raises:
        ContentError: for a comparator that this judge does not know.
    """
    kind = comparator.get("compare")
    if kind == "evaluate":
        return judge_by_trusted_code(label, comparator, got, trusted)
    judge = _JUDGES.get(str(kind))
    if judge is None:
        raise ContentError(f'The key asks for an unknown comparator "{kind}".')
    return judge(f'"{label}"', comparator, expected, got)


def _tree(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    """Containers element by element; at the leaves ``close``, ``equal``, or (``auto``) what fits
    the expected value.

    What is no number (a text, None) can only be equal, whatever the comparator.
    """
    if isinstance(expected, dict):
        return _dict(name, comparator, expected, got)
    if isinstance(expected, list) and not is_numeric(expected):
        return _list(name, comparator, expected, got)
    kind, numeric = comparator["compare"], is_numeric(expected)
    if kind == "auto":  # a tolerance is for fractions only: counts and labels are exact
        kind = "close" if numeric and np.asarray(expected).dtype.kind in "fc" else "equal"
    close = kind == "close" and numeric
    return _close(name, comparator, expected, got) if close else _equal(name, expected, got)


def _dict(name: str, comparator: dict[str, Any], expected: dict[str, Any], got: Any) -> Verdict:
    if not isinstance(got, dict):
        return Verdict(False, f"{name} should be a dictionary, but is {kind_of(got)}.")
    missing, extra = sorted(expected.keys() - got.keys()), sorted(got.keys() - expected.keys())
    if missing or extra:
        return Verdict(False, f"{name} does not have the keys it should have ({len(got)} of them).")
    return _first_failure(
        _tree(f"{name}, key {key!r}", comparator, expected[key], got[key]) for key in expected
    )


def _list(name: str, comparator: dict[str, Any], expected: list[Any], got: Any) -> Verdict:
    if isinstance(got, np.ndarray) and got.shape == (0,):
        got = []
    if not isinstance(got, list):
        return Verdict(False, f"{name} should be a list or tuple, but is {kind_of(got)}.")
    if len(got) != len(expected):
        return Verdict(False, f"{name} should have {len(expected)} elements, but has {len(got)}.")
    pairs = enumerate(zip(expected, got, strict=True))
    return _first_failure(
        _tree(f"{name}, element {i}", comparator, want, have) for i, (want, have) in pairs
    )


def _first_failure(verdicts: Iterable[Verdict]) -> Verdict:
    return next((verdict for verdict in verdicts if not verdict.passed), PASSED)


def _close(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    array, problem = numbers(name, got, np.shape(expected))
    if problem:
        return problem
    want = np.asarray(expected)
    wide = complex if want.dtype.kind == "c" else float
    if array.dtype.kind == "c" and wide is float:
        return Verdict(False, f"{name} should hold real numbers, but is {kind_of(array)}.")
    want, have = want.astype(wide), array.astype(wide)
    if np.isnan(have).any() and not np.isnan(want).any():
        return Verdict(
            False, f"{name} contains NaN (not a number): look for 0/0, log(0) or an overflow."
        )
    right = np.isclose(have, want, rtol=comparator["rtol"], atol=comparator["atol"], equal_nan=True)
    return PASSED if right.all() else Verdict(False, wrong_values(name, right))


def _equal(name: str, expected: Any, got: Any) -> Verdict:
    if exception_name(expected) and got is None:
        return Verdict(False, f"{name}: no error was raised, but one is expected.")
    if expected is None and (raised := exception_name(got)):
        return Verdict(False, f"{name}: your code raised {raised}, but no error is expected.")
    if isinstance(expected, str):
        if not isinstance(got, str):
            return Verdict(False, f"{name} should be a text, but is {kind_of(got)}.")
        return PASSED if got == expected else Verdict(False, wrong_text(name, expected, got))
    if isinstance(expected, bool) and not isinstance(scalar(got), bool):
        return Verdict(False, f"{name} should be a truth value, but is {kind_of(got)}.")
    if not is_numeric(expected):
        same = type(scalar(got)) is type(expected) and scalar(got) == expected
        return PASSED if same else Verdict(False, f"{name} is not what it should be.")
    array, problem = numbers(name, got, np.shape(expected))
    if problem:
        return problem
    right = np.asarray(array == np.asarray(expected))
    return PASSED if right.all() else Verdict(False, wrong_values(name, right))


def _at_least(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    return _limit(name, got, lambda values: values >= comparator["limit"], "too small")


def _at_most(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    return _limit(name, got, lambda values: values <= comparator["limit"], "too large")


def _limit(name: str, got: Any, holds: Callable[[np.ndarray], Any], wrong: str) -> Verdict:
    if not is_numeric(got) or np.size(got) == 0 or np.asarray(got).dtype.kind == "c":
        return Verdict(False, f"{name} should hold real numbers, but is {kind_of(got)}.")
    values = np.asarray(got, float)
    if not np.isfinite(values).all():
        return Verdict(False, f"{name} is not finite.")
    return PASSED if np.all(holds(values)) else Verdict(False, f"{name} is {wrong}.")


def _accuracy(name: str, comparator: dict[str, Any], expected: Any, got: Any) -> Verdict:
    labels = np.asarray(decode(comparator["labels"]))
    array, problem = numbers(name, got, labels.shape)
    if problem:
        return problem
    fraction, needed = float(np.mean(array == labels)), comparator["at_least"]
    if fraction >= needed:
        return PASSED
    return Verdict(
        False, f"{name}: {fraction:.1%} of the predictions are right, {needed:.1%} are needed."
    )


_JUDGES: dict[str, Callable[..., Verdict]] = {
    "auto": _tree,
    "close": _tree,
    "equal": _tree,
    "at_least": _at_least,
    "at_most": _at_most,
    "accuracy": _accuracy,
    "distribution": judge_draws,
}
