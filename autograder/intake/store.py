"""Storing one student's hand-in: what is new is written, what is there already is never lost."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from nbformat.notebooknode import NotebookNode

from autograder.intake.handin import Choice, OriginalFile, choose
from autograder.intake.limited import Failure
from autograder.intake.owners import Owned
from autograder.intake.times import parse_time
from autograder.matching.match import canonical_submission
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import ContentError, NotGradable
from autograder.model.text import clean_name, clean_text, first_of
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["CollectRow", "CollectStatus", "SubmissionStore"]

_MOST_NOTES = 100
"""So many repairs and ignored files are noted; of more, only the number."""

_MOST_NAME_BYTES = 150
"""Of a file's name in ``originals/``; file systems take 255, and a prefix may be added."""


class CollectStatus(StrEnum):
    """What became of a student's hand-in, in the order of the counts."""

    COLLECTED = "collected"  # the first one
    UPDATED = "updated"  # it replaces an earlier one
    UNCHANGED = "unchanged"  # it is there already
    KEPT = "kept"  # an earlier one still counts
    NOT_GRADABLE = "not gradable"
    UNMATCHED = "matches nobody"  # in the roster; nothing is stored
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
        handed_in: When it was handed in; empty if nobody knows.
        late: Whether the LMS itself says that it came late.
    """

    student: str
    name: str
    status: CollectStatus
    file: str = ""
    reason: str | None = None
    repairs: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    handed_in: str = ""
    late: bool = False


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
        self.problems: list[str] = []  # hand-ins that could not be stored
        self.titles = {lab.id: lab.title for lab in course.labs}
        self.workspace = Workspace(course)
        self.release_digest = _digest(canonical_bytes(releases[lab_id]))
        self.records = self.workspace.read_records(lab_id)

    def take(self, owned: Owned) -> CollectRow:
        """Store one student's hand-in; a bad file never stops the others."""
        try:
            choice = choose(owned.handin, self.lab, self.releases, self.titles)
        except MemoryError:  # the limit of the process that reads
            raise
        except Exception as error:  # a defect of ours must not cost the others their marks
            choice = Choice(
                reason=f"The hand-in could not be read ({type(error).__name__}). "
                "Tell your instructor."
            )
        return self._store(owned, choice)

    def refuse(self, owned: Owned, why: Failure) -> CollectRow:
        """Store that a hand-in could not be read within the limits; the others are not affected.

        The file itself is kept if there is only one, and it is not in an archive of the class.
        """
        choice = Choice(
            reason=f"Reading the hand-in {why}. Clear all outputs, remove pasted data, and hand in "
            "the .ipynb file itself."
        )
        files = [entry for entry in owned.handin.entries if not entry.refused]
        if len(files) == 1 and not files[0].from_archive:
            with contextlib.suppress(NotGradable):
                choice.original = OriginalFile(files[0].name, files[0].read())
        return self._store(owned, choice)

    def _store(self, owned: Owned, choice: Choice) -> CollectRow:
        student = owned.student
        choice.repairs = first_of(choice.repairs, _MOST_NOTES)
        choice.ignored = first_of(choice.ignored, _MOST_NOTES)
        if choice.reason is not None:
            choice.reason = clean_text(choice.reason, most=4000)
        record = self._new_record(owned, choice)
        status = self._status(student, record)
        if status is CollectStatus.UNCHANGED:
            record = self._with_first_time(record)
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
            student,
            owned.name,
            status,
            record.file,
            reason,
            choice.repairs,
            choice.ignored,
            record.handed_in,
            record.late,
        )

    def check(self) -> None:
        """Raise ContentError if some hand-in could not be stored."""
        if self.problems:
            raise ContentError("Not every hand-in could be stored.", self.problems)

    def absent(self, student: str, name: str) -> CollectRow:
        """A student of the roster from whom nothing came now; an earlier hand-in still stands."""
        record = self.records.get(student)
        if record is None:
            return CollectRow(student, name, CollectStatus.MISSING, reason="Nothing was handed in.")
        gradable = not record.reason
        status = CollectStatus.UNCHANGED if gradable else CollectStatus.NOT_GRADABLE
        return CollectRow(
            student,
            name,
            status,
            record.file,
            record.reason,
            list(record.repairs),
            handed_in=record.handed_in,
            late=record.late,
        )

    def _new_record(self, owned: Owned, choice: Choice) -> CollectRecord:
        """What is noted about a hand-in."""
        original = choice.original
        # What told the student apart before does so now.
        before = self.records.get(owned.student, CollectRecord()).identity
        return CollectRecord(
            lab=self.lab,
            file=clean_name(choice.file or (original.name if original else "")),
            repairs=tuple(choice.repairs),
            ignored=tuple(choice.ignored),
            reason=choice.reason,
            sha256=_digest(original.data) if original else "",
            release=self.release_digest,
            handed_in=owned.handin.when,
            late=owned.handin.late,
            identity=tuple(dict.fromkeys([*owned.identity, *before])),
            student=owned.student,
            name=owned.name,
            handed_in_as=owned.known_as,
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
            self._write_time(record)
        elif folder.is_dir():
            shutil.rmtree(folder)
        # The record comes last: with it, the hand-in counts as stored.
        self.workspace.write_record(record)

    def _with_first_time(self, record: CollectRecord) -> CollectRecord:
        """The same file as before: it counts from when it was first known to be there."""
        old = self.records[record.student]
        times = sorted(filter(None, (old.handed_in, record.handed_in)), key=_moment)
        first = replace(record, handed_in=times[0] if times else "", late=old.late and record.late)
        if (first.handed_in, first.late) != (old.handed_in, old.late):
            self._write_time(first)
            self.workspace.write_record(first)
        return first

    def _write_time(self, record: CollectRecord) -> None:
        """Tell nbgrader when it was handed in; without a time, it takes nothing off."""
        timestamp = self.workspace.timestamp(record.student, self.lab)
        if record.handed_in:
            write_atomic(timestamp, record.handed_in.encode())
        else:
            timestamp.unlink(missing_ok=True)

    def _keep_original(self, student: str, name: str, data: bytes) -> None:
        """The file byte for byte; another one of the same name moves to ``earlier/``."""
        folder = self.workspace.originals(student, self.lab)
        path = folder / _stored_name(name)
        if path.is_file():
            if path.read_bytes() == data:
                return
            stamp = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S")
            write_atomic(
                folder / "earlier" / f"{stamp}-{_digest(path.read_bytes())[:6]}-{path.name}",
                path.read_bytes(),
            )
        write_atomic(path, data)


def _stored_name(name: str) -> str:
    """A name for a file of ours: a long one is shortened, with a digest that tells it from others.

    The record keeps the whole name.
    """
    name = clean_name(name).replace("/", "_").lstrip(".") or "file"
    data = name.encode("utf-8", "replace")
    if len(data) <= _MOST_NAME_BYTES:
        return name
    found = re.search(r"\.[A-Za-z0-9.]{1,12}\Z", name)
    end = f"-{_digest(data)[:8]}{found.group() if found else ''}"
    # A character may be cut in two: its half is left out.
    start = data[: _MOST_NAME_BYTES - len(end)].decode("utf-8", "ignore")
    return start + end


def _moment(text: str) -> datetime:
    """A time as nbgrader reads it; what cannot be read comes last."""
    return parse_time(text, UTC) or datetime.max.replace(tzinfo=UTC)


def _identity(record: CollectRecord) -> tuple[str, str, str | None, str]:
    """What makes two hand-ins the same one."""
    return record.sha256, record.release, record.reason, record.file


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
