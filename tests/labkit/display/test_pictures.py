"""Grids of images and curves: what they show, and what their texts say."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from labkit.display import pictures as module
from labkit.display.pictures import plot_training, show_images


@pytest.fixture
def shown(monkeypatch):
    """The figures and texts that were shown."""
    import matplotlib.pyplot as plt

    pictures = []
    monkeypatch.setattr(module, "show", lambda fig, *, alt: pictures.append((fig, alt)))
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
