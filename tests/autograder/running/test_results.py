"""Results on disk, and why somebody has none."""

from __future__ import annotations

import json

import pytest

from autograder.model.errors import ContentError
from autograder.running.engine import Engine
from autograder.running.results import Unit, complete, not_gradable, result_of_student, unit_of
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.results import Results
from tests.classroom import LAB, WRONG, filled, hand_in, solved

OUTCOME = {
    "todos": {},
    "points": 0.0,
    "incidents": [],
    "seconds": 0.1,
    "private": {"double": "what it printed"},
}


def test_what_is_written_is_read(tiny: Course) -> None:
    """Results by student, outcomes by content; nobody else is there."""
    results = Results(tiny, LAB)
    assert results.students() == []
    results.write("ada", not_gradable(LAB, "ada", "Zerstört ♪"))
    results.keep("abc", OUTCOME)
    assert results.students() == ["ada"]
    assert (results.read("ada") or {})["reason"] == "Zerstört ♪"
    assert results.read("ben") is None
    assert results.cached("abc") == OUTCOME
    assert results.cached("abd") is None


@pytest.mark.parametrize("damage", ["", "[1]", "{", '{"todos": {}, "points": 1}', "\x00\x00"])
def test_a_damaged_file_of_the_cache_counts_as_none(tiny: Course, damage: str) -> None:
    """Half an outcome is no outcome."""
    results = Results(tiny, LAB)
    results.keep("abc", OUTCOME)
    (results.cache / "abc.json").write_text(damage)
    assert results.cached("abc") is None


def test_a_result_that_is_not_gradable_has_the_keys_of_one_that_is(
    tiny: Course, tiny_engine: Engine
) -> None:
    """Readers need not ask which keys are there; only ``reason`` comes with "not gradable"."""
    hand_in(tiny, "ada", solved(tiny))
    unit = unit_of(Engine(tiny, LAB), "ada")
    assert isinstance(unit, Unit)
    whole = complete(tiny_engine, unit, OUTCOME)
    missing = not_gradable(LAB, "ben", "Empty.", ["Read as UTF-16."])
    assert missing.keys() - whole.keys() == {"reason"}
    assert whole.keys() <= missing.keys()
    assert missing["repairs"] == ["Read as UTF-16."]


def test_what_a_process_printed_is_not_in_a_result(tiny: Course, tiny_engine: Engine) -> None:
    """Private notes stay in the cache, for the instructor."""
    hand_in(tiny, "ada", solved(tiny))
    unit = unit_of(Engine(tiny, LAB), "ada")
    assert isinstance(unit, Unit)
    assert "what it printed" not in json.dumps(complete(tiny_engine, unit, OUTCOME))


def test_why_there_is_nothing_to_grade(tiny: Course) -> None:
    """Nothing handed in, a file of another kind, a broken notebook: each is a sentence, none an
    exception."""
    engine = Engine(tiny, LAB)
    assert unit_of(engine, "nobody") == "Nothing was handed in."
    write_atomic(
        tiny.workspace / "collected" / LAB / "ben.json", b'{"reason": "This is a Word file."}'
    )
    assert unit_of(engine, "ben") == "This is a Word file."
    for student, data in ("carl", b""), ("dora", b"{"), ("emil", b'{"cells": []}'):
        write_atomic(tiny.workspace / "submitted" / student / LAB / f"{LAB}.ipynb", data)
        reason = unit_of(engine, student)
        assert isinstance(reason, str)
        assert reason.endswith(".")


def test_equal_answers_are_one_work(tiny: Course) -> None:
    """Two students with the same answers share an exam; a written answer does not make a new
    one."""
    engine = Engine(tiny, LAB)
    hand_in(tiny, "ada", solved(tiny))
    hand_in(tiny, "ben", solved(tiny, why="Symmetry."))
    hand_in(tiny, "carl", solved(tiny, dice=WRONG["dice"]))
    digests = [
        unit.digest
        for unit in (unit_of(engine, name) for name in ("ada", "ben", "carl"))
        if not isinstance(unit, str)
    ]
    assert len(digests) == 3
    assert digests[0] == digests[1] != digests[2]


def test_the_result_of_one_student_is_made_once(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nbgrader asks for is run when it is new, and taken from the cache afterwards."""
    engine = Engine(tiny, LAB)
    hand_in(tiny, "ada", filled(tiny, double=WRONG["double"]))
    first = result_of_student(engine, "ada")
    assert [todo["state"] for todo in first["todos"].values()] == [
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
        Engine, "examine", lambda *args: [{"failed": "The grader could not run this notebook: x"}]
    )
    with pytest.raises(ContentError, match="could not run"):
        result_of_student(Engine(tiny, LAB), "ada")
    assert Results(tiny, LAB).read("ada") is None
