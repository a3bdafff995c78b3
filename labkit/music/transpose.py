"""A tune in another key, as ABC text: other letters, the same intervals.

Notes move by letters, and the signature of the new key does the rest: what was the fifth of G major
is the fifth of D major. Accidentals mean what the ABC standard 2.1 says (4.2).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

from labkit.music.lexer import (
    ACCIDENTALS,
    Kind,
    Note,
    Token,
    header_field,
    is_group,
    notes_of,
    read_note,
    split_group,
    tokens,
)
from labkit.music.notation import split_header

__all__ = ["in_other_keys", "transpose_tune"]

LETTERS = "CDEFGAB"
# In the order in which they come into a signature; flats come from the other end.
SHARPS = "FCGDAEB"
KEY = re.compile(r"([A-G])([b#]?)(m?)")  # plain major or minor
SIGNS = {alteration: sign for sign, alteration in ACCIDENTALS.items()}
MIDDLE = 8  # of a fiddle tune: the d above middle C, counted in letters from there

Signature = dict[str, int]
"""For each letter 1 where the key has a sharp, −1 where it has a flat, else 0."""


def transpose_tune(tune: str, key: str) -> str | None:
    """The tune in another key of its mode, in the octave that lies best for a fiddle.

    Every interval stays as it was.

    Args:
        tune: ABC with a header.
        key: major or minor, such as "D", "Bb" or "Em".

    Returns:
        The same tune but for `K:` and its notes; None when that cannot be: its own key is not plain
        major or minor, or of the other mode, it has a field in its body, or a note would need more
        than two accidentals.

    Raises:
        ValueError: when `key` is not a key.
    """
    target = KEY.fullmatch(key)
    if not target:
        raise ValueError(
            f"unknown key {key!r}: expected a major or minor one, such as 'D', 'Bb' or 'Em'"
        )
    fields, lines = split_header(tune)
    source = KEY.fullmatch(fields.get("K", ""))
    if not source or source[3] != target[3] or any(map(header_field, lines)):
        return None
    body = [tokens(line) for line in lines]
    steps = _best_steps(body, source[1], target[1])
    if steps is None:
        return None
    before, after = _signature(source), _signature(target)
    try:
        moved = [_moved_line(line, steps, before, after) for line in body]
    except KeyError:  # no sign for so many accidentals
        return None
    header = tune.splitlines()[: -len(body)]
    header = [f"K:{key}" if line.startswith("K:") else line for line in header]
    return "\n".join([*header, *moved])


def _best_steps(body: list[list[Token]], source: str, target: str) -> int | None:
    """By how many letters the notes move: up or down, whatever brings their middle to `MIDDLE`.

    None when there is no note, or a field that may change the key.
    """
    places = []
    for token in (token for line in body for token in line):
        if token.kind is Kind.FIELD:
            return None
        places += [read_note(note).steps for note in notes_of(token)]
    if not places:
        return None
    up = (LETTERS.index(target) - LETTERS.index(source)) % 7
    middle = (min(places) + max(places)) / 2
    return min((up, up - 7), key=lambda steps: abs(middle + steps - MIDDLE))


def in_other_keys(tunes: Iterable[str], rng: np.random.Generator) -> list[str]:
    """Each tune once more, in another key.

    The key is one of those that the other tunes of its mode have, drawn as often as they have it.
    Tunes that cannot be transposed, or would then need a character that none of the tunes has, are
    left out.

    Args:
        tunes: ABC, each with a header.
        rng: draws the keys.

    Returns:
        The transposed tunes, in the order of the originals.
    """
    tunes = list(tunes)
    characters = set().union(*tunes)
    keys = [split_header(tune)[0].get("K", "") for tune in tunes]
    counts = Counter(key for key in keys if KEY.fullmatch(key))
    found = []
    for tune, own in zip(tunes, keys, strict=True):
        others = [key for key in counts if key != own and key.endswith("m") == own.endswith("m")]
        if others:
            weights = np.array([counts[key] for key in others])
            moved = transpose_tune(tune, str(rng.choice(others, p=weights / weights.sum())))
            if moved is not None and characters.issuperset(moved):
                found.append(moved)
    return found


def _signature(key: re.Match[str]) -> Signature:
    # The circle of fifths: C major is at 0, each sharp adds one, each flat takes one away, and a
    # minor key has the signature of the major key three fifths below it.
    fifths = SHARPS.index(key[1]) - 1 + 7 * {"": 0, "#": 1, "b": -1}[key[2]] - (3 if key[3] else 0)
    return {letter: (fifths + 6 - SHARPS.index(letter)) // 7 for letter in LETTERS}


def _moved_line(line: list[Token], steps: int, before: Signature, after: Signature) -> str:
    return "".join(_moved(token, steps, before, after) for token in line)


def _moved(token: Token, steps: int, before: Signature, after: Signature) -> str:
    """The text of a token whose notes have moved by `steps` letters."""
    if token.kind is Kind.NOTE:
        return _moved_note(read_note(token.text), steps, before, after)
    if not is_group(token.kind):
        return token.text
    opening, inside, closing = split_group(token.text)
    return opening + _moved_line(tokens(inside), steps, before, after) + closing


def _moved_note(note: Note, steps: int, before: Signature, after: Signature) -> str:
    octave, index = divmod(note.steps + steps, 7)
    letter = LETTERS[index]
    sign = ""
    if note.accidental:
        # A natural in G major is one semitone below the signature, and stays so in the new key.
        change = ACCIDENTALS[note.accidental] - before[note.letter]
        sign = SIGNS[change + after[letter]]
    name = letter + "," * -octave if octave < 1 else letter.lower() + "'" * (octave - 1)
    return sign + name + note.length
