"""Looking into a latent space: walks along its dimensions, sampling, and reconstructions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from labkit.checking.boxes import in_notebook
from labkit.checking.values import to_numpy
from labkit.display.pictures import show_images
from labkit.display.plots import show

__all__ = ["LatentWalk", "show_reconstructions", "show_sampled", "walk_latent"]

SPREAD = 2.5  # standard deviations that a walk goes to either side


class LatentWalk:
    """A point of the latent space and the pictures around it.

    Attributes:
        decode: z (B, d) → images (B, H, W, C) in [0, 1].
        centre, deviation: (d,), mean and standard deviation of the codes it was made from.
        order: the dimensions, the one with the largest effect on the picture first.
    """

    def __init__(self, decode: Callable[[Any], Any], mu: Any) -> None:
        """
        Args:
            decode: any callable from float32 (B, d) to images, such as `model.decode`.
            mu: codes of real pictures, (N, d); they say where the walk starts and how far it goes.

        Raises:
            ValueError: when `mu` is not (N, d).
        """
        codes = np.asarray(to_numpy(mu), "float32")
        if codes.ndim != 2 or not codes.size:
            raise ValueError(f"mu must have the shape (N, d), got {codes.shape}")
        self.decode = decode
        self.centre, self.deviation = codes.mean(0), codes.std(0)
        # How much a picture changes from one standard deviation below the centre to one above.
        dimensions = range(codes.shape[1])
        ends = self.pictures(np.concatenate([self._step(d, -1.0) for d in dimensions]))
        others = self.pictures(np.concatenate([self._step(d, 1.0) for d in dimensions]))
        self.effect = np.abs(ends - others).reshape(len(ends), -1).mean(1)
        self.order = [int(d) for d in np.argsort(-self.effect)]

    def pictures(self, z: Any) -> np.ndarray:
        """The decoded images of z (B, d), clipped to [0, 1]."""
        return np.clip(to_numpy(self.decode(np.asarray(z, "float32"))), 0, 1)

    def _step(self, dimension: int, deviations: float) -> np.ndarray:
        z = self.centre[None].copy()
        z[0, dimension] += deviations * self.deviation[dimension]
        return z

    def strip(self, dimension: int, n: int = 7) -> np.ndarray:
        """`n` images, (n, H, W, C), from −2.5 to 2.5 standard deviations along one dimension."""
        steps = np.linspace(-SPREAD, SPREAD, n)
        return self.pictures(np.concatenate([self._step(dimension, step) for step in steps]))


def walk_latent(
    decode: Callable[[Any], Any], mu: Any, *, dimensions: int = 6, n: int = 7
) -> LatentWalk:
    """Show what the dimensions of a latent space do: strips, and sliders in a notebook.

    A strip is a picture and stays in the saved notebook; the sliders (ipywidgets) move while the
    kernel runs.

    Args:
        decode, mu: as for `LatentWalk`.
        dimensions: how many, the strongest first.
        n: pictures in a strip.
    """
    walk = LatentWalk(decode, mu)
    chosen = walk.order[:dimensions]
    _show_strips(walk, chosen, n)
    if in_notebook():
        _show_sliders(walk, chosen)
    return walk


def _show_strips(walk: LatentWalk, chosen: list[int], n: int) -> None:
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(len(chosen), n, figsize=(n * 0.95, len(chosen) * 0.98), squeeze=False)
    for row, dimension in zip(axes, chosen, strict=True):
        for ax, image in zip(row, walk.strip(dimension, n), strict=True):
            ax.imshow(image.squeeze(), cmap="gray", vmin=0, vmax=1)
            ax.set(xticks=[], yticks=[])
        row[0].set_ylabel(f"z[{dimension}]", rotation=0, ha="right", va="center")
    for ax, step in zip(axes[0], np.linspace(-SPREAD, SPREAD, n), strict=True):
        ax.set_title(f"{step:+.1f} sd", fontsize=8)
    fig.tight_layout(pad=0.2)
    listed = ", ".join(f"z[{d}]" for d in chosen)
    reach = f"from −{SPREAD} to +{SPREAD} standard deviations"
    show(fig, alt=f"Decoded pictures along {listed}, strongest first, {reach}.")


def _show_sliders(walk: LatentWalk, chosen: list[int]) -> None:
    """A slider for each of the chosen dimensions, and the picture that they decode to."""
    try:
        import ipywidgets as widgets
    except ImportError:
        print("For sliders install ipywidgets.")
        return
    from IPython.display import display

    options: dict[str, Any] = {"min": -SPREAD, "max": SPREAD, "step": 0.1}
    options["continuous_update"] = True
    sliders = [widgets.FloatSlider(description=f"z[{d}]", **options) for d in chosen]
    picture = widgets.Image(format="png", width=192)

    def update(_: object = None) -> None:
        z = walk.centre.copy()
        for slider, dimension in zip(sliders, chosen, strict=True):
            z[dimension] += slider.value * walk.deviation[dimension]
        picture.value = _png(walk.pictures(z[None])[0])

    for slider in sliders:
        slider.observe(update, "value")
    update()
    display(widgets.HBox([widgets.VBox(sliders), picture]))


def _png(image: np.ndarray) -> bytes:
    """One image (H, W[, C]) in [0, 1] as a PNG of three times its size."""
    import cv2

    pixels = np.round(image.squeeze() * 255).astype(np.uint8)
    pixels = pixels[..., ::-1] if pixels.ndim == 3 else pixels  # OpenCV writes BGR
    large = cv2.resize(pixels, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".png", large)[1].tobytes()


def show_sampled(images: Any, probabilities: Any, *, most: int = 10) -> None:
    """Show the images that resampling draws least and most often.

    Above each stands its probability, against that of a uniform draw.

    Args:
        images: (N, H, W, C).
        probabilities: (N,), summing to 1.
        most: how many of each kind.
    """
    p = np.ravel(to_numpy(probabilities))
    order = np.argsort(p, kind="stable")
    for name, chosen in (("least", order[:most]), ("most", order[::-1][:most])):
        titles = [f"{p[i] * len(p):.2g}×" for i in chosen]
        alt = f"The {len(chosen)} images sampled {name} often; against a uniform draw: "
        alt += ", ".join(titles) + "."
        title = f"Sampled {name} often (against a uniform draw)"
        pictures = np.asarray(to_numpy(images))[chosen]
        show_images(pictures, titles=titles, alt=alt, title=title, columns=most)


def show_reconstructions(images: Any, by_epoch: Mapping[str, Any]) -> None:
    """Show images above their reconstructions, one row for each entry of `by_epoch`.

    Args:
        images: (n, H, W, C) in [0, 1].
        by_epoch: the row's name, such as "epoch 3" → reconstructions of these images, same shape.
    """
    import matplotlib.pyplot as plt

    original = np.asarray(to_numpy(images))
    rows = {"original": original}
    rows.update({name: np.asarray(to_numpy(x)) for name, x in by_epoch.items()})
    n = len(original)
    fig, axes = plt.subplots(len(rows), n, figsize=(n * 0.95, len(rows) * 0.98), squeeze=False)
    for row, (name, pictures) in zip(axes, rows.items(), strict=True):
        for ax, image in zip(row, pictures, strict=True):
            ax.imshow(np.clip(image, 0, 1).squeeze(), cmap="gray", vmin=0, vmax=1)
            ax.set(xticks=[], yticks=[])
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    fig.tight_layout(pad=0.2)
    errors = [f"{name} {np.abs(rows[name] - original).mean():.3f}" for name in by_epoch]
    alt = f"{n} images and their reconstructions; mean absolute error: " + ", ".join(errors) + "."
    show(fig, alt=alt)
