"""The grader's end of the fork server: start it once, ask it for kernels, learn when they end.

A thread reads what the server sends and completes futures: one for the server's start, one for each
kernel that was asked for, one for each kernel's end.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.model.errors import AutograderError
from autograder.sandbox.isolation import SandboxSettings

__all__ = ["WarmProcess", "WarmServer"]

START_SECONDS = 180
"""How long the imports of a server may take."""

SPAWN_SECONDS = 30
"""How long a fork may take, with the building of its sandbox begun."""

ENVIRONMENT = {
    "HOME": "/tmp/home",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/home",
    "IPYTHONDIR": "/tmp/home",
    "KERAS_HOME": "/tmp/home",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # the same rounding on every processor, and no search for graphs to rewrite
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONHASHSEED": "0",
    "LABKIT_BUDGET": "quick",
    "LABKIT_PLAIN": "1",
}
"""The whole environment of a student's process; nothing of the grader's own goes there."""


@dataclass
class WarmProcess:
    """One forked kernel.

    Attributes:
        pid: process id of its monitor, by which the server knows it.
        kernel: process id of the kernel itself; 0 when its sandbox could not be built.
        exited: holds the monitor's exit status when the kernel has ended.
    """

    pid: int
    kernel: int = 0
    exited: Future[int] = field(default_factory=Future)


class WarmServer:
    """A running fork server. Use as a context manager, or call :meth:`stop`.

    It starts at once and in the background: only :meth:`wait_ready` and :meth:`spawn` wait for its
    imports. ``start_seconds`` tells how long they took.

    Args:
        modules: what is imported and prepared before the first fork: ``module``,
            ``module:attribute`` or ``module:function()``
            (:func:`autograder.sandbox.fork_server.warm_up`).
    """

    def __init__(self, modules: tuple[str, ...] = ()) -> None:
        self.modules = modules
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        (self.folder / "root").mkdir()
        self._log = (self.folder / "server.log").open("wb")
        self._numbers = itertools.count(1)
        self._spawning: dict[int, Future[WarmProcess]] = {}
        self._running: dict[int, WarmProcess] = {}
        self._ready: Future[int] = Future()
        self._begun = time.monotonic()
        self.start_seconds = 0.0
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        # -I: neither the current folder nor the user's own packages and PYTHON... variables.
        command = [sys.executable, "-I", "-m", "autograder.sandbox.fork_server"]
        self._process = subprocess.Popen(
            [*command, str(self.folder), *modules],
            stdin=theirs.fileno(),
            stdout=self._log,
            stderr=self._log,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        theirs.close()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> WarmServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def alive(self) -> bool:
        """Whether the server's process is still running."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until the imports are done.

        Raises:
            AutograderError: the server has ended, with the last line of its log.
        """
        try:
            self._ready.result(timeout=START_SECONDS)
        except Exception as error:
            reason = self.last_log_line()
            raise AutograderError(f"The fork server did not start: {reason}") from error

    def new_socket_folder(self) -> Path:
        """A new folder for the sockets between one kernel and the grader.

        Anybody may write to it: the kernel binds its sockets as a user of its own. When it has, the
        folder becomes read-only in the kernel's view.
        """
        folder = self.folder / f"k{next(self._numbers)}"
        folder.mkdir()
        folder.chmod(0o777)
        return folder

    def spawn(
        self, connection_file: str, settings: SandboxSettings, environment: dict[str, str]
    ) -> WarmProcess:
        """Fork a kernel in a sandbox.

        Args:
            connection_file: where the kernel listens, as Jupyter writes it.
            settings: what the sandbox allows.
            environment: adds to :data:`ENVIRONMENT`.

        Raises:
            AutograderError: the server has ended, with the last line of its log.
        """
        self.wait_ready()
        number = next(self._numbers)
        future: Future[WarmProcess] = Future()
        self._spawning[number] = future
        request = {
            "spawn": number,
            "connection_file": connection_file,
            "sandbox": settings.to_json(),
            "environment": {**ENVIRONMENT, **environment},
        }
        self._send(request)
        try:
            return future.result(timeout=SPAWN_SECONDS)
        except Exception as error:
            reason = self.last_log_line()
            raise AutograderError(f"The fork server gave no kernel: {reason}") from error

    def signal(self, process: WarmProcess, number: int) -> None:
        """Send a signal to a kernel; nothing happens if it has ended."""
        if not process.exited.done():
            with contextlib.suppress(OSError):
                self._send({"kill": process.pid, "signal": int(number)})

    def stop(self) -> None:
        """End every kernel and the server, and remove their folder."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _send(self, message: dict[str, Any]) -> None:
        # Kernels are asked for from several threads: one message at a time.
        with self._lock:
            self._control.sendall(json.dumps(message).encode() + b"\n")

    def _listen(self) -> None:
        """In a thread: take in what the server sends, until it has ended."""
        with contextlib.suppress(OSError, ValueError):
            for line in self._control.makefile("rb"):
                self._take(json.loads(line))
        # From here on nothing more is coming: whatever is still open fails.
        gone = AutograderError("the fork server has ended")
        waiting: list[Future[Any]] = [self._ready, *self._spawning.values()]
        for future in waiting:
            if not future.done():
                future.set_exception(gone)
        for process in list(self._running.values()):
            if not process.exited.done():
                process.exited.set_result(-1)

    def _take(self, message: dict[str, Any]) -> None:
        """Complete the future that a message is about."""
        if "ready" in message:
            self.start_seconds = time.monotonic() - self._begun
            self._ready.set_result(message["pid"])
        elif "spawned" in message:
            process = WarmProcess(message["pid"], message["kernel"])
            self._running[process.pid] = process
            self._spawning.pop(message["spawned"]).set_result(process)
        elif "exited" in message:
            process = self._running.pop(message["exited"])
            process.exited.set_result(message["status"])

    def last_log_line(self) -> str:
        """The last line of the server's log."""
        with contextlib.suppress(OSError, ValueError):
            self._log.flush()
        try:
            lines = (self.folder / "server.log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else f"no message (exit status {self._process.poll()})"
