"""User ids of student processes, and their maps into user namespaces.

A user namespace is born without ids. Its map says which id inside stands for which id outside, one
line per range: "first id inside, first id outside, how many". Linux lets an ordinary user map one
id, their own; root may map any. So there are two cases:

* The grader is root: each student process owns an id that no other process on the machine has
  (64001, 64002, ...), so that not even two students share one. Inside it is called 1000.
* The grader is an ordinary user: inside, their id is called 1000. What keeps students apart is then
  the namespaces alone.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["FIRST_OUTER_ID", "SLOTS", "STUDENT", "has_spare_ids", "map_own_ids", "map_spare_ids"]

STUDENT = 1000
"""The user id inside the sandbox."""

FIRST_OUTER_ID, SLOTS = 64000, 1000
"""When the grader is root, the student processes own unused user ids: from the first one on, this
many."""


def has_spare_ids() -> bool:
    """Whether this process may give each student an id of their own.

    It must be root, and its own user namespace (a container has one) must know the ids at all.
    """
    if os.getuid() != 0:
        return False
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        inside, _, count = map(int, line.split())
        if inside <= FIRST_OUTER_ID < inside + count - SLOTS:
            return True
    return False


def map_spare_ids(pid: int, slot: int) -> None:
    """As root, write the id maps of a process that has just made its user namespace.

    Root inside is root outside, because the kernel's set-up (mounts) runs as root; the student's id
    stands for the one of ``slot``. Only a process outside may write two ranges, hence the fork
    server does it for the monitor.
    """
    ids = f"0 0 1\n{STUDENT} {FIRST_OUTER_ID + slot} 1\n"
    Path(f"/proc/{pid}/gid_map").write_text(ids)
    Path(f"/proc/{pid}/uid_map").write_text(ids)


def map_own_ids(uid: int, gid: int) -> None:
    """As an ordinary user, write the id maps of this process, which has just made its namespace.

    Args:
        uid: the user id that the process had before it made the namespace.
        gid: the same of its group.
    """
    # The system takes a group map from an ordinary user only once setgroups is denied for good:
    # leaving a group could otherwise open files that are closed to this group.
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT} {uid} 1\n")
    Path("/proc/self/gid_map").write_text(f"{STUDENT} {gid} 1\n")
