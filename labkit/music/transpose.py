"""A tune in another key, as ABC text: other letters, the same intervals.

Notes move by letters, and the signature of the new key does the rest: what was the fifth of G major
is the fifth of D major. Accidentals mean what the ABC standard 2.1 says (4.2).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

from labkit.music.meter import TOKEN
from labkit.music.notation import FIELD, split_header

__all__ = ["in_other_keys", "transpose_tune"]

LETTERS = "CDEFGAB"
SHARPS = (
    "FCGDAEB"  # in the order in which they come into a signature; flats come from the other end
)
KEY = re.compile(r"([A-G])([b#]?)(m?)")
NOTE = re.compile(r"(\^{1,2}|_{1,2}|=)?([A-Ga-g])([,']*)")
ACCIDENTALS = {"__": -2, "_": -1, "=": 0, "^": 1, "^^": 2}
SIGNS = {alteration: sign for sign, alteration in ACCIDENTALS.items()}
MIDDLE = 8  # of a fiddle tune: the d above middle C, counted in letters from there


def transpose_tune(tune: str, key: str) -> str | None:
    """The tune in another key of its mode, in the octave that lies best for a fiddle. Every
    interval stays as it was.

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
    fields, body = split_header(tune)
    source = KEY.fullmatch(fields.get("K", ""))
    places = [_place(note) for line in body for note in NOTE.finditer(line)]
    changes = any(
        FIELD.match(line) or any(token["field"] for token in TOKEN.finditer(line)) for line in body
    )
    if not source or source[3] != target[3] or not places or changes:
        return None
    up = (LETTERS.index(target[1]) - LETTERS.index(source[1])) % 7
    middle = (min(places) + max(places)) / 2
    steps = min((up, up - 7), key=lambda steps: abs(middle + steps - MIDDLE))
    before, after = _signature(source), _signature(target)
    try:
        moved = [NOTE.sub(lambda note: _moved(note, steps, before, after), line) for line in body]
    except KeyError:  # no sign for so many accidentals
        return None
    header = tune.splitlines()[: -len(body)]
    return "\n".join([*(f"K:{key}" if line.startswith("K:") else line for line in header), *moved])


def in_other_keys(tunes: Iterable[str], rng: np.random.Generator) -> list[str]:
    """Each tune once more, in another key: one of those that the other tunes of its mode have, as
    often as they do.

    Tunes that cannot be transposed, or would then need a character that none of the tunes has, are
    left out.
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


def _signature(key: re.Match[str]) -> dict[str, int]:
    """For each letter 1 where the key has a sharp, −1 where it has a flat, by the circle of
    fifths."""
    fifths = SHARPS.index(key[1]) - 1 + 7 * {"": 0, "#": 1, "b": -1}[key[2]] - (3 if key[3] else 0)
    return {letter: (fifths + 6 - SHARPS.index(letter)) // 7 for letter in LETTERS}


def _place(note: re.Match[str]) -> int:
    """Letters above middle C, accidentals aside."""
    octave = note[2].islower() + note[3].count("'") - note[3].count(",")
    return LETTERS.index(note[2].upper()) + 7 * octave


def _moved(note: re.Match[str], steps: int, before: dict[str, int], after: dict[str, int]) -> str:
    octave, letter = divmod(_place(note) + steps, 7)
    name = LETTERS[letter]
    sign = ""
    if note[1]:
        sign = SIGNS[ACCIDENTALS[note[1]] - before[note[2].upper()] + after[name]]
    return sign + (name + "," * -octave if octave < 1 else name.lower() + "'" * (octave - 1))
