"""Draws heads: a small three-dimensional model with parameters, lit and seen from any side.

A head is a star-shaped surface: in the direction (nx, ny, nz) from its centre it has the radius
r(u, v), where u = nx / (1 + nz), v = ny / (1 + nz) is the stereographic projection from the back of
the head. The face lies in the middle of this plane, the crown at v = −1, the ears at u = ±1. Colour
is painted on the same plane with OpenCV. One ray per pixel is cast at twice the final resolution,
shaded by Lambert's law with a little gloss in linear light, and the picture is averaged down to
64×64. Axes: x to the right of the picture, y down, z towards the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from labkit.faces.body import draw_body, draw_glasses
from labkit.faces.paint import paint_head

__all__ = ["MONK_SKIN_TONES", "SIZE", "Head", "render_head"]

SIZE = 64
FINE = 2 * SIZE
REACH = 1.75  # the tables cover u and v from −REACH to REACH
TABLE = 144  # samples of the tables along one axis
AXES = np.array([0.76, 1.0, 0.88], "float32")  # half width, half height and half depth of the skull
GAMMA = 2.2
WIDEST = 1.3
DEPTHS = np.linspace(1.2, -0.5, 11, dtype="float32")

MONK_SKIN_TONES = (
    *("#f6ede4", "#f3e7db", "#f7ead0", "#eadaba", "#d7bd96"),
    *("#a07e56", "#825c43", "#604134", "#3a312a", "#292420"),
)
"""The ten colours of the Monk Skin Tone Scale, from light to dark.

Monk 2022, skintone.google, CC BY 4.0.
"""


@dataclass(frozen=True)
class Head:
    """What a head looks like and how it is seen.

    Angles are in degrees, colours RGB in [0, 1], lengths in half heights of the head.

    Attributes:
        skin, hair, eyes, clothes: colours.
        hair_length: "none", "short", "medium" or "long".
        hairline: how far above the middle of the face the hair begins.
        hair_volume: its thickness.
        brow: how much the brows are raised.
        smile, open_mouth: from 0 to 1.
        beard: its darkness, from 0 to 1.
        glasses: "none", "thin", "dark" or "sun".
        width, jaw, nose, lips: of the face; 1 is usual, for the jaw 0.
        yaw, pitch, roll: how the head is turned.
        light: a vector that points to the light.
        ambient: the fraction of the light that comes from everywhere.
        scale: half height of the head, as a fraction of the picture's side.
        centre: of the head, (x, y), as fractions of the picture's side.
    """

    skin: np.ndarray
    hair: np.ndarray
    hair_length: str
    hairline: float
    hair_volume: float
    eyes: np.ndarray
    brow: float
    smile: float
    open_mouth: float
    beard: float
    glasses: str
    width: float
    jaw: float
    nose: float
    lips: float
    yaw: float
    pitch: float
    roll: float
    light: np.ndarray
    ambient: float
    scale: float
    centre: tuple[float, float]
    clothes: np.ndarray


@cache
def _plane() -> tuple[np.ndarray, np.ndarray]:
    """(u, v) of the tables' samples, each float32 (TABLE, TABLE)."""
    axis = np.linspace(-REACH, REACH, TABLE, dtype="float32")
    return tuple(np.meshgrid(axis, axis))  # type: ignore[return-value]


def _bump(u: float, v: float, wide: float, high: float) -> np.ndarray:
    """A hill of height 1 at (u, v), (TABLE, TABLE)."""
    us, vs = _plane()
    return np.exp(-(((us - u) / wide) ** 2) - ((vs - v) / high) ** 2)


@cache
def _relief() -> dict[str, np.ndarray]:
    """The forms that a face is made of, as tables to be scaled and added to the radius 1."""

    def pair(u: float, v: float, wide: float, high: float) -> np.ndarray:
        return _bump(u, v, wide, high) + _bump(-u, v, wide, high)

    nose = (
        0.3 * _bump(0, 0.02, 0.05, 0.09)
        + 0.55 * _bump(0, 0.12, 0.06, 0.07)
        + _bump(0, 0.19, 0.075, 0.055)
    )
    return {
        "nose": nose + 0.35 * pair(0.065, 0.205, 0.04, 0.035),
        "sockets": pair(0.22, 0.02, 0.12, 0.075),
        "brows": pair(0.2, -0.1, 0.17, 0.05),
        "cheeks": pair(0.33, 0.17, 0.14, 0.11),
        "lips": _bump(0, 0.305, 0.13, 0.03) + 1.1 * _bump(0, 0.36, 0.11, 0.032),
        "chin": _bump(0, 0.58, 0.15, 0.1),
        "jaw": pair(0.72, 0.62, 0.35, 0.3),
        "temples": pair(0.75, -0.2, 0.25, 0.3),
        "ears": pair(1.02, 0.1, 0.1, 0.17),
    }


@cache
def _skull() -> np.ndarray:
    """A superellipsoid, exponent 2.25: a little flatter at crown and temples than an ellipsoid."""
    u, v = _plane()
    square = u * u + v * v
    direction = np.abs(np.stack([2 * u, 2 * v, 1 - square]) / (1 + square))
    return np.sum(direction**2.25, axis=0) ** (-1 / 2.25) * (1 - 0.05 * _bump(0, -1.1, 0.6, 0.5))


def _radius(head: Head, hair: np.ndarray) -> np.ndarray:
    """r(u, v), float32 (TABLE, TABLE). hair: its thickness, the same shape."""
    form = _relief()
    r = _skull() + head.nose * 0.2 * form["nose"] - 0.06 * form["sockets"]
    r += 0.03 * form["brows"]
    r += 0.03 * form["cheeks"]
    r += 0.045 * head.lips * form["lips"] + 0.07 * form["chin"] + head.jaw * 0.14 * form["jaw"]
    r += 0.17 * form["ears"] * (hair < 0.05) - 0.04 * form["temples"]
    return (r + hair).astype("float32")


def _normals(radius: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Outward unit normals of the surface at each sample, float32 (TABLE, TABLE, 3)."""
    u, v = _plane()
    square = u * u + v * v
    directions = np.stack([2 * u, 2 * v, 1 - square], -1) / (1 + square)[..., None]
    points = directions * radius[..., None] * axes
    # The cross product of two tangents stands upright on the surface.
    down, right = np.gradient(points, axis=(0, 1))
    normal = np.cross(right, down)
    return (normal / (np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9)).astype("float32")


def _rotation(head: Head) -> np.ndarray:
    """(3, 3): from the head's axes to the picture's.

    Yaw turns about y, then pitch about x, then roll about z.
    """
    angles = np.radians([head.yaw, head.pitch, head.roll])
    (cy, cp, cr), (sy, sp, sr) = np.cos(angles), np.sin(angles)
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return (roll @ pitch @ yaw).astype("float32")


def render_head(head: Head, background: np.ndarray) -> np.ndarray:
    """A picture of a head.

    Args:
        head: what it looks like.
        background: float32 (SIZE, SIZE, 3), RGB in [0, 1].

    Returns:
        float32 (SIZE, SIZE, 3), RGB in [0, 1].
    """
    import cv2

    albedo, hair = paint_head(head, TABLE, REACH)
    axes = AXES * np.array([head.width, 1, 1], "float32")
    radius, turn = _radius(head, hair), _rotation(head)
    table = np.dstack([_normals(radius, axes), albedo]).astype("float32")
    u, v, hit = _cast(radius, axes, turn, head)
    # The table has six columns, OpenCV looks up at most four at a time: normals, then colours.
    seen = _look_up(table[..., :3], u, v), _look_up(table[..., 3:], u, v)
    lit = _shade(seen[0] @ turn.T, seen[1], head)
    wide = cv2.resize(background, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    canvas = draw_body(wide, head, turn)
    cover = cv2.GaussianBlur(hit.astype("float32"), (3, 3), 0)[..., None]
    canvas = canvas * (1 - cover) + lit * cover
    if head.glasses != "none":
        canvas = draw_glasses(canvas, head, turn, axes)
    return cv2.resize(canvas, (SIZE, SIZE), interpolation=cv2.INTER_AREA).clip(0, 1)


def _look_up(table: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The values of a table at (u, v), interpolated."""
    import cv2

    step = (TABLE - 1) / (2 * REACH)
    places = (u + REACH) * step, (v + REACH) * step
    return cv2.remap(table, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _cast(
    radius: np.ndarray, axes: np.ndarray, turn: np.ndarray, head: Head
) -> tuple[Any, Any, np.ndarray]:
    """Where the ray of each pixel meets the surface first.

    Returns:
        u, v and whether it does, each (FINE, FINE).
    """
    grid = np.arange(FINE, dtype="float32") + 0.5
    x, y = ((grid / FINE - middle) / head.scale for middle in head.centre)
    # No head reaches beyond WIDEST: the pixels farther out are left alone.
    left, right = np.searchsorted(x, [-WIDEST, WIDEST])
    top, bottom = np.searchsorted(y, [-WIDEST, WIDEST])
    x, y = x[None, left:right], y[top:bottom, None]
    # Points along the rays in the head's axes, in units of the skull's: (depths, rows, columns).
    into = turn.T / axes[:, None]
    z = DEPTHS[:, None, None]
    q = [row[0] * x + row[1] * y + row[2] * z for row in into]
    length = np.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2])
    below = np.maximum(length + q[2], 1e-3)
    u, v = q[0] / below, q[1] / below
    flat = (-1, u.shape[-1])  # OpenCV looks up in two dimensions
    inside = _look_up(radius, u.reshape(flat), v.reshape(flat)).reshape(u.shape) - length
    whole = [np.zeros((FINE, FINE), "float32") for _ in range(3)]
    for table, part in zip(whole, _first_crossing(u, v, inside), strict=True):
        table[top:bottom, left:right] = part
    return whole[0], whole[1], whole[2]


def _first_crossing(
    u: np.ndarray, v: np.ndarray, inside: np.ndarray
) -> tuple[Any, Any, np.ndarray]:
    """u, v and whether there is a crossing, where `inside` becomes positive along axis 0.

    Linear interpolation between the last sample outside (inside < 0) and the first one inside.
    """
    first = np.argmax(inside > 0, axis=0)[None]
    hit = np.take_along_axis(inside, first, 0)[0] > 0
    before = np.maximum(first - 1, 0)
    high, low = (np.take_along_axis(inside, i, 0) for i in (first, before))
    weight = np.where(high > low, high / np.maximum(high - low, 1e-6), 0).clip(0, 1)

    def between(table: np.ndarray) -> np.ndarray:
        after, earlier = (np.take_along_axis(table, i, 0)[0] for i in (first, before))
        return (1 - weight[0]) * after + weight[0] * earlier

    return between(u), between(v), hit


def _shade(normal: np.ndarray, albedo: np.ndarray, head: Head) -> np.ndarray:
    """Lambert's law with a wrapped edge, and a little gloss, in linear light.

    Args:
        normal: unit vectors, (FINE, FINE, 3).
        albedo: colours, (FINE, FINE, 3).

    Returns:
        float32 (FINE, FINE, 3), RGB in [0, 1].
    """
    towards = head.light / np.linalg.norm(head.light)
    half = towards + np.array([0, 0, 1])
    half = half / np.linalg.norm(half)
    diffuse = np.maximum((normal @ towards.astype("float32") + 0.25) / 1.25, 0)[..., None]
    gloss = np.maximum(normal @ half.astype("float32"), 0)[..., None] ** 18
    sky = 0.8 - 0.2 * normal[..., 1:2]  # light from everywhere, a little more from above
    linear = np.power(albedo.clip(0, 1), GAMMA) * (
        head.ambient * sky + (1.25 - head.ambient) * diffuse
    )
    return np.power((linear + 0.035 * gloss).clip(0, 1), 1 / GAMMA).astype("float32")
