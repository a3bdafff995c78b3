"""Finding the code of one answer: copies, parts, cells of its own, broken attempts, text cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.matching.assign import MAX_GUESSED
from autograder.matching.cells import ReleaseCell, StudentCell, key_of
from autograder.notebooks.likeness import Likeness
from autograder.notebooks.magics import without_wrapper
from autograder.notebooks.names import lasting_names
from autograder.notebooks.python_source import parse
from autograder.notebooks.roles import Role

__all__ = ["Answer", "How", "find_answers"]

_ALIKE = 0.6
_MAX_PARTS = 6


class How(StrEnum):
    """How an answer was found; several may hold."""

    MARKED = "marked"  # cells of the student carry its mark
    OWN_CELL = "own cell"  # in another cell than the one that is meant for it
    CONTENT = "content"  # by its names or likeness, without a mark
    COPIES = "copies"  # there are others, which do not count
    JOINED = "joined"  # from the parts of several cells
    WAS_TEXT = "was text"  # from a cell that is no code cell


@dataclass
class Answer:
    """What was found for one answer cell of the release.

    Attributes:
        release_cell: Where it belongs.
        text: The answer; None if there is none.
        student_cells: The cells it came from, in order.
        how: How it was found.
    """

    release_cell: ReleaseCell
    text: str | None = None
    student_cells: list[StudentCell] = field(default_factory=list)
    how: set[How] = field(default_factory=set)

    @property
    def names(self) -> frozenset[str]:
        """What the TODO stands for."""
        return self.release_cell.names

    def take(self, student_cells: Sequence[StudentCell]) -> None:
        """Let these cells be the answer."""
        self.student_cells = list(student_cells)
        self.text = _text(student_cells[0]) if len(student_cells) == 1 else _joined(student_cells)


def find_answers(
    release_cells: Sequence[ReleaseCell], student_cells: Sequence[StudentCell], alike: Likeness
) -> list[Answer]:
    """One :class:`Answer` per answer cell of the release, in order.

    A cell of the student is used at most once.
    """
    places = [cell for cell in release_cells if cell.role is Role.ANSWER]
    todo_names = frozenset(name for cell in places for name in cell.names)
    # First what stands where it belongs, for all TODOs, so that none takes the cell of another.
    answers = []
    for place in places:
        copies = [cell for cell in student_cells if cell.matched is place]
        answers.append(_in_its_cell(place, copies, todo_names - place.names))
    used = {cell.index for answer in answers for cell in answer.student_cells}
    # Then what stands elsewhere, by its names; a part of it may stand in the cell beside it.
    for answer in answers:
        if not _is_complete(answer.text, answer.release_cell):
            _find_elsewhere(answer, _free(student_cells, used), used)
        _join_neighbours(answer, _free(student_cells, used), used)
    # What is left is a guess, and must not define what another TODO stands for.
    for answer in answers:
        foreign = todo_names - answer.names
        free = [cell for cell in _free(student_cells, used) if not cell.names & foreign]
        _find_alike(answer, free, used, alike)
        if How.CONTENT in answer.how:
            for cell in answer.student_cells:
                cell.matched = answer.release_cell
    return answers


def _in_its_cell(
    place: ReleaseCell, copies: Sequence[StudentCell], foreign: frozenset[str]
) -> Answer:
    """The answer in the versions of its cell: the last complete one, or all parts together."""
    answer = Answer(place)
    if copies:
        answer.how.add(How.MARKED)
    if any(not cell.is_code for cell in copies):
        answer.how.add(How.WAS_TEXT)
    filled = [
        cell
        for cell in copies
        if not _is_stub(cell, place)
        and not (cell.names & foreign and not cell.names & place.names)  # another TODO's answer
    ]
    complete = [cell for cell in filled if _is_complete(_text(cell), place)]
    if complete:
        answer.take(complete[-1:])
        if len(complete) > 1:
            answer.how.add(How.COPIES)
        for cell in complete[:-1]:
            cell.superseded = True
    elif len(filled) > 1 and _is_complete(_joined(filled[:_MAX_PARTS]), place):
        answer.take(filled)
        answer.how.add(How.JOINED)
    elif filled:
        # A broken answer is an answer, too; one that names what is asked for is the better guess.
        broken = [cell for cell in filled if place.names <= cell.names] or filled
        answer.take(broken[-1:])
    return answer


def _find_elsewhere(answer: Answer, free: Sequence[StudentCell], used: set[int]) -> None:
    """Take a cell that defines the TODO's names, wherever it stands, when its own does not."""
    place = answer.release_cell
    if not place.names:
        return
    free = [cell for cell in free if not _is_copy_of_definition(cell, place.names)]
    readable = answer.text is not None and parse(answer.text) is not None
    chosen = _defining(answer, free) or _partly_defining(answer, free, readable)
    if not chosen:
        return
    # Readable code in the answer's own cell may be what the chosen cells need.
    kept = answer.student_cells if readable else []
    answer.take(sorted([*kept, *chosen], key=lambda cell: cell.index))
    if len(place.names) > 1 and not _is_complete(answer.text, place):
        answer.text = f"{place.source}\n\n{answer.text}"
    answer.how.add(How.OWN_CELL if How.MARKED in answer.how else How.CONTENT)
    if any(not cell.is_code for cell in chosen):
        answer.how.add(How.WAS_TEXT)
    used |= {cell.index for cell in chosen}


def _defining(answer: Answer, free: Sequence[StudentCell]) -> list[StudentCell]:
    """The last cell that defines all names of the TODO; earlier ones are copies."""
    place = answer.release_cell
    defining = [cell for cell in free if place.names <= cell.names and not _is_stub(cell, place)]
    working = [cell for cell in defining if _is_complete(_text(cell), place)]
    for copy in working[:-1]:
        if How.MARKED not in answer.how and copy.matched is None:
            copy.superseded = True
            answer.how.add(How.COPIES)
    # A broken definition counts only where there is nothing else.
    return working[-1:] or (defining[-1:] if answer.text is None else [])


def _partly_defining(
    answer: Answer, free: Sequence[StudentCell], readable: bool
) -> list[StudentCell]:
    """Cells that define some of several names; what they leave out comes from the stub."""
    if len(answer.names) < 2 or not (answer.text is None or readable):
        return []
    partial = [
        cell
        for cell in free
        if answer.names & cell.names and not _is_ours(cell) and parse(_text(cell)) is not None
    ]
    return partial[:_MAX_PARTS]


def _join_neighbours(answer: Answer, free: Sequence[StudentCell], used: set[int]) -> None:
    """Put a function together that was split in the middle: alone its parts are no Python."""
    by_index = {cell.index: cell for cell in free}
    for _ in range(_MAX_PARTS):
        if not answer.student_cells or answer.text is None:
            return
        below = by_index.get(answer.student_cells[-1].index + 1)
        above = by_index.get(answer.student_cells[0].index - 1)
        if below is not None and _completes(answer, below, [*answer.student_cells, below]):
            near, cells = below, [*answer.student_cells, below]
        elif above is not None and _completes(answer, above, [above, *answer.student_cells]):
            near, cells = above, [above, *answer.student_cells]
        else:
            return
        answer.take(cells)
        answer.how.add(How.JOINED)
        used.add(near.index)
        del by_index[near.index]


def _completes(answer: Answer, near: StudentCell, cells: Sequence[StudentCell]) -> bool:
    """Whether the cells are the whole answer and one of the two parts is no Python of its own."""
    if not near.is_code or (parse(_text(near)) and parse(answer.text or "")):
        return False
    return _is_complete(_joined(cells), answer.release_cell)


def _find_alike(
    answer: Answer, free: Sequence[StudentCell], used: set[int], alike: Likeness
) -> None:
    """Without a mark and the right names, the cell most like the stub is the (broken) answer."""
    if answer.text is not None or How.MARKED in answer.how:
        return
    highest, best = 0.0, None
    unknown = [cell for cell in free if cell.is_code and cell.matched is None]
    for cell in unknown[:MAX_GUESSED]:
        score = alike(cell.source, answer.release_cell.source)
        if score > highest:
            highest, best = score, cell
    if best is not None and highest >= _ALIKE:
        answer.take([best])
        answer.how.add(How.CONTENT)
        used.add(best.index)


def _free(student_cells: Iterable[StudentCell], used: set[int]) -> list[StudentCell]:
    """Cells that may be (part of) an answer: not used, and no faithful copy of one of ours."""
    return [cell for cell in student_cells if cell.index not in used and _may_answer(cell)]


def _may_answer(cell: StudentCell) -> bool:
    if cell.matched is None:
        return True
    is_text = cell.matched.role in (Role.WRITTEN, Role.TEXT)
    return not is_text and cell.key != cell.matched.key


def _is_ours(cell: StudentCell) -> bool:
    """Whether it is a version of a cell that is not an answer."""
    return cell.matched is not None and cell.matched.role is not Role.ANSWER


def _is_copy_of_definition(cell: StudentCell, names: frozenset[str]) -> bool:
    """Whether it is a version of a cell of ours that defines one of the names itself."""
    if cell.matched is None or cell.matched.role is Role.ANSWER:
        return False
    return bool(names & lasting_names(cell.matched.source))


def _is_stub(cell: StudentCell, place: ReleaseCell) -> bool:
    """Whether nothing was done in it: the release's stub, comments only, or nothing."""
    return key_of(cell.code, code=True) in (place.key, "python:", "")


def _is_complete(text: str | None, place: ReleaseCell) -> bool:
    """Whether the text is Python and defines everything the TODO stands for."""
    return text is not None and parse(text) is not None and place.names <= lasting_names(text)


def _text(cell: StudentCell) -> str:
    return without_wrapper(cell.code)


def _joined(cells: Iterable[StudentCell]) -> str:
    """The code of several cells; parts that are no Python alone continue each other's lines."""
    texts = [_text(cell).strip("\n") for cell in cells]
    apart = "\n\n\n" if all(parse(text) is not None for text in texts) else "\n"
    return apart.join(texts)
