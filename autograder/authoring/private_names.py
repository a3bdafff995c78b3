"""Code of ours that runs among a student's names: it means the real built-ins, and our own setup.

A student may call a variable ``list``, or import ``*`` over ``random``: that is for the student's
functions to see, and for nothing of ours. So when the exam is made, each built-in that a cell of
ours reads becomes an attribute of the module :mod:`builtins`, and in tests and reference answers
each name of our setup becomes an attribute of :data:`labkit.probes.private.ours`.

This is a courtesy to honest students and no wall: a process that runs hostile code may hold
anything, and still earns a point only by values that are right.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable
from dataclasses import replace

from autograder.model.exam import Step, Todo
from autograder.notebooks.bare import bare
from autograder.notebooks.names import lasting_names
from autograder.notebooks.syntax import plain_tree

__all__ = ["private_references", "private_steps"]

_NOT_MEANT = frozenset({"super", "copyright", "credits", "exit", "help", "license", "quit"})
"""``super()`` works by its very name; the others are made for a prompt."""

_BUILTINS = frozenset(
    name for name in dir(builtins) if not name.startswith("_") and name not in _NOT_MEANT
)
_IMPORTS = """\
import builtins as _builtins
from labkit.probes.private import ours as _ours
"""


def private_steps(steps: Iterable[Step], todos: Collection[Todo]) -> list[Step]:
    """The steps of an exam, with no name in them that a student's code could take away."""
    steps = list(steps)
    setup, answers = _names(steps, todos)
    made = []
    for step in steps:
        if step.kind == "setup":
            kept = sorted(lasting_names(step.code) & setup)
            code = _private(step.code, _BUILTINS - setup - answers, frozenset())
            made.append(replace(step, code=_IMPORTS + code + _keeping(kept)))
        elif step.kind == "test":
            code = _private(step.code, _BUILTINS - setup - answers, setup)
            made.append(replace(step, code=_IMPORTS + code))
        else:
            made.append(step)
    return made


def private_references(steps: Iterable[Step], todos: Collection[Todo]) -> list[Todo]:
    """The TODOs, each with its reference answer as it runs in a student's process."""
    setup, answers = _names(list(steps), todos)
    made = []
    for todo in todos:
        # A student's process sees a reference answer once its TODO is lost: without the words
        # that explain it.
        code = _private(bare(todo.reference), _BUILTINS - setup - answers, setup)
        made.append(replace(todo, stand_in=_IMPORTS + code))
    return made


def _names(
    steps: Collection[Step], todos: Collection[Todo]
) -> tuple[frozenset[str], frozenset[str]]:
    """What our setup binds for good, and what the TODOs stand for."""
    answers = frozenset(name for todo in todos for name in todo.names)
    setup: set[str] = set()
    for step in steps:
        if step.kind == "setup":
            setup |= lasting_names(step.code)
    return frozenset(setup) - answers, answers


def _keeping(names: list[str]) -> str:
    return f"\n_ours.keep(_builtins.globals(), {tuple(names)!r})" if names else ""


def _private(code: str, known: frozenset[str], setup: frozenset[str]) -> str:
    """``code`` with the built-ins ``known`` and the names of our ``setup`` as attributes.

    A name that the code binds itself, anywhere, is its own. Code that is no plain Python, such as
    a setup with magics, stays as it is.
    """
    tree = plain_tree(code)
    if tree is None:
        return code
    bound = _bound(tree)
    places = dict.fromkeys(known - bound, "_builtins")
    places |= dict.fromkeys(setup - bound, "_ours")
    return ast.unparse(ast.fix_missing_locations(_Attributes(places).visit(tree)))


class _Attributes(ast.NodeTransformer):
    def __init__(self, places: dict[str, str]) -> None:
        self.places = places

    def visit_Name(self, node: ast.Name) -> ast.expr:
        place = self.places.get(node.id)
        if place is None or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Attribute(ast.Name(place, ast.Load()), node.id, ast.Load())


def _bound(tree: ast.AST) -> set[str]:
    """Every name that is bound in any scope of the code."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found |= set(node.names)
    return found
