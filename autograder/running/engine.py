"""What every verb that runs student code needs: the exam, the key and the release of a lab, and
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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import nbformat

from autograder.authoring.digests import key_digest
from autograder.authoring.exam import make_exam
from autograder.authoring.imports import warm_modules
from autograder.authoring.key import key_from_reports
from autograder.authoring.key_store import load_key, store_key
from autograder.authoring.source import read_source
from autograder.model.errors import AutograderError, ContentError, UsageError
from autograder.model.exam import Exam
from autograder.model.key import Key
from autograder.model.submission import Submission
from autograder.running.runner import Answers, Place, examine, record
from autograder.sandbox.isolation import LEVELS
from autograder.sandbox.provisioner import get_server
from autograder.sandbox.warm_server import WarmServer
from autograder.workspace.course import Course, Lab
from autograder.workspace.files import file_digest

__all__ = ["Engine", "Job", "answers_of", "read_release", "run_now", "unit_digest"]

Result = TypeVar("Result")

SHOWING = (
    "bench",
    "cli",
    "demo",
    "export",
    "feedback",
    "marks",
    "measuring",
    "render",
    "report",
    "sample",
    "tables",
)
"""Beginnings of the names of modules that decide no mark; another version of any other grades
again."""

CHECK = "import sys; from autograder.sandbox.isolation import unavailable as f; print(f(sys.argv[1]) or '')"


@dataclass(frozen=True)
class Job:
    """One exam to run; ``only`` limits the tests to some TODOs.

    ``exam``, ``key`` and ``place`` are the lab's own, unless others are given.
    """

    name: str
    answers: Answers
    only: frozenset[str] | None = None
    exam: Exam | None = None
    key: Key | None = None
    place: Place | None = None


class Engine:
    """One lab of a course, ready to examine submissions."""

    def __init__(
        self, course: Course, lab_id: str, *, level: str = "namespaces", workers: int | None = None
    ) -> None:
        self.course = course
        self.lab: Lab = course.lab(lab_id)
        self.level = check_level(level)
        self.workers = max(1, workers or len(os.sched_getaffinity(0)))
        self.at_hand: dict[str, dict[str, Any]] = {}
        """Results, which are kept, of students whose marks are being entered into the gradebook."""

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
        built = self.course.workspace / "release" / self.lab.id / f"{self.lab.id}.ipynb"
        return read_release(self.course, self.lab.id, built)

    @cached_property
    def server(self) -> WarmServer:
        """The fork server of this lab: it holds what the lab's exam imports, and no more."""
        return get_server(warm_modules(self.exam, self.lab))

    def start(self) -> None:
        """Let the fork server begin to import its libraries, which takes seconds; what is done
        meanwhile is free."""
        get_server(warm_modules(self.exam, self.lab))

    @cached_property
    def place(self) -> Place:
        trusted = self.course.source_text(self.lab.id).parent
        hidden = (self.course.root / "solutions", self.course.workspace)
        data = self.course.data_of(self.lab.id)
        return Place(self.server, self.level, self.lab.limits, data, trusted, hidden)

    @cached_property
    def key(self) -> Key:
        """The stored key, or a new one recorded from the solution."""
        folder = self.course.workspace / "keys" / self.lab.id
        digest = key_digest(self.course, self.exam)
        key = load_key(folder, digest)
        if key is None:
            reports = run_now(record(self.exam, self.place))
            key = key_from_reports(self.exam, digest, reports, self.place.trusted)
            store_key(key, folder)
        return key

    def solution(self, **replaced: str) -> Answers:
        """The solution's own answers, some of them replaced."""
        own = {name: todo.reference for name, todo in self.exam.todos.items()}
        return Answers({**own, **replaced})

    def examine(
        self, jobs: Iterable[Job], done: Callable[[Job, dict[str, Any]], None] | None = None
    ) -> list[Any]:
        """Run every job, ``workers`` at a time; ``done`` hears of each as it ends. Results in the
        order of jobs.

        A job that the grader itself could not run gives ``{"failed": reason}`` and touches no
        other.
        """
        waiting = list(jobs)
        key = self.key if waiting else None
        if key is None:
            return []
        return list(run_now(self._examine(waiting, key, done)))

    async def _examine(
        self, jobs: Sequence[Job], key: Key, done: Callable[[Job, dict[str, Any]], None] | None
    ) -> list[Any]:
        with contextlib.suppress(AutograderError):  # every job will say so
            await asyncio.to_thread(self.server.wait_ready)  # on nobody's clock
        gate = asyncio.Semaphore(self.workers)
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="after-exam") as after:

            async def one(job: Job) -> dict[str, Any]:
                async with gate:
                    result = await self._examine_one(job, key)
                if (
                    done is not None
                ):  # in a thread of its own: writing a gradebook must not delay a clock
                    await loop.run_in_executor(after, done, job, result)
                return result

            return await asyncio.gather(*(one(job) for job in jobs))

    async def _examine_one(self, job: Job, key: Key) -> dict[str, Any]:
        for attempt in (1, 2):
            try:
                exam, place = job.exam or self.exam, job.place or self.place
                return await examine(exam, job.key or key, job.answers, place, job.only)
            except ContentError:
                raise
            except Exception as error:  # whatever a submission brings about, the others are graded
                if attempt == 2:
                    known = isinstance(error, AutograderError | OSError)
                    why = (
                        str(error)
                        if known
                        else f"a defect of the grader ({type(error).__name__}: {error})"
                    )
                    return {"failed": f"The grader could not run this notebook: {why}"}
        raise AssertionError("unreachable")


def run_now(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, also where an event loop is running: in a notebook, or behind
    formgrader."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def read_release(course: Course, lab_id: str, built: Path | None = None) -> Any:
    """The lab in ``labs/``, or at ``built`` if that exists; :class:`UsageError` when it was never
    built."""
    path = built if built is not None and built.is_file() else course.released(lab_id)
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise UsageError(
            f"{lab_id} has not been built yet: run `autograder build {lab_id}`."
        ) from error
    except Exception as error:
        raise ContentError(f"{path} is damaged: run `autograder build {lab_id}`.") from error


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
            f'The sandbox level "{level}" cannot be used here: {why}. Allow user namespaces for this user, or grade in '
            'the container (docs/instructors.md, "--sandbox container"), or, for your own code on your own machine '
            'only, ask for "--sandbox none".'
        )
    return level


def answers_of(submission: Submission, exam: Exam) -> Answers:
    """What of a submission is run: answers of graded TODOs, and added code at the exam's own
    anchors."""
    anchors = {step.name if step.kind != "test" else f"test_{step.name}" for step in exam.steps}
    extras: dict[str | None, list[str]] = {}
    last: str | None = None
    for extra in submission.extras:
        if extra.kind == "code":
            last = extra.after if extra.after in anchors else last
            extras.setdefault(last, []).append(extra.source)
    answers = {name: submission.answers.get(name, "") for name in exam.todos}
    untouched = frozenset(name for name in exam.todos if name in submission.untouched)
    return Answers(answers, extras, untouched)


def unit_digest(answers: Answers, key: Key, engine: Engine) -> str:
    """Names everything that decides a result, so that nothing is graded twice."""
    limits = engine.lab.limits
    extras = sorted((after or "", list(codes)) for after, codes in answers.extras.items())
    rows = [
        dict(answers.answers),
        extras,
        sorted(answers.untouched),
        key.digest,
        engine.level,
        str(limits),
        _grader_digest(),
    ]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:24]


def _grader_digest() -> list[str]:
    package = Path(__file__).parents[1]
    return [
        file_digest(path)
        for path in sorted(package.rglob("*.py"))
        if not path.name.startswith(SHOWING)
    ]
