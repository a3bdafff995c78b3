"""The answer bank: right answers earn everything, wrong ones lose on their TODO only; whatever does
not is named."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from autograder.model.errors import ContentError
from autograder.model.outcome import ExamFailure
from autograder.quality.bank import Trial, check_bank, missing_entries, read_bank
from autograder.running.engine import Engine
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, write_bank


def trials(course: Course) -> dict[str, Trial]:
    """Every answer of the bank by name, tried."""
    engine = Engine(course, LAB)
    return {trial.entry.name: trial for trial in check_bank(engine, read_bank(engine))}


def add(course: Course, name: str, code: str) -> Path:
    path = course.answers(LAB) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)
    return path


def test_a_good_bank_has_no_problem(tiny: Course) -> None:
    """Every right answer has full marks, every wrong one has lost points, nothing else."""
    write_bank(tiny)
    found = trials(tiny)
    assert len(found) == 18
    assert {name: trial.problem for name, trial in found.items() if trial.problem} == {}
    assert all(
        (trial.state == "correct") == (trial.entry.kind == "right") for trial in found.values()
    )
    assert missing_entries(Engine(tiny, LAB), read_bank(Engine(tiny, LAB))) == []


def test_every_kind_of_misbehaviour_is_named(tiny: Course) -> None:
    """A right answer that fails and a wrong one that passes: each with its name, and no other."""
    write_bank(tiny)
    add(tiny, "double/right_but_fails.py", WRONG["double"])
    add(
        tiny,
        "dice/wrong_but_passes.py",
        'def dice(rng):\n    """Six."""\n    return int(rng.choice(6))',
    )
    spilling = 'np.sum = lambda x: -1.0\n\n\ndef double(x):\n    """Twice x."""\n    return 3.0 * np.asarray(x)'
    add(tiny, "double/wrong_spills.py", spilling)
    found = {name: trial.problem for name, trial in trials(tiny).items() if trial.problem}
    right = found.pop("double/right_but_fails")
    assert right.startswith('a right answer failed case "random vector 0": "result": 5 of 5')
    assert found.pop("dice/wrong_but_passes") == "a wrong answer earned full marks"
    assert found == {}  # what a wrong answer did to NumPy is undone by follow-through


def test_a_right_answer_that_breaks_another_is_blamed_and_not_its_victim(tiny: Course) -> None:
    """In company it is the victim that fails; alone, the culprit shows."""
    write_bank(tiny)
    code = 'def double(x):\n    """Twice x."""\n    np.sum = lambda values: -1.0\n    return 2.0 * np.asarray(x)'
    add(tiny, "double/right_breaks_numpy.py", code)
    found = {name: trial.problem for name, trial in trials(tiny).items() if trial.problem}
    assert found == {"double/right_breaks_numpy": "it also lost points on total"}


def test_who_spilled_over_is_found_out_one_by_one(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a round loses points elsewhere, each of its answers is tried alone, and only the culprit
    is blamed."""
    write_bank(tiny)
    engine = Engine(tiny, LAB)
    real = engine.examine

    def leaking(jobs: list, done: object = None) -> list:
        """As if ``return 5`` of dice cost total its points."""
        outcomes = real(jobs, done)  # type: ignore[arg-type]
        for job, outcome in zip(jobs, outcomes, strict=True):
            if "return 5" in job.answers.answers["dice"]:
                total = outcome.todos["total"]
                outcome.todos["total"] = dataclasses.replace(total, points=0.0)
        return outcomes

    monkeypatch.setattr(engine, "examine", leaking)
    problems = {
        trial.entry.name: trial.problem
        for trial in check_bank(engine, read_bank(engine))
        if trial.problem
    }
    assert problems == {"dice/wrong_0": "it also lost points on total"}


def test_too_few_answers_are_told(tiny: Course) -> None:
    """Two right and four wrong answers are wanted for every TODO, also for one without any."""
    write_bank(tiny)
    (tiny.answers(LAB) / "double" / "right_0.py").unlink()
    for path in (tiny.answers(LAB) / "dice").iterdir():
        path.unlink()
    engine = Engine(tiny, LAB)
    assert missing_entries(engine, read_bank(engine)) == [
        "double has 1 right and 4 wrong answers; 2 and 4 are wanted.",
        "dice has 0 right and 0 wrong answers; 2 and 4 are wanted.",
    ]


def test_files_that_belong_to_nothing_are_listed(tiny: Course) -> None:
    """A misspelt folder or name would silently prove nothing."""
    write_bank(tiny)
    add(tiny, "duoble/right_x.py", "")
    add(tiny, "double/rigth_x.py", "")
    add(tiny, "double/wrong_.py", "")
    (add(tiny, "double/wrong_bytes.py", "")).write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ContentError, match="files that cannot be used") as caught:
        read_bank(Engine(tiny, LAB))
    text = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 4
    assert 'answers/duoble/right_x.py: there is no TODO "duoble". Did you mean "double"?' in text
    assert "answers/double/rigth_x.py: a file is named right_SLUG.py or wrong_SLUG.py." in text
    assert "answers/double/wrong_bytes.py: cannot be read" in text


def test_no_bank_is_an_empty_one(tiny: Course) -> None:
    """A new lab has none yet."""
    assert read_bank(Engine(tiny, LAB)) == []


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
        check_bank(engine, read_bank(engine))
