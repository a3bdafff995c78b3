"""Walks through a latent space, samples and reconstructions."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

from labkit.display import pictures as grids
from labkit.faces import latent
from labkit.faces.latent import LatentWalk, show_reconstructions, show_sampled, walk_latent


@pytest.fixture
def shown(monkeypatch):
    """The figures and texts that were shown."""
    import matplotlib.pyplot as plt

    pictures = []
    for module in (latent, grids):
        monkeypatch.setattr(module, "show", lambda fig, *, alt: pictures.append((fig, alt)))
    yield pictures
    plt.close("all")


def drawn(fig) -> list[np.ndarray]:
    """The images in a figure, in order."""
    return [np.asarray(ax.images[0].get_array()) for ax in fig.axes if ax.images]


def decode(z):
    """z (B, 3) → (B, 4, 4, 3): the first variable is red, the third a little blue, the second
    nothing."""
    images = np.full((len(z), 4, 4, 3), 0.5)
    images[..., 0] += 0.1 * np.asarray(z)[:, 0, None, None]
    images[..., 2] += 0.02 * np.asarray(z)[:, 2, None, None]
    return images


@pytest.fixture
def mu():
    return np.random.default_rng(3).normal(loc=[1, 0, 0], size=(500, 3)).astype("float32")


def test_dimensions_are_ordered_by_effect(mu):
    """What changes the picture most comes first; the walk starts at the mean and goes 2.5
    deviations to each side."""
    walk = LatentWalk(decode, mu)
    assert walk.order == [0, 2, 1]
    strip = walk.strip(0, 5)
    expected = 0.5 + 0.1 * (walk.centre[0] + np.linspace(-2.5, 2.5, 5) * walk.deviation[0])
    np.testing.assert_allclose(strip[:, 0, 0, 0], expected, rtol=1e-5)
    np.testing.assert_allclose(strip[..., 1], 0.5)


def test_a_walk_is_a_picture_of_strips(mu, shown):
    """One row for each dimension, strongest first; without a notebook there are no sliders."""
    walk_latent(decode, mu, dimensions=2, n=5)
    fig, alt = shown[0]
    assert len(drawn(fig)) == 10
    np.testing.assert_allclose(drawn(fig)[0], LatentWalk(decode, mu).strip(0, 5)[0], rtol=1e-5)
    assert "z[0], z[2], strongest first" in alt


def test_sliders_move_the_picture(mu, shown, monkeypatch):
    """In a notebook there is a slider for each dimension; moving one changes the picture, moving it
    back undoes it."""
    import IPython.display

    boxes = []
    monkeypatch.setattr(latent, "in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", boxes.append)
    walk_latent(decode, mu, dimensions=2)
    sliders, picture = boxes[0].children
    before = bytes(picture.value)
    assert before.startswith(b"\x89PNG")
    sliders.children[0].value = 2.0
    after = bytes(picture.value)
    assert after != before
    sliders.children[0].value = 0.0
    assert bytes(picture.value) == before
    assert [slider.description for slider in sliders.children] == ["z[0]", "z[2]"]


def test_codes_have_two_axes():
    """`mu` is (N, d)."""
    with pytest.raises(ValueError, match=r"shape \(N, d\), got \(3,\)"):
        LatentWalk(decode, np.zeros(3))


def test_least_and_most_sampled(shown):
    """The least sampled first, then the most sampled; titles say how often against a uniform
    draw."""
    images = np.arange(4)[:, None, None, None] * np.ones((4, 2, 2, 3)) / 10
    show_sampled(images, [0.1, 0.5, 0.15, 0.25], most=2)
    (least, alt), (most, _) = shown
    assert [image[0, 0, 0] for image in drawn(least)] == [0.0, 0.2]
    assert [image[0, 0, 0] for image in drawn(most)] == [0.1, pytest.approx(0.3)]
    assert "0.4×, 0.6×" in alt


def test_reconstructions_stand_below_their_images(shown):
    """A row of originals, a row for each epoch; the text has the mean absolute errors."""
    images = np.full((3, 4, 4, 3), 0.5)
    show_reconstructions(images, {"epoch 1": images + 0.2, "epoch 9": images + 0.05})
    fig, alt = shown[0]
    assert [round(float(image.mean()), 2) for image in drawn(fig)] == [0.5] * 3 + [0.7] * 3 + [
        0.55
    ] * 3
    assert "epoch 1 0.200, epoch 9 0.050" in alt
