"""ABC as text: cleaning a tune book, finding tunes in a text, comparing tunes.

ABC (standard 2.1) writes a tune as header fields, one letter and a colon each, that end with `K:`
(key), and a body of notes. A blank line ends the tune. `labkit.music.lexer` reads single lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from labkit.music.lexer import (
    Kind,
    has_notes,
    header_field,
    read_fraction,
    split_group,
    tokens,
)

__all__ = [
    "HEADERS",
    "clean_tune",
    "default_length",
    "join_tunes",
    "normal_body",
    "raw_tunes",
    "split_header",
    "split_tunes",
]

HEADERS = "XTMLRK"
"""The header fields kept, in this order: number, title, meter, unit note length, rhythm, key."""

BODY_FIELDS = "KML"
SHORT_METER = Fraction(3, 4)  # ABC 2.1, 3.1.7: below it the unit note length is 1/16, else 1/8
CLOSING_BARS = ("||", "|]", ":|")

# What is not music in a tune book: remarks, and signs of old programs.
REMARKS = {Kind.TEXT, Kind.DECORATION, Kind.CONTINUATION, Kind.COMMENT}
OLD_SIGNS = re.compile(r'[\\!*+"]')
# Without one of these signs a line has neither remarks nor old chords: no need to read its tokens.
NOT_PLAIN = re.compile(r'[\\!*+"%]')
# What makes no other tune when two are compared: layout and what a player may add.
LAYOUT = REMARKS | {Kind.SPACE, Kind.GRACE, Kind.SLUR, Kind.ORNAMENT}


def raw_tunes(book: str) -> list[str]:
    """The tunes of a tune book as they stand: every `X:` at the start of a line begins one."""
    book = _with_plain_newlines(book)
    return [part for part in re.split(r"(?m)^(?=X:)", book) if part.startswith("X:")]


def _with_plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean_tune(raw: str) -> str:
    """One tune with the header fields of `HEADERS` and a body of music alone.

    The first title counts. A missing unit note length is written out as the standard's default.
    Comments, quoted chords and annotations, `!decorations!`, line continuations and other fields
    go; `K:`, `M:` and `L:` inside the body stay; the old chord `+CEG+` becomes `[CEG]`.

    Returns:
        The tune, without a newline at its end; "" when a number, title, meter or key, or any note,
        is missing.
    """
    fields, body = split_header(raw)
    if not all(fields.get(letter) for letter in "XTMK"):
        return ""
    fields["L"] = fields.get("L") or default_length(fields["M"])
    fields["R"] = fields.get("R", "").lower().replace("slipjig", "slip jig")
    lines = [clean for line in body if (clean := _clean_line(line))]
    if not _any_notes(lines):
        return ""
    header = [f"{letter}:{fields[letter]}" for letter in HEADERS if fields.get(letter)]
    return "\n".join(header + lines)


def split_header(tune: str) -> tuple[dict[str, str], list[str]]:
    """({field letter: first value}, body lines); the body is all after the first `K:` line."""
    fields: dict[str, str] = {}
    lines = tune.splitlines()
    for number, line in enumerate(lines):
        field = header_field(line)
        if field:
            fields.setdefault(*field)
        if field and field.letter == "K":
            return fields, lines[number + 1 :]
    return fields, []


def default_length(meter: str) -> str:
    """The unit note length that ABC 2.1 (section 3.1.7) takes when none is written."""
    length = read_fraction(meter) if "/" in meter else None
    return "1/16" if length and length < SHORT_METER else "1/8"


def _clean_line(line: str) -> str:
    if field := header_field(line):
        return f"{field.letter}:{field.value}" if field.letter in BODY_FIELDS else ""
    music = _without_remarks(line) if NOT_PLAIN.search(line) else line
    clean = " ".join(music.split())
    # One tune has a second number in its body: a line without notes, rests and bars is no music.
    return clean if re.search(r"[A-Ga-gzx|]", clean) else ""


def _without_remarks(line: str) -> str:
    kept = []
    for kind, text in tokens(line):
        if kind is Kind.OLD_CHORD:
            _, inside, closing = split_group(text)
            kept.append(f"[{inside}]{closing.removeprefix('+')}")
        elif kind not in REMARKS:
            kept.append(text)
    return OLD_SIGNS.sub("", "".join(kept))


def split_tunes(text: str) -> list[str]:
    """Every complete tune in a text, such as one that a model wrote.

    A tune begins with a line `X:` and goes to the next blank line, the next `X:`, or the end of the
    text. It is complete when it has a `K:` line followed by notes. The last tune of a text that was
    cut off counts only when it ends with a newline or with a closing bar line (`||`, `|]`, `:|`).

    Returns:
        The tunes in their order, each without a newline at its end.
    """
    text = _with_plain_newlines(text)
    found = []
    for match in re.finditer(r"(?m)^X:", text):
        block = re.split(r"\n[ \t]*(?:\n|$)|\n(?=X:)", text[match.start() :], maxsplit=1)[0]
        cut = match.start() + len(block) == len(text)
        closed = not cut or block.rstrip().endswith(CLOSING_BARS)
        if closed and _any_notes(split_header(block)[1]):
            found.append(block.rstrip())
    return found


def _any_notes(body: Iterable[str]) -> bool:
    return any(has_notes(line) for line in body if not header_field(line))


def join_tunes(tunes: Iterable[str]) -> str:
    """Tunes as one text to train on: a blank line after each. `split_tunes` is its inverse."""
    return "".join(f"{tune}\n\n" for tune in tunes)


def normal_body(tune: str) -> str:
    """The music of a tune for comparisons: its body without layout, grace notes and ornaments.

    Two tunes with the same normal body are the same tune, whatever their number, title, line
    breaks and slurs. A tuplet `(3` becomes `#3`, and any bar line `|`.
    """
    kept = []
    for line in split_header(tune)[1]:
        music = [] if header_field(line) else tokens(line)
        for kind, text in music:
            if kind is Kind.TUPLET:
                kept.append("#" + text[1:])
            elif kind not in LAYOUT:
                kept.append(text)
    # Bar lines that touch are one: `:|` at the end of a line, and `|:` at the start of the next.
    return re.sub(r"[:|\[\]]*\|[:|\]]*", "|", "".join(kept)).strip("|")
