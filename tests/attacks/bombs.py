"""Rows 200-229 and 266-271: files and texts that take the memory, the time or the page of whoever reads them."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import nbformat

from tests.attacks.desk import Desk, cell
from tests.attacks.rows import Files, Row, answers, from_notebook

__all__ = ["ROWS"]

Members = Callable[[bytes], Mapping[str, bytes]]


def _zip(members: Members) -> Callable[[Desk], Files]:
    """A zip of what is made of the solved notebook."""

    def make(desk: Desk) -> Files:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members(desk.packed(desk.solved())).items():
                archive.writestr(name, data)
        return {"tiny.zip": buffer.getvalue()}

    return make


def _wrong_utf8(wrong: bytes) -> Callable[[Desk], Files]:
    """A name that claims to be UTF-8 and is not."""

    def make(desk: Desk) -> Files:
        (data,) = _zip(lambda good: {"\u00ff\u00ff.ipynb": good})(desk).values()
        assert isinstance(data, bytes)
        return {"tiny.zip": data.replace("\u00ff\u00ff".encode(), wrong)}

    return make


def _overlapping(desk: Desk) -> Files:
    """Thirty names for the same bytes."""
    (data,) = _zip(lambda good: {"tiny.ipynb": good})(desk).values()
    assert isinstance(data, bytes)
    at, end = data.find(b"PK\x01\x02"), data.find(b"PK\x05\x06")
    directory, tail = data[at:end] * 30, bytearray(data[end:])
    struct.pack_into("<HHLL", tail, 8, 30, 30, len(directory), at)
    return {"tiny.zip": data[:at] + directory + bytes(tail)}


def _tar_header(kind: bytes, size: int, times: int) -> Callable[[Desk], Files]:
    """A tar whose members have long headers before them."""

    def make(desk: Desk) -> Files:
        header = tarfile.TarInfo("././@LongLink")
        header.type, header.size = kind, size
        text = b"%d comment=" % size
        text = text.ljust(size - 1, b"x") + b"\n" if kind == tarfile.XHDTYPE else b"a" * size
        good = desk.packed(desk.solved())
        member = tarfile.TarInfo("tiny.ipynb")
        member.size = len(good)
        one = header.tobuf() + text + bytes(-size % 512)
        return {"t.tar": one * times + member.tobuf() + good + bytes(-len(good) % 512 + 1024)}

    return make


def _tar_kind(kind: bytes) -> Callable[[Desk], Files]:
    def make(desk: Desk) -> Files:
        member = tarfile.TarInfo("tiny.ipynb")
        member.type = kind
        return {"t.tar": member.tobuf() + bytes(1024)}

    return make


def _named(name: str) -> Callable[[Desk], Files]:
    return lambda desk: {name: desk.packed(desk.solved())}


def _many_archives(desk: Desk) -> Files:
    (data,) = _zip(lambda good: {"tiny.ipynb": good})(desk).values()
    return {f"{number}.zip": data for number in range(12)}


def _blank_archive(desk: Desk) -> Files:
    return _zip(lambda good: {f"{k}.ipynb": b" " * 31 * 2**20 for k in range(20)})(desk)


def _cells(sources: Callable[[], list[str]], kind: str = "code") -> Callable[[Desk], Files]:
    """The solved notebook with many cells at its end."""
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell

    def change(notebook: Any, desk: Desk) -> None:
        notebook.cells += [make(source) for source in sources()]

    return from_notebook(change)


def _why(text: str, **attached: Any) -> Callable[[Desk], Files]:
    """The solved notebook with this written answer."""

    def change(notebook: Any, desk: Desk) -> None:
        cell(notebook, "why")["source"] = text
        if attached:
            cell(notebook, "why")["attachments"] = attached["files"]

    return from_notebook(change)


def _json(text: str) -> Callable[[Desk], Files]:
    return lambda desk: {"tiny.ipynb": text.encode()}


def _many_keys(desk: Desk) -> Files:
    whole = {**json.loads(desk.packed(desk.solved())), **{f"k{n}": n for n in range(300_000)}}
    return {"tiny.ipynb": json.dumps(whole).encode()}


_TEXT = {"a.png": {"image/png": "iVBORw0KGgo=" * 1000}}
_SVG = {"a.svg": {"image/svg+xml": "PHN2Zz48L3N2Zz4="}}
_LARGE = {"a.png": {"image/png": "AAAA" * 6_000_000}}
_CREDIT = "<b class='full-credit'>x</b><textarea class='comment'>x</textarea>"
_COVER = "<div class='navbar-fixed-top' style='position:fixed' id='why'>x</div>"
_TEX = r"$\\href{javascript:x}{y} \rule{3000em}{3000em} \class{full-credit}{x}$"


def _chain() -> list[str]:
    return [f"def h{k}(x):\n    return h{k + 1}(x)" for k in range(1900)]


ROWS = [
    Row("200", "a name of 246 bytes in Chinese", "A", _named("我" * 80 + ".ipynb")),
    Row("201", "a name of 255 bytes", "A", _named("a" * 249 + ".ipynb")),
    Row("202", "a name of 62 emoji", "A", _named("😀" * 62 + ".ipynb")),
    Row("203", "a name that is no UTF-8 in a zip", "A", _wrong_utf8(b"\xff\xfe\xff\xfe")),
    Row("204", "half of a surrogate pair as a name", "A", _wrong_utf8(b"\xed\xa0\x80x")),
    Row(
        "205", "a name of 255 bytes in a zip", "A", _zip(lambda good: {"a" * 249 + ".ipynb": good})
    ),
    Row("206", "members that share bytes", "C", _overlapping, reason="shares its bytes"),
    Row("207", "20 members of 31 MB blanks", "C", _blank_archive, reason="exactly one"),
    Row(
        "208",
        "21,000 folders in a zip",
        "C",
        _zip(lambda good: {**{f"{k}/": b"" for k in range(21_000)}, "tiny.ipynb": good}),
        reason="more than 20000 files",
    ),
    Row("209", "12 archives", "C", _many_archives, reason="12 archives"),
    Row(
        "210",
        "60 notebooks in a zip",
        "C",
        _zip(lambda good: {f"{k}.ipynb": good for k in range(60)}),
        reason="exactly one",
    ),
    Row(
        "211",
        "a GNU long name of 1 MB",
        "C",
        _tar_header(tarfile.GNUTYPE_LONGNAME, 2**20, 1),
        reason="header that is too long",
    ),
    Row(
        "212",
        "pax headers of 1 MB",
        "C",
        _tar_header(tarfile.XHDTYPE, 2**20, 3),
        reason="header that is too long",
    ),
    Row(
        "213",
        "a hundred long names in a row",
        "C",
        _tar_header(tarfile.GNUTYPE_LONGNAME, 200, 100),
        reason="header that is too long",
    ),
    Row(
        "214",
        "a tar file with holes",
        "C",
        _tar_kind(tarfile.GNUTYPE_SPARSE),
        reason="a file with holes",
    ),
    Row("215", "1,900 helpers, each needs the next", "A", _cells(_chain)),
    Row("216", "the same backwards", "A", _cells(lambda: _chain()[::-1])),
    Row(
        "217", "1,900 copies of an answer", "A", _cells(lambda: ["def other(x):\n    pass"] * 1900)
    ),
    Row("218", "1,900 cells that are no Python", "A", _cells(lambda: ["this is ( no"] * 1900)),
    Row("219", "1,900 empty texts", "A", _cells(lambda: [" "] * 1900, "text")),
    Row("220", "a line of 99,000 blanks", "A", _cells(lambda: ["\x0c" + " " * 99_000 + "x!"])),
    Row("221", "99,000 signs of a list in a text", "A", _why("- " * 49_500)),
    Row("222", "99,000 open brackets in a text", "A", _why("[" * 99_000)),
    Row(
        "223",
        "one picture, named 400 times",
        "A",
        _why("![a](attachment:a.png)" * 400, files=_TEXT),
    ),
    Row("224", "a picture of 24 MB", "A", _why("![a](attachment:a.png)", files=_LARGE)),
    Row("225", "a pasted SVG", "A", _why("Look: ![a](attachment:a.svg)", files=_SVG)),
    Row("226", "a picture that is not there", "A", _why("![a](attachment:gone.png)")),
    Row("227", "a button for full credit in an answer", "A", _why(_CREDIT)),
    Row("228", "an answer that covers the page", "A", _why(_COVER)),
    Row("229", "TeX that links and draws outside", "A", _why(_TEX)),
    Row("266", "a picture from elsewhere", "A", _why("![a](https://e.org/a.png)")),
    Row("267", "control and direction signs in a text", "A", _why("\u202e\x1b[2J\u2066x\x9b")),
    Row("268", "300,000 keys beside the cells", "A", _many_keys),
    Row("269", "33 MB of text", "C", _json('{"cells": ["' + "x" * 34_000_000 + '"]}'), reason="MB"),
    Row("270", "a million brackets", "C", _json('{"cells": ' + "[]," * 6_000_000), reason="parts"),
    Row("271", "code of 90,000 brackets", "B", answers(double="(" * 90_000), {"double": 0.0}),
]
