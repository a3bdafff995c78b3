"""Brightspace, "Download": ``12345-678 - Jane Doe - Mar 1, 2025 1000 AM/lab.ipynb``.

The first number is the user's, the second the assignment's. Every hand-in is a folder, or, in older
versions, the beginning of a file's name. ``index.html`` at the top is Brightspace's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person
from autograder.intake.times import parse_time, utc_text

__all__ = ["find"]

_NAME = re.compile(
    r"(?P<number>\d+)-\d+ ?- ?(?P<who>.+?) ?- ?"
    # A date in any language: a year, and at the end the time.
    r"(?P<when>(?=[^-]*\d{4})[^-]*[^-\d]\d{1,2}[:.]?\d\d(?: ?[AP]M)?)(?: ?- ?(?P<file>.+))?",
    re.DOTALL,
)


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The folders and files whose names Brightspace made."""
    claims = []
    for entry in entries:
        found = _NAME.fullmatch(entry.path[0])
        if not found or (len(entry.path) == 1) != bool(found["file"]):
            continue
        person = Person(found["who"].strip(), (("brightspace", found["number"]),))
        when = utc_text(parse_time(_padded(found["when"]), context.zone))
        # Without a time that can be read, all attempts are one, and the student is asked.
        claims.append(Claim(entry, (person,), when, when))
    return claims


def _padded(when: str) -> str:
    """ "... 930 AM" -> "... 0930 AM": hours without a colon are read with two digits."""
    return re.sub(r"(?<= )(\d)(\d\d)(?= ?[AP]M$|$)", r"0\1\2", when)
