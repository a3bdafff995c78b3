"""Who handed it in: ids from a roster, a folder or a file name, safe for nbgrader and unique."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.model.errors import UsageError

__all__ = [
    "FolderName",
    "Roster",
    "Student",
    "StudentIds",
    "read_roster",
    "safe_id",
    "who_by_file",
    "who_by_folder",
]

_EXCHANGE = re.compile(
    r"(?P<who>.+)\+(?P<lab>[^+]+)"
    r"\+(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*(?:\+\d{4})?)(?:\+.*)?"
)
_CANVAS = re.compile(r"(?P<who>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.IGNORECASE)
_MOODLE = re.compile(
    r"(?P<who>.+?)_(?P<number>\d+)_assignsubmission_\w*?file_?(?P<file>.*)", re.IGNORECASE
)
_COPIES = (
    re.compile(r"(?i)[\s_-]*\b(?:copy of|kopie von|copie de|copia de)\b\s*"),
    re.compile(r"\s*\(\d+\)\s*$"),
    re.compile(r"(?i)[\s_-]+copy\d*\s*$"),
)


@dataclass(frozen=True)
class Student:
    """One expected student; ``id`` is the roster's own text."""

    id: str
    name: str = ""
    email: str = ""


@dataclass
class Roster:
    """The expected students, found by id, name in any order, or e-mail address."""

    students: list[Student]
    _keys: dict[str, Student | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for student in self.students:
            mail = student.email
            keys = {_key(student.id), _key(mail), _key(mail.split("@")[0])}
            keys.update(_name_keys(student.name))
            for key in filter(None, keys):
                # A key that two students share names nobody.
                shared = self._keys.get(key, student) != student
                self._keys[key] = None if shared else student

    def find(self, hint: str) -> Student | None:
        """The one student a text stands for."""
        return self._keys.get(_key(hint)) or self._keys.get(_words_key(hint))


def read_roster(path: Path) -> Roster:
    """Read a CSV with the column ``id`` and, if known, names and addresses.

    These are ``name``, or ``first_name`` and ``last_name``, and ``email``.

    Raises:
        UsageError: if the file cannot be read or has no such column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise UsageError(f'The roster "{path}" cannot be read ({error.strerror}).') from error
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = _rows(text, separator)
    if not rows or "id" not in rows[0]:
        raise UsageError(
            f'The roster "{path}" needs a first row with the column "id" (and "name", "email"), '
            "then rows."
        )
    return Roster(
        [Student(row["id"], _name(row), row.get("email", "")) for row in rows if row["id"]]
    )


def _rows(text: str, separator: str) -> list[dict[str, str]]:
    """The rows by name of column, without columns that have no name or no text."""
    rows = []
    for raw in csv.DictReader(io.StringIO(text), delimiter=separator, restval=""):
        row = {}
        for column, value in raw.items():
            # A row with too many fields has a list under None.
            if isinstance(column, str) and column and isinstance(value, str):
                row[_column(column)] = value.strip()
        rows.append(row)
    return rows


def _column(name: str) -> str:
    """A column's name as it is used here; several words are usual for the same."""
    name = name.strip().lower().replace(" ", "_")
    return {
        "student_id": "id",
        "student": "id",
        "username": "id",
        "full_name": "name",
        "e-mail": "email",
    }.get(name, name)


def _name(row: Mapping[str, str]) -> str:
    return row.get("name") or " ".join(
        filter(None, [row.get("first_name", ""), row.get("last_name", "")])
    )


class StudentIds:
    """Safe ids, one per person: known people keep theirs, two people never share one."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._ids = {name: student_id for student_id, name in known.items()}
        self._taken = {student_id.casefold(): name for student_id, name in known.items()}

    def add(self, names: Iterable[str]) -> dict[str, str]:
        """An id for each name."""
        # Names that are safe as they are come first, so that nobody else can take theirs.
        new = set(names) - set(self._ids)
        for name in sorted(new, key=lambda name: (safe_id(name) != name, name)):
            student_id = safe_id(name)
            if self._taken.get(student_id.casefold(), name) != name:
                student_id = f"{student_id}-{_digest(name)}"
            self._ids[name] = student_id
            self._taken[student_id.casefold()] = name
        return {name: self._ids[name] for name in names}


def safe_id(name: str) -> str:
    """A name as nbgrader, file systems and URLs accept it.

    It has ASCII letters, digits and ``. _ - @``, and begins with no sign.
    Letters lose their accents; what cannot be written in ASCII is told apart by a short digest.
    """
    plain = unicodedata.normalize("NFKD", name)
    ascii_text = "".join(char for char in plain if not unicodedata.combining(char))
    safe = re.sub(r"[^A-Za-z0-9_.@-]+", "-", ascii_text)
    safe = re.sub(r"\.{2,}", ".", safe).strip("-._@ ")[:60].rstrip("-._@")
    lost = any(char.isalnum() and not char.isascii() for char in ascii_text)
    if not safe or lost:
        return f"{safe or 'student'}-{_digest(name)}"
    return safe


@dataclass(frozen=True)
class FolderName:
    """What a folder's name tells: the person and, in nbgrader's exchange, the lab and the time."""

    who: str
    lab: str = ""
    when: str = ""


def who_by_folder(name: str) -> FolderName:
    """Read a folder's name: of nbgrader's exchange, of Moodle, or simply the person."""
    if found := _EXCHANGE.fullmatch(name):
        return FolderName(found["who"], found["lab"], found["when"])
    if found := _MOODLE.fullmatch(name):
        return FolderName(_person(found["who"], found["number"]))
    return FolderName(name)


def who_by_file(name: str, labs: Iterable[str]) -> str:
    """The person a file's name tells, without the lab, LMS numbers and marks of copies.

    Returns:
        The empty text if it tells nobody.
    """
    if found := _MOODLE.fullmatch(name):
        return _person(found["who"], found["number"])
    if found := _CANVAS.fullmatch(name):
        return _person(found["who"], found["number"])
    stem = re.sub(
        r"(?i)(?:\.ipynb|\.json|\.txt|\.py|\.pdf|\.html?|\.docx?|\.zip|\.tgz|\.tar(?:\.\w+)?)+$",
        "",
        name,
    )
    for _ in range(3):  # a copy of a copy
        for pattern in _COPIES:
            stem = pattern.sub(" ", stem)
    # The longest name first: "lab1_music" would leave "_theory" of "lab1_music_theory".
    for lab in sorted(labs, key=len, reverse=True):
        words = r"[\s_-]*".join(map(re.escape, re.split(r"[\s_-]+", lab)))
        stem = re.sub(rf"(?i)(?:^|[\s_+-]+){words}(?=$|[\s_+.-])", " ", stem)
    return stem.strip(" _-.")


def _person(who: str, number: str) -> str:
    """Anonymous marking gives everybody the same name; then the number tells people apart."""
    return (
        f"{who}_{number}" if who.casefold() in ("participant", "teilnehmer/in", "student") else who
    )


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", _fold(text)) if word]


def _words_key(text: str) -> str:
    """Equal for the same words in any order: "Doe, Jane" is "Jane Doe"."""
    return "|".join(sorted(_words(text)))


def _name_keys(name: str) -> list[str]:
    """The words in any order, and run together from each word on, as Canvas does ("doejane")."""
    words = _words(name)
    return [_words_key(name), *("".join(words[k:] + words[:k]) for k in range(len(words)))]


def _key(text: str) -> str:
    return "".join(_words(text))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
