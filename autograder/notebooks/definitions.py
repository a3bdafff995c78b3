"""What of a student's cell is run where not all of it is: its definitions, and what they need."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence

from autograder.notebooks.names import bound_in, read_in
from autograder.notebooks.syntax import UNREADABLE, plain_tree

__all__ = ["bare_definitions", "changed", "definitions", "needed_names", "touched"]

_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_NESTED = (ast.If, ast.Try, ast.With)
_Wanted = Collection[str] | None


def definitions(code: str, protected: Collection[str] = (), wanted: _Wanted = None) -> str:
    """The part of ``code``, which is free of magics, that defines something.

    Imports, functions, classes and constants are kept, and an ``if``, ``try`` or ``with`` around
    them. With ``wanted``, so is every other statement that binds or changes one of these names or
    one that the kept parts read: an assignment, a loop that fills a table, ``append``, ``+=``,
    ``setattr``. Without, each plain assignment is kept. All else is an experiment, and left out; so
    is what would replace one of the ``protected`` names. A statement that fails does not stop the
    others.
    """
    tree = plain_tree(code)
    if tree is None:
        return ""
    nodes = list(_without(tree.body, frozenset(protected)))
    found = set() if wanted is None else _closure(nodes, wanted)
    plain = (ast.Assign, ast.AnnAssign) if wanted is None else ()
    kept = [
        node
        for node in nodes
        if _defines(node) or isinstance(node, plain) or not touched(node).isdisjoint(found)
    ]
    return _code_of(tree, kept, frozenset(protected))


def bare_definitions(code: str, protected: Collection[str] = ()) -> str:
    """As :func:`definitions`, without anything that takes time: what is tried when that overran."""
    tree = plain_tree(code)
    if tree is None:
        return ""
    kept = [node for node in _without(tree.body, frozenset(protected)) if _defines(node)]
    return _code_of(tree, kept, frozenset(protected))


def needed_names(codes: Iterable[str], wanted: Collection[str]) -> frozenset[str]:
    """The names that the kept parts of several cells need from each other, and ``wanted``."""
    nodes: list[ast.stmt] = []
    for code in codes:
        tree = plain_tree(code)
        nodes += tree.body if tree is not None else []
    return frozenset(_closure(nodes, wanted))


def _code_of(tree: ast.Module, kept: Sequence[ast.stmt], protected: frozenset[str]) -> str:
    tree.body = [*filter(_is_future, kept), *_guarded_all(kept, protected)]
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except UNREADABLE:
        return ""


def _closure(nodes: Sequence[ast.stmt], wanted: Collection[str]) -> set[str]:
    """``wanted``, and all that is read by what is kept for it."""
    by_name: dict[str, list[ast.stmt]] = {}
    for node in nodes:
        for name in touched(node):
            by_name.setdefault(name, []).append(node)
    found: set[str] = set()
    read: set[int] = set()  # each statement is looked into once
    waiting = list(wanted)
    for node in nodes:
        waiting += read_in(node) if _defines(node) else ()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for node in by_name.get(name, ()):
            waiting += read_in(node) if id(node) not in read else ()
            read.add(id(node))
    return found


def _defines(node: ast.stmt) -> bool:
    """Whether a statement is kept in any case: it defines something and takes no time."""
    if isinstance(node, (*_IMPORTS, *_BLOCKS)):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return _is_literal(node.value)
    if not isinstance(node, _NESTED):
        return False
    parts = [part for body in _bodies(node) for part in body]
    return _writes_file(node) or any(
        _defines(part) for part in parts if not isinstance(part, ast.Assign | ast.AnnAssign)
    )


def _is_literal(value: ast.expr | None) -> bool:
    if value is None:
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def changed(node: ast.stmt) -> set[str]:
    """The names that a statement binds, or whose attributes or items it sets when it is run."""
    found = set(bound_in(node))
    for inner in _at_once(node):
        if isinstance(inner, ast.Attribute | ast.Subscript) and not isinstance(inner.ctx, ast.Load):
            found |= _root(inner)
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            sets = inner.func.id in ("setattr", "delattr") and inner.args
            found |= _root(inner.args[0]) if sets else set()
    return found


def touched(node: ast.stmt) -> set[str]:
    """As :func:`changed`, and the names of objects that may change since a method is called."""
    found = changed(node)
    for inner in _at_once(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
            found |= _root(inner.func)
    return found


def _at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What is run when a statement is, without the bodies of functions."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        yield inner
        if not isinstance(inner, (*_BLOCKS, ast.Lambda)):
            waiting += ast.iter_child_nodes(inner)


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _writes_file(node: ast.stmt) -> bool:
    """``with open("helper.py", "w")``: a later cell may import what is written."""
    if not isinstance(node, ast.With):
        return False
    opened = [item.context_expr for item in node.items]
    calls = [call.func for call in opened if isinstance(call, ast.Call)]
    return any(isinstance(called, ast.Name) and called.id == "open" for called in calls)


def _bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The statements inside of an ``if``, ``try`` or ``with``, part by part."""
    for field in ("body", "orelse", "finalbody"):
        yield getattr(node, field, [])
    for handler in getattr(node, "handlers", []):
        yield handler.body


def _without(nodes: Iterable[ast.stmt], protected: frozenset[str]) -> Iterator[ast.stmt]:
    """The statements without what binds a protected name: later cells and tests rely on it."""
    for node in nodes:
        if bound_in(node).isdisjoint(protected):
            yield node
        elif isinstance(node, _IMPORTS):
            node.names = [name for name in node.names if _bound_by(name) not in protected]
            if node.names:
                yield node
        elif isinstance(node, _NESTED) and not _binds_outside_body(node, protected):
            for body in _bodies(node):
                rest = list(_without(body, protected))
                body[:] = rest or ([ast.Pass()] if body else [])
            yield node


def _bound_by(name: ast.alias) -> str:
    return (name.asname or name.name).split(".")[0]


def _binds_outside_body(node: ast.stmt, protected: frozenset[str]) -> bool:
    """Whether the head of a compound statement binds one of the names."""
    inside = {id(part) for body in _bodies(node) for part in body}
    heads = [part for part in ast.iter_child_nodes(node) if id(part) not in inside]
    handlers = {part.name for part in heads if isinstance(part, ast.ExceptHandler)}
    heads = [part for part in heads if not isinstance(part, ast.ExceptHandler)]
    names = {inner.id for part in heads for inner in _stored(part)}
    return not protected.isdisjoint(names | handlers)


def _stored(node: ast.AST) -> Iterator[ast.Name]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _guarded_all(nodes: Iterable[ast.stmt], protected: frozenset[str]) -> list[ast.stmt]:
    """Each statement such that an exception in it is passed over."""
    found = []
    for node in nodes:
        if _is_future(node):
            continue  # it has to stand above everything else
        stars = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        found += [_guarded([node])] if not stars else _kept_over_star(node, protected)
    return found


def _guarded(body: list[ast.stmt]) -> ast.stmt:
    caught = ast.ExceptHandler(type=ast.Name("Exception", ast.Load()), name=None, body=[ast.Pass()])
    return ast.Try(body=body, handlers=[caught], orelse=[], finalbody=[])


def _kept_over_star(node: ast.stmt, protected: frozenset[str]) -> list[ast.stmt]:
    """``from ... import *`` that leaves the protected names as they are."""
    before = f"_before = {{n: globals()[n] for n in {sorted(protected)!r} if n in globals()}}"
    after = "globals().update(_before)\ndel _before"
    return [*ast.parse(before).body, _guarded([node]), *ast.parse(after).body]
