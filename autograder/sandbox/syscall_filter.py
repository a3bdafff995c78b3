"""The system-call filter: refuses what no student's code needs, and what no other limit counts.

A filter keeps what it refuses for every child of the process, for good. Refused calls fail with
"not permitted", so that a library that only tries one of them goes on. Two reasons to be on the
list: memory that no process is charged for (``memfd_create``, System V segments, shared anonymous
mappings), and kernel interfaces far from any exercise.

A filter (seccomp, ``man 2 seccomp``) is a small program that the system runs before each call, in
the language of packet filters: it loads a word of the call's record (number, architecture,
arguments), compares it, jumps forward, and returns "allow" or an error. It is written here, because
a library for it would have to bring a compiled one along; there is nothing in it but "load the
number, compare, refuse".
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

__all__ = ["MACHINES", "REFUSED", "install_filter"]

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

"""Name -> number on x86_64, and in the generic table, which aarch64 uses."""

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine -> column of the tables here, and how the system names the architecture."""

# Calls that are refused for some arguments only; numbers in the same two columns.
MMAP, SOCKET, CLONE, CLONE3 = (9, 222), (41, 198), (56, 220), (435, 435)

SHARED_ANONYMOUS = 0x21
"""The flags MAP_SHARED and MAP_ANONYMOUS of mmap: memory that is charged to nobody."""

NEW_USER = 0x10000000
"""The flag CLONE_NEWUSER of clone: a user namespace, in which one holds every capability."""

FAMILIES = {1: "unix", 2: "inet", 10: "inet6", 16: "netlink"}
"""Sockets that libraries open while they look for a network; all others are refused."""

X32_CALLS = 0x40000000
"""x86_64 only: from this number on, a second table of the same calls."""

# Instructions of the filter's language.
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
# Places in the record of a call (struct seccomp_data), in bytes; an argument has eight.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
# What a filter may return.
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def install_filter() -> None:
    """Refuse the calls from here on, in this process and all that it starts.

    The process must have given up new privileges before, or the system takes no filter from it.

    Raises:
        OSError: there is no filter for this machine, or the system has refused it.
    """
    machine = MACHINES.get(os.uname().machine)
    if machine is None:
        raise OSError(f"the system-call filter is not written for {os.uname().machine}")
    program = _program(*machine)
    code = ctypes.create_string_buffer(b"".join(program), 8 * len(program))
    # struct sock_fprog: the number of instructions, padding, the address of the first one.
    header = struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(code))
    buffer = ctypes.create_string_buffer(header)
    libc = ctypes.CDLL(None, use_errno=True)
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, pointer, 0, 0) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the system-call filter: {os.strerror(number)}")


def _program(column: int, architecture: int) -> list[bytes]:
    """The filter's instructions. What no rule names is allowed.

    Args:
        column: which of the two numbers of a call counts.
        architecture: the architecture whose numbers these are.
    """
    # A process can make calls of another architecture (32 bits), where numbers mean other calls.
    rules = [_load(ARCHITECTURE), *_refuse_unless(EQUAL, architecture)]
    # From here on the number of the call is loaded, until a rule for one call loads something else
    # and ends in a verdict.
    rules += [_load(NUMBER), *_refuse_if(AT_LEAST, X32_CALLS)]
    for numbers in REFUSED.values():
        rules += _refuse_if(EQUAL, numbers[column])
    # The flags of clone3 lie in memory, where a filter cannot look. "No such call" makes libraries
    # use clone, whose flags are an argument.
    rules += [_step(EQUAL, CLONE3[column], 0, 1), _step(RETURN, UNKNOWN)]
    rules += _only_for(MMAP[column], _refuse_flags(3, SHARED_ANONYMOUS))
    rules += _only_for(SOCKET[column], _allow_values(0, list(FAMILIES)))
    rules += _only_for(CLONE[column], _refuse_flags(0, NEW_USER))
    return [*rules, _step(RETURN, ALLOW)]


def _only_for(number: int, rules: list[bytes]) -> list[bytes]:
    """Rules that end in a verdict, jumped over by every call but one."""
    return [_step(EQUAL, number, 0, len(rules)), *rules]


def _refuse_flags(argument: int, flags: int) -> list[bytes]:
    """Refuse the call if all of ``flags`` are set in its argument of this number, else allow it."""
    masked = [_load(ARGUMENTS + 8 * argument), _step(AND, flags)]
    return [*masked, *_refuse_if(EQUAL, flags), _step(RETURN, ALLOW)]


def _allow_values(argument: int, values: list[int]) -> list[bytes]:
    """Allow the call if its argument of this number is one of ``values``, else refuse it."""
    rules = [_load(ARGUMENTS + 8 * argument)]
    for index, value in enumerate(values):
        # Jump over the comparisons that are left, and over the refusal.
        rules.append(_step(EQUAL, value, len(values) - index))
    return [*rules, _step(RETURN, REFUSE), _step(RETURN, ALLOW)]


def _refuse_if(test: int, value: int) -> list[bytes]:
    """Refuse when the test of the loaded word holds, else go on."""
    return [_step(test, value, 0, 1), _step(RETURN, REFUSE)]


def _refuse_unless(test: int, value: int) -> list[bytes]:
    """Refuse unless the test of the loaded word holds, else go on."""
    return [_step(test, value, 1, 0), _step(RETURN, REFUSE)]


def _load(offset: int) -> bytes:
    """Load 32 bits of the record: of an argument, its lower half."""
    return _step(LOAD, offset)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction (struct sock_filter); the jumps tell how many instructions are left out."""
    return struct.pack("=HBBI", code, if_true, if_false, value)
