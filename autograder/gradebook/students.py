"""Students of a roster in the gradebook."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.intake.students import Roster
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["enrol", "forget_student", "rename_student"]


def enrol(course: Course, roster: Roster, ids: Mapping[str, str]) -> None:
    """Write names and addresses into nbgrader's gradebook, under the ids used here."""
    # nbgrader is slow to import, and needed for rosters only
    import nbgrader.api

    from autograder.gradebook.database import open_gradebook

    course.workspace.mkdir(parents=True, exist_ok=True)
    with open_gradebook(course) as gradebook:
        there = {row.id: row for row in gradebook.students}
        for student in roster.students:
            row = there.get(ids[student.id])
            if row is None:
                row = nbgrader.api.Student(id=ids[student.id])
                gradebook.db.add(row)
            row.first_name, row.last_name = _first_last(student.name)
            row.email = student.email or None
        # Once for all: nbgrader's own way waits for the disk after each student.
        gradebook.db.commit()


def rename_student(course: Course, old: str, new: str) -> None:
    """Give a student another id; marks, comments and points given by hand go with them."""
    if not Workspace(course).gradebook.is_file():
        return
    from nbgrader.api import MissingEntry

    from autograder.gradebook.database import open_gradebook

    with open_gradebook(course) as gradebook:
        try:
            student = gradebook.find_student(old)
        except MissingEntry:
            return
        person = {"first_name": student.first_name, "last_name": student.last_name}
        renamed = gradebook.update_or_create_student(new, email=student.email, **person)
        # Everything else hangs on the submission, whose own id does not change.
        for submission in list(student.submissions):
            submission.student = renamed
        gradebook.db.flush()
        gradebook.db.delete(student)
        gradebook.db.commit()


def forget_student(course: Course, student_id: str) -> None:
    """Take a student and all of their marks out of the gradebook."""
    if not Workspace(course).gradebook.is_file():
        return
    from nbgrader.api import MissingEntry

    from autograder.gradebook.database import open_gradebook

    with open_gradebook(course) as gradebook:
        try:
            gradebook.remove_student(student_id)
        except MissingEntry:
            return


def _first_last(name: str) -> tuple[str, str]:
    """ "Jane Mary Doe" or "Doe, Jane Mary" -> ("Jane Mary", "Doe")."""
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()
