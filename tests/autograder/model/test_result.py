"""Results as JSON: exactly the fields of docs/architecture.md, in their order; what older versions
wrote is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.model.collect_record import CollectRecord
from autograder.model.errors import ContentError
from autograder.model.outcome import ExamFailure, ExamOutcome, finished
from autograder.model.result import (
    CaseResult,
    Result,
    Status,
    TodoResult,
    TodoState,
    WrittenResult,
)

GRADED = """{"lab": "tiny", "student": "ada", "points": 2.0, "max_points": 3.0, "status": "graded",
 "sandbox": "namespaces", "seconds": 4.2, "repairs": ["restored 2 locked cells"], "incidents": [],
 "todos": {"double": {"points": 2.0, "max_points": 3.0, "state": "partial", "seconds": 0.3,
   "message": "", "cases": [{"case": "random batch 0", "passed": true, "message": ""}]}},
 "written": {"why": {"max_points": 2.0, "answered": true}}}"""
"""As it stands in docs/architecture.md."""

REFUSED = """{"lab": "tiny", "student": "ida", "points": 0.0, "max_points": 0.0,
 "status": "not gradable", "reason": "This is a Word file.", "sandbox": "", "seconds": 0.0,
 "repairs": [], "incidents": [], "todos": {}, "written": {}}"""


@pytest.mark.parametrize("text", [GRADED, REFUSED])
def test_a_result_is_written_as_it_was_read(text: str) -> None:
    """Every field, its type, and the order of the fields."""
    row = json.loads(text)
    assert json.dumps(Result.from_json(row).to_json()) == json.dumps(row)


def test_a_result_is_typed() -> None:
    """What is a word in the file is a state in the grader."""
    result = Result.from_json(json.loads(GRADED))
    assert (result.status, result.graded) == (Status.GRADED, True)
    double = result.todos["double"]
    assert double.state is TodoState.PARTIAL
    assert double.cases == (CaseResult("random batch 0", True),)
    assert (double.full, double.failed) == (False, ())
    assert result.written == {"why": WrittenResult(2.0, True)}
    assert result.fraction == pytest.approx(2 / 3)
    refused = Result.not_gradable("tiny", "ida", "This is a Word file.")
    assert refused == Result.from_json(json.loads(REFUSED))
    assert (refused.graded, refused.fraction) == (False, 0)


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_results_of_older_versions_are_read() -> None:
    """Versions before wrote no message of a TODO, no written questions, no incidents."""
    row = json.loads(GRADED)
    row["todos"]["double"] = without(row["todos"]["double"], "message", "seconds")
    old = Result.from_json(without(row, "written", "incidents", "sandbox"))
    assert (old.written, old.incidents, old.sandbox) == ({}, (), "")
    assert old.todos["double"].message == ""
    assert old.points == 2.0


def test_a_state_that_is_unknown_here_is_an_error_to_look_at() -> None:
    """A newer version may know more states; the points stay."""
    row = json.loads(GRADED)
    row["todos"]["double"]["state"] = "excused"
    todo = Result.from_json(row).todos["double"]
    assert (todo.state, todo.points) == (TodoState.ERROR, 2.0)


@pytest.mark.parametrize("name", ["student", "status"])
def test_what_names_nobody_is_no_result(name: str) -> None:
    """Without a student or a status there is nothing to show."""
    with pytest.raises(KeyError):
        Result.from_json(without(json.loads(GRADED), name))


OUTCOME = ExamOutcome(
    todos={"double": TodoResult(1.0, 2.0, TodoState.PARTIAL, 0.3, "", (CaseResult("a", True),))},
    points=1.0,
    incidents=("double: it reported a value.",),
    seconds=1.5,
    cell_seconds=1.25,
    private={"double": {"test": {"text": "printed"}}},
)


def test_an_outcome_is_written_as_it_was_read() -> None:
    """What the cache holds, private notes included."""
    row = json.loads(json.dumps(OUTCOME.to_json()))
    assert list(row) == ["todos", "points", "incidents", "seconds", "cell_seconds", "private"]
    assert ExamOutcome.from_json(row) == OUTCOME
    assert OUTCOME.lost == ["double"]
    old = ExamOutcome.from_json(without(row, "cell_seconds", "private"))
    assert (old.cell_seconds, old.private) == (0.0, {})


@pytest.mark.parametrize("name", ["todos", "points", "incidents", "seconds"])
def test_half_an_outcome_is_none(name: str) -> None:
    """A cache that was written halfway is not believed."""
    with pytest.raises(KeyError):
        ExamOutcome.from_json(without(OUTCOME.to_json(), name))


def test_an_exam_that_was_not_run_is_no_zero() -> None:
    """Who needs the outcome gets the reason as an error."""
    assert finished(OUTCOME) is OUTCOME
    with pytest.raises(ContentError, match="no kernel"):
        finished(ExamFailure("no kernel"))


def test_a_collect_record_is_written_as_it_was_read() -> None:
    """Every field in the order in which ``collect`` has always written them."""
    row = {
        "lab": "tiny", "file": "a.ipynb", "repairs": ["Read as UTF-16."], "ignored": ["b.txt"],
        "reason": None, "sha256": "12", "release": "34", "handed_in": "2030-01-01 10:00:00 UTC",
        "student": "ada", "name": "Ada", "handed_in_as": "Ada L.",
        "late": True, "identity": ["canvas:12"],
    }  # fmt: skip
    assert json.dumps(CollectRecord.from_json(row).to_json()) == json.dumps(row)
    assert CollectRecord.from_json({"reason": "Empty."}).reason == "Empty."
    assert CollectRecord.from_json({}) == CollectRecord()
