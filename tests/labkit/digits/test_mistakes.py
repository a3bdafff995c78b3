"""What a classifier confuses: the pictures, and what their texts say."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from labkit.digits import mistakes
from labkit.digits.mistakes import plot_confusion, show_mistakes
from labkit.display import pictures


@pytest.fixture
def shown(monkeypatch):
    """The figures and texts that were shown."""
    import matplotlib.pyplot as plt

    found = []
    monkeypatch.setattr(mistakes, "show", lambda fig, *, alt: found.append((fig, alt)))
    monkeypatch.setattr(pictures, "show", lambda fig, *, alt: found.append((fig, alt)))
    yield found
    plt.close("all")


def drawn(fig) -> list[np.ndarray]:
    """The images in a figure, in order."""
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]


def test_confusions_are_counted_like_scikit_learn(shown):
    """Rows are true classes, columns predictions; what is drawn is the logarithm of the counts."""
    from sklearn import metrics

    rng = np.random.default_rng(2)
    labels, predicted = rng.integers(0, 5, (2, 200))
    plot_confusion(labels, predicted)
    expected = metrics.confusion_matrix(labels, predicted)
    np.testing.assert_allclose(np.expm1(drawn(shown[0][0])[0]), expected)
    texts = {text.get_position(): int(text.get_text()) for text in shown[0][0].axes[0].texts}
    assert texts == {(j, i): count for (i, j), count in np.ndenumerate(expected) if count}


def test_a_class_that_never_occurs_has_its_row(shown):
    """With names the matrix has a row and a column for each, also for classes that do not occur."""
    plot_confusion([0, 0], [0, 1], names=["a", "b", "c"])
    np.testing.assert_allclose(np.expm1(drawn(shown[0][0])[0]), [[1, 1, 0], [0, 0, 0], [0, 0, 0]])
    assert "most often a taken for b (1)" in shown[0][1]


def test_the_confusion_plot_says_the_worst_pair(shown):
    """The alternative text names how many are right and which pair is confused most often."""
    plot_confusion([0, 1, 1, 2, 2, 2], [0, 1, 1, 2, 1, 1])
    alt = shown[0][1]
    assert "4 on the diagonal, 2 beside it, most often 2 taken for 1 (2)" in alt
    assert drawn(shown[0][0])[0].shape == (3, 3)


def test_mistakes_come_most_confident_first(shown):
    """Only mistakes, in the order of confidence, at most as many as asked for."""
    images = np.arange(5)[:, None, None] * np.ones((5, 2, 2)) / 10
    show_mistakes(images, [0, 1, 2, 3, 4], [0, 2, 1, 4, 3], [0.9, 0.5, 0.8, 0.6, 0.7], most=3)
    fig, alt = shown[0]
    assert [image[0, 0] for image in drawn(fig)] == [0.2, 0.4, 0.3]
    assert alt.startswith("3 of 4 mistakes in 5 examples, true class → answer: 2 → 1 (80%)")


def test_no_mistake_is_said(shown, capsys):
    """Without a mistake there is a sentence and no picture."""
    show_mistakes(np.zeros((2, 3, 3)), [0, 1], [0, 1])
    assert "No mistake in 2 examples" in capsys.readouterr().out
    assert not shown
