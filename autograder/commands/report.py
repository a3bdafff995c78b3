"""One page for the instructor: how the class did, where it stumbles, and what needs a human eye."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.commands.feedback import released_notebook
from autograder.gradebook.marks import open_marks
from autograder.model.errors import ContentError
from autograder.reporting.class_report import make_report
from autograder.reporting.feedback_page import Cells
from autograder.reporting.render import page
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic

__all__ = ["report"]


def report(course: Course, lab_id: str) -> Path:
    """Write ``workspace/reports/L.html`` from the results of everyone who was graded."""
    lab = course.lab(lab_id)
    results = [
        _json(path) for path in sorted((course.workspace / "results" / lab_id).glob("*.json"))
    ]
    results = [result for result in results if result.get("student")]
    if not results:
        raise ContentError(f"{lab_id} has no results yet. Run `autograder grade {lab_id}` first.")
    records = {
        path.stem: _json(path) for path in (course.workspace / "collected" / lab_id).glob("*.json")
    }
    with open_marks(course, lab_id) as reader:
        expected = reader.students()
    shown = make_report(
        course=course.name,
        lab_title=lab.title,
        lab=lab_id,
        results=results,
        names={student: str(record.get("name") or student) for student, record in records.items()},
        expected=expected,
        cells=Cells(released_notebook(course, lab_id)),
    )
    path = course.workspace / "reports" / f"{lab_id}.html"
    write_atomic(path, page("report.html.j2", page=shown).encode("utf-8", "replace"))
    return path


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
