"""The same tune in another key."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.music.notation import split_header
from labkit.music.reading import fraction_parsed, parse_tune
from labkit.music.transpose import in_other_keys, transpose_tune
from labkit.music.tunes import load_tunes
from tests.labkit.music.examples import JIG

HEAD = "X:1\nT:A Tune with Letters\nM:6/8\nL:1/8\nR:jig\n"


def body_in(key: str, old: str, body: str) -> str | None:
    moved = transpose_tune(f"{HEAD}K:{old}\n{body}", key)
    return moved and moved.removeprefix(f"{HEAD}K:{key}\n")


@pytest.mark.parametrize(
    ("old", "key", "body", "moved"),
    [
        ("G", "D", "GAB d2f|", "def a2c'|"),
        ("D", "G", "def a2b|", "GAB d2e|"),
        ("C", "D", "CDE FGA Bcd|", "DEF GAB cde|"),
        ("G", "A", "(3GAB {c}d z2|1 [Gd]>B :|2 g3 |]", "(3ABc {d}e z2|1 [Ae]>c :|2 a3 |]"),
        ("D", "G", "=c ^d _e =f", "=f ^g _a _b"),
        ("G", "F", "=f ^c _c", "_e =B __B"),
        ("F", "G", "=B _e B", "^c =f c"),
        ("Em", "Am", "^c ^d e b'", "^F ^G A e'"),
        ("Gm", "Am", "^F G _A B, C,", "^G A _B C D,"),
        ("Bb", "G", "B,2 D,", "G2 B,"),
    ],
)
def test_the_notes_move_by_letters_and_keep_their_accidentals(old, key, body, moved):
    """Letters move, octaves follow, accidentals mean the same in the new signature; all else
    stays."""
    assert body_in(key, old, body) == moved


@pytest.mark.parametrize(
    ("old", "key", "body"),
    [
        ("Ador", "G", "ABc"),  # no plain key
        ("Em", "G", "EFG"),  # of another mode
        ("G", "D", "GAB\nK:D\nABc"),
        ("G", "D", "GAB [K:D] ABc"),
        ("C", "Cb", "__B"),
        ("G", "D", "z3 | z3"),  # no note
    ],
)
def test_what_cannot_be_transposed_is_none(old, key, body):
    """Better no tune than a wrong one."""
    assert transpose_tune(f"{HEAD}K:{old}\n{body}", key) is None


def test_a_key_is_asked_for():
    """A slip in the key is named."""
    with pytest.raises(ValueError, match="unknown key 'H'"):
        transpose_tune(JIG, "H")


def test_real_tunes_keep_their_intervals():
    """Read as music: every pitch of a transposed tune of the fixture lies equally far from the
    original."""
    moved = 0
    for tune in load_tunes("fixture", quiet=True).train[:60]:
        for key in ("A", "F", "Dm", "Bm"):
            other = transpose_tune(tune, key)
            if other is not None:
                old, new = parse_tune(tune), parse_tune(other)
                apart = {b.pitch - a.pitch for a, b in zip(old.notes, new.notes, strict=True)}
                assert len(apart) == 1, tune
                assert abs(apart.pop()) <= 11
                assert [(n.onset, n.duration) for n in old.notes] == [
                    (n.onset, n.duration) for n in new.notes
                ]
                moved += 1
    assert moved > 80


def test_a_practice_book_in_other_keys():
    """Each tune once more, in a key and with the characters that the book has, and as the generator
    says."""
    tunes = load_tunes("fixture", quiet=True).train
    moved = in_other_keys(tunes, np.random.default_rng(1))
    assert 0.85 * len(tunes) < len(moved) <= len(tunes)
    assert fraction_parsed(moved[:20]) == 1
    keys = {split_header(tune)[0]["K"] for tune in tunes}
    assert {split_header(tune)[0]["K"] for tune in moved} <= keys
    assert set("".join(moved)) <= set("".join(tunes))
    numbers = {split_header(tune)[0]["X"]: split_header(tune)[0]["K"] for tune in tunes}
    assert all(numbers[split_header(tune)[0]["X"]] != split_header(tune)[0]["K"] for tune in moved)
    assert moved == in_other_keys(tunes, np.random.default_rng(1))
    assert moved != in_other_keys(tunes, np.random.default_rng(2))


def test_a_single_tune_has_no_other_keys():
    """There is no other key to take."""
    assert in_other_keys([JIG], np.random.default_rng(0)) == []
