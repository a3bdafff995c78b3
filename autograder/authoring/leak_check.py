"""The leak check: no solution, hidden test, key or mark scheme stands in a release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from autograder.model.errors import ContentError
from autograder.model.exam import Exam
from autograder.notebooks.regions import Region, inside, without

__all__ = ["check_leaks", "leaks"]

MARKS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN",
    "END HIDDEN",
    "MARK SCHEME",
    "BEGIN KEY",
    "labkit.probes",
)
REPORTS = re.compile(r"^\s*(?:with case|probe)\(", re.MULTILINE)
"""A line of a hidden test, which uses these names without importing them."""

HIDDEN = (Region.SOLUTION, Region.HIDDEN_TESTS, Region.MARK_SCHEME)
ASSIGNED = re.compile(r"^(return|[\w.\[\], ]+ =) ")
SHORT = 12
"""Shorter lines (``else:``, ``return x``) prove nothing."""

QUOTABLE = 50
"""The text of a lab, its hints above all, may quote so much of a hidden line, and no more."""


def check_leaks(exam: Exam, source: Any, release: Any) -> None:
    """Raise :class:`ContentError` if the release tells anything it should not, or lost a cell."""
    problems = [*leaks(source, release), *_lost_cells(source, release)]
    if problems:
        raise ContentError(f"The release of {exam.lab} is not fit to hand out.", problems)


def leaks(source: Any, release: Any) -> Iterator[str]:
    """Every mark or hidden line that is found in the release."""
    text = "\n".join(cell.source for cell in release.cells)
    for mark in MARKS:
        if mark in text:
            yield f'"{mark}" stands in the release.'
    for cell in release.cells:
        if cell.cell_type == "code" and (found := REPORTS.search(cell.source)):
            yield f'Cell "{cell.id}" reports values in the release: "{found.group().strip()}".'
    visible = _stripped(without(cell.source, *HIDDEN) for cell in source.cells)
    shown = {line.strip().strip("`> ") for line in text.splitlines()}
    hidden = _hidden_lines(source)
    whole = (hidden - visible) & shown
    yield from (f'The hidden line "{line}" stands in the release.' for line in sorted(whole))
    yield from _quoted(hidden - whole, release)
    if "jupytext" in release.metadata:
        yield 'The release carries a "jupytext" key, which can bring solutions back.'


def _quoted(hidden: set[str], release: Any) -> Iterator[str]:
    """Hidden lines, or what they assign or return, in the text of the lab, unless its code shows
    them anyway."""
    code = "\n".join(cell.source for cell in release.cells if cell.cell_type == "code")
    for line in sorted(hidden):
        worth = ASSIGNED.sub("", line)
        for cell in release.cells:
            if (
                cell.cell_type == "markdown"
                and len(worth) > QUOTABLE
                and worth in cell.source
                and line not in code
            ):
                yield f'The text of cell "{cell.id}" quotes the hidden line "{line}".'


def _hidden_lines(source: Any) -> set[str]:
    lines = _stripped(inside(cell.source, *HIDDEN) for cell in source.cells)
    return {line for line in lines if len(line) > SHORT and not line.startswith("#")}


def _stripped(texts: Iterable[str]) -> set[str]:
    """Every line of the texts, without its indentation."""
    return {line.strip() for text in texts for line in text.splitlines()}


def _lost_cells(source: Any, release: Any) -> Iterator[str]:
    names = [cell.id for cell in source.cells]
    if names != [cell.id for cell in release.cells]:
        yield "The release does not have the cells of the source, in their order."
