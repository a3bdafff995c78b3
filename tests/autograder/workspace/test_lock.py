"""Two commands in one workspace take turns."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from autograder.workspace.course import Course
from autograder.workspace.lock import turn

HOLD = """
import sys, time
from pathlib import Path
from autograder.workspace.course import load_course
from autograder.workspace.lock import turn
with turn(load_course(Path(sys.argv[1])), "hold"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(course: Course) -> subprocess.Popen[str]:
    """Another process that has the turn."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(course.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_another_process_waits_and_says_for_whom(
    tiny: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second one starts when the first has ended, even if it was killed."""
    with holder(tiny) as other:
        threading.Timer(0.5, other.kill).start()
        with turn(tiny, "grade"):
            assert other.wait() != 0
    assert f"autograder hold, process {other.pid}" in capsys.readouterr().err


def test_threads_wait_as_well(tiny: Course) -> None:
    """No two threads of one process are in at the same time."""
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with turn(tiny, "work"):
            inside += 1
            most = max(most, inside)
            time.sleep(0.02)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_verb_may_call_another(tiny: Course) -> None:
    """Who has the turn does not wait for itself, and gives it back once."""
    with turn(tiny, "demo"), turn(tiny, "grade"):
        pass
    with turn(tiny, "again"):
        pass
