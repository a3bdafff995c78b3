"""The sandbox around one student's process: its levels, its settings, and which can be had here.

Level ``namespaces``: own user, pid, mount, network, IPC and host-name namespaces; a root file
system built from nothing, in which the Python installation, the system's libraries, ``labkit`` and
``data`` are visible read-only, and nothing else; a temporary folder of limited size; no
capabilities, no new privileges, no namespaces of its own; a system-call filter; one processor;
limits on processor time, memory, processes, open files and file size.

Level ``container``: the same sandbox, built with the rights of a container's root instead of a user
namespace, for hosts that have none. The student's process is an ordinary user of its own.

Level ``none``: no sandbox at all, for your own code on your own machine; it must be asked for by
name.

The parts: ``user_ids`` (who the student is), ``root_folder`` (what the process sees),
``privileges`` and ``syscall_filter`` (what it may do and use), ``monitor`` (what is watched from
outside).
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import linux
from autograder.sandbox.syscall_filter import MACHINES
from autograder.sandbox.user_ids import STUDENT

__all__ = ["LEVELS", "SandboxSettings", "unavailable"]

LEVELS = ("namespaces", "container", "none")
"""Names of the sandbox levels, strongest first."""


@dataclass(frozen=True)
class SandboxSettings:
    """What one student's process may see and use.

    Attributes:
        level: one of :data:`LEVELS`.
        visible: paths that are shown read-only, each at its own place.
        hidden: folders that are empty inside, even when they lie in something visible.
        socket_folder: the folder of the sockets between the kernel and the grader.
        root: an empty folder on which the new root file system is mounted.
        memory_mb: memory beyond that of the warm kernel, of one process and of all together.
        processes: how many processes and threads there may be.
        open_files: how many files one process may have open.
        file_mb: size of the largest file that may be written.
        temporary_mb: size of the temporary folder.
        cpu_seconds: processor time of one process.
        processor: number of the only processor that the process runs on.
        student: user id of the process, inside its user namespace if it has one.
    """

    level: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    socket_folder: str
    root: str
    memory_mb: int
    processes: int
    open_files: int
    file_mb: int
    temporary_mb: int
    cpu_seconds: int
    processor: int = 0
    student: int = STUDENT

    @property
    def isolated(self) -> bool:
        """Whether there is a sandbox at all."""
        return self.level != "none"

    def to_json(self) -> dict[str, Any]:
        """The settings as they are sent to the fork server."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> SandboxSettings:
        """The settings as the fork server receives them: JSON has lists only."""
        visible, hidden = tuple(values["visible"]), tuple(values["hidden"])
        return cls(**{**values, "visible": visible, "hidden": hidden})


def unavailable(level: str) -> str | None:
    """Why a sandbox level cannot be used on this machine; None when it can.

    A child process tries what every sandbox does first: new namespaces, and a mount in them.
    """
    if level == "none":
        return None
    if not sys.platform.startswith("linux"):
        return f"it needs Linux, this is {sys.platform}"
    if os.uname().machine not in MACHINES:
        return f"it is written for {' and '.join(MACHINES)}, this is {os.uname().machine}"
    if level == "container" and os.getuid() != 0:
        return "it needs the root of a container"
    pid = os.fork()
    if pid == 0:
        # The child's exit status carries the system's error number to the parent.
        try:
            linux.unshare_all(user=level == "namespaces")
            linux.make_private()
            linux.mount("tmpfs", Path("/tmp"))
        except OSError as error:
            os._exit(min(error.errno or 1, 255))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return None if code == 0 else f"the system refuses new namespaces ({os.strerror(abs(code))})"
