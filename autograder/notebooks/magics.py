"""What of a student's cell is run: without notebook magics, and of added cells only their
definitions."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from autograder.notebooks.python_source import defined_names

__all__ = ["definitions", "without_magics"]

MAGIC_LINE = re.compile(r"^(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)$")
TIMED_LINE = re.compile(r"^(\s*)%time +(?=\S)")
MAGIC_VALUE = re.compile(r"^(\s*[\w, ]+=\s*)[!%].*$")
CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
TIMERS = {"time", "timeit", "capture", "prun", "script"}
MAX_CODE = 100_000
KEPT = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


def without_magics(code: str) -> str:
    """``code`` without ``%magic`` and ``!shell`` commands, line for line; plain Python stays as
    is."""
    if len(code) > MAX_CODE or _parses(code):
        return code
    lines = code.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    magic = CELL_MAGIC.match(lines[first]) if lines else None
    if magic and magic.group(1) not in TIMERS:
        return ""
    plain: list[str] = []
    goes_on = False
    for line in lines:
        plain.append("" if goes_on else _without_command(line))
        goes_on = line.endswith("\\") and (goes_on or plain[-1] != line)
    return "\n".join(plain)


def _without_command(line: str) -> str:
    line = TIMED_LINE.sub(r"\1", line)
    return MAGIC_VALUE.sub(r"\1None", MAGIC_LINE.sub(r"\1pass", line))


def definitions(code: str, protected: Collection[str] = ()) -> str:
    """Imports, functions, classes and plain assignments of ``code``; calls and loops are
    experiments and left out.

    So is what would replace one of the ``protected`` names. A definition that fails does not stop
    the others.
    """
    if len(code) > MAX_CODE:
        return ""
    try:
        tree = ast.parse(code)
        tree.body = [
            _guarded(node)
            for node in tree.body
            if isinstance(node, KEPT) and not _binds(node, protected)
        ]
        return ast.unparse(ast.fix_missing_locations(tree)) if tree.body else ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def _binds(node: ast.stmt, names: Collection[str]) -> bool:
    return bool(names) and not defined_names(ast.unparse(node)).isdisjoint(names)


def _guarded(node: ast.stmt) -> ast.stmt:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node
    caught = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name=None, body=[ast.Pass()])
    return ast.Try(body=[node], handlers=[caught], orelse=[], finalbody=[])


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
