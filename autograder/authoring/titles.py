"""Titles of TODOs, and check cells that are folded under theirs.

A check cell begins with a title that Colab shows in place of the code (`@title` with a form view),
and is folded in JupyterLab (`source_hidden`). Where neither is known it is a comment. labkit finds
the cell of a TODO by the same line.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from autograder.notebooks.roles import Role, cell_name, role_of

__all__ = ["fold", "folded", "titles"]

HEADING = re.compile(r"^#+\s*TODO\s+(?P<number>\S+)\s*·\s*(?P<name>.+?)\s*(\([^()]*\))?\s*$", re.M)


def titles(notebook: Any) -> dict[str, str]:
    """Each TODO's number and name by the heading above it, as ``1.2 · graph``; else its id."""
    found: dict[str, str] = {}
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = list(HEADING.finditer(cell.source))
            if headings:
                last = headings[-1]
                heading = f"{last['number']} · {last['name'].replace('`', '')}"
        elif role_of(cell) is Role.ANSWER:
            found[cell_name(cell)] = heading or cell_name(cell)
            heading = ""
    return found


def folded(notebook: Any) -> Any:
    """A copy whose check cells have a title and are folded under it."""
    made, known = copy.deepcopy(notebook), titles(notebook)
    for cell in made.cells:
        title = known.get(cell_name(cell).removeprefix("test_"))
        if role_of(cell) is Role.TEST and title:
            cell.source = f"# @title Check {title}\n{cell.source}"
            fold(cell)
    return made


def fold(cell: Any) -> None:
    """Hide the source of a cell in Colab and in JupyterLab."""
    cell.metadata["cellView"] = "form"
    cell.metadata["jupyter"] = {"source_hidden": True}
