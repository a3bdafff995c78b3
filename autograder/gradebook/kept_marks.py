"""Marks that a person gave, kept when a submission is graded again.

nbgrader keeps the points but asks for a review of each of them. :class:`SaveMarks`, which stands
where its ``SaveAutoGrades`` stood, asks only if the answer or the automatic points have changed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import traitlets
from nbgrader.preprocessors import SaveAutoGrades

from autograder.notebooks.roles import cell_name
from autograder.workspace.course import load_course
from autograder.workspace.files import read_json, write_json
from autograder.workspace.workspace import Workspace

__all__ = ["SaveMarks"]


class SaveMarks(SaveAutoGrades):
    """Saves automatic points; of points by hand, asks for a review only of changed answers."""

    course_root = traitlets.Unicode(help="the folder of course.toml").tag(config=True)
    workspace = traitlets.Unicode(help="nbgrader's course tree").tag(config=True)

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Save the points of one notebook, and note what they were given for."""
        names = resources["nbgrader"]
        course = load_course(Path(self.course_root), workspace=Path(self.workspace))
        path = Workspace(course).marked(names["student"], names["assignment"])
        self._answers = _answers(nb)
        self._before: dict[str, Any] = read_json(path) or {}
        self._now: dict[str, Any] = {}
        nb, resources = super().preprocess(nb, resources)
        if self._now != self._before:
            write_json(path, self._now)
        return nb, resources

    def _add_score(self, cell: Any, resources: dict[str, Any]) -> None:
        name = cell_name(cell)
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        waited = bool(grade.needs_manual_grade)
        super()._add_score(cell, resources)
        self._now[name] = self._given_for(name, grade.auto_score)
        same = self._before.get(name) == self._now[name]
        if grade.manual_score is not None and same:
            # What waited for a review before still does.
            grade.needs_manual_grade = waited
            self.gradebook.db.commit()

    def _given_for(self, name: str, auto_score: float | None) -> str:
        """Names what a person sees who marks a cell: the answer, and the automatic points."""
        answer = self._answers.get(name.removeprefix("test_"), self._answers)
        text = json.dumps([answer, auto_score], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _answers(nb: Any) -> dict[str, Any]:
    """The name of each cell that a student fills in -> its text and pasted pictures."""
    found = {}
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            found[cell_name(cell)] = [cell.source, cell.get("attachments") or {}]
    return found
