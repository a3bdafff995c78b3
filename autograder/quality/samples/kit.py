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

    def first_right(self) -> dict[str, str]:
        """TODO -> the first of its right answers in the bank."""
        answers: dict[str, str] = {}
        for entry in read_answers(self.bank, self.solutions).entries:
            if entry.kind == "right":
                answers.setdefault(entry.todo, entry.code)
        return answers

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
    """One student: a folder, a file, what is in it, and what grading it must give.

    Attributes:
        student: the name of the folder.
        file: the name of the file in it.
        about: what is special, in a few words.
        make: makes the file's bytes, see :mod:`autograder.quality.samples.forms`.
        losing: TODO -> "all" or "some" of its points; or a function that gives this.
        status: of the result.
        states: TODO -> its state, where it matters.
        repaired: whether collecting it has something to repair.
        untouched: whether nothing of it is worth more than the released notebook.
    """

    student: str
    file: str
    about: str
    make: Callable[[Kit], bytes]
    losing: Callable[[Kit], dict[str, str]] | dict[str, str] = field(default_factory=dict)
    status: str = "graded"
    states: dict[str, str] = field(default_factory=dict)
    repaired: bool = False
    untouched: bool = False

    def lost(self, kit: Kit) -> dict[str, str]:
        """TODO -> how much of its points is lost."""
        return self.losing(kit) if callable(self.losing) else self.losing
