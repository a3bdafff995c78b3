"""Code without what was written for people only."""

from __future__ import annotations

import ast

from autograder.notebooks.syntax import UNREADABLE, plain_tree

__all__ = ["bare"]

_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bare(code: str) -> str:
    """``code`` without comments, docstrings and its own layout; as it is, if it is no Python."""
    tree = plain_tree(code)
    if tree is None:
        return code
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            # A body has to hold something.
            node.body = node.body[1:] or [ast.Pass()]
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except UNREADABLE:
        return code
