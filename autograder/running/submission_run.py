"""One submission in its exam, step by step, and the mark of each TODO.

Follow-through: when a TODO's cases do not all pass, its reference answer is run before going on, in
a fresh kernel if the answer may have left something behind. When a cell overruns or ends its
kernel, a fresh one replays what is kept.
"""

from __future__ import annotations

import time
from typing import Any

from autograder.judging.verdicts import answer_message, judge_cases, unreadable
from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.exam import Exam, Step
from autograder.model.key import Key
from autograder.model.outcome import ExamOutcome
from autograder.model.result import TodoState
from autograder.model.submission import Answers
from autograder.notebooks.definitions import definitions
from autograder.notebooks.magics import without_magics
from autograder.notebooks.names import changed_names, lasting_names
from autograder.running.flagged_names import flagged_names
from autograder.running.marks import Mark, none_passed, state_of
from autograder.running.replay import ReplayableKernel, TimeIsUpError
from autograder.running.run_context import RunContext

__all__ = ["SubmissionRun", "test_code"]

EXTRAS_FRACTION = 0.25
"""How much of a submission's time may go into cells that the student added."""

MAX_INCIDENTS = 50
MAX_PRIVATE = 4000


class SubmissionRun:
    """The run of one submission; ``only`` limits the tests to some TODOs (the other answers still
    run)."""

    def __init__(
        self,
        exam: Exam,
        key: Key,
        answers: Answers,
        context: RunContext,
        only: frozenset[str] | None = None,
    ) -> None:
        self.exam, self.key, self.answers = exam, key, answers
        self.context, self.only = context, only
        references = {name: todo.reference for name, todo in exam.todos.items()}
        self.kernel = ReplayableKernel(exam.lab, context, references)
        self.marks: dict[str, Mark] = {}
        for name, todo in exam.todos.items():
            self.marks[name] = Mark(todo.points, cases=none_passed(key, name))
        self.answered: dict[str, tuple[str, CellRun]] = {}
        self.private: dict[str, Any] = {}
        # The names that the lab itself uses: an answer that binds another TODO's is looked at.
        setups = [lasting_names(step.code) for step in exam.steps if step.kind == "setup"]
        self.shared = frozenset().union(*setups, *(todo.names for todo in exam.todos.values()))
        self.extra_seconds = context.limits.submission_seconds * EXTRAS_FRACTION

    async def run(self) -> ExamOutcome:
        """The whole exam."""
        try:
            await self.kernel.fresh()
            await self.steps()
        except TimeIsUpError:
            self.out_of_time()
        finally:
            await self.kernel.close()
        todos = {name: mark.result() for name, mark in self.marks.items()}
        incidents = dict.fromkeys(self.kernel.incidents)  # each once, in their order
        return ExamOutcome(
            todos=todos,
            points=round(sum(todo.points for todo in todos.values()), 4),
            incidents=tuple(incidents)[:MAX_INCIDENTS],
            seconds=round(time.monotonic() - self.kernel.started, 3),
            cell_seconds=round(self.kernel.cell_seconds, 3),
            private=self.private,
        )

    def out_of_time(self) -> None:
        """What is settled by now counts; the rest was not reached."""
        for mark in self.marks.values():
            if not mark.state:
                mark.state = TodoState.TIMEOUT
                mark.message = "The time for the whole notebook was used up."

    async def steps(self) -> None:
        """Every cell of the exam, and after each the cells that the student added there."""
        first = next((step for step in self.exam.steps if step.kind != "setup"), None)
        for step in self.exam.steps:
            if step is first:
                # Cells above everything else need the setup, too: they run when it is over.
                await self.extras(None)
            if step.kind == "setup":
                await self.kernel.must_run(step.name, step.code)
            elif step.kind == "answer":
                await self.answer(step)
            else:
                await self.test(step)
            await self.extras(f"test_{step.name}" if step.kind == "test" else step.name)

    async def answer(self, step: Step) -> None:
        """Run a student's answer; what cannot be run gives way to the reference at once."""
        name, mark = step.name, self.marks[step.name]
        code = without_magics(self.answers.answers.get(name, ""))
        if name in self.answers.untouched or not code.strip():
            mark.state = TodoState.NOT_ATTEMPTED
            await self.reference(name)
            return
        if problem := unreadable(code):
            mark.state, mark.message = TodoState.ERROR, problem
            await self.reference(name)
            return
        self.look_at(name, code, self.exam.todos[name].reference)
        run = await self.kernel.execute(code)
        mark.seconds += run.seconds
        self.note(name, "answer", run)
        if run.reports:
            self.kernel.incidents.append(f"{name}: It reported values outside its test.")
        if run.lost:
            mark.cases, _ = judge_cases(self.key.todos[name], run, code, self.context.trusted)
            self.lost(name, run)
            await self.kernel.fresh()
            await self.reference(name)
            return
        mark.message = answer_message(run, code)
        self.kernel.keep(name, code)
        self.answered[name] = (code, run)

    async def test(self, step: Step) -> None:
        """Run a hidden test on the student's answer, and judge what it reports."""
        name, mark = step.name, self.marks[step.name]
        if name not in self.answered:
            return
        code, answered = self.answered.pop(name)
        if not self.kernel.keeps(name):
            # A replay has put the reference in its place since, and that earns nothing.
            mark.state, mark.message = TodoState.KILLED, "Your code ended its process."
            return
        if self.only is not None and name not in self.only:
            return
        run = await self.kernel.execute(test_code(step))
        mark.seconds += run.seconds
        self.note(name, "test", run)
        mark.cases, incidents = judge_cases(self.key.todos[name], run, code, self.context.trusted)
        self.kernel.incidents += [f"{name}: {text}" for text in incidents]
        if not run.lost and all(case.passed for case in mark.cases):
            mark.state, mark.message = TodoState.CORRECT, ""
            return
        # From here on the answer is wrong: later TODOs get the reference. A fresh kernel is needed
        # only if more may be left than the names that the reference binds again.
        self.kernel.leave_out(name)
        if run.lost:
            self.lost(name, run)
        else:
            mark.state = state_of(mark.cases, run, answered)
        if run.lost or incidents or self.meddles(name, code):
            await self.kernel.fresh()
        await self.reference(name)

    async def reference(self, name: str) -> None:
        """Run the reference answer, so that later TODOs do not suffer from this one."""
        await self.kernel.must_run(name, self.exam.todos[name].reference)

    async def extras(self, after: str | None) -> None:
        """Cells that the student added: their definitions, so that helpers are there and
        experiments are not."""
        for source in self.answers.extras.get(after, ()):
            code = definitions(without_magics(source), self.shared)
            if not code or self.extra_seconds <= 0:
                continue
            name = f"cell after {after}"
            self.look_at(name, code)
            limit = min(self.context.limits.extra_cell_seconds, self.extra_seconds)
            run = await self.kernel.execute(code, limit)
            self.extra_seconds -= run.seconds
            self.note(name, "extra", run)
            if run.lost:
                self.kernel.incidents.append(
                    f"A cell that the student added after {after} was left out: {run.reason}."
                )
                await self.kernel.fresh()
            else:
                self.kernel.keep(name, code)

    def lost(self, name: str, run: CellRun) -> None:
        """Settle a TODO whose code overran or ended its kernel."""
        mark = self.marks[name]
        if run.status is CellStatus.KILLED:
            mark.state = TodoState.KILLED
            mark.message = f"Your code ended its process: {run.reason}."
            self.kernel.incidents.append(f"{name}: the process ended: {run.reason}.")
        else:
            mark.state = TodoState.TIMEOUT
            mark.message = (
                f"Your code was {run.reason}: is there an endless loop, or a very slow one?"
            )

    def meddles(self, name: str, code: str) -> bool:
        """Whether an answer may have left more behind than its own names."""
        todo = self.exam.todos[name]
        others = (changed_names(code) - set(todo.names)) & self.shared
        return bool(others or flagged_names(code, todo.reference))

    def look_at(self, name: str, code: str, reference: str = "") -> None:
        """Tell the instructor what is worth a look."""
        self.kernel.incidents += [
            f"{name}: reaches for {what}: look at it." for what in flagged_names(code, reference)
        ]

    def note(self, name: str, what: str, run: CellRun) -> None:
        """Keep what the process printed for the instructor."""
        if run.error or run.text or run.dropped:
            self.private.setdefault(name, {})[what] = {
                "status": str(run.status),
                "error": run.error.to_json() if run.error else {},
                "text": run.text[-MAX_PRIVATE:],
                "dropped": run.dropped,
            }


def test_code(step: Step) -> str:
    """A hidden test as it is run: what was drawn before it changes nothing in it."""
    return f"import labkit.probes as _probes; _probes.begin_test({step.name!r})\n{step.code}"
