"""Do the bars of a tune add up? Note lengths read from ABC text, without music21, in exact
fractions.

Lengths follow the ABC standard 2.1: `A3/2` (4.3), broken rhythm `A>B` (4.4), tuplets `(3ABC`
(4.13), chords `[CEG]2` (4.17), rests `z`, `x`, `Z2` (4.5), grace notes in braces take no time
(4.12).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from labkit.music.notation import FIELD, default_length, split_header

__all__ = ["Bar", "bar_counts", "bars", "meter_length", "share_full_bars"]

LENGTH = r"(?P<{0}num>\d*)(?P<{0}slash>/*)(?P<{0}den>\d*)"
TOKEN = re.compile(
    r'(?P<skip>"[^"]*"|![^!|\s]*!|\{[^}]*\}|\\|\s+)'
    r"|\[(?P<field>[A-Za-z]):(?P<value>[^\]]*)\]"
    r"|(?P<bar>(?::*\|[|:\]]*|::+|\[\|[|:\]]*)(?:\[?\d[\d,.-]*)?|\[\d[\d,.-]*|\|?\])"
    r"|\((?P<p>\d)(?::(?P<q>\d?))?(?::(?P<r>\d?))?"
    r"|(?P<broken>[<>]+)"
    r"|\[(?P<chord>[^\]|]*)\]" + LENGTH.format("c") + r"|(?P<rests>Z)(?P<count>\d*)"
    r"|(?P<note>(?:[\^_=]*[A-Ga-g][,']*)|[zx])" + LENGTH.format("n") + r"|(?P<other>.)",
    re.DOTALL,
)
COMPOUND = {Fraction(6, 8): "6/8", Fraction(9, 8): "9/8", Fraction(12, 8): "12/8"}
ONE = Fraction(1)
LONGEST = (
    10**4
)  # a number in a length; more is a slip of a model, and would take memory to write out


@dataclass
class Bar:
    """The music between two bar lines.

    Attributes:
        length: the sum of its notes and rests, in whole notes.
        meter: what a full bar of the meter in force has, in whole notes; None for a free meter.
        opens: a part begins with this bar: it is the first, or follows a double bar or a repeat
            sign.
        closes: a part ends with it: it is the last, or a double bar or a repeat sign follows.
    """

    length: Fraction
    meter: Fraction | None
    opens: bool = False
    closes: bool = False


def meter_length(meter: str) -> Fraction | None:
    """The length of a full bar in whole notes: "6/8" → 3/4, "C" and "C|" → 1; None when the meter
    is free."""
    meter = meter.strip()
    if meter in ("C", "C|"):
        return Fraction(1)
    match = re.fullmatch(r"(\d{1,3})/(\d{1,3})", meter)
    if not match or int(match[1]) == 0 or int(match[2]) == 0:
        return None
    return Fraction(int(match[1]), int(match[2]))


def bars(tune: str) -> list[Bar]:
    """The bars of a tune in order; text that is not ABC gives what can be read of it, down to no
    bar at all."""
    fields, lines = split_header(tune)
    reader = _Reader(fields.get("M", ""), fields.get("L", ""))
    for line in lines:
        if field := FIELD.match(line):
            reader.change(field[1], field[2])
        else:
            reader.read(line.split("%")[0])
    return reader.finish()


class _Reader:
    """Adds up note lengths, one line of music after another."""

    def __init__(self, meter: str, unit: str) -> None:
        self.bars: list[Bar] = []
        self.meter = meter_length(meter)
        self.compound = meter in COMPOUND.values()
        self.unit = _fraction(unit) or _fraction(default_length(meter)) or Fraction(1, 8)
        self.new_part = True
        self._start_bar()

    def _start_bar(self) -> None:
        self.lengths: list[Fraction] = []
        self.tuplet, self.left = ONE, 0
        self.broken = ONE

    def change(self, letter: str, value: str) -> None:
        if letter == "M":
            self.meter = meter_length(value)
            self.compound = value.strip() in COMPOUND.values()
        elif letter == "L":
            self.unit = _fraction(value) or self.unit

    def read(self, line: str) -> None:
        for token in TOKEN.finditer(line):
            if token["bar"]:
                self._end_bar(token["bar"])
            elif token["field"]:
                self.change(token["field"], token["value"])
            elif token["p"]:
                self._start_tuplet(int(token["p"]), token["q"], token["r"])
            elif token["broken"]:
                self._break(token["broken"])
            elif token["chord"] is not None:
                self._add(
                    _chord_length(token["chord"])
                    * _length(token["cnum"], token["cslash"], token["cden"])
                )
            elif token["rests"]:
                self._rest_bars(token["count"])
            elif token["note"]:
                self._add(_length(token["nnum"], token["nslash"], token["nden"]))

    def _start_tuplet(self, p: int, q: str | None, r: str | None) -> None:
        usual = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(p, 3 if self.compound else 2)
        if p > 1:
            self.tuplet, self.left = Fraction(int(q or usual), p), int(r or p)

    def _break(self, signs: str) -> None:
        """`A>B` dots A and halves B; `A<B` the other way round; more signs, more dots."""
        if not self.lengths:
            return
        short = Fraction(1, 2 ** min(len(signs), 8))
        before, after = (2 - short, short) if signs[0] == ">" else (short, 2 - short)
        self.lengths[-1] *= before
        self.broken = after

    def _add(self, factor: Fraction) -> None:
        length = self.unit * factor if factor != ONE else self.unit
        if self.broken != ONE:
            length *= self.broken
            self.broken = ONE
        if self.left:
            length *= self.tuplet
            self.left -= 1
        self.lengths.append(length)

    def _rest_bars(self, count: str) -> None:
        self.lengths.append((self.meter or ONE) * _number(count))

    def _end_bar(self, line: str) -> None:
        if self.lengths:
            self.bars.append(Bar(sum(self.lengths, Fraction(0)), self.meter, opens=self.new_part))
            self.new_part = False
        if _is_strong(line):
            self.new_part = True
            if self.bars:
                self.bars[-1].closes = True
        self._start_bar()

    def finish(self) -> list[Bar]:
        self._end_bar("|]")
        return self.bars


def _is_strong(line: str) -> bool:
    """Double bars, repeat signs and endings part a tune; a plain bar line and `[1` in mid-bar do
    too."""
    return re.sub(r"[\d,.\-]", "", line) != "|" or bool(re.search(r"\d", line))


@lru_cache(maxsize=1024)
def _length(numerator: str, slashes: str, denominator: str) -> Fraction:
    below = _number(denominator) if denominator else 2 ** min(len(slashes), 8)
    return Fraction(_number(numerator), below)


def _number(digits: str) -> int:
    return min(int(digits[:6]), LONGEST) or 1 if digits else 1


def _chord_length(inside: str) -> Fraction:
    """A chord lasts as long as its first note says (ABC 2.1, section 4.17)."""
    token = next((token for token in TOKEN.finditer(inside) if token["note"]), None)
    return _length(token["nnum"], token["nslash"], token["nden"]) if token else Fraction(0)


def _fraction(text: str) -> Fraction | None:
    match = re.fullmatch(r"\s*(\d{1,3})(?:/(\d{1,3}))?\s*", text)
    if not match or int(match[1]) == 0 or (match[2] and int(match[2]) == 0):
        return None
    return Fraction(int(match[1]), int(match[2] or 1))


def bar_counts(tune: str) -> tuple[int, int]:
    """(full bars, judged bars) of a tune.

    A bar is full when its notes and rests add up to the meter. Two kinds of bar may be shorter: a
    pick-up, which opens a part, is not judged; and a bar that closes a part is full as well when it
    lacks just what some pick-up of the same tune brings. Bars in a free meter are not judged.
    """
    everything = bars(tune)
    pickups = {bar.length for bar in everything if _is_pickup(bar)}
    judged = [bar for bar in everything if bar.meter and not _is_pickup(bar)]
    full = [bar for bar in judged if _is_full(bar, pickups)]
    return len(full), len(judged)


def _is_pickup(bar: Bar) -> bool:
    return bar.meter is not None and bar.opens and bar.length < bar.meter


def _is_full(bar: Bar, pickups: set[Fraction]) -> bool:
    return bar.length == bar.meter or (
        bar.closes and any(bar.length + pickup == bar.meter for pickup in pickups)
    )


def share_full_bars(tunes: Iterable[str]) -> float:
    """The share, from 0 to 1, of all bars of `tunes` whose notes add up to the meter; see
    `bar_counts`.

    0.0 when there is no bar to judge.
    """
    counts: Iterator[tuple[int, int]] = map(bar_counts, tunes)
    full, judged = (sum(column) for column in zip((0, 0), *counts, strict=True))
    return full / judged if judged else 0.0
