"""The two sides of a graft: the places of the release (slots) and the student's cells (pieces)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.notebooks.python_source import (
    defined_names,
    definition_names,
    likeness,
    normalise,
    parse,
    segments,
    unfence,
)

__all__ = ["PLACEHOLDER", "Piece", "Slot", "assign", "key_of", "read_pieces", "read_slots"]

PLACEHOLDER = "YOUR ANSWER HERE"
"""What nbgrader puts in the place of a model answer in a text cell."""

_SETTINGS = ("grade", "grade_id", "locked", "points", "solution")
_ALIKE_TEXT, _ALIKE_CODE = 0.6, 0.7


@dataclass(frozen=True, eq=False)
class Slot:
    """One cell of the release. ``role`` is ``answer``, ``written``, ``test``, ``code`` or
    ``text``."""

    index: int
    role: str
    source: str
    grade_id: str | None
    cell_id: str
    settings: dict[str, Any]
    demo: bool
    names: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What makes two cells the same cell."""
        return key_of(self.source, self.role not in ("text", "written"))

    @property
    def prompt(self) -> str:
        """The question that stands in the cell of a written answer, without the placeholder."""
        return self.source.replace(PLACEHOLDER, "").strip() if self.role == "written" else ""

    @property
    def title(self) -> str:
        """The name under which a student knows the cell."""
        return (self.grade_id or "").removeprefix("test_")


@dataclass(eq=False)
class Piece:
    """One cell of the student, or one part of a cell in which several answers were merged."""

    index: int
    kind: str
    source: str
    grade_id: str | None
    cell_id: str
    settings: dict[str, Any]
    attachments: dict[str, Any]
    slot: Slot | None = None
    tagged: bool = False
    superseded: bool = False
    names: frozenset[str] = field(default=frozenset())

    @property
    def key(self) -> str:
        """What makes two cells the same cell."""
        return key_of(self.source, self.kind == "code")

    @property
    def code(self) -> str:
        """The Python in the cell, also if the cell was turned into text."""
        return self.source if self.kind == "code" else unfence(self.source)


def key_of(source: str, code: bool) -> str:
    """Equal for cells that say the same: code by its syntax tree, text by its words."""
    return normalise(source) if code else "text:" + " ".join(source.split())


def read_slots(release: NotebookNode) -> list[Slot]:
    """The places of a release notebook, in order."""
    return [_slot(index, cell) for index, cell in enumerate(release.cells)]


def _slot(index: int, cell: NotebookNode) -> Slot:
    nbgrader = cell.metadata.get("nbgrader", {})
    code = cell.cell_type == "code"
    if nbgrader.get("solution"):
        role = "answer" if code else "written"
    elif nbgrader.get("grade") or nbgrader.get("task"):
        role = "test" if code else "written"
    else:
        role = "code" if code else "text"
    return Slot(
        index=index,
        role=role,
        source=cell.source,
        grade_id=nbgrader.get("grade_id"),
        cell_id=cell.get("id", ""),
        settings={name: nbgrader.get(name) for name in _SETTINGS if name in nbgrader},
        demo="demo" in cell.metadata.get("tags", ()),
        names=definition_names(cell.source) if role == "answer" else frozenset(),
    )


def read_pieces(submitted: NotebookNode, slots: Sequence[Slot]) -> list[Piece]:
    """The student's cells without empty ones; checks pasted into an answer are cut out, merged
    answers are parted."""
    tests = [slot for slot in slots if slot.role == "test"]
    answers = [slot for slot in slots if slot.role == "answer" and slot.names]
    pieces: list[Piece] = []
    for cell in submitted.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        grade_id = nbgrader.get("grade_id")
        piece = Piece(
            index=0,
            kind=cell.cell_type,
            source=cell.source,
            grade_id=grade_id if isinstance(grade_id, str) else None,
            cell_id=cell.get("id", ""),
            settings={name: nbgrader.get(name) for name in _SETTINGS if name in nbgrader},
            attachments=cell.get("attachments", {}),
        )
        if piece.kind == "code":
            piece.source = _without_tests(piece.source, tests)
        if piece.source.strip():
            pieces += _parted(piece, answers)
    for index, piece in enumerate(pieces):
        piece.index = index
        piece.names = defined_names(piece.code)
    return pieces


def _without_tests(source: str, tests: Iterable[Slot]) -> str:
    """``source`` without the lines of a check cell that was merged into it (a cell that is a check
    stays)."""
    for test in tests:
        numbered = [
            (number, line.rstrip())
            for number, line in enumerate(source.split("\n"))
            if line.strip()
        ]
        wanted = [line.rstrip() for line in test.source.split("\n") if line.strip()]
        if len(wanted) < 2 or len(wanted) >= len(numbered):
            continue
        text, part = (
            f"\n{chr(10).join(lines)}\n" for lines in ([line for _, line in numbered], wanted)
        )
        at = text.find(part)
        if at >= 0:
            first = text.count("\n", 0, at)
            lines = source.split("\n")
            source = "\n".join(
                lines[: numbered[first][0]] + lines[numbered[first + len(wanted) - 1][0] + 1 :]
            )
            source = source.strip("\n")
    return source


def _parted(piece: Piece, answers: Sequence[Slot]) -> list[Piece]:
    """One piece per TODO if the cell defines the names of several, otherwise the piece itself."""
    names = defined_names(piece.source) if piece.kind == "code" else frozenset()
    owners = [slot for slot in answers if slot.names <= names]
    if len(owners) < 2 or parse(piece.source) is None:
        return [piece]
    parts: dict[int, list[str]] = {}
    waiting: list[str] = []
    latest = owners[0].index
    for bound, text, _ in segments(piece.source):
        waiting.append(text)
        owner = next((slot for slot in owners if slot.names & bound), None)
        if owner is not None:
            latest = owner.index
            parts.setdefault(latest, []).extend(waiting)
            waiting = []
    parts[latest] += waiting
    by_index = {slot.index: slot for slot in owners}
    return [_part(piece, by_index[index], "\n\n".join(texts)) for index, texts in parts.items()]


def _part(piece: Piece, owner: Slot, source: str) -> Piece:
    own = piece.grade_id is not None and piece.grade_id == owner.grade_id
    settings = piece.settings if own else {}
    grade_id = piece.grade_id if own else None
    return Piece(0, "code", source, grade_id, "", settings, {})


def assign(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Give each piece its slot: by grade_id, then cell id, then equal content, then likeness and
    order.

    Pieces that look like a TODO's answer but carry no mark stay unassigned, for
    :mod:`autograder.matching.answers`.
    """
    _by_grade_id(slots, pieces)
    _by_cell_id(slots, pieces)
    _by_content(slots, pieces)
    _written_by_prompt(slots, pieces)
    _written_by_place(slots, pieces)
    _by_likeness(slots, pieces)


def _by_grade_id(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    known = {slot.grade_id: slot for slot in slots if slot.grade_id}
    for piece in pieces:
        if piece.grade_id in known:
            piece.slot, piece.tagged = known[piece.grade_id], True


def _by_cell_id(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    taken = _taken(pieces)
    known = {slot.cell_id: slot for slot in slots if slot.cell_id and slot.index not in taken}
    for piece in pieces:
        if piece.slot is None and piece.cell_id in known:
            piece.slot = known.pop(piece.cell_id)


def _by_content(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Equal cells; copies beyond the first go to the same slot, where they count as copies."""
    taken = _taken(pieces)
    places: dict[str, list[Slot]] = {}
    for slot in slots:
        places.setdefault(slot.key, []).append(slot)
    for piece in pieces:
        same = places.get(piece.key, []) if piece.slot is None else []
        if same:
            piece.slot = next((slot for slot in same if slot.index not in taken), same[0])
            taken.add(piece.slot.index)


def _written_by_prompt(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """A text that begins with the question is its answer."""
    taken = _taken(pieces)
    for slot in slots:
        words = slot.prompt.split()
        for piece in pieces if words and slot.index not in taken else ():
            if (
                piece.slot is None
                and piece.kind != "code"
                and piece.source.split()[: len(words)] == words
            ):
                piece.slot = slot


def _written_by_place(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """A text without any mark that stands right where a written answer is missing is that
    answer."""
    taken = _taken(pieces)
    before: Slot | None = None
    for piece in pieces:
        if piece.slot is None and piece.kind != "code" and before is not None:
            following = slots[before.index + 1 : before.index + 2]
            if following and following[0].role == "written" and following[0].index not in taken:
                piece.slot = following[0]
                taken.add(following[0].index)
        before = piece.slot or before


def _by_likeness(slots: Sequence[Slot], pieces: Sequence[Piece]) -> None:
    """Edited copies of cells that are not answers; a cell that defines a TODO's names is never one
    of them."""
    todo_names = {slot.index: slot.names for slot in slots if slot.role == "answer" and slot.names}
    for piece in pieces:
        if piece.slot is not None or any(names <= piece.names for names in todo_names.values()):
            continue
        roles, least = (
            (("test", "code"), _ALIKE_CODE) if piece.kind == "code" else (("text",), _ALIKE_TEXT)
        )
        taken = _taken(pieces)
        scores = [
            (likeness(piece.source, slot.source), -slot.index, slot)
            for slot in slots
            if slot.role in roles and slot.index not in taken
        ]
        best = max(scores, default=(0.0, 0, None), key=lambda score: score[:2])
        if best[0] >= least:
            piece.slot = best[2]


def _taken(pieces: Iterable[Piece]) -> set[int]:
    return {piece.slot.index for piece in pieces if piece.slot is not None}
