"""grade: a class of submissions -> results and nbgrader's gradebook, several at a time, never twice
the same work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from autograder.gradebook.database import in_gradebook
from autograder.gradebook.deadlines import note_deadline, read_deadline
from autograder.gradebook.entry import GradebookEntries
from autograder.gradebook.marks import update_penalties
from autograder.model.errors import ContentError, NotGradable, did_you_mean
from autograder.model.grade_report import GradeReport, changes
from autograder.model.outcome import ExamOutcome
from autograder.model.result import Result
from autograder.model.submission import Job, SubmissionJob
from autograder.running.engine import Engine, Outcome
from autograder.running.submissions import make_result, read_submissions
from autograder.workspace.course import Course
from autograder.workspace.lock import workspace_lock
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace

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

    Raises:
        UsageError: if the lab is unknown, or was never built into this workspace.
        ContentError: if nothing was handed in, or the lab itself is at fault.
    """
    lab_id = course.lab(lab_id).id
    with workspace_lock(course, f"grade {lab_id}"):
        started = time.monotonic()
        engine = Engine(course, lab_id, level=level, workers=workers)
        if force or not Results(course, lab_id).students():
            engine.start()  # it takes seconds, and is needed for certain
        run = _GradeRun(engine, force, progress)
        expected = _expected(course, lab_id, students)
        run.grade(expected)
        run.report.seconds = time.monotonic() - started
        return run.report


def _expected(course: Course, lab_id: str, students: Sequence[str] | None) -> list[str]:
    """Everyone who handed in, or the ``students`` asked for, each once."""
    known = Workspace(course).handed_in(lab_id)
    if not known:
        raise ContentError(
            f"Nothing was handed in for {lab_id} yet: run `autograder collect {lab_id} FILES` "
            "first."
        )
    if students is None:
        return known
    unknown = sorted(set(students) - set(known))
    if unknown:
        raise ContentError(
            f'Nothing was handed in for {lab_id} by "{unknown[0]}".'
            f"{did_you_mean(unknown[0], known)}"
        )
    return list(dict.fromkeys(students))


class _GradeRun:
    """One run of ``grade``: reads submissions, runs what is new, and writes every result."""

    def __init__(self, engine: Engine, force: bool, progress: Progress) -> None:
        course, lab_id = engine.course, engine.lab.id
        self.engine, self.force, self.progress = engine, force, progress
        self.results = Results(course, lab_id)
        self.report = GradeReport(lab_id)
        note_deadline(course, lab_id, read_deadline(course, lab_id))
        known, due = in_gradebook(course, lab_id)
        self.entries = GradebookEntries(course, lab_id, known, due, force=force)
        self.total = 0

    def grade(self, students: Sequence[str]) -> None:
        """Grade these students; the report tells what came of it."""
        jobs = self._read(students)
        self.total = len(jobs)
        self._examine(self._enter_known(jobs))
        found = map(self.results.read, students)
        self.report.results = [result for result in found if result is not None]
        # Another date or policy counts for everybody, also for who is not entered again.
        update_penalties(self.engine.course, self.engine.lab.id)

    def _read(self, students: Sequence[str]) -> list[SubmissionJob]:
        """What is to be run; who cannot be graded has a result at once."""
        jobs = []
        for student, job in read_submissions(self.engine, students):
            if isinstance(job, NotGradable):
                self._write(Result.not_gradable(self.engine.lab.id, student, str(job)))
                continue
            jobs.append(job)
            if not self.results.knows(job.digest):
                self.engine.start()  # while the other submissions are read
        return jobs

    def _enter_known(self, jobs: Sequence[SubmissionJob]) -> list[SubmissionJob]:
        """Enter what was run before; the rest is returned."""
        waiting = []
        for job in jobs:
            outcome = None if self.force else self.results.cached(job.digest)
            if outcome is None:
                waiting.append(job)
            else:
                self._enter(job, outcome, self.report.unchanged)
        return waiting

    def _examine(self, jobs: Sequence[SubmissionJob]) -> None:
        """Run exams, and enter each as it ends."""
        waiting = {job.student: job for job in jobs}

        def done(job: Job, outcome: Outcome) -> None:
            submission_job = waiting[job.name]
            if isinstance(outcome, ExamOutcome):
                self.results.keep(submission_job.digest, outcome)
            self._enter(submission_job, outcome, self.report.graded)

        # What may take long comes first, so that no worker waits for it alone in the end.
        exams = sorted((job.job for job in jobs), key=lambda job: job.answers.size, reverse=True)
        self.engine.examine(exams, done)

    def _enter(self, job: SubmissionJob, outcome: Outcome, tally: list[str]) -> None:
        """Write the result of one student's exam, and enter it into the gradebook."""
        result = make_result(self.engine, job, outcome)
        self._write(result)
        tally.append(job.student)
        if result.graded:
            try:
                self.entries.enter(result)
            except Exception as error:  # one student's problem; the others' marks are entered
                self.report.problems.append(f"{job.student} is not in the gradebook: {error}")
        else:
            self.report.problems.append(f"{job.student}: {result.reason}")
        finished = len(self.report.unchanged) + len(self.report.graded)
        self.progress(job.student, finished, self.total)

    def _write(self, result: Result) -> None:
        """Keep a result, and note what is different from the one before."""
        self.report.changes += changes(self.results.read(result.student), result)
        self.results.write(result)
