"""The members of a zip archive, listed within limits that hold before memory is spent."""

from __future__ import annotations

import io
import itertools
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from autograder.intake.entries import Entry, printable, read_limited
from autograder.intake.members import (
    DAMAGED,
    MAX_MEMBERS,
    check_count,
    make_member,
    path_of,
    why_unsafe,
)
from autograder.intake.random_access import RandomAccessFile
from autograder.model.errors import NotGradable
from autograder.notebooks.reading import MAX_BYTES

__all__ = ["zip_members"]

MAX_RATIO, RATIO_FROM = 250, 32 * 2**20
"""A larger member that shrank by more than this ratio is a decompression bomb."""

_MAX_DIRECTORY = MAX_MEMBERS * 1024
_IS_UTF8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_AES = 99
"""In the place of the method, if the member is encrypted in the newer way."""

_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"


def zip_members(file: RandomAccessFile) -> list[Entry]:
    """The members but for folders.

    Raises:
        NotGradable: if there are too many.
        zipfile.BadZipFile: if it is damaged, or another error of ``DAMAGED``.
    """
    _check_directory(file)
    archive = zipfile.ZipFile(io.BufferedReader(file))
    infos = archive.infolist()
    check_count(len(infos))
    overlapping = _overlapping(infos)
    entries = []
    for info in infos:
        name = _name(info)
        if info.is_dir() and not why_unsafe(name):
            continue
        problem = "shares its bytes with another" if info in overlapping else _problem(info, name)
        when = datetime(*info.date_time, tzinfo=UTC) if _is_date(info.date_time) else None
        entries.append(make_member(path_of(name), _reader(archive, info), when, problem))
    return entries


def _check_directory(file: RandomAccessFile) -> None:
    """Look at the directory at the end of the archive before Python's reader believes it.

    A name that claims to be UTF-8 and is not would end that reader: the claim is taken back.
    """
    tail_at = max(0, file.size - 2**16 - 22)
    file.seek(tail_at)
    tail = file.read() or b""
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return  # no zip archive, as the reader will say
    size, offset = struct.unpack_from("<LL", tail, at + 12)
    # Something may stand before the archive, so the directory is looked for from its end; an
    # archive of more than 4 GB has one more header between the two, which is left to the reader.
    start = tail_at + at - size
    if size > _MAX_DIRECTORY:
        check_count(MAX_MEMBERS + 1)
    if offset == 0xFFFFFFFF:
        return
    if start < offset:  # it begins in another file
        raise zipfile.BadZipFile("a part of it is missing")
    file.seek(start)
    directory = file.read(size) or b""
    for position, local, flags in _false_claims(directory):
        plain = struct.pack("<H", flags & ~_IS_UTF8)
        file.patch(start + position + 8, plain)
        # The same flags stand in front of the member itself.
        file.patch(start - offset + local + 6, plain)


def _false_claims(directory: bytes) -> Iterator[tuple[int, int, int]]:
    """Entries that claim UTF-8 falsely: their position, where the member begins, its flags."""
    position = 0
    for count in range(1, MAX_MEMBERS + 2):
        if directory[position : position + 4] != _ENTRY:
            break
        if len(directory) < position + 46:
            break
        check_count(count)
        flags = struct.unpack_from("<H", directory, position + 8)[0]
        sizes = struct.unpack_from("<3H", directory, position + 28)
        name = directory[position + 46 : position + 46 + sizes[0]]
        if flags & _IS_UTF8 and not _is_utf8(name):
            yield position, struct.unpack_from("<L", directory, position + 42)[0], flags
        position += 46 + sum(sizes)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _overlapping(infos: Sequence[zipfile.ZipInfo]) -> set[zipfile.ZipInfo]:
    """Members whose bytes belong to another one as well: a bomb that no ratio shows."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    found = set()
    for info, following in itertools.pairwise(ordered):
        # A local header has at least 30 bytes and the name.
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
        if end > following.header_offset:
            found |= {info, following}
    return found


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Why a member must not be read, or nothing."""
    if stat.S_ISLNK(info.external_attr >> 16):  # the upper half is Unix' mode
        return "is a link, and links are not followed"
    if problem := why_unsafe(name):
        return problem
    if info.flag_bits & 0x1 or info.compress_type == _AES:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed by a method that is not known here"
    is_bomb = info.file_size > MAX_RATIO * max(info.compress_size, 1)
    return "is a decompression bomb" if is_bomb and info.file_size > RATIO_FROM else ""


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; macOS writes UTF-8 without saying so."""
    if not info.flag_bits & _IS_UTF8:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        name = printable(info.filename)
        try:
            with archive.open(info) as file:
                return read_limited(file, name, MAX_BYTES)
        except (*DAMAGED, NotImplementedError) as error:
            raise NotGradable(
                f'"{name}" in the archive is damaged ({printable(str(error))}). Hand in the .ipynb.'
            ) from error

    return read


def _is_date(value: Any) -> bool:
    try:
        return datetime(*value).year > 1980
    except (TypeError, ValueError):
        return False
