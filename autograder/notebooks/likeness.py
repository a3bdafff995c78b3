"""When two cells say the same, and how alike they are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from autograder.notebooks.python_source import parse_afresh

__all__ = ["MAX_STEPS", "Likeness", "normalise"]

_MAX_TOKENS = 1500

MAX_STEPS = 30_000_000
"""What all comparisons of one notebook may take together, in pairs of equal words that difflib
looks at: some four seconds. One without any mark, every cell edited, takes a twentieth."""


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


class Likeness:
    """Compares the cells of one notebook with ours, with a limit on all of it together.

    How long difflib takes is decided by the texts: the cube of their length at worst.
    """

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.steps_left = steps

    def __call__(self, a: str, b: str) -> float:
        """How alike two texts are, from 0 to 1: difflib's ratio on words.

        The ratio is slow, so it is computed only if the words the texts share let it reach 0.5;
        otherwise half of the upper bound is given. When the steps are used up, nothing is alike.
        """
        left, right = _tokens(a), _tokens(b)
        # Two empty texts are the same; an empty and another one have nothing in common.
        if not left or not right:
            return float(left == right)
        shared = (Counter(left) & Counter(right)).total()
        upper = 2 * shared / (len(left) + len(right))
        if upper < 0.5:
            return upper / 2
        try:
            return _Counted(left, right, self).ratio()
        except _NoStepsLeftError:
            return 0.0


class _NoStepsLeftError(Exception):
    """The comparisons of a notebook have taken all that they may take."""


class _Counted(SequenceMatcher[str]):
    """difflib's matcher, which says before each search how many steps it takes."""

    def __init__(self, left: tuple[str, ...], right: tuple[str, ...], budget: Likeness) -> None:
        super().__init__(None, left, right, autojunk=False)
        self._budget = budget
        places = Counter(right)
        # How many steps the search takes from each word of `left` on.
        self._before = [0, *accumulate(1 + places[word] for word in left)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        end = len(self._before) - 1 if ahi is None else ahi
        self._budget.steps_left -= self._before[end] - self._before[alo]
        if self._budget.steps_left < 0:
            raise _NoStepsLeftError
        return super().find_longest_match(alo, ahi, blo, bhi)


@lru_cache(maxsize=4096)
def _tokens(source: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+|[^\w\s]", source[: 8 * _MAX_TOKENS]))[:_MAX_TOKENS]
