"""The whole table of cases, and `cases.md`, which is written from it.

python -m tests.attacks.table    # write cases.md anew
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks import (
    rows_files,
    rows_honest,
    rows_hostile,
    rows_notebooks,
    rows_running,
    rows_trusted,
)
from tests.attacks.rows import Row

__all__ = ["PAGE", "TABLE", "page"]

PAGE = Path(__file__).with_name("cases.md")

GROUPS = {
    "Files and containers": rows_files.ROWS,
    "Structure of the notebook": rows_notebooks.ROWS,
    "Innocent trouble while the code runs": rows_running.ROWS,
    "Green notebooks": rows_honest.ROWS,
    "Hostile": rows_hostile.ROWS,
    "Against the code that reads and judges": rows_trusted.ROWS,
}

TABLE: dict[str, Row] = {row.number: row for rows in GROUPS.values() for row in rows}
if len(TABLE) < sum(map(len, GROUPS.values())):
    raise ValueError("two rows of the table have one number")

LEGEND = """\
# Broken, messy and hostile submissions

What reaches a grader in real courses, one small submission per row; the number is the name of the
row in the tests (`pytest tests/attacks/test_rows.py -k "[36b]"`). The letter is its ideal outcome:

- **A** is graded normally, with a note where something was repaired.
- **B**: what can be graded is graded; the rest earns 0, with a reason.
- **C** is "not gradable", with a plain cause and advice. No attempt is consumed, and everybody else
  is unaffected.
- **D**: the affected part earns nothing, and the instructor reads of an incident. A hostile row never
  ends in a silent full mark.

A class always ends with one result per student. No row may change another student's result, the
gradebook, the solutions, or anything outside the student's own temporary folder: honest students
are graded between the rows, and their marks are checked, too.

This page is written from the table by `python -m tests.attacks.table`.
"""


def page() -> str:
    """The legend and all rows as Markdown."""
    parts = [LEGEND]
    for title, rows in GROUPS.items():
        lines = [
            f"| {row.number} | {row.title.replace('|', '&#124;')} | {row.outcome} |" for row in rows
        ]
        parts.append(
            "\n".join(
                [
                    f"## {title}",
                    "",
                    "| row | what is handed in | outcome |",
                    "|---|---|---|",
                    *lines,
                    "",
                ]
            )
        )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
