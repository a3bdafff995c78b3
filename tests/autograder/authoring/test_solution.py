"""The solution as plain names."""

from __future__ import annotations

import pytest

from autograder.authoring.solution import filled_notebook, load_solution
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course


def test_names_of_the_solution(tiny: Course) -> None:
    """Setup and answers are run, tests are not: the names can be called, the tests' own do not
    exist."""
    names = load_solution("tiny", tiny)
    assert names["double"]([1, 2]).tolist() == [2.0, 4.0]
    assert callable(names["total"])
    assert "probe" not in names


def test_an_unknown_lab_is_named(tiny: Course) -> None:
    """A misspelt lab is a usage error."""
    with pytest.raises(UsageError, match="tinny"):
        load_solution("tinny", tiny)


def test_a_release_older_than_its_source_is_not_filled(tiny: Course) -> None:
    """Or what is measured would be the lab of yesterday."""
    assert "np.asarray(x) * 2.0" in "".join(
        cell.source for cell in filled_notebook("tiny", tiny).cells
    )
    path = tiny.source_text("tiny")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n# %% [markdown]\n# One sentence more.\n", encoding="utf-8")
    with pytest.raises(ContentError, match="autograder build tiny"):
        filled_notebook("tiny", tiny)
