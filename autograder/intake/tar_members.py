"""The members of a tar archive, packed or not, listed within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any

from autograder.intake.entries import Entry, printable, read_limited
from autograder.intake.members import (
    DAMAGED,
    MAX_HEADER_BYTES,
    check_count,
    make_member,
    path_of,
    why_unsafe,
)
from autograder.intake.random_access import RandomAccessFile
from autograder.model.errors import NotGradable
from autograder.notebooks.reading import MAX_BYTES

__all__ = ["tar_members"]

_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
"""Kinds of members that only describe the next one; Python reads them whole."""

_MAX_HEADERS = 4
"""So many of them may stand before one member."""


class _BoundedInfo(tarfile.TarInfo):
    """A member that is looked at before Python reads what describes it.

    Python before 3.11.10 and 3.12.6 takes quadratic time for long fields.
    """

    def _proc_member(self, archive: Any) -> Any:
        if self.type in _HEADERS:
            archive.headers = getattr(archive, "headers", 0) + 1
            if self.size > MAX_HEADER_BYTES or archive.headers > _MAX_HEADERS:
                raise _beyond("a header that is too long")
        elif self.type == tarfile.GNUTYPE_SPARSE:
            raise _beyond("a file with holes")
        else:
            archive.headers = 0
        return super()._proc_member(archive)  # type: ignore[misc]


def _beyond(what: str) -> NotGradable:
    return NotGradable(f"The archive has {what}. Hand in the .ipynb file itself.")


def tar_members(file: RandomAccessFile, most: int) -> list[Entry]:
    """The members but for folders.

    Args:
        file: The archive.
        most: So many bytes it may have when it is unpacked.

    Raises:
        NotGradable: if it is beyond the limits.
        tarfile.TarError: if it is damaged, or another error of ``DAMAGED``.
    """
    plain = _unpacked(file, most)
    opened = tarfile.open(fileobj=plain, mode="r:", tarinfo=_BoundedInfo)  # noqa: SIM115
    entries: list[Entry] = []
    for count, member in enumerate(opened, start=1):
        check_count(count)
        if member.isdir() and not why_unsafe(member.name):
            continue
        when = datetime.fromtimestamp(member.mtime, UTC) if 0 < member.mtime < 2**32 else None
        entries.append(
            make_member(path_of(member.name), _reader(opened, member), when, _problem(member))
        )
    return entries


def _unpacked(file: RandomAccessFile, most: int) -> IO[bytes]:
    """The plain tar inside a compressed one, so that members can be read in any order.

    It goes to a temporary file without a name.
    """
    packed = io.BufferedReader(file)
    start = packed.read(6)
    packed.seek(0)
    for magic, opener in _PACKED:
        if start.startswith(magic):
            plain = tempfile.TemporaryFile()  # noqa: SIM115
            with opener(packed) as stream:
                while chunk := stream.read(2**20):
                    plain.write(chunk)
                    if plain.tell() > most:
                        plain.close()
                        raise NotGradable(
                            f"The archive unpacks to more than {most // 2**20} MB. "
                            "Hand in the .ipynb file itself."
                        )
            plain.flush()
            return io.BufferedReader(RandomAccessFile(plain))
    return packed


def _problem(member: tarfile.TarInfo) -> str:
    """Why a member must not be read, or nothing."""
    if member.issym() or member.islnk():
        return "is a link, and links are not followed"
    if problem := why_unsafe(member.name):
        return problem
    is_plain = member.isfile() and not member.issparse()
    return "" if is_plain else "is not an ordinary file"


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        name = printable(member.name)
        try:
            file = archive.extractfile(member)
            if file is None:
                raise NotGradable(f'"{name}" in the archive is not an ordinary file.')
            with file:
                return read_limited(file, name, MAX_BYTES)
        except DAMAGED as error:
            raise NotGradable(
                f'"{name}" in the archive is damaged ({printable(str(error))}). Hand in the .ipynb.'
            ) from error

    return read
