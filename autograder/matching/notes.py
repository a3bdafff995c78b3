"""One short sentence for everything that was repaired, for the student and the instructor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.matching.answers import Answer, How
from autograder.matching.cells import ReleaseCell, StudentCell
from autograder.notebooks.roles import Role

__all__ = ["repair_notes"]

_NAMED = 4
"""So many names are listed; of more, all but the first three are only counted."""


def repair_notes(
    release_cells: Sequence[ReleaseCell],
    student_cells: Sequence[StudentCell],
    answers: Sequence[Answer],
    written: Sequence[Answer],
    moved_up: Sequence[str],
) -> list[str]:
    """Sentences in the order in which a reader cares.

    Answers come first, then restored cells, then marks and order.
    """
    some_marks = any(cell.marked for cell in student_cells)
    notes = [*_answer_notes(answers, some_marks=some_marks), *_written_notes(written)]
    if moved_up:
        notes.append(f"Moved {_list(moved_up)} above the answer that uses it.")
    notes += _restored_tests(release_cells, student_cells)
    notes += _restored_helpers(release_cells, student_cells)
    notes += _mark_notes(release_cells, student_cells)
    return notes + _order_notes(student_cells)


def _answer_notes(answers: Sequence[Answer], *, some_marks: bool) -> list[str]:
    notes = []
    for answer in answers:
        notes += _how_it_was_found(answer)
    by_content = [answer.release_cell for answer in answers if How.CONTENT in answer.how]
    # Without any marks every answer is found by its content: one note says so below.
    if by_content and some_marks:
        notes.append(
            f"Found {_titles(by_content)} by {_its(by_content)} content; "
            "the grading marks were lost."
        )
    gone = [
        answer.release_cell
        for answer in answers
        if answer.text is None and How.MARKED not in answer.how
    ]
    if gone:
        notes.append(
            f"Put back the empty answer {_cells(gone)}, which {_was(gone)} missing: "
            f"{_titles(gone)}."
        )
    return notes


def _how_it_was_found(answer: Answer) -> list[str]:
    name = _list(sorted(answer.names) or [answer.release_cell.title])
    notes = []
    if How.OWN_CELL in answer.how:
        notes.append(f"Found {name} in a cell of its own.")
    if How.COPIES in answer.how:
        notes.append(f"Found several copies of {name}; the last one counts.")
    if How.JOINED in answer.how:
        notes.append(f"Joined {name}, which was split over several cells.")
    if How.WAS_TEXT in answer.how and answer.text is not None:
        notes.append(f"Read {name} from a text cell as code.")
    return notes


def _written_notes(written: Sequence[Answer]) -> list[str]:
    elsewhere = [answer.release_cell for answer in written if How.OWN_CELL in answer.how]
    copies = [answer.release_cell for answer in written if How.COPIES in answer.how]
    notes = [f"Found {_titles([cell])} in a cell of its own." for cell in elsewhere]
    if copies:
        notes.append(f"Found several copies of {_titles(copies)}; the last one counts.")
    return notes


def _restored_tests(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> list[str]:
    """Locked cells that were edited, turned into text or deleted."""
    tests = [cell for cell in release_cells if cell.role is Role.TEST]
    edited, gone = _changed(tests, student_cells)
    notes = []
    if edited:
        notes.append(
            f"Restored {len(edited)} locked {_cells(edited)} that had been edited: "
            f"{_titles(edited)}."
        )
    if gone and len(gone) == len(tests):
        notes.append("Put back all check cells, which were missing.")
    elif gone:
        notes.append(
            f"Put back {len(gone)} locked {_cells(gone)} that {_was(gone)} missing: "
            f"{_titles(gone)}."
        )
    return notes


def _restored_helpers(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> list[str]:
    """Setup cells likewise. (Demo cells are the student's playground.)"""
    helpers = [cell for cell in release_cells if cell.role is Role.SETUP]
    edited, gone = _changed(helpers, student_cells)
    notes = []
    if edited:
        notes.append(
            f"Restored {len(edited)} setup {_cells(edited)} that had been edited; "
            "added imports are kept."
        )
    if gone:
        notes.append(f"Put back {len(gone)} setup {_cells(gone)} that {_was(gone)} missing.")
    return notes


def _changed(
    release_cells: Iterable[ReleaseCell], student_cells: Sequence[StudentCell]
) -> tuple[list[ReleaseCell], list[ReleaseCell]]:
    """Which cells have no faithful version, and which none at all."""
    edited, gone = [], []
    for release_cell in release_cells:
        # One faithful copy is enough: a second, edited one is the student's experiment.
        own = _versions(release_cell, student_cells)
        if not own:
            gone.append(release_cell)
        elif not any(cell.is_code and cell.key == release_cell.key for cell in own):
            edited.append(release_cell)
    return edited, gone


def _mark_notes(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell]
) -> list[str]:
    """Grading marks that were changed or lost."""
    marked = [cell for cell in release_cells if cell.settings.present]
    if not marked:
        return []
    if not any(cell.marked for cell in student_cells):
        return ["All grading marks were lost; the cells were found by their ids and content."]
    changed, lost = [], []
    for release_cell in marked:
        # A cell without any version is told of as missing, not as unmarked.
        own = _versions(release_cell, student_cells)
        with_mark = [cell for cell in own if cell.marked]
        if any(cell.settings != release_cell.settings for cell in with_mark):
            changed.append(release_cell)
        if own and not with_mark:
            lost.append(release_cell)
    notes = []
    if changed:
        notes.append(
            f"Restored the points and locks of {len(changed)} {_cells(changed)}: "
            f"{_titles(changed)}."
        )
    if lost:
        notes.append(
            f"Restored the lost grading marks of {len(lost)} {_cells(lost)}: {_titles(lost)}."
        )
    return notes


def _order_notes(student_cells: Sequence[StudentCell]) -> list[str]:
    matched = [cell.matched.index for cell in student_cells if cell.matched is not None]
    seen = list(dict.fromkeys(matched))
    return [] if seen == sorted(seen) else ["Put the cells back into their original order."]


def _versions(release_cell: ReleaseCell, student_cells: Iterable[StudentCell]) -> list[StudentCell]:
    """The student's cells that were matched with it."""
    return [cell for cell in student_cells if cell.matched is release_cell]


def _titles(release_cells: Iterable[ReleaseCell]) -> str:
    return _list([cell.title for cell in release_cells])


def _list(names: Sequence[str]) -> str:
    """Each name once, in words: `a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in dict.fromkeys(names) if name]
    if len(quoted) > _NAMED:
        return f"{', '.join(quoted[: _NAMED - 1])} and {len(quoted) - _NAMED + 1} more"
    return " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def _cells(items: Sequence[object]) -> str:
    return "cell" if len(items) == 1 else "cells"


def _was(items: Sequence[object]) -> str:
    return "was" if len(items) == 1 else "were"


def _its(items: Sequence[object]) -> str:
    return "its" if len(items) == 1 else "their"
