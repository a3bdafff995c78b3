"""Moodle, "Download all submissions": ``Jane Doe_123_assignsubmission_file_``.

That is a folder (Moodle 3 and 4, with or without the last underscore), or the beginning of a flat
file's name. The number is the participant's *in this assignment*: the grading worksheet has it as
"Participant 123". With blind marking the name is a word such as "Participant", in any language.
An online text beside the file is ``..._assignsubmission_onlinetext_``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.intake.claims import Claim, Context
from autograder.intake.entries import Entry
from autograder.intake.students import Person

__all__ = ["find"]

_NAME = re.compile(
    r"(?P<who>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BLIND = frozenset(
    (
        *("participant", "participante", "participantă", "partecipante", "student"),
        *("teilnehmer", "teilnehmer/in", "teilnehmer-in", "deelnemer", "deltaker", "deltager"),
        *("deltagare", "osallistuja", "uczestnik", "účastník", "résztvevő", "katılımcı"),
        *("участник", "учасник", "συμμετέχων", "משתתף", "مشارك"),
        *("参加者", "参与者", "參與者", "참가자"),
    )
)
_ADVICE = "This is text that was typed into Moodle. Hand in the .ipynb file of the lab."


def find(entries: Sequence[Entry], context: Context) -> list[Claim]:
    """The folders and files whose names Moodle made."""
    claims = []
    for entry in entries:
        found = _NAME.fullmatch(entry.path[0])
        if not found:
            continue
        who, number = found["who"].strip(), found["number"]
        # The word is everybody's; the number tells whose it is.
        if who.casefold() in _BLIND:
            who = f"{who}_{number}"
        # A download of one group has the group's name in front.
        rest = who.partition("-")[2]
        if rest and context.in_roster(rest) and not context.in_roster(who):
            who = rest
        person = Person(who, ((f"moodle/{context.lab}", number),))
        is_text = found["kind"].lower() == "onlinetext"
        claims.append(Claim(entry, (person,), advice=_ADVICE if is_text else ""))
    return claims
