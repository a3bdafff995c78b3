"""The yardstick of the benchmark: plain ``nbgrader autograde`` on the same exam."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from autograder.bench.in_process import yardstick_source
from autograder.gradebook.database import open_gradebook
from autograder.model.submission import Answers
from autograder.notebooks.definitions import definitions
from autograder.running.engine import Engine
from autograder.running.submissions import read_submission
from autograder.workspace.course import Course
from autograder.workspace.workspace import Workspace

__all__ = ["plain_nbgrader"]

ROUNDING = 1e-3  # of a point: results have four decimals for each TODO, plain nbgrader all of them


def plain_nbgrader(
    course: Course, lab_id: str, students: list[str], expected: dict[str, float]
) -> float:
    """Seconds of ``nbgrader autograde`` on the same exam; raises if a mark differs."""
    engine = Engine(course, lab_id)
    plain = replace(course, workspace=course.workspace.parent / "plain")
    write_plain_course(engine, plain, students)
    run_nbgrader(plain, "generate_assignment", lab_id)
    started = time.monotonic()
    run_nbgrader(plain, "autograde", lab_id)
    seconds = time.monotonic() - started
    print(f"plain nbgrader autograde: {seconds:.1f} s, {seconds / len(students):.2f} s each")
    with open_gradebook(plain) as book:
        marks = {s.student_id: s.score for s in book.assignment_submissions(lab_id)}
    different = [name for name in students if abs(marks[name] - expected[name]) > ROUNDING]
    print(f"marks equal for {len(students) - len(different)} of {len(students)} submissions")
    if different:
        raise SystemExit(f"The marks differ: {different}")
    return seconds


def run_nbgrader(plain: Course, command: str, lab_id: str) -> None:
    """One command of nbgrader, as it is typed."""
    folder = str(Path(sys.executable).parent)
    path = os.pathsep.join([folder, os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, lab_id],
        cwd=plain.workspace,
        env={**os.environ, "PATH": path, "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"nbgrader {command} failed:\n{done.stderr[-3000:]}")


def write_plain_course(engine: Engine, plain: Course, students: list[str]) -> None:
    """A course tree for nbgrader alone: source and submissions with the same cells as the exam."""
    lab_id, tree = engine.lab.id, Workspace(plain)
    rows = yardstick_source(engine.exam, engine.workspace.keys(lab_id), engine.key)
    write_cells(tree.source(lab_id), rows)
    for student in students:
        answers = read_submission(engine, student).job.answers
        write_cells(tree.submitted(student, lab_id), with_answers(rows, answers))
    tree.nbgrader_config.write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = {engine.course.id!r}\n"
        "c.IgnorePattern.enabled = True\nc.IgnorePattern.pattern = '.'\nc.Execute.timeout = 300\n"
    )


def with_answers(rows: list[dict[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The cells with a student's answers in their places, and what the student added after the
    cells it follows."""
    filled = []
    for row in rows:
        name = row.get("nbgrader", {}).get("grade_id")
        filled.append({**row, "source": answers.answers.get(name, row["source"])})
        added = answers.extras.get(name, ()) if name else ()
        filled += [{"source": definitions(source)} for source in added]
    return filled


def write_cells(path: Path, rows: list[dict[str, Any]]) -> None:
    """A notebook of these cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    for number, row in enumerate(rows):
        meta = row.get("nbgrader")
        name = meta["grade_id"] if meta else f"cell-{number}"
        cell = nbformat.v4.new_code_cell(row["source"], id=name)
        if meta:
            cell.metadata["nbgrader"] = {"schema_version": 3, "task": False, **meta}
        notebook.cells.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
