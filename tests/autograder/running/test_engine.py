"""The engine: exams run several at a time, apart from each other, in sandboxes that are never
weaker than asked."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.matching.match import Extra
from autograder.model.errors import AutograderError, ContentError, UsageError
from autograder.model.outcome import ExamFailure, ExamOutcome, finished
from autograder.model.result import TodoResult, TodoState
from autograder.model.submission import Answers, Job, Submission
from autograder.running import engine as engine_module
from autograder.running.deadline import Deadline
from autograder.running.engine import (
    Engine,
    answers_of,
    check_level,
    job_digest,
    run_now,
)
from autograder.running.loop_watch import watching
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace
from tests.classroom import LAB, WRONG


def submission(**changes: Any) -> Submission:
    """What match gives for the tiny lab."""
    rows: dict[str, Any] = {
        "lab": LAB, "answers": dict(WRONG), "written": {"why": ""}, "extras": [], "repairs": [],
        "untouched": set(),
    }  # fmt: skip
    return Submission(**{**rows, **changes})


# --- examine ---


def test_outcomes_come_in_the_order_of_the_jobs(tiny_engine: Engine) -> None:
    """Whichever exam ends first; and each is heard of once, when it ends."""
    jobs = [Job(name, tiny_engine.solution(**{name: WRONG[name]})) for name in WRONG]
    heard: list[str] = []
    outcomes = tiny_engine.examine(jobs, lambda job, outcome: heard.append(job.name))
    for job, outcome in zip(jobs, outcomes, strict=True):
        assert finished(outcome).lost == [job.name]
    assert sorted(heard) == sorted(WRONG)


def test_only_some_todos_can_be_asked_for(tiny_engine: Engine) -> None:
    """``only`` limits the tests; the other answers still run."""
    job = Job("total", tiny_engine.solution(), only=frozenset({"total"}))
    todos = finished(tiny_engine.examine([job])[0]).todos
    assert todos["total"].points == 4
    assert todos["dice"].points == 0


def test_no_job_asks_for_no_key(tiny: Course) -> None:
    """Nothing to do starts nothing."""
    tiny.source_text(LAB).write_text("no lab at all")
    assert Engine(tiny, LAB, level="none").examine([]) == []


def test_an_exam_that_cannot_be_run_is_tried_twice(
    tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hiccup costs nothing; a defect is reported for its own job, with its cause, and the others
    are run."""
    tries: dict[str, int] = {}
    real = engine_module.examine

    async def flaky(exam: Any, key: Any, answers: Answers, *rest: Any) -> Any:
        name = next((name for name, code in WRONG.items() if answers.answers[name] == code), "none")
        tries[name] = tries.get(name, 0) + 1
        if name == "double" and tries[name] == 1:
            raise AutograderError("a kernel could not be started")
        if name == "total":
            raise KeyError("surprise")
        return await real(exam, key, answers, *rest)

    monkeypatch.setattr(engine_module, "examine", flaky)
    jobs = [Job(name, tiny_engine.solution(**{name: WRONG[name]})) for name in WRONG]
    double, total, dice = tiny_engine.examine(jobs)
    assert (tries["double"], tries["total"], tries["dice"]) == (2, 2, 1)
    assert isinstance(double, ExamOutcome)
    assert isinstance(dice, ExamOutcome)
    defect = "a defect of the grader (KeyError: 'surprise')"
    assert total == ExamFailure(f"The grader could not run this notebook: {defect}")


def test_an_error_of_the_course_stops_the_batch(
    tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken setup cell is nobody's submission: it is raised at once, not repeated for each
    student."""

    async def broken(*args: Any) -> Any:
        raise ContentError("The setup cell fails.")

    monkeypatch.setattr(engine_module, "examine", broken)
    with pytest.raises(ContentError, match="setup cell"):
        tiny_engine.examine([Job("one", tiny_engine.solution())])


def test_no_more_exams_at_a_time_than_workers(
    tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker per core, or as many as were asked for."""
    running: list[int] = []
    now = 0

    async def counted(*args: Any) -> Any:
        nonlocal now
        now += 1
        running.append(now)
        await asyncio.sleep(0.02)
        now -= 1
        return ExamOutcome({}, 0.0)

    monkeypatch.setattr(engine_module, "examine", counted)
    engine = Engine(tiny_engine.course, LAB, level="none", workers=3)
    engine.examine([Job(str(number), engine.solution()) for number in range(8)])
    assert max(running) == 3
    assert Engine(tiny_engine.course, LAB, level="none").workers >= 1


def test_coroutines_run_where_a_loop_is_running() -> None:
    """In a notebook, behind formgrader, and from plain code."""

    async def seven() -> int:
        await asyncio.sleep(0)
        return 7

    async def inside() -> int:
        return run_now(seven())

    assert run_now(seven()) == 7
    assert asyncio.run(inside()) == 7


# --- levels ---


def test_an_unknown_level_is_wrong_usage() -> None:
    """The levels are named."""
    with pytest.raises(UsageError, match="Known: namespaces, "):
        check_level("chroot")


@pytest.mark.parametrize(
    "answer", [("it needs Linux, this is darwin\n", ""), ("", "Traceback\nOSError: denied\n")]
)
def test_a_weaker_level_is_never_taken_silently(
    answer: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no sandbox can be built, the error says why and how to go on; nothing is run."""
    monkeypatch.setattr(
        engine_module.subprocess,
        "run",
        lambda *a, **k: subprocess.CompletedProcess("", 1, answer[0], answer[1]),
    )
    with pytest.raises(UsageError, match="cannot be used here") as caught:
        check_level("namespaces")
    assert '"--sandbox none"' in str(caught.value)
    assert "".join(answer).strip().splitlines()[-1] in str(caught.value)
    monkeypatch.undo()
    assert check_level("none") == "none"


# --- releases ---


def test_the_workspaces_release_comes_before_the_committed_one(tiny: Course) -> None:
    """What was handed out here counts; labs/ stands in for it in a fresh clone; without both it is
    wrong usage."""
    built = tiny.workspace / "release" / LAB / f"{LAB}.ipynb"
    built.write_text(built.read_text().replace("Tiny lab", "My lab"))
    assert "My lab" in Engine(tiny, LAB, level="none").release.cells[0].source
    built.unlink()
    assert "Tiny lab" in Engine(tiny, LAB, level="none").release.cells[0].source
    tiny.released(LAB).write_text("{")
    with pytest.raises(ContentError, match="is damaged: run `autograder build tiny`"):
        Workspace(tiny).read_committed(LAB)
    tiny.released(LAB).unlink()
    with pytest.raises(UsageError, match="has not been built yet"):
        _ = Engine(tiny, LAB, level="none").release


# --- answers ---


def test_what_of_a_submission_is_run(tiny_engine: Engine) -> None:
    """Answers of graded TODOs; added code after the cell of the exam it follows; Markdown is not
    run."""
    setup = tiny_engine.exam.steps[0].name
    extras = [
        Extra(index=0, after=None, kind="code", source="a = 1"),
        Extra(index=1, after=setup, kind="code", source="b = 2"),
        Extra(index=2, after="double", kind="markdown", source="c"),
        Extra(index=3, after="why", kind="code", source="d = 4"),
        Extra(index=4, after="test_total", kind="code", source="e = 5"),
    ]
    found = answers_of(submission(extras=extras, untouched={"dice", "why"}), tiny_engine.exam)
    assert found.answers == WRONG
    assert found.untouched == {"dice"}
    assert found.extras == {None: ["a = 1"], setup: ["b = 2", "d = 4"], "test_total": ["e = 5"]}


def test_a_missing_answer_is_an_empty_one(tiny_engine: Engine) -> None:
    """Every TODO of the exam has an answer, whatever graft found."""
    assert answers_of(submission(answers={}), tiny_engine.exam).answers == dict.fromkeys(WRONG, "")


def test_everything_that_decides_a_result_is_in_its_name(
    tiny_engine: Engine, built_tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers, added cells, what is untouched, the sandbox, and the grader itself; equal work has one
    name."""
    answers = dict(WRONG)
    names = [
        job_digest(Answers(answers), tiny_engine.key, tiny_engine),
        job_digest(Answers({**answers, "dice": "x"}), tiny_engine.key, tiny_engine),
        job_digest(Answers(answers, {None: ["x = 1"]}), tiny_engine.key, tiny_engine),
        job_digest(Answers(answers, {"double": ["x = 1"]}), tiny_engine.key, tiny_engine),
        job_digest(Answers(answers, {}, frozenset({"dice"})), tiny_engine.key, tiny_engine),
        job_digest(Answers(answers), tiny_engine.key, Engine(built_tiny, LAB, level="none")),
    ]
    assert (
        job_digest(Answers(dict(reversed(answers.items()))), tiny_engine.key, tiny_engine)
        == names[0]
    )
    monkeypatch.setattr(engine_module, "_grader_digest", lambda: ["another judge"])
    names.append(job_digest(Answers(answers), tiny_engine.key, tiny_engine))
    assert len(set(names)) == len(names)


LOADED = """
import sys
import autograder.running.engine, autograder.running.submissions
print(*sorted(name for name in sys.modules if name.startswith("autograder.")))
"""


def test_every_module_that_an_exam_loads_decides() -> None:
    """Another judge grades again, another table does not: what a process that runs exams has loaded
    belongs to the packages that decide, and to no other."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    packages = {name.split(".")[1] for name in done.stdout.split()}
    assert packages <= set(engine_module.DECIDING)
    assert {"judging", "matching", "sandbox", "running", "model", "authoring"} <= packages
    showing = {"cli", "bench", "commands", "quality", "reporting", "gradebook", "intake"}
    assert not showing & set(engine_module.DECIDING)


def test_what_decides_imports_nothing_that_shows() -> None:
    """Also where it is imported only when it is needed; and every module of it is watched."""
    package = Path(engine_module.__file__).parents[1]
    deciding: list[Path] = []
    for name in engine_module.DECIDING:
        deciding += (package / name).rglob("*.py")
    assert len(engine_module._grader_digest()) == len(deciding) > 50
    imported = set()
    for path in deciding:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
                imported.add(str(node.module).split(".")[1])
    assert imported == set(engine_module.DECIDING)


# --- the grader's own delays ---


class Stalling:
    """Stands where ``examine`` does, and holds the loop up, as a defect of the grader's would."""

    def __init__(self, times: int, points: float) -> None:
        self.times, self.points, self.calls = times, points, 0

    async def __call__(self, *args: Any) -> ExamOutcome:
        self.calls += 1
        if self.calls <= self.times:
            time.sleep(1.5)
        await asyncio.sleep(0.3)
        state = TodoState.CORRECT if self.points == 2 else TodoState.TIMEOUT
        return ExamOutcome({"double": TodoResult(self.points, 2.0, state)}, self.points)


@pytest.mark.parametrize(
    ("times", "points", "calls", "incidents"),
    [(0, 0.0, 1, 0), (1, 0.0, 2, 0), (9, 0.0, 2, 1), (9, 2.0, 1, 0)],
)
def test_an_exam_during_a_stall_is_repeated_alone(
    tiny_engine: Engine, monkeypatch: pytest.MonkeyPatch,
    times: int, points: float, calls: int, incidents: int,
) -> None:  # fmt: skip
    """What was lost while the grader stood still is not kept; full points cannot be lost by it."""
    examine = Stalling(times, points)
    monkeypatch.setattr(engine_module, "examine", examine)
    heard: list[str] = []
    job = Job("one", tiny_engine.solution())
    (outcome,) = tiny_engine.examine([job], lambda job, outcome: heard.append(job.name))
    assert examine.calls == calls
    assert heard == ["one"]
    said = [text for text in finished(outcome).incidents if "stood still" in text]
    assert len(said) == incidents


def test_a_stall_is_on_nobodys_clock() -> None:
    """Neither on a cell's, nor on a submission's; other time is."""

    async def clocks() -> tuple[float, float]:
        async with watching():
            await asyncio.sleep(0.05)
            deadline = Deadline(5, 0)
            time.sleep(1)
            stalled = deadline.left()
            await asyncio.sleep(0.3)
            deadline = Deadline(5, 0)
            await asyncio.sleep(1)
            return stalled, deadline.left()

    stalled, waited = asyncio.run(clocks())
    assert stalled > 4.7
    assert waited < 4.2
