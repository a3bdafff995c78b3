"""Notebooks of students who have done everything, each run once in a test run."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from autograder.workspace.course import Course, load_course
from autograder.authoring.solution import run_filled as run


@pytest.fixture(scope="session")
def course(tmp_path_factory) -> Course:
    """The real course, in a workspace of its own."""
    return load_course(workspace=tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def measuring_script() -> Callable[[str], ModuleType]:
    """lab -> its ``measure.py``, loaded but not run."""

    def load(lab: str) -> ModuleType:
        path = load_course().root / "solutions" / lab / "measure.py"
        spec = importlib.util.spec_from_file_location(f"{lab}_measure", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def run_filled(course) -> Callable[[str], Any]:
    """lab -> its notebook with every answer in place, run at `quick` in an ordinary kernel, all
    cells."""
    return cache(lambda lab: run(lab, "quick", course, cell_seconds=900))
