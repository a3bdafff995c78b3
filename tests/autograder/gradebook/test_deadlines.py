"""Deadlines: one file gives due dates, extensions and grace; who has no time is never late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.gradebook.database import open_gradebook
from autograder.gradebook.deadlines import FILE, note_deadline, note_extension, read_deadline
from autograder.model.errors import ContentError
from autograder.workspace.course import Course, load_course
from autograder.workspace.workspace import Workspace
from tests.autograder import tiny
from tests.autograder.tiny import LAB

ROWS = f"""\
lab,student,due,grace_minutes
{LAB},,2027-01-15 23:00,15
{LAB},ada,2027-01-17 23:00,
other_lab,,2027-02-01 23:00,
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A tiny course in Berlin."""
    made = tiny.make_course(tmp_path / "course")
    toml = made.root / "course.toml"
    toml.write_text(toml.read_text().replace("[course]", '[course]\ntimezone = "Europe/Berlin"'))
    return load_course(made.root)


def seconds_late(course: Course, student: str, handed_in: str) -> float:
    """How late nbgrader takes a hand-in to be."""
    deadline = read_deadline(course, LAB)
    note_deadline(course, LAB, deadline)
    path = Workspace(course).timestamp(student, LAB)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(handed_in) if handed_in else path.unlink(missing_ok=True)
    note_extension(course, LAB, student, deadline)
    with open_gradebook(course) as gradebook:
        if handed_in:
            gradebook.update_or_create_submission(LAB, student, timestamp=handed_in)
        return float(gradebook.find_submission(LAB, student).total_seconds_late)


def test_due_extensions_and_grace(course: Course) -> None:
    """The class's date in the course's zone, with grace; one student's own; and no time at all."""
    (course.root / FILE).write_text(ROWS)
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(LAB)
    assert read_deadline(course, LAB).due == datetime(2027, 1, 15, 22, 15, tzinfo=UTC)
    assert read_deadline(course, LAB).extension("ada") == timedelta(days=2, minutes=-15)
    assert seconds_late(course, "ben", "2027-01-15 22:14:00 UTC") == 0
    assert seconds_late(course, "ben", "2027-01-15 22:16:00 UTC") == 60
    assert seconds_late(course, "ada", "2027-01-17 21:59:00 UTC") == 0
    assert seconds_late(course, "ada", "2027-01-17 22:01:00 UTC") == 60
    assert seconds_late(course, "ben", "") == 0


WRONG = {
    "lab": ("lab,student,due\ntiny_lap,,2027-01-15 23:00\n", 'Did you mean "tiny_lab"'),
    "date": (f"lab,student,due\n{LAB},,tomorrow\n", "line 2: .due. must be like"),
    "grace": (f"lab,due,grace_minutes\n{LAB},2027-01-15 23:00,-5\n", "whole number"),
    "columns": ("lab,when\n", "needs the columns"),
    "only one student": (f"lab,student,due\n{LAB},ada,2027-01-15 23:00\n", "for the class"),
    "twice": (f"lab,due\n{LAB},2027-01-15 23:00\n{LAB},2027-01-16 23:00\n", "already"),
}


@pytest.mark.parametrize(("text", "why"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(text: str, why: str, course: Course) -> None:
    """A deadline that cannot be read is an error, never a penalty."""
    (course.root / FILE).write_text(text)
    with pytest.raises(ContentError, match=why):
        read_deadline(course, LAB)


def test_without_the_file_nothing_changes(course: Course) -> None:
    """What nbgrader's gradebook says stands."""
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(LAB, duedate="2027-01-01 00:00:00 UTC")
    note_deadline(course, LAB, read_deadline(course, LAB))
    with open_gradebook(course) as gradebook:
        assert gradebook.find_assignment(LAB).duedate == datetime(2027, 1, 1)
