"""The system-call filter: what no student's code needs, and what the other walls do not count.

A filter keeps what it refuses for every child of the process, for good. Refused calls fail with
"not permitted", so that a library that only tries one of them goes on. Two reasons to be on the
list: memory that no process is charged for (``memfd_create``, System V segments, shared anonymous
mappings), and kernel interfaces far from any exercise.

The filter is written here, in the forty instructions it takes, because a library for it would have
to bring a compiled one along; there is nothing in it but "load the number, compare, refuse".
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

__all__ = ["REFUSED", "forbid"]

# name: (x86_64, the generic table, which aarch64 uses)
REFUSED: dict[str, tuple[int, int]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "fanotify_init": (300, 262),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kcmp": (312, 272),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "request_key": (249, 218),
    "sched_setaffinity": (203, 122),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
MMAP, SOCKET, CLONE, CLONE3 = (9, 222), (41, 198), (56, 220), (435, 435)
SHARED_ANONYMOUS = 0x21
NEW_USER = 0x10000000
SOCKETS = {1: "unix", 2: "inet", 10: "inet6", 16: "netlink"}
FOREIGN = 0x40000000  # x86_64 only: a second table under the same architecture

LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def forbid() -> None:
    """Refuse the calls from here on; the process must have given up new privileges before."""
    machine = MACHINES.get(os.uname().machine)
    if machine is None:
        raise OSError(f"the system-call filter is not written for {os.uname().machine}")
    program = _program(*machine)
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    header = ctypes.create_string_buffer(
        struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.c_void_p(ctypes.addressof(header)), 0, 0) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the system-call filter: {os.strerror(number)}")


def _program(column: int, architecture: int) -> list[bytes]:
    """Every rule is "compare, and fall through to a refusal"; what no rule names is allowed."""
    rules = [
        _load(ARCHITECTURE),
        *_unless(EQUAL, architecture),
        _load(NUMBER),
        *_if(AT_LEAST, FOREIGN),
    ]
    for numbers in REFUSED.values():
        rules += _if(EQUAL, numbers[column])
    rules += [
        _step(EQUAL, CLONE3[column], 0, 1),
        _step(RETURN, UNKNOWN),
    ]  # flags out of sight: libraries use clone
    user = [_load(ARGUMENTS), _step(AND, NEW_USER), *_if(EQUAL, NEW_USER), _allow()]
    shared = [
        _load(ARGUMENTS + 8 * 3),
        _step(AND, SHARED_ANONYMOUS),
        *_if(EQUAL, SHARED_ANONYMOUS),
        _allow(),
    ]
    family = [
        _load(ARGUMENTS),
        *(_step(EQUAL, kind, len(SOCKETS) - i) for i, kind in enumerate(SOCKETS)),
        _refuse(),
    ]
    for number, inside in (
        (MMAP[column], shared),
        (SOCKET[column], [*family, _allow()]),
        (CLONE[column], user),
    ):
        rules += [_step(EQUAL, number, 0, len(inside)), *inside]
    return [*rules, _allow()]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _load(offset: int) -> bytes:
    return _step(LOAD, offset)


def _allow() -> bytes:
    return _step(RETURN, ALLOW)


def _refuse() -> bytes:
    return _step(RETURN, REFUSE)


def _if(test: int, value: int) -> list[bytes]:
    """Refuse when the test holds."""
    return [_step(test, value, 0, 1), _refuse()]


def _unless(test: int, value: int) -> list[bytes]:
    """Refuse unless the test holds."""
    return [_step(test, value, 1, 0), _refuse()]
