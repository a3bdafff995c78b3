"""300 made-up students through every layout, with every roster: nobody lost, doubled or late."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.intake.claims import Context, Handin
from autograder.intake.find import find_handins
from autograder.intake.owners import by_roster, by_themselves
from autograder.intake.rosters import inspect_roster
from autograder.intake.students import KnownPerson, StudentIds
from autograder.intake.times import utc_text
from tests.autograder import tiny
from tests.autograder.intake.made_up import (
    AGAIN,
    GROUPS,
    LAYOUTS,
    PEOPLE,
    ROSTERS,
    ZONE,
    Download,
    Person,
    marked,
    write,
)
from tests.autograder.tiny import LAB

BLANK = tiny.to_bytes(tiny.release())
DEADLINE = "2026-03-01 12:00:00"


def made(layout: str) -> Download:
    """The download of a layout."""
    return LAYOUTS[layout](lambda who: marked(BLANK, who))


def whose(handin: Handin) -> set[str]:
    """Who wrote what is in a hand-in, as the notebooks in it say."""
    found = set()
    for entry in handin.entries:
        data = entry.read()
        if entry.name.endswith(".ipynb"):
            found.add(data.partition(b"# of ")[2].partition(b'"')[0].decode("unicode_escape"))
    return found


def expected(person: Person, download: Download) -> str:
    """What stands in the notebook that counts for a person."""
    for group, members in GROUPS.items():
        if download.groups and person in members:
            return group
    return person.id


# A roster that has what the layout names: without it, names decide, and namesakes are unmatched.
TELLING = {
    "Canvas": {"Canvas"},
    "Canvas groups": {"Canvas"},
    "Moodle folders": {"Moodle grading worksheet"},
    "Moodle 3 folders": {"Moodle grading worksheet"},
    "Moodle flat": {"Moodle grading worksheet"},
    "Blackboard": set(ROSTERS),
    "Gradescope": set(ROSTERS),
    "nbgrader exchange": set(ROSTERS),
    "Sakai": set(ROSTERS),
    "ILIAS": set(ROSTERS),
    "a folder per id": set(ROSTERS),
    "GitHub Classroom": set(ROSTERS),
}
HAS_GROUPS = {"Canvas", "Moodle grading worksheet", "Moodle"}


@pytest.mark.parametrize("roster", ROSTERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_everybody_has_their_own_and_nobody_is_late(
    layout: str, roster: str, tmp_path: Path
) -> None:
    """Each of 300 gets exactly what they handed in; who cannot be told is named, never guessed."""
    download = made(layout)
    reading = inspect_roster(write(tmp_path / "roster.csv", ROSTERS[roster]()))
    assert reading.kind == roster
    assert len(reading.roster.students) == len(PEOPLE)
    context = Context(LAB, [LAB, "other_lab"], reading.roster, ZONE)
    source = write(tmp_path / "all.zip", download.zipped())
    handins, _ = find_handins(source, context)
    ids = StudentIds({}).add_expected(reading.roster.students)
    owners = by_roster(handins, reading.roster, ids, {})
    told = {p.id for p in PEOPLE}
    if roster not in TELLING.get(layout, ()):
        told -= {p.id for p in PEOPLE if p.namesake}
    if layout == "Canvas groups" and roster not in HAS_GROUPS:
        told -= {p.id for members in GROUPS.values() for p in members}
    by_id = {p.id: p for p in PEOPLE}
    assert {owned.student for owned in owners.owned} == told
    for owned in owners.owned:
        person = by_id[owned.student]
        assert whose(owned.handin) == {expected(person, download)}
        assert not owned.handin.late
        if download.knows_time:
            assert owned.handin.when[:16] < DEADLINE
            if person in AGAIN or layout not in ("Gradescope",):
                assert owned.handin.when[:16] == utc_text(person.when)[:16]
        else:
            assert owned.handin.when == ""
        if download.attempts and person in AGAIN:
            assert len(owned.handin.earlier) == 1
    # Whoever is not told is listed by name.
    left = {name for one in owners.unmatched for name in whose(one.handin)}
    assert left == {
        expected(p, download)
        for p in PEOPLE
        if p.id not in told and (download.namesakes or not p.namesake)
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_roster_nobody_shares_an_id(layout: str, tmp_path: Path) -> None:
    """Namesakes have two ids, today and in a second collection in another order."""
    download = made(layout)
    context = Context(LAB, [LAB, "other_lab"], None, ZONE)
    source = write(tmp_path / "all.zip", download.zipped())
    handins, _ = find_handins(source, context)
    owners = by_themselves(handins, {})
    known: dict[str, KnownPerson] = {}
    names: dict[str, set[str]] = {}
    for owned in owners.owned:
        assert len(whose(owned.handin)) == 1
        assert owned.student not in known
        known[owned.student] = KnownPerson(owned.known_as, frozenset(owned.identity))
        names[owned.student] = whose(owned.handin)
    count = len(PEOPLE) if download.namesakes else len(PEOPLE) - 20
    if layout == "Canvas groups":
        count -= sum(len(members) for members in GROUPS.values()) - len(GROUPS)
    assert len(owners.owned) == count
    again = by_themselves(reversed(handins), known)
    assert {owned.student: whose(owned.handin) for owned in again.owned} == names
