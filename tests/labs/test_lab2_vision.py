"""Lab 2, whole: the grader proved on it, and the solution notebook run from the first cell to the last."""

from __future__ import annotations

import os
import re

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import Course, load_course
from autograder.examine.engine import Engine
from autograder.verify import verify

LAB = "lab2_vision"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """The real course, in a workspace of its own."""
    return load_course(workspace=tmp_path_factory.mktemp("workspace"))


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_the_grader_of_the_lab_is_right(course):
    """Solution full, blank 0, release tight and current, bank behaves, mutants caught: `autograder verify` is green."""
    verified = verify(course, LAB)
    assert verified.ok, [(check.check, check.problems or check.detail) for check in verified.checks if not check.ok]


@pytest.fixture(scope="module")
def filled(course):
    """The notebook of a student who has done everything, run at `quick` in an ordinary kernel, all cells."""
    engine = Engine(course, LAB, level="none")
    notebook = nbformat.read(course.released(LAB), as_version=4)
    for cell in notebook.cells:
        if cell.id in engine.exam.todos:
            cell.source = engine.exam.todos[cell.id].reference
    before = dict(os.environ)
    os.environ |= {"LABKIT_BUDGET": "quick", "LABKIT_PLAIN": "1"}
    try:
        return NotebookClient(notebook, timeout=900, kernel_name="python3").execute()
    finally:
        os.environ.clear()
        os.environ.update(before)


def outputs(notebook, mime: str) -> list[str]:
    """Everything of one MIME type that the cells put out."""
    found = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return ["".join(output["data"][mime]) for output in found if mime in output.get("data", {})]


def printed(notebook) -> str:
    found = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "".join(output["text"] for output in found if output.output_type == "stream" and output.name == "stdout")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_check_of_the_filled_notebook_passes(filled):
    """A right answer turns every public check to ✓, and no cell waits for anything."""
    text = printed(filled)
    assert text.count("✓") >= 14
    assert "✗" not in text
    assert "not attempted" not in text
    assert "waits for" not in text


@pytest.mark.slow
def test_it_says_which_digits_are_in_use_and_reads_them(filled):
    """The source is named, and already at `quick` the networks read nearly all held-out digits."""
    text = printed(filled)
    assert re.search(r"Digits: (MNIST|scikit-learn's digits)", text)
    shares = [float(share) for share in re.findall(r"held out: ([\d.]+)% right; always the most frequent", text)]
    assert len(shares) == 3
    assert min(shares) >= 95


@pytest.mark.slow
def test_both_detectors_are_measured_for_each_group(filled):
    """The accuracy of every group is shown for both detectors, with its words for those who cannot see it."""
    pages = [page for page in outputs(filled, "text/html") if "Accuracy for each group" in page]
    assert len(pages) == 2
    for group in ("light, facing", "light, turned", "dark, facing", "dark, turned", "no face"):
        assert re.search(rf"standard:.*{group} [\d.]+%.*debiased:.*{group} [\d.]+%", pages[1])


@pytest.mark.slow
def test_the_latent_walk_stays_as_a_picture(filled):
    """Where only plain outputs are asked for, strips stand in for the sliders (see tests/labkit/test_latent.py)."""
    assert any("Decoded pictures along" in page for page in outputs(filled, "text/html"))
    assert not outputs(filled, "application/vnd.jupyter.widget-view+json")


@pytest.mark.slow
def test_every_picture_has_words(filled):
    """No picture is put out without alt text."""
    for page in outputs(filled, "text/html"):
        assert page.count("<img") == page.count("alt=") or "<img" not in page
    assert not outputs(filled, "image/png")
