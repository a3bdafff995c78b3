"""What lies in a zip or tar archive, listed without unpacking a byte to disk under its name.

What must not be read (links, absolute paths, ``..``, bombs) comes back refused, with the reason.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.intake.entries import Entry, is_noise, printable
from autograder.intake.limited import Failure, Limits, run_limited
from autograder.intake.members import DAMAGED
from autograder.intake.random_access import RandomAccessFile
from autograder.intake.tar_members import tar_members
from autograder.intake.zip_members import zip_members
from autograder.model.errors import NotGradable

__all__ = ["is_archive", "list_archive", "unopened_kind"]

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tbz2", ".txz")
_PART = "one part of a split archive"
_UNOPENED = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"PK\x07\x08", _PART),
    (b"PK00", _PART),
)
"""First bytes -> archives that are not opened."""

_PART_NAME = re.compile(r"(?i).*\.(?:z\d\d|r\d\d|(?:zip|7z|rar|tar|gz)\.\d{3}|part\d+\.rar)")

MAX_CLASS_BYTES = 4 * 2**30
"""What the archive of a class may unpack to."""

MAX_PERSON_BYTES = 2**29
"""What the archive of one person may unpack to."""

_LISTING = Limits(memory=2**29, cpu_seconds=90, seconds=300)


def is_archive(name: str) -> bool:
    """Whether the name is one of an archive this module opens."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def unopened_kind(name: str, start: bytes) -> str:
    """Which archive that is not opened a file is, by its name and first bytes; empty if none."""
    if _PART_NAME.fullmatch(name):
        return _PART
    return next((kind for first, kind in _UNOPENED if start.startswith(first)), "")


def list_archive(name: str, data: bytes | Path) -> list[Entry]:
    """The members of a zip or tar archive, noise left out.

    Args:
        name: Its name.
        data: The bytes of one person's archive, or the path of an archive of a whole class. That is
            listed in a child process first: only what can be listed within limits is listed here.

    Raises:
        NotGradable: if the archive is damaged, encrypted or beyond the limits.
    """
    if isinstance(data, bytes):
        return _list(name, data, MAX_PERSON_BYTES)

    def attempt() -> str:
        try:
            _list(name, data, MAX_CLASS_BYTES)
        except NotGradable as error:
            return str(error)
        return ""

    ((_, problem),) = run_limited([(name, attempt)], _LISTING)
    if isinstance(problem, Failure):
        raise NotGradable(f'Listing the archive "{printable(name)}" {problem}.')
    if problem:
        raise NotGradable(problem)
    return _list(name, data, MAX_CLASS_BYTES)


def _list(name: str, data: bytes | Path, most: int) -> list[Entry]:
    try:
        file = RandomAccessFile(data if isinstance(data, bytes) else data.open("rb"))
        if not file.size:
            raise NotGradable(f'The archive "{printable(name)}" is empty. Hand in the .ipynb file.')
        if kind := unopened_kind(name, file.read(8) or b""):
            raise NotGradable(
                f'The archive "{printable(name)}" is {kind}, which is not opened. '
                "Hand in the .ipynb file itself."
            )
        file.seek(0)
        is_zip = name.lower().endswith(".zip")
        members = zip_members(file) if is_zip else tar_members(file, most)
        return [entry for entry in members if not is_noise(entry)]
    except DAMAGED as error:
        why = printable(str(error))
        raise NotGradable(
            f'The archive "{printable(name)}" is damaged or of an unknown kind ({why}). '
            "Hand in the .ipynb file itself."
        ) from error
