"""nbgrader's CSV exporter, safe for spreadsheets and readable by LMSs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Enum

from autograder.gradebook.round_trip import rounded
from autograder.workspace.files import write_atomic

__all__ = ["STYLES", "SafeCsvExporter", "safe_cell"]


STYLES = ("csv", "canvas", "moodle")


_NBGRADER = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email")


_SCORES = ("raw_score", "late_submission_penalty", "score", "max_score", "status")


_FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\r\n]")


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: texts that could be one get a leading
    apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) else text


class SafeCsvExporter(ExportPlugin):
    """nbgrader's CSV export with proper quoting, no formulas, UTF-8, and the columns that LMSs
    import."""

    style = Enum(
        STYLES, default_value="csv", help="csv (nbgrader's columns), canvas or moodle"
    ).tag(config=True)
    bom = Bool(False, help="start with a byte-order mark, by which Excel knows UTF-8").tag(
        config=True
    )
    titles = Dict({}, help="assignment name -> the title of its column in an LMS").tag(config=True)
    statuses = Dict(
        {}, help="assignment name -> student -> what to say of one without a graded submission"
    ).tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file named by ``to`` (default ``grades.csv``) in one piece."""
        styles = {"csv": self._plain, "canvas": self._canvas, "moodle": self._moodle}
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        for row in styles[self.style](gradebook):
            writer.writerow([safe_cell(value) for value in row])
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        write_atomic(path, text.getvalue().encode("utf-8-sig" if self.bom else "utf-8", "replace"))

    def _plain(self, gradebook: Gradebook) -> Iterator[list[Any]]:
        yield [*_NBGRADER, *_SCORES]
        for assignment in self._assignments(gradebook):
            for student in self._students(gradebook):
                found = _find(gradebook, assignment.name, student.id)
                penalty = float(found.late_submission_penalty or 0.0) if found else 0.0
                raw = float(found.score) if found else 0.0
                yield [
                    *(
                        assignment.name,
                        assignment.duedate,
                        found.timestamp if found else None,
                        student.id,
                    ),
                    *(student.last_name, student.first_name, student.email),
                    *(
                        _round(raw),
                        _round(penalty),
                        _round(max(0.0, raw - penalty)),
                        float(assignment.max_score),
                        self._status(found, assignment.name, student.id),
                    ),
                ]

    def _canvas(self, gradebook: Gradebook) -> Iterator[list[Any]]:
        assignments = self._assignments(gradebook)
        titles = [self.titles.get(assignment.name, assignment.name) for assignment in assignments]
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        yield ["    Points Possible", "", "", "", "", *(float(a.max_score) for a in assignments)]
        for student in self._students(gradebook):
            name = ", ".join(filter(None, [student.last_name, student.first_name])) or student.id
            login = student.email or student.id
            yield [
                name,
                "",
                student.id,
                login,
                "",
                *self._marks(gradebook, assignments, student.id),
            ]

    def _moodle(self, gradebook: Gradebook) -> Iterator[list[Any]]:
        assignments = self._assignments(gradebook)
        titles = [self.titles.get(assignment.name, assignment.name) for assignment in assignments]
        yield ["ID number", "First name", "Surname", "Email address", *titles]
        for student in self._students(gradebook):
            marks = self._marks(gradebook, assignments, student.id)
            yield [student.id, student.first_name, student.last_name, student.email, *marks]

    def _marks(
        self, gradebook: Gradebook, assignments: list[Any], student: str
    ) -> list[float | None]:
        found = [_find(gradebook, assignment.name, student) for assignment in assignments]
        return [
            _round(max(0.0, float(f.score) - float(f.late_submission_penalty or 0.0)))
            if f
            else None
            for f in found
        ]

    def _status(self, submission: Any, assignment: str, student: str) -> str:
        if submission is None:
            return str(self.statuses.get(assignment, {}).get(student, "no submission"))
        return "needs manual grading" if submission.needs_manual_grade else "graded"

    def _assignments(self, gradebook: Gradebook) -> list[Any]:
        return [
            a for a in gradebook.assignments if not self.assignment or a.name in self.assignment
        ]

    def _students(self, gradebook: Gradebook) -> list[Any]:
        chosen = {str(student) for student in self.student}
        found = [student for student in gradebook.students if not chosen or student.id in chosen]
        return sorted(found, key=lambda student: str(student.id))


def _round(points: float) -> float:
    """Points as LMSs show them: 23.76, not 23.759999999999998."""
    return float(rounded(points))


def _find(gradebook: Gradebook, assignment: str, student: str) -> Any:
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None
