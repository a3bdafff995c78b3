"""The lock of a workspace: one command at a time writes to it, whichever process or thread runs it.

nbgrader's gradebook and folders are written step by step; two commands at once would mix them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from filelock import FileLock, Timeout

from autograder.model.errors import ContentError
from autograder.workspace.course import Course
from autograder.workspace.migration import migrate
from autograder.workspace.workspace import Workspace

__all__ = ["workspace_lock"]


@contextlib.contextmanager
def workspace_lock(course: Course, command: str) -> Iterator[None]:
    """Have the workspace alone for ``command``.

    While another command has it, wait, and say for whom on standard error. A command that calls
    another does not wait for itself. The system frees the lock when its process ends, however it
    ends. A workspace of an older version is brought up to date first.

    Raises:
        ContentError: if the workspace cannot be written.
    """
    workspace = Workspace(course)
    # One object per path, with a state per thread: re-entrant in a thread, exclusive among them.
    lock = FileLock(workspace.lock, is_singleton=True)
    _acquire(lock, workspace)
    try:
        if lock.lock_counter == 1:  # the outermost command
            _sign(workspace, f"autograder {command}, process {os.getpid()}")
            migrate(course)
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, workspace: Workspace) -> None:
    try:
        workspace.root.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(
                f"Waiting for another command in this workspace ({_owner(workspace)}) ...",
                file=sys.stderr,
            )
            lock.acquire()
    except OSError as error:
        raise ContentError(
            f"The workspace {workspace.root} cannot be written: {error.strerror}."
        ) from error


def _owner(workspace: Workspace) -> str:
    """Who has the lock, as they have signed."""
    with contextlib.suppress(OSError):
        return workspace.lock_owner.read_text(encoding="utf-8")[:200].strip()
    return ""


def _sign(workspace: Workspace, text: str) -> None:
    """Say who has the lock; on a full disk it is had all the same.

    In a file of its own, because opening the lock's file empties it.
    """
    with contextlib.suppress(OSError):
        workspace.lock_owner.write_text(text, encoding="utf-8")
