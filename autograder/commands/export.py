"""The gradebook as CSV, through nbgrader's exporter interface, safe for spreadsheets and readable
by LMSs.

``nbgrader export --exporter=autograder.gradebook.export.SafeCsvExporter`` does the same as
``autograder export``.
"""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook.export import STYLES, SafeCsvExporter
from autograder.gradebook.marks import update_penalties
from autograder.model.errors import ContentError, UsageError
from autograder.model.result import Status
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["export"]


def export(course: Course, lab_id: str, *, to: Path, style: str = "csv", bom: bool = False) -> Path:
    """Write the marks of one lab to ``to`` and return it.

    ``style`` is ``csv`` (nbgrader's columns), ``canvas`` or ``moodle`` (their import columns; no
    submission leaves the mark empty). ``bom`` starts the file with a byte-order mark, by which
    Excel knows UTF-8.

    Raises:
        UsageError: for an unknown lab or style.
        ContentError: if nothing was graded yet.
    """
    lab = course.lab(lab_id)
    if style not in STYLES:
        raise UsageError(f'There is no export style "{style}". Known: {", ".join(STYLES)}.')
    workspace = Workspace(course)
    if not workspace.gradebook.is_file():
        raise ContentError(f"There is no gradebook yet. Run `autograder grade {lab_id}` first.")
    from autograder.gradebook.database import open_gradebook  # nbgrader is slow to import

    update_penalties(course, lab.id)
    statuses = _not_gradable(workspace, lab.id)
    exporter = SafeCsvExporter(to=str(to), assignment=[lab.id], style=style, bom=bom)
    exporter.titles, exporter.statuses = {lab.id: lab.title}, statuses
    with open_gradebook(course) as gradebook:
        for student in statuses:  # they handed in, so they get a row
            gradebook.update_or_create_student(student)
        if lab.id not in {assignment.name for assignment in gradebook.assignments}:
            raise ContentError(
                f"{lab_id} is not in the gradebook yet. Run `autograder grade {lab_id}` first."
            )
        exporter.export(gradebook)
    return to


def _not_gradable(workspace: Workspace, lab_id: str) -> dict[str, str]:
    """Student -> "not gradable", for those whose hand-in could not be graded."""
    records = workspace.read_records(lab_id)
    return {
        student: str(Status.NOT_GRADABLE) for student, record in records.items() if record.reason
    }
