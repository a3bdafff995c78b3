"""The result of one submission: its points, the state of each TODO, and each case.

Docs: "The result of one notebook" in ``docs/architecture.md``. The classes hold what the JSON
holds; ``to_json`` and ``from_json`` are the only places that know its field names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["CaseResult", "Result", "Status", "TodoResult", "TodoState", "WrittenResult", "texts"]


class Status(StrEnum):
    """Whether a submission could be graded at all."""

    GRADED = "graded"
    NOT_GRADABLE = "not gradable"


class TodoState(StrEnum):
    """How a TODO fared. ``NOT_JUDGED``: there is no verdict; no result holds it."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not attempted"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"
    NOT_JUDGED = "not judged"

    @classmethod
    def read(cls, value: object) -> TodoState:
        """The state of that name; one that this version does not know is shown as an error."""
        try:
            return cls(str(value))
        except ValueError:
            return cls.ERROR


def texts(value: Iterable[Any] | None) -> tuple[str, ...]:
    """A list of sentences from JSON; nothing if it is missing."""
    return tuple(str(text) for text in value or ())


@dataclass(frozen=True)
class CaseResult:
    """One case: passed or not, and the line the student reads."""

    case: str
    passed: bool
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"case": self.case, "passed": self.passed, "message": self.message}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> CaseResult:
        return cls(str(row["case"]), row.get("passed") is True, str(row.get("message") or ""))


@dataclass(frozen=True)
class TodoResult:
    """One TODO: its points, its state, and its cases.

    ``message`` is about the TODO as a whole; what a single case has to say stands in the case.
    """

    points: float
    max_points: float
    state: TodoState
    seconds: float = 0.0
    message: str = ""
    cases: tuple[CaseResult, ...] = ()

    @property
    def full(self) -> bool:
        """Whether it earned every point."""
        return self.points == self.max_points

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The cases that did not pass."""
        return tuple(case for case in self.cases if not case.passed)

    def to_json(self) -> dict[str, Any]:
        return {
            "points": self.points,
            "max_points": self.max_points,
            "state": str(self.state),
            "seconds": self.seconds,
            "message": self.message,
            "cases": [case.to_json() for case in self.cases],
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> TodoResult:
        """Read one TODO; older versions wrote no ``message``."""
        return cls(
            points=float(row["points"]),
            max_points=float(row["max_points"]),
            state=TodoState.read(row["state"]),
            seconds=float(row.get("seconds", 0.0)),
            message=str(row.get("message") or ""),
            cases=tuple(CaseResult.from_json(case) for case in row.get("cases", ())),
        )


def todos_from_json(table: Mapping[str, Any]) -> dict[str, TodoResult]:
    """grade_id -> result, in the order of the notebook."""
    return {str(name): TodoResult.from_json(row) for name, row in table.items()}


def todos_to_json(todos: Mapping[str, TodoResult]) -> dict[str, Any]:
    """The reverse of :func:`todos_from_json`."""
    return {name: todo.to_json() for name, todo in todos.items()}


@dataclass(frozen=True)
class WrittenResult:
    """A question that a person marks: its points, and whether something was written."""

    max_points: float
    answered: bool

    def to_json(self) -> dict[str, Any]:
        return {"max_points": self.max_points, "answered": self.answered}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> WrittenResult:
        return cls(float(row.get("max_points", 0.0)), bool(row.get("answered")))


@dataclass(frozen=True)
class Result:
    """The result of one student's submission of one lab.

    ``points`` and ``max_points`` count what is graded automatically. ``reason`` says why a
    submission is not gradable; then there are no TODOs, and no attempt is consumed.
    """

    lab: str
    student: str
    status: Status
    points: float = 0.0
    max_points: float = 0.0
    reason: str = ""
    sandbox: str = ""
    seconds: float = 0.0
    repairs: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    todos: dict[str, TodoResult] = field(default_factory=dict)
    written: dict[str, WrittenResult] = field(default_factory=dict)

    @classmethod
    def not_gradable(
        cls, lab: str, student: str, reason: str, repairs: Iterable[str] = ()
    ) -> Result:
        """The result of a submission that cannot be graded."""
        return cls(lab, student, Status.NOT_GRADABLE, reason=reason, repairs=tuple(repairs))

    @property
    def graded(self) -> bool:
        return self.status is Status.GRADED

    @property
    def fraction(self) -> float:
        """Points as a fraction of what is possible, from 0 to 1."""
        return min(1.0, max(0.0, self.points / self.max_points)) if self.max_points else 0.0

    def to_json(self) -> dict[str, Any]:
        """The JSON of ``docs/architecture.md``; ``reason`` stands in it only if there is one."""
        reason = {} if self.graded else {"reason": self.reason}
        written = {name: row.to_json() for name, row in self.written.items()}
        return {
            "lab": self.lab,
            "student": self.student,
            "points": self.points,
            "max_points": self.max_points,
            "status": str(self.status),
            **reason,
            "sandbox": self.sandbox,
            "seconds": self.seconds,
            "repairs": list(self.repairs),
            "incidents": list(self.incidents),
            "todos": todos_to_json(self.todos),
            "written": written,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Result:
        """Read a result; what an older version did not write takes its default.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: if ``row`` is no result.
        """
        written = row.get("written", {})
        return cls(
            lab=str(row.get("lab", "")),
            student=str(row["student"]),
            status=Status(row["status"]),
            points=float(row.get("points", 0.0)),
            max_points=float(row.get("max_points", 0.0)),
            reason=str(row.get("reason") or ""),
            sandbox=str(row.get("sandbox") or ""),
            seconds=float(row.get("seconds", 0.0)),
            repairs=texts(row.get("repairs")),
            incidents=texts(row.get("incidents")),
            todos=todos_from_json(row.get("todos", {})),
            written={str(name): WrittenResult.from_json(item) for name, item in written.items()},
        )
