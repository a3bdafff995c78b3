"""Gradescope, "Export Submissions": ``submission_1/...`` and ``submission_metadata.yml`` above.

Only the file at the top is Gradescope's own. It is read line by line, at the depth at which
Gradescope writes: deeper lines repeat what a student's program printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.intake.claims import Claim, Context, top_lines
from autograder.intake.entries import Entry
from autograder.intake.students import Person
from autograder.intake.times import parse_time, utc_text

__all__ = ["find"]

METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_\d+")
_TOP_KEY = re.compile(r"  :?(?P<key>[a-z_]+):(?: (?P<value>.*))?")
_SUBMITTER = re.compile(r"  (?P<new>- |  ):?(?P<key>name|sid|email):(?: (?P<value>.*))?")


@dataclass
class _Submission:
    """What the metadata say of one folder."""

    people: list[dict[str, str]] = field(default_factory=list)
    created: str = ""


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The folders of submissions, of everybody the metadata name for them."""
    metadata = _read(top_lines(entries, METADATA) or [])
    claims = []
    for entry in entries:
        top = entry.path[0]
        if len(entry.path) < 2 or not _FOLDER.fullmatch(top):
            continue
        said = metadata.get(top, _Submission())
        people = [_person(row) for row in said.people if any(row.values())]
        when = utc_text(parse_time(said.created, context.zone))
        claims.append(Claim(entry, tuple(people) or (Person(top),), when=when))
    return claims


def _person(row: dict[str, str]) -> Person:
    keys = [(kind, row[kind]) for kind in ("sid", "email") if row.get(kind)]
    return Person(row.get("name") or keys[0][1], tuple(keys))


def _read(lines: Iterable[str]) -> dict[str, _Submission]:
    found: dict[str, _Submission] = {}
    current: _Submission | None = None
    inside = ""
    for line in lines:
        if line[:1] not in (" ", ""):
            name = line.rstrip(": ").strip("'\"")
            # A second section of that name is not Gradescope's.
            is_new = _FOLDER.fullmatch(name) is not None and name not in found
            current = found.setdefault(name, _Submission()) if is_new else None
        elif current is None:
            continue
        elif inside == "submitters" and (row := _SUBMITTER.fullmatch(line)):
            _note(current, row)
        elif key := _TOP_KEY.fullmatch(line):
            inside = key["key"]
            if inside == "created_at":
                current.created = _text(key["value"])
    return found


def _note(submission: _Submission, row: re.Match[str]) -> None:
    if row["new"] == "- " or not submission.people:
        submission.people.append({})
    submission.people[-1].setdefault(row["key"], _text(row["value"]))


def _text(value: str | None) -> str:
    """A YAML scalar on one line."""
    value = (value or "").strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(?:x([0-9A-F]{2})|u([0-9A-F]{4})|(.))", _unescaped, value[1:-1])
    return "" if value in ("null", "~") else value


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[3]
