"""What can be read from a cell's Python without running it: names, parts, likeness."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache

__all__ = [
    "defined_names",
    "definition_names",
    "likeness",
    "needed_names",
    "normalise",
    "parse",
    "segments",
    "strip_wrappers",
    "unfence",
]

_MAX_CHARS = 100_000  # a million brackets take gigabytes
_CACHED_CHARS = 20_000
_MAX_TOKENS = 1500
_WRAPPER = re.compile(r"\A\s*%%(?:time|timeit|capture|prun|memit)\b[^\n]*\n")
_MAGIC_LINE = re.compile(r"^([ \t]*)(?:[!%?][^\n]*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_MAGIC_VALUE = re.compile(r"^([ \t]*[\w, ]+=[ \t]*)[!%][^\n]*$", re.MULTILINE)
_BROKEN_DEFINITION = re.compile(
    r"^(?:async +)?(?:def|class) +(\w+)|^(\w+)(?: *:[^=\n]+)? *=(?!=)", re.MULTILINE
)
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n(.*?)(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_BUILTINS = frozenset(dir(builtins))


def parse(source: str) -> ast.Module | None:
    """The syntax tree, with shell and magic lines read as ``pass``; None if it is not Python, or
    too long for it."""
    if len(source) > _MAX_CHARS:
        return None
    return _parse_cached(source) if len(source) <= _CACHED_CHARS else _parse(source)


@lru_cache(maxsize=4096)
def _parse_cached(source: str) -> ast.Module | None:
    return _parse(source)


def _parse(source: str) -> ast.Module | None:
    source = strip_wrappers(source)
    for text in (source, _MAGIC_VALUE.sub(r"\1None", _MAGIC_LINE.sub(r"\1pass", source))):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def strip_wrappers(source: str) -> str:
    """``source`` without a first line such as ``%%time``, under which definitions would be lost or
    timed."""
    return _WRAPPER.sub("", source, count=1)


def unfence(source: str) -> str:
    """The code inside ``` fences of a Markdown text; the whole text if there are none."""
    blocks = [found.group(2).rstrip("\n") for found in _FENCE.finditer(source + "\n")]
    return "\n\n".join(blocks) if blocks else source


def defined_names(source: str) -> frozenset[str]:
    """Every name a cell defines at top level: functions, classes and variables, even if the cell is
    broken."""
    tree = parse(source)
    if tree is None:
        return frozenset(a or b for a, b in _BROKEN_DEFINITION.findall(source[:_MAX_CHARS]))
    return frozenset(name for node in tree.body for name in _bound(node))


def definition_names(source: str) -> frozenset[str]:
    """The names a TODO stands for: its functions and classes, or its variables if it has none."""
    tree = parse(source)
    body = tree.body if tree else []
    named = {
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return frozenset(named) or frozenset(
        name for node in body if isinstance(node, ast.Assign) for name in _bound(node)
    )


def needed_names(source: str) -> frozenset[str]:
    """The names a cell reads anywhere, without builtins."""
    tree = parse(source)
    nodes = ast.walk(tree) if tree else ()
    return (
        frozenset(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        - _BUILTINS
    )


@lru_cache(maxsize=4096)
def normalise(source: str) -> str:
    """A form that is equal for equal code: comments, docstrings, spacing and blank lines do not
    count."""
    tree = None if len(source) > _MAX_CHARS else _parse(source)  # one of its own, for it is changed
    if tree is None:
        return "\n".join(line.strip() for line in source.splitlines() if line.strip())
    try:
        return "python:" + ast.unparse(_Undocumented().visit(tree))
    except (ValueError, RecursionError, MemoryError):
        return source.strip()


def segments(source: str) -> list[tuple[frozenset[str], str, ast.stmt]]:
    """The top-level statements of a cell: names bound, text with its decorators and comments above,
    and node."""
    tree = parse(source)
    if tree is None:
        return []
    lines = strip_wrappers(source).splitlines(keepends=True)
    parts, start = [], 0
    for node in tree.body:
        end = node.end_lineno or node.lineno
        if end <= start:  # two statements on one line
            continue
        text = "".join(lines[start:end]).strip("\n")
        parts.append((frozenset(_bound(node)), text, node))
        start = end
    return parts


def likeness(a: str, b: str) -> float:
    """How alike two texts are, from 0 to 1: difflib's ratio on words, computed only if it can be
    high."""
    left, right = _tokens(a), _tokens(b)
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


def _bound(node: ast.stmt, depth: int = 20) -> set[str]:
    """Names bound by a statement, also inside a top-level ``if``, ``try`` or ``with``."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = (n for target in targets for n in ast.walk(target))
        return {n.id for n in found if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    inner: list[ast.stmt] = []
    if isinstance(node, ast.If | ast.Try | ast.With) and depth:
        inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
    return {name for statement in inner for name in _bound(statement, depth - 1)}


class _Undocumented(ast.NodeTransformer):
    """Removes docstrings, so that a stub with a reworded docstring is still a stub."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
        return node
