"""The histogram of the class report, as numbers for an SVG drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["histogram"]

_BINS = 10
_WIDTH, _HEIGHT, _BASE = 720, 210, 178
_ROOM = 24
"""Above the highest bar, for its number."""

_GAP = 6
"""On either side of a bar."""


@dataclass(frozen=True)
class _Bar:
    """One bar: its rectangle, the middle of it, how many students, and which fractions."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    count: int
    label: str


def histogram(fractions: Sequence[float]) -> dict[str, Any]:
    """Ten bars, 0 to 100 %; the last includes 100 %."""
    # A little more than the fraction: 0.3 must not fall into the bin below by rounding.
    bins = (int(fraction * _BINS + 1e-9) for fraction in fractions)
    counts = Counter(min(_BINS - 1, number) for number in bins)
    highest = max(counts.values(), default=1)
    bars = [_bar(number, counts[number], highest) for number in range(_BINS)]
    told = ", ".join(f"{bar.count} at {bar.label}" for bar in bars if bar.count)
    alt = f"Histogram of the share of points: students {told}."
    return {"width": _WIDTH, "height": _HEIGHT, "base": _BASE, "bars": bars, "alt": alt}


def _bar(number: int, count: int, highest: int) -> _Bar:
    step = _WIDTH / _BINS
    height = round((_BASE - _ROOM) * count / highest, 1)
    x, width = round(number * step + _GAP, 1), round(step - 2 * _GAP, 1)
    return _Bar(
        x=x,
        y=round(_BASE - height, 1),
        width=width,
        height=height,
        middle=round(x + width / 2, 1),
        count=count,
        label=f"{number * 100 // _BINS}–{(number + 1) * 100 // _BINS} %",
    )
