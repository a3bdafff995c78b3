"""The two cells at the end of a lab that look at what a student did: `progress` and `hand_in`.

Where they stand is the author's choice: a demo cell that holds the mark alone. What they need to
know about the lab is filled in here.
"""

from __future__ import annotations

from typing import Any

from autograder.authoring.titles import fold, titles
from autograder.notebooks.roles import Role, cell_name, role_of, settings_of
from autograder.workspace.course import Lab

__all__ = ["HAND_IN", "PROGRESS", "fill_last_page"]

PROGRESS, HAND_IN = "# build: progress", "# build: hand_in"
"""What an author writes into a demo cell."""


def fill_last_page(notebook: Any, lab: Lab) -> None:
    """Write the code of the marked cells, and fold them under their titles."""
    for cell in notebook.cells:
        mark = cell.source.strip()
        if mark in (PROGRESS, HAND_IN):
            cell.source = _progress(notebook, lab) if mark == PROGRESS else _hand_in(notebook, lab)
            fold(cell)


def _progress(notebook: Any, lab: Lab) -> str:
    known, points = titles(notebook), {}
    for cell in notebook.cells:
        if role_of(cell) is Role.TEST:
            grade_id = cell_name(cell).removeprefix("test_")
            points[known.get(grade_id, grade_id)] = settings_of(cell).worth
    rows = [f"        {_text(title)}: {worth:g}," for title, worth in points.items()]
    hours = [f"    hours={lab.hours:g},"] if lab.hours else []
    return _call("How far are you?", "progress", ["    {", *rows, "    },", *hours])


def _hand_in(notebook: Any, lab: Lab) -> str:
    known = titles(notebook)
    rows = [f"        {_text(grade_id)}: {_text(title)}," for grade_id, title in known.items()]
    arguments = [f"    {_text(lab.title)},", "    {", *rows, "    },"]
    return _call("Ready to hand in?", "hand_in", arguments)


def _call(title: str, name: str, arguments: list[str]) -> str:
    """A cell with a title that calls one function of labkit."""
    head = [f"# @title {title}", f"from labkit import {name}", "", f"{name}("]
    return "\n".join([*head, *arguments, ")"])


def _text(value: str) -> str:
    """A text as Python writes it, in double quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
