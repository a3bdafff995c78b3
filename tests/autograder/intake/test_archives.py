"""Archives that are not opened: each is named for what it is, and nobody else notices."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from autograder.commands.collect import collect
from autograder.notebooks.reading import canonical_bytes
from tests.autograder import tiny
from tests.autograder.tiny import LAB

GOOD = canonical_bytes(tiny.solved())


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_field(data: bytes, at: int, value: int) -> bytes:
    """The archive with a field of its members' headers changed, in front and in the directory."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", at), (b"PK\x01\x02", at + 2)):
        place = changed.find(signature) + offset
        changed[place : place + 2] = struct.pack("<H", value)
    return bytes(changed)


WHOLE = zipped({"x.ipynb": GOOD})
RAR, SEVEN = b"Rar!\x1a\x07\x01\x00" + bytes(50), b"7z\xbc\xaf\x27\x1c" + bytes(50)
UNOPENED = {
    "encrypted.zip": (with_field(WHOLE, 6, 1), "is encrypted"),
    "aes.zip": (with_field(WHOLE, 8, 99), "is encrypted"),
    "deflate64.zip": (with_field(WHOLE, 8, 9), "a method that is not known here"),
    "cut.zip": (WHOLE[:-500], "damaged or of an unknown kind"),
    "last.zip": (WHOLE[300:], "a part of it is missing"),
    "x.zip.001": (WHOLE[:500], "one part of a split archive"),
    "x.z01": (b"PK\x07\x08" + WHOLE[:500], "one part of a split archive"),
    "marked.zip": (b"PK\x07\x08" + WHOLE, "one part of a split archive"),
    "x.part1.rar": (RAR, "one part of a split archive"),
    "x.rar": (RAR, "is a RAR archive"),
    "really rar.zip": (RAR, "is a RAR archive"),
    "x.7z": (SEVEN, "is a 7-Zip archive"),
    "x.7z.002": (b"anything", "one part of a split archive"),
    "x.tar.zst": (b"\x28\xb5\x2f\xfd" + bytes(9), "is a Zstandard archive"),
    "empty.zip": (b"", "is empty"),
}


@pytest.mark.parametrize("where", ["in the download", "by itself"])
@pytest.mark.parametrize("name", UNOPENED)
def test_what_it_is_is_said(
    name: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student's file in the class's download, and a file that is given alone."""
    monkeypatch.setattr("autograder.commands.collect.enrol", lambda course, roster, ids: None)
    course = tiny.make_course(tmp_path / "course")
    data, why = UNOPENED[name]
    source = tmp_path / "all.zip"
    if where == "by itself":
        source = tmp_path / "new" / name
        source.parent.mkdir()
        source.write_bytes(data)
    else:
        mine, other = f"doejane_11_1_{name}", "roerob_12_1_x.ipynb"
        source.write_bytes(zipped({mine: data, other: GOOD}))
    report = collect(course, LAB, [source])
    (row,) = (row for row in report.rows if row.status == "not gradable")
    assert why in (row.reason or "")
    assert len(report.rows) == (1 if where == "by itself" else 2)
