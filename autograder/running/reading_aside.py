"""All that the grader does with what a student wrote or their code reported: functions for workers.

Each of them runs in the worker of one submission (:mod:`autograder.sandbox.aside`) and gives back
plain records. The grader's own process calls none of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.judging.verdicts import answer_message, judge_cases, unreadable
from autograder.matching.match import match, recognise
from autograder.model.cell_run import CellRun
from autograder.model.errors import AutograderError, NotGradable
from autograder.model.judgement import Judgement, Prepared
from autograder.model.key import CaseKey
from autograder.model.submission import Submission
from autograder.notebooks.definitions import definitions
from autograder.notebooks.magics import without_magics
from autograder.notebooks.names import changed_names
from autograder.notebooks.reading import canonical_bytes, read_notebook
from autograder.running.flagged_names import flagged_names, may_meddle

__all__ = [
    "explain",
    "judge",
    "prepare_answer",
    "prepare_extra",
    "read_and_match",
    "recognise_lab",
    "warm_up",
]


def warm_up() -> None:
    """Read a small notebook: the first one takes a tenth of a second, the others a hundredth."""
    cells = [nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_markdown_cell("A text.")]
    release = nbformat.v4.new_notebook(cells=cells)
    read_and_match(canonical_bytes(release), release, "")
    prepare_answer("%time x = 1", "x = 1", frozenset(), frozenset())


def read_and_match(data: bytes, release: NotebookNode, lab: str) -> tuple[Submission, list[str]]:
    """The submission in a notebook file, and what was repaired when it was read.

    Raises:
        NotGradable: if there is none; the message says why.
    """
    try:
        read = read_notebook(data)
        submission = match(read.notebook, release, lab=lab)
    except AutograderError as error:
        raise NotGradable(str(error)) from error
    except MemoryError:
        raise
    except Exception as error:  # a defect of ours must not cost the others their marks
        raise NotGradable(
            f"The notebook could not be read ({type(error).__name__}). Tell your instructor."
        ) from error
    # Through JSON: what nbformat read are dictionaries of its own kind.
    pictures = json.loads(json.dumps(submission.attachments))
    return replace(submission, attachments=pictures), read.repairs


def recognise_lab(data: bytes, releases: Mapping[str, NotebookNode]) -> str | None:
    """The lab that a notebook file belongs to, by its content; None if it is none's.

    Raises:
        NotGradable: if it is no notebook; the message says why.
    """
    return recognise(read_notebook(data).notebook, releases)


def prepare_answer(
    code: str, reference: str, own: frozenset[str], shared: frozenset[str]
) -> Prepared:
    """An answer as it is run.

    Args:
        code: What the student wrote.
        reference: The reference answer.
        own: The names that the TODO stands for.
        shared: The names that the lab itself uses.
    """
    plain = without_magics(code)
    if not plain.strip():
        return Prepared("")
    problem = unreadable(plain)
    if problem:
        return Prepared(plain, problem)
    flags = flagged_names(plain, reference)
    others = (changed_names(plain) - own) & shared
    meddles = bool(others) or may_meddle(plain, reference)
    return Prepared(plain, "", tuple(flags), meddles=meddles)


def prepare_extra(source: str, shared: frozenset[str]) -> Prepared:
    """What is run of a cell that the student added."""
    code = definitions(without_magics(source), shared)
    return Prepared(code, "", tuple(flagged_names(code)) if code else ())


def judge(cases: tuple[CaseKey, ...], run: CellRun, answer: str, trusted: Path) -> Judgement:
    """The verdict on each case of a test."""
    verdicts, incidents = judge_cases(cases, run, answer, trusted)
    reports = run.reports
    raised = bool(reports) and all("error" in report for report in reports)
    return Judgement(tuple(verdicts), tuple(incidents), all_raised=raised)


def explain(run: CellRun, code: str) -> str:
    """What went wrong in an answer itself."""
    return answer_message(run, code)
