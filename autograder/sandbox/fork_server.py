"""The fork server: a process that has imported the heavy libraries and turns each request into a
fresh kernel.

Importing TensorFlow costs about ten seconds of processor time; a fork of a process that has
imported it, and has run no operation of it, costs milliseconds. Run as ``python -m
autograder.sandbox.fork_server FOLDER NAME...`` with a socket as standard input; speaks one JSON
object per line:

    {"spawn": 7, "connection_file": "/…/kernel.json", "sandbox": {…}, "environment": {…}}
        -> {"spawned": 7, "pid": 4711, "kernel": 4712}
    {"kill": 4711, "signal": 9}
        -> {"exited": 4711, "status": 137}

What is warm follows from the names alone; see :func:`warm_up`. A lab whose names import no
TensorFlow gets a server without it.

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
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.sandbox import patches, user_ids
from autograder.sandbox.isolation import SandboxSettings
from autograder.sandbox.monitor import NEEDS_IDS, Monitor, log_line

__all__ = ["ForkServer", "main", "warm_up"]

GARBAGE_THRESHOLDS = (20_000, 20, 20)
"""When Python looks for garbage. Building models makes many small objects that stay: by default it
looks in vain 30 times as often, which takes a tenth of an exam's time."""

ALWAYS = (
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
    "labkit.probes",
)
"""What every kernel imports while it starts and runs its first cell, and what every exam needs."""


class ForkServer:
    """Reads requests from a socket, forks a monitor for each kernel, and reports which have ended.

    Args:
        control: the socket to the grader.
    """

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.pending = b""
        self.selector = selectors.DefaultSelector()
        self.monitors: dict[int, tuple[int, int]] = {}  # monitor pid -> (its pidfd, the kernel's)
        self.slots: dict[int, int] = {}  # monitor pid -> number of the kernel's user id
        self.processors: dict[int, int] = {}  # monitor pid -> the kernel's processor

    def send(self, message: dict[str, Any]) -> None:
        """Send one message to the grader."""
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def serve(self) -> None:
        """Answer requests until the grader closes the socket; then end every kernel."""
        self.selector.register(self.control, selectors.EVENT_READ, None)
        self.send({"ready": True, "pid": os.getpid()})
        while True:
            for key, _ in self.selector.select():
                # A monitor's pidfd can be read from when the monitor has ended.
                if key.data is not None:
                    self.reap(key.data)
                elif not self.answer_requests():
                    self.end_all()
                    return

    def end_all(self) -> None:
        """Kill every kernel, and wait for the monitors, which end with them."""
        for _, kernel in self.monitors.values():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(kernel, signal.SIGKILL)
        for monitor in self.monitors:
            os.waitpid(monitor, 0)

    def answer_requests(self) -> bool:
        """Carry out what has arrived; False when the grader has gone."""
        data = self.control.recv(2**16)
        # What follows the last newline is the beginning of a request still to come.
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "spawn" in message:
                self.spawn(message)
            elif message["kill"] in self.monitors:
                # A pidfd never means another process, as a reused process id would.
                kernel = self.monitors[message["kill"]][1]
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(kernel, message["signal"])
        return bool(data)

    def spawn(self, message: dict[str, Any]) -> None:
        """Fork a monitor, help it to set up the sandbox, and report the new kernel."""
        slot = self._free_slot()
        settings = SandboxSettings.from_json(message["sandbox"])
        # In a user namespace every student has the same id; without one, an id from outside.
        own_users = settings.level == "namespaces"
        student = user_ids.STUDENT if own_users else user_ids.FIRST_OUTER_ID + slot
        processor = self._free_processor()
        settings = replace(settings, processor=processor, student=student)

        ours, theirs = socket.socketpair()
        monitor = os.fork()
        if monitor == 0:
            ours.close()
            self.close_in_child()
            Monitor(theirs, settings, message["connection_file"], message["environment"]).run()
        theirs.close()
        handle = os.pidfd_open(monitor)
        kernel, kernel_handle = _help_set_up(ours, monitor, slot)
        self.slots[monitor], self.processors[monitor] = slot, processor
        self.monitors[monitor] = (handle, handle if kernel_handle is None else kernel_handle)
        self.selector.register(handle, selectors.EVENT_READ, monitor)
        self.send({"spawned": message["spawn"], "pid": monitor, "kernel": kernel})

    def _free_slot(self) -> int:
        """The lowest number that no running kernel has; user ids are counted by it."""
        taken = set(self.slots.values())
        return next(number for number in range(1, user_ids.SLOTS) if number not in taken)

    def _free_processor(self) -> int:
        """The processor with the fewest kernels.

        Each kernel stays on its own: a hundred threads of one student take no time from another.
        """
        busy = list(self.processors.values())
        return min(sorted(os.sched_getaffinity(0)), key=busy.count)

    def close_in_child(self) -> None:
        """In a monitor: close what only the server may hold."""
        for handles in self.monitors.values():
            _close(handles)
        self.selector.close()
        self.control.close()

    def reap(self, monitor: int) -> None:
        """A monitor has ended: free what it held, and report its exit status."""
        handles = self.monitors.pop(monitor)
        # A monitor that was killed (the system does so when memory is short) could not end its
        # kernel. The pidfd still means that very process.
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handles[1], signal.SIGKILL)
        self.selector.unregister(handles[0])
        _close(handles)
        del self.slots[monitor], self.processors[monitor]
        _, status = os.waitpid(monitor, 0)
        self.send({"exited": monitor, "status": os.waitstatus_to_exitcode(status)})


def _help_set_up(link: socket.socket, monitor: int, slot: int) -> tuple[int, int | None]:
    """Do the server's part while a monitor sets up its sandbox, and close the link.

    Returns:
        The kernel's process id and pidfd; 0 and None when the monitor has ended before, and its
        exit status tells why.
    """
    kernel, handle = 0, None
    with link, contextlib.suppress(OSError, ValueError):
        if link.recv(16) == NEEDS_IDS:
            user_ids.map_spare_ids(monitor, slot)
        link.sendall(b"mapped")
        kernel = int(link.recv(16))
        handle = os.pidfd_open(kernel)
    return kernel, handle


def _close(handles: tuple[int, int]) -> None:
    """Close both pidfds, which are one where there never was a kernel."""
    for handle in set(handles):
        os.close(handle)


def warm_up(name: str) -> None:
    """Import or prepare one thing, once, for every kernel.

    Args:
        name: one of three forms. ``module`` is imported. ``module:attribute`` is looked up after
            that, as ``from module import attribute`` does: where a package loads its parts when
            they are first used, this loads the part. ``module:function()`` is called, too: data
            that it reads and keeps is then there. None of them may run an operation of TensorFlow:
            a process that has cannot be forked.
    """
    module, _, attribute = name.partition(":")
    imported = importlib.import_module(module)
    if not attribute:
        return
    attribute, call, _ = attribute.partition("()")
    try:
        value = getattr(imported, attribute)
    except AttributeError:
        # A submodule is an attribute of its package only once it is imported.
        value = importlib.import_module(f"{module}.{attribute}")
    if call:
        value()


def warm_up_all(names: Iterable[str]) -> None:
    """Prepare what is always needed and ``names``; log what cannot be, and go on.

    A name that fails costs every kernel time, and nothing else: an exam that needs it imports it
    itself, and fails with its own error.
    """
    with patches.without_debugger():
        for name in [*ALWAYS, *names]:
            try:
                warm_up(name)
            except Exception as error:
                kind = type(error).__name__
                log_line(f"The fork server cannot prepare {name}: {kind}: {error}")
    patches.run_operations_directly()


def main(folder: str, *names: str) -> None:
    """Prepare what ``names`` say, serve, and in the end remove ``folder``.

    Args:
        folder: the server's folder, with its log and the kernels' sockets.
        names: what is warm; see :func:`warm_up`.
    """
    own = os.getpid()
    # Standard input is the socket to the grader. It moves to another number, and no kernel can
    # read from it by accident.
    control = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    # Imports leave next to no garbage behind: looking for it takes a fifth of their time.
    gc.disable()
    warm_up_all(names)
    # What is there now stays. Looking at it in a fork would copy its memory.
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    gc.enable()
    try:
        ForkServer(control).serve()
    finally:
        if os.getpid() == own:  # a child that fails must not take the folder along
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
