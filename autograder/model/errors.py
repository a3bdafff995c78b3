"""The one exception tree of the package; the command line turns it into exit codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["AutograderError", "ContentError", "NotGradable", "UsageError", "did_you_mean"]


class AutograderError(Exception):
    """Base of everything this package raises on purpose; the message is one clear sentence."""

    exit_code = 1


class ContentError(AutograderError):
    """Something in the course or in a submission is wrong; ``problems`` lists each."""

    exit_code = 1

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


class NotGradable(ContentError):  # noqa: N818 - the words of the result format
    """A submission cannot be graded: a plain cause and what to do about it."""


class UsageError(AutograderError):
    """The command was called wrongly: a missing file, an unknown lab, an option out of range."""

    exit_code = 2


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean "x"?' for the nearest known word, or the list of what is known."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f' Did you mean "{near[0]}"?'
    return f" Known: {', '.join(known)}." if known else ""
