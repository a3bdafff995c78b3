"""Results on disk: one JSON per student and lab, and a cache by content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from autograder.model.outcome import ExamOutcome
from autograder.model.result import Result
from autograder.workspace.course import Course
from autograder.workspace.files import read_json, write_json
from autograder.workspace.workspace import Workspace

__all__ = ["Results"]

Read = TypeVar("Read")


class Results:
    """``workspace/results`` of one lab."""

    def __init__(self, course: Course, lab_id: str) -> None:
        self.lab = lab_id
        self.workspace = Workspace(course)

    def students(self) -> list[str]:
        """Who has a result, sorted."""
        return sorted(path.stem for path in self.workspace.results(self.lab).glob("*.json"))

    def read(self, student: str) -> Result | None:
        """The result of one student; None if there is none, or a damaged one."""
        return _parsed(Result.from_json, read_json(self.workspace.result(student, self.lab)))

    def write(self, result: Result) -> None:
        """Keep the result of one student."""
        write_json(self.workspace.result(result.student, self.lab), result.to_json())

    def cached(self, digest: str) -> ExamOutcome | None:
        """The outcome of an exam that was run before, if it is whole."""
        return _parsed(ExamOutcome.from_json, read_json(self.workspace.cached(digest)))

    def knows(self, digest: str) -> bool:
        """Whether something is kept for this exam, to be read by :meth:`cached`."""
        return self.workspace.cached(digest).is_file()

    def keep(self, digest: str, outcome: ExamOutcome) -> None:
        """Remember the outcome of an exam, private notes included."""
        write_json(self.workspace.cached(digest), outcome.to_json())


def _parsed(
    from_json: Callable[[Mapping[str, Any]], Read], row: dict[str, Any] | None
) -> Read | None:
    """``row`` as a value of the model; None if it is no such thing."""
    try:
        return None if row is None else from_json(row)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
