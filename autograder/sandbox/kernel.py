"""In the kernel's process, before any student's code: become an IPython kernel, for an exam with an
exam's manners.

Nothing here is a wall. It makes honest code behave (floods are cut at the source, Colab's calls do
nothing); a student who undoes it meets the same limits again at the grader's end.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import zlib
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, NoReturn

from autograder.sandbox import colab
from autograder.sandbox.output_limits import CAPS, Caps
from labkit.probes import MIME

__all__ = ["cell_number", "run_kernel"]

SETTLE_SECONDS = 0.0005
"""Whoever sends for this thread waits for its processor: it gets it now."""


def cell_number(code: str) -> int:
    """Names the file that a cell is in tracebacks; ipykernel's own, a loop in Python, takes as long
    as a short cell."""
    return zlib.crc32(code.encode("utf-8", "replace"))


def run_kernel(connection_file: str, inside: socket.socket) -> NoReturn:
    """Become an IPython kernel; student code runs only after the monitor has closed the exchange
    folder."""
    from ipykernel import ipkernel
    from ipykernel.kernelapp import IPKernelApp

    caps = os.environ.pop(CAPS, "")
    # For a debugger's sake ipykernel looks at every module there is, and to look at a page is to
    # copy it.
    ipkernel.sys = SimpleNamespace(**{**vars(sys), "modules": {}})
    app = IPKernelApp(connection_file=connection_file)
    app.initialize(["--HistoryManager.enabled=False", "--InteractiveShell.colors=NoColor"])
    if caps:
        _exam_manners(app, caps)
    inside.sendall(b"bound")
    inside.recv(16)
    inside.close()
    app.start()
    os._exit(0)


def _exam_manners(app: Any, text: str) -> None:
    from ipykernel import compiler

    caps = Caps.from_text(text, app.session.send)
    app.session.send = partial(_send, caps, app.iopub_thread)
    broadcasts = app.iopub_thread.socket
    app.iopub_thread.schedule(
        lambda: broadcasts.set_hwm(0)
    )  # none is dropped because a flood came before it
    streams: list[Any] = [sys.stdout, sys.stderr]
    for stream in streams:
        stream._flush = partial(_one_at_a_time, stream, stream._flush, threading.Lock())
        stream.flush = partial(_flush, stream, caps)
        stream.write = partial(_write, stream.write, caps)
    app.kernel.raw_input = app.kernel.getpass = _no_input
    app.shell.system = app.shell.getoutput = _no_command
    app.log.setLevel("WARNING")  # four lines for each cell, which nobody would read
    app.shell.transform_cell = lru_cache(maxsize=1)(
        app.shell.transform_cell
    )  # ipykernel asks for it twice
    compiler.murmur2_x86 = lambda code, seed: cell_number(code)
    app.shell.ask_exit = (
        _no_command  # exit() ends nothing in a notebook, or the next cell would have to pay for it
    )
    colab.install()


def _send(
    caps: Caps, thread: Any, stream: Any, message: Any, *arguments: Any, **options: Any
) -> Any:
    """Send; after a case wait until it has gone out, so that a crash in the next one does not cost
    this one."""
    result = caps.send(stream, message, *arguments, **options)
    if isinstance(message, dict) and MIME in message["content"].get("data", {}):
        sent = threading.Event()
        thread.schedule(sent.set)
        sent.wait(1)
        time.sleep(SETTLE_SECONDS)
    return result


def _flush(stream: Any, caps: Caps) -> None:
    """Pass the text on without waiting for it to be sent; what is sent later still comes after it.

    Left to the sending thread, as IPython does, it would line up behind what is sent meanwhile: the
    end of the cell.
    """
    if caps.text_left:
        stream._flush()


def _one_at_a_time(stream: Any, flush: Any, lock: threading.Lock) -> None:
    """The sending thread flushes, too, from time to time: what it has taken must be in line before
    another goes on.

    It waits for nobody itself: who flushes may be waiting for room in the line, which only the
    sending thread makes.
    """
    sending = threading.current_thread() is stream.pub_thread.thread
    if not lock.acquire(blocking=not sending):
        stream._schedule_flush()
        return
    try:
        flush()
    finally:
        lock.release()


def _write(write_on: Any, caps: Caps, text: str) -> int:
    """Take in no more than can be sent."""
    return write_on(text) if caps.text_left or not isinstance(text, str) else len(text)


def _no_input(*_: object, **__: object) -> NoReturn:
    raise EOFError("nobody types while a notebook is graded: write the value into the code")


def _no_command(*_: object, **__: object) -> list[str]:
    return []
