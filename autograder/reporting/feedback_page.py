"""What a feedback page shows: built from a result, the student's own notebook and a person's
marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from autograder.gradebook.marks import Marks
from autograder.model.collect_record import CollectRecord
from autograder.model.result import CaseResult, Result, TodoResult, TodoState, WrittenResult
from autograder.reporting.cells import Cells
from autograder.reporting.pictures import Pictures
from autograder.reporting.render import ShownState, markdown_html, shown_state

__all__ = ["FeedbackPage", "make_page"]

_FIRST = 3


@dataclass
class _Group:
    names: list[str]
    passed: bool
    message: str


@dataclass
class _Todo:
    anchor: str
    title: str
    state: ShownState
    points: float
    max_points: float
    judged: float
    message: str
    cases: tuple[CaseResult, ...]
    code: str
    comment: Markup | None
    adjusted: float | None
    review: bool

    @property
    def open(self) -> bool:
        return self.state.css not in ("correct", "open")

    @property
    def missing(self) -> float:
        return max(0.0, self.max_points - self.points)

    @property
    def plain_title(self) -> str:
        return self.title.replace("`", "")

    @property
    def groups(self) -> list[_Group]:
        """Neighbouring cases with the same outcome and message, told once."""
        groups: list[_Group] = []
        for case in self.cases:
            last = groups[-1] if groups else None
            if last and (last.passed, last.message) == (case.passed, case.message):
                last.names.append(case.case)
            else:
                groups.append(_Group([case.case], case.passed, case.message))
        return groups

    @property
    def advice(self) -> str:
        """The reason of the first failed case, or what its state means."""
        if self.message:
            return self.message
        told = [case for case in self.cases if not case.passed and case.message]
        return f"{told[0].case}: {told[0].message}" if told else self.state.meaning


@dataclass
class _Written:
    title: str
    question: Markup | None
    text: Markup | None
    score: float | None
    max_points: float
    waiting: str
    review: bool
    comment: Markup | None

    @property
    def waits(self) -> bool:
        """Whether a person has yet to look at it, for the first time or again."""
        return self.score is None or self.review


@dataclass
class _Total:
    written: float
    max_written: float
    waiting: bool
    penalty: float
    score: float
    max_score: float


@dataclass
class FeedbackPage:
    """Everything the template shows, and nothing else."""

    course: str
    lab: str
    lab_title: str
    name: str
    gradable: bool
    reason: str = ""
    points: float = 0.0
    max_points: float = 0.0
    todos: list[_Todo] = field(default_factory=list)
    written: list[_Written] = field(default_factory=list)
    total: _Total | None = None
    times: str = ""
    repairs: list[str] = field(default_factory=list)
    file: str = ""
    sandbox: str = ""
    seconds: float = 0.0

    @property
    def fraction(self) -> float:
        """Points as a fraction of what is possible, from 0 to 1."""
        return min(1.0, max(0.0, self.points / self.max_points)) if self.max_points else 0.0

    @property
    def first(self) -> list[_Todo]:
        """What to work on first: what was begun, in the order of the notebook, then what was
        not."""
        lost = [todo for todo in self.todos if todo.missing > 0]
        return sorted(lost, key=lambda todo: todo.state.css == "open")[:_FIRST]

    @property
    def verdict(self) -> str:
        """One friendly, truthful sentence."""
        done = sum(todo.missing == 0 for todo in self.todos)
        left = [todo for todo in self.todos if todo.missing > 0]
        if not left:
            return f"All {done} tasks are correct. Well done!"
        if all(todo.state.css == "open" for todo in self.todos):
            return "No task was attempted yet. Start with the first one: each stands on its own."
        rest = "one still has" if len(left) == 1 else f"{len(left)} still have"
        return f"{done} of {len(self.todos)} tasks are correct; {rest} points to give."


def make_page(
    course: str,
    lab_title: str,
    result: Result,
    record: CollectRecord,
    notebook: NotebookNode | None,
    marks: Marks | None,
    release: NotebookNode | None = None,
) -> FeedbackPage:
    """The page of one student; a pure function of what it is given.

    Code and written answers come from the student's ``notebook``, titles and questions from the
    ``release``.
    """
    shown = FeedbackPage(
        course=course,
        lab=result.lab,
        lab_title=lab_title,
        name=record.name or result.student,
        gradable=result.graded,
        reason=result.reason or "The submission could not be graded.",
        repairs=list(result.repairs),
        file=record.file,
        sandbox=result.sandbox,
        seconds=result.seconds,
    )
    if result.graded:
        _add_marks(shown, result, Cells(notebook), Cells(release or notebook), marks)
    return shown


def _add_marks(
    shown: FeedbackPage, result: Result, cells: Cells, ours: Cells, marks: Marks | None
) -> None:
    """Everything that only a graded submission has."""
    by_hand = marks or Marks()
    pictures = Pictures()
    for name, todo in result.todos.items():
        shown.todos.append(_todo(name, todo, cells, ours, by_hand))
    shown.points = sum(todo.points for todo in shown.todos)
    shown.max_points = result.max_points
    for number, (name, row) in enumerate(result.written.items(), start=1):
        shown.written.append(_written(number, name, row, cells, ours, by_hand, pictures))
    shown.total = _total(shown, marks) if marks else None
    shown.times = by_hand.lateness.sentence


def _todo(name: str, todo: TodoResult, cells: Cells, ours: Cells, marks: Marks) -> _Todo:
    adjusted = marks.by_hand.get(f"test_{name}")
    cell = cells.cell(name)
    untouched = todo.state is TodoState.NOT_ATTEMPTED
    return _Todo(
        anchor=f"todo-{re.sub('[^a-zA-Z0-9_-]', '-', name)}",
        title=ours.title(name),
        state=shown_state(todo.state),
        points=todo.points if adjusted is None else adjusted,
        max_points=todo.max_points,
        judged=todo.points,
        message=todo.message,
        cases=todo.cases,
        code="" if cell is None or untouched else cell.source,
        comment=_comment(marks, name, f"test_{name}"),
        adjusted=adjusted if adjusted != todo.points else None,
        review=f"test_{name}" in marks.review,
    )


def _written(
    number: int,
    name: str,
    row: WrittenResult,
    cells: Cells,
    ours: Cells,
    marks: Marks,
    pictures: Pictures,
) -> _Written:
    cell = cells.cell(name) if row.answered else None
    question, score = ours.question(name), marks.scores.get(name)
    text = None
    if cell is not None:
        # The question may stand in the answer's own cell; it is told once, and by us.
        answer = cell.source.removeprefix(question)
        text = markdown_html(answer, cell.get("attachments"), pictures)
    return _Written(
        title=f"Question {number}",
        question=markdown_html(question) if question else None,
        text=text,
        score=score,
        max_points=row.max_points,
        waiting="To be marked" if row.answered else "Not answered",
        review=name in marks.review,
        comment=_comment(marks, name) if row.answered else None,
    )


def _comment(marks: Marks, *names: str) -> Markup | None:
    texts = [marks.comments[name] for name in names if name in marks.comments]
    return markdown_html("\n\n".join(texts)) if texts else None


def _total(shown: FeedbackPage, marks: Marks) -> _Total:
    scores = [answer.score for answer in shown.written if answer.score is not None]
    most = sum(answer.max_points for answer in shown.written)
    waiting = [row for row in shown.written if row.waits and row.text is not None]
    return _Total(
        written=sum(scores),
        max_written=most,
        waiting=bool(waiting),
        penalty=marks.penalty,
        score=max(0.0, marks.score - marks.penalty),
        max_score=marks.max_score,
    )
