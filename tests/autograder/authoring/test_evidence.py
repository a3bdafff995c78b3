"""Which cases answers of constants could pass."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.authoring.evidence import constant_cases, constant_points, with_other_draws
from autograder.authoring.exam import make_exam
from autograder.authoring.source import read_source
from autograder.model.exam import Exam
from autograder.model.key import CaseKey, Key, ProbeKey
from autograder.workspace.course import Course
from labkit.probes import collected, encode


def key_of(*values: Any, compare: str = "auto") -> Key:
    """The key of a TODO with one case for each value."""
    cases = []
    for number, value in enumerate(values):
        expected = ProbeKey("it", {"compare": compare}, encode(value))
        cases.append(CaseKey(str(number), "", (expected,)))
    return Key("tiny", "digest", {"todo": tuple(cases)})


def reports_of(*values: Any) -> dict[str, Any]:
    """What the solution reports when it is recorded again."""
    rows = []
    for number, value in enumerate(values):
        probes = [{"label": "it", "value": encode(value)}]
        rows.append({"case": f"again: {number}", "probes": probes})
    return {"todo": rows}


OTHER = "something else altogether"

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
COMPUTED = [
    0.123,
    np.array([3, 8]),
    "a whole sentence",
    [4, 5, 6],
    {"a": 0, "b": -0.3},
    np.eye(4, dtype=bool),
]


@pytest.mark.parametrize("value", CONSTANT, ids=str)
def test_plain_values_are_no_evidence(value: Any) -> None:
    """Also where they change."""
    assert constant_cases(key_of(value), reports_of(OTHER)) == ["todo: 0"]


@pytest.mark.parametrize("value", COMPUTED, ids=str)
def test_other_values_are_if_they_depend_on_the_draw(value: Any) -> None:
    """The same value twice is what anybody could have written down."""
    assert constant_cases(key_of(value), reports_of(OTHER)) == []
    assert constant_cases(key_of(value), reports_of(value)) == ["todo: 0"]


def test_rounding_is_no_other_value() -> None:
    near = {"a": np.array([0.3, 4.0]), "b": ["x", None, 0.123]}
    same = {"a": np.array([0.3, 4.0]) + 1e-8, "b": ["x", None, 0.123000001]}
    assert constant_cases(key_of(near), reports_of(same)) == ["todo: 0"]


def test_a_case_that_fails_with_another_draw_is_no_evidence() -> None:
    assert constant_cases(key_of(0.123), {"todo": []}) == ["todo: 0"]
    assert constant_cases(key_of(0.123), {}) == ["todo: 0"]


def test_what_is_expected_counts_not_what_came() -> None:
    """An independent reference that stays the same is a constant."""
    again = reports_of(0.5001)
    again["todo"][0]["probes"][0]["expect"] = encode(0.123)
    assert constant_cases(key_of(0.123), again) == ["todo: 0"]


def test_limits_prove_nothing_and_trusted_code_does() -> None:
    assert constant_cases(key_of(0.123, compare="at_least"), reports_of(0.4)) == ["todo: 0"]
    assert constant_cases(key_of(0, compare="evaluate"), reports_of(0)) == []


def test_points_are_those_of_the_cases() -> None:
    exam: Any = SimpleNamespace(todos={"todo": SimpleNamespace(points=4.0)})
    again = reports_of(0, 0.456, 0.5, 0.7)
    assert constant_points(exam, key_of(0, 0.123, 0.5, 0.3), again) == 2.0


WAYS_TO_DRAW = """
import keras
rng = case_rng(1)
with case("case_rng"):
    probe("it", rng.normal())
with case("default_rng"):
    probe("it", np.random.default_rng([3, 4]).normal())
with case("another name"):
    probe("it", rng_for(2).normal())
with case("global"):
    probe("it", np.random.normal())
with case("Keras"):
    probe("it", keras.random.normal((2,), seed=3))
with case("literal"):
    probe("it", [0.3, 1.7, double(4.1)])
"""


def test_all_chance_of_a_test_is_drawn_again(tiny: Course) -> None:
    """Each generator and each case begins elsewhere; what is no seed stays."""
    path, begin = tiny.source_text("tiny"), "### BEGIN HIDDEN TESTS"
    path.write_text(path.read_text().replace(begin, begin + WAYS_TO_DRAW, 1))
    exam = make_exam("tiny", read_source(tiny, tiny.lab("tiny")))
    first, second = (drawn(version) for version in (exam, with_other_draws(exam)))
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] == second[name]] == ["literal"]


def drawn(exam: Exam) -> dict[str, Any]:
    """What each case of the first test reports."""
    step = next(step for step in exam.recording if step.kind == "test")
    names = {"np": np, "double": lambda x: 2 * x, "rng_for": np.random.default_rng}
    with collected() as reports:
        exec(step.code, names)
    return {row["case"].removeprefix("again: "): row["probes"][0]["value"] for row in reports}
