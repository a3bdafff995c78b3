"""``course.toml`` -> :class:`Course`: names, paths, labs and limits, checked once."""

from __future__ import annotations

import math
import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from autograder.model.errors import ContentError, UsageError, did_you_mean

__all__ = ["Course", "Lab", "Limits", "find_course", "load_course"]


IDENTITY = re.compile(r"^[A-Za-z0-9_\-]+\Z")


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
class Lab:
    """One lab: one notebook, one nbgrader assignment."""

    id: str
    title: str
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Course:
    """The course as named by ``course.toml`` at ``root``."""

    root: Path
    id: str
    name: str
    repository: str
    branch: str
    labs: tuple[Lab, ...]
    workspace: Path
    warm: tuple[str, ...] = ()

    def lab(self, lab_id: str) -> Lab:
        """The lab of that id; :class:`UsageError` with the nearest name otherwise."""
        for lab in self.labs:
            if lab.id == lab_id:
                return lab
        raise UsageError(
            f'There is no lab "{lab_id}".{did_you_mean(lab_id, [lab.id for lab in self.labs])}'
        )

    def source_text(self, lab_id: str) -> Path:
        """The text notebook people write: ``solutions/L/L.py``."""
        return self.root / "solutions" / lab_id / f"{lab_id}.py"

    def answers(self, lab_id: str) -> Path:
        """The answer bank: ``solutions/L/answers``."""
        return self.root / "solutions" / lab_id / "answers"

    def released(self, lab_id: str) -> Path:
        """The notebook students open: ``labs/L/L.ipynb``."""
        return self.root / "labs" / lab_id / f"{lab_id}.ipynb"

    @property
    def data(self) -> Path:
        """The fixture datasets."""
        return self.root / "data"


def find_course(start: Path | None = None) -> Path:
    """The nearest folder at or above ``start`` (default: here) that holds ``course.toml``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return folder
    raise UsageError(
        f"No course.toml in {here} or above it. Run this inside the course, or pass --course FOLDER."
    )


def load_course(root: Path | None = None, *, workspace: Path | None = None) -> Course:
    """Read and check ``course.toml``.

    ``root`` defaults to the nearest folder above the current one (or ``$AUTOGRADER_COURSE``);
    ``workspace`` to ``root/workspace`` (or ``$AUTOGRADER_WORKSPACE``). Raises :class:`ContentError`
    naming what is wrong.
    """
    named = os.environ.get("AUTOGRADER_COURSE")
    chosen = Path(named) if root is None and named else root
    if chosen is not None and not chosen.exists():
        raise UsageError(f'There is no folder "{chosen}".')
    folder = find_course(chosen)
    path = folder / "course.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path} is not valid TOML: {error}") from error
    course = _section(table, "course", path)
    defaults = _limits(_section(table, "limits", path, {}), Limits(), path)
    labs = tuple(
        Lab(
            _identity(row, path),
            _text(row, "title", path),
            _limits(_section(row, "limits", path, {}), defaults, path),
        )
        for row in _labs(table, path)
    )
    if len({lab.id for lab in labs}) < len(labs):
        raise ContentError(f"{path}: two labs have the same id.")
    place = workspace or Path(os.environ.get("AUTOGRADER_WORKSPACE", folder / "workspace"))
    return Course(
        root=folder,
        id=_identity(course, path),
        name=_text(course, "name", path),
        repository=_text(course, "repository", path),
        branch=_text({"branch": "main", **course}, "branch", path),
        labs=labs,
        workspace=place.resolve(),
        warm=_words(_section(table, "grading", path, {}).get("warm", []), "warm", path),
    )


def _section(
    table: dict[str, Any], name: str, path: Path, default: dict[str, Any] | None = None
) -> dict[str, Any]:
    section = table.get(name, default)
    if not isinstance(section, dict):
        raise ContentError(f"{path} needs a [{name}] section.")
    return section


def _labs(table: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    labs = table.get("labs")
    if not isinstance(labs, list) or not labs or not all(isinstance(row, dict) for row in labs):
        raise ContentError(f"{path} needs at least one [[labs]] section.")
    return labs


def _text(section: dict[str, Any], name: str, path: Path) -> str:
    value = section.get(name)
    if not isinstance(value, str) or not value:
        raise ContentError(f'{path}: "{name}" must be a text, not {value!r}.')
    return value


def _identity(section: dict[str, Any], path: Path) -> str:
    """An id that is a folder's name, an nbgrader name and a part of an address."""
    value = _text(section, "id", path)
    if not IDENTITY.match(value):
        raise ContentError(f'{path}: an "id" must match {IDENTITY.pattern}, not {value!r}.')
    return value


def _words(value: Any, name: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ContentError(f'{path}: "{name}" must be a list of texts, not {value!r}.')
    return tuple(value)


def _limits(section: dict[str, Any], defaults: Limits, path: Path) -> Limits:
    known = {item.name for item in fields(Limits)}
    values = {name: getattr(defaults, name) for name in known}
    for name, value in section.items():
        if name not in known:
            raise ContentError(
                f'{path}: unknown limit "{name}".{did_you_mean(name, sorted(known))}'
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value < math.inf:
            raise ContentError(f'{path}: limit "{name}" must be a positive number, not {value!r}.')
        values[name] = value
    return Limits(**values)
