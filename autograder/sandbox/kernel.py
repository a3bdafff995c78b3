"""In the kernel's process, before any student code: become an IPython kernel that suits an exam.

Nothing here is part of the sandbox. It makes honest code behave (floods of output are cut at the
source, Colab's calls do nothing); a student who undoes it meets the same limits again at the
grader's end.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any, NoReturn

from autograder.sandbox import colab, patches
from autograder.sandbox.output_limits import VARIABLE, OutputLimits

__all__ = ["run_kernel"]


def run_kernel(connection_file: str, monitor: socket.socket) -> NoReturn:
    """Become an IPython kernel; with output limits in the environment, one for an exam.

    Args:
        connection_file: where to listen, as Jupyter writes it.
        monitor: the socket to the monitor. The kernel takes messages only after the monitor has
            made the folder of its sockets read-only.
    """
    # ipykernel is imported already, in the fork server. Here, it would be imported by the grader.
    from ipykernel.kernelapp import IPKernelApp

    limits = os.environ.pop(VARIABLE, "")
    patches.hide_modules_from_debugger()
    app = IPKernelApp(connection_file=connection_file)
    app.initialize(["--HistoryManager.enabled=False", "--InteractiveShell.colors=NoColor"])
    if limits:
        _prepare_for_exam(app, limits)
    # The sockets are bound, but nothing is read from them before app.start().
    monitor.sendall(b"bound")
    monitor.recv(16)
    monitor.close()
    app.start()
    os._exit(0)


def _prepare_for_exam(app: Any, text: str) -> None:
    """Limit what the kernel sends, and leave out what makes no sense in an exam."""
    limits = OutputLimits.from_text(text, app.session.send)
    patches.send_within_limits(app, limits)
    patches.keep_every_message(app)
    patches.write_within_limits(limits)
    patches.refuse_input(app.kernel)
    patches.ignore_commands(app.shell)
    patches.ignore_exit(app.shell)
    patches.transform_cells_once(app.shell)
    patches.name_cells_quickly()
    patches.log_warnings_only(app)
    colab.install()
    # As in any notebook, a cell may import the file that another one wrote; but no file of a
    # student's takes the place of a library.
    sys.path.append("")
