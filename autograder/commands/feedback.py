"""One page per student: what was right, what to work on first, their own code, and nothing hidden.

A page is made from the result (authored messages), the student's own submitted notebook, and the
marks a person gave. Nothing that a process printed while it saw hidden tests can reach it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.gradebook.marks import open_marks
from autograder.model.errors import AutograderError, ContentError, did_you_mean
from autograder.notebooks.reading import read_notebook
from autograder.reporting.feedback_page import make_page
from autograder.reporting.render import page
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic

__all__ = ["feedback", "released_notebook"]

Progress = Callable[[str, int, int], None]
"""Called with a student, how many are done, and how many there are."""


def feedback(
    course: Course,
    lab_id: str,
    *,
    students: Sequence[str] | None = None,
    progress: Progress = lambda student, done, total: None,
) -> list[Path]:
    """Write ``workspace/feedback/STUDENT/L/L.html`` for everyone who has a result (or for
    ``students``)."""
    lab = course.lab(lab_id)
    folder = course.workspace / "results" / lab_id
    known = sorted(path.stem for path in folder.glob("*.json"))
    if not known:
        raise ContentError(f"{lab_id} has no results yet. Run `autograder grade {lab_id}` first.")
    for student in students or ():
        if student not in known:
            raise ContentError(
                f'"{student}" has no result for {lab_id}.{did_you_mean(student, known)}'
            )
    paths = []
    chosen = list(students or known)
    release = released_notebook(course, lab_id)
    with open_marks(course, lab_id) as reader:
        for done, student in enumerate(chosen, start=1):
            result = json.loads((folder / f"{student}.json").read_text(encoding="utf-8"))
            record = _json(course.workspace / "collected" / lab_id / f"{student}.json")
            notebook = _notebook(
                course.workspace / "submitted" / student / lab_id / f"{lab_id}.ipynb"
            )
            shown = make_page(
                course.name, lab.title, result, record, notebook, reader.marks(student), release
            )
            path = course.workspace / "feedback" / student / lab_id / f"{lab_id}.html"
            write_atomic(path, page("feedback.html.j2", page=shown).encode("utf-8", "replace"))
            paths.append(path)
            progress(student, done, len(chosen))
    return paths


def released_notebook(course: Course, lab_id: str) -> NotebookNode | None:
    """The release: the workspace's if there is one, else the committed one."""
    return _notebook(course.workspace / "release" / lab_id / f"{lab_id}.ipynb") or _notebook(
        course.released(lab_id)
    )


def _notebook(path: Path) -> NotebookNode | None:
    try:
        return read_notebook(path).notebook
    except AutograderError:
        return None


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
