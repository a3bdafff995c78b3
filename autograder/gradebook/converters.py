"""nbgrader's own converters, run in process: ``generate_assignment`` and ``autograde``."""

from __future__ import annotations

import logging
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.gradebook import patches
from autograder.gradebook.configuration import configure
from autograder.gradebook.execute import GivenResult
from autograder.model.errors import ContentError
from autograder.model.result import Result
from autograder.workspace.course import Course

__all__ = ["autograde", "generate_assignment"]


def generate_assignment(course: Course, lab_id: str, *, gradebook: bool = True) -> None:
    """nbgrader's own ``generate_assignment``: source -> release; cells and points into the
    gradebook, if wanted.

    Raises:
        ContentError: if nbgrader refuses.
    """
    config = Config()
    if not gradebook:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    _run(GenerateAssignment, course, lab_id, ".", config)


def autograde(
    course: Course, lab_id: str, student_id: str, *, level: str, result: Result | None = None
) -> None:
    """nbgrader's own ``autograde`` of one submission, with a result where it would have executed
    the notebook.

    Args:
        course: The course.
        lab_id: The lab.
        student_id: The student.
        level: The sandbox level, if the result has to be made.
        result: The student's result; without one it is read from the cache or made now.

    Raises:
        ContentError: if nbgrader refuses.
    """
    config = Config()
    config.TrustedExecute.level = level
    if result is not None:
        config.TrustedExecute.given = GivenResult(result)
    _run(Autograde, course, lab_id, student_id, config)


def _run(kind: Any, course: Course, lab_id: str, student_id: str, config: Config) -> None:
    """Run a converter on one student's notebook (".": the source); what it says is told when it
    fails."""
    patches.find_alembic()
    config = configure(config, course)
    spoken = _Spoken()
    logger = logging.getLogger(f"autograder.nbgrader.{kind.__name__}")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers = [spoken]
    folder = CourseDirectory(config=config)
    folder.assignment_id, folder.student_id = lab_id, student_id
    converter = kind(coursedir=folder, config=config)
    converter.log = logger
    converter.force = True
    try:
        converter.start()
    except NbGraderException as error:
        raise ContentError(
            f"nbgrader could not process {lab_id}: {spoken.last or error}", spoken.lines
        ) from error


class _Spoken(logging.Handler):
    """Keeps what nbgrader says; it is shown only when something fails."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    @property
    def last(self) -> str:
        """The line that tells most: the end of a traceback, or the last thing said."""
        said = [line.strip() for line in self.lines if line.strip()]
        traces = [line for line in said if line.startswith("Traceback")]
        return (traces or said or [""])[-1].splitlines()[-1]

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
