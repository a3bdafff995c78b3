"""The ground an exam stands on: a kernel, and everything that has to be run again when a fresh one
is needed.

Cells of ours work unless a student's code has spoilt the kernel; :meth:`Ground.must_run` makes sure
of it, in the worst case by leaving out all that the student wrote.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.model.cell_run import CellRun
from autograder.model.errors import AutograderError, ContentError
from autograder.running.session import Session
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits

__all__ = ["Done", "Ground", "Place", "TimeIsUpError"]

ATTEMPTS = 3


@dataclass(frozen=True)
class Place:
    """Where exams are run: the fork server, the sandbox level, the limits, what students may read,
    and what never."""

    server: WarmServer
    level: str
    limits: Limits
    visible: tuple[Path, ...]
    trusted: Path
    hidden: tuple[Path, ...] = ()

    def session(self) -> Session:
        """A new kernel for a student's code."""
        return Session(
            self.server,
            level=self.level,
            limits=self.limits,
            visible=self.visible,
            hidden=self.hidden,
        )


@dataclass(frozen=True)
class Done:
    """A cell that stands: it is run again in every fresh kernel. ``own``: the student wrote it."""

    name: str
    code: str
    own: bool = False


class TimeIsUpError(Exception):
    """The submission has used all its time."""


class Ground:
    """The kernel of one submission. ``references`` take the place of answers that cannot stand."""

    def __init__(self, lab: str, place: Place, references: Mapping[str, str]) -> None:
        self.lab, self.place, self.references = lab, place, references
        self.history: list[Done] = []
        self.incidents: list[str] = []
        self.session: Session | None = None
        self.started = time.monotonic()
        self.cell_seconds = 0.0

    async def close(self) -> None:
        if self.session is not None:
            session, self.session = self.session, None
            await session.__aexit__()

    async def execute(self, code: str, seconds: float | None = None) -> CellRun:
        """Run one cell within ``seconds`` (default: a TODO's limit) and what is left of the
        submission's time."""
        assert self.session is not None
        limits = self.place.limits
        left = self.started + limits.submission_seconds - time.monotonic()
        if left <= 0:
            raise TimeIsUpError
        run = await self.session.run(code, min(seconds or limits.todo_seconds, left))
        self.cell_seconds += run.seconds
        return run

    async def must_run(self, name: str, code: str) -> None:
        """Run a cell of ours, and let it stand."""
        for attempt in range(ATTEMPTS):
            run = await self.execute(code, self.place.limits.submission_seconds)
            if run.status == "ok":
                self.history.append(Done(name, code))
                return
            if attempt == 0:
                await self.fresh()
            elif self.holds_own():
                self.incidents.append(
                    f"{name}: our code failed after the student's code, which was left out."
                )
                self.history = [self.sound(done) for done in self.history]
                await self.fresh()
            else:
                break
        cause = run.reason or f"{run.error.get('type')}: {run.error.get('text')}"
        if run.lost:
            raise AutograderError(f"{name} of {self.lab} ends its kernel: {cause}")
        raise ContentError(f"{name} of {self.lab} fails: {cause}")

    async def fresh(self) -> None:
        """A new kernel in which everything that stands has been run again; what breaks it then
        stands no more."""
        number: int | None = 0
        while number is not None:
            await self.close()
            self.session = await self.place.session().__aenter__()
            number = await self.replay()
            if number is not None:
                self.give_way(number)

    async def replay(self) -> int | None:
        """Run everything that stands; the place of what ended the kernel, if something did."""
        for number, done in enumerate(self.history):
            run = await self.execute(
                done.code, None if done.own else self.place.limits.submission_seconds
            )
            if run.lost:
                return number
        return None

    def give_way(self, number: int) -> None:
        """What broke the kernel when it was run again is left out: it, or, if it is ours, the
        student's code before."""
        name = self.history[number].name
        self.incidents.append(f"{name}: behaved differently when it was run again.")
        suspected = [number] if self.history[number].own else range(number)
        if not any(self.history[i].own for i in suspected):
            raise AutograderError(
                f"{name} of {self.lab} ends its kernel without any student's code before it"
            )
        for i in suspected:
            self.history[i] = self.sound(self.history[i])

    def stand(self, name: str, code: str) -> None:
        """Let a student's cell, which has been run, stand."""
        self.history.append(Done(name, code, own=True))

    def stands(self, name: str) -> bool:
        """Whether the student's own answer is what stands, and not the reference in its place."""
        return any(done.own for done in self.history if done.name == name)

    def leave_out(self, name: str) -> None:
        """A student's cell stands no more; what it did in this kernel stays until there is a fresh
        one."""
        self.history = [done for done in self.history if not (done.own and done.name == name)]

    def holds_own(self) -> bool:
        return any(done.own for done in self.history)

    def sound(self, done: Done) -> Done:
        """What stands in the place of a student's cell that had to give way."""
        return Done(done.name, self.references.get(done.name, "pass")) if done.own else done
