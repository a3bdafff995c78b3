"""Tunes as music: reading ABC with music21, and the shares of tunes that are readable or copied.

    tune = parse_tune(abc)             # title, meter, key, notes (pitch, onset, duration)
    render_score(abc)                  # sheet music
    render_audio(abc)                  # sound
    share_parsed(split_tunes(text))    # how much of a model's text is music

Malformed ABC never raises anything but `TuneError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from labkit.music.meter import TOKEN, bars, meter_length
from labkit.music.notation import FIELD, normal_body, split_header

__all__ = [
    "Note",
    "Tune",
    "TuneError",
    "longest_copy",
    "parse_tune",
    "share_copied",
    "share_parsed",
    "validate_tune",
]

MODES = (
    "maj",
    "min",
    "mix",
    "dor",
    "phr",
    "lyd",
    "loc",
    "aeo",
    "ion",
    "m",
    "n",
)  # n: twice in the collection
LONGEST_BAR = (
    16  # whole notes; a bar beyond is a slip of a model, and music21 would split it for ever
)
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
    """Reads one tune with music21.

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
    """Checks what can be checked without music21: the header, lengths, signs, and that there are
    notes.

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
        if not FIELD.match(line):
            _validate_line(line.split("%")[0])
    lengths = [bar.length for bar in bars(abc)]
    if not any(lengths):
        raise TuneError("no notes after the K: line")
    if max(lengths) > LONGEST_BAR:
        raise TuneError(
            f"a bar lasts {float(max(lengths)):g} whole notes; a bar line is missing, or a length is wrong"
        )


def _validate_header(abc: str) -> None:
    fields, _ = split_header(abc)
    for letter, meaning in (("X", "number"), ("K", "key")):
        if letter not in fields:
            raise TuneError(f"no {letter}: line in the header, the tune's {meaning}")
    head = re.split(r"(?m)^K:.*$", abc, maxsplit=1)[0].splitlines()
    if stray := [
        line for line in head if line.strip() and not FIELD.match(line) and not line.startswith("%")
    ]:
        raise TuneError(f"the line {stray[0][:40]!r} in the header is not a field such as T:")
    if len(re.findall(r"(?m)^X:", abc)) > 1:
        raise TuneError("expected one tune, got several X: lines: take one of split_tunes(text)")
    for letter, meaning, readable in (
        ("X", "number such as 12", lambda text: text.isdecimal()),
        ("K", "key such as G, Em, F#m or Dmix", _is_key),
        (
            "M",
            "meter such as 6/8, C or C|",
            lambda text: meter_length(text) or text.lower() in ("none", ""),
        ),
        (
            "L",
            "unit note length such as 1/8",
            lambda text: re.fullmatch(r"1/(1|2|4|8|16|32|64)", text),
        ),
    ):
        if letter in fields and not readable(fields[letter]):
            raise TuneError(f"{letter}:{fields[letter][:40]} is not a {meaning}")


def _validate_line(line: str) -> None:
    """Every sign belongs to a note, a rest, a bar line, or is a slur, tie or ornament (ABC 2.1,
    section 4)."""
    for token in TOKEN.finditer(line):
        if token["other"] and not re.match(r"[().~`&yH-Wh-w-]", token[0]):
            raise TuneError(
                f"unexpected {token[0]!r} in {line[max(0, token.start() - 10) : token.end() + 10]!r}"
            )


def _is_key(key: str) -> bool:
    match = re.fullmatch(r"[A-G][#b]?\s*([A-Za-z]*)(?:\s.*)?", key)
    return bool(match) and (not match[1] or match[1].lower().startswith(MODES))  # type: ignore[index]


def sounding_part(abc: str) -> str:
    """The tune without slurs, ornaments, grace notes, chord symbols and other signs that are not
    played.

    music21 loses the note after a fermata `H` and counts tuplets wrongly when a grace note stands
    in them.
    """
    fields, lines = split_header(abc)
    header = [f"{letter}:{fields[letter]}" for letter in "XTMLK" if letter in fields]
    return "\n".join(
        header + [line if FIELD.match(line) else _sounding_line(line) for line in lines]
    )


def _sounding_line(line: str) -> str:
    tokens = TOKEN.finditer(line.split("%")[0])
    kept = (
        token[0] if not token["other"] or token[0] == "-" else ""
        for token in tokens
        if not token["skip"]
    )
    return "".join(kept).replace("x", "z")


def _read_notes(abc: str) -> tuple[Note, ...]:
    """The notes from music21's tokens. Its scores are not used: an overfull bar can keep them busy
    for minutes."""
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


def share_parsed(tunes: Iterable[str]) -> float:
    """The share, from 0 to 1, of `tunes` that `parse_tune` reads; 0.0 when there are none."""
    results = [_is_readable(tune) for tune in tunes]
    return sum(results) / len(results) if results else 0.0


def _is_readable(abc: str) -> bool:
    try:
        parse_tune(abc)
    except TuneError:
        return False
    return True


def share_copied(tunes: Iterable[str], training_tunes: Iterable[str]) -> float:
    """The share, from 0 to 1, of `tunes` whose whole music is that of a training tune; 0.0 when
    there are none.

    Music is compared by `labkit.music.notation.normal_body`: number, title, layout, slurs and ornaments
    do not count.
    """
    known = {normal_body(tune) for tune in training_tunes}
    copied = [normal_body(tune) in known for tune in tunes]
    return sum(copied) / len(copied) if copied else 0.0


def longest_copy(tune: str, training_tunes: Iterable[str]) -> float:
    """The longest passage of `tune` that is found in one training tune, as a share of its music,
    from 0 to 1.

    Passages are counted in characters of `labkit.music.notation.normal_body`.
    """
    body = normal_body(tune)
    known = "\n".join(normal_body(other) for other in training_tunes)
    best = start = 0
    for end in range(1, len(body) + 1):  # both ends only move on: at most 2·len(body) searches
        while start < end and body[start:end] not in known:
            start += 1
        best = max(best, end - start)
    return best / len(body) if body else 0.0
