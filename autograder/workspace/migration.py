"""Workspaces of older versions: what this version writes differently is written anew.

Results, records and keys are read as they are: what an older version did not write takes its
default. Only ``nbgrader_config.py`` names modules of this package, and those have moved.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["config_text", "migrate"]

WRITTEN_BY_US = "# Written by `autograder build`"


def config_text(course: Course) -> str:
    """The ``nbgrader_config.py`` of this version: it calls our own configuration."""
    return (
        f"{WRITTEN_BY_US}; nbgrader reads it when it is run in this folder.\n"
        "from pathlib import Path\n\n"
        "from autograder.workspace.course import load_course\n"
        "from autograder.gradebook.configuration import configure\n\n"
        # From here, so that a copy of course and workspace works on itself.
        "here = Path(__file__).resolve().parent\n"
        f"course = load_course(here / {_way_to(course)!r}, workspace=here)\n"
        "configure(get_config(), course)  # noqa: F821\n"
    )


def _way_to(course: Course) -> str:
    """From the workspace to the course."""
    return Path(os.path.relpath(course.root, course.workspace.resolve())).as_posix()


def migrate(course: Course) -> bool:
    """Bring a workspace of an older version up to date, and say so on standard error.

    Nothing is made that was not there, and a configuration that people wrote is left alone. So is
    one that differs in folders only: it was built in a container, where the course lies elsewhere.

    Returns:
        Whether anything was changed.
    """
    path = Workspace(course).nbgrader_config
    try:
        old = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    new = config_text(course)
    if not old.startswith(WRITTEN_BY_US) or _imports(old) == _imports(new):
        return False
    write_atomic(path, new.encode())
    print(f"{path} was written for another version; it is written anew.", file=sys.stderr)
    return True


def _imports(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("from ")]
