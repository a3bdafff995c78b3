"""One kernel's monitor: a process outside that sets up its sandbox, watches it, reports its end.

The fork server forks a monitor for each kernel. Then, in this order:

1. The monitor makes new namespaces. Where the fork server is root, it writes their map of user ids.
2. The monitor forks the kernel, which is pid 1 of the new pid namespace.
3. The kernel builds its file system, drops every privilege, binds its sockets, and reports "bound".
4. The monitor makes the folder of the sockets read-only, so that no student code can put other
   sockets in their place, and lets the kernel go on. Only now does the kernel take messages.
5. The monitor watches what is used. Its own exit status tells how the kernel ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import socket
from pathlib import Path
from typing import NoReturn

from autograder.sandbox import linux, user_ids
from autograder.sandbox.isolation import SandboxSettings
from autograder.sandbox.kernel import run_kernel
from autograder.sandbox.privileges import drop_privileges
from autograder.sandbox.root_folder import build_root

__all__ = ["NEEDS_IDS", "OVER_MEMORY", "OVER_SOCKETS", "SETUP_FAILED", "Monitor", "log_line"]

WATCH_SECONDS = 0.1
"""How often the memory of the processes in one sandbox is added up."""

OVER_MEMORY, OVER_SOCKETS, SETUP_FAILED = 125, 126, 127
"""Exit statuses of a monitor: too much memory, too many sockets, a sandbox that could not be
built."""

LAST_OWN_STATUS = 124
"""A kernel that ends itself with a greater exit status counts as having ended with this one."""

SOCKETS = 400
"""Sockets in one sandbox: the system keeps up to 200 KB for each, charged to nobody. Fewer than one
process may open, or it could run out of them first and end in a crash that does not tell why."""

CHARGED = re.compile(r"^(?:RssAnon|RssShmem|VmPTE):\s+(\d+)", re.MULTILINE)
"""Memory that a process has to itself, shared memory, and page tables. Pages of files are left out:
the system can drop them at any time."""

MAPPINGS_KB = 16 * 1024
"""What the system may keep for the mappings of one process, 65,530 at most. Nobody is charged for
it, and the monitor may not look at them: each process is charged with the most."""

NEEDS_IDS, NEEDS_NO_IDS = b"needs ids", b"needs no ids"
"""What a monitor tells the fork server about the map of user ids."""


class Monitor:
    """Sets up one sandbox and watches it, in a process of its own, which the kernel cannot see.

    Args:
        server: a socket to the fork server, for the time of the set-up.
        settings: what the sandbox allows.
        connection_file: the kernel's connection file, as Jupyter writes it.
        environment: the kernel's whole environment.
    """

    def __init__(
        self,
        server: socket.socket,
        settings: SandboxSettings,
        connection_file: str,
        environment: dict[str, str],
    ) -> None:
        self.server = server
        self.settings = settings
        self.connection_file = connection_file
        self.environment = environment
        self.kernel = 0

    def run(self) -> NoReturn:
        """Set up, watch, and exit with a status that tells how the kernel ended."""
        try:
            os.setsid()
            # The fork server's death ends the monitor, and the monitor's death ends the kernel.
            linux.set_parent_death_signal(signal.SIGTERM)
            self._make_namespaces()
            signal.signal(signal.SIGTERM, self._end)
            report = self._fork_kernel()
            self._wait_bound(report)
            os._exit(self._watch())
        except BaseException as error:
            log_line(f"sandbox: {error}")
            os._exit(SETUP_FAILED)

    def _make_namespaces(self) -> None:
        """Enter new namespaces, and see to it that their user ids are mapped.

        An unshared pid namespace is entered by children only: the kernel is its pid 1, and when
        pid 1 ends, the system kills everything else in it.
        """
        # What the old namespace knows has to be asked before it is left.
        uid, gid = os.getuid(), os.getgid()
        own_users = self.settings.level == "namespaces"
        spare_ids = own_users and user_ids.has_spare_ids()
        if self.settings.isolated:
            linux.unshare_all(user=own_users)
        if own_users and not spare_ids:
            user_ids.map_own_ids(uid, gid)
        self.server.sendall(NEEDS_IDS if spare_ids else NEEDS_NO_IDS)
        self.server.recv(16)  # the server has written the map, where it has to

    def _fork_kernel(self) -> socket.socket:
        """Fork the kernel and tell the server its process id; the socket on which it reports."""
        inside, outside = socket.socketpair()
        self.kernel = os.fork()
        if self.kernel == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            outside.close()
            self.server.close()
            self._start_kernel(inside)
        inside.close()
        self.server.sendall(str(self.kernel).encode())
        self.server.close()
        return outside

    def _start_kernel(self, monitor: socket.socket) -> NoReturn:
        """In the kernel's process: build the sandbox, become the student, run the kernel."""
        try:
            # Changing the user takes this away; it is said again after that.
            linux.set_parent_death_signal(signal.SIGKILL)
            # The server's log is not for students.
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(nothing, number)
            if self.settings.isolated:
                build_root(self.settings)
                drop_privileges(self.settings)
            else:
                linux.set_parent_death_signal(signal.SIGKILL)
                os.chdir(self.settings.socket_folder)
            os.environ.clear()
            os.environ.update(self.environment)
            run_kernel(self.connection_file, monitor)
        except BaseException as error:
            monitor.sendall(f"sandbox: {error}"[:2000].encode())
            os._exit(SETUP_FAILED)

    def _wait_bound(self, kernel: socket.socket) -> None:
        """Once the kernel has bound its sockets, close their folder and let it go on."""
        report = kernel.recv(4000)
        if report == b"bound":
            if self.settings.isolated:
                # The path is the one inside: pivot_root, called by the kernel, has moved every
                # process of this mount namespace to the new root, the monitor with it.
                linux.set_read_only(Path(self.settings.socket_folder))
            kernel.sendall(b"go")
        else:
            log_line(report.decode("utf-8", "replace"))
        kernel.close()

    def _end(self, *_: object) -> NoReturn:
        """On SIGTERM: the server has ended, so nothing may stay behind."""
        if self.kernel:
            os.kill(self.kernel, signal.SIGKILL)
        os._exit(1)

    def _watch(self) -> int:
        """Wait for the kernel; end it when all processes in the sandbox together use too much.

        Returns:
            The monitor's exit status: the kernel's own, 128 and the number of the signal that ended
            it, or one of :data:`OVER_MEMORY` and :data:`OVER_SOCKETS`.
        """
        handle = os.pidfd_open(self.kernel)
        limit_kb = None
        while not select.select([handle], [], [], WATCH_SECONDS)[0]:
            if not self.settings.isolated:
                continue
            used_kb = _memory_kb()
            # The first look comes right after the start: what the warm libraries hold is not
            # charged.
            if limit_kb is None:
                limit_kb = used_kb + self.settings.memory_mb * 1024
            over = OVER_MEMORY if used_kb > limit_kb else 0
            if not over and _sockets() > SOCKETS:
                over = OVER_SOCKETS
            if over:
                os.kill(self.kernel, signal.SIGKILL)
                os.waitpid(self.kernel, 0)
                return over
        code = os.waitstatus_to_exitcode(os.waitpid(self.kernel, 0)[1])
        return min(code, LAST_OWN_STATUS) if code >= 0 else 128 - code


def _memory_kb() -> int:
    """Memory (KB) of every process in this sandbox, and of what the system keeps for it.

    A control group would count it, but an ordinary user often may not make one. The monitor sees
    the sandbox's own /proc, since pivot_root has moved it there: adding up what it shows is enough.
    """
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            # A process may end while it is looked at.
            with contextlib.suppress(OSError):
                # A zombie has no memory any more.
                if own := CHARGED.findall((folder / "status").read_text()):
                    total += sum(map(int, own)) + MAPPINGS_KB
    return total


def _sockets() -> int:
    """How many sockets there are in the sandbox's network namespace; 0 when it has ended."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/1/net/sockstat").read_text().split(None, 3)[2])
    return 0


def log_line(text: str) -> None:
    """Write a line to standard error, which is the server's log."""
    os.write(2, (text[:2000] + "\n").encode())
