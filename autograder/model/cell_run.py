"""What running one cell gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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

    ``reports`` are the messages of :mod:`labkit.probes` as they came, undecoded; ``dropped``
    counts the characters of output that were too many.
    """

    status: CellStatus = CellStatus.OK
    reason: str = ""
    error: CellError | None = None
    reports: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    dropped: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> bool:
        """Whether the kernel is gone and a fresh one is needed."""
        return self.status in (CellStatus.TIMEOUT, CellStatus.KILLED)

    @property
    def cause(self) -> str:
        """Why it did not end well, in a line."""
        error = self.error or CellError()
        return self.reason or f"{error.type}: {error.text}"
