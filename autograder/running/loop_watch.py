"""How long the grader's event loop has stood still: time that is on nobody's clock.

A limit of time is a promise to a student. When the grader itself is late (a defect of ours, a
machine that stands still), what it noticed too late was no fault of theirs.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar

__all__ = ["LoopWatch", "stalled_seconds", "watching"]

PERIOD = 0.1
GRACE = 0.15
"""So much later than asked a task may wake on any machine."""


class LoopWatch:
    """Wakes ten times a second, and adds up by how much it was late."""

    def __init__(self) -> None:
        self._total = 0.0
        self._woken = time.monotonic()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            self._total = self.seconds()
            self._woken = time.monotonic()

    def seconds(self) -> float:
        """All stalls up to now, one that has not been slept through included."""
        late = time.monotonic() - self._woken - PERIOD
        return self._total + (late if late > GRACE else 0.0)


_current: ContextVar[LoopWatch | None] = ContextVar("loop_watch", default=None)


@contextlib.asynccontextmanager
async def watching() -> AsyncIterator[LoopWatch]:
    """Watch the running loop; tasks made inside of it know of the watch."""
    watch = LoopWatch()
    task = asyncio.create_task(watch.run())
    token = _current.set(watch)
    try:
        yield watch
    finally:
        _current.reset(token)
        task.cancel()


def stalled_seconds() -> float:
    """The stalls of this loop so far; 0 where nobody watches."""
    watch = _current.get()
    return watch.seconds() if watch is not None else 0.0
