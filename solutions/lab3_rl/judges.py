"""Trusted judges of lab 3: they run in the process that decides marks, where no student code runs.

Where the architecture of a network is free, no value can be expected from it; but what must hold of
its outputs can be: that they differ, that they agree, that they may be any number. The outputs come
here as they are, and nothing that is the same for all inputs passes.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def differ(value: Any, at_least: float) -> tuple[bool, str]:
    """Whether the rows of an array (N, …) all differ from each other, somewhere by `at_least`."""
    rows = _rows(value)
    gaps = [float(np.abs(a - b).max()) for i, a in enumerate(rows) for b in rows[:i]]
    return min(gaps) >= at_least, "Some of these are the same, where they should differ."


def agree(value: Any, within: float) -> tuple[bool, str]:
    """Whether the rows of an array (N, …) are the same; what is the same everywhere does not
    count."""
    rows = _rows(value)
    if float(np.ptp(rows[0])) <= 10 * within:
        return False, "All these numbers are the same, whatever the input is."
    gap = float(np.abs(rows - rows[0]).max())
    return gap <= within, "Some of these differ, where they should be the same."


def any_number(value: Any, columns: int, beyond: float) -> tuple[bool, str]:
    """Whether each column of a table (N, columns) reaches beyond a number on both sides of 0."""
    table = np.asarray(value, float).reshape(-1, columns)
    if not np.isfinite(table).all():
        return False, "Some of these numbers are not finite."
    reached = min(float(table.max(axis=0).min()), float((-table).max(axis=0).min()))
    return reached >= beyond, "Some of these are never large, or never negative."


def _rows(value: Any) -> np.ndarray:
    """An array (N, …) as finite rows (N, M), at least two of them."""
    rows = np.asarray(value, float)
    rows = rows.reshape(len(rows), -1)
    if len(rows) < 2 or not rows.size or not np.isfinite(rows).all():
        raise ValueError("at least two rows of finite numbers are needed")
    return rows
