"""A cell's role and settings, and the regions of a source cell."""

from __future__ import annotations

import pytest

from autograder.notebooks.regions import (
    Region,
    hidden_part,
    inside,
    public_part,
    unmarked,
    without,
)
from autograder.notebooks.roles import (
    Role,
    cell_name,
    is_marked_by_hand,
    role_of,
    settings_of,
)
from tests.autograder import tiny

ROLES = {
    "answer": (tiny.code("x", "a", tiny.nbgrader("a", solution=True)), Role.ANSWER, False),
    "test": (tiny.code("x", "a", tiny.nbgrader("a", grade=True, points=2)), Role.TEST, False),
    "written": (
        tiny.text("x", "a", tiny.nbgrader("a", grade=True, solution=True)),
        Role.WRITTEN,
        True,
    ),
    "task": (tiny.text("x", "a", tiny.nbgrader("a", task=True)), Role.WRITTEN, False),
    "code marked by hand": (
        tiny.code("x", "a", tiny.nbgrader("a", grade=True, solution=True)),
        Role.ANSWER,
        True,
    ),
    "setup": (tiny.code("x", "a"), Role.SETUP, False),
    "locked setup": (tiny.code("x", "a", tiny.nbgrader("a", locked=True)), Role.SETUP, False),
    "demo": (tiny.code("x", "a", {"tags": ["demo"]}), Role.DEMO, False),
    "text": (tiny.text("x", "a", {"tags": ["demo"]}), Role.TEXT, False),
}


@pytest.mark.parametrize(("cell", "role", "by_hand"), ROLES.values(), ids=ROLES)
def test_role(cell: dict[str, object], role: Role, by_hand: bool) -> None:
    """nbgrader's settings decide, then the tag, then the type."""
    assert role_of(cell) is role
    assert is_marked_by_hand(cell) is by_hand
    assert cell_name(cell) == "a"


def test_settings_take_anything() -> None:
    """A student's metadata may hold anything; a name is a text, and points are a number."""
    odd = settings_of({"metadata": {"nbgrader": {"grade_id": ["a"], "points": "many"}}})
    assert (odd.name, odd.worth, odd.present) == (None, 0.0, True)
    assert settings_of({"metadata": {"nbgrader": 3}}) == settings_of({})
    assert settings_of(tiny.code("x", "a", tiny.nbgrader("a", points=2.5))).worth == 2.5


SOURCE = "a\n### BEGIN HIDDEN TESTS\nb\n  ### BEGIN KEY\nk\n  ### END KEY\n### END HIDDEN TESTS\nc"


def test_hidden_part_takes_all_regions() -> None:
    """Two hidden regions in one cell are one hidden part; what stands between them is public."""
    begin, end = Region.HIDDEN_TESTS.begin, Region.HIDDEN_TESTS.end
    text = f"a\n{begin}\nb\n{end}\nc\n{begin}\nd\n{end}"
    assert hidden_part(text) == "b\nd"
    assert public_part(text) == "a\nc"


def test_regions_inside_of_each_other() -> None:
    """Each kind is cut on its own; the marks of the others stay."""
    assert hidden_part(SOURCE).splitlines() == ["b", "  ### BEGIN KEY", "k", "  ### END KEY"]
    assert without(hidden_part(SOURCE), Region.KEY) == "b"
    assert inside(SOURCE, Region.KEY) == "k"
    assert unmarked(SOURCE) == "a\nb\nk\nc"


def test_a_region_that_is_not_closed_hides_the_rest() -> None:
    """What might be a solution is never taken for public."""
    assert without("a\n### BEGIN SOLUTION\nb", Region.SOLUTION) == "a"
    assert inside("a\n### BEGIN MARK SCHEME\nb", Region.SOLUTION, Region.MARK_SCHEME) == "b"
