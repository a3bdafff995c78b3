"""Canvas, "Download Submissions": ``doejane_LATE_123_4567_lab.ipynb`` in one flat folder.

The first number is the user's, the same in every assignment and in the gradebook's column "ID". A
text entry is ``doejane_123_text.html``, a web address ``doejane_123_link.html``. Only the newest
attempt is in the archive. In an anonymous assignment it is ``anon_x1Y2z_4567_lab.ipynb``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person

__all__ = ["find"]

_FILE = re.compile(r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.I)
_TEXT = re.compile(
    r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file>text|link)\.html", re.I
)
_ANONYMOUS = re.compile(r"anon_(?P<late>LATE_)?(?P<number>[A-Za-z0-9]{5})_(?:\d+_)?(?P<file>.+)")
_ADVICE = {
    "text": "This is text that was typed into Canvas. Hand in the .ipynb file of the lab.",
    "link": "This is a link, and links are not followed. Hand in the .ipynb file of the lab.",
}


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The files whose names Canvas made."""
    claims = []
    for entry in entries:
        name = entry.path[0]
        found = _TEXT.fullmatch(name) or _FILE.fullmatch(name) or _ANONYMOUS.fullmatch(name)
        if len(entry.path) > 1 or found is None or "assignsubmission" in name:
            continue
        # Who is anonymous is told apart by what stands in place of the number.
        anonymous = found.re is _ANONYMOUS
        who = f"anon_{found['number']}" if anonymous else found["who"]
        kind = f"canvas-anonymous/{context.lab}" if anonymous else "canvas"
        person = Person(who, ((kind, found["number"]),))
        advice = _ADVICE.get(found["file"].lower(), "")
        claims.append(Claim(entry, (person,), late=bool(found["late"]), advice=advice))
    return claims
