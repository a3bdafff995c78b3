"""The fork server: a process that has imported the heavy libraries and turns each request into a fresh kernel.

Importing TensorFlow costs about ten seconds of processor time; a fork of a process that has imported it, and has run no
operation of it, costs milliseconds. Run as ``python -m autograder.kernels.forkserver`` with a socket as standard
input; speaks one JSON object per line:

    {"spawn": 7, "connection_file": "/…/kernel.json", "walls": {…}, "environment": {…}}   -> {"spawned": 7, "pid": 4711}
    {"kill": 4711, "signal": 9}
                                                              -> {"exited": 4711, "status": -9, "reason": ""}

Nothing secret may ever be loaded here: students' processes inherit this memory.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from autograder.kernels import linux, sandbox

__all__ = ["main"]

WATCH_SECONDS = 0.1
"""How often the memory of the processes behind one wall is added up."""

OVER_MEMORY = 97
"""Exit status of a monitor that ended its sandbox for using too much memory."""

SETUP_FAILED = 98
"""Exit status of a sandbox that could not be built."""


class ForkServer:
    """Reads requests from ``control``, forks, and reports who ended."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pending = b""
        self.selector = selectors.DefaultSelector()
        self.monitors: dict[int, tuple[int, int]] = {}  # monitor pid -> (its pidfd, kernel pid)
        self.slots: dict[int, int] = {}

    def send(self, message: dict[str, Any]) -> None:
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def serve(self) -> None:
        """Until the other side closes."""
        self.selector.register(self.control, selectors.EVENT_READ, None)
        self.send({"ready": True, "pid": os.getpid()})
        while True:
            for key, _ in self.selector.select():
                if key.data is not None:
                    self.reap(key.data)
                elif not self.request():
                    self.end_all()
                    return

    def end_all(self) -> None:
        for _, kernel in self.monitors.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGKILL)

    def request(self) -> bool:
        """Carry out what has arrived; False when the grader has gone."""
        data = self.control.recv(2**16)
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "spawn" in message:
                self.spawn(message)
            elif message["kill"] in self.monitors:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.monitors[message["kill"]][1], message["signal"])
        return bool(data)

    def spawn(self, message: dict[str, Any]) -> None:
        slot = next(number for number in range(1, 1000) if number not in self.slots.values())
        ours, theirs = socket.socketpair()
        monitor = os.fork()
        if monitor == 0:
            ours.close()
            self.forget()
            Monitor(theirs, message).run()
        theirs.close()
        kernel = monitor
        try:
            if ours.recv(16) == b"unshared":
                for name in ("gid_map", "uid_map") if os.getuid() == 0 else ():
                    Path(f"/proc/{monitor}/{name}").write_text(sandbox.inner_ids(slot))
            ours.sendall(b"mapped")
            kernel = int(ours.recv(16) or monitor)
        except (OSError, ValueError):
            pass  # the monitor has ended; its exit status tells why
        finally:
            ours.close()
        handle = os.pidfd_open(monitor)
        self.slots[monitor] = slot
        self.monitors[monitor] = (handle, kernel)
        self.selector.register(handle, selectors.EVENT_READ, monitor)
        self.send({"spawned": message["spawn"], "pid": monitor, "kernel": kernel})

    def forget(self) -> None:
        """In a child: close what only the server may hold."""
        for handle, _ in self.monitors.values():
            os.close(handle)
        self.selector.close()
        self.control.close()

    def reap(self, monitor: int) -> None:
        handle, _ = self.monitors.pop(monitor)
        self.selector.unregister(handle)
        os.close(handle)
        self.slots.pop(monitor, None)
        _, status = os.waitpid(monitor, 0)
        self.send({"exited": monitor, "status": os.waitstatus_to_exitcode(status)})


class Monitor:
    """Outside the walls, beside one kernel: builds the namespaces, watches memory, passes on the exit status."""

    def __init__(self, server: socket.socket, message: dict[str, Any]) -> None:
        self.server = server
        self.walls = sandbox.Walls.from_json(message["walls"])
        self.connection_file = message["connection_file"]
        self.environment = message["environment"]
        self.kernel = 0

    def run(self) -> NoReturn:
        try:
            os.setsid()
            linux.set_parent_death_signal(signal.SIGTERM)
            if self.walls.level == "namespaces":
                self.unshare()
            else:
                self.server.sendall(b"no walls")
                self.server.recv(16)
            signal.signal(signal.SIGTERM, self.end)
            inside, outside = socket.socketpair()
            self.kernel = kernel = os.fork()
            if kernel == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                outside.close()
                self.server.close()
                self.start_kernel(inside)
            inside.close()
            self.server.sendall(str(kernel).encode())
            self.server.close()
            word = outside.recv(4000)
            if word == b"bound":
                if self.walls.level == "namespaces":
                    linux.set_read_only(Path(self.walls.exchange))
                outside.sendall(b"go")
            else:
                _say(word.decode("utf-8", "replace"))
            outside.close()
            os._exit(self.watch(kernel))
        except BaseException as error:
            _say(f"sandbox: {error}")
            os._exit(SETUP_FAILED)

    def unshare(self) -> None:
        """New namespaces; the map of user ids is written by the server where it is root, and here otherwise."""
        uid, gid = os.getuid(), os.getgid()
        linux.unshare_all()
        if uid != 0:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{sandbox.STUDENT} {uid} 1\n")
            Path("/proc/self/gid_map").write_text(f"{sandbox.STUDENT} {gid} 1\n")
        self.server.sendall(b"unshared")
        self.server.recv(16)

    def start_kernel(self, inside: socket.socket) -> NoReturn:
        """In the kernel's process: build the walls, become the student, bind the kernel's sockets, go."""
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nothing, number)
            if self.walls.level == "namespaces":
                sandbox.build_walls(self.walls)
                sandbox.drop_privileges(self.walls)
            else:
                linux.set_parent_death_signal(signal.SIGKILL)
                os.chdir(self.walls.exchange)
            os.environ.clear()
            os.environ.update(self.environment)
            run_kernel(self.connection_file, inside)
        except BaseException as error:
            inside.sendall(f"sandbox: {error}"[:2000].encode())
            os._exit(SETUP_FAILED)

    def end(self, *_: object) -> NoReturn:
        """The server has gone: nothing may stay behind."""
        if self.kernel:
            os.kill(self.kernel, signal.SIGKILL)
        os._exit(1)

    def watch(self, kernel: int) -> int:
        """Wait for the kernel; end it when everything behind the walls together uses too much memory."""
        limit = None
        while True:
            ended, status = os.waitpid(kernel, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
            if self.walls.level == "namespaces":
                used = _anonymous_kb()
                limit = used + self.walls.memory_mb * 1024 if limit is None else limit
                if used > limit:
                    os.kill(kernel, signal.SIGKILL)
                    os.waitpid(kernel, 0)
                    return OVER_MEMORY
            time.sleep(WATCH_SECONDS)


def run_kernel(connection_file: str, inside: socket.socket) -> NoReturn:
    """Become an IPython kernel; student code runs only after the monitor has closed the exchange folder."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp(connection_file=connection_file)
    app.initialize(["--HistoryManager.enabled=False", "--InteractiveShell.colors=NoColor"])
    inside.sendall(b"bound")
    inside.recv(16)
    inside.close()
    app.start()
    os._exit(0)


def _anonymous_kb() -> int:
    """Anonymous memory (KB) of every process that /proc shows: those behind this wall."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                status = (folder / "status").read_text()
                total += int(status.split("RssAnon:", 1)[1].split(None, 1)[0])
    return total


def _say(text: str) -> None:
    os.write(2, (text[:2000] + "\n").encode())


def main(modules: list[str]) -> None:
    """Import ``modules``, then serve. A module that cannot be imported is a clear line on standard error."""
    control = socket.socket(fileno=os.dup(0))
    for name in ["ipykernel.kernelapp", "ipykernel.ipkernel", *modules]:
        try:
            importlib.import_module(name)
        except ImportError as error:
            _say(f"The fork server cannot import {name}: {error}")
    gc.collect()
    gc.freeze()
    ForkServer(control).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
