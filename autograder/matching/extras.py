"""The student's own cells: where each belongs among ours; helpers that stand below their use."""

from __future__ import annotations

import ast
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.matching.answers import Answer
from autograder.matching.cells import ReleaseCell, StudentCell
from autograder.model.submission import CellKind, Extra
from autograder.notebooks.definitions import changed, touched
from autograder.notebooks.likeness import normalise
from autograder.notebooks.names import lasting_names, read_names
from autograder.notebooks.python_source import is_definition, parse, statements
from autograder.notebooks.roles import Role

__all__ = ["find_extras"]

_BADGE = "colab-badge.svg"


def find_extras(
    release_cells: Sequence[ReleaseCell],
    student_cells: Sequence[StudentCell],
    answers: Sequence[Answer],
    written: Sequence[Answer],
) -> tuple[list[Extra], list[str]]:
    """What the student added, apart from the answers.

    Returns:
        The extra cells in order, and the names of helpers that were moved up, above the answer
        that uses them.
    """
    used = {cell.index for answer in [*answers, *written] for cell in answer.student_cells}
    ours = _names_of_ours(release_cells)
    extras: list[Extra] = []
    position = -1
    for cell in student_cells:
        if cell.superseded:
            continue
        # A cell of the student's own belongs behind the last of our cells above it.
        if cell.matched is not None:
            position = cell.matched.index
        source = "" if cell.index in used else _own_text(cell, ours)
        if source.strip():
            kind = CellKind.CODE if cell.is_code else CellKind.MARKDOWN
            extras.append(Extra(None, source, cell.index, position, kind))
    extras, moved_up = _move_up(extras, answers, ours)
    # The marks are looked up last, for moving changes them.
    extras = [replace(extra, after=_mark_before(release_cells, extra.position)) for extra in extras]
    return sorted(extras, key=lambda extra: (extra.position, extra.index)), moved_up


def _names_of_ours(release_cells: Sequence[ReleaseCell]) -> frozenset[str]:
    """The names of the TODOs, and what our other code cells leave for the cells after them."""
    names: set[str] = set()
    for cell in release_cells:
        names |= cell.names
        if cell.role in (Role.SETUP, Role.DEMO, Role.TEST):
            names |= lasting_names(cell.source)
    return frozenset(names)


def _own_text(cell: StudentCell, ours: frozenset[str]) -> str:
    """What of a cell goes into an extra cell.

    Returns:
        All of it, the additions to one of our cells, or the empty text.
    """
    if cell.matched is None:
        is_badge = not cell.is_code and _BADGE in cell.source  # Colab adds one at the top
        return "" if is_badge else cell.source
    if not cell.is_code or cell.key == cell.matched.key:
        return ""
    if cell.matched.role is Role.ANSWER:
        return cell.source
    if cell.matched.role in (Role.SETUP, Role.DEMO):
        return _additions(cell.source, cell.matched.source, ours)
    return ""


def _additions(source: str, our_source: str, ours: frozenset[str]) -> str:
    """Statements that a student added to a cell of ours, which is restored."""
    known = {normalise(statement.text) for statement in statements(our_source)}
    added = []
    for statement in statements(source):
        is_harmless = any(_only_adds(node, ours) for node in statement.nodes)
        if is_harmless and normalise(statement.text) not in known:
            added.append(statement.text)
    return "\n".join(added)


def _only_adds(node: ast.stmt, ours: frozenset[str]) -> bool:
    """Whether a statement adds or changes names, and none of ours; an import may repeat ours.

    What does neither is an experiment, such as a plot.
    """
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if changed(node) & ours:
        return False
    return bool(touched(node) - ours)


def _move_up(
    extras: list[Extra], answers: Sequence[Answer], ours: frozenset[str]
) -> tuple[list[Extra], list[str]]:
    """Move helper cells above the first answer that needs them.

    A student may run cells in any order; an exam runs them from top to bottom. Each cell is moved
    once per answer at most, and only cells that define what is needed are looked at.
    """
    helpers = _helpers(extras)
    moved_up: list[str] = []
    for answer in answers:
        if not answer.text:
            continue
        needed = set(read_names(answer.text) - ours - lasting_names(answer.text))
        before = answer.release_cell.index - 1
        present = _names_above(extras, before)
        # The first cell comes first, whichever name it is needed for.
        waiting = [(helpers[name], name) for name in needed if name in helpers]
        heapq.heapify(waiting)
        while waiting:
            number, name = heapq.heappop(waiting)
            if name in present:
                continue
            helper = extras[number]
            moved_up += sorted(lasting_names(helper.source) & needed)
            present |= lasting_names(helper.source)
            extras[number] = replace(helper, position=before)
            # What a moved cell needs counts as well.
            more = read_names(helper.source) - ours - needed
            needed |= more
            for other in more & helpers.keys():
                heapq.heappush(waiting, (helpers[other], other))
    return extras, moved_up


def _helpers(extras: Sequence[Extra]) -> dict[str, int]:
    """Name -> the first cell that defines it and does nothing but define names."""
    found: dict[str, int] = {}
    for number, extra in enumerate(extras):
        tree = parse(extra.source) if extra.kind is CellKind.CODE else None
        if tree is not None and all(is_definition(node) for node in tree.body):
            for name in lasting_names(extra.source):
                found.setdefault(name, number)
    return found


def _names_above(extras: Iterable[Extra], before: int) -> set[str]:
    names: set[str] = set()
    for extra in extras:
        if extra.position <= before:
            names |= lasting_names(extra.source)
    return names


def _mark_before(release_cells: Sequence[ReleaseCell], position: int) -> str | None:
    """The grade_id of the last marked release cell up to ``position``."""
    above = reversed(release_cells[: position + 1])
    return next((cell.grade_id for cell in above if cell.grade_id), None)
