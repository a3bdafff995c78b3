"""Finding the code of one answer: copies, parts, cells of its own, broken attempts, text cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.matching.cells import PLACEHOLDER, Piece, Slot, key_of
from autograder.notebooks.python_source import defined_names, likeness, parse, strip_wrappers

__all__ = ["Answer", "find_answers", "find_written"]

_ALIKE = 0.6
_MAX_PARTS = 6


@dataclass
class Answer:
    """What was found for one place: the text (None if the place is untouched), the pieces it came
    from, and how."""

    slot: Slot
    text: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    how: set[str] = field(default_factory=set)


def find_answers(slots: Sequence[Slot], pieces: Sequence[Piece]) -> list[Answer]:
    """One :class:`Answer` per answer cell of the release, in order. A piece is used at most
    once."""
    places = [slot for slot in slots if slot.role == "answer"]
    todo_names = frozenset(name for slot in places for name in slot.names)
    answers = [
        _own(slot, [piece for piece in pieces if piece.slot is slot], todo_names) for slot in places
    ]
    used = {piece.index for answer in answers for piece in answer.pieces}
    for answer in answers:
        if not _complete(answer.text, answer.slot):
            _adopt(answer, _free(pieces, used), used)
        _join_neighbours(answer, {piece.index: piece for piece in _free(pieces, used)}, used)
    for answer in answers:
        others = todo_names - answer.slot.names
        _find_alike(
            answer, [piece for piece in _free(pieces, used) if not piece.names & others], used
        )
        for piece in answer.pieces if "content" in answer.how else ():
            piece.slot = answer.slot
    return answers


def find_written(slots: Sequence[Slot], pieces: Sequence[Piece]) -> list[Answer]:
    """One :class:`Answer` per written question, in order."""
    found = []
    for slot in (slot for slot in slots if slot.role == "written"):
        own = [p for p in pieces if p.slot is slot and p.source.split() != slot.source.split()]
        answer = (
            Answer(slot, own[-1].source, own[-1:]) if own else _written_nearby(slot, pieces, slots)
        )
        if len(own) > 1:
            answer.how.add("copies")
        found.append(answer)
    return found


def _own(slot: Slot, copies: Sequence[Piece], todo_names: frozenset[str]) -> Answer:
    """The answer in the cells that carry the slot's mark: the last complete copy, or all parts
    together."""
    answer = Answer(slot)
    answer.how |= {"was text"} if any(piece.kind != "code" for piece in copies) else set()
    answer.how |= {"marked"} if copies else set()
    foreign = todo_names - slot.names
    filled = [
        piece
        for piece in copies
        if not _is_stub(piece, slot)
        and not (piece.names & foreign and not piece.names & slot.names)
    ]
    complete = [piece for piece in filled if _complete(_text(piece), slot)]
    joined = _joined(filled[:_MAX_PARTS])
    if complete:
        _take(answer, complete[-1:])
        answer.how |= {"copies"} if len(complete) > 1 else set()
        for copy in complete[:-1]:
            copy.superseded = True
    elif len(filled) > 1 and _complete(joined, slot):
        _take(answer, filled)
        answer.how.add("joined")
    elif filled:
        broken = [piece for piece in filled if slot.names <= piece.names] or filled
        _take(answer, broken[-1:])
    return answer


def _adopt(answer: Answer, free: Sequence[Piece], used: set[int]) -> None:
    """Take a cell that defines the TODO's names, wherever it stands, when its own cell does not."""
    slot = answer.slot
    if not slot.names:
        return
    free = [
        piece
        for piece in free
        if not (piece.slot and slot.names & defined_names(_ours(piece.slot)))
    ]
    defining = [piece for piece in free if slot.names <= piece.names and not _is_stub(piece, slot)]
    working = [piece for piece in defining if _complete(_text(piece), slot)]
    partial = [
        p for p in free if slot.names & p.names and not _is_ours(p) and parse(_text(p)) is not None
    ]
    own_parses = answer.text is not None and parse(answer.text) is not None
    if working:
        chosen = working[-1:]
        for copy in working[:-1]:
            if "marked" not in answer.how and copy.slot is None:
                copy.superseded = True
                answer.how.add("copies")
    elif answer.text is None and defining:
        chosen = defining[-1:]
    elif len(slot.names) > 1 and partial and (answer.text is None or own_parses):
        chosen = partial[:_MAX_PARTS]
    else:
        return
    kept = answer.pieces if own_parses else []
    how = "own cell" if "marked" in answer.how else "content"
    _take(answer, sorted([*kept, *chosen], key=lambda piece: piece.index))
    if len(slot.names) > 1 and not _complete(answer.text, slot):
        answer.text = f"{slot.source}\n\n{answer.text}"
    answer.how |= {how} | ({"was text"} if any(piece.kind != "code" for piece in chosen) else set())
    used |= {piece.index for piece in chosen}


def _join_neighbours(answer: Answer, free: dict[int, Piece], used: set[int]) -> None:
    """Put a function back together that was split in the middle: its parts are no Python when taken
    alone."""
    for _ in range(_MAX_PARTS):
        if not answer.pieces or answer.text is None:
            return
        first, last = answer.pieces[0].index, answer.pieces[-1].index
        for near, before in ((free.get(last + 1), False), (free.get(first - 1), True)):
            if near is None or near.kind != "code" or (parse(_text(near)) and parse(answer.text)):
                continue
            pieces = [near, *answer.pieces] if before else [*answer.pieces, near]
            if _complete(_joined(pieces), answer.slot):
                _take(answer, pieces)
                answer.how.add("joined")
                used.add(near.index)
                del free[near.index]
                break
        else:
            return


def _find_alike(answer: Answer, free: Sequence[Piece], used: set[int]) -> None:
    """Without a mark and without the right names, the cell most like the stub is the (broken)
    answer."""
    if answer.text is not None or "marked" in answer.how or not free:
        return
    loose = [piece for piece in free if piece.kind == "code" and piece.slot is None]
    scores = [(likeness(piece.source, answer.slot.source), -piece.index, piece) for piece in loose]
    score, _, piece = max(scores, default=(0.0, 0, None), key=lambda item: item[:2])
    if piece is not None and score >= _ALIKE:
        _take(answer, [piece])
        answer.how.add("content")
        used.add(piece.index)


def _written_nearby(slot: Slot, pieces: Sequence[Piece], slots: Sequence[Slot]) -> Answer:
    """A written answer typed below the empty answer cell, or at the end of the question's own
    cell."""
    stub = next((piece for piece in pieces if piece.slot is slot), None)
    below = pieces[stub.index + 1] if stub is not None and stub.index + 1 < len(pieces) else None
    if below is not None and below.slot is None and below.kind != "code":
        return Answer(slot, _below_prompt(slot, below.source), [below], {"own cell"})
    question = slots[slot.index - 1] if slot.index else None
    asked = next(
        (p for p in pieces if question is not None and p.slot is question and p.kind != "code"),
        None,
    )
    if (
        question is not None
        and asked is not None
        and question.role == "text"
        and question.source.strip()
    ):
        head, _, rest = asked.source.partition(question.source.rstrip())
        if not head.strip() and rest.strip():
            return Answer(slot, _below_prompt(slot, rest.strip()), [], {"own cell"})
    return Answer(slot)


def _below_prompt(slot: Slot, text: str) -> str:
    """The answer where the placeholder stood, below the question if that stands in the same
    cell."""
    return slot.source.replace(PLACEHOLDER, text) if PLACEHOLDER in slot.source else text


def _free(pieces: Iterable[Piece], used: set[int]) -> list[Piece]:
    """Pieces that may be (part of) an answer: not used yet and not a faithful copy of one of our
    cells."""
    return [
        piece
        for piece in pieces
        if piece.index not in used
        and (
            piece.slot is None
            or (piece.slot.role not in ("written", "text") and piece.key != piece.slot.key)
        )
    ]


def _is_ours(piece: Piece) -> bool:
    return piece.slot is not None and piece.slot.role != "answer"


def _ours(slot: Slot) -> str:
    """The code of the release in a cell that is not an answer."""
    return "" if slot.role == "answer" else slot.source


def _is_stub(piece: Piece, slot: Slot) -> bool:
    key = key_of(piece.code, True)
    return key in (slot.key, "python:", "")


def _complete(text: str | None, slot: Slot) -> bool:
    """Whether the text is Python and defines everything the TODO stands for."""
    return text is not None and parse(text) is not None and slot.names <= defined_names(text)


def _text(piece: Piece) -> str:
    return strip_wrappers(piece.code)


def _joined(pieces: Iterable[Piece]) -> str:
    texts = [_text(piece).strip("\n") for piece in pieces]
    apart = "\n\n\n" if all(parse(text) is not None for text in texts) else "\n"
    return apart.join(texts)


def _take(answer: Answer, pieces: Sequence[Piece]) -> None:
    answer.pieces = list(pieces)
    answer.text = _text(pieces[0]) if len(pieces) == 1 else _joined(pieces)
