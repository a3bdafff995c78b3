"""Storing one student's hand-in: what is new is written, what is there already is never lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from nbformat.notebooknode import NotebookNode

from autograder.intake.handin import Choice, choose
from autograder.intake.layouts import Handin
from autograder.matching.match import canonical_submission
from autograder.model.collect_record import CollectRecord
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["CollectRow", "CollectStatus", "SubmissionStore"]


class CollectStatus(StrEnum):
    """What became of a student's hand-in, in the order of the counts."""

    COLLECTED = "collected"  # the first one
    UPDATED = "updated"  # it replaces an earlier one
    UNCHANGED = "unchanged"  # it is there already
    KEPT = "kept"  # an earlier one still counts
    NOT_GRADABLE = "not gradable"
    MISSING = "missing"


@dataclass(frozen=True)
class CollectRow:
    """One expected student.

    Attributes:
        student: The id used here.
        name: The name people read.
        status: What became of the hand-in.
        file: The notebook that counts, or the file that came instead.
        reason: Why nothing can be graded, or why an earlier hand-in was kept.
        repairs: Short sentences for the student and the instructor.
        ignored: Files that do not count.
    """

    student: str
    name: str
    status: CollectStatus
    file: str = ""
    reason: str | None = None
    repairs: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


class SubmissionStore:
    """The folders of one lab: knows what is there already and writes what is new.

    Args:
        course: The course.
        lab_id: The lab for which is collected.
        releases: The released notebooks of all labs, by id: they tell a wrong lab's notebook.
        force: Whether a hand-in replaces what is there even if that would be kept otherwise.
    """

    def __init__(
        self, course: Course, lab_id: str, releases: Mapping[str, NotebookNode], *, force: bool
    ) -> None:
        self.course = course
        self.lab = lab_id
        self.releases = releases
        self.force = force
        self.titles = {lab.id: lab.title for lab in course.labs}
        self.workspace = Workspace(course)
        self.release_digest = _digest(canonical_bytes(releases[lab_id]))
        self.records = self.workspace.read_records(lab_id)

    def take(self, student: str, name: str, known_as: str, handin: Handin) -> CollectRow:
        """Store one student's hand-in; a bad file never stops the others.

        Args:
            student: The id used here.
            name: The name people read.
            known_as: What the file, folder or roster calls the student.
            handin: Everything the student handed in.
        """
        try:
            choice = choose(handin, self.lab, self.releases, self.titles)
        except Exception as error:  # a defect of ours must not cost the others their marks
            choice = Choice(
                reason=f"The hand-in could not be read ({type(error).__name__}). "
                "Tell your instructor."
            )
        record = self._new_record(student, name, known_as, handin, choice)
        status = self._status(student, record)
        is_new = status in (CollectStatus.COLLECTED, CollectStatus.UPDATED)
        if status is CollectStatus.NOT_GRADABLE:
            is_new = not self._same(student, record)
        if is_new:
            self._write(student, record, choice)
        elif status is CollectStatus.KEPT and choice.original:
            # What does not count now is still there for whoever wants to look at it.
            original = choice.original
            self._keep_original(student, f"not-taken-{original.name}", original.data)
        reason = choice.reason
        if status is CollectStatus.KEPT:
            reason = self._why_kept(student, choice)
        return CollectRow(
            student, name, status, record.file, reason, choice.repairs, choice.ignored
        )

    def absent(self, student: str, name: str) -> CollectRow:
        """A student of the roster from whom nothing came now; an earlier hand-in still stands."""
        record = self.records.get(student)
        if record is None:
            return CollectRow(student, name, CollectStatus.MISSING, reason="Nothing was handed in.")
        gradable = not record.reason
        status = CollectStatus.UNCHANGED if gradable else CollectStatus.NOT_GRADABLE
        return CollectRow(student, name, status, record.file, record.reason, list(record.repairs))

    def _new_record(
        self, student: str, name: str, known_as: str, handin: Handin, choice: Choice
    ) -> CollectRecord:
        """What is noted about a hand-in."""
        original = choice.original
        return CollectRecord(
            lab=self.lab,
            file=choice.file or (original.name if original else ""),
            repairs=tuple(choice.repairs),
            ignored=tuple(choice.ignored),
            reason=choice.reason,
            sha256=_digest(original.data) if original else "",
            release=self.release_digest,
            handed_in=_timestamp(handin, choice),
            student=student,
            name=name,
            handed_in_as=known_as,
        )

    def _status(self, student: str, record: CollectRecord) -> CollectStatus:
        """What is to become of a hand-in: a gradable one that is there is not lost by mistake."""
        there = self.workspace.submitted(student, self.lab).is_file()
        keep = there and not self.force
        if record.reason is not None:
            return CollectStatus.KEPT if keep else CollectStatus.NOT_GRADABLE
        if self.records.get(student) is None:  # what is there was not written by collect
            return CollectStatus.KEPT if keep else CollectStatus.COLLECTED
        if keep and self._same(student, record):
            return CollectStatus.UNCHANGED
        return CollectStatus.UPDATED

    def _why_kept(self, student: str, choice: Choice) -> str:
        if choice.reason is not None:
            return (
                "The earlier hand-in still counts, because the new one is not gradable: "
                f"{choice.reason}"
            )
        return (
            f"submitted/{student}/{self.lab} was not written by collect and is left alone; "
            "--force replaces it."
        )

    def _same(self, student: str, record: CollectRecord) -> bool:
        """Whether the record says what the one before said: same file, release and verdict."""
        old = self.records.get(student)
        return old is not None and _identity(old) == _identity(record)

    def _write(self, student: str, record: CollectRecord, choice: Choice) -> None:
        # The original comes first: whatever happens after it, nothing of the student's is lost.
        if choice.original:
            self._keep_original(student, choice.original.name, choice.original.data)
        folder = self.workspace.submitted_folder(student, self.lab)
        if choice.submission is not None and choice.reason is None:
            notebook = canonical_submission(choice.submission, self.releases[self.lab])
            write_atomic(self.workspace.submitted(student, self.lab), canonical_bytes(notebook))
            timestamp = self.workspace.timestamp(student, self.lab)
            write_atomic(timestamp, record.handed_in.encode())
        elif folder.is_dir():
            shutil.rmtree(folder)
        # The record comes last: with it, the hand-in counts as stored.
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
    """When it was handed in, as nbgrader reads it.

    That is what the exchange says, else the file's time of change.
    """
    if handin.when:
        return handin.when
    when = choice.when or datetime.now(UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
