"""Pictures about pictures: grids of images, what a classifier confuses, and how accurate it is for
whom.

Every function draws with Matplotlib, writes its own alternative text unless it is given one, and
shows the figure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.display.plots import OKABE_ITO, show

__all__ = [
    "confusion_matrix",
    "plot_confusion",
    "plot_group_accuracy",
    "plot_training",
    "show_images",
    "show_mistakes",
    "wilson_interval",
]

MARKERS = "osD^v"


def show_images(
    images: Any,
    *,
    alt: str,
    titles: Sequence[str] | None = None,
    title: str = "",
    columns: int = 8,
    size: float = 1.2,
) -> None:
    """Shows images in a grid, from left to right and top to bottom.

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


def confusion_matrix(labels: Any, predicted: Any, classes: int) -> np.ndarray:
    """Counts, int (classes, classes): row i, column j is how often the label i was taken for j."""
    counts = np.zeros((classes, classes), int)
    np.add.at(
        counts,
        (np.ravel(to_numpy(labels)).astype(int), np.ravel(to_numpy(predicted)).astype(int)),
        1,
    )
    return counts


def plot_confusion(labels: Any, predicted: Any, *, names: Sequence[str] | None = None) -> None:
    """Shows the confusion matrix: rows are the true classes, columns what the model said.

    Args:
        labels, predicted: integers (N,).
        names: of the classes; without it the numbers from 0 on.
    """
    import matplotlib.pyplot as plt

    names = names or [
        str(i) for i in range(1 + int(max(np.max(to_numpy(labels)), np.max(to_numpy(predicted)))))
    ]
    counts = confusion_matrix(labels, predicted, len(names))
    off = counts - np.diag(np.diag(counts))
    fig, ax = plt.subplots(figsize=(0.55 * len(names) + 1.5,) * 2)
    ax.imshow(
        np.log1p(counts), cmap="cividis"
    )  # the logarithm: or the rare mistakes would all look like none
    for (i, j), count in np.ndenumerate(counts):
        if count:
            bright = np.log1p(count) > 0.6 * np.log1p(counts.max())
            ax.text(
                j,
                i,
                f"{count}",
                ha="center",
                va="center",
                fontsize=9,
                color="black" if bright else "white",
            )
    ax.set(xticks=range(len(names)), yticks=range(len(names)), xticklabels=names, yticklabels=names)
    ax.set(
        xlabel="the model says",
        ylabel="true class",
        title=f"{off.sum():,} of {counts.sum():,} taken for another",
    )
    ax.grid(False)
    show(fig, alt=_confusion_text(counts, off, names))


def _confusion_text(counts: np.ndarray, off: np.ndarray, names: Sequence[str]) -> str:
    text = f"Confusion matrix of {counts.sum():,} examples: {np.trace(counts):,} on the diagonal, {off.sum():,} beside it"
    worst = [np.unravel_index(k, off.shape) for k in np.argsort(-off, axis=None)[:3]]
    listed = [f"{names[i]} taken for {names[j]} ({off[i, j]})" for i, j in worst if off[i, j]]
    return text + (", most often " + ", ".join(listed) if listed else "") + "."


def show_mistakes(
    images: Any,
    labels: Any,
    predicted: Any,
    confidences: Any = None,
    *,
    most: int = 16,
    names: Sequence[str] = (),
) -> None:
    """Shows what was classified wrongly, the most confident mistakes first; says so when there is
    none.

    Args:
        images: as for `show_images`.
        labels, predicted: integers (N,). confidences: (N,) in [0, 1].
        most: how many at most.
        names: of the classes; without it the numbers.
    """
    true, said = np.ravel(to_numpy(labels)).astype(int), np.ravel(to_numpy(predicted)).astype(int)
    sure = np.ones(len(true)) if confidences is None else np.ravel(to_numpy(confidences))
    wrong = np.flatnonzero(true != said)
    if not len(wrong):
        print(f"No mistake in {len(true):,} examples.")
        return
    chosen = wrong[np.argsort(-sure[wrong], kind="stable")][:most]

    def name(i: int) -> str:
        return names[i] if len(names) else str(i)

    titles = [
        f"{name(true[i])} → {name(said[i])}" + ("" if confidences is None else f" ({sure[i]:.0%})")
        for i in chosen
    ]
    alt = (
        f"{len(chosen)} of {len(wrong)} mistakes in {len(true):,} examples, true class → answer: "
        + ", ".join(titles)
    )
    show_images(
        np.asarray(to_numpy(images))[chosen],
        titles=titles,
        alt=alt,
        title=f"{len(wrong)} mistakes in {len(true):,}: true class → answer"
        + ("" if confidences is None else " (how sure)"),
    )


def plot_training(
    curves: Mapping[str, Sequence[float]],
    *,
    y_label: str,
    x_label: str = "epoch",
    baseline: float | None = None,
    baseline_name: str = "baseline",
) -> None:
    """Shows one line for each entry of `curves`, value i at epoch i + 1, and a dotted line for a
    baseline."""
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(6.5, 3.2))
    texts = []
    for i, (name, values) in enumerate(curves.items()):
        values = [float(value) for value in values]
        ax.plot(
            range(1, len(values) + 1),
            values,
            label=name,
            marker=MARKERS[i % len(MARKERS)],
            markersize=4,
        )
        texts.append(
            f"{name} from {values[0]:.3g} to {values[-1]:.3g} (best {min(values):.3g} to {max(values):.3g})"
        )
    if baseline is not None:
        ax.axhline(baseline, color="black", linestyle=":", linewidth=1.5, label=baseline_name)
        texts.append(f"{baseline_name} {baseline:.3g}")
    ax.set(xlabel=x_label, ylabel=y_label)
    ax.legend()
    show(fig, alt=f"Curves of {y_label} by {x_label}: " + "; ".join(texts) + ".")


def wilson_interval(successes: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval (1927) for a share of `successes` in `n` trials; z = 1.96 covers 95
    %.

    Raises:
        ValueError: when `n` is not positive, or `successes` lies outside 0 to n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"expected 0 ≤ successes ≤ n and n > 0, got {successes} of {n}")
    p = successes / n
    middle = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return max(0.0, min(low, p)), min(1.0, max(high, p))  # rounding must not put p outside


def plot_group_accuracy(
    results: Mapping[str, Mapping[str, float]],
    counts: Mapping[str, int],
    *,
    title: str = "Accuracy for each group",
) -> None:
    """Shows the accuracy of one or more models for each group, with 95 % intervals (Wilson).

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
        limits = np.array(
            [wilson_interval(a * counts[g], counts[g]) for a, g in zip(values, groups, strict=True)]
        )
        y = np.arange(len(groups)) + 0.22 * (m - (len(results) - 1) / 2)
        error = np.abs(limits.T - values)
        style: dict[str, Any] = {
            "color": OKABE_ITO[m % 8],
            "marker": MARKERS[m % len(MARKERS)],
            "linestyle": "none",
            "capsize": 3,
        }
        ax.errorbar(values, y, xerr=error, label=f"{model}: gap {np.ptp(values):.1%}", **style)
        texts.append(
            f"{model}: " + ", ".join(f"{g} {a:.1%}" for g, a in zip(groups, values, strict=True))
        )
    ax.set(
        yticks=range(len(groups)),
        yticklabels=groups,
        xlabel="accuracy, with 95 % interval",
        title=title,
    )
    ax.invert_yaxis()
    ax.legend(loc="upper left", bbox_to_anchor=(0, -0.25), ncols=2)
    show(fig, alt=f"{title}. " + ". ".join(texts) + ".")
