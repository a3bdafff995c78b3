"""Rows 21-35 and their neighbours: what people, editors and LMSs do to the cells of a notebook."""

from __future__ import annotations

import copy
from typing import Any

import nbformat

from tests.attacks.desk import Desk, cell, place
from tests.attacks.rows import Row, answers, from_notebook

__all__ = ["ROWS"]

WRONG = "def double(x):\n    return np.asarray(x) * 3.0"


def _without(*grade_ids: str) -> Any:
    def change(notebook: Any, desk: Desk) -> None:
        for grade_id in grade_ids:
            notebook.cells.remove(cell(notebook, grade_id))

    return from_notebook(change)


def _edited(name: str, /, **changes: Any) -> Any:
    """A cell with another source, or with other nbgrader metadata."""

    def change(notebook: Any, desk: Desk) -> None:
        found = cell(notebook, name)
        found.source = changes.pop("source", found.source)
        found.metadata.nbgrader |= changes

    return from_notebook(change)


def _as_text(notebook: Any, desk: Desk) -> None:
    found = cell(notebook, "test_double")
    at = place(notebook, "test_double")
    notebook.cells[at] = nbformat.v4.new_markdown_cell(
        found.source, metadata=found.metadata, id=found.id
    )


def _answer_twice(notebook: Any, desk: Desk) -> None:
    second = copy.deepcopy(cell(notebook, "double"))
    first = cell(notebook, "double")
    first.source, second["id"] = WRONG, "second"
    notebook.cells.insert(place(notebook, "double") + 1, second)


def _stub_after_answer(notebook: Any, desk: Desk) -> None:
    stub = copy.deepcopy(cell(desk.blank(), "double"))
    stub["id"] = "stub-again"
    notebook.cells.insert(place(notebook, "double") + 1, stub)


def _no_metadata(notebook: Any, desk: Desk) -> None:
    for number, item in enumerate(notebook.cells):
        item.metadata = {}
        item["id"] = f"new{number}"
    notebook.metadata = {}


def _reordered(notebook: Any, desk: Desk) -> None:
    a, b = place(notebook, "double"), place(notebook, "test_double")
    notebook.cells[a], notebook.cells[b] = notebook.cells[b], notebook.cells[a]
    notebook.cells.reverse()


def _blank(notebook: Any, desk: Desk) -> Any:
    return desk.blank()


def _one_blank(notebook: Any, desk: Desk) -> None:
    cell(notebook, "total").source = cell(desk.blank(), "total").source


def _own_cell_below(notebook: Any, desk: Desk) -> None:
    answer = cell(notebook, "total")
    new = nbformat.v4.new_code_cell(answer.source, id="mine")
    answer.source = cell(desk.blank(), "total").source
    notebook.cells.insert(place(notebook, "total") + 1, new)


def _no_markers(notebook: Any, desk: Desk) -> None:
    for item in notebook.cells:
        lines = item.source.split("\n")
        item.source = "\n".join(
            line for line in lines if "YOUR CODE" not in line and "###" not in line
        )


def _setup_changed(notebook: Any, desk: Desk) -> None:
    setup = next(item for item in notebook.cells if item.cell_type == "code")
    setup.source = "import math\n\nnp = math\n\ndef check(text):\n    return True"


def _setup_removed(notebook: Any, desk: Desk) -> None:
    notebook.cells.remove(next(item for item in notebook.cells if item.cell_type == "code"))


def _r_kernel(notebook: Any, desk: Desk) -> None:
    notebook.metadata["kernelspec"] = {"display_name": "R", "language": "R", "name": "ir"}
    notebook.metadata["language_info"] = {"name": "R"}


def _no_kernel(notebook: Any, desk: Desk) -> None:
    notebook.metadata = {}


def _success_claimed(notebook: Any, desk: Desk) -> None:
    cell(notebook, "double").source = WRONG
    for item in notebook.cells:
        if item.cell_type == "code":
            item.execution_count = 1
            points = {
                "output_type": "execute_result",
                "data": {"text/plain": "4.0"},
                "metadata": {},
            }
            item.outputs = [{**points, "execution_count": 1}]


def _two_todos_in_one_cell(notebook: Any, desk: Desk) -> None:
    first, second = cell(notebook, "double"), cell(notebook, "total")
    first.source += "\n\n\n" + second.source
    notebook.cells.remove(second)


def _extra_cells(*sources: str, after: str = "test_double") -> Any:
    """Cells that the student added."""

    def change(notebook: Any, desk: Desk) -> None:
        at = place(notebook, after) + 1
        notebook.cells[at:at] = [
            nbformat.v4.new_code_cell(desk.fill(s), id=f"x{i}") for i, s in enumerate(sources)
        ]

    return from_notebook(change)


SPOILERS = (
    "np = None",
    "rng_for = print",
    "def double(x):\n    return 0",
    "import math as np",
    "import no_such_module\nz = 1/0",
)

ROWS = [
    Row("21", "test cell deleted", "A", _without("test_double"), note="Put back 1 locked cell"),
    Row(
        "22",
        "test and answer deleted",
        "B",
        _without("double", "test_double"),
        {"double": 0.0},
        {"double": "not attempted"},
    ),
    Row(
        "23", "test cell edited", "A", _edited("test_double", source="assert True"), note="`double`"
    ),
    Row("24", "test turned into text", "A", from_notebook(_as_text), note="`double`"),
    Row(
        "25",
        "points raised to 100",
        "A",
        _edited("test_double", points=100),
        note="Restored the points",
    ),
    Row(
        "26",
        "grade: false on a test",
        "A",
        _edited("test_double", grade=False),
        note="Restored the points",
    ),
    Row(
        "26b",
        "solution: true on a test",
        "A",
        _edited("test_double", solution=True),
        note="Restored the points",
    ),
    Row(
        "27",
        "answer cell duplicated",
        "A",
        from_notebook(_answer_twice),
        note="the last one counts",
    ),
    Row("27b", "the stub again below the answer", "A", from_notebook(_stub_after_answer)),
    Row(
        "28",
        "all metadata and ids lost",
        "A",
        from_notebook(_no_metadata),
        note="All grading marks were lost",
    ),
    Row(
        "29",
        "cells in reverse, test before answer",
        "A",
        from_notebook(_reordered),
        note="original order",
    ),
    Row(
        "30",
        "one stub untouched",
        "B",
        from_notebook(_one_blank),
        {"total": 0.0},
        {"total": "not attempted"},
    ),
    Row(
        "30b",
        "nothing done",
        "B",
        from_notebook(_blank),
        dict.fromkeys(("double", "total", "dice"), 0.0),
    ),
    Row(
        "31",
        "answer in a new cell below the stub",
        "A",
        from_notebook(_own_cell_below),
        note="in a cell of its own",
    ),
    Row("32", "marker comments removed", "A", from_notebook(_no_markers)),
    Row("33", "setup cell altered", "A", from_notebook(_setup_changed), note="setup cell"),
    Row("33b", "setup cell removed", "A", from_notebook(_setup_removed), note="setup cell"),
    Row("34", "kernel of another language", "A", from_notebook(_r_kernel)),
    Row("34b", "no kernel named", "A", from_notebook(_no_kernel)),
    Row("35", "saved outputs claim success", "B", from_notebook(_success_claimed), {"double": 0.0}),
    Row("81", "two TODOs in one cell", "A", from_notebook(_two_todos_in_one_cell)),
    Row("82", "grade_id renamed", "A", _edited("double", grade_id="doubel")),
    Row("83", "scratch cells that spoil our names", "A", _extra_cells(*SPOILERS)),
    Row("84", "a scratch cell with an endless loop", "A", _extra_cells("while True:\n    pass")),
    Row(
        "85",
        "full-width identifiers",
        "A",
        answers(double="def ｄｏｕｂｌｅ(x):\n    return np.asarray(x) * 2.0"),
    ),
    Row(
        "86",
        "a right-to-left mark hides what a line does",
        "B",
        answers(double="def double(x):\n    '''\u202e'''; return x * 3.0 #\u2066"),
        {"double": 0.0},
    ),
]
