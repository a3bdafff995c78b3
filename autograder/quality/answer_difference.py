"""Answers that are written as their difference from the reference answer.

The lines ``# - `` are replaced by the lines ``# + ``; a blank line separates one replacement from
the next, and each line keeps its indentation after the sign::

    # -     return logits
    # +     return tf.nn.softmax(logits)

The replaced lines must occur exactly once in the reference answer, so that an answer cannot fall
behind a reference that has changed without being noticed.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["MAX_CHANGED", "DifferenceError", "apply", "difference", "is_difference", "plain_code"]

OLD, NEW = "# -", "# +"

MAX_CHANGED = 4
"""A difference of more lines than this is harder to read than the whole answer."""


class DifferenceError(Exception):
    """A difference cannot be applied; ``line`` is the index of the line at fault."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass
class _Replacement:
    """Some lines of the reference and what stands in their place; ``line`` is where it begins."""

    line: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def plain_code(reference: str) -> str:
    """A reference answer without the marks around its solution: what a difference refers to."""
    lines = reference.splitlines()
    kept = [line for line in lines if not line.lstrip().startswith(("### BEGIN", "### END"))]
    return "\n".join(kept)


def is_difference(lines: Sequence[str]) -> bool:
    """Whether these lines are a difference, and not a whole answer."""
    first = next((line for line in lines if line.strip()), "")
    return first.startswith((OLD, NEW))


def apply(reference: str, lines: Sequence[str]) -> str:
    """The code of the answer that ``lines`` give as a difference from a reference answer.

    Raises:
        DifferenceError: if a line has no sign, if an insertion names no line, or if replaced lines
            do not occur exactly once.
    """
    code = plain_code(reference).splitlines()
    # Each replacement is looked up in the reference itself, never in what another one has made.
    found: list[tuple[int, _Replacement]] = []
    for replacement in _replacements(lines):
        places = _places(code, replacement.old)
        if len(places) != 1:
            raise DifferenceError(
                replacement.line,
                f'"{replacement.old[0].strip()}" and what follows it must occur exactly once in '
                f"the reference answer, not {len(places)} times. Has the reference changed?",
            )
        found.append((places[0], replacement))
    found.sort(key=lambda row: row[0])
    for (first, before), (second, after) in pairwise(found):
        if first + len(before.old) > second:
            raise DifferenceError(after.line, "two replacements overlap.")
    # From the end, so that the places of the others stay right.
    for begin, replacement in reversed(found):
        code[begin : begin + len(replacement.old)] = replacement.new
    return "\n".join(code)


def _replacements(lines: Sequence[str]) -> list[_Replacement]:
    found: list[_Replacement] = []
    separated = True
    for number, line in enumerate(lines):
        if not line.strip():
            separated = True
            continue
        sign, code = line[: len(OLD)], line[len(OLD) :]
        if sign not in (OLD, NEW) or (code and not code.startswith(" ")):
            raise DifferenceError(number, 'a line of a difference begins with "# - " or "# + ".')
        # An old line after new ones begins another replacement, also without a blank line.
        if separated or (sign == OLD and found[-1].new):
            found.append(_Replacement(number))
            separated = False
        if sign == NEW and not found[-1].old:
            raise DifferenceError(
                number, "an insertion names a line beside it, as an old and as a new line."
            )
        (found[-1].old if sign == OLD else found[-1].new).append(code[1:].rstrip())
    return found


def _places(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """The indices at which the ``wanted`` lines stand, one after the other."""
    starts = range(len(lines) - len(wanted) + 1)
    return [start for start in starts if [*lines[start : start + len(wanted)]] == [*wanted]]


def difference(reference: str, code: str) -> list[str] | None:
    """An answer as its difference from the reference answer, in lines of a cell.

    Returns:
        None if the whole answer is easier to read: when more than :data:`MAX_CHANGED` lines differ,
        or half of the reference's code, or when no line nearby tells the place of a change.
    """
    old, new = plain_code(reference).splitlines(), code.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    changes = [row[1:] for row in matcher.get_opcodes() if row[0] != "equal"]
    changed = sum(max(end - begin, to - start) for begin, end, start, to in changes)
    if not changes or changed > MAX_CHANGED or 2 * changed >= _code_lines(reference):
        return None
    placed: list[tuple[int, int, int, int]] = []
    for change in changes:
        begin, end, start, to = _widened(old, *change)
        if begin < 0 or end > len(old):
            return None
        # What has grown into the change before becomes one with it.
        if placed and begin <= placed[-1][1]:
            begin, _, start, _ = placed.pop()
        placed.append((begin, end, start, to))
    rows: list[str] = []
    for begin, end, start, to in placed:
        rows += [""] if rows else []
        rows += [f"{OLD} {line}".rstrip() for line in old[begin:end]]
        rows += [f"{NEW} {line}".rstrip() for line in new[start:to]]
    return rows


def _widened(
    old: Sequence[str], begin: int, end: int, start: int, to: int
) -> tuple[int, int, int, int]:
    """A change with as many lines around it as its place needs, as ``old[begin:end]`` and
    ``new[start:to]``.

    An insertion takes the line it follows, or, where that says nothing (a bracket, the end of a
    docstring), the line it precedes; lines that occur more than once, what stands before them.
    """
    if begin == end and (begin == 0 or not re.search(r"\w", old[begin - 1])):
        end, to = end + 1, to + 1
    while begin >= 0 and (begin == end or len(_places(old, old[begin:end])) != 1):
        begin, start = begin - 1, start - 1
    return begin, end, start, to


def _code_lines(reference: str) -> int:
    """The number of lines of an answer without its docstrings and blank lines."""
    tree = ast.parse(reference)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    lines = sum(bool(line.strip()) for line in plain_code(reference).splitlines())
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            first = node.body[0]
            text = reference.splitlines()[first.lineno - 1 : first.end_lineno]
            lines -= sum(bool(line.strip()) for line in text)
    return lines
