"""What of a cell that a student added is run: its definitions."""

from __future__ import annotations

import ast
from collections.abc import Collection

from autograder.notebooks.names import statement_names
from autograder.notebooks.syntax import UNREADABLE, plain_tree

__all__ = ["definitions"]

_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_KEPT = (ast.Import, ast.ImportFrom, *_BLOCKS, ast.Assign, ast.AnnAssign)


def definitions(code: str, protected: Collection[str] = ()) -> str:
    """Imports, functions, classes and plain assignments of ``code``, which is free of magics.

    Calls and loops are experiments and left out, and so is what would replace one of the
    ``protected`` names. A definition that fails does not stop the others.
    """
    tree = plain_tree(code)
    if tree is None:
        return ""
    kept = [node for node in tree.body if isinstance(node, _KEPT)]
    # Names of ours stay ours: later cells and tests rely on them.
    if protected:
        kept = [node for node in kept if statement_names([node]).isdisjoint(protected)]
    tree.body = [_guarded(node) for node in kept]
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except UNREADABLE:
        return ""


def _guarded(node: ast.stmt) -> ast.stmt:
    """``node`` such that an exception in it is passed over; a function or class seldom has one."""
    if isinstance(node, _BLOCKS):
        return node
    caught = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name=None, body=[ast.Pass()])
    return ast.Try(body=[node], handlers=[caught], orelse=[], finalbody=[])
