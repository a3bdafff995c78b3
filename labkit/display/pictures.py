"""Grids of images, and curves of a training.

Every function draws with Matplotlib, shows the figure, and gives it an alternative text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.display.plots import show

__all__ = ["MARKERS", "plot_training", "show_images"]

MARKERS = "osD^v"
"""Shapes of points: lines differ by them as well as by colour."""


def show_images(
    images: Any,
    *,
    alt: str,
    titles: Sequence[str] | None = None,
    title: str = "",
    columns: int = 8,
    size: float = 1.2,
) -> None:
    """Show images in a grid, from left to right and top to bottom.

    Args:
        images: (N, H, W), (N, H, W, 1) or (N, H, W, 3); floats in [0, 1] (clipped) or uint8; or a
            list of such images of different sizes.
        alt: what is to be seen, in words.
        titles: a short text above each image.
        title: above the whole grid.
        columns: images in a row at most.
        size: width of an image in inches.

    Raises:
        ValueError: when there is no image, or another number of titles.
    """
    import matplotlib.pyplot as plt

    pictures = [_as_picture(image) for image in images]
    if not pictures:
        raise ValueError("there is no image to show")
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"{len(pictures)} images need as many titles, got {len(titles)}")
    columns = min(columns, len(pictures))
    # Titles and the line above the grid need room of their own, in inches.
    rows = math.ceil(len(pictures) / columns)
    height = size * (1.28 if titles is not None else 1.03)
    inches = rows * height + (0.35 if title else 0.0)
    fig, axes = plt.subplots(rows, columns, figsize=(columns * size, inches), squeeze=False)
    for i, ax in enumerate(axes.flat):
        ax.axis("off")
        if i < len(pictures):
            ax.imshow(pictures[i], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            ax.set_title(titles[i] if titles is not None else "", fontsize=9)
    fig.suptitle(title) if title else None
    fig.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0.0, hspace=0.0)
    show(fig, alt=alt)


def _as_picture(image: Any) -> np.ndarray:
    """One image as floats in [0, 1], (H, W) or (H, W, 3)."""
    array = np.asarray(to_numpy(image))
    array = array / 255.0 if array.dtype == np.uint8 else np.clip(array.astype(float), 0, 1)
    return array[..., 0] if array.ndim == 3 and array.shape[-1] == 1 else array


def plot_training(
    curves: Mapping[str, Sequence[float]],
    *,
    y_label: str,
    x_label: str = "epoch",
    baseline: float | None = None,
    baseline_name: str = "baseline",
) -> None:
    """Show one line for each entry of `curves`, and a dotted line for a baseline.

    Args:
        curves: name of the line → values, value i at epoch i + 1.
        y_label, x_label: of the axes, with their units.
        baseline: the height of the dotted line; without it there is none.
        baseline_name: what stands in the legend for it.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.5, 3.2))
    texts = []
    for i, (name, values) in enumerate(curves.items()):
        values = [float(value) for value in values]
        epochs = range(1, len(values) + 1)
        ax.plot(epochs, values, label=name, marker=MARKERS[i % len(MARKERS)], markersize=4)
        best = f"best {min(values):.3g} to {max(values):.3g}"
        texts.append(f"{name} from {values[0]:.3g} to {values[-1]:.3g} ({best})")
    if baseline is not None:
        ax.axhline(baseline, color="black", linestyle=":", linewidth=1.5, label=baseline_name)
        texts.append(f"{baseline_name} {baseline:.3g}")
    ax.set(xlabel=x_label, ylabel=y_label)
    ax.legend()
    show(fig, alt=f"Curves of {y_label} by {x_label}: " + "; ".join(texts) + ".")
