"""The solution as plain names."""

from __future__ import annotations

import pytest

from autograder.course import Course
from autograder.errors import UsageError
from autograder.lab.solution import load_solution


def test_names_of_the_solution(tiny: Course) -> None:
    """Setup and answers are run, tests are not: the names can be called, the tests' own do not exist."""
    names = load_solution("tiny", tiny)
    assert names["double"]([1, 2]).tolist() == [2.0, 4.0]
    assert callable(names["total"])
    assert "probe" not in names


def test_an_unknown_lab_is_named(tiny: Course) -> None:
    """A misspelt lab is a usage error."""
    with pytest.raises(UsageError, match="tinny"):
        load_solution("tinny", tiny)
