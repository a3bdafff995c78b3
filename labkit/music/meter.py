"""Do the bars of a tune add up? Note lengths read from ABC text, without music21, in exact
fractions.

Lengths follow the ABC standard 2.1: `A3/2` (4.3), broken rhythm `A>B` (4.4), tuplets `(3ABC`
(4.13), chords `[CEG]2` (4.17), rests `z`, `x`, `Z2` (4.5), grace notes in braces take no time
(4.12).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from labkit.music.lexer import (
    Kind,
    header_field,
    inline_field,
    length_of,
    read_fraction,
    read_tuplet,
    split_group,
    tokens,
)
from labkit.music.notation import default_length, split_header

__all__ = ["COMPOUND", "Bar", "bar_counts", "bars", "fraction_of_full_bars", "meter_length"]

COMPOUND = ("6/8", "9/8", "12/8")
"""The meters whose beat is a dotted note."""

ONE = Fraction(1)


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
    """The length of a full bar in whole notes.

    Args:
        meter: such as "6/8" → 3/4, or "C" and "C|" → 1.

    Returns:
        The length; None when the meter is free, or no meter.
    """
    meter = meter.strip()
    if meter in ("C", "C|"):
        return ONE
    return read_fraction(meter) if "/" in meter else None


def bars(tune: str) -> list[Bar]:
    """The bars of a tune in order.

    Text that is not ABC gives what can be read of it, down to no bar at all.
    """
    fields, lines = split_header(tune)
    reader = _Reader(fields.get("M", ""), fields.get("L", ""))
    for line in lines:
        if field := header_field(line):
            reader.change(field.letter, field.value)
        else:
            reader.read(line)
    return reader.finish()


class _Reader:
    """Adds up note lengths, one line of music after another."""

    def __init__(self, meter: str, unit: str) -> None:
        self.bars: list[Bar] = []
        self.meter = meter_length(meter)
        self.compound = meter in COMPOUND
        self.unit = read_fraction(unit) or Fraction(default_length(meter))
        self.new_part = True
        self._start_bar()

    def _start_bar(self) -> None:
        self.lengths: list[Fraction] = []
        # The next `left` notes are in a tuplet, the next one has the factor of a broken rhythm.
        self.tuplet, self.left = ONE, 0
        self.broken = ONE

    def change(self, letter: str, value: str) -> None:
        """A field in the body: a new meter or unit note length rules from here on."""
        if letter == "M":
            self.meter = meter_length(value)
            self.compound = value in COMPOUND
        elif letter == "L":
            self.unit = read_fraction(value) or self.unit

    def read(self, line: str) -> None:
        """One line of music. Grace notes, texts and signs take no time."""
        for kind, text in tokens(line):
            match kind:
                case Kind.NOTE | Kind.REST:
                    self._add(length_of(text))
                case Kind.CHORD | Kind.OLD_CHORD:
                    self._add(_chord_length(text))
                case Kind.BAR_RESTS:
                    self.lengths.append((self.meter or ONE) * length_of(text))
                case Kind.BAR:
                    self._end_bar(text)
                case Kind.TUPLET:
                    self._start_tuplet(*read_tuplet(text))
                case Kind.BROKEN:
                    self._break(text)
                case Kind.FIELD:
                    self.change(*inline_field(text))

    def _start_tuplet(self, p: int, q: int | None, r: int | None) -> None:
        usual = {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(p, 3 if self.compound else 2)
        if p > 1:
            self.tuplet, self.left = Fraction(q or usual, p), r or p

    def _break(self, signs: str) -> None:
        """`A>B` dots A and halves B; `A<B` the other way round; more signs, more dots."""
        if not self.lengths:
            return
        short = Fraction(1, 2 ** min(len(signs), 8))
        before, after = (2 - short, short) if signs[0] == ">" else (short, 2 - short)
        self.lengths[-1] *= before
        self.broken = after

    def _add(self, factor: Fraction) -> None:
        """A note, rest or chord of `factor` unit note lengths."""
        length = self.unit * factor if factor != ONE else self.unit
        if self.broken != ONE:
            length *= self.broken
            self.broken = ONE
        if self.left:
            length *= self.tuplet
            self.left -= 1
        self.lengths.append(length)

    def _end_bar(self, line: str) -> None:
        # An empty bar is none: `|` at the end of a line and at the start of the next are one line.
        if self.lengths:
            self.bars.append(Bar(sum(self.lengths, Fraction(0)), self.meter, opens=self.new_part))
            self.new_part = False
        if _is_strong(line):
            self.new_part = True
            if self.bars:
                self.bars[-1].closes = True
        self._start_bar()

    def finish(self) -> list[Bar]:
        """The bars of all lines; the last one closes a part, whatever line it ends with."""
        self._end_bar("|]")
        return self.bars


def _is_strong(line: str) -> bool:
    """Whether a bar line parts a tune: double bars, repeat signs and endings do, also `[1`."""
    return re.sub(r"[\d,.\-]", "", line) != "|" or bool(re.search(r"\d", line))


def _chord_length(text: str) -> Fraction:
    """A chord lasts as long as its first note says, times what stands behind it (ABC 2.1, 4.17)."""
    _, inside, behind = split_group(text)
    for kind, note in tokens(inside):
        if kind in (Kind.NOTE, Kind.REST):
            return length_of(note) * length_of(behind)
    return Fraction(0)


def bar_counts(tune: str) -> tuple[int, int]:
    """How many bars of a tune are full, and how many are judged: (full, judged).

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


def fraction_of_full_bars(tunes: Iterable[str]) -> float:
    """The fraction, from 0 to 1, of all bars of `tunes` whose notes add up to the meter.

    `bar_counts` says which bars are judged. 0.0 when there is none.
    """
    full = judged = 0
    for tune in tunes:
        counts = bar_counts(tune)
        full, judged = full + counts[0], judged + counts[1]
    return full / judged if judged else 0.0
