"""Exam + answers + key -> the outcome of one exam. A pure function of its inputs, whatever the
answers do."""

from __future__ import annotations

from typing import Any

from autograder.model.cell_run import CellStatus
from autograder.model.errors import ContentError
from autograder.model.exam import Exam
from autograder.model.key import Key
from autograder.model.outcome import ExamOutcome
from autograder.model.submission import Answers
from autograder.running.run_context import RunContext
from autograder.running.session import Session
from autograder.running.submission_run import SubmissionRun, test_code

__all__ = ["Answers", "RunContext", "examine", "record"]

RECORD = "from labkit.probes import record_comparators as _on; _on()\n"


async def examine(
    exam: Exam,
    key: Key,
    answers: Answers,
    context: RunContext,
    only: frozenset[str] | None = None,
) -> ExamOutcome:
    """Run the exam on ``answers``; ``only`` limits the tests to some TODOs (the other answers
    still run)."""
    return await SubmissionRun(exam, key, answers, context, only).run()


async def record(exam: Exam, context: RunContext) -> dict[str, list[dict[str, Any]]]:
    """Run the solution with recording on: the reports of each TODO, in order.

    No student's code is in this kernel, so it may read the lab's trusted code.

    Raises:
        ContentError: if a cell of the solution fails.
    """
    reports: dict[str, list[dict[str, Any]]] = {}
    limit = context.limits.submission_seconds
    visible = (*context.visible, context.trusted)
    async with Session(
        context.server, level=context.level, limits=context.limits, visible=visible
    ) as session:
        await session.run(RECORD, limit)
        for step in exam.recording:
            run = await session.run(test_code(step) if step.kind == "test" else step.code, limit)
            if run.status is not CellStatus.OK:
                raise ContentError(
                    f"The solution of {exam.lab} fails in {step.kind} {step.name}: {run.cause}",
                    run.error.trace if run.error else (),
                )
            if step.kind == "test":
                reports[step.name] = run.reports
    return reports
