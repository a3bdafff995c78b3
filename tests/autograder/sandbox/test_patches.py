"""Every patch of ipykernel, IPython and TensorFlow still does something, and does no harm."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograder.model.cell_run import CellRun
from autograder.running.session import Session
from autograder.sandbox.patches import cell_number
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Limits


@pytest.fixture(scope="module")
def server() -> Iterator[WarmServer]:
    with WarmServer() as running:
        yield running


def run(server: WarmServer, *cells: str) -> list[CellRun]:
    """What came of some cells in one exam kernel."""

    async def go() -> list[CellRun]:
        async with Session(server, level="namespaces", limits=Limits()) as session:
            return [await session.run(cell, 20) for cell in cells]

    return asyncio.run(go())


def printed(server: WarmServer, *cells: str) -> str:
    """What the last of some cells has printed; each must end well."""
    ran = run(server, *cells)
    assert [each.error for each in ran if each.status != "ok"] == []
    return ran[-1].text.strip()


def test_the_debugger_is_left_out_and_sees_no_module(server: WarmServer) -> None:
    """ipykernel is imported without debugpy, which can be imported nevertheless; and it collects no
    file of a module."""
    kernel = "from IPython import get_ipython; kernel = get_ipython().kernel\n"
    look = "import sys; print(hasattr(kernel, 'debugger'), len(kernel._kernel_modules), "
    look += "'debugpy' in sys.modules)"
    assert printed(server, kernel + look) == "False 0 False"
    # Without the patches there would be something to find:
    usual = (
        "from ipykernel.debugger import _is_debugpy_available as found\n"
        "from ipykernel.ipkernel import IPythonKernel\n"
        "kernel = IPythonKernel()\n"
        "print(found == hasattr(kernel, 'debugger'), len(kernel._kernel_modules) > 100)"
    )
    done = subprocess.run([sys.executable, "-c", usual], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_a_cell_is_named_by_the_number_that_the_grader_knows(server: WarmServer) -> None:
    """In a traceback, and in what code can find out about itself."""
    code = "import inspect\nprint(inspect.currentframe().f_code.co_filename)"
    assert printed(server, code).endswith(f"/{cell_number(code)}.py")


COUNT = """
from IPython import get_ipython
transformed = []
def note(lines):
    transformed.extend(line for line in lines if line.startswith("x = "))
    return lines
get_ipython().input_transformers_cleanup.append(note)
"""


def test_a_cell_is_transformed_once(server: WarmServer) -> None:
    """The transformers of a cell run once; and for a cell that was changed they run again."""
    cells = (COUNT, "x = 1", "x = 2", "x = 1", "print(transformed)")
    assert printed(server, *cells) == str(["x = 1\n", "x = 2\n", "x = 1\n"])


def test_there_is_no_log_of_every_cell(server: WarmServer) -> None:
    """Debugging records are not even made."""
    look = "print(kernel.log.isEnabledFor(10), kernel.log.isEnabledFor(30))"
    kernel = "from IPython import get_ipython; kernel = get_ipython().kernel\n"
    assert printed(server, kernel + look) == "False True"


REPORT_AND_DIE = """
import os, time
from IPython import get_ipython
from IPython.display import display
from labkit.probes import MIME
for number in range(3):
    get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep(0.2))
    display({MIME: {"case": str(number), "probes": []}}, raw=True)
os._exit(9)
"""


def test_the_report_of_a_case_has_gone_out_before_the_next_one(server: WarmServer) -> None:
    """A process that ends itself right after a case does not take the report along, even when the
    thread that sends is busy."""
    (ran,) = run(server, REPORT_AND_DIE)
    assert (ran.status, [report["case"] for report in ran.reports]) == ("killed", ["0", "1", "2"])


FLUSH = """
import sys, time
print("before")
sys.stdout.pub_thread.schedule(lambda: time.sleep(1))
begun = time.monotonic()
print("text", flush=True)
print(time.monotonic() - begun < 0.5)
"""


def test_a_flush_does_not_wait(server: WarmServer) -> None:
    """Not even for a sending thread that does nothing for a second; and the text comes in order."""
    assert printed(server, FLUSH).split() == ["before", "text", "True"]


def test_text_is_cut_in_the_kernel(server: WarmServer) -> None:
    """The grader, which cuts once more, has nothing left to cut."""
    (ran,) = run(server, "for _ in range(1000):\n    print('x' * 999, flush=True)")
    assert (len(ran.text), ran.dropped) == (Limits().output_kb * 1024, 0)


FLOOD_AND_REPORT = """
from IPython import get_ipython
from IPython.display import display
from labkit.probes import MIME
for _ in range(4000):
    print("x" * 9, flush=True)
display({MIME: {"case": "after the flood", "probes": []}}, raw=True)
"""


def test_a_flood_costs_no_report(server: WarmServer) -> None:
    """More messages than ZeroMQ keeps by default; what comes after them is not dropped."""
    (ran,) = run(server, FLOOD_AND_REPORT)
    assert [report["case"] for report in ran.reports] == ["after the flood"]


def test_the_broadcasting_socket_has_no_limit(server: WarmServer) -> None:
    """ZeroMQ's default is 1000 messages."""
    look = "import zmq; print(kernel.iopub_thread.socket.get(zmq.SNDHWM))"
    kernel = "from IPython import get_ipython; kernel = get_ipython().kernel\n"
    assert printed(server, kernel + look) == "0"


@pytest.mark.parametrize("ask", ["input()", "import getpass; getpass.getpass()"])
def test_whoever_asks_for_input_reads_what_to_do(server: WarmServer, ask: str) -> None:
    """An error at once, in the words of the course."""
    (ran,) = run(server, ask)
    assert ran.error is not None
    assert (ran.status, ran.error.type) == ("error", "EOFError")
    assert "write the value into the code" in ran.error.text


def test_commands_and_exit_do_nothing(server: WarmServer) -> None:
    """The kernel goes on, and nothing was run."""
    pause = "import time; time.sleep(0.3)"
    cells = ("!touch made", "files = !echo made", "exit()", pause, "quit", pause)
    look = "import os; print(files, os.path.exists('made'))"
    assert printed(server, *cells, look) == "[] False"
