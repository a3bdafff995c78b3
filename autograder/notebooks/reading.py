"""Reading any notebook a student could hand in, and writing canonical bytes.

:func:`read_notebook` accepts notebooks of any age and origin (nbformat 2 to 4.5, Colab, byte-order
marks, UTF-16) and gives back one shape: nbformat 4.5, unique ids, sources as text, no outputs, no
execution counts, no personal metadata. Everything else ends in :class:`NotGradable` with a cause
and an advice, never in another exception.
"""

from __future__ import annotations

import codecs
import json
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.model.errors import NotGradable, UsageError
from autograder.notebooks.file_kind import refuse_other_formats
from autograder.notebooks.lean_json import load_lean
from autograder.notebooks.sanitise import cell_metadata, clean_cell, notebook_metadata

__all__ = ["MAX_BYTES", "NotebookRead", "canonical_bytes", "load_file", "read_notebook"]

MAX_BYTES = 256 * 2**20
MAX_CELLS = 2000
MAX_SOURCE_CHARS = 1_000_000
_PICTURE = re.compile(r"data:image/[a-zA-Z+.-]{1,20};base64,[A-Za-z0-9+/=]++")
NOTED_OUTPUT_BYTES = 10 * 2**20


@dataclass(frozen=True)
class NotebookRead:
    """A notebook in the one shape that is used here, and what was repaired on the way."""

    notebook: NotebookNode
    repairs: list[str] = field(default_factory=list)


def read_notebook(path_or_bytes: Path | bytes, *, max_bytes: int = MAX_BYTES) -> NotebookRead:
    """Read a notebook from a file or from its bytes.

    Raises:
        NotGradable: for anything that is not a notebook this course can grade.
        UsageError: if there is no such file.
    """
    if isinstance(path_or_bytes, bytes):
        name, data = "", path_or_bytes
    else:
        name, data = path_or_bytes.name, load_file(path_or_bytes, max_bytes)
    if len(data) > max_bytes:
        raise _too_large(len(data), max_bytes)
    # The order matters: the encoding before the JSON, and outputs away before anything is parsed.
    repairs: list[str] = []
    data = _as_utf8(data, name, repairs)
    parsed, dropped = load_lean(data)
    if dropped > NOTED_OUTPUT_BYTES:
        repairs.append(f"Ignored {dropped / 2**20:.0f} MB of saved outputs.")
    raw_cells = _raw_cells(parsed, repairs)
    cells = _clean_cells(raw_cells, repairs)
    metadata = parsed.get("metadata")
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=notebook_metadata(metadata))
    notebook.nbformat_minor = 5
    return NotebookRead(notebook, repairs)


def canonical_bytes(nb: NotebookNode) -> bytes:
    """The one way this course writes a notebook.

    Keys are sorted, the indent is one space; outputs and personal metadata are left out, and a
    ``jupytext`` key, which could sync solutions back in. Equal content gives equal bytes.
    """
    cells = [_canonical_cell(cell) for cell in nb.cells]
    plain = {
        "cells": cells,
        "metadata": notebook_metadata(nb.get("metadata")),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "replace")


def load_file(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """The bytes of a notebook file.

    Raises:
        NotGradable: if it is too large, or no ordinary file that can be read.
        UsageError: if there is no such file.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UsageError(f'"{path}" is a folder; a notebook file (.ipynb) is expected.')
        if not stat.S_ISREG(status.st_mode):
            raise NotGradable(
                f'"{path.name}" is not an ordinary file. Hand in the .ipynb file itself.'
            )
        if status.st_size > max_bytes:
            raise _too_large(status.st_size, max_bytes)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f'There is no file "{path}".') from error
    except (OSError, ValueError) as error:
        raise NotGradable(
            f'"{path.name}" cannot be read ({error}). Check the file and collect it again.'
        ) from error


def _too_large(size: int, limit: int) -> NotGradable:
    return NotGradable(
        f"The file has {size / 2**20:.0f} MB; {limit / 2**20:.0f} MB is the limit. Clear all "
        "outputs (Edit > Clear all outputs), save the notebook and hand it in again."
    )


def _as_utf8(data: bytes, name: str, repairs: list[str]) -> bytes:
    """The JSON text as UTF-8; other kinds of file are refused with advice."""
    if not data.strip(b"\x00 \t\r\n"):
        raise NotGradable(
            "The file is empty. Download the notebook again (.ipynb) and hand in the new file."
        )
    # UTF-16 and UTF-32 show in the first bytes; what is left as UTF-8 may still be something else.
    encoding = json.detect_encoding(data)
    if encoding != "utf-8":
        data = data.decode(encoding, "replace").encode("utf-8", "replace")
        if encoding != "utf-8-sig":
            repairs.append(f"Read the file as {encoding.upper()} instead of UTF-8.")
    refuse_other_formats(data, name)
    if not _is_utf8(data):
        data = data.decode("cp1252", "replace").encode("utf-8")
        repairs.append("Read the file as Windows-1252 instead of UTF-8; accents may be off.")
    return data


def _is_utf8(data: bytes) -> bool:
    """Whether it can be decoded, tried piece by piece: one emoji makes a text of four times the
    size."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), 2**20):
            decoder.decode(view[start : start + 2**20])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _raw_cells(parsed: Any, repairs: list[str]) -> list[Any]:
    """The list of cells of any nbformat up to 4; :class:`NotGradable` says what is missing."""
    if not isinstance(parsed, dict):
        raise NotGradable(
            f"The file holds a JSON {_kind(parsed)}, not a notebook. Hand in the .ipynb file of "
            "the lab, as Jupyter or Colab saves it."
        )
    version = _version(parsed, repairs)
    if version > 4:
        raise NotGradable(
            f"The notebook is in nbformat {version}, which is newer than this course reads (4). "
            "In Jupyter choose File > Save Notebook As in format 4, or download it from Colab, "
            "and hand it in again."
        )
    cells = parsed["cells"] if "cells" in parsed else _cells_of_sheets(parsed.get("worksheets"))
    if not isinstance(cells, list) or not cells:
        raise NotGradable(
            "The file is JSON but has no notebook cells. Hand in the .ipynb file of the lab, as "
            "Jupyter or Colab saves it."
        )
    if len(cells) > MAX_CELLS:
        raise NotGradable(
            f"The notebook has {len(cells)} cells; {MAX_CELLS} is the limit. "
            "Remove the extra cells."
        )
    if version < 4:
        repairs.append(f"Upgraded the notebook from nbformat {version}.")
    return cells


def _cells_of_sheets(sheets: Any) -> list[Any]:
    """The cells of a notebook from before nbformat 4, which has sheets of them."""
    cells: list[Any] = []
    for sheet in sheets if isinstance(sheets, list) else []:
        found = sheet.get("cells") if isinstance(sheet, dict) else None
        cells += found if isinstance(found, list) else []
    return cells


def _version(parsed: dict[str, Any], repairs: list[str]) -> int:
    value = parsed.get("nbformat")
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 5:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    repairs.append("The notebook did not name its format; read it as nbformat 4.")
    return 4


def _clean_cells(raw_cells: list[Any], repairs: list[str]) -> list[NotebookNode]:
    taken: set[str] = set()
    cells: list[NotebookNode] = []
    for number, raw in enumerate(raw_cells, start=1):
        if not isinstance(raw, dict):
            repairs.append(f"Skipped cell {number}, which is damaged.")
            continue
        cells.append(clean_cell(raw, number, taken, repairs))
    if sum(map(_written_chars, cells)) > MAX_SOURCE_CHARS:
        raise NotGradable(
            f"The cells hold more than {MAX_SOURCE_CHARS:,} characters. Remove pasted data and "
            "hand the notebook in again."
        )
    return cells


def _written_chars(cell: NotebookNode) -> int:
    """The characters that somebody wrote: Colab puts a pasted picture into the text itself."""
    if cell.cell_type != "markdown" or len(cell.source) < MAX_SOURCE_CHARS // 100:
        return len(cell.source)
    return len(_PICTURE.sub("", cell.source))


def _canonical_cell(cell: NotebookNode) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": cell.get("id", ""),
        "metadata": cell_metadata(cell.get("metadata", {})),
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.cell_type == "code":
        plain |= {"execution_count": None, "outputs": []}
    if cell.get("attachments"):
        plain["attachments"] = cell.attachments
    return plain


def _kind(value: Any) -> str:
    """What JSON calls a value of this type, in words for a student."""
    kinds = {list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return kinds.get(type(value), "null")
