"""The signs of ABC: what a line of a tune is made of.

ABC is described by its standard 2.1 (abcnotation.com/wiki/abc:standard:v2.1), whose sections are
cited here. A line is either a field, one letter and a colon, or music. `header_field` reads the
first kind, `tokens` cuts the second into typed tokens, and `read_note`, `read_tuplet`,
`inline_field` and `split_group` say what is inside a token:

    [token.kind for token in tokens("(3ABc [Gd]2|")]
    # [TUPLET, NOTE, NOTE, NOTE, SPACE, CHORD, BAR]

Nothing here fails on malformed text: what has no meaning becomes a token of the kind OTHER.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "ACCIDENTALS",
    "Field",
    "Kind",
    "Note",
    "Token",
    "Tuplet",
    "has_notes",
    "header_field",
    "inline_field",
    "is_group",
    "length_of",
    "notes_of",
    "read_fraction",
    "read_note",
    "read_tuplet",
    "split_group",
    "tokens",
]


class Kind(StrEnum):
    """The kinds of tokens; the numbers are sections of the standard."""

    SPACE = "space"
    TEXT = "text"  # "Gm" or "^slowly": a chord symbol or an annotation, 4.18 and 4.19
    DECORATION = "decoration"  # !trill!, 4.14
    GRACE = "grace"  # {abc}, grace notes, which take no time, 4.12
    CONTINUATION = "continuation"  # a backslash, 6.1.1
    FIELD = "field"  # [M:3/4], a field inside a line, 3.2
    BAR = "bar"  # | || |] :| |1 [2, 4.8 and 4.9
    TUPLET = "tuplet"  # (3 or (3:2:4, 4.13
    BROKEN = "broken"  # < or >>, broken rhythm, 4.4
    CHORD = "chord"  # [CEG]2, 4.17
    OLD_CHORD = "old_chord"  # +CEG+2, a chord of ABC 1.6
    BAR_RESTS = "bar_rests"  # Z4, rests of whole bars, 4.5
    NOTE = "note"  # ^c'3/2, 4.1 to 4.3
    REST = "rest"  # z2, and x2, which is not printed, 4.5
    TIE = "tie"  # -, 4.11
    SLUR = "slur"  # ( and ), 4.11
    ORNAMENT = "ornament"  # . ~ H L M O P S T u v, 4.14
    SIGN = "sign"  # a beam `, an overlay &, a space y, or a letter that a tune may define, 4.16
    COMMENT = "comment"  # % and what follows, 2.2.3
    OTHER = "other"


_LENGTH = r"\d*/*\d*"
_TOKEN = re.compile(
    rf"""
      (?P<note>         [\^_=]*[A-Ga-g][,']* {_LENGTH} )
    | (?P<space>        \s+ )
    | (?P<text>         "[^"]*" )
    | (?P<decoration>   ![^!|\s]*! )
    | (?P<grace>        \{{[^}}]*\}} )
    | (?P<continuation> \\ )
    | (?P<field>        \[[A-Za-z]:[^\]]*\] )
    | (?P<bar>          (?::*\|[|:\]]* | ::+ | \[\|[|:\]]*) (?:\[?\d[\d,.-]*)?  # with an ending
                        | \[\d[\d,.-]*                                         # an ending alone
                        | \|?\] )
    | (?P<tuplet>       \(\d(?::\d?)?(?::\d?)? )
    | (?P<broken>       [<>]+ )
    | (?P<chord>        \[[^\]|]*\] {_LENGTH} )
    | (?P<old_chord>    \+(?:[\^_=]*[A-Ga-g][,']* {_LENGTH})+\+ {_LENGTH} )
    | (?P<bar_rests>    Z\d* )
    | (?P<rest>         [zx] {_LENGTH} )
    | (?P<tie>          - )
    | (?P<slur>         [()] )
    | (?P<ornament>     [.~HLMOPSTuv] )
    | (?P<sign>         [`&yH-Wh-w] )
    | (?P<other>        . )
    """,
    re.DOTALL | re.VERBOSE,
)
_KINDS: dict[int | None, Kind] = {number: Kind(name) for name, number in _TOKEN.groupindex.items()}
_COMMENT = re.compile(r"(?<!\\)%")  # in a field; `\%` is a percent sign there, 8.2
_HEADER_FIELD = re.compile(r"([A-Za-z]):(?![|:])(.*)")  # a line of music may begin with `d:|`
# Of a longer run of accidentals only those next to the letter count.
_NOTE = re.compile(r"[\^_=]*?(\^{1,2}|_{1,2}|=)?([A-Ga-g])([,']*)(.*)")
_LENGTH_PARTS = re.compile(r"(\d*)(/*)(\d*)$")
_TUPLET = re.compile(r"\((\d)(?::(\d?))?(?::(\d?))?")
_FRACTION = re.compile(r"\s*(\d{1,3})(?:/(\d{1,3}))?\s*")
_CLOSING = {"[": "]", "{": "}", "+": "+"}

ACCIDENTALS = {"__": -2, "_": -1, "=": 0, "^": 1, "^^": 2}
"""What each accidental does to a natural note, in semitones (4.2)."""

LONGEST = 10**4
"""The largest number in a length; more is a slip of a model, and would take memory to write out."""


class Token(NamedTuple):
    """A piece of a line of music: its kind, and its text as it stands."""

    kind: Kind
    text: str


class Field(NamedTuple):
    """A field: its letter, such as "K", and its value without space at its ends."""

    letter: str
    value: str


class Note(NamedTuple):
    """A note as it is written.

    Attributes:
        accidental: a key of `ACCIDENTALS`, or "".
        letter: "A" to "G".
        octave: 0 for the octave that begins with middle C, 1 for the one above.
        length: what is written behind it, such as "3/2"; `length_of` reads it.
    """

    accidental: str
    letter: str
    octave: int
    length: str

    @property
    def steps(self) -> int:
        """Letters above middle C, accidentals aside."""
        return "CDEFGAB".index(self.letter) + 7 * self.octave


class Tuplet(NamedTuple):
    """p notes in the time of q, for the next r notes; q and r are None where they are left out."""

    p: int
    q: int | None
    r: int | None


def header_field(line: str) -> Field | None:
    """The field that a whole line is, such as "M: 6/8 % a jig" → ("M", "6/8"); None for others."""
    match = _HEADER_FIELD.match(line)
    if not match:
        return None
    value = _COMMENT.split(match[2], maxsplit=1)[0]
    return Field(match[1], " ".join(value.split()))


def tokens(line: str) -> list[Token]:
    """The tokens of a line of music in their order; their texts together are the line again."""
    music, percent, comment = line.partition("%")
    # By the group's number, which is a third faster than by its name.
    found = [Token(_KINDS[match.lastindex], match[0]) for match in _TOKEN.finditer(music)]
    if percent:
        found.append(Token(Kind.COMMENT, percent + comment))
    return found


def inline_field(text: str) -> Field:
    """The text of a FIELD token: "[M:3/4]" → ("M", "3/4")."""
    return Field(text[1], text[3:-1].strip())


@lru_cache(maxsize=4096)
def read_note(text: str) -> Note:
    """The text of a NOTE token: "^c'2" → Note("^", "C", 2, "2").

    Raises:
        ValueError: when it is no note.
    """
    match = _NOTE.fullmatch(text)
    if not match:
        raise ValueError(f"expected a note such as ^c'2, got {text!r}")
    accidental, letter, marks, length = match.groups()
    # Small letters are one octave up; each apostrophe adds one, each comma takes one away.
    octave = letter.islower() + marks.count("'") - marks.count(",")
    return Note(accidental or "", letter.upper(), octave, length)


def read_tuplet(text: str) -> Tuplet:
    """The text of a TUPLET token: "(3:2:4" → (3, 2, 4), "(3" → (3, None, None).

    Raises:
        ValueError: when it is no tuplet.
    """
    match = _TUPLET.fullmatch(text)
    if not match:
        raise ValueError(f"expected a tuplet such as (3, got {text!r}")
    p, q, r = match.groups()
    return Tuplet(int(p), int(q) if q else None, int(r) if r else None)


@lru_cache(maxsize=4096)
def length_of(text: str) -> Fraction:
    """The length at the end of a note, a rest or a chord, in unit note lengths.

    "A" → 1, "A3/2" → 3/2, "A/" → 1/2, "A//" → 1/4 (4.3). A zero and numbers above 10,000 are slips
    and count as 1 and 10,000.
    """
    match = _LENGTH_PARTS.search(text)
    numerator, slashes, denominator = match.groups() if match else ("", "", "")
    below = _number(denominator) if denominator else 2 ** min(len(slashes), 8)
    return Fraction(_number(numerator), below)


def _number(digits: str) -> int:
    return min(int(digits[:6]), LONGEST) or 1 if digits else 1


def is_group(kind: Kind) -> bool:
    """Whether tokens of a kind have notes inside: chords and grace notes."""
    return kind in (Kind.CHORD, Kind.OLD_CHORD, Kind.GRACE)


def split_group(text: str) -> tuple[str, str, str]:
    """The text of a CHORD, OLD_CHORD or GRACE token: "[CEG]2" → ("[", "CEG", "]2")."""
    end = text.rindex(_CLOSING[text[0]])
    return text[0], text[1:end], text[end:]


def notes_of(token: Token) -> list[str]:
    """The texts of the notes in a token: one of a NOTE, several of a chord or of grace notes."""
    if token.kind is Kind.NOTE:
        return [token.text]
    if not is_group(token.kind):
        return []
    _, inside, _ = split_group(token.text)
    return [note for part in tokens(inside) for note in notes_of(part)]


def has_notes(line: str) -> bool:
    """Whether a line of music has any note."""
    return any(notes_of(token) for token in tokens(line))


def read_fraction(text: str) -> Fraction | None:
    """ "6/8" → 3/4, "2" → 2; None for anything else, and where a number is 0 or has four digits."""
    match = _FRACTION.fullmatch(text)
    if not match:
        return None
    above, below = int(match[1]), int(match[2] or 1)
    return Fraction(above, below) if above and below else None
