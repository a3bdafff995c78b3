"""One short sentence for everything a graft repaired, for the student and the instructor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograder.matching.answers import Answer
from autograder.matching.cells import Piece, Slot

__all__ = ["repair_notes"]

_NAMED = 4


def repair_notes(
    slots: Sequence[Slot],
    pieces: Sequence[Piece],
    answers: Sequence[Answer],
    written: Sequence[Answer],
    hoisted: Sequence[str],
) -> list[str]:
    """Sentences in the order in which a reader cares: answers first, then restored cells, then
    marks and order."""
    some_marks = any(piece.tagged for piece in pieces)
    notes = [*_answer_notes(answers, some_marks=some_marks), *_written_notes(written)]
    if hoisted:
        notes.append(f"Moved {_list(hoisted)} above the answer that uses it.")
    return (
        notes + _restored_notes(slots, pieces) + _mark_notes(slots, pieces) + _order_notes(pieces)
    )


def _answer_notes(answers: Sequence[Answer], *, some_marks: bool) -> list[str]:
    notes = []
    for answer in answers:
        name = _list(sorted(answer.slot.names) or [answer.slot.title])
        if "own cell" in answer.how:
            notes.append(f"Found {name} in a cell of its own.")
        if "copies" in answer.how:
            notes.append(f"Found several copies of {name}; the last one counts.")
        if "joined" in answer.how:
            notes.append(f"Joined {name}, which was split over several cells.")
        if "was text" in answer.how and answer.text is not None:
            notes.append(f"Read {name} from a text cell as code.")
    by_content = [answer.slot.title for answer in answers if "content" in answer.how]
    if by_content and some_marks:
        notes.append(
            f"Found {_list(by_content)} by {_its(by_content)} content; the grading marks were lost."
        )
    gone = [a.slot.title for a in answers if a.text is None and "marked" not in a.how]
    if gone:
        notes.append(
            f"Put back the empty answer {_cells(gone)}, which {_was(gone)} missing: {_list(gone)}."
        )
    return notes


def _written_notes(written: Sequence[Answer]) -> list[str]:
    notes = [
        f"Found {_list([a.slot.title])} in a cell of its own."
        for a in written
        if "own cell" in a.how
    ]
    copies = [a.slot.title for a in written if "copies" in a.how]
    return notes + (
        [f"Found several copies of {_list(copies)}; the last one counts."] if copies else []
    )


def _restored_notes(slots: Sequence[Slot], pieces: Sequence[Piece]) -> list[str]:
    """Locked cells that were edited, turned into text or deleted. Demo cells are the student's
    playground."""
    notes = []
    tests = [slot for slot in slots if slot.role == "test"]
    helpers = [slot for slot in slots if slot.role == "code" and not slot.demo]
    edited, gone = _changed(tests, pieces)
    if edited:
        notes.append(
            f"Restored {len(edited)} locked {_cells(edited)} that had been edited: {_titles(edited)}."
        )
    if gone and len(gone) == len(tests):
        notes.append("Put back all check cells, which were missing.")
    elif gone:
        notes.append(
            f"Put back {len(gone)} locked {_cells(gone)} that {_was(gone)} missing: {_titles(gone)}."
        )
    edited, gone = _changed(helpers, pieces)
    if edited:
        notes.append(
            f"Restored {len(edited)} setup {_cells(edited)} that had been edited; added imports are kept."
        )
    if gone:
        notes.append(f"Put back {len(gone)} setup {_cells(gone)} that {_was(gone)} missing.")
    return notes


def _changed(slots: Iterable[Slot], pieces: Sequence[Piece]) -> tuple[list[Slot], list[Slot]]:
    edited, gone = [], []
    for slot in slots:
        own = [piece for piece in pieces if piece.slot is slot]
        if not own:
            gone.append(slot)
        elif not any(piece.key == slot.key and piece.kind == "code" for piece in own):
            edited.append(slot)
    return edited, gone


def _mark_notes(slots: Sequence[Slot], pieces: Sequence[Piece]) -> list[str]:
    marked = [slot for slot in slots if slot.settings]
    if not marked:
        return []
    if not any(piece.tagged for piece in pieces):
        return ["All grading marks were lost; the cells were found by their ids and content."]
    found = {slot.index: [piece for piece in pieces if piece.slot is slot] for slot in marked}
    changed = [
        s for s in marked if any(p.tagged and p.settings != s.settings for p in found[s.index])
    ]
    lost = [s for s in marked if found[s.index] and not any(p.tagged for p in found[s.index])]
    notes = []
    if changed:
        notes.append(
            f"Restored the points and locks of {len(changed)} {_cells(changed)}: {_titles(changed)}."
        )
    if lost:
        notes.append(
            f"Restored the lost grading marks of {len(lost)} {_cells(lost)}: {_titles(lost)}."
        )
    return notes


def _order_notes(pieces: Sequence[Piece]) -> list[str]:
    seen: dict[int, None] = dict.fromkeys(
        piece.slot.index for piece in pieces if piece.slot is not None
    )
    return [] if list(seen) == sorted(seen) else ["Put the cells back into their original order."]


def _titles(slots: Sequence[Slot]) -> str:
    return _list([slot.title for slot in slots])


def _list(names: Sequence[str]) -> str:
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
