"""A lab's solution as plain Python names, and as the notebook of a student who has done everything."""

from __future__ import annotations

import linecache
import sys
from types import ModuleType
from typing import Any

import nbformat

from autograder.course import Course, load_course
from autograder.lab.exam import make_exam
from autograder.lab.source import read_source

__all__ = ["filled_notebook", "load_solution"]


def load_solution(lab_id: str, course: Course | None = None) -> dict[str, Any]:
    """Run the setup and answer cells of ``solutions/L/L.py`` here; tests and demonstrations are left out.

    Returns:
        The names they define, as ``load_solution("lab1_music")["get_batch"]``.

    Raises:
        UsageError: for an unknown lab.
        ContentError: if the source is no valid lab.
    """
    course = course or load_course()
    lab = course.lab(lab_id)
    exam = make_exam(lab.id, read_source(course, lab))
    module = ModuleType(f"solution_{lab.id}")
    sys.modules[module.__name__] = module  # Keras looks classes up by their module
    path = course.source_text(lab.id)
    for step in exam.recording:
        if step.kind != "test":
            name = f"{path.name}:{step.name}"
            lines = [f"{line}\n" for line in step.code.splitlines()]
            linecache.cache[name] = (len(step.code), None, lines, name)  # tf.function reads its source
            exec(compile(step.code, name, "exec"), module.__dict__)
    return module.__dict__


def filled_notebook(lab_id: str, course: Course | None = None) -> Any:
    """The released notebook with the reference answer in every TODO, without outputs.

    Raises:
        UsageError: for an unknown lab.
        ContentError: if the source is no valid lab.
    """
    course = course or load_course()
    lab = course.lab(lab_id)
    exam = make_exam(lab.id, read_source(course, lab))
    notebook = nbformat.read(course.released(lab.id), as_version=4)
    for cell in notebook.cells:
        if cell.id in exam.todos:
            cell.source = exam.todos[cell.id].reference
    return notebook
