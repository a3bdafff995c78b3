"""What is drawn on heads and around them: features, hair, glasses, neck and shoulders, with OpenCV.

`paint_head` paints on the stereographic plane of `labkit.faces.heads`, the others in the picture.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

__all__ = ["draw_body", "draw_glasses", "paint_head"]

SHIFT = 4  # OpenCV takes coordinates in sixteenths of a pixel


class _Plane:
    """A colour table that is painted in the coordinates u and v: `size` samples from −reach to
    reach."""

    def __init__(self, colour: np.ndarray, size: int, reach: float) -> None:
        self.step = (size - 1) / (2 * reach)
        self.reach = reach
        self.pixels = np.empty((size, size, 3), "float32")
        self.pixels[:] = colour

    def fixed(self, points: Any) -> np.ndarray:
        return np.round((np.asarray(points, float) + self.reach) * self.step * 2**SHIFT).astype(
            np.int32
        )

    def fill(self, points: Any, colour: Any, opacity: float = 1.0, soft: float = 0.0) -> None:
        """Fills the polygon `points` (N, 2); `soft` blurs its edge, in units of u."""
        import cv2

        corners = self.fixed(points)
        margin = int(3 * soft * self.step) + 2
        (x0, y0), (x1, y1) = (
            (corners.min(0) >> SHIFT) - margin,
            (corners.max(0) >> SHIFT) + margin + 1,
        )
        x0, y0 = max(x0, 0), max(y0, 0)
        part = self.pixels[y0:y1, x0:x1]
        if not part.size:
            return
        mask = np.zeros(part.shape[:2], np.uint8)
        cv2.fillPoly(mask, [corners - np.array([x0, y0]) * 2**SHIFT], 255, cv2.LINE_AA, SHIFT)
        cover = mask.astype("float32")[..., None] * (opacity / 255)
        if soft:
            cover = cv2.GaussianBlur(cover, (0, 0), soft * self.step)[..., None]
        part += cover * (np.asarray(colour, "float32") - part)


@cache
def _arc(start: float, stop: float) -> np.ndarray:
    angle = np.radians(np.linspace(start, stop, 20))
    return np.stack([np.cos(angle), np.sin(angle)], -1)


def _ellipse(
    u: float, v: float, wide: float, high: float, start: float = 0, stop: float = 360
) -> np.ndarray:
    """Points (N, 2) on an ellipse, from `start` to `stop` degrees; 90 is down."""
    return _arc(start, stop) * [wide, high] + [u, v]


def paint_head(head: Any, size: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Colours float32 (size, size, 3) and the thickness of the hair (size, size) on the plane of
    the head."""
    plane = _Plane(head.skin, size, reach)
    red = np.array([1.0, 0.82, 0.78])
    for side in (-1, 1):
        plane.fill(_ellipse(side * 0.34, 0.2, 0.15, 0.12), head.skin * red, 0.5, soft=0.06)
        plane.fill(_ellipse(side * 0.22, 0.02, 0.14, 0.08), head.skin * 0.75, 0.45, soft=0.03)
    plane.fill(_ellipse(0, 0.2, 0.08, 0.05), head.skin * red, 0.4, soft=0.03)
    if head.beard:
        _paint_beard(plane, head)
    _paint_mouth(plane, head)
    _paint_nose(plane, head)
    for side in (-1, 1):
        _paint_eye(plane, head, side)
    return _paint_hair(plane, head)


def _paint_eye(plane: _Plane, head: Any, side: int) -> None:
    u, v, wide, high = side * 0.215, 0.02, 0.098, 0.042 - 0.014 * head.smile
    white = 0.55 * np.array([0.97, 0.95, 0.93]) + 0.45 * (0.4 + 0.6 * head.skin)
    plane.fill(_ellipse(u, v, wide * 1.12, high * 1.35), head.skin * 0.55, 0.7)
    plane.fill(_ellipse(u, v, wide, high), white)
    plane.fill(_ellipse(u, v, 0.046, 0.044), head.eyes)
    plane.fill(_ellipse(u, v, 0.024, 0.026), (0.02, 0.02, 0.03))
    plane.fill(_ellipse(u + 0.016, v - 0.016, 0.011, 0.011), (1, 1, 1), 0.9)
    lid = np.concatenate(
        [
            _ellipse(u, v, wide * 1.1, high * 1.05, 180, 360),
            _ellipse(u, v, wide * 1.15, high * 1.75, 360, 180),
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
        plane.fill(_ellipse(side * 0.042, 0.232, 0.026, 0.014), head.skin * 0.3, 0.85, soft=0.005)
        plane.fill(_ellipse(side * 0.1, 0.205, 0.02, 0.04), head.skin * 0.65, 0.55, soft=0.012)
    plane.fill(_ellipse(0, 0.243, 0.07, 0.012), head.skin * 0.55, 0.5, soft=0.012)


def _paint_mouth(plane: _Plane, head: Any) -> None:
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
    outside = [
        (-0.8, 0.15),
        (-0.62, 0.3),
        (-0.3, 0.29),
        (-0.16, 0.262),
        (0, 0.275),
        (0.16, 0.262),
        (0.3, 0.29),
    ]
    plane.fill(
        [*outside, (0.62, 0.3), (0.8, 0.15), (0.85, 0.7), (0.3, 0.95), (-0.3, 0.95), (-0.85, 0.7)],
        colour,
        0.9 * head.beard,
        soft=0.035,
    )


@cache
def _grid(size: int, reach: float) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(-reach, reach, size, dtype="float32")
    return tuple(np.meshgrid(axis, axis))  # type: ignore[return-value]


@cache
def _strands(size: int) -> np.ndarray:
    """A fixed pattern of fine streaks that run from the crown outwards, about 1 in the mean, (size,
    size, 1)."""
    import cv2

    u, v = _grid(size, 1.0)
    angle = (np.arctan2(v + 0.55, u) / np.pi + 1) * 200
    noise = np.random.default_rng(7).random((8, 402), dtype="float32")
    noise = cv2.GaussianBlur(noise, (0, 0), 1.0)
    depth = np.hypot(u, v + 0.55) * 4
    streaks = cv2.remap(
        noise,
        angle.astype("float32"),
        depth.astype("float32"),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    return (1 + 1.6 * (streaks - 0.5))[..., None].astype("float32")


def _step(x: np.ndarray) -> np.ndarray:
    """From 0 to 1, halfway at x = 0."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _paint_hair(plane: _Plane, head: Any) -> tuple[np.ndarray, np.ndarray]:
    """Colours the scalp. Hair lies above a line that falls from the forehead over the temples to
    the nape."""
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


def _fill(
    canvas: np.ndarray, points: np.ndarray, colour: np.ndarray, soft: float = 0.8
) -> np.ndarray:
    """`canvas` with a filled polygon. points: (N, 2) in pixels. colour: (3,) or a picture like the
    canvas."""
    import cv2

    mask = np.zeros(canvas.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points * 2**SHIFT).astype(np.int32)], 255, cv2.LINE_AA, SHIFT)
    cover = cv2.GaussianBlur(mask.astype("float32") / 255, (0, 0), soft)[..., None]
    return canvas + cover * (np.asarray(colour, "float32") - canvas)


def draw_body(canvas: np.ndarray, head: Any, turn: np.ndarray) -> np.ndarray:
    """Long hair, neck and shoulders on the canvas (S, S, 3), behind the place of the head."""
    size = len(canvas)
    unit, centre = head.scale * size, np.array(head.centre) * size
    across = (np.arange(size, dtype="float32")[None, :, None] - centre[0]) / unit
    bright = head.ambient * 0.9 + (1.1 - head.ambient) * np.clip(
        0.5 + 0.6 * across * np.sign(head.light[0]) * min(1, abs(head.light[0])), 0, 1
    )
    bright = np.power(bright, 1 / 2.2).astype("float32")
    down = turn @ np.array([0, 1.0, -0.25])
    lean = np.array([0.3 * down[0], 0.0])
    hangs = head.hair_length == "long"
    if hangs:
        strands = np.array(
            [
                [-0.86, -0.3],
                [-1.0, 0.5],
                [-0.95, 1.5],
                [0.95, 1.5],
                [1.0, 0.5],
                [0.86, -0.3],
                [0, -0.95],
            ]
        )
        strands = centre + unit * (strands * [head.width, 1] + lean)
        canvas = _fill(canvas, strands, 0.7 * head.hair * bright, 1.5)
    shoulders = np.concatenate(
        [_ellipse(0, 2.15, 1.55, 0.95, 180, 360), [[1.55, 3.5], [-1.55, 3.5]]]
    )
    neck = np.array(
        [
            [-0.42, 0.3],
            [-0.45, 1.15],
            [-0.62, 1.36],
            [0, 1.55],
            [0.62, 1.36],
            [0.45, 1.15],
            [0.42, 0.3],
        ]
    )
    canvas = _fill(canvas, centre + unit * (shoulders + lean), head.clothes * bright)
    canvas = _fill(
        canvas, centre + unit * (neck * [head.width, 1] + lean), head.skin * 0.72 * bright
    )
    return (
        _fill(canvas, strands, 0.9 * head.hair * bright, 1.5)
        if hangs and abs(head.yaw) > 90
        else canvas
    )


def draw_glasses(canvas: np.ndarray, head: Any, turn: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Glasses on the head: two rims, a bridge, and the temple that is seen. `head.glasses`: "thin",
    "dark" or "sun"."""
    import cv2

    unit = head.scale * len(canvas)

    def project(points: Any) -> np.ndarray:
        seen = np.asarray(points) @ turn.T
        place = np.array(head.centre) * len(canvas) + unit * seen[:, :2]
        return np.round(place * 2**SHIFT).astype(np.int32)

    image = np.ascontiguousarray((canvas.clip(0, 1) * 255).astype(np.uint8))
    colour = (90, 80, 70) if head.glasses == "thin" else (25, 22, 22)
    thick = 1 if head.glasses == "thin" else 2
    front = 1.01 * axes[2]
    for side in (-1, 1):
        rim = _ellipse(side * 0.31 * head.width, 0.06, 0.22, 0.17)
        rim = np.column_stack([rim, front - 0.35 * np.maximum(np.abs(rim[:, 0]) - 0.3, 0)])
        if head.glasses == "sun":
            cv2.fillPoly(image, [project(rim)], (20, 20, 24), cv2.LINE_AA, SHIFT)
        cv2.polylines(image, [project(rim)], True, colour, thick, cv2.LINE_AA, SHIFT)
        if np.sign(head.yaw) == side or abs(head.yaw) < 12:
            continue
        ends = project(
            [(side * 0.53 * head.width, 0.02, front - 0.1), (side * 1.04 * axes[0], 0.02, 0.1)]
        )
        cv2.line(
            image,
            tuple(map(int, ends[0])),
            tuple(map(int, ends[1])),
            colour,
            thick,
            cv2.LINE_AA,
            SHIFT,
        )
    ends = project([(-0.1, 0.03, front + 0.06), (0.1, 0.03, front + 0.06)])
    cv2.line(
        image, tuple(map(int, ends[0])), tuple(map(int, ends[1])), colour, thick, cv2.LINE_AA, SHIFT
    )
    return image.astype("float32") / 255
