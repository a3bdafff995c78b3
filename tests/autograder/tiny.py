"""A tiny lab, as nbgrader releases it, and helpers to make what students make of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course, load_course
from autograder.workspace.files import write_atomic

LAB = "tiny_lab"
TITLES = {LAB: "Lab 1 · A tiny one", "other_lab": "Lab 2 · Another"}

SETUP = "import math\nimport numpy as np\n\nvocab = ['a', 'b', 'c']\nprint('setup is done')"
STUB_TENSORS = "matrix = None\nimages = None\n# YOUR CODE HERE"
STUB_DOUBLE = 'def double(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError("TODO double")'
STUB_MEAN = (
    'def mean(values):\n    """The mean of values (N,)."""\n    # YOUR CODE HERE\n'
    '    raise NotImplementedError("TODO mean")'
)
TESTS = {
    "tensors": 'with check("matrix has rank 2") as c:\n    c.shape(matrix, (None, None))\n    c.shape(images, (2, 2))',
    "double": 'with check("twice two is four") as c:\n    c.equal(double(2), 4)\n    c.equal(double(0), 0)',
    "mean": 'with check("the mean of 1 and 3 is 2") as c:\n    c.close(mean([1, 3]), 2)\n    c.close(mean([5]), 5)',
}
DEMO = "with when_done('double', 'mean'):\n    print('double of the mean', double(mean([1, 2, 3])))"
QUESTION = "### Question 1\nWhy is the mean sensitive to outliers? Two sentences."

RIGHT = {
    "tensors": "matrix = [[1, 2], [3, 4]]\nimages = [[0, 0], [0, 0]]",
    "double": 'def double(x):\n    """Twice x."""\n    return 2 * x',
    "mean": (
        'def mean(values):\n    """The mean of values (N,)."""\n    total = sum(values)\n    return total / len(values)'
    ),
}


def nbgrader(grade_id: str, **settings: Any) -> dict[str, Any]:
    """nbgrader's cell metadata with its defaults filled in."""
    full = {
        "grade": False,
        "grade_id": grade_id,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return {"nbgrader": full | settings}


def code(source: str, cell_id: str, metadata: dict[str, Any] | None = None) -> NotebookNode:
    """A code cell."""
    return nbformat.v4.new_code_cell(source, id=cell_id, metadata=metadata or {})


def text(source: str, cell_id: str, metadata: dict[str, Any] | None = None) -> NotebookNode:
    """A Markdown cell."""
    return nbformat.v4.new_markdown_cell(source, id=cell_id, metadata=metadata or {})


def release() -> NotebookNode:
    """The released notebook: setup, three TODOs with tests, a demo, a written question."""
    cells = [text("# Tiny lab\n\nA lab with three tasks.", "title"), code(SETUP, "setup")]
    for name, stub in (("tensors", STUB_TENSORS), ("double", STUB_DOUBLE), ("mean", STUB_MEAN)):
        cells += [
            text(
                f"### TODO `{name}` (2 points)\n\nWrite {name} so that the check below passes.",
                f"{name}-text",
            ),
            code(stub, name, nbgrader(name, solution=True)),
            code(
                TESTS[name],
                f"test_{name}",
                nbgrader(f"test_{name}", grade=True, locked=True, points=2),
            ),
        ]
    cells += [
        code(DEMO, "demo", {"tags": ["demo"]}),
        text(QUESTION, "question"),
        text(
            "YOUR ANSWER HERE",
            "tiny_written_1",
            nbgrader("tiny_written_1", grade=True, solution=True, points=2),
        ),
        text("## Hand in\n\nSave the notebook and upload it.", "end"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.nbformat_minor = 5
    return notebook


def solved(**answers: str) -> NotebookNode:
    """The release with right answers, or with the given ones."""
    notebook = release()
    for name, answer in (RIGHT | answers).items():
        cell(notebook, name).source = answer
    return notebook


def cell(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """The cell with that id."""
    return next(item for item in notebook.cells if item.id == cell_id)


def place(notebook: NotebookNode, cell_id: str) -> int:
    """The index of the cell with that id."""
    return notebook.cells.index(cell(notebook, cell_id))


def forget(notebook: NotebookNode, *, ids: bool = True) -> NotebookNode:
    """A copy without nbgrader metadata and, by default, with other cell ids."""
    notebook = copy.deepcopy(notebook)
    for number, item in enumerate(notebook.cells):
        item.metadata = {}
        if ids:
            item.id = f"new{number}"
    return notebook


def to_bytes(notebook: Any) -> bytes:
    """JSON as Jupyter writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode()


def other_release() -> NotebookNode:
    """Another lab of the same course."""
    notebook = release()
    for item in notebook.cells:
        item.id = f"other-{item.id}"
        item.source = (
            item.source.replace("double", "treble")
            .replace("mean", "median")
            .replace("tensors", "arrays")
        )
        if "nbgrader" in item.metadata:
            item.metadata.nbgrader.grade_id = "other_" + item.metadata.nbgrader.grade_id
    return notebook


def make_course(root: Path) -> Course:
    """A course of two labs in a folder, both released."""
    text = '[course]\nid = "tiny"\nname = "Tiny Course"\nrepository = "https://example.org/tiny"\n'
    write_atomic(root / "course.toml", text.encode())
    for order, (lab, title) in enumerate(TITLES.items()):
        settings = f'title = "{title}"\norder = {order}\n'
        write_atomic(root / "solutions" / lab / "lab.toml", settings.encode())
    course = load_course(root, workspace=root / "workspace")
    write_atomic(course.workspace / "release" / LAB / f"{LAB}.ipynb", canonical_bytes(release()))
    write_atomic(course.released("other_lab"), canonical_bytes(other_release()))
    return course
