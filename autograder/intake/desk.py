"""Taking one student's hand-in: what is new is written, what is there already is never lost."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.intake.handin import Choice, choose
from autograder.intake.layouts import Handin
from autograder.matching.match import canonical_submission
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic

__all__ = ["CollectRow", "Intake", "known_names"]


@dataclass(frozen=True)
class CollectRow:
    """One expected student. ``status``: collected, updated, unchanged, kept, not gradable or
    missing."""

    student: str
    name: str
    status: str
    file: str = ""
    reason: str | None = None
    repairs: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


class Intake:
    """The folders of one lab: knows what is there already and writes what is new."""

    def __init__(
        self, course: Course, lab_id: str, releases: Mapping[str, NotebookNode], force: bool
    ) -> None:
        self.course, self.lab, self.releases, self.force = course, lab_id, releases, force
        self.titles = {lab.id: lab.title for lab in course.labs}
        self.folder = course.workspace / "collected" / lab_id
        self.release_digest = _digest(canonical_bytes(releases[lab_id]))
        self.records = {path.stem: _record(path) for path in sorted(self.folder.glob("*.json"))}

    def take(self, student: str, name: str, known_as: str, handin: Handin) -> CollectRow:
        """One student's hand-in. One bad file never stops the batch, whatever is wrong with it."""
        try:
            choice = choose(handin, self.lab, self.releases, self.titles)
        except Exception as error:  # a defect of ours must not cost the others their marks
            choice = Choice(
                reason=f"The hand-in could not be read ({type(error).__name__}). Tell your instructor."
            )
        record = self._new_record(handin, choice) | {
            "student": student,
            "name": name,
            "handed_in_as": known_as,
        }
        status = self._status(student, record)
        if status in ("collected", "updated") or (
            status == "not gradable" and not self._same(student, record)
        ):
            self._write(student, record, choice)
        elif status == "kept" and choice.original:
            self._keep_original(student, f"not-taken-{choice.original[0]}", choice.original[1])
        reason = self._why_kept(student, choice) if status == "kept" else choice.reason
        return CollectRow(
            student, name, status, record["file"], reason, choice.repairs, choice.ignored
        )

    def absent(self, student: str, name: str) -> CollectRow:
        """A student of the roster from whom nothing came now; an earlier hand-in still stands."""
        record = self.records.get(student)
        if record is None:
            return CollectRow(student, name, "missing", reason="Nothing was handed in.")
        status = "not gradable" if record.get("reason") else "unchanged"
        return CollectRow(
            student,
            name,
            status,
            record.get("file", ""),
            record.get("reason"),
            record.get("repairs", []),
        )

    def _new_record(self, handin: Handin, choice: Choice) -> dict[str, Any]:
        original = choice.original
        return {
            "lab": self.lab,
            "file": choice.file or (original[0] if original else ""),
            "repairs": choice.repairs,
            "ignored": choice.ignored,
            "reason": choice.reason,
            "sha256": _digest(original[1]) if original else "",
            "release": self.release_digest,
            "handed_in": _timestamp(handin, choice),
        }

    def _status(self, student: str, record: dict[str, Any]) -> str:
        there = (self._submitted(student) / f"{self.lab}.ipynb").is_file()
        old = self.records.get(student)
        if record["reason"] is not None:
            return "kept" if there and not self.force else "not gradable"
        if old is None:
            return "kept" if there and not self.force else "collected"
        if self._same(student, record) and there and not self.force:
            return "unchanged"
        return "updated"

    def _why_kept(self, student: str, choice: Choice) -> str:
        if choice.reason is not None:
            return f"The earlier hand-in still counts, because the new one is not gradable: {choice.reason}"
        return f"submitted/{student}/{self.lab} was not written by collect and is left alone; --force replaces it."

    def _same(self, student: str, record: dict[str, Any]) -> bool:
        old = self.records.get(student) or {}
        return all(old.get(key) == record[key] for key in ("sha256", "release", "reason", "file"))

    def _submitted(self, student: str) -> Path:
        return self.course.workspace / "submitted" / student / self.lab

    def _write(self, student: str, record: dict[str, Any], choice: Choice) -> None:
        if choice.original:
            self._keep_original(student, *choice.original)
        place = self._submitted(student)
        if choice.submission is not None and choice.reason is None:
            notebook = canonical_submission(choice.submission, self.releases[self.lab])
            write_atomic(place / f"{self.lab}.ipynb", canonical_bytes(notebook))
            write_atomic(place / "timestamp.txt", record["handed_in"].encode())
        elif place.is_dir():
            shutil.rmtree(place)
        write_atomic(
            self.folder / f"{student}.json",
            (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode(),
        )

    def _keep_original(self, student: str, name: str, data: bytes) -> None:
        """The file byte for byte; another one of the same name moves to ``earlier/``."""
        folder = self.course.workspace / "originals" / self.lab / student
        path = folder / (name.replace("/", "_").lstrip(".")[-120:] or "file")
        if path.is_file():
            if path.read_bytes() == data:
                return
            stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S")
            write_atomic(
                folder / "earlier" / f"{stamp}-{_digest(path.read_bytes())[:6]}-{path.name}",
                path.read_bytes(),
            )
        write_atomic(path, data)


def known_names(course: Course) -> dict[str, str]:
    """Student id -> the name it was given for, over all labs, so that one person keeps one id."""
    paths = sorted((course.workspace / "collected").glob("*/*.json"))
    return {path.stem: str(_record(path).get("handed_in_as", path.stem)) for path in paths}


def _record(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _timestamp(handin: Handin, choice: Choice) -> str:
    """When it was handed in, as nbgrader reads it: what the exchange says, else the file's time of
    change."""
    if handin.when:
        return handin.when
    when = choice.when or datetime.now(UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
