"""When it was handed in, from tables of the LMS: everybody's own time, or none."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.commands.collect import CollectReport, collect
from autograder.intake.claims import Context
from autograder.intake.find import find_handins
from autograder.intake.owners import Owned, by_roster
from autograder.intake.rosters import inspect_roster
from autograder.intake.students import StudentIds
from autograder.intake.time_tables import from_worksheet, read_time_table
from autograder.intake.times import parse_time, utc_text
from autograder.model.errors import UsageError
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace
from tests.autograder import tiny
from tests.autograder.intake.made_up import LAYOUTS, PEOPLE, ROSTERS, ZONE, Person, write
from tests.autograder.tiny import LAB

GERMAN = ("Januar", "Februar", "März")
BERLIN = ZoneInfo("Europe/Berlin")
GOOD = canonical_bytes(tiny.solved())
OTHER = canonical_bytes(tiny.solved(double="double = float"))


def table(header: list[str], rows: Iterable[list[object]]) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def in_german(person: Person) -> str:
    """As Moodle writes it, in the site's zone."""
    at = person.here
    return f"Sonntag, {at.day}. {GERMAN[at.month - 1]} {at.year}, {at:%H:%M}"


def worksheet(first_number: int = 5000) -> bytes:
    """Moodle's grading worksheet; that of another assignment has other participants' numbers."""
    header = ["Identifier", "Full name", "ID number", "Email address", "Zuletzt geändert (Abgabe)"]
    rows = []
    for p in PEOPLE:
        number = f"Teilnehmer/in{first_number + p.index}"
        rows.append([number, p.name, p.id, p.email, in_german(p)])
    return table(header, rows)


def canvas_report() -> bytes:
    """Canvas's report of all submissions of a course: other assignments and attempts, too."""
    header = [
        "user id",
        "user sis id",
        "user name",
        "assignment id",
        "assignment name",
        "submission date",
    ]
    rows: list[list[object]] = []
    for p in PEOPLE:
        rows.append([p.number, p.id, p.name, 1, tiny.TITLES[LAB], "2026-01-01T08:00:00Z"])
        rows.append([p.number, p.id, p.name, 1, tiny.TITLES[LAB], f"{p.when:%Y-%m-%dT%H:%M:%SZ}"])
        rows.append([p.number, p.id, p.name, 2, "Essay", "2026-12-31T08:00:00Z"])
    return table(header, rows)


def gradescope_marks() -> bytes:
    """Gradescope's marks of one assignment."""
    header = ["First Name", "Last Name", "SID", "Email", "Status", "Submission Time"]
    rows = []
    for p in PEOPLE:
        rows.append([p.first, p.last, p.id, p.email, "Graded", f"{p.here:%Y-%m-%d %H:%M:%S %z}"])
    return table(header, rows)


TABLES = {
    "Canvas": (canvas_report(), "Canvas"),
    "Moodle folders": (worksheet(), "Moodle grading worksheet"),
    "Moodle flat": (worksheet(), "Gradescope"),
    "a folder per id": (gradescope_marks(), "plain"),
    "GitHub Classroom": (gradescope_marks(), "GitHub Classroom"),
    "Google Drive": (canvas_report(), "plain"),
}


def owned_of(layout: str, roster: str, tmp_path: Path) -> tuple[list[Owned], Context, Path]:
    """Whose the files of a download are, by a roster."""
    reading = inspect_roster(write(tmp_path / "roster.csv", ROSTERS[roster]()))
    context = Context(LAB, [LAB], reading.roster, ZONE)
    source = write(tmp_path / "all.zip", LAYOUTS[layout](lambda who: GOOD).zipped())
    handins, _ = find_handins(source, context)
    ids = StudentIds({}).add_expected(reading.roster.students)
    return by_roster(handins, reading.roster, ids, {}).owned, context, tmp_path / "roster.csv"


@pytest.mark.parametrize("layout", TABLES)
def test_everybody_gets_their_own_time(layout: str, tmp_path: Path) -> None:
    """By number, id or address; by name, if only one has it."""
    data, roster = TABLES[layout]
    owned, context, path = owned_of(layout, roster, tmp_path)
    times = read_time_table(write(tmp_path / "times.csv", data), context, tiny.TITLES[LAB])
    students = inspect_roster(path).roster.students
    times.add_to(owned, {student.id: student for student in students})
    assert times.unread == []
    people = {p.id: p for p in PEOPLE}
    known = [one for one in owned if one.handin.when]
    for one in known:
        when = people[one.student].when
        # Moodle's clock shows minutes.
        exact = when.replace(second=0) if "Moodle" in layout else when
        assert one.handin.when == utc_text(exact)
    assert len(known) == len(owned)


def test_a_worksheet_of_another_assignment_gives_no_time(tmp_path: Path) -> None:
    """As a roster it tells who they are, but not when they handed in this lab."""
    owned, context, _ = owned_of("Moodle folders", "Moodle", tmp_path)
    for first, known in ((5000, len(owned)), (9000, 0)):
        reading = inspect_roster(write(tmp_path / "w.csv", worksheet(first)))
        found = from_worksheet(reading, context)
        assert found is not None
        expected = {student.id: student for student in reading.roster.students}
        found.add_to(owned, expected if first == 5000 else {})
        assert sum(bool(one.handin.when) for one in owned) == known
        for one in owned:
            one.handin.when = ""
    times = read_time_table(tmp_path / "w.csv", context, "Lab")
    times.add_to(owned, expected)
    assert not any(one.handin.when for one in owned)


def test_a_table_without_times_or_without_the_lab_is_refused(tmp_path: Path) -> None:
    """It is said what was looked for."""
    context = Context(LAB, [LAB])
    with pytest.raises(UsageError, match="no column with times"):
        read_time_table(write(tmp_path / "r.csv", ROSTERS["plain"]()), context, "Lab 1")
    with pytest.raises(
        UsageError, match=r'no row about "tiny_lab" or "Lab 9"\. It is about "Essay"'
    ):
        read_time_table(write(tmp_path / "c.csv", canvas_report()), context, "Lab 9")


WRITTEN = {
    "2026-03-01 10:00:00 UTC": "10:00",
    "2026-03-01T10:00:00Z": "10:00",
    "2026-03-01 10:00:00.123456789 Z": "10:00",
    "2026-03-01 10:00:00 +0100": "09:00",
    "2026-03-01 10:00": "09:00",
    "Sunday, 1 March 2026, 10:00 AM": "09:00",
    "Sonntag, 1. März 2026, 10:00": "09:00",
    "dimanche 1 mars 2026, 10:00": "09:00",
    "domingo, 1 de marzo de 2026, 10:00": "09:00",
    "domingo, 1 de março de 2026 às 10:00": "09:00",
    "воскресенье, 1 марта 2026, 10:00": "09:00",
    "2026年 03月 1日(日曜日) 10:00": "09:00",
    "2026年03月1日 星期日 10:00": "09:00",
    "2026년 3월 1일 일요일 10:00": "09:00",
    "Mar 1, 2026 at 10:00 PM": "21:00",
    "1 March 2026, 12:30 PM": "11:30",
    "3/4/2026 10:00": None,  # March or April
    "3/13/2026 10:00": "13T09:00",
    "13/3/2026 10:00": "13T09:00",
    "1 Zorgember 2026, 10:00": None,
    "30 February 2026, 10:00": None,
    "1 March 2026, 25:00": None,
    "9999-12-31 23:59:59 -1200": None,
    "yesterday": None,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_times_in_many_languages(text: str) -> None:
    """What may be two times is none."""
    expected = WRITTEN[text]
    found = parse_time(text, BERLIN)
    if expected is None:
        assert found is None
    else:
        day, _, clock = expected.rpartition("T")
        assert found == datetime.fromisoformat(f"2026-03-{day or '01'}T{clock}").replace(
            tzinfo=UTC, microsecond=found.microsecond if found else 0
        )


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A tiny course."""
    monkeypatch.setattr("autograder.commands.collect.enrol", lambda course, roster, ids: None)
    return tiny.make_course(tmp_path / "course")


def collected(course: Course, data: bytes, when: str, *, force: bool = False) -> CollectReport:
    """One hand-in of Ada's, with a table that tells its time."""
    source = course.root / "a.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("ada/x.ipynb", data)
    path = write(course.root / "t.csv", table(["id", "submitted at"], [["ada", when]]))
    return collect(course, LAB, [source], times=path, force=force)


def test_the_same_file_counts_from_its_first_time(course: Course) -> None:
    """A time that becomes known is taken up; the same work again later is not late."""
    stamp = Workspace(course).timestamp("ada", LAB)
    said = collected(course, GOOD, "soonish").to_text()
    assert 'Not understood as a time: "soonish".' in said
    assert "Time unknown for 1 of 1" in said
    assert not stamp.exists()
    for when, kept in (
        ("2026-03-02 10:00", "2026-03-02"),
        ("2026-03-05 10:00", "2026-03-02"),
        ("-", "2026-03-02"),
        ("2026-03-01 10:00", "2026-03-01"),
    ):
        report = collected(course, GOOD, when)
        assert str(report.rows[0].status) == "unchanged"
        assert stamp.read_text().startswith(kept)
        assert report.rows[0].handed_in.startswith(kept)
    collected(course, OTHER, "2026-03-05 10:00")
    assert stamp.read_text().startswith("2026-03-05")
    collected(course, OTHER, "2026-03-06 10:00", force=True)
    assert stamp.read_text().startswith("2026-03-06")
