"""One page per student: what was right, what to work on first, their own code, and nothing hidden.

A page is made from the result (authored messages), the student's own submitted notebook, and the
marks a person gave. Nothing that a process printed while it saw hidden tests can reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.gradebook.marks import Marks, open_marks, update_penalties
from autograder.intake.limited import Failure, run_limited
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import AutograderError, ContentError, did_you_mean
from autograder.model.result import Result
from autograder.notebooks.reading import read_notebook
from autograder.reporting.feedback_page import make_page
from autograder.reporting.render import page, warm_up
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace

__all__ = ["feedback", "release_or_none"]

MAX_PAGE_BYTES = 40 * 2**20

_WITHOUT_TEXTS = (
    "Your own code and answers are not shown here: showing them took too much time or memory. "
    "The marks are not affected."
)

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

    Each page is made in a child process with limits. A student whose texts cannot be shown within
    them gets a page without these texts.

    Raises:
        ContentError: if there is no result, or not for one of ``students``; or, when all other
            pages are made, if a result is damaged.
    """
    maker = _PageMaker(course, lab_id, Results(course, lab_id))
    chosen = _chosen(maker.results, students)
    update_penalties(course, lab_id)
    with open_marks(course, lab_id) as reader:
        maker.marks = {student: reader.marks(student) for student in chosen}
    warm_up()
    problems: list[str] = []
    tasks = ((student, partial(maker.make, student)) for student in chosen)
    for done, (student, answer) in enumerate(run_limited(tasks), start=1):
        if isinstance(answer, Failure):
            # What is left without the student's own texts is ours, and small.
            answer = maker.make(student, with_texts=False)
        problems += [answer] if answer else []
        progress(student, done, len(chosen))
    if problems:
        raise ContentError("Not every page could be made; the others are there.", problems)
    return [maker.workspace.feedback_page(student, lab_id) for student in chosen]


class _PageMaker:
    """What all pages of one lab have in common."""

    def __init__(self, course: Course, lab_id: str, results: Results) -> None:
        self.course, self.lab, self.results = course, course.lab(lab_id), results
        self.workspace = Workspace(course)
        self.release = release_or_none(self.workspace, lab_id)
        self.marks: dict[str, Marks | None] = {}

    def make(self, student: str, *, with_texts: bool = True) -> str:
        """Write one page.

        Returns:
            What is wrong with the student's result, or nothing.

        Raises:
            MemoryError: if the page is too large.
        """
        try:
            result = _result(self.results, student)
        except ContentError as error:
            return str(error)
        lab_id = self.lab.id
        path = self.workspace.submitted(student, lab_id)
        shown = make_page(
            self.course.name,
            self.lab.title,
            result,
            self.workspace.read_record(student, lab_id) or CollectRecord(),
            _notebook_or_none(path) if with_texts else None,
            self.marks[student],
            self.release,
        )
        if not with_texts:
            shown.repairs.append(_WITHOUT_TEXTS)
        html = page("feedback.html.j2", page=shown).encode("utf-8", "replace")
        if len(html) > MAX_PAGE_BYTES:
            raise MemoryError
        write_atomic(self.workspace.feedback_page(student, lab_id), html)
        return ""


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
