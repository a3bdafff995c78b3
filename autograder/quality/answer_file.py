"""The files of the answer bank: ``solutions/L/answers/GRADE_ID.py``, one for each TODO.

A file consists of cells. The headline of a cell says what it holds, and what is different in it::

    # %% right: functional · built with the functional API
    def make_model(units):
        ...

    # %% wrong: softmax · ends in a softmax, so the loss gets probabilities
    # -     return logits
    # +     return tf.nn.softmax(logits)

    # %% equivalent: line 7, column 4: 1 becomes 2 · why no test can tell it from the reference

An answer is the whole source of the answer cell, or its difference from the reference answer
(:mod:`autograder.quality.answer_difference`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.model.errors import ContentError, did_you_mean
from autograder.quality.answer_difference import DifferenceError, apply, difference, is_difference

__all__ = ["AnswerBank", "Entry", "read_answers", "write_answers"]

KINDS = ("right", "wrong", "equivalent")
HEADLINE = re.compile(r"# %% (?P<kind>[^:]*): (?P<subject>.+?) · (?P<about>.*\S)\s*")
SLUG = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Entry:
    """One answer of the bank: its TODO, ``right`` or ``wrong``, its name, its code, and what is
    different in it."""

    todo: str
    kind: str
    slug: str
    code: str
    about: str = ""

    @property
    def name(self) -> str:
        return f"{self.todo}/{self.kind}_{self.slug}"


@dataclass(frozen=True)
class AnswerBank:
    """The answers of one lab, and the mutants that no test can tell from the reference answers.

    ``equivalent`` maps ``"GRADE_ID: description"`` of a mutant to the reason.
    """

    entries: list[Entry] = field(default_factory=list)
    equivalent: dict[str, str] = field(default_factory=dict)

    def answer(self, name: str) -> Entry:
        """The answer of that name, such as ``get_batch/wrong_grid``.

        Raises:
            ContentError: if there is none.
        """
        for entry in self.entries:
            if entry.name == name:
                return entry
        # The names of one TODO are a list that can be read, those of a lab are hundreds.
        todo = name.partition("/")[0]
        near = [entry.name for entry in self.entries if entry.todo == todo]
        raise ContentError(f'The answer bank has no answer "{name}".{did_you_mean(name, near)}')


class _FormatError(Exception):
    """Something in a file cannot be read; the text says in which line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")


@dataclass(frozen=True)
class _Cell:
    """One cell of a file: its headline, taken apart, and the lines below it."""

    line: int
    kind: str
    subject: str
    about: str
    body: list[str]


def read_answers(folder: Path, references: Mapping[str, str]) -> AnswerBank:
    """Every answer of a lab, sorted by TODO and name.

    Args:
        folder: ``solutions/L/answers``; a lab without this folder has an empty bank.
        references: the reference answer of each TODO by its ``grade_id``.

    Raises:
        ContentError: a list of all files and cells that cannot be used, with their lines.
    """
    bank = AnswerBank()
    problems: list[str] = []
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in paths:
        if path.is_dir() and any(path.glob("*.py")):
            problems.append(f"{_place(path)}/: the answers of a TODO are cells of one file.")
        elif path.suffix == ".py" and path.stem not in references:
            hint = did_you_mean(path.stem, list(references))
            problems.append(f'{_place(path)}: there is no TODO "{path.stem}".{hint}')
        elif path.suffix == ".py":
            problems += _read_file(path, references[path.stem], bank)
    if problems:
        raise ContentError(f"{len(problems)} problems in the answer bank in {folder}.", problems)
    bank.entries.sort(key=lambda entry: entry.name)
    return bank


def _read_file(path: Path, reference: str, bank: AnswerBank) -> list[str]:
    """Add the cells of one file to the bank.

    Returns:
        What is wrong in the file, one line for each cell that cannot be used.
    """
    try:
        cells = _cells(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        return [f"{_place(path)}: cannot be read: {error}"]
    except _FormatError as error:
        return [f"{_place(path)}, {error}"]
    problems: list[str] = []
    subjects: set[tuple[str, str]] = set()
    for cell in cells:
        try:
            if (cell.kind, cell.subject) in subjects:
                raise _FormatError(cell.line, f'"{cell.subject}" stands here a second time.')
            subjects.add((cell.kind, cell.subject))
            _read_cell(cell, path.stem, reference, bank)
        except _FormatError as error:
            problems.append(f"{_place(path)}, {error}")
    return problems


def _cells(lines: Sequence[str]) -> list[_Cell]:
    """The cells of a file in their order."""
    cells: list[_Cell] = []
    for number, line in enumerate(lines, 1):
        if line.startswith("# %%"):
            match = HEADLINE.fullmatch(line)
            if match is None:
                raise _FormatError(
                    number, 'a headline is "# %% right: SLUG · what is different in this answer".'
                )
            cells.append(_Cell(number, match["kind"], match["subject"], match["about"], []))
        elif cells:
            cells[-1].body.append(line)
        elif line.strip():
            raise _FormatError(number, 'a file begins with the headline of a cell: "# %% …".')
    return cells


def _read_cell(cell: _Cell, todo: str, reference: str, bank: AnswerBank) -> None:
    """Add one cell to the bank."""
    if cell.kind not in KINDS:
        hint = did_you_mean(cell.kind, KINDS)
        raise _FormatError(
            cell.line, f'a cell is right, wrong or equivalent, not "{cell.kind}".{hint}'
        )
    code = "\n".join(cell.body).strip("\n").rstrip()
    if cell.kind == "equivalent":
        if code:
            raise _FormatError(cell.line, "an equivalent mutant is a headline without code.")
        bank.equivalent[f"{todo}: {cell.subject}"] = cell.about
        return
    if not SLUG.fullmatch(cell.subject):
        raise _FormatError(
            cell.line, f'"{cell.subject}": a name has small letters, digits and underscores only.'
        )
    if not code:
        raise _FormatError(cell.line, f"{cell.subject}: there is no code below the headline.")
    if is_difference(cell.body):
        try:
            code = apply(reference, cell.body)
        except DifferenceError as error:
            line = cell.line + 1 + error.line
            raise _FormatError(line, f"{cell.subject}: {error}") from error
    bank.entries.append(Entry(todo, cell.kind, cell.subject, code, cell.about))


def write_answers(
    path: Path,
    entries: Iterable[Entry],
    reference: str,
    equivalent: Mapping[str, str] | None = None,
) -> None:
    """Write the file of one TODO.

    Args:
        path: ``answers/GRADE_ID.py``.
        entries: the answers of this TODO, in the order wanted.
        reference: its reference answer; an answer that differs in a few lines is written as such.
        equivalent: description of a mutant to the reason why no test can tell it.
    """
    cells: list[str] = []
    for entry in entries:
        body = difference(reference, entry.code) or entry.code.strip("\n").splitlines()
        cells.append("\n".join([f"# %% {entry.kind}: {entry.slug} · {entry.about}", *body]))
    for description, reason in (equivalent or {}).items():
        cells.append(f"# %% equivalent: {description} · {reason}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(cells) + "\n", encoding="utf-8", newline="\n")


def _place(path: Path) -> str:
    return f"answers/{path.name}"
