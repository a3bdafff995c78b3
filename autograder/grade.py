"""grade: a class of submissions -> results and nbgrader's gradebook, several at a time, never twice the same work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.course import Course
from autograder.engine import Engine, Job
from autograder.errors import ContentError
from autograder.execute import engine_for
from autograder.nbg import autograde
from autograder.results import Results, Unit, complete, not_gradable, unit_of

__all__ = ["GradeReport", "Progress", "grade"]

Progress = Callable[[str, int, int], None]
"""Called with a student, how many are done, and how many there are."""


@dataclass
class GradeReport:
    """What ``grade`` did: a result per student, who was graded now, and who had been before."""

    lab: str
    results: list[dict[str, Any]] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    seconds: float = 0.0


def grade(
    course: Course,
    lab_id: str,
    *,
    students: Sequence[str] | None = None,
    level: str = "namespaces",
    workers: int | None = None,
    force: bool = False,
    progress: Progress = lambda student, done, total: None,
) -> GradeReport:
    """Grade every collected submission (or those of ``students``) and write the gradebook.

    What was graded before, with the same answers, key and libraries, is taken from the cache unless ``force``.
    """
    started = time.monotonic()
    engine = engine_for(str(course.root), str(course.workspace), course.lab(lab_id).id, level)
    engine.workers = workers or engine.workers
    results = Results(course, lab_id)
    report = GradeReport(lab_id)
    units = []
    for student in _expected(course, lab_id, students):
        unit = unit_of(engine, student)
        if isinstance(unit, str):
            results.write(student, not_gradable(lab_id, student, unit))
        else:
            units.append(unit)
    waiting = [unit for unit in units if force or results.cached(unit.digest) is None]
    ready = [unit for unit in units if unit not in waiting]
    total = len(units)
    for unit in ready:
        _finish(engine, results, unit, results.cached(unit.digest) or {}, report.unchanged)
        progress(unit.student, len(report.unchanged), total)
    by_name = {unit.student: unit for unit in waiting}

    def done(job: Job, outcome: dict[str, Any]) -> None:
        unit = by_name[job.name]
        if "failed" not in outcome:
            results.keep(unit.digest, outcome)
        _finish(engine, results, unit, outcome, report.graded)
        progress(job.name, len(report.unchanged) + len(report.graded), total)

    engine.examine([unit.job for unit in waiting], done)
    report.results = [found for student in _expected(course, lab_id, students) if (found := results.read(student))]
    report.seconds = time.monotonic() - started
    return report


def _expected(course: Course, lab_id: str, students: Sequence[str] | None) -> list[str]:
    """Everyone who handed in: collected by us, or put into ``submitted/`` by nbgrader."""
    collected = {path.stem for path in (course.workspace / "collected" / lab_id).glob("*.json")}
    submitted = {path.parent.name for path in (course.workspace / "submitted").glob(f"*/{lab_id}")}
    known = sorted(collected | submitted)
    if students is None:
        return known
    unknown = sorted(set(students) - set(known))
    if unknown:
        raise ContentError(f"No submission for {lab_id} from {', '.join(unknown)}.")
    return list(students)


def _finish(engine: Engine, results: Results, unit: Unit, outcome: dict[str, Any], tally: list[str]) -> None:
    """Write one student's result and gradebook entry."""
    results.write(unit.student, complete(engine, unit, outcome))
    if "failed" not in outcome:
        _into_gradebook(engine, unit)
    tally.append(unit.student)


def _into_gradebook(engine: Engine, unit: Unit) -> None:
    autograded = engine.course.workspace / "autograded" / unit.student / engine.lab.id
    stamp = autograded / ".digest"
    if stamp.is_file() and stamp.read_text() == unit.digest:
        return
    autograde(engine.course, engine.lab.id, unit.student, level=engine.level)
    stamp.write_text(unit.digest)
