"""What a layout says of the files: whose they are, of which attempt, and when they came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from autograder.intake.archives import is_archive
from autograder.intake.entries import Entry
from autograder.intake.students import Person, Roster
from autograder.model.errors import NotGradable

__all__ = [
    "DOCUMENTS",
    "Claim",
    "Context",
    "Handin",
    "is_notebook",
    "looks_like_notebook",
    "stem_of",
    "top_lines",
    "who_by_file",
]

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
_COPIES = (
    re.compile(r"(?i)[\s_-]*\b(?:copy of|kopie von|copie de|copia de|cópia de)\b\s*"),
    re.compile(r"\s*\(\d{1,4}\)\s*$"),
    re.compile(r"(?i)[\s_-]+copy\d*\s*$"),
)
_ENDINGS = re.compile(
    r"(?i)(?:\.ipynb|\.json|\.txt|\.download|\.py|\.pdf|\.html?|\.docx?|\.zip|\.rar|\.7z|\.tgz"
    r"|\.tar(?:\.\w{1,4})?)+$"
)
_MAY_BE_NOTEBOOK = re.compile(r"(?i)[^.]+|.*\.(?:json|txt|download|nb|jpynb|ipython)")


@dataclass(frozen=True)
class Context:
    """What is known before looking.

    Attributes:
        lab: The id of the lab for which is collected.
        labs: The ids of all labs of the course.
        roster: The expected students, if there is a list.
        zone: Where the LMS's clock stands, for times without a zone.
    """

    lab: str
    labs: Sequence[str]
    roster: Roster | None = None
    zone: tzinfo = UTC

    def in_roster(self, hint: str) -> bool:
        """Whether a text names somebody of the roster."""
        return self.roster is not None and self.roster.find(hint) is not None


@dataclass(frozen=True)
class Claim:
    """One file, and what the layout says of it.

    Attributes:
        entry: The file; its path begins with what is the layout's own.
        people: Whose it is: one person, or a group.
        attempt: Sorts a person's attempts; the last one counts.
        when: When it was handed in, as nbgrader reads it; empty if nobody knows.
        late: Whether the LMS itself says that it came late.
        advice: What to tell whose hand-in holds no file, such as a link.
    """

    entry: Entry
    people: tuple[Person, ...]
    attempt: str = ""
    when: str = ""
    late: bool = False
    advice: str = ""


@dataclass
class Handin:
    """Everything somebody, or a group, handed in together, before anything was opened.

    Attributes:
        people: Whose it is.
        entries: The files of the attempt that counts.
        attempt: Which attempt that is.
        when: When it was handed in, as nbgrader reads it; empty if nobody knows.
        late: Whether the LMS itself says that it came late.
        earlier: Names of the files of earlier attempts.
        advice: What to say if there is no notebook.
        problem: Why the files cannot even be listed, or nothing.
    """

    people: tuple[Person, ...]
    entries: list[Entry] = field(default_factory=list)
    attempt: str = ""
    when: str = ""
    late: bool = False
    earlier: list[str] = field(default_factory=list)
    advice: str = ""
    problem: str = ""

    def add(self, claim: Claim) -> None:
        """Add a file; of several attempts the last one is kept, the others are only named."""
        if self.entries and claim.attempt > self.attempt:
            self.earlier += [entry.shown for entry in self.entries]
            self.entries = []
        if self.entries and claim.attempt < self.attempt:
            self.earlier.append(claim.entry.shown)
            return
        # A text beside a file says nothing of when the file came; the later of two times counts.
        self.when = max(claim.when, self.when) if self.entries else claim.when
        self.attempt, self.late = claim.attempt, claim.late
        self.advice = claim.advice or self.advice
        self.entries.append(claim.entry)


def top_lines(entries: Iterable[Entry], name: str) -> list[str] | None:
    """The lines of the LMS's own file at the top; None if there is none.

    A file of that name in a folder may be a student's, and says nothing.
    """
    for entry in entries:
        if len(entry.path) == 1 and entry.name == name and not entry.refused:
            try:
                return entry.read()[:8_000_000].decode("utf-8-sig", "replace").splitlines()
            except NotGradable:
                return None
    return None


def is_notebook(entry: Entry) -> bool:
    """By its name, also with what browsers add to it."""
    pattern = r"(?i)\.ipynb(?:\.json|\.txt|\.download)?(?: ?\(\d+\))?$"
    return re.search(pattern, entry.name) is not None


def looks_like_notebook(entry: Entry) -> bool:
    """By its content, for a file whose name tells nothing (``lab1``, ``lab1.json``)."""
    if is_archive(entry.name) or entry.refused or not _MAY_BE_NOTEBOOK.fullmatch(entry.name):
        return False
    try:
        data = entry.read()
    except NotGradable:
        return False
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"nbformat"' in data


def stem_of(name: str) -> str:
    """A file's name without what only says of which kind it is."""
    return _ENDINGS.sub("", name)


def who_by_file(name: str, labs: Iterable[str]) -> str:
    """The person a file's name tells, without the lab and marks of copies.

    Returns:
        The empty text if it tells nobody.
    """
    stem = re.sub(r"\s*\(\d{1,4}\)$", "", name)
    stem = stem_of(stem)
    for _ in range(3):  # a copy of a copy
        for pattern in _COPIES:
            stem = pattern.sub(" ", stem)
    # The longest name first: "lab1_music" would leave "_theory" of "lab1_music_theory".
    for lab in sorted(labs, key=len, reverse=True):
        words = r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", lab)))
        stem = re.sub(rf"(?i)(?:^|[\s_+-]+){words}(?=$|[\s_+.-])", " ", stem)
    return stem.strip(" _-.")
