"""What the measuring scripts of the labs share: seeds, tables in a page, the time of a notebook."""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from autograder.authoring.solution import run_filled

__all__ = [
    "Ran",
    "parse_seeds",
    "printed",
    "read_table",
    "table_of",
    "time_notebook",
    "write_row",
    "write_table",
]


def parse_seeds(text: str) -> list[int]:
    """ "0-2,7" → [0, 1, 2, 7]."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def table_of(head: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table in Markdown; ``head`` is its first line."""
    return [head, "|" + "---|" * (head.count("|") - 1), *(f"| {' | '.join(row)} |" for row in rows)]


def read_table(page: Path, name: str) -> list[str]:
    """The lines between ``<!-- name -->`` and ``<!-- end of name -->``."""
    return _parted(page.read_text(encoding="utf-8"), name)[1].splitlines()


def write_table(page: Path, name: str, lines: Sequence[str]) -> None:
    """Put ``lines`` between the markers of ``name``; nothing else on the page changes."""
    before, _, after = _parted(page.read_text(encoding="utf-8"), name)
    page.write_text(
        before + "".join(f"{line}\n" for line in lines) + after, encoding="utf-8", newline="\n"
    )


def write_row(page: Path, name: str, row: list[str]) -> None:
    """Put a row into a table of the page: instead of the one with the same first cell, else in
    order."""
    head, _, *lines = read_table(page, name)
    rows: dict[str, list[str]] = {}
    for line in lines:
        # Before the first and after the last bar there is nothing.
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        rows[cells[0]] = cells
    rows[row[0]] = row
    ordered = [rows[key] for key in sorted(rows, key=_sort_key)]
    write_table(page, name, table_of(head, ordered))


def _sort_key(cell: str) -> tuple[float, str]:
    """Numbers in their order, then texts."""
    try:
        return float(cell), ""
    except ValueError:
        return float("inf"), cell


def _parted(text: str, name: str) -> tuple[str, str, str]:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    if begin not in text or end not in text:
        raise ValueError(
            f"the page has no place for the table {name!r}: a line {begin.strip()} and a line {end}"
        )
    before, _, rest = text.partition(begin)
    table, _, after = rest.partition(end)
    return before + begin, table, end + after


class Ran(NamedTuple):
    """A code cell that was run: its seconds, its source, and the text it printed."""

    seconds: float
    source: str
    text: str


def time_notebook(lab_id: str, budget: str) -> tuple[dict[str, Any], list[Ran]]:
    """Run a filled notebook in an ordinary kernel, as a student would, every cell once.

    Returns ``after_imports`` in seconds without cells that only import, ``cpu_seconds`` of the
    kernel with all its threads, the number of ``cores``, and the ``slowest_cells`` as (seconds,
    first line); and the code cells.
    """
    children = _children()
    notebook = run_filled(lab_id, budget)
    # An empty code cell is not run, so it has no times.
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    cells = [Ran(_seconds(cell), cell.source.strip(), printed(cell)) for cell in ran]
    slowest = [(round(cell.seconds, 1), cell.source.partition("\n")[0]) for cell in cells]
    after = sum(cell.seconds for cell in cells if not cell.source.startswith(("import", "from")))
    found = {
        "after_imports": round(after, 1),
        "cpu_seconds": round(_children() - children, 1),
        "cores": len(os.sched_getaffinity(0)),
        "slowest_cells": sorted(slowest, reverse=True)[:5],
    }
    return found, cells


def _seconds(cell: Any) -> float:
    times = cell.metadata["execution"]
    started = datetime.fromisoformat(times["iopub.execute_input"])
    over = datetime.fromisoformat(times["shell.execute_reply"])
    return (over - started).total_seconds()


def printed(cell: Any) -> str:
    """All that a cell has put on standard output."""
    return "".join(
        output.text
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )


def _children() -> float:
    """CPU seconds of the processes that this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
