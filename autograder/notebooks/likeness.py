"""When two cells say the same, and how alike they are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

from autograder.notebooks.python_source import parse_afresh

__all__ = ["likeness", "normalise"]

_MAX_TOKENS = 1500


@lru_cache(maxsize=4096)
def normalise(source: str) -> str:
    """A form that is equal for equal code: comments, docstrings and spacing do not count."""
    tree = parse_afresh(source)
    if tree is None:
        return "\n".join(line.strip() for line in source.split("\n") if line.strip())
    try:
        return "python:" + ast.unparse(_Undocumented().visit(tree))
    except (ValueError, RecursionError, MemoryError):
        return source.strip()


class _Undocumented(ast.NodeTransformer):
    """Removes docstrings, so that a stub with a reworded docstring is still a stub."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
        return node


def likeness(a: str, b: str) -> float:
    """How alike two texts are, from 0 to 1: difflib's ratio on words.

    The ratio is slow, so it is computed only if the words the texts share let it reach 0.5;
    otherwise half of the upper bound is given.
    """
    left, right = _tokens(a), _tokens(b)
    # Two empty texts are the same; an empty and another one have nothing in common.
    if not left or not right:
        return float(left == right)
    shared = (Counter(left) & Counter(right)).total()
    upper = 2 * shared / (len(left) + len(right))
    if upper < 0.5:
        return upper / 2
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def _tokens(source: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+|[^\w\s]", source[: 8 * _MAX_TOKENS]))[:_MAX_TOKENS]
