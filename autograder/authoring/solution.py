"""A lab's solution as plain Python names, and as the notebook of a student who has done
everything."""

from __future__ import annotations

import linecache
import os
import sys
from types import ModuleType
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.authoring.exam import make_exam
from autograder.authoring.source import read_source
from autograder.model.errors import ContentError
from autograder.workspace.course import Course, load_course

__all__ = ["filled_notebook", "load_solution", "run_filled"]


def load_solution(lab_id: str, course: Course | None = None) -> dict[str, Any]:
    """Run the setup and answer cells of ``solutions/L/L.py`` here; tests and demonstrations are
    left out.

    Returns:
        The names they define, as ``load_solution("lab1_music")["get_batch"]``.

    Raises:
        UsageError: for an unknown lab.
        ContentError: if the source is no valid lab.
    """
    course = course or load_course()
    lab = course.lab(lab_id)
    exam = make_exam(lab.id, read_source(course, lab))
    module = ModuleType(f"solution_{exam.lab}")
    sys.modules[module.__name__] = module  # Keras looks classes up by their module
    path = course.source_text(exam.lab)
    for step in exam.recording:
        if step.kind != "test":
            name = f"{path.name}:{step.name}"
            lines = [f"{line}\n" for line in step.code.splitlines()]
            linecache.cache[name] = (
                len(step.code),
                None,
                lines,
                name,
            )  # tf.function reads its source
            exec(compile(step.code, name, "exec"), module.__dict__)
    return module.__dict__


def filled_notebook(lab_id: str, course: Course | None = None) -> Any:
    """The released notebook with the reference answer in every TODO, without outputs.

    Raises:
        UsageError: for an unknown lab.
        ContentError: if the source is no valid lab, or the released notebook is older than it.
    """
    course = course or load_course()
    lab = course.lab(lab_id)
    source = read_source(course, lab)
    exam = make_exam(lab.id, source)
    notebook = nbformat.read(course.released(lab.id), as_version=4)
    if _ungraded(notebook) != _ungraded(source):
        place = course.released(lab.id).relative_to(course.root)
        raise ContentError(
            f"{place} is older than {course.source_text(lab.id).name}: run "
            f"`autograder build {lab.id}`."
        )
    for cell in notebook.cells:
        if cell.id in exam.todos:
            cell.source = exam.todos[cell.id].reference
    return notebook


def run_filled(
    lab_id: str, budget: str, course: Course | None = None, cell_seconds: int = 3600
) -> Any:
    """:func:`filled_notebook` after every cell was run once, as a student would.

    It runs at ``budget`` in an ordinary kernel.

    Each code cell's ``metadata.execution`` says when it began and ended.

    Raises:
        nbclient.exceptions.CellExecutionError: if a cell raises.
        nbclient.exceptions.CellTimeoutError: if a cell takes longer than ``cell_seconds``.
    """
    client = NotebookClient(
        filled_notebook(lab_id, course),
        timeout=cell_seconds,
        kernel_name="python3",
        record_timing=True,
    )
    return client.execute(env={**os.environ, "LABKIT_BUDGET": budget, "LABKIT_PLAIN": "1"})


def _ungraded(notebook: Any) -> list[str]:
    """What stands in the source word for word."""
    return [cell.source for cell in notebook.cells if "nbgrader" not in cell.metadata]
