"""A student's id is changed, or a student is forgotten, in everything the workspace holds."""

from __future__ import annotations

from autograder.gradebook.students import forget_student, rename_student
from autograder.intake.names import safe_id
from autograder.intake.students import KnownPerson, Person, Roster
from autograder.model.errors import UsageError, did_you_mean
from autograder.workspace.course import Course
from autograder.workspace.lock import workspace_lock
from autograder.workspace.workspace import Workspace

__all__ = ["forget", "known_people", "rename", "rename_by_roster"]


def known_people(course: Course) -> dict[str, KnownPerson]:
    """Everybody who was collected before, by the id used here."""
    known = {}
    for student, (name, identity) in Workspace(course).known_people().items():
        known[student] = KnownPerson(name, identity)
    return known


def rename(course: Course, old: str, new: str) -> list[str]:
    """Give a student another id: submissions, originals, results, pages and gradebook follow.

    Returns:
        What was renamed, as paths in the workspace.

    Raises:
        UsageError: if there is no such student, or somebody has the new id already.
    """
    with workspace_lock(course, f"rename {old}"):
        _check_there(course, old)
        if Workspace(course).traces(new):
            raise UsageError(
                f'There is a student "{new}" already; two people never become one. '
                f"`autograder forget` puts one of them away."
            )
        return _rename(course, old, new)


def forget(course: Course, student: str) -> list[str]:
    """Take a student out of everything; what they handed in is kept in the trash folder.

    Returns:
        Where it is now, as paths in the workspace.

    Raises:
        UsageError: if there is no such student.
    """
    with workspace_lock(course, f"forget {student}"):
        _check_there(course, student)
        moved = Workspace(course).put_away(student)
        forget_student(course, student)
        return moved


def rename_by_roster(course: Course, roster: Roster) -> list[str]:
    """Students who were collected without the roster take the id they have in it.

    Returns:
        A sentence for each.
    """
    workspace = Workspace(course)
    known = known_people(course)
    taken = {student.id for student in roster.students}
    found: dict[str, list[str]] = {}
    for student_id, person in known.items():
        if student_id in taken or person.name in taken:
            continue
        for student in roster.match(_as_person(person)).students[:1]:
            found.setdefault(student.id, []).append(student_id)
    said = []
    for roster_id, olds in sorted(found.items()):
        new = safe_id(roster_id)
        if len(olds) == 1 and not workspace.traces(new):
            _rename(course, olds[0], new, roster_id)
            said.append(f"{olds[0]} is {new} in the roster, and is called so now.")
        else:
            names = ", ".join(olds)
            said.append(
                f"{names} may be {new}, who is here already: `autograder forget ID` puts away "
                "whoever should not be here."
            )
    return said


def _as_person(person: KnownPerson) -> Person:
    pairs = [key.partition(":") for key in sorted(person.identity) if not key.startswith("name:")]
    keys = tuple((kind, value) for kind, _, value in pairs)
    return Person(person.name, keys, is_text=not keys)


def _rename(course: Course, old: str, new: str, known_as: str = "") -> list[str]:
    moved = Workspace(course).rename_student(old, new, known_as)
    rename_student(course, old, new)
    return moved


def _check_there(course: Course, student: str) -> None:
    if not Workspace(course).traces(student):
        known = sorted(known_people(course))
        hint = did_you_mean(student, known) if known else ""
        raise UsageError(f'There is no student "{student}".{hint}')
