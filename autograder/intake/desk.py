"""Taking one student's hand-in: what is new is written, what is there already is never lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nbformat.notebooknode import NotebookNode

from autograder.intake.handin import Choice, choose
from autograder.intake.layouts import Handin
from autograder.matching.match import canonical_submission
from autograder.model.collect_record import CollectRecord
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["CollectRow", "Intake"]


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
        self.workspace = Workspace(course)
        self.release_digest = _digest(canonical_bytes(releases[lab_id]))
        self.records = self.workspace.read_records(lab_id)

    def take(self, student: str, name: str, known_as: str, handin: Handin) -> CollectRow:
        """One student's hand-in. One bad file never stops the batch, whatever is wrong with it."""
        try:
            choice = choose(handin, self.lab, self.releases, self.titles)
        except Exception as error:  # a defect of ours must not cost the others their marks
            choice = Choice(
                reason=f"The hand-in could not be read ({type(error).__name__}). Tell your instructor."
            )
        record = self._new_record(student, name, known_as, handin, choice)
        status = self._status(student, record)
        if status in ("collected", "updated") or (
            status == "not gradable" and not self._same(student, record)
        ):
            self._write(student, record, choice)
        elif status == "kept" and choice.original:
            self._keep_original(student, f"not-taken-{choice.original[0]}", choice.original[1])
        reason = self._why_kept(student, choice) if status == "kept" else choice.reason
        return CollectRow(
            student, name, status, record.file, reason, choice.repairs, choice.ignored
        )

    def absent(self, student: str, name: str) -> CollectRow:
        """A student of the roster from whom nothing came now; an earlier hand-in still stands."""
        record = self.records.get(student)
        if record is None:
            return CollectRow(student, name, "missing", reason="Nothing was handed in.")
        status = "not gradable" if record.reason else "unchanged"
        return CollectRow(student, name, status, record.file, record.reason, list(record.repairs))

    def _new_record(
        self, student: str, name: str, known_as: str, handin: Handin, choice: Choice
    ) -> CollectRecord:
        original = choice.original
        return CollectRecord(
            lab=self.lab,
            file=choice.file or (original[0] if original else ""),
            repairs=tuple(choice.repairs),
            ignored=tuple(choice.ignored),
            reason=choice.reason,
            sha256=_digest(original[1]) if original else "",
            release=self.release_digest,
            handed_in=_timestamp(handin, choice),
            student=student,
            name=name,
            handed_in_as=known_as,
        )

    def _status(self, student: str, record: CollectRecord) -> str:
        there = self.workspace.submitted(student, self.lab).is_file()
        old = self.records.get(student)
        if record.reason is not None:
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

    def _same(self, student: str, record: CollectRecord) -> bool:
        old = self.records.get(student)
        return old is not None and _identity(old) == _identity(record)

    def _write(self, student: str, record: CollectRecord, choice: Choice) -> None:
        if choice.original:
            self._keep_original(student, *choice.original)
        folder = self.workspace.submitted_folder(student, self.lab)
        if choice.submission is not None and choice.reason is None:
            notebook = canonical_submission(choice.submission, self.releases[self.lab])
            write_atomic(self.workspace.submitted(student, self.lab), canonical_bytes(notebook))
            timestamp = self.workspace.timestamp(student, self.lab)
            write_atomic(timestamp, record.handed_in.encode())
        elif folder.is_dir():
            shutil.rmtree(folder)
        self.workspace.write_record(record)

    def _keep_original(self, student: str, name: str, data: bytes) -> None:
        """The file byte for byte; another one of the same name moves to ``earlier/``."""
        folder = self.workspace.originals(student, self.lab)
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


def _identity(record: CollectRecord) -> tuple[str, str, str | None, str]:
    """What makes two hand-ins the same one."""
    return record.sha256, record.release, record.reason, record.file


def _timestamp(handin: Handin, choice: Choice) -> str:
    """When it was handed in, as nbgrader reads it: what the exchange says, else the file's time of
    change."""
    if handin.when:
        return handin.when
    when = choice.when or datetime.now(UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
