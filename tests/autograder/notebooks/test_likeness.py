"""How alike two cells are, and what finding that out may take."""

from __future__ import annotations

import time
from difflib import SequenceMatcher

import pytest

from autograder.notebooks.likeness import MAX_STEPS, Likeness

ALTERNATING = "x ) " * 750
CLOSING = ") y " * 750


def test_it_is_the_ratio_of_difflib() -> None:
    """Counting the steps changes nothing in what is found."""
    left, right = "def double(x): return 2 * x", "def double(y): return y + y"
    words = [
        text.replace("(", " ( ").replace(")", " ) ").replace(":", " : ") for text in (left, right)
    ]
    wanted = SequenceMatcher(None, *(text.split() for text in words), autojunk=False).ratio()
    assert Likeness()(left, right) == pytest.approx(wanted)
    assert Likeness()("", "") == 1.0
    assert Likeness()("a", "") == 0.0


def test_all_comparisons_of_a_notebook_have_one_limit() -> None:
    """Texts made for the worst case are compared until the steps are used up: seconds, not hours."""
    alike, started = Likeness(), time.process_time()
    found = [alike(f"{ALTERNATING} {number}", CLOSING) for number in range(100)]
    assert time.process_time() - started < 15
    assert alike.steps_left < 0
    assert found[-1] == 0.0


def test_an_honest_notebook_takes_a_part_of_it() -> None:
    """Fifty cells of 30 lines, each compared with a version of itself and with another one."""
    alike = Likeness()
    cells = []
    for number in range(50):
        lines = [f"value_{number}_{line} = np.sum(x[{line}], axis={line})" for line in range(30)]
        cells.append("\n".join(lines))
    for cell, other in zip(cells, cells[1:] + cells[:1], strict=True):
        assert alike(cell, f"{cell}\nedited = True") > 0.9
        alike(cell, other)
    assert alike.steps_left > MAX_STEPS / 2
