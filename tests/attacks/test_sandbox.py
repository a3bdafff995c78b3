"""The sandbox itself: what a process sees, may do and may send in it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model.cell_run import CellRun
from autograder.running.session import Session
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits
from tests.attacks.hall import CANARY, listening

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
    """The value of an expression in a sandbox."""
    (ran,) = run(server, f"import json, os\nprint(json.dumps({expression}))", **options)
    assert ran.status == "ok", ran.error
    return json.loads(ran.text)


ISOLATED = [
    "namespaces",
    pytest.param("container", marks=pytest.mark.skipif(os.getuid() != 0, reason="needs root")),
]


@pytest.mark.parametrize("level", ISOLATED)
def test_status_of_the_process(server: WarmServer, level: str) -> None:
    """No capability, no new privilege, a filter on system calls, nobody else's process, no
    namespaces of its own."""
    lines = seen(server, "open('/proc/self/status').read().splitlines()", level=level)
    status = dict(line.split(":\t", 1) for line in lines)
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert len(set(status["Uid"].split())) == 1
    assert "0" not in status["Uid"].split()
    assert status["Cpus_allowed_list"].isdigit(), "one processor, not a range of them"
    assert seen(server, "[p for p in os.listdir('/proc') if p.isdigit()]", level=level) == ["1"]
    assert seen(server, "os.uname().nodename", level=level) == "lab"
    for number, limit in ((resource.RLIMIT_CORE, 1), (resource.RLIMIT_NPROC, LIMITS.processes)):
        asked = f"__import__('resource').getrlimit({number})"
        assert seen(server, asked, level=level) == [limit, limit]


ATTACKS = {
    "escape": "won",
    "read_proc": "found + others",
    "hoard_shared": "won",
    "kill_others": "reached",
    "use_socket_folder": "won",
    "fill_disk": "[9 - full]",
    "network": "reached",
}
"""Name -> an expression for what the attack has reached, which must be nothing."""


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process outside, whose command line tells the canary to whoever can read it."""
    command = [sys.executable, "-c", "import time; time.sleep(600)", CANARY]
    with subprocess.Popen(command) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("level", ISOLATED)
@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_on_the_system(
    server: WarmServer,
    level: str,
    name: str,
    bystander: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    """Rows 57, 59, 60, 118, 120, 125, 126 at each level: none comes through, and a process and a
    kernel beside it go on."""

    async def go(code: str) -> tuple[list[CellRun], CellRun]:
        async with (
            Session(server, level=level, limits=LIMITS) as neighbour,
            Session(server, level=level, limits=LIMITS) as attacker,
        ):
            cells = ("import numpy as np", code, f"print({ATTACKS[name]})")
            attacked = [await attacker.run(cell, LIMITS.todo_seconds) for cell in cells]
            return attacked, await neighbour.run("print('here')", LIMITS.todo_seconds)

    code = (Path(__file__).parent / "submissions" / f"{name}.py").read_text()
    with listening(tmp_path) as (facts, heard):
        for key, value in facts.items():
            code = code.replace(f"@{key}@", value)
        (_, attack, noted), beside = asyncio.run(go(code))
        assert heard() == []
    # Who signals every process may end itself: then its neighbours alone tell.
    if not (attack.lost and name == "kill_others"):
        assert (attack.status, noted.status) == ("ok", "ok"), (attack.error, noted.error)
        assert noted.text.strip() in ("[]", "[0]")
    assert beside.text.strip() == "here"
    assert bystander.poll() is None


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
            "import os, subprocess\n"
            "print(subprocess.run('env', capture_output=True).stdout, os.environ)",
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


LOOK = """
import glob, os
print(os.listdir("/tmp/work"), os.listdir("/dev/shm"))
print([number for number in os.listdir("/proc") if number.isdigit()])
print(len(glob.glob("/tmp/autograder-*/k*")))
"""


def test_kernels_do_not_see_each_other(server: WarmServer) -> None:
    """Two exams at once: neither the other's processes, files nor sockets."""
    leave = "for f in ('tmp/work', 'dev/shm'): open(f'/{f}/mine', 'w').write('x')"

    async def go() -> list[CellRun]:
        async with (
            Session(server, level="namespaces", limits=LIMITS) as one,
            Session(server, level="namespaces", limits=LIMITS) as two,
        ):
            return [await one.run(leave, 10), await one.run(LOOK, 10), await two.run(LOOK, 10)]

    left, own, other = asyncio.run(go())
    assert left.status == "ok", left.error
    assert own.text.splitlines() == ["['mine'] ['mine']", "['1']", "1"]
    assert other.text.splitlines() == ["[] []", "['1']", "1"]


CHILDREN = """
import mmap, os, time
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
for _ in range({number}):
    if os.fork() == 0:
        kept = []
        while len(kept) < 2_000:
            kind = mmap.PROT_READ | (mmap.PROT_EXEC if len(kept) % 2 else 0)  # never merged
            kept.append(mmap.mmap(-1, 4096, flags=flags, prot=kind))
        time.sleep(5)
        os._exit(0)
time.sleep(5)
"""


@pytest.mark.parametrize(("number", "lost"), [(3, False), (60, True)])
def test_mappings_are_charged(server: WarmServer, number: int, lost: bool) -> None:
    """65,530 in each of 128 processes take gigabytes of the system's own memory."""
    (ran,) = run(server, CHILDREN.replace("{number}", str(number)))
    assert (ran.lost, ran.reason) == (lost, "it used too much memory" if lost else "")


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


FLOODS = {
    "raw_frames": "it closed its connection",
    "giant_message": "it closed its connection",
    "many_messages": "it sent far more than a cell may print",
    "odd_messages": "",
}
"""Name -> why the kernel was ended, if it was."""


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_stays_outside_the_grader(server: WarmServer, name: str) -> None:
    """Whatever a kernel sends, the grader's memory grows by no more than a few messages."""
    code = (Path(__file__).parent / "submissions" / f"{name}.py").read_text()
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak
    before = _memory_mb("VmHWM")
    assert before - _memory_mb("VmRSS") < 50, "the system keeps the old peak"
    *_, flood = run(server, "import numpy as np", code, "double(np.ones(3))")
    assert _memory_mb("VmHWM") - before < 250
    assert flood.lost == bool(FLOODS[name])
    # Two threads that send on one socket may crash before anything else ends them.
    assert flood.reason in (FLOODS[name], "it crashed (segmentation fault)")
    assert bool(flood.reports) == (name == "odd_messages")


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
