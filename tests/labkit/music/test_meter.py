"""Bars add up, or do not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.music.meter import bar_counts, bars, fraction_of_full_bars, meter_length
from labkit.music.tunes import load_tunes
from tests.labkit.music.examples import JIG, REEL

HEAD = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"


def lengths(body: str, head: str = HEAD) -> list[Fraction]:
    return [bar.length for bar in bars(head + body)]


@pytest.mark.parametrize(
    ("body", "eighths"),
    [
        ("A", 1),
        ("A2 A3/2 A/ A/4 A// A/2 A3/", "2 + 3/2 + 1/2 + 1/4 + 1/4 + 1/2 + 3/2"),
        ("^A _B, =c'' z x2", 6),
        ("A>B A<B A>>B A<<<B", 8),
        ("(3ABC", 2),
        ("(3A2B2C2 D", 5),
        ("(2AB (4ABCD", "3 + 3"),
        ("(5ABCDE", 2),
        ("(3:2:4ABCD", "8/3"),
        ("(3A>BC", 2),
        ("[CEG]2 [C2E2]", 4),
        ("[C2E2]2", 4),
        ("{abc}A {g}B", 2),
        ('"Gm7"A !trill!B .C ~D (E F) G-G', 8),
        ("Z", 8),
        ("[L:1/4]A", 2),
        ("A [M:3/4] B", 2),
    ],
)
def test_note_lengths(body, eighths):
    """Lengths, dots, tuplets, chords, rests and inline fields as in the ABC standard 2.1."""
    total = sum(Fraction(part) for part in str(eighths).split("+")) / 8
    assert lengths(body + "|") == [total]


def test_a_five_tuplet_in_compound_time():
    """In 6/8, 9/8 and 12/8 five notes take the time of three, elsewhere of two (ABC 2.1, 4.13)."""
    assert lengths("(5ABCDE|", HEAD.replace("4/4", "6/8")) == [Fraction(3, 8)]


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("A|B|", [(True, False), (False, True)]),
        ("A||B|]", [(True, True), (True, True)]),
        ("|:A|B:|C|]", [(True, False), (False, True), (True, True)]),
        ("A|1 B:|2 C|]", [(True, True), (True, True), (True, True)]),
        ("A|[1 B:|[2 C|]", [(True, True), (True, True), (True, True)]),
        ("A::B", [(True, True), (True, True)]),
        ("A|\n|B|", [(True, False), (False, True)]),
    ],
)
def test_bar_lines(body, parts):
    """Double bars, repeat signs and endings part a tune; single bars do not; empty bars are
    none."""
    assert [(bar.opens, bar.closes) for bar in bars(HEAD + body)] == parts


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("A8|A8|]", (2, 2)),
        ("A8|A7|A8|]", (2, 3)),
        ("G2|A8|A6|]", (2, 2)),
        ("G2|A8|A5|]", (1, 2)),
        ("G2|A8|A6:|G2|A8|A8|]", (4, 4)),
        ("A8|A9|]", (1, 2)),
        ("A9|A8|]", (1, 2)),
        ("A8|A6||G2|A8|A8|]", (4, 4)),
        ("", (0, 0)),
    ],
)
def test_which_bars_count(body, counts):
    """A pick-up is not judged; the bar that closes a part may lack what a pick-up brings; no other
    bar may."""
    assert bar_counts(HEAD + body) == counts


def test_meter_changes_inside_a_tune():
    """A new M: rules from there on; in a free meter nothing is judged."""
    assert bar_counts(HEAD + "A8|\nM:3/4\nA6|A6|]") == (3, 3)
    assert bar_counts(HEAD.replace("4/4", "none") + "A8|A3|]") == (0, 0)


@pytest.mark.parametrize(
    ("meter", "length"), [("6/8", Fraction(3, 4)), ("C", 1), ("C|", 1), ("12/8", Fraction(3, 2))]
)
def test_meter_length(meter, length):
    """C is 4/4 and C| is 2/2."""
    assert meter_length(meter) == length


@pytest.mark.parametrize("meter", ["", "none", "0/4", "4/0", "a/b", "4", "9999/8"])
def test_no_meter(meter):
    """What is no meter is a free one."""
    assert meter_length(meter) is None


def test_fraction_over_tunes():
    """The fraction counts bars, not tunes; without bars it is 0."""
    assert fraction_of_full_bars([JIG, REEL]) == pytest.approx(
        7 / 8
    )  # the jig's third bar has 8 eighths
    assert fraction_of_full_bars([HEAD + "A8|A7|A8|]", HEAD + "A8|]"]) == pytest.approx(3 / 4)
    assert fraction_of_full_bars([]) == 0.0
    assert fraction_of_full_bars(["nonsense"]) == 0.0


def test_real_tunes_add_up():
    """In O'Neill's collection, which people typed, almost all bars are full."""
    tunes = load_tunes("fixture", quiet=True)
    assert 0.95 < fraction_of_full_bars(tunes.train) < 1


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ABcd z[](){}<>/|:0123456789^_=,'-~\"!KML\n\\", max_size=200))
def test_any_text_gives_bars(text):
    """Malformed ABC gives some bars, never an error, and lengths that are not negative."""
    assert all(bar.length >= 0 for bar in bars(HEAD + text))
    full, judged = bar_counts(HEAD + text)
    assert 0 <= full <= judged
