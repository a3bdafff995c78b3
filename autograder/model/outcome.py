"""How an exam ended: with the TODOs' results, or with a failure of the grader itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.model.errors import ContentError
from autograder.model.result import TodoResult, texts, todos_from_json, todos_to_json

__all__ = ["ExamFailure", "ExamOutcome", "finished"]


@dataclass(frozen=True)
class ExamOutcome:
    """What running one exam gave.

    ``cell_seconds`` is the part of ``seconds`` in which cells ran. ``private`` is what the
    student's process printed, for the instructor alone: it is kept, and enters no result.
    """

    todos: dict[str, TodoResult]
    points: float
    incidents: tuple[str, ...] = ()
    seconds: float = 0.0
    cell_seconds: float = 0.0
    private: dict[str, Any] = field(default_factory=dict)

    @property
    def lost(self) -> list[str]:
        """The TODOs that did not earn every point."""
        return [name for name, todo in self.todos.items() if not todo.full]

    def to_json(self) -> dict[str, Any]:
        return {
            "todos": todos_to_json(self.todos),
            "points": self.points,
            "incidents": list(self.incidents),
            "seconds": self.seconds,
            "cell_seconds": self.cell_seconds,
            "private": self.private,
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> ExamOutcome:
        """Read an outcome that is whole.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: if a part is missing or no such thing.
        """
        return cls(
            todos=todos_from_json(row["todos"]),
            points=float(row["points"]),
            incidents=texts(row["incidents"]),
            seconds=float(row["seconds"]),
            cell_seconds=float(row.get("cell_seconds", 0.0)),
            private=dict(row.get("private", {})),
        )


@dataclass(frozen=True)
class ExamFailure:
    """An exam that the grader could not run: no mark, and no fault of the answers."""

    reason: str


def finished(outcome: ExamOutcome | ExamFailure) -> ExamOutcome:
    """The outcome of an exam that must have been run; :class:`ContentError` if it was not."""
    if isinstance(outcome, ExamFailure):
        raise ContentError(outcome.reason)
    return outcome
