"""The grader's end of a kernel's sockets: as much of ZMTP 3.0 as two sockets need, and strict.

A ZeroMQ socket takes in whatever its peer sends: as many messages as fit a queue, and any number of
frames in one of them. The peer here is a student's process, so frames are read one at a time, with
a limit on the size of a message, and nothing more is read while a message waits to be looked at.

The protocol (https://rfc.zeromq.org/spec/23): both sides send a greeting of 64 bytes, then a READY
command; after that, frames of one byte of flags, the size in 1 or 8 bytes, and the body. A message
is one frame or more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

__all__ = ["MAX_FRAMES", "BrokenChannelError", "Channel"]

MAX_FRAMES = 16
"""Frames in one message; a kernel sends seven and the buffers of widgets, which an exam has not."""

MORE, LONG, COMMAND = 1, 2, 4
"""A frame's flags: another one follows in this message; its size has 8 bytes; it is a command."""

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
"""Signature (10 bytes), version 3.0, the mechanism NULL (no encryption), padding."""


class BrokenChannelError(ConnectionError):
    """The peer has gone, or has sent what no kernel sends."""


class Channel:
    """One connection to a kernel's socket.

    Args:
        reader: what the kernel sends.
        writer: what is sent to the kernel.
        max_bytes: size limit of one message that is received.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_bytes: int
    ) -> None:
        self.reader, self.writer, self.max_bytes = reader, writer, max_bytes

    @classmethod
    async def connect(cls, path: Path, kind: str, max_bytes: int) -> Channel:
        """Connect and shake hands.

        Args:
            path: the kernel's socket.
            kind: what stands at this end, ``DEALER``, or ``SUB``, which subscribes to all.
            max_bytes: size limit of one message that is received.

        Raises:
            OSError: nobody listens there yet.
            BrokenChannelError: the other side speaks another protocol.
        """
        channel = cls(*await asyncio.open_unix_connection(str(path)), max_bytes)
        try:
            await channel._shake_hands(kind)
        except BrokenChannelError:
            channel.close()
            raise
        return channel

    async def _shake_hands(self, kind: str) -> None:
        self.writer.write(GREETING)
        if not _is_greeting(await self._exactly(len(GREETING))):
            raise BrokenChannelError("not a kernel's socket")
        ready = b"\x05READY" + _property(b"Socket-Type", kind.encode())
        self.writer.write(_frame(ready + _property(b"Identity", b""), COMMAND))
        # The other side's READY; its properties decide nothing.
        await self._read_frame(4096)
        if kind == "SUB":
            self.writer.write(_frame(b"\x01", 0))  # 1: subscribe, to every topic

    def send(self, frames: Iterable[bytes]) -> None:
        """Send one message; what the peer does not read waits here."""
        *first, last = frames
        self.writer.write(b"".join(_frame(part, MORE) for part in first) + _frame(last, 0))

    async def receive(self) -> list[bytes]:
        """The next message, as its frames.

        Raises:
            BrokenChannelError: the connection has ended, or the message is too large or has too
                many parts.
        """
        frames: list[bytes] = []
        room = self.max_bytes
        for _ in range(MAX_FRAMES):
            flags, body = await self._read_frame(room)
            room -= len(body)
            # Commands (PING) may stand between frames. They count as parts: an endless row of them
            # ends here, too.
            if flags & COMMAND:
                continue
            frames.append(body)
            if not flags & MORE:
                return frames
        raise BrokenChannelError("a message of too many parts")

    def close(self) -> None:
        """Close at once, whatever is still to be sent."""
        self.writer.transport.abort()

    async def _read_frame(self, max_bytes: int) -> tuple[int, bytes]:
        """A frame's flags and body. Its size is looked at before anything of the body is read."""
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


def _is_greeting(sent: bytes) -> bool:
    """Whether these 64 bytes are the greeting of ZMTP 3 without encryption."""
    signature = sent[0] == 0xFF and sent[9] == 0x7F
    return signature and sent[10] >= 3 and sent[12:32].rstrip(b"\0") == b"NULL"


def _frame(body: bytes, flags: int) -> bytes:
    """A frame as it is sent."""
    if len(body) > 255:
        return bytes([flags | LONG]) + len(body).to_bytes(8, "big") + body
    return bytes([flags, len(body)]) + body


def _property(name: bytes, value: bytes) -> bytes:
    """One property of a READY command."""
    return bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
