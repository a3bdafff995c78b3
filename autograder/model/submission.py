"""What a student handed in, what of it is run, and the exam that is run on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Answers", "Extra", "Job", "Submission", "SubmissionJob"]


@dataclass(frozen=True)
class Submission:
    """What a student handed in, free of everything that is not theirs.

    ``answers`` and ``written`` have an entry for every place of the release; a place in
    ``untouched`` holds the release's stub. ``repairs`` are short sentences for the student and the
    instructor.
    """

    lab: str
    answers: dict[str, str]
    written: dict[str, str]
    extras: list[Extra]
    repairs: list[str]
    untouched: set[str]
    attachments: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Extra:
    """A cell the student added.

    ``after`` is the grade_id of the last marked cell of the release before it (None: before the
    first), ``position`` the index of the release cell it stands behind (-1: at the top), ``index``
    its place in the student's notebook.
    """

    after: str | None
    source: str
    index: int
    position: int = -1
    kind: str = "code"


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
    """One exam to run; ``only`` limits the tests to some TODOs."""

    name: str
    answers: Answers
    only: frozenset[str] | None = None


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
