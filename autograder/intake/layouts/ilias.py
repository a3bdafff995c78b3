"""ILIAS, "Download All Submissions": ``Doe_Jane_jdoe_4711/20250301100000_lab.ipynb``.

The number is the user's. Files keep the time at which they came, if the exercise says so; in a team
exercise the folders of a team's members lie in one folder, ``Team_12``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person
from autograder.intake.times import parse_time, utc_text

__all__ = ["find"]

_FOLDER = re.compile(r"(?P<last>[^_\d]+)_(?P<first>[^_\d]+)_(?P<login>.+)_(?P<number>\d{2,})")
_STAMP = re.compile(r"(?P<when>20\d{12})_.+", re.DOTALL)


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The folders whose names ILIAS made."""
    claims = []
    for entry in entries:
        found = _FOLDER.fullmatch(entry.path[0])
        if not found or len(entry.path) < 2 or "_assignsubmission_" in entry.path[0]:
            continue
        keys = (("ilias", found["number"]), ("login", found["login"]))
        person = Person(f"{found['first']} {found['last']}", keys)
        stamp = _STAMP.fullmatch(entry.path[1])
        when = utc_text(parse_time(stamp["when"], context.zone)) if stamp else ""
        claims.append(Claim(entry, (person,), when, when))
    return claims
