"""Cleaning one cell and the metadata of a notebook, by lists of what is allowed.

Nothing personal or hostile survives, for what nobody thought of is not on a list.
"""

from __future__ import annotations

import math
import re
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.model.errors import NotGradable

__all__ = ["cell_metadata", "clean_cell", "notebook_metadata"]

NEWEST_NBGRADER_SCHEMA = 3

_NOTEBOOK_KEYS = ("accelerator", "colab", "kernelspec", "language_info")
_COLAB_KEYS = ("name", "provenance", "toc_visible", "gpuType")
_LANGUAGE_KEYS = ("file_extension", "mimetype", "name", "nbconvert_exporter", "pygments_lexer")
_CELL_KEYS = ("cellView", "collapsed", "deletable", "editable", "jupyter", "nbgrader", "tags")
_CELL_KINDS = {
    "collapsed": bool,
    "deletable": bool,
    "editable": bool,
    "jupyter": dict,
    "nbgrader": dict,
    "tags": list,
}
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")


def clean_cell(
    raw: dict[str, Any], number: int, taken: set[str], repairs: list[str]
) -> NotebookNode:
    """One cell as nbformat 4.5, with nothing but what grading needs.

    Args:
        raw: The cell as it is in the file.
        number: Its number, for messages.
        taken: The ids of the cells before it; its own is added.
        repairs: Sentences on what was repaired; some may be added.

    Raises:
        NotGradable: if it carries metadata of a newer nbgrader.
    """
    metadata = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else {}
    assert isinstance(metadata, dict)
    _refuse_newer_schema(metadata)
    source = _source(raw.get("source", raw.get("input")))
    if source is None:
        repairs.append(f"Cell {number} had no readable text.")
        source = ""
    kind = raw.get("cell_type")
    if kind == "heading":  # nbformat 3
        level = raw.get("level")
        marks = "#" * min(max(level if isinstance(level, int) else 1, 1), 6)
        kind, source = "markdown", f"{marks} {source}"
    cell: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "raw") else "markdown",
        "id": _cell_id(raw, metadata, number, taken),
        "metadata": cell_metadata(metadata),
        "source": source,
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    pictures = _pictures(raw.get("attachments"))
    if pictures and cell["cell_type"] == "markdown":
        cell["attachments"] = pictures
    return nbformat.from_dict(cell)


def _refuse_newer_schema(metadata: dict[str, Any]) -> None:
    nbgrader = metadata.get("nbgrader")
    version = nbgrader.get("schema_version") if isinstance(nbgrader, dict) else None
    if isinstance(version, int) and version > NEWEST_NBGRADER_SCHEMA:
        raise NotGradable(
            f"The notebook carries nbgrader metadata of version {version}, which is newer than "
            f"this course reads ({NEWEST_NBGRADER_SCHEMA}). Copy your answers into a fresh copy "
            "of the lab and hand that in."
        )


def _source(value: Any) -> str | None:
    """A cell's text, from a string or a list of lines, with ``\\n`` line ends.

    Returns:
        Text that can be encoded; None if there is none.
    """
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if not isinstance(value, str):
        return None
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return value.encode("utf-8", "replace").decode("utf-8")


def _cell_id(raw: dict[str, Any], metadata: dict[str, Any], number: int, taken: set[str]) -> str:
    """The cell's own id (Colab keeps it in the metadata) unless it is missing, invalid or taken."""
    for value in (raw.get("id"), metadata.get("id")):
        if isinstance(value, str) and _CELL_ID.fullmatch(value) and value not in taken:
            break
    else:
        # One more name than there are ids, so that one of them is free.
        names = (f"cell-{number}-{k}" for k in range(len(taken) + 1))
        value = next(name for name in names if name not in taken)
    taken.add(value)
    return value


def cell_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """What of a cell's metadata is kept, if it has the type it should have."""
    kept: dict[str, Any] = {}
    for key in _CELL_KEYS:
        value = metadata.get(key)
        if _plain(value) and isinstance(value, _CELL_KINDS.get(key, object)):
            kept[key] = value
    # nbformat forbids commas in tags.
    tags = [tag for tag in kept.pop("tags", []) if isinstance(tag, str) and tag and "," not in tag]
    if tags:
        kept["tags"] = list(dict.fromkeys(tags))
    return kept


def _plain(value: Any, depth: int = 3) -> bool:
    """Whether ``value`` is small plain JSON that can safely be kept."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        small = depth > 0 and len(value) <= 30
        return small and all(_plain(item, depth - 1) for item in items)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= 500)


def notebook_metadata(metadata: Any) -> dict[str, Any]:
    """Kernel, language and Colab settings; no names, no versions, no widgets, no ``jupytext``."""
    if not isinstance(metadata, dict):
        return {}
    kept = {key: metadata[key] for key in _NOTEBOOK_KEYS if _plain(metadata.get(key))}
    for key, allowed in (("colab", _COLAB_KEYS), ("language_info", _LANGUAGE_KEYS)):
        if isinstance(kept.get(key), dict):
            kept[key] = {name: value for name, value in kept[key].items() if name in allowed}
    kernel = kept.get("kernelspec")
    if isinstance(kernel, dict):  # nbformat wants both names
        name = str(kernel.get("name", "python3"))
        kept["kernelspec"] = {
            **kernel,
            "display_name": str(kernel.get("display_name", name)),
            "name": name,
        }
    # Without a name, nbformat takes neither of these.
    for key in ("kernelspec", "language_info"):
        if key in kept and not _has_name(kept[key]):
            del kept[key]
    return kept


def _has_name(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Bitmap pictures pasted into a text cell.

    SVG and everything else that can carry scripts is left out.
    """
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        pictures = {}
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if kind in _IMAGE_TYPES and isinstance(data, str) and _BASE64.fullmatch(data):
                pictures[kind] = data
        if pictures:
            kept[name] = pictures
    return kept
