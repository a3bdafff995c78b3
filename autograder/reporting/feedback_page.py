"""What a feedback page shows: built from a result, the student's own notebook and a person's
marks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from autograder.gradebook.marks import Marks
from autograder.notebooks.roles import PLACEHOLDER, Role, role_of, settings_of
from autograder.reporting.render import STATES, State, markdown_html

__all__ = ["Cells", "FeedbackPage", "make_page"]

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
    state: State
    points: float
    max_points: float
    judged: float
    message: str
    cases: list[dict[str, Any]]
    code: str
    comment: Markup | None
    adjusted: float | None

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
            if groups and (groups[-1].passed, groups[-1].message) == (
                case["passed"],
                case["message"],
            ):
                groups[-1].names.append(case["case"])
            else:
                groups.append(_Group([case["case"]], case["passed"], case["message"]))
        return groups

    @property
    def advice(self) -> str:
        """The reason of the first failed case, or what its state means."""
        failed = [
            f"{case['case']}: {case['message']}"
            for case in self.cases
            if not case["passed"] and case["message"]
        ]
        return self.message or next(iter(failed), self.state.meaning)


@dataclass
class _Written:
    title: str
    question: Markup | None
    text: Markup | None
    score: float | None
    max_points: float
    waiting: str
    comment: Markup | None


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
    repairs: list[str] = field(default_factory=list)
    file: str = ""
    sandbox: str = ""
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Points as a fraction of what is possible."""
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
    result: dict[str, Any],
    record: dict[str, Any],
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
        lab=str(result.get("lab", "")),
        lab_title=lab_title,
        name=str(record.get("name") or result.get("student", "")),
        gradable=result.get("status") == "graded",
        reason=str(result.get("reason") or "The submission could not be graded."),
        repairs=[str(repair) for repair in result.get("repairs", [])],
        file=str(record.get("file", "")),
        sandbox=str(result.get("sandbox", "")),
        seconds=float(result.get("seconds", 0)),
    )
    if shown.gradable:
        cells, ours = Cells(notebook), Cells(release or notebook)
        marks_or_none = marks or Marks()
        shown.todos = [
            _todo(name, todo, cells, ours, marks_or_none) for name, todo in result["todos"].items()
        ]
        shown.points = sum(todo.points for todo in shown.todos)
        shown.max_points = float(result.get("max_points", 0))
        written = result.get("written", {})
        shown.written = [
            _written(k, name, row, cells, ours, marks_or_none)
            for k, (name, row) in enumerate(written.items(), 1)
        ]
        shown.total = _total(shown, marks) if marks else None
    return shown


class Cells:
    """The student's canonical notebook: their answers, and our headings and questions around
    them."""

    def __init__(self, notebook: NotebookNode | None) -> None:
        self._cells = [
            c
            for c in (notebook.cells if notebook else [])
            if not c.get("id", "").startswith("extra-")
        ]
        self._places = {
            settings_of(cell).name: index
            for index, cell in enumerate(self._cells)
            if settings_of(cell).present
        }

    def cell(self, grade_id: str) -> NotebookNode | None:
        """The student's cell."""
        return self._cells[self._places[grade_id]] if grade_id in self._places else None

    def text_before(self, grade_id: str) -> str:
        """The Markdown cell of ours right above it."""
        index = self._places.get(grade_id, 0) - 1
        above = self._cells[index] if index >= 0 else None
        ours = above is not None and role_of(above) is Role.TEXT
        return str(above.source) if above is not None and ours else ""

    def question(self, grade_id: str) -> str:
        """What is asked: in the cell of the answer itself, or above it."""
        cell = self.cell(grade_id)
        asked = str(cell.source).partition(PLACEHOLDER)[0].rstrip() if cell is not None else ""
        return (
            asked
            if cell is not None and PLACEHOLDER in cell.source and asked
            else self.text_before(grade_id)
        )

    def title(self, grade_id: str) -> str:
        """The heading above it without its points, or the grade_id."""
        headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", self.text_before(grade_id), re.MULTILINE)
        heading = re.sub(r"\s*[(·]\s*[\d.]+ points?\s*\)?$", "", headings[-1]) if headings else ""
        return heading.strip() or f"`{grade_id}`"


def _todo(name: str, todo: dict[str, Any], cells: Cells, ours: Cells, marks: Marks) -> _Todo:
    state = STATES.get(todo.get("state", ""), STATES["error"])
    adjusted = marks.by_hand.get(f"test_{name}")
    judged = float(todo.get("points", 0))
    cell = cells.cell(name)
    return _Todo(
        anchor=f"todo-{re.sub('[^a-zA-Z0-9_-]', '-', name)}",
        title=ours.title(name),
        state=state,
        points=judged if adjusted is None else adjusted,
        max_points=float(todo.get("max_points", 0)),
        judged=judged,
        message=str(todo.get("message") or ""),
        cases=[
            {
                "case": str(c["case"]),
                "passed": c["passed"] is True,
                "message": str(c.get("message") or ""),
            }
            for c in todo.get("cases", [])
        ],
        code="" if cell is None or state.css == "open" else cell.source,
        comment=_comment(marks, name, f"test_{name}"),
        adjusted=adjusted if adjusted is not None and adjusted != judged else None,
    )


def _written(
    number: int, name: str, row: dict[str, Any], cells: Cells, ours: Cells, marks: Marks
) -> _Written:
    cell = cells.cell(name) if row.get("answered") else None
    question = ours.question(name)
    score = marks.scores.get(name)
    return _Written(
        title=f"Question {number}",
        question=markdown_html(question) if question else None,
        text=markdown_html(cell.source.removeprefix(question), cell.get("attachments"))
        if cell is not None
        else None,
        score=score if row.get("answered") or score is not None else None,
        max_points=float(row.get("max_points", 0)),
        waiting="To be marked" if row.get("answered") else "Not answered",
        comment=_comment(marks, name) if row.get("answered") else None,
    )


def _comment(marks: Marks, *names: str) -> Markup | None:
    texts = [marks.comments[name] for name in names if name in marks.comments]
    return markdown_html("\n\n".join(texts)) if texts else None


def _total(shown: FeedbackPage, marks: Marks) -> _Total:
    scores = [answer.score for answer in shown.written]
    return _Total(
        written=sum(score for score in scores if score is not None),
        max_written=sum(answer.max_points for answer in shown.written),
        waiting=any(answer.score is None and answer.text is not None for answer in shown.written),
        penalty=marks.penalty,
        score=max(0.0, marks.score - marks.penalty),
        max_score=marks.max_score,
    )
