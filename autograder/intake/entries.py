"""What lies in a folder, listed without following a link, and entries as such.

Nothing is ever extracted to disk: an :class:`Entry` knows its path inside its container and how to
read itself, up to a limit. What must not be read (links, absolute paths, ``..``, bombs) is listed
with the reason in ``refused``.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from autograder.model.errors import NotGradable
from autograder.notebooks.reading import MAX_BYTES

__all__ = [
    "MAX_DEPTH",
    "MAX_ENTRIES",
    "Entry",
    "is_noise",
    "list_folder",
    "printable",
    "read_file",
    "read_limited",
    "refused_entry",
]

MAX_ENTRIES = 20_000
MAX_DEPTH = 8

_NOISE = re.compile(r"(?i)__MACOSX|\.ipynb_checkpoints|thumbs\.db|desktop\.ini|\..*|~\$.*")
# These move the cursor, or the eye of whoever reads the name.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Entry:
    """A file inside a folder or an archive.

    Attributes:
        path: The names of the folders it lies in, and its own.
        read: Gives its bytes, up to a limit, or raises :class:`NotGradable`.
        when: Its time of change, if known.
        refused: Why it must not be read, or nothing.
        from_archive: Whether it is a member of an archive.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    when: datetime | None = None
    refused: str = ""
    from_archive: bool = False

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path[-1]

    @property
    def shown(self) -> str:
        """The path as people write it."""
        return "/".join(self.path)


def list_folder(folder: Path) -> list[Entry]:
    """Every file below a folder, in order of name; links and odd files come back refused.

    Raises:
        NotGradable: if there are too many.
    """
    found: list[Entry] = []
    for entry in _walk(folder, ()):
        found.append(entry)
        if len(found) > MAX_ENTRIES:
            raise NotGradable(
                f'"{folder}" holds more than {MAX_ENTRIES} files. Collect a smaller folder.'
            )
    return found


def _walk(folder: Path, path: tuple[str, ...]) -> Iterator[Entry]:
    try:
        items = sorted(os.scandir(folder), key=lambda item: item.name)
    except OSError as error:
        yield refused_entry((*path, "(folder)"), f"cannot be read: {error.strerror}")
        return
    for item in items:
        here = (*path, printable(item.name))
        if _NOISE.fullmatch(here[-1]):
            continue
        # Links are looked for first: a link to a folder is a folder to everything else.
        if item.is_symlink():
            yield refused_entry(here, "is a link, and links are not followed")
        elif item.is_dir(follow_symlinks=False):
            if len(here) >= MAX_DEPTH:
                yield refused_entry(here, "is nested too deeply")
            else:
                yield from _walk(folder / item.name, here)
        elif not item.is_file(follow_symlinks=False):
            yield refused_entry(here, "is not an ordinary file")
        else:
            changed = datetime.fromtimestamp(item.stat(follow_symlinks=False).st_mtime, UTC)
            yield Entry(here, _reader(folder / item.name), changed)


def _reader(path: Path) -> Callable[[], bytes]:
    return lambda: read_file(path)


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file; a link that took its place meanwhile is not followed.

    Raises:
        NotGradable: if it is none, is too large or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise NotGradable(f'"{path.name}" is not an ordinary file.')
            return read_limited(file, path.name, limit)
    except OSError as error:
        raise NotGradable(
            f'"{path.name}" cannot be read ({error.strerror}). Check the file.'
        ) from error


def read_limited(file: IO[bytes], name: str, limit: int) -> bytes:
    """All bytes of a file; what a header says about its size is not believed."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise NotGradable(
            f'"{name}" has more than {limit // 2**20} MB. '
            "Clear all outputs, save it and hand it in again."
        )
    return data


def is_noise(entry: Entry) -> bool:
    """Whether it was put there by an operating system; a way out (``..``) is not passed over."""
    return any(_NOISE.fullmatch(part) for part in entry.path if part != "..")


def printable(name: str) -> str:
    """A file name that can be printed and stored: no control characters, no undecodable bytes."""
    return _UNSEEN.sub("?", name.encode("utf-8", "replace").decode())


def refused_entry(path: tuple[str, ...], why: str) -> Entry:
    def read() -> bytes:
        raise NotGradable(f'"{"/".join(path)}" {why}.')

    return Entry(path, read, None, why)
