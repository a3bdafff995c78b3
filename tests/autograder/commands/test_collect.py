"""Collecting: whatever students, browsers and LMSs do to files, one row per student comes out."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.commands.collect import CollectReport, CollectRow, collect
from autograder.intake.archives import list_archive
from autograder.intake.students import Roster, Student, safe_id
from autograder.model.errors import ContentError, NotGradable, UsageError
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course
from autograder.workspace.workspace import LOCK_FILES
from tests.autograder import tiny
from tests.autograder.tiny import LAB

GOOD = canonical_bytes(tiny.solved())


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A tiny course."""
    return tiny.make_course(tmp_path / "course")


def put(folder: Path, files: dict[str, bytes | str]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def zipped(files: dict[str, bytes | str]) -> bytes:
    """A zip archive with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(
    files: dict[str, bytes], links: dict[str, str] | None = None, mode: Any = "w:gz"
) -> bytes:
    """A tar archive with these members and links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return buffer.getvalue()


def only(report: CollectReport) -> CollectRow:
    """The one row of a report."""
    (row,) = report.rows
    return row


def statuses(report: CollectReport) -> dict[str, str]:
    """Student -> status."""
    return {row.student: row.status for row in report.rows}


GRADESCOPE = """\
submission_1:
  :submitters:
  - :name: ada
    :email: ada@example.org
submission_2:
  :submitters:
  - :name: bob
"""

LAYOUTS = {
    "a folder per student": {"ada/lab.ipynb": GOOD, "bob/x y.ipynb": GOOD},
    "a file per student": {"ada.ipynb": GOOD, "bob.ipynb": GOOD},
    "files with the lab's name": {"ada_tiny_lab.ipynb": GOOD, "Tiny-Lab bob (1).ipynb": GOOD},
    "copies": {"Copy of tiny_lab - ada.ipynb": GOOD, "tiny_lab_bob - Copy.ipynb": GOOD},
    "nbgrader submitted": {
        "ada/tiny_lab/tiny_lab.ipynb": GOOD,
        "bob/tiny_lab/a.ipynb": GOOD,
        "bob/other_lab/b.ipynb": "{",
    },
    "nbgrader exchange": {
        "ada+tiny_lab+2025-03-01 10:00:00.123456 UTC+abc/x.ipynb": GOOD,
        "ada+tiny_lab+2025-02-01 10:00:00 UTC/x.ipynb": "{ an earlier attempt",
        "bob+tiny_lab+2025-03-01 10:00:00 Europe/Berlin+cde".replace("/", "__") + "/x.ipynb": GOOD,
        "bob+other_lab+2025-03-01 10:00:00 UTC+cde/x.ipynb": "{",
    },
    "labs first": {
        "tiny_lab/ada/x.ipynb": GOOD,
        "tiny_lab/bob/x.ipynb": GOOD,
        "other_lab/ada/x.ipynb": "{",
    },
    "Canvas": {"ada_123_4567_tiny_lab.ipynb": GOOD, "bob_LATE_124_4568_Untitled-1.ipynb": GOOD},
    "Moodle folders": {
        "ada_1234_assignsubmission_file_/x.ipynb": GOOD,
        "bob_1235_assignsubmission_file/y.ipynb": GOOD,
    },
    "Moodle files": {
        "ada_1234_assignsubmission_file_x.ipynb": GOOD,
        "bob_1235_assignsubmission_file_y.ipynb": GOOD,
    },
    "Gradescope": {
        "submission_1/x.ipynb": GOOD,
        "submission_2/y.ipynb": GOOD,
        "submission_metadata.yml": GRADESCOPE,
    },
    "Google Classroom": {"ada - Copy of tiny_lab.ipynb": GOOD, "bob - tiny_lab.ipynb": GOOD},
    "a folder around everything": {
        "submissions/ada/x.ipynb": GOOD,
        "submissions/bob/y.ipynb": GOOD,
    },
    "an archive per student": {
        "ada.zip": zipped({"d/x.ipynb": GOOD}),
        "bob.tgz": tarred({"y.ipynb": GOOD}),
    },
    "noise of systems": {
        "ada/x.ipynb": GOOD,
        "ada/.ipynb_checkpoints/x-checkpoint.ipynb": "{",
        "__MACOSX/ada/._x.ipynb": "junk",
        ".DS_Store": "junk",
        "bob/y.ipynb": GOOD,
    },
}


@pytest.mark.parametrize("container", ["folder", "zip", "tar"])
@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_gives_the_same_two_students(
    files: dict[str, Any], container: str, course: Course, tmp_path: Path
) -> None:
    """Folders, exchange names and LMS downloads, on disk or in an archive: ada and bob, both
    collected."""
    source = put(tmp_path / "in", files)
    if container == "zip":
        source = tmp_path / "all.zip"
        source.write_bytes(zipped(files))
    elif container == "tar":
        source = tmp_path / "all.tar.gz"
        source.write_bytes(
            tarred({name: d.encode() if isinstance(d, str) else d for name, d in files.items()})
        )
    report = collect(course, LAB, [source])
    assert statuses(report) == {"ada": "collected", "bob": "collected"}, report
    for student in ("ada", "bob"):
        notebook = nbformat.read(
            course.workspace / "submitted" / student / LAB / f"{LAB}.ipynb", as_version=4
        )
        assert canonical_bytes(notebook) == GOOD
        assert (
            json.loads((course.workspace / "collected" / LAB / f"{student}.json").read_text())[
                "reason"
            ]
            is None
        )


V3 = json.dumps(
    {
        "nbformat": 3,
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": tiny.RIGHT["double"], "outputs": []}]}
        ],
    }
)

# name of the case -> files of one student, what the reason says (None: collected)
ONE_STUDENT: dict[str, tuple[dict[str, bytes | str], str | None]] = {
    "1 truncated": ({"x.ipynb": GOOD[:-90]}, "damaged"),
    "2 empty": ({"x.ipynb": b""}, "empty"),
    "3 a list": ({"x.ipynb": "[]"}, "JSON list"),
    "4 byte-order mark": ({"x.ipynb": b"\xef\xbb\xbf" + GOOD}, None),
    "5 nbformat 3": ({"x.ipynb": V3}, None),
    "9 nbformat 5": ({"x.ipynb": GOOD.replace(b'"nbformat": 4', b'"nbformat": 5')}, "nbformat 5"),
    "10 copy": ({"Copy of tiny_lab (1).ipynb": GOOD}, None),
    "11 two labs": ({"a.ipynb": GOOD, "b.ipynb": canonical_bytes(tiny.other_release())}, None),
    "11 two versions": (
        {"a.ipynb": GOOD, "b.ipynb": canonical_bytes(tiny.solved(double="double = abs"))},
        "holds 2 notebooks",
    ),
    "11 the same twice": ({"a.ipynb": GOOD, "b.ipynb": GOOD}, None),
    "11 one untouched": ({"a.ipynb": canonical_bytes(tiny.release()), "b.ipynb": GOOD}, None),
    "11 one broken": ({"a.ipynb": "{", "b.ipynb": GOOD}, None),
    "12 wrong lab": (
        {"x.ipynb": canonical_bytes(tiny.other_release())},
        "notebook of other_lab (Lab 2 · Another)",
    ),
    "12 a stranger": (
        {"x.ipynb": tiny.to_bytes(nbformat.v4.new_notebook(cells=[tiny.code("1", "a")]))},
        "none of the tasks",
    ),
    "13 Python": ({"tiny_lab.py": "import numpy\n"}, "Python script"),
    "13 PDF": ({"x.pdf": "%PDF-1.7"}, "PDF export"),
    "13 HTML": ({"x.html": "<html>"}, "HTML page"),
    "13 Word": ({"x.docx": b"PK\x03\x04"}, "Word document"),
    "nothing useful": ({"notes.xyz": "?"}, 'notes.xyz"'),
    "16 zip slip": (
        {"x.zip": zipped({"../../evil.sh": "x", "lab.ipynb": GOOD})},
        '../../evil.sh" points out',
    ),
    "16 absolute": (
        {"x.zip": zipped({"/etc/cron.d/evil": "x", "lab.ipynb": GOOD})},
        'etc/cron.d/evil" has an absolute path',
    ),
    "16 backslashes": (
        {"x.zip": zipped({"..\\evil.bat": "x", "lab.ipynb": GOOD})},
        "points out of the archive",
    ),
    "16 drive": ({"x.zip": zipped({"C:\\evil.bat": "x", "lab.ipynb": GOOD})}, "absolute path"),
    "17 link in a tar": (
        {"x.tar": tarred({"lab.ipynb": GOOD}, {"data": "/etc/passwd"}, "w")},
        'data" is a link',
    ),
    "damaged archive": ({"x.zip": "PK"}, "is damaged"),
    "an archive in an archive": (
        {"x.zip": zipped({"y.zip": zipped({"x.ipynb": GOOD})})},
        "no notebook",
    ),
    "19 module": ({"x.ipynb": GOOD, "numpy.py": "raise SystemExit"}, None),
    "20 configuration": (
        {"x.ipynb": GOOD, "nbgrader_config.py": "boom", "sub/conftest.py": "boom"},
        None,
    ),
    "browser's suffix": ({"x.ipynb.txt": GOOD}, None),
}


@pytest.mark.parametrize(("files", "reason"), ONE_STUDENT.values(), ids=ONE_STUDENT)
def test_one_bad_file_costs_nobody_else(
    files: dict[str, bytes | str], reason: str | None, course: Course, tmp_path: Path
) -> None:
    """Rows 1 to 20: graded or not gradable with a cause; the other student is collected in any
    case."""
    source = put(
        tmp_path / "in",
        {f"ada/{name}": data for name, data in files.items()} | {"bob/lab.ipynb": GOOD},
    )
    report = collect(course, LAB, [source])
    rows = {row.student: row for row in report.rows}
    assert rows["bob"].status == "collected"
    submitted = course.workspace / "submitted" / "ada" / LAB / f"{LAB}.ipynb"
    record = json.loads((course.workspace / "collected" / LAB / "ada.json").read_text())
    assert record["reason"] == rows["ada"].reason
    if reason is None:
        assert rows["ada"].status == "collected", rows["ada"]
        assert submitted.is_file()
    else:
        assert rows["ada"].status == "not gradable"
        assert reason in (rows["ada"].reason or "")
        assert not submitted.exists()
    assert not list(tmp_path.rglob("evil*"))
    assert sorted(
        path.name for path in (course.workspace / "submitted" / "bob" / LAB).iterdir()
    ) == [
        f"{LAB}.ipynb",
    ]


def test_other_files_are_listed_and_never_copied(course: Course, tmp_path: Path) -> None:
    """Rows 19 and 20: nothing but the notebook reaches the workspace."""
    files: dict[str, bytes | str] = {
        "ada/x.ipynb": GOOD,
        "ada/numpy.py": "boom",
        "ada/sitecustomize.py": "boom",
    }
    row = only(collect(course, LAB, [put(tmp_path / "in", files)]))
    assert row.ignored == ["ada/numpy.py", "ada/sitecustomize.py"]
    assert not list(course.workspace.rglob("*.py"))


def test_links_are_not_followed(course: Course, tmp_path: Path) -> None:
    """Row 18: a link to a notebook elsewhere is not read; a link beside a notebook is ignored."""
    secret = put(tmp_path / "secret", {"solution.ipynb": GOOD})
    source = put(tmp_path / "in", {"bob/x.ipynb": GOOD})
    (source / "ada").mkdir()
    (source / "ada" / "lab.ipynb").symlink_to(secret / "solution.ipynb")
    (source / "eve").symlink_to(secret)
    (source / "bob" / "data").symlink_to(secret)
    rows = {row.student: row for row in collect(course, LAB, [source]).rows}
    assert rows["ada"].status == "not gradable"
    assert "is a link" in (rows["ada"].reason or "")
    assert rows["bob"].status == "collected"
    assert rows["bob"].ignored == ["bob/data (is a link, and links are not followed)"]
    assert not (course.workspace / "originals" / LAB / "ada").exists()


def test_bombs_are_refused_unopened(course: Course, tmp_path: Path) -> None:
    """An archive that unpacks to a thousand times its size costs its sender the attempt, and us no
    memory."""
    bomb = zipped({"lab.ipynb": b" " * 80_000_000})
    row = only(collect(course, LAB, [put(tmp_path / "in", {"ada/x.zip": bomb})]))
    assert "decompression bomb" in (row.reason or "")


def test_damaged_archives_never_raise_anything_else() -> None:
    """Whatever the bytes of an archive, listing and reading it ends in files or in
    ``NotGradable``."""
    rng = random.Random(0)
    archives = {
        "x.zip": zipped({"a/x.ipynb": GOOD, "b/y": b"1" * 1000}),
        "x.tar": tarred({"a/x.ipynb": GOOD}, {"link": "/etc"}, "w"),
        "x.tar.gz": tarred({"a/x.ipynb": GOOD}),
        "x.tar.xz": tarred({"a/x.ipynb": GOOD}, mode="w:xz"),
        "x.tar.bz2": tarred({"a/x.ipynb": GOOD}, mode="w:bz2"),
    }
    for _ in range(600):
        name, good = rng.choice(list(archives.items()))
        data = bytearray(good)
        for _ in range(rng.randint(1, 6)):
            data[
                rng.choice([rng.randrange(len(data)), rng.randrange(500), -1 - rng.randrange(200)])
            ] = rng.randrange(256)
        with contextlib.suppress(NotGradable):
            for entry in list_archive(name, bytes(data)):
                with contextlib.suppress(NotGradable):
                    entry.read()


NAMES = {
    "ada": "ada",
    "Ada Lovelace": "Ada-Lovelace",
    "José García": "Jose-Garcia",
    "a+b": "a-b",
    "-rf": "rf",
    "a..b": "a.b",
    "o'neill; DROP": "o-neill-DROP",
    "ada@example.org": "ada@example.org",
}


def test_ids_are_safe_for_nbgrader_and_file_systems() -> None:
    """Row 14: spaces, accents, signs and dots; what has no ASCII form is told apart by a digest."""
    assert {name: safe_id(name) for name in NAMES} == NAMES
    for name in ("李雷", "🎻", "..", "", "  ", "Ωμέγα 7", "x" * 300):
        assert safe_id(name)[0].isalnum()
        assert len(safe_id(name)) <= 70
    assert safe_id("李雷") != safe_id("韩梅梅")


def test_two_people_never_share_an_id(course: Course, tmp_path: Path) -> None:
    """José and Jose are two students, now and when they are collected again in another order."""
    source = put(
        tmp_path / "in", {"José/x.ipynb": GOOD, "Jose/x.ipynb": GOOD, "jose/x.ipynb": GOOD}
    )
    first = {row.name: row.student for row in collect(course, LAB, [source]).rows}
    assert first["Jose"] == "Jose"
    assert len({student.casefold() for student in first.values()}) == 3
    for name in ("José", "jose"):
        again = collect(course, LAB, [put(tmp_path / f"only {name}", {f"{name}/x.ipynb": GOOD})])
        assert only(again).student == first[name]
        assert only(again).status == "unchanged"


ROSTER = """\
id,name,email
s01,Ada Lovelace,ada@example.org
s02,"Noether, Emmy",en@example.org
s03,李雷,li@example.org
"""


def test_a_roster_gives_one_row_per_expected_student(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names in any order, addresses and LMS forms find the roster's id; who handed in nothing is
    missing."""
    enrolled: list[dict[str, str]] = []
    monkeypatch.setattr(
        "autograder.commands.collect.enrol", lambda course, roster, ids: enrolled.append(ids)
    )
    roster = tmp_path / "roster.csv"
    roster.write_bytes(b"\xef\xbb\xbf" + ROSTER.encode())
    files: dict[str, bytes | str] = {
        "lovelaceada_12_34_tiny_lab.ipynb": GOOD,
        "en@example.org.ipynb": GOOD,
        "guest.ipynb": GOOD,
    }
    report = collect(course, LAB, [put(tmp_path / "in", files)], roster=roster)
    assert statuses(report) == {
        "guest": "matches nobody",
        "s01": "collected",
        "s02": "collected",
        "s03": "missing",
    }
    assert {row.student: row.name for row in report.rows}["s01"] == "Ada Lovelace"
    again = collect(course, LAB, [tmp_path / "in" / "guest.ipynb"], roster=roster)
    assert statuses(again) == {
        "guest": "matches nobody",
        "s01": "unchanged",
        "s02": "unchanged",
        "s03": "missing",
    }
    assert enrolled == [{"s01": "s01", "s02": "s02", "s03": "s03"}] * 2
    assert report.unmatched
    assert not list(course.workspace.rglob("guest*"))


def test_a_name_that_two_students_share_names_nobody() -> None:
    """A mark must never go to the wrong one of two namesakes."""
    roster = Roster([Student("s1", "Ada L"), Student("s2", "L Ada")])
    assert roster.find("Ada L") is None
    assert roster.find("s2") == Student("s2", "L Ada")


@pytest.mark.parametrize("text", ["", "nonsense", "name,course\nAda,a@b\n"])
def test_a_roster_without_ids_is_refused(text: str, course: Course, tmp_path: Path) -> None:
    """The message says which columns are needed."""
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match='column "id"'):
        collect(course, LAB, [], roster=path)


def test_collecting_again_changes_nothing(course: Course, tmp_path: Path) -> None:
    """An unchanged file is a no-op: no file of the workspace is written, but for the lock of the
    command itself."""

    def written() -> dict[Path, int]:
        files = course.workspace.rglob("*")
        return {path: path.stat().st_mtime_ns for path in files if path.name not in LOCK_FILES}

    source = put(tmp_path / "in", {"ada/x.ipynb": GOOD, "bob/x.ipynb": "{"})
    collect(course, LAB, [source])
    before = written()
    report = collect(course, LAB, [source])
    assert statuses(report) == {"ada": "unchanged", "bob": "not gradable"}
    assert written() == before


def test_a_new_version_replaces_the_old_which_is_kept(course: Course, tmp_path: Path) -> None:
    """The original is kept byte for byte, and so is every earlier one."""
    source = put(tmp_path / "in", {"ada/x.ipynb": GOOD})
    collect(course, LAB, [source])
    newer = canonical_bytes(tiny.solved(double="double = float"))
    put(source, {"ada/x.ipynb": newer})
    assert only(collect(course, LAB, [source])).status == "updated"
    originals = course.workspace / "originals" / LAB / "ada"
    assert (originals / "x.ipynb").read_bytes() == newer
    assert [path.read_bytes() for path in (originals / "earlier").iterdir()] == [GOOD]
    assert (
        b"double = float"
        in (course.workspace / "submitted" / "ada" / LAB / f"{LAB}.ipynb").read_bytes()
    )


def test_a_broken_new_version_does_not_consume_the_attempt(course: Course, tmp_path: Path) -> None:
    """The gradable one stays until ``force`` says otherwise."""
    source = put(tmp_path / "in", {"ada/x.ipynb": GOOD})
    collect(course, LAB, [source])
    put(source, {"ada/x.ipynb": "{"})
    row = only(collect(course, LAB, [source]))
    assert row.status == "kept"
    assert "earlier hand-in still counts" in (row.reason or "")
    assert "damaged" in collect(course, LAB, [source]).to_text()
    assert collect(course, LAB, [source]).to_json()["rows"][0]["student"] == "ada"
    assert (course.workspace / "submitted" / "ada" / LAB / f"{LAB}.ipynb").is_file()
    assert only(collect(course, LAB, [source], force=True)).status == "not gradable"
    assert not (course.workspace / "submitted" / "ada" / LAB).exists()


def test_a_submission_put_there_by_hand_is_left_alone(course: Course, tmp_path: Path) -> None:
    """What nbgrader or the instructor put into ``submitted/`` is replaced only with ``force``."""
    put(course.workspace / "submitted" / "ada" / LAB, {f"{LAB}.ipynb": "by hand"})
    source = put(tmp_path / "in", {"ada/x.ipynb": GOOD})
    assert only(collect(course, LAB, [source])).status == "kept"
    assert only(collect(course, LAB, [source], force=True)).status == "collected"


def test_repairs_and_times_are_recorded(course: Course, tmp_path: Path) -> None:
    """The record tells what was repaired; the timestamp is what nbgrader's late penalties read."""
    notebook = tiny.solved()
    del notebook.cells[tiny.place(notebook, "test_double")]
    source = put(
        tmp_path / "in", {"ada+tiny_lab+2025-03-01 10:00:00 UTC/x.ipynb": canonical_bytes(notebook)}
    )
    row = only(collect(course, LAB, [source]))
    record = json.loads((course.workspace / "collected" / LAB / "ada.json").read_text())
    assert (
        record["repairs"] == row.repairs == ["Put back 1 locked cell that was missing: `double`."]
    )
    assert (
        course.workspace / "submitted" / "ada" / LAB / "timestamp.txt"
    ).read_text() == "2025-03-01 10:00:00 UTC"


def test_a_single_file_belongs_to_its_name_or_its_folder(course: Course, tmp_path: Path) -> None:
    """``collect ada/tiny_lab.ipynb`` is ada's, ``collect bob.ipynb`` is bob's."""
    put(tmp_path, {"ada/tiny_lab.ipynb": GOOD, "bob.ipynb": GOOD})
    report = collect(course, LAB, [tmp_path / "ada" / "tiny_lab.ipynb", tmp_path / "bob.ipynb"])
    assert list(statuses(report)) == ["ada", "bob"]


def test_odd_files_never_block(course: Course, tmp_path: Path) -> None:
    """A pipe would block for ever if it were opened; an unreadable name is only ignored."""
    source = put(tmp_path / "in", {"ada/x.ipynb": GOOD})
    os.mkfifo(source / "ada" / "y.fifo")
    assert only(collect(course, LAB, [source])).status == "collected"


def test_wrong_calls_are_told(course: Course, tmp_path: Path) -> None:
    """A missing input, an unknown lab, a lab that is not built."""
    with pytest.raises(UsageError, match="no file or folder"):
        collect(course, LAB, [tmp_path / "nowhere"])
    with pytest.raises(UsageError, match='Did you mean "tiny_lab"'):
        collect(course, "tiny_lap", [])
    (course.workspace / "release" / LAB / f"{LAB}.ipynb").unlink()
    with pytest.raises(ContentError, match="autograder build"):
        collect(course, LAB, [])
