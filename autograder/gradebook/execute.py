"""The nbgrader preprocessor that stands where ``Execute`` stood: no student code runs in this
process.

It takes the result of the submission and writes each graded cell's points in the form nbgrader
reads: a plain Python float as the cell's result. ``autograder grade`` gives it the result through
nbgrader's configuration. When ``nbgrader autograde`` is typed, it reads the result from the cache,
or examines the submission now, in the sandbox.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import traitlets
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.model.result import Result, TodoResult, TodoState
from autograder.notebooks.roles import Role, cell_name, role_of
from autograder.running.engine import Engine
from autograder.running.submissions import result_of_student
from autograder.workspace.course import Course, load_course
from autograder.workspace.files import file_digest, tree_digest
from autograder.workspace.workspace import Workspace

__all__ = ["GivenResult", "TrustedExecute", "engine_for"]


class GivenResult:
    """A result on its way through nbgrader's configuration, which is copied deep at each step."""

    def __init__(self, result: Result) -> None:
        self.result = result

    def __deepcopy__(self, memo: dict[int, Any]) -> GivenResult:
        """Itself: nobody changes it, and a copy would cost time."""
        return self


def engine_for(root: str, workspace: str, lab_id: str, level: str) -> Engine:
    """The engine of a lab, made once per process and version of the lab.

    nbgrader makes a preprocessor for each student, and formgrader runs for days: an engine takes
    seconds to make, and must not outlive what it was made from.
    """
    course = load_course(Path(root), workspace=Path(workspace))
    source = course.source_text(lab_id)
    read = (
        course.root / "course.toml",
        source,
        source.parent / "judges.py",
        Workspace(course).release(lab_id),
        course.released(lab_id),
    )
    versions = tuple(file_digest(path) if path.is_file() else "" for path in read)
    return _engine(course, lab_id, level, (*versions, tree_digest(course.data)))


@lru_cache(maxsize=4)
def _engine(course: Course, lab_id: str, level: str, versions: tuple[str, ...]) -> Engine:
    return Engine(course, lab_id, level=level)


class TrustedExecute(NbGraderPreprocessor):
    """Replaces execution by judged results."""

    course_root = traitlets.Unicode(help="the folder of course.toml").tag(config=True)
    workspace = traitlets.Unicode(help="nbgrader's course tree").tag(config=True)
    level = traitlets.Unicode(help="sandbox level; $AUTOGRADER_SANDBOX or namespaces if empty").tag(
        config=True
    )
    given = traitlets.Instance(
        GivenResult, allow_none=True, help="the result, if it is there already"
    ).tag(config=True)

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Fill in every automatically graded cell of one student's notebook."""
        result = self.given.result if self.given else self._made(resources["nbgrader"])
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []  # what the student's notebook claims to have printed
                if role_of(cell) is Role.TEST:
                    grade_id = cell_name(cell).removeprefix("test_")
                    cell.outputs = _outputs(result.todos.get(grade_id))
        return nb, resources

    def _made(self, names: dict[str, str]) -> Result:
        """The result, from the cache or made now: ``nbgrader autograde`` was typed."""
        level = self.level or os.environ.get("AUTOGRADER_SANDBOX", "namespaces")
        engine = engine_for(self.course_root, self.workspace, names["assignment"], level)
        return result_of_student(engine, names["student"])


def _outputs(todo: TodoResult | None) -> list[Any]:
    """What formgrader shows below a test cell: the verdict on each case, then the points."""
    todo = todo or TodoResult(0.0, 0.0, TodoState.NOT_JUDGED)
    lines = [f"{todo.state}: {todo.points:g} points. {todo.message}".rstrip()]
    for case in todo.cases:
        mark = "✓" if case.passed else "✗"
        lines.append(f"{mark} {case.case}  {case.message}".rstrip())
    points = {"text/plain": repr(float(todo.points))}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\n".join(lines) + "\n"},
        {"output_type": "execute_result", "data": points, "metadata": {}, "execution_count": None},
    ]
    return list(map(nbformat.from_dict, outputs))  # checked with the notebook
