"""What one person hands in is read within limits, and costs nobody else anything."""

from __future__ import annotations

import io
import os
import resource
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from autograder.commands.collect import collect
from autograder.intake.archives import list_archive
from autograder.intake.entries import list_folder
from autograder.intake.limited import Failure, Limits, run_limited
from autograder.intake.owners import Owned
from autograder.intake.store import SubmissionStore
from autograder.model.errors import NotGradable
from autograder.notebooks.reading import canonical_bytes
from tests.autograder import tiny
from tests.autograder.tiny import LAB

GOOD = canonical_bytes(tiny.solved())
SMALL = Limits(memory=2**28, cpu_seconds=1, seconds=3)


def eat_memory() -> str:
    """More than the limit."""
    return str(len(bytearray(2**33)))


def burn_time() -> str:
    """Never ends, and uses the processor."""
    while True:
        pass


def sleep() -> str:
    """Never ends, and uses nothing."""
    time.sleep(1000)
    return ""


def crash() -> str:
    """Ends without an answer."""
    os._exit(7)


def children() -> set[int]:
    """The processes this one has started; other tests may have left servers of theirs."""
    return {child.pid for child in psutil.Process().children()}


@pytest.mark.parametrize(
    ("function", "failure"),
    [
        (eat_memory, Failure.MEMORY),
        (burn_time, Failure.TIME),
        (sleep, Failure.TIME),
        (crash, Failure.DEFECT),
    ],
)
def test_a_child_beyond_its_limits_is_named(function: Callable[[], str], failure: Failure) -> None:
    """It alone fails; those before and after it give their answers, and none is left behind."""
    tasks = [("first", lambda: "1"), ("bad", function), ("last", lambda: "2" * 3_000_000)]
    before = children()
    found = dict(run_limited(tasks, SMALL, workers=2))
    assert found == {"first": "1", "bad": failure, "last": "2" * 3_000_000}
    assert children() <= before


def test_whoever_stops_listening_leaves_no_process() -> None:
    """An error in the middle ends the children that are at work."""
    before = children()
    answers = run_limited([("quick", lambda: "1"), ("slow", sleep)], SMALL, workers=2)
    assert next(answers) == ("quick", "1")
    assert children() - before
    answers.close()  # type: ignore[attr-defined]
    assert children() <= before


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("function", [eat_memory, burn_time, crash])
def test_who_hands_in_what_kills_its_reader_is_not_gradable(
    function: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner is named, the file is kept, everybody else is collected, and again the next time."""
    course = tiny.make_course(tmp_path / "course")
    take = SubmissionStore.take

    def take_or_die(self: SubmissionStore, owned: Owned) -> object:
        if owned.student == "mallory":
            # As a notebook would that nobody has thought of.
            resource.setrlimit(resource.RLIMIT_CPU, (1, resource.RLIM_INFINITY))
            function()
        return take(self, owned)

    monkeypatch.setattr(SubmissionStore, "take", take_or_die)
    files = {f"{name}/x.ipynb": GOOD for name in ("ada", "bob", "mallory", "zoe")}
    source = put(tmp_path / "in", files)
    for status in ("collected", "unchanged"):
        rows = {row.student: row for row in collect(course, LAB, [source]).rows}
        assert {name: row.status for name, row in rows.items() if name != "mallory"} == {
            "ada": status,
            "bob": status,
            "zoe": status,
        }
        assert rows["mallory"].status == "not gradable"
        assert "Reading the hand-in" in (rows["mallory"].reason or "")
    assert (course.workspace / "originals" / LAB / "mallory" / "x.ipynb").read_bytes() == GOOD


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_long_names_are_collected(number: int, tmp_path: Path) -> None:
    """A name as long as a file system takes it is shortened for us, and kept in the record."""
    name = ("我" * 80, "a" * 249, "😀" * 62, "é" * 124)[number] + ".ipynb"
    course = tiny.make_course(tmp_path / "course")
    source = put(tmp_path / "in", {f"ada/{name}": GOOD, "bob/x.ipynb": GOOD})
    for change in (b"", b"\n", b"\n\n"):  # the earlier ones move aside, with a prefix
        (source / "ada" / name).write_bytes(GOOD + change)
        rows = {row.student: row for row in collect(course, LAB, [source]).rows}
        assert rows["ada"].status in ("collected", "updated")
        assert rows["ada"].file == f"ada/{name}"
        assert rows["bob"].status in ("collected", "unchanged")
    kept = [path for path in (course.workspace / "originals").rglob("*") if path.is_file()]
    assert len([path for path in kept if "ada" in path.parts]) == 3
    assert all(path.suffix == ".ipynb" for path in kept)


def bad_utf8(files: dict[str, bytes], wrong: bytes) -> bytes:
    """A zip that claims UTF-8 for ``ÿÿ``, which is replaced by bytes that are none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue().replace("ÿÿ".encode(), wrong)


@pytest.mark.parametrize("wrong", [b"\xff\xfe\xff\xfe", b"\xc3(ab", b"\xed\xa0\x80x"])
def test_names_that_are_no_utf8_stop_nobody(wrong: bytes, tmp_path: Path) -> None:
    """In an archive of a class, such a name is its owner's affair; the file can even be read."""
    files = {"ada/x.ipynb": GOOD, "mallory/ÿÿ.ipynb": GOOD, "zoe/x.ipynb": GOOD}
    (tmp_path / "class.zip").write_bytes(bad_utf8(files, wrong))
    course = tiny.make_course(tmp_path / "course")
    for _ in range(2):
        rows = collect(course, LAB, [tmp_path / "class.zip"]).rows
        assert [row.student for row in rows] == ["ada", "mallory", "zoe"]
        assert {row.status for row in rows} <= {"collected", "unchanged"}


def test_names_on_disk_and_in_tars_that_are_no_utf8(tmp_path: Path) -> None:
    """Neither ends anything."""
    course = tiny.make_course(tmp_path / "course")
    put(tmp_path / "in", {"ada/x.ipynb": GOOD, "bob/x.ipynb": GOOD})
    (tmp_path / "in" / "ada" / "\udcff\udcfe.ipynb").write_bytes(GOOD)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("a\udcff\udcfe.ipynb")
        member.size = len(GOOD)
        archive.addfile(member, io.BytesIO(GOOD))
    put(tmp_path / "in", {"eve/t.tar.gz": buffer.getvalue()})
    rows = {row.student: row.status for row in collect(course, LAB, [tmp_path / "in"]).rows}
    assert rows == {"ada": "collected", "bob": "collected", "eve": "collected"}


def overlapping(count: int) -> bytes:
    """A zip whose members all have the same megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ipynb", b" " * 2**20)
    data = buffer.getvalue()
    at = data.find(b"PK\x01\x02")
    end = data.find(b"PK\x05\x06")
    directory = data[at:end] * count
    tail = bytearray(data[end:])
    struct.pack_into("<HHLL", tail, 8, count, count, len(directory), at)
    return data[:at] + directory + bytes(tail)


def test_members_that_share_their_bytes_are_refused() -> None:
    """34 kB that unpack to a gigabyte, without a ratio that shows it."""
    entries = list_archive("x.zip", overlapping(30))
    assert len(entries) == 30
    assert all("shares its bytes" in entry.refused for entry in entries)


def with_header(kind: bytes, size: int, times: int = 1) -> bytes:
    """A tar whose member has headers of ``size`` bytes before it."""
    parts = b""
    for number in range(times):
        header = tarfile.TarInfo("././@LongLink")
        header.type, header.size = kind, size
        line = b"a" * size
        if kind == tarfile.XHDTYPE:
            line = b"%d comment=" % size
            line += b"x" * (size - len(line) - 1) + b"\n"
        parts += header.tobuf() + line + bytes(-size % 512)
        if kind == tarfile.XHDTYPE or number == times - 1:
            member = tarfile.TarInfo(f"{number}.ipynb")
            member.size = len(GOOD)
            parts += member.tobuf() + GOOD + bytes(-len(GOOD) % 512)
    return parts + bytes(1024)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_long_headers_are_refused_before_they_are_read(kind: bytes) -> None:
    """A megabyte of a name takes as much memory each time, and quadratic time in older Pythons."""
    long = with_header(kind, 2**20, 9)
    start = time.process_time()
    with pytest.raises(NotGradable, match="header that is too long"):
        list_archive("x.tar", long)
    assert time.process_time() - start < 1
    assert len(list_archive("x.tar", with_header(kind, 300))) == 1
    with pytest.raises(NotGradable, match="header that is too long"):
        list_archive("x.tar", with_header(tarfile.GNUTYPE_LONGNAME, 300, 50))


@pytest.mark.parametrize("kind", ["folders", "files"])
def test_too_many_members_are_refused(kind: str) -> None:
    """Folders count as well."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}/" if kind == "folders" else str(number), b"")
    with pytest.raises(NotGradable, match="more than 20000 files"):
        list_archive("x.zip", buffer.getvalue())


def test_a_hand_in_of_many_notebooks_is_refused(tmp_path: Path) -> None:
    """100 members of 32 MB blanks in 3.3 MB: reading ends at the bound for one person."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"{number}.ipynb", b" " * (31 * 2**20))
    course = tiny.make_course(tmp_path / "course")
    source = put(tmp_path / "in", {"mallory/x.zip": buffer.getvalue(), "ada/x.ipynb": GOOD})
    before = time.monotonic()
    rows = {row.student: row for row in collect(course, LAB, [source]).rows}
    assert rows["ada"].status == "collected"
    assert "Hand in exactly one" in (rows["mallory"].reason or "")
    assert time.monotonic() - before < 30


def test_a_folder_of_too_many_files_is_its_owners_affair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when they are folders, one in the other."""
    monkeypatch.setattr("autograder.intake.entries.MAX_FOLDER_ENTRIES", (1000, 100, 10))
    files = {"ada/x.ipynb": GOOD, "bob/x.ipynb": GOOD}
    put(tmp_path / "in", files)
    for number in range(120):
        (tmp_path / "in" / "eve" / f"{number}" / "a").mkdir(parents=True)
    entries = list_folder(tmp_path / "in")
    spoilt = [entry.path[0] for entry in entries if entry.spoils]
    assert set(spoilt) == {"eve"}
    course = tiny.make_course(tmp_path / "course")
    put(tmp_path / "in", {"eve/a.ipynb": GOOD})
    rows = {row.student: row for row in collect(course, LAB, [tmp_path / "in"]).rows}
    assert rows["eve"].status == "not gradable"
    assert "too many files" in (rows["eve"].reason or "")
    assert rows["ada"].status == rows["bob"].status == "collected"
