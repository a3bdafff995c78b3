"""The mark of one TODO while its exam runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.model.cell_run import CellRun, CellStatus
from autograder.model.judgement import Judgement
from autograder.model.key import Key
from autograder.model.result import CaseResult, TodoResult, TodoState

__all__ = ["Mark", "none_passed", "state_of"]


@dataclass
class Mark:
    """One TODO while its exam runs; ``state`` is None until it is settled, and ``note`` says what
    was done to the answer before it was judged."""

    points: float
    state: TodoState | None = None
    message: str = ""
    note: str = ""
    seconds: float = 0.0
    cases: list[CaseResult] = field(default_factory=list)

    def result(self) -> TodoResult:
        """Points for the fraction of cases that passed."""
        passed = sum(case.passed for case in self.cases)
        fraction = passed / len(self.cases) if self.cases else 0.0
        return TodoResult(
            points=round(self.points * fraction, 4),
            max_points=self.points,
            state=self.state or TodoState.NOT_JUDGED,
            seconds=round(self.seconds, 3),
            message=self.message,
            cases=tuple(self.cases),
        )


def none_passed(key: Key, name: str) -> list[CaseResult]:
    """The cases of a TODO before anything was run."""
    return [CaseResult(case.name, False, "") for case in key.todos[name]]


def state_of(judgement: Judgement, run: CellRun, answered: CellRun) -> TodoState:
    """The state of a TODO whose cases did not all pass."""
    if any(case.passed for case in judgement.cases):
        return TodoState.PARTIAL
    crashed = CellStatus.ERROR in (run.status, answered.status) or judgement.all_raised
    return TodoState.ERROR if crashed else TodoState.INCORRECT
