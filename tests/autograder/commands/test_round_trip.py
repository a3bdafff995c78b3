"""Marks in the table that the LMS exported: each in its row, and the rest as it was."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.app import main
from autograder.commands.export import export, give_back
from autograder.commands.mark import write_gradescope
from autograder.gradebook.database import open_gradebook
from autograder.gradebook.round_trip import rounded
from autograder.gradebook.students import enrol
from autograder.intake.rosters import inspect_roster
from autograder.intake.students import StudentIds
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import UsageError
from autograder.model.result import CaseResult, Result, Status, TodoResult, TodoState
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace
from tests.autograder import tiny
from tests.autograder.intake.made_up import PEOPLE, ROSTERS, Person, write
from tests.autograder.tiny import LAB

SOME = [*PEOPLE[:16], *PEOPLE[290:293]]  # every script, and three pairs of namesakes
HANDED_IN = [p for p in SOME if p.index != 5]
TITLE = f"{tiny.TITLES[LAB]} (4711)"


def points(person: Person) -> float:
    """What somebody has; such sums of thirds and tenths as exams make."""
    return person.index % 17 * 0.2 + 0.1 + 0.2


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A gradebook in which everybody but one has another mark; collected from Canvas."""
    course = tiny.make_course(tmp_path_factory.mktemp("course"))
    path = course.root / "roster.csv"
    roster = inspect_roster(write(path, ROSTERS["Canvas"]())).roster
    chosen = {p.id for p in SOME}
    roster.students[:] = [student for student in roster.students if student.id in chosen]
    enrol(course, roster, StudentIds({}).add_expected(roster.students))
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(LAB)
        gradebook.add_notebook(LAB, LAB)
        gradebook.add_grade_cell("test_double", LAB, LAB, max_score=4, cell_type="code")
        for p in HANDED_IN:
            gradebook.add_submission(LAB, p.id)
            grade = gradebook.find_grade("test_double", LAB, LAB, p.id)
            grade.auto_score, grade.needs_manual_grade = points(p), p.index == 3
        gradebook.db.commit()
    for p in HANDED_IN:
        identity = (f"canvas:{p.number}", f"moodle/{LAB}:{5000 + p.index}")
        record = CollectRecord(
            lab=LAB, student=p.id, name=p.name, handed_in_as=p.id, identity=identity
        )
        Workspace(course).write_record(record)
    return course


def canvas() -> list[list[str]]:
    """Canvas's export of its gradebook, with another assignment and its own rows."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", TITLE, "Essay (12)", "Total"]
    lines = [head, ["    Points Possible", "", "", "", "", "4.0", "10.0", "(read only)"]]
    for p in SOME:
        lines.append([f"{p.last}, {p.first}", str(p.number), "", p.login, "A", "", "7.5", "50"])
    return [*lines, ["Student, Test", "1", "", "9f86", "A", "", "", ""]]


def moodle() -> list[list[str]]:
    """Moodle's grading worksheet of a German site."""
    head = ["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung"]
    head = ["Identifier", *head[1:], "Bestwertung", "Bewertung kann geändert werden"]
    head[1] = "Full name"
    lines = [head]
    for p in SOME:
        can = "Nein" if p.index == 7 else "Ja"
        number = f"Teilnehmer/in{5000 + p.index}"
        lines.append([number, p.name, p.email, "Zur Bewertung abgegeben", "-", "4,00", can])
    return lines


def to_file(path: Path, lines: list[list[str]], separator: str = ",", bom: bool = False) -> Path:
    """A table as a file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(lines)
    path.write_bytes(out.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    return path


def from_file(path: Path, separator: str = ",") -> list[list[str]]:
    """The cells of a table, as any reader of CSV sees them."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_canvas_gets_its_gradebook_back(course: Course, tmp_path: Path) -> None:
    """The assignment's column is filled in everybody's own row; each other cell is what it was."""
    source, target = to_file(tmp_path / "grades.csv", canvas(), bom=True), tmp_path / "marks.csv"
    filled = give_back(course, LAB, into=source, to=target)
    assert filled.count == len(HANDED_IN)
    assert filled.notes == [f"{LAB}: not all marked yet: s0003."]
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    expected = canvas()
    for line, p in zip(expected[2:-1], SOME, strict=True):
        line[5] = rounded(points(p)) if p in HANDED_IN else ""
    assert from_file(target) == expected
    again = give_back(course, LAB, into=target, to=tmp_path / "again.csv")
    assert again.count == filled.count
    assert (tmp_path / "again.csv").read_bytes() == target.read_bytes()


def test_moodle_gets_its_worksheet_back(course: Course, tmp_path: Path) -> None:
    """By the participants' numbers; with the site's comma; a locked grade is left and told."""
    source = to_file(tmp_path / "worksheet.csv", moodle(), ";")
    filled = give_back(course, LAB, into=source, to=tmp_path / "out.csv")
    expected = moodle()
    for line, p in zip(expected[1:], SOME, strict=True):
        if p in HANDED_IN and p.index != 7:
            line[4] = rounded(points(p)).replace(".", ",")
    assert from_file(tmp_path / "out.csv", ";") == expected
    assert any("s0007: Moodle says" in note for note in filled.notes)


def test_what_cannot_be_filled_is_said(course: Course, tmp_path: Path) -> None:
    """Another maximum, a row that is missing, a column that is not there, another table."""
    lines = [[*line[:5], *line[6:]] for line in canvas()]
    source = to_file(tmp_path / "without.csv", lines)
    with pytest.raises(UsageError, match=r'no column called "Lab 1 · A tiny one".*"Essay \(12\)"'):
        give_back(course, LAB, into=source, to=tmp_path / "x.csv")
    assert not (tmp_path / "x.csv").exists()
    short = to_file(tmp_path / "short.csv", [*lines[:2], *lines[3:]])
    named = give_back(course, LAB, into=short, to=tmp_path / "x.csv", column="Essay (12)")
    assert f"{LAB}: no row for s0000; not exported." in named.notes
    assert any("counts to 4 points, the LMS to 10" in note for note in named.notes)
    plain = write(tmp_path / "plain.csv", ROSTERS["plain"]())
    with pytest.raises(UsageError, match="neither a gradebook exported by Canvas"):
        give_back(course, LAB, into=plain, to=tmp_path / "x.csv")


def test_a_row_that_fits_two_stays_as_it_is(course: Course, tmp_path: Path) -> None:
    """Without the numbers, a namesake's mark is nobody's."""
    lines = canvas()
    for line in lines[2:-1]:
        line[1] = line[3] = ""
        line[2] = "x" + line[0]
    lines = [*lines[:3], *lines[-4:]]
    filled = give_back(course, LAB, into=to_file(tmp_path / "g.csv", lines), to=tmp_path / "o.csv")
    written = from_file(tmp_path / "o.csv")
    assert written[2][5] == ""  # the first one's namesake is in the gradebook, too
    assert any("no row for" in note and "s0000" in note for note in filled.notes)


ROUNDED = {
    23.759999999999998: "23.76",
    0.1 + 0.2: "0.3",
    2.675: "2.68",
    1.005: "1.01",
    44.0: "44",
    10.0: "10",
    0.0: "0",
    1 / 3: "0.33",
    1e-9: "0",
}


@pytest.mark.parametrize("value", ROUNDED)
def test_marks_are_rounded_as_an_lms_shows_them(value: float) -> None:
    """Two decimals, halves up, no trailing zeros."""
    assert rounded(value) == ROUNDED[value]


def test_all_labs_at_once_and_a_mark_for_excel(course: Course, tmp_path: Path) -> None:
    """Every export is rounded; the command line has --all and --bom."""
    words = ["--course", str(course.root), "export", "--all", "--bom", "--to"]
    done = CliRunner().invoke(main, [*words, str(tmp_path / "all.csv")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    header, *rows = from_file(tmp_path / "all.csv")
    scores = {row[header.index("student_id")]: row[header.index("score")] for row in rows}
    for p in HANDED_IN:
        assert scores[p.id] == str(float(rounded(points(p))))
    path = export(course, [LAB], to=tmp_path / "canvas.csv", style="canvas")
    assert not any(len(cell) > 5 for row in from_file(path)[2:] for cell in row[5:])
    source = to_file(tmp_path / "grades.csv", canvas())
    filled = ["--into", str(source), str(tmp_path / "filled.csv")]
    done = CliRunner().invoke(main, [*words[:-1], *filled[:2], "--to", filled[2]])
    assert f"{len(HANDED_IN)} marks" in done.output
    assert CliRunner().invoke(main, [*words[:3], "--to", "x"]).exit_code == 2


def test_gradescope_reads_the_result(course: Course, tmp_path: Path) -> None:
    """A test per TODO whose scores add up; what is not gradable has a total and the reason."""
    cases = (CaseResult("a list", True), CaseResult("nothing", False, "`double` raised."))
    todos = {
        "double": TodoResult(1.0, 2.0, TodoState.PARTIAL, cases=cases),
        "mean": TodoResult(2.0, 2.0, TodoState.CORRECT),
    }
    result = Result(LAB, "ada", Status.GRADED, 3.0, 4.0, todos=todos)
    write_gradescope(course, result, tmp_path / "results.json")
    found = json.loads((tmp_path / "results.json").read_text())
    assert sum(row["score"] for row in found["tests"]) == 3.0
    assert sum(row["max_score"] for row in found["tests"]) == 4.0
    first, second = found["tests"]
    assert (first["status"], second["status"]) == ("failed", "passed")
    assert first["output"] == "nothing: `double` raised."
    assert "score" not in found
    refused = Result.not_gradable(LAB, "ada", "The file is a PDF export.")
    write_gradescope(course, refused, tmp_path / "results.json")
    found = json.loads((tmp_path / "results.json").read_text())
    assert (found["score"], found["tests"]) == (0.0, [])
    assert found["output"] == "The file is a PDF export."
