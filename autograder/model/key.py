"""The answer key: for each case of each TODO, what is expected and how it is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["CaseKey", "Key", "ProbeKey"]


@dataclass(frozen=True)
class ProbeKey:
    """One value to be reported: its comparator and the expected value, still encoded."""

    label: str
    comparator: dict[str, Any]
    expected: dict[str, Any]


@dataclass(frozen=True)
class CaseKey:
    """One case: its probes in order, and the hint a student reads when it fails."""

    name: str
    hint: str
    probes: tuple[ProbeKey, ...]


@dataclass(frozen=True)
class Key:
    """The key of one lab: the cases of each TODO, in order."""

    lab: str
    digest: str
    todos: dict[str, tuple[CaseKey, ...]]
