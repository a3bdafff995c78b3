"""GitHub Classroom: a folder of clones, ``lab1-jdoe``, ``lab1-adal``, all with one prefix.

``gh classroom clone`` makes it, or a loop over the class. The login is what the column
``github_username`` of GitHub's roster tells. Commit times are a student's own, and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person

__all__ = ["find"]

_LOGIN = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}(?:-\d)?")


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The clones, if all folders have one prefix and a GitHub login after it."""
    tops = sorted({entry.path[0] for entry in entries if len(entry.path) > 1})
    prefix = _prefix(tops, context)
    logins = {top: top[len(prefix) :] for top in tops if top.startswith(prefix)}
    if not prefix or not all(_LOGIN.fullmatch(login) for login in logins.values()):
        return []
    claims = []
    for entry in entries:
        login = logins.get(entry.path[0], "") if len(entry.path) > 1 else ""
        if login:
            claims.append(Claim(entry, (Person(login, (("login", login),)),)))
    return claims


def _prefix(tops: Sequence[str], context: Context) -> str:
    """The lab's own name; else what all folders begin with, if the roster knows what follows."""
    slug = re.sub(r"[\W_]+", "-", context.lab).casefold()
    named = [top for top in tops if top.casefold().startswith(f"{slug}-")]
    if len(tops) == 1 and tops[0].endswith("-submissions"):  # the folder around all clones
        return ""
    if named and len(named) == len(tops):
        return tops[0][: len(slug) + 1]
    common = _common(tops) if len(tops) > 1 else ""
    known = [top for top in tops if context.in_roster(top[len(common) :])]
    return common if known and not any(map(context.in_roster, tops)) else ""


def _common(tops: Sequence[str]) -> str:
    """The words, up to a hyphen, with which all names begin."""
    first, last = min(tops).split("-"), max(tops).split("-")
    shared: list[str] = []
    # Between the first and the last in order, all others begin alike.
    for one, other in zip(first[:-1], last[:-1], strict=False):
        if one != other:
            break
        shared.append(one)
    return "".join(f"{word}-" for word in shared)
