"""All that the grader does with what a student wrote or their code reported: functions for workers.

Each of them runs in the worker of one submission (:mod:`autograder.sandbox.aside`) and gives back
plain records. The grader's own process calls none of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.judging.error_messages import About
from autograder.judging.remarks import compiled_remark, signature_remark
from autograder.judging.verdicts import answer_message, judge_cases, unreadable
from autograder.matching.match import match, recognise
from autograder.model.cell_run import CellRun
from autograder.model.errors import AutograderError, NotGradable
from autograder.model.judgement import Around, Judgement, Prepared
from autograder.model.key import CaseKey
from autograder.model.submission import Submission
from autograder.notebooks.definitions import bare_definitions, definitions, needed_names
from autograder.notebooks.magics import without_magics
from autograder.notebooks.names import changed_names, lasting_names, read_names
from autograder.notebooks.reading import canonical_bytes, read_notebook
from autograder.notebooks.syntax import plain_tree
from autograder.running.flagged_names import flagged_names, may_meddle, may_unsettle

__all__ = [
    "explain",
    "judge",
    "prepare_answer",
    "prepare_extras",
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
    unsettles = may_unsettle(plain)
    fallback = definitions(plain, wanted=own)
    rest = definitions(plain, own | shared, wanted=())
    return Prepared(
        plain,
        flags=tuple(flags),
        meddles=bool(others) or unsettles or may_meddle(plain, reference),
        unsettles=unsettles,
        fallback=fallback,
        is_shorter=_statements(fallback) < _statements(plain),
        names=own,
        signature=signature_remark(plain, reference),
        remark=compiled_remark(plain, reference),
        # What could meddle is not run again for the sake of others.
        rest="" if flags or may_meddle(rest, reference) or may_unsettle(rest) else rest,
    )


def _statements(code: str) -> int:
    tree = plain_tree(code)
    return len(tree.body) if tree is not None else 0


def prepare_extras(
    extras: Mapping[str | None, Sequence[str]], answers: Sequence[str], shared: frozenset[str]
) -> dict[str | None, tuple[Prepared, ...]]:
    """What is run of the cells that a student added, by the cell of ours that they follow."""
    plain: dict[str | None, list[str]] = {}
    for after, sources in extras.items():
        plain[after] = [without_magics(source) for source in sources]
    # What the answers read, and what the added cells need for it from each other.
    wanted: set[str] = set()
    for answer in answers:
        wanted |= read_names(answer)
    codes = [code for cells in plain.values() for code in cells]
    needed = needed_names(codes, wanted - shared) - shared
    prepared: dict[str | None, tuple[Prepared, ...]] = {}
    for after, cells in plain.items():
        prepared[after] = tuple(_extra(code, shared, needed) for code in cells)
    return prepared


def _extra(code: str, shared: frozenset[str], needed: frozenset[str]) -> Prepared:
    kept, fallback = definitions(code, shared, needed), bare_definitions(code, shared)
    return Prepared(
        kept,
        # Of what the student wrote: the names that a star must not replace are ours.
        flags=tuple(flagged_names(definitions(code, (), needed))) if kept else (),
        unsettles=may_unsettle(kept),
        fallback=fallback,
        is_shorter=fallback != kept,
        names=lasting_names(code) & needed,
    )


def judge(
    cases: tuple[CaseKey, ...], run: CellRun, answer: Prepared, around: Around, trusted: Path
) -> Judgement:
    """The verdict on each case of a test."""
    verdicts, incidents = judge_cases(cases, run, _about(answer, around), trusted)
    if answer.remark:
        verdicts = [
            case if case.passed else replace(case, message=f"{case.message} {answer.remark}")
            for case in verdicts
        ]
    reports = run.reports
    raised = bool(reports) and all("error" in report for report in reports)
    return Judgement(tuple(verdicts), tuple(incidents), all_raised=raised)


def explain(run: CellRun, answer: Prepared, around: Around) -> str:
    """What went wrong in an answer itself."""
    return answer_message(run, _about(answer, around))


def _about(answer: Prepared, around: Around) -> About:
    return About(answer.code, around.cells, answer.names, around.added, signature=answer.signature)
