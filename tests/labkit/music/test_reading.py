"""Tunes as music, and the fractions of a model's tunes."""

from __future__ import annotations

import contextlib
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.music.meter import bars
from labkit.music.reading import (
    TuneError,
    fraction_copied,
    fraction_parsed,
    longest_copy,
    parse_tune,
    validate_tune,
)
from labkit.music.tunes import load_tunes
from tests.labkit.music.examples import JIG, REEL

pytest.importorskip("music21")


@pytest.fixture(scope="module")
def tunes():
    return load_tunes("fixture", quiet=True)


def test_a_tune_is_read_note_by_note():
    """Header, MIDI pitches with the key's sharps, onsets and durations in quarter notes, counted by
    hand."""
    tune = parse_tune(REEL)
    assert (tune.title, tune.meter, tune.key, tune.rhythm) == (
        "A Reel with an Upbeat",
        "C|",
        "D",
        "reel",
    )
    first = [(note.pitch, note.onset, note.duration) for note in tune.notes[:5]]
    assert first == [(69, 0, 1), (74, 1, 1), (78, 2, 0.5), (74, 2.5, 0.5), (69, 3, 0.5)]
    assert 73 in [note.pitch for note in tune.notes]  # c is sharp in D major
    last = tune.notes[-1]
    assert (last.pitch, last.onset, last.duration) == (74, 13, 3)
    assert tune.duration == 16


def test_tuplets_chords_and_dots():
    """A triplet takes the time of two, a chord gives its highest note, `c>B` is long and short."""
    notes = parse_tune(JIG).notes
    assert [note.duration for note in notes[7:9]] == [0.75, 0.25]
    assert [note.duration for note in notes[12:15]] == pytest.approx([1 / 3] * 3)
    assert notes[16].pitch == 71


def test_ties_ornaments_and_fermatas():
    """Tied notes are one note; grace notes and fermatas lose and add nothing."""
    notes = parse_tune("X:1\nM:4/4\nL:1/8\nK:C\nC2-C2 {d}HE2 ~G2|").notes
    assert [(note.pitch, note.duration) for note in notes] == [(60, 2), (64, 1), (67, 1)]


def test_music21_and_our_bars_agree(tunes):
    """Two independent readers of note lengths give the same total for real tunes without long
    rests."""
    for tune in tunes.held_out:
        parsed = parse_tune(tune)
        ours = 4 * sum((bar.length for bar in bars(tune)), Fraction(0))
        last_rests = ours - Fraction(parsed.duration).limit_denominator(1024)
        assert 0 <= last_rests < 3


@pytest.mark.parametrize(
    ("abc", "words"),
    [
        (JIG.replace("X:1\n", ""), "no X: line"),
        (JIG.replace("K:G", ""), "no K: line"),
        (JIG.replace("K:G", "K:Hmm"), "is not a key"),
        (JIG.replace("6/8", "6/x"), "is not a meter"),
        (JIG.replace("1/8", "21/8"), "is not a unit note length"),
        (JIG.replace("T:", "T "), "is not a field"),
        (JIG.split("K:G")[0] + "K:G\n", "no notes"),
        (JIG.replace("G6", "G999"), "a bar lasts"),
        (JIG.replace("GAB", "G?B"), "unexpected '?'"),
        (JIG.replace("[GB]", "[GB"), "unexpected"),
        (JIG + "\n" + REEL, "several X: lines"),
        (None, "expected ABC text"),
        ("X:1\nK:C\n" + "C" * 20_001, "expected one tune"),
    ],
)
def test_what_is_no_tune(abc, words):
    """Each defect has its own message, with what came."""
    with pytest.raises(TuneError, match=words):
        parse_tune(abc)


def test_real_tunes_parse(tunes):
    """Every held-out tune is readable, a mangled one is not, and no tunes means 0."""
    assert fraction_parsed(tunes.held_out) == 1.0
    assert fraction_parsed([JIG, JIG.replace("K:G", "K:?")]) == 0.5
    assert fraction_parsed([]) == 0.0


def test_copies_are_found_under_another_title(tunes):
    """A copy with another number and title is a copy; a changed note makes a new tune."""
    copy = tunes.train[5].replace("T:", "T:The Other ")
    assert fraction_copied([copy, JIG], tunes.train) == 0.5
    assert fraction_copied([JIG.replace("dBG", "dBA")], [JIG]) == 0.0
    assert fraction_copied([], tunes.train) == 0.0


def test_longest_copy():
    """The longest passage as a fraction of the tune: all of a copy, half of a splice, or none."""
    head = "X:1\nK:C\n"
    assert longest_copy(head + "ABcd|", [head + "xABcdx|"]) == 1.0
    assert longest_copy(head + "ABcdEFGA", [head + "zABcdz", head + "zEFGz"]) == 0.5
    assert longest_copy(head + "EEEE", [head + "ABcd"]) == 0.0
    assert longest_copy("", [JIG]) == 0.0


def test_mutated_tunes_never_crash(tunes):
    """Real tunes with random edits are read or refused with a TuneError, quickly."""
    draw = random.Random(0)
    signs = [*tunes.vocab, *'0123456789[]{}()|:/"!+&']
    for _ in range(60):
        text = list(draw.choice(tunes.train))
        for _ in range(draw.choice([1, 3, 10, 30])):
            place = draw.randrange(len(text))
            text[place : place + draw.choice([0, 1])] = draw.choice(signs)
        with contextlib.suppress(TuneError):
            parse_tune("".join(text))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=9, max_codepoint=255), max_size=120))
def test_random_text_never_crashes(text):
    """Any text is read or refused."""
    for abc in (text, f"X:1\nT:t\nM:4/4\nL:1/8\nK:{text}", f"X:1\nT:t\nM:4/4\nL:1/8\nK:G\nA{text}"):
        with contextlib.suppress(TuneError):
            validate_tune(abc)
            parse_tune(abc)
