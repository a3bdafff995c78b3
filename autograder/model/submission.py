"""What a student handed in, what of it is run, and the exam that is run on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.model.exam import Exam
from autograder.model.key import Key

__all__ = [
    "Answers",
    "Attachments",
    "CellKind",
    "Extra",
    "Job",
    "Submission",
    "SubmissionJob",
]

Attachments = dict[str, dict[str, str]]
"""Pictures pasted into a text cell: file name -> media type -> base64 text."""


class CellKind(StrEnum):
    """The three types of cell that nbformat has."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


@dataclass(frozen=True)
class Submission:
    """What a student handed in, free of everything that is not theirs.

    Attributes:
        lab: The lab's id.
        answers: The code of each TODO, by grade_id; the release's stub if it is in ``untouched``.
        written: The text of each written answer, likewise.
        extras: The cells the student added, in the order of the exam.
        repairs: Short sentences for the student and the instructor.
        untouched: The grade_ids for which there is no answer.
        attachments: Pictures pasted into written answers, by grade_id.
    """

    lab: str
    answers: dict[str, str]
    written: dict[str, str]
    extras: list[Extra]
    repairs: list[str]
    untouched: set[str]
    attachments: dict[str, Attachments] = field(default_factory=dict)


@dataclass(frozen=True)
class Extra:
    """A cell the student added.

    Attributes:
        after: The grade_id of the last marked release cell before it (None: before the first).
        source: Its text.
        index: Its number among the student's cells.
        position: The index of the release cell behind which it belongs (-1: at the top).
        kind: Code, or Markdown for everything else.
    """

    after: str | None
    source: str
    index: int
    position: int = -1
    kind: CellKind = CellKind.CODE


@dataclass(frozen=True)
class Answers:
    """What is taken from a submission: code per TODO, further cells by the cell they follow,
    untouched TODOs."""

    answers: Mapping[str, str]
    extras: Mapping[str | None, Sequence[str]] = field(default_factory=dict)
    untouched: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How much code was handed in for the TODOs, in characters."""
        return sum(map(len, self.answers.values()))


@dataclass(frozen=True)
class Job:
    """One exam to run.

    Attributes:
        name: What the job is called in messages.
        answers: The code that is run.
        only: The TODOs whose tests are run; all of them if it is None.
        exam: Another exam than the lab's own.
        key: The key of that exam.
        seconds: Another limit for the whole exam.
    """

    name: str
    answers: Answers
    only: frozenset[str] | None = None
    exam: Exam | None = None
    key: Key | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class SubmissionJob:
    """One student's submission, ready to be run.

    ``digest`` names everything that decides the outcome, so that no exam is run twice.
    """

    student: str
    submission: Submission
    job: Job
    digest: str
    repairs: tuple[str, ...] = ()
