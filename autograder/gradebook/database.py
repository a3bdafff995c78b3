"""nbgrader's gradebook: opened, and who is in it."""

from __future__ import annotations

from subprocess import CalledProcessError

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook import patches
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["in_gradebook", "open_gradebook"]


def open_gradebook(course: Course) -> Gradebook:
    """nbgrader's gradebook of this course; use as a context manager.

    Raises:
        ContentError: if the file is no gradebook, or cannot be used.
    """
    patches.apply()
    patches.find_alembic()
    path = Workspace(course).gradebook
    try:
        return Gradebook(f"sqlite:///{path}", course.id)
    except (SQLAlchemyError, CalledProcessError) as error:
        cause = getattr(error, "orig", None) or error
        raise ContentError(
            f"The gradebook {path} cannot be used: {cause}. Nothing in it was changed."
        ) from error


def in_gradebook(course: Course, lab_id: str) -> tuple[set[str], str]:
    """Who has a submission in the gradebook, and when the lab is due (empty if never).

    Raises:
        UsageError: if the lab was never built into this workspace.
    """
    workspace = Workspace(course)
    missing = UsageError(
        f"{lab_id} has not been built in {workspace.root}: run `autograder build {lab_id}` first."
    )
    if not workspace.gradebook.is_file():
        raise missing
    with open_gradebook(course) as gradebook:
        try:
            assignment = gradebook.find_assignment(lab_id)
        except MissingEntry as error:
            raise missing from error
        return {row.student_id for row in assignment.submissions}, str(assignment.duedate or "")
