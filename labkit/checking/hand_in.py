"""The last look before a notebook is handed in: at the saved file, as a grader will get it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from labkit.checking.boxes import show_box
from labkit.checking.saved import Cell, Saved, find_saved
from labkit.checking.unseen import unseen

__all__ = ["hand_in"]

MOST = 12
"""So many lines are shown; the first ones matter most."""

LOST = (
    "The file of this notebook was not found from here.\nLook yourself: is it saved, was it run "
    "from top to bottom, are all TODOs in it?"
)


def hand_in(lab: str, todos: Mapping[str, str]) -> None:
    """Look at the saved notebook and say what a grader would miss, and where the file is.

    All TODOs must be in the file and the file this lab's, its cells run in order, and nothing that
    an answer uses may come from a deleted cell, a demo, a magic or another file. Save first.

    Args:
        lab: its title.
        todos: the title of each TODO by the `grade_id` of its cell; `build` writes them.
    """
    saved = find_saved(todos.keys())
    if saved is None:
        show_box(LOST, "Before you hand in", "open")
        return
    problems = list(dict.fromkeys(_problems(saved, lab, todos)))
    more = len(problems) - MOST
    lines = [f"✗ {line}" for line in problems[:MOST]] + [f"… and {more} more"] * (more > 0)
    if problems:
        head = "Not ready yet: repair this, save the notebook, and run this cell again"
    else:
        head = f"✓ Ready: all {len(todos)} TODOs are in the file, run in order"
    kind = "wrong" if problems else "right"
    show_box("\n".join([head, *lines, *_where(saved)]), "Before you hand in", kind)


def _problems(saved: Saved, lab: str, todos: Mapping[str, str]) -> Iterator[str]:
    """Everything that a grader would miss, the gravest first."""
    there = {cell.grade_id for cell in saved.cells if cell.kind == "answer"}
    if not there & todos.keys():
        yield f"This file is not the notebook of {lab}: none of its TODOs is in it."
        return
    for grade_id, title in todos.items():
        if grade_id not in there:
            yield (
                f"{title}: its cell is not in the file. Take it from a fresh copy of the notebook, "
                "and put your answer into it."
            )
    yield from _not_as_run(saved, todos)
    yield from _order(saved, todos)
    for cell, words in unseen(saved.cells):
        yield f"{_called(cell, todos)}: {words}"


def _not_as_run(saved: Saved, todos: Mapping[str, str]) -> Iterator[str]:
    """Answers in the file that this session has not run, word for word."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    history: Any = getattr(shell, "history_manager", None)
    if history is None:
        return
    ran = {text.strip() for text in history.input_hist_raw}
    for cell in saved.cells:
        if cell.kind == "answer" and cell.source.strip() not in ran:
            yield (
                f"{_called(cell, todos)}: the file has another answer than the one you ran last. "
                "Is the notebook saved, and was it run from top to bottom?"
            )


def _order(saved: Saved, todos: Mapping[str, str]) -> Iterator[str]:
    """The first cell that was not run, and the first one that was run before one above it."""
    cells = [cell for cell in saved.cells if cell.source.strip()]
    # This very cell may have no number yet: only those above the last one that has one count.
    last = max((i for i, cell in enumerate(cells) if cell.count is not None), default=-1)
    if last < 0:
        yield "No cell of the file was run: restart and run all, then save."
        return
    skipped = [cell for cell in cells[:last] if cell.count is None]
    if skipped:
        yield f"{_called(skipped[0], todos)} was not run. Restart and run all, then save."
    counted = [cell for cell in cells if cell.count is not None]
    for above, below in pairwise(counted):
        if (above.count or 0) > (below.count or 0):
            name = _called(below, todos)
            yield f"{name} was run before a cell above it. Restart and run all, then save."
            return


def _called(cell: Cell, todos: Mapping[str, str]) -> str:
    """A cell in words: the TODO, or its first line."""
    title = todos.get(cell.grade_id.removeprefix("test_"))
    if title and cell.kind == "check":
        return f"The check of {title}"
    first = cell.source.strip().splitlines()[0] if cell.source.strip() else ""
    return title or f"The cell `{first[:50]}`"


def _where(saved: Saved) -> list[str]:
    """Where the file is, and how old."""
    if saved.path is None:
        return ["The file: File → Download → Download .ipynb, and hand that in."]
    when = time.strftime("%H:%M", time.localtime(saved.path.stat().st_mtime))
    return [f"The file: {saved.path} (saved at {when})"]
