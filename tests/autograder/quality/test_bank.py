"""The answer bank: right answers earn everything, wrong ones lose on their TODO only; whatever does
not is named."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from autograder.model.errors import ContentError
from autograder.model.outcome import ExamFailure
from autograder.model.result import TodoState
from autograder.quality.answer_file import Entry
from autograder.quality.bank import Trial, check_bank, missing_entries, read_bank
from autograder.quality.pool import make_pool, restarts_kernel
from autograder.running.engine import Engine, Job
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, write_bank

WRITTEN = {"double": "x", "total": "x", "dice": "rng"}


def answer(todo: str, kind: str, slug: str, body: str, before: str = "") -> Entry:
    """An answer to a TODO of the tiny lab."""
    code = f'{before}def {todo}({WRITTEN[todo]}):\n    """As asked."""\n    {body}'
    return Entry(todo, kind, slug, code, "for this test")


def trials(course: Course, engine: Engine | None = None) -> dict[str, Trial]:
    """Every answer of the bank by name, tried."""
    engine = engine or Engine(course, LAB)
    tried = check_bank(engine, read_bank(engine).entries)
    names = [trial.entry.name for trial in tried]
    assert len(set(names)) == len(names) == len(read_bank(engine).entries)
    return {trial.entry.name: trial for trial in tried}


def problems(course: Course, engine: Engine | None = None) -> dict[str, str]:
    """What is wrong with the answers that misbehave."""
    found = trials(course, engine)
    return {name: trial.problem for name, trial in found.items() if trial.problem}


def watched(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[list[Job]]:
    """The jobs of each call of ``examine``, in order."""
    real, calls = engine.examine, []

    def examine(jobs: list[Job], done: object = None) -> list[Any]:
        calls.append([*jobs])
        return real(jobs, done)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "examine", examine)
    return calls


def test_a_good_bank_has_no_problem(tiny: Course) -> None:
    """Every right answer has full marks, every wrong one has lost points, nothing else."""
    write_bank(tiny)
    found = trials(tiny)
    assert len(found) == 18
    assert {name: trial.problem for name, trial in found.items() if trial.problem} == {}
    assert all(
        (trial.state == "correct") == (trial.entry.kind == "right") for trial in found.values()
    )
    assert missing_entries(Engine(tiny, LAB), read_bank(Engine(tiny, LAB)).entries) == []


def test_every_kind_of_misbehaviour_is_named(tiny: Course) -> None:
    """A right answer that fails and a wrong one that passes: each with its name, and no other."""
    spilling = "np.sum = lambda x: -1.0\n\n\n"
    more = [
        Entry("double", "right", "but_fails", WRONG["double"], "three times x"),
        answer("dice", "wrong", "but_passes", "return int(rng.choice(6))"),
        answer("double", "wrong", "spills", "return 3.0 * np.asarray(x)", spilling),
    ]
    write_bank(tiny, more)
    found = problems(tiny)
    right = found.pop("double/right_but_fails")
    assert right.startswith('a right answer failed case "random vector 0": "result": 5 of 5')
    assert found.pop("dice/wrong_but_passes") == "a wrong answer earned full marks"
    assert found == {}  # what a wrong answer did to NumPy is undone by follow-through


def test_a_right_answer_that_breaks_another_is_blamed_and_not_its_victim(tiny: Course) -> None:
    """In company it is the victim that fails; alone, the culprit shows."""
    body = "np.sum = lambda values: -1.0\n    return 2.0 * np.asarray(x)"
    write_bank(tiny, [answer("double", "right", "breaks_numpy", body)])
    assert problems(tiny) == {"double/right_breaks_numpy": "it also lost points on total"}


def test_who_spilled_over_is_found_out_one_by_one(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When an exam loses points elsewhere, fewer of its answers are tried together, in the end
    each alone, and only the culprit is blamed."""
    write_bank(tiny)
    engine = Engine(tiny, LAB)
    real = engine.examine

    def leaking(jobs: list[Job], done: object = None) -> list[Any]:
        """As if ``return 5`` of dice cost total its points."""
        outcomes = real(jobs, done)  # type: ignore[arg-type]
        for job, outcome in zip(jobs, outcomes, strict=True):
            if any("return 5" in code for code in job.answers.answers.values()):
                total = outcome.todos["total"]
                outcome.todos["total"] = dataclasses.replace(
                    total, points=0.0, state=TodoState.INCORRECT
                )
        return outcomes

    monkeypatch.setattr(engine, "examine", leaking)
    assert problems(tiny, engine) == {"dice/wrong_0": "it also lost points on total"}


def test_too_few_answers_are_told(tiny: Course) -> None:
    """Two right and four wrong answers are wanted for every TODO, also for one without any."""
    write_bank(tiny, without=["double/right_0"])
    (tiny.answers(LAB) / "dice.py").unlink()
    engine = Engine(tiny, LAB)
    assert missing_entries(engine, read_bank(engine).entries) == [
        "double has 1 right and 4 wrong answers; 2 and 4 are wanted.",
        "dice has 0 right and 0 wrong answers; 2 and 4 are wanted.",
    ]


def test_no_bank_is_an_empty_one(tiny: Course) -> None:
    """A new lab has none yet."""
    engine = Engine(tiny, LAB)
    assert read_bank(engine).entries == []
    assert check_bank(engine, []) == []


def test_a_grader_that_fails_is_not_blamed_on_an_answer(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exam that could not be run is an error of its own."""
    write_bank(tiny)
    engine = Engine(tiny, LAB)
    monkeypatch.setattr(
        engine, "examine", lambda jobs, done=None: [ExamFailure("no kernel") for _ in jobs]
    )
    with pytest.raises(ContentError, match="no kernel"):
        check_bank(engine, read_bank(engine).entries)


def test_reference_answers_are_tested_once_for_many_wrong_answers(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good bank needs a pool for each worker and a round for each right answer of a TODO."""
    write_bank(tiny)
    engine = Engine(tiny, LAB, workers=2)
    calls = watched(engine, monkeypatch)
    trials(tiny, engine)
    (jobs,) = calls
    assert [job.name for job in jobs] == ["pool 1", "pool 2", "round 0", "round 1"]
    pooled = [name for job in jobs[:2] for name in job.answers.answers]
    assert len(pooled) == 12 + 2 * 3


def test_an_answer_of_a_pool_has_nothing_of_the_one_before(tiny: Course) -> None:
    """Neither the reference, nor a helper of an earlier answer is there for an answer that lacks
    it."""
    engine = Engine(tiny, LAB)
    helper, double = "def helper(x):\n    return x\n\n\n", "def double(x):\n    return helper(x)"
    codes = {"helper": helper + double, "no_helper": double, "nothing": "pass"}
    entries = [Entry("double", "wrong", slug, code) for slug, code in codes.items()]
    pool = make_pool(engine, "pool", entries)
    (outcome,) = engine.examine([pool.job])
    states = {pool.entries[name].slug: outcome.todos[name].state for name in pool.entries}
    assert states == {"helper": "incorrect", "no_helper": "error", "nothing": "error"}
    assert pool.proves(outcome)


def test_damage_that_a_pool_has_taken_shows_in_the_last_test(tiny: Course) -> None:
    """What one of many answers has left behind costs a reference answer after it its points."""
    engine = Engine(tiny, LAB)
    spilling = "np.sum = lambda x: -1.0\n    return 3.0 * np.asarray(x)"
    harmless = [answer("double", "wrong", str(n), "return None") for n in range(3)]
    damaging = answer("double", "wrong", "damaging", spilling)
    for entries, proves in ((harmless, True), ([damaging, *harmless], False)):
        pool = make_pool(engine, "pool", entries)
        (outcome,) = engine.examine([pool.job])
        assert pool.proves(outcome) is proves
        assert (outcome.todos["total"].state == "correct") is proves


def test_who_loses_the_kernel_is_tried_alone(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh kernel hides what was there before: the others are tried again without it."""
    ends = answer("double", "wrong", "ends", "import os\n    os.abort()")
    write_bank(tiny, [ends])
    engine = Engine(tiny, LAB, workers=1)
    assert not restarts_kernel(engine.exam, ends)
    calls = watched(engine, monkeypatch)
    found = trials(tiny, engine)
    assert [name for name, trial in found.items() if trial.problem] == []
    assert found["double/wrong_ends"].state == "killed"
    assert [[job.name for job in jobs] for jobs in calls] == [
        ["pool 1", "round 0", "round 1"],
        ["pool 1"],
        ["round 0"],
    ]
    assert ends.code not in calls[1][0].answers.answers.values()


@pytest.mark.parametrize(
    ("before", "restarts"),
    [
        ("", False),
        ("limit = 3\n\n\n", False),
        ("np = None\n\n\n", True),
        ("import ctypes\n\n\n", True),
    ],
    ids=["its own name", "another name", "a shared name", "a flagged name"],
)
def test_answers_after_which_a_kernel_is_fresh_stay_out_of_pools(
    tiny: Course, before: str, restarts: bool
) -> None:
    """They would hide what other answers have left behind."""
    entry = answer("double", "wrong", "x", "return None", before)
    assert restarts_kernel(Engine(tiny, LAB).exam, entry) is restarts
