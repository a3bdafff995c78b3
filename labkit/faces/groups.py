"""How accurate a detector is for whom: accuracies of groups with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labkit.display.pictures import MARKERS
from labkit.display.plots import OKABE_ITO, show

__all__ = ["plot_group_accuracy", "wilson_interval"]


def wilson_interval(successes: float, n: int) -> tuple[float, float]:
    """Wilson's score interval (1927), which covers 95 %, for the fraction of successes in n trials.

    Args:
        successes: how many; a product such as 0.29 · 100 is rounded to a whole number.
        n: how many trials.

    Returns:
        (low, high), both in [0, 1].

    Raises:
        ValueError: when `n` is not positive, or `successes` lies outside 0 to n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"expected 0 ≤ successes ≤ n and n > 0, got {successes} of {n}")
    from scipy.stats import binomtest

    interval = binomtest(round(successes), int(n)).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def plot_group_accuracy(
    results: Mapping[str, Mapping[str, float]],
    counts: Mapping[str, int],
    *,
    title: str = "Accuracy for each group",
) -> None:
    """Show the accuracy of one or more models for each group, with 95 % intervals (Wilson).

    Args:
        results: name of the model → group → accuracy in [0, 1].
        counts: group → number of held-out examples the accuracies were measured on.
        title: above the figure.
    """
    import matplotlib.pyplot as plt

    groups = list(next(iter(results.values())))
    fig, ax = plt.subplots(figsize=(7.5, 0.55 * len(groups) + 1.6))
    texts = []
    for m, (model, accuracy) in enumerate(results.items()):
        values = np.array([accuracy[group] for group in groups])
        limits = [wilson_interval(accuracy[g] * counts[g], counts[g]) for g in groups]
        # The models of a group stand one below the other, around the group's line.
        y = np.arange(len(groups)) + 0.22 * (m - (len(results) - 1) / 2)
        style: dict[str, Any] = {"color": OKABE_ITO[m % 8], "marker": MARKERS[m % len(MARKERS)]}
        style |= {"linestyle": "none", "capsize": 3, "xerr": np.abs(np.transpose(limits) - values)}
        ax.errorbar(values, y, label=f"{model}: gap {np.ptp(values):.1%}", **style)
        listed = [f"{group} {value:.1%}" for group, value in zip(groups, values, strict=True)]
        texts.append(f"{model}: " + ", ".join(listed))
    ax.set(yticks=range(len(groups)), yticklabels=groups, title=title)
    ax.set_xlabel("accuracy, with 95 % interval")
    ax.invert_yaxis()
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.25), ncols=2)
    show(fig, alt=f"{title}. " + ". ".join(texts) + ".")
