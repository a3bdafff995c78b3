"""A submitted notebook -> the student's answers, extra cells and written answers.

The exam notebook is always ours. :func:`match` only decides which of the student's texts belongs
into which of our places; :func:`canonical_submission` puts them there. Nothing but the ``grade_id``
and the cell id is read from the student's metadata, and both are only hints.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.matching.answers import Answer, find_answers, find_written
from autograder.matching.cells import Slot, assign, read_pieces, read_slots
from autograder.matching.extras import find_extras
from autograder.matching.notes import repair_notes
from autograder.model.submission import Extra, Submission

__all__ = ["Extra", "canonical_submission", "match", "recognise"]


def match(submitted: NotebookNode, release: NotebookNode, *, lab: str = "") -> Submission:
    """Find the student's answers in a notebook that
    :func:`autograder.notebooks.reading.read_notebook` has read."""
    slots = read_slots(release)
    pieces = read_pieces(submitted, slots)
    assign(slots, pieces)
    answers = find_answers(slots, pieces)
    written = find_written(slots, pieces)
    extras, hoisted = find_extras(slots, pieces, answers, written)
    return Submission(
        lab=lab,
        answers=_texts(answers),
        written=_texts(written),
        extras=extras,
        repairs=repair_notes(slots, pieces, answers, written, hoisted),
        untouched={
            answer.slot.grade_id or "" for answer in [*answers, *written] if answer.text is None
        },
        attachments={a.slot.grade_id or "": a.pieces[-1].attachments for a in written if a.pieces},
    )


def _texts(answers: Sequence[Answer]) -> dict[str, str]:
    return {a.slot.grade_id or "": a.slot.source if a.text is None else a.text for a in answers}


def canonical_submission(submission: Submission, release: NotebookNode) -> NotebookNode:
    """The release with the student's answers and extra cells put in, ready for nbgrader's
    ``submitted/``."""
    notebook = copy.deepcopy(release)
    texts = submission.answers | submission.written
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.metadata.get("nbgrader", {}).get("solution") and grade_id in texts:
            cell.source = texts[grade_id]
            if cell.cell_type == "markdown" and submission.attachments.get(grade_id):
                cell.attachments = submission.attachments[grade_id]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    numbered = list(enumerate(submission.extras, start=1))
    for number, extra in reversed(numbered):
        make = nbformat.v4.new_code_cell if extra.kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.insert(extra.position + 1, make(extra.source, id=f"extra-{number}"))
    return notebook


def recognise(notebook: NotebookNode, releases: Mapping[str, NotebookNode]) -> str | None:
    """The lab a notebook belongs to, by its marks, cell ids and content; None if there is no clear
    answer."""
    scores = sorted(
        ((_score(notebook, release), lab) for lab, release in releases.items()), reverse=True
    )
    if not scores or scores[0][0] == 0 or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return scores[0][1]


def _score(notebook: NotebookNode, release: NotebookNode) -> int:
    """How much speaks for a lab: 4 for a grading mark, 2 for a TODO's name or an equal cell, 1 for
    a cell id."""
    slots = read_slots(release)
    pieces = read_pieces(notebook, slots)
    marks = {slot.grade_id for slot in slots if slot.grade_id} & {
        piece.grade_id for piece in pieces
    }
    ids = {slot.cell_id for slot in slots} & {piece.cell_id for piece in pieces if piece.cell_id}
    todos = [
        slot for slot in slots if slot.names and any(slot.names <= piece.names for piece in pieces)
    ]
    equal = _substantial_keys(slots) & {piece.key for piece in pieces}
    return 4 * len(marks) + 2 * len(todos) + 2 * len(equal) + (len(ids) if len(ids) > 1 else 0)


def _substantial_keys(slots: Sequence[Slot]) -> set[str]:
    return {slot.key for slot in slots if len(slot.source) > 60}
