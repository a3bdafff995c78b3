"""The grader's end of the workers that read and judge what students wrote.

:class:`Aside` is one worker, for one submission. The grader hands it data and waits, with a limit
of time; it looks at nothing of it. What comes back is taken apart by an unpickler that knows the
grader's own plain records and nothing else.
"""

from __future__ import annotations

import asyncio
import io
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, EnumType
from typing import Any, TypeVar

from autograder.model.errors import AutograderError, ContentError, NotGradable
from autograder.sandbox import aside_server
from autograder.sandbox.warm_server import ENVIRONMENT

__all__ = ["WALL_SECONDS", "Aside", "AsideServer", "TooCostlyError", "open_aside"]

Value = TypeVar("Value")

WALL_SECONDS = 60.0
"""How long one call may take. A worker that computes ends long before, at the limit of its
processor's time; this is for one that does not get a processor."""

START_SECONDS = 60.0
MAX_ANSWER = 128 * 2**20
MODULES = (
    "scipy.special",
    "IPython.core.inputtransformer2",
    "autograder.running.reading_aside",
)
RECORDS = "autograder.model."
"""Classes that may come back stand in these modules."""

TOO_LONG = "Reading what was handed in, or what the code reported, took too long"
TOO_LARGE = "Reading what was handed in, or what the code reported, took too much memory"
ADVICE = "Remove pasted data, and hand it in again."


class TooCostlyError(NotGradable):
    """A worker died of what it had to read, or was not done in time."""


class AsideServer:
    """A running server of workers.

    Args:
        level: the sandbox level; "none" has limits only.
    """

    def __init__(self, level: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the server lives
        self._control, theirs = socket.socketpair()
        self._lock = threading.Lock()
        self._ready = False
        command = [sys.executable, "-I", "-m", "autograder.sandbox.aside_server", level, *MODULES]
        self.process = subprocess.Popen(
            command, stdin=theirs.fileno(), stdout=self._log, stderr=self._log,
            env=ENVIRONMENT, start_new_session=True,
        )  # fmt: skip
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether its process is running."""
        return self.process.poll() is None

    def connect(self) -> socket.socket:
        """The socket of a new worker.

        Raises:
            AutograderError: if the server has ended, with the last line that it wrote.
        """
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            try:
                if not self._ready:
                    self._control.settimeout(START_SECONDS)
                    self._ready = self._control.recv(5) == b"ready"
                if self._ready:
                    socket.send_fds(self._control, [b"w"], [theirs.fileno()])
                    return ours
            except OSError:
                pass
        ours.close()
        raise AutograderError(f"The worker that reads submissions did not start: {self._said()}")

    def _said(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"no message (exit status {self.process.poll()})"

    def stop(self) -> None:
        """End the server; its workers end with their calls."""
        self._control.close()
        self.process.wait()


_servers: dict[str, AsideServer] = {}
_starting = threading.Lock()


def open_aside(level: str) -> Aside:
    """A worker for one submission; the first one starts the server."""
    with _starting:
        server = _servers.get(level)
        if server is None or not server.alive:
            server = _servers[level] = AsideServer(level)
    return Aside(server)


class Aside:
    """One worker, forked when it is first called. Close it: use ``with``."""

    def __init__(self, server: AsideServer) -> None:
        self._server = server
        self._link: socket.socket | None = None
        self._thread: ThreadPoolExecutor | None = None

    def __enter__(self) -> Aside:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._link is not None:
            self._link.close()
        if self._thread is not None:
            self._thread.shutdown(wait=False)

    async def call(self, function: Callable[..., Value], *arguments: Any) -> Value:
        """As :meth:`call_now`, without holding up the event loop."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "aside")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self.call_now, function, *arguments)

    def call_now(self, function: Callable[..., Value], *arguments: Any) -> Value:
        """Let the worker call a function of a module.

        Raises:
            TooCostlyError: if it has died, or is not done in time.
            NotGradable, ContentError: as the function raised it.
            AutograderError: if the function raised anything else.
        """
        if self._link is None:
            self._link = self._server.connect()
            self._link.settimeout(WALL_SECONDS)
        try:
            aside_server.send(self._link, pickle.dumps((function, arguments)))
            answer = aside_server.receive(self._link, MAX_ANSWER)
        except (EOFError, OSError) as error:
            raise TooCostlyError(f"{TOO_LONG}. {ADVICE}") from error
        kind, value = _Records(io.BytesIO(answer)).load()
        if kind == "done":
            return value
        raise _error(kind, value)


def _error(kind: str, value: Any) -> AutograderError:
    """The error that a worker told of."""
    if kind == "memory":
        return TooCostlyError(f"{TOO_LARGE}. {ADVICE}")
    if kind == "not gradable":
        return NotGradable(value)
    if kind == "content":
        return ContentError(*value)
    return AutograderError(str(value))


class _Records(pickle.Unpickler):
    """Makes plain values and the records of the package ``model``, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member
        found = super().find_class(module, name) if module.startswith(RECORDS) else None
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no record")
        return found


def _member(kind: Any, name: str) -> Enum:
    """A member of an enumeration: Python before 3.11.4 sends it as ``getattr(kind, name)``."""
    if not isinstance(kind, EnumType):
        raise pickle.UnpicklingError(f"{kind!r} is no enumeration")
    member: Enum = kind[name]
    return member
