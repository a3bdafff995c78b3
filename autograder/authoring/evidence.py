"""How much of a lab's points rests on values that nobody has to compute.

A case proves something when a value in it depends on what was drawn, and could not be written down
beforehand either: fractions, texts, arrays of different numbers. What depends on the draw is found
by recording the solution twice, the second time with other seeds. Zeros, ones and truth values are
no evidence even where they change, unless there are many.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.judging.decoding import decode
from autograder.model.exam import Exam, Step
from autograder.model.key import CaseKey, Key, ProbeKey

__all__ = ["MOST", "constant_cases", "constant_points", "with_other_draws"]

MOST = 0.02
"""The largest fraction of a lab's automatic points that answers of constants may earn."""

ENOUGH = 2
"""So many different whole numbers or short texts, other than the plain ones, nobody writes down."""

MANY = 16
"""So many plain values in a drawn order are evidence, as bits are."""

LONG_TEXT = 12
"""A text of so many characters is evidence alone, as is one number with a fraction."""

LIMITS = ("at_least", "at_most")

TRUSTED = ("evaluate", "accuracy", "distribution")
"""Trusted code and tables of draws look at more than the expected value says."""

SEEDED = ("case_rng", "default_rng", "RandomState", "set_random_seed", "seed_everything")
"""Functions whose first argument is a seed."""

LIBRARIES = ("keras", "layers", "np", "tf")
"""What a library's own call begins with; ``seed=`` there is a seed of its."""

SHIFT, AGAIN = 7919, "again: "

Reports = Mapping[str, Sequence[Mapping[str, Any]]]


def with_other_draws(exam: Exam) -> Exam:
    """The same exam for recording, but all chance in its hidden tests begins from other seeds.

    A case is seeded by its name and by the seeds that its test gives, so both are changed;
    :func:`constant_cases` knows the cases again.
    """
    seeded = {*SEEDED, *_renamed(exam)}
    steps = [step if step.kind != "test" else _reseeded(step, seeded) for step in exam.recording]
    return replace(exam, recording=tuple(steps))


def constant_points(exam: Exam, key: Key, again: Reports) -> float:
    """The points of the cases that answers of plain constants could pass, all together."""
    total = 0.0
    for name, cases in key.todos.items():
        constant = len(_constant(cases, again.get(name, ())))
        total += exam.todos[name].points * constant / len(cases)
    return total


def constant_cases(key: Key, again: Reports) -> list[str]:
    """``todo: case`` for every case that constants could pass.

    Args:
        key: the key as it was recorded.
        again: the reports of :func:`with_other_draws`, by TODO.
    """
    found = []
    for name, cases in key.todos.items():
        found += [f"{name}: {case.name}" for case in _constant(cases, again.get(name, ()))]
    return found


def _constant(cases: Sequence[CaseKey], reports: Sequence[Mapping[str, Any]]) -> list[CaseKey]:
    """The cases of one TODO without a value that has to be computed from what was drawn."""
    second = {str(report["case"]).removeprefix(AGAIN): report for report in reports}
    found = []
    for case in cases:
        rows = second.get(case.name, {}).get("probes", ())
        others = {row["label"]: row for row in rows}
        if not _is_evident([probe for probe in case.probes if _counts(probe, others)]):
            found.append(case)
    return found


def _counts(probe: ProbeKey, others: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a probe expects another value once other inputs were drawn, or trusts no value."""
    other = others.get(probe.label)
    if other is None:
        return False
    if probe.comparator["compare"] in TRUSTED:
        return True
    expected = other.get("expect", other["value"])
    return not _same(decode(probe.expected), decode(expected))


def _same(first: Any, second: Any) -> bool:
    """Whether two decoded values are the same but for rounding."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_same(first[k], second[k]) for k in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, str) or isinstance(second, str) or first is None or second is None:
        return bool(first is second or (type(first) is type(second) and first == second))
    try:
        one, two = np.asarray(first), np.asarray(second)
        return one.shape == two.shape and bool(np.allclose(one, two, 1e-4, 1e-6, equal_nan=True))
    except (TypeError, ValueError):
        return False


def _is_evident(probes: Sequence[ProbeKey]) -> bool:
    """Whether values that depend on the draw could not be written down beforehand."""
    leaves: list[Any] = []
    for probe in probes:
        kind = probe.comparator["compare"]
        if kind in TRUSTED:
            return True
        if kind not in LIMITS:
            leaves += _leaves(decode(probe.expected))
    different = set(leaves)
    if len(leaves) >= MANY or any(map(_is_telling, different)):
        return True
    return len({value for value in different if not _is_plain(value)}) >= ENOUGH


def _leaves(value: Any) -> Iterator[Any]:
    """The single values in a decoded one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    elif isinstance(value, int | float | str | bool):
        yield value


def _is_telling(value: Any) -> bool:
    """Whether one value is evidence alone: a fraction other than halves, or a long text."""
    if isinstance(value, str):
        return len(value) >= LONG_TEXT
    # Infinity and NaN are what a constant could be, too.
    return isinstance(value, float) and bool(np.isfinite(value)) and value * 2 % 1 != 0


def _is_plain(value: Any) -> bool:
    """Whether a value is one that anybody would try first."""
    return isinstance(value, bool) or value in (0, 1, -1, "")


def _renamed(exam: Exam) -> Iterator[str]:
    """Other names that the lab's own cells give to the functions of :data:`SEEDED`."""
    for step in exam.recording:
        for node in ast.walk(ast.parse(step.code)):
            if isinstance(node, ast.Assign) and ast.unparse(node.value).split(".")[-1] in SEEDED:
                yield from map(ast.unparse, node.targets)


def _reseeded(step: Step, seeded: Set[str]) -> Step:
    """A recording test with other seeds, and other names of cases, which are seeds as well."""
    tree = _Reseed(seeded).visit(ast.parse(step.code))
    return replace(step, code=ast.unparse(ast.fix_missing_locations(tree)))


class _Reseed(ast.NodeTransformer):
    def __init__(self, seeded: Set[str]) -> None:
        self.seeded = seeded

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        path = ast.unparse(node.func).split(".")
        if path[-1] == "case" and node.args:
            node.args[0] = ast.BinOp(ast.Constant(AGAIN), ast.Add(), node.args[0])
        elif path[-1] in self.seeded and node.args:
            node.args[0] = _shifted(node.args[0])
        if path[0] in LIBRARIES:
            for keyword in node.keywords:
                # None stands for a seed of the library's own choice.
                if keyword.arg == "seed" and ast.unparse(keyword.value) != "None":
                    keyword.value = _shifted(keyword.value)
        return node


def _shifted(seed: ast.expr) -> ast.expr:
    """Another seed; NumPy's generators take a whole number or a list of them."""
    if isinstance(seed, ast.List | ast.Tuple):
        return ast.List([*seed.elts, ast.Constant(SHIFT)], ast.Load())
    return ast.BinOp(seed, ast.Add(), ast.Constant(SHIFT))
