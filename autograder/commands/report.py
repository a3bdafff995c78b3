"""One page for the instructor: how the class did, where it stumbles, and what needs a human eye."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.commands.feedback import release_or_none
from autograder.gradebook.marks import open_marks, update_penalties
from autograder.model.collect_record import CollectRecord
from autograder.model.errors import ContentError
from autograder.reporting.cells import Cells
from autograder.reporting.class_report import make_report
from autograder.reporting.render import page
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace

__all__ = ["report"]


def report(course: Course, lab_id: str) -> Path:
    """Write ``workspace/reports/L.html`` from the results of everyone who was graded.

    Raises:
        ContentError: if nobody was.
    """
    lab, workspace, stored = course.lab(lab_id), Workspace(course), Results(course, lab_id)
    found = map(stored.read, stored.students())
    results = [result for result in found if result is not None]
    if not results:
        raise ContentError(f"{lab_id} has no results yet. Run `autograder grade {lab_id}` first.")
    records, names = workspace.read_records(lab_id), {}
    for student, record in records.items():
        names[student] = record.name or student
    update_penalties(course, lab_id)
    with open_marks(course, lab_id) as reader:
        expected = reader.students()
        lateness = {}
        for result in results:
            marks = reader.marks(result.student)
            if marks is not None:
                said = records.get(result.student, CollectRecord()).late
                lateness[result.student] = replace(marks.lateness, said_late=said)
    shown = make_report(
        course=course.name,
        lab_title=lab.title,
        lab=lab_id,
        results=results,
        names=names,
        expected=expected,
        cells=Cells(release_or_none(workspace, lab_id)),
        lateness=lateness,
    )
    path = workspace.report(lab_id)
    write_atomic(path, page("report.html.j2", page=shown).encode("utf-8", "replace"))
    return path
