"""One hand-in -> the one notebook in it that belongs to the lab, or a plain reason why there is
none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from nbformat.notebooknode import NotebookNode

from autograder.intake.entries import Entry, is_archive, list_archive
from autograder.intake.layouts import DOCUMENTS, Handin, is_notebook
from autograder.matching.match import match, recognise
from autograder.model.errors import NotGradable
from autograder.model.submission import Submission
from autograder.notebooks.file_kind import refuse_other_formats
from autograder.notebooks.reading import canonical_bytes, read_notebook

__all__ = ["Choice", "choose"]

_LISTED = 6


@dataclass
class Choice:
    """What was chosen, and the file as it was handed in (``original``, also when nothing can be
    graded)."""

    submission: Submission | None = None
    reason: str | None = None
    file: str = ""
    original: tuple[str, bytes] | None = None
    when: datetime | None = None
    repairs: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass
class _Candidate:
    """A notebook in the hand-in, after reading."""

    entry: Entry
    outer: Entry
    data: bytes = b""
    notebook: NotebookNode | None = None
    repairs: list[str] = field(default_factory=list)
    problem: str = ""
    lab: str | None = None


def choose(
    handin: Handin, lab: str, releases: Mapping[str, NotebookNode], titles: Mapping[str, str]
) -> Choice:
    """Never raises for anything a student could hand in: the reason is in the choice."""
    choice = Choice(reason=handin.problem or None)
    if choice.reason:
        return choice
    try:
        _choose(choice, handin, lab, releases, titles)
    except NotGradable as error:
        choice.reason = " ".join([str(error), *error.problems])
    return choice


def _choose(
    choice: Choice,
    handin: Handin,
    lab: str,
    releases: Mapping[str, NotebookNode],
    titles: Mapping[str, str],
) -> None:
    files, outer = _opened(handin.entries, choice)
    candidates = [
        _read(entry, outer[entry.path], releases) for entry in files if is_notebook(entry)
    ]
    choice.ignored += [
        entry.shown for entry in files if not is_notebook(entry) and not is_archive(entry.name)
    ]
    if not candidates:
        raise _no_notebook(files, choice)
    mine = [candidate for candidate in candidates if candidate.lab == lab]
    chosen = (
        mine[0]
        if len(mine) == 1
        else _one_of(mine, lab, releases[lab], choice)
        if mine
        else candidates[0]
    )
    choice.original = (
        chosen.outer.name,
        chosen.data if chosen.outer is chosen.entry else chosen.outer.read(),
    )
    choice.file, choice.when = chosen.entry.shown, chosen.entry.when
    if not mine:
        raise NotGradable(_why_none(candidates, lab, titles))
    choice.ignored += [candidate.entry.shown for candidate in candidates if candidate not in mine]
    assert chosen.notebook is not None
    choice.submission = match(chosen.notebook, releases[lab], lab=lab)
    choice.repairs += [*chosen.repairs, *choice.submission.repairs]


def _opened(
    entries: Sequence[Entry], choice: Choice
) -> tuple[list[Entry], dict[tuple[str, ...], Entry]]:
    """The files, archives opened once, with the file each one came in. Whatever is refused spoils
    the hand-in."""
    files: list[Entry] = []
    outer: dict[tuple[str, ...], Entry] = {}
    spoilt = [entry for entry in entries if entry.refused and _spoils(entry)]
    choice.ignored += [f"{e.shown} ({e.refused})" for e in entries if e.refused and not _spoils(e)]
    for entry in (entry for entry in entries if not entry.refused):
        members = [entry]
        if is_archive(entry.name):
            choice.original = (entry.name, entry.read())
            inside = list_archive(entry.name, choice.original[1])
            members = [replace(item, path=(*entry.path, *item.path)) for item in inside]
        spoilt += [member for member in members if member.refused]
        files += [member for member in members if not member.refused]
        outer |= {member.path: entry for member in members}
    if spoilt:
        shown = [f'"{entry.shown}" {entry.refused}' for entry in spoilt[:_LISTED]]
        more = f" and {len(spoilt) - _LISTED} more" if len(spoilt) > _LISTED else ""
        raise NotGradable(
            f"The hand-in has entries that are not opened: {'; '.join(shown)}{more}. Hand in the .ipynb file itself."
        )
    return files, outer


def _spoils(entry: Entry) -> bool:
    """A link beside the notebook in a folder is ignored like any other file; inside an archive it
    is an attack."""
    return entry.from_archive or is_notebook(entry)


def _read(entry: Entry, outer: Entry, releases: Mapping[str, NotebookNode]) -> _Candidate:
    candidate = _Candidate(entry, outer)
    try:
        candidate.data = entry.read()
        read = read_notebook(candidate.data)
        candidate.notebook, candidate.repairs = read.notebook, read.repairs
        candidate.lab = recognise(read.notebook, releases)
    except NotGradable as error:
        candidate.problem = str(error)
    return candidate


def _one_of(mine: list[_Candidate], lab: str, release: NotebookNode, choice: Choice) -> _Candidate:
    """The only one with answers, or any of equal ones; otherwise nobody can know which one
    counts."""
    worked = [
        c for c in mine if c.notebook is not None and _has_answers(match(c.notebook, release))
    ]
    different = {canonical_bytes(c.notebook): c for c in worked or mine if c.notebook is not None}
    names = ", ".join(f'"{c.entry.shown}"' for c in mine)
    if len(different) > 1:
        raise NotGradable(
            f"The hand-in holds {len(mine)} notebooks of {lab}: {names}. Hand in exactly one."
        )
    chosen = next(iter(different.values()))
    choice.repairs.append(
        f'Chose "{chosen.entry.shown}" among {len(mine)} notebooks: the others are copies or empty.'
    )
    choice.ignored += [c.entry.shown for c in mine if c is not chosen]
    return chosen


def _has_answers(submission: Submission) -> bool:
    return submission.untouched != set(submission.answers) | set(submission.written)


def _why_none(candidates: Sequence[_Candidate], lab: str, titles: Mapping[str, str]) -> str:
    """Another lab's notebook, an unreadable one, or a stranger's."""
    other = next((c for c in candidates if c.lab is not None), None)
    if other is not None and other.lab is not None:
        return (
            f"This is the notebook of {other.lab} ({titles.get(other.lab, other.lab)}), not of {lab}. Hand in the "
            f"notebook of {lab}."
        )
    broken = next((c for c in candidates if c.problem), None)
    if broken is not None:
        return broken.problem
    return f"The notebook has none of the tasks of {lab}. Hand in the notebook you got for {lab}, with your answers."


def _no_notebook(files: Sequence[Entry], choice: Choice) -> NotGradable:
    """The advice for the kind of file that came instead, or the plain fact that none did."""
    for entry in files:
        if entry.name.lower().endswith(DOCUMENTS):
            data = entry.read()
            choice.original, choice.file, choice.when = (entry.name, data), entry.shown, entry.when
            try:
                refuse_other_formats(data, entry.name)
            except NotGradable as error:
                return error
    found = [f'"{name}"' for name in choice.ignored[:_LISTED]]
    return NotGradable(
        f"The hand-in holds no notebook (found: {', '.join(found) or 'nothing'}). Hand in the .ipynb file of the lab."
    )
