"""Commands that write to one workspace take turns, whichever process or thread they run in."""

from __future__ import annotations

import fcntl
import os
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from autograder.model.errors import ContentError
from autograder.workspace.course import Course

__all__ = ["turn"]

FILE = ".turn"

_threads: dict[str, threading.RLock] = defaultdict(threading.RLock)
_held: set[str] = set()


@contextmanager
def turn(course: Course, verb: str) -> Iterator[None]:
    """Have the workspace alone for ``verb``; wait while another command has it, and say so on
    standard error.

    The system gives the turn back when its process ends, however it ends. Raises
    :class:`ContentError` if the workspace cannot be written.
    """
    path = course.workspace / FILE
    with _threads[str(path)]:
        if str(path) in _held:  # a verb that calls another
            yield
            return
        try:
            course.workspace.mkdir(parents=True, exist_ok=True)
            file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise ContentError(
                f"The workspace {course.workspace} cannot be written: {error.strerror}."
            ) from error
        with file:
            _wait(file)
            _held.add(str(path))
            try:
                _sign(file, f"autograder {verb}, process {os.getpid()}")
                yield
            finally:
                _held.discard(str(path))


def _wait(file: IO[str]) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        print(
            f"Waiting for another command in this workspace ({file.read(200).strip()}) ...",
            file=sys.stderr,
        )
        fcntl.flock(file, fcntl.LOCK_EX)


def _sign(file: IO[str], text: str) -> None:
    """Say who has the turn; on a full disk it is had all the same."""
    try:
        file.seek(0)
        file.truncate()
        file.write(text)
        file.flush()
    except OSError:
        pass
