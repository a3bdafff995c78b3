"""The forms in which notebooks come back: right, half done, from Colab, renamed, broken.

Each function gives a function that makes a file's bytes from a :class:`~autograder.quality.samples.
kit.Kit`; ``everything`` and ``second_half`` say what a sample loses.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.quality.samples.kit import Kit, cell, place
from autograder.quality.samples.look import as_colab, as_jupyter, look_run

__all__ = [
    "PDF",
    "Make",
    "add_cell",
    "alternatives",
    "broken_off",
    "changed",
    "deleted_test",
    "draft_kept",
    "everything",
    "from_colab",
    "half",
    "marks_lost",
    "perfect",
    "second_half",
    "tampered",
    "untouched",
    "with_texts",
    "without",
    "wrong",
]

Make = Callable[[Kit], bytes]

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
"""A page instead of a notebook."""


def everything(kit: Kit) -> dict[str, str]:
    """All points of all TODOs are lost."""
    return dict.fromkeys(kit.solutions, "all")


def second_half(kit: Kit) -> dict[str, str]:
    """All points of the second half of the TODOs are lost."""
    todos = list(kit.solutions)
    return dict.fromkeys(todos[len(todos) // 2 :], "all")


def with_texts(notebook: NotebookNode, *texts: str) -> NotebookNode:
    """The notebook with texts below its written questions, in their order."""
    asked = []
    for item in notebook.cells:
        if item.cell_type == "markdown" and item.metadata.get("nbgrader", {}).get("solution"):
            asked.append(item)
    for item, text in zip(asked, texts, strict=False):
        item.source = item.source.replace("YOUR ANSWER HERE", text)
    return notebook


def add_cell(notebook: NotebookNode, cell_id: str, source: str) -> None:
    """A code cell of the student's own, at the end."""
    notebook.cells.append(nbformat.v4.new_code_cell(source, id=cell_id))


def perfect(*texts: str) -> Make:
    """Every TODO right, and the written questions answered by ``texts``."""
    return lambda kit: as_jupyter(look_run(with_texts(kit.solved(), *texts), kit.solutions))


def untouched() -> Make:
    """The released notebook as it is."""
    return lambda kit: as_jupyter(kit.release)


def half() -> Make:
    """The first half of the TODOs right, the others untouched."""
    return lambda kit: without(*second_half(kit))(kit)


def without(*todos: str) -> Make:
    """Right, but some TODOs are left out."""
    return lambda kit: as_jupyter(look_run(kit.solved(without=todos), kit.solutions))


def changed(answers: Mapping[str, str] | None = None, *texts: str) -> Make:
    """Right, but for some answers given here, complete cells each."""
    return lambda kit: as_jupyter(look_run(with_texts(kit.solved(answers), *texts), kit.solutions))


def wrong(names: Mapping[str, str], *texts: str, left_out: tuple[str, ...] = ()) -> Make:
    """Right, but for wrong answers of the bank, ``{TODO: slug}``, and some TODOs left out."""

    def make(kit: Kit) -> bytes:
        answers = {todo: kit.answer(todo, f"wrong_{slug}") for todo, slug in names.items()}
        notebook = with_texts(kit.solved(answers, without=left_out), *texts)
        return as_jupyter(look_run(notebook, kit.solutions))

    return make


def alternatives(*texts: str) -> Make:
    """The first right answer of the bank in every TODO."""

    def make(kit: Kit) -> bytes:
        notebook = with_texts(kit.solved(kit.first_right()), *texts)
        return as_jupyter(look_run(notebook, kit.solutions))

    return make


def from_colab() -> Make:
    """Right, as Colab saves it."""
    return lambda kit: as_colab(kit.solved(), kit.solutions)


def draft_kept(todo: str, slug: str) -> Make:
    """Right, with a wrong first try kept above in a copy of the cell, marks and all."""

    def make(kit: Kit) -> bytes:
        notebook = kit.solved()
        draft = copy.deepcopy(cell(notebook, todo))
        draft.id = "first-try"
        draft.source = kit.answer(todo, f"wrong_{slug}")
        notebook.cells.insert(place(notebook, todo), draft)
        return as_jupyter(look_run(notebook, kit.solutions))

    return make


def deleted_test(todo: str, names: Mapping[str, str]) -> Make:
    """Wrong answers of the bank, ``{TODO: slug}``, and the test of ``todo`` deleted."""

    def make(kit: Kit) -> bytes:
        answers = {name: kit.answer(name, f"wrong_{slug}") for name, slug in names.items()}
        notebook = kit.solved(answers)
        del notebook.cells[place(notebook, f"test_{todo}")]
        return as_jupyter(notebook)

    return make


def marks_lost(*texts: str) -> Make:
    """Right, but every cell has lost its metadata and its id."""

    def make(kit: Kit) -> bytes:
        notebook = look_run(with_texts(kit.solved(), *texts), kit.solutions)
        for number, item in enumerate(notebook.cells):
            item.metadata.clear()
            item.id = f"{number:08x}"
        return as_jupyter(notebook)

    return make


def tampered() -> Make:
    """Nothing solved, but tests that always pass, raised points, and saved outputs that claim
    success."""

    def make(kit: Kit) -> bytes:
        notebook = copy.deepcopy(kit.release)
        for todo in kit.solutions:
            test = cell(notebook, f"test_{todo}")
            test.source = "print('✓ all checks passed')"
            test.metadata.nbgrader.points = 100
        return as_jupyter(look_run(notebook, kit.solutions, claim=True))

    return make


def broken_off(whole: Make) -> Make:
    """A download of ``whole`` that broke off after three fifths."""

    def make(kit: Kit) -> bytes:
        data = whole(kit)
        return data[: len(data) * 3 // 5]

    return make
