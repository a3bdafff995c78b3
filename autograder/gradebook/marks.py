"""What nbgrader's gradebook knows of one submission: points given by hand, comments, late
penalties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["Marks", "Reader", "open_marks"]


@dataclass(frozen=True)
class Marks:
    """Scores by grade_id (None: waits for a person), points set by hand, comments, and the
    totals."""

    scores: dict[str, float | None] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    score: float = 0.0
    max_score: float = 0.0
    penalty: float = 0.0


class Reader:
    """Reads marks from an open gradebook; without one there are none."""

    def __init__(self, gradebook: object | None, lab_id: str) -> None:
        self._gradebook, self._lab = gradebook, lab_id

    def marks(self, student: str) -> Marks | None:
        """The marks of one student, or None if the gradebook has no such submission."""
        if self._gradebook is None:
            return None
        from nbgrader.api import MissingEntry

        try:
            submission = self._gradebook.find_submission(self._lab, student)  # type: ignore[attr-defined]
        except MissingEntry:
            return None
        marks = Marks(
            score=float(submission.score),
            max_score=float(submission.max_score),
            penalty=float(submission.late_submission_penalty or 0.0),
        )
        for notebook in submission.notebooks:
            _add_notebook(marks, notebook)
        return marks

    def students(self) -> dict[str, str]:
        """Student id -> name, of everybody the gradebook knows."""
        known = getattr(self._gradebook, "students", [])
        return {s.id: " ".join(filter(None, [s.first_name, s.last_name])) or s.id for s in known}


def _add_notebook(marks: Marks, notebook: Any) -> None:
    """Scores and comments of one notebook of a submission."""
    for grade in notebook.grades:
        waits = grade.needs_manual_grade
        marks.scores[grade.name] = None if waits else float(grade.score)
        if grade.manual_score is not None:
            marks.by_hand[grade.name] = float(grade.score)
    for comment in notebook.comments:
        if comment.comment:
            marks.comments[comment.name] = str(comment.comment)


@contextmanager
def open_marks(course: Course, lab_id: str) -> Iterator[Reader]:
    """A reader of the course's gradebook; a missing gradebook is never created."""
    if not Workspace(course).gradebook.is_file():
        yield Reader(None, lab_id)
        return
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    with open_gradebook(course) as gradebook:
        yield Reader(gradebook, lab_id)
