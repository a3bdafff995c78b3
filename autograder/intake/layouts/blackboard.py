"""Blackboard, "Assignment File Download": ``Lab 1_jdoe_attempt_2025-03-01-10-00-00_lab.ipynb``.

Every attempt is there, and for each a text file, ``Lab 1_jdoe_attempt_2025-03-01-10-00-00.txt``,
whose first line tells the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person
from autograder.intake.times import parse_time, utc_text
from autograder.model.errors import NotGradable

__all__ = ["find"]

_FILE = re.compile(
    r"(?P<head>.*?_(?P<who>[^_]+))_attempt_(?P<when>\d{4}(?:-\d\d){5})(?P<rest>_.+|\.txt)",
    re.DOTALL,
)
_NAME = re.compile(r"[^:]{1,20}: (?P<name>.+) \((?P<login>[^()]+)\)\s*")


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The files of every attempt."""
    mine = []
    people: dict[str, Person] = {}
    for entry in entries:
        found = _FILE.fullmatch(entry.path[0])
        if len(entry.path) == 1 and found:
            mine.append((entry, found))
            if found["rest"] == ".txt":
                people.update(_person(entry, found["head"]))
    claims = []
    for entry, found in mine:
        who, when = found["who"], found["when"]
        person = people.get(found["head"], Person(who, (("login", who),)))
        time = utc_text(parse_time(when, context.zone))
        claims.append(Claim(entry, (person,), when, time))
    return claims


def _person(entry: Entry, head: str) -> dict[str, Person]:
    """Whom the first line names, if the file's own name says so, too; the rest is a student's."""
    try:
        first = entry.read()[:1000].decode("utf-8-sig", "replace").partition("\n")[0]
    except NotGradable:
        return {}
    found = _NAME.fullmatch(first.strip())
    # A login may have underscores of its own: here it stands whole.
    if found and head.endswith(f"_{found['login']}"):
        return {head: Person(found["name"], (("login", found["login"]),))}
    return {}
