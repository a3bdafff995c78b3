"""The gradebook as CSV, through nbgrader's exporter interface, safe for spreadsheets and readable
by LMSs.

``nbgrader export --exporter=autograder.gradebook.export.SafeCsvExporter`` does the same as ``autograder
export``.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from autograder.gradebook.export import STYLES, SafeCsvExporter
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course

__all__ = ["export"]


def export(course: Course, lab_id: str, *, to: Path, style: str = "csv", bom: bool = False) -> Path:
    """Write the marks of one lab to ``to`` and return it.

    ``style`` is ``csv`` (nbgrader's columns), ``canvas`` or ``moodle`` (their import columns; no
    submission leaves the mark empty). ``bom`` starts the file with a byte-order mark, by which
    Excel knows UTF-8.
    """
    lab = course.lab(lab_id)
    if style not in STYLES:
        raise UsageError(f'There is no export style "{style}". Known: {", ".join(STYLES)}.')
    if not (course.workspace / "gradebook.db").is_file():
        raise ContentError(f"There is no gradebook yet. Run `autograder grade {lab_id}` first.")
    from autograder.gradebook.nbgrader import open_gradebook

    statuses = _not_gradable(course, lab.id)
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


def _not_gradable(course: Course, lab_id: str) -> dict[str, str]:
    """Student -> "not gradable", for those whose hand-in could not be graded."""
    found = {}
    for path in sorted((course.workspace / "collected" / lab_id).glob("*.json")):
        with contextlib.suppress(OSError, ValueError):
            if json.loads(path.read_text(encoding="utf-8")).get("reason"):
                found[path.stem] = "not gradable"
    return found
