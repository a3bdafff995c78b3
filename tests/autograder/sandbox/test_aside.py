"""Workers: whatever reading a submission costs, the grader waits no longer than it said, and nobody
else is touched."""

from __future__ import annotations

import asyncio
import io
import math
import os
import pickle
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.errors import AutograderError
from autograder.model.judgement import Around, Prepared
from autograder.model.key import CaseKey, ProbeKey
from autograder.running import reading_aside
from autograder.sandbox import aside, aside_server
from autograder.sandbox.aside import Aside, TooCostlyError, open_aside

LIST = {"compare": "auto", "rtol": 1e-4, "atol": 1e-6}


@pytest.fixture
def worker() -> Iterator[Aside]:
    with open_aside("namespaces") as opened:
        yield opened


def test_a_worker_answers_again_and_again(worker: Aside) -> None:
    assert [worker.call_now(math.factorial, n) for n in (3, 4)] == [6, 24]


def test_too_much_memory_is_told_and_touches_nobody(worker: Aside) -> None:
    """An error of that submission; the worker of another one, and the next call, go on."""
    with pytest.raises(TooCostlyError, match="too much memory"):
        worker.call_now(bytearray, 2**34)
    assert worker.call_now(math.factorial, 3) == 6


def test_a_worker_that_does_not_answer_is_given_up(
    worker: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop goes on meanwhile: nobody else's clock has moved."""
    monkeypatch.setattr(aside, "WALL_SECONDS", 1.0)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.05)
            ticks += 1

    async def both() -> None:
        ticking = asyncio.create_task(tick())
        with pytest.raises(TooCostlyError, match="took too long"):
            await worker.call(math.factorial, 3_000_000)
        ticking.cancel()

    started = time.monotonic()
    asyncio.run(both())
    assert time.monotonic() - started < 10
    assert ticks > 5


def test_a_worker_that_dies_is_one_submissions_problem(worker: Aside) -> None:
    with open_aside("namespaces") as other:
        assert other.call_now(os.getpid) != worker.call_now(os.getpid)
        with pytest.raises(TooCostlyError):
            worker.call_now(os._exit, 1)
        assert other.call_now(math.factorial, 3) == 6


def test_the_limits_are_in_force(worker: Aside) -> None:
    import resource

    limit = worker.call_now(resource.getrlimit, resource.RLIMIT_CPU)
    assert limit == (aside_server.CPU_SECONDS,) * 2
    assert worker.call_now(resource.getrlimit, resource.RLIMIT_AS)[0] < 4 * 2**30


def test_nothing_can_be_written_and_nobody_called(worker: Aside, tmp_path: Path) -> None:
    with pytest.raises(AutograderError, match="Read-only"):
        worker.call_now(os.mkdir, str(tmp_path / "new"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = listening.getsockname()
        with pytest.raises(AutograderError, match=r"refused|unreachable"):
            worker.call_now(socket.create_connection, address, 2)


def test_only_records_come_back() -> None:
    """A worker that was taken over could send what it likes."""

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("true",)

    for thing in (Evil(), Path("/"), os.system):
        with pytest.raises(pickle.UnpicklingError, match="is no record"):
            aside._Records(io.BytesIO(pickle.dumps(thing))).load()


def test_the_message_of_a_report_is_read_by_the_worker_only(worker: Aside) -> None:
    """JSON of twelve megabytes of keys took the grader seconds."""
    keys = ",".join(f'"{number:07d}":{number}' for number in range(700_000))
    message = f'{{"data": {{"application/vnd.labkit.probe+json": {{{keys}}}}}}}'.encode()
    case = CaseKey("one", "", (ProbeKey("it", LIST, {"int": "1"}),))
    run = CellRun(sent=[message])
    judged = worker.call_now(reading_aside.judge, (case,), run, Prepared("x"), Around(), Path())
    assert [case.passed for case in judged.cases] == [False]


class _AsGetattr:
    """Is pickled as Python 3.11.0 to 3.11.3 pickle the members of an enumeration."""

    def __init__(self, owner: object, name: str) -> None:
        self.owner, self.name = owner, name

    def __reduce__(self) -> tuple[object, tuple[object, str]]:
        return getattr, (self.owner, self.name)


def test_members_of_enumerations_come_from_every_python() -> None:
    """They do, and nothing else that has attributes."""
    sent = io.BytesIO(pickle.dumps(_AsGetattr(CellStatus, "OK")))
    assert aside._Records(sent).load() is CellStatus.OK
    for owner, name in ((CellRun, "__init__"), (CellStatus, "__class__"), (CellStatus, "mro")):
        with pytest.raises((pickle.UnpicklingError, KeyError)):
            aside._Records(io.BytesIO(pickle.dumps(_AsGetattr(owner, name)))).load()
