"""What is drawn around heads: long hair, neck and shoulders behind them, glasses before them."""

from __future__ import annotations

from typing import Any

import numpy as np

from labkit.faces.shapes import SHIFT, ellipse, fill

__all__ = ["draw_body", "draw_glasses"]

# Polygons in half heights of the head, from its centre; v points down.
STRANDS = np.array(
    [
        *((-0.86, -0.3), (-1.0, 0.5), (-0.95, 1.5)),
        *((0.95, 1.5), (1.0, 0.5), (0.86, -0.3), (0, -0.95)),
    ]
)
NECK = np.array(
    [
        *((-0.42, 0.3), (-0.45, 1.15), (-0.62, 1.36), (0, 1.55)),
        *((0.62, 1.36), (0.45, 1.15), (0.42, 0.3)),
    ]
)
GAMMA = 2.2


def draw_body(canvas: np.ndarray, head: Any, turn: np.ndarray) -> np.ndarray:
    """Long hair, neck and shoulders, behind the place of the head.

    Args:
        canvas: float32 (S, S, 3).
        head: a `labkit.faces.heads.Head`.
        turn: (3, 3), from the head's axes to the picture's.

    Returns:
        A new canvas.
    """
    size = len(canvas)
    unit, centre = head.scale * size, np.array(head.centre) * size
    bright = _brightness(head, (np.arange(size, dtype="float32") - centre[0]) / unit)
    # The body stands upright and leans a little to where the head leans.
    down = turn @ np.array([0, 1.0, -0.25])
    lean = np.array([0.3 * down[0], 0.0])
    hangs = head.hair_length == "long"
    strands = centre + unit * (STRANDS * [head.width, 1] + lean)
    if hangs:
        canvas = fill(canvas, strands, 0.7 * head.hair * bright, 1.5)
    arch = ellipse(0, 2.15, 1.55, 0.95, 180, 360)
    shoulders = np.concatenate([arch, [[1.55, 3.5], [-1.55, 3.5]]])
    canvas = fill(canvas, centre + unit * (shoulders + lean), head.clothes * bright)
    neck = centre + unit * (NECK * [head.width, 1] + lean)
    canvas = fill(canvas, neck, head.skin * 0.72 * bright)
    # Seen from behind, the hair hangs before the neck.
    if hangs and abs(head.yaw) > 90:
        canvas = fill(canvas, strands, 0.9 * head.hair * bright, 1.5)
    return canvas


def _brightness(head: Any, across: np.ndarray) -> np.ndarray:
    """How bright each column is, (1, S, 1); `across` is its distance from the head's centre."""
    side, strength = np.sign(head.light[0]), min(1, abs(head.light[0]))
    lit = np.clip(0.5 + 0.6 * across[None, :, None] * side * strength, 0, 1)
    return np.power(head.ambient * 0.9 + (1.1 - head.ambient) * lit, 1 / GAMMA).astype("float32")


def draw_glasses(canvas: np.ndarray, head: Any, turn: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Glasses on the head: two rims, a bridge, and the temple that is seen.

    Args:
        canvas: float32 (S, S, 3).
        head: a `labkit.faces.heads.Head`; its `glasses` are "thin", "dark" or "sun".
        turn: (3, 3), from the head's axes to the picture's.
        axes: (3,), half width, half height and half depth of the skull.

    Returns:
        A new canvas.
    """
    import cv2

    unit = head.scale * len(canvas)

    def project(points: Any) -> np.ndarray:
        """Points (N, 3) on the head → OpenCV's whole numbers (N, 2)."""
        seen = np.asarray(points) @ turn.T
        place = np.array(head.centre) * len(canvas) + unit * seen[:, :2]
        return np.round(place * 2**SHIFT).astype(np.int32)

    image = np.ascontiguousarray((canvas.clip(0, 1) * 255).astype(np.uint8))
    colour = (90, 80, 70) if head.glasses == "thin" else (25, 22, 22)
    thick = 1 if head.glasses == "thin" else 2

    def bar(start: tuple[float, ...], end: tuple[float, ...]) -> None:
        first, last = project([start, end]).tolist()
        cv2.line(image, first, last, colour, thick, cv2.LINE_AA, SHIFT)

    front = 1.01 * axes[2]
    for side in (-1, 1):
        rim = ellipse(side * 0.31 * head.width, 0.06, 0.22, 0.17)
        # The rims bend backwards at their outer ends.
        rim = np.column_stack([rim, front - 0.35 * np.maximum(np.abs(rim[:, 0]) - 0.3, 0)])
        if head.glasses == "sun":
            cv2.fillPoly(image, [project(rim)], (20, 20, 24), cv2.LINE_AA, SHIFT)
        cv2.polylines(image, [project(rim)], True, colour, thick, cv2.LINE_AA, SHIFT)
        # Of the temples only the one on the side that is turned to the viewer is seen.
        if np.sign(head.yaw) != side and abs(head.yaw) >= 12:
            hinge = (side * 0.53 * head.width, 0.02, front - 0.1)
            bar(hinge, (side * 1.04 * axes[0], 0.02, 0.1))
    bar((-0.1, 0.03, front + 0.06), (0.1, 0.03, front + 0.06))
    return image.astype("float32") / 255
