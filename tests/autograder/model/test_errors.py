"""One exception tree, whose members carry the exit status, and suggestions for what was
mistyped."""

from __future__ import annotations

import pytest

from autograder.model.errors import (
    AutograderError,
    ContentError,
    NotGradable,
    UsageError,
    did_you_mean,
)


@pytest.mark.parametrize(("kind", "status"), [(ContentError, 1), (NotGradable, 1), (UsageError, 2)])
def test_each_error_knows_its_exit_status(kind: type[AutograderError], status: int) -> None:
    """1: something in the content is wrong; 2: wrong usage. All are AutograderError."""
    assert issubclass(kind, AutograderError)
    assert kind("text").exit_code == status
    assert str(kind("text")) == "text"


def test_a_content_error_lists_its_problems() -> None:
    """Any iterable of problems is kept as a list."""
    assert ContentError("two things", (name for name in "ab")).problems == ["a", "b"]
    assert ContentError("nothing to list").problems == []


@pytest.mark.parametrize(
    ("word", "known", "text"),
    [
        ("gard", ["grade", "build"], ' Did you mean "grade"?'),
        ("zzz", ["grade", "build"], " Known: grade, build."),
        ("zzz", iter(["grade"]), " Known: grade."),
        ("zzz", [], ""),
    ],
)
def test_the_nearest_known_word_is_offered(word: str, known: list[str], text: str) -> None:
    """A near word is named; without one, all known words are; without any, nothing is said."""
    assert did_you_mean(word, known) == text
