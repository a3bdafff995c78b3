"""What samples are made from, and what one sample is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.model.errors import ContentError
from autograder.quality.answer_file import read_answers

__all__ = ["Kit", "Sample", "cell", "place"]


@dataclass(frozen=True)
class Kit:
    """What samples are made from: the release, the reference answers, the answer bank."""

    lab: str
    release: NotebookNode
    solutions: Mapping[str, str]
    bank: Path

    def answer(self, todo: str, name: str) -> str:
        """An answer of the bank."""
        return read_answers(self.bank, self.solutions).answer(f"{todo}/{name}").code

    def solved(
        self, answers: Mapping[str, str] | None = None, *, without: tuple[str, ...] = ()
    ) -> NotebookNode:
        """The release with the reference answers, or with the given ones."""
        notebook = copy.deepcopy(self.release)
        for todo, answer in {**self.solutions, **(answers or {})}.items():
            if todo not in without:
                cell(notebook, todo).source = answer
        return notebook


def cell(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """The cell with that id."""
    return notebook.cells[place(notebook, cell_id)]


def place(notebook: NotebookNode, cell_id: str) -> int:
    """The index of the cell with that id."""
    for index, item in enumerate(notebook.cells):
        if item.get("id") == cell_id:
            return index
    raise ContentError(
        f'The sample class needs a cell "{cell_id}", which the release does not have.'
    )


@dataclass(frozen=True)
class Sample:
    """One student: a folder, a file, what is in it, and what grading it must give."""

    student: str
    file: str
    about: str
    make: Callable[[Kit], bytes]
    losing: Callable[[Kit], dict[str, str]] | dict[str, str] = field(default_factory=dict)
    status: str = "graded"
    states: dict[str, str] = field(default_factory=dict)

    def lost(self, kit: Kit) -> dict[str, str]:
        """TODO -> how much of its points is lost."""
        return self.losing(kit) if callable(self.losing) else self.losing
