"""One submission in its exam, step by step, and the mark of each TODO.

Follow-through: when a TODO's cases do not all pass, its reference answer is run before going on, in
a fresh kernel if the answer may have left something behind. When a cell overruns or ends its
kernel, a fresh one replays what is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.exam import Exam, Step
from autograder.model.judgement import Around, Judgement, Prepared
from autograder.model.key import Key
from autograder.model.outcome import ExamOutcome
from autograder.model.result import TodoState
from autograder.model.submission import Answers
from autograder.notebooks.names import lasting_names
from autograder.running import reading_aside
from autograder.running.marks import Mark, none_passed, state_of
from autograder.running.replay import ReplayableKernel, TimeIsUpError
from autograder.running.run_context import RunContext
from autograder.sandbox.patches import cell_number

__all__ = ["SubmissionRun", "test_code"]

Value = TypeVar("Value")

EXTRAS_FRACTION = 0.25
"""How much of a submission's time may go into cells that the student added."""

SETTLE = "from labkit.probes.private import ours as _ours\n_ours.settle()"
"""Settings as our setup left them, after a student's code that changes some."""

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
        self.references = {name: todo.stand_in for name, todo in exam.todos.items()}
        self.kernel = ReplayableKernel(exam.lab, context, self.references)
        self.marks: dict[str, Mark] = {}
        for name, todo in exam.todos.items():
            self.marks[name] = Mark(todo.points, cases=none_passed(key, name))
        self.aside = context.aside()
        self.answered: dict[str, tuple[Prepared, CellRun]] = {}
        self.private: dict[str, Any] = {}
        self.added: dict[str | None, tuple[Prepared, ...]] = {}
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
            self.aside.close()
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
        if self.answers.extras:
            written = list(self.answers.answers.values())
            self.added = await self.ask(
                reading_aside.prepare_extras, self.answers.extras, written, self.shared
            )
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
        answer = await self.prepared(name)
        if not answer.code or answer.problem:
            mark.state = TodoState.ERROR if answer.problem else TodoState.NOT_ATTEMPTED
            mark.message = answer.problem
            await self.reference(name)
            return
        self.look_at(name, answer.flags)
        run = await self.kernel.execute(answer.code)
        mark.seconds += run.seconds
        self.note(name, "answer", run)
        self.notice_reports(name, run)
        code = answer.code
        if run.status is CellStatus.ERROR:
            mark.message = await self.ask(reading_aside.explain, run, answer, self.around())
        again = run.status is CellStatus.TIMEOUT and answer.is_shorter
        if answer.fallback and (again or run.status is CellStatus.ERROR):
            code = answer.fallback
            run = await self.definitions_alone(name, code, run)
        if run.lost:
            mark.cases = list((await self.judge(name, run, answer)).cases)
            self.lost(name, run)
            self.keep_rest(name, answer)
            await self.kernel.fresh()
            await self.reference(name)
            return
        self.kernel.keep(name, code)
        self.answered[name] = (answer, run)

    async def definitions_alone(self, name: str, code: str, failed: CellRun) -> CellRun:
        """Run the definitions of an answer whose cell failed: its function may be right."""
        mark = self.marks[name]
        if failed.lost:
            mark.note = f"Your cell was {failed.reason}"
            await self.kernel.fresh()
        else:
            mark.note = mark.message.rstrip(".").replace("Your code", "Your cell", 1)
        mark.note += ": its definitions were graded without the rest of it."
        mark.message = mark.note
        run = await self.kernel.execute(code)
        mark.seconds += run.seconds
        self.note(name, "definitions", run)
        self.notice_reports(name, run)
        # What fails in them is told by the tests.
        return run if run.lost else replace(failed, status=CellStatus.ERROR, reason="")

    def notice_reports(self, name: str, run: CellRun) -> None:
        """Tell of reports in a cell that is no test: they count for nothing."""
        if run.sent:
            self.kernel.incidents.append(f"{name}: It reported values outside its test.")

    def keep_rest(self, name: str, answer: Prepared) -> None:
        """Keep the helpers in the cell of a lost answer, for fresh kernels: a later TODO may call
        them."""
        if answer.rest:
            self.kernel.keep(f"helpers beside {name}", answer.rest)

    async def prepared(self, name: str) -> Prepared:
        """A student's answer as it is run; without any code if there is none."""
        if name in self.answers.untouched:
            return Prepared("")
        source, todo = self.answers.answers.get(name, ""), self.exam.todos[name]
        names = frozenset(todo.names)
        return await self.ask(
            reading_aside.prepare_answer, source, todo.reference, names, self.shared
        )

    async def ask(self, function: Callable[..., Value], *arguments: Any) -> Value:
        """Let the submission's worker do something; that is not on the student's clock."""
        started = time.monotonic()
        try:
            return await self.aside.call(function, *arguments)
        finally:
            self.kernel.not_charged += time.monotonic() - started

    async def judge(self, name: str, run: CellRun, answer: Prepared) -> Judgement:
        """What the student's worker makes of the reports on one TODO."""
        return await self.ask(
            reading_aside.judge,
            self.key.todos[name],
            run,
            answer,
            self.around(answer.code),
            self.context.trusted,
        )

    def around(self, *codes: str) -> Around:
        """What messages may know of the student's other cells."""
        own = [*codes, *(cell.code for cell in self.kernel.history if cell.own)]
        names: set[str] = set()
        for cells in self.added.values():
            names = names.union(*(added.names for added in cells))
        return Around(frozenset(map(cell_number, own)), frozenset(names))

    async def test(self, step: Step) -> None:
        """Run a hidden test on the student's answer, and judge what it reports."""
        name, mark = step.name, self.marks[step.name]
        if name not in self.answered:
            return
        answer, answered = self.answered.pop(name)
        if not self.kernel.keeps(name):
            # A replay has put the reference in its place since, and that earns nothing.
            mark.state, mark.message = TodoState.KILLED, "Your code ended its process."
            return
        if self.only is not None and name not in self.only:
            return
        run = await self.kernel.execute(test_code(step))
        mark.seconds += run.seconds
        self.note(name, "test", run)
        judgement = await self.judge(name, run, answer)
        mark.cases = list(judgement.cases)
        self.kernel.incidents += [f"{name}: {text}" for text in judgement.incidents]
        if not run.lost and all(case.passed for case in mark.cases):
            mark.state, mark.message = TodoState.CORRECT, mark.note
            if answer.unsettles:
                await self.kernel.must_run("settings", SETTLE)
            return
        # From here on the answer is wrong: later TODOs get the reference. A fresh kernel is needed
        # only if more may be left than the names that the reference binds again.
        self.kernel.leave_out(name)
        if not judgement.incidents:
            self.keep_rest(name, answer)
        if run.lost:
            self.lost(name, run)
        else:
            mark.state = state_of(judgement, run, answered)
        if run.lost or judgement.incidents or answer.meddles:
            await self.kernel.fresh()
        await self.reference(name)

    async def reference(self, name: str) -> None:
        """Run the reference answer, so that later TODOs do not suffer from this one."""
        await self.kernel.must_run(name, self.references[name])

    async def extras(self, after: str | None) -> None:
        """Cells that the student added: what defines something that is needed, so that helpers are
        there and experiments are not."""
        for added in self.added.get(after, ()):
            if not added.code:
                continue
            self.look_at(f"cell after {after}", added.flags)
            await self.extra(after, added)
            if added.unsettles:
                await self.kernel.must_run("settings", SETTLE)

    async def extra(self, after: str | None, added: Prepared) -> None:
        """Run one cell that the student added, or its definitions alone if it does not end."""
        name = f"cell after {after}"
        codes = [added.code, added.fallback] if added.is_shorter else [added.code]
        reason = "the time for added cells was used up"
        for code in filter(None, codes):
            if self.extra_seconds <= 0:
                break
            limit = min(self.context.limits.extra_cell_seconds, self.extra_seconds)
            run = await self.kernel.execute(code, limit)
            self.extra_seconds -= run.seconds
            self.note(name, "extra", run)
            if not run.lost:
                self.kernel.keep(name, code)
                if code != added.code:
                    self.left_out(after, f"all but its definitions was left out: {reason}.")
                return
            reason = run.reason
            await self.kernel.fresh()
        self.left_out(after, f"it was left out: {reason}.")

    def left_out(self, after: str | None, what: str) -> None:
        """Tell that a cell which the student added was not run as it is."""
        self.kernel.incidents.append(f"A cell that the student added after {after}: {what}")

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

    def look_at(self, name: str, flags: tuple[str, ...]) -> None:
        """Tell the instructor what is worth a look."""
        self.kernel.incidents += [f"{name}: reaches for {what}: look at it." for what in flags]

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
