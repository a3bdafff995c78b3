"""Where and how exams are run: the fork server, the sandbox, its limits, and what may be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.running.session import Session
from autograder.sandbox.aside import Aside, open_aside
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits

__all__ = ["RunContext"]


@dataclass(frozen=True)
class RunContext:
    """All that an exam needs beside exam, key and answers.

    Attributes:
        server: The fork server, whose forks are the kernels.
        level: The sandbox level.
        limits: What one student's process may use.
        visible: What students may read.
        trusted: The folder of the lab's ``judges.py``, for the judge alone.
        hidden: What no student may read, wherever else it would show.
    """

    server: WarmServer
    level: str
    limits: Limits
    visible: tuple[Path, ...]
    trusted: Path
    hidden: tuple[Path, ...] = ()

    def aside(self) -> Aside:
        """A new worker that reads and judges what a student's code is and reports."""
        return open_aside(self.level)

    def session(self) -> Session:
        """A new kernel for a student's code."""
        return Session(
            self.server,
            level=self.level,
            limits=self.limits,
            visible=self.visible,
            hidden=self.hidden,
        )
