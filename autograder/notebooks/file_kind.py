"""Recognising files that are not notebooks, and telling the student what to do instead."""

from __future__ import annotations

import re
from pathlib import PurePath

from autograder.model.errors import NotGradable

__all__ = ["refuse_other_formats"]

_DOWNLOAD = (
    "Download the notebook itself (Colab: File > Download > Download .ipynb; "
    "Jupyter: File > Download)"
)

_FIRST_BYTES = (
    (b"%PDF", "a PDF export"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"\x89HDF", "a saved model"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
)
_PYTHON = re.compile(
    rb"^[ \t]*+(?:#|import |from \w|def |class |\"\"\"|@|%|\w++ *+= )", re.MULTILINE
)


def refuse_other_formats(data: bytes, name: str = "") -> None:
    """Refuse a file that does not look like JSON.

    Args:
        data: Its bytes, in UTF-8.
        name: Its name, if known.

    Raises:
        NotGradable: with what the file is and what to hand in instead.
    """
    # Some editors put a byte-order mark in front.
    kind = _kind(data.lstrip(b"\xef\xbb\xbf \t\r\n"), PurePath(name).suffix.lower())
    if kind:
        raise NotGradable(
            f"The file is {kind}, not a notebook. {_DOWNLOAD} and hand in the .ipynb file."
        )


def _kind(start: bytes, suffix: str) -> str:
    """What a file that begins so is, or nothing if it may be JSON."""
    for first, kind in _FIRST_BYTES:
        if start.startswith(first):
            return kind
    if start.startswith(b"PK"):  # Office documents are zip archives
        return {".docx": "a Word document", ".odt": "a text document"}.get(
            suffix, "a zip archive or Office document"
        )
    if start[:1] in (b"{", b"["):
        return ""
    # From here on it is text, but of what kind?
    head = start[:4000]
    if start.startswith(b"<"):
        return "an HTML page (an export, or a web page saved instead of the file)"
    if suffix == ".py" or (suffix in ("", ".ipynb", ".txt") and _PYTHON.search(head)):
        return "a Python script"
    if suffix in (".md", ".tex", ".txt", ".docx", ".doc", ".r", ".java"):
        return f'a "{suffix}" file'
    return "" if start[:1] in b'"-0123456789tfnN' else "plain text or a damaged file"
