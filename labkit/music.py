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
from typing import Any

from labkit.meter import bars, meter_length
from labkit.notation import normal_body, split_header

__all__ = ["Note", "Tune", "TuneError", "longest_copy", "parse_tune", "share_copied", "share_parsed", "validate_tune"]

MODES = ("maj", "min", "mix", "dor", "phr", "lyd", "loc", "aeo", "ion", "m", "n")  # n: twice in the collection
LONGEST_BAR = 16  # whole notes; a bar beyond is a slip of a model, and music21 would split it for ever
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
        title, meter, key, rhythm: as in the header, such as "The Kesh", "6/8", "G" and "jig"; "" when missing.
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
        TuneError: when it is no tune: a header field is missing or unreadable, there are no notes, or music21
            refuses it.
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
    """Checks what can be checked without music21: header, key, meter, lengths, and that there are notes.

    Raises:
        TuneError: saying what was expected and what came.
    """
    if not isinstance(abc, str):
        raise TuneError(f"expected ABC text, got {type(abc).__name__}")
    if len(abc) > LONGEST_TUNE:
        raise TuneError(f"expected one tune, got {len(abc):,} characters: take one of split_tunes(text)")
    if len(re.findall(r"(?m)^X:", abc)) > 1:
        raise TuneError("expected one tune, got several X: lines: take one of split_tunes(text)")
    fields, _ = split_header(abc)
    for letter, meaning in (("X", "number"), ("K", "key")):
        if letter not in fields:
            raise TuneError(f"no {letter}: line (the tune's {meaning}) in the header")
    if not _is_key(fields["K"]):
        raise TuneError(f"the key K:{fields['K']} is not one such as G, Em, F#m or Dmix")
    meter = fields.get("M", "none")
    if meter.lower() not in ("none", "") and meter_length(meter) is None:
        raise TuneError(f"the meter M:{meter} is not one such as 6/8, C or C|")
    lengths = [bar.length for bar in bars(abc)]
    if not any(lengths):
        raise TuneError("no notes after the K: line")
    if max(lengths) > LONGEST_BAR:
        raise TuneError(f"a bar lasts {float(max(lengths)):g} whole notes; a bar line is missing, or a length is wrong")


def _is_key(key: str) -> bool:
    match = re.fullmatch(r"(?:([A-G][#b]?)\s*([A-Za-z]*)|HP|Hp|none)(?:\s.*)?", key)
    return bool(match) and (not match[2] or match[2].lower().startswith(MODES))  # type: ignore[index]


def _read_notes(abc: str) -> tuple[Note, ...]:
    from music21 import converter

    try:
        score = converter.parseData(abc, format="abc")
        notes = _notes_of(score)
    except Exception as error:  # music21 raises whatever its readers stumble over
        raise TuneError(f"music21 cannot read it: {type(error).__name__}: {error}") from None
    if not notes:
        raise TuneError("music21 finds no notes in it")
    return notes


def _notes_of(score: Any) -> tuple[Note, ...]:
    flat = score.flatten().notes
    notes: list[Note] = []
    for element in sorted(flat, key=lambda element: element.offset):
        if not element.quarterLength or not element.pitches:
            continue  # grace notes, chord symbols
        pitch = max(one.midi for one in element.pitches)
        onset, duration = float(element.offset), float(element.quarterLength)
        last = notes[-1] if notes else None
        if last and element.tie and element.tie.type in ("stop", "continue") and last.pitch == pitch:
            notes[-1] = Note(pitch, last.onset, last.duration + duration)
        else:
            notes.append(Note(pitch, onset, duration))
    return tuple(notes)


def share_parsed(tunes: Iterable[str]) -> float:
    """The share, from 0 to 1, of `tunes` that `parse_tune` reads; 0.0 when there are none. About 0.1 s per tune."""
    results = [_is_readable(tune) for tune in tunes]
    return sum(results) / len(results) if results else 0.0


def _is_readable(abc: str) -> bool:
    try:
        parse_tune(abc)
    except TuneError:
        return False
    return True


def share_copied(tunes: Iterable[str], training_tunes: Iterable[str]) -> float:
    """The share, from 0 to 1, of `tunes` whose whole music is that of a training tune; 0.0 when there are none.

    Music is compared by `labkit.notation.normal_body`: number, title, layout, slurs and ornaments do not count.
    """
    known = {normal_body(tune) for tune in training_tunes}
    copied = [normal_body(tune) in known for tune in tunes]
    return sum(copied) / len(copied) if copied else 0.0


def longest_copy(tune: str, training_tunes: Iterable[str]) -> float:
    """The longest passage of `tune` that is found in one training tune, as a share of its music, from 0 to 1.

    Passages are counted in characters of `labkit.notation.normal_body`.
    """
    body = normal_body(tune)
    known = "\n".join(normal_body(other) for other in training_tunes)
    best = start = 0
    for end in range(1, len(body) + 1):  # both ends only move on: at most 2·len(body) searches
        while start < end and body[start:end] not in known:
            start += 1
        best = max(best, end - start)
    return best / len(body) if body else 0.0
