"""A folder or file per person, named by people: also Google Drive, Classroom and nbgrader's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.intake.archives import is_archive
from autograder.intake.claims import (
    DOCUMENTS,
    Claim,
    Context,
    is_notebook,
    looks_like_notebook,
    who_by_file,
)
from autograder.intake.entries import Entry
from autograder.intake.students import Person

__all__ = ["find"]


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The files whose folder or name tells a person."""
    folders: dict[str, set[str]] = {}
    for entry in entries:
        if len(entry.path) > 2:
            folders.setdefault(entry.path[0], set()).add(entry.path[1])
    claims = []
    for entry in entries:
        who = _who(entry, context)
        # In ``STUDENT/LAB/...``, only this lab's folder is meant.
        labs = folders.get(entry.path[0], set()) & set(context.labs)
        if who and labs and entry.path[1] != context.lab:
            continue
        if who:
            claims.append(Claim(entry, (Person(who, is_text=True),)))
    return claims


def _who(entry: Entry, context: Context) -> str:
    """Whose file it is; empty if it is nobody's."""
    top = entry.path[0]
    if len(entry.path) > 1:
        return "" if top == ".." or "absolute" in entry.refused else top
    who = who_by_file(top, context.labs)
    if is_notebook(entry) or is_archive(top) or looks_like_notebook(entry):
        return who or Path(top).stem
    # A document counts (and is refused with advice) only if its name tells a person: a reading
    # list beside the folders is nobody's.
    telling = context.in_roster(who) or who != Path(top).stem
    return who if top.lower().endswith(DOCUMENTS) and telling else ""
