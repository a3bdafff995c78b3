"""One malicious submission of each kind at once, among ten honest ones.

No honest mark changes, the class is done in time, and the grader's own process stays small. What
the attackers add is printed (`pytest -s`), for it depends on the machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.workspace.course import Course, load_course
from tests import classroom
from tests.attacks.desk import Desk
from tests.attacks.hall import write_row
from tests.attacks.rows import FULL
from tests.attacks.table import TABLE

pytestmark = pytest.mark.slow

KINDS = {
    "texts that regular expressions dislike": ("220", "230", "232"),
    "values that cost more than they hold": ("239", "243", "248"),
    "somebody else's identity": ("272", "273"),
    "names that no file system likes": ("200", "203", "204"),
    "small archives, large contents": ("206", "207", "208", "211", "213"),
    "notebooks that take long to match": ("215", "256", "258", "274"),
    "JSON that takes long to read": ("15", "268", "270"),
    "pages that take what they show": ("223", "224", "227", "229"),
    "secrets through messages": ("51", "251"),
    "the machine itself": ("38", "46", "58", "58b", "110", "115", "118", "119", "120"),
}
HONEST = [f"honest-{number}" for number in range(10)]
MOST_MB = 1024
MOST_SECONDS = 300
"""Generous: how long an attack takes is decided by limits in seconds, and by the machine."""


def _class(course: Course, folder: Path, numbers: list[str]) -> None:
    """Ten honest hand-ins, and those of these rows."""
    desk = Desk(course, {"COURSE": str(course.root), "HOME": "/root", "PORT": "1", "EAR": "x"})
    for name in HONEST:
        (folder / name).mkdir(parents=True)
        (folder / name / "tiny.ipynb").write_bytes(desk.packed(desk.solved()))
    for number in numbers:
        write_row(folder, TABLE[number], desk)


def _measured(built: Course, root: Path, numbers: list[str]) -> dict[str, Any]:
    """What collect and grade took of such a class, in a process of their own."""
    classroom.copy_course(built, root / "course")
    _class(load_course(root / "course"), root / "class", numbers)
    command = [sys.executable, "-m", "tests.attacks.measured", root / "course", root / "class"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def test_a_class_of_attackers(
    built_tiny: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Honest marks are as they are without attackers, and so is, nearly, the grader's memory."""
    numbers = [number for kind in KINDS.values() for number in kind]
    calm = _measured(built_tiny, tmp_path / "calm", [])
    stormy = _measured(built_tiny, tmp_path / "stormy", numbers)
    added = {part: stormy[part] - calm[part] for part in ("collect", "grade", "peak_mb")}
    with capsys.disabled():
        print(f"\n{len(numbers)} attackers among {len(HONEST)} honest students:")
        for part, value in added.items():
            print(f"  {part}: {calm[part]:.1f} -> {stormy[part]:.1f} (+{value:.1f})")
    for found in (calm, stormy):
        assert len(found["students"]) == len(found["results"])
        for name in HONEST:
            assert found["results"][name] == [sum(FULL.values()), "graded", []], name
        assert found["peak_mb"] < MOST_MB
        assert found["collect"] + found["grade"] < MOST_SECONDS
    assert len(stormy["results"]) == len(HONEST) + len(numbers)
    assert not [text for text in stormy["problems"] if "honest" in text]
