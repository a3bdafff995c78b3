"""Notebooks of students who have done everything, each run once in a test run."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import Course, load_course
from autograder.examine.engine import Engine

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
        engine = Engine(course, lab, level="none")
        notebook = nbformat.read(course.released(lab), as_version=4)
        for cell in notebook.cells:
            if cell.id in engine.exam.todos:
                cell.source = engine.exam.todos[cell.id].reference
        before = dict(os.environ)
        os.environ |= {"LABKIT_BUDGET": "quick", "LABKIT_PLAIN": "1"}
        try:
            return NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3").execute()
        finally:
            os.environ.clear()
            os.environ.update(before)

    return run
