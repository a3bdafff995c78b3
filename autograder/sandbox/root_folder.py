"""The file system that a student's process sees: built from nothing, so that what nobody thought of
is not there."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from autograder.sandbox import linux
from autograder.sandbox.isolation import SandboxSettings

__all__ = ["build_root"]

WORK = Path("/tmp/work")
"""The student's working folder, as seen from inside."""

FILES = 20_000
"""How many files a temporary folder may hold: an empty file takes memory, too, which its size does
not count."""

SYSTEM_FOLDERS = ("/usr", "/bin", "/lib", "/lib64", "/sbin", "/sys/devices/system/cpu")
"""Programs and libraries, and the number of processors, which libraries ask for."""


def build_root(settings: SandboxSettings) -> None:
    """Build the student's file system and make it the root of this mount namespace.

    Runs as pid 1 of the new namespaces, with the rights that ``drop_privileges`` gives up later.
    """
    # Without this, every mount below would show up outside, too.
    linux.make_private()
    # The new root is an empty file system in memory. It is filled while it is still an ordinary
    # folder of the old one.
    root = Path(settings.root)
    linux.mount("tmpfs", root, options="size=16m,mode=755")
    _make_temporary(root, settings.temporary_mb)
    for name in (*SYSTEM_FOLDERS, *settings.visible):
        _show(Path(name), root)
    # After what is visible: a hidden folder may lie inside it.
    for name in settings.hidden:
        _cover(Path(name), root)
    _make_etc(root, settings.student)
    _make_dev(root)
    # A /proc of its own lists the processes of its own pid namespace, and no others.
    linux.mount("proc", root / "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    # Writable until the kernel has bound its sockets; then the monitor makes it read-only.
    sockets = Path(settings.socket_folder)
    linux.bind(sockets, root / sockets.relative_to("/"), writable=True)
    # The folders between the mounts belong to the root file system: nothing is added there. The
    # mounts inside it (temporary folders, sockets) stay as they are.
    linux.set_read_only(root, recursive=False)
    socket.sethostname("lab")
    linux.pivot_root(root)
    os.chdir(WORK)


def _make_temporary(root: Path, size_mb: int) -> None:
    """The only place for files: a file system in memory, with a limit on bytes and on files."""
    linux.mount("tmpfs", root / "tmp", options=f"size={size_mb}m,nr_inodes={FILES},mode=1777")
    for name in ("tmp/work", "tmp/home"):
        (root / name).mkdir()
        (root / name).chmod(0o777)
    (root / "content").symlink_to(WORK)  # where Colab's notebooks live


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
    """Put an empty folder in the place of one that lies inside something visible."""
    target = root / source.relative_to("/")
    if target.is_dir():
        linux.mount("tmpfs", target, options="size=4k,mode=755")
        linux.set_read_only(target)


def _make_etc(root: Path, student: int) -> None:
    """One user, one host, and what the dynamic linker and the clock read; nothing of the machine's
    own users."""
    etc = root / "etc"
    etc.mkdir()
    (etc / "passwd").write_text(f"student:x:{student}:{student}:student:/tmp/home:/bin/false\n")
    (etc / "group").write_text(f"student:x:{student}:\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n")
    for name in ("ld.so.cache", "localtime", "alternatives"):
        _show(Path("/etc") / name, root)


def _make_dev(root: Path) -> None:
    """Three devices, bound because a user namespace may not make any, and shared memory."""
    dev = root / "dev"
    dev.mkdir()
    for name in ("null", "random", "urandom"):
        linux.bind(Path("/dev") / name, dev / name, writable=True)
    linux.mount("tmpfs", dev / "shm", options=f"size=64m,nr_inodes={FILES},mode=1777")
