"""Marks written into the table that an LMS exported: the same file, with a column filled.

Canvas's gradebook has a column "Title (number)" per assignment; Moodle's grading worksheet is about
one assignment, whose marks stand in "Grade". Nothing else in the file is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from autograder.intake.columns import columns_of, kind_of
from autograder.intake.names import equal_key
from autograder.intake.rosters import person_in
from autograder.intake.sheets import Sheet, read_sheet
from autograder.intake.students import Person, Roster, Student
from autograder.model.errors import UsageError

__all__ = ["Filled", "LabMarks", "fill_table", "rounded"]

_GRADE = ("grade", "bewertung", "note", "calificación", "valutazione", "nota", "cijfer")
_MOST = ("maximum grade", "höchste bewertung", "bestwertung", "note maximale")
_LOCKED = ("grade can be changed", "bewertung kann geändert werden")
_NO = ("no", "nein", "non")


@dataclass(frozen=True)
class LabMarks:
    """The marks of one lab.

    Attributes:
        lab: The lab's id.
        title: What it is called in the LMS.
        max_score: The points that could be had.
        marks: The student's id in the gradebook -> points, all deductions made.
    """

    lab: str
    title: str
    max_score: float
    marks: Mapping[str, float]


@dataclass
class Filled:
    """What was written, and what is to be looked at.

    Attributes:
        sheet: The table.
        count: How many cells were filled.
        notes: Sentences about marks that found no row, and about doubtful columns.
    """

    sheet: Sheet
    count: int = 0
    notes: list[str] = field(default_factory=list)


def rounded(points: float) -> str:
    """Points as LMSs show them: two decimals at most, halves up."""
    # By way of the shortest text, so that 2.675 is what was meant, not its binary neighbour.
    value = Decimal(repr(float(points))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{value:f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def fill_table(
    path: Path, labs: Sequence[LabMarks], people: Mapping[str, Person], column: str | None = None
) -> Filled:
    """Fill the columns of these labs.

    Args:
        path: The table that the LMS exported.
        labs: The marks.
        people: The student's id in the gradebook -> what tells the student apart.
        column: The name of the column, if it is not the lab's title.

    Raises:
        UsageError: if the table has no column for a lab, or is none that takes marks.
    """
    sheet = read_sheet(path)
    kind = kind_of(sheet.header)
    if kind not in ("Canvas", "Moodle grading worksheet"):
        raise UsageError(
            f'"{path}" is neither a gradebook exported by Canvas nor a grading worksheet of Moodle.'
        )
    filled = Filled(sheet)
    rows = _rows(sheet, kind)
    owners = _owners(rows, people, filled)
    if kind != "Canvas" and len(labs) > 1:
        raise UsageError("A grading worksheet of Moodle is about one lab. Name it.")
    for lab in labs:
        where = _column(sheet, lab, kind, column)
        _check_maximum(sheet, lab, kind, where, filled)
        for number, student in sorted(owners.items()):
            if student in lab.marks and not _is_locked(sheet, number, student, filled):
                sheet.put(number, where, _written(sheet, lab.marks[student]))
                filled.count += 1
        lost = sorted(set(lab.marks) - set(owners.values()))
        if lost:
            filled.notes.append(f"{lab.lab}: no row for {', '.join(lost)}; not exported.")
    return filled


def _rows(sheet: Sheet, kind: str) -> dict[int, Student]:
    """The number of each row that is a person's."""
    columns = columns_of(sheet.header, kind)
    found = {}
    for number in range(1, len(sheet.lines)):
        row = sheet.row(number)
        student = person_in({what: row.get(name, "") for what, name in columns.items()}, kind)
        if student is not None:
            found[number] = student
    return found


def _owners(
    rows: Mapping[int, Student], people: Mapping[str, Person], filled: Filled
) -> dict[int, str]:
    """Row -> the one student it belongs to; a row that fits two stays as it is."""
    roster = Roster(list(dict.fromkeys(rows.values())))
    numbers: dict[str, list[int]] = {}
    for number, student in rows.items():  # one student may have a row per section
        numbers.setdefault(student.id, []).append(number)
    claims: dict[str, list[tuple[str, str]]] = {}
    for student_id, person in people.items():
        match = roster.match(person)
        if len(match.students) == 1 and match.how in ("number", "name"):
            claims.setdefault(match.students[0].id, []).append((match.how, student_id))
    owners = {}
    for row_id, found in claims.items():
        # A number counts more than a name.
        best = "number" if any(how == "number" for how, _ in found) else "name"
        sure = [student for how, student in found if how == best]
        if len(sure) > 1:
            filled.notes.append(f"The row of {row_id} fits {' and '.join(sure)}; left as it is.")
            continue
        owners.update(dict.fromkeys(numbers[row_id], sure[0]))
    return owners


def _column(sheet: Sheet, lab: LabMarks, kind: str, column: str | None) -> int:
    wanted = [column] if column else [lab.title, lab.lab]
    if kind != "Canvas" and not column:
        wanted = list(_GRADE)
    keys = {equal_key(name) for name in wanted}
    found = []
    for number, name in enumerate(sheet.header):
        # Canvas adds the assignment's number, which import needs.
        plain = name if column else re.sub(r" \(\d+\)$", "", name)
        if equal_key(plain) in keys:
            found.append(number)
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f'"{name}"' for name in sheet.header if name)
    what = "several columns" if found else "no column"
    raise UsageError(
        f'The table has {what} called "{wanted[0]}". Name the one of {lab.lab} by --column: {shown}'
    )


def _check_maximum(sheet: Sheet, lab: LabMarks, kind: str, where: int, filled: Filled) -> None:
    """Say if the LMS counts to another maximum than the lab does."""
    said = set()
    for number in range(1, len(sheet.lines)):
        row = sheet.row(number)
        if kind == "Canvas" and "points possible" in next(iter(row.values()), "").casefold():
            said.add(row.get(sheet.header[where], ""))
        said |= {value for name, value in row.items() if equal_key(name) in _MOST}
    for text in sorted(said - {""}):
        try:
            most = float(text.replace(",", "."))
        except ValueError:
            continue
        if most != lab.max_score:
            filled.notes.append(
                f"{lab.lab} counts to {rounded(lab.max_score)} points, the LMS to "
                f"{rounded(most)}: set it there, for nothing was scaled."
            )


def _is_locked(sheet: Sheet, number: int, student: str, filled: Filled) -> bool:
    """Whether Moodle refuses another mark in this row."""
    for name, value in sheet.row(number).items():
        if equal_key(name) in _LOCKED and value.casefold() in _NO:
            filled.notes.append(f"{student}: Moodle says that the grade cannot be changed.")
            return True
    return False


def _written(sheet: Sheet, points: float) -> str:
    """With a decimal comma where the table has one, as in Moodle's German worksheets."""
    commas = any(
        re.fullmatch(r"\d+,\d+", value)
        for number in range(1, min(len(sheet.lines), 4))
        for name, value in sheet.row(number).items()
        if equal_key(name) in _MOST
    )
    return rounded(points).replace(".", ",") if commas else rounded(points)
