"""Pictures without a face: backgrounds, textures, and things that look a little like one.

Each function draws random numbers in a fixed order: the same generator, the same picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["make_background", "make_object", "make_texture", "scramble"]

# Colours, RGB: of wood, earth and leather; and of sky, leaves, walls and shadows.
EARTH = (
    *((0.55, 0.38, 0.25), (0.36, 0.23, 0.15), (0.2, 0.14, 0.11)),
    *((0.72, 0.55, 0.4), (0.86, 0.75, 0.62)),
)
PLACES = (
    *((0.55, 0.68, 0.8), (0.35, 0.47, 0.3), (0.75, 0.74, 0.7)),
    *((0.4, 0.4, 0.43), (0.25, 0.3, 0.42)),
)


def make_background(rng: np.random.Generator, size: int) -> np.ndarray:
    """A calm, out-of-focus background as in a portrait, float32 (size, size, 3) in [0, 1]."""
    import cv2

    rough = _between(rng, _clouds(rng, size, coarse=int(rng.integers(2, 6))))
    if rng.random() < 0.3:  # wallpaper, curtains, a shelf
        rough = 0.6 * rough + 0.4 * make_texture(rng, size)
    bright = rng.uniform(0.4, 0.75)
    wall = bright * np.array([1.0, rng.uniform(0.94, 1.02), rng.uniform(0.85, 1.06)])
    mixed = 0.7 * wall + 0.3 * rough
    return cv2.GaussianBlur(mixed.astype("float32"), (0, 0), float(rng.uniform(0.8, 3))).clip(0, 1)


def make_texture(rng: np.random.Generator, size: int) -> np.ndarray:
    """Stripes, checks, spots, grain or clouds in two or three colours.

    Returns:
        float32 (size, size, 3) in [0, 1].
    """
    pattern = _pattern(rng, size).astype("float32")
    image = _between(rng, pattern) + rng.normal(0, 0.02, (size, size, 1))
    light = 0.75 + 0.4 * _clouds(rng, size, coarse=2)[..., None]
    return (image * light).clip(0, 1).astype("float32")


def _pattern(rng: np.random.Generator, size: int) -> np.ndarray:
    """Where a texture has its second colour: from 0 to 1, (size, size)."""
    kind = rng.integers(5)
    x, y = _turned_grid(rng, size)
    period = rng.uniform(4, 24)
    waves = np.sin(2 * np.pi * x / period)
    if kind == 0:
        return 0.5 + 0.5 * waves
    if kind == 1:
        return waves * np.sin(2 * np.pi * y / period) > 0
    if kind == 2:
        from_centre = np.hypot((x % period) - period / 2, (y % period) - period / 2)
        return from_centre < period * rng.uniform(0.2, 0.45)
    if kind == 3:  # the grain of wood
        return 0.5 + 0.5 * np.sin(2 * np.pi * (x + 6 * _clouds(rng, size, coarse=3)) / period)
    return _clouds(rng, size, coarse=int(rng.integers(3, 16)))


def make_object(rng: np.random.Generator, size: int) -> np.ndarray:
    """A ball, an egg or a pot before a background, with spots that may sit where eyes would be.

    Returns:
        float32 (size, size, 3) in [0, 1].
    """
    import cv2

    image = make_background(rng, size)
    x, y = _turned_grid(rng, size, most=0.4)
    wide, high = size * rng.uniform(0.22, 0.36, 2)
    x, y = (x - size / 2 + rng.normal(0, 3)) / wide, (y - size / 2 + rng.normal(0, 3)) / high
    power = rng.choice([2.0, 2.0, 3.0, 5.0])
    inside = np.abs(x) ** power + np.abs(y) ** power
    # A round body is lit by Lambert's law: its normal is (x, y, z), the light comes from the front.
    z = np.sqrt(np.clip(1 - inside, 0, 1))
    light = rng.normal(0, 0.6, 2)
    towards = (x * light[0] + y * light[1] + z) / np.hypot(1, np.hypot(*light))
    shade = np.clip((0.35 + 0.75 * towards), 0.12, 1.1)
    colour = np.broadcast_to(_colour(rng), (size, size, 3)).astype("float32")
    if rng.random() < 0.5:
        colour = 0.6 * colour + 0.4 * make_texture(rng, size)
    colour = _spots(rng, colour.copy(), size)
    sharp = np.clip((1 - inside) * 6, 0, 1).astype("float32")
    cover = cv2.GaussianBlur(sharp, (0, 0), 0.6)[..., None]
    return (image * (1 - cover) + colour * shade[..., None] * cover).clip(0, 1).astype("float32")


def _spots(rng: np.random.Generator, colour: np.ndarray, size: int) -> np.ndarray:
    """Zero to four dark or light dots and bars anywhere on the picture."""
    import cv2

    for _ in range(rng.integers(0, 5)):
        centre = tuple(int(c) for c in rng.integers(size // 4, 3 * size // 4, 2))
        axes = tuple(int(a) for a in rng.integers(2, 9, 2))
        angle = float(rng.uniform(0, 180))
        paint = tuple(map(float, _colour(rng)))
        cv2.ellipse(colour, centre, axes, angle, 0, 360, paint, cv2.FILLED)
    return cv2.GaussianBlur(colour, (0, 0), 0.7)


def scramble(rng: np.random.Generator, image: np.ndarray, blocks: int) -> np.ndarray:
    """A picture cut into squares, none of which stays in its place.

    Each square has a face's colours and a piece of it; only their arrangement is wrong.

    Args:
        rng: draws the arrangement.
        image: (S, S, 3).
        blocks: squares in a row; S is divisible by it.

    Returns:
        The same shape.
    """
    side = len(image) // blocks
    squares = image.reshape(blocks, side, blocks, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    order = rng.permutation(blocks * blocks)
    moved = np.empty_like(squares)
    moved[order] = squares[np.roll(order, 1)]  # one cycle through all of them
    return moved.reshape(blocks, blocks, side, side, 3).swapaxes(1, 2).reshape(image.shape)


def _clouds(rng: np.random.Generator, size: int, *, coarse: int) -> np.ndarray:
    """Smooth noise in [0, 1] of two octaves, float32 (size, size)."""
    import cv2

    total = np.zeros((size, size), "float32")
    for weight, cells in ((0.7, coarse), (0.3, 3 * coarse)):
        noise = rng.random((cells + 1, cells + 1), dtype="float32")
        total += weight * cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)
    return total.clip(0, 1)


def _between(rng: np.random.Generator, weight: np.ndarray) -> np.ndarray:
    """A mixture of two random colours, (size, size, 3); weight: (size, size), from 0 to 1."""
    one, other = _colour(rng), _colour(rng)
    return (one + weight[..., None] * (other - one)).astype("float32")


def _colour(rng: np.random.Generator) -> np.ndarray:
    """Half of the colours are those of wood, earth and leather, which are also those of skin."""
    palette: Any = EARTH if rng.random() < 0.5 else PLACES
    base = np.array(palette[rng.integers(len(palette))])
    return (base * rng.uniform(0.7, 1.15) + rng.normal(0, 0.05, 3)).clip(0, 1).astype("float32")


def _turned_grid(
    rng: np.random.Generator, size: int, most: float = np.pi
) -> tuple[np.ndarray, np.ndarray]:
    """Pixel coordinates, turned about the middle by at most `most` radians, each (size, size)."""
    angle = rng.uniform(-most, most)
    y, x = np.mgrid[:size, :size].astype("float32") - (size - 1) / 2
    turned = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
    return turned[0] + size / 2, turned[1] + size / 2
