"""One page per student: what was right, what to work on first, their own code, and nothing hidden.

A page is made from the result (authored messages), the student's own submitted notebook, and the
marks a person gave. Nothing that a process printed while it saw hidden tests can reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.gradebook.marks import open_marks
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import AutograderError, ContentError, did_you_mean
from autograder.model.result import Result
from autograder.notebooks.reading import read_notebook
from autograder.reporting.feedback_page import make_page
from autograder.reporting.render import page
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace

__all__ = ["feedback", "release_or_none"]

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
    ``students``).

    Raises:
        ContentError: if there is no result, or not for one of ``students``.
    """
    lab, workspace, results = course.lab(lab_id), Workspace(course), Results(course, lab_id)
    chosen = _chosen(results, students)
    release = release_or_none(workspace, lab_id)
    paths = []
    with open_marks(course, lab_id) as reader:
        for done, student in enumerate(chosen, start=1):
            shown = make_page(
                course.name,
                lab.title,
                _result(results, student),
                workspace.read_record(student, lab_id) or CollectRecord(),
                _notebook_or_none(workspace.submitted(student, lab_id)),
                reader.marks(student),
                release,
            )
            path = workspace.feedback_page(student, lab_id)
            write_atomic(path, page("feedback.html.j2", page=shown).encode("utf-8", "replace"))
            paths.append(path)
            progress(student, done, len(chosen))
    return paths


def _chosen(results: Results, students: Sequence[str] | None) -> list[str]:
    """Everyone with a result, or the ``students`` asked for."""
    known = results.students()
    if not known:
        raise ContentError(
            f"{results.lab} has no results yet. Run `autograder grade {results.lab}` first."
        )
    for student in students or ():
        if student not in known:
            raise ContentError(
                f'"{student}" has no result for {results.lab}.{did_you_mean(student, known)}'
            )
    return list(students or known)


def _result(results: Results, student: str) -> Result:
    result = results.read(student)
    if result is None:
        raise ContentError(
            f'The result of "{student}" is damaged. Run `autograder grade {results.lab} {student}`.'
        )
    return result


def release_or_none(workspace: Workspace, lab_id: str) -> NotebookNode | None:
    """The notebook that was handed out; a page is made without it if there is none."""
    try:
        return workspace.read_release(lab_id)
    except AutograderError:
        return None


def _notebook_or_none(path: Path) -> NotebookNode | None:
    """A student's notebook; those who handed in nothing have a page, too."""
    try:
        return read_notebook(path).notebook
    except AutograderError:
        return None
