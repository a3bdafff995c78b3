"""The whole table of cases."""

from __future__ import annotations

from tests.attacks import rows_files, rows_hostile, rows_notebooks, rows_running
from tests.attacks.rows import Row

__all__ = ["TABLE"]

TABLE: dict[str, Row] = {
    row.number: row
    for row in [*rows_files.ROWS, *rows_notebooks.ROWS, *rows_running.ROWS, *rows_hostile.ROWS]
}
