"""Fixtures for all tests, those in ``tests/`` and those of one lab in ``solutions/L/tests/``.

A tiny course is built once, and copied where a test may change it.

Imports stand inside the fixtures, so that tests of ``labkit`` run where only a student's packages
are installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from autograder.running.engine import Engine
    from autograder.workspace.course import Course

# Wrong on purpose: nothing in an answer bank is a test.
collect_ignore_glob = ["solutions/*/answers/*"]

# What is asked of every lab, and of one; and the summary of the table of cases.
pytest_plugins = ["tests.labs.fixtures", "tests.attacks.summary"]

# The same examples every time, and no clock: a busy machine fails nothing.
settings.register_profile(
    "course", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")


@pytest.fixture(scope="session", autouse=True)
def _stop_fork_servers() -> Iterator[None]:
    """No process and no folder is left behind."""
    yield
    provisioner = sys.modules.get("autograder.sandbox.provisioner")
    for server in list(provisioner._servers.values()) if provisioner else ():
        server.stop()


@pytest.fixture(autouse=True)
def _own_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the caller's environment says, a test names its own course."""
    for name in ("AUTOGRADER_COURSE", "AUTOGRADER_WORKSPACE", "AUTOGRADER_SANDBOX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def built_tiny(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, built. Read-only: a test that changes anything takes ``tiny`` instead."""
    from autograder.commands.build import build
    from tests.tiny import make_course

    course = make_course(tmp_path_factory.mktemp("tiny") / "course")
    build(course)
    return course


@pytest.fixture
def tiny(built_tiny: Course, tmp_path: Path) -> Course:
    """A copy of the built tiny course, key included, for this test alone."""
    from tests.classroom import copy_course

    return copy_course(built_tiny, tmp_path / "course")


@pytest.fixture(scope="session")
def tiny_engine(built_tiny: Course) -> Engine:
    """The engine of the built tiny course."""
    from autograder.running.engine import Engine
    from tests.classroom import LAB

    return Engine(built_tiny, LAB)
