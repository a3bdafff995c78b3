"""Whose it is: numbers before names, namesakes, spellings, unmatched hand-ins, new owners."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.commands.collect import CollectReport, collect
from autograder.commands.rename import forget, rename
from autograder.gradebook.database import open_gradebook
from autograder.intake.rosters import read_roster
from autograder.intake.students import Person, Roster, Student
from autograder.model.errors import UsageError
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace
from tests.autograder import tiny
from tests.autograder.intake.made_up import decomposed
from tests.autograder.tiny import LAB

GOOD = canonical_bytes(tiny.solved())
OTHER = canonical_bytes(tiny.solved(double="double = float"))
BLANK = canonical_bytes(tiny.release())


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A tiny course."""
    return tiny.make_course(tmp_path / "course")


@pytest.fixture(autouse=True)
def no_gradebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names in nbgrader's gradebook are another test's matter."""
    monkeypatch.setattr("autograder.commands.collect.enrol", lambda course, roster, ids: None)


def archive(path: Path, files: dict[str, bytes | str]) -> Path:
    """A zip archive with these members."""
    with zipfile.ZipFile(path, "w") as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return path


def roster(path: Path, text: str) -> Path:
    """A roster with these rows."""
    path.write_text("id,name,email\n" + text, encoding="utf-8")
    return path


def rows(report: CollectReport) -> dict[str, str]:
    """Student -> status."""
    return {row.student: str(row.status) for row in report.rows}


def submitted(course: Course, student: str) -> bytes:
    """A student's canonical notebook."""
    path = Workspace(course).submitted(student, LAB)
    return canonical_bytes(nbformat.read(path, as_version=4))


NAMESAKES = {
    "Canvas": ["doejane_11_1_x.ipynb", "doejane_12_2_x.ipynb"],
    "Moodle": ["Jane Doe_11_assignsubmission_file/x.ipynb", "Jane Doe_12_assignsubmission_file/x.ipynb"],
    "blind": ["Participante_11_assignsubmission_file/x.ipynb", "Participante_12_assignsubmission_file/x.ipynb"],
    "unknown language": ["Zzz_11_assignsubmission_file/x.ipynb", "Zzz_12_assignsubmission_file/x.ipynb"],
    "Brightspace": ["11-5 - Jane Doe - Mar 1, 2026 100 PM/x.ipynb", "12-5 - Jane Doe - Mar 1, 2026 100 PM/x.ipynb"],
    "Brightspace in Chinese": ["11-5 - 李 雷 - 2026年3月1日 22:00/x.ipynb", "12-5 - 李 雷 - 2026年3月1日 22:01/x.ipynb"],
    "ILIAS": ["Doe_Jane_a_11/x.ipynb", "Doe_Jane_b_12/x.ipynb"],
}  # fmt: skip


@pytest.mark.parametrize("names", NAMESAKES.values(), ids=NAMESAKES)
def test_namesakes_are_two_today_and_tomorrow(
    names: list[str], course: Course, tmp_path: Path
) -> None:
    """The first alone, then both, then the second alone: each keeps an id and a notebook."""
    first = collect(course, LAB, [archive(tmp_path / "1.zip", {names[0]: GOOD})])
    (one,) = rows(first)
    both = collect(course, LAB, [archive(tmp_path / "2.zip", {names[0]: GOOD, names[1]: OTHER})])
    assert rows(both)[one] == "unchanged"
    (two,) = set(rows(both)) - {one}
    last = collect(course, LAB, [archive(tmp_path / "3.zip", {names[1]: OTHER})])
    assert rows(last) == {two: "unchanged"}
    assert (submitted(course, one), submitted(course, two)) == (GOOD, OTHER)


ADA = Student("s1", "Ada Lovelace", "ada@example.org", (("canvas", "77"),))
JOSE = Student("s2", "José Núñez")
HINDI = Student("s3", "हिन्दी शर्मा")
EVERYBODY = Roster([ADA, JOSE, HINDI, Student("s4", "Jose Nunez"), Student("s5", "Lee Kim")])

SPELLINGS: list[tuple[Person, Student | None]] = [
    (Person(decomposed("José Núñez")), JOSE),
    (Person("LOVELACE, Ada"), ADA),
    (Person("lovelaceada"), ADA),
    (Person("Somebody Else", (("canvas", "77"),)), ADA),
    (Person("Ada Lovelace", (("canvas", "78"),)), None),
    (Person("x", (("email", "ADA@example.org"),)), ADA),
    (Person("s1", is_text=True), ADA),
    (Person("s1"), None),  # a name that an LMS shows is no id
    (Person("\u0410da Lovelace"), None),  # a Cyrillic letter
    (Person("Ada\u200bLovelace"), None),  # a blank that cannot be seen
    (Person("Ada Lovelace\u202e"), None),  # right to left
    (Person("\U0001d400da Lovelace"), None),  # a letter of mathematics
    (Person("हनद शरम"), None),  # vowels are part of the name
    (Person("हिन्दी शर्मा"), HINDI),
    (Person("Jane Doe"), None),
]


@pytest.mark.parametrize(("person", "student"), SPELLINGS)
def test_only_the_same_name_matches(person: Person, student: Student | None) -> None:
    """One name in two encodings is one; what only looks the same matches nobody."""
    found = EVERYBODY.match(person)
    assert found.students == ((student,) if student else ())
    assert student or found.why


def test_names_in_the_encodings_of_old_zips() -> None:
    """GBK, Shift-JIS and CP437 are tried against the roster."""
    people = Roster([Student("a", "李雷"), Student("b", "佐藤 さくら"), Student("c", "Zoë Müller")])
    for name, encoding, student in (
        ("李雷", "gbk", "a"),
        ("佐藤 さくら", "shift_jis", "b"),
        ("Zoë Müller", "cp437", "c"),
        ("Zoë Müller", "cp1252", "c"),
    ):
        found = people.match(Person(name.encode(encoding).decode("cp437")))
        assert [one.id for one in found.students] == [student], (name, encoding)


def zip_of_bytes(path: Path, names: dict[bytes, bytes]) -> Path:
    """A zip archive whose names are these bytes, not marked as UTF-8, as old programs write them."""
    buffer, places = io.BytesIO(), {}
    with zipfile.ZipFile(buffer, "w") as opened:
        for number, (name, data) in enumerate(names.items()):
            place = f"{number:#>{len(name)}}"
            places[place.encode()] = name
            opened.writestr(place, data)
    raw = buffer.getvalue()
    for placeholder, name in places.items():
        raw = raw.replace(placeholder, name)
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["gbk", "shift_jis", "cp437", "cp850", "utf-8"])
def test_a_zip_with_names_in_an_old_encoding(encoding: str, course: Course, tmp_path: Path) -> None:
    """Each person in the roster gets their own; a name that nobody has is listed, not guessed."""
    names = {
        "gbk": ["李雷", "韩梅梅", "王芳"],
        "shift_jis": ["佐藤さくら", "鈴木はると", "高橋ゆい"],
    }.get(encoding, ["Zoë Müller", "José Nuñez", "Ångström Åke"])
    people = roster(tmp_path / "r.csv", f"s1,{names[0]},\ns2,{names[1]},\n")
    files = {}
    for name, data in zip(names, (GOOD, OTHER, GOOD), strict=True):
        files[f"{name}/{LAB}.ipynb".encode(encoding)] = data
    report = collect(course, LAB, [zip_of_bytes(tmp_path / "a.zip", files)], roster=people)
    statuses = list(rows(report).values())
    assert sorted(statuses) == ["collected", "collected", "matches nobody"]
    assert (submitted(course, "s1"), submitted(course, "s2")) == (GOOD, OTHER)


ODD = {
    "\u0410da Lovelace": "Cyrillic and Latin letters",
    "Ada\u200bLovelace": "cannot be seen",
    "Ada Lovelace\u202e": "cannot be seen",
    "\U0001d400da Lovelace": "Mathematical",
    "佐藤 Ada": "",
    "Иван Ivan": "",
    "Ольга": "",
    "हिन्दी": "",
}


@pytest.mark.parametrize("name", ODD)
def test_a_name_that_only_looks_the_same_is_told(name: str) -> None:
    """Who reads the list sees why two names that look the same are not."""
    why = EVERYBODY.match(Person(name)).why
    assert ODD[name] in why
    assert ("its name" in why) == bool(ODD[name]) or EVERYBODY.match(Person(name)).students


def test_who_matches_nobody_is_told_and_can_be_named(course: Course, tmp_path: Path) -> None:
    """Nothing is stored; ``--as`` decides, and the next download is understood."""
    people = roster(tmp_path / "r.csv", "s1,Ada Lovelace,\ns2,Ben Bit,\n")
    source = archive(tmp_path / "a.zip", {"nobody_5_6_x.ipynb": GOOD, "bitben_7_8_x.ipynb": OTHER})
    report = collect(course, LAB, [source], roster=people)
    assert rows(report) == {"nobody": "matches nobody", "s1": "missing", "s2": "collected"}
    assert report.unmatched
    alone = archive(tmp_path / "b.zip", {"nobody_5_6_x.ipynb": GOOD})
    named = collect(course, LAB, [alone], roster=people, student="s1")
    assert rows(named)["s1"] == "collected"
    again = collect(course, LAB, [source], roster=people)
    assert rows(again) == {"s1": "unchanged", "s2": "unchanged"}
    with pytest.raises(UsageError, match="Nobody has the id"):
        collect(course, LAB, [alone], roster=people, student="s3")
    with pytest.raises(UsageError, match="one person's"):
        collect(course, LAB, [source], roster=people, student="s1")


def test_the_test_student_of_the_lms_is_passed_over(course: Course, tmp_path: Path) -> None:
    """By its number: a person who is called so is a person, and matches nobody."""
    people = tmp_path / "r.csv"
    text = "Student,ID,SIS User ID,Section\n    Points Possible,,,\n"
    people.write_text(text + '"Doe, Jane",11,s1,A\n"Student, Test",99,,A\n')
    with people.open("a") as file:  # a school without ids and logins of its own
        file.write('"Roe, Rob",12,,A\n')
    files: dict[str, bytes | str] = {
        "doejane_11_1_x.ipynb": GOOD,
        "roerob_12_3_x.ipynb": OTHER,
        "studenttest_99_2_x.ipynb": BLANK,
    }
    report = collect(course, LAB, [archive(tmp_path / "a.zip", files)], roster=people)
    assert rows(report) == {"s1": "collected", "12": "collected"}
    assert report.ignored == ["studenttest_99_2_x.ipynb (the LMS's own test student)"]
    files = {"studenttest_98_2_x.ipynb": OTHER}
    report = collect(course, LAB, [archive(tmp_path / "b.zip", files)], roster=people)
    assert report.unmatched


def test_a_damaged_download_is_told_with_a_roster_too(course: Course, tmp_path: Path) -> None:
    """It matches nobody, and the cause is said."""
    people = roster(tmp_path / "r.csv", "s1,Ada Lovelace,\n")
    (tmp_path / "all.zip").write_bytes(b"PK")
    report = collect(course, LAB, [tmp_path / "all.zip"], roster=people)
    assert report.unmatched
    assert "is damaged" in report.to_text()


def test_two_claims_on_one_person_are_told(course: Course, tmp_path: Path) -> None:
    """Somebody who calls themselves Ada gets neither Ada's place nor Ada's mark."""
    people = roster(tmp_path / "r.csv", "s1,Ada Lovelace,\n")
    files: dict[str, bytes | str] = {
        "lovelaceada_1_2_x.ipynb": GOOD,
        "lovelaceada_3_4_x.ipynb": OTHER,
    }
    report = collect(course, LAB, [archive(tmp_path / "a.zip", files)], roster=people)
    assert [str(row.status) for row in report.rows].count("matches nobody") == 2
    assert "two people claim to be s1" in report.to_text()
    assert not list(course.workspace.rglob("submitted/*/*/*.ipynb"))


def test_a_new_owner_needs_force(course: Course, tmp_path: Path) -> None:
    """A hand-in that was one student's goes to another only with ``force``, and it is said."""
    old = tmp_path / "old.csv"
    old.write_text("Student,ID,SIS User ID,Section\nDoe Jane,11,s1,A\nRoe Rob,12,s2,A\n")
    new = tmp_path / "new.csv"
    new.write_text("Student,ID,SIS User ID,Section\nDoe Jane,12,s1,A\nRoe Rob,11,s2,A\n")
    source = archive(tmp_path / "a.zip", {"doejane_11_1_x.ipynb": GOOD})
    assert rows(collect(course, LAB, [source], roster=old))["s1"] == "collected"
    report = collect(course, LAB, [source], roster=new)
    assert rows(report) == {"doejane": "matches nobody", "s1": "unchanged", "s2": "missing"}
    assert "--force moves it" in report.to_text()
    forced = collect(course, LAB, [source], roster=new, force=True)
    assert rows(forced)["s2"] == "collected"
    assert "was s1's before" in forced.to_text()


@pytest.mark.parametrize(
    "name",
    ["doejane_11_1_x.ipynb", "Jane Doe/x.ipynb", "Jane Doe_5_assignsubmission_file_/x.ipynb"],
)
def test_a_roster_given_later_doubles_nobody(name: str, course: Course, tmp_path: Path) -> None:
    """Who was collected without it takes the roster's id, and the work goes along."""
    second = name.replace("oe", "ax").replace("11", "12").replace("_5_", "_6_")
    source = archive(tmp_path / "a.zip", {name: GOOD, second: OTHER})
    assert len(collect(course, LAB, [source]).rows) == 2
    people = roster(tmp_path / "r.csv", "s1,Jane Doe,\ns2,Jane Dax,\n")
    report = collect(course, LAB, [source], roster=people)
    assert rows(report) == {"s1": "unchanged", "s2": "unchanged"}
    assert len(report.renamed) == 2
    assert (submitted(course, "s1"), submitted(course, "s2")) == (GOOD, OTHER)
    assert {path.name for path in (course.workspace / "submitted").iterdir()} == {"s1", "s2"}


METADATA = """\
---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :email: ada@example.org
  - :name: "Jos\\xE9 N\\xFA\\xF1ez"
    :sid: s2
  :created_at: 2026-03-01 10:00:00.123456789 Z
  :results:
    :output: "
submission_2:
      :submitters:"
  :history:
  - :submitters:
    - :name: Eve
      :email: eve@example.org
submission_1:
  :submitters:
  - :name: Eve
    :email: eve@example.org
"""


def test_gradescope_groups_and_forged_metadata(course: Course, tmp_path: Path) -> None:
    """Everybody of a group gets the work; a student's own metadata say nothing."""
    forged = METADATA.replace("ada@", "eve@")
    files: dict[str, bytes | str] = {
        "export/submission_1/x.ipynb": GOOD,
        "export/submission_1/submission_metadata.yml": forged,
        "export/submission_metadata.yml": METADATA,
    }
    people = roster(
        tmp_path / "r.csv", "s1,Ada,ada@example.org\ns2,José Núñez,\ns3,Eve,eve@example.org\n"
    )
    report = collect(course, LAB, [archive(tmp_path / "a.zip", files)], roster=people)
    assert rows(report) == {"s1": "collected", "s2": "collected", "s3": "missing"}
    when = Workspace(course).timestamp("s1", LAB).read_text()
    assert when == "2026-03-01 10:00:00.123456 UTC"


ENTRIES = {
    "Canvas link": ({"doejane_11_link.html": "<a>"}, "is a link"),
    "Canvas text": ({"doejane_LATE_11_text.html": "<p>"}, "typed into Canvas"),
    "Moodle text": ({"Jane Doe_1_assignsubmission_onlinetext/onlinetext.html": "<p>"}, "typed into Moodle"),
    "Canvas file": ({"doejane_11_1_x.ipynb": GOOD, "doejane_11_text.html": "<p>"}, None),
    "Moodle file": ({
        "Jane Doe_1_assignsubmission_onlinetext/onlinetext.html": "<p>",
        "Jane Doe_1_assignsubmission_file/x.ipynb": GOOD,
    }, None),
    "no suffix": ({"doejane_11_1_tiny": GOOD}, None),
    "json": ({"doejane_11_1_tiny.json": GOOD}, None),
    "text": ({"doejane_11_1_tiny.txt": GOOD}, None),
    "download": ({"doejane_11_1_tiny.ipynb.download": GOOD}, None),
    "rar": ({"doejane_11_1_x.rar": "Rar!\x1a\x07"}, "is a RAR archive"),
    "7z": ({"doejane_11_1_x.7z": b"7z\xbc\xaf\x27\x1c"}, "is a 7-Zip archive"),
    "80 Chinese characters": ({f"doejane_11_1_{'笔' * 73}.ipynb": GOOD}, None),
    "exchange": ({
        f"jane+{LAB}+2026-03-01 10:00:00 UTC+a/{LAB}.ipynb": BLANK,
        f"jane+{LAB}+2026-03-01 10:00:00 UTC+a/mine.ipynb": GOOD,
    }, None),
}  # fmt: skip


@pytest.mark.parametrize(("files", "reason"), ENTRIES.values(), ids=ENTRIES)
def test_what_one_student_may_hand_in(
    files: dict[str, bytes | str], reason: str | None, course: Course, tmp_path: Path
) -> None:
    """One row, never a second student; and a cause if there is nothing to grade."""
    report = collect(course, LAB, [archive(tmp_path / "a.zip", files)])
    (row,) = report.rows
    assert row.status == ("not gradable" if reason else "collected"), row
    assert (reason or "") in (row.reason or "")
    if not reason:
        assert submitted(course, row.student) == GOOD


@pytest.mark.parametrize("how", ["zip", "folder"])
def test_the_time_of_a_file_is_no_time_of_handing_in(
    how: str, course: Course, tmp_path: Path
) -> None:
    """Unknown is said, and nobody is late; a time that was known once does not stay."""
    timed = archive(tmp_path / "a.zip", {f"jane+{LAB}+2026-03-01 10:00:00 UTC+a/x.ipynb": GOOD})
    collect(course, LAB, [timed])
    assert Workspace(course).timestamp("jane", LAB).is_file()
    source = archive(tmp_path / "b.zip", {"jane/x.ipynb": OTHER, "ben/x.ipynb": OTHER})
    if how == "folder":
        (tmp_path / "b").mkdir()
        zipfile.ZipFile(source).extractall(tmp_path / "b")
        source = tmp_path / "b"
    report = collect(course, LAB, [source])
    assert "Time unknown for 2 of 2" in report.to_text()
    assert not Workspace(course).timestamp("jane", LAB).exists()
    record = json.loads(Workspace(course).record("jane", LAB).read_text())
    assert record["handed_in"] == ""


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rosters_in_every_dress(encoding: str, separator: str, ending: str, tmp_path: Path) -> None:
    """Encodings, separators and line ends are found by trial."""
    lines = [["id", "name", "email"], ["s1", "José Núñez", "j@x.org"], ["s2", "Zoë", ""]]
    text = ending.join(separator.join(line) for line in lines) + ending
    path = tmp_path / "r.csv"
    path.write_bytes(text.encode(encoding))
    assert read_roster(path).students == [
        Student("s1", "José Núñez", "j@x.org"),
        Student("s2", "Zoë"),
    ]


def test_one_id_for_two_people_is_refused(tmp_path: Path) -> None:
    """The same row twice is one student; another name under the id is an error that names both."""
    assert len(read_roster(roster(tmp_path / "a.csv", "s1,Ada,\ns1,Ada,\n")).students) == 1
    with pytest.raises(UsageError, match='"s1" to two people: "Ada" and "Ben"'):
        read_roster(roster(tmp_path / "b.csv", "s1,Ada,\ns1,Ben,\n"))


def test_rename_and_forget_reach_everything(course: Course, tmp_path: Path) -> None:
    """Files, records, results and the gradebook follow; a forgotten one's work is in the trash."""
    source = archive(tmp_path / "a.zip", {"ada/x.ipynb": GOOD, "ben/x.ipynb": OTHER})
    collect(course, LAB, [source])
    workspace = Workspace(course)
    workspace.results(LAB).mkdir(parents=True)
    workspace.result("ada", LAB).write_text('{"student": "ada"}')
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment(LAB)
        gradebook.add_submission(LAB, "ada") if gradebook.add_student("ada") else None
    with pytest.raises(UsageError, match="never become one"):
        rename(course, "ada", "ben")
    with pytest.raises(UsageError, match="cannot be an id"):
        rename(course, "ada", "../x")
    assert rename(course, "ada", "s1")
    assert not workspace.traces("ada")
    assert submitted(course, "s1") == GOOD
    assert json.loads(workspace.result("s1", LAB).read_text())["student"] == "s1"
    assert workspace.read_records(LAB)["s1"].student == "s1"
    with open_gradebook(course) as gradebook:
        assert [one.id for one in gradebook.students] == ["s1"]
        assert gradebook.find_submission(LAB, "s1")
    assert forget(course, "s1")
    assert not workspace.traces("s1")
    assert list((course.workspace / "trash").rglob("originals/*/s1/x.ipynb"))
    with open_gradebook(course) as gradebook:
        assert gradebook.students == []
    assert rows(collect(course, LAB, [source]))["ben"] == "unchanged"
    with pytest.raises(UsageError, match="no student"):
        forget(course, "s1")
