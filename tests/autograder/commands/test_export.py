"""Exports: nbgrader's numbers, quoted, without formulas, in the columns that spreadsheets and LMSs
read."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from autograder.commands.export import export
from autograder.gradebook.configuration import OWN_CONFIG
from autograder.gradebook.export import SafeCsvExporter, safe_cell
from autograder.gradebook.marks import open_marks
from autograder.gradebook.students import enrol
from autograder.intake.students import Roster, Student
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from tests.autograder import tiny
from tests.autograder.tiny import LAB

CELLS = {
    "Ada": "Ada",
    "=1+1": "'=1+1",
    "+49": "'+49",
    "-2": "'-2",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\r=1": "'\r=1",
    "\n=1": "'\n=1",
    "  =cmd|' /C calc'!A0": "'  =cmd|' /C calc'!A0",
    "＝1": "'＝1",
    "O'Neill": "O'Neill",
    "a=b": "a=b",
    "": "",
}


ONE_POINT = """
from nbgrader.plugins import LateSubmissionPlugin


class OnePoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c = get_config()
c.AssignLatePenalties.plugin_class = OnePoint
"""


def test_no_text_becomes_a_formula() -> None:
    """Row 62: what a spreadsheet could run gets an apostrophe; numbers stay numbers."""
    assert {text: safe_cell(text) for text in CELLS} == CELLS
    assert [safe_cell(value) for value in (None, -1.5, 3, 2.0)] == ["", "-1.5", "3", "2.0"]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A gradebook with a graded student, one whose written answer waits, and one who handed in
    nothing."""
    from autograder.gradebook.database import open_gradebook

    course = tiny.make_course(tmp_path_factory.mktemp("course"))
    roster = Roster(
        [
            Student("ada", 'Ada "A", Lovelace', "ada@example.org"),
            Student("bob", "=HYPERLINK(1) Müller", "bob@example.org"),
            Student("eve", "Eve\nOdd"),
        ]
    )
    enrol(course, roster, {student.id: student.id for student in roster.students})
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(LAB)
        gradebook.add_notebook(LAB, LAB)
        gradebook.add_grade_cell("test_double", LAB, LAB, max_score=2, cell_type="code")
        gradebook.add_grade_cell("tiny_written_1", LAB, LAB, max_score=2, cell_type="markdown")
        gradebook.add_solution_cell("tiny_written_1", LAB, LAB)
        for student, points in (("ada", 2.0), ("bob", 0.5)):
            gradebook.add_submission(LAB, student)
            grade = gradebook.find_grade("test_double", LAB, LAB, student)
            grade.auto_score, grade.needs_manual_grade = points, False
            written = gradebook.find_grade("tiny_written_1", LAB, LAB, student)
            written.needs_manual_grade = student == "bob"
            written.manual_score = 1.5 if student == "ada" else None
        comment = gradebook.find_comment("tiny_written_1", LAB, LAB, "ada")
        comment.manual_comment = "Well said"
        late = gradebook.find_submission(LAB, "ada")
        late.timestamp, late.assignment.duedate = datetime(2030, 1, 2), datetime(2030, 1, 1)
        gradebook.db.commit()
    (course.root / OWN_CONFIG).write_text(ONE_POINT)
    return course


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_csv_has_nbgraders_columns_and_survives_odd_names(course: Course, tmp_path: Path) -> None:
    """Commas, quotes, newlines and formulas in names break nothing out of their cell."""
    found = rows(export(course, LAB, to=tmp_path / "marks.csv"))
    assert [
        (row["student_id"], row["raw_score"], row["score"], row["status"]) for row in found
    ] == [
        ("ada", "3.5", "2.5", "graded"),
        ("bob", "0.5", "0.5", "needs manual grading"),
        ("eve", "0.0", "0.0", "no submission"),
    ]
    assert {row["first_name"] for row in found} == {"Lovelace", "'=HYPERLINK(1)", ""}
    assert all(row["max_score"] == "4.0" for row in found)


def test_what_was_not_gradable_has_a_row_and_says_so(course: Course, tmp_path: Path) -> None:
    """Nobody who handed in is left out, and nobody's zero goes unexplained."""
    record = course.workspace / "collected" / LAB / "eve.json"
    write_atomic(record, b'{"student": "eve", "reason": "The file is empty."}')
    found = rows(export(course, LAB, to=tmp_path / "marks.csv"))
    assert [row["status"] for row in found if row["student_id"] == "eve"] == ["not gradable"]
    record.unlink()


def test_lms_columns(course: Course, tmp_path: Path) -> None:
    """Canvas and Moodle find their columns; who handed in nothing has no mark, not zero."""
    canvas = rows(export(course, LAB, to=tmp_path / "canvas.csv", style="canvas"))
    title = tiny.TITLES[LAB]
    assert canvas[0]["Student"] == "    Points Possible"
    assert [row[title] for row in canvas] == ["4.0", "2.5", "0.5", ""]
    moodle = rows(export(course, LAB, to=tmp_path / "moodle.csv", style="moodle"))
    assert [(row["ID number"], row["Email address"], row[title]) for row in moodle] == [
        ("ada", "ada@example.org", "2.5"),
        ("bob", "bob@example.org", "0.5"),
        ("eve", "", ""),
    ]


def test_a_byte_order_mark_is_an_option(course: Course, tmp_path: Path) -> None:
    """Excel needs it, most other readers do not."""
    assert (
        export(course, LAB, to=tmp_path / "a.csv", bom=True)
        .read_bytes()
        .startswith(b"\xef\xbb\xbf")
    )
    assert export(course, LAB, to=tmp_path / "b.csv").read_bytes().startswith(b"assignment")


def test_it_is_an_nbgrader_exporter(course: Course, tmp_path: Path) -> None:
    """``nbgrader export --exporter=autograder.gradebook.export.SafeCsvExporter`` uses it as it
    stands."""
    from nbgrader.api import Gradebook

    exporter = SafeCsvExporter(to=str(tmp_path / "x.csv"), student=["ada"])
    with Gradebook(f"sqlite:///{course.workspace / 'gradebook.db'}", course.id) as gradebook:
        exporter.export(gradebook)
    assert [row["student_id"] for row in rows(tmp_path / "x.csv")] == ["ada"]


def test_feedback_reads_marks_from_the_gradebook(course: Course) -> None:
    """Points by hand, comments, penalties and waiting answers are told apart."""
    with open_marks(course, LAB) as reader:
        ada, bob = reader.marks("ada"), reader.marks("bob")
        assert ada is not None
        assert bob is not None
        assert (ada.scores["tiny_written_1"], ada.penalty, ada.score) == (1.5, 1.0, 3.5)
        assert ada.comments == {"tiny_written_1": "Well said"}
        assert bob.scores["tiny_written_1"] is None
        assert reader.marks("eve") is None
        assert reader.students()["bob"] == "=HYPERLINK(1) Müller"


def test_wrong_calls_are_told(course: Course, tmp_path: Path) -> None:
    """An unknown style, a lab that was not graded, no gradebook; a missing gradebook is never
    created."""
    with pytest.raises(UsageError, match="canvas, moodle"):
        export(course, LAB, to=tmp_path / "x", style="excel")
    with pytest.raises(ContentError, match="autograder grade other_lab"):
        export(course, "other_lab", to=tmp_path / "x")
    bare = tiny.make_course(tmp_path / "bare")
    with pytest.raises(ContentError, match="no gradebook yet"):
        export(bare, LAB, to=tmp_path / "x")
    with open_marks(bare, LAB) as reader:
        assert reader.marks("ada") is None
    assert not (bare.workspace / "gradebook.db").exists()
