"""Points of two colours in the plane: drawn, or read from a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["EXTENT", "KINDS", "Points", "make_points", "read_points"]

KINDS = ("circle", "xor", "gauss", "spiral")
EXTENT = 3.0
"""Points lie between −EXTENT and EXTENT, most of them."""

COLUMNS = ("x", "y", "label")


@dataclass(frozen=True)
class Points:
    """Points and their colours, in a training part and a held-out part.

    Attributes:
        train, held_out: coordinates, (N, 2).
        train_labels, held_out_labels: 0 or 1, (N,).
    """

    train: np.ndarray
    train_labels: np.ndarray
    held_out: np.ndarray
    held_out_labels: np.ndarray


def make_points(
    kind: str, n: int, noise: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw points of two classes.

    Args:
        kind: "circle" (a disc within a ring), "xor" (four squares), "gauss" (two clouds) or
            "spiral" (two arms of a turn and a half).
        n: how many.
        noise: from 0 to 1; how far points stray, as the standard deviation of a normal
            distribution. Their labels stay what they were.
        rng: draws everything.

    Returns:
        Coordinates (n, 2), and labels (n,), 0 or 1, half of each.

    Raises:
        ValueError: for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown data {kind!r}: expected one of {', '.join(KINDS)}, or a file")
    labels = np.arange(n) % 2
    if kind == "circle":
        radius = np.where(labels == 1, rng.uniform(0, 1.2, n), rng.uniform(1.8, 2.8, n))
        points = _polar(radius, rng.uniform(0, 2 * np.pi, n))
    elif kind == "xor":
        points = rng.uniform(0.2, 2.8, (n, 2)) * rng.choice([-1, 1], (n, 1))
        points[:, 0] *= np.where(labels == 1, 1, -1)
    elif kind == "gauss":
        points = rng.normal(0, 0.55, (n, 2)) + np.where(labels[:, None] == 1, 1.2, -1.2)
    else:
        along = rng.uniform(0.05, 1, n)
        points = _polar(2.8 * along, 3 * np.pi * along + np.pi * labels)
    return points + noise * rng.normal(0, 1, (n, 2)), labels


def _polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def read_points(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Read points from a CSV file with the columns x, y and label (0 or 1), in any order.

    The coordinates are scaled to the extent of the playground.

    Returns:
        Coordinates (N, 2), and labels (N,).

    Raises:
        ValueError: when a column is missing, a number cannot be read, or there are fewer than four
            points; it names the line.
    """
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, skipinitialspace=True)
        missing = set(COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path} needs the columns x, y, label; missing: {sorted(missing)}")
        rows = [_row(row, number) for number, row in enumerate(reader, 2)]
    if len(rows) < 4:
        raise ValueError(f"{path} has {len(rows)} points; at least 4 are needed")
    table = np.array(rows)
    points = table[:, :2] - (table[:, :2].max(0) + table[:, :2].min(0)) / 2
    return points / max(np.abs(points).max(), 1e-9) * 0.95 * EXTENT, table[:, 2].astype(int)


def _row(row: dict[str, str], number: int) -> list[float]:
    try:
        values = [float(row[name]) for name in COLUMNS]
    except (TypeError, ValueError):
        raise ValueError(f"line {number}: x, y and label must be numbers, got {row}") from None
    if values[2] not in (0, 1) or not np.isfinite(values).all():
        raise ValueError(f"line {number}: x and y must be finite and label 0 or 1, got {row}")
    return values
