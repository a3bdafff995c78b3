"""A source notebook -> the exam: what is run on a student's answers, and what is known of each
TODO.

The exam holds setup cells, the places of the answers, and the hidden tests *without* their
comparators, hints and expected values. It is the only part of the hidden material that a student's
process ever sees.
"""

from __future__ import annotations

import ast
from typing import Any

from autograder.model.errors import ContentError
from autograder.model.exam import Exam, Step, Todo, Written
from autograder.notebooks.names import lasting_names
from autograder.notebooks.regions import Region, hidden_part, without
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of, settings_of

__all__ = ["make_exam", "strip_comparators"]

KEPT_ARGUMENTS = {"probe": ("label", "value"), "case": ("name",)}


def make_exam(lab: str, notebook: Any) -> Exam:
    """The exam of a source notebook; :class:`ContentError` lists what keeps it from being one."""
    steps: list[Step] = []
    recording: list[Step] = []
    todos: dict[str, Todo] = {}
    written: dict[str, Written] = {}
    references: dict[str, str] = {}
    problems: list[str] = []
    for cell in notebook.cells:
        role, name = role_of(cell), cell_name(cell)
        if is_marked_by_hand(cell):
            written[name] = Written(name, settings_of(cell).worth)
        elif role is Role.ANSWER:
            references[name] = cell.source
            steps.append(Step("answer", name, ""))
            recording.append(Step("answer", name, cell.source))
        elif role is Role.TEST:
            answer = name.removeprefix("test_")
            if not name.startswith("test_") or list(references)[-1:] != [answer]:
                problems.append(
                    f'The test "{name}" does not follow its answer cell: "{answer}" must be the last before it.'
                )
                continue
            hidden = hidden_part(cell.source)
            todos[answer] = Todo(
                answer, settings_of(cell).worth, _names(references[answer]), references[answer]
            )
            try:
                steps.append(Step("test", answer, strip_comparators(hidden, name)))
            except ContentError as error:
                problems.append(str(error))
            recording.append(Step("test", answer, hidden))
        elif role is Role.SETUP:
            steps.append(Step("setup", name, cell.source))
            recording.append(Step("setup", name, cell.source))
    problems += [
        f'The answer "{name}" has no test cell "test_{name}".'
        for name in references
        if name not in todos
    ]
    if problems:
        raise ContentError(f"{lab} cannot be examined.", problems)
    return Exam(lab, tuple(steps), tuple(recording), todos, written)


def strip_comparators(code: str, name: str = "test") -> str:
    """The hidden test without key regions, with every ``probe`` and ``case`` reduced to what it
    reports.

    Functions that only comparators need go with them. Raises :class:`ContentError` for a test that
    is empty, is not Python, or computes something for its comparators where a student's process
    would see it.
    """
    try:
        tree = ast.parse(without(code, Region.KEY))
    except SyntaxError as error:
        raise ContentError(f'The hidden part of "{name}" is not valid Python: {error}') from error
    if not tree.body:
        raise ContentError(f'The test "{name}" has no hidden part, so nothing can be graded.')
    before = _loaded(tree)
    tree = _Strip().visit(tree)
    while idle := before - _loaded(tree) - {"labkit"}:
        smaller = ast.unparse(tree)
        tree = _Prune(idle).visit(tree)
        if ast.unparse(tree) == smaller:
            break
    if wasted := sorted(idle & _stored(tree)):
        raise ContentError(
            f'The hidden part of "{name}" computes {", ".join(wasted)} for its comparators only: put that between '
            f'"{Region.KEY.begin}" and "{Region.KEY.end}", or into the comparator itself.'
        )
    return ast.unparse(ast.fix_missing_locations(tree))


def _loaded(tree: ast.AST) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _stored(tree: ast.AST) -> set[str]:
    """Names that are assigned, and parameters of functions."""
    names = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return names | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


class _Strip(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        if name in KEPT_ARGUMENTS:
            kept = KEPT_ARGUMENTS[name]
            node.args = node.args[: len(kept)]
            node.keywords = [keyword for keyword in node.keywords if keyword.arg in kept]
        return node


class _Prune(ast.NodeTransformer):
    """Takes away functions, names of ``labkit.probes`` and columns of loops that nothing uses any
    more."""

    def __init__(self, idle: set[str]) -> None:
        self.idle = idle

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        self.generic_visit(node)
        return None if node.name in self.idle else node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.module == "labkit.probes":
            node.names = [
                alias for alias in node.names if alias.name not in self.idle
            ] or node.names
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        """Blank the idle columns of ``for name, given, hint in (("a", 1, "Look at ..."), ...)``."""
        self.generic_visit(node)
        rows = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
        names = node.target.elts if isinstance(node.target, ast.Tuple) else []
        for index, name in enumerate(names):
            if not isinstance(name, ast.Name) or name.id not in self.idle:
                continue
            cells = [
                row.elts
                for row in rows
                if isinstance(row, ast.Tuple | ast.List) and len(row.elts) == len(names)
            ]
            if len(cells) == len(rows) > 0 and not any(map(_calls, (row[index] for row in cells))):
                for row in cells:
                    row[index] = ast.Constant(None)
                name.id = "_"
        return node


def _calls(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) for inner in ast.walk(node))


def _names(reference: str) -> tuple[str, ...]:
    return tuple(sorted(lasting_names(reference)))
