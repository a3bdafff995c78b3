"""The cells of the last page know the lab: its TODOs, their points, its hours."""

from __future__ import annotations

import ast

import nbformat

from autograder.authoring.exam import make_exam
from autograder.authoring.last_page import HAND_IN, PROGRESS
from autograder.authoring.source import read_source
from autograder.commands.build import build
from autograder.notebooks.roles import is_demo
from autograder.workspace.course import Course, load_course

PAGE = f'# %% tags=["demo"]\n{PROGRESS}\n\n# %% tags=["demo"]\n{HAND_IN}\n\n'
LAST = "# %% [markdown]\n# ## Hand in"


def arguments(code: str) -> list[object]:
    """What the call at the end of a cell is given, positions first."""
    call = ast.parse(code).body[-1].value
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return list(map(ast.literal_eval, values))


def test_both_cells_are_filled_in_and_left_out_of_the_exam(tiny: Course) -> None:
    path, settings = tiny.source_text("tiny"), tiny.private("tiny") / "lab.toml"
    path.write_text(path.read_text().replace(LAST, PAGE + LAST))
    settings.write_text(settings.read_text().replace("Tiny", 'Tiny \\"1\\"') + "hours = 3\n")
    course = load_course(tiny.root)
    source = read_source(course, course.lab("tiny"))
    first, second = (cell for cell in source.cells if "cellView" in cell.metadata)
    assert is_demo(first)
    assert is_demo(second)
    titles = {"double": "1 · double", "total": "2 · total", "dice": "3 · dice"}
    assert arguments(first.source) == [{"1 · double": 2, "2 · total": 4, "3 · dice": 2}, 3]
    assert arguments(second.source) == ['Tiny "1" lab', titles]
    assert not any("hand_in" in step.code for step in make_exam("tiny", source).steps)


def test_they_run_in_the_untouched_notebook(tiny: Course) -> None:
    """Also where there is no file to look at."""
    path = tiny.source_text("tiny")
    path.write_text(path.read_text().replace(LAST, PAGE + LAST))
    build(tiny)
    cells = nbformat.read(tiny.released("tiny"), as_version=4).cells
    calls = [cell.source for cell in cells if "cellView" in cell.metadata][-2:]
    assert "progress(" in calls[0]
    assert "hours" not in calls[0]
    assert "hand_in(" in calls[1]
