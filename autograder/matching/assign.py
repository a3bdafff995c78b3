"""Which release cell each of the student's cells is a version of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.matching.cells import ReleaseCell, StudentCell
from autograder.notebooks.likeness import Likeness
from autograder.notebooks.python_source import outline
from autograder.notebooks.roles import Role

__all__ = ["MAX_GUESSED", "assign"]

_ALIKE_TEXT, _ALIKE_CODE = 0.6, 0.7

MAX_GUESSED = 100
"""So many cells without any mark are compared with ours, the first ones: each comparison takes
milliseconds, and nobody writes hundreds of such cells. The others are the student's own."""


def assign(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell], alike: Likeness
) -> None:
    """Set ``matched`` of the student's cells.

    Cells that look like the answer of a TODO but carry no mark stay without a match, for
    :mod:`autograder.matching.answers`.
    """
    # The order matters: each step sees only what the ones before it left, so the surest sign comes
    # first. Likeness is last, for it is a guess, and it must not take a cell that says who it is.
    _by_grade_id(release_cells, student_cells)
    _by_cell_id(release_cells, student_cells)
    _by_content(release_cells, student_cells)
    _written_by_prompt(release_cells, student_cells)
    _written_by_place(release_cells, student_cells)
    _by_likeness(release_cells, student_cells, alike)


def _by_grade_id(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> None:
    """Cells with the same grading mark; a copied cell has its mark, too."""
    known = {cell.grade_id: cell for cell in release_cells if cell.grade_id}
    for student_cell in student_cells:
        found = known.get(student_cell.settings.name or "")
        if found is not None:
            student_cell.matched, student_cell.marked = found, True


def _by_cell_id(release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]) -> None:
    """Cells with the id of a release cell that is still free."""
    taken = _taken(student_cells)
    free = [cell for cell in release_cells if cell.cell_id and cell.index not in taken]
    known = {cell.cell_id: cell for cell in free}
    for student_cell in student_cells:
        if student_cell.matched is None and student_cell.cell_id in known:
            student_cell.matched = known.pop(student_cell.cell_id)


def _by_content(release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]) -> None:
    """Equal cells; copies beyond the first get the same match, where they count as copies."""
    taken = _taken(student_cells)
    known: dict[str, list[ReleaseCell]] = {}
    for cell in release_cells:
        known.setdefault(cell.key, []).append(cell)
    outlines = {outline(cell.source) for cell in release_cells}
    for student_cell in student_cells:
        if student_cell.matched is not None:
            continue
        if student_cell.is_code and outline(student_cell.source) not in outlines:
            continue
        same = known.get(student_cell.key, [])
        if same:
            free = (cell for cell in same if cell.index not in taken)
            student_cell.matched = next(free, same[0])
            taken.add(student_cell.matched.index)


def _written_by_prompt(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> None:
    """A text that begins with the question is its answer."""
    taken = _taken(student_cells)
    for cell in release_cells:
        words = cell.prompt.split()
        if not words or cell.index in taken:
            continue
        for student_cell in student_cells:
            if student_cell.matched is not None or student_cell.is_code:
                continue
            if student_cell.source.split(None, len(words))[: len(words)] == words:
                student_cell.matched = cell


def _written_by_place(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> None:
    """A text without a mark, right where a written answer is missing, is that answer."""
    taken = _taken(student_cells)
    before: ReleaseCell | None = None
    for student_cell in student_cells:
        if student_cell.matched is None and not student_cell.is_code and before is not None:
            following = release_cells[before.index + 1 : before.index + 2]
            for cell in following:
                if cell.role is Role.WRITTEN and cell.index not in taken:
                    student_cell.matched = cell
                    taken.add(cell.index)
        before = student_cell.matched or before


def _by_likeness(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell], alike: Likeness
) -> None:
    """Edited copies of cells that are not answers."""
    todos = [cell.names for cell in release_cells if cell.role is Role.ANSWER and cell.names]
    unknown = [cell for cell in student_cells if cell.matched is None]
    for student_cell in unknown[:MAX_GUESSED]:
        # A cell that defines a TODO's names is an answer, however like a test it looks.
        is_answer = any(names <= student_cell.names for names in todos)
        if is_answer:
            continue
        if student_cell.is_code:
            roles, least = {Role.TEST, Role.SETUP, Role.DEMO}, _ALIKE_CODE
        else:
            roles, least = {Role.TEXT}, _ALIKE_TEXT
        taken = _taken(student_cells)
        free = [cell for cell in release_cells if cell.role in roles and cell.index not in taken]
        score, best = _most_alike(student_cell, free, alike)
        if score >= least:
            student_cell.matched = best


def _most_alike(
    student_cell: StudentCell, release_cells: Sequence[ReleaseCell], alike: Likeness
) -> tuple[float, ReleaseCell | None]:
    """The highest likeness and the first cell that has it."""
    highest, best = 0.0, None
    for cell in release_cells:
        score = alike(student_cell.source, cell.source)
        if best is None or score > highest:
            highest, best = score, cell
    return highest, best


def _taken(student_cells: Iterable[StudentCell]) -> set[int]:
    """The release cells that have a version already, by number."""
    return {cell.matched.index for cell in student_cells if cell.matched is not None}
