"""Regions of a source cell between ``### BEGIN …`` and ``### END …``."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["Region", "hidden_part", "inside", "public_part", "unmarked", "without"]


class Region(StrEnum):
    """The kinds of regions, all of them hidden from students."""

    SOLUTION = "SOLUTION"
    HIDDEN_TESTS = "HIDDEN TESTS"
    KEY = "KEY"
    MARK_SCHEME = "MARK SCHEME"

    @property
    def begin(self) -> str:
        """The mark of the line above the region."""
        return f"### BEGIN {self.value}"

    @property
    def end(self) -> str:
        """The mark of the line below the region."""
        return f"### END {self.value}"


def inside(source: str, *regions: Region) -> str:
    """The lines inside of these regions. A region that is not closed goes on to the end."""
    return _split(source, regions)[1]


def without(source: str, *regions: Region) -> str:
    """The lines outside of these regions."""
    return _split(source, regions)[0]


def unmarked(source: str) -> str:
    """All lines but the marks themselves."""
    marks = [mark for region in Region for mark in (region.begin, region.end)]
    pattern = re.compile("|".join(map(re.escape, marks)))
    return "\n".join(line for line in source.split("\n") if not pattern.search(line))


def hidden_part(source: str) -> str:
    """What lies between the marks of hidden tests."""
    return inside(source, Region.HIDDEN_TESTS)


def public_part(source: str) -> str:
    """What a student sees of a test: everything outside the marks of hidden tests."""
    return without(source, Region.HIDDEN_TESTS)


def _split(source: str, regions: tuple[Region, ...]) -> tuple[str, str]:
    """The lines outside and inside of the regions, without the marks of these regions."""
    outer: list[str] = []
    inner: list[str] = []
    lines = outer
    for line in source.splitlines():
        # The lines of the marks belong to neither side.
        if any(region.begin in line for region in regions):
            lines = inner
        elif any(region.end in line for region in regions):
            lines = outer
        else:
            lines.append(line)
    return "\n".join(outer), "\n".join(inner)
