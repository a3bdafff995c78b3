"""Exam + answers + key -> the result of one submission. A pure function of its inputs, whatever the
answers do."""

from __future__ import annotations

from typing import Any

from autograder.model.errors import ContentError
from autograder.model.exam import Exam
from autograder.model.key import Key
from autograder.model.submission import Answers
from autograder.running.replay import Place
from autograder.running.session import Session
from autograder.running.submission_run import Candidate, test_code

__all__ = ["Answers", "Place", "examine", "record"]

RECORD = "from labkit.probes import record_comparators as _on; _on()\n"


async def examine(
    exam: Exam, key: Key, submission: Answers, place: Place, only: frozenset[str] | None = None
) -> dict[str, Any]:
    """Run the exam on ``submission``: ``{"todos", "points", "incidents", "seconds", "private"}``.

    ``only`` limits the tests to some TODOs (the other answers still run); ``private`` is for the
    instructor alone.
    """
    return await Candidate(exam, key, submission, place, only).run()


async def record(exam: Exam, place: Place) -> dict[str, list[dict[str, Any]]]:
    """Run the solution with recording on: the reports of each TODO, in order. No student's code is
    in this kernel."""
    reports: dict[str, list[dict[str, Any]]] = {}
    limit = place.limits.submission_seconds
    visible = (*place.visible, place.trusted)
    async with Session(
        place.server, level=place.level, limits=place.limits, visible=visible
    ) as session:
        await session.run(RECORD, limit)
        for step in exam.recording:
            run = await session.run(test_code(step) if step.kind == "test" else step.code, limit)
            if run.status != "ok":
                cause = run.reason or f"{run.error.get('type')}: {run.error.get('text')}"
                trace = list(run.error.get("trace", []))
                raise ContentError(
                    f"The solution of {exam.lab} fails in {step.kind} {step.name}: {cause}", trace
                )
            if step.kind == "test":
                reports[step.name] = run.reports
    return reports
