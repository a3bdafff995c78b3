"""Where a sandbox can be built, by whom and with which rights, and that nothing outlives its
parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.container import CAPABILITIES
from autograder.model.errors import UsageError
from autograder.running.engine import check_level
from autograder.sandbox import linux, user_ids
from autograder.sandbox.isolation import unavailable
from tests.attacks.hall import foreign_processes

ROOT = Path(__file__).parents[2]


def test_levels_are_named_and_never_weakened() -> None:
    """An unknown level is an error that names the known ones."""
    with pytest.raises(UsageError, match=r'no sandbox level "weak"\. Known: namespaces'):
        check_level("weak")
    assert check_level("none") == "none"


REFUSED = """
import os, sys
from autograder.sandbox import linux
uid = os.getuid()
linux._check(linux._libc.unshare(linux.CLONE_NEWUSER), "unshare")
open("/proc/self/uid_map", "w").write(f"0 {uid} 1")
open("/proc/sys/user/max_user_namespaces", "w").write("0")
from autograder.running.engine import check_level
check_level("namespaces")
"""


def test_without_namespaces_the_grader_says_so() -> None:
    """Where the system refuses namespaces: an error that names the ways out, and no weaker
    level."""
    asked = subprocess.run(
        [sys.executable, "-c", REFUSED], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert asked.returncode == 1
    assert (
        'The sandbox level "namespaces" cannot be used here: the system refuses new namespaces'
        in asked.stderr
    )
    assert "--sandbox none" in asked.stderr


def test_on_an_unknown_machine_the_grader_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no filter for the machine's system calls, the level is not there."""
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("Linux", "host", "6", "1", "vax")))
    assert "this is vax" in str(unavailable("namespaces"))


AS_CONTAINER = """
import asyncio
from autograder.workspace.course import Limits
from autograder.running.engine import check_level
from autograder.sandbox.warm_server import WarmServer
from autograder.running.session import Session

async def main():
    with WarmServer() as server:
        async with Session(server, level=check_level("container"), limits=Limits()) as session:
            ran = await session.run("import os; print(os.getuid(), len(os.listdir('/')))", 10)
            print(ran.text)

asyncio.run(main())
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs the root of a container")
def test_the_rights_of_the_container_are_enough() -> None:
    """With the few capabilities that the container keeps, and no more, sandboxes can be built."""
    numbers = {
        "DAC_OVERRIDE": 1,
        "KILL": 5,
        "SETGID": 6,
        "SETUID": 7,
        "SETPCAP": 8,
        "SYS_ADMIN": 21,
    }
    assert set(numbers) == set(CAPABILITIES)

    def give_up() -> None:
        for number in set(range(64)) - set(numbers.values()):
            linux._libc.prctl(linux.PR_CAPBSET_DROP, number, 0, 0, 0)
        linux.no_new_privileges()

    command = [sys.executable, "-c", AS_CONTAINER]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, preexec_fn=give_up
    )
    assert done.stdout.split()[:1] == [str(user_ids.FIRST_OUTER_ID + 1)], done.stderr


@pytest.mark.parametrize("victim", ["server", "grader"])
def test_nothing_outlives_its_parent(victim: str, tmp_path: Path) -> None:
    """kill -9 on the fork server or on the grader: no kernel is left a moment later."""
    script = tmp_path / "grader.py"
    script.write_text(GRADER)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as grader:
        assert grader.stdout is not None
        mark, pid = grader.stdout.readline().split()
        assert len(foreign_processes(mark, 0)) == 2
        os.kill(int(pid) if victim == "server" else grader.pid, signal.SIGKILL)
        assert foreign_processes(mark, 10) == []
        grader.kill()
    if victim == "grader":  # its fork server puts things in order
        deadline = time.monotonic() + 5
        while (
            folder := Path(tempfile.gettempdir(), mark)
        ).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not folder.exists()


GRADER = """
import asyncio, time
from autograder.workspace.course import Limits
from autograder.sandbox.warm_server import WarmServer
from autograder.running.session import Session

async def main():
    server = WarmServer()
    async with Session(server, level="namespaces", limits=Limits()) as session:
        leave = "import os, time\\nif os.fork() == 0:\\n    os.setsid()\\n    time.sleep(99)"
        await session.run(leave, 10)
        print(server.folder.name, server._process.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


AS_NOBODY = """
import json, sys
from pathlib import Path
from autograder.workspace.course import load_course
from autograder.running.engine import Engine, Job

engine = Engine(load_course(Path(sys.argv[1])), "tiny", workers=2)
wrong = Path("tests/attacks/submissions")
jobs = [Job("solution", engine.solution())]
jobs += [Job(n, engine.solution(double=(wrong / f"{n}.py").read_text())) for n in sys.argv[2:]]
for job, outcome in zip(jobs, engine.examine(jobs)):
    print(json.dumps([job.name, outcome.points, outcome.incidents]))
engine.server.stop()
"""


def test_the_grader_needs_no_privilege(built_tiny: Any, tmp_path: Path) -> None:
    """As an ordinary user it builds the same sandbox: the same marks, the same incidents."""
    from tests.classroom import copy_course

    course = copy_course(built_tiny, tmp_path / "course")
    attacks = (
        "escape",
        "read_proc",
        "hoard_in_children",
        "hoard_shared",
        "kill_others",
        "use_socket_folder",
        "fork_bomb",
    )
    command = [sys.executable, "-c", AS_NOBODY, str(course.root), *attacks]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, preexec_fn=_nobody(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    outcomes = {
        name: (points, incidents)
        for name, points, incidents in map(json.loads, done.stdout.splitlines())
    }
    assert outcomes.pop("solution") == (8.0, [])
    assert outcomes.keys() == set(attacks)
    assert {points for points, _ in outcomes.values()} == {6.0}
    assert "double: the process ended: it used too much memory." in outcomes["hoard_in_children"][1]


def _nobody(folder: Path) -> Any:
    """What makes a child an ordinary user, in a view of the machine in which Python can be reached
    by everybody."""
    if os.getuid() != 0:
        return None
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, 65534, 65534, follow_symlinks=False)

    def become() -> None:
        linux._check(linux._libc.unshare(linux.CLONE_NEWNS), "unshare")
        linux.make_private()
        for base in {Path(sys.base_prefix), Path(sys.prefix), folder}:
            _open_way(base)
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        os.environ["TMPDIR"] = str(folder)

    return become


def _open_way(path: Path) -> None:
    """In a mount namespace of its own: put a folder that everybody may enter in the place of one
    that is closed."""
    closed = [parent for parent in reversed(path.parents) if parent.stat().st_mode & 0o005 != 0o005]
    if closed:
        inside = os.open(path, os.O_PATH)
        linux.mount("tmpfs", closed[0], options="mode=755")
        linux.bind(Path(f"/proc/self/fd/{inside}"), path, writable=True)
        os.close(inside)
