"""Results into nbgrader's gradebook, whenever what an entry is made from has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container

from autograder.gradebook.converters import autograde
from autograder.gradebook.deadlines import note_extension, read_deadline
from autograder.model.result import Result
from autograder.workspace.course import Course
from autograder.workspace.files import file_digest, write_atomic
from autograder.workspace.workspace import Workspace

__all__ = ["GradebookEntries"]


class GradebookEntries:
    """Enters results of one lab, each by nbgrader's own ``autograde``.

    Args:
        course: The course.
        lab_id: The lab.
        known: Students whose submission is in the gradebook already.
        due: When the lab is due, in words; another date may mean another penalty.
        force: Enter everything again.
    """

    def __init__(
        self, course: Course, lab_id: str, known: Container[str], due: str, *, force: bool
    ) -> None:
        self.course, self.lab, self.known, self.due = course, lab_id, known, due
        self.force = force
        self.workspace = Workspace(course)
        self.deadline = read_deadline(course, lab_id)

    def enter(self, result: Result) -> None:
        """Enter one result, unless nothing has changed since the last time.

        Raises:
            ContentError: if nbgrader refuses.
        """
        student = result.student
        version = self._version(result)
        if not self.force and self._is_entered(student, version):
            return
        # Who is not in the gradebook yet has neither a time nor an extension to be corrected.
        if student in self.known or student in self.deadline.extensions:
            note_extension(self.course, self.lab, student, self.deadline)
        autograde(self.course, self.lab, student, level=result.sandbox, result=result)
        # Last: a run that ends before enters it again.
        write_atomic(self.workspace.entered(student, self.lab), version.encode())

    def _is_entered(self, student: str, version: str) -> bool:
        """Whether that version is in the gradebook and in ``autograded/``."""
        stamp = self.workspace.entered(student, self.lab)
        there = student in self.known and self.workspace.autograded(student, self.lab).is_file()
        return there and stamp.is_file() and stamp.read_text() == version

    def _version(self, result: Result) -> str:
        """Names what nbgrader makes its entry from: the verdicts, the files handed in, and when it
        was due."""
        folder = self.workspace.submitted_folder(result.student, self.lab)
        handed_in = [path for path in sorted(folder.iterdir()) if path.is_file()]
        files = [(path.name, file_digest(path)) for path in handed_in]
        marks = []
        for name, todo in result.todos.items():
            cases = [case.to_json() for case in todo.cases]
            marks.append((name, todo.points, todo.state, cases))
        own = str(self.deadline.extensions.get(result.student, ""))
        rows = [marks, result.max_points, files, self.due + own]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
