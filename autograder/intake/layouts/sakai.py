"""Sakai, "Download All": ``Lab 1/Doe, Jane(jdoe)/Submission attachment(s)/lab.ipynb``.

Beside the attachments stands ``timestamp.txt``, the time in the server's zone.
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

_FOLDER = re.compile(r"(?P<who>.+?) ?\((?P<login>[^()]+)\)")
_ATTACHMENTS = "Submission attachment(s)"


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """What students attached; feedback and inline texts beside it are Sakai's."""
    tops = {entry.path[0] for entry in entries if entry.path[1:2] == (_ATTACHMENTS,)}
    times = {}
    for entry in entries:
        if entry.path[1:] == ("timestamp.txt",) and entry.path[0] in tops:
            times[entry.path[0]] = _time(entry, context)
    claims = []
    for entry in entries:
        found = _FOLDER.fullmatch(entry.path[0])
        if not found or entry.path[0] not in tops:
            continue
        person = Person(found["who"], (("login", found["login"]),))
        attached = entry.path[1] == _ATTACHMENTS if len(entry.path) > 2 else False
        claims.append(
            Claim(entry, (person,) if attached else (), when=times.get(entry.path[0], ""))
        )
    return claims


def _time(entry: Entry, context: Context) -> str:
    try:
        text = entry.read()[:100].decode("ascii", "replace").strip()
    except NotGradable:
        return ""
    return utc_text(parse_time(text, context.zone))
