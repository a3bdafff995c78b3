"""A source notebook -> the exam: what is run on a student's answers, and what is known of each TODO.

The exam holds setup cells, the places of the answers, and the hidden tests *without* their comparators, hints and
expected values. It is the only part of the hidden material that a student's process ever sees.
"""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import ContentError

__all__ = ["Exam", "Step", "Todo", "Written", "hidden_part", "make_exam", "strip_comparators", "top_level_names"]

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
BEGIN_KEY, END_KEY = "### BEGIN KEY", "### END KEY"
KEPT_ARGUMENTS = {"probe": ("label", "value"), "case": ("name",)}


@dataclass(frozen=True)
class Step:
    """One cell of the exam. ``kind``: ``setup``, ``answer`` or ``test``; ``name``: grade_id, or cell id for a setup."""

    kind: str
    name: str
    code: str


@dataclass(frozen=True)
class Todo:
    """One graded TODO: its answer cell's ``grade_id``, points, the names it defines, and the reference answer."""

    grade_id: str
    points: float
    names: tuple[str, ...]
    reference: str


@dataclass(frozen=True)
class Written:
    """One question that a person marks."""

    grade_id: str
    points: float


@dataclass(frozen=True)
class Exam:
    """The exam of one lab. ``recording`` holds the same steps with comparators, for the key only."""

    lab: str
    steps: tuple[Step, ...]
    recording: tuple[Step, ...]
    todos: dict[str, Todo]
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def max_points(self) -> float:
        return sum(todo.points for todo in self.todos.values())

    @property
    def digest(self) -> str:
        """Names everything that decides a mark on the notebook's side."""
        rows: list[Any] = [self.lab, [[s.kind, s.name, s.code] for s in self.recording]]
        rows.append([[t.grade_id, t.points, t.reference] for t in self.todos.values()])
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:20]


def make_exam(lab: str, notebook: Any) -> Exam:
    """The exam of a source notebook; :class:`ContentError` lists what keeps it from being one."""
    steps: list[Step] = []
    recording: list[Step] = []
    todos: dict[str, Todo] = {}
    written: dict[str, Written] = {}
    references: dict[str, str] = {}
    problems: list[str] = []
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        name = meta.get("grade_id", cell.get("id", ""))
        if meta.get("grade") and meta.get("solution"):
            written[name] = Written(name, float(meta["points"]))
        elif cell.cell_type != "code" or "demo" in cell.metadata.get("tags", ()):
            continue
        elif meta.get("solution"):
            references[name] = cell.source
            steps.append(Step("answer", name, ""))
            recording.append(Step("answer", name, cell.source))
        elif meta.get("grade"):
            answer = name.removeprefix("test_")
            if answer not in references:
                problems.append(f'The test "{name}" has no answer cell "{answer}" before it.')
                continue
            hidden = hidden_part(cell.source)
            if not hidden.strip():
                problems.append(f'The test "{name}" has no hidden part, so nothing can be graded.')
                continue
            todos[answer] = Todo(answer, float(meta["points"]), _names(references[answer]), references[answer])
            steps.append(Step("test", answer, strip_comparators(hidden, name)))
            recording.append(Step("test", answer, hidden))
        else:
            steps.append(Step("setup", name, cell.source))
            recording.append(Step("setup", name, cell.source))
    problems += [f'The answer "{name}" has no test cell "test_{name}".' for name in references if name not in todos]
    if problems:
        raise ContentError(f"{lab} cannot be examined.", problems)
    return Exam(lab, tuple(steps), tuple(recording), todos, written)


def hidden_part(source: str) -> str:
    """What lies between the marks of hidden tests."""
    lines, inside = [], False
    for line in source.splitlines():
        if BEGIN_HIDDEN in line:
            inside = True
        elif END_HIDDEN in line:
            inside = False
        elif inside:
            lines.append(line)
    return "\n".join(lines)


def strip_comparators(code: str, name: str = "test") -> str:
    """The hidden test without key regions, and with every ``probe`` and ``case`` reduced to what it reports."""
    kept, skipping = [], False
    for line in code.splitlines():
        if BEGIN_KEY in line:
            skipping = True
        elif END_KEY in line:
            skipping = False
        elif not skipping:
            kept.append(line)
    try:
        tree = ast.parse("\n".join(kept))
    except SyntaxError as error:
        raise ContentError(f'The hidden part of "{name}" is not valid Python: {error}') from error
    return ast.unparse(ast.fix_missing_locations(_Strip().visit(tree)))


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


def top_level_names(code: str) -> set[str]:
    """The names that ``code`` defines at its top level; empty if it does not parse."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
    return names


def _names(reference: str) -> tuple[str, ...]:
    return tuple(sorted(top_level_names(reference)))
