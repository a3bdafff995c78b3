"""What lies in a zip or tar archive, listed without unpacking a byte to disk under its name.

What must not be read (links, absolute paths, ``..``, bombs) comes back refused, with the reason.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from autograder.intake.entries import (
    MAX_DEPTH,
    MAX_ENTRIES,
    Entry,
    is_noise,
    printable,
    read_limited,
    refused_entry,
)
from autograder.model.errors import NotGradable
from autograder.notebooks.reading import MAX_BYTES

__all__ = ["is_archive", "list_archive"]

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tbz2", ".txz")
MAX_TAR_BYTES = 4 * 2**30
MAX_RATIO, RATIO_FROM = 250, 32 * 2**20
"""A larger member that shrank by more than this ratio is a decompression bomb."""

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


def is_archive(name: str) -> bool:
    """Whether the name is one of an archive this module opens."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def list_archive(name: str, data: bytes | Path) -> list[Entry]:
    """The members of a zip or tar archive, noise left out.

    Raises:
        NotGradable: if the archive is damaged, encrypted or beyond the limits.
    """
    try:
        members = _zip_members(data) if name.lower().endswith(".zip") else _tar_members(data)
        return [entry for entry in members if not is_noise(entry)]
    except _DAMAGED as error:
        raise NotGradable(
            f'The archive "{name}" is damaged or of an unknown kind ({error}). '
            "Hand in the .ipynb file itself."
        ) from error


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
                return read_limited(file, info.filename, MAX_BYTES)
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
                return read_limited(file, member.name, MAX_BYTES)
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
        path,
        refused_entry(path, problem).read if problem else read,
        when,
        problem,
        from_archive=True,
    )


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
    parts = [
        printable(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".")
    ]
    return tuple(parts) or ("(no name)",)


def _is_date(value: Any) -> bool:
    try:
        return datetime(*value).year > 1980
    except (TypeError, ValueError):
        return False
