"""Mutants of the reference answers: small, systematic mistakes that the hidden tests must catch.

A mutant that no test can tell from the reference is *equivalent*; it is listed with its reason in
``solutions/L/answers/GRADE_ID/equivalent.toml`` as ``"description" = "reason"``.
"""

from __future__ import annotations

import ast
import copy
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.model.errors import ContentError
from autograder.model.outcome import finished
from autograder.model.submission import Job
from autograder.running.engine import Engine, Outcome

__all__ = ["Mutant", "check_mutants", "make_mutants"]

PER_TODO = 12
"""At most so many mutants of one TODO are tried, drawn with a fixed seed."""

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One mistake: where it is and what it does, and the code of the answer cell that makes it."""

    todo: str
    description: str
    code: str


def make_mutants(todo: str, reference: str, limit: int = PER_TODO) -> list[Mutant]:
    """Different mutants of one answer, at most ``limit``, always the same ones."""
    tree = _without_docstrings(ast.parse(reference))
    found: dict[str, Mutant] = {}
    plain = ast.unparse(tree)
    for number, node in enumerate(ast.walk(tree)):
        for description, change in _changes(node):
            mutated = copy.deepcopy(tree)
            target = next(n for index, n in enumerate(ast.walk(mutated)) if index == number)
            change(target)
            code = ast.unparse(ast.fix_missing_locations(mutated))
            if code != plain:
                where = (
                    f"line {getattr(node, 'lineno', 0)}, column {getattr(node, 'col_offset', 0)}"
                )
                name = f"{where}: {description}"
                again = sum(mutant.description.startswith(name) for mutant in found.values())
                found.setdefault(
                    code, Mutant(todo, f"{name} ({again + 1})" if again else name, code)
                )
    mutants = list(found.values())
    if len(mutants) > limit:
        mutants = random.Random(20).sample(mutants, limit)
    return mutants


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


Change = Callable[[Any], None]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Every small mistake that can be made at one place."""
    if (isinstance(node, ast.BinOp) and type(node.op) in SWAPS) or isinstance(node, ast.BoolOp):
        yield _swap(node.op, "op")
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        other = SWAPS[type(node.ops[0])]
        yield (
            f"{_word(node.ops[0])} becomes {other.__name__}",
            lambda n: n.ops.__setitem__(0, other()),
        )
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield f"{_word(node.op)} is dropped", _drop_unary
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg:
                yield f"keyword {keyword.arg} is dropped", lambda n, i=index: n.keywords.pop(i)  # type: ignore[misc]
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "returns nothing", lambda n: setattr(n, "value", None)


def _swap(operator: ast.AST, attribute: str) -> tuple[str, Change]:
    other = SWAPS[type(operator)]
    return f"{_word(operator)} becomes {other.__name__}", lambda n: setattr(n, attribute, other())


def _drop_unary(node: Any) -> None:
    node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
    if isinstance(node.op, ast.Not):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


def _constants(node: ast.Constant) -> Iterator[tuple[str, Change]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} becomes {not value}", lambda n: setattr(n, "value", not value)
    elif isinstance(value, int):
        yield f"{value} becomes {value + 1}", lambda n: setattr(n, "value", value + 1)
    elif isinstance(value, float):
        yield f"{value} becomes {value * 2 + 1}", lambda n: setattr(n, "value", value * 2 + 1)


def _word(node: ast.AST) -> str:
    return type(node).__name__


def check_mutants(
    engine: Engine, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[list[Mutant], list[Mutant], dict[str, str]]:
    """All mutants tried, those no test caught, and the reasons of those that are listed as
    equivalent instead."""
    by_todo = {name: make_mutants(name, todo.reference) for name, todo in engine.exam.todos.items()}
    excused = _equivalent(engine)
    rounds = []
    for number in range(max(map(len, by_todo.values()), default=0)):
        rounds.append([mutants[number] for mutants in by_todo.values() if number < len(mutants)])
    jobs = [
        Job(str(i), engine.solution(**{m.todo: m.code for m in group}))
        for i, group in enumerate(rounds)
    ]
    seen: list[str] = []

    def done(job: Job, outcome: Outcome) -> None:
        seen.append(job.name)
        progress(len(seen), len(jobs))

    survivors: list[Mutant] = []
    for group, outcome in zip(rounds, engine.examine(jobs, done), strict=True):
        todos = finished(outcome).todos
        survivors += [mutant for mutant in group if todos[mutant.todo].full]
    names = {f"{mutant.todo}: {mutant.description}" for mutant in survivors}
    unexcused = [m for m in survivors if f"{m.todo}: {m.description}" not in excused]
    used = {name: reason for name, reason in excused.items() if name in names}
    return [m for mutants in by_todo.values() for m in mutants], unexcused, used


def _equivalent(engine: Engine) -> dict[str, str]:
    """``"todo: description" -> reason`` of the mutants listed as equivalent."""
    listed: dict[str, str] = {}
    for path in sorted(engine.course.answers(engine.lab.id).glob("*/equivalent.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ContentError(f"{path} cannot be read: {error}") from error
        listed |= {f"{path.parent.name}: {name}": str(reason) for name, reason in table.items()}
    return listed
