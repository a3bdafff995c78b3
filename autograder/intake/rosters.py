"""Rosters as LMSs export them -> :class:`Roster`.

One reader: the encoding, the separator and the row of column names are found by trial, and a table
says what each LMS calls its columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.intake.columns import TELLING, columns_of, kind_of
from autograder.intake.names import equal_key
from autograder.intake.sheets import read_sheet
from autograder.intake.students import Roster, Student
from autograder.model.errors import UsageError

__all__ = ["RosterReading", "inspect_roster", "person_in", "read_roster"]

_NOT_PEOPLE = re.compile(r"(?i)\s*points possible|student, test|test student")


@dataclass(frozen=True)
class RosterReading:
    """How a roster was read.

    Attributes:
        kind: The LMS whose columns it has.
        encoding: The encoding of its text.
        separator: What stands between columns.
        columns: What is read -> the column's name in the file.
        roster: The students.
        left_out: Rows that are nobody, and what they are.
        test_students: Those whom the LMS itself has made, such as Canvas's "Student, Test".
        times: Student id, assignment if the table tells it, and time of handing in, as written.
    """

    kind: str
    encoding: str
    separator: str
    columns: dict[str, str]
    roster: Roster
    left_out: tuple[str, ...] = ()
    times: tuple[tuple[str, str, str], ...] = ()
    test_students: Roster = field(default_factory=lambda: Roster([]))

    def to_text(self) -> str:
        """For people: where everything was found, and a line for each student."""
        sign = {"\t": "tab"}.get(self.separator, f'"{self.separator}"')
        lines = [f"{self.kind}; {self.encoding}, columns separated by {sign}"]
        lines += [f'  {what}: column "{name}"' for what, name in self.columns.items()]
        for student in self.roster.students:
            keys = [f"{kind} {value}" for kind, value in student.keys]
            groups = [f"group {group}" for group in student.groups]
            lines.append(
                " · ".join(filter(None, [student.id, student.name, student.email, *keys, *groups]))
            )
        lines += [f"left out: {row}" for row in self.left_out]
        return "\n".join([*lines, f"{len(self.roster.students)} students"])


def read_roster(path: Path) -> Roster:
    """The students of a roster; raises like :func:`inspect_roster`."""
    return inspect_roster(path).roster


def inspect_roster(path: Path) -> RosterReading:
    """Read a roster, and tell how.

    Raises:
        UsageError: if the file cannot be read, has no column that tells people apart, or gives one
            id to two people.
    """
    sheet = read_sheet(path, "roster")
    kind = kind_of(sheet.header)
    columns = columns_of(sheet.header, kind)
    if not TELLING & set(columns):
        raise UsageError(
            f'The roster "{path}" needs a first row with the column "id" (and "name", "email"), '
            "then rows. Exports of Canvas, Moodle, Gradescope, Brightspace, Blackboard and GitHub "
            "Classroom are read as they are."
        )
    students: dict[str, Student] = {}
    left_out: list[str] = []
    times: list[tuple[str, str, str]] = []
    tests: list[Student] = []
    for number in range(1, len(sheet.lines)):
        row = sheet.row(number)
        if not any(row.values()):
            continue
        read = {what: row.get(name, "") for what, name in columns.items()}
        student = person_in(read, kind)
        if student is None:
            left_out.append(", ".join(filter(None, row.values()))[:80] or "an empty row")
            made = _student(read, kind)
            tests += [made] if made else []
        else:
            students[student.id] = _united(students.get(student.id), student, path)
            times.append((student.id, read.get("assignment", ""), read.get("when", "")))
    return RosterReading(
        kind,
        sheet.encoding,
        sheet.separator,
        columns,
        Roster(list(students.values())),
        tuple(left_out),
        tuple(times),
        Roster(tests),
    )


def person_in(row: Mapping[str, str], kind: str) -> Student | None:
    """Who a row is about, by what was read in it; None if it is nobody's."""
    student = _student(row, kind)
    return None if student is None or _NOT_PEOPLE.match(student.name) else student


def _student(row: Mapping[str, str], kind: str) -> Student | None:
    """One row; None if nothing tells who it is."""
    name = row.get("name") or " ".join(filter(None, [row.get("first", ""), row.get("last", "")]))
    sid, number = row.get("sid", "").lstrip("#"), row.get("number", "")
    login, github = row.get("login", "").lstrip("#"), row.get("github", "")
    email = row.get("email", "")
    keys = [(key, value) for key, value in (("login", login), ("login", github)) if value]
    if kind.startswith("Canvas") and number:
        keys.append(("canvas", number))  # and the id, if the school gives no other
    elif kind == "Moodle grading worksheet":
        # "Participant 123", in the site's language: the number in the names of the files.
        found = re.search(r"(\d+)\s*$", row.get("identifier", ""))
        keys += [("moodle", found[1])] if found else []
    else:
        sid = sid or row.get("identifier", "")
    if not (sid or login or email or number or github):
        return None
    named = number if kind == "plain" else ""
    student_id = named or sid or login or email or number or github
    groups = [group.strip() for group in re.split(r"[;,]", row.get("group", "")) if group.strip()]
    if sid and sid != student_id:
        keys.append(("sid", sid))
    return Student(student_id, name, email, tuple(keys), tuple(groups))


def _united(old: Student | None, new: Student, path: Path) -> Student:
    """One student in two rows (two groups, two sections)."""
    if old is None:
        return new
    if equal_key(old.name) != equal_key(new.name):
        raise UsageError(
            f'The roster "{path}" gives the id "{new.id}" to two people: "{old.name}" and '
            f'"{new.name}". Correct it.'
        )
    keys, groups = dict.fromkeys(old.keys + new.keys), dict.fromkeys(old.groups + new.groups)
    return Student(old.id, old.name, old.email or new.email, tuple(keys), tuple(groups))
