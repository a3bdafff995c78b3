"""Fixtures for all tests, those in ``tests/`` and those of one lab in ``solutions/L/tests/``.

A tiny course is built once, and copied where a test may change it.

Imports stand inside the fixtures, so that tests of ``labkit`` run where only a student's packages
are installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def _shared_by(nodeid: str) -> str:
    """Which tests share what they make, and so one test process: those of a file.

    What is asked of every lab shares it with that lab's other tests in the file alone.
    """
    file, _, test = nodeid.partition("::")
    return f"{file}[{test.partition('[')[2]}" if file.startswith("tests/labs/") else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: the last minutes have small tests, and all processes a part."""
    long = {_shared_by(item.nodeid) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: _shared_by(item.nodeid) not in long)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``--dist loadfile``, tests go to processes as :func:`_shared_by` groups them."""
    from xdist.scheduler import LoadFileScheduling

    if config.getvalue("dist") != "loadfile":
        return None

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _shared_by(nodeid)

    return Scheduling(config, log)


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
