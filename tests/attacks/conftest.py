"""One class of attackers, examined once per test run; the summary of the table at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.workspace.course import Course
from tests.attacks.hall import CANARY, Hall, opened
from tests.attacks.rows import FULL, Row
from tests.attacks.summary import LINES
from tests.attacks.table import TABLE

HALL = pytest.StashKey[Hall]()
OUTCOMES = pytest.StashKey[dict[str, bool]]()


@pytest.fixture(scope="session")
def hall(
    request: pytest.FixtureRequest, built_tiny: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """The exam of every row that this test run asks for, with the secrets of a grader in its
    environment."""
    asked = [number for item in request.session.items for number in _rows_of(item)]
    rows = [TABLE[number] for number in dict.fromkeys(asked)]
    os.environ["GRADER_TOKEN"] = CANARY
    with opened(built_tiny, tmp_path_factory.mktemp("hall"), rows) as ready:
        request.config.stash[HALL] = ready
        yield ready


def pytest_configure(config: Any) -> None:
    config.addinivalue_line(
        "markers", "rows(*numbers): rows of the table of cases that a test looks at"
    )


def _rows_of(item: Any) -> list[str]:
    marks = [number for mark in item.iter_markers("rows") for number in mark.args]
    return [item.callspec.params["number"], *marks] if _is_row(item) else marks


def _is_row(item: Any) -> bool:
    number = getattr(getattr(item, "callspec", None), "params", {}).get("number")
    return isinstance(number, str) and number in TABLE


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Iterator[None]:
    report = (yield).get_result()  # type: ignore[attr-defined]
    if _is_row(item) and (report.when == "call" or report.failed):
        item.config.stash.setdefault(OUTCOMES, {})[item.callspec.params["number"]] = report.passed


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave the summary of the rows that were examined here."""
    outcomes, hall = session.config.stash.get(OUTCOMES, {}), session.config.stash.get(HALL, None)
    if outcomes and hall is not None:
        session.config.stash[LINES] = _summary(outcomes, hall)


def _summary(outcomes: dict[str, bool], hall: Hall) -> list[str]:
    gained = [number for number in outcomes if _gained(TABLE[number], hall)]
    robbed = [name for name in hall.honest if hall.results[name].points != sum(FULL.values())]
    ideal = sum(outcomes.values())
    touched, left = len(hall.touched), len(hall.left_behind)
    lines = [
        f"{len(outcomes)} of {len(TABLE)} rows run, {ideal} with the ideal outcome",
        f"rows in which a wrong answer gained a point: {len(gained)} {' '.join(gained)}",
        f"honest students between them: {len(hall.honest)}; without full marks: {len(robbed)}",
        f"files changed where none should be: {touched}; processes left: {left}",
    ]
    for number in [number for number, passed in outcomes.items() if not passed]:
        lines.append(f"not ideal: row {number}, {TABLE[number].title}")
    return lines


def _gained(row: Row, hall: Hall) -> bool:
    todos = hall.results[row.known_as].todos
    return any(todos[name].points > points for name, points in row.points.items() if name in todos)
