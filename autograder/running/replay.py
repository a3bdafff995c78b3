"""The kernel of one submission, and everything that is run again when a fresh one is needed.

Cells of ours work unless a student's code has spoilt the kernel. :meth:`ReplayableKernel.must_run`
makes sure of it, in the worst case by leaving out all that the student wrote.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.errors import AutograderError, ContentError
from autograder.running.loop_watch import stalled_seconds
from autograder.running.run_context import RunContext
from autograder.running.session import Session

__all__ = ["KeptCell", "ReplayableKernel", "TimeIsUpError"]

ATTEMPTS = 3


@dataclass(frozen=True)
class KeptCell:
    """A cell that is run again in every fresh kernel. ``own``: the student wrote it."""

    name: str
    code: str
    own: bool = False


class TimeIsUpError(Exception):
    """The submission has used all its time."""


class ReplayableKernel:
    """The kernel of one submission. ``references`` take the place of answers that are left out."""

    def __init__(self, lab: str, context: RunContext, references: Mapping[str, str]) -> None:
        self.lab, self.context, self.references = lab, context, references
        self.history: list[KeptCell] = []
        self.incidents: list[str] = []
        self.session: Session | None = None
        self.started = time.monotonic()
        self.stalled = stalled_seconds()
        self.cell_seconds = 0.0
        self.not_charged = 0.0  # in which the grader was at work

    async def close(self) -> None:
        """End the kernel, if there is one."""
        if self.session is not None:
            session, self.session = self.session, None
            await session.__aexit__()

    async def execute(self, code: str, seconds: float | None = None) -> CellRun:
        """Run one cell within ``seconds`` (default: a TODO's limit) and what is left of the
        submission's time.

        Raises:
            TimeIsUpError: if nothing is left.
        """
        assert self.session is not None
        limits = self.context.limits
        left = limits.submission_seconds - self.spent()
        if left <= 0:
            raise TimeIsUpError
        run = await self.session.run(code, min(seconds or limits.todo_seconds, left))
        self.cell_seconds += run.seconds
        return run

    def spent(self) -> float:
        """Seconds of the submission's time: without the grader's own work and its stalls."""
        passed = time.monotonic() - self.started
        return passed - self.not_charged - (stalled_seconds() - self.stalled)

    async def must_run(self, name: str, code: str) -> None:
        """Run a cell of ours, and keep it.

        Raises:
            AutograderError: if it ends its kernel even without any student's code before it.
            ContentError: if it fails without any.
        """
        for attempt in range(ATTEMPTS):
            run = await self.execute(code, self.context.limits.submission_seconds)
            if run.status is CellStatus.OK:
                self.history.append(KeptCell(name, code))
                return
            if attempt == 0:
                # What the student's code did to this kernel is gone in a fresh one, unless the
                # same cells do it again.
                await self.fresh()
            elif self.holds_own():
                # They do: leave out all that the student wrote.
                self.incidents.append(
                    f"{name}: our code failed after the student's code, which was left out."
                )
                self.history = [self.replacement(cell) for cell in self.history]
                await self.fresh()
            else:
                break
        if run.lost:
            raise AutograderError(f"{name} of {self.lab} ends its kernel: {run.cause}")
        raise ContentError(f"{name} of {self.lab} fails: {run.cause}")

    async def fresh(self) -> None:
        """A new kernel in which everything that is kept has been run again; what ends it then is
        left out."""
        number: int | None = 0
        while number is not None:
            await self.close()
            self.session = await self.context.session().__aenter__()
            number = await self.replay()
            if number is not None:
                self.leave_out_at(number)

    async def replay(self) -> int | None:
        """Run everything that is kept; the index of what ended the kernel, if something did."""
        for number, cell in enumerate(self.history):
            limit = None if cell.own else self.context.limits.submission_seconds
            run = await self.execute(cell.code, limit)
            if run.lost:
                return number
        return None

    def leave_out_at(self, number: int) -> None:
        """Leave out what ended the kernel when it was run again: that cell, or, if it is ours, the
        student's code before it."""
        name = self.history[number].name
        self.incidents.append(f"{name}: behaved differently when it was run again.")
        blamed = [number] if self.history[number].own else range(number)
        if not any(self.history[index].own for index in blamed):
            raise AutograderError(
                f"{name} of {self.lab} ends its kernel without any student's code before it"
            )
        for index in blamed:
            self.history[index] = self.replacement(self.history[index])

    def keep(self, name: str, code: str) -> None:
        """Keep a student's cell, which has been run."""
        self.history.append(KeptCell(name, code, own=True))

    def keeps(self, name: str) -> bool:
        """Whether the student's own answer is kept, and not the reference in its place."""
        return any(cell.own for cell in self.history if cell.name == name)

    def leave_out(self, name: str) -> None:
        """Keep a student's cell no more; what it did in this kernel stays until there is a fresh
        one."""
        self.history = [cell for cell in self.history if not (cell.own and cell.name == name)]

    def holds_own(self) -> bool:
        """Whether any cell of the student is kept."""
        return any(cell.own for cell in self.history)

    def replacement(self, cell: KeptCell) -> KeptCell:
        """What is kept in the place of a student's cell that is left out."""
        return KeptCell(cell.name, self.references.get(cell.name, "pass")) if cell.own else cell
