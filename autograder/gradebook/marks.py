"""What nbgrader's gradebook knows of one submission: points given by hand, comments, late
penalties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from autograder.model.lateness import Lateness
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["Marks", "Reader", "open_marks", "update_penalties"]


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of one submission.

    Attributes:
        scores: grade_id -> points as they count; None if a person has yet to give them.
        by_hand: grade_id -> points, of cells whose points a person gave or added to.
        review: Cells with points by hand whose answer has changed since.
        comments: grade_id -> comment.
        score: All points, before the penalty.
        max_score: The points that could be had.
        penalty: What is lost for lateness.
        lateness: When it was handed in, and when it was due.
    """

    scores: dict[str, float | None] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)
    review: set[str] = field(default_factory=set)
    comments: dict[str, str] = field(default_factory=dict)
    score: float = 0.0
    max_score: float = 0.0
    penalty: float = 0.0
    lateness: Lateness = field(default_factory=Lateness)


class Reader:
    """Reads marks from an open gradebook; without one there are none."""

    def __init__(self, gradebook: object | None, lab_id: str, zone: tzinfo = UTC) -> None:
        self._gradebook, self._lab, self._zone = gradebook, lab_id, zone

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
            lateness=self._lateness(submission),
        )
        for notebook in submission.notebooks:
            _add_notebook(marks, notebook)
        return marks

    def _lateness(self, submission: Any) -> Lateness:
        """nbgrader keeps times in UTC, without saying so."""
        came, due = submission.timestamp, submission.assignment.duedate
        due = submission.duedate if due else None
        return Lateness(
            came.replace(tzinfo=UTC) if came else None,
            due.replace(tzinfo=UTC) if due else None,
            bool(submission.extension),
            self._zone,
        )

    def students(self) -> dict[str, str]:
        """Student id -> name, of everybody the gradebook knows."""
        known = getattr(self._gradebook, "students", [])
        return {s.id: " ".join(filter(None, [s.first_name, s.last_name])) or s.id for s in known}


def _add_notebook(marks: Marks, notebook: Any) -> None:
    """Scores and comments of one notebook of a submission."""
    for grade in notebook.grades:
        given = grade.manual_score is not None
        waits = bool(grade.needs_manual_grade)
        # Points given before a change of the answer count until somebody changes them.
        marks.scores[grade.name] = None if waits and not given else float(grade.score)
        if given or grade.extra_credit:
            marks.by_hand[grade.name] = float(grade.score)
        if given and waits:
            marks.review.add(grade.name)
    for comment in notebook.comments:
        if comment.comment:
            marks.comments[comment.name] = str(comment.comment)


def update_penalties(course: Course, lab_id: str) -> None:
    """Assign late penalties anew, for marks, dates or the policy may have changed since.

    Raises:
        ContentError: if the course's policy cannot be used.
    """
    if Workspace(course).gradebook.is_file():
        # nbgrader is slow to import, and so is what is made of it
        from traitlets.config import Config

        from autograder.gradebook.configuration import configure
        from autograder.gradebook.penalties import assign_penalties

        assign_penalties(course, configure(Config(), course), lab_id)


@contextmanager
def open_marks(course: Course, lab_id: str) -> Iterator[Reader]:
    """A reader of the course's gradebook; a missing gradebook is never created."""
    if not Workspace(course).gradebook.is_file():
        yield Reader(None, lab_id)
        return
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    with open_gradebook(course) as gradebook:
        yield Reader(gradebook, lab_id, course.zone)
