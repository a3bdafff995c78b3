"""What `verify` found about a lab."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Check", "Verified"]


@dataclass
class Check:
    """One thing that was looked at."""

    check: str
    ok: bool
    detail: str = ""
    problems: list[str] = field(default_factory=list)


@dataclass
class Verified:
    """What ``verify`` found about one lab."""

    lab: str
    checks: list[Check] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        return {"lab": self.lab, "ok": self.ok, "checks": [asdict(check) for check in self.checks]}
