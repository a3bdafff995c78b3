"""The walls around one student's process.

Level ``namespaces``: own user, pid, mount, network, IPC and host-name namespaces; a root file
system built from nothing, in which the Python installation, the system's libraries, ``labkit`` and
``data`` are visible read-only, and nothing else; a temporary folder of limited size; no
capabilities, no new privileges, no namespaces of its own; a system-call filter; one processor;
limits on processor time, memory, processes, open files and file size.

Level ``container``: the same walls, built with the rights of a container's root instead of a user
namespace, for hosts that have none. The student's process is an ordinary user of its own.

Level ``none``: no walls at all, for your own code on your own machine; it must be asked for by
name.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import linux
from autograder.sandbox import syscall_filter as syscalls

__all__ = [
    "LEVELS",
    "Walls",
    "build_walls",
    "drop_privileges",
    "has_spare_ids",
    "inner_ids",
    "unavailable",
]

LEVELS = ("namespaces", "container", "none")
"""Names of the sandbox levels, strongest first."""

STUDENT = 1000
"""The user id inside the walls."""

FIRST_OUTER_ID, SLOTS = 64000, 1000
"""When the grader is root, the student processes own one of the unused user ids from here on."""

WORK = Path("/tmp/work")
"""The student's temporary folder, as seen from inside."""

FILES = 20_000
"""How many files a temporary folder may hold: an empty file takes memory, too, which its size does
not count."""


@dataclass(frozen=True)
class Walls:
    """What one process may see and use. Sizes in MB, times in seconds; ``hidden`` folders are empty
    if visible."""

    level: str
    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    exchange: str
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
    def walled(self) -> bool:
        return self.level != "none"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Walls:
        return cls(
            **{**values, "visible": tuple(values["visible"]), "hidden": tuple(values["hidden"])}
        )


def inner_ids(slot: int) -> str:
    """The id map of a process walled by root: its set-up runs as root, the student owns an id
    nobody else has."""
    return f"0 0 1\n{STUDENT} {FIRST_OUTER_ID + slot} 1\n"


def has_spare_ids() -> bool:
    """Whether this process may give each student an id of their own: root, with more ids than its
    own."""
    rows = [
        [int(word) for word in line.split()]
        for line in Path("/proc/self/uid_map").read_text().splitlines()
    ]
    return os.getuid() == 0 and any(
        inside <= FIRST_OUTER_ID < inside + count - SLOTS for inside, _, count in rows
    )


def build_walls(walls: Walls) -> None:
    """Build the file system that the student's process sees and make it the root. Runs as pid 1 of
    the namespaces."""
    linux.make_private()
    root = Path(walls.root)
    linux.mount("tmpfs", root, options="size=16m,mode=755")
    linux.mount(
        "tmpfs", root / "tmp", options=f"size={walls.temporary_mb}m,nr_inodes={FILES},mode=1777"
    )
    for name in ("tmp/work", "tmp/home"):
        (root / name).mkdir()
        (root / name).chmod(0o777)
    (root / "content").symlink_to(WORK)  # where Colab's notebooks live
    for source in (*_system_folders(), *map(Path, walls.visible)):
        _show(source, root)
    for name in walls.hidden:
        _cover(Path(name), root)
    _make_etc(root, walls.student)
    _make_dev(root)
    linux.mount("proc", root / "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    exchange = Path(walls.exchange)
    linux.bind(exchange, root / exchange.relative_to("/"), writable=True)
    linux.set_read_only(root, recursive=False)
    socket.sethostname("lab")
    linux.pivot_root(root)
    os.chdir(WORK)


def _system_folders() -> list[Path]:
    return [
        Path(text)
        for text in ("/usr", "/bin", "/lib", "/lib64", "/sbin", "/sys/devices/system/cpu")
    ]


def _show(source: Path, root: Path) -> None:
    """Show one path read-only at its own place below ``root``; a symbolic link stays one."""
    target = root / source.relative_to("/")
    if source.is_symlink():
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_symlink():
            target.symlink_to(source.readlink())
    elif source.exists():
        linux.bind(source, target)


def _cover(source: Path, root: Path) -> None:
    """An empty folder in the place of one that lies inside something visible."""
    target = root / source.relative_to("/")
    if target.is_dir():
        linux.mount("tmpfs", target, options="size=4k,mode=755")
        linux.set_read_only(target)


def _make_etc(root: Path, student: int) -> None:
    etc = root / "etc"
    etc.mkdir()
    (etc / "passwd").write_text(f"student:x:{student}:{student}:student:/tmp/home:/bin/false\n")
    (etc / "group").write_text(f"student:x:{student}:\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n")
    for name in ("ld.so.cache", "localtime", "alternatives"):
        _show(Path("/etc") / name, root)


def _make_dev(root: Path) -> None:
    dev = root / "dev"
    dev.mkdir()
    for name in ("null", "random", "urandom"):
        linux.bind(Path("/dev") / name, dev / name, writable=True)
    linux.mount("tmpfs", dev / "shm", options=f"size=64m,nr_inodes={FILES},mode=1777")


def drop_privileges(walls: Walls) -> None:
    """Become the student: no capability, no new privilege, limited resources. There is no way
    back."""
    if walls.level == "namespaces":  # counts within this one
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    os.sched_setaffinity(0, {walls.processor})
    linux.drop_bounding_capabilities()
    if os.getuid() != walls.student:
        os.setgroups([])
        os.setresgid(walls.student, walls.student, walls.student)
        os.setresuid(walls.student, walls.student, walls.student)
    linux.drop_capabilities()
    linux.no_new_privileges()
    linux.forbid_inspection()
    linux.set_parent_death_signal(signal.SIGKILL)
    set_limits(walls)
    syscalls.forbid()


def set_limits(walls: Walls) -> None:
    """The limits the kernel itself keeps; wall time and the sum over processes are kept from
    outside."""
    mb = 2**20
    _limit(
        resource.RLIMIT_CORE, 1
    )  # 0 would not keep a core from a program that the system pipes cores to
    _limit(resource.RLIMIT_CPU, walls.cpu_seconds)
    _limit(resource.RLIMIT_NOFILE, walls.open_files)
    _limit(resource.RLIMIT_FSIZE, walls.file_mb * mb)
    _limit(resource.RLIMIT_NPROC, walls.processes)
    _limit(resource.RLIMIT_DATA, _data_size() + walls.memory_mb * mb)


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(what, (value, value))


def _data_size() -> int:
    """Bytes of private writable memory that this process has mapped already."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * resource.getpagesize()


def unavailable(level: str) -> str | None:
    """Why a level cannot be used here, or None when it can. Tries what the sandbox does first."""
    if level == "none":
        return None
    if not sys.platform.startswith("linux"):
        return f"it needs Linux, this is {sys.platform}"
    if os.uname().machine not in syscalls.MACHINES:
        return f"it is written for {' and '.join(syscalls.MACHINES)}, this is {os.uname().machine}"
    if level == "container" and os.getuid() != 0:
        return "it needs the root of a container"
    pid = os.fork()
    if pid == 0:
        try:
            linux.unshare_all(user=level == "namespaces")
            linux.make_private()
            linux.mount("tmpfs", Path("/tmp"))
        except OSError as error:
            os._exit(min(error.errno or 1, 255))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return None if code == 0 else f"the system refuses new namespaces ({os.strerror(abs(code))})"
