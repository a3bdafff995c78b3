"""Rows 1-20 and their neighbours: files and containers."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import nbformat

from tests.attacks import bombs
from tests.attacks.desk import Desk, tarred, zipped
from tests.attacks.rows import Files, Row, from_notebook

__all__ = ["ROWS"]


def _bytes(data: bytes, name: str = "tiny.ipynb") -> Any:
    return lambda desk: {name: data}


def _good(desk: Desk) -> bytes:
    return desk.packed(desk.solved())


def _recoded(change: Any) -> Any:
    """The solved notebook's bytes after ``change``."""
    return lambda desk: {"tiny.ipynb": change(_good(desk))}


def _named(name: str) -> Any:
    return lambda desk: {name: _good(desk)}


def _beside(*names: str, content: bytes = b"raise SystemExit('never run')\n") -> Any:
    """The solved notebook with other files beside it."""
    return lambda desk: {"tiny.ipynb": _good(desk), **dict.fromkeys(names, content)}


def _archive(pack: Any, name: str, members: dict[str, Any]) -> Any:
    """An archive of these members; ``None`` stands for the solved notebook."""

    def make(desk: Desk) -> Files:
        files = {path: _good(desk) if data is None else data for path, data in members.items()}
        return {name: pack(files)}

    return make


def _as_version_3(desk: Desk) -> Files:
    old = nbformat.convert(nbformat.from_dict(desk.solved()), 3)
    return {"tiny.ipynb": nbformat.v3.writes_json(old).encode()}


def _colab(notebook: Any, desk: Desk) -> None:
    notebook.nbformat_minor = 0
    for cell in notebook.cells:
        cell.metadata["id"] = cell.pop("id")
        cell.metadata["executionInfo"] = {"user": {"displayName": "Ada", "userId": "1234567890"}}


def _no_ids(notebook: Any, desk: Desk) -> None:
    for number, cell in enumerate(notebook.cells):
        if number % 2:
            del cell["id"]


def _same_ids(notebook: Any, desk: Desk) -> None:
    for cell in notebook.cells:
        cell["id"] = "same"


def _newer(notebook: Any, desk: Desk) -> None:
    notebook.nbformat = 5


def _newer_schema(notebook: Any, desk: Desk) -> None:
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["schema_version"] = 4


def _with_scratch(desk: Desk) -> Files:
    scratch = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('scratch')")])
    return {"tiny.ipynb": _good(desk), "scratch.ipynb": desk.packed(scratch)}


def _two_versions(desk: Desk) -> Files:
    other = desk.packed(desk.solved(double="def double(x):\n    return x + x"))
    return {"tiny.ipynb": _good(desk), "tiny-final.ipynb": other}


def _other_lab(desk: Desk) -> Files:
    return {"tiny.ipynb": desk.course.released("other").read_bytes()}


def _huge(desk: Desk) -> Files:
    notebook = desk.solved()
    picture = {
        "output_type": "display_data",
        "data": {"image/png": "A" * 10_000_000},
        "metadata": {},
    }
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        cell.outputs = [picture]
    code[0].outputs = [picture] * (11 - len(code))
    return {"tiny.ipynb": desk.packed(notebook)}


def _link_outside(desk: Desk) -> Files:
    return {
        "tiny.ipynb": Path(desk.course.workspace / "submitted" / "victim" / "tiny" / "tiny.ipynb")
    }


def _deep(desk: Desk) -> Files:
    return {"tiny.ipynb": b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"}


def _many_cells(desk: Desk) -> Files:
    notebook = desk.solved()
    filler = {"cell_type": "markdown", "metadata": {}, "source": "x"}
    return {
        "tiny.ipynb": json.dumps(
            {**notebook, "cells": [*notebook.cells, *[filler] * 20_000]}
        ).encode()
    }


def _odd_json(data: bytes) -> bytes:
    """Numbers that JSON does not have, a key twice."""
    return (
        b'{"NaN": NaN, "x": Infinity, "x": -Infinity, "y": 1e999, "nbformat": 4, '
        + data.lstrip()[1:]
    )


def _giant_number(data: bytes) -> bytes:
    return b'{"big": ' + b"9" * 5000 + b", " + data.lstrip()[1:]


def _odd_sources(notebook: Any, desk: Desk) -> None:
    notebook.cells.append(
        {"cell_type": "code", "metadata": {}, "source": [1, None, {"a": []}], "outputs": "none"}
    )
    notebook.cells.append({"cell_type": "code", "metadata": None, "source": None})
    notebook.cells.append("not a cell")
    notebook.cells.append({"cell_type": ["code"], "source": "\udc80\ud800 \x00 lone surrogates"})


def _surrogates(notebook: Any, desk: Desk) -> Any:
    _odd_sources(notebook, desk)
    return json.loads(json.dumps(notebook))


def _nested_zip(desk: Desk) -> Files:
    data = zipped({"tiny.ipynb": _good(desk)})
    for number in range(4):
        data = zipped({f"level{number}.zip": data})
    return {"tiny.zip": data}


def _bomb(desk: Desk) -> Files:
    return {"tiny.zip": zipped({"tiny.ipynb": b"\0" * 400_000_000})}


def _crlf(notebook: Any, desk: Desk) -> None:
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def _late_junk(desk: Desk) -> Files:
    return {"tiny.ipynb": _good(desk) + b"\n<<<<<<< HEAD\n=======\n>>>>>>> mine\n"}


def _personal(notebook: Any, desk: Desk) -> None:
    _colab(notebook, desk)
    notebook.metadata["colab"] = {"authorship_tag": "secret-tag", "name": "tiny.ipynb"}
    notebook.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    notebook.metadata["widgets"] = copy.deepcopy({"state": {"x": "y"}})


ODD_NAMES = (
    "Ada Lovelace",
    "Zoë 😀",
    "a+b",
    "-rf",
    "x..y",
    "\u202egnp.exe",
    "two\nlines",
    "=cmd|' C'!A0",
    "a" * 200,
)

ROWS = [
    Row(
        "1", "truncated JSON", "C", _recoded(lambda data: data[: len(data) // 2]), reason="damaged"
    ),
    Row("1b", "JSON followed by the marks of a merge", "C", _late_junk, reason="damaged"),
    Row("2", "empty file", "C", _bytes(b""), reason="empty"),
    Row("2b", "a file of zeros", "C", _bytes(bytes(5000)), reason="empty"),
    Row("3", "a JSON list", "C", _bytes(b"[1, 2]"), reason="not a notebook"),
    Row(
        "3b",
        "an object without cells",
        "C",
        _bytes(b'{"nbformat": 4, "metadata": {}}'),
        reason="no notebook cells",
    ),
    Row("4", "UTF-8 with a byte-order mark", "A", _recoded(lambda data: b"\xef\xbb\xbf" + data)),
    Row("5", "nbformat 3", "A", _as_version_3, note="nbformat 3"),
    Row("6", "nbformat 4.0 from Colab, ids in the metadata", "A", from_notebook(_colab)),
    Row("7", "nbformat 4.5 with missing ids", "A", from_notebook(_no_ids)),
    Row("8", "every cell id the same", "A", from_notebook(_same_ids)),
    Row("9", "nbformat 5", "C", from_notebook(_newer), reason="nbformat 5"),
    Row("9b", "a newer nbgrader schema", "C", from_notebook(_newer_schema), reason="version 4"),
    Row("10", "Copy of tiny.ipynb", "A", _named("Copy of tiny.ipynb")),
    Row("10b", "tiny (1).ipynb", "A", _named("tiny (1).ipynb")),
    Row("11", "a second notebook that is none of ours", "A", _with_scratch),
    Row("11b", "two different notebooks of the lab", "C", _two_versions, reason="exactly one"),
    Row("12", "the other lab's notebook", "C", _other_lab, reason="notebook of other (Other lab)"),
    Row("13", "a Python script", "C", _bytes(b"import numpy\n", "tiny.py"), reason=".ipynb"),
    Row("13b", "a PDF", "C", _bytes(b"%PDF-1.7\n", "tiny.pdf"), reason=".ipynb"),
    Row(
        "13c",
        "an HTML export",
        "C",
        _bytes(b"<!DOCTYPE html><html></html>", "tiny.html"),
        reason=".ipynb",
    ),
    *(
        Row(f"14-{i}", f"student {name!r:.40}", "A", _named("tiny.ipynb"), student=name)
        for i, name in enumerate(ODD_NAMES)
    ),
    Row("15", "110 MB of saved outputs", "A", _huge, note="MB of saved outputs"),
    Row(
        "16",
        "zip slip",
        "C",
        _archive(zipped, "tiny.zip", {"../../evil.ipynb": None}),
        reason="../../evil.ipynb",
    ),
    Row(
        "16b",
        "absolute path in a tar",
        "C",
        _archive(tarred, "t.tar.gz", {"/etc/evil.ipynb": None}),
        reason="/etc/evil",
    ),
    Row(
        "17",
        "link in a zip",
        "C",
        _archive(zipped, "t.zip", {"tiny.ipynb": ("symlink", "/etc/passwd")}),
        reason="link",
    ),
    Row(
        "17b",
        "hard link in a tar",
        "C",
        _archive(tarred, "t.tgz", {"tiny.ipynb": ("hardlink", "/etc/shadow")}),
        reason="link",
    ),
    Row("18", "a symbolic link to another student's file", "C", _link_outside, reason="link"),
    Row(
        "19",
        "numpy.py beside the notebook",
        "A",
        _beside("numpy.py", "labkit/probes.py", "labkit.py"),
    ),
    Row(
        "20",
        "configuration files beside the notebook",
        "A",
        _beside(
            "nbgrader_config.py", "ipython_config.py", "sitecustomize.py", "conftest.py", ".env"
        ),
    ),
    Row("67", "UTF-16", "A", _recoded(lambda data: data.decode().encode("utf-16")), note="UTF-16"),
    Row(
        "68",
        "Windows-1252",
        "A",
        _recoded(lambda data: data.replace(b"Twice", b"Zw\xf6lf")),
        note="Windows-1252",
    ),
    Row("69", "zip bomb", "C", _bomb, reason="not opened"),
    Row(
        "70",
        "device in a tar",
        "C",
        _archive(tarred, "t.tar", {"tiny.ipynb": ("device", "")}),
        reason="not opened",
    ),
    Row(
        "70b",
        "pipe in a tar",
        "C",
        _archive(tarred, "t.tar", {"tiny.ipynb": ("fifo", "")}),
        reason="not opened",
    ),
    Row("71", "archives in archives", "C", _nested_zip, reason="no notebook"),
    Row(
        "72",
        "an encrypted zip",
        "C",
        _archive(lambda files: zipped(files, encrypted=True), "t.zip", {"tiny.ipynb": None}),
        reason="encrypted",
    ),
    Row("73", "a line break in the file's name", "A", _named("tiny\nlab.ipynb")),
    Row("74", "JSON nested 100,000 deep", "C", _deep, reason="nested"),
    Row("75", "NaN, infinity, keys twice", "A", _recoded(_odd_json)),
    Row("75b", "a number of 5,000 digits", "C", _recoded(_giant_number), reason="not valid JSON"),
    Row("76", "20,000 cells", "C", _many_cells, reason="cells"),
    Row("77", "sources and cells that are none, lone surrogates", "A", from_notebook(_surrogates)),
    Row("78", "Windows line ends", "A", from_notebook(_crlf)),
    Row("79", "a gzipped notebook", "C", _recoded(gzip.compress), reason=".ipynb"),
    Row("80", "Colab's personal data, a jupytext key, widgets", "A", from_notebook(_personal)),
    *bombs.ROWS,
]
