"""A class for the tiny course: what its students hand in, and copies of the course that a test may
change."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.exam import make_exam
from autograder.authoring.source import read_source
from autograder.gradebook.configuration import prepare_workspace
from autograder.notebooks.reading import canonical_bytes
from autograder.quality.answer_file import Entry, write_answers
from autograder.workspace.course import Course, load_course
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import LOCK_FILES, Workspace

LAB = "tiny"

WRONG = {
    "double": 'def double(x):\n    """Twice x."""\n    return np.asarray(x) * 3.0',
    "total": (
        'def total(x):\n    """Sum."""\n    return float(np.mean(double(x))) if len(x) else 0.0'
    ),
    "dice": 'def dice(rng):\n    """Six."""\n    return 5',
}
"""An answer per TODO that earns nothing, or less than full marks, and breaks nothing else."""


def everything(root: Path) -> dict[str, bytes]:
    """Every file below ``root`` with its bytes, but for the workspace's lock."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    files = [path for path in files if path.name not in LOCK_FILES]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def copy_course(course: Course, root: Path) -> Course:
    """The course with its workspace at another place, where it may be changed."""
    shutil.copytree(course.root, root, dirs_exist_ok=True)
    copied = load_course(root)
    prepare_workspace(copied)
    return copied


def solutions(course: Course) -> dict[str, str]:
    """grade_id -> reference answer."""
    exam = make_exam(LAB, read_source(course, course.lab(LAB)))
    return {name: todo.reference for name, todo in exam.todos.items()}


def filled(course: Course, **answers: str) -> Any:
    """The released notebook with ``answers`` (code, or text of the written question ``why``) in
    their places."""
    notebook = nbformat.read(course.released(LAB), as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(
            cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source
        )
    return notebook


def solved(course: Course, **answers: str) -> Any:
    """The released notebook with the reference answers, but for those given."""
    return filled(course, **{**solutions(course), **answers})


def hand_in(course: Course, student: str, notebook: Any, timestamp: str = "") -> Path:
    """Put a notebook where collect would put it."""
    workspace = Workspace(course)
    path = workspace.submitted(student, LAB)
    write_atomic(path, canonical_bytes(notebook))
    if timestamp:
        workspace.timestamp(student, LAB).write_text(timestamp)
    return path


RIGHT_AND_WRONG = {
    "double": (
        ["return np.add(x, x)", "return np.array([2 * value for value in x])"],
        ["return np.asarray(x) ** 2", "x *= 2\n    return x", "return None", "raise ValueError(x)"],
    ),
    "total": (
        ["return 2.0 * float(np.sum(x))", "return sum(float(value) for value in double(x))"],
        [
            "return float(np.sum(x))",
            "return float(np.mean(double(x)))",
            "return double(x)",
            "return 6.0",
        ],
    ),
    "dice": (
        ["return int(rng.random() * 6)", "return int(rng.choice(6))"],
        [
            "return 5",
            "return int(rng.integers(1, 7))",
            "return int(rng.integers(5))",
            "return rng.random() * 6",
        ],
    ),
}
"""Bodies of right and wrong answers per TODO."""


def write_bank(course: Course, more: Iterable[Entry] = (), without: Collection[str] = ()) -> None:
    """An answer bank in which everything behaves, with ``more`` answers and ``without`` those of
    these names."""
    entries = [*more]
    for todo, kinds in RIGHT_AND_WRONG.items():
        argument = "rng" if todo == "dice" else "x"
        for kind, bodies in zip(("right", "wrong"), kinds, strict=True):
            for number, body in enumerate(bodies):
                code = f'def {todo}({argument}):\n    """As asked."""\n    {body}'
                entries.append(Entry(todo, kind, str(number), code, f"body {number}"))
    for todo, reference in solutions(course).items():
        mine = [entry for entry in entries if entry.todo == todo and entry.name not in without]
        write_answers(course.answers(LAB) / f"{todo}.py", mine, reference)
