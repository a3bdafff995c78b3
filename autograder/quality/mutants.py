"""Mutants of the reference answers: small, systematic mistakes that the hidden tests must catch.

A mutant that no test can tell from the reference is *equivalent*; the answer bank lists it with its
reason, in ``solutions/L/answers/GRADE_ID.py`` (see :mod:`autograder.quality.answer_file`).
"""

from __future__ import annotations

import ast
import copy
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograder.model.outcome import finished
from autograder.model.submission import Job
from autograder.quality.bank import read_bank
from autograder.running.engine import Engine, Outcome

__all__ = ["Mutant", "MutantsTried", "check_mutants", "make_mutants"]

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


class MutantsTried(NamedTuple):
    """What came of all mutants.

    ``survivors`` were caught by no test and are not listed as equivalent; ``excused`` has the
    reasons of those that are listed; ``stale`` are listed, but there is no such mutant.
    """

    tried: list[Mutant]
    survivors: list[Mutant]
    excused: dict[str, str]
    stale: list[str]


def make_mutants(todo: str, reference: str, limit: int = PER_TODO) -> list[Mutant]:
    """Different mutants of one answer, at most ``limit``, always the same ones."""
    tree = _without_docstrings(ast.parse(reference))
    plain = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for name, code in _mutated(tree):
        if code == plain:
            continue
        # Two mistakes of one kind at one place are numbered, so that each can be listed by name.
        again = sum(mutant.description.startswith(name) for mutant in found.values())
        description = f"{name} ({again + 1})" if again else name
        found.setdefault(code, Mutant(todo, description, code))
    mutants = list(found.values())
    if len(mutants) > limit:
        mutants = random.Random(20).sample(mutants, limit)
    return mutants


def _mutated(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Where each small mistake is and what it does, and the code with it."""
    for number, node in enumerate(ast.walk(tree)):
        for description, change in _changes(node):
            mutated = copy.deepcopy(tree)
            # The copy has the same nodes in the same order.
            target = next(n for index, n in enumerate(ast.walk(mutated)) if index == number)
            change(target)
            where = f"line {getattr(node, 'lineno', 0)}, column {getattr(node, 'col_offset', 0)}"
            yield f"{where}: {description}", ast.unparse(ast.fix_missing_locations(mutated))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


Change = Callable[[Any], None]


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Every small mistake that can be made at one place."""
    if (isinstance(node, ast.BinOp) and type(node.op) in SWAPS) or isinstance(node, ast.BoolOp):
        yield _swap(node.op)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield _swap_comparison(node.ops[0])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield f"{_word(node.op)} is dropped", _drop_unary
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        yield from _keywords(node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "returns nothing", lambda n: setattr(n, "value", None)


def _swap(operator: ast.AST) -> tuple[str, Change]:
    other = SWAPS[type(operator)]
    return f"{_word(operator)} becomes {other.__name__}", lambda n: setattr(n, "op", other())


def _swap_comparison(operator: ast.AST) -> tuple[str, Change]:
    other = SWAPS[type(operator)]
    name = f"{_word(operator)} becomes {other.__name__}"
    return name, lambda n: n.ops.__setitem__(0, other())


def _keywords(call: ast.Call) -> Iterator[tuple[str, Change]]:
    for index, keyword in enumerate(call.keywords):
        if keyword.arg:
            yield f"keyword {keyword.arg} is dropped", _drop_keyword(index)


def _drop_keyword(index: int) -> Change:
    return lambda n: n.keywords.pop(index)


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
) -> MutantsTried:
    """Try all mutants, one of each TODO in one exam.

    Raises:
        ContentError: if an exam could not be run, or the answer bank cannot be read.
    """
    equivalent = read_bank(engine).equivalent
    references = {name: todo.reference for name, todo in engine.exam.todos.items()}
    by_todo = {name: make_mutants(name, code) for name, code in references.items()}
    rounds = _rounds(by_todo)
    jobs = [_round_job(engine, number, group) for number, group in enumerate(rounds)]
    seen: list[str] = []

    def done(job: Job, outcome: Outcome) -> None:
        seen.append(job.name)
        progress(len(seen), len(jobs))

    survivors: list[Mutant] = []
    for group, outcome in zip(rounds, engine.examine(jobs, done), strict=True):
        todos = finished(outcome).todos
        survivors += [mutant for mutant in group if todos[mutant.todo].full]
    return _excused(by_todo, survivors, equivalent, references)


def _rounds(by_todo: dict[str, list[Mutant]]) -> list[list[Mutant]]:
    """Groups with at most one mutant of each TODO."""
    rounds = []
    for number in range(max(map(len, by_todo.values()), default=0)):
        rounds.append([mutants[number] for mutants in by_todo.values() if number < len(mutants)])
    return rounds


def _round_job(engine: Engine, number: int, group: list[Mutant]) -> Job:
    """An exam that tests the TODOs of these mutants, and no other."""
    codes = {mutant.todo: mutant.code for mutant in group}
    return Job(str(number), engine.solution(**codes), frozenset(codes))


def _excused(
    by_todo: dict[str, list[Mutant]],
    survivors: list[Mutant],
    equivalent: dict[str, str],
    references: dict[str, str],
) -> MutantsTried:
    """The survivors, apart from those that are listed as equivalent."""
    tried: list[Mutant] = []
    known: set[str] = set()
    for todo, mutants in by_todo.items():
        tried += mutants
        # Not all of them are drawn, but all of them may be listed.
        known |= {_name(m) for m in make_mutants(todo, references[todo], limit=sys.maxsize)}
    left = [mutant for mutant in survivors if _name(mutant) not in equivalent]
    names = {_name(mutant) for mutant in survivors}
    excused = {name: reason for name, reason in equivalent.items() if name in names}
    return MutantsTried(tried, left, excused, [name for name in equivalent if name not in known])


def _name(mutant: Mutant) -> str:
    return f"{mutant.todo}: {mutant.description}"
