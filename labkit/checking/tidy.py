"""Check cells leave nothing behind: what they bind is gone, or as it was, when they are over."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from labkit.checking.placeholders import stored_names

__all__ = ["tidy_after"]


class _Tidy:
    """The names that the running cell binds, and their values from before."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.bound: set[str] = set()
        self.before: dict[str, Any] = {}
        shell.events.register("post_run_cell", self.finish)

    def watch(self, names: set[str]) -> None:
        """Keep the values of names that are about to be bound for the first time."""
        there = self.shell.user_ns
        new = names - self.bound
        self.before.update({name: there[name] for name in new if name in there})
        self.bound |= new

    def finish(self, *_: Any) -> None:
        """The cell is over: let its names be as they were."""
        global _running
        self.shell.events.unregister("post_run_cell", self.finish)
        for name in self.bound:
            self.shell.user_ns.pop(name, None)
        self.shell.user_ns.update(self.before)
        _running = None


_running: _Tidy | None = None


def tidy_after(frame: FrameType) -> None:
    """Let the names that a cell of the notebook binds be as they were, once the cell is over.

    IPython runs a cell statement by statement: call it with the frame of each, before that has
    bound anything. Outside notebooks nothing happens, nor inside functions.
    """
    global _running
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or frame.f_globals is not shell.user_ns:
        return
    _running = _running or _Tidy(shell)
    _running.watch(stored_names(frame.f_code))
