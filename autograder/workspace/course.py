"""``course.toml`` and ``solutions/*/lab.toml`` -> :class:`Course`: names, paths, labs, limits.

The course's file names no lab: a lab is a folder of ``solutions`` with a ``lab.toml``. Both kinds
of file are checked whole, and what is wrong is named with the file and the value.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.model.errors import ContentError, UsageError, did_you_mean
from autograder.workspace.settings import Limits, Settings, read_settings
from autograder.workspace.topics import known_topics

__all__ = ["LAB_FILE", "Course", "Lab", "Limits", "find_course", "is_lab_id", "load_course"]

LAB_FILE = "lab.toml"

IDENTITY = re.compile(r"^[A-Za-z0-9_\-]+\Z")

MOVED = {
    "labs": "labs are no longer listed here: each says its title, order, topics and limits in its "
    "own solutions/ID/lab.toml (docs/authoring.md)",
    "grading": "[grading] is no longer read: what is warm follows from what a lab's exam imports, "
    "and `preload` in solutions/ID/lab.toml adds to it (docs/authoring.md)",
}
"""Sections of an older ``course.toml``, and where what they said stands now."""


@dataclass(frozen=True)
class Lab:
    """One lab: one notebook, one nbgrader assignment.

    Attributes:
        id: the name of its folders and files.
        title: as people read it.
        order: its place in the course; every lab has another one.
        topics: the packages of labkit that it uses, beside the core.
        hours: how long it takes a student, about; 0 if nobody knows.
        preload: what is imported before the first student's code, beside what the exam imports.
        limits: of one student's process.
    """

    id: str
    title: str
    order: int = 1
    topics: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    hours: int = 0
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Course:
    """The course as named by ``course.toml`` at ``root``; ``labs`` in their order."""

    root: Path
    id: str
    name: str
    repository: str
    branch: str
    labs: tuple[Lab, ...]
    workspace: Path
    limits: Limits = field(default_factory=Limits)
    zone: tzinfo = UTC

    def lab(self, lab_id: str) -> Lab:
        """The lab of that id; :class:`UsageError` with the nearest name otherwise."""
        for lab in self.labs:
            if lab.id == lab_id:
                return lab
        names = [lab.id for lab in self.labs]
        hint = did_you_mean(lab_id, names) if names else f" {self._no_labs()}"
        raise UsageError(f'There is no lab "{lab_id}".{hint}')

    def chosen(self, lab_ids: Sequence[str] | None = None) -> list[Lab]:
        """The labs of those ids, or every lab if none is named.

        Raises:
            UsageError: for an unknown lab, or when the course has no lab yet.
        """
        if lab_ids:
            return [self.lab(lab_id) for lab_id in lab_ids]
        if not self.labs:
            raise UsageError(self._no_labs())
        return list(self.labs)

    def _no_labs(self) -> str:
        return f"No folder of {self.solutions} holds a lab yet: `autograder new-lab ID` writes one."

    @property
    def solutions(self) -> Path:
        """The private folders of all labs."""
        return self.root / "solutions"

    def private(self, lab_id: str) -> Path:
        """Everything private of one lab: ``solutions/L``."""
        return self.solutions / lab_id

    def source_text(self, lab_id: str) -> Path:
        """The text notebook people write: ``solutions/L/L.py``."""
        return self.private(lab_id) / f"{lab_id}.py"

    def answers(self, lab_id: str) -> Path:
        """The answer bank: ``solutions/L/answers``."""
        return self.private(lab_id) / "answers"

    def released(self, lab_id: str) -> Path:
        """The notebook students open: ``labs/L/L.ipynb``."""
        return self.root / "labs" / lab_id / f"{lab_id}.ipynb"

    def samples(self, lab_id: str) -> Path:
        """The sample class as files that students hand in: ``samples/L``."""
        return self.root / "samples" / lab_id

    @property
    def data(self) -> Path:
        """The fixture datasets, a folder for each topic."""
        return self.root / "data"

    def data_of(self, lab_id: str) -> tuple[Path, ...]:
        """The folders of datasets that a lab may read: those of its topics."""
        folders = (self.data / topic for topic in self.lab(lab_id).topics)
        return tuple(folder for folder in folders if folder.is_dir())


def is_lab_id(text: str) -> bool:
    """Whether ``text`` can be a folder's name, an nbgrader name and a part of an address."""
    return bool(IDENTITY.match(text))


def find_course(start: Path | None = None) -> Path:
    """The nearest folder at or above ``start`` (default: here) that holds ``course.toml``."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return folder
    raise UsageError(
        f"No course.toml in {here} or above it. Run this inside the course, or pass "
        "--course FOLDER."
    )


def load_course(root: Path | None = None, *, workspace: Path | None = None) -> Course:
    """Read and check ``course.toml`` and every ``solutions/*/lab.toml``.

    Args:
        root: a folder in the course; by default ``$AUTOGRADER_COURSE``, or the current folder.
        workspace: by default ``$AUTOGRADER_WORKSPACE``, or ``workspace`` in the course.

    Raises:
        UsageError: if there is no course.
        ContentError: naming the file, and what is wrong in it.
    """
    named = os.environ.get("AUTOGRADER_COURSE")
    chosen = Path(named) if root is None and named else root
    if chosen is not None and not chosen.exists():
        raise UsageError(f'There is no folder "{chosen}".')
    folder = find_course(chosen)
    table = read_settings(folder / "course.toml", known=("course", "limits"), moved=MOVED)
    course = table.section("course", known=("id", "name", "repository", "branch", "timezone"))
    limits = table.limits(Limits())
    place = workspace or Path(os.environ.get("AUTOGRADER_WORKSPACE", folder / "workspace"))
    return Course(
        root=folder,
        id=_identity(course.text("id"), course),
        name=course.text("name"),
        repository=course.text("repository"),
        branch=course.text("branch", "main"),
        labs=_labs(folder / "solutions", limits),
        workspace=place.resolve(),
        limits=limits,
        zone=_zone(course),
    )


def _zone(course: Settings) -> tzinfo:
    """Where the LMS's clock stands, for times that come without a zone."""
    name = course.text("timezone", "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ContentError(
            f'{course.path}: "timezone" must be a name such as "Europe/Berlin", not "{name}".'
        ) from error


def _labs(solutions: Path, limits: Limits) -> tuple[Lab, ...]:
    """The labs of a course, by their order."""
    folders = sorted(solutions.iterdir()) if solutions.is_dir() else []
    # editors, Python and Jupyter leave folders behind whose names begin so
    own = [path for path in folders if path.is_dir() and not path.name.startswith((".", "_"))]
    labs = sorted((_lab(path, limits) for path in own), key=lambda lab: lab.order)
    for first, second in itertools.pairwise(labs):
        if first.order == second.order:
            path = solutions / second.id / LAB_FILE
            raise ContentError(
                f'{path}: "order" is {second.order}, as in {first.id}; every lab needs another one.'
            )
    return tuple(labs)


def _lab(folder: Path, defaults: Limits) -> Lab:
    """The lab of a private folder; what its file does not limit is limited as in the course."""
    path = folder / LAB_FILE
    if not path.is_file():
        raise ContentError(
            f"{path} does not exist: every folder of solutions/ is a lab, and that file says its "
            "title and order (docs/authoring.md)."
        )
    table = read_settings(path, known=("title", "order", "topics", "preload", "hours", "limits"))
    _identity(folder.name, table)
    topics = table.words("topics")
    known = known_topics()
    for topic in topics:
        if topic not in known:
            raise ContentError(
                f'{path}: labkit has no topic "{topic}".{did_you_mean(topic, sorted(known))}'
            )
    return Lab(
        id=folder.name,
        title=table.text("title"),
        order=table.count("order"),
        topics=topics,
        preload=table.words("preload"),
        hours=table.count("hours") if "hours" in table.table else 0,
        limits=table.limits(defaults),
    )


def _identity(value: str, table: Settings) -> str:
    if not is_lab_id(value):
        raise ContentError(f'{table.path}: an "id" must match {IDENTITY.pattern}, not {value!r}.')
    return value
