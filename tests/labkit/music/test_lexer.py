"""The signs of ABC, one by one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.music.lexer import (
    Kind,
    Note,
    has_notes,
    header_field,
    inline_field,
    length_of,
    notes_of,
    read_fraction,
    read_note,
    read_tuplet,
    split_group,
    tokens,
)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("A ^c'3/2", "note space note"),
        ("z2 x Z4", "rest space rest space bar_rests"),
        ('"Gm7"A!trill!B', "text note decoration note"),
        ("{abc}d\\", "grace note continuation"),
        ("[M:3/4][CEG]2", "field chord"),
        ("A|B||:C:|1D:|2E|]", "note bar note bar note bar note bar note bar"),
        ("[1A::B[|", "bar note bar note bar"),
        ("(3ABc (3:2:4d", "tuplet note note note space tuplet note"),
        ("A>B<<c", "note broken note broken note"),
        ("(A-A) ~B .c", "slur note tie note slur space ornament note space ornament note"),
        ("`&yI", "sign sign sign sign"),
        ("+CEG+2", "old_chord"),
        ("A % B", "note space comment"),
        ("?9é", "other other other"),
    ],
)
def test_every_sign_has_its_kind(line, kinds):
    """The kinds of the standard 2.1, and OTHER for what it gives no meaning."""
    assert " ".join(kind for kind, _ in tokens(line)) == kinds


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ABcd z[](){}<>/|:0123456789^_=,'-~\"!KML\\+%Zé", max_size=80))
def test_no_character_is_lost(line):
    """The texts of the tokens are the line again, whatever it is, and none is empty."""
    found = tokens(line)
    assert "".join(text for _, text in found) == line
    assert all(text for _, text in found)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("K:G", ("K", "G")),
        ("T:  A  Jig % or not", ("T", "A Jig")),
        (r"T:50\% off", ("T", r"50\% off")),
        ("d:|", None),
        ("d::e", None),
        ("GAB", None),
    ],
)
def test_fields_and_music(line, field):
    """A letter and a colon make a field, but not when a bar line follows."""
    assert header_field(line) == field


def test_fields_inside_a_line():
    """The value stands between the colon and the bracket."""
    assert inline_field("[M: 3/4 ]") == ("M", "3/4")


@pytest.mark.parametrize(
    ("text", "note", "steps"),
    [
        ("C", Note("", "C", 0, ""), 0),
        ("^c'2", Note("^", "C", 2, "2"), 14),
        ("__B,,/", Note("__", "B", -2, "/"), -8),
        ("=a", Note("=", "A", 1, ""), 12),
        ("_^F3/2", Note("^", "F", 0, "3/2"), 3),
    ],
)
def test_what_a_note_says(text, note, steps):
    """Accidental, letter, octave and length; of several accidentals the last counts."""
    assert read_note(text) == note
    assert read_note(text).steps == steps


@pytest.mark.parametrize(
    ("text", "length"),
    [
        *[("A", "1"), ("A3/2", "3/2"), ("A/", "1/2"), ("A//", "1/4"), ("A/4", "1/4")],
        *[("z3", "3"), ("[C2E2]/", "1/2"), ("Z4", "4"), ("A0", "1"), ("A3/", "3/2")],
    ],
)
def test_lengths(text, length):
    """What stands behind a note, a rest or a chord, in unit note lengths."""
    assert length_of(text) == Fraction(length)


def test_absurd_lengths_are_limited():
    """A model may write any number of digits and slashes; no number grows without a limit."""
    assert length_of("A" + "9" * 500) == 10**4
    assert length_of("A" + "/" * 500) == Fraction(1, 2**8)


def test_tuplets():
    """p, q and r, where they are written."""
    assert read_tuplet("(3") == (3, None, None)
    assert read_tuplet("(3:2:4") == (3, 2, 4)
    assert read_tuplet("(3::4") == (3, None, 4)


def test_what_is_inside_of_groups():
    """Chords, old chords and grace notes have notes inside."""
    assert split_group("[CE^G]2") == ("[", "CE^G", "]2")
    assert split_group("+CE+") == ("+", "CE", "+")
    assert [notes_of(token) for token in tokens("A[CE^G2]2{d/}z")] == [
        ["A"],
        ["C", "E", "^G2"],
        ["d/"],
        [],
    ]
    assert tokens("[CEG]")[0].kind is Kind.CHORD


def test_letters_that_are_no_notes():
    """Chord symbols, decorations, fields and comments have letters, and no notes."""
    assert not has_notes('"Am" !fermata! [K:G] z4 | % and so on')
    assert has_notes('"Am" [Gd]')


def test_what_is_no_note():
    """Neither a rest nor a slur is read as a note or a tuplet."""
    with pytest.raises(ValueError, match="expected a note"):
        read_note("z2")
    with pytest.raises(ValueError, match="expected a tuplet"):
        read_tuplet("(A")


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("6/8", Fraction(3, 4)),
        (" 2 ", 2),
        ("0/4", None),
        ("4/0", None),
        ("1234/8", None),
        ("", None),
    ],
)
def test_fractions(text, fraction):
    """Whole numbers and quotients of at most three digits, without zeros."""
    assert read_fraction(text) == fraction
