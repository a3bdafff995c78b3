"""grade: a class of submissions -> results and nbgrader's gradebook, several at a time, never twice
the same work."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.gradebook.execute import engine_for
from autograder.gradebook.nbgrader import autograde, in_gradebook
from autograder.model.errors import ContentError, did_you_mean
from autograder.model.grade_report import GradeReport, changes
from autograder.running.engine import Engine, Job
from autograder.running.results import Unit, complete, not_gradable, unit_of
from autograder.workspace.course import Course
from autograder.workspace.files import file_digest, write_atomic
from autograder.workspace.lock import turn
from autograder.workspace.results import Results

__all__ = ["Progress", "grade"]

Progress = Callable[[str, int, int], None]
"""Called with a student, how many are done, and how many there are."""


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

    What was graded before, with the same answers, key and libraries, is taken from the cache unless
    ``force``.
    """
    with turn(course, f"grade {course.lab(lab_id).id}"):
        started = time.monotonic()
        engine = engine_for(str(course.root), str(course.workspace), course.lab(lab_id).id, level)
        engine.workers = workers or engine.workers
        results = Results(course, lab_id)
        if force or not results.students():
            engine.start()
        report = GradeReport(lab_id)
        book = Book(engine, results, report, *in_gradebook(course, lab_id), force)
        units, expected = [], _expected(course, lab_id, students)
        for student in expected:
            unit = unit_of(engine, student)
            if isinstance(unit, str):
                result = not_gradable(lab_id, student, unit)
                report.changes += changes(results.read(student), result)
                results.write(student, result)
            else:
                units.append(unit)
                if not results.knows(unit.digest):
                    engine.start()
        waiting, total = {}, len(units)
        for unit in units:
            outcome = None if force else results.cached(unit.digest)
            if outcome is None:
                waiting[unit.student] = unit
            else:
                book.enter(unit, outcome, report.unchanged)
                progress(unit.student, len(report.unchanged), total)

        def done(job: Job, outcome: dict[str, Any]) -> None:
            unit = waiting[job.name]
            if "failed" not in outcome:
                results.keep(unit.digest, outcome)
            book.enter(unit, outcome, report.graded)
            progress(job.name, len(report.unchanged) + len(report.graded), total)

        engine.examine(
            sorted((unit.job for unit in waiting.values()), key=_length, reverse=True), done
        )
        report.results = [found for student in expected if (found := results.read(student))]
        report.seconds = time.monotonic() - started
        return report


def _length(job: Job) -> int:
    """How much code was handed in. What may take long comes first, so that nobody waits for it
    alone in the end."""
    return sum(map(len, job.answers.answers.values()))


def _expected(course: Course, lab_id: str, students: Sequence[str] | None) -> list[str]:
    """Everyone who handed in: collected by us, or put into ``submitted/`` by nbgrader."""
    collected = {path.stem for path in (course.workspace / "collected" / lab_id).glob("*.json")}
    submitted = {path.parent.name for path in (course.workspace / "submitted").glob(f"*/{lab_id}")}
    known = sorted(name for name in collected | submitted if not name.startswith("."))
    if not known:
        raise ContentError(
            f"Nothing was handed in for {lab_id} yet: run `autograder collect {lab_id} FILES` first."
        )
    if students is None:
        return known
    unknown = sorted(set(students) - set(known))
    if unknown:
        raise ContentError(
            f'Nothing was handed in for {lab_id} by "{unknown[0]}".{did_you_mean(unknown[0], known)}'
        )
    return list(dict.fromkeys(students))


@dataclass
class Book:
    """Writes results: one file per student, and nbgrader's gradebook whenever what it was written
    from has changed."""

    engine: Engine
    results: Results
    report: GradeReport
    known: set[str]
    due: str
    force: bool

    def enter(self, unit: Unit, outcome: dict[str, Any], tally: list[str]) -> None:
        """Enter the outcome of one student's exam; a problem is reported and touches nobody
        else."""
        result = complete(self.engine, unit, outcome)
        self.report.changes += changes(self.results.read(unit.student), result)
        self.results.write(unit.student, result)
        tally.append(unit.student)
        if result["status"] != "graded":
            self.report.problems.append(f"{unit.student}: {result['reason']}")
            return
        try:
            self._into_gradebook(unit, result)
        except Exception as error:  # one student's problem; the others' marks are entered
            self.report.problems.append(f"{unit.student} is not in the gradebook: {error}")

    def _into_gradebook(self, unit: Unit, result: dict[str, Any]) -> None:
        course, lab = self.engine.course, self.engine.lab.id
        stamp = self.results.folder / "entered" / unit.student
        version = self._version(unit, result)
        autograded = course.workspace / "autograded" / unit.student / lab / f"{lab}.ipynb"
        entered = unit.student in self.known and autograded.is_file()
        if entered and not self.force and stamp.is_file() and stamp.read_text() == version:
            return
        self.engine.at_hand[unit.student] = result
        try:
            autograde(course, lab, unit.student, level=self.engine.level)
        finally:
            del self.engine.at_hand[unit.student]
        write_atomic(stamp, version.encode())

    def _version(self, unit: Unit, result: dict[str, Any]) -> str:
        """Names what nbgrader makes its entry from: the verdicts, the files handed in, and when it
        was due."""
        folder = self.engine.course.workspace / "submitted" / unit.student / self.engine.lab.id
        files = [
            (path.name, file_digest(path)) for path in sorted(folder.iterdir()) if path.is_file()
        ]
        marks = [
            (name, todo["points"], todo["state"], todo["cases"])
            for name, todo in result["todos"].items()
        ]
        rows = [marks, result["max_points"], files, self.due]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
