"""The student's own cells: where each one belongs among ours, and helpers that must stand above
their use."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.matching.answers import Answer
from autograder.matching.cells import Piece, Slot
from autograder.model.submission import Extra
from autograder.notebooks.python_source import (
    defined_names,
    needed_names,
    normalise,
    parse,
    segments,
)

__all__ = ["find_extras"]

_BADGE = "colab-badge.svg"


def find_extras(
    slots: Sequence[Slot],
    pieces: Sequence[Piece],
    answers: Sequence[Answer],
    written: Sequence[Answer],
) -> tuple[list[Extra], list[str]]:
    """The extra cells in order, and the names of helpers that were moved above the answer that uses
    them."""
    used = {piece.index for answer in [*answers, *written] for piece in answer.pieces}
    todo_names = frozenset(name for slot in slots for name in slot.names)
    ours = todo_names | {
        name
        for slot in slots
        if slot.role in ("code", "test")
        for name in defined_names(slot.source)
    }
    extras: list[Extra] = []
    position = -1
    for piece in pieces:
        if piece.slot is not None and not piece.superseded:
            position = piece.slot.index
        source = _own_text(piece, used, ours)
        if source.strip() and not piece.superseded:
            kind = "code" if piece.kind == "code" else "markdown"
            extras.append(Extra(None, source, piece.index, position, kind))
    extras, hoisted = _hoist(extras, answers, ours)
    extras = [replace(extra, after=_mark_before(slots, extra.position)) for extra in extras]
    return sorted(extras, key=lambda extra: (extra.position, extra.index)), hoisted


def _own_text(piece: Piece, used: set[int], ours: frozenset[str]) -> str:
    """What of a piece goes into an extra cell: all of it, the additions to one of our cells, or
    nothing."""
    if piece.index in used:
        return ""
    if piece.slot is None:
        return "" if piece.kind != "code" and _BADGE in piece.source else piece.source
    if piece.kind != "code" or piece.key == piece.slot.key:
        return ""
    if piece.slot.role == "answer":
        return piece.source
    return _additions(piece, ours) if piece.slot.role == "code" else ""


def _additions(piece: Piece, ours: frozenset[str]) -> str:
    """Imports, helpers and constants that a student added to one of our cells; our own lines are
    restored anyway."""
    assert piece.slot is not None
    known = {normalise(text) for _, text, _ in segments(piece.slot.source)}
    added = []
    for bound, text, node in segments(piece.source):
        harmless = isinstance(node, ast.Import | ast.ImportFrom) or (
            not bound & ours and _is_definition(node)
        )
        if harmless and normalise(text) not in known:
            added.append(text)
    return "\n".join(added)


def _hoist(
    extras: list[Extra], answers: Sequence[Answer], ours: frozenset[str]
) -> tuple[list[Extra], list[str]]:
    """Move helper cells above the first answer that needs them (cells may be run in any order, an
    exam may not)."""
    moved: list[str] = []
    for answer in answers:
        needed = (
            needed_names(answer.text) - ours - defined_names(answer.text)
            if answer.text
            else frozenset()
        )
        before = answer.slot.index - 1
        for _ in range(len(extras) if needed else 0):
            found = next(
                (i for i, extra in enumerate(extras) if _helps(extra, needed, before, extras)), None
            )
            if found is None:
                break
            extra = extras[found]
            moved += sorted(defined_names(extra.source) & needed)
            needed |= needed_names(extra.source) - ours
            extras[found] = replace(extra, position=before)
    return extras, moved


def _helps(extra: Extra, needed: frozenset[str], before: int, extras: Iterable[Extra]) -> bool:
    if extra.kind != "code" or extra.position <= before:
        return False
    names = defined_names(extra.source) & needed
    present = {
        name for other in extras if other.position <= before for name in defined_names(other.source)
    }
    tree = parse(extra.source)
    return (
        bool(names - present)
        and tree is not None
        and all(_is_definition(node) for node in tree.body)
    )


def _is_definition(node: ast.stmt) -> bool:
    """A statement without effects but a name: an import, a function, a class, a constant."""
    if isinstance(
        node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return isinstance(node, ast.Pass)
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _mark_before(slots: Sequence[Slot], position: int) -> str | None:
    return next((slot.grade_id for slot in reversed(slots[: position + 1]) if slot.grade_id), None)
