"""Finding the text of written answers."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.matching.answers import Answer, How
from autograder.matching.cells import ReleaseCell, StudentCell
from autograder.notebooks.roles import PLACEHOLDER, Role

__all__ = ["find_written"]


def find_written(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> list[Answer]:
    """One :class:`Answer` per written question, in order."""
    found = []
    for place in release_cells:
        if place.role is not Role.WRITTEN:
            continue
        own = [
            cell
            for cell in student_cells
            if cell.matched is place and cell.source.split() != place.source.split()
        ]
        # Of several copies the last one counts; an untouched one does not.
        if own:
            answer = Answer(place, own[-1].source, own[-1:])
        else:
            answer = _nearby(place, student_cells, release_cells)
        if len(own) > 1:
            answer.how.add(How.COPIES)
        found.append(answer)
    return found


def _nearby(
    place: ReleaseCell, student_cells: Sequence[StudentCell], release_cells: Sequence[ReleaseCell]
) -> Answer:
    """An answer typed below the empty answer cell, or at the end of the question's own cell."""
    below = _cell_below(place, student_cells)
    if below is not None:
        return Answer(place, _below_prompt(place, below.source), [below], {How.OWN_CELL})
    text = _below_question(place, student_cells, release_cells)
    if text:
        return Answer(place, _below_prompt(place, text), [], {How.OWN_CELL})
    return Answer(place)


def _cell_below(place: ReleaseCell, student_cells: Sequence[StudentCell]) -> StudentCell | None:
    """The text cell of the student's own right below the empty answer cell."""
    stub = next((cell for cell in student_cells if cell.matched is place), None)
    if stub is None or stub.index + 1 >= len(student_cells):
        return None
    below = student_cells[stub.index + 1]
    return below if below.matched is None and not below.is_code else None


def _below_question(
    place: ReleaseCell, student_cells: Sequence[StudentCell], release_cells: Sequence[ReleaseCell]
) -> str:
    """What was added to the cell of the question, which stands right above the answer cell."""
    question = release_cells[place.index - 1] if place.index else None
    if question is None or question.role is not Role.TEXT or not question.source.strip():
        return ""
    for cell in student_cells:
        if cell.matched is question and not cell.is_code:
            head, _, rest = cell.source.partition(question.source.rstrip())
            return "" if head.strip() else rest.strip()
    return ""


def _below_prompt(place: ReleaseCell, text: str) -> str:
    """The answer where the placeholder stood, below the question if that is in the same cell."""
    return place.source.replace(PLACEHOLDER, text) if PLACEHOLDER in place.source else text
