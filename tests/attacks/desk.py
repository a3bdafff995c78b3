"""The desk at which submissions are made: the released notebook, solved, taken apart and packed
again."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.workspace.course import Course
from tests import classroom

__all__ = ["Desk", "cell", "place", "tarred", "zipped"]

Member = bytes | tuple[str, str]
"""A file's content, or ("symlink" | "hardlink" | "device" | "fifo", target)."""

KINDS = {
    "symlink": tarfile.SYMTYPE,
    "hardlink": tarfile.LNKTYPE,
    "device": tarfile.CHRTYPE,
    "fifo": tarfile.FIFOTYPE,
}


@dataclass(frozen=True)
class Desk:
    """Knows the course and what an attacker may know of the machine (``facts``: placeholder ->
    value)."""

    course: Course
    facts: Mapping[str, str]

    @cached_property
    def _right(self) -> dict[str, str]:
        return {**classroom.solutions(self.course), "why": "Because of symmetry."}

    def solved(self, **answers: str) -> Any:
        """The released notebook with right answers, or these."""
        return classroom.filled(self.course, **{**self._right, **answers})

    def blank(self) -> Any:
        """The released notebook."""
        return classroom.filled(self.course)

    def packed(self, notebook: Any) -> bytes:
        """As Jupyter writes it."""
        return json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def fill(self, code: str) -> str:
        """``code`` with what the attacker knows in the place of ``@NAME@``."""
        for name, value in self.facts.items():
            code = code.replace(f"@{name}@", value)
        return code


def cell(notebook: Any, grade_id: str) -> Any:
    """The cell of a grade_id."""
    return next(
        item
        for item in notebook.cells
        if item.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def place(notebook: Any, grade_id: str) -> int:
    """Where the cell of a grade_id stands."""
    return int(notebook.cells.index(cell(notebook, grade_id)))


def zipped(files: Mapping[str, Member], *, encrypted: bool = False) -> bytes:
    """A zip archive; ("symlink", target) makes a link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o120777 if isinstance(data, tuple) else 0o100644) << 16
            archive.writestr(info, data[1] if isinstance(data, tuple) else data)
    packed = bytearray(buffer.getvalue())
    if encrypted:  # the flag in each local header and in each entry of the directory
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = packed.find(signature)
            while at >= 0:
                packed[at + offset] |= 1
                at = packed.find(signature, at + 4)
    return bytes(packed)


def tarred(files: Mapping[str, Member], mode: Any = "w:gz") -> bytes:
    """A tar archive; a tuple makes a link, device or pipe."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(data, tuple):
                member.type, member.linkname = KINDS[data[0]], data[1]
                archive.addfile(member)
            else:
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()
