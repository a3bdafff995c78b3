"""Rules about the tests of a source notebook: what students see of them, and what is hidden."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from typing import Any

from autograder.authoring import hidden_tests
from autograder.notebooks.names import lasting_names
from autograder.notebooks.regions import hidden_part, public_part
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of

__all__ = ["TEST_RULES", "is_answer", "is_test"]

PROBES = ("probe", "case")
GENERATORS = {"default_rng", "RandomState", "Generator"}


def is_answer(cell: Any) -> bool:
    """Whether a cell is the answer to a TODO, in code."""
    return role_of(cell) is Role.ANSWER and not is_marked_by_hand(cell)


def is_test(cell: Any) -> bool:
    """Whether a cell is the test of a TODO."""
    return role_of(cell) is Role.TEST


def public_tests_are_guarded(notebook: Any) -> Iterator[str]:
    """The public part of a test calls student code only inside ``with check``."""
    answers: set[str] = set()
    for cell in notebook.cells:
        if is_answer(cell):
            answers |= lasting_names(cell.source)
        elif is_test(cell):
            with contextlib.suppress(SyntaxError):  # another rule says so
                public = ast.parse(public_part(cell.source))
                yield from _unguarded(cell_name(cell), public, answers)


def _unguarded(name: str, public: ast.Module, answers: set[str]) -> Iterator[str]:
    """What of a public part stands outside of every check."""
    if not any(_is_check(node) for node in public.body):
        yield f'Test "{name}" has no public check.'
    for node in public.body:
        # a function only calls an answer when it is called itself, inside a check
        if not isinstance(node, ast.With | ast.FunctionDef):
            for called in sorted(_called(node) & answers):
                yield (
                    f'Test "{name}", line {node.lineno}: call {called} inside "with check(...)".'
                )


def _is_check(node: ast.stmt) -> bool:
    return isinstance(node, ast.With) and ast.unparse(node).startswith("with check(")


def _called(node: ast.AST) -> set[str]:
    """The names that are called somewhere in a statement."""
    names: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            names.add(part.func.id)
    return names


def cases_fit_in_a_function(notebook: Any) -> Iterator[str]:
    """Hidden cases run in a function of their own, and mean the same there as where they stand."""
    for cell in filter(is_test, notebook.cells):
        for problem in hidden_tests.problems(hidden_part(cell.source)):
            yield f'Test "{cell_name(cell)}", hidden part: {problem}.'


def probes_are_called_by_name(notebook: Any) -> Iterator[str]:
    """``probe`` and ``case`` are called under their own names, else what only the key may know
    would not be cut out."""
    for cell, tree in _hidden_trees(notebook):
        nodes = list(ast.walk(tree))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        for node in nodes:
            passed = isinstance(node, ast.Name) and node.id in PROBES and id(node) not in called
            if passed or _is_renamed(node):
                yield (
                    f'Test "{cell_name(cell)}": call probe and case under their own names, and '
                    "pass them to nothing."
                )
                break


def _is_renamed(node: ast.AST) -> bool:
    """Whether ``node`` imports ``probe`` or ``case`` under another name."""
    if not isinstance(node, ast.ImportFrom):
        return False
    return any(alias.asname and alias.name in PROBES for alias in node.names)


def cases_have_their_own_chance(notebook: Any) -> Iterator[str]:
    """No generator outlives a case: one that fails would shift what the next ones draw."""
    for cell, tree in _hidden_trees(notebook):
        for node in _outside_of_cases(tree):
            attributes = (part for part in ast.walk(node) if isinstance(part, ast.Attribute))
            for name in sorted({part.attr for part in attributes} & GENERATORS):
                yield (
                    f'Test "{cell_name(cell)}", line {node.lineno} of the hidden part: '
                    f"case_rng(seed) instead of {name}."
                )


def _outside_of_cases(tree: ast.Module) -> Iterator[ast.Assign]:
    """The assignments of a hidden part that hold for several cases.

    A function that is called outside of every case, by a statement of its own, may hold the cases.
    """
    statements = [node for node in tree.body if isinstance(node, ast.Expr)]
    called = set().union(*map(_called, statements))
    bodies = [tree.body]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in called:
            bodies.append(node.body)
    for body in bodies:
        yield from (node for node in body if isinstance(node, ast.Assign))


def _hidden_trees(notebook: Any) -> Iterator[tuple[Any, ast.Module]]:
    """Each test cell with its hidden part, as far as it is Python."""
    for cell in filter(is_test, notebook.cells):
        with contextlib.suppress(SyntaxError):
            yield cell, ast.parse(hidden_part(cell.source))


TEST_RULES = (
    public_tests_are_guarded,
    cases_fit_in_a_function,
    probes_are_called_by_name,
    cases_have_their_own_chance,
)
