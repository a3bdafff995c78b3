"""A submitted notebook -> the student's answers, extra cells and written answers.

The exam notebook is always ours. :func:`match` only decides which of the student's texts belongs
into which of our cells; :func:`canonical_submission` puts them there. Nothing but the ``grade_id``
and the cell id is read from the student's metadata, and both are only hints.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.matching.answers import Answer, find_answers
from autograder.matching.assign import assign
from autograder.matching.cells import ReleaseCell, read_release, read_student
from autograder.matching.extras import find_extras
from autograder.matching.notes import repair_notes
from autograder.matching.written import find_written
from autograder.model.submission import Attachments, CellKind, Extra, Submission
from autograder.notebooks.likeness import Likeness
from autograder.notebooks.roles import settings_of

__all__ = ["Extra", "canonical_submission", "match", "recognise"]

_LONG = 60
"""A cell with more characters than this is not equal to another one by chance."""


def match(submitted: NotebookNode, release: NotebookNode, *, lab: str = "") -> Submission:
    """Find the student's answers in a notebook, whatever was done to it.

    Args:
        submitted: As :func:`autograder.notebooks.reading.read_notebook` gives it.
        release: The notebook that students were given.
        lab: The lab's id, for the result.
    """
    release_cells = read_release(release)
    student_cells = read_student(submitted, release_cells)
    # The order matters: answers are looked for among the cells that were not recognised as ours,
    # and what is no answer either is an extra cell.
    alike = Likeness()
    assign(release_cells, student_cells, alike)
    answers = find_answers(release_cells, student_cells, alike)
    written = find_written(release_cells, student_cells)
    extras, moved_up = find_extras(release_cells, student_cells, answers, written)
    return Submission(
        lab=lab,
        answers=_texts(answers),
        written=_texts(written),
        extras=extras,
        repairs=repair_notes(release_cells, student_cells, answers, written, moved_up),
        untouched={_name(answer) for answer in [*answers, *written] if answer.text is None},
        attachments=_attachments(written),
    )


def _name(answer: Answer) -> str:
    return answer.release_cell.grade_id or ""


def _texts(answers: Sequence[Answer]) -> dict[str, str]:
    """The text of each answer; the release's own where there is none."""
    texts = {}
    for answer in answers:
        found = answer.text
        texts[_name(answer)] = answer.release_cell.source if found is None else found
    return texts


def _attachments(written: Sequence[Answer]) -> dict[str, Attachments]:
    """The pictures of each written answer, from the last cell it came from."""
    found = [answer for answer in written if answer.student_cells]
    return {_name(answer): answer.student_cells[-1].attachments for answer in found}


def canonical_submission(submission: Submission, release: NotebookNode) -> NotebookNode:
    """The release with the student's answers and extra cells, ready for nbgrader's ``submitted/``.

    The release itself is not changed.
    """
    notebook = copy.deepcopy(release)
    texts = submission.answers | submission.written
    for cell in notebook.cells:
        settings = settings_of(cell)
        if settings.solution and settings.name in texts:
            cell.source = texts[settings.name]
            pictures = submission.attachments.get(settings.name)
            if cell.cell_type == CellKind.MARKDOWN and pictures:
                cell.attachments = pictures
        if cell.cell_type == CellKind.CODE:
            cell.outputs, cell.execution_count = [], None
    # From the last to the first, so that the positions of those still to come stay right.
    for number, extra in reversed(list(enumerate(submission.extras, start=1))):
        is_code = extra.kind is CellKind.CODE
        make = nbformat.v4.new_code_cell if is_code else nbformat.v4.new_markdown_cell
        notebook.cells.insert(extra.position + 1, make(extra.source, id=f"extra-{number}"))
    return notebook


def recognise(notebook: NotebookNode, releases: Mapping[str, NotebookNode]) -> str | None:
    """The lab a notebook belongs to, by its marks, cell ids and content.

    Returns:
        None if nothing speaks for any lab, or as much for one as for another.
    """
    scored = [(_score(notebook, release), lab) for lab, release in releases.items()]
    scored.sort(reverse=True)
    if not scored or scored[0][0] == 0:
        return None
    if len(scored) > 1 and scored[0][0] == scored[1][0]:
        return None
    return scored[0][1]


def _score(notebook: NotebookNode, release: NotebookNode) -> int:
    """How much speaks for a lab.

    A grading mark counts 4, a TODO's names or an equal cell 2, a cell id 1 (one alone, nothing).
    """
    release_cells = read_release(release)
    student_cells = read_student(notebook, release_cells)
    marks = _marks(cell.grade_id for cell in release_cells)
    marks &= _marks(cell.settings.name for cell in student_cells)
    ids = _marks(cell.cell_id for cell in release_cells)
    ids &= _marks(cell.cell_id for cell in student_cells)
    defined = [cell.names for cell in student_cells]
    todos = [cell for cell in release_cells if _is_defined(cell, defined)]
    equal = {cell.key for cell in release_cells if len(cell.source) > _LONG}
    equal &= {cell.key for cell in student_cells}
    return 4 * len(marks) + 2 * len(todos) + 2 * len(equal) + (len(ids) if len(ids) > 1 else 0)


def _marks(found: Iterable[str | None]) -> set[str]:
    """Those that are there."""
    return {mark for mark in found if mark}


def _is_defined(cell: ReleaseCell, defined: Sequence[frozenset[str]]) -> bool:
    """Whether one cell of the student defines all that a TODO stands for."""
    return bool(cell.names) and any(cell.names <= names for names in defined)
