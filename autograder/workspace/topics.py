"""Topics of labkit: its packages beside the core, each for labs about one subject."""

from __future__ import annotations

from pathlib import Path

import labkit

__all__ = ["CORE", "known_topics", "labkit_folder"]

CORE = frozenset({"checking", "probes", "training", "display"})
"""The packages that every lab may use. Any other package of labkit is a topic."""


def labkit_folder() -> Path:
    """Where the student library lies."""
    return Path(labkit.__file__).parent


def known_topics() -> frozenset[str]:
    """The names of all topics."""
    packages = {path.parent.name for path in labkit_folder().glob("*/__init__.py")}
    return frozenset(packages - CORE)
