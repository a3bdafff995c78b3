"""ABC as text: cleaning a tune book, finding tunes in a text, comparing tunes.

ABC (standard 2.1) writes a tune as header fields, one letter and a colon each, that end with `K:`
(key), and a body of notes. A blank line ends the tune.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = [
    "HEADERS",
    "clean_tune",
    "join_tunes",
    "normal_body",
    "raw_tunes",
    "split_header",
    "split_tunes",
]

HEADERS = "XTMLRK"
"""The header fields kept, in this order: number, title, meter, unit note length, rhythm, key."""

FIELD = re.compile(r"([A-Za-z]):(?![|:])(.*)")  # a line of music may begin with `d:|`
BODY_FIELDS = "KML"
NOTE = re.compile(r"[A-Ga-g]")
SHORT_METER = 0.75  # ABC 2.1, 3.1.7: below it the unit note length is 1/16, from it on 1/8


def raw_tunes(book: str) -> list[str]:
    """The tunes of a tune book as they stand: every `X:` at the start of a line begins one. Shape:
    list of text."""
    book = book.replace("\r\n", "\n").replace("\r", "\n")
    return [part for part in re.split(r"(?m)^(?=X:)", book) if part.startswith("X:")]


def clean_tune(raw: str) -> str:
    """One tune with the header fields of `HEADERS` and a body of music alone; ends without a
    newline.

    The first title counts. A missing unit note length is written out as the standard's default.
    Comments, quoted chords and annotations, `!decorations!`, line continuations and other fields
    go; `K:`, `M:` and `L:` inside the body stay; the old chord `+CEG+` becomes `[CEG]`. Returns ""
    when a number, title, meter or key, or any note, is missing.
    """
    fields, body = split_header(raw)
    if not all(fields.get(letter) for letter in "XTMK"):
        return ""
    fields["L"] = fields.get("L") or default_length(fields["M"])
    fields["R"] = fields.get("R", "").lower().replace("slipjig", "slip jig")
    lines = [clean for line in body if (clean := _clean_line(line))]
    if not any(NOTE.search(line) for line in lines if not FIELD.match(line)):
        return ""
    header = [f"{letter}:{fields[letter]}" for letter in HEADERS if fields.get(letter)]
    return "\n".join(header + lines)


def split_header(tune: str) -> tuple[dict[str, str], list[str]]:
    """({field letter: first value}, body lines). The body is everything after the first `K:`
    line."""
    fields: dict[str, str] = {}
    lines = tune.splitlines()
    for number, line in enumerate(lines):
        match = FIELD.match(_uncomment(line))
        if match:
            fields.setdefault(match[1], re.sub(r"\s+", " ", match[2]).strip())
        if match and match[1] == "K":
            return fields, lines[number + 1 :]
    return fields, []


def default_length(meter: str) -> str:
    """The unit note length that ABC 2.1 (section 3.1.7) takes when none is written."""
    match = re.fullmatch(r"(\d+)/(\d+)", meter)
    short = bool(match) and int(match[1]) / max(int(match[2]), 1) < SHORT_METER  # type: ignore[index]
    return "1/16" if short else "1/8"


def _uncomment(line: str) -> str:
    return re.split(r"(?<!\\)%", line, maxsplit=1)[0] if "%" in line else line


def _clean_line(line: str) -> str:
    line = _uncomment(line)
    if field := FIELD.match(line):
        return f"{field[1]}:{field[2].strip()}" if field[1] in BODY_FIELDS else ""
    line = re.sub(r'"[^"]*"|![^!|\s]+!', "", line)
    line = re.sub(r"\+([^+|]+)\+", r"[\1]", line)
    line = re.sub(r"[\\!*+\"]", "", line)
    line = re.sub(r"\s+", " ", line).strip()
    return (
        line if re.search(r"[A-Ga-gzx|]", line) else ""
    )  # one tune has a second number in its body


def split_tunes(text: str) -> list[str]:
    """Every complete tune in a text, such as one that a model wrote; each ends without a newline.

    A tune begins with a line `X:` and goes to the next blank line, the next `X:`, or the end of the
    text. It is complete when it has a `K:` line followed by notes. The last tune of a text that was
    cut off counts only when it ends with a newline or with a closing bar line (`||`, `|]`, `:|`).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = []
    for match in re.finditer(r"(?m)^X:", text):
        block = re.split(r"\n[ \t]*(?:\n|$)|\n(?=X:)", text[match.start() :], maxsplit=1)[0]
        cut = match.start() + len(block) == len(text)
        if _has_music(block) and (not cut or re.search(r"(\|\||\|\]|:\|)\s*$", block)):
            found.append(block.rstrip())
    return found


def _has_music(tune: str) -> bool:
    return any(NOTE.search(line) for line in split_header(tune)[1] if not FIELD.match(line))


def join_tunes(tunes: Iterable[str]) -> str:
    """Tunes as one text to train on: a blank line after each. `split_tunes` is its inverse."""
    return "".join(f"{tune}\n\n" for tune in tunes)


def normal_body(tune: str) -> str:
    """The music of a tune for comparisons: its body without layout, grace notes, slurs and
    ornaments.

    Two tunes with the same normal body are the same tune, whatever their number, title and line
    breaks.
    """
    body = " ".join(line for line in split_header(tune)[1] if not FIELD.match(line))
    body = re.sub(r'"[^"]*"|![^!]*!|\{[^}]*\}', "", body)
    body = re.sub(r"\((?=\d)", "#", body)  # keep the tuplets apart from slurs
    body = re.sub(r"[\s()\\.~HLMOPSTuv]", "", body)
    return re.sub(r"[:|\[\]]*\|[:|\]]*", "|", body).strip("|")
