"""What all archives have in common: limits, and which members are never opened."""

from __future__ import annotations

import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime

from autograder.intake.entries import MAX_DEPTH, Entry, printable, refused_entry
from autograder.model.errors import NotGradable

__all__ = [
    "DAMAGED",
    "MAX_HEADER_BYTES",
    "MAX_MEMBERS",
    "check_count",
    "make_member",
    "path_of",
    "why_unsafe",
]

MAX_MEMBERS = 20_000
"""Of one archive, its folders included."""

MAX_HEADER_BYTES = 16 * 1024
"""Of the long name or the further fields of one member; a path has at most 4,096 bytes."""

DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
)
"""What the readers of archives raise for damaged ones."""


def make_member(
    path: tuple[str, ...], read: Callable[[], bytes], when: datetime | None, problem: str
) -> Entry:
    """A member of an archive; one that is refused is never opened."""
    return Entry(
        path,
        refused_entry(path, problem).read if problem else read,
        when,
        problem,
        from_archive=True,
    )


def check_count(count: int) -> None:
    """Refuse an archive of too many members.

    Raises:
        NotGradable: if there are.
    """
    if count > MAX_MEMBERS:
        raise NotGradable(
            f"The archive holds more than {MAX_MEMBERS} files. Hand in the .ipynb file itself."
        )


def why_unsafe(name: str) -> str:
    """Why a member's name must not be used as a path, or nothing."""
    if len(name) > MAX_HEADER_BYTES:
        return "has a name that is too long"
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "has an absolute path"
    if ".." in parts:
        return "points out of the archive"
    return "is nested too deeply" if len(parts) > 2 * MAX_DEPTH else ""


def path_of(name: str) -> tuple[str, ...]:
    """The names of the folders a member lies in, and its own."""
    # What is nested more deeply is refused; it still needs a name that people can read.
    parts = name[:MAX_HEADER_BYTES].replace("\\", "/").split("/")[: 4 * MAX_DEPTH]
    path = [printable(part) for part in parts if part not in ("", ".")]
    return tuple(path) or ("(no name)",)
