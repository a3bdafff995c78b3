"""What running one cell gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["CellRun"]


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
