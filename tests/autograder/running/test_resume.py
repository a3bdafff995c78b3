"""kill -9 at any moment, two graders at once, five runs: the same gradebook each time, and no work
done twice."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.commands.grade import grade
from autograder.gradebook.configuration import prepare_workspace
from autograder.gradebook.database import open_gradebook
from autograder.running.engine import Engine
from autograder.running.submissions import read_submission
from autograder.workspace.course import Course, load_course
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace
from tests.classroom import LAB, WRONG, copy_course, filled, hand_in, solved

KILLS = 20
COMMAND = (sys.executable, "-m", "autograder.cli.app")


@pytest.fixture(scope="module")
def handed_in(built_tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Five students, nobody graded yet. Read-only."""
    course = copy_course(built_tiny, tmp_path_factory.mktemp("class") / "course")
    hand_in(course, "ada", solved(course, why="Six equal faces."))
    hand_in(course, "ben", solved(course, double=WRONG["double"]))
    hand_in(course, "cleo", filled(course))
    hand_in(course, "dan", solved(course, total=WRONG["total"], dice=WRONG["dice"]))
    hand_in(
        course,
        "eve",
        solved(course, double='def double(x):\n    """Twice x."""\n    import os\n    os._exit(1)'),
    )
    return course


def fresh(course: Course, workspace: Path) -> Course:
    """The course with a copy of its workspace."""
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(course.workspace, workspace)
    copied = load_course(course.root, workspace=workspace)
    prepare_workspace(copied)
    return copied


def start_grading(course: Course) -> subprocess.Popen[bytes]:
    """``autograder grade`` as it is typed."""
    words = [
        *COMMAND,
        "--course",
        str(course.root),
        "--workspace",
        str(course.workspace),
        "grade",
        LAB,
    ]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def gradebook(course: Course) -> dict[str, Any]:
    """Everything in the gradebook that is a mark, and whether a person has to look at it."""
    with open_gradebook(course) as book:
        return {
            row.student.id: {
                grade.name: (
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit,
                    grade.needs_manual_grade,
                )
                for notebook in row.notebooks
                for grade in notebook.grades
            }
            for row in book.find_assignment(LAB).submissions
        }


def results(course: Course) -> dict[str, Any]:
    """Every result on disk, without times."""
    found = {}
    for path in sorted((course.workspace / "results" / LAB).glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        for part in [result, *result["todos"].values()]:
            del part["seconds"]
        found[path.stem] = result
    return found


def stored(course: Course) -> set[str]:
    """Students whose exam is over and kept."""
    engine, kept = Engine(course, LAB), Results(course, LAB)
    jobs = [read_submission(engine, student) for student in Workspace(course).handed_in(LAB)]
    return {job.student for job in jobs if kept.cached(job.digest)}


@pytest.fixture(scope="module")
def undisturbed(
    handed_in: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Any, float]:
    """Gradebook, results and seconds of a run that nobody disturbs."""
    course = fresh(handed_in, tmp_path_factory.mktemp("undisturbed") / "workspace")
    started = time.monotonic()
    assert start_grading(course).wait() == 0
    return gradebook(course), results(course), time.monotonic() - started


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kill_9_at_random_moments(
    handed_in: Course, undisturbed: tuple[dict[str, Any], Any, float], tmp_path: Path
) -> None:
    """After each, grading again completes the gradebook as if nothing had happened, and runs no
    finished exam again."""
    book, rows, seconds = undisturbed
    chance = random.Random(9)
    seen = []
    for number in range(KILLS):
        course = fresh(handed_in, tmp_path / "workspace")
        with start_grading(course) as process:
            when = kill_at_random(process, course, number % 6, chance, seconds)
        done = stored(course)
        report = grade(course, LAB)
        again = done & set(report.graded)
        assert not again, f"killed {when}: {again} were graded twice"
        assert gradebook(course) == book, f"killed {when}"
        assert results(course) == rows, f"killed {when}"
        assert not report.problems
        seen.append(len(done))
    assert len(set(seen)) >= 4, (
        f"the moments should lie before, between and after the exams: {seen}"
    )


def kill_at_random(
    process: subprocess.Popen[bytes],
    course: Course,
    exams: int,
    chance: random.Random,
    seconds: float,
) -> str:
    """kill -9 a moment after so many exams are over: how fast this machine is must not matter."""
    cache = course.workspace / "results" / "cache"
    while process.poll() is None and len(list(cache.glob("*.json"))) < exams:
        time.sleep(0.002)
    pause = chance.random() * (0.2 if exams else seconds / 2)
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    return f"{pause:.3f} s after {exams} exams"


def test_two_graders_at_once(
    handed_in: Course, undisturbed: tuple[dict[str, Any], Any, float], tmp_path: Path
) -> None:
    """Both end well; the marks are those of one."""
    course = fresh(handed_in, tmp_path / "workspace")
    graders = [start_grading(course) for _ in range(2)]
    ends = [(grader.communicate()[1].decode(), grader.returncode) for grader in graders]
    assert [status for _, status in ends] == [0, 0], ends
    assert any("Waiting for another command" in said for said, _ in ends)
    assert gradebook(course) == undisturbed[0]
    assert results(course) == undisturbed[1]


def test_marks_are_equal_over_five_runs(
    handed_in: Course, undisturbed: tuple[dict[str, Any], Any, float], tmp_path: Path
) -> None:
    """Random draws, wrong answers and dead processes included."""
    for number in range(5):
        course = fresh(handed_in, tmp_path / str(number))
        grade(course, LAB, force=True)
        assert gradebook(course) == undisturbed[0]
        assert results(course) == undisturbed[1]
