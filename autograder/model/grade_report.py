"""What grading a class did, and which marks have changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
    results: list[dict[str, Any]] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Change]:
    """What is different in a student's marks; nothing for a first result."""
    if before is None:
        return []
    old, new = (
        {name: todo["points"] for name, todo in row["todos"].items()} for row in (before, after)
    )
    todos = {name: (old.get(name, 0.0), new.get(name, 0.0)) for name in {**old, **new}}
    different = {name: pair for name, pair in todos.items() if pair[0] != pair[1]}
    if before["status"] == after["status"] and not different:
        return []
    was, now = (row["points"] if row["status"] == "graded" else None for row in (before, after))
    return [Change(after["student"], was, now, {} if was is None or now is None else different)]
