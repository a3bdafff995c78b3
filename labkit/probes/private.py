"""The names of the course's own setup, out of reach of what a student calls the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace

__all__ = ["ours"]


class _Ours(SimpleNamespace):
    """Holds what setup cells left behind, as attributes."""

    def keep(self, space: Mapping[str, object], names: Iterable[str]) -> None:
        """Remember some names of a setup cell.

        Args:
            space: the names of the notebook.
            names: those to remember, as far as they are there.
        """
        self.__dict__.update({name: space[name] for name in names if name in space})


ours = _Ours()
