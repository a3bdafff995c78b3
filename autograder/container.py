"""The grader in a container, for hosts that give their users no namespaces: the command line that
starts it.

    python -m autograder.container grade lab1_music

The image is built from ``Containerfile``. The container has no network and no writable file system
but the course and a temporary folder; of a root's rights it keeps those with which the walls
between students are built (level ``container``), and every student's process gives up all of them
before any code of theirs is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.model.errors import AutograderError, UsageError
from autograder.workspace.course import find_course

__all__ = ["CAPABILITIES", "ENGINES", "IMAGE", "command", "find_engine", "main"]

IMAGE = "deep-learning-labs"
ENGINES = ("podman", "docker")

CAPABILITIES = ("DAC_OVERRIDE", "KILL", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN")
"""To build namespaces and mounts, to become a student, to end a student's process, to reach its
sockets."""

SANDBOXED = ("build", "grade", "verify", "mark", "try", "demo")
"""Verbs that run code."""


def command(
    engine: str,
    course: Path,
    arguments: Sequence[str],
    *,
    image: str = IMAGE,
    memory_mb: int = 8192,
) -> list[str]:
    """The command line that runs ``autograder ARGUMENTS`` on the course in a container."""
    options = [
        "--rm",
        "--network=none",
        "--read-only",
        "--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777",
        "--cap-drop=ALL",
        *(f"--cap-add={name}" for name in CAPABILITIES),
        "--security-opt=no-new-privileges",
        # its default forbids pivot_root; students get a filter of their own
        "--security-opt=seccomp=unconfined",
        "--security-opt=apparmor=unconfined",  # its default forbids mount
        "--pids-limit=4096",
        f"--memory={memory_mb}m",
        f"--volume={course.resolve()}:/course",
    ]
    if Path(engine).name == "podman":
        options.append(
            "--security-opt=unmask=ALL"
        )  # a fresh /proc may not show more than the old one
    verb = next((word for word in arguments if not word.startswith("-")), "")
    level = ["--sandbox", "container"] if verb in SANDBOXED and "--sandbox" not in arguments else []
    return [engine, "run", *options, image, *arguments, *level]


def find_engine() -> str:
    """The container engine: ``$CONTAINER_ENGINE``, or the first that is installed."""
    for name in (os.environ.get("CONTAINER_ENGINE", ""), *ENGINES):
        if name and (found := shutil.which(name)):
            return found
    raise UsageError(
        f"No container engine was found ({' or '.join(ENGINES)}). Install one, or name it: CONTAINER_ENGINE."
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command and give back its exit status."""
    try:
        course = find_course(
            Path(os.environ["AUTOGRADER_COURSE"]) if "AUTOGRADER_COURSE" in os.environ else None
        )
        return subprocess.run(command(find_engine(), course, arguments), check=False).returncode
    except AutograderError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
