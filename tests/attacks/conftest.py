"""One class of attackers, examined once per test run; the summary of the table at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.course import Course
from tests.attacks.hall import CANARY, Hall, opened
from tests.attacks.table import TABLE

OUTCOMES = pytest.StashKey[dict[str, bool]]()


@pytest.fixture(scope="session")
def hall(
    request: pytest.FixtureRequest, built_tiny: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """The exam of every row that this test run asks for, with the secrets of a grader in its environment."""
    asked = [number for item in request.session.items for number in _rows_of(item)]
    rows = [TABLE[number] for number in dict.fromkeys(asked)]
    os.environ["GRADER_TOKEN"] = CANARY
    with opened(built_tiny, tmp_path_factory.mktemp("hall"), rows) as ready:
        yield ready


def pytest_configure(config: Any) -> None:
    config.addinivalue_line("markers", "rows(*numbers): rows of the table of cases that a test looks at")


def _rows_of(item: Any) -> list[str]:
    marks = [number for mark in item.iter_markers("rows") for number in mark.args]
    return [item.callspec.params["number"], *marks] if _is_row(item) else marks


def _is_row(item: Any) -> bool:
    return "number" in getattr(getattr(item, "callspec", None), "params", {})


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    report = (yield).get_result()  # type: ignore[attr-defined]
    if _is_row(item) and (report.when == "call" or report.failed):
        item.config.stash.setdefault(OUTCOMES, {})[item.callspec.params["number"]] = report.passed


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    outcomes = config.stash.get(OUTCOMES, {})
    if outcomes:
        ideal = sum(outcomes.values())
        terminalreporter.section("table of cases")
        terminalreporter.line(f"{len(outcomes)} of {len(TABLE)} rows run, {ideal} with the ideal outcome")
        for number in [number for number, passed in outcomes.items() if not passed]:
            terminalreporter.line(f"not ideal: row {number}, {TABLE[number].title}")
