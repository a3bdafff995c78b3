"""What is replaced or switched off in other people's code at run time: what, why, and where it is.

Written for ipykernel 7.4, IPython 9.18 and TensorFlow 2.21; a patch of what a later version has no
more is to be deleted. ``tests/autograder/sandbox/test_patches.py`` shows of each one that it still
does something. No mark rests on a patch: a student's code can undo them all.

The first group is applied in the fork server, once; the others in each kernel, where they take
next to no time.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, NoReturn

from autograder.sandbox.output_limits import OutputLimits
from labkit.probes import MIME

__all__ = [
    "cell_number",
    "flush_without_waiting",
    "hide_modules_from_debugger",
    "ignore_commands",
    "ignore_exit",
    "keep_every_message",
    "log_warnings_only",
    "name_cells_quickly",
    "refuse_input",
    "run_operations_directly",
    "send_within_limits",
    "transform_cells_once",
    "without_debugger",
    "write_within_limits",
]

# --- in the fork server -------------------------------------------------------------------------


@contextlib.contextmanager
def without_debugger() -> Iterator[None]:
    """Import ipykernel without its debugger, which an exam does not need and which is large.

    ipykernel goes on without debugpy where it is not installed: an import of it fails here.

    Upstream: ``ipykernel/debugger.py``, ``_is_debugpy_available``;
    https://github.com/ipython/ipykernel/pull/597.
    """
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["debugpy"]


EAGER_OPTION = "TFE_ContextOptionsSetRunEagerOpAsFunction"
"""A function of TensorFlow's C interface."""


def run_operations_directly() -> None:
    """Have TensorFlow, if it was imported, run an operation outside of a graph by its kernel alone.

    By default it wraps each kind of operation in a function of its own first: builds a graph, has
    every optimizer look at it, plans its execution. That pays when it is called often, and an exam
    calls most of them a few times: it took a third of an exam's time. The kernels, and so the
    numbers, are the same. TensorFlow sets the option, always to True, when a process runs its first
    operation, which is long after this; there is no public way to choose.

    Upstream: ``tensorflow/python/eager/context.py``, ``Context.ensure_initialized``;
    https://github.com/tensorflow/tensorflow/issues/55414.
    """
    if "tensorflow" not in sys.modules:
        return
    bindings = importlib.import_module("tensorflow.python.pywrap_tfe")
    set_option = getattr(bindings, EAGER_OPTION, None)
    if set_option is not None:  # a later TensorFlow may do without
        setattr(bindings, EAGER_OPTION, lambda options, _: set_option(options, False))


# --- in each kernel: its start ------------------------------------------------------------------


def hide_modules_from_debugger() -> None:
    """Have a new kernel believe that no module is loaded.

    For the debugger's sake it collects the file of every module, of which TensorFlow has thousands.
    To look at an object counts a reference, which writes to its page of memory, and a page that is
    written to in a fork is copied: two fifths of the pages of a starting kernel.

    Upstream: ``ipykernel/ipkernel.py``, ``IPythonKernel.__init__``, ``_kernel_modules``;
    https://github.com/ipython/ipykernel/pull/597.
    """
    from ipykernel import ipkernel

    # Only this module's name "sys" is replaced; all else in it is the real one's.
    ipkernel.sys = SimpleNamespace(**{**vars(sys), "modules": {}})


def name_cells_quickly() -> None:
    """Name the file of a cell in tracebacks by :func:`cell_number`.

    ipykernel's own hash is a loop in Python over the characters of a cell, which takes as long as
    a short cell. The name matters to a debugger only.

    Upstream: ``ipykernel/compiler.py``, ``murmur2_x86``;
    https://github.com/ipython/ipykernel/pull/597.
    """
    from ipykernel import compiler

    compiler.murmur2_x86 = lambda code, seed: cell_number(code)


def cell_number(code: str) -> int:
    """The number by which the file of a cell is named; the grader finds its lines again by it."""
    return zlib.crc32(code.encode("utf-8", "replace"))


def transform_cells_once(shell: Any) -> None:
    """Remember the last cell that IPython transformed to plain Python.

    ipykernel transforms a cell to find out whether it awaits something. If it does not, IPython is
    given the cell as it was, and transforms it again.

    Upstream: ``ipykernel/ipkernel.py``, ``do_execute``, and ``InteractiveShell.transform_cell``;
    https://github.com/ipython/ipykernel/pull/605.
    """
    shell.transform_cell = lru_cache(maxsize=1)(shell.transform_cell)


def log_warnings_only(app: Any) -> None:
    """Make no debugging log, of four lines for each cell.

    traitlets makes every record and leaves it to the handlers to drop it, which here all do.

    Upstream: ``ipykernel/kernelbase.py``, ``dispatch_shell``, and traitlets' ``Application``.
    """
    app.log.setLevel("WARNING")


# --- in each kernel: what it sends --------------------------------------------------------------

SETTLE_SECONDS = 0.0005
"""For this long the main thread leaves its processor to the sending thread."""


def send_within_limits(app: Any, limits: OutputLimits) -> None:
    """Pass everything the kernel sends through ``limits``, and reports of cases at once.

    Upstream: ``jupyter_client/session.py``, ``Session.send``.
    """
    app.session.send = partial(_send, limits, app.iopub_thread)


def _send(
    limits: OutputLimits, thread: Any, stream: Any, message: Any, *arguments: Any, **options: Any
) -> Any:
    """Send a message; after the report of a case, wait until it has gone out.

    Otherwise a crash in the next case would take this case's report along.
    """
    result = limits.send(stream, message, *arguments, **options)
    if isinstance(message, dict) and MIME in message["content"].get("data", {}):
        # The thread works off its queue in order: what it was given before this is sent by then.
        sent = threading.Event()
        thread.schedule(sent.set)
        sent.wait(1)
        time.sleep(SETTLE_SECONDS)
    return result


def keep_every_message(app: Any) -> None:
    """Lift ZeroMQ's limit on waiting messages, so that a flood of text costs no report.

    Above 1000 of them a publishing socket drops what comes next, without a word.

    Upstream: ``ipykernel/kernelapp.py``, ``init_iopub``; ZeroMQ's option ``ZMQ_SNDHWM``.
    """
    broadcasts = app.iopub_thread.socket
    app.iopub_thread.schedule(lambda: broadcasts.set_hwm(0))


def write_within_limits(limits: OutputLimits) -> None:
    """Take in no more text than can be sent, and flush without waiting.

    Upstream: ``ipykernel/iostream.py``, ``OutStream``;
    https://github.com/ipython/ipykernel/pull/85 made a thread of its own send the text.
    """
    streams: list[Any] = [sys.stdout, sys.stderr]
    for stream in streams:
        stream._flush = partial(_flush_one_at_a_time, stream, stream._flush, threading.Lock())
        stream.flush = partial(flush_without_waiting, stream, limits)
        stream.write = partial(_write, stream.write, limits)


def flush_without_waiting(stream: Any, limits: OutputLimits) -> None:
    """Put the text in line for the sending thread, from the thread that has written it.

    ``OutStream.flush`` asks the sending thread to do so and waits for it. By then the end of the
    cell can be in line already, and the text would come after it.
    """
    if limits.text_left:
        stream._flush()


def _flush_one_at_a_time(stream: Any, flush: Any, lock: threading.Lock) -> None:
    """Flush, unless another thread does: the sending thread flushes, too, every 0.2 s.

    What one thread has taken from the buffer must be in line before another takes more, or texts
    would change places. Other threads wait for the lock. The sending thread must not: whoever holds
    the lock may be waiting for room in the queue, which only the sending thread makes.
    """
    in_sending_thread = threading.current_thread() is stream.pub_thread.thread
    if not lock.acquire(blocking=not in_sending_thread):
        stream._schedule_flush()
        return
    try:
        flush()
    finally:
        lock.release()


def _write(write: Any, limits: OutputLimits, text: str) -> int:
    """Write ``text``, or drop it once the limit of the cell is used up."""
    if not limits.text_left and isinstance(text, str):
        return len(text)
    written: int = write(text)
    return written


# --- in each kernel: what makes no sense in an exam ---------------------------------------------


def refuse_input(kernel: Any) -> None:
    """Answer ``input()`` and ``getpass()`` with an error that says what to do instead.

    Upstream: ``ipykernel/kernelbase.py``, ``Kernel.raw_input``: its own error blames the frontend.
    """
    kernel.raw_input = kernel.getpass = _no_input


def _no_input(*_: object, **__: object) -> NoReturn:
    raise EOFError("nobody types while a notebook is graded: write the value into the code")


def ignore_commands(shell: Any) -> None:
    """Do nothing for ``!pip install ...`` and ``files = !ls``: there is no network, and no waiting.

    Upstream: ``ipykernel/zmqshell.py``, ``system_piped``, and ``InteractiveShell.getoutput``.
    """
    shell.system = shell.getoutput = _do_nothing


def ignore_exit(shell: Any) -> None:
    """Do nothing for ``exit()``: the next cell would have to pay for the end of the kernel.

    Upstream: ``ipykernel/zmqshell.py``, ``ask_exit``;
    https://github.com/jupyter/notebook/issues/4400.
    """
    shell.ask_exit = _do_nothing


def _do_nothing(*_: object, **__: object) -> list[str]:
    return []
