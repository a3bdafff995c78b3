"""The names that a cell binds, defines and reads.

Every way in which Python binds a name at the top level of a cell is found here, with its kind, by
one walk over the syntax tree. (The standard library's :mod:`symtable` knows no kinds, and since
Python 3.12 it counts the variables of comprehensions as the cell's own. A test holds that both find
the same names otherwise.)
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from functools import lru_cache

from autograder.notebooks.python_source import parse
from autograder.notebooks.syntax import MAX_CODE

__all__ = [
    "bound_in",
    "bound_names",
    "changed_names",
    "defined_names",
    "lasting_names",
    "read_in",
    "read_names",
    "statement_names",
]

_BUILTINS = frozenset(dir(builtins))
_BROKEN_DEFINITION = re.compile(
    # Blanks belong to one quantifier only, and none gives any back: the time is linear.
    r"^(?:async ++)?(?:def|class) ++(\w++)|^(\w++) *+(?::[^=\n]++)?=(?:[^=]|\Z)",
    re.MULTILINE,
)
_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.Constant)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.Match)


class _Kind(Enum):
    """How a name is bound."""

    BLOCK = auto()  # def, class
    IMPORT = auto()
    VARIABLE = auto()  # =, a declaration with a type, a walrus
    PASSING = auto()  # for, with … as, except … as, case, and all that is bound inside of a loop
    CHANGE = auto()  # +=, del: the name was there before
    GLOBAL = auto()  # declared global inside of a function: bound when that is called


_LASTING = {_Kind.BLOCK, _Kind.IMPORT, _Kind.VARIABLE}
_Found = tuple[str, _Kind]


def bound_names(source: str) -> frozenset[str]:
    """Every name that a cell may bind, rebind or delete, also when its functions are called."""
    return frozenset(name for name, _ in _bindings(source))


def changed_names(source: str) -> frozenset[str]:
    """:func:`bound_names`, and the names whose attributes or items a cell sets when it is run.

    ``np.sum = ...`` binds nothing, and yet ``np`` is another one for all cells after it.
    """
    tree = parse(source)
    found = set(bound_names(source))
    waiting: list[tuple[ast.AST, _Kind | None]] = [(tree, None)] if tree is not None else []
    while waiting:
        node, _ = waiting.pop()
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            found |= _owner(node)
        waiting += _below(node, None)
    return frozenset(found)


def _owner(node: ast.expr) -> set[str]:
    """``{"a"}`` for ``a.b[c].d``."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def lasting_names(source: str) -> frozenset[str]:
    """The names a cell leaves for the cells after it: functions, classes, imports, variables.

    Without loop variables and the like, which nobody relies on, and without names that the cell
    only changes. A broken cell is searched line by line.
    """
    return frozenset(name for name, kind in _bindings(source) if kind in _LASTING)


def defined_names(source: str) -> frozenset[str]:
    """The names a TODO stands for: its functions and classes, or its variables if it has none."""
    found = _bindings(source)
    blocks = frozenset(name for name, kind in found if kind is _Kind.BLOCK)
    return blocks or frozenset(name for name, kind in found if kind is _Kind.VARIABLE)


def read_names(source: str) -> frozenset[str]:
    """The names a cell reads anywhere, in its functions too, without builtins."""
    tree = parse(source)
    return frozenset() if tree is None else read_in(tree)


def read_in(tree: ast.AST) -> frozenset[str]:
    """As :func:`read_names`, for a part of a cell."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    found = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    return frozenset(found) - _BUILTINS


def bound_in(node: ast.stmt) -> frozenset[str]:
    """The names that a statement binds, changes or deletes when it is run."""
    return frozenset(name for name, kind in _walk([node]) if kind is not _Kind.GLOBAL)


def statement_names(nodes: Iterable[ast.stmt]) -> frozenset[str]:
    """As :func:`lasting_names`, for statements of a cell."""
    return frozenset(name for name, kind in _walk(nodes) if kind in _LASTING)


@lru_cache(maxsize=4096)
def _bindings(source: str) -> frozenset[_Found]:
    tree = parse(source)
    if tree is not None:
        return frozenset(_walk(tree.body))
    blocks_and_variables = _BROKEN_DEFINITION.findall(source[:MAX_CODE])
    return frozenset(
        (block, _Kind.BLOCK) if block else (variable, _Kind.VARIABLE)
        for block, variable in blocks_and_variables
    )


def _walk(nodes: Iterable[ast.AST]) -> Iterator[_Found]:
    """Every name that is bound in the scope of ``nodes``.

    Each node waits together with what it lies in: None for an ordinary place, else the kind that
    everything bound there has. (A list of our own, for recursion would end at deep expressions.)
    """
    waiting: list[tuple[ast.AST, _Kind | None]] = [(node, None) for node in nodes]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, _LEAVES):  # half of all nodes
            continue
        for name, kind in _bound_by(node):
            yield name, inside or kind
        waiting += _below(node, inside)


def _bound_by(node: ast.AST) -> Iterator[_Found]:
    """The names that one node itself binds."""
    if isinstance(node, _BLOCKS):
        yield node.name, _Kind.BLOCK
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                yield from ((name, _Kind.GLOBAL) for name in inner.names)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            if alias.name != "*":
                # `import a.b` binds `a`
                yield (alias.asname or alias.name).split(".")[0], _Kind.IMPORT
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, _Kind.CHANGE if isinstance(node.ctx, ast.Del) else _Kind.VARIABLE
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name, _Kind.PASSING
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest, _Kind.PASSING


def _below(node: ast.AST, inside: _Kind | None) -> Iterator[tuple[ast.AST, _Kind | None]]:
    """The nodes below ``node`` that belong to the same scope."""
    if isinstance(node, _BLOCKS):
        # The body is a scope of its own; decorators, defaults and bases are not.
        body = {id(statement) for statement in node.body}
        outside = [child for child in ast.iter_child_nodes(node) if id(child) not in body]
        yield from ((child, inside) for child in outside)
    elif isinstance(node, _COMPREHENSIONS):
        # So is a comprehension, but a walrus in it binds outside.
        walruses = [inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
        yield from ((walrus.target, inside) for walrus in walruses)
    elif isinstance(node, ast.AugAssign):
        yield node.target, inside or _Kind.CHANGE
        yield node.value, inside
    elif isinstance(node, ast.withitem):
        yield node.context_expr, inside
        if node.optional_vars is not None:
            yield node.optional_vars, inside or _Kind.PASSING
    elif not isinstance(node, ast.Lambda):
        inside = _Kind.PASSING if isinstance(node, _LOOPS) else inside
        yield from ((child, inside) for child in ast.iter_child_nodes(node))
