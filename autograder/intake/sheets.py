"""Tables as LMSs and spreadsheets write them: read by trial, and written as they were."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.model.errors import UsageError

__all__ = ["Sheet", "read_sheet"]

_CODECS = (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "latin-1"))


@dataclass
class Sheet:
    """A table with a row of names.

    Attributes:
        lines: Its cells, the row of names first.
        separator: What stands between columns.
        encoding: What people call its encoding.
        codec: What Python calls it.
        ending: What ends a line.
        start: The line that tells Excel the separator, or nothing.
    """

    lines: list[list[str]] = field(default_factory=list)
    separator: str = ","
    encoding: str = "UTF-8"
    codec: str = "utf-8"
    ending: str = "\r\n"
    start: str = ""

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [name.strip() for name in self.lines[0]] if self.lines else []

    def row(self, number: int) -> dict[str, str]:
        """A line's cells by name of column."""
        values = [value.strip() for value in self.lines[number]]
        return dict(zip(self.header, values, strict=False))

    def put(self, number: int, column: int, value: str) -> None:
        """Write a cell; a short line is filled up."""
        line = self.lines[number]
        line += [""] * (column + 1 - len(line))
        line[column] = value

    def to_bytes(self, *, bom: bool = False) -> bytes:
        """The file, in its own encoding; with ``bom`` in UTF-8 with a mark, for Excel."""
        text = io.StringIO(newline="")
        text.write(self.start + self.ending if self.start else "")
        csv.writer(text, delimiter=self.separator, lineterminator=self.ending).writerows(self.lines)
        codec = "utf-8-sig" if bom else self.codec
        try:
            return text.getvalue().encode(codec)
        except UnicodeEncodeError:
            return text.getvalue().encode("utf-8-sig")


def read_sheet(path: Path, what: str = "table") -> Sheet:
    """Read a table (in messages, ``what``); encoding, separator and line ends are found by trial.

    Raises:
        UsageError: if the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f'The {what} "{path}" cannot be read ({error.strerror}).') from error
    text, encoding, codec = _decoded(data)
    ending = next((end for end in ("\r\n", "\n", "\r") if end in text), "\r\n")
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").replace("\0", "")
    said = re.match(r"(?i)sep=(.)\n", text)
    text = text[said.end() :] if said else text
    first = text.partition("\n")[0]
    separator = said[1] if said else max(",;\t|", key=first.count)
    # A field of a roster may be long, but not without end.
    csv.field_size_limit(10_000_000)
    lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    start = said[0].rstrip("\n") if said else ""
    return Sheet(lines, separator, encoding, codec, ending, start)


def _decoded(data: bytes) -> tuple[str, str, str]:
    """The text, and the encoding in which it can be read."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "UTF-16", "utf-16"
    # UTF-16 without a mark: every second byte of Latin letters is zero.
    if data[:200].count(0) > len(data[:200]) // 4:
        codec = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return data.decode(codec, "replace"), "UTF-16", codec
    for codec, name in _CODECS:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        marked = data.startswith(b"\xef\xbb\xbf")
        return text, name, "utf-8" if codec == "utf-8-sig" and not marked else codec
    raise AssertionError("Latin-1 decodes everything")
