"""The fork server: a process that has imported the heavy libraries and turns each request into a
fresh kernel.

Importing TensorFlow costs about ten seconds of processor time; a fork of a process that has
imported it, and has run no operation of it, costs milliseconds. Run as ``python -m
autograder.sandbox.fork_server FOLDER MODULE...`` with a socket as standard input; speaks one JSON
object per line:

    {"spawn": 7, "connection_file": "/…/kernel.json", "walls": {…}, "environment": {…}}
                                                              -> {"spawned": 7, "pid": 4711, "kernel": 4712}
    {"kill": 4711, "signal": 9}                               -> {"exited": 4711, "status": 137}

Nothing secret may ever be loaded here: students' processes inherit this memory.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.sandbox import isolation as sandbox
from autograder.sandbox.monitor import Monitor, say

__all__ = ["main"]

THRESHOLDS = (20_000, 20, 20)
"""When Python looks for garbage. Building models makes many small objects that stay: by default it
looks in vain 30 times as often, which takes a tenth of an exam's time."""


KERNEL = [
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "tornado.queues",
]
"""What a kernel imports while it starts and runs its first cell."""


CHOICE = "TFE_ContextOptionsSetRunEagerOpAsFunction"
"""Of TensorFlow's C interface."""


class ForkServer:
    """Reads requests from ``control``, forks, and reports who ended."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pending = b""
        self.selector = selectors.DefaultSelector()
        self.monitors: dict[int, tuple[int, int]] = {}  # monitor pid -> (its pidfd, the kernel's)
        self.slots: dict[int, int] = {}
        self.processors: dict[int, int] = {}

    def send(self, message: dict[str, Any]) -> None:
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def serve(self) -> None:
        """Until the other side closes."""
        self.selector.register(self.control, selectors.EVENT_READ, None)
        self.send({"ready": True, "pid": os.getpid()})
        while True:
            for key, _ in self.selector.select():
                if key.data is not None:
                    self.reap(key.data)
                elif not self.request():
                    self.end_all()
                    return

    def end_all(self) -> None:
        for _, kernel in self.monitors.values():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(kernel, signal.SIGKILL)
        for monitor in self.monitors:
            os.waitpid(monitor, 0)

    def request(self) -> bool:
        """Carry out what has arrived; False when the grader has gone."""
        data = self.control.recv(2**16)
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "spawn" in message:
                self.spawn(message)
            elif message["kill"] in self.monitors:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self.monitors[message["kill"]][1], message["signal"])
        return bool(data)

    def spawn(self, message: dict[str, Any]) -> None:
        slot = next(number for number in range(1, 1000) if number not in self.slots.values())
        walls = message["walls"]
        processor = walls["processor"] = self.free_processor()
        walls["student"] = (
            sandbox.STUDENT if walls["level"] == "namespaces" else sandbox.FIRST_OUTER_ID + slot
        )
        ours, theirs = socket.socketpair()
        monitor = os.fork()
        if monitor == 0:
            ours.close()
            self.forget()
            Monitor(theirs, message).run()
        theirs.close()
        pid, kernel = 0, os.pidfd_open(monitor)
        handle = kernel
        try:
            if ours.recv(16) == b"unshared":
                for name in ("gid_map", "uid_map") if sandbox.has_spare_ids() else ():
                    Path(f"/proc/{monitor}/{name}").write_text(sandbox.inner_ids(slot))
            ours.sendall(b"mapped")
            pid = int(ours.recv(16))
            kernel = os.pidfd_open(pid)
        except (OSError, ValueError):
            pass  # the monitor has ended; its exit status tells why
        finally:
            ours.close()
        self.slots[monitor], self.processors[monitor] = slot, processor
        self.monitors[monitor] = (handle, kernel)
        self.selector.register(handle, selectors.EVENT_READ, monitor)
        self.send({"spawned": message["spawn"], "pid": monitor, "kernel": pid})

    def free_processor(self) -> int:
        """The processor with the fewest kernels: a hundred threads of one student take no time from
        another."""
        busy = list(self.processors.values())
        return min(sorted(os.sched_getaffinity(0)), key=busy.count)

    def forget(self) -> None:
        """In a child: close what only the server may hold."""
        for handles in self.monitors.values():
            _close(handles)
        self.selector.close()
        self.control.close()

    def reap(self, monitor: int) -> None:
        handles = self.monitors.pop(monitor)
        self.selector.unregister(handles[0])
        _close(handles)
        del self.slots[monitor], self.processors[monitor]
        _, status = os.waitpid(monitor, 0)
        self.send({"exited": monitor, "status": os.waitstatus_to_exitcode(status)})


def _close(handles: tuple[int, int]) -> None:
    for handle in set(handles):
        os.close(handle)


def run_operations_directly() -> None:
    """Have TensorFlow, if it was imported, run an operation that is called outside of a graph by
    its kernel alone.

    By default it wraps each kind of operation in a function of its own first: builds a graph, has
    every optimizer look at it, plans its execution. That pays when it is called often, and an exam
    calls most of them a few times: it took a third of an exam's time. The kernels, and so the
    numbers, are the same. The choice is made when a process runs its first operation, which is long
    after this.
    """
    if "tensorflow" not in sys.modules:
        return
    bindings = importlib.import_module("tensorflow.python.pywrap_tfe")
    choose = getattr(bindings, CHOICE, None)
    if choose is not None:  # a later TensorFlow may do without
        setattr(bindings, CHOICE, lambda options, _: choose(options, False))


def main(folder: str, *modules: str) -> None:
    """Import ``modules`` (``module:function`` is called, too), serve, and in the end remove
    ``folder``.

    What cannot be imported is a clear line on standard error, and costs nobody anything but time.
    """
    own = os.getpid()
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    # imports leave next to no garbage behind: looking for it takes a fifth of their time
    gc.disable()
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # an exam needs no debugger, and it is large
    for name in [*KERNEL, *modules]:
        module, _, attribute = name.partition(":")
        try:
            imported = importlib.import_module(module)
            if attribute:
                # looking a name up loads the module behind it where that is done lazily
                found = getattr(imported, attribute.removesuffix("()"))
                if attribute.endswith("()"):
                    found()
        except (ImportError, AttributeError) as error:
            say(f"The fork server cannot import {name}: {error}")
    del sys.modules["debugpy"]
    run_operations_directly()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
    try:
        ForkServer(control).serve()
    finally:
        if os.getpid() == own:  # a child that fails must not take the folder along
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
