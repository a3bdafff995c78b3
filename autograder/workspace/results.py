"""Results on disk: one JSON per student and lab, and a cache by content."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic

__all__ = ["Results"]


class Results:
    """``workspace/results`` of one lab."""

    def __init__(self, course: Course, lab_id: str) -> None:
        self.lab = lab_id
        self.folder = course.workspace / "results" / lab_id
        self.cache = course.workspace / "results" / "cache"

    def students(self) -> list[str]:
        """Who has a result, sorted."""
        return (
            sorted(path.stem for path in self.folder.glob("*.json")) if self.folder.is_dir() else []
        )

    def read(self, student: str) -> dict[str, Any] | None:
        return _read(self.folder / f"{student}.json")

    def write(self, student: str, result: dict[str, Any]) -> None:
        _write(self.folder / f"{student}.json", result)

    def cached(self, digest: str) -> dict[str, Any] | None:
        """The outcome of an exam that was run before, if it is whole."""
        outcome = _read(self.cache / f"{digest}.json")
        whole = (
            outcome is not None and {"todos", "points", "incidents", "seconds"} <= outcome.keys()
        )
        return outcome if whole else None

    def knows(self, digest: str) -> bool:
        """Whether something is kept for this exam, to be read by :meth:`cached`."""
        return (self.cache / f"{digest}.json").is_file()

    def keep(self, digest: str, outcome: dict[str, Any]) -> None:
        """Remember the outcome of an exam, private notes included."""
        _write(self.cache / f"{digest}.json", outcome)


def _read(path: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        value = json.loads(path.read_text(encoding="utf-8"))
        return value if isinstance(value, dict) else None
    return None


def _write(path: Path, value: dict[str, Any]) -> None:
    write_atomic(path, (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())
