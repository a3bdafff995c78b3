"""Exam + answers + key -> the result of one submission. A pure function of its inputs, whatever the answers do.

The exam runs cell by cell in a walled kernel. When a TODO's cases do not all pass, the reference answer is executed
before going on (follow-through). When a cell overruns or kills its kernel, a fresh kernel replays what stands, takes
the reference for the culprit, and goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.cells import definitions, without_magics
from autograder.course import Limits
from autograder.errors import AutograderError, ContentError
from autograder.exam import Exam, Step
from autograder.kernels.server import WarmServer
from autograder.key import Key
from autograder.session import CellRun, Session
from autograder.verdicts import CaseVerdict, judge_cases, syntax_message

__all__ = ["Answers", "Place", "examine", "record"]

SEED = "import labkit.seeds as _seeds; _seeds.seed_everything(20)\n"
RECORD = "from labkit.probes import record_comparators as _on; _on()\n"


@dataclass(frozen=True)
class Answers:
    """What is taken from a submission: code per TODO, further cells by the cell they follow, untouched TODOs."""

    answers: Mapping[str, str]
    extras: Mapping[str | None, Sequence[str]] = field(default_factory=dict)
    untouched: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """Where exams are run: the fork server, the sandbox level, the limits, what students may read."""

    server: WarmServer
    level: str
    limits: Limits
    visible: tuple[Path, ...]
    trusted: Path


@dataclass
class _Mark:
    """The running state of one TODO."""

    points: float
    state: str = ""
    message: str = ""
    seconds: float = 0.0
    cases: list[CaseVerdict] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        passed = sum(case.passed for case in self.cases)
        share = passed / len(self.cases) if self.cases else 0.0
        return {
            "points": round(self.points * share, 4),
            "max_points": self.points,
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "cases": [case.to_json() for case in self.cases],
        }


async def examine(
    exam: Exam, key: Key, submission: Answers, place: Place, only: frozenset[str] | None = None
) -> dict[str, Any]:
    """Run the exam on ``submission``: ``{"todos", "points", "incidents", "seconds", "cell_seconds", "private"}``.

    ``only`` limits the tests to some TODOs (the other answers still run); ``private`` is for the instructor alone.
    """
    candidate = _Candidate(exam, key, submission, place, only)
    return await candidate.run()


class _Candidate:
    """One submission in its exam."""

    def __init__(self, exam: Exam, key: Key, submission: Answers, place: Place, only: frozenset[str] | None) -> None:
        self.exam, self.key, self.submission, self.place, self.only = exam, key, submission, place, only
        self.marks = {name: _Mark(todo.points) for name, todo in exam.todos.items()}
        self.incidents: list[str] = []
        self.private: dict[str, Any] = {}
        self.history: list[tuple[str, str]] = []
        self.session: Session | None = None
        self.pending: dict[str, tuple[str, CellRun]] = {}
        self.cell_seconds = 0.0

    async def run(self) -> dict[str, Any]:
        self.started = time.monotonic()
        try:
            await self.fresh()
            first = next((step for step in self.exam.steps if step.kind != "setup"), None)
            for step in self.exam.steps:
                if step is first:
                    await self.extras(None)
                await {"setup": self.setup, "answer": self.answer, "test": self.test}[step.kind](step)
                await self.extras(f"test_{step.name}" if step.kind == "test" else step.name)
        finally:
            await self.close()
        todos = {name: mark.to_json() for name, mark in self.marks.items()}
        return {
            "todos": todos,
            "points": round(sum(todo["points"] for todo in todos.values()), 4),
            "incidents": self.incidents,
            "seconds": round(time.monotonic() - self.started, 3),
            "cell_seconds": round(self.cell_seconds, 3),
            "private": self.private,
        }

    async def close(self) -> None:
        if self.session is not None:
            session, self.session = self.session, None
            await session.__aexit__()

    async def fresh(self) -> None:
        """A new kernel in which everything that stands has been run again."""
        await self.close()
        place = self.place
        session = Session(place.server, level=place.level, limits=place.limits, visible=place.visible)
        self.session = await session.__aenter__()
        for name, code in list(self.history):
            run = await self.execute(code)
            if run.lost:
                reference = self.exam.todos[name].reference if name in self.exam.todos else "pass"
                self.history[self.history.index((name, code))] = (name, reference)
                self.incidents.append(f"{name}: behaved differently when it was run again.")
                await self.fresh()
                return

    async def execute(self, code: str, seconds: float | None = None) -> CellRun:
        """Run one cell within its own limit and what is left of the submission's."""
        assert self.session is not None
        limits = self.place.limits
        left = self.started + limits.submission_seconds - time.monotonic()
        run = await self.session.run(code, max(min(seconds or limits.todo_seconds, left), 0.5))
        self.cell_seconds += run.seconds
        return run

    def overdue(self) -> bool:
        return time.monotonic() - self.started > self.place.limits.submission_seconds

    async def setup(self, step: Step) -> None:
        run = await self.execute(step.code, self.place.limits.submission_seconds)
        if run.status != "ok":
            cause = run.reason or f"{run.error.get('type')}: {run.error.get('text')}"
            if self.pending or self.history_has_student_code():
                self.incidents.append(f"The setup cell {step.name} failed after the student's code: {cause[:200]}")
                if run.lost:
                    await self.fresh()
                return
            raise ContentError(f"The setup cell {step.name} of {self.exam.lab} fails: {cause}")
        self.history.append((step.name, step.code))

    def history_has_student_code(self) -> bool:
        return any(name in self.exam.todos for name, _ in self.history)

    async def answer(self, step: Step) -> None:
        name, mark = step.name, self.marks[step.name]
        todo = self.exam.todos[name]
        code = without_magics(self.submission.answers.get(name, ""))
        if name in self.submission.untouched or not code.strip():
            mark.state = "not attempted"
            await self.take_reference(name)
            return
        if self.overdue():
            mark.state, mark.message = "timeout", "The time for the whole notebook was used up before this TODO."
            await self.take_reference(name)
            return
        run = await self.execute(code)
        mark.seconds += run.seconds
        self.note(name, "answer", run)
        if run.lost:
            self.lost(name, run)
            self.fail_all(name, run, code)
            await self.fresh()
            await self.take_reference(name)
            return
        mark.message = syntax_message(code) or ""
        self.pending[todo.grade_id] = (code, run)

    async def test(self, step: Step) -> None:
        name, mark = step.name, self.marks[step.name]
        if name not in self.pending:
            self.fail_unrun(name)
            return
        code, answered = self.pending.pop(name)
        if self.only is not None and name not in self.only:
            self.history.append((name, code))
            return
        run = await self.execute(SEED + step.code)
        mark.seconds += run.seconds
        self.note(name, "test", run)
        verdicts, incidents = judge_cases(self.key.todos[name], run, code, self.place.trusted)
        mark.cases = verdicts
        self.incidents += [f"{name}: {text}" for text in incidents]
        if run.lost:
            self.lost(name, run)
            await self.fresh()
        elif all(verdict.passed for verdict in verdicts):
            mark.state, mark.message = "correct", ""
            self.history.append((name, code))
            return
        else:
            mark.state = self.state_of(verdicts, run, answered)
        await self.take_reference(name)

    def state_of(self, verdicts: list[CaseVerdict], run: CellRun, answered: CellRun) -> str:
        if any(verdict.passed for verdict in verdicts):
            return "partial"
        ends = [report for report in run.reports if report.get("event") == "end"]
        crashed = run.status == "error" or answered.status == "error" or (ends and all("error" in end for end in ends))
        return "error" if crashed else "incorrect"

    def lost(self, name: str, run: CellRun) -> None:
        mark = self.marks[name]
        mark.state = run.status
        if run.status == "killed":
            mark.message = f"Your code ended its process: {run.reason}."
            self.incidents.append(f"{name}: the process ended: {run.reason}.")
        else:
            mark.message = f"Your code was {run.reason}: is there an endless loop, or a very slow one?"

    def fail_all(self, name: str, run: CellRun, code: str) -> None:
        self.marks[name].cases, _ = judge_cases(self.key.todos[name], run, code, self.place.trusted)

    def fail_unrun(self, name: str) -> None:
        mark = self.marks[name]
        if not mark.cases:
            mark.cases = [CaseVerdict(case.name, False, "") for case in self.key.todos[name]]

    async def take_reference(self, name: str) -> None:
        """Put later TODOs on sound ground."""
        code = self.exam.todos[name].reference
        run = await self.execute(code, self.place.limits.submission_seconds)
        if run.lost:
            self.incidents.append(f"{name}: the process broke down after this TODO.")
            await self.fresh()
            await self.execute(code, self.place.limits.submission_seconds)
        self.history.append((name, code))

    async def extras(self, after: str | None) -> None:
        """Cells that the student added: their definitions, so that helpers are there and experiments are not."""
        for source in self.submission.extras.get(after, ()):
            code = definitions(without_magics(source))
            if not code:
                continue
            run = await self.execute(code, self.place.limits.extra_cell_seconds)
            self.note(f"cell after {after}", "extra", run)
            if run.lost:
                self.incidents.append(f"A cell that the student added after {after} was left out: {run.reason}.")
                pending = dict(self.pending)
                await self.fresh()
                for _, (code, _) in pending.items():
                    await self.execute(code)
            elif run.status == "ok":
                self.history.append((f"cell after {after}", code))

    def note(self, name: str, what: str, run: CellRun) -> None:
        """Keep what the process printed for the instructor."""
        if run.error or run.text or run.dropped:
            entry = {"status": run.status, "error": run.error, "text": run.text[-4000:], "dropped": run.dropped}
            self.private.setdefault(name, {})[what] = entry


async def record(exam: Exam, place: Place) -> dict[str, list[dict[str, Any]]]:
    """Run the solution with recording on: the reports of each TODO, in order."""
    reports: dict[str, list[dict[str, Any]]] = {}
    limit = place.limits.submission_seconds
    visible = (*place.visible, place.trusted)
    async with Session(place.server, level=place.level, limits=place.limits, visible=visible) as session:
        await session.run(RECORD, limit)
        for step in exam.recording:
            run = await session.run(SEED + step.code if step.kind == "test" else step.code, limit)
            if run.status != "ok":
                cause = run.reason or f"{run.error.get('type')}: {run.error.get('text')}"
                trace = list(run.error.get("trace", []))
                raise ContentError(f"The solution of {exam.lab} fails in {step.kind} {step.name}: {cause}", trace)
            if step.kind == "test":
                reports[step.name] = run.reports
    return reports


def run_now(coroutine: Any) -> Any:
    """Run a coroutine from plain code."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    raise AutograderError("This cannot be called from a running event loop; await the coroutine instead.")
