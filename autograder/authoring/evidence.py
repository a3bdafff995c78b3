"""How much of a lab's points rests on values that nobody has to compute.

A case proves something when a value in it could not be written down beforehand: fractions, texts,
arrays of different numbers. Zeros, ones and truth values can be; an answer of constants could pass
a case that expects nothing else. This is judged by the expected values alone: whether a fraction
changes with the inputs that were drawn, they do not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.judging.decoding import decode
from autograder.model.exam import Exam
from autograder.model.key import CaseKey, Key

__all__ = ["constant_cases", "constant_points"]

ENOUGH = 2
"""So many different whole numbers or short texts, other than the plain ones, nobody writes down."""

LONG_TEXT = 12
"""A text of so many characters is evidence alone, as is one number with a fraction."""

LIMITS = ("at_least", "at_most")


def constant_points(exam: Exam, key: Key) -> float:
    """The points of the cases that answers of plain constants could pass, all together."""
    total = 0.0
    for name, cases in key.todos.items():
        constant = sum(map(_is_constant, cases))
        total += exam.todos[name].points * constant / len(cases)
    return total


def constant_cases(key: Key) -> list[str]:
    """``todo: case`` for every case that constants could pass."""
    found = []
    for name, cases in key.todos.items():
        found += [f"{name}: {case.name}" for case in cases if _is_constant(case)]
    return found


def _is_constant(case: CaseKey) -> bool:
    """Whether no value of a case has to be computed from what was drawn."""
    different: set[Any] = set()
    for probe in case.probes:
        kind = probe.comparator["compare"]
        # Trusted code and tables of draws look at more than the expected value says.
        if kind in ("evaluate", "accuracy", "distribution"):
            return False
        if kind not in LIMITS:
            different |= set(_leaves(decode(probe.expected)))
    if any(map(_is_telling, different)):
        return False
    return len({value for value in different if not _is_plain(value)}) < ENOUGH


def _leaves(value: Any) -> Iterator[Any]:
    """The single values in a decoded one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, np.ndarray):
        yield from np.unique(value).tolist()
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
