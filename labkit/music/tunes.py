"""O'Neill's Music of Ireland, ready to train on: whole tunes, cleaned, split by tune.

The full collection comes from the corpus inside music21's wheel, without a download and without
importing music21. The fixture, 150 of its tunes, lies in `data/music`.
`python -m labkit.music.tunes` writes the fixture anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from labkit.datasets import (
    DatasetError,
    data_folder,
    dataset_path,
    known_datasets,
    register_dataset,
)
from labkit.music.notation import (
    clean_tune,
    join_tunes,
    normal_body,
    raw_tunes,
    split_header,
    split_tunes,
)

__all__ = ["Tunes", "load_tunes"]

SOURCES = ("auto", "fixture", "full")
FIXTURE, FULL = "oneills_150", "oneills_full"
HELD_OUT_SHARE = 0.1
FIXTURE_TUNES = (135, 15)  # to train on, held out
# of 60 tried: holds out 10.0 % of tunes and of characters, and is of median difficulty
SPLIT_SALT = "split52"
FIXTURE_SALT = "fixture"


@dataclass(frozen=True)
class Tunes:
    """A collection of ABC tunes, split by tune.

    Attributes:
        train: the tunes to train on, each a text in ABC without a blank line and without a newline
            at its end.
        held_out: the tunes to measure on; no other transcription of one of them is in `train`.
        source: "full" or "fixture".
        vocab: every character of both parts and the newline, sorted.
    """

    train: list[str] = field(repr=False)
    held_out: list[str] = field(repr=False)
    source: str
    vocab: list[str] = field(repr=False)

    @property
    def train_text(self) -> str:
        """`train` as one text, a blank line after each tune."""
        return join_tunes(self.train)

    @property
    def held_out_text(self) -> str:
        """`held_out` as one text, a blank line after each tune."""
        return join_tunes(self.held_out)

    def __str__(self) -> str:
        kept = "the whole collection" if self.source == "full" else "a sample of 150 tunes"
        return (
            f"O'Neill's Music of Ireland, {kept}: {len(self.train):,} tunes "
            f"({len(self.train_text):,} characters) to train on, {len(self.held_out):,} held out, "
            f"{len(self.vocab)} different characters"
        )


def load_tunes(source: str = "auto", *, quiet: bool = False) -> Tunes:
    """The tunes of O'Neill's Music of Ireland, split by tune.

    The books are of 1903 and 1907, Chicago; the melodies are in the public domain. Prints one line
    saying which source is in use, unless `quiet`. Both sources are the same on every machine: they
    are verified by checksum, and a tune is on the same side of the split in both.

    Args:
        source: "full" (2,008 tunes, from music21's corpus), "fixture" (150 of them, from the
            course's `data/`), or "auto": the full collection where it is installed, otherwise the
            fixture.
        quiet: prints nothing.

    Raises:
        ValueError: for another `source`.
        DatasetError: when "full" is asked for and music21's corpus is missing or has changed; or
            when the fixture is damaged.
    """
    if source not in SOURCES:
        raise ValueError(f"unknown source {source!r}: expected one of {', '.join(SOURCES)}")
    note = ""
    if source == "fixture":
        tunes = _fixture()
    else:
        try:
            tunes = _full()
        except DatasetError as error:
            if source == "full":
                raise
            tunes = _fixture()
            note = f"The whole collection is not available: {str(error).splitlines()[0]}\n"
    if not quiet:
        print(f"{note}{tunes}")
    # Copies of the lists: who changes them must not change what the next caller gets.
    return replace(
        tunes, train=list(tunes.train), held_out=list(tunes.held_out), vocab=list(tunes.vocab)
    )


@cache
def _full() -> Tunes:
    return _split(full_collection(), "full")


@cache
def _fixture() -> Tunes:
    return _split(split_tunes(dataset_path(FIXTURE).read_text(encoding="utf-8")), "fixture")


def full_collection() -> list[str]:
    """Every cleaned tune of the full collection, in the book's order; no two with the same body.

    Raises:
        DatasetError: when music21's corpus is not installed or its cleaned text has another
        checksum.
    """
    tunes: dict[tuple[str, ...], str] = {}
    # The first tune with a body counts; those that could not be cleaned have none.
    for raw in _raw_collection():
        tune = clean_tune(raw)
        tunes.setdefault(tuple(split_header(tune)[1]), tune)
    tunes.pop((), None)
    got = hashlib.sha256(join_tunes(tunes.values()).encode()).hexdigest()
    expected = known_datasets()[FULL].sha256
    if got != expected:
        raise DatasetError(
            f"music21's corpus gives another text than the registered one\n"
            f"  expected sha256: {expected}\n"
            f"  got:             {got}\n"
            "  try:             another version of music21, or load_tunes('fixture')"
        )
    return list(tunes.values())


def _raw_collection() -> list[str]:
    spec = importlib.util.find_spec("music21")
    folders = list(spec.submodule_search_locations or []) if spec else []
    files: list[Path] = []
    for folder in folders:
        files += sorted(Path(folder, "corpus", "oneills1850").glob("*.abc"))
    if not files:
        raise DatasetError(
            "music21's corpus is not installed\n"
            "  try: pip install music21, or load_tunes('fixture')"
        )
    return [tune for file in files for tune in raw_tunes(file.read_text(encoding="latin-1"))]


def _split(tunes: list[str], source: str) -> Tunes:
    parts: tuple[list[str], list[str]] = ([], [])
    for tune, leader in zip(tunes, _leaders(tunes), strict=True):
        parts[_fraction(SPLIT_SALT, leader) < HELD_OUT_SHARE].append(tune)
    vocab = sorted(set(join_tunes(tunes)))
    return Tunes(*parts, source=source, vocab=vocab)


def _leaders(tunes: list[str]) -> list[str]:
    """For each tune a number that it shares with its other transcriptions.

    Some numbers of the book were transcribed twice, and two melodies have two numbers. Those go
    together, so that nothing held out is also trained on.
    """
    by_number: dict[str, str] = {}
    by_body: dict[str, str] = {}
    leaders = []
    for tune in tunes:
        number, body = split_header(tune)[0]["X"], normal_body(tune)
        leader = by_number.get(number) or by_body.get(body) or number
        by_number.setdefault(number, leader)
        by_body.setdefault(body, leader)
        leaders.append(leader)
    return leaders


def _fraction(salt: str, leader: str) -> float:
    """A number in [0, 1) that depends on its arguments alone: the same split on every machine."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{leader}".encode()).digest()[:6]) / 2**48


def make_fixture() -> str:
    """The text of the fixture: tunes drawn from both sides of the split, in the book's order."""
    tunes = full_collection()
    leaders = _leaders(tunes)
    # Only tunes that have no other transcription: the fixture must split as the collection does.
    alone = [
        tune for tune, leader in zip(tunes, leaders, strict=True) if leaders.count(leader) == 1
    ]
    split = _split(alone, "full")
    chosen: set[str] = set()
    for part, count in zip((split.train, split.held_out), FIXTURE_TUNES, strict=True):
        chosen.update(sorted(part, key=_fixture_order)[:count])
    return join_tunes(tune for tune in tunes if tune in chosen)


def _fixture_order(tune: str) -> float:
    return _fraction(FIXTURE_SALT, split_header(tune)[0]["X"])


register_dataset(
    FIXTURE, lambda path: _split(split_tunes(path.read_text(encoding="utf-8")), "fixture")
)


if __name__ == "__main__":
    fixture = data_folder() / known_datasets()[FIXTURE].file
    fixture.write_text(make_fixture(), encoding="utf-8", newline="\n")
    print(f"{fixture}: sha256 {hashlib.sha256(fixture.read_bytes()).hexdigest()}")
