"""What people read after an exam: gradebook, tables and pages hold the marks, and nothing that a
process printed."""

from __future__ import annotations

import csv
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograder.commands.export import export
from autograder.commands.feedback import feedback
from autograder.commands.grade import grade
from autograder.commands.report import report
from tests.attacks.hall import CANARY, LEAK, Hall
from tests.attacks.rows import FULL
from tests.attacks.table import TABLE
from tests.classroom import LAB

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
