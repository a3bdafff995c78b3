"""Hand-ins -> students: each goes to everybody it belongs to, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from autograder.intake.claims import Handin
from autograder.intake.names import equal_key
from autograder.intake.students import KnownPerson, Match, Person, Roster, Student, StudentIds

__all__ = ["Owned", "Owners", "Unmatched", "by_roster", "by_themselves", "without_tests"]


@dataclass
class Owned:
    """One student's hand-in.

    Attributes:
        student: The id used here.
        name: The name people read.
        known_as: What the roster or the files call the student.
        handin: What was handed in.
        identity: What told the student apart.
        notes: What the instructor must know of how the owner was found.
    """

    student: str
    name: str
    known_as: str
    handin: Handin
    identity: tuple[str, ...]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Unmatched:
    """A hand-in that nobody gets, and why."""

    person: Person
    handin: Handin
    why: str


@dataclass
class Owners:
    """Whose the hand-ins are."""

    owned: list[Owned] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)


@dataclass
class _Claimant:
    """Somebody who stands for a student of the roster."""

    person: Person
    handin: Handin
    how: str


def by_themselves(handins: Iterable[Handin], known: Mapping[str, KnownPerson]) -> Owners:
    """The owners without a roster: everybody has an id of their own."""
    people: dict[str, Person] = {}
    merged: dict[str, Handin] = {}
    for handin in handins:
        for person in handin.people:
            key = person.identity[0]
            people.setdefault(key, person)
            merged[key] = _joined(merged.get(key), handin)
    ids = StudentIds(known).add(list(people.values()))
    owners = Owners()
    for key, person in people.items():
        shown = person.name or person.number
        owners.owned.append(Owned(ids[person], shown, person.name, merged[key], person.identity))
    return owners


def by_roster(
    handins: Iterable[Handin],
    roster: Roster,
    ids: Mapping[str, str],
    known: Mapping[str, KnownPerson],
    *,
    force: bool = False,
) -> Owners:
    """The owners by a roster; who is not in it is named, and gets nothing.

    Args:
        handins: What was found.
        roster: The expected students.
        ids: Roster id -> id used here.
        known: Who was collected before, by the id used here.
        force: Whether a hand-in may change its owner.
    """
    owners = Owners()
    before = _before(roster, ids, known)
    claimants: dict[str, list[_Claimant]] = {}
    students = {student.id: student for student in roster.students}
    moved: dict[str, list[str]] = {}
    for handin in handins:
        for person in handin.people:
            earlier = next((before[key] for key in person.identity if key in before), None)
            match = roster.match(person)
            match, why = _settled(match, earlier, force=force)
            if why and not match.students:
                owners.unmatched.append(Unmatched(person, handin, why))
                continue
            for student in match.students:
                claimants.setdefault(student.id, []).append(_Claimant(person, handin, match.how))
                if why:
                    moved.setdefault(student.id, []).append(why)
    for roster_id, claims in claimants.items():
        kept = _undisputed(roster_id, claims, owners)
        if kept:
            owned = _owned(students[roster_id], ids[roster_id], kept)
            owned.notes += moved.get(roster_id, [])
            owners.owned.append(owned)
    return owners


def without_tests(owners: Owners, tests: Roster) -> list[str]:
    """Take out what the LMS's own test students handed in, by their numbers.

    Returns:
        The names of their files.
    """
    passed: list[str] = []
    for one in list(owners.unmatched):
        if tests.match(one.person).how == "number":
            owners.unmatched.remove(one)
            files = [entry.shown for entry in one.handin.entries]
            passed += [f"{name} (the LMS's own test student)" for name in files]
    return passed


def _before(
    roster: Roster, ids: Mapping[str, str], known: Mapping[str, KnownPerson]
) -> dict[str, Student]:
    """What told somebody apart in an earlier run -> the student of the roster it was then."""
    by_id = {ids[student.id]: student for student in roster.students}
    found: dict[str, Student] = {}
    for student_id, person in known.items():
        if student_id in by_id:
            found.update(dict.fromkeys(person.identity, by_id[student_id]))
    return found


def _settled(match: Match, earlier: Student | None, *, force: bool) -> tuple[Match, str]:
    """Whom it is, after what was decided in an earlier run; and what is to be said of it."""
    if earlier is None or match.students == (earlier,) or match.how == "group":
        return match, match.why
    if match.how != "number":  # a name never undoes what was settled, by `--as` for instance
        return Match((earlier,), "number"), ""
    new = match.students[0].id
    if force:
        return match, f"This hand-in was {earlier.id}'s before."
    return Match(), f"it is {new}'s now, and was collected as {earlier.id}'s; --force moves it"


def _undisputed(roster_id: str, claims: list[_Claimant], owners: Owners) -> list[_Claimant]:
    """The claims on a student that can all be true; the others match nobody."""
    sure = [claim for claim in claims if claim.how != "name"]
    pillars = sure or claims
    kept: list[_Claimant] = []
    for claim in claims:
        rivals = [one for one in pillars if one is not claim and _are_two(one.person, claim.person)]
        if not rivals or claim in sure:
            kept.append(claim)
            continue
        other = rivals[0].person
        why = f'two people claim to be {roster_id}: "{claim.person.name}" and "{other.name}"'
        numbers = f" ({claim.person.number} and {other.number})" if claim.person.number else ""
        owners.unmatched.append(Unmatched(claim.person, claim.handin, why + numbers))
    return kept


def _are_two(first: Person, second: Person) -> bool:
    """Whether an LMS has two numbers for them."""
    own = dict(first.keys)
    both = [kind for kind, _ in second.keys if kind in own]
    differ = [kind for kind in both if equal_key(own[kind]) != equal_key(dict(second.keys)[kind])]
    return bool(both) and both[0] in differ


def _owned(student: Student, student_id: str, claims: list[_Claimant]) -> Owned:
    handin: Handin | None = None
    identity: list[str] = []
    for claim in claims:
        handin = _joined(handin, claim.handin)
        # A group's name stands for all of its members, and for nobody of them.
        if claim.how != "group":
            identity += claim.person.identity
    assert handin is not None
    return Owned(student_id, student.name or student.id, student.id, handin, tuple(identity))


def _joined(old: Handin | None, new: Handin) -> Handin:
    """What one person handed in at several places; of dated attempts the last one counts."""
    if old is None:
        return replace(new, entries=list(new.entries), earlier=list(new.earlier))
    if old.attempt != new.attempt:
        first, last = sorted((old, new), key=lambda handin: handin.attempt)
        passed = [entry.shown for entry in first.entries]
        return replace(last, entries=list(last.entries), earlier=[*last.earlier, *passed])
    return replace(
        old,
        entries=[*old.entries, *new.entries],
        earlier=[*old.earlier, *new.earlier],
        when=max(old.when, new.when),
        late=old.late or new.late,
        advice=old.advice or new.advice,
        problem=old.problem or new.problem,
    )
