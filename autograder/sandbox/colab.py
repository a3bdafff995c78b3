"""``google.colab`` as far as notebooks call it: mounting a drive, uploading a file and the like do
nothing.

It is made when it is imported, not before, so that a notebook's test for Colab does not see it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["install"]

NAME = "google.colab"
PARTS = (
    "auth",
    "data_table",
    "drive",
    "files",
    "output",
    "patches",
    "runtime",
    "userdata",
    "widgets",
)


class _Colab(ModuleType):
    """A module with every name in it; each is a function that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _upload if name.startswith("upload") else _nothing


class _Finder(MetaPathFinder, Loader):
    """Finds and makes ``google.colab`` and its parts, and a ``google`` around it.

    It is asked last: where a real ``google`` package is installed, that one has been found before.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: object = None
    ) -> ModuleSpec | None:
        if name == NAME or name.startswith(f"{NAME}."):
            return ModuleSpec(name, self, is_package=True)
        return ModuleSpec(name, self, is_package=True) if name == "google" else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Colab(spec.name) if spec.name != "google" else ModuleType("google")

    def exec_module(self, module: ModuleType) -> None:
        for part in PARTS if module.__name__ == NAME else ():
            setattr(module, part, importlib.import_module(f"{NAME}.{part}"))


def install() -> None:
    """Let ``import google.colab`` work; a real ``google`` package keeps its place."""
    sys.meta_path.append(_Finder())


def _nothing(*_: object, **__: object) -> None:
    return None


def _upload(*_: object, **__: object) -> dict[str, bytes]:
    return {}
