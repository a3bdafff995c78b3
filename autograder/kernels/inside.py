"""In the kernel's process, before any student's code: become an IPython kernel, for an exam with an exam's manners.

Nothing here is a wall. It makes honest code behave (floods are cut at the source, Colab's calls do nothing); a student
who undoes it meets the same limits again at the grader's end.
"""

from __future__ import annotations

import os
import socket
import sys
from functools import partial
from typing import Any, NoReturn

from autograder.kernels import colab
from autograder.kernels.caps import CAPS, Caps

__all__ = ["run_kernel"]


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
    app.session.send = caps.send
    broadcasts = app.iopub_thread.socket
    app.iopub_thread.schedule(lambda: broadcasts.set_hwm(0))  # none is dropped because a flood came before it
    for stream in (sys.stdout, sys.stderr):
        stream.flush = partial(_flush, stream, caps)  # type: ignore[method-assign]
        stream.write = partial(_write, stream.write, caps)  # type: ignore[method-assign]
    app.kernel.raw_input = app.kernel.getpass = _no_input
    app.shell.system = app.shell.getoutput = _no_command
    colab.install()


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
