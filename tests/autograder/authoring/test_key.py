"""The answer key: recorded from the solution, stored, loaded equal; new when anything changes; weak
tests refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.digests import key_digest
from autograder.authoring.key import key_from_reports
from autograder.authoring.key_store import load_key, store_key
from autograder.judging.decoding import decode
from autograder.model.errors import ContentError
from autograder.model.exam import Exam, Step, Todo
from autograder.model.key import CaseKey, Key, ProbeKey
from autograder.running.engine import Engine
from autograder.running.runner import record
from autograder.workspace.course import Course
from labkit.probes import (
    accuracy,
    at_least,
    case,
    collected,
    encode,
    equal,
    probe,
    record_comparators,
)
from tests.classroom import LAB
from tests.tiny import SOURCE

EXAM = Exam("lab", (), (Step("test", "todo", ""),), {"todo": Todo("todo", 1.0, (), "")})


def key_of(body: Callable[[], None]) -> Key:
    """The key that a hidden test would give, run here in this process."""
    record_comparators()
    try:
        with collected() as reports:
            body()
    finally:
        record_comparators(False)
    return key_from_reports(EXAM, "digest", {"todo": reports}, Path())


def problem_of(body: Callable[[], None]) -> str:
    with pytest.raises(ContentError, match="does not give a key") as caught:
        key_of(body)
    (problem,) = caught.value.problems
    return problem


# --- recording ---


def test_the_tiny_solution_gives_its_key(tiny_engine: Engine) -> None:
    """Cases, hints and labels in order, comparators as written, values as NumPy gives them
    independently."""
    double, total, dice = (tiny_engine.key.todos[name] for name in ("double", "total", "dice"))
    assert [case.name for case in double] == ["random vector 0", "random vector 1"]
    assert [case.hint for case in double] == ["Every element is doubled."] * 2
    assert [probe.label for probe in double[0].probes] == ["result", "input afterwards"]
    given = np.random.default_rng(1).normal(size=5)
    np.testing.assert_array_equal(decode(double[1].probes[0].expected), 2 * given)
    np.testing.assert_array_equal(decode(double[1].probes[1].expected), given)
    assert total[0].probes[0].comparator == {"compare": "close", "rtol": 1e-6, "atol": 1e-6}
    drawn = np.random.default_rng(13).normal(size=3)
    assert decode(total[3].probes[0].expected) == [0.0, pytest.approx(2 * drawn.sum())]
    assert dice[0].probes[0].comparator["compare"] == "distribution"


def test_recording_twice_gives_the_same_key(tiny_engine: Engine) -> None:
    """Seeds are pinned: a second run of the solution reports the same values."""
    reports = asyncio.run(record(tiny_engine.exam, tiny_engine.context))
    again = key_from_reports(
        tiny_engine.exam, tiny_engine.key.digest, reports, tiny_engine.context.trusted
    )
    assert again == tiny_engine.key


def test_expect_replaces_the_solutions_value_and_is_still_checked() -> None:
    """An independent reference is expected; the solution has to pass against it."""

    def good() -> None:
        with case("one"):
            probe("pi", 3.14159, rtol=1e-4, expect=np.pi)

    def bad() -> None:
        with case("one"):
            probe("pi", 3.2, rtol=1e-4, expect=np.pi)

    assert decode(key_of(good).todos["todo"][0].probes[0].expected) == pytest.approx(np.pi, abs=0)
    assert "the solution does not pass its own test" in problem_of(bad)


# --- tests that are refused ---


def twice_the_same_case() -> None:
    for _ in range(2):
        with case("one"):
            probe("a", 1.0)


def twice_the_same_label() -> None:
    with case("one"):
        probe("a", 1.0)
        probe("a", 2.0)


def nothing_reported() -> None:
    with case("one"):
        pass


def no_case() -> None:
    pass


def outside_any_case() -> None:
    probe("a", 1.0)


def a_case_that_raises() -> None:
    with case("one"):
        probe("a", 1.0)
        raise KeyError("who")


def only_booleans() -> None:
    with case("one"):
        probe("is a tensor", True)
        probe("nothing", None)


def a_few_booleans_in_a_list() -> None:
    with case("one"):
        probe("all tensors", [True, {"a": False}, np.True_])


def a_small_array_of_booleans() -> None:
    with case("one"):
        probe("mask", np.array([True, False, True]))


def only_a_limit() -> None:
    with case("one"):
        probe("accuracy", 0.97, compare=at_least(0.9))


def a_limit_and_a_boolean() -> None:
    with case("one"):
        probe("accuracy", 0.97, compare=at_least(0.9))
        probe("trained", True)


def a_value_that_cannot_be_reported() -> None:
    with case("one"):
        probe("a", 1.0)
        probe("layers", {"names": [{"a", "b"}]})


def a_list_that_is_cut_off() -> None:
    with case("one"):
        probe("all", list(range(10_001)))


def a_text_that_is_cut_off() -> None:
    with case("one"):
        probe("all", "x" * 200_001)


def a_wrong_prediction() -> None:
    with case("one"):
        probe(
            "predictions", np.zeros(20, int), compare=accuracy(at_least=0.9, labels=np.arange(20))
        )


REFUSED = [
    (twice_the_same_case, 'two cases are named "one"'),
    (twice_the_same_label, 'case "one" reports two values under one label'),
    (nothing_reported, 'case "one" reports nothing'),
    (no_case, "the solution reports no case"),
    (outside_any_case, 'the probe "a" stands outside any case'),
    (a_case_that_raises, "the solution fails in case \"one\": KeyError: 'who'"),
    (only_booleans, "can be guessed: report the values themselves"),
    (a_few_booleans_in_a_list, "can be guessed"),
    (a_small_array_of_booleans, "can be guessed"),
    (only_a_limit, "can be guessed"),
    (a_limit_and_a_boolean, "can be guessed"),
    (
        a_value_that_cannot_be_reported,
        '"layers" cannot be expected: it is of a kind that cannot be reported: set',
    ),
    (a_list_that_is_cut_off, "containers of 10000 elements are cut off: report an array"),
    (a_text_that_is_cut_off, "texts of 200000 characters are cut off"),
    (a_wrong_prediction, "the solution does not pass its own test"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED, ids=[body.__name__ for body, _ in REFUSED])
def test_a_test_that_proves_nothing_is_refused(body: Callable[[], None], message: str) -> None:
    """A pass needs positive evidence that cannot be guessed, in a case and under a label of its
    own."""
    problem = problem_of(body)
    assert problem.startswith("todo: ")
    assert message in problem


def rich_booleans() -> None:
    with case("one"):
        probe("mask", np.random.default_rng(0).random(40) < 0.5)


def a_boolean_beside_a_value() -> None:
    with case("one"):
        probe("is a tensor", True)
        probe("value", 2.5)


def a_limit_beside_a_value() -> None:
    with case("one"):
        probe("different", 5, compare=at_least(4))
        probe("values", np.arange(3.0))


@pytest.mark.parametrize("body", [rich_booleans, a_boolean_beside_a_value, a_limit_beside_a_value])
def test_truth_values_and_limits_are_welcome_beside_evidence(body: Callable[[], None]) -> None:
    """Forty random truth values, or one beside a number, cannot be guessed."""
    assert len(key_of(body).todos["todo"]) == 1


def test_all_todos_with_a_problem_are_listed() -> None:
    """An author sees every weak test at once."""
    exam = Exam("lab", (), (), {name: Todo(name, 1.0, (), "") for name in ("a", "b")})
    with pytest.raises(ContentError) as caught:
        key_from_reports(exam, "digest", {}, Path())
    assert caught.value.problems == [
        "a: the solution reports no case",
        "b: the solution reports no case",
    ]


# --- storing ---


def sample_key() -> Key:
    rng = np.random.default_rng(5)
    values: list[Any] = [
        rng.normal(size=(40, 3)),
        rng.integers(0, 9, 300).astype("int16"),
        np.array([np.nan, np.inf, -0.0] * 20, "float32"),
        rng.normal(size=(30, 2)) + 1j,
        rng.random(500) < 0.5,
        [1, "zwölf ♪", None, {"a": [rng.normal(size=50)]}],
        float("nan"),
        10**100,
    ]
    probes = [ProbeKey(f"value {i}", equal(), encode(value)) for i, value in enumerate(values)]
    labelled = ProbeKey(
        "labels", accuracy(at_least=0.5, labels=np.arange(200)), encode(np.arange(200))
    )
    return Key(
        "lab",
        "abc123",
        {"todo": (CaseKey("one", "look ♪", tuple(probes)), CaseKey("two", "", (labelled,)))},
    )


def test_a_stored_key_is_loaded_equal(tmp_path: Path) -> None:
    """JSON and arrays together give back the same key, whatever the values."""
    key = sample_key()
    place = store_key(key, tmp_path / "keys")
    assert sorted(path.name for path in place.iterdir()) == ["arrays.npz", "key.json"]
    assert load_key(tmp_path / "keys", "abc123") == key
    assert load_key(tmp_path / "keys", "another") is None


def test_no_pickle_is_written_or_read(tmp_path: Path) -> None:
    """The arrays of a key load with pickles forbidden."""
    place = store_key(sample_key(), tmp_path)
    with np.load(place / "arrays.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "biufc" for name in arrays.files)


@pytest.mark.parametrize("damage", ["", "{", '{"lab": "lab"}', "[]"])
def test_a_damaged_key_is_recorded_anew(tmp_path: Path, damage: str) -> None:
    """A key that cannot be read counts as none, and is replaced by the next one stored."""
    key = sample_key()
    place = store_key(key, tmp_path)
    (place / "key.json").write_text(damage)
    assert load_key(tmp_path, key.digest) is None
    store_key(key, tmp_path)
    assert load_key(tmp_path, key.digest) == key


def test_a_key_cut_short_is_recorded_anew(tmp_path: Path) -> None:
    """Neither does half a file of arrays stop anything."""
    key = sample_key()
    place = store_key(key, tmp_path)
    (place / "arrays.npz").write_bytes((place / "arrays.npz").read_bytes()[:300])
    assert load_key(tmp_path, key.digest) is None
    store_key(key, tmp_path)
    assert load_key(tmp_path, key.digest) == key


def test_storing_twice_keeps_the_first(tmp_path: Path) -> None:
    """A good key is not replaced, and nothing temporary stays behind."""
    first = store_key(sample_key(), tmp_path)
    stamp = (first / "key.json").stat().st_mtime_ns
    store_key(sample_key(), tmp_path)
    assert (first / "key.json").stat().st_mtime_ns == stamp
    assert [path.name for path in tmp_path.iterdir()] == ["abc123"]


# --- the digest ---


def digest_of(course: Course) -> str:
    return key_digest(course, Engine(course, LAB, level="none").exam)


def test_an_unchanged_course_keeps_its_key(tiny: Course, built_tiny: Course) -> None:
    """The digest does not depend on where the course lies, so a copy finds its key."""
    assert digest_of(tiny) == digest_of(built_tiny)
    assert load_key(tiny.workspace / "keys" / LAB, digest_of(tiny)) is not None


def test_a_new_source_records_a_new_key_and_keeps_the_old(tiny: Course) -> None:
    """The key of a changed solution is recorded on demand and stored beside the old one."""
    old = Engine(tiny, LAB).key
    tiny.source_text(LAB).write_text(
        SOURCE.replace("* 2.0", "* 3.0").replace("4.0)", "6.0)").replace("6.0)", "9.0)")
    )
    new = Engine(tiny, LAB).key
    folder = tiny.workspace / "keys" / LAB
    assert sorted(path.name for path in folder.iterdir()) == sorted([old.digest, new.digest])
    given = np.random.default_rng(0).normal(size=5)
    np.testing.assert_allclose(decode(new.todos["double"][0].probes[0].expected), 3 * given)


def test_a_solution_that_fails_is_named_with_its_cell(tiny: Course) -> None:
    """A solution that raises, outside any case, stops the recording with the cell's name and the
    exception."""
    tiny.source_text(LAB).write_text(SOURCE.replace("rng_for = np", "rng_for = nonsense"))
    with pytest.raises(ContentError, match=r"The solution of tiny fails in setup .*NameError"):
        _ = Engine(tiny, LAB).key


def test_the_key_is_json_that_people_can_read(tiny_engine: Engine, built_tiny: Course) -> None:
    """An instructor who doubts a mark can look at what is expected."""
    path = built_tiny.workspace / "keys" / LAB / tiny_engine.key.digest / "key.json"
    table = json.loads(path.read_text())
    assert table["todos"]["total"][3]["case"] == "an empty vector"
    assert table["todos"]["total"][3]["probes"][0]["label"] == "total and its kind"
