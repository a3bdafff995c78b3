"""Two commands in one workspace run one after the other."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from autograder.model.errors import ContentError
from autograder.workspace.course import Course
from autograder.workspace.lock import workspace_lock
from autograder.workspace.workspace import Workspace

HOLD = """
import sys, time
from pathlib import Path
from autograder.workspace.course import load_course
from autograder.workspace.lock import workspace_lock
with workspace_lock(load_course(Path(sys.argv[1])), "hold"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(course: Course) -> subprocess.Popen[str]:
    """Another process that has the lock."""
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
        with workspace_lock(tiny, "grade"):
            assert other.wait() != 0
    assert f"autograder hold, process {other.pid}" in capsys.readouterr().err


def test_threads_wait_as_well(tiny: Course) -> None:
    """No two threads of one process are in at the same time."""
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with workspace_lock(tiny, "work"):
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


def test_a_command_may_call_another(tiny: Course) -> None:
    """Who has the lock does not wait for itself, and gives it back once."""
    with workspace_lock(tiny, "demo"), workspace_lock(tiny, "grade"):
        pass
    with workspace_lock(tiny, "again"):
        pass


def test_the_lock_of_an_older_version_counts(
    tiny: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    """A grader that was started before an update has the same file locked, and is waited for."""
    path = Workspace(tiny).lock
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        threading.Timer(0.3, file.close).start()
        with workspace_lock(tiny, "grade"):
            assert file.closed
    assert "Waiting for another command in this workspace" in capsys.readouterr().err


def test_a_workspace_that_cannot_be_written_is_one_sentence(tiny: Course) -> None:
    """A file stands where the folder should be."""
    aside = replace(tiny, workspace=tiny.root / "course.toml")
    sentence = r"The workspace .* cannot be written: "
    with pytest.raises(ContentError, match=sentence), workspace_lock(aside, "grade"):
        pass
