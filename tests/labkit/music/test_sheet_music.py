"""Sheet music, and what stands in its place."""

from __future__ import annotations

import random
import signal
import subprocess
import xml.etree.ElementTree as ET

import pytest

from labkit.music import sheet_music as module
from labkit.music.sheet_music import describe_tune, render_sheet_music
from labkit.music.tunes import load_tunes
from tests.labkit.music.examples import JIG


@pytest.fixture(autouse=True)
def _no_cache():
    module._engrave.cache_clear()


def test_a_tune_becomes_a_picture():
    """The SVG is well-formed XML with notes in it; the notebook gets an image with an alternative
    text."""
    pytest.importorskip("verovio")
    sheet = render_sheet_music(JIG)
    assert sheet.problem == ""
    root = ET.fromstring(sheet.svg)
    notes = [element for element in root.iter() if "note" in element.get("class", "").split()]
    assert len(notes) == 19
    page = sheet._repr_html_()
    assert page.startswith(
        '<img alt="Sheet music of “A Jig of Four Bars”, a jig in 6/8, key G, 5 bars"'
    )
    assert "data:image/svg+xml;base64," in page


def test_the_same_tune_gives_the_same_picture():
    """Engraving repeats byte for byte, so that notebooks do not change when they are run again."""
    pytest.importorskip("verovio")
    first = render_sheet_music(JIG).svg
    module._engrave.cache_clear()
    assert render_sheet_music(JIG).svg == first


def test_a_malformed_tune_is_shown_as_text():
    """Without a picture the notebook says why and shows the ABC, escaped; nothing is raised."""
    sheet = render_sheet_music(JIG.replace("K:G", "K:<b>"))
    assert sheet.svg == ""
    page = sheet._repr_html_()
    assert "No sheet music: K:&lt;b&gt; is not a key" in page
    assert "<pre>X:1" in page
    assert "<b>" not in page
    assert "No sheet music" in repr(sheet)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (3, "verovio is not installed; try: pip install verovio"),
        (4, "cannot read"),
        (-signal.SIGSEGV, "crashed"),
        (139, "crashed"),
    ],
)
def test_what_the_child_says(monkeypatch, code, words):
    """A crash of the engraver, a missing package and an unreadable tune each have their own
    words."""
    done = subprocess.CompletedProcess([], code, b"", b"")
    monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: done)
    assert words in render_sheet_music(JIG).problem


def test_a_child_that_hangs_is_stopped():
    """Engraving ends after its time is over."""
    assert "longer than 0.01 seconds" in render_sheet_music(JIG, timeout=0.01).problem


def test_mutated_tunes_do_no_harm():
    """Real tunes with random edits give a picture or a reason."""
    pytest.importorskip("verovio")
    tunes = load_tunes("fixture", quiet=True)
    draw = random.Random(1)
    for _ in range(8):
        text = list(draw.choice(tunes.train))
        for _ in range(12):
            text[draw.randrange(len(text))] = draw.choice(tunes.vocab)
        sheet = render_sheet_music("".join(text))
        assert bool(sheet.svg) != bool(sheet.problem)


def test_the_alternative_text_names_what_is_missing():
    """A tune without title or rhythm is still described."""
    assert (
        describe_tune("X:1\nK:C\nC|")
        == "Sheet music of “a tune without a title”, a tune in free meter, key C, 1 bars"
    )
