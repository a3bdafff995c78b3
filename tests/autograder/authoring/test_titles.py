"""Check cells are folded under a title, in Colab and in JupyterLab."""

from __future__ import annotations

import nbformat
import pytest

from autograder.authoring.source import read_source
from autograder.authoring.titles import folded, titles
from autograder.commands.build import build
from autograder.notebooks.regions import public_part
from autograder.workspace.course import Course, load_course
from labkit.checking.record import title_of

COURSE = load_course()


def test_a_title_is_the_heading_without_points_and_marks(tiny: Course) -> None:
    source = read_source(tiny, tiny.lab("tiny"))
    assert titles(source) == {"double": "1 · double", "total": "2 · total", "dice": "3 · dice"}


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("### TODO 2.5 · `compute_loss` (3 points)", "2.5 · compute_loss"),
        ("#### TODO 1.1 · `matrix` and `images` (1 point)", "1.1 · matrix and images"),
        ("# TODO A · something (hard) to do", "A · something (hard) to do"),
        ("### Something else", "todo"),
    ],
)
def test_a_todo_without_a_heading_goes_by_its_id(heading: str, title: str) -> None:
    answer = nbformat.v4.new_code_cell(
        "x = 1", metadata={"nbgrader": {"grade_id": "todo", "solution": True, "grade": False}}
    )
    cells = [nbformat.v4.new_markdown_cell(heading), answer]
    assert titles(nbformat.v4.new_notebook(cells=cells)) == {"todo": title}


def test_the_release_has_folded_check_cells_and_no_others(tiny: Course) -> None:
    """Their code is what the author wrote, below the title."""
    build(tiny)
    source = {cell.id: cell for cell in read_source(tiny, tiny.lab("tiny")).cells}
    released = nbformat.read(tiny.released("tiny"), as_version=4)
    for cell in released.cells:
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert hidden == (cell.metadata.get("cellView") == "form") == cell.id.startswith("test_")
        if hidden:
            title, _, code = cell.source.partition("\n")
            assert title_of(title) == titles(released)[cell.id.removeprefix("test_")]
            assert code.strip() == public_part(source[cell.id].source).strip()


@pytest.mark.parametrize("lab", [lab.id for lab in COURSE.labs])
def test_titles_of_a_lab_are_its_own_and_lines_fit(lab: str) -> None:
    """No two TODOs have one title; no line of a check is longer than 100 characters."""
    source = read_source(COURSE, COURSE.lab(lab))
    found = titles(source)
    assert len(set(found.values())) == len(found)
    for cell in folded(source).cells:
        if cell.cell_type == "code" and "cellView" in cell.metadata:
            assert max(map(len, public_part(cell.source).splitlines())) <= 100
