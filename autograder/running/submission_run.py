"""One submission in its exam, step by step, and the mark of each TODO.

Follow-through: when a TODO's cases do not all pass, its reference answer is run before going on, in
a fresh kernel if the answer may have left something behind. When a cell overruns or ends its
kernel, a fresh one replays what stands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from autograder.judging.verdicts import CaseVerdict, answer_message, judge_cases, unreadable
from autograder.model.cell_run import CellRun
from autograder.model.exam import Exam, Step
from autograder.model.key import Key
from autograder.model.submission import Answers
from autograder.notebooks.definitions import definitions
from autograder.notebooks.magics import without_magics
from autograder.notebooks.names import lasting_names, touched_names
from autograder.running.flagged_names import suspects
from autograder.running.replay import Ground, Place, TimeIsUpError

__all__ = ["Candidate", "test_code"]

EXTRAS_SHARE = 0.25
"""How much of a submission's time may go into cells that the student added."""

MAX_INCIDENTS = 50
MAX_PRIVATE = 4000


@dataclass
class Mark:
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


class Candidate:
    """One submission; ``only`` limits the tests to some TODOs (the other answers still run)."""

    def __init__(
        self,
        exam: Exam,
        key: Key,
        submission: Answers,
        place: Place,
        only: frozenset[str] | None = None,
    ) -> None:
        self.exam, self.key, self.submission, self.place, self.only = (
            exam,
            key,
            submission,
            place,
            only,
        )
        self.ground = Ground(
            exam.lab, place, {name: todo.reference for name, todo in exam.todos.items()}
        )
        self.marks = {
            name: Mark(todo.points, cases=_none_passed(key, name))
            for name, todo in exam.todos.items()
        }
        self.answered: dict[str, tuple[str, CellRun]] = {}
        self.private: dict[str, Any] = {}
        setups = [lasting_names(step.code) for step in exam.steps if step.kind == "setup"]
        self.shared = frozenset().union(*setups, *(todo.names for todo in exam.todos.values()))
        self.extra_seconds = place.limits.submission_seconds * EXTRAS_SHARE

    async def run(self) -> dict[str, Any]:
        """The whole exam: ``{"todos", "points", "incidents", "seconds", "cell_seconds",
        "private"}``."""
        try:
            await self.ground.fresh()
            await self.steps()
        except TimeIsUpError:
            for mark in self.marks.values():
                if not mark.state:
                    mark.state, mark.message = (
                        "timeout",
                        "The time for the whole notebook was used up.",
                    )
        finally:
            await self.ground.close()
        todos = {name: mark.to_json() for name, mark in self.marks.items()}
        return {
            "todos": todos,
            "points": round(sum(todo["points"] for todo in todos.values()), 4),
            "incidents": list(dict.fromkeys(self.ground.incidents))[:MAX_INCIDENTS],
            "seconds": round(time.monotonic() - self.ground.started, 3),
            "cell_seconds": round(self.ground.cell_seconds, 3),
            "private": self.private,
        }

    async def steps(self) -> None:
        """Every cell of the exam, and after each the cells that the student added there."""
        first = next((step for step in self.exam.steps if step.kind != "setup"), None)
        for step in self.exam.steps:
            if step is first:
                await self.extras(None)
            if step.kind == "setup":
                await self.ground.must_run(step.name, step.code)
            else:
                await (self.answer if step.kind == "answer" else self.test)(step)
            await self.extras(f"test_{step.name}" if step.kind == "test" else step.name)

    async def answer(self, step: Step) -> None:
        name, mark = step.name, self.marks[step.name]
        code = without_magics(self.submission.answers.get(name, ""))
        if name in self.submission.untouched or not code.strip():
            mark.state = "not attempted"
            await self.reference(name)
            return
        if problem := unreadable(code):
            mark.state, mark.message = "error", problem
            await self.reference(name)
            return
        self.look_at(name, code, self.exam.todos[name].reference)
        run = await self.ground.execute(code)
        mark.seconds += run.seconds
        self.note(name, "answer", run)
        if run.reports:
            self.ground.incidents.append(f"{name}: It reported values outside its test.")
        if run.lost:
            mark.cases, _ = judge_cases(self.key.todos[name], run, code, self.place.trusted)
            self.lost(name, run)
            await self.ground.fresh()
            await self.reference(name)
            return
        mark.message = answer_message(run, code)
        self.ground.stand(name, code)
        self.answered[name] = (code, run)

    async def test(self, step: Step) -> None:
        name, mark = step.name, self.marks[step.name]
        if name not in self.answered:
            return
        code, answered = self.answered.pop(name)
        if not self.ground.stands(name):  # it gave way to the reference, which earns nothing
            mark.state, mark.message = "killed", "Your code ended its process."
            return
        if self.only is not None and name not in self.only:
            return
        run = await self.ground.execute(test_code(step))
        mark.seconds += run.seconds
        self.note(name, "test", run)
        mark.cases, incidents = judge_cases(self.key.todos[name], run, code, self.place.trusted)
        self.ground.incidents += [f"{name}: {text}" for text in incidents]
        if not run.lost and all(verdict.passed for verdict in mark.cases):
            mark.state, mark.message = "correct", ""
            return
        self.ground.leave_out(name)
        if run.lost:
            self.lost(name, run)
        else:
            mark.state = _state_of(mark.cases, run, answered)
        if run.lost or incidents or self.meddles(name, code):
            await self.ground.fresh()
        await self.reference(name)

    async def reference(self, name: str) -> None:
        """Put later TODOs on sound ground."""
        await self.ground.must_run(name, self.exam.todos[name].reference)

    async def extras(self, after: str | None) -> None:
        """Cells that the student added: their definitions, so that helpers are there and
        experiments are not."""
        for source in self.submission.extras.get(after, ()):
            code = definitions(without_magics(source), self.shared)
            if not code or self.extra_seconds <= 0:
                continue
            name = f"cell after {after}"
            self.look_at(name, code)
            run = await self.ground.execute(
                code, min(self.place.limits.extra_cell_seconds, self.extra_seconds)
            )
            self.extra_seconds -= run.seconds
            self.note(name, "extra", run)
            if run.lost:
                self.ground.incidents.append(
                    f"A cell that the student added after {after} was left out: {run.reason}."
                )
                await self.ground.fresh()
            else:
                self.ground.stand(name, code)

    def lost(self, name: str, run: CellRun) -> None:
        mark = self.marks[name]
        mark.state = run.status
        if run.status == "killed":
            mark.message = f"Your code ended its process: {run.reason}."
            self.ground.incidents.append(f"{name}: the process ended: {run.reason}.")
        else:
            mark.message = (
                f"Your code was {run.reason}: is there an endless loop, or a very slow one?"
            )

    def meddles(self, name: str, code: str) -> bool:
        """Whether an answer may have left more behind than its own names."""
        todo = self.exam.todos[name]
        return bool(
            suspects(code, todo.reference) or (touched_names(code) - set(todo.names)) & self.shared
        )

    def look_at(self, name: str, code: str, reference: str = "") -> None:
        """Tell the instructor what is worth a look."""
        self.ground.incidents += [
            f"{name}: reaches for {what}: look at it." for what in suspects(code, reference)
        ]

    def note(self, name: str, what: str, run: CellRun) -> None:
        """Keep what the process printed for the instructor."""
        if run.error or run.text or run.dropped:
            text = run.text[-MAX_PRIVATE:]
            entry = {"status": run.status, "error": run.error, "text": text, "dropped": run.dropped}
            self.private.setdefault(name, {})[what] = entry


def test_code(step: Step) -> str:
    """A hidden test as it is run: what was drawn before it changes nothing in it."""
    return f"import labkit.probes as _probes; _probes.begin_test({step.name!r})\n{step.code}"


def _none_passed(key: Key, name: str) -> list[CaseVerdict]:
    return [CaseVerdict(case.name, False, "") for case in key.todos[name]]


def _state_of(verdicts: list[CaseVerdict], run: CellRun, answered: CellRun) -> str:
    if any(verdict.passed for verdict in verdicts):
        return "partial"
    all_raised = run.reports and all("error" in report for report in run.reports)
    crashed = run.status == "error" or answered.status == "error" or all_raised
    return "error" if crashed else "incorrect"
