"""Notebooks of students who have done everything, each run once in a test run."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from nbclient import NotebookClient

from autograder.course import Course, load_course
from autograder.lab.solution import filled_notebook

CELL_SECONDS = 900


@pytest.fixture(scope="session")
def course(tmp_path_factory) -> Course:
    """The real course, in a workspace of its own."""
    return load_course(workspace=tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def run_filled(course) -> Callable[[str], Any]:
    """lab -> its notebook with every answer in place, run at `quick` in an ordinary kernel, all cells."""

    @cache
    def run(lab: str) -> Any:
        before = dict(os.environ)
        os.environ |= {"LABKIT_BUDGET": "quick", "LABKIT_PLAIN": "1"}
        try:
            return NotebookClient(filled_notebook(lab, course), timeout=CELL_SECONDS, kernel_name="python3").execute()
        finally:
            os.environ.clear()
            os.environ.update(before)

    return run
