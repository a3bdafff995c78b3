"""Every row of the table of cases has its ideal outcome, and touches nothing but its own mark."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.attacks.hall import CANARY, LEAK, Hall
from tests.attacks.rows import FULL, Row
from tests.attacks.table import PAGE, TABLE, page

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", list(TABLE))
def test_row(number: str, hall: Hall) -> None:
    """A row gets exactly its points, and says why; what its process printed reaches nobody else."""
    row, result = TABLE[number], hall.results[TABLE[number].known_as]
    assert result["status"] == ("not gradable" if row.outcome == "C" else "graded"), result.get(
        "reason"
    )
    if row.outcome == "C":
        assert row.reason in result["reason"]
        assert result["todos"] == {}
        return
    _check_points(row, result)
    said = " ".join(_messages(result))
    assert row.reason in said
    assert row.note in " ".join(result["repairs"])
    assert row.incident in " ".join(result["incidents"])
    assert not (row.outcome == "D" and not result["incidents"])
    public = json.dumps(result)
    assert LEAK not in public
    assert CANARY not in public
    assert CANARY not in json.dumps(hall.private[row.known_as])


def _check_points(row: Row, result: dict[str, Any]) -> None:
    todos = result["todos"]
    assert {name: todo["points"] for name, todo in todos.items()} == row.points, todos
    assert {name: todos[name]["state"] for name in row.states} == row.states
    for name, points in row.lost.items():
        todo = todos[name]
        if points == FULL[name] or todo["state"] == "not attempted" or todo["message"]:
            continue
        # Without a message on the TODO, each of its failed cases says why.
        said = [case["message"] for case in todo["cases"] if not case["passed"]]
        assert said, name
        assert all(said), name


def _messages(result: dict[str, Any]) -> list[str]:
    todos = result["todos"].values()
    return [todo["message"] for todo in todos] + [
        case["message"] for todo in todos for case in todo["cases"]
    ]


def test_the_honest_get_full_marks(hall: Hall) -> None:
    """Nobody's attack costs anybody else a point."""
    for name in hall.honest:
        assert {todo: got["points"] for todo, got in hall.results[name]["todos"].items()} == FULL, (
            hall.results[name]
        )
        assert hall.results[name]["incidents"] == []


def test_one_result_per_student(hall: Hall) -> None:
    """A batch ends with one result for everyone who handed in."""
    assert len(hall.results) == len(hall.rows)


def test_nothing_else_is_touched(hall: Hall) -> None:
    """Solutions, key, gradebook, other submissions, a home folder: unchanged, and no file anywhere
    else."""
    assert hall.touched == []


def test_nothing_is_left_behind(hall: Hall) -> None:
    """No process outlives its exam."""
    assert hall.left_behind == []


def test_nobody_called(hall: Hall) -> None:
    """No connection reached a socket of the grader's machine."""
    assert hall.heard == []


def test_the_page_of_cases_is_current() -> None:
    """`cases.md` lists the rows of the table, with their outcomes."""
    assert PAGE.read_text(encoding="utf-8") == page()
