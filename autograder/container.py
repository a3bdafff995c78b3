"""The grader in a container, for hosts that give their users no namespaces: the command line that
starts it.

    python -m autograder.container grade lab1_music

The image is built from ``Containerfile``. The container has no network and no writable file system
but the course and a temporary folder. Of root's rights it keeps those with which the students'
sandboxes are built (level ``container``); every student's process gives up all of them before any
code of theirs is run.
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
"""Commands that run students' code or a solution."""


def command(
    engine: str,
    course: Path,
    arguments: Sequence[str],
    *,
    image: str = IMAGE,
    memory_mb: int = 8192,
) -> list[str]:
    """The command line that runs ``autograder ARGUMENTS`` on the course in a container.

    Args:
        engine: path of the container engine.
        course: the course's folder, which the container may write to.
        arguments: what follows ``autograder``. A command that runs code gets the level
            ``container``, unless it names one.
        image: name of the image.
        memory_mb: memory of the whole container.
    """
    options = [
        "--rm",
        "--network=none",
        "--read-only",
        "--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777",
        "--cap-drop=ALL",
        *(f"--cap-add={name}" for name in CAPABILITIES),
        "--security-opt=no-new-privileges",
        # The engine's own filter forbids pivot_root; students get a stricter one of ours.
        "--security-opt=seccomp=unconfined",
        # The engine's own profile forbids mount.
        "--security-opt=apparmor=unconfined",
        "--pids-limit=4096",
        f"--memory={memory_mb}m",
        f"--volume={course.resolve()}:/course",
    ]
    if Path(engine).name == "podman":
        # Podman hides parts of /proc, and the system lets nobody mount a new /proc, as a sandbox
        # does, that would show more than the one that is there.
        options.append("--security-opt=unmask=ALL")
    named = next((word for word in arguments if not word.startswith("-")), "")
    if named in SANDBOXED and "--sandbox" not in arguments:
        arguments = [*arguments, "--sandbox", "container"]
    return [engine, "run", *options, image, *arguments]


def find_engine() -> str:
    """The container engine: ``$CONTAINER_ENGINE``, or the first that is installed.

    Raises:
        UsageError: there is none.
    """
    for name in (os.environ.get("CONTAINER_ENGINE", ""), *ENGINES):
        if name and (found := shutil.which(name)):
            return found
    raise UsageError(
        f"No container engine was found ({' or '.join(ENGINES)}). "
        "Install one, or name it: CONTAINER_ENGINE."
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command and give back its exit status."""
    try:
        named = os.environ.get("AUTOGRADER_COURSE")
        course = find_course(None if named is None else Path(named))
        words = command(find_engine(), course, arguments)
        return subprocess.run(words, check=False).returncode
    except AutograderError as error:
        print(f"Error: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
