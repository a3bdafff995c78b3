"""Lab 3: its judges, and what its filled notebook shows."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np
import pytest

from tests.labs.outputs import outputs

LAB = "lab3_rl"


@pytest.fixture(scope="module")
def judges(course) -> ModuleType:
    """The trusted code beside the solution."""
    path = course.root / "solutions" / LAB / "judges.py"
    spec = importlib.util.spec_from_file_location("lab3_judges", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROWS = np.array([[0.0, 1.0, 2.0], [0.0, 1.0, 2.5]])


def test_rows_that_differ_do_not_agree(judges):
    """One place is enough; rows that are the same in pairs do not all differ."""
    assert judges.differ(ROWS, at_least=0.4)[0]
    assert not judges.differ(ROWS, at_least=0.6)[0]
    assert not judges.differ(np.concatenate([ROWS, ROWS[:1]]), at_least=0.4)[0]
    assert judges.agree(ROWS, within=0.1)[0] is False
    assert judges.agree(ROWS[[0, 0, 0]] + 1e-6, within=1e-4)[0]


@pytest.mark.parametrize("judge", ["differ", "agree"])
def test_constants_pass_no_judge(judges, judge):
    """What is the same for all inputs neither differs nor agrees."""
    limits = {"differ": {"at_least": 1e-3}, "agree": {"within": 1e-4}}
    passed, message = getattr(judges, judge)(np.full((3, 5), 0.7), **limits[judge])
    assert not passed
    assert "same" in message


def test_any_number_is_large_and_negative(judges):
    """Each column for itself, on both sides."""
    table = np.array([[2.0, -2.0], [-3.0, 4.0]])
    assert judges.any_number(table, columns=2, beyond=1.5)[0]
    assert not judges.any_number(np.abs(table), columns=2, beyond=1.5)[0]
    assert not judges.any_number(np.tanh(table), columns=2, beyond=1.5)[0]
    assert not judges.any_number(table * [1, 0], columns=2, beyond=1.5)[0]
    assert not judges.any_number(table * np.inf, columns=2, beyond=1.5)[0]


@pytest.mark.parametrize(
    "value",
    [None, "text", 0.5, [], np.zeros((2, 0)), np.full((2, 3), np.nan), ROWS[:1], [[1], [2, 3]]],
    ids=["nothing", "text", "a number", "empty", "no columns", "nan", "one row", "ragged"],
)
def test_the_judges_survive_strange_values(judges, value):
    """What is no table fails with a message, or by an exception that the grader catches."""
    for judge, limits in (("differ", {"at_least": 0.0}), ("agree", {"within": 1.0})):
        try:
            passed, message = getattr(judges, judge)(value, **limits)
        except (TypeError, ValueError):
            continue
        assert not passed
        assert message


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_films_play_in_the_page(run_filled):
    """Four films stand in the page itself: Cart-Pole and Pong, before and after training."""
    pages = outputs(run_filled(LAB), "text/html")
    films = [
        page
        for page in pages
        if "data:video/webm;base64," in page or "data:image/webp;base64," in page
    ]
    assert len(films) == 4
