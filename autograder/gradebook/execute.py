"""The nbgrader preprocessor that stands where ``Execute`` stood: no student code runs in this
process.

It takes the result of the submission (from the cache, or by examining it now, in a sandbox) and
writes each graded cell's points in the form nbgrader reads: a plain Python float as the cell's
result.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.notebooks.roles import Role, cell_name, role_of
from autograder.running.engine import Engine
from autograder.running.results import result_of_student
from autograder.workspace.course import Course, load_course
from autograder.workspace.files import file_digest, tree_digest

__all__ = ["TrustedExecute", "engine_for", "forget_engines"]


def engine_for(root: str, workspace: str, lab_id: str, level: str) -> Engine:
    """The engine of a lab, made once per process and version of the lab."""
    course = load_course(Path(root), workspace=Path(workspace))
    source = course.source_text(lab_id)
    built = course.workspace / "release" / lab_id / f"{lab_id}.ipynb"
    read = (
        course.root / "course.toml",
        source,
        source.parent / "judges.py",
        built,
        course.released(lab_id),
    )
    versions = tuple(file_digest(path) if path.is_file() else "" for path in read)
    return _engine(course, lab_id, level, (*versions, tree_digest(course.data)))


@lru_cache(maxsize=4)
def _engine(course: Course, lab_id: str, level: str, versions: tuple[str, ...]) -> Engine:
    return Engine(course, lab_id, level=level)


def forget_engines() -> None:
    """Let the next engine start from nothing: its fork server, exam and key are made or read
    again."""
    _engine.cache_clear()


class TrustedExecute(NbGraderPreprocessor):
    """Replaces execution by judged results."""

    course_root = Unicode(help="the folder of course.toml").tag(config=True)
    workspace = Unicode(help="nbgrader's course tree").tag(config=True)
    level = Unicode(help="sandbox level; $AUTOGRADER_SANDBOX or namespaces if empty").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Fill in every automatically graded cell of one student's notebook."""
        names = resources["nbgrader"]
        level = self.level or os.environ.get("AUTOGRADER_SANDBOX", "namespaces")
        engine = engine_for(self.course_root, self.workspace, names["assignment"], level)
        result = result_of_student(engine, names["student"])
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
                if role_of(cell) is Role.TEST:
                    grade_id = cell_name(cell).removeprefix("test_")
                    cell.outputs = _outputs(result["todos"].get(grade_id))
        return nb, resources


def _outputs(todo: dict[str, Any] | None) -> list[Any]:
    """What formgrader shows below a test cell: the verdict on each case, then the points."""
    if todo is None:
        todo = {"points": 0.0, "state": "not judged", "message": "", "cases": []}
    marks = {True: "✓", False: "✗"}
    lines = [f"{todo['state']}: {todo['points']:g} points. {todo['message']}".rstrip()]
    lines += [
        f"{marks[case['passed']]} {case['case']}  {case['message']}".rstrip()
        for case in todo["cases"]
    ]
    points = {"text/plain": repr(float(todo["points"]))}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\n".join(lines) + "\n"},
        {"output_type": "execute_result", "data": points, "metadata": {}, "execution_count": None},
    ]
    return list(map(nbformat.from_dict, outputs))  # checked with the notebook
