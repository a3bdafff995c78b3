"""Reading what strangers wrote in child processes, each with limits of memory and time of its own.

A child is a fork, so that starting one takes milliseconds and nothing has to be sent to it. What it
gives back is pickled: the child runs the grader's own code, with the grader's own rights. It is no
sandbox; it holds back what takes too much.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import resource
import select
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

__all__ = ["Failure", "Limits", "run_limited"]

T = TypeVar("T")

_MAX_ANSWER = 64 * 2**20
_NO_MEMORY = 3
"""The exit code of a child that ran out of memory."""


class Failure(StrEnum):
    """Why a child gave no answer, as the end of a sentence."""

    TIME = "took too long"
    MEMORY = "took too much memory"
    DEFECT = "came to an unexpected end"


@dataclass(frozen=True)
class Limits:
    """What one child may use.

    Attributes:
        memory: Bytes of address space beyond what the parent has.
        cpu_seconds: Time on the processor.
        seconds: Time on the clock, for a file system that hangs.
    """

    memory: int = 2 * 2**30
    cpu_seconds: int = 20
    seconds: float = 120


@dataclass
class _Child(Generic[T]):
    """A child at work: its process, and what it sent so far."""

    name: str
    pid: int
    pipe: int
    deadline: float
    sent: io.BytesIO = field(default_factory=io.BytesIO)
    overdue: bool = False


def run_limited(
    tasks: Iterable[tuple[str, Callable[[], T]]],
    limits: Limits | None = None,
    *,
    workers: int | None = None,
) -> Iterator[tuple[str, T | Failure]]:
    """Call every function in a child of its own; a failure of one is not felt by the others.

    Args:
        tasks: Names and functions; what a function gives back must be picklable.
        limits: What each child may use.
        workers: How many children run at a time; as many as there are processors by default.

    Yields:
        The name, and what the function gave back or why it did not, as they end.
    """
    limits = limits or Limits()
    waiting = iter(tasks)
    running: list[_Child[T]] = []
    try:
        while True:
            while len(running) < (workers or os.cpu_count() or 1):
                task = next(waiting, None)
                if task is None:
                    break
                running.append(_start(*task, limits))
            if not running:
                return
            for child in _ended(running):
                running.remove(child)
                yield child.name, _answer(child)
    finally:
        # Whoever stops listening (an error, Ctrl-C) leaves no process behind.
        for child in running:
            os.kill(child.pid, signal.SIGKILL)
            os.close(child.pipe)
            os.waitpid(child.pid, 0)


def _start(name: str, function: Callable[[], T], limits: Limits) -> _Child[T]:
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # Threads of numerical libraries: the child never calls them.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(ours)
            code = _work(function, theirs, limits)
        finally:
            os._exit(code)
    os.close(theirs)
    return _Child(name, pid, ours, time.monotonic() + limits.seconds)


def _work(function: Callable[[], T], pipe: int, limits: Limits) -> int:
    """The life of a child; gives its exit code."""
    _limit(limits)
    try:
        data = pickle.dumps(function())
        with os.fdopen(pipe, "wb") as file:
            file.write(data)
    except MemoryError:
        return _NO_MEMORY
    return 0


def _limit(limits: Limits) -> None:
    # Ctrl-C is for the parent, which ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    used = 0
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        used = pages * resource.getpagesize()
    wanted = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, used + limits.memory),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # Not every system has every limit.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, hard))


def _ended(running: list[_Child[T]]) -> list[_Child[T]]:
    """Wait for news; the children whose end of the pipe is closed, or whose time is up."""
    poll = select.poll()
    for child in running:
        poll.register(child.pipe, select.POLLIN | select.POLLHUP)
    first = min(child.deadline for child in running)
    ready = {pipe for pipe, _ in poll.poll(1000 * max(0.0, first - time.monotonic()))}
    ended = []
    for child in running:
        if child.pipe in ready:
            chunk = os.read(child.pipe, 2**20)
            child.sent.write(chunk)
            if not chunk:
                ended.append(child)
                continue
        child.overdue = time.monotonic() > child.deadline
        if child.overdue or child.sent.tell() > _MAX_ANSWER:
            os.kill(child.pid, signal.SIGKILL)
            ended.append(child)
    return ended


def _answer(child: _Child[Any]) -> Any:
    """What an ended child gave back, or why it did not."""
    os.close(child.pipe)
    status = os.waitpid(child.pid, 0)[1]
    if status == 0:
        return pickle.loads(child.sent.getvalue())
    if child.overdue or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return Failure.TIME
    # The system's own killer takes who uses most memory.
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if killed or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == _NO_MEMORY):
        return Failure.MEMORY
    return Failure.DEFECT
