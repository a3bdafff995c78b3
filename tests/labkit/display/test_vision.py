"""Pictures about pictures: what they show, and what their texts say."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from labkit.display import vision
from labkit.display.vision import (
    confusion_matrix,
    plot_confusion,
    plot_group_accuracy,
    plot_training,
    show_images,
    show_mistakes,
    wilson_interval,
)


@pytest.fixture
def shown(monkeypatch):
    """The figures and texts that were shown."""
    import matplotlib.pyplot as plt

    pictures = []
    monkeypatch.setattr(vision, "show", lambda fig, *, alt: pictures.append((fig, alt)))
    yield pictures
    plt.close("all")


def drawn(fig) -> list[np.ndarray]:
    """The images in a figure, in order."""
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]


def test_a_grid_keeps_order_and_values(shown):
    """Grey, colour, uint8 and float images come out as floats in [0, 1], in their order; empty
    places stay empty."""
    rng = np.random.default_rng(1)
    images = [
        rng.random((5, 6)),
        rng.random((5, 6, 1)),
        rng.random((4, 4, 3)),
        rng.integers(0, 256, (4, 4, 3), np.uint8),
    ]
    show_images(images, alt="four noises", titles=list("abcd"), columns=3)
    (fig, alt) = shown[0]
    assert alt == "four noises"
    assert len(fig.axes) == 6
    np.testing.assert_allclose(drawn(fig)[1], images[1][..., 0])
    np.testing.assert_allclose(drawn(fig)[3], images[3] / 255)
    assert [ax.get_title() for ax in fig.axes[:4]] == list("abcd")


def test_tensors_are_shown(shown):
    """Images may be tensors; what lies outside [0, 1] is clipped."""
    import tensorflow as tf

    show_images(tf.constant([[[2.0, -1.0], [0.5, 1.0]]]), alt="one")
    np.testing.assert_allclose(drawn(shown[0][0])[0], [[1, 0], [0.5, 1]])


def test_a_grid_needs_images_and_matching_titles():
    """Nothing to show, or another number of titles, is an error."""
    with pytest.raises(ValueError, match="no image"):
        show_images([], alt="nothing")
    with pytest.raises(ValueError, match="1 images need as many titles, got 2"):
        show_images(np.zeros((1, 4, 4)), alt="one", titles=["a", "b"])


def test_confusions_are_counted_like_scikit_learn():
    """Rows are true classes, columns predictions."""
    from sklearn import metrics

    rng = np.random.default_rng(2)
    labels, predicted = rng.integers(0, 5, (2, 200))
    expected = metrics.confusion_matrix(labels, predicted, labels=range(5))
    np.testing.assert_array_equal(confusion_matrix(labels, predicted, 5), expected)


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


def test_training_curves_start_at_epoch_one(shown):
    """One line for each entry, and a baseline."""
    plot_training(
        {"loss": [3, 2, 1], "held out": [3, 2.5, 2]},
        y_label="loss",
        baseline=2.3,
        baseline_name="guessing",
    )
    fig, alt = shown[0]
    lines = fig.axes[0].lines
    np.testing.assert_array_equal(lines[0].get_xdata(), [1, 2, 3])
    assert len(lines) == 3
    assert "loss from 3 to 1" in alt
    assert "guessing 2.3" in alt


@pytest.mark.parametrize(("successes", "n"), [(0, 20), (20, 20), (7, 50), (199, 200)])
def test_wilson_solves_its_equation(successes, n):
    """Both ends p of the interval satisfy |p̂ − p| = z √(p (1 − p) / n), unless cut at 0 or 1."""
    low, high = wilson_interval(successes, n)
    for p in (low, high):
        if 1e-9 < p < 1 - 1e-9:
            assert abs(successes / n - p) == pytest.approx(
                1.96 * np.sqrt(p * (1 - p) / n), rel=1e-6
            )
    assert 0 <= low <= successes / n <= high <= 1


def test_wilson_refuses_nonsense():
    """No trials, or more successes than trials."""
    for successes, n in ((0, 0), (5, 4), (-1, 4)):
        with pytest.raises(ValueError, match="0 ≤ successes ≤ n"):
            wilson_interval(successes, n)


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
