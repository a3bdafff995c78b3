"""new-lab: a skeleton lab that builds, verifies and demos at once."""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from autograder.model.errors import UsageError
from autograder.workspace.course import Course, is_lab_id
from autograder.workspace.files import write_atomic

__all__ = ["new_lab"]

SUFFIX = ".tmpl"
"""Of the skeleton's files, so that no tool takes them for what they become."""


def new_lab(
    course: Course, lab_id: str, *, title: str | None = None, order: int | None = None
) -> list[Path]:
    """Write ``solutions/ID`` for a new lab with one TODO, and nothing else.

    Args:
        course: the course that the lab joins.
        lab_id: the name of the lab's folders and files.
        title: as people read it; made of the id by default.
        order: its place in the course; by default the number in ``labN_name``, or the next one.

    Returns:
        The files written.

    Raises:
        UsageError: if the id cannot name a lab, or that lab or place is taken.
    """
    if not is_lab_id(lab_id) or lab_id.startswith(("-", "_")):
        raise UsageError(
            f'"{lab_id}" cannot name a lab: letters, digits, "_" and "-" can, as in lab4_words.'
        )
    folder = course.private(lab_id)
    if folder.exists():
        raise UsageError(f"{folder} exists already: choose another id, or remove that folder.")
    place = _order(course, lab_id) if order is None else order
    taken = {lab.order: lab.id for lab in course.labs}
    if place in taken:
        raise UsageError(f"{taken[place]} has order {place} already: choose another with --order.")
    words = {"$ID": lab_id, "$ORDER": str(place), "$TITLE": _title(title, lab_id, place)}
    folder.parent.mkdir(parents=True, exist_ok=True)
    # all of it or nothing: a folder whose name begins with a dot is no lab yet
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as temporary:
        made = Path(temporary) / lab_id
        _copy(resources.files("autograder.authoring") / "skeleton", made, words)
        made.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _order(course: Course, lab_id: str) -> int:
    """The number in ``labN_name`` if it is free, else the next after all labs."""
    taken = [lab.order for lab in course.labs]
    named = re.match(r"lab(\d+)", lab_id)
    if named and int(named[1]) not in taken:
        return int(named[1])
    return max(taken, default=0) + 1


def _title(title: str | None, lab_id: str, order: int) -> str:
    """The given title, which becomes a text in TOML, or one made of the id."""
    if title is None:
        words = re.sub(r"^lab\d*|[_-]+", " ", lab_id).strip() or lab_id
        return f"Lab {order} · {words[0].upper()}{words[1:]}"
    if not title.strip() or not title.isprintable() or '"' in title or "\\" in title:
        raise UsageError("A title is one line of text without quotation marks and backslashes.")
    return title.strip()


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> None:
    """Copy the skeleton with its placeholders filled in, in names of files too."""
    for entry in source.iterdir():
        name = _filled(entry.name, words)
        if entry.is_dir():
            _copy(entry, target / name, words)
        elif name.endswith(SUFFIX):
            text = _filled(entry.read_text(encoding="utf-8"), words)
            write_atomic(target / name.removesuffix(SUFFIX), text.encode())


def _filled(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text
