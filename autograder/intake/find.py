"""Which files belong to whom: folders, archives and single files, in whatever layout."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.intake.archives import is_archive, list_archive
from autograder.intake.claims import Claim, Context, Handin, is_notebook, who_by_file
from autograder.intake.entries import Entry, list_folder, read_file
from autograder.intake.layouts import (
    blackboard,
    brightspace,
    canvas,
    exchange,
    github_classroom,
    gradescope,
    ilias,
    moodle,
    plain,
    sakai,
)
from autograder.intake.students import Person
from autograder.model.errors import NotGradable, UsageError

__all__ = ["find_handins"]

_LMS: tuple[Callable[[Sequence[Entry], Context], list[Claim]], ...] = (
    gradescope.find,
    exchange.find,
    moodle.find,
    sakai.find,
    brightspace.find,
    blackboard.find,
    canvas.find,
    ilias.find,
    github_classroom.find,
)
"""The most telling names first, so that no layout takes another one's for its own."""

_DEPTH = 6
"""So many folders around everything are taken away (Takeout has five)."""


def find_handins(source: Path, context: Context) -> tuple[list[Handin], list[str]]:
    """Find the hand-ins in a folder, an archive or a single file.

    Returns:
        One hand-in per person or group, and the files that belong to nobody.

    Raises:
        UsageError: if there is no such file or folder, or it cannot be read.
    """
    if source.is_dir():
        try:
            os.scandir(source).close()
        except OSError as error:
            raise UsageError(f'The folder "{source}" cannot be read ({error.strerror}).') from error
        return _group(list_folder(source.resolve()), source.resolve().name, context)
    if not source.is_file():
        raise UsageError(f'There is no file or folder "{source}".')
    resolved = source.resolve()
    if not is_archive(source.name):
        # Nothing says when a file was handed in: its own time is that of the download.
        entry = Entry((source.name,), lambda: read_file(resolved))
        claims, _ = _claims([entry], context)
        who = who_by_file(source.name, context.labs) or resolved.parent.name
        return (_handins(claims) if claims else [_of_one(who, [entry])]), []
    stem = who_by_file(source.name, context.labs) or source.stem
    try:
        return _group(list_archive(source.name, resolved), stem, context)
    except NotGradable as error:
        return [Handin((Person(stem, is_text=True),), problem=str(error))], []


def _group(entries: list[Entry], name: str, context: Context) -> tuple[list[Handin], list[str]]:
    """The hand-ins in a folder or archive called ``name``, and the files that belong to nobody."""
    # A student's own folder may hold files of any name; what they are called then tells nothing.
    if context.in_roster(name):
        return [_of_one(name, entries)], []
    ignored: list[str] = []
    for _ in range(_DEPTH):
        claims, rest = _claims(entries, context)
        if claims:
            others, passed = _plainly(rest, context, beside=True)
            return _handins([*claims, *others]), [*ignored, *_nobodys(claims), *passed]
        inner, passed = _without_wrapping(entries, name, context)
        if inner is None:
            break
        ignored += passed
        entries = inner
    if _is_one_person(entries, context):
        return [_of_one(name, entries)], ignored
    claims, passed = _plainly(entries, context)
    # Nothing but entries that must not be read: whoever it is gets to know why.
    if not claims and any(entry.refused for entry in entries):
        return [_of_one(name, entries)], ignored
    return _handins(claims), [*ignored, *passed]


def _claims(entries: Sequence[Entry], context: Context) -> tuple[list[Claim], list[Entry]]:
    """What LMSs' layouts recognise, and the rest."""
    claims: list[Claim] = []
    rest = list(entries)
    for find in _LMS:
        found = find(rest, context)
        claims += found
        taken = {claim.entry.path for claim in found}
        rest = [entry for entry in rest if entry.path not in taken]
    return claims, rest


def _plainly(
    entries: Sequence[Entry], context: Context, *, beside: bool = False
) -> tuple[list[Claim], list[str]]:
    """What people named, and what is nobody's; ``beside`` an LMS's files only notebooks count."""
    claims = plain.find(entries, context)
    if beside:
        folders = {claim.entry.path[0] for claim in claims if is_notebook(claim.entry)}
        claims = [claim for claim in claims if claim.entry.path[0] in folders]
    taken = {claim.entry.path for claim in claims}
    return claims, [_shown(entry) for entry in entries if entry.path not in taken]


def _nobodys(claims: Iterable[Claim]) -> list[str]:
    return [_shown(claim.entry) for claim in claims if not claim.people]


def _shown(entry: Entry) -> str:
    return entry.shown + (f" ({entry.refused})" if entry.refused else "")


def _handins(claims: Iterable[Claim]) -> list[Handin]:
    """One hand-in per person or group."""
    found: dict[tuple[str, ...], Handin] = {}
    for claim in claims:
        if claim.people:
            key = tuple(sorted("|".join(person.identity) for person in claim.people))
            found.setdefault(key, Handin(claim.people)).add(claim)
    return list(found.values())


def _of_one(name: str, entries: list[Entry]) -> Handin:
    return Handin((Person(name, is_text=True),), entries)


def _is_one_person(entries: Sequence[Entry], context: Context) -> bool:
    """Whether a folder or archive is one person's: it has one notebook, whose name tells nobody."""
    notebooks = [entry for entry in entries if is_notebook(entry)]
    if not notebooks:  # a single document in the place of a notebook
        return len(entries) == 1 and len(entries[0].path) == 1 and not is_archive(entries[0].name)
    if len(notebooks) > 1 or len(notebooks[0].path) > 1:
        return False
    return not who_by_file(notebooks[0].name, context.labs)


def _without_wrapping(
    entries: list[Entry], name: str, context: Context
) -> tuple[list[Entry] | None, list[str]]:
    """Take away one folder around everything (``submissions/``, ``lab1_music/``).

    Returns:
        The entries with shorter paths, or None if there is no such folder; and the names of files
        in other labs' folders.
    """
    below = [entry for entry in entries if _is_below(entry)]
    tops = {entry.path[0] for entry in below if not (entry.refused and entry.from_archive)}
    if context.lab in tops and tops <= set(context.labs):
        mine = [_without_top(entry) for entry in below if entry.path[0] == context.lab]
        return mine, [entry.shown for entry in entries if entry.path[0] != context.lab]
    if len(tops) != 1 or not all(_is_below(entry) or entry.refused for entry in entries):
        return None, []
    (top,) = tops
    inner = [_without_top(entry) for entry in below if entry.path[0] == top]
    if context.in_roster(top) or not _is_class(inner, context):
        return None, []
    return inner + [entry for entry in entries if not _is_below(entry)], []


def _is_class(entries: Sequence[Entry], context: Context) -> bool:
    """Whether what lies in the one folder at the top looks like several people's, or an LMS's."""
    if _claims(entries, context)[0]:
        return True
    notebooks = [entry for entry in entries if is_notebook(entry) or is_archive(entry.name)]
    folders = {entry.path[0] for entry in notebooks if _is_below(entry)}
    files = [entry for entry in notebooks if not _is_below(entry)]
    if len(folders - set(context.labs)) > 1 or len(files) > 1:
        return True
    # A folder in a folder, as Drive and Takeout have them.
    return (
        not files
        and len(folders) == 1
        and _is_class(
            [
                _without_top(entry)
                for entry in entries
                if entry.path[0] in folders and _is_below(entry)
            ],
            context,
        )
    )


def _is_below(entry: Entry) -> bool:
    """Whether a file lies in a folder."""
    return len(entry.path) > 1


def _without_top(entry: Entry) -> Entry:
    return replace(entry, path=entry.path[1:])
