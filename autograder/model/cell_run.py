"""What running one cell gave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from labkit.probes import MIME

__all__ = ["CellError", "CellRun", "CellStatus"]


class CellStatus(StrEnum):
    """How a cell ended."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"


@dataclass(frozen=True)
class CellError:
    """The exception that a cell ended with, as its kernel told it: never to be trusted."""

    type: str = ""
    text: str = ""
    trace: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, "text": self.text, "trace": list(self.trace)}


@dataclass
class CellRun:
    """What happened to one cell.

    ``sent`` are the messages that hold reports of :mod:`labkit.probes`, as the bytes that came:
    only the worker of a submission takes them apart. ``dropped`` counts the characters of output
    that were too many.
    """

    status: CellStatus = CellStatus.OK
    reason: str = ""
    error: CellError | None = None
    sent: list[bytes] = field(default_factory=list)
    text: str = ""
    dropped: int = 0
    seconds: float = 0.0

    @classmethod
    def reporting(cls, reports: Iterable[dict[str, Any]], status: CellStatus) -> CellRun:
        """A run that never was one of a kernel's."""
        sent = [json.dumps({"data": {MIME: report}}).encode() for report in reports]
        return cls(status, sent=sent)

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The reports in what was sent: parsed, and not decoded any further."""
        found = [_report(message) for message in self.sent]
        return [report for report in found if report is not None]

    @property
    def lost(self) -> bool:
        """Whether the kernel is gone and a fresh one is needed."""
        return self.status in (CellStatus.TIMEOUT, CellStatus.KILLED)

    @property
    def cause(self) -> str:
        """Why it did not end well, in a line."""
        error = self.error or CellError()
        return self.reason or f"{error.type}: {error.text}"


def _report(message: bytes) -> dict[str, Any] | None:
    """The report in the content of one message, if it holds one."""
    try:
        report = json.loads(message)["data"][MIME]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return report if isinstance(report, dict) else None
