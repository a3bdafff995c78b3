"""What ``collect`` notes about one hand-in: ``workspace/collected/L/STUDENT.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.model.result import texts

__all__ = ["CollectRecord"]


@dataclass(frozen=True)
class CollectRecord:
    """One hand-in: which file counts, what was repaired, or why nothing can be graded.

    Attributes:
        lab: The lab's id.
        file: The notebook inside the hand-in, or the file that came instead.
        repairs: Short sentences for the student and the instructor.
        ignored: Files that do not count.
        reason: Why it is not gradable; None if it is.
        sha256: Digest of the file as it was handed in.
        release: Digest of the release it was matched with.
        handed_in: When, as nbgrader reads it; empty if nobody knows.
        late: Whether the LMS itself says that it came late.
        identity: What told the person apart: "KIND:VALUE" each, the surest first.
        student: The id used here.
        name: The name people read.
        handed_in_as: What the file, folder or roster called the student.
    """

    lab: str = ""
    file: str = ""
    repairs: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    reason: str | None = None
    sha256: str = ""
    release: str = ""
    handed_in: str = ""
    student: str = ""
    name: str = ""
    handed_in_as: str = ""
    late: bool = False
    identity: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "lab": self.lab,
            "file": self.file,
            "repairs": list(self.repairs),
            "ignored": list(self.ignored),
            "reason": self.reason,
            "sha256": self.sha256,
            "release": self.release,
            "handed_in": self.handed_in,
            "student": self.student,
            "name": self.name,
            "handed_in_as": self.handed_in_as,
            "late": self.late,
            "identity": list(self.identity),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> CollectRecord:
        """Read a record; what is missing takes its default.

        Raises:
            TypeError: if ``repairs`` or ``ignored`` is no list.
        """
        reason = row.get("reason")
        return cls(
            lab=str(row.get("lab") or ""),
            file=str(row.get("file") or ""),
            repairs=texts(row.get("repairs")),
            ignored=texts(row.get("ignored")),
            reason=None if reason is None else str(reason),
            sha256=str(row.get("sha256") or ""),
            release=str(row.get("release") or ""),
            handed_in=str(row.get("handed_in") or ""),
            student=str(row.get("student") or ""),
            name=str(row.get("name") or ""),
            handed_in_as=str(row.get("handed_in_as") or ""),
            late=row.get("late") is True,
            identity=texts(row.get("identity")),
        )
