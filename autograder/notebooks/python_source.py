"""A cell's Python: its syntax tree, its statements, and the code between fences of a text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from autograder.notebooks.magics import is_other_language, without_magics, without_wrapper
from autograder.notebooks.syntax import MAX_CODE, plain_tree

__all__ = [
    "Statement",
    "is_definition",
    "outline",
    "parse",
    "parse_afresh",
    "statements",
    "unfence",
]

_CACHED_CHARS = 20_000
_FENCE = ("```", "~~~")
_NAMED_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, with magics as ``pass`` and no first line such as ``%%time``.

    The tree is shared between callers and must not be changed (see :func:`parse_afresh`).

    Returns:
        None if the cell is not Python, or too long for it.
    """
    return _parse_cached(source) if len(source) <= _CACHED_CHARS else parse_afresh(source)


@lru_cache(maxsize=4096)
def _parse_cached(source: str) -> ast.Module | None:
    return parse_afresh(source)


def parse_afresh(source: str) -> ast.Module | None:
    """As :func:`parse`, a tree that the caller may change."""
    if len(source) > MAX_CODE or is_other_language(source):
        return None
    code = without_wrapper(source)
    # Most cells are plain Python, which need not be searched for magics.
    return plain_tree(code) or plain_tree(without_magics(code))


def unfence(source: str) -> str:
    """The code inside ``` fences of a Markdown text; the whole text if there are none."""
    blocks: list[list[str]] = []
    fence = ""  # the one that is open
    for line in source.split("\n"):
        mark = line.lstrip(" \t")[:3]
        if fence and mark == fence:
            fence = ""
        elif fence:
            blocks[-1].append(line)
        elif mark in _FENCE:
            fence = mark
            blocks.append([])
    texts = ["\n".join(lines).rstrip("\n") for lines in blocks]
    return "\n\n".join(texts) if texts else source


def outline(source: str) -> tuple[type[ast.stmt], ...] | None:
    """The kinds of a cell's top-level statements; None if it is not Python.

    Cells that say the same have the same outline, and it takes a small part of the time that
    comparing them takes.
    """
    tree = parse(source)
    return tuple(map(type, tree.body)) if tree is not None else None


@dataclass(frozen=True)
class Statement:
    """A top-level statement of a cell with its decorators and the comments above it.

    Attributes:
        text: The whole lines.
        nodes: The statement; several where a line holds several.
    """

    text: str
    nodes: tuple[ast.stmt, ...]


def statements(source: str) -> list[Statement]:
    """The top-level statements of a cell, in order; none if it is not Python."""
    tree = parse(source)
    if tree is None:
        return []
    # For Python only "\n" ends a line; str.splitlines knows ten other characters.
    lines = [f"{line}\n" for line in without_wrapper(source).split("\n")]
    found: list[Statement] = []
    start = 0
    for node in tree.body:
        end = node.end_lineno or node.lineno
        if end <= start:  # `a = 1; b = 2`: one text, two statements
            found[-1] = Statement(found[-1].text, (*found[-1].nodes, node))
            continue
        found.append(Statement("".join(lines[start:end]).strip("\n"), (node,)))
        start = end
    return found


def is_definition(node: ast.stmt) -> bool:
    """A statement with no effect but a name: an import, a function, a class, a constant."""
    if isinstance(node, (*_IMPORTS, *_NAMED_BLOCKS, ast.Pass)):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
