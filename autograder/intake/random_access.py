"""Files that several processes read at once: each keeps a position of its own."""

from __future__ import annotations

import bisect
import io
import os
from typing import IO

__all__ = ["RandomAccessFile"]


class RandomAccessFile(io.RawIOBase):
    """An open file or some bytes, for reading.

    Forked processes share the position of an open file, and would read each other's members of an
    archive. Here the position is a plain number, of which each process has its own.

    Args:
        source: An open file, or its bytes. The file is closed with this one.
    """

    def __init__(self, source: IO[bytes] | bytes) -> None:
        self._source = source
        self._position = 0
        self._patches: list[tuple[int, bytes]] = []
        self._longest = 0
        if isinstance(source, bytes):
            self.size = len(source)
        else:
            self.size = os.fstat(source.fileno()).st_size

    def patch(self, at: int, data: bytes) -> None:
        """Let the bytes from ``at`` on read as ``data``; the file itself does not change."""
        bisect.insort(self._patches, (at, data))
        self._longest = max(self._longest, len(data))

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer from the position on; gives the number of bytes."""
        start, view = self._position, memoryview(buffer).cast("B")
        if isinstance(self._source, bytes):
            data = self._source[start : start + len(view)]
        else:
            data = os.pread(self._source.fileno(), len(view), start)
        view[: len(data)] = data
        # The part of each patch that lies within what was read.
        number = bisect.bisect_left(self._patches, (start - self._longest, b""))
        while number < len(self._patches) and self._patches[number][0] < start + len(data):
            at, patch = self._patches[number]
            first, last = max(start, at), min(start + len(data), at + len(patch))
            if first < last:
                view[first - start : last - start] = patch[first - at : last - at]
            number += 1
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move the position."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the beginning")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        """The position."""
        return self._position

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """Close the file, too."""
        if not isinstance(self._source, bytes):
            self._source.close()
        super().close()
