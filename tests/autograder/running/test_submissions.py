"""Results on disk, and why somebody has none."""

from __future__ import annotations

import json

import pytest

from autograder.model.errors import ContentError, NotGradable
from autograder.model.outcome import ExamFailure, ExamOutcome
from autograder.model.result import Result
from autograder.running.engine import Engine
from autograder.running.submissions import make_result, read_submission, result_of_student
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.results import Results
from tests.classroom import LAB, WRONG, filled, hand_in, solved

OUTCOME = ExamOutcome({}, 0.0, seconds=0.1, private={"double": "what it printed"})


def reason(engine: Engine, student: str) -> str:
    """Why there is nothing to grade."""
    with pytest.raises(NotGradable) as caught:
        read_submission(engine, student)
    return str(caught.value)


def test_what_is_written_is_read(tiny: Course) -> None:
    """Results by student, outcomes by content; nobody else is there."""
    results = Results(tiny, LAB)
    assert results.students() == []
    results.write(Result.not_gradable(LAB, "ada", "Zerstört ♪"))
    results.keep("abc", OUTCOME)
    assert results.students() == ["ada"]
    assert results.read("ada") == Result.not_gradable(LAB, "ada", "Zerstört ♪")
    assert results.read("ben") is None
    assert results.cached("abc") == OUTCOME
    assert results.cached("abd") is None


@pytest.mark.parametrize("damage", ["", "[1]", "{", '{"todos": {}, "points": 1}', "\x00\x00"])
def test_a_damaged_file_of_the_cache_counts_as_none(tiny: Course, damage: str) -> None:
    """Half an outcome is no outcome."""
    results = Results(tiny, LAB)
    results.keep("abc", OUTCOME)
    results.workspace.cached("abc").write_text(damage)
    assert results.cached("abc") is None


def test_a_result_that_is_not_gradable_has_the_keys_of_one_that_is(
    tiny: Course, tiny_engine: Engine
) -> None:
    """Readers need not ask which keys are there; only ``reason`` comes with "not gradable"."""
    hand_in(tiny, "ada", solved(tiny))
    job = read_submission(Engine(tiny, LAB), "ada")
    whole = make_result(tiny_engine, job, OUTCOME).to_json()
    missing = Result.not_gradable(LAB, "ben", "Empty.", ["Read as UTF-16."]).to_json()
    assert missing.keys() - whole.keys() == {"reason"}
    assert whole.keys() <= missing.keys()
    assert missing["repairs"] == ["Read as UTF-16."]


def test_what_a_process_printed_is_not_in_a_result(tiny: Course, tiny_engine: Engine) -> None:
    """Private notes stay in the cache, for the instructor."""
    hand_in(tiny, "ada", solved(tiny))
    job = read_submission(Engine(tiny, LAB), "ada")
    result = make_result(tiny_engine, job, OUTCOME)
    assert "what it printed" not in json.dumps(result.to_json())


def test_why_there_is_nothing_to_grade(tiny: Course) -> None:
    """Nothing handed in, a file of another kind, a broken notebook: each is a sentence, none an
    exception."""
    engine = Engine(tiny, LAB)
    assert reason(engine, "nobody") == "Nothing was handed in."
    write_atomic(engine.workspace.record("ben", LAB), b'{"reason": "This is a Word file."}')
    assert reason(engine, "ben") == "This is a Word file."
    for student, data in ("carl", b""), ("dora", b"{"), ("emil", b'{"cells": []}'):
        write_atomic(engine.workspace.submitted(student, LAB), data)
        assert reason(engine, student).endswith(".")


def test_equal_answers_are_one_work(tiny: Course) -> None:
    """Two students with the same answers share an exam; a written answer does not make a new
    one."""
    engine = Engine(tiny, LAB)
    hand_in(tiny, "ada", solved(tiny))
    hand_in(tiny, "ben", solved(tiny, why="Symmetry."))
    hand_in(tiny, "carl", solved(tiny, dice=WRONG["dice"]))
    digests = [read_submission(engine, name).digest for name in ("ada", "ben", "carl")]
    assert digests[0] == digests[1] != digests[2]


def test_the_result_of_one_student_is_made_once(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nbgrader asks for is run when it is new, and taken from the cache afterwards."""
    engine = Engine(tiny, LAB)
    hand_in(tiny, "ada", filled(tiny, double=WRONG["double"]))
    first = result_of_student(engine, "ada")
    assert [todo.state for todo in first.todos.values()] == [
        "incorrect",
        "not attempted",
        "not attempted",
    ]
    assert Results(tiny, LAB).read("ada") == first
    monkeypatch.setattr(Engine, "examine", lambda *args: pytest.fail("it was run again"))
    assert result_of_student(engine, "ada") == first
    with pytest.raises(ContentError, match=r"nobody cannot be graded: Nothing was handed in\."):
        result_of_student(engine, "nobody")


def test_a_grader_that_fails_gives_no_marks(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exam that could not be run is an error, not a 0, and nothing is kept."""
    hand_in(tiny, "ada", solved(tiny))
    monkeypatch.setattr(
        Engine, "examine", lambda *args: [ExamFailure("The grader could not run this notebook: x")]
    )
    with pytest.raises(ContentError, match="could not run"):
        result_of_student(Engine(tiny, LAB), "ada")
    assert Results(tiny, LAB).read("ada") is None
