"""In the kernel's process, before any student's code: become an IPython kernel, for an exam with an exam's manners.

Nothing here is a wall. It makes honest code behave (floods are cut at the source, Colab's calls do nothing); a student
who undoes it meets the same limits again at the grader's end.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from functools import partial
from typing import Any, NoReturn

from autograder.kernels import colab
from autograder.kernels.caps import CAPS, Caps
from labkit.probes import MIME

__all__ = ["run_kernel"]

SETTLE_SECONDS = 0.002


def run_kernel(connection_file: str, inside: socket.socket) -> NoReturn:
    """Become an IPython kernel; student code runs only after the monitor has closed the exchange folder."""
    from ipykernel.kernelapp import IPKernelApp

    caps = os.environ.pop(CAPS, "")
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
    caps = Caps.from_text(text, app.session.send)
    app.session.send = partial(_send, caps, app.iopub_thread)
    broadcasts = app.iopub_thread.socket
    app.iopub_thread.schedule(lambda: broadcasts.set_hwm(0))  # none is dropped because a flood came before it
    for stream in (sys.stdout, sys.stderr):
        stream.flush = partial(_flush, stream, caps)  # type: ignore[method-assign]
        stream.write = partial(_write, stream.write, caps)  # type: ignore[method-assign]
    app.kernel.raw_input = app.kernel.getpass = _no_input
    app.shell.system = app.shell.getoutput = _no_command
    app.shell.ask_exit = _no_command  # exit() ends nothing in a notebook, or the next cell would have to pay for it
    colab.install()


def _send(caps: Caps, thread: Any, stream: Any, message: Any, *arguments: Any, **options: Any) -> Any:
    """Send; after a case wait until it has gone out, so that a crash in the next one does not cost this one."""
    result = caps.send(stream, message, *arguments, **options)
    if isinstance(message, dict) and message["content"].get("data", {}).get(MIME, {}).get("event") == "end":
        sent = threading.Event()
        thread.schedule(sent.set)
        sent.wait(1)
        time.sleep(SETTLE_SECONDS)
    return result


def _flush(stream: Any, caps: Caps) -> None:
    """Pass the text on without waiting for it to be sent; what is sent later still comes after it."""
    if caps.text_left:
        stream.pub_thread.schedule(stream._flush)


def _write(write_on: Any, caps: Caps, text: str) -> int:
    """Take in no more than can be sent."""
    return write_on(text) if caps.text_left or not isinstance(text, str) else len(text)


def _no_input(*_: object, **__: object) -> NoReturn:
    raise EOFError("nobody types while a notebook is graded: write the value into the code")


def _no_command(*_: object, **__: object) -> list[str]:
    return []
