"""The answer bank: right answers earn full marks, wrong ones lose points on their TODO and on no
other.

One exam tries many answers: right ones of all TODOs at once; wrong ones of every
second TODO at once, so that each time the other half shows whether a wrong answer spills over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.model.errors import ContentError
from autograder.quality.answer_file import AnswerBank, Entry, read_answers
from autograder.running.engine import Engine, Job

__all__ = ["Entry", "Trial", "check_bank", "read_bank"]

MIN_RIGHT, MIN_WRONG = 2, 4


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


def missing_entries(engine: Engine, entries: list[Entry]) -> list[str]:
    """TODOs with fewer than two right or four wrong answers."""
    problems = []
    for todo in engine.exam.todos:
        right = sum(entry.todo == todo and entry.kind == "right" for entry in entries)
        wrong = sum(entry.todo == todo and entry.kind == "wrong" for entry in entries)
        if right < MIN_RIGHT or wrong < MIN_WRONG:
            problems.append(
                f"{todo} has {right} right and {wrong} wrong answers; {MIN_RIGHT} and {MIN_WRONG} are wanted."
            )
    return problems


def check_bank(
    engine: Engine,
    entries: list[Entry],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Trial]:
    """Try every answer and say how it fared."""
    rounds = [*_rounds(engine, [e for e in entries if e.kind == "right"], 1)]
    rounds += _rounds(engine, [e for e in entries if e.kind == "wrong"], 2)
    jobs = [
        Job(str(number), engine.solution(**{e.todo: e.code for e in group}))
        for number, group in enumerate(rounds)
    ]
    seen: list[str] = []

    def done(job: Job, outcome: dict[str, Any]) -> None:
        seen.append(job.name)
        progress(len(seen), len(jobs))

    outcomes = engine.examine(jobs, done)
    trials: list[Trial] = []
    doubtful: list[Entry] = []
    for group, outcome in zip(rounds, outcomes, strict=True):
        if "failed" in outcome:
            raise ContentError(outcome["failed"])
        if _spilled(outcome, {entry.todo for entry in group}) or _right_failed(outcome, group):
            doubtful += group
        else:
            trials += [_trial(entry, outcome) for entry in group]
    return trials + _one_by_one(engine, doubtful)


def _rounds(engine: Engine, entries: list[Entry], stride: int) -> list[list[Entry]]:
    """Groups with at most one answer per TODO, and none for the TODOs of another residue."""
    order = {name: index for index, name in enumerate(engine.exam.todos)}
    queues: dict[str, list[Entry]] = {}
    for entry in entries:
        queues.setdefault(entry.todo, []).append(entry)
    groups = []
    for rest in range(stride):
        mine = {todo: list(queue) for todo, queue in queues.items() if order[todo] % stride == rest}
        while any(mine.values()):
            groups.append([queue.pop(0) for queue in mine.values() if queue])
    return groups


def _spilled(outcome: dict[str, Any], touched: set[str]) -> list[str]:
    """TODOs that lost points though their answer was the reference."""
    return [
        name
        for name, todo in outcome["todos"].items()
        if name not in touched and todo["points"] < todo["max_points"]
    ]


def _right_failed(outcome: dict[str, Any], group: list[Entry]) -> bool:
    """Whether a right answer lost points in company, which may be the fault of another."""
    todos = outcome["todos"]
    lost = {name for name, todo in todos.items() if todo["points"] < todo["max_points"]}
    return len(group) > 1 and any(entry.kind == "right" and entry.todo in lost for entry in group)


def _trial(entry: Entry, outcome: dict[str, Any], spilled: list[str] | None = None) -> Trial:
    todo = outcome["todos"][entry.todo]
    full = todo["points"] == todo["max_points"]
    problem = ""
    if entry.kind == "right" and not full:
        failed = next(
            (case for case in todo["cases"] if not case["passed"]),
            {"case": "", "message": todo["message"]},
        )
        problem = (
            f'a right answer failed case "{failed["case"]}": {failed["message"] or todo["message"]}'
        )
    elif entry.kind == "wrong" and full:
        problem = "a wrong answer earned full marks"
    elif spilled:
        problem = f"it also lost points on {', '.join(spilled)}"
    return Trial(entry, todo["points"], todo["state"], problem)


def _one_by_one(engine: Engine, entries: list[Entry]) -> list[Trial]:
    """Answers of rounds in which something spilled over, each alone: who was it?"""
    jobs = [Job(entry.name, engine.solution(**{entry.todo: entry.code})) for entry in entries]
    outcomes = engine.examine(jobs)
    failed = [outcome["failed"] for outcome in outcomes if "failed" in outcome]
    if failed:
        raise ContentError(failed[0])
    return [
        _trial(e, outcome, _spilled(outcome, {e.todo}))
        for e, outcome in zip(entries, outcomes, strict=True)
    ]
