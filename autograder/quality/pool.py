"""One exam in which many wrong answers to each TODO are tried, one after another in one kernel.

Where the lab's own exam has the test of a TODO, this one has, for each answer of the pool: the
TODO's names are forgotten, the answer runs, its test runs, and, as ever after a test that was not
passed, the reference answer takes its place. Then comes the lab's own test, with the reference
answer. It is passed only if no answer before it, to this TODO or an earlier one, has spilled over.

So the reference answers are tested once for the whole pool, and not once for each answer of the
TODO that has most of them; and every answer is held against all later TODOs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.model.exam import Exam, Step, Todo
from autograder.model.outcome import ExamOutcome
from autograder.model.result import TodoState
from autograder.model.submission import Answers, Job
from autograder.notebooks.names import bound_names, changed_names, lasting_names
from autograder.quality.answer_file import Entry
from autograder.running.engine import Engine
from autograder.running.flagged_names import may_meddle

__all__ = ["Pool", "make_pool", "restarts_kernel"]


@dataclass(frozen=True)
class Pool:
    """An exam with several answers to each TODO. ``entries`` has the answer at each added place."""

    job: Job
    entries: dict[str, Entry]

    def proves(self, outcome: ExamOutcome) -> bool:
        """Whether all went its way: one kernel, no incident, full points for every reference
        answer."""
        return not (outcome.incidents or self.unsettled(outcome) or self._spilled(outcome))

    def unsettled(self, outcome: ExamOutcome) -> list[Entry]:
        """The answers that lost their kernel or caused an incident.

        The fresh kernel that follows hides what answers before it may have left behind, and the
        pool itself may have been too large for one kernel.
        """
        lost = (TodoState.TIMEOUT, TodoState.KILLED)
        found: list[Entry] = []
        for name, entry in self.entries.items():
            blamed = any(text.startswith(f"{name}: ") for text in outcome.incidents)
            if blamed or outcome.todos[name].state in lost:
                found.append(entry)
        return found

    def _spilled(self, outcome: ExamOutcome) -> bool:
        todos = outcome.todos
        # A wrong answer with full marks stays where the reference should be: it is told of itself.
        standing = {entry.todo for name, entry in self.entries.items() if todos[name].full}
        own = [name for name in todos if name not in self.entries and name not in standing]
        return not all(todos[name].full for name in own)


def make_pool(engine: Engine, name: str, entries: Sequence[Entry]) -> Pool:
    """An exam that tries all ``entries``, with time for all of them."""
    exam, key = engine.exam, engine.key
    answers = {todo: known.reference for todo, known in exam.todos.items()}
    steps: list[Step] = []
    todos: dict[str, Todo] = {}
    cases = dict(key.todos)
    places: dict[str, Entry] = {}
    for step in exam.steps:
        if step.kind == "test":
            todo = exam.todos[step.name]
            forgotten = set(todo.names)
            mine = [entry for entry in entries if entry.todo == step.name]
            for number, entry in enumerate(mine, 1):
                place = f"{step.name} {number}"
                steps += _variant(place, step, forgotten - _shared(exam, step.name))
                todos[place] = replace(todo, grade_id=place)
                cases[place] = key.todos[step.name]
                answers[place], places[place] = entry.code, entry
                forgotten |= bound_names(entry.code)
            todos[step.name] = todo
        steps.append(step)
    job = Job(
        name,
        Answers(answers),
        exam=replace(exam, steps=tuple(steps), todos=todos),
        key=replace(key, todos=cases),
        seconds=engine.lab.limits.submission_seconds * (1 + len(entries)),
    )
    return Pool(job, places)


def _variant(place: str, test: Step, forgotten: set[str]) -> list[Step]:
    """The steps that try one more answer: without what was defined before, with the test's seed."""
    forget = f"[globals().pop(name, None) for name in {sorted(forgotten)!r}]"
    seeded = f"_probes.begin_test({test.name!r})\n{test.code}"
    return [
        Step("setup", f"before {place}", forget),
        Step("answer", place, ""),
        Step("test", place, seeded),
    ]


def restarts_kernel(exam: Exam, entry: Entry) -> bool:
    """Whether a fresh kernel follows this answer, since it may have left behind more than its
    names."""
    reference = exam.todos[entry.todo].reference
    strange = changed_names(entry.code) & _shared(exam, entry.todo)
    return bool(strange or may_meddle(entry.code, reference))


def _shared(exam: Exam, todo: str) -> set[str]:
    """The names that are not a TODO's own: those of setup cells and of the other TODOs."""
    names: set[str] = set()
    for step in exam.steps:
        if step.kind == "setup":
            names |= lasting_names(step.code)
    for other in exam.todos.values():
        names |= set(other.names)
    return names - set(exam.todos[todo].names)
