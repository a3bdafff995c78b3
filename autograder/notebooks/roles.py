"""What a cell of our notebooks is for, and nbgrader's settings in its metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from autograder.model.submission import CellKind

__all__ = [
    "PLACEHOLDER",
    "Role",
    "Settings",
    "cell_name",
    "is_demo",
    "is_marked_by_hand",
    "role_of",
    "settings_of",
]

PLACEHOLDER = "YOUR ANSWER HERE"
"""What nbgrader puts in the place of a model answer in a text cell."""


class Role(StrEnum):
    """What a cell of a source, a release or an exam is for."""

    ANSWER = "answer"  # the code of a TODO
    WRITTEN = "written"  # the text of a written answer
    TEST = "test"  # locked, and worth points
    SETUP = "setup"  # runs in the exam: imports, data, helpers
    DEMO = "demo"  # runs for students only: trainings, pictures, sound
    TEXT = "text"


@dataclass(frozen=True)
class Settings:
    """nbgrader's metadata of a cell, as it is in the file: a student's may hold anything.

    Two settings are equal if all that nbgrader grades by is equal. ``present`` says whether there
    is any metadata of nbgrader's.
    """

    grade_id: object = None
    grade: object = None
    solution: object = None
    locked: object = None
    points: object = None
    task: object = field(default=None, compare=False)
    present: bool = field(default=False, compare=False)

    @property
    def name(self) -> str | None:
        """The ``grade_id`` if there is one."""
        return self.grade_id if isinstance(self.grade_id, str) else None

    @property
    def worth(self) -> float:
        """The points; 0 where there are none, as nbgrader has it."""
        return float(self.points) if isinstance(self.points, int | float) else 0.0


def settings_of(cell: Mapping[str, Any]) -> Settings:
    """nbgrader's settings of a notebook's cell; empty if it has none."""
    found = cell.get("metadata", {}).get("nbgrader")
    if not isinstance(found, Mapping):
        return Settings()
    return Settings(
        grade_id=found.get("grade_id"),
        grade=found.get("grade"),
        solution=found.get("solution"),
        locked=found.get("locked"),
        points=found.get("points"),
        task=found.get("task"),
        present=True,
    )


def role_of(cell: Mapping[str, Any]) -> Role:
    """What a cell is for: nbgrader's settings decide, then the tag ``demo``, then the type."""
    settings = settings_of(cell)
    code = cell.get("cell_type") == CellKind.CODE
    if settings.solution:
        return Role.ANSWER if code else Role.WRITTEN
    if settings.grade or settings.task:
        return Role.TEST if code else Role.WRITTEN
    if not code:
        return Role.TEXT
    return Role.DEMO if is_demo(cell) else Role.SETUP


def is_marked_by_hand(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is both answered by the student and worth points: no test marks it."""
    settings = settings_of(cell)
    return bool(settings.grade and settings.solution)


def is_demo(cell: Mapping[str, Any]) -> bool:
    """Whether a cell has the tag ``demo``."""
    return "demo" in cell.get("metadata", {}).get("tags", ())


def cell_name(cell: Mapping[str, Any]) -> str:
    """The ``grade_id`` of a cell, else its id."""
    return settings_of(cell).name or str(cell.get("id", ""))
