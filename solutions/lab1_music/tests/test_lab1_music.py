"""Lab 1: what its filled notebook shows."""

from __future__ import annotations

import pytest

from autograder.quality.measuring import read_table
from labkit.training.budgets import Budget
from labkit.music.tunes import full_collection, load_tunes
from tests.labs.outputs import outputs, printed


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_tunes_are_seen_and_heard(run_filled):
    """Sheet music is drawn as SVG, and audio plays in the page without any file or program beside
    it."""
    pages = outputs(run_filled("lab1_music"), "text/html")
    assert any("data:image/svg+xml;base64," in page for page in pages)
    assert any("<audio" in page and "data:audio/wav;base64," in page for page in pages)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_what_the_notebook_prints_can_be_measured(run_filled, measuring_script):
    """The script finds its numbers in the notebook's words, and its table has a column for each."""
    measure = measuring_script("lab1_music")
    found = measure.results(printed(run_filled("lab1_music")))
    assert float(found[1]) < 3
    assert float(found[2]) < 3
    assert {line.count("|") for line in read_table(measure.PAGE, "notebook")} == {len(found) + 4}


def test_another_split_holds_out_a_tenth(measuring_script):
    """Every tune once, drawn with the seed."""
    measure = measuring_script("lab1_music")
    tunes = measure.plain_split(3)
    assert sorted(tunes.train + tunes.held_out) == sorted(full_collection())
    assert len(tunes.held_out) == len(full_collection()) // 10
    assert tunes.held_out == measure.plain_split(3).held_out != measure.plain_split(4).held_out


@pytest.mark.timeout(300)
def test_the_training_cell_is_measured_on_another_split(measuring_script, monkeypatch):
    """The cell of the notebook runs on the given tunes, here for a second."""
    measure = measuring_script("lab1_music")
    names = measure.load_solution("lab1_music")
    names["budget"] = Budget(**{**vars(names["budget"]), "rnn_units": 8, "seconds": 1.0})
    monkeypatch.setattr(measure, "load_solution", lambda lab: names)
    tunes = load_tunes("fixture", quiet=True)
    found = measure.SCORE.search(measure.train_on(tunes))
    assert float(found[2]) == pytest.approx(2.3, abs=0.2)  # the 5-gram on the fixture
    assert len(names["tune_model"].get_weights()) == 6
