"""The exam judged inside the student's process by plain nbgrader: the benchmark's yardstick, never
used for marks.

Nothing here can be trusted: the process that runs student code holds the key.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from autograder.authoring.key_store import load_key
from autograder.judging.error_messages import About
from autograder.judging.verdicts import judge_cases
from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.exam import Exam, Step
from autograder.model.key import Key
from autograder.running.submission_run import test_code

__all__ = ["follow_through", "points_of", "yardstick_source"]

_keys: dict[tuple[str, str], Key] = {}
_full: dict[str, bool] = {}


def points_of(folder: str, digest: str, grade_id: str, points: float, code: str) -> float:
    """Run a hidden test in this kernel and judge it here: the points, as nbgrader reads them."""
    from IPython import get_ipython

    from labkit.probes import collected

    key = _keys.get((folder, digest)) or load_key(Path(folder), digest)
    assert key is not None
    _keys[folder, digest] = key
    with collected() as reports:
        done = get_ipython().run_cell(code, store_history=False)
    status = CellStatus.OK if done.success else CellStatus.ERROR
    run = CellRun.reporting(reports, status)
    verdicts, _ = judge_cases(key.todos[grade_id], run, About(), Path(folder))
    fraction = sum(verdict.passed for verdict in verdicts) / len(verdicts)
    _full[grade_id] = fraction == 1
    return float(points * fraction)


def follow_through(grade_id: str, reference: str) -> None:
    """Run the reference answer if the TODO did not get full points."""
    from IPython import get_ipython

    if not _full[grade_id]:
        get_ipython().run_cell(reference, store_history=False)


def yardstick_source(exam: Exam, key_folder: Path, key: Key) -> list[dict[str, Any]]:
    """The cells of an nbgrader source notebook with the same steps as the exam, judged in
    process."""
    cells: list[dict[str, Any]] = []
    for step in exam.steps:
        if step.kind == "setup":
            cells.append({"source": step.code})
        elif step.kind == "answer":
            reference = exam.todos[step.name].reference
            cells.append(_cell(step.name, reference, solution=True))
        else:
            cells += _judged_test(exam, step, (str(key_folder), key.digest))
    return cells


def _judged_test(exam: Exam, step: Step, key: tuple[str, str]) -> list[dict[str, Any]]:
    """A test cell that gives its points, and one that follows through."""
    todo = exam.todos[step.name]
    call = (*key, step.name, todo.points, test_code(step))
    test = f"from {__name__} import follow_through, points_of\npoints_of(*{call!r})"
    # Without its marks: nbgrader would cut the solution out.
    reference = re.sub("^ *### (BEGIN|END) SOLUTION$", "", todo.reference, flags=re.M)
    follow = f"follow_through({step.name!r}, {reference!r})"
    return [
        _cell(f"test_{step.name}", test, grade=True, locked=True, points=todo.points),
        _cell(f"follow_{step.name}", follow, locked=True),
    ]


def _cell(grade_id: str, source: str, **settings: Any) -> dict[str, Any]:
    """A cell with nbgrader's metadata, what is not given being off."""
    meta = {"grade_id": grade_id, "solution": False, "grade": False, "locked": False, **settings}
    return {"source": source, "nbgrader": meta}
