"""The answer bank: right answers earn full marks, wrong ones lose points on their TODO and on no
other.

One exam tries many answers: right ones of all TODOs at once, and wrong ones by the dozen, one after
another (:mod:`autograder.quality.pool`). When something is not as it should be, fewer of them are
tried together, until it is known whose fault it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.model.outcome import ExamOutcome, finished
from autograder.model.result import CaseResult, TodoResult, TodoState
from autograder.model.submission import Job
from autograder.quality.answer_file import AnswerBank, Entry, read_answers
from autograder.quality.pool import Pool, make_pool, restarts_kernel
from autograder.running.engine import Engine, Outcome

__all__ = ["Entry", "Trial", "check_bank", "missing_entries", "read_bank"]

MIN_RIGHT, MIN_WRONG = 2, 4

FEW = 4
"""So many answers are no longer tried in company when it is unclear whose fault something is."""

MAX_POOLS = 8
"""More cores than this cost more by testing the reference answers again than they gain."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """How one answer fared; ``problem`` is empty when it behaved."""

    entry: Entry
    points: float
    state: str
    problem: str = ""


def read_bank(engine: Engine) -> AnswerBank:
    """The answer bank of a lab.

    Raises:
        ContentError: if a file or a cell of it cannot be used.
    """
    references = {name: todo.reference for name, todo in engine.exam.todos.items()}
    return read_answers(engine.course.answers(engine.lab.id), references)


def missing_entries(engine: Engine, entries: Sequence[Entry]) -> list[str]:
    """TODOs with fewer than two right or four wrong answers."""
    problems = []
    for todo in engine.exam.todos:
        right = sum(entry.todo == todo and entry.kind == "right" for entry in entries)
        wrong = sum(entry.todo == todo and entry.kind == "wrong" for entry in entries)
        if right < MIN_RIGHT or wrong < MIN_WRONG:
            problems.append(
                f"{todo} has {right} right and {wrong} wrong answers; "
                f"{MIN_RIGHT} and {MIN_WRONG} are wanted."
            )
    return problems


def check_bank(
    engine: Engine, entries: Sequence[Entry], progress: Progress = lambda done, total: None
) -> list[Trial]:
    """Try every answer.

    Args:
        engine: the lab, with its exam, key and workers.
        entries: the answers of its bank.
        progress: hears of each exam that is over: how many, of how many.

    Returns:
        How each answer fared.

    Raises:
        ContentError: if an exam could not be run.
    """
    wrong = [entry for entry in entries if entry.kind == "wrong"]
    alone = [entry for entry in wrong if restarts_kernel(engine.exam, entry)]
    pools = _pools(engine, [e for e in wrong if e not in alone], min(engine.workers, MAX_POOLS))
    rounds = _rounds(engine, [entry for entry in entries if entry.kind == "right"])
    # The longest exams come first, so that no worker waits for one at the end.
    jobs = [pool.job for pool in pools]
    jobs += [_round_job(engine, number, group) for number, group in enumerate(rounds)]
    outcomes = _examine(engine, jobs, progress)
    trials, doubtful = _settle(engine, pools, outcomes[: len(pools)])
    alone += doubtful
    for group, outcome in zip(rounds, outcomes[len(pools) :], strict=True):
        touched = {entry.todo for entry in group}
        if _spilled(outcome, touched) or (len(group) > 1 and _lost(outcome, touched)):
            alone += group
        else:
            trials += [_trial(entry, outcome.todos[entry.todo]) for entry in group]
    return trials + _one_by_one(engine, alone)


def _examine(
    engine: Engine, jobs: Sequence[Job], progress: Progress = lambda done, total: None
) -> list[ExamOutcome]:
    """The outcomes of the jobs, all of which could be run."""
    seen: list[str] = []

    def done(job: Job, outcome: Outcome) -> None:
        seen.append(job.name)
        progress(len(seen), len(jobs))

    outcomes = engine.examine(jobs, done) if jobs else []
    return [finished(outcome) for outcome in outcomes]


def _pools(engine: Engine, entries: Sequence[Entry], parts: int) -> list[Pool]:
    """The answers in ``parts`` exams of about the same length."""
    groups = [entries[first::parts] for first in range(parts)]
    named = [(f"pool {number}", group) for number, group in enumerate(groups, 1) if group]
    return [make_pool(engine, name, group) for name, group in named]


def _settle(
    engine: Engine, pools: Sequence[Pool], outcomes: Sequence[ExamOutcome]
) -> tuple[list[Trial], list[Entry]]:
    """The trials of the wrong answers, and those of them that have to be tried alone."""
    trials: list[Trial] = []
    alone: list[Entry] = []
    for pool, outcome in zip(pools, outcomes, strict=True):
        if pool.proves(outcome):
            todos = outcome.todos
            trials += [_trial(entry, todos[name]) for name, entry in pool.entries.items()]
            continue
        unsettled = pool.unsettled(outcome)
        # Halves narrow down whose fault it was in few exams; the last few are tried alone.
        alone += unsettled
        rest = [entry for entry in pool.entries.values() if entry not in unsettled]
        if len(rest) <= FEW:
            alone += rest
            continue
        smaller = _pools(engine, rest, 1 if unsettled else 2)
        settled, doubtful = _settle(
            engine, smaller, _examine(engine, [part.job for part in smaller])
        )
        trials += settled
        alone += doubtful
    return trials, alone


def _rounds(engine: Engine, entries: Sequence[Entry]) -> list[list[Entry]]:
    """Groups with at most one answer per TODO."""
    queues: list[list[Entry]] = []
    for todo in engine.exam.todos:
        queues.append([entry for entry in entries if entry.todo == todo])
    groups = []
    while any(queues):
        groups.append([queue.pop(0) for queue in queues if queue])
    return groups


def _round_job(engine: Engine, number: int, group: Sequence[Entry]) -> Job:
    """One answer to each of some TODOs; what comes before the first of them runs as ever."""
    codes = {entry.todo: entry.code for entry in group}
    todos = list(engine.exam.todos)
    first = min(todos.index(todo) for todo in codes)
    return Job(f"round {number}", engine.solution(**codes), frozenset(todos[first:]))


def _one_by_one(engine: Engine, entries: Sequence[Entry]) -> list[Trial]:
    """Each answer alone: did it do this itself?"""
    jobs = [_round_job(engine, number, [entry]) for number, entry in enumerate(entries)]
    trials = []
    for entry, outcome in zip(entries, _examine(engine, jobs), strict=True):
        spilled = _spilled(outcome, {entry.todo})
        trials.append(_trial(entry, outcome.todos[entry.todo], spilled))
    return trials


def _lost(outcome: ExamOutcome, todos: set[str]) -> list[str]:
    """Those of the TODOs that have lost points."""
    return [name for name in outcome.lost if name in todos]


def _spilled(outcome: ExamOutcome, touched: set[str]) -> list[str]:
    """TODOs that lost points though they were tested and their answer was the reference."""
    tested = {name for name in outcome.todos if outcome.todos[name].state != TodoState.NOT_JUDGED}
    return _lost(outcome, tested - touched)


def _trial(entry: Entry, todo: TodoResult, spilled: Sequence[str] = ()) -> Trial:
    problem = ""
    if entry.kind == "right" and not todo.full:
        failed = next(iter(todo.failed), CaseResult("", False))
        problem = f'a right answer failed case "{failed.case}": {failed.message or todo.message}'
    elif entry.kind == "wrong" and todo.full:
        problem = "a wrong answer earned full marks"
    elif spilled:
        problem = f"it also lost points on {', '.join(spilled)}"
    return Trial(entry, todo.points, todo.state, problem)
