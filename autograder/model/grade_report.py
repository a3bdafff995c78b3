"""What grading a class did, and which marks have changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.model.result import Result

__all__ = ["Change", "GradeReport", "changes"]


@dataclass(frozen=True)
class Change:
    """A mark that is not what it was: points before and after (None: not gradable), and the TODOs
    that differ."""

    student: str
    before: float | None
    after: float | None
    todos: dict[str, tuple[float, float]]


@dataclass
class GradeReport:
    """What ``grade`` did: a result per student, who was graded now, and who had been before.

    ``changes`` are marks that differ from those of the run before; ``problems`` are what kept a
    result from the gradebook, the others are in it.
    """

    lab: str
    results: list[Result] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def changes(before: Result | None, after: Result) -> list[Change]:
    """What is different in a student's marks; nothing for a first result."""
    if before is None:
        return []
    different = {}
    for name in {**before.todos, **after.todos}:
        old, new = _points(before, name), _points(after, name)
        if old != new:
            different[name] = (old, new)
    if before.status == after.status and not different:
        return []
    was = before.points if before.graded else None
    now = after.points if after.graded else None
    # A mark that comes or goes is told as such, without its TODOs.
    return [Change(after.student, was, now, {} if was is None or now is None else different)]


def _points(result: Result, name: str) -> float:
    return result.todos[name].points if name in result.todos else 0.0
