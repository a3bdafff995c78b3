"""The names and settings of the course's own setup, out of reach of what a student does later."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from types import SimpleNamespace

from labkit.probes.settings import Undo, settings_now

__all__ = ["ours"]

_undo: list[Undo] = []


class _Ours(SimpleNamespace):
    """Holds what setup cells left behind, as attributes."""

    def keep(self, space: Mapping[str, object], names: Iterable[str]) -> None:
        """Remember some names of a setup cell, and the settings after it.

        Args:
            space: the names of the notebook.
            names: those to remember, as far as they are there.
        """
        self.__dict__.update({name: space[name] for name in names if name in space})
        _undo[:] = settings_now()

    def settle(self) -> None:
        """Have all settings as they were after the last setup cell."""
        for undo in _undo:
            with contextlib.suppress(Exception):
                undo()


ours = _Ours()
