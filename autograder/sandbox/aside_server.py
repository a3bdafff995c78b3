"""The server of the workers in which everything that a student wrote is read and judged.

A notebook, an answer or a reported value is read by code of ours, and yet it decides how long that
takes and how much memory. So it never happens in the grader's own process: each submission has a
worker, a fork of this small server (NumPy and our own modules, no TensorFlow), with limits of its
own, without a network, and with nothing that it could write to. If it dies, the others go on.

Run as ``python -m autograder.sandbox.aside_server LEVEL MODULE...`` with a socket as standard
input. Each message on it is one byte and a file descriptor: the socket on which a new worker takes
its calls (:mod:`autograder.sandbox.aside` is the other end).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from autograder.model.errors import ContentError, NotGradable
from autograder.sandbox import linux, user_ids

__all__ = ["CPU_SECONDS", "EXTRA_MB", "main", "receive", "send"]

CPU_SECONDS = 20
"""The processor's time of one worker, for all that it does. An honest submission takes one or two
seconds of it."""

EXTRA_MB = 1500
"""Address space of one worker, beyond what the server has."""

OPEN_FILES = 64
MB = 2**20


def send(link: socket.socket, data: bytes) -> None:
    """Send one message: its length in 8 bytes, then the message."""
    link.sendall(len(data).to_bytes(8, "big"))
    link.sendall(data)


def receive(link: socket.socket, limit: int) -> bytes:
    """The next message; :class:`EOFError` when there is none, or one longer than ``limit``."""
    size = int.from_bytes(_exactly(link, 8), "big")
    if size > limit:
        raise EOFError("a message that is too long")
    return bytes(_exactly(link, size))


def _exactly(link: socket.socket, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size:
        part = link.recv(min(size - len(data), MB))
        if not part:
            raise EOFError("the connection has ended")
        data += part
    return data


def main(level: str, *modules: str) -> None:
    """Import ``modules``, shut the world out, and fork a worker for each socket that arrives.

    A module's own ``warm_up`` is called before.
    """
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    for name in modules:
        module = importlib.import_module(name)
        # What is made at the first use (compiled schemas, regular expressions) is made once, here,
        # and not in every worker.
        getattr(module, "warm_up", lambda: None)()
    if level != "none":
        _shut_out(user=level == "namespaces")
    gc.freeze()
    # Nobody waits for a worker: whether it has done its work is seen on its socket.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.sendall(b"ready")
    while True:
        message, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            _work(socket.socket(fileno=handles[0]))
        os.close(handles[0])


def _shut_out(*, user: bool) -> None:
    """No network, and no file that can be written to: for this process and all its forks."""
    uid, gid = os.getuid(), os.getgid()
    linux.unshare_view(user=user)
    if user:
        user_ids.map_own_ids(uid, gid)
    linux.make_private()
    linux.set_read_only(Path("/"))


def _work(link: socket.socket) -> NoReturn:
    """In a worker: answer calls until the grader closes the connection."""
    with contextlib.suppress(EOFError, OSError):
        _limit()
        while True:
            send(link, _answer(receive(link, sys.maxsize)))
    os._exit(0)


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + EXTRA_MB * MB
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    linux.no_new_privileges()


def _answer(request: bytes) -> bytes:
    """Do one call. What comes back is a kind and what belongs to it."""
    try:
        # The grader sent this: what a student wrote is only data in it.
        function, arguments = pickle.loads(request)
        answer: tuple[str, Any] = ("done", function(*arguments))
        return pickle.dumps(answer)
    except MemoryError:
        answer = ("memory", "")
    except NotGradable as error:
        answer = ("not gradable", str(error))
    except ContentError as error:
        answer = ("content", (str(error), list(error.problems)))
    except Exception as error:
        answer = ("error", f"{type(error).__name__}: {error}"[:2000])
    return pickle.dumps(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
