"""One conversation with one warm kernel: run a cell within a time, take in its reports, notice its
death.

What arrives was sent by a student's process. It is read with limits on every size, never trusted,
and nothing in it decides more than when a cell has ended and which values it reported.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from autograder.model.cell_run import CellError, CellRun, CellStatus
from autograder.model.errors import AutograderError
from autograder.running.deadline import Deadline
from autograder.running.loop_watch import stalled_seconds
from autograder.running.messages import GONE, NOTHING, Message, plain_text, read_message
from autograder.sandbox.monitor import OVER_MEMORY, OVER_SOCKETS, SETUP_FAILED
from autograder.sandbox.output_limits import VARIABLE, limits_text
from autograder.sandbox.provisioner import WarmProvisioner, make_manager
from autograder.sandbox.warm_server import WarmServer
from autograder.sandbox.zmtp import BrokenChannelError, Channel
from autograder.workspace.course import Limits

__all__ = ["Session"]

START_SECONDS = 60
END_SECONDS = 5.0
LAG_SECONDS = 5.0
"""How long the rest of a cell may lag behind the first news of its end."""

MAX_REPORTS = 2000
MAX_TRACE = 30
MAX_PARTS = 1_000_000
"""Lists and objects in what one cell reports: the grader holds each of them in memory."""

READY = frozenset(["iopub_welcome", "status"])


class Session:
    """A kernel in a sandbox. Use ``async with``; it is gone afterwards, with everything it left.

    A cell may print ``limits.output_kb`` and report ``limits.value_mb``; a kernel that sends far
    more is ended.
    """

    def __init__(
        self,
        server: WarmServer,
        *,
        level: str,
        limits: Limits,
        visible: tuple[Path, ...] = (),
        hidden: tuple[Path, ...] = (),
        **environment: str,
    ) -> None:
        self.limits = limits
        self.server = server
        environment[VARIABLE] = limits_text(limits.output_kb, limits.value_mb)
        self.manager: AsyncKernelManager = make_manager(
            server, level=level, limits=limits, visible=visible, hidden=hidden, **environment
        )
        self.max_message = int(limits.value_mb * 2**20 * 4 / 3 + limits.output_kb * 2**12) + 2**20
        self.channels: dict[str, Channel] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.inbox: asyncio.Queue[Message] = asyncio.Queue(maxsize=4)
        self.bytes_left, self.parts_left = self.max_message, MAX_PARTS
        self.gone = False
        self.kernel = 0
        self.exited: asyncio.Future[int]

    async def __aenter__(self) -> Session:
        await self.manager.start_kernel()
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, WarmProvisioner)
        assert provisioner.warm is not None
        self.kernel = provisioner.warm.kernel
        self.exited = asyncio.wrap_future(provisioner.warm.exited)
        try:
            await self._wait_ready()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self.tasks:
            task.cancel()
        for channel in self.channels.values():
            channel.close()
        with contextlib.suppress(RuntimeError, OSError):
            if self.kernel:  # the manager would look for its end only every 0.1 s
                await self.manager.signal_kernel(signal.SIGKILL)
                await asyncio.wait([self.exited], timeout=END_SECONDS)
            await self.manager.shutdown_kernel(now=True)

    async def _wait_ready(self) -> None:
        """Until the kernel listens and its broadcasts arrive here."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.exited.done() and not self.gone:
            if not self.channels:
                await self._connect()
                continue
            self._send("kernel_info_request", {})
            message = await self._next(0.2)
            if message.kind in READY:
                return
        status = self.exited.result() if self.exited.done() else None
        cause = "its sandbox could not be built" if status == SETUP_FAILED else "it did not answer"
        raise AutograderError(
            f"A kernel could not be started: {cause} ({self.server.last_log_line()})."
        )

    async def _connect(self) -> None:
        """Both channels, or none when the kernel does not listen yet."""
        ports = {"SUB": self.manager.iopub_port, "DEALER": self.manager.shell_port}
        try:
            for kind, port in ports.items():
                path = Path(f"{self.manager.ip}-{port}")
                self.channels[kind] = await Channel.connect(path, kind, self.max_message)
        except OSError:
            for channel in self.channels.values():
                channel.close()
            self.channels.clear()
            await asyncio.sleep(0.004)
            return
        readers = [asyncio.create_task(self._read(channel)) for channel in self.channels.values()]
        self.tasks = [*readers, asyncio.create_task(self._notice_end(readers))]

    async def _read(self, channel: Channel) -> None:
        """Put what arrives into the inbox, no faster than it is looked at."""
        with contextlib.suppress(BrokenChannelError):
            while True:
                await self.inbox.put(read_message(await channel.receive(), self.parts_left))

    async def _notice_end(self, readers: list[asyncio.Task[None]]) -> None:
        """When the kernel or a connection to it has ended, and everything was read, say so."""
        ends: set[asyncio.Future[Any]] = {self.exited, *readers}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(ends, timeout=1)
        await self.inbox.put(GONE)

    async def _next(self, seconds: float) -> Message:
        """The next message within ``seconds``, or ``NOTHING``, or ``GONE`` from the end on."""
        if self.gone or seconds <= 0:
            return GONE if self.gone else NOTHING
        try:
            if not self.inbox.empty():  # a timer for each message would cost more than the message
                message = self.inbox.get_nowait()
            else:
                message = await asyncio.wait_for(self.inbox.get(), seconds)
        except TimeoutError:
            return NOTHING
        self.gone = message is GONE
        self.bytes_left -= message.size
        self.parts_left -= message.parts
        return message

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a request; its message id."""
        message = self.manager.session.msg(kind, content)
        self.channels["DEALER"].send(self.manager.session.serialize(message))
        return str(message["header"]["msg_id"])

    async def run(self, code: str, seconds: float) -> CellRun:
        """Run one cell for at most ``seconds``; a cell that overruns or kills its kernel ends the
        session."""
        result = CellRun()
        started = time.monotonic() - stalled_seconds()
        deadline = Deadline(seconds, self.kernel)
        self.bytes_left, self.parts_left = 4 * self.max_message, MAX_PARTS
        number = self._send("execute_request", _request(code))
        # A cell has ended when its reply and the idle status are both here; they come on two
        # channels, in either order.
        ends: set[str] = set()
        while len(ends) < 2:
            message = await self._next(deadline.left())
            if message is NOTHING and not deadline.over:  # it waited for a processor
                continue
            if message is NOTHING or message is GONE or self.bytes_left < 0:
                if not ends:
                    result.status, result.reason = self._why_lost(message, seconds)
                break
            # Messages of other requests, such as a thread of an earlier cell, belong to no cell.
            if message.parent == number and (end := self._take(message, result)):
                if not ends:
                    deadline.shorten(LAG_SECONDS)
                ends.add(end)
        result.seconds = time.monotonic() - stalled_seconds() - started
        return result

    def _why_lost(self, message: Message, seconds: float) -> tuple[CellStatus, str]:
        """How a cell ended whose end was not told, and why."""
        if message is NOTHING:
            return CellStatus.TIMEOUT, f"stopped after {seconds:g} s"
        if message is not GONE:
            return CellStatus.KILLED, "it sent far more than a cell may print"
        if self.exited.done():
            return CellStatus.KILLED, _cause_of_death(self.exited.result())
        return CellStatus.KILLED, "it closed its connection"

    def _take(self, message: Message, result: CellRun) -> str:
        """Take in one message; which end of the cell it tells, if any."""
        content = message.content
        if message.kind == "execute_reply":
            return "reply"
        if message.kind == "status":
            return "idle" if content.get("execution_state") == "idle" else ""
        if message.kind == "stream":
            self._keep_text(plain_text(content.get("text"), self.max_message), result)
        elif message.kind == "error":
            result.status, result.error = CellStatus.ERROR, _error(content)
        elif message.report and len(result.sent) < MAX_REPORTS:
            result.sent.append(message.report)
        return ""

    def _keep_text(self, text: str, result: CellRun) -> None:
        room = max(int(self.limits.output_kb * 1024) - len(result.text), 0)
        result.text += text[:room]
        result.dropped += len(text[room:])


def _error(content: dict[str, Any]) -> CellError:
    """The exception in an ``error`` message, cut to size."""
    trace = content.get("traceback")
    lines = trace[:MAX_TRACE] if isinstance(trace, list) else []
    return CellError(
        plain_text(content.get("ename"), 80),
        plain_text(content.get("evalue")),
        tuple(plain_text(line) for line in lines),
    )


def _request(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "silent": False,
        "store_history": False,
        "allow_stdin": False,
        "stop_on_error": False,
    }


def _cause_of_death(status: int) -> str:
    if status in (OVER_MEMORY, OVER_SOCKETS):
        return (
            "it used too much memory" if status == OVER_MEMORY else "it opened too many connections"
        )
    if status > 128:
        return {
            137: "it was killed",
            139: "it crashed (segmentation fault)",
            134: "it aborted",
        }.get(status, f"it ended by signal {status - 128}")
    return f"it ended itself (exit status {status})"
