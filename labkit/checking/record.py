"""What the checks of this session have said, by the cell they stand in: for `progress`.

`build` gives each check cell a title, such as `# @title Check 1.2 · graph`. What a cell says when
it is run again takes the place of what it said before.
"""

from __future__ import annotations

import linecache
import re
import sys
from types import FrameType

__all__ = ["note", "state_of", "title_of", "title_of_cell"]

TITLE = re.compile(r"\s*#\s*@title\s+Check\s+(?P<title>.*?)\s*(\{.*\})?\s*$")


class _Record:
    """The signs of each titled cell, with the run they come from."""

    def __init__(self) -> None:
        self.runs: dict[str, tuple[object, list[str]]] = {}


_record = _Record()


def note(sign: str, frame: FrameType) -> None:
    """Remember ✓, ✗ or ○ for the cell that a frame belongs to, if the cell has a title."""
    file, run, title = frame.f_code.co_filename, _run(), title_of_cell(frame)
    if not title:
        return
    # Another run, or another version of the cell: what was said before does not count.
    known, signs = _record.runs.get(title, (None, []))
    if known != (run, file):
        signs = []
    _record.runs[title] = ((run, file), [*signs, sign])


def state_of(title: str) -> str:
    """✗ if a check of that cell said so when it was last run, else ○ or ✓; "" if none was run."""
    _, signs = _record.runs.get(title, (None, []))
    return next((sign for sign in "✗○✓" if sign in signs), "")


def title_of_cell(frame: FrameType) -> str:
    """The title of the check cell that a frame belongs to; "" if it has none."""
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    return title_of(lines[0]) if lines else ""


def title_of(line: str) -> str:
    """The title of a check cell by its first line; "" for any other line."""
    found = TITLE.match(line)
    return found["title"] if found else ""


def _run() -> int:
    """The number of the cell that is running; 0 outside notebooks."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return int(getattr(shell, "execution_count", 0))
