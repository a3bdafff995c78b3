"""Headings, questions and answers, found in a canonical notebook."""

from __future__ import annotations

import re

from nbformat.notebooknode import NotebookNode

from autograder.notebooks.roles import PLACEHOLDER, Role, role_of, settings_of

__all__ = ["Cells"]

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*[(·]\s*[\d.]+ points?\s*\)?$")


class Cells:
    """A canonical notebook: a student's answers, or our own release, with what stands around
    them."""

    def __init__(self, notebook: NotebookNode | None) -> None:
        cells = notebook.cells if notebook else []
        # Cells that the student added would stand between a heading and its answer.
        self._cells = [cell for cell in cells if not cell.get("id", "").startswith("extra-")]
        self._index: dict[str, int] = {}
        for index, cell in enumerate(self._cells):
            name = settings_of(cell).name
            if name is not None:
                self._index[name] = index

    def cell(self, grade_id: str) -> NotebookNode | None:
        """The cell of that grade_id."""
        return self._cells[self._index[grade_id]] if grade_id in self._index else None

    def text_before(self, grade_id: str) -> str:
        """The Markdown cell of ours right above it."""
        index = self._index.get(grade_id, 0) - 1
        above = self._cells[index] if index >= 0 else None
        return str(above.source) if above is not None and role_of(above) is Role.TEXT else ""

    def question(self, grade_id: str) -> str:
        """What is asked: in the cell of the answer itself, or above it."""
        cell = self.cell(grade_id)
        if cell is not None and PLACEHOLDER in cell.source:
            asked = str(cell.source).partition(PLACEHOLDER)[0].rstrip()
            if asked:
                return asked
        return self.text_before(grade_id)

    def title(self, grade_id: str) -> str:
        """The heading above it without its points, or the grade_id."""
        headings = _HEADING.findall(self.text_before(grade_id))
        heading = _POINTS.sub("", headings[-1]) if headings else ""
        return heading.strip() or f"`{grade_id}`"
