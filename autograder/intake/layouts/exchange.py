"""nbgrader's exchange: ``ada+lab1+2025-03-01 10:00:00 UTC+random/...``, every attempt a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person
from autograder.intake.times import parse_time, utc_text

__all__ = ["find"]

_FOLDER = re.compile(
    r"(?P<who>.+)\+(?P<lab>[^+]+)"
    r"\+(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*(?:\+\d{4})?)(?:\+.*)?"
)


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The files of this lab; those of other labs are left to nobody."""
    claims = []
    for entry in entries:
        found = _FOLDER.fullmatch(entry.path[0])
        if found and len(entry.path) > 1:
            mine = found["lab"] == context.lab
            people = (Person(found["who"], (("login", found["who"]),)),) if mine else ()
            claims.append(Claim(entry, people, found["when"], _time(found["when"], context)))
    return claims


def _time(text: str, context: Context) -> str:
    """The time as it is written, if nbgrader reads it; else in UTC, if it can be understood."""
    return text if text.endswith(" UTC") else utc_text(parse_time(text, context.zone))
