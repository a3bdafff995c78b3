"""One hand-in -> the one notebook in it that belongs to the lab, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import NotebookNode

from autograder.intake.archives import is_archive, list_archive, unopened_kind
from autograder.intake.claims import DOCUMENTS, Handin, is_notebook, looks_like_notebook
from autograder.intake.entries import Entry
from autograder.matching.match import match, recognise
from autograder.model.errors import NotGradable
from autograder.model.submission import Submission
from autograder.notebooks.file_kind import refuse_other_formats
from autograder.notebooks.reading import canonical_bytes, read_notebook

__all__ = ["Choice", "OriginalFile", "choose"]

_LISTED = 6
"""So many names are listed; the others are only counted."""


_MAX_NOTEBOOKS = 50
_MAX_ARCHIVES = 10
_MAX_READ = 2**29
"""So many bytes of notebooks are read of one person's files and archives together."""


@dataclass(frozen=True)
class OriginalFile:
    """A file as it was handed in, byte for byte: a notebook, or the archive around it."""

    name: str
    data: bytes


@dataclass
class Choice:
    """What of a hand-in counts.

    Attributes:
        submission: The answers in the notebook that was chosen.
        reason: Why nothing can be graded; None if something can.
        file: The path of the notebook inside the hand-in, or of the file that came instead.
        original: The file that holds it, also when nothing can be graded.
        repairs: Short sentences for the student and the instructor.
        ignored: Files that do not count.
    """

    submission: Submission | None = None
    reason: str | None = None
    file: str = ""
    original: OriginalFile | None = None
    repairs: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass
class _Candidate:
    """A notebook in the hand-in, after reading; ``outer`` is the file it came in."""

    entry: Entry
    outer: Entry
    data: bytes = b""
    size: int = 0
    notebook: NotebookNode | None = None
    repairs: list[str] = field(default_factory=list)
    problem: str = ""
    lab: str | None = None


def choose(
    handin: Handin, lab: str, releases: Mapping[str, NotebookNode], titles: Mapping[str, str]
) -> Choice:
    """Choose the notebook that counts; for anything a student could hand in, nothing is raised.

    Args:
        handin: Everything one person handed in.
        lab: The id of the lab for which is collected.
        releases: The released notebooks of all labs, by id.
        titles: The titles of all labs, by id.

    Returns:
        The choice, with a reason if nothing can be graded.
    """
    choice = Choice(reason=handin.problem or None, ignored=_earlier(handin))
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
    notebooks = [entry for entry in files if is_notebook(entry)]
    # Any file name will do: where no name tells a notebook, the content decides.
    notebooks = notebooks or [entry for entry in files if looks_like_notebook(entry)]
    candidates: list[_Candidate] = []
    total = 0
    for entry in notebooks:
        candidates.append(_read(entry, outer[entry.path], releases))
        total += candidates[-1].size
        _check_amount(len(candidates), total)
    for entry in files:
        if entry not in notebooks and not is_archive(entry.name):
            choice.ignored.append(entry.shown)
    if not candidates:
        raise NotGradable(handin.advice) if handin.advice else _no_notebook(files, choice)
    mine = [candidate for candidate in candidates if candidate.lab == lab]
    chosen = mine[0] if mine else candidates[0]
    if len(mine) > 1:
        chosen = _one_of(mine, lab, releases[lab], choice)
    # The original is noted before any refusal, so that it is kept also when nothing is graded.
    data = chosen.data if chosen.outer is chosen.entry else chosen.outer.read()
    choice.original = OriginalFile(chosen.outer.name, data)
    choice.file = chosen.entry.shown
    if not mine:
        raise NotGradable(_why_none(candidates, lab, titles))
    choice.ignored += [candidate.entry.shown for candidate in candidates if candidate not in mine]
    assert chosen.notebook is not None
    choice.submission = match(chosen.notebook, releases[lab], lab=lab)
    choice.repairs += [*chosen.repairs, *choice.submission.repairs]


def _earlier(handin: Handin) -> list[str]:
    """The files of attempts before the one that counts."""
    return [f"{name} (an earlier attempt)" for name in handin.earlier]


def _opened(
    entries: Sequence[Entry], choice: Choice
) -> tuple[list[Entry], dict[tuple[str, ...], Entry]]:
    """The files of a hand-in, archives opened once.

    Returns:
        The files, and by path the file in which each one came.

    Raises:
        NotGradable: if something must not be read, for what is beside it cannot be trusted either.
    """
    files: list[Entry] = []
    outer: dict[tuple[str, ...], Entry] = {}
    spoilt: list[Entry] = []
    for entry in entries:
        if entry.refused and _spoils(entry):
            spoilt.append(entry)
        elif entry.refused:
            choice.ignored.append(f"{entry.shown} ({entry.refused})")
    archives = [entry for entry in entries if not entry.refused and is_archive(entry.name)]
    if len(archives) > _MAX_ARCHIVES:
        raise NotGradable(
            f"The hand-in holds {len(archives)} archives. Hand in the .ipynb file itself."
        )
    for entry in entries:
        if entry.refused:
            continue
        for member in _members(entry, choice):
            outer[member.path] = entry
            (spoilt if member.refused else files).append(member)
    if spoilt:
        raise NotGradable(_why_spoilt(spoilt))
    return files, outer


def _members(entry: Entry, choice: Choice) -> list[Entry]:
    """The file itself, or what is in it if it is an archive; one inside of that stays closed."""
    if not is_archive(entry.name):
        return [entry]
    choice.original = OriginalFile(entry.name, entry.read())
    inside = list_archive(entry.name, choice.original.data)
    return [replace(item, path=(*entry.path, *item.path)) for item in inside]


def _why_spoilt(spoilt: Sequence[Entry]) -> str:
    shown = [f'"{entry.shown}" {entry.refused}' for entry in spoilt[:_LISTED]]
    more = f" and {len(spoilt) - _LISTED} more" if len(spoilt) > _LISTED else ""
    return (
        f"The hand-in has entries that are not opened: {'; '.join(shown)}{more}. "
        "Hand in the .ipynb file itself."
    )


def _spoils(entry: Entry) -> bool:
    """Whether an entry that must not be read spoils the hand-in.

    A link beside the notebook in a folder is ignored like any other file; inside an archive it is
    an attack.
    """
    return entry.spoils or entry.from_archive or is_notebook(entry)


def _check_amount(notebooks: int, size: int) -> None:
    """Bound what one person hands in, counted while it is read.

    Raises:
        NotGradable: if it is too much.
    """
    if notebooks > _MAX_NOTEBOOKS or size > _MAX_READ:
        raise NotGradable(
            f"The hand-in holds more than {_MAX_NOTEBOOKS} notebooks or {_MAX_READ // 2**20} MB of "
            "them. Hand in exactly one."
        )


def _read(entry: Entry, outer: Entry, releases: Mapping[str, NotebookNode]) -> _Candidate:
    candidate = _Candidate(entry, outer)
    try:
        data = entry.read()
        candidate.size = len(data)
        # Of a member of an archive, the archive is kept.
        if outer is entry:
            candidate.data = data
        read = read_notebook(data)
        candidate.notebook, candidate.repairs = read.notebook, read.repairs
        candidate.lab = recognise(read.notebook, releases)
    except NotGradable as error:
        candidate.problem = str(error)
    return candidate


def _one_of(mine: list[_Candidate], lab: str, release: NotebookNode, choice: Choice) -> _Candidate:
    """The only notebook with answers, or one of several equal ones.

    Raises:
        NotGradable: if nobody can know which one counts.
    """
    worked = [candidate for candidate in mine if _has_answers(candidate, release)]
    different: dict[bytes, _Candidate] = {}
    for candidate in worked or mine:
        if candidate.notebook is not None:
            different[canonical_bytes(candidate.notebook)] = candidate
    if len(different) > 1:
        names = ", ".join(f'"{candidate.entry.shown}"' for candidate in mine)
        raise NotGradable(
            f"The hand-in holds {len(mine)} notebooks of {lab}: {names}. Hand in exactly one."
        )
    chosen = next(iter(different.values()))
    choice.repairs.append(
        f'Chose "{chosen.entry.shown}" among {len(mine)} notebooks: the others are copies or empty.'
    )
    choice.ignored += [candidate.entry.shown for candidate in mine if candidate is not chosen]
    return chosen


def _has_answers(candidate: _Candidate, release: NotebookNode) -> bool:
    """Whether anything was done in a notebook."""
    if candidate.notebook is None:
        return False
    submission = match(candidate.notebook, release)
    return submission.untouched != set(submission.answers) | set(submission.written)


def _why_none(candidates: Sequence[_Candidate], lab: str, titles: Mapping[str, str]) -> str:
    """Another lab's notebook, an unreadable one, or a stranger's."""
    # The most telling reason first: a wrong file beside a damaged one is a wrong file.
    other = next((c for c in candidates if c.lab is not None), None)
    if other is not None and other.lab is not None:
        return (
            f"This is the notebook of {other.lab} ({titles.get(other.lab, other.lab)}), "
            f"not of {lab}. Hand in the notebook of {lab}."
        )
    broken = next((c for c in candidates if c.problem), None)
    if broken is not None:
        return broken.problem
    return (
        f"The notebook has none of the tasks of {lab}. Hand in the notebook you got for {lab}, "
        "with your answers."
    )


def _no_notebook(files: Sequence[Entry], choice: Choice) -> NotGradable:
    """The advice for the kind of file that came instead, or the plain fact that none did."""
    # The first document tells the most: a PDF, a script, a page that was saved.
    for entry in files:
        is_document = entry.name.lower().endswith(DOCUMENTS)
        try:
            data = entry.read()
        except NotGradable:
            if is_document:
                raise
            continue  # a film is no notebook, however long
        if kind := unopened_kind(entry.name, data[:8]):
            choice.original, choice.file = OriginalFile(entry.name, data), entry.shown
            return NotGradable(
                f'"{entry.shown}" is {kind}, which is not opened. Hand in the .ipynb file itself.'
            )
        if is_document:
            choice.original = OriginalFile(entry.name, data)
            choice.file = entry.shown
            try:
                refuse_other_formats(data, entry.name)
            except NotGradable as error:
                return error
    found = [f'"{name}"' for name in choice.ignored[:_LISTED]]
    return NotGradable(
        f"The hand-in holds no notebook (found: {', '.join(found) or 'nothing'}). "
        "Hand in the .ipynb file of the lab."
    )
