"""The two sides of the matching: the cells of the release and the cells of the student."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from nbformat.notebooknode import NotebookNode

from autograder.model.submission import Attachments, CellKind
from autograder.notebooks.likeness import normalise
from autograder.notebooks.names import defined_names, lasting_names, statement_names
from autograder.notebooks.python_source import parse, statements, unfence
from autograder.notebooks.roles import PLACEHOLDER, Role, Settings, role_of, settings_of

__all__ = ["ReleaseCell", "StudentCell", "key_of", "read_release", "read_student"]


@dataclass(frozen=True, eq=False)
class ReleaseCell:
    """One cell of the release, into which something of the student's may belong.

    Attributes:
        index: Its number in the release.
        role: What it is for.
        source: Its text.
        cell_id: Its id.
        settings: nbgrader's metadata.
        names: What the TODO of an answer cell stands for; empty for other cells.
    """

    index: int
    role: Role
    source: str
    cell_id: str
    settings: Settings
    names: frozenset[str] = frozenset()

    @property
    def grade_id(self) -> str | None:
        """nbgrader's name for it."""
        return self.settings.name

    @property
    def key(self) -> str:
        """What makes two cells the same cell."""
        return key_of(self.source, code=self.role not in (Role.TEXT, Role.WRITTEN))

    @property
    def prompt(self) -> str:
        """The question that stands in the cell of a written answer, without the placeholder."""
        if self.role is not Role.WRITTEN:
            return ""
        return self.source.replace(PLACEHOLDER, "").strip()

    @property
    def title(self) -> str:
        """The name under which a student knows the cell."""
        return (self.grade_id or "").removeprefix("test_")


@dataclass(eq=False)
class StudentCell:
    """One cell of the student, or the part for one TODO of a cell that answers several.

    Attributes:
        index: Its number among the student's cells.
        kind: nbformat's type.
        source: Its text, without checks of ours that were merged into it.
        cell_id: Its id.
        settings: What is left of nbgrader's metadata.
        attachments: Pictures in a text cell.
        matched: The release cell it is a version of, if it was found.
        marked: Whether that was found by its grading mark (the grade_id).
        superseded: Whether a later copy counts instead.
        names: What it leaves for the cells after it.
    """

    index: int
    kind: CellKind
    source: str
    cell_id: str
    settings: Settings
    attachments: Attachments
    matched: ReleaseCell | None = None
    marked: bool = False
    superseded: bool = False
    names: frozenset[str] = field(default=frozenset())

    @property
    def is_code(self) -> bool:
        return self.kind is CellKind.CODE

    @property
    def key(self) -> str:
        """What makes two cells the same cell."""
        return key_of(self.source, code=self.is_code)

    @property
    def code(self) -> str:
        """The Python in the cell, also if the cell was turned into text."""
        return self.source if self.is_code else unfence(self.source)


def key_of(source: str, *, code: bool) -> str:
    """Equal for cells that say the same: code by its syntax tree, text by its words."""
    return normalise(source) if code else "text:" + " ".join(source.split())


def read_release(release: NotebookNode) -> list[ReleaseCell]:
    """The cells of a release notebook, in order."""
    return [_release_cell(index, cell) for index, cell in enumerate(release.cells)]


def _release_cell(index: int, cell: NotebookNode) -> ReleaseCell:
    role = role_of(cell)
    return ReleaseCell(
        index=index,
        role=role,
        source=cell.source,
        cell_id=cell.get("id", ""),
        settings=settings_of(cell),
        names=defined_names(cell.source) if role is Role.ANSWER else frozenset(),
    )


def read_student(
    submitted: NotebookNode, release_cells: Sequence[ReleaseCell]
) -> list[StudentCell]:
    """The student's cells without empty ones.

    Checks pasted into an answer are cut out, and a cell that answers several TODOs is parted.
    """
    tests = [cell for cell in release_cells if cell.role is Role.TEST]
    answers = [cell for cell in release_cells if cell.role is Role.ANSWER and cell.names]
    found: list[StudentCell] = []
    for cell in submitted.cells:
        student_cell = StudentCell(
            index=0,
            kind=CellKind(cell.cell_type),
            source=cell.source,
            cell_id=cell.get("id", ""),
            settings=settings_of(cell),
            attachments=cell.get("attachments", {}),
        )
        # Our checks go first: what is left shows whose names the cell defines.
        if student_cell.is_code:
            student_cell.source = _without_tests(student_cell.source, tests)
        if student_cell.source.strip():
            found += _parted(student_cell, answers)
    for index, student_cell in enumerate(found):
        student_cell.index = index
        student_cell.names = lasting_names(student_cell.code)
    return found


def _without_tests(source: str, tests: Iterable[ReleaseCell]) -> str:
    """``source`` without the lines of a check that was merged into it (a check itself stays)."""
    for test in tests:
        wanted = _lines_of_test(test.source)
        # Most cells hold no line of a check: one fast search saves taking them apart.
        if wanted and wanted[0][1] in source:
            source = _without_lines(source, wanted)
    return source


def _without_lines(source: str, wanted: Sequence[tuple[int, str]]) -> str:
    """``source`` without these lines if they stand in it one after the other, blank ones aside."""
    numbered = _filled_lines(source)
    if len(wanted) < 2 or len(wanted) >= len(numbered):
        return source
    # A line begins and ends with a line break, so that only whole lines are found.
    text = "".join(f"\n{line}" for _, line in numbered) + "\n"
    part = "".join(f"\n{line}" for _, line in wanted) + "\n"
    at = text.find(part)
    if at < 0:
        return source
    first = text.count("\n", 0, at)
    begin, end = numbered[first][0], numbered[first + len(wanted) - 1][0]
    lines = source.split("\n")
    return "\n".join(lines[:begin] + lines[end + 1 :]).strip("\n")


@lru_cache(maxsize=1024)
def _lines_of_test(source: str) -> tuple[tuple[int, str], ...]:
    """The same of a check of ours, which is asked for once per cell of every hand-in."""
    return tuple(_filled_lines(source))


def _filled_lines(source: str) -> list[tuple[int, str]]:
    """The number and text of every line that is not blank."""
    lines = enumerate(source.split("\n"))
    return [(number, line.rstrip()) for number, line in lines if line.strip()]


def _parted(student_cell: StudentCell, answers: Sequence[ReleaseCell]) -> list[StudentCell]:
    """One part per TODO if the cell defines the names of several, otherwise the cell itself."""
    if not student_cell.is_code or parse(student_cell.source) is None:
        return [student_cell]
    names = lasting_names(student_cell.source)
    owners = [answer for answer in answers if answer.names <= names]
    if len(owners) < 2:
        return [student_cell]
    parts: dict[int, list[str]] = {}
    waiting: list[str] = []
    latest = owners[0]
    for statement in statements(student_cell.source):
        # Helpers and comments belong to the TODO that follows them ...
        waiting.append(statement.text)
        bound = statement_names(statement.nodes)
        owner = next((answer for answer in owners if answer.names & bound), None)
        if owner is not None:
            latest = owner
            parts.setdefault(owner.index, []).extend(waiting)
            waiting = []
    # ... and what comes last to the TODO before it.
    parts[latest.index] += waiting
    by_index = {answer.index: answer for answer in owners}
    return [
        _part(student_cell, by_index[index], "\n\n".join(texts)) for index, texts in parts.items()
    ]


def _part(whole: StudentCell, owner: ReleaseCell, source: str) -> StudentCell:
    """What a cell says on one TODO; only the TODO whose cell it was keeps the grading mark."""
    own = whole.settings.name is not None and whole.settings.name == owner.grade_id
    settings = whole.settings if own else Settings()
    return replace(whole, source=source, cell_id="", settings=settings, attachments={})
