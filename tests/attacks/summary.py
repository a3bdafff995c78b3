"""What stands below a test run that looked at the table of cases, in one process or in several."""

from __future__ import annotations

from typing import Any

import pytest

__all__ = ["LINES"]

LINES = pytest.StashKey[list[str]]()
"""The lines to print; left by the process that examined the rows."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a process of its own (pytest-xdist), send the lines to the one that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["cases"] = session.config.stash.get(LINES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the lines of a process that has ended."""
    lines = getattr(node, "workeroutput", {}).get("cases", [])
    node.config.stash.setdefault(LINES, []).extend(lines)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    lines = config.stash.get(LINES, [])
    if lines:
        terminalreporter.section("table of cases")
        for line in lines:
            terminalreporter.line(line)
