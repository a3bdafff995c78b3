"""What a worker gives back of a student's code: how it is run, and what was made of its reports."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.model.result import CaseResult

__all__ = ["Around", "Judgement", "Prepared"]


@dataclass(frozen=True)
class Prepared:
    """Code as it is run.

    Attributes:
        code: Plain Python, without magics; empty if there is nothing to run.
        problem: Why it is not run at all; empty if it is.
        flags: What it reaches for and need not.
        meddles: Whether it may leave more behind than its own names.
        unsettles: Whether it may change settings of the whole process.
        fallback: Its definitions alone, for when it does not run to its end.
        is_shorter: Whether the fallback leaves out anything.
        rest: What of it is no part of the answer, and may be needed later.
        names: What it defines.
        signature: How its parameters differ from what it is called with.
        remark: What else in it may cost points, in a sentence.
    """

    code: str
    problem: str = ""
    flags: tuple[str, ...] = ()
    meddles: bool = False
    unsettles: bool = False
    fallback: str = ""
    is_shorter: bool = False
    rest: str = ""
    names: frozenset[str] = frozenset()
    signature: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Around:
    """What else of a student's is in a kernel: the numbers of all cells, and what added ones
    define."""

    cells: frozenset[int] = frozenset()
    added: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judgement:
    """The verdicts on one test.

    Attributes:
        cases: One for each case of the key.
        incidents: For the instructor.
        all_raised: Whether there were reports, and each tells of an exception.
    """

    cases: tuple[CaseResult, ...]
    incidents: tuple[str, ...] = ()
    all_raised: bool = False
