"""The gradebook as CSV, through nbgrader's exporter interface, safe for spreadsheets and readable
by LMSs; or written into a table that an LMS exported.

``nbgrader export --exporter=autograder.gradebook.export.SafeCsvExporter`` does the same as
``autograder export``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.commands.rename import known_people
from autograder.gradebook.export import STYLES, SafeCsvExporter
from autograder.gradebook.marks import update_penalties
from autograder.gradebook.round_trip import Filled, LabMarks, fill_table
from autograder.intake.students import KnownPerson, Person
from autograder.model.errors import ContentError, UsageError
from autograder.model.result import Status
from autograder.workspace.course import Course, Lab
from autograder.workspace.files import write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["export", "give_back", "graded_labs"]


def graded_labs(course: Course) -> list[str]:
    """The labs in which somebody was graded.

    Raises:
        ContentError: if there are none.
    """
    _prepare(course, [])
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    with open_gradebook(course) as gradebook:
        graded = {row.name for row in gradebook.assignments if row.num_submissions}
    found = [lab.id for lab in course.labs if lab.id in graded]
    if not found:
        raise ContentError("Nobody was graded yet. Run `autograder grade LAB` first.")
    return found


def export(
    course: Course,
    labs: str | Sequence[str],
    *,
    to: Path,
    style: str = "csv",
    bom: bool = False,
) -> Path:
    """Write the marks of one lab, or of several, to ``to`` and return it.

    ``style`` is ``csv`` (nbgrader's columns), ``canvas`` or ``moodle`` (their import columns; no
    submission leaves the mark empty). ``bom`` starts the file with a byte-order mark, by which
    Excel knows UTF-8.

    Raises:
        UsageError: for an unknown lab or style.
        ContentError: if nothing was graded yet.
    """
    chosen = _labs(course, labs)
    if style not in STYLES:
        raise UsageError(f'There is no export style "{style}". Known: {", ".join(STYLES)}.')
    names = [lab.id for lab in chosen]
    _prepare(course, names)
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    statuses = _not_gradable(Workspace(course), names)
    exporter = SafeCsvExporter(to=str(to), assignment=names, style=style, bom=bom)
    exporter.titles, exporter.statuses = {lab.id: lab.title for lab in chosen}, statuses
    with open_gradebook(course) as gradebook:
        for students in statuses.values():
            for student in students:  # they handed in, so they get a row
                gradebook.update_or_create_student(student)
        _check_graded(gradebook, names)
        exporter.export(gradebook)
    return to


def give_back(
    course: Course,
    labs: str | Sequence[str],
    *,
    into: Path,
    to: Path,
    column: str | None = None,
    bom: bool = False,
) -> Filled:
    """Write the marks into a table that the LMS exported, and the table to ``to``.

    Args:
        into: Canvas's gradebook, or Moodle's grading worksheet.
        to: The file to write.
        column: The name of the column, if it is not the lab's title.
        bom: Whether the file begins with a byte-order mark.

    Raises:
        UsageError: for an unknown lab, or a table that takes no marks of it.
        ContentError: if nothing was graded yet.
    """
    chosen = _labs(course, labs)
    if column and len(chosen) > 1:
        raise UsageError("--column names the column of one lab.")
    names = [lab.id for lab in chosen]
    _prepare(course, names)
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    waiting: list[str] = []
    with open_gradebook(course) as gradebook:
        _check_graded(gradebook, names)
        people = _people(gradebook.students, known_people(course), names)
        found = []
        for lab in chosen:
            assignment = gradebook.find_assignment(lab.id)
            submissions = list(assignment.submissions)
            marks = {row.student_id: _points(row) for row in submissions}
            found.append(LabMarks(lab.id, lab.title, float(assignment.max_score), marks))
            waiting += _waiting(lab.id, submissions)
    filled = fill_table(into, found, people, column)
    filled.notes += waiting
    write_atomic(to, filled.sheet.to_bytes(bom=bom))
    return filled


def _labs(course: Course, labs: str | Sequence[str]) -> list[Lab]:
    """The labs of these names."""
    names = [labs] if isinstance(labs, str) else labs
    return [course.lab(name) for name in names]


def _prepare(course: Course, names: Iterable[str]) -> None:
    """See that there is a gradebook, and that its penalties are those of today."""
    if not Workspace(course).gradebook.is_file():
        first = next(iter(names), "LAB")
        raise ContentError(f"There is no gradebook yet. Run `autograder grade {first}` first.")
    for name in names:
        update_penalties(course, name)


def _check_graded(gradebook: Any, names: Iterable[str]) -> None:
    known = {assignment.name for assignment in gradebook.assignments}
    for name in names:
        if name not in known:
            raise ContentError(
                f"{name} is not in the gradebook yet. Run `autograder grade {name}` first."
            )


def _points(submission: Any) -> float:
    """What one submission earns in the end."""
    return max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0))


def _waiting(lab_id: str, submissions: Iterable[Any]) -> list[str]:
    """A sentence about those whose answers are not all marked, if there are any."""
    waits = sorted(row.student_id for row in submissions if row.needs_manual_grade)
    return [f"{lab_id}: not all marked yet: {', '.join(waits)}."] if waits else []


def _people(
    students: Iterable[Any], known: Mapping[str, KnownPerson], labs: Sequence[str]
) -> dict[str, Person]:
    """What tells each student of the gradebook apart: numbers, id, address, name."""
    found = {}
    for student in students:
        before = known.get(student.id, KnownPerson(""))
        pairs = [key.partition(":") for key in sorted(before.identity)]
        keys = [(kind, value) for kind, _, value in pairs if kind != "name"]
        # Moodle numbers participants anew in each assignment.
        mine = {f"moodle/{lab}" for lab in labs}
        keys = [key for key in keys if not key[0].startswith("moodle/") or key[0] in mine]
        keys += [("sid", text) for text in (before.name, student.id) if text]
        keys += [("email", student.email)] if student.email else []
        name = " ".join(filter(None, (student.first_name, student.last_name)))
        found[student.id] = Person(name or before.name, tuple(keys))
    return found


def _not_gradable(workspace: Workspace, labs: Iterable[str]) -> dict[str, dict[str, str]]:
    """Lab -> student -> "not gradable", for those whose hand-in could not be graded."""
    found = {}
    for lab_id in labs:
        records = workspace.read_records(lab_id)
        refused = [student for student, record in records.items() if record.reason]
        found[lab_id] = dict.fromkeys(refused, str(Status.NOT_GRADABLE))
    return found
