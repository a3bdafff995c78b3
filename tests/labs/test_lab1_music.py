"""Lab 1: what its filled notebook shows."""

from __future__ import annotations

import pytest

from autograder.quality.measuring import read_table
from tests.labs.outputs import outputs, printed


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_tunes_are_seen_and_heard(run_filled):
    """Sheet music is drawn as SVG, and audio plays in the page without any file or program beside it."""
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
