"""What lies in a folder, listed without following a link, and entries as such.

Nothing is ever extracted to disk: an :class:`Entry` knows its path inside its container and how to
read itself, up to a limit. What must not be read (links, absolute paths, ``..``, bombs) is listed
with the reason in ``refused``.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from autograder.model.errors import NotGradable
from autograder.model.text import clean_name
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

MAX_ENTRIES = 500_000
"""Files and folders below one folder: those of a whole class."""

MAX_FOLDER_ENTRIES = (MAX_ENTRIES, 50_000, 5_000)
"""The same of one folder at the top, of a folder inside it, and so on; the last one goes on. What
one person hands in lies in a folder, and must not spoil the others'."""

MAX_DEPTH = 8

_NOISE = re.compile(r"(?i)__MACOSX|\.ipynb_checkpoints|thumbs\.db|desktop\.ini|\..*|~\$.*")


@dataclass(frozen=True)
class Entry:
    """A file inside a folder or an archive.

    Attributes:
        path: The names of the folders it lies in, and its own.
        read: Gives its bytes, up to a limit, or raises :class:`NotGradable`.
        when: Its time of change, if known.
        refused: Why it must not be read, or nothing.
        from_archive: Whether it is a member of an archive.
        spoils: Whether nothing beside it is read either.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    when: datetime | None = None
    refused: str = ""
    from_archive: bool = False
    spoils: bool = False

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

    A folder of too many files comes back as one refused entry behind its first ones.
    """
    return list(_walk(folder, folder, (), ()))


@dataclass
class _Left:
    """How many files and folders one folder may still hold."""

    number: int


def _walk(
    root: Path, folder: Path, path: tuple[str, ...], around: tuple[_Left, ...]
) -> Iterator[Entry]:
    """The files below a folder in ``root``; each counts for all the folders ``around`` it."""
    own = _Left(MAX_FOLDER_ENTRIES[min(len(path), len(MAX_FOLDER_ENTRIES) - 1)])
    counted = (*around, own)
    try:
        items = _first_items(folder, own.number)
    except OSError as error:
        yield refused_entry((*path, "(folder)"), f"cannot be read: {error.strerror}")
        return
    for item in items:
        here = (*path, printable(item.name))
        if _NOISE.fullmatch(here[-1]):
            continue
        for left in counted:
            left.number -= 1
        if any(left.number < 0 for left in counted):
            # Whoever it belongs to is told; other folders are not affected.
            yield refused_entry((*path, "(more files)"), "are too many files", spoils=True)
            return
        is_folder = item.is_dir(follow_symlinks=False) and not item.is_symlink()
        if is_folder and len(here) < MAX_DEPTH:
            yield from _walk(root, folder / item.name, here, counted)
        else:
            yield _entry(root, folder, item, here)


def _first_items(folder: Path, most: int) -> list[os.DirEntry[str]]:
    """The entries of one folder, sorted, and not many more than are wanted."""
    with os.scandir(folder) as items:
        found = list(itertools.islice(items, most + 1))
    return sorted(found, key=lambda item: item.name)


def _entry(root: Path, folder: Path, item: os.DirEntry[str], path: tuple[str, ...]) -> Entry:
    # Links are looked for first: a link to a folder is a folder to everything else.
    if item.is_symlink():
        return refused_entry(path, "is a link, and links are not followed")
    if item.is_dir(follow_symlinks=False):
        return refused_entry(path, "is nested too deeply")
    if not item.is_file(follow_symlinks=False):
        return refused_entry(path, "is not an ordinary file")
    changed = datetime.fromtimestamp(item.stat(follow_symlinks=False).st_mtime, UTC)
    return Entry(path, _reader(folder / item.name, root), changed)


def _reader(path: Path, root: Path) -> Callable[[], bytes]:
    return lambda: read_file(path, root=root)


def read_file(path: Path, limit: int = MAX_BYTES, *, root: Path | None = None) -> bytes:
    """The bytes of an ordinary file; a link that took its place meanwhile is not followed.

    Nor is one that took the place of a folder between ``root`` and the file: in nbgrader's inbound
    folder these belong to students.

    Raises:
        NotGradable: if it is none, is too large or cannot be read.
    """
    try:
        handle = _open_below(root or path.parent, path)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise NotGradable(f'"{path.name}" is not an ordinary file.')
            return read_limited(file, path.name, limit)
    except OSError as error:
        raise NotGradable(
            f'"{path.name}" cannot be read ({error.strerror}). Check the file.'
        ) from error


def _open_below(root: Path, path: Path) -> int:
    """Open a file for reading, folder by folder from ``root`` on, none of them by a link."""
    *folders, name = path.relative_to(root).parts
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    for folder in folders:
        outer = handle
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
        finally:
            os.close(outer)
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
    finally:
        os.close(handle)


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
    return clean_name(name)


def refused_entry(path: tuple[str, ...], why: str, *, spoils: bool = False) -> Entry:
    """An entry that must not be read."""

    def read() -> bytes:
        raise NotGradable(f'"{"/".join(path)}" {why}.')

    return Entry(path, read, None, why, spoils=spoils)
