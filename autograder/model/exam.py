"""The exam of a lab: its steps, its TODOs, and the questions that a person marks."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Exam", "Step", "Todo", "Written"]


@dataclass(frozen=True)
class Step:
    """One cell of the exam. ``kind``: ``setup``, ``answer`` or ``test``; ``name``: grade_id, or
    cell id for a setup."""

    kind: str
    name: str
    code: str


@dataclass(frozen=True)
class Todo:
    """One graded TODO: its answer cell's ``grade_id``, points, the names it defines, and the
    reference answer.

    ``stand_in`` is the reference as it is run in a student's process, where a wrong answer was.
    """

    grade_id: str
    points: float
    names: tuple[str, ...]
    reference: str
    stand_in: str = ""


@dataclass(frozen=True)
class Written:
    """One question that a person marks."""

    grade_id: str
    points: float


@dataclass(frozen=True)
class Exam:
    """The exam of one lab. ``recording`` holds the same steps with comparators, for the key
    only."""

    lab: str
    steps: tuple[Step, ...]
    recording: tuple[Step, ...]
    todos: dict[str, Todo]
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def max_points(self) -> float:
        return sum(todo.points for todo in self.todos.values())

    @property
    def digest(self) -> str:
        """Names everything that decides a mark on the notebook's side."""
        rows: list[Any] = [self.lab, [[s.kind, s.name, s.code] for s in self.recording]]
        rows.append([[t.grade_id, t.points, t.reference] for t in self.todos.values()])
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]
