"""One row of the table of cases: what is handed in, and what should come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.desk import Desk

__all__ = ["FULL", "Files", "Row", "answers", "from_notebook", "hostile"]

FULL = {"double": 2.0, "total": 4.0, "dice": 2.0}
SUBMISSIONS = Path(__file__).parent / "submissions"

Files = Mapping[str, bytes | Path]
"""File name -> content, or the target of a symbolic link."""


@dataclass(frozen=True)
class Row:
    """``outcome`` is the letter of ``cases.md``, beside this file:

    A graded, with a note; B what can be graded, the rest 0 with a reason; C not gradable, with a
    cause; D the affected part gets nothing and the instructor hears of it. ``lost`` holds the
    points of the TODOs that do not get full marks; ``note`` occurs in the repairs, ``reason`` in
    the reason (C) or in the TODO's messages, ``incident`` in an incident.
    """

    number: str
    title: str
    outcome: str
    make: Callable[[Desk], Files]
    lost: Mapping[str, float] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    incident: str = ""
    student: str = ""

    @property
    def folder(self) -> str:
        """The name of the folder it is handed in as."""
        return self.student or f"row-{self.number}"

    @property
    def known_as(self) -> str:
        """The same name where people read it: nothing in it moves a cursor."""
        return "".join(char if char.isprintable() else "?" for char in self.folder)

    @property
    def points(self) -> dict[str, float]:
        return {**FULL, **self.lost}


def answers(**sources: str) -> Callable[[Desk], Files]:
    """The solved notebook with these answers in it; a source that names a file of ``submissions/``
    is read from it."""

    def make(desk: Desk) -> Files:
        texts = {name: _read(text) for name, text in sources.items()}
        return {
            "tiny.ipynb": desk.packed(
                desk.solved(**{name: desk.fill(text) for name, text in texts.items()})
            )
        }

    return make


def _read(text: str) -> str:
    path = SUBMISSIONS / text
    return path.read_text(encoding="utf-8") if text.endswith(".py") and "\n" not in text else text


def from_notebook(change: Callable[[Any, Desk], Any]) -> Callable[[Desk], Files]:
    """The solved notebook after ``change``, which edits it in place or gives back another one."""

    def make(desk: Desk) -> Files:
        notebook = desk.solved()
        changed = change(notebook, desk)
        return {"tiny.ipynb": desk.packed(notebook if changed is None else changed)}

    return make


def hostile(
    number: str,
    title: str,
    file: str,
    *,
    incident: str,
    todo: str = "double",
    outcome: str = "D",
    **more: Any,
) -> Row:
    """A row of class D: the file is the answer of one TODO, which earns nothing unless the attack
    comes through."""
    return Row(
        number, title, outcome, answers(**{todo: file}), {todo: 0.0}, incident=incident, **more
    )
