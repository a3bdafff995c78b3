"""Reading notebooks: every age and accent is read into one shape, everything else is refused with
advice."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.model.errors import ContentError, NotGradable, UsageError
from autograder.notebooks.reading import canonical_bytes, read_notebook
from autograder.workspace.files import write_atomic
from tests.autograder import tiny


def plain(**changes: Any) -> dict[str, Any]:
    """The tiny release as plain JSON, with changes at the top."""
    return json.loads(tiny.to_bytes(tiny.release())) | changes


def with_cell(**cell: Any) -> dict[str, Any]:
    """A notebook of one cell."""
    base = {
        "cell_type": "code",
        "metadata": {},
        "source": "x = 1",
        "outputs": [],
        "execution_count": None,
    }
    return plain(cells=[base | cell])


def v3() -> dict[str, Any]:
    """A notebook as IPython 2 wrote it."""
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Old"]},
        {
            "cell_type": "code",
            "input": ["x = 1\n", "y = 2"],
            "language": "python",
            "outputs": [],
            "prompt_number": 3,
        },
    ]
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells}],
    }


BADGE = {"cell_type": "markdown", "metadata": {"id": "view-in-github"}, "source": "colab-badge.svg"}

READABLE = {
    "plain": (tiny.to_bytes(plain()), []),
    "UTF-8 BOM": (b"\xef\xbb\xbf" + tiny.to_bytes(plain()), []),
    "UTF-16 with BOM": (
        json.dumps(plain()).encode("utf-16"),
        ["Read the file as UTF-16 instead of UTF-8."],
    ),
    "UTF-16 without BOM": (
        json.dumps(plain()).encode("utf-16-le"),
        ["Read the file as UTF-16-LE instead of UTF-8."],
    ),
    "Windows-1252": (
        json.dumps(with_cell(source="# é"), ensure_ascii=False).encode("cp1252"),
        ["Read the file as Windows-1252 instead of UTF-8; accents may be off."],
    ),
    "nbformat 3": (tiny.to_bytes(v3()), ["Upgraded the notebook from nbformat 3."]),
    "nbformat 4.0 without ids": (
        tiny.to_bytes(
            plain(
                nbformat_minor=0,
                cells=[{"cell_type": "code", "metadata": {"id": "a"}, "source": "x"}],
            )
        ),
        [],
    ),
    "nbformat 4 as text": (tiny.to_bytes(plain(nbformat="4")), []),
    "no nbformat": (
        tiny.to_bytes({"cells": plain()["cells"]}),
        ["The notebook did not name its format; read it as nbformat 4."],
    ),
    "badge cell without id": (tiny.to_bytes(plain(cells=[BADGE, *plain()["cells"]])), []),
    "missing metadata and outputs": (
        tiny.to_bytes(plain(cells=[{"cell_type": "code", "source": "x"}])),
        [],
    ),
    "metadata is null": (tiny.to_bytes(plain(metadata=None)), []),
    "another language": (tiny.to_bytes(plain(metadata={"kernelspec": {"name": "ir"}})), []),
    "outputs is null": (tiny.to_bytes(with_cell(outputs=None)), []),
    "NaN in the metadata": (
        tiny.to_bytes(with_cell(metadata={"x": float("nan"), "nbgrader": {"points": 1e999}})),
        [],
    ),
    "lone surrogate": (json.dumps(with_cell(source="s = '\ud800'")).encode(), []),
    "NUL in the source": (tiny.to_bytes(with_cell(source="x\x00 = 1")), []),
    "one damaged cell": (
        tiny.to_bytes(plain(cells=[7, *plain()["cells"]])),
        ["Skipped cell 1, which is damaged."],
    ),
    "a cell without text": (tiny.to_bytes(with_cell(source=7)), ["Cell 1 had no readable text."]),
    "an unknown kind of cell": (tiny.to_bytes(with_cell(cell_type="slide")), []),
    "deeply nested output": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": '
        + b"[" * 9999
        + b"]" * 9999
        + b"}]}",
        [],
    ),
}


@pytest.mark.parametrize(("data", "repairs"), READABLE.values(), ids=READABLE)
def test_every_age_and_accent_is_read_into_one_valid_shape(data: bytes, repairs: list[str]) -> None:
    """Rows 4 to 8 and 34 of the cases: the notebook is graded, and only what matters is noted."""
    read = read_notebook(data)
    assert read.repairs == repairs
    nbformat.validate(read.notebook)
    assert all(isinstance(cell.source, str) for cell in read.notebook.cells)
    assert nbformat.reads(canonical_bytes(read.notebook).decode(), as_version=4).cells


NOT_NOTEBOOKS = {
    "truncated": (tiny.to_bytes(plain())[:-50], "damaged"),
    "cut inside a string": (tiny.to_bytes(plain())[:200], "damaged"),
    "not JSON": (b'{"cells": [,]}', "damaged"),
    "empty": (b"", "empty"),
    "only spaces": (b" \n\n", "empty"),
    "only zeros": (bytes(100), "empty"),
    "a list": (b"[1, 2]", "JSON list"),
    "null": (b"null", "JSON null"),
    "object without cells": (b'{"nbformat": 4}', "no notebook cells"),
    "no cells in it": (b'{"nbformat": 4, "cells": []}', "no notebook cells"),
    "cells is a number": (b'{"nbformat": 4, "cells": 3}', "no notebook cells"),
    "nbformat 5": (tiny.to_bytes(plain(nbformat=5)), "nbformat 5, which is newer"),
    "newer nbgrader": (
        tiny.to_bytes(with_cell(metadata={"nbgrader": {"schema_version": 4}})),
        "nbgrader metadata of version 4",
    ),
    "PDF": (b"%PDF-1.7 ...", "PDF export"),
    "HTML": (b"<!DOCTYPE html><html>", "HTML page"),
    "Python": (b"import numpy as np\nx = 1\n", "Python script"),
    "Word": (b"PK\x03\x04....", "zip archive or Office document"),
    "gzip": (gzip.compress(b"{}"), "compressed archive"),
    "prose": (b"My answers are below.", "plain text"),
    "nested lists": (b"[" * 100_000, "nested too deeply"),
    "nested objects": (b'{"a":' * 100_000, "nested too deeply"),
    "a number of 100 000 digits": (b'{"cells": [' + b"1" * 100_000 + b"]}", "damaged"),
    "5000 cells": (tiny.to_bytes(plain(cells=[BADGE] * 5000)), "5000 cells"),
    "a novel in a cell": (
        tiny.to_bytes(with_cell(source="x" * 5_000_000)),
        "more than 1,000,000 characters",
    ),
}


@pytest.mark.parametrize(("data", "cause"), NOT_NOTEBOOKS.values(), ids=NOT_NOTEBOOKS)
def test_what_is_not_a_notebook_is_refused_with_cause_and_advice(data: bytes, cause: str) -> None:
    """Rows 1, 2, 3, 9 and 13: a plain cause, and what to do about it."""
    with pytest.raises(NotGradable) as caught:
        read_notebook(data)
    assert cause in str(caught.value)
    assert str(caught.value).count(". ") >= 1, "a cause needs an advice"


def test_outputs_of_a_hundred_megabytes_are_dropped_unparsed() -> None:
    """Row 15: saved pictures cost neither the mark nor the memory, and the reader says how much it
    ignored."""
    picture = json.dumps(with_cell(outputs=[{"data": {"image/png": "A"}}])).encode()
    read = read_notebook(picture.replace(b'"A"', b'"' + b"A" * 100_000_000 + b'"'))
    assert read.repairs == ["Ignored 95 MB of saved outputs."]
    assert read.notebook.cells[0].outputs == []


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    """The size is checked before a file is read."""
    path = tmp_path / "big.ipynb"
    path.write_bytes(tiny.to_bytes(plain()))
    with pytest.raises(NotGradable, match="Clear all outputs"):
        read_notebook(path, max_bytes=1000)


def test_missing_files_folders_and_pipes_are_told_apart(tmp_path: Path) -> None:
    """A path that is no file is the caller's mistake; a pipe is never opened, because it would
    block."""
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name, error in (("none.ipynb", UsageError), (".", UsageError), ("pipe.ipynb", NotGradable)):
        with pytest.raises(error):
            read_notebook(tmp_path / name)


def test_nothing_personal_survives() -> None:
    """Colab stores the student's name, id and photo; none of it is kept."""
    info = {
        "user": {"displayName": "Ada L.", "photoUrl": "https://x/y", "userId": "123"},
        "user_tz": -60,
    }
    data = with_cell(
        metadata={"executionInfo": info, "outputId": "abc", "id": "xyz", "tags": ["demo"]}
    )
    data["metadata"] = {
        "colab": {"name": "lab", "authorship_tag": "ABX"},
        "widgets": {"a": 1},
        "jupytext": {"formats": "x"},
    }
    read = read_notebook(tiny.to_bytes(data)).notebook
    assert read.cells[0].metadata == {"tags": ["demo"]}
    assert read.cells[0].id == "xyz"
    assert read.metadata == {"colab": {"name": "lab"}}


def test_duplicate_ids_become_unique() -> None:
    """Row 8: the first cell keeps the id."""
    cell = {"cell_type": "code", "metadata": {}, "source": "x", "id": "same"}
    ids = [cell.id for cell in read_notebook(tiny.to_bytes(plain(cells=[cell] * 3))).notebook.cells]
    assert ids[0] == "same"
    assert len(set(ids)) == 3


def test_pasted_bitmaps_are_kept_and_active_pictures_are_not() -> None:
    """A photo of a formula belongs to a written answer; SVG can carry scripts."""
    pictures = {
        "a.png": {"image/png": "iVBORw0KGgo="},
        "b.svg": {"image/svg+xml": "<svg onload=alert(1)>"},
    }
    read = read_notebook(
        tiny.to_bytes(with_cell(cell_type="markdown", attachments=pictures))
    ).notebook
    assert read.cells[0].attachments == {"a.png": {"image/png": "iVBORw0KGgo="}}


def test_canonical_bytes_are_stable_and_bare() -> None:
    """The same content gives the same bytes, whatever was run, saved or written by other tools."""
    bare = tiny.release()
    run = tiny.release()
    run.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.execution_count = 7
            cell.outputs = [nbformat.v4.new_output("stream", text="noise")]
    assert canonical_bytes(run) == canonical_bytes(bare)
    assert canonical_bytes(bare).endswith(b"}\n")
    assert canonical_bytes(read_notebook(canonical_bytes(bare)).notebook) == canonical_bytes(bare)


def test_write_atomic_keeps_the_old_content_when_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk becomes one clear sentence, the old file stays, no partial file is left."""
    path = tmp_path / "folder" / "x.json"
    write_atomic(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ContentError, match="No space left on device"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_pasted_pictures_do_not_make_a_notebook_too_long() -> None:
    """Colab keeps a pasted picture in the text; what somebody wrote still has a limit."""
    picture = f"![](data:image/png;base64,{'A' * 800_000})"
    text = {"cell_type": "markdown", "metadata": {}, "source": f"Two of them: {picture} {picture}"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [text]}
    assert len(read_notebook(json.dumps(notebook).encode()).notebook.cells) == 1
    text["source"] = "word " * 200_001
    with pytest.raises(NotGradable, match="1,000,000 characters"):
        read_notebook(json.dumps(notebook).encode())
