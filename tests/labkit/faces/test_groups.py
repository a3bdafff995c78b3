"""Accuracies of groups and their intervals."""

from __future__ import annotations

import statistics

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from labkit.faces import groups
from labkit.faces.groups import plot_group_accuracy, wilson_interval


@pytest.fixture
def shown(monkeypatch):
    """The figures and texts that were shown."""
    import matplotlib.pyplot as plt

    found = []
    monkeypatch.setattr(groups, "show", lambda fig, *, alt: found.append((fig, alt)))
    yield found
    plt.close("all")


@pytest.mark.parametrize(("successes", "n"), [(0, 20), (20, 20), (7, 50), (199, 200)])
def test_wilson_solves_its_equation(successes, n):
    """Both ends p of the interval satisfy |p̂ − p| = z √(p (1 − p) / n), unless cut at 0 or 1."""
    z = statistics.NormalDist().inv_cdf(0.975)
    low, high = wilson_interval(successes, n)
    for p in (low, high):
        if 1e-9 < p < 1 - 1e-9:
            assert abs(successes / n - p) == pytest.approx(z * np.sqrt(p * (1 - p) / n), rel=1e-6)
    assert 0 <= low <= successes / n <= high <= 1


def test_wilson_refuses_nonsense():
    """No trials, more successes than trials, or no number."""
    for successes, n in ((0, 0), (5, 4), (-1, 4), (float("nan"), 4)):
        with pytest.raises(ValueError, match="0 ≤ successes ≤ n"):
            wilson_interval(successes, n)


def test_wilson_takes_products():
    """An accuracy times a count is hardly ever a whole number in binary fractions."""
    assert 0.29 * 100 != 29
    assert wilson_interval(0.29 * 100, 100) == wilson_interval(29, 100)
    assert wilson_interval(np.float32(3), np.int64(7)) == wilson_interval(3, 7)


def test_groups_are_drawn_with_their_intervals(shown):
    """Each model's accuracies stand at their value, with Wilson's interval around them, and the gap
    in the legend."""
    plot_group_accuracy(
        {"before": {"a": 0.9, "b": 0.5}, "after": {"a": 0.9, "b": 0.8}}, {"a": 100, "b": 200}
    )
    fig, alt = shown[0]
    container = fig.axes[0].containers[0]
    np.testing.assert_allclose(container.lines[0].get_xdata(), [0.9, 0.5])
    ends = np.array([segment[:, 0] for segment in container.lines[2][0].get_segments()])
    np.testing.assert_allclose(ends, [wilson_interval(90, 100), wilson_interval(100, 200)])
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == [
        "before: gap 40.0%",
        "after: gap 10.0%",
    ]
    assert "after: a 90.0%, b 80.0%" in alt
