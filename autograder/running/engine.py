"""What every command that runs student code needs: the exam, the key and the release of a lab, and
warm workers."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from autograder.authoring.digests import key_digest
from autograder.authoring.exam import make_exam
from autograder.authoring.imports import warm_modules
from autograder.authoring.key import key_from_reports
from autograder.authoring.key_store import load_key, store_key
from autograder.authoring.source import read_source
from autograder.model.errors import AutograderError, ContentError, UsageError
from autograder.model.exam import Exam
from autograder.model.key import Key
from autograder.model.outcome import ExamFailure, ExamOutcome
from autograder.model.submission import Answers, Job, Submission
from autograder.running.loop_watch import stalled_seconds, watching
from autograder.running.run_context import RunContext
from autograder.running.runner import examine, record
from autograder.sandbox.aside import TooCostlyError, open_aside
from autograder.sandbox.isolation import LEVELS
from autograder.sandbox.provisioner import get_server
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Course, Lab
from autograder.workspace.files import file_digest
from autograder.workspace.workspace import Workspace

__all__ = [
    "DECIDING",
    "Engine",
    "Job",
    "Outcome",
    "answers_of",
    "check_level",
    "job_digest",
    "run_now",
]

Value = TypeVar("Value")

Outcome = ExamOutcome | ExamFailure
Done = Callable[[Job, Outcome], None]
"""Called with each job and its outcome, as it ends."""

DECIDING = (
    "authoring",
    "judging",
    "matching",
    "model",
    "notebooks",
    "running",
    "sandbox",
    "workspace",
)
"""The packages that decide a mark: another version of any of their modules grades again. All others
(the command line, the gradebook, reports, ...) show a mark, or bring the hand-in here."""

TRIES = 2

MAX_STALL = 1.0
"""Seconds in which the event loop may stand still during an exam whose points are not full."""

CHECK = (
    "import sys; from autograder.sandbox.isolation import unavailable as f; "
    "print(f(sys.argv[1]) or '')"
)
"""Run in a process of its own: trying a sandbox changes the process that tries."""


class Engine:
    """One lab of a course, ready to examine submissions."""

    def __init__(
        self, course: Course, lab_id: str, *, level: str = "namespaces", workers: int | None = None
    ) -> None:
        self.course = course
        self.lab: Lab = course.lab(lab_id)
        self.level = check_level(level)
        self.workers = max(1, workers or len(os.sched_getaffinity(0)))
        self.workspace = Workspace(course)

    @cached_property
    def source(self) -> Any:
        """The source notebook."""
        return read_source(self.course, self.lab)

    @cached_property
    def exam(self) -> Exam:
        return make_exam(self.lab.id, self.source)

    @cached_property
    def release(self) -> Any:
        """The notebook students got; :class:`UsageError` when the lab was never built."""
        return self.workspace.read_release(self.lab.id)

    @cached_property
    def server(self) -> WarmServer:
        """The fork server of this lab: it holds what the lab's exam imports, and no more."""
        return get_server(warm_modules(self.exam, self.lab))

    def start(self) -> None:
        """Let the fork server begin to import its libraries, which takes seconds; what is done
        meanwhile is free."""
        open_aside(self.level).close()
        get_server(warm_modules(self.exam, self.lab))

    @cached_property
    def context(self) -> RunContext:
        """Where and how this lab's exams are run."""
        trusted = self.course.source_text(self.lab.id).parent
        hidden = (self.course.root / "solutions", self.course.workspace)
        data = self.course.data_of(self.lab.id)
        return RunContext(self.server, self.level, self.lab.limits, data, trusted, hidden)

    @cached_property
    def key(self) -> Key:
        """The stored key, or a new one recorded from the solution."""
        folder = self.workspace.keys(self.lab.id)
        digest = key_digest(self.course, self.exam)
        key = load_key(folder, digest)
        if key is None:
            reports = run_now(record(self.exam, self.context))
            key = key_from_reports(self.exam, digest, reports, self.context.trusted)
            store_key(key, folder)
        return key

    def solution(self, **replaced: str) -> Answers:
        """The solution's own answers, some of them replaced."""
        own = {name: todo.reference for name, todo in self.exam.todos.items()}
        return Answers({**own, **replaced})

    def examine(self, jobs: Iterable[Job], done: Done | None = None) -> list[Outcome]:
        """Run every job, ``workers`` at a time.

        Args:
            jobs: The exams to run. A job that the grader itself could not run gives an
                :class:`ExamFailure` and touches no other.
            done: Hears of each as it ends.

        Returns:
            The outcomes in the order of the jobs.

        Raises:
            ContentError: if the lab itself is at fault, not an answer.
        """
        waiting = list(jobs)
        key = self.key if waiting else None
        if key is None:
            return []
        return run_now(self._examine(waiting, key, done))

    async def _examine(self, jobs: Sequence[Job], key: Key, done: Done | None) -> list[Outcome]:
        # The fork server's start is on nobody's clock. If it fails, every job will say so.
        with contextlib.suppress(AutograderError):
            await asyncio.to_thread(self.server.wait_ready)
        gate = asyncio.Semaphore(self.workers)
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="after-exam") as after:

            async def told(job: Job, outcome: Outcome) -> Outcome:
                # In a thread of its own: writing a gradebook must not delay anybody's clock.
                if done is not None:
                    await loop.run_in_executor(after, done, job, outcome)
                return outcome

            async def one(job: Job) -> Outcome | None:
                async with gate:
                    outcome, stalled = await self._timed(job, key)
                return None if _spoilt(outcome, stalled) else await told(job, outcome)

            async with watching():
                outcomes = await asyncio.gather(*(one(job) for job in jobs))
                ended: list[Outcome] = []
                for job, outcome in zip(jobs, outcomes, strict=True):
                    # The grader was late: once more, with nobody else around.
                    if outcome is None:
                        outcome = await told(job, await self._alone(job, key))
                    ended.append(outcome)
                return ended

    async def _timed(self, job: Job, key: Key) -> tuple[Outcome, float]:
        """An exam's outcome, and how long the grader stood still meanwhile."""
        before = stalled_seconds()
        return await self._examine_one(job, key), stalled_seconds() - before

    async def _alone(self, job: Job, key: Key) -> Outcome:
        """The outcome of an exam that is repeated; it says so if the grader was late again."""
        outcome, stalled = await self._timed(job, key)
        if isinstance(outcome, ExamOutcome) and _spoilt(outcome, stalled):
            said = (
                f"The grader stood still for {stalled:.0f} s during this exam, twice: look at it."
            )
            return replace(outcome, incidents=(*outcome.incidents, said))
        return outcome

    async def _examine_one(self, job: Job, key: Key) -> Outcome:
        """Run one exam; a second time if something went wrong that is not the lab's fault."""
        context, reason = self._context_of(job), ""
        for _ in range(TRIES):
            try:
                return await examine(
                    job.exam or self.exam, job.key or key, job.answers, context, job.only
                )
            except TooCostlyError as error:
                return ExamFailure(str(error))
            except ContentError:
                raise
            except Exception as error:  # whatever a submission brings about, the others are graded
                known = isinstance(error, AutograderError | OSError)
                defect = f"a defect of the grader ({type(error).__name__}: {error})"
                reason = str(error) if known else defect
        return ExamFailure(f"The grader could not run this notebook: {reason}")

    def _context_of(self, job: Job) -> RunContext:
        """The lab's own, with another limit of time if the job has one."""
        if job.seconds is None:
            return self.context
        limits = replace(self.lab.limits, submission_seconds=job.seconds)
        return replace(self.context, limits=limits)


def _spoilt(outcome: Outcome, stalled: float) -> bool:
    """Whether the grader stood still so long that what was lost may be its own fault."""
    return stalled > MAX_STALL and isinstance(outcome, ExamOutcome) and bool(outcome.lost)


def run_now(coroutine: Coroutine[Any, Any, Value]) -> Value:
    """Run a coroutine to its end, also where an event loop is running: in a notebook, or behind
    formgrader."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def check_level(level: str) -> str:
    """``level`` if it can be used here; a clear error naming the options otherwise, never a weaker
    level."""
    if level not in LEVELS:
        raise UsageError(f'There is no sandbox level "{level}". Known: {", ".join(LEVELS)}.')
    asked = subprocess.run(
        [sys.executable, "-I", "-c", CHECK, level], capture_output=True, text=True, check=False
    )
    why = asked.stdout.strip() or (asked.stderr.strip().splitlines() or [""])[-1]
    if why:
        raise UsageError(
            f'The sandbox level "{level}" cannot be used here: {why}. Allow user namespaces for '
            'this user, or grade in the container (docs/instructors.md, "--sandbox container"), '
            'or, for your own code on your own machine only, ask for "--sandbox none".'
        )
    return level


def answers_of(submission: Submission, exam: Exam) -> Answers:
    """What of a submission is run: answers of graded TODOs, and added code at the exam's own
    anchors."""
    anchors = {step.name if step.kind != "test" else f"test_{step.name}" for step in exam.steps}
    # A cell behind one that the exam does not have (a demo, a written question) moves up to the
    # last one before it that the exam has.
    extras: dict[str | None, list[str]] = {}
    last: str | None = None
    for extra in submission.extras:
        if extra.kind == "code":
            last = extra.after if extra.after in anchors else last
            extras.setdefault(last, []).append(extra.source)
    answers = {name: submission.answers.get(name, "") for name in exam.todos}
    untouched = submission.untouched & exam.todos.keys()
    return Answers(answers, extras, frozenset(untouched))


def job_digest(answers: Answers, key: Key, engine: Engine) -> str:
    """Names everything that decides an outcome, so that nothing is run twice."""
    extras = sorted((after or "", list(codes)) for after, codes in answers.extras.items())
    rows = [
        dict(answers.answers),
        extras,
        sorted(answers.untouched),
        key.digest,
        engine.level,
        str(engine.lab.limits),
        _grader_digest(),
    ]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:24]


def _grader_digest() -> list[str]:
    """Of each module in the packages that decide."""
    package = Path(__file__).parents[1]
    modules: list[Path] = []
    for name in DECIDING:
        modules += sorted((package / name).rglob("*.py"))
    return [file_digest(path) for path in modules]
