"""Outside the walls, beside one kernel: builds the namespaces, watches what is used, passes on the
exit status."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import isolation as sandbox
from autograder.sandbox import linux
from autograder.sandbox.kernel import run_kernel

__all__ = ["OVER_MEMORY", "OVER_SOCKETS", "SETUP_FAILED", "Monitor", "say"]

WATCH_SECONDS = 0.1
"""How often the memory of the processes behind one wall is added up."""

OVER_MEMORY, OVER_SOCKETS, SETUP_FAILED = 125, 126, 127
"""Exit statuses of a monitor: too much memory, too many sockets, a sandbox that could not be
built."""

LAST_OWN_STATUS = 124
"""A kernel that ends itself with a greater exit status counts as having ended with this one."""

SOCKETS = 400
"""Sockets behind one wall: the system keeps up to 200 KB for each, charged to nobody. Fewer than
one process may open, or it could run out of them first and end in a crash that does not tell
why."""

CHARGED = re.compile(r"^(?:RssAnon|RssShmem|VmPTE):\s+(\d+)", re.MULTILINE)


class Monitor:
    """One kernel's guard. Runs in a process of its own, which the kernel cannot see."""

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
            if self.walls.walled:
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
                if self.walls.walled:
                    linux.set_read_only(Path(self.walls.exchange))
                outside.sendall(b"go")
            else:
                say(word.decode("utf-8", "replace"))
            outside.close()
            os._exit(self.watch(kernel))
        except BaseException as error:
            say(f"sandbox: {error}")
            os._exit(SETUP_FAILED)

    def unshare(self) -> None:
        """New namespaces; the map of user ids is written by the server where it is root, and here
        otherwise."""
        uid, gid = os.getuid(), os.getgid()
        alone = self.walls.level == "container"
        mapped_here = not alone and not sandbox.has_spare_ids()
        linux.unshare_all(user=not alone)
        if mapped_here:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{sandbox.STUDENT} {uid} 1\n")
            Path("/proc/self/gid_map").write_text(f"{sandbox.STUDENT} {gid} 1\n")
        self.server.sendall(b"own root" if alone else b"unshared")
        self.server.recv(16)

    def start_kernel(self, inside: socket.socket) -> NoReturn:
        """In the kernel's process: build the walls, become the student, bind the kernel's sockets,
        go."""
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nothing, number)
            if self.walls.walled:
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
        """Wait for the kernel; end it when everything behind the walls together uses too much."""
        handle = os.pidfd_open(kernel)
        limit = None
        while not select.select([handle], [], [], WATCH_SECONDS)[0]:
            if not self.walls.walled:
                continue
            used = _memory_kb()
            limit = used + self.walls.memory_mb * 1024 if limit is None else limit
            over = OVER_MEMORY if used > limit else OVER_SOCKETS if _sockets() > SOCKETS else 0
            if over:
                os.kill(kernel, signal.SIGKILL)
                os.waitpid(kernel, 0)
                return over
        code = os.waitstatus_to_exitcode(os.waitpid(kernel, 0)[1])
        return min(code, LAST_OWN_STATUS) if code >= 0 else 128 - code


def _memory_kb() -> int:
    """Memory (KB) of every process that /proc shows: those behind this wall. File pages are
    nobody's."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                total += sum(map(int, CHARGED.findall((folder / "status").read_text())))
    return total


def _sockets() -> int:
    """How many sockets there are behind this wall."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/1/net/sockstat").read_text().split(None, 3)[2])
    return 0


def say(text: str) -> None:
    """A line on standard error, which is the server's log."""
    os.write(2, (text[:2000] + "\n").encode())
