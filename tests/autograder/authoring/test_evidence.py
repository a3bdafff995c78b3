"""Which cases answers of constants could pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.authoring.evidence import constant_cases, constant_points
from autograder.model.key import CaseKey, Key, ProbeKey
from labkit.probes import encode


def key_of(*values: Any, compare: str = "auto") -> Key:
    """The key of a TODO with one case for each value."""
    cases = []
    for number, value in enumerate(values):
        probe = ProbeKey("it", {"compare": compare}, encode(value))
        cases.append(CaseKey(str(number), "", (probe,)))
    return Key("tiny", "digest", {"todo": tuple(cases)})


CONSTANT = [
    0,
    1.0,
    True,
    None,
    "",
    np.zeros((3, 4)),
    np.ones(9, bool),
    [0, 1, True],
    7,
    2.5,
    np.inf,
]
COMPUTED = [0.123, np.array([3, 8]), "a whole sentence", [4, 5, 6], {"a": 0, "b": -0.3}]


@pytest.mark.parametrize("value", CONSTANT, ids=str)
def test_plain_values_are_no_evidence(value: Any) -> None:
    assert constant_cases(key_of(value)) == ["todo: 0"]


@pytest.mark.parametrize("value", COMPUTED, ids=str)
def test_other_values_are(value: Any) -> None:
    assert constant_cases(key_of(value)) == []


def test_limits_prove_nothing_and_trusted_code_does() -> None:
    assert constant_cases(key_of(0.123, compare="at_least")) == ["todo: 0"]
    assert constant_cases(key_of(0, compare="evaluate")) == []


def test_points_are_those_of_the_cases() -> None:
    exam: Any = SimpleNamespace(todos={"todo": SimpleNamespace(points=4.0)})
    assert constant_points(exam, key_of(0, 0.123, 0.5, 0.3)) == 2.0
