"""Matching takes time that grows with the notebook, not with its square or cube."""

from __future__ import annotations

import time
from collections.abc import Callable

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.matching.match import match
from tests.autograder import tiny


def chain(count: int) -> list[str]:
    """Helpers below their use, each of which needs the next."""
    return [f"def h{k}(x):\n    return h{k + 1}(x)" for k in range(count)]


def backwards(count: int) -> list[str]:
    """The same from the last to the first."""
    return chain(count)[::-1]


def star(count: int) -> list[str]:
    """One helper that needs all others."""
    names = " + ".join(f"h{k}" for k in range(1, count))
    return [f"def h0(x):\n    return {names}", *(f"h{k} = {k}" for k in range(1, count))]


def copies(count: int) -> list[str]:
    """The same helper again and again."""
    return ["def h0(x):\n    return h0(x)"] * count


def texts(count: int) -> list[str]:
    """Code that is none."""
    return [f"this is no code {k} (" for k in range(count)]


def answers(count: int) -> list[str]:
    """One answer again and again."""
    return [f"def double(x):\n    return {k} * x" for k in range(count)]


def outlined(count: int) -> list[str]:
    """As long as it goes, and built like a cell of ours: each has to be compared."""
    statements = "    y = x + x * x - x\n" * 12
    return [f"def double{k}(x):\n{statements}" for k in range(count)]


def alike(count: int) -> list[str]:
    """Words of ours in another order, which difflib compares longest."""
    words = [cell.source for cell in tiny.release().cells if cell.cell_type == "code"]
    return ["\n".join(words[k % len(words) :] + words + [f"y = {k}"]) for k in range(count)]


def notebook(cells: list[str]) -> NotebookNode:
    """A solved notebook that needs ``h0``, with these cells at its end."""
    made = tiny.solved(double="def double(x):\n    return h0(x)")
    made.cells += [nbformat.v4.new_code_cell(source) for source in cells]
    return made


def seconds(make: Callable[[int], list[str]], count: int) -> float:
    """Processor time of one match."""
    given, release = notebook(make(count)), tiny.release()
    start = time.process_time()
    match(given, release)
    return time.process_time() - start


@pytest.mark.parametrize("make", [chain, backwards, star, copies, texts, answers, outlined, alike])
def test_matching_is_at_most_quadratic(make: Callable[[int], list[str]]) -> None:
    """2,000 cells, the most that are read, take seconds; four times the cells at most 16 times."""
    small = max(seconds(make, 450), 0.05)
    large = seconds(make, 1800)
    assert large < 15
    assert large / small < 20


@pytest.mark.parametrize("make", [chain, backwards, star])
def test_all_helpers_are_moved_up(make: Callable[[int], list[str]]) -> None:
    """The answer finds what it needs, however many cells that is."""
    count = 50
    found = match(notebook(make(count)), tiny.release())
    place = next(k for k, cell in enumerate(tiny.release().cells) if cell.id == "double")
    moved = [extra for extra in found.extras if extra.position < place]
    assert len(moved) == count


@pytest.mark.parametrize(
    "source",
    [
        "\x0c{}x!",
        "x:{}y (",
        "x{}= !",
        "  {}",
        "x ={}(",
        "x?{}y",
        "x:{}= (",
        "%time{}(",
        "```{}",
        "`` `{}",
    ],
)
def test_long_lines_are_read_in_no_time(source: str) -> None:
    """Blanks that two parts of an expression could share cost nothing."""
    for filler in (" ", "x", "\n", "\t", "x ", "x.", "?", "#"):
        text = source.replace("{}", filler * (99_000 // len(filler)))
        given = notebook([text])
        given.cells.append(nbformat.v4.new_markdown_cell(text))
        start = time.process_time()
        match(given, tiny.release())
        assert time.process_time() - start < 3, (source, filler)
