"""One conversation with one warm kernel: run a cell within a time, take in its reports, notice its death."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from autograder.course import Limits
from autograder.errors import AutograderError
from autograder.kernels.forkserver import OVER_MEMORY, SETUP_FAILED
from autograder.kernels.provisioner import WarmProvisioner, make_manager
from autograder.kernels.server import WarmServer
from labkit.probes import MIME

__all__ = ["CellRun", "Session"]

START_SECONDS = 60


@dataclass
class CellRun:
    """What happened to one cell. ``status``: ``ok``, ``error``, ``timeout``, ``killed``."""

    status: str = "ok"
    reason: str = ""
    error: dict[str, Any] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    dropped: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether the kernel is gone and a fresh one is needed."""
        return self.status in ("timeout", "killed")


class Session:
    """A kernel behind walls. Use ``async with``; it is gone afterwards, with everything it left."""

    def __init__(
        self, server: WarmServer, *, level: str, limits: Limits, visible: tuple[Path, ...] = (), **environment: str
    ) -> None:
        self.limits = limits
        self.server = server
        self.manager: AsyncKernelManager = make_manager(
            server, level=level, limits=limits, visible=visible, **environment
        )
        self.client: AsyncKernelClient
        self.exited: asyncio.Future[int]

    async def __aenter__(self) -> Session:
        await self.manager.start_kernel()
        provisioner = self.manager.provisioner
        assert isinstance(provisioner, WarmProvisioner)
        assert provisioner.warm is not None
        self.exited = asyncio.wrap_future(provisioner.warm.exited)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False, control=False)
        try:
            await self._wait_ready()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.client.stop_channels()
        with contextlib.suppress(RuntimeError, OSError):
            await self.manager.shutdown_kernel(now=True)

    async def _wait_ready(self) -> None:
        """Until the kernel answers and its broadcasts arrive here."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.client.kernel_info()
            message = await self._next(self.client.iopub_channel, 0.2)
            if message is not None:
                await self._next(self.client.shell_channel, 5)
                await self._drain()
                return
            if self.exited.done():
                break
        status = self.exited.result() if self.exited.done() else None
        cause = "its walls could not be built" if status == SETUP_FAILED else "it did not answer"
        raise AutograderError(f"A kernel could not be started: {cause} ({self.server.last_words()}).")

    async def _drain(self) -> None:
        for channel in (self.client.shell_channel, self.client.iopub_channel):
            while await self._next(channel, 0.0) is not None:
                pass

    async def _next(self, channel: Any, seconds: float) -> dict[str, Any] | None:
        """The next message, or None when none came in time or the kernel ended."""
        receive = asyncio.ensure_future(channel.get_msg(timeout=None)) if seconds else None
        if receive is None:
            if not await channel.msg_ready():
                return None
            receive = asyncio.ensure_future(channel.get_msg(timeout=None))
            seconds = 1.0
        await asyncio.wait({receive, self.exited}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not receive.done():
            receive.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await receive
            return None
        with contextlib.suppress(Exception):  # a forged or mangled message is no message
            return receive.result()
        return None

    async def run(self, code: str, seconds: float) -> CellRun:
        """Run one cell for at most ``seconds``; a cell that overruns or kills its kernel ends the session."""
        result = CellRun()
        started = time.monotonic()
        number = self.client.execute(code, store_history=False, allow_stdin=False, stop_on_error=False)
        while True:
            left = started + seconds - time.monotonic()
            message = await self._next(self.client.iopub_channel, max(left, 0.001))
            if message is None and self.exited.done():
                result.status, result.reason = "killed", _cause_of_death(self.exited.result())
                break
            if message is None and left <= 0:
                result.status, result.reason = "timeout", f"stopped after {seconds:g} s"
                break
            if message is not None and self._take(message, number, result):
                break
        result.seconds = time.monotonic() - started
        await self._drop_replies()
        return result

    async def _drop_replies(self) -> None:
        while not self.exited.done() and await self.client.shell_channel.msg_ready():
            await self._next(self.client.shell_channel, 0.1)

    def _take(self, message: dict[str, Any], number: str, result: CellRun) -> bool:
        """Take in one broadcast; True when the cell has ended."""
        try:
            if message["parent_header"].get("msg_id") != number:
                return False
            kind, content = message["msg_type"], message["content"]
            if kind == "status":
                return bool(content["execution_state"] == "idle")
            if kind == "stream":
                self._keep_text(str(content["text"]), result)
            elif kind == "error":
                result.status = "error"
                result.error = {"type": str(content["ename"])[:80], "text": str(content["evalue"])[:2000]}
                result.error["trace"] = [str(line)[:2000] for line in content["traceback"][:30]]
            elif kind == "display_data" and MIME in content["data"]:
                self._keep_report(content["data"][MIME], result)
        except (KeyError, TypeError, AttributeError):
            return False
        return False

    def _keep_text(self, text: str, result: CellRun) -> None:
        room = int(self.limits.output_kb * 1024) - len(result.text)
        result.text += text[: max(room, 0)]
        result.dropped += max(len(text) - max(room, 0), 0)

    def _keep_report(self, report: Any, result: CellRun) -> None:
        if isinstance(report, dict) and len(result.reports) < 2000:
            result.reports.append(report)


def _cause_of_death(status: int) -> str:
    if status == OVER_MEMORY:
        return "it used too much memory"
    if status > 128:
        return {137: "it was killed", 139: "it crashed (segmentation fault)", 134: "it aborted"}.get(
            status, f"it ended by signal {status - 128}"
        )
    return f"it ended itself (exit status {status})"
