"""Fixtures for what is asked of the labs, of all or of one: the real course, and the notebooks of
students who have done everything.

Imports stand inside the fixtures, as in ``conftest.py``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from autograder.workspace.course import Course


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The real course, in a workspace of its own."""
    from autograder.workspace.course import load_course

    return load_course(workspace=tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def measuring_script() -> Callable[[str], ModuleType]:
    """lab -> its ``measure.py``, loaded but not run."""
    from autograder.workspace.course import load_course

    def load(lab: str) -> ModuleType:
        path = load_course().root / "solutions" / lab / "measure.py"
        spec = importlib.util.spec_from_file_location(f"{lab}_measure", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def run_filled(course: Course) -> Callable[[str], Any]:
    """lab -> its notebook with every answer in place, run at `quick` in an ordinary kernel, all
    cells; once in a test run."""
    from autograder.authoring.solution import run_filled as run

    return cache(lambda lab: run(lab, "quick", course, cell_seconds=900))
