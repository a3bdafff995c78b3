"""Regions between `### BEGIN …` and `### END …`."""

from __future__ import annotations

__all__ = ["BEGIN_HIDDEN", "BEGIN_KEY", "END_HIDDEN", "END_KEY", "hidden_part", "public_part"]


BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


BEGIN_KEY, END_KEY = "### BEGIN KEY", "### END KEY"


def hidden_part(source: str) -> str:
    """What lies between the marks of hidden tests."""
    return _split(source)[1]


def public_part(source: str) -> str:
    """What a student sees of a test: everything outside the marks of hidden tests."""
    return _split(source)[0]


def _split(source: str) -> tuple[str, str]:
    public: list[str] = []
    hidden: list[str] = []
    lines = public
    for line in source.splitlines():
        if BEGIN_HIDDEN in line:
            lines = hidden
        elif END_HIDDEN in line:
            lines = public
        else:
            lines.append(line)
    return "\n".join(public), "\n".join(hidden)
