"""Who handed it in: found in the roster by number, address, then name; ids unique and safe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.intake.names import (
    alike_keys,
    digest,
    equal_key,
    oddity,
    readings,
    run_together,
    safe_id,
    same_text,
    same_words,
)

__all__ = [
    "KnownPerson",
    "Match",
    "Person",
    "Roster",
    "Student",
    "StudentIds",
    "contradicts",
    "safe_id",
]

_TEXTUAL = ("sid", "login", "email")
"""Kinds of keys that one column of a roster or another may hold: they are looked up in all."""

_GLOBAL = ("canvas", "sid")
"""Kinds of numbers of which a person has one: another number is another person."""


@dataclass(frozen=True)
class Person:
    """Somebody who handed in, as the file or the LMS calls them.

    Attributes:
        name: The name that the LMS shows; it may be anybody's.
        keys: What tells people apart, the surest first: (kind, value), where the kind is
            ``canvas``, ``moodle/LAB``, ``sid``, ``login`` or ``email``.
        is_text: Whether the name is only a text of somebody: a name, an id or an address.
    """

    name: str
    keys: tuple[tuple[str, str], ...] = ()
    is_text: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """The keys as texts, the surest first; without any, the name."""
        return tuple(f"{kind}:{value}" for kind, value in self.keys) or (
            f"name:{same_text(self.name)}",
        )

    @property
    def number(self) -> str:
        """The surest key's value, which tells namesakes apart."""
        return self.keys[0][1] if self.keys else ""


@dataclass(frozen=True)
class Student:
    """One expected student; ``id`` is the roster's own text."""

    id: str
    name: str = ""
    email: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    groups: tuple[str, ...] = ()

    def all_keys(self) -> set[tuple[str, str]]:
        """Everything that stands for this student and nobody else."""
        mail = equal_key(self.email)
        own = {("sid", equal_key(self.id)), ("email", mail), ("login", mail.split("@")[0])}
        own |= {(kind, equal_key(value)) for kind, value in self.keys}
        return {key for key in own if key[1]}


@dataclass(frozen=True)
class Match:
    """Whom a hand-in belongs to in the roster: one, several (a group), or nobody and why."""

    students: tuple[Student, ...] = ()
    how: str = ""
    why: str = ""


_Table = dict[str, list[Student]]


@dataclass
class Roster:
    """The expected students, found by number, id and address, else by a name that is unique."""

    students: list[Student]
    _exact: _Table = field(default_factory=dict)
    _names: _Table = field(default_factory=dict)
    _alike: _Table = field(default_factory=dict)
    _groups: _Table = field(default_factory=dict)

    def __post_init__(self) -> None:
        for student in self.students:
            for kind, value in student.all_keys():
                _enter(self._exact, f"{_table_of(kind)}:{value}", student)
                # A file's name may have lost the signs of an id or address.
                if kind in _TEXTUAL:
                    _enter(self._exact, f"run:{run_together(value)}", student)
            _enter(self._names, equal_key(student.name), student)
            for key in alike_keys(student.name):
                _enter(self._alike, key, student)
            for group in student.groups:
                _enter(self._groups, equal_key(group), student)

    def find(self, hint: str) -> Student | None:
        """The one student a text stands for: an id, an address or a name."""
        found = self.match(Person(hint, is_text=True)).students
        return found[0] if len(found) == 1 else None

    def match(self, person: Person) -> Match:
        """Whom a person of a file or LMS stands for."""
        for kind, value in person.keys:
            found = self._exact.get(f"{_table_of(kind)}:{equal_key(value)}", [])
            if len(found) == 1:
                return Match((found[0],), "number")
        if person.is_text:
            for key in (f"text:{equal_key(person.name)}", f"run:{run_together(person.name)}"):
                found = self._exact.get(key, [])
                if len(found) == 1:
                    return Match((found[0],), "number")
        return self._by_name(person)

    def _by_name(self, person: Person) -> Match:
        for reading in readings(person.name):
            # A name that is spelt the same comes before one that only resembles it.
            tables = [(self._names, equal_key(reading))]
            tables += [(self._alike, same_words(reading)), (self._alike, run_together(reading))]
            for table, key in tables:
                found = table.get(key, []) if key else []
                if len(found) == 1:
                    found = found + self._turned(found[0])
                if len(found) > 1:
                    ids = " and ".join(student.id for student in found)
                    return Match(why=f"the name fits {ids}")
                if found and not contradicts(person, found[0]):
                    return Match((found[0],), "name")
            if group := self._groups.get(equal_key(reading)):
                return Match(tuple(group), "group")
        odd = oddity(person.name)
        nobody = "nobody in the roster has this number, address or name"
        return Match(why=f"{nobody}; {odd}" if odd else nobody)

    def _turned(self, student: Student) -> list[Student]:
        """Others with the same words in another order: either may come first in an LMS."""
        words = sorted(equal_key(student.name).split())
        alike = self._alike.get(same_words(student.name), [])
        others = [one for one in alike if one != student]
        return [one for one in others if sorted(equal_key(one.name).split()) == words]


def _table_of(kind: str) -> str:
    return "text" if kind in _TEXTUAL else kind.partition("/")[0]


def _enter(table: _Table, key: str, student: Student) -> None:
    there = table.setdefault(key, [])
    if key and student not in there:
        there.append(student)


def contradicts(person: Person, student: Student) -> bool:
    """Whether both have a number of the same kind, and not the same one."""
    own = dict(student.keys)
    for kind, value in person.keys:
        # Moodle's numbers are those of one assignment: "moodle/LAB" in files, "moodle" in a row.
        kind, of_assignment, _ = kind.partition("/")
        numbered = kind in _GLOBAL or (kind == "moodle" and of_assignment)
        if numbered and kind in own and equal_key(own[kind]) != equal_key(value):
            return True
    return False


@dataclass(frozen=True)
class KnownPerson:
    """Somebody who was collected before: what they were called, and what told them apart."""

    name: str
    identity: frozenset[str] = frozenset()


class StudentIds:
    """Safe ids, one per person: known people keep theirs, two people never share one."""

    def __init__(self, known: Mapping[str, KnownPerson]) -> None:
        self._by_key: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._identity: dict[str, set[str]] = {}
        self._taken: set[str] = set()
        for student_id, person in known.items():
            self._note(student_id, person.name, person.identity)

    def add(self, people: Sequence[Person]) -> dict[Person, str]:
        """An id for each person."""
        names = [same_text(person.name) for person in people]
        ids: dict[Person, str] = {}
        new: list[Person] = []
        for person in people:
            known = self._known(person, names.count(same_text(person.name)) == 1)
            if known:
                ids[person] = known
                self._note(known, person.name, person.identity)
            else:
                new.append(person)
        # Names that are safe as they are come first, so that nobody else can take theirs.
        for person in sorted(new, key=lambda one: (safe_id(one.name) != one.name, one.identity)):
            alone = names.count(same_text(person.name)) == 1
            alone &= not self._by_name.get(same_text(person.name))
            ids[person] = self._new(person, alone)
            self._note(ids[person], person.name, person.identity)
        return ids

    def add_expected(self, students: Iterable[Student]) -> dict[str, str]:
        """Roster id -> id used here; whoever is called so already keeps it."""
        ids = {}
        for student in students:
            called = self._by_name.get(same_text(student.id), [])
            key = f"roster:{student.id}"
            known = self._by_key.get(key) or (called[0] if len(called) == 1 else "")
            if not known and student.id in self._identity:  # renamed to it
                known = student.id
            ids[student.id] = known or self._free(safe_id(student.id), student.id)
            self._note(ids[student.id], student.id, {key})
        return ids

    def _known(self, person: Person, is_alone: bool) -> str:
        """The id of somebody known; a name alone tells only if nobody else has it."""
        for key in person.identity:
            if key in self._by_key:
                return self._by_key[key]
        called = self._by_name.get(same_text(person.name), [])
        if len(called) != 1 or not is_alone or self._contradicts(called[0], person):
            return ""
        return called[0]

    def _contradicts(self, student_id: str, person: Person) -> bool:
        kinds = {key.partition(":")[0] for key in self._identity[student_id]} - {"name"}
        own = {key.partition(":")[0] for key in person.identity}
        return bool(kinds & own)

    def _new(self, person: Person, is_alone: bool) -> str:
        shown = person.name
        if person.number and (not is_alone or not shown):
            shown = f"{shown}_{person.number}" if shown else person.number
        return self._free(safe_id(shown), " ".join((person.name, *person.identity)))

    def _free(self, student_id: str, whole: str) -> str:
        return (
            f"{student_id}-{digest(whole)}" if student_id.casefold() in self._taken else student_id
        )

    def _note(self, student_id: str, name: str, identity: Iterable[str]) -> None:
        self._taken.add(student_id.casefold())
        mine = self._identity.setdefault(student_id, set())
        mine |= set(identity)
        for key in identity:
            self._by_key.setdefault(key, student_id)
        called = self._by_name.setdefault(same_text(name), [])
        if student_id not in called:
            called.append(student_id)
