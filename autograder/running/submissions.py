"""One student's submission: read from the workspace, and its result made from an exam's outcome."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from autograder.model.errors import ContentError, NotGradable, UsageError
from autograder.model.outcome import ExamFailure, finished
from autograder.model.result import Result, Status, WrittenResult
from autograder.model.submission import Job, Submission, SubmissionJob
from autograder.notebooks.reading import load_file
from autograder.running.engine import Engine, Outcome, answers_of, job_digest
from autograder.running.reading_aside import read_and_match
from autograder.sandbox.aside import open_aside
from autograder.workspace.results import Results

__all__ = ["make_job", "make_result", "read_submission", "read_submissions", "result_of_student"]

LARGE_FILE = 32 * 2**20
"""Larger files (with saved outputs) are read one at a time: the grader holds two copies of each."""

_one_large = threading.Lock()


def read_submissions(
    engine: Engine, students: Sequence[str]
) -> Iterator[tuple[str, SubmissionJob | NotGradable]]:
    """What each of the students handed in, or why it cannot be run, in their order.

    As many are read at a time as there are workers, so that one who takes long holds up nobody.

    Raises:
        ContentError: if the lab itself is at fault.
        UsageError: if the lab was never built.
    """

    def read(student: str) -> SubmissionJob | NotGradable:
        try:
            return read_submission(engine, student)
        except NotGradable as error:
            return error

    # Made once, here, and not by every thread for itself.
    if students:
        _ = engine.release, engine.key, engine.exam
    with ThreadPoolExecutor(engine.workers, "reading") as threads:
        yield from zip(students, threads.map(read, students), strict=True)


def read_submission(engine: Engine, student: str) -> SubmissionJob:
    """What a student handed in, ready to be run.

    Raises:
        NotGradable: if there is nothing to run; the message says why.
        ContentError: if the lab itself is at fault.
        UsageError: if the lab was never built.
    """
    workspace, lab_id = engine.workspace, engine.lab.id
    record = workspace.read_record(student, lab_id)
    path = workspace.submitted(student, lab_id)
    if record is not None and record.reason:
        raise NotGradable(record.reason)
    if not path.is_file():
        raise NotGradable("Nothing was handed in.")
    # Read first: without them the lab is at fault, and no student.
    release, _ = engine.release, engine.key
    large = path.stat().st_size > LARGE_FILE
    with _one_large if large else contextlib.nullcontext(), open_aside(engine.level) as aside:
        try:
            # The bytes alone: whatever looks into them does so in the worker.
            data = load_file(path)
        except UsageError as error:
            raise NotGradable(str(error)) from error
        submission, read = aside.call_now(read_and_match, data, release, lab_id)
    # What collect repaired is not to be seen in the canonical notebook any more.
    repairs = record.repairs if record is not None else (*read, *submission.repairs)
    return make_job(engine, student, submission, repairs)


def make_job(
    engine: Engine, student: str, submission: Submission, repairs: tuple[str, ...]
) -> SubmissionJob:
    """The exam to run on a submission, and the name of all that decides its outcome."""
    answers = answers_of(submission, engine.exam)
    digest = job_digest(answers, engine.key, engine)
    return SubmissionJob(student, submission, Job(student, answers), digest, repairs)


def make_result(engine: Engine, job: SubmissionJob, outcome: Outcome) -> Result:
    """The result of one student, from the outcome of the exam."""
    lab_id = engine.lab.id
    if isinstance(outcome, ExamFailure):
        return Result.not_gradable(lab_id, job.student, outcome.reason, job.repairs)
    written = {}
    for name, question in engine.exam.written.items():
        answered = name not in job.submission.untouched
        written[name] = WrittenResult(question.points, answered)
    return Result(
        lab=lab_id,
        student=job.student,
        status=Status.GRADED,
        points=outcome.points,
        max_points=engine.exam.max_points,
        sandbox=engine.level,
        seconds=outcome.seconds,
        repairs=job.repairs,
        incidents=outcome.incidents,
        todos=outcome.todos,
        written=written,
    )


def result_of_student(engine: Engine, student: str) -> Result:
    """The result of what a student handed in, from the cache or made now, and written.

    Raises:
        ContentError: if there is none.
    """
    results = Results(engine.course, engine.lab.id)
    try:
        job = read_submission(engine, student)
    except NotGradable as error:
        raise ContentError(f"{student} cannot be graded: {error}") from error
    outcome = results.cached(job.digest)
    if outcome is None:
        (ended,) = engine.examine([job.job])
        outcome = finished(ended)
        results.keep(job.digest, outcome)
    result = make_result(engine, job, outcome)
    results.write(result)
    return result
