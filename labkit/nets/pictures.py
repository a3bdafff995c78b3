"""Pictures of hand-written networks: errors of a slope, weights of neurons, gradients in time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.display.pictures import MARKERS
from labkit.display.plots import show

__all__ = ["plot_gradient_errors", "plot_gradient_norms", "show_weights", "slope_errors"]

STEPS = np.logspace(-12, 0, 25)


def slope_errors(numerical_gradient: Callable[..., Any], dtype: str) -> np.ndarray:
    """The error of a numerical gradient at each of `STEPS`, computing f in `dtype`.

    f is the sum of sin x over ten points between 0.3 and 1.2; its slope is cos x.
    """
    x = np.linspace(0.3, 1.2, 10)
    errors = []
    for eps in STEPS:
        found = numerical_gradient(lambda x: np.sum(np.sin(x.astype(dtype))), x, eps=eps)
        errors.append(np.abs(to_numpy(found) - np.cos(x)).max())
    # Exactly right cannot be drawn on a logarithmic axis.
    return np.maximum(errors, 1e-16)


def plot_gradient_errors(numerical_gradient: Callable[..., Any]) -> dict[str, float]:
    """Draw the error of a numerical gradient against eps: a V for each precision.

    Args:
        numerical_gradient: called as `numerical_gradient(f, x, eps=eps)`.

    Returns:
        The best eps for "float32" and "float64".
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7, 3.6))
    best = {}
    lowest = {}
    for dtype, marker in zip(("float32", "float64"), MARKERS, strict=False):
        errors = slope_errors(numerical_gradient, dtype)
        ax.loglog(STEPS, errors, marker=marker, label=f"f in {dtype}")
        best[dtype] = float(STEPS[np.argmin(errors)])
        lowest[dtype] = float(errors.min())
    ax.set(xlabel="eps", ylabel="largest error", title="The error of a slope found by trial")
    ax.legend()
    words = [f"in {d} lowest near eps = {best[d]:.0e}, at {lowest[d]:.0e}" for d in best]
    show(fig, alt="Two curves in the form of a V, error against eps: " + "; ".join(words) + ".")
    return best


def plot_gradient_norms(norms: Mapping[str, Sequence[float]]) -> None:
    """Draw how large the gradient is that reaches each time of a sequence.

    Args:
        norms: a name → one norm for each time, the first time first.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(7, 3.6))
    words = []
    for (name, values), marker in zip(norms.items(), MARKERS, strict=False):
        kept = np.maximum(np.asarray(values, float), 1e-30)
        ax.semilogy(np.arange(1, len(kept) + 1), kept, marker=marker, markersize=4, label=name)
        words.append(f"{name}, the first is {kept[0] / kept[-1]:.1e} of the last")
    ax.set(xlabel="time (row of the picture)", ylabel="norm of the gradient")
    ax.set_title("How much of the verdict reaches the past")
    ax.legend()
    show(fig, alt="Norms of the gradient at each time: " + "; ".join(words) + ".")


def show_weights(weights: Any, *, alt: str, title: str = "", columns: int = 8) -> None:
    """Show weights as pictures on one scale around zero: orange below, purple above.

    Args:
        weights: (N, H, W).
        alt: what is to be seen, in words.
        title: above the whole grid.
        columns: pictures in a row at most.
    """
    import matplotlib.pyplot as plt

    pictures = np.asarray(to_numpy(weights), float)
    columns = min(columns, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    size = (columns * 1.05, rows * 1.05 + (0.35 if title else 0.0))
    fig, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    top = np.abs(pictures).max() or 1.0
    for i, ax in enumerate(axes.flat):
        ax.axis("off")
        if i < len(pictures):
            ax.imshow(pictures[i], cmap="PuOr", vmin=-top, vmax=top, interpolation="nearest")
    fig.suptitle(title) if title else None
    fig.set_layout_engine("constrained", w_pad=0.02, h_pad=0.02, wspace=0.0, hspace=0.0)
    show(fig, alt=alt)
