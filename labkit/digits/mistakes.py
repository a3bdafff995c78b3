"""What a classifier confuses: the confusion matrix, and the examples that it gets wrong.

Every function draws with Matplotlib, writes its own alternative text, and shows the figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.display.pictures import show_images
from labkit.display.plots import show

__all__ = ["plot_confusion", "show_mistakes"]


def plot_confusion(labels: Any, predicted: Any, *, names: Sequence[str] | None = None) -> None:
    """Show the confusion matrix: rows are the true classes, columns what the model said.

    Args:
        labels, predicted: integers (N,).
        names: of the classes; without it the numbers from 0 on.
    """
    import matplotlib.pyplot as plt
    from sklearn.metrics import confusion_matrix

    true, said = _integers(labels), _integers(predicted)
    names = names or [str(i) for i in range(1 + max(true.max(), said.max()))]
    counts = confusion_matrix(true, said, labels=range(len(names)))
    off = counts - np.diag(np.diag(counts))
    fig, ax = plt.subplots(figsize=(0.55 * len(names) + 1.5,) * 2)
    # The logarithm: or the rare mistakes would all look like none.
    brightness = np.log1p(counts)
    ax.imshow(brightness, cmap="cividis")
    for (i, j), count in np.ndenumerate(counts):
        if count:
            colour = "black" if brightness[i, j] > 0.6 * brightness.max() else "white"
            ax.text(j, i, f"{count}", ha="center", va="center", fontsize=9, color=colour)
    ticks = range(len(names))
    ax.set(xticks=ticks, yticks=ticks, xticklabels=names, yticklabels=names)
    ax.set(xlabel="the model says", ylabel="true class")
    ax.set_title(f"{off.sum():,} of {counts.sum():,} taken for another")
    ax.grid(False)
    show(fig, alt=_confusion_text(counts, off, names))


def _integers(values: Any) -> np.ndarray:
    return np.ravel(to_numpy(values)).astype(int)


def _confusion_text(counts: np.ndarray, off: np.ndarray, names: Sequence[str]) -> str:
    right = f"{np.trace(counts):,} on the diagonal, {off.sum():,} beside it"
    listed = []
    for place in np.argsort(-off, axis=None)[:3]:
        i, j = np.unravel_index(place, off.shape)
        if off[i, j]:
            listed.append(f"{names[i]} taken for {names[j]} ({off[i, j]})")
    worst = ", most often " + ", ".join(listed) if listed else ""
    return f"Confusion matrix of {counts.sum():,} examples: {right}{worst}."


def show_mistakes(
    images: Any,
    labels: Any,
    predicted: Any,
    confidences: Any = None,
    *,
    most: int = 16,
    names: Sequence[str] = (),
) -> None:
    """Show what was classified wrongly, the most confident mistakes first.

    Says so when there is none.

    Args:
        images: as for `show_images`.
        labels, predicted: integers (N,).
        confidences: (N,) in [0, 1]; without it mistakes come in the order of the examples.
        most: how many at most.
        names: of the classes; without it the numbers.
    """
    true, said = _integers(labels), _integers(predicted)
    sure = np.ones(len(true)) if confidences is None else np.ravel(to_numpy(confidences))
    wrong = np.flatnonzero(true != said)
    if not len(wrong):
        print(f"No mistake in {len(true):,} examples.")
        return
    chosen = wrong[np.argsort(-sure[wrong], kind="stable")][:most]

    def name(i: int) -> str:
        return names[i] if len(names) else str(i)

    titles = [f"{name(true[i])} → {name(said[i])}" for i in chosen]
    how_sure = ""
    if confidences is not None:
        titles = [f"{title} ({sure[i]:.0%})" for title, i in zip(titles, chosen, strict=True)]
        how_sure = " (how sure)"
    found = f"{len(wrong)} mistakes in {len(true):,}"
    show_images(
        np.asarray(to_numpy(images))[chosen],
        titles=titles,
        alt=f"{len(chosen)} of {found} examples, true class → answer: " + ", ".join(titles),
        title=f"{found}: true class → answer{how_sure}",
    )
