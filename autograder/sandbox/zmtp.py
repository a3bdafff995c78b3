"""The grader's end of a kernel's sockets: as much of ZMTP 3.0 as two sockets need, and strict.

A ZeroMQ socket takes in whatever its peer sends: as many messages as fit a queue, and any number of
frames in one of them. The peer here is a student's process, so frames are read one at a time, with
a limit on the size of a message, and nothing more is read while a message waits to be looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

__all__ = ["MAX_FRAMES", "BrokenChannelError", "Channel"]

MAX_FRAMES = 16
MORE, LONG, COMMAND = 1, 2, 4
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


class BrokenChannelError(ConnectionError):
    """The peer has gone, or has sent what no kernel sends."""


class Channel:
    """One connection to a kernel's socket; ``kind`` is what stands at this end: ``DEALER`` or
    ``SUB``."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_bytes: int
    ) -> None:
        self.reader, self.writer, self.max_bytes = reader, writer, max_bytes

    @classmethod
    async def connect(cls, path: Path, kind: str, max_bytes: int) -> Channel:
        """Connect and shake hands; a ``SUB`` asks for everything. :class:`OSError` if nobody
        listens yet."""
        channel = cls(*await asyncio.open_unix_connection(str(path)), max_bytes)
        channel.writer.write(GREETING)
        greeting = await channel._exactly(len(GREETING))
        if (
            greeting[0] != 0xFF
            or greeting[9] != 0x7F
            or greeting[10] < 3
            or greeting[12:32].rstrip(b"\0") != b"NULL"
        ):
            raise BrokenChannelError("not a kernel's socket")
        ready = (
            b"\x05READY" + _property(b"Socket-Type", kind.encode()) + _property(b"Identity", b"")
        )
        channel.writer.write(_frame(ready, COMMAND))
        await channel._read_frame(4096)
        if kind == "SUB":
            channel.writer.write(_frame(b"\x01", 0))
        return channel

    def send(self, frames: Iterable[bytes]) -> None:
        """Send one message; what the peer does not read waits here."""
        *first, last = frames
        self.writer.write(b"".join(_frame(part, MORE) for part in first) + _frame(last, 0))

    async def receive(self) -> list[bytes]:
        """The next message. Raises :class:`BrokenChannelError` at the end and for a message that is
        too large."""
        frames: list[bytes] = []
        room = self.max_bytes
        for _ in range(MAX_FRAMES):
            flags, body = await self._read_frame(room)
            room -= len(body)
            if flags & COMMAND:
                continue
            frames.append(body)
            if not flags & MORE:
                return frames
        raise BrokenChannelError("a message of too many parts")

    def close(self) -> None:
        self.writer.transport.abort()

    async def _read_frame(self, max_bytes: int) -> tuple[int, bytes]:
        flags, size = await self._exactly(2)
        if flags & LONG:
            size = int.from_bytes(bytes([size]) + await self._exactly(7), "big")
        if size > max_bytes:
            raise BrokenChannelError("a message that is too large")
        return flags, await self._exactly(size)

    async def _exactly(self, size: int) -> bytes:
        try:
            return await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise BrokenChannelError("the connection has ended") from error


def _frame(body: bytes, flags: int) -> bytes:
    long = len(body) > 255
    return (
        bytes([flags | (LONG if long else 0)]) + len(body).to_bytes(8 if long else 1, "big") + body
    )


def _property(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
