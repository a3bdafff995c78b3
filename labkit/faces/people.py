"""Random people: which heads the synthetic faces show, from skin to light, for a given group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labkit.faces.heads import MONK_SKIN_TONES, Head

__all__ = ["ATTRIBUTES", "GROUPS", "draw_head"]

GROUPS = {
    "light, facing": ((1, 5), (0, 22)),
    "light, turned": ((1, 5), (42, 68)),
    "dark, facing": ((7, 10), (0, 22)),
    "dark, turned": ((7, 10), (42, 68)),
}
"""Name of the group → (first, last) skin tone on the Monk scale, (smallest, largest) |yaw| in °."""

ATTRIBUTES = ("skin_tone", "yaw", "pitch", "roll", "smile", "beard", "glasses", "hair", "light")
HAIR = {
    "black": (0.09, 0.07, 0.06),
    "brown": (0.24, 0.15, 0.09),
    "chestnut": (0.4, 0.22, 0.12),
    "blond": (0.78, 0.62, 0.38),
    "red": (0.55, 0.24, 0.1),
    "grey": (0.62, 0.61, 0.6),
}
# Probabilities of the colours, in the order of the tables above and below.
HAIR_OF = {"light": (0.2, 0.3, 0.16, 0.16, 0.06, 0.12), "dark": (0.66, 0.17, 0.03, 0.02, 0.0, 0.12)}
EYES = {"brown": (0.3, 0.19, 0.1), "blue": (0.3, 0.45, 0.62), "green": (0.36, 0.45, 0.28)}
EYES_OF = {"light": (0.5, 0.33, 0.17), "dark": (0.96, 0.02, 0.02)}
HAIR_LENGTHS = {"none": 0.12, "short": 0.4, "medium": 0.2, "long": 0.28}
GLASSES = {"none": 0.66, "thin": 0.14, "dark": 0.13, "sun": 0.07}
BEARDS = {0.0: 0.74, 0.35: 0.13, 0.9: 0.13}


def draw_head(
    rng: np.random.Generator, group: str, *, away: bool = False
) -> tuple[Head, dict[str, Any]]:
    """A random head.

    Expression, hair, glasses, light, size and place are drawn alike for every group; only the
    colours of hair and eyes go with the skin.

    Args:
        rng: draws everything. Every draw stands in a fixed order: the same seed, the same head.
        group: one of `GROUPS`.
        away: turns the head by a further half turn or so: it is seen from behind, and shows no
            face.

    Returns:
        The head and its attributes, the names of `ATTRIBUTES`.
    """
    (lightest, darkest), (least, most) = GROUPS[group]
    tone = int(rng.integers(lightest, darkest + 1))
    yaw = rng.choice([-1, 1]) * (rng.uniform(135, 180) if away else rng.uniform(least, most))
    kind = group.split(",")[0]
    hair = str(rng.choice(list(HAIR), p=HAIR_OF[kind]))
    eyes = str(rng.choice(list(EYES), p=EYES_OF[kind]))
    azimuth = rng.uniform(-70, 70)
    look = {"yaw": float(yaw), **_draw_look(rng)}
    if away:
        look["glasses"] = "none"
    length = str(_choose(rng, HAIR_LENGTHS))
    head = Head(
        skin=_skin(rng, tone),
        **_draw_form(rng, HAIR[hair], EYES[eyes]),
        **_draw_view(rng, azimuth),
        hair_length=length,
        **look,
    )
    colour = hair if length != "none" else "none"
    attributes = {**look, "skin_tone": tone, "hair": colour, "light": azimuth}
    return head, {name: attributes[name] for name in ATTRIBUTES}


def _choose(rng: np.random.Generator, probabilities: Mapping[Any, float]) -> Any:
    return rng.choice(list(probabilities), p=list(probabilities.values()))


def _draw_look(rng: np.random.Generator) -> dict[str, Any]:
    """How the head is held, and what is on the face."""
    return {
        "pitch": rng.normal(0, 6),
        "roll": rng.normal(0, 6),
        "smile": rng.uniform(0, 1),
        "beard": _choose(rng, BEARDS),
        "glasses": str(_choose(rng, GLASSES)),
    }


def _draw_form(rng: np.random.Generator, hair: Any, eyes: Any) -> dict[str, Any]:
    """Hair, eyes and the form of the head; `hair` and `eyes` are colours, RGB."""
    return {
        "hair": np.array(hair) * rng.uniform(0.8, 1.2),
        "hairline": rng.uniform(0.3, 0.5),
        "hair_volume": rng.choice([rng.uniform(0.05, 0.1), rng.uniform(0.1, 0.24)]),
        "eyes": np.array(eyes) * rng.uniform(0.8, 1.15),
        "brow": rng.uniform(-0.01, 0.03),
        "open_mouth": rng.choice([0.0, rng.uniform(0.3, 1.0)], p=[0.6, 0.4]),
        "width": rng.uniform(0.92, 1.08),
        "jaw": rng.uniform(-1.0, 0.3),
        "nose": rng.uniform(0.7, 1.2),
        "lips": rng.uniform(0.7, 1.35),
    }


def _draw_view(rng: np.random.Generator, azimuth: float) -> dict[str, Any]:
    """Light, size and place of the head in the picture, and the clothes."""
    return {
        "light": _direction(azimuth, rng.uniform(0, 45)),
        "ambient": rng.uniform(0.3, 0.7),
        "scale": rng.uniform(0.34, 0.4),
        "centre": (0.5 + rng.uniform(-0.03, 0.03), 0.48 + rng.uniform(-0.03, 0.03)),
        "clothes": 0.4 * rng.uniform(0.05, 0.75, 3) + 0.6 * rng.uniform(0.1, 0.6),
    }


def _skin(rng: np.random.Generator, tone: int) -> np.ndarray:
    """The colour of a tone of the scale, made a little warmer, and lighter where it is darkest.

    The scale's patches are flat; on a lit and shaded head they would look like chalk and coal.
    """
    code = MONK_SKIN_TONES[tone - 1]
    patch = np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    warm = rng.uniform(0.4, 1.4)
    colour = patch * rng.uniform(0.88, 0.97) * np.array([1.0, 1 - 0.06 * warm, 1 - 0.11 * warm])
    return colour + (1 - patch.mean()) ** 4 * np.array([0.13, 0.085, 0.065])


def _direction(azimuth: float, elevation: float) -> np.ndarray:
    """A unit vector; azimuth in degrees to the right of the picture, elevation upwards."""
    a, e = np.radians([azimuth, elevation])
    return np.array([np.cos(e) * np.sin(a), -np.sin(e), np.cos(e) * np.cos(a)])
