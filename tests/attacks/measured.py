"""Collect and grade a class in a process of its own, and tell what that took.

python -m tests.attacks.measured COURSE FOLDER    # prints one line of JSON
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from autograder.commands.collect import collect
from autograder.commands.grade import grade
from autograder.workspace.course import load_course
from tests.classroom import LAB

__all__ = ["measure"]


def measure(root: Path, folder: Path) -> dict[str, Any]:
    """What each command took, the most memory that this process had, and everybody's result."""
    course = load_course(root)
    started = time.monotonic()
    collected = collect(course, LAB, [folder])
    between = time.monotonic()
    graded = grade(course, LAB, workers=2)
    results = {}
    for result in graded.results:
        results[result.student] = [result.points, str(result.status), list(result.incidents)]
    return {
        "collect": between - started,
        "grade": time.monotonic() - between,
        "peak_mb": _peak_mb(),
        "students": [row.student for row in collected.rows],
        "results": results,
        "problems": graded.problems,
    }


def _peak_mb() -> float:
    """The most memory of this process, without its children, since it was started.

    The system's `ru_maxrss` would count what the process that started this one had.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found.group(1)) / 1024


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
