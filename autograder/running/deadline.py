"""The deadline of a cell: its limit of wall time, without the time in which it waited for a
processor, and without the time in which the grader itself stood still.

A busy machine must not cost anybody a mark. Whoever crowds a processor with threads of their own
gains a little time by it, no more than twice the limit.
"""

from __future__ import annotations

import time
from pathlib import Path

from autograder.running.loop_watch import stalled_seconds

__all__ = ["Deadline"]

LATE_MESSAGES = 100
"""So many messages may still be read after the end, because this process was busy when they
came."""


class Deadline:
    """``seconds`` from now; ``pid`` is the process that is waited for, 0 if it is not known."""

    def __init__(self, seconds: float, pid: int) -> None:
        self.pid, self.most = pid, 2 * seconds
        self.end = time.monotonic() + seconds
        self.stalled = stalled_seconds()
        self.waited = _waited(pid)
        self.late = LATE_MESSAGES

    def left(self) -> float:
        """Seconds until the end; 0.1 for a while after it, then nothing."""
        left = self.end - time.monotonic() + stalled_seconds() - self.stalled
        if left <= 0:  # read only now: most cells end long before
            left += min(_waited(self.pid) - self.waited, self.most)
        if left <= 0:
            self.late -= 1
        return max(left, 0.1) if self.late > 0 else 0.0

    @property
    def over(self) -> bool:
        """Whether the end has come, waiting for a processor included."""
        return self.late < LATE_MESSAGES

    def shorten(self, seconds: float) -> None:
        """From now on at most ``seconds`` more."""
        self.end, self.waited = time.monotonic() + seconds, _waited(self.pid)
        self.stalled = stalled_seconds()


def _waited(pid: int) -> float:
    """Seconds in which the process could have run but had no processor."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
