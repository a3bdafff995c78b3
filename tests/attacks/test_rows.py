"""Every row of the table of cases has its ideal outcome, and touches nothing but its own mark.

Gradebook, tables and pages hold the marks, and nothing that a process printed. All in one file, so
that one test process examines the rows once.
"""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.grade import grade
from autograder.commands.report import report
from autograder.model.result import Result, Status, TodoState
from tests.attacks.hall import CANARY, LEAK, Hall
from tests.attacks.rows import FULL, Row
from tests.attacks.table import PAGE, TABLE, page
from tests.classroom import LAB

# All of them wait for one exam of the whole class, which takes minutes.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]


@pytest.mark.parametrize("number", list(TABLE))
def test_row(number: str, hall: Hall) -> None:
    """A row gets exactly its points, and says why; what its process printed reaches nobody else."""
    row, result = TABLE[number], hall.results[TABLE[number].known_as]
    wanted = Status.NOT_GRADABLE if row.outcome == "C" else Status.GRADED
    assert result.status is wanted, result.reason
    if row.outcome == "C":
        assert row.reason in result.reason
        assert result.todos == {}
        return
    _check_points(row, result)
    said = " ".join(_messages(result))
    assert row.reason in said
    assert row.note in " ".join(result.repairs)
    assert row.incident in " ".join(result.incidents)
    assert not (row.outcome == "D" and not result.incidents)
    public = json.dumps(result.to_json())
    assert LEAK not in public
    assert CANARY not in public
    assert CANARY not in json.dumps(hall.private[row.known_as])


def _check_points(row: Row, result: Result) -> None:
    todos = result.todos
    assert {name: todo.points for name, todo in todos.items()} == row.points, todos
    assert {name: todos[name].state for name in row.states} == row.states
    for name, points in row.lost.items():
        todo = todos[name]
        if points == FULL[name] or todo.state is TodoState.NOT_ATTEMPTED or todo.message:
            continue
        # Without a message on the TODO, each of its failed cases says why.
        said = [case.message for case in todo.failed]
        assert said, name
        assert all(said), name


def _messages(result: Result) -> list[str]:
    said = []
    for todo in result.todos.values():
        said += [todo.message, *(case.message for case in todo.cases)]
    return said


def test_the_honest_get_full_marks(hall: Hall) -> None:
    """Nobody's attack costs anybody else a point."""
    for name in hall.honest:
        result = hall.results[name]
        assert {todo: got.points for todo, got in result.todos.items()} == FULL, result
        assert result.incidents == ()


def test_one_result_per_student(hall: Hall) -> None:
    """A batch ends with one result for everyone who handed in."""
    assert len(hall.results) == len(hall.rows)


def test_nothing_else_is_touched(hall: Hall) -> None:
    """Solutions, key, gradebook, other submissions, a home folder: unchanged, and no file anywhere
    else."""
    assert hall.touched == []


def test_nothing_is_left_behind(hall: Hall) -> None:
    """No process outlives its exam."""
    assert hall.left_behind == []


def test_nobody_called(hall: Hall) -> None:
    """No connection reached a socket of the grader's machine."""
    assert hall.heard == []


def test_the_page_of_cases_is_current() -> None:
    """`cases.md` lists the rows of the table, with their outcomes."""
    assert PAGE.read_text(encoding="utf-8") == page()


# --- what people read after an exam ---

READ = ("25", "27", "51", "54", "61", "62", "63")


class Harm(HTMLParser):
    """Collects what could run or load in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "base", "link"):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name.startswith("on") or "javascript:" in (value or "")
        ]


def _harm(path: Path) -> list[str]:
    parser = Harm()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.found


def _students(hall: Hall) -> dict[str, str]:
    """Row -> student id."""
    return {number: hall.rows[TABLE[number].known_as].student for number in READ}


@pytest.mark.rows(*READ)
def test_nothing_printed_reaches_a_page(hall: Hall) -> None:
    """Rows 51, 61 and 63: a feedback page holds no output of the exam, no secret, and nothing that
    runs."""
    pages = feedback(hall.course, LAB, students=list(_students(hall).values()))
    assert len(pages) == len(READ)
    for path in [*pages, report(hall.course, LAB)]:
        assert _harm(path) == []
        assert CANARY not in path.read_text(encoding="utf-8")
        if path in pages:
            assert LEAK not in path.read_text(encoding="utf-8")


@pytest.mark.rows(*READ)
def test_the_gradebook_gets_the_marks_of_the_judge(hall: Hall, tmp_path: Path) -> None:
    """Rows 25, 27, 54 and 62 through nbgrader: points as judged, whatever was claimed; names that
    no sheet computes."""
    students = _students(hall)
    graded = grade(hall.course, LAB, students=list(students.values()), workers=2)
    assert graded.problems == []
    assert graded.graded == []  # every exam was sat before
    table = export(hall.course, LAB, to=tmp_path / "marks.csv")
    rows = {
        row["student_id"].lstrip("'"): row
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    }
    for number, student in students.items():
        assert float(rows[student]["raw_score"]) == pytest.approx(
            sum(TABLE[number].points.values())
        )
        assert float(rows[student]["max_score"]) == pytest.approx(
            sum(FULL.values()) + 2
        )  # the written answer
    assert not any(
        value.startswith(("=", "+", "-", "@")) for row in rows.values() for value in row.values()
    )
