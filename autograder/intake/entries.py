"""What lies in a folder or an archive, listed without following a link or unpacking a byte.

Nothing is ever extracted to disk: an :class:`Entry` knows its path inside its container and how to
read itself, up to a limit. What must not be read (links, absolute paths, ``..``, bombs) is listed
with the reason in ``refused``.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from autograder.model.errors import NotGradable
from autograder.notebooks.reading import MAX_BYTES

__all__ = ["ARCHIVE_SUFFIXES", "Entry", "is_archive", "list_archive", "list_folder", "read_file"]

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tbz2", ".txz")
MAX_ENTRIES = 20_000
MAX_DEPTH = 8
MAX_TAR_BYTES = 4 * 2**30
MAX_RATIO, RATIO_FROM = 250, 32 * 2**20
"""A larger member that shrank by more than this ratio is a decompression bomb."""

_NOISE = re.compile(r"(?i)__MACOSX|\.ipynb_checkpoints|thumbs\.db|desktop\.ini|\..*|~\$.*")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)  # moves the cursor or the eye
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)


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


def is_archive(name: str) -> bool:
    """Whether the name is one of an archive this module opens."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


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
        yield _refused((*path, "(folder)"), f"cannot be read: {error.strerror}")
        return
    for item in items:
        here = (*path, _text(item.name))
        # Links are looked for first: a link to a folder is a folder to everything else.
        if _NOISE.fullmatch(here[-1]):
            continue
        if item.is_symlink():
            yield _refused(here, "is a link, and links are not followed")
        elif item.is_dir(follow_symlinks=False):
            if len(here) >= MAX_DEPTH:
                yield _refused(here, "is nested too deeply")
            else:
                yield from _walk(folder / item.name, here)
        elif not item.is_file(follow_symlinks=False):
            yield _refused(here, "is not an ordinary file")
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
            return _limited(file, path.name, limit)
    except OSError as error:
        raise NotGradable(
            f'"{path.name}" cannot be read ({error.strerror}). Check the file.'
        ) from error


def list_archive(name: str, data: bytes | Path) -> list[Entry]:
    """The members of a zip or tar archive, noise left out.

    Raises:
        NotGradable: if the archive is damaged, encrypted or beyond the limits.
    """
    try:
        members = _zip_members(data) if name.lower().endswith(".zip") else _tar_members(data)
        return [entry for entry in members if not _is_noise(entry)]
    except _DAMAGED as error:
        raise NotGradable(
            f'The archive "{name}" is damaged or of an unknown kind ({error}). '
            "Hand in the .ipynb file itself."
        ) from error


def _is_noise(entry: Entry) -> bool:
    """Whether it was put there by an operating system; a way out (``..``) is not passed over."""
    return any(_NOISE.fullmatch(part) for part in entry.path if part != "..")


def _zip_members(data: bytes | Path) -> list[Entry]:
    archive = zipfile.ZipFile(data if isinstance(data, Path) else io.BytesIO(data))
    infos = [info for info in archive.infolist() if not info.is_dir() or _unsafe(info.filename)]
    _check_count(len(infos))
    entries = []
    for info in infos:
        name = _zip_name(info)
        problem = _zip_problem(info, name)
        when = datetime(*info.date_time, tzinfo=UTC) if _is_date(info.date_time) else None
        entries.append(_member(_parts(name), _zip_reader(archive, info), when, problem))
    return entries


def _zip_problem(info: zipfile.ZipInfo, name: str) -> str:
    """Why a member must not be read, or nothing."""
    if stat.S_ISLNK(info.external_attr >> 16):  # the upper half is Unix' mode
        return "is a link, and links are not followed"
    if problem := _unsafe(name):
        return problem
    if info.flag_bits & 0x1:
        return "is encrypted"
    is_bomb = info.file_size > MAX_RATIO * max(info.compress_size, 1)
    return "is a decompression bomb" if is_bomb and info.file_size > RATIO_FROM else ""


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; macOS writes UTF-8 without saying so."""
    if not info.flag_bits & 0x800:  # the flag for UTF-8
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(info) as file:
                return _limited(file, info.filename, MAX_BYTES)
        except (*_DAMAGED, NotImplementedError) as error:
            raise NotGradable(
                f'"{info.filename}" in the archive is damaged ({error}). Hand in the .ipynb.'
            ) from error

    return read


def _unpacked(data: bytes | Path) -> IO[bytes]:
    """The plain tar inside a compressed one, so that members can be read in any order.

    It goes to a temporary file without a name.
    """
    packed: IO[bytes] = data.open("rb") if isinstance(data, Path) else io.BytesIO(data)
    start = packed.read(6)
    packed.seek(0)
    for magic, opener in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open)):
        if start.startswith(magic):
            plain = tempfile.TemporaryFile()  # noqa: SIM115
            with opener(packed) as stream:
                while chunk := stream.read(2**20):
                    plain.write(chunk)
                    if plain.tell() > MAX_TAR_BYTES:
                        raise NotGradable(
                            "The archive unpacks to more than 4 GB. Hand in the .ipynb file itself."
                        )
            plain.seek(0)
            return plain
    return packed


def _tar_members(data: bytes | Path) -> list[Entry]:
    opened = tarfile.open(fileobj=_unpacked(data), mode="r:")  # noqa: SIM115
    entries: list[Entry] = []
    for member in opened:
        if member.isdir() and not _unsafe(member.name):
            continue
        _check_count(len(entries) + 1)
        problem = _tar_problem(member)
        when = datetime.fromtimestamp(member.mtime, UTC) if 0 < member.mtime < 2**32 else None
        entries.append(_member(_parts(member.name), _tar_reader(opened, member), when, problem))
    return entries


def _tar_problem(member: tarfile.TarInfo) -> str:
    """Why a member must not be read, or nothing."""
    if member.issym() or member.islnk():
        return "is a link, and links are not followed"
    if problem := _unsafe(member.name):
        return problem
    return "" if member.isfile() else "is not an ordinary file"


def _tar_reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            file = archive.extractfile(member)
            if file is None:
                raise NotGradable(f'"{member.name}" in the archive is not an ordinary file.')
            with file:
                return _limited(file, member.name, MAX_BYTES)
        except _DAMAGED as error:
            raise NotGradable(
                f'"{member.name}" in the archive is damaged ({error}). Hand in the .ipynb.'
            ) from error

    return read


def _member(
    path: tuple[str, ...], read: Callable[[], bytes], when: datetime | None, problem: str
) -> Entry:
    """A member of an archive; one that is refused is never opened."""
    return Entry(
        path, _refused(path, problem).read if problem else read, when, problem, from_archive=True
    )


def _limited(file: IO[bytes], name: str, limit: int) -> bytes:
    """All bytes of a file; what a header says about its size is not believed."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise NotGradable(
            f'"{name}" has more than {limit // 2**20} MB. '
            "Clear all outputs, save it and hand it in again."
        )
    return data


def _check_count(count: int) -> None:
    if count > MAX_ENTRIES:
        raise NotGradable(
            f"The archive holds more than {MAX_ENTRIES} files. Hand in the .ipynb file itself."
        )


def _unsafe(name: str) -> str:
    """Why a member's name must not be used as a path, or nothing."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "has an absolute path"
    if ".." in parts:
        return "points out of the archive"
    return "is nested too deeply" if len(parts) > 2 * MAX_DEPTH else ""


def _parts(name: str) -> tuple[str, ...]:
    parts = [_text(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return tuple(parts) or ("(no name)",)


def _text(name: str) -> str:
    """A file name that can be printed and stored: no control characters, no undecodable bytes."""
    return _UNSEEN.sub("?", name.encode("utf-8", "replace").decode())


def _refused(path: tuple[str, ...], why: str) -> Entry:
    def read() -> bytes:
        raise NotGradable(f'"{"/".join(path)}" {why}.')

    return Entry(path, read, None, why)


def _is_date(value: Any) -> bool:
    try:
        return datetime(*value).year > 1980
    except (TypeError, ValueError):
        return False
