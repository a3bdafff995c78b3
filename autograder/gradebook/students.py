"""Students of a roster in the gradebook."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.intake.students import Roster
from autograder.workspace.course import Course

__all__ = ["enrol"]


def enrol(course: Course, roster: Roster, ids: Mapping[str, str]) -> None:
    """Write names and addresses into nbgrader's gradebook, under the ids used here."""
    # nbgrader is slow to import, and needed for rosters only
    from autograder.gradebook.database import open_gradebook

    course.workspace.mkdir(parents=True, exist_ok=True)
    with open_gradebook(course) as gradebook:
        for student in roster.students:
            first, last = _first_last(student.name)
            gradebook.update_or_create_student(
                ids[student.id], first_name=first, last_name=last, email=student.email or None
            )


def _first_last(name: str) -> tuple[str, str]:
    """ "Jane Mary Doe" or "Doe, Jane Mary" -> ("Jane Mary", "Doe")."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()
