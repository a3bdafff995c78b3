"""What a student's process may do and use: nothing that it could gain is left, and everything that
can be used up has a limit."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

from autograder.sandbox import linux, syscall_filter
from autograder.sandbox.isolation import SandboxSettings

__all__ = ["drop_privileges"]

MB = 2**20


def drop_privileges(settings: SandboxSettings) -> None:
    """Become the student: no capability, no new privilege, limited resources.

    There is no way back. The order matters: each step needs a right that a later one gives up.
    """
    if settings.level == "namespaces":
        # This setting counts within the user namespace. It is a second lock beside the filter.
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    os.sched_setaffinity(0, {settings.processor})
    # First the bounding set, which takes a capability to give up: without it no program that is
    # run later could bring one back.
    linux.drop_bounding_capabilities()
    if os.getuid() != settings.student:
        # Groups before the user: an ordinary user may change neither.
        os.setgroups([])
        os.setresgid(settings.student, settings.student, settings.student)
        os.setresuid(settings.student, settings.student, settings.student)
    linux.drop_capabilities()
    linux.no_new_privileges()
    # Changing the user id resets both of these, so they come after it.
    linux.forbid_inspection()
    linux.set_parent_death_signal(signal.SIGKILL)
    _set_limits(settings)
    # Last: the filter refuses some of the calls above. It needs "no new privileges" itself.
    syscall_filter.install_filter()


def _set_limits(settings: SandboxSettings) -> None:
    """Set the limits that the system itself keeps, per process.

    Wall time is kept by the grader; the memory of all processes together and the number of sockets
    by the monitor.
    """
    # Where the system pipes cores to a program, a limit of 0 keeps none from it; 1, which no core
    # fits into, does.
    _limit(resource.RLIMIT_CORE, 1)
    _limit(resource.RLIMIT_CPU, settings.cpu_seconds)
    _limit(resource.RLIMIT_NOFILE, settings.open_files)
    _limit(resource.RLIMIT_FSIZE, settings.file_mb * MB)
    _limit(resource.RLIMIT_NPROC, settings.processes)
    # The fork brought the warm libraries along: the limit is what the student may add to them.
    _limit(resource.RLIMIT_DATA, _data_size() + settings.memory_mb * MB)


def _limit(what: int, value: int) -> None:
    """Set a limit for good, or keep the one in force if it is lower."""
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value))


def _data_size() -> int:
    """Bytes of private writable memory that this process has mapped already."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * resource.getpagesize()
