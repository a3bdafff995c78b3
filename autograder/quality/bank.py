"""The answer bank: right answers earn full marks, wrong ones lose points on their TODO and on no
other.

``solutions/L/answers/GRADE_ID/right_*.py`` and ``wrong_*.py``; each file is the complete source of
the answer cell. One exam tries many answers: right ones of all TODOs at once; wrong ones of every
second TODO at once, so that each time the other half shows whether a wrong answer spills over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.model.errors import ContentError, did_you_mean
from autograder.model.outcome import ExamOutcome, finished
from autograder.model.result import CaseResult
from autograder.model.submission import Job
from autograder.running.engine import Engine, Outcome

__all__ = ["Entry", "Trial", "check_bank", "read_bank"]

MIN_RIGHT, MIN_WRONG = 2, 4


@dataclass(frozen=True)
class Entry:
    """One answer of the bank."""

    todo: str
    kind: str
    slug: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.todo}/{self.kind}_{self.slug}"


@dataclass(frozen=True)
class Trial:
    """How one answer fared; ``problem`` is empty when it behaved."""

    entry: Entry
    points: float
    state: str
    problem: str = ""


def read_bank(engine: Engine) -> list[Entry]:
    """Every answer of the bank, sorted; :class:`ContentError` for folders and files that belong to
    no TODO."""
    folder = engine.course.answers(engine.lab.id)
    problems: list[str] = []
    entries: list[Entry] = []
    for path in sorted(folder.glob("*/*.py")) if folder.is_dir() else []:
        kind, _, slug = path.stem.partition("_")
        todo = path.parent.name
        if todo not in engine.exam.todos:
            problems.append(
                f'{_place(path, folder)}: there is no TODO "{todo}".{did_you_mean(todo, engine.exam.todos)}'
            )
        elif kind not in ("right", "wrong") or not slug:
            problems.append(
                f"{_place(path, folder)}: a file is named right_SLUG.py or wrong_SLUG.py."
            )
        else:
            try:
                entries.append(Entry(todo, kind, slug, path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{_place(path, folder)}: cannot be read: {error}")
    if problems:
        raise ContentError(
            f"The answer bank of {engine.lab.id} has files that cannot be used.", problems
        )
    return entries


def _place(path: Path, folder: Path) -> str:
    return f"answers/{path.relative_to(folder)}"


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

    def done(job: Job, outcome: Outcome) -> None:
        seen.append(job.name)
        progress(len(seen), len(jobs))

    outcomes = [finished(outcome) for outcome in engine.examine(jobs, done)]
    trials: list[Trial] = []
    doubtful: list[Entry] = []
    for group, outcome in zip(rounds, outcomes, strict=True):
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


def _spilled(outcome: ExamOutcome, touched: set[str]) -> list[str]:
    """TODOs that lost points though their answer was the reference."""
    return [name for name in outcome.lost if name not in touched]


def _right_failed(outcome: ExamOutcome, group: list[Entry]) -> bool:
    """Whether a right answer lost points in company, which may be the fault of another."""
    lost = outcome.lost
    return len(group) > 1 and any(entry.kind == "right" and entry.todo in lost for entry in group)


def _trial(entry: Entry, outcome: ExamOutcome, spilled: list[str] | None = None) -> Trial:
    todo = outcome.todos[entry.todo]
    problem = ""
    if entry.kind == "right" and not todo.full:
        failed = next(iter(todo.failed), CaseResult("", False))
        problem = f'a right answer failed case "{failed.case}": {failed.message or todo.message}'
    elif entry.kind == "wrong" and todo.full:
        problem = "a wrong answer earned full marks"
    elif spilled:
        problem = f"it also lost points on {', '.join(spilled)}"
    return Trial(entry, todo.points, todo.state, problem)


def _one_by_one(engine: Engine, entries: list[Entry]) -> list[Trial]:
    """Answers of rounds in which something spilled over, each alone: who was it?"""
    jobs = [Job(entry.name, engine.solution(**{entry.todo: entry.code})) for entry in entries]
    outcomes = [finished(outcome) for outcome in engine.examine(jobs)]
    return [
        _trial(e, outcome, _spilled(outcome, {e.todo}))
        for e, outcome in zip(entries, outcomes, strict=True)
    ]
