"""The collection: complete, clean, and split without a leak."""

from __future__ import annotations

import hashlib

import pytest

from labkit.datasets import DatasetError, dataset_path, known_datasets
from labkit.music import tunes as module
from labkit.music.notation import HEADERS, join_tunes, normal_body, split_header, split_tunes
from labkit.music.tunes import full_collection, load_tunes, make_fixture


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Collections are read once per process; a test that changes what is read starts anew, and
    leaves nothing."""
    module._full.cache_clear()
    module._fixture.cache_clear()
    yield
    module._full.cache_clear()
    module._fixture.cache_clear()


@pytest.fixture(scope="module")
def full():
    return load_tunes("full", quiet=True)


@pytest.fixture(scope="module")
def fixture():
    return load_tunes("fixture", quiet=True)


def test_no_tune_is_lost_and_none_doubled(full):
    """2,009 X: lines stand in the corpus, counted without our reader; one body occurs twice; 2,008
    tunes remain."""
    raw = module._raw_collection()
    assert len(raw) == sum(text.count("\nX:") for text in (f"\n{tune}" for tune in raw)) == 2009
    everything = full.train + full.held_out
    bodies = {"\n".join(split_header(tune)[1]) for tune in everything}
    assert len(everything) == len(bodies) == 2008


def test_tunes_are_clean(full):
    """Only known header fields, in one order, a body, no blank lines, no text in quotes."""
    for tune in full.train + full.held_out:
        fields, body = split_header(tune)
        order = "".join(line[0] for line in tune.splitlines()[: len(fields)])
        assert order == "".join(letter for letter in HEADERS if letter in fields)
        assert set("XTMLK") <= set(fields)
        assert body
        assert '"' not in "".join(body)
        assert "\n\n" not in tune


def test_the_text_gives_the_tunes_back(full):
    """Every tune of the training text is found again, and the vocabulary covers both parts."""
    assert split_tunes(full.train_text) == full.train
    assert set(full.vocab) == set(full.train_text + full.held_out_text)
    assert full.vocab == sorted(full.vocab)


def test_nothing_held_out_is_trained_on(full, fixture):
    """No number and no melody lies on both sides, in either source."""
    for source in (full, fixture):
        for key in (lambda tune: split_header(tune)[0]["X"], normal_body):
            assert not {key(tune) for tune in source.train} & {
                key(tune) for tune in source.held_out
            }


def test_a_tenth_is_held_out(full):
    """10.0 % of the tunes and of the characters."""
    assert len(full.held_out) / 2008 == pytest.approx(0.1, abs=0.001)
    share = len(full.held_out_text) / len(full.held_out_text + full.train_text)
    assert share == pytest.approx(0.1, abs=0.001)


def test_the_fixture_is_a_part_of_the_whole(full, fixture):
    """150 whole tunes, each on the same side as in the full collection, and the file is
    reproducible."""
    assert (len(fixture.train), len(fixture.held_out)) == (135, 15)
    assert set(fixture.train) <= set(full.train)
    assert set(fixture.held_out) <= set(full.held_out)
    assert make_fixture() == dataset_path("oneills_150").read_text(encoding="utf-8")


def test_the_full_text_has_the_registered_checksum():
    """The checksum of the collection is that of its joined text."""
    digest = hashlib.sha256(join_tunes(full_collection()).encode()).hexdigest()
    assert digest == known_datasets()["oneills_full"].sha256


def test_auto_takes_the_full_collection_and_says_so(capsys):
    """With music21 installed, `auto` is the whole collection; one line names what is in use."""
    assert load_tunes().source == "full"
    assert "the whole collection: 1,807 tunes" in capsys.readouterr().out


def test_auto_falls_back_to_the_fixture(monkeypatch, capsys):
    """Without music21 `auto` takes the fixture and says why; `full` is an error that says what to
    do."""
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    assert load_tunes().source == "fixture"
    out = capsys.readouterr().out
    assert "not available: music21's corpus is not installed" in out
    assert "a sample of 150 tunes" in out
    with pytest.raises(DatasetError, match="pip install music21"):
        load_tunes("full")


def test_a_changed_corpus_is_noticed(monkeypatch):
    """Another version of the corpus is not used silently."""
    raw = module._raw_collection()
    monkeypatch.setattr(module, "_raw_collection", lambda: raw[1:])
    with pytest.raises(DatasetError, match="another text than the registered one"):
        load_tunes("full")


def test_an_unknown_source():
    """The sources are named in the error."""
    with pytest.raises(ValueError, match="expected one of auto, fixture, full"):
        load_tunes("web")
