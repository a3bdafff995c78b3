"""Tunes as music: reading ABC with music21, and the fractions of tunes that are readable or copied.

    tune = parse_tune(abc)             # title, meter, key, notes (pitch, onset, duration)
    render_sheet_music(abc)            # sheet music
    render_audio(abc)                  # sound
    fraction_parsed(split_tunes(text)) # how much of a model's text is music

Malformed ABC never raises anything but `TuneError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from labkit.music.lexer import Kind, header_field, tokens
from labkit.music.meter import bars, meter_length
from labkit.music.notation import normal_body, split_header

__all__ = [
    "Note",
    "Tune",
    "TuneError",
    "fraction_copied",
    "fraction_parsed",
    "longest_copy",
    "parse_tune",
    "validate_tune",
]

# Beginnings of the names of modes; "n" is a slip that stands twice in the collection.
MODES = ("maj", "min", "mix", "dor", "phr", "lyd", "loc", "aeo", "ion", "m", "n")
# In whole notes: a longer bar is a slip of a model, and music21 would split it for ever.
LONGEST_BAR = 16
LONGEST_TUNE = 20_000  # characters


class TuneError(ValueError):
    """A text is not a tune in ABC; the message says what is wrong with it."""


@dataclass(frozen=True)
class Note:
    """One note.

    Attributes:
        pitch: MIDI number, 60 is middle C; of a chord the highest.
        onset: where it begins, in quarter notes from the start of the tune.
        duration: how long it lasts, in quarter notes; tied notes are one note.
    """

    pitch: int
    onset: float
    duration: float


@dataclass(frozen=True)
class Tune:
    """A tune that was read. Repeats are not written out; grace notes are left out.

    Attributes:
        title, meter, key, rhythm: as in the header, such as "The Kesh", "6/8", "G" and "jig"; ""
            when missing.
        notes: in order of their onset.
        abc: the text it was read from.
    """

    title: str
    meter: str
    key: str
    rhythm: str
    notes: tuple[Note, ...] = field(repr=False)
    abc: str = field(repr=False)

    @property
    def duration(self) -> float:
        """In quarter notes."""
        return max(note.onset + note.duration for note in self.notes)


def parse_tune(abc: str) -> Tune:
    """Read one tune with music21.

    Raises:
        TuneError: when it is no tune: a header field is missing or unreadable, a sign has no
            meaning, there are no notes, or music21 refuses it.
        ImportError: when music21 is not installed.
    """
    validate_tune(abc)
    fields, _ = split_header(abc)
    return Tune(
        title=fields.get("T", ""),
        meter=fields.get("M", ""),
        key=fields.get("K", ""),
        rhythm=fields.get("R", ""),
        notes=_read_notes(abc),
        abc=abc,
    )


def validate_tune(abc: str) -> None:
    """Check what can be checked without music21: header, lengths, signs, and that there are notes.

    Raises:
        TuneError: saying what was expected and what came.
    """
    if not isinstance(abc, str):
        raise TuneError(f"expected ABC text, got {type(abc).__name__}")
    if len(abc) > LONGEST_TUNE:
        raise TuneError(
            f"expected one tune, got {len(abc):,} characters: take one of split_tunes(text)"
        )
    _validate_header(abc)
    for line in split_header(abc)[1]:
        if not header_field(line):
            _validate_line(line.split("%")[0])
    lengths = [bar.length for bar in bars(abc)]
    if not any(lengths):
        raise TuneError("no notes after the K: line")
    if max(lengths) > LONGEST_BAR:
        raise TuneError(
            f"a bar lasts {float(max(lengths)):g} whole notes; a bar line is missing, "
            "or a length is wrong"
        )


def _validate_header(abc: str) -> None:
    fields, _ = split_header(abc)
    for letter, meaning in (("X", "number"), ("K", "key")):
        if letter not in fields:
            raise TuneError(f"no {letter}: line in the header, the tune's {meaning}")
    head = re.split(r"(?m)^K:.*$", abc, maxsplit=1)[0].splitlines()
    for line in head:
        if line.strip() and not header_field(line) and not line.startswith("%"):
            raise TuneError(f"the line {line[:40]!r} in the header is not a field such as T:")
    if len(re.findall(r"(?m)^X:", abc)) > 1:
        raise TuneError("expected one tune, got several X: lines: take one of split_tunes(text)")
    for letter, (is_readable, meaning) in _HEADER_VALUES.items():
        if letter in fields and not is_readable(fields[letter]):
            raise TuneError(f"{letter}:{fields[letter][:40]} is not a {meaning}")


def _is_key(key: str) -> bool:
    match = re.fullmatch(r"[A-G][#b]?\s*([A-Za-z]*)(?:\s.*)?", key)
    return match is not None and (not match[1] or match[1].lower().startswith(MODES))


def _is_meter(meter: str) -> bool:
    return meter_length(meter) is not None or meter.lower() in ("none", "")


def _is_unit_length(length: str) -> bool:
    return re.fullmatch(r"1/(1|2|4|8|16|32|64)", length) is not None


_HEADER_VALUES: dict[str, tuple[Callable[[str], bool], str]] = {
    "X": (str.isdecimal, "number such as 12"),
    "K": (_is_key, "key such as G, Em, F#m or Dmix"),
    "M": (_is_meter, "meter such as 6/8, C or C|"),
    "L": (_is_unit_length, "unit note length such as 1/8"),
}


def _validate_line(line: str) -> None:
    """Every sign has a meaning in the ABC standard 2.1 (section 4), outside of chords and texts."""
    start = 0
    for kind, text in tokens(line):
        end = start + len(text)
        if kind in (Kind.OTHER, Kind.OLD_CHORD):
            raise TuneError(f"unexpected {text!r} in {line[max(0, start - 10) : end + 10]!r}")
        start = end


# What is not played, or what music21 misreads: it loses the note after a fermata `H`, and counts
# tuplets wrongly when a grace note stands in them.
_SILENT = {
    *(Kind.TEXT, Kind.DECORATION, Kind.GRACE, Kind.CONTINUATION, Kind.SPACE, Kind.COMMENT),
    *(Kind.SLUR, Kind.ORNAMENT, Kind.SIGN, Kind.OLD_CHORD, Kind.OTHER),
}


def sounding_part(abc: str) -> str:
    """The tune without slurs, ornaments, grace notes, texts and other signs that are not played."""
    fields, lines = split_header(abc)
    header = [f"{letter}:{fields[letter]}" for letter in "XTMLK" if letter in fields]
    body = [line if header_field(line) else _sounding_line(line) for line in lines]
    return "\n".join(header + body)


def _sounding_line(line: str) -> str:
    kept = [token for token in tokens(line) if token.kind not in _SILENT]
    # music21 does not know `x`, a rest that is not printed.
    return "".join(text.replace("x", "z") if kind is Kind.REST else text for kind, text in kept)


def _read_notes(abc: str) -> tuple[Note, ...]:
    """The notes from music21's tokens.

    Its scores are not used: an overfull bar can keep them busy for minutes.
    """
    from music21 import abcFormat

    handler = abcFormat.ABCHandler()
    try:
        handler.process(sounding_part(abc))
        notes = _notes_of(token for token in handler.tokens if isinstance(token, abcFormat.ABCNote))
    except Exception as error:  # music21 raises whatever its readers stumble over
        raise TuneError(f"music21 cannot read it: {type(error).__name__}: {error}") from None
    if not notes:
        raise TuneError("music21 finds no notes in it")
    return notes


def _notes_of(tokens: Iterable[Any]) -> tuple[Note, ...]:
    notes: list[Note] = []
    onset = Fraction(0)
    for token in tokens:
        length = Fraction(token.quarterLength).limit_denominator(1024)
        if token.activeTuplet:
            length *= Fraction(token.activeTuplet.tupletMultiplier()).limit_denominator(64)
        pitches = _pitches(token)
        if pitches and length:
            last = notes[-1] if notes else None
            if last and token.tie in ("stop", "continue") and last.pitch == max(pitches):
                notes[-1] = Note(last.pitch, last.onset, last.duration + float(length))
            else:
                notes.append(Note(max(pitches), float(onset), float(length)))
        onset += length
    return tuple(notes)


def _pitches(token: Any) -> list[int]:
    """MIDI numbers of a note or a chord of music21; none for a rest."""
    from music21.pitch import Pitch

    inside = getattr(token, "subTokens", None) or [token]
    names = [one.pitchName for one in inside if getattr(one, "pitchName", None) and not one.isRest]
    return [Pitch(name).midi for name in names]


def fraction_parsed(tunes: Iterable[str]) -> float:
    """The fraction, from 0 to 1, of `tunes` that `parse_tune` reads; 0.0 when there are none."""
    results = [_is_readable(tune) for tune in tunes]
    return sum(results) / len(results) if results else 0.0


def _is_readable(abc: str) -> bool:
    try:
        parse_tune(abc)
    except TuneError:
        return False
    return True


def fraction_copied(tunes: Iterable[str], training_tunes: Iterable[str]) -> float:
    """The fraction, from 0 to 1, of `tunes` whose whole music is that of a training tune.

    Music is compared by `labkit.music.notation.normal_body`: number, title, layout, slurs and
    ornaments do not count.

    Args:
        tunes: ABC, such as what a model wrote.
        training_tunes: ABC, what it was trained on.

    Returns:
        The fraction; 0.0 when there are no tunes.
    """
    known = {normal_body(tune) for tune in training_tunes}
    copied = [normal_body(tune) in known for tune in tunes]
    return sum(copied) / len(copied) if copied else 0.0


def longest_copy(tune: str, training_tunes: Iterable[str]) -> float:
    """The longest passage of `tune` that is found in one training tune.

    Passages are counted in characters of `labkit.music.notation.normal_body`.

    Returns:
        Its length as a fraction of the music of `tune`, from 0 to 1.
    """
    body = normal_body(tune)
    known = "\n".join(normal_body(other) for other in training_tunes)
    best = start = 0
    # Both ends of the passage only move on: that makes at most 2·len(body) searches.
    for end in range(1, len(body) + 1):
        while start < end and body[start:end] not in known:
            start += 1
        best = max(best, end - start)
    return best / len(body) if body else 0.0
