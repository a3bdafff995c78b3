"""Which files belong to whom: folders per student, nbgrader's exchange, downloads of LMSs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.intake.archives import is_archive, list_archive
from autograder.intake.entries import Entry, list_folder, read_file
from autograder.intake.students import Roster, who_by_file, who_by_folder
from autograder.model.errors import NotGradable, UsageError

__all__ = ["DOCUMENTS", "Context", "Handin", "find_handins", "is_notebook"]

DOCUMENTS = (
    ".py",
    ".pdf",
    ".html",
    ".htm",
    ".docx",
    ".doc",
    ".odt",
    ".txt",
    ".md",
    ".rtf",
    ".r",
    ".json",
    ".gz",
    ".7z",
    ".rar",
)
_METADATA = "submission_metadata.yml"
_GRADESCOPE = re.compile(r"submission_\d+")


@dataclass(frozen=True)
class Context:
    """What is known before looking.

    Attributes:
        lab: The id of the lab for which is collected.
        labs: The ids of all labs of the course.
        roster: The expected students, if there is a list.
    """

    lab: str
    labs: Sequence[str]
    roster: Roster | None = None

    def in_roster(self, hint: str) -> bool:
        """Whether a text names somebody of the roster."""
        return self.roster is not None and self.roster.find(hint) is not None


@dataclass
class Handin:
    """Everything one person handed in, before anything was opened.

    Attributes:
        who: What the file, folder or roster calls the person.
        entries: The files.
        when: The time that nbgrader's exchange gives the attempt; empty elsewhere.
        problem: Why the files cannot even be listed, or nothing.
    """

    who: str
    entries: list[Entry] = field(default_factory=list)
    when: str = ""
    problem: str = ""


def find_handins(source: Path, context: Context) -> tuple[list[Handin], list[str]]:
    """Find the hand-ins in a folder, an archive or a single file.

    Returns:
        One hand-in per person, and the files that belong to nobody.

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
        who = who_by_file(source.name, context.labs) or resolved.parent.name
        changed = datetime.fromtimestamp(resolved.stat().st_mtime).astimezone()
        return [Handin(who, [Entry((source.name,), lambda: read_file(resolved), changed)])], []
    stem = who_by_file(source.name, context.labs) or source.stem
    try:
        return _group(list_archive(source.name, resolved), stem, context)
    except NotGradable as error:
        return [Handin(stem, [], problem=str(error))], []


def _group(entries: list[Entry], name: str, context: Context) -> tuple[list[Handin], list[str]]:
    """The hand-ins in a folder or archive called ``name``, and the files that belong to nobody."""
    # A student's own folder may hold several files; only else do their names tell whose they are.
    if context.in_roster(name) or _is_one_person(entries, context):
        return [Handin(name, entries)], []
    entries, ignored = _unwrap(entries, context)
    names = _gradescope_names(entries)
    found: dict[str, Handin] = {}
    for entry in entries:
        who, when = _owner(entry, context, names)
        if who:
            ignored += _add(found.setdefault(who, Handin(who)), entry, when)
        else:
            ignored.append(entry.shown + (f" ({entry.refused})" if entry.refused else ""))
    for handin in found.values():
        handin.entries, others = _of_this_lab(handin.entries, context)
        ignored += others
    # Nothing but entries that must not be read: whoever it is gets to know why.
    if not found and any(entry.refused for entry in entries):
        return [Handin(name, entries)], []
    return [handin for handin in found.values() if handin.entries], ignored


def _add(handin: Handin, entry: Entry, when: str) -> list[str]:
    """Add a file to a hand-in; what belongs to an earlier attempt comes back as ignored.

    nbgrader's exchange keeps every attempt; the last one counts.
    """
    ignored: list[str] = []
    if when > handin.when:
        ignored = [old.shown for old in handin.entries]
        handin.entries, handin.when = [], when
    if when == handin.when:
        handin.entries.append(entry)
    else:
        ignored.append(entry.shown)
    return ignored


def _is_one_person(entries: Sequence[Entry], context: Context) -> bool:
    """Whether a folder or archive is one person's: it has one notebook, whose name tells nobody."""
    notebooks = [entry for entry in entries if is_notebook(entry)]
    if not notebooks:  # a single document in the place of a notebook
        return len(entries) == 1 and len(entries[0].path) == 1 and not is_archive(entries[0].name)
    if len(notebooks) > 1 or len(notebooks[0].path) > 1:
        return False
    return not who_by_file(notebooks[0].name, context.labs)


def _unwrap(entries: list[Entry], context: Context) -> tuple[list[Entry], list[str]]:
    """Take away folders around everything (``submissions/``, ``lab1_music/``).

    Returns:
        The entries with shorter paths, and the names of files in other labs' folders.
    """
    ignored: list[str] = []
    for _ in range(3):  # an archive of a folder of a lab's folder
        tops = {
            entry.path[0]
            for entry in entries
            if _is_below(entry) and not (entry.refused and entry.from_archive)
        }
        if context.lab in tops and tops <= set(context.labs):
            ignored += [entry.shown for entry in entries if entry.path[0] != context.lab]
            mine = [entry for entry in entries if entry.path[0] == context.lab]
            entries = [_without_top(entry) for entry in mine if _is_below(entry)]
        elif len(tops) == 1 and _is_wrapped(entries) and _is_class(entries, context):
            (top,) = tops
            entries = [
                _without_top(entry) if entry.path[0] == top and _is_below(entry) else entry
                for entry in entries
            ]
        else:
            break
    return entries, ignored


def _is_wrapped(entries: Sequence[Entry]) -> bool:
    """Whether every file that may be read lies in some folder."""
    return all(_is_below(entry) or entry.refused for entry in entries)


def _is_below(entry: Entry) -> bool:
    """Whether a file lies in a folder."""
    return len(entry.path) > 1


def _is_class(entries: Sequence[Entry], context: Context) -> bool:
    """Whether what lies in the one folder at the top looks like several people's."""
    top = next(entry.path[0] for entry in entries if not entry.refused)
    if context.in_roster(top) or who_by_folder(top).who != top:
        return False
    notebooks = [entry for entry in entries if is_notebook(entry) or is_archive(entry.name)]
    folders = {entry.path[1] for entry in notebooks if len(entry.path) > 2}
    files = [entry for entry in notebooks if len(entry.path) == 2]
    return len(folders - set(context.labs)) > 1 or len(files) > 1


def _without_top(entry: Entry) -> Entry:
    return replace(entry, path=entry.path[1:])


def _owner(entry: Entry, context: Context, names: dict[str, str]) -> tuple[str, str]:
    """Whose file it is, and of which attempt; an empty name if it is nobody's.

    ``names`` are the persons that an LMS's own metadata give for its folders.
    """
    top = entry.path[0]
    if _is_below(entry):
        if top == ".." or "absolute" in entry.refused:
            return "", ""
        folder = who_by_folder(top)
        if folder.lab not in ("", context.lab):
            return "", ""
        return names.get(top, folder.who), folder.when
    who = who_by_file(top, context.labs)
    if is_notebook(entry) or is_archive(top):
        return who or Path(top).stem, ""
    # A document counts (and is refused with advice) only if its name tells a person: a reading
    # list beside the folders is nobody's.
    document = top.lower().endswith(DOCUMENTS) and top != _METADATA
    telling = context.in_roster(who) or who != Path(top).stem
    return (who, "") if document and telling else ("", "")


def _of_this_lab(entries: list[Entry], context: Context) -> tuple[list[Entry], list[str]]:
    """In ``STUDENT/LAB/...``, only this lab's folder."""
    folders = {entry.path[1] for entry in entries if len(entry.path) > 2} & set(context.labs)
    if not folders:
        return entries, []
    mine = [entry for entry in entries if len(entry.path) > 2 and entry.path[1] == context.lab]
    return mine, [entry.shown for entry in entries if entry not in mine]


def _gradescope_names(entries: Iterable[Entry]) -> dict[str, str]:
    """Folder -> person, from the metadata file of a Gradescope export."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.path[-1] == _METADATA and not entry.refused:
            found = _gradescope_people(_lines(entry)) | found
    return found


def _gradescope_people(lines: Iterable[str]) -> dict[str, str]:
    """Folder -> person. The lines are read one by one, for a YAML reader trusts its file."""
    found: dict[str, str] = {}
    folder = ""
    for line in lines:
        key, _, value = line.strip(" -").partition(": ")
        if _GRADESCOPE.match(line):
            folder = line.rstrip(": ").strip()
        elif folder and key.strip(":") in ("email", "sid", "name") and value.strip():
            found.setdefault(folder, value.strip().strip("'\""))
    return found


def _lines(entry: Entry) -> list[str]:
    try:
        return entry.read()[:4_000_000].decode("utf-8", "replace").splitlines()
    except NotGradable:
        return []


def is_notebook(entry: Entry) -> bool:
    """By its name, also with what browsers add to it."""
    return re.search(r"(?i)\.ipynb(?:\.json|\.txt)?(?: ?\(\d+\))?$", entry.name) is not None
