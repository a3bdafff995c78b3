"""A source notebook -> the exam: what is run on a student's answers, and its TODOs.

The exam holds setup cells, the places of the answers, and the hidden tests *without* their
comparators, hints and expected values. It is the only part of the hidden material that a student's
process ever sees.
"""

from __future__ import annotations

import ast
from typing import Any

from autograder.authoring.hidden_tests import as_function
from autograder.authoring.private_names import private_references, private_steps
from autograder.model.errors import ContentError
from autograder.model.exam import Exam, Step, Todo, Written
from autograder.notebooks.names import lasting_names
from autograder.notebooks.regions import Region, hidden_part, without
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of, settings_of

__all__ = ["make_exam", "strip_comparators"]

KEPT_ARGUMENTS = {"probe": ("label", "value"), "case": ("name",)}


def make_exam(lab: str, notebook: Any) -> Exam:
    """The exam of a source notebook; :class:`ContentError` lists what keeps it from being one."""
    draft = _Draft()
    for cell in notebook.cells:
        draft.add(cell)
    problems = draft.problems + [
        f'The answer "{name}" has no test cell "test_{name}".'
        for name in draft.references
        if name not in draft.todos
    ]
    if problems:
        raise ContentError(f"{lab} cannot be examined.", problems)
    todos = private_references(draft.steps, draft.todos.values())
    steps = private_steps(draft.steps, todos)
    by_name = {todo.grade_id: todo for todo in todos}
    return Exam(lab, tuple(steps), tuple(draft.recording), by_name, draft.written)


class _Draft:
    """An exam as it grows from cell to cell."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.recording: list[Step] = []
        self.todos: dict[str, Todo] = {}
        self.written: dict[str, Written] = {}
        self.references: dict[str, str] = {}
        self.problems: list[str] = []

    def add(self, cell: Any) -> None:
        """Take in the next cell, by its role."""
        role, name = role_of(cell), cell_name(cell)
        if is_marked_by_hand(cell):
            self.written[name] = Written(name, settings_of(cell).worth)
        elif role is Role.ANSWER:
            self.references[name] = cell.source
            # the student's answer stands here in an exam, the reference when the key is recorded
            self._step("answer", name, "", cell.source)
        elif role is Role.TEST:
            self._add_test(name, cell.source, settings_of(cell).worth)
        elif role is Role.SETUP:
            self._step("setup", name, cell.source, cell.source)

    def _add_test(self, name: str, source: str, points: float) -> None:
        answer = name.removeprefix("test_")
        if not name.startswith("test_") or list(self.references)[-1:] != [answer]:
            self.problems.append(
                f'The test "{name}" does not follow its answer cell: "{answer}" must be the last '
                "before it."
            )
            return
        reference, hidden = self.references[answer], hidden_part(source)
        self.todos[answer] = Todo(answer, points, _names(reference), reference)
        try:
            # comparators go first, so that nothing is imported for them
            asked = as_function(strip_comparators(hidden, name), answer)
        except ContentError as error:
            self.problems.append(str(error))
        else:
            self._step("test", answer, asked, as_function(hidden, answer))

    def _step(self, kind: str, name: str, code: str, recording: str) -> None:
        self.steps.append(Step(kind, name, code))
        self.recording.append(Step(kind, name, recording))


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
            f'The hidden part of "{name}" computes {", ".join(wasted)} for its comparators only: '
            f'put that between "{Region.KEY.begin}" and "{Region.KEY.end}", or into the comparator '
            "itself."
        )
    return ast.unparse(ast.fix_missing_locations(tree))


def _loaded(tree: ast.AST) -> set[str]:
    return {node.id for node in _names_in(tree) if isinstance(node.ctx, ast.Load)}


def _stored(tree: ast.AST) -> set[str]:
    """Names that are assigned, and parameters of functions."""
    names = {node.id for node in _names_in(tree) if isinstance(node.ctx, ast.Store)}
    return names | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _names_in(tree: ast.AST) -> list[ast.Name]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name)]


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
        names = node.target.elts if isinstance(node.target, ast.Tuple) else []
        rows = _table(node.iter, len(names))
        for index, name in enumerate(names):
            if not isinstance(name, ast.Name) or name.id not in self.idle:
                continue
            column = [row[index] for row in rows]
            # what a call does may be needed, whatever becomes of its value
            if column and not any(map(_calls, column)):
                for row in rows:
                    row[index] = ast.Constant(None)
                name.id = "_"
        return node


def _table(node: ast.expr, width: int) -> list[list[ast.expr]]:
    """The rows of a literal table of that width; none if it is anything else."""
    if not isinstance(node, ast.Tuple | ast.List):
        return []
    rows = [row.elts for row in node.elts if isinstance(row, ast.Tuple | ast.List)]
    whole = len(rows) == len(node.elts) and all(len(row) == width for row in rows)
    return rows if whole else []


def _calls(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) for inner in ast.walk(node))


def _names(reference: str) -> tuple[str, ...]:
    return tuple(sorted(lasting_names(reference)))
