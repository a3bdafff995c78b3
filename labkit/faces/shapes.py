"""Polygons that are drawn with OpenCV: ellipses, and filling with a soft edge."""

from __future__ import annotations

from functools import cache

import numpy as np

__all__ = ["SHIFT", "ellipse", "fill"]

SHIFT = 4  # OpenCV takes coordinates in sixteenths of a pixel


@cache
def _arc(start: float, stop: float) -> np.ndarray:
    """Points (20, 2) on the unit circle, from `start` to `stop` degrees."""
    angle = np.radians(np.linspace(start, stop, 20))
    return np.stack([np.cos(angle), np.sin(angle)], -1)


def ellipse(
    u: float, v: float, wide: float, high: float, start: float = 0, stop: float = 360
) -> np.ndarray:
    """Points (N, 2) on an ellipse, from `start` to `stop` degrees; 90 is down."""
    return _arc(start, stop) * [wide, high] + [u, v]


def fill(
    canvas: np.ndarray, points: np.ndarray, colour: np.ndarray, soft: float = 0.8
) -> np.ndarray:
    """A canvas with a filled polygon.

    Args:
        canvas: float32 (S, S, 3).
        points: corners of the polygon, (N, 2), in pixels.
        colour: (3,), or a picture like the canvas.
        soft: standard deviation of the blur of the edge, in pixels.

    Returns:
        A new canvas.
    """
    import cv2

    mask = np.zeros(canvas.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points * 2**SHIFT).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    cover = cv2.GaussianBlur(mask.astype("float32") / 255, (0, 0), soft)[..., None]
    return canvas + cover * (np.asarray(colour, "float32") - canvas)
