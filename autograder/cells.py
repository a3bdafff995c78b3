"""What of a student's cell is run: without notebook magics, and of added cells only their definitions."""

from __future__ import annotations

import ast
import re

__all__ = ["definitions", "without_magics"]

MAGIC_LINE = re.compile(r"^(\s*)[%!?].*$")
CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
TIMERS = {"time", "timeit", "capture", "prun", "script"}
KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def without_magics(code: str) -> str:
    """``code`` with ``%magic`` and ``!shell`` lines replaced by ``pass``, line for line; plain Python stays as is."""
    if _parses(code):
        return code
    lines = code.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    magic = CELL_MAGIC.match(lines[first]) if lines else None
    if magic and magic.group(1) not in TIMERS:
        return ""
    return "\n".join(MAGIC_LINE.sub(r"\1pass", line) for line in lines)


def definitions(code: str) -> str:
    """Imports, functions, classes and plain assignments of ``code``; calls and loops are experiments and left out."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    tree.body = [node for node in tree.body if isinstance(node, KEPT)]
    return ast.unparse(tree) if tree.body else ""


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
