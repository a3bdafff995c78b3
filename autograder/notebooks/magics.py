"""Notebook magics: what is left of a cell for plain Python, line for line."""

from __future__ import annotations

import re

from autograder.notebooks.syntax import MAX_CODE, plain_tree

__all__ = ["is_other_language", "without_magics", "without_wrapper"]

# Students' text meets these. A quantifier that gives nothing back (`++`, `*+`) takes a time that
# grows with the length of a line; blanks that two of them can share take the square of it.
_COMMAND = re.compile(r"^(\s*+)(?:[%!?].*+|[\w.]++\?{1,2}+\s*+)$")
_TIMED = re.compile(r"^(\s*+)%time ++(?=\S)")
_COMMAND_VALUE = re.compile(r"^(\s*+[\w,][\w, ]*+=\s*+)[!%].*+$")
_CELL_MAGIC = re.compile(r"\A\s*+%%(\w++)[^\n]*+(?:\n|\Z)")
_PYTHON_INSIDE = frozenset({"time", "timeit", "capture", "prun", "memit", "script"})


def is_other_language(code: str) -> bool:
    """Whether a cell magic such as ``%%bash`` says that the cell is no Python."""
    magic = _CELL_MAGIC.match(code)
    return magic is not None and magic.group(1) not in _PYTHON_INSIDE


def without_wrapper(code: str) -> str:
    """``code`` without a first line such as ``%%time``, under which definitions would be lost."""
    magic = _CELL_MAGIC.match(code)
    if magic is None or magic.group(1) not in _PYTHON_INSIDE:
        return code
    return code[magic.end() :]


def without_magics(code: str) -> str:
    """``code`` as plain Python: magic and shell commands become ``pass``, line for line.

    A cell in another language (``%%bash``) gives the empty text. Plain Python, and code that is too
    long to be looked at, come back as they are.
    """
    if len(code) > MAX_CODE or plain_tree(code) is not None:
        return code
    if is_other_language(code):
        return ""
    plain: list[str] = []
    goes_on = False
    for line in code.split("\n"):
        plain.append("" if goes_on else _without_command(line))
        # A command that ends in a backslash takes the next line with it.
        goes_on = line.endswith("\\") and (goes_on or plain[-1] != line)
    return "\n".join(plain)


def _without_command(line: str) -> str:
    line = _TIMED.sub(r"\1", line)
    return _COMMAND_VALUE.sub(r"\1None", _COMMAND.sub(r"\1pass", line))
