"""The walls themselves: what a process sees behind them, who may build them, and what stays when
somebody dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.container import CAPABILITIES
from autograder.model.cell_run import CellRun
from autograder.model.errors import UsageError
from autograder.running.engine import check_level
from autograder.running.session import Session
from autograder.sandbox import isolation as sandbox
from autograder.sandbox import linux
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits
from tests.attacks.hall import foreign_processes

ROOT = Path(__file__).parents[2]
LIMITS = Limits(todo_seconds=10, memory_mb=300, temporary_mb=16)


@pytest.fixture(scope="module")
def server() -> Iterator[WarmServer]:
    with WarmServer(("numpy", "labkit.probes")) as running:
        yield running


def run(
    server: WarmServer, *cells: str, level: str = "namespaces", **options: Any
) -> list[CellRun]:
    """What came of some cells in one kernel."""

    async def go() -> list[CellRun]:
        async with Session(server, level=level, limits=LIMITS, **options) as session:
            return [await session.run(cell, LIMITS.todo_seconds) for cell in cells]

    return asyncio.run(go())


def seen(server: WarmServer, expression: str, **options: Any) -> Any:
    """The value of an expression behind the walls."""
    (ran,) = run(server, f"import json, os\nprint(json.dumps({expression}))", **options)
    assert ran.status == "ok", ran.error
    return json.loads(ran.text)


WALLED = [
    "namespaces",
    pytest.param("container", marks=pytest.mark.skipif(os.getuid() != 0, reason="needs root")),
]


@pytest.mark.parametrize("level", WALLED)
def test_status_of_the_process(server: WarmServer, level: str) -> None:
    """No capability, no new privilege, a filter on system calls, nobody else's process, no
    namespaces of its own."""
    lines = seen(server, "open('/proc/self/status').read().splitlines()", level=level)
    status = dict(line.split(":\t", 1) for line in lines)
    assert {
        int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    } == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert len(set(status["Uid"].split())) == 1
    assert "0" not in status["Uid"].split()
    assert len(status["Cpus_allowed_list"].split(",")) == 1
    assert seen(server, "[p for p in os.listdir('/proc') if p.isdigit()]", level=level) == ["1"]
    assert seen(server, "os.uname().nodename", level=level) == "lab"
    limits = seen(
        server,
        "{k: v for k, v in __import__('resource').__dict__.items() if k.startswith('RLIMIT')}",
    )
    asked = f"[__import__('resource').getrlimit(n) for n in {[limits['RLIMIT_CORE'], limits['RLIMIT_NPROC']]}]"
    assert seen(server, asked, level=level) == [[1, 1], [LIMITS.processes] * 2]


@pytest.mark.parametrize("level", WALLED)
def test_attacks_on_the_system(server: WarmServer, level: str) -> None:
    """Rows 59, 60, 118, 120, 125, 126 at each level: none comes through."""
    for name in (
        "escape",
        "read_proc",
        "hoard_shared",
        "kill_others",
        "use_exchange",
        "fill_disk",
        "network",
    ):
        code = (
            (Path(__file__).parent / "submissions" / f"{name}.py")
            .read_text()
            .replace("@PORT@", "9")
        )
        won = (
            "print(next((globals()[n] for n in ('won', 'found', 'reached') if n in globals()), []))"
        )
        *_, ran = run(server, "import numpy as np", code, won, level=level)
        assert ran.text.strip() == ("" if ran.lost else "[]"), name
        assert not ran.lost or name == "kill_others"


def test_no_namespaces_of_its_own(server: WarmServer) -> None:
    """The second lock: the count of user namespaces is 0, even if the filter were not there."""
    assert seen(server, "open('/proc/sys/user/max_user_namespaces').read().strip()") == "0"


def test_view_of_the_file_system(server: WarmServer) -> None:
    """Every mount is read-only but the temporary ones, and of the course only labkit is there."""
    mounts = [
        line.split() for line in seen(server, "open('/proc/self/mountinfo').read().splitlines()")
    ]
    writable = {row[4] for row in mounts if "rw" in row[5].split(",")}
    assert writable == {"/tmp", "/dev/shm", "/dev/null", "/dev/random", "/dev/urandom", "/proc"}
    files = {"alternatives", "group", "hosts", "ld.so.cache", "localtime", "passwd"}
    assert set(seen(server, "os.listdir('/etc')")) <= files
    assert set(seen(server, "os.listdir('/dev')")) == {"null", "random", "urandom", "shm"}
    if not Path(sys.prefix).is_relative_to("/usr"):
        shown = set(seen(server, f"os.listdir({str(ROOT)!r})"))
        assert shown <= {"labkit", Path(sys.prefix).name}


def test_the_environment_is_made_for_the_student(
    server: WarmServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the grader's environment is in a student's, neither in Python's nor in the
    system's."""
    monkeypatch.setenv("GRADER_SECRET", "secret")
    with WarmServer() as own:
        (ran,) = run(
            own,
            "import os, subprocess\nprint(subprocess.run('env', capture_output=True).stdout, os.environ)",
        )
    assert "LABKIT_BUDGET" in ran.text
    assert "secret" not in ran.text.lower()


def test_hidden_folders_are_empty(server: WarmServer, tmp_path: Path) -> None:
    """A course that lies below something visible keeps its solutions."""
    tmp_path.chmod(0o755)
    for name in ("solutions", "data"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    options = {"visible": (tmp_path,), "hidden": (tmp_path / "solutions", tmp_path / "nowhere")}
    shown = seen(
        server,
        f"[os.listdir(os.path.join({str(tmp_path)!r}, n)) for n in ('solutions', 'data')]",
        **options,
    )
    assert shown == [[], ["file"]]


def test_kernels_do_not_see_each_other(server: WarmServer) -> None:
    """Two exams at once: neither the other's processes, files nor sockets."""

    async def go() -> list[str]:
        async with (
            Session(server, level="namespaces", limits=LIMITS) as one,
            Session(server, level="namespaces", limits=LIMITS) as two,
        ):
            await one.run(
                "open('/tmp/work/mine', 'w').write('x'); open('/dev/shm/mine', 'w').write('x')", 10
            )
            look = "import os; print(os.listdir('/tmp/work'), os.listdir('/dev/shm'), os.listdir('/proc').count('2'))"
            other = "import glob; print(len(glob.glob('/tmp/autograder-*/k*')))"
            return [(await two.run(code, 10)).text.strip() for code in (look, other)]

    assert asyncio.run(go()) == ["[] [] 0", "1"]


FLOOD = """
import sys, time
sys.stdout.flush_interval = 0.001
sys.stdout.pub_thread.schedule(lambda: time.sleep(0.3))
for i in range(5_000):
    print(i, flush=True)
"""


def test_a_flood_never_stops_itself(server: WarmServer) -> None:
    """The line to the sending thread is full when that one flushes, too: it must not wait for who
    fills the line."""
    for _ in range(3):
        (ran,) = run(server, FLOOD)
        assert (ran.status, ran.text[:4]) == ("ok", "0\n1\n"), ran.reason


def test_levels_are_named_and_never_weakened() -> None:
    """An unknown level is an error that names the known ones."""
    with pytest.raises(UsageError, match=r'no sandbox level "wall"\. Known: namespaces'):
        check_level("wall")
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
    assert "this is vax" in str(sandbox.unavailable("namespaces"))


AS_CONTAINER = """
import asyncio
from autograder.workspace.course import Limits
from autograder.running.engine import check_level
from autograder.sandbox.warm_server import WarmServer
from autograder.running.session import Session

async def main():
    with WarmServer() as server:
        async with Session(server, level=check_level("container"), limits=Limits()) as session:
            print((await session.run("import os; print(os.getuid(), len(os.listdir('/')))", 10)).text)

asyncio.run(main())
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs the root of a container")
def test_the_rights_of_the_container_are_enough() -> None:
    """With the few capabilities that the container keeps, and no more, its walls can be built."""
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
    assert done.stdout.split()[:1] == [str(sandbox.FIRST_OUTER_ID + 1)], done.stderr


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
        await session.run("import os, time\\nif os.fork() == 0:\\n    os.setsid()\\n    time.sleep(99)", 10)
        print(server.folder.name, server._process.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("file", ["raw_frames", "giant_message", "many_messages", "odd_messages"])
def test_a_flood_stays_outside_the_grader(server: WarmServer, file: str) -> None:
    """Whatever a kernel sends, the grader's memory grows by no more than a few messages."""
    code = (Path(__file__).parent / "submissions" / f"{file}.py").read_text()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before = _memory_mb("VmHWM")
    run(server, "import numpy as np", code, "double(np.ones(3))")
    assert _memory_mb("VmHWM") - before < 250


def _memory_mb(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0]) // 1024


def test_a_busy_grader_takes_no_time_from_a_student(server: WarmServer) -> None:
    """A cell that ended in time counts, even if the grader was too busy to read of it."""

    async def go() -> CellRun:
        async with Session(server, level="namespaces", limits=LIMITS) as session:
            running = asyncio.create_task(session.run("x = 1", 0.5))
            await asyncio.sleep(0.01)
            time.sleep(1.5)
            return await running

    assert asyncio.run(go()).status == "ok"


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
    """As an ordinary user the same walls stand: the same marks, the same incidents."""
    from tests.classroom import copy_course

    course = copy_course(built_tiny, tmp_path / "course")
    attacks = (
        "escape",
        "read_proc",
        "hoard_in_children",
        "hoard_shared",
        "kill_others",
        "use_exchange",
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
