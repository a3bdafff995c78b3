"""TOML files that people write: read once, and every value checked by its name and type."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from autograder.model.errors import ContentError, did_you_mean

__all__ = ["Limits", "Settings", "read_settings"]


@dataclass(frozen=True)
class Limits:
    """What one student's process may use; one TODO that breaks a limit costs that TODO only."""

    todo_seconds: float = 30
    extra_cell_seconds: float = 10
    submission_seconds: float = 300
    memory_mb: int = 3072
    processes: int = 128
    open_files: int = 512
    file_mb: int = 64
    temporary_mb: int = 256
    output_kb: int = 256
    value_mb: int = 8


@dataclass(frozen=True)
class Settings:
    """One table of a file; every method raises :class:`ContentError` that names file and value."""

    path: Path
    table: Mapping[str, Any]

    def section(self, name: str, known: Sequence[str]) -> Settings:
        """The section of that name, which holds no other keys than ``known``."""
        table = self.table.get(name)
        if not isinstance(table, dict):
            raise ContentError(f"{self.path} needs a [{name}] section.")
        return Settings(self.path, table)._holding(known, {})

    def text(self, name: str, default: str | None = None) -> str:
        """A text of at least one character."""
        value = self.table.get(name, default)
        if not isinstance(value, str) or not value:
            raise ContentError(f'{self.path}: "{name}" must be a text, not {value!r}.')
        return value

    def count(self, name: str) -> int:
        """A whole number of at least 0."""
        value = self.table.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ContentError(f'{self.path}: "{name}" must be a whole number, not {value!r}.')
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty if it is not there."""
        value = self.table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise ContentError(f'{self.path}: "{name}" must be a list of texts, not {value!r}.')
        return tuple(value)

    def limits(self, defaults: Limits) -> Limits:
        """The section ``limits``; what it does not name stays as in ``defaults``."""
        section = self.table.get("limits", {})
        if not isinstance(section, dict):
            raise ContentError(f"{self.path} needs a [limits] section.")
        values = {item.name: getattr(defaults, item.name) for item in fields(Limits)}
        for name, value in section.items():
            if name not in values:
                hint = did_you_mean(name, sorted(values))
                raise ContentError(f'{self.path}: unknown limit "{name}".{hint}')
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 < value < math.inf:
                raise ContentError(
                    f'{self.path}: limit "{name}" must be a positive number, not {value!r}.'
                )
            values[name] = value
        return Limits(**values)

    def _holding(self, known: Sequence[str], moved: Mapping[str, str]) -> Settings:
        """These settings, if they hold nothing that nobody reads."""
        for name in self.table:
            if name in moved:
                raise ContentError(f"{self.path}: {moved[name]}.")
            if name not in known:
                hint = did_you_mean(name, sorted(known))
                raise ContentError(f'{self.path}: unknown key "{name}".{hint}')
        return self


def read_settings(
    path: Path, *, known: Sequence[str], moved: Mapping[str, str] | None = None
) -> Settings:
    """A TOML file whose top-level keys are ``known``.

    Args:
        path: the file.
        known: the keys that may stand there.
        moved: key of an older version -> where what it said stands now.

    Raises:
        ContentError: if the file cannot be read, or holds another key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path} is not valid TOML: {error}") from error
    return Settings(path, table)._holding(known, moved or {})
