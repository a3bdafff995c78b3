"""The few Linux calls the sandbox needs, by ``ctypes``: Python 3.11 has no ``os.unshare``.

An error names the call. The numbers are those of Linux's own headers; ``man 2 NAME`` tells what
each call does.
"""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

__all__ = [
    "bind",
    "drop_bounding_capabilities",
    "drop_capabilities",
    "forbid_inspection",
    "make_private",
    "mount",
    "no_new_privileges",
    "pivot_root",
    "set_parent_death_signal",
    "set_read_only",
    "unshare_all",
    "unshare_view",
]

# Namespaces, for unshare(2): mounts, host name, IPC, users, process ids, network.
CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

# Mounts: mount(2), umount2(2), mount_setattr(2).
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID = 1, 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
# Calls for which the C library has no function.
SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SYS_MOUNT_SETATTR = 442
# A process's own rights: prctl(2), capset(2).
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    """Raise the error of the last call, if it has failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare_all(*, user: bool = True) -> None:
    """Move this process into new namespaces: mount, network, IPC, host name, and ``user`` if asked.

    The new pid namespace is for its children: the first of them is pid 1 there.
    """
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    _check(_libc.unshare(flags | (CLONE_NEWUSER if user else 0)), "unshare")


def unshare_view(*, user: bool = True) -> None:
    """Move this process into a new network, IPC and mount namespace, and ``user`` if asked.

    Its processes stay among all others.
    """
    flags = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC
    _check(_libc.unshare(flags | (CLONE_NEWUSER if user else 0)), "unshare")


def mount(kind: str, target: Path, flags: int = MS_NOSUID | MS_NODEV, options: str = "") -> None:
    """Mount a new file system of ``kind`` (``tmpfs``, ``proc``) at ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    result = _libc.mount(
        kind.encode(), bytes(target), kind.encode(), flags, options.encode() or None
    )
    _check(result, f"mount {kind} at {target}")


def make_private() -> None:
    """Nothing mounted here shows outside, and nothing mounted outside later shows here."""
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount / private")


def bind(source: Path, target: Path, *, writable: bool = False) -> None:
    """Show ``source`` (a file or folder) at ``target``, read-only unless ``writable``."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    result = _libc.mount(bytes(source), bytes(target), None, MS_BIND | MS_REC, None)
    _check(result, f"bind {source}")
    if not writable:
        set_read_only(target)


def set_read_only(target: Path, *, recursive: bool = True) -> None:
    """Make the mount at ``target`` (and everything below it) read-only and without set-user-id."""
    # struct mount_attr: what to set, what to clear, propagation, a user namespace.
    attributes = struct.pack("=QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    arguments = (AT_FDCWD, bytes(target), flags, attributes, ctypes.c_size_t(len(attributes)))
    _check(_libc.syscall(SYS_MOUNT_SETATTR, *arguments), f"make {target} read-only")


def pivot_root(new_root: Path) -> None:
    """Make ``new_root`` the root of this mount namespace and forget the old one.

    Every process of the namespace whose root was the old one is moved to the new one. ``chroot``
    would not do: it leaves the old root mounted, and there are ways back to it.
    """
    os.chdir(new_root)
    number = SYS_PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        raise OSError(f"pivot_root is not known for {os.uname().machine}")
    # With the same folder twice, the old root is stacked on the new one, and "." is the old one:
    # it needs no folder of its own, and is unmounted at once.
    _check(_libc.syscall(number, b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", MNT_DETACH), "unmount the old root")
    os.chdir("/")


def set_parent_death_signal(signal_number: int) -> None:
    """Send this process the signal when its parent ends."""
    _check(
        _libc.prctl(  # A process's own rights: prctl(2), capset(2).
            PR_SET_PDEATHSIG, signal_number, 0, 0, 0
        ),
        "prctl",
    )


def no_new_privileges() -> None:
    """No program that is run from here on can gain privileges."""
    _check(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")


def forbid_inspection() -> None:
    """No other process reads this one's memory, and no core of it is handed to a program
    outside."""
    _check(_libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")


def drop_bounding_capabilities() -> None:
    """Nothing that this process starts can ever hold a capability."""
    # Older systems know fewer capabilities: the first number that is none ends the list.
    for number in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0:
            return


def drop_capabilities() -> None:
    """Give up every capability of this process, for good."""
    # Version 3 has two times three words: effective, permitted, inheritable.
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, struct.pack("=6I", *([0] * 6))), "capset")
