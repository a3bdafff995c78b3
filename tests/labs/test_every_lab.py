"""What holds for every lab of the course: the grader proved on it, and the solution notebook run to
the last cell."""

from __future__ import annotations

import re

import pytest

from autograder.commands.verify import verify
from autograder.running.engine import Engine
from autograder.workspace.course import load_course
from tests.labs.outputs import outputs, printed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("lab", [lab.id for lab in load_course().labs]),
]


@pytest.mark.timeout(3600)
def test_the_grader_of_the_lab_is_right(lab, course):
    """Solution full, blank 0, release tight and current, bank behaves, mutants caught: `autograder
    verify` is green."""
    verified = verify(course, lab)
    assert verified.ok, [
        (check.check, check.problems or check.detail) for check in verified.checks if not check.ok
    ]


@pytest.mark.timeout(1200)
def test_every_check_of_the_filled_notebook_passes(lab, course, run_filled):
    """A right answer turns every public check to ✓, at least one for each TODO, and no cell waits
    for anything."""
    text = printed(run_filled(lab))
    assert text.count("✓") >= len(Engine(course, lab, level="none").exam.todos)
    assert "✗" not in text
    assert "not attempted" not in text
    assert "waits for" not in text


@pytest.mark.timeout(1200)
def test_every_picture_has_words(lab, run_filled):
    """No picture or film is put out without alternative text."""
    pages = "".join(outputs(run_filled(lab), "text/html"))
    pictures = re.findall(r"<(img|video)\b([^>]*)>", pages)
    assert pictures, "the filled notebook shows nothing"
    for kind, attributes in pictures:
        words = {"img": r'\balt="[^"]+"', "video": r'\baria-label="[^"]+"'}[kind]
        assert re.search(words, attributes), f"<{kind} {attributes[:80]}>"
    assert not outputs(run_filled(lab), "image/png")
