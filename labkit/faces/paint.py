"""What is painted on heads: features, beard and hair, with OpenCV.

`paint_head` paints on the stereographic plane of `labkit.faces.heads`. Its colours and places were
chosen by eye, so that a head looks like one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from labkit.faces.shapes import SHIFT, ellipse

__all__ = ["paint_head"]


class _Plane:
    """A colour table painted in the coordinates u and v: `size` samples from −reach to reach."""

    def __init__(self, colour: np.ndarray, size: int, reach: float) -> None:
        self.step = (size - 1) / (2 * reach)
        self.reach = reach
        self.pixels = np.empty((size, size, 3), "float32")
        self.pixels[:] = colour

    def fixed(self, points: Any) -> np.ndarray:
        """Points (u, v) in OpenCV's whole numbers."""
        samples = (np.asarray(points, float) + self.reach) * self.step
        return np.round(samples * 2**SHIFT).astype(np.int32)

    def fill(self, points: Any, colour: Any, opacity: float = 1.0, soft: float = 0.0) -> None:
        """Fill the polygon `points` (N, 2); `soft` blurs its edge, in units of u."""
        import cv2

        corners = self.fixed(points)
        # Only the part of the table that the polygon and its soft edge reach is worked on.
        margin = int(3 * soft * self.step) + 2
        x0, y0 = np.maximum((corners.min(0) >> SHIFT) - margin, 0)
        x1, y1 = (corners.max(0) >> SHIFT) + margin + 1
        part = self.pixels[y0:y1, x0:x1]
        if not part.size:
            return
        mask = np.zeros(part.shape[:2], np.uint8)
        cv2.fillPoly(mask, [corners - np.array([x0, y0]) * 2**SHIFT], 255, cv2.LINE_AA, SHIFT)
        cover = mask.astype("float32")[..., None] * (opacity / 255)
        if soft:
            cover = cv2.GaussianBlur(cover, (0, 0), soft * self.step)[..., None]
        part += cover * (np.asarray(colour, "float32") - part)


def paint_head(head: Any, size: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Paint the plane of a head, `size` samples from −reach to reach along u and v.

    Returns:
        Colours, float32 (size, size, 3), and the thickness of the hair, float32 (size, size).
    """
    plane = _Plane(head.skin, size, reach)
    red = np.array([1.0, 0.82, 0.78])
    for side in (-1, 1):
        plane.fill(ellipse(side * 0.34, 0.2, 0.15, 0.12), head.skin * red, 0.5, soft=0.06)
        plane.fill(ellipse(side * 0.22, 0.02, 0.14, 0.08), head.skin * 0.75, 0.45, soft=0.03)
    plane.fill(ellipse(0, 0.2, 0.08, 0.05), head.skin * red, 0.4, soft=0.03)
    if head.beard:
        _paint_beard(plane, head)
    _paint_mouth(plane, head)
    _paint_nose(plane, head)
    for side in (-1, 1):
        _paint_eye(plane, head, side)
    return _paint_hair(plane, head)


def _paint_eye(plane: _Plane, head: Any, side: int) -> None:
    """One eye with its lid and brow; `side` is −1 or 1."""
    u, v, wide, high = side * 0.215, 0.02, 0.098, 0.042 - 0.014 * head.smile
    white = 0.55 * np.array([0.97, 0.95, 0.93]) + 0.45 * (0.4 + 0.6 * head.skin)
    plane.fill(ellipse(u, v, wide * 1.12, high * 1.35), head.skin * 0.55, 0.7)
    plane.fill(ellipse(u, v, wide, high), white)
    plane.fill(ellipse(u, v, 0.046, 0.044), head.eyes)
    plane.fill(ellipse(u, v, 0.024, 0.026), (0.02, 0.02, 0.03))
    plane.fill(ellipse(u + 0.016, v - 0.016, 0.011, 0.011), (1, 1, 1), 0.9)
    lid = np.concatenate(
        [
            ellipse(u, v, wide * 1.1, high * 1.05, 180, 360),
            ellipse(u, v, wide * 1.15, high * 1.75, 360, 180),
        ]
    )
    plane.fill(lid, head.skin * 0.35, 0.9)
    lift = -0.115 - head.brow
    inner, outer = (side * 0.09, lift + 0.035), (side * 0.36, lift + 0.04)
    arch = [(side * 0.2, lift - 0.012), (side * 0.28, lift - 0.008)]
    below = [(side * 0.28, lift + 0.024), (side * 0.2, lift + 0.03), (side * 0.09, lift + 0.065)]
    brown = np.minimum(0.65 * head.hair, 0.75 * head.skin)
    plane.fill([inner, *arch, outer, *below], brown, 0.85, soft=0.006)


def _paint_nose(plane: _Plane, head: Any) -> None:
    for side in (-1, 1):
        plane.fill(ellipse(side * 0.042, 0.232, 0.026, 0.014), head.skin * 0.3, 0.85, soft=0.005)
        plane.fill(ellipse(side * 0.1, 0.205, 0.02, 0.04), head.skin * 0.65, 0.55, soft=0.012)
    plane.fill(ellipse(0, 0.243, 0.07, 0.012), head.skin * 0.55, 0.5, soft=0.012)


def _paint_mouth(plane: _Plane, head: Any) -> None:
    """Lips, the gap between them, teeth in it, and the shadow below."""
    wide = 0.13 + 0.05 * head.smile
    corner = 0.335 - 0.045 * head.smile
    gap = 0.008 + 0.055 * head.open_mouth
    along = np.linspace(-1, 1, 15)
    bend = 1 - along**2
    middle = corner + (0.335 + 0.012 * head.smile - corner) * bend
    colour = head.skin * np.array([0.82, 0.55, 0.54]) + np.array([0.07, 0.0, 0.015])
    full = 0.045 * head.lips
    cupid = full * bend * (1 - 0.25 * np.exp(-((along / 0.16) ** 2)))

    def line(v: np.ndarray) -> np.ndarray:
        return np.stack([along * wide, v], -1)

    upper, lower = middle - gap * bend / 2, middle + gap * bend / 2
    plane.fill(
        [*line(upper - cupid), *line(lower + 1.25 * full * bend)[::-1]], colour, 0.9, soft=0.004
    )
    plane.fill(
        [*line(upper), *line(lower)[::-1]], head.skin * 0.22 + np.array([0.06, 0.0, 0.0]), 0.95
    )
    if head.open_mouth > 0.25:
        teeth = line(upper + 0.62 * gap * bend)[::-1]
        plane.fill([*line(upper)[2:-2], *teeth[2:-2]], (0.93, 0.91, 0.87), 0.95)
    plane.fill(
        line(lower + 1.25 * full * bend + 0.035) * [0.6, 1], head.skin * 0.6, 0.35, soft=0.015
    )


def _paint_beard(plane: _Plane, head: Any) -> None:
    colour = 0.5 * head.hair + 0.2 * head.skin
    upper = [(-0.8, 0.15), (-0.62, 0.3), (-0.3, 0.29), (-0.16, 0.262), (0, 0.275)]
    upper += [(0.16, 0.262), (0.3, 0.29), (0.62, 0.3), (0.8, 0.15)]
    lower = [(0.85, 0.7), (0.3, 0.95), (-0.3, 0.95), (-0.85, 0.7)]
    plane.fill([*upper, *lower], colour, 0.9 * head.beard, soft=0.035)


@cache
def _grid(size: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(-reach, reach, size, dtype="float32")
    return tuple(np.meshgrid(axis, axis))  # type: ignore[return-value]


@cache
def _strands(size: int) -> np.ndarray:
    """A fixed pattern of fine streaks that run from the crown outwards.

    Returns:
        Factors of about 1 in the mean, float32 (size, size, 1).
    """
    import cv2

    u, v = _grid(size, 1.0)
    angle = (np.arctan2(v + 0.55, u) / np.pi + 1) * 200
    noise = np.random.default_rng(7).random((8, 402), dtype="float32")
    noise = cv2.GaussianBlur(noise, (0, 0), 1.0)
    depth = np.hypot(u, v + 0.55) * 4
    places = angle.astype("float32"), depth.astype("float32")
    streaks = cv2.remap(noise, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return (1 + 1.6 * (streaks - 0.5))[..., None].astype("float32")


def _step(x: np.ndarray) -> np.ndarray:
    """From 0 to 1, halfway at x = 0."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _paint_hair(plane: _Plane, head: Any) -> tuple[np.ndarray, np.ndarray]:
    """Colour the scalp: hair lies above a line that falls from the forehead to the nape.

    Returns:
        What `paint_head` returns.
    """
    u, v = _grid(len(plane.pixels), plane.reach)
    if head.hair_length == "none":
        return plane.pixels, np.zeros_like(u)
    side = np.abs(u + 0.04 * np.sin(3 * v))
    fall = {"short": 0.25, "medium": 0.55, "long": 0.9}[head.hair_length]
    line = -head.hairline + 0.12 * side**2 + (fall + head.hairline) * _step((side - 0.72) / 0.05)
    cover = _step((line - v) / 0.018)
    away = u * u + v * v  # the back of the head, but not what lies under the chin
    cover = np.maximum(cover, _step((away - 2.6) / 0.08) * _step((2.2 * side + 0.9 - v) / 0.1))
    if head.hair_length != "short":
        cover = np.maximum(
            cover, _step((away - 1.4) / 0.06) * _step((0.15 + 0.5 * side - v) / 0.05)
        )
    ear = np.exp(-(((side - 1.02) / 0.1) ** 2) - ((v - 0.12) / 0.15) ** 2)
    if head.hair_length == "short":
        cover = cover * (1 - np.clip(1.6 * ear, 0, 1))
    colour = head.hair.astype("float32") * _strands(len(u))
    pixels = plane.pixels + cover[..., None] * (colour - plane.pixels)
    shadow = np.clip(_step((line + 0.03 - v) / 0.02) - cover, 0, 1)[..., None]
    return pixels * (1 - 0.25 * shadow), (head.hair_volume * cover).astype("float32")
