"""``deadlines.csv`` beside ``course.toml`` -> nbgrader's due dates and extensions.

Columns ``lab``, ``student``, ``due``, ``grace_minutes``: a row without a student is the class's.
The file is optional; without a row for a lab, what nbgrader's own gradebook says stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from autograder.intake.times import parse_time
from autograder.model.errors import ContentError, did_you_mean
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["FILE", "LabDeadline", "note_deadline", "note_extension", "read_deadline"]

FILE = "deadlines.csv"
_COLUMNS = ("lab", "student", "due", "grace_minutes")


@dataclass(frozen=True)
class LabDeadline:
    """When a lab is due, minutes of grace included.

    Attributes:
        due: For the class, in UTC; None if the file does not say.
        extensions: Student id -> when it is due for them.
    """

    due: datetime | None = None
    extensions: dict[str, datetime] = field(default_factory=dict)

    def extension(self, student: str) -> timedelta | None:
        """How much later than the class one student may hand in; None if the file is silent."""
        if self.due is None or student not in self.extensions:
            return None
        return self.extensions[student] - self.due


def read_deadline(course: Course, lab_id: str) -> LabDeadline:
    """What the course's file says of one lab.

    Raises:
        ContentError: naming the line and what is wrong in it.
    """
    path = course.root / FILE
    if not path.is_file():
        return LabDeadline()
    text = path.read_bytes().decode("utf-8-sig", "replace")
    rows = csv.DictReader(io.StringIO(text), restval="")
    if not rows.fieldnames or set(rows.fieldnames) - set(_COLUMNS) or "due" not in rows.fieldnames:
        raise ContentError(f"{path} needs the columns {', '.join(_COLUMNS)}, and no others.")
    due: datetime | None = None
    extensions: dict[str, datetime] = {}
    for row in rows:
        where = f"{path}, line {rows.line_num}"
        found = _due(row, course, where)
        if row["lab"].strip() != lab_id:
            continue
        student = (row.get("student") or "").strip()
        if student:
            extensions[student] = found
        elif due is None:
            due = found
        else:
            raise ContentError(f"{where}: {lab_id} has a due date already.")
    if extensions and due is None:
        raise ContentError(f"{path}: {lab_id} needs a row without a student, for the class.")
    return LabDeadline(due, extensions)


def note_deadline(course: Course, lab_id: str, deadline: LabDeadline) -> None:
    """Write the class's due date into nbgrader's gradebook, if the file gives one."""
    if deadline.due is None or not Workspace(course).gradebook.is_file():
        return
    from nbgrader.api import MissingEntry

    from autograder.gradebook.database import open_gradebook

    with open_gradebook(course) as gradebook:
        try:
            # nbgrader keeps times in UTC, without saying so.
            gradebook.find_assignment(lab_id).duedate = deadline.due.replace(tzinfo=None)
        except MissingEntry:
            return
        gradebook.db.commit()


def note_extension(course: Course, lab_id: str, student: str, deadline: LabDeadline) -> None:
    """Write one student's extension; and forget a time of handing in that is no longer known."""
    from autograder.gradebook.database import open_gradebook

    extension = deadline.extension(student)
    is_timed = Workspace(course).timestamp(student, lab_id).is_file()
    if extension is None and is_timed and deadline.due is None:
        return
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(lab_id, student)
        if deadline.due is not None:
            submission.extension = extension
        if not is_timed:
            submission.timestamp = None
        gradebook.db.commit()


def _due(row: Mapping[str, str], course: Course, where: str) -> datetime:
    lab, text = row.get("lab", "").strip(), (row.get("due") or "").strip()
    labs = [known.id for known in course.labs]
    if lab not in labs:
        raise ContentError(f'{where}: there is no lab "{lab}".{did_you_mean(lab, labs)}')
    due = parse_time(text, course.zone)
    if due is None:
        raise ContentError(f'{where}: "due" must be like 2027-01-15 23:00, not "{text}".')
    minutes = (row.get("grace_minutes") or "0").strip() or "0"
    if not minutes.isdecimal() or len(minutes) > 6:
        raise ContentError(f'{where}: "grace_minutes" must be a whole number, not "{minutes}".')
    return (due + timedelta(minutes=int(minutes))).astimezone(UTC)
