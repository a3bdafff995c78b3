"""What is read of a message from a kernel: its kind, the request it belongs to, and the content
where it matters.

The sender is a student's process, which holds the session's key: a signature proves nothing and is
not looked at.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from labkit.probes import MIME

__all__ = ["GONE", "NOTHING", "Message", "plain_text", "read_message"]

DELIMITER = b"<IDS|MSG>"
READ = frozenset(["display_data", "error", "status", "stream"])
MAX_HEADER = 20_000
MAX_CONTENT = 2 * 2**20
"""Bytes of a text, an error or a status; a cell may print an eighth of that. What is longer is
dropped unread."""

REPORT = MIME.encode()
MESSAGE_COST = 1000
"""A message counts as at least that many bytes."""


class Message(NamedTuple):
    """What came.

    ``size`` in bytes; ``parts``: how many lists and objects the content holds; ``content`` empty
    unless needed; ``report``: the content of a message with a report, which is not parsed here.
    """

    kind: str = ""
    parent: str = ""
    content: dict[str, Any] = {}  # noqa: RUF012 - never changed
    size: int = 0
    parts: int = 0
    report: bytes = b""


NOTHING = Message("nothing came in time")
GONE = Message("there will be no more")


def read_message(frames: Sequence[bytes], max_parts: int) -> Message:
    """The message in ``frames``; one without kind if they hold none, or more than ``max_parts``.
    Never raises."""
    size = max(sum(map(len, frames)), MESSAGE_COST)
    try:
        start = frames.index(DELIMITER) + 2
        header, parent = (_object(frame, MAX_HEADER) for frame in frames[start : start + 2])
        kind = str(header["msg_type"])
        if kind not in READ:
            return Message(kind, str(parent.get("msg_id")), {}, size)
        request, content = str(parent.get("msg_id")), frames[start + 3]
        parts = content.count(b"[") + content.count(b"{") + content.count(b'":')
        if parts > max_parts:
            # It is not parsed, so it costs its bytes alone: what follows it still has its chance.
            return Message(size=size)
        if kind == "display_data":
            report = content if REPORT in content else b""
            return Message(kind, request, {}, size, parts, report)
        return Message(kind, request, _object(content, MAX_CONTENT), size, parts)
    except (ValueError, LookupError, RecursionError):
        return Message(size=size)


def _object(data: bytes, max_bytes: int) -> dict[str, Any]:
    value = json.loads(data) if len(data) <= max_bytes else None
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def plain_text(value: Any, limit: int = 2000) -> str:
    """The start of a text as one that can be written to a file; empty for anything else."""
    return value[:limit].encode("utf-8", "replace").decode() if isinstance(value, str) else ""
