"""nbgrader, configured: the workspace is its course tree, and typing ``nbgrader ...`` there behaves
like this package.

``nbgrader_config.py`` in the workspace calls :func:`configure`; our commands use the same
configuration in process.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    Execute,
    IncludeHeaderFooter,
    LockCells,
    SaveAutoGrades,
    SaveCells,
)
from traitlets.config import Config, PyFileConfigLoader

from autograder.gradebook import patches
from autograder.gradebook.execute import TrustedExecute
from autograder.gradebook.kept_marks import SaveMarks
from autograder.gradebook.penalties import assign_when_marked
from autograder.model.errors import ContentError
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.migration import config_text
from autograder.workspace.workspace import Workspace

__all__ = ["OWN_CONFIG", "Placeholders", "configure", "prepare_workspace"]

OWN_CONFIG = "nbgrader_course.py"
"""Beside ``course.toml``: settings of nbgrader that people write, for example a policy for late
submissions."""

RAISES = 'raise NotImplementedError("TODO: not attempted yet")'
STUB = f"# YOUR CODE HERE\n{RAISES}"


class Placeholders(ClearSolutions):
    """Solutions make way for a placeholder that runs: functions raise when they are called, modules
    go on."""

    def _replace_solution_region(self, cell: Any, language: str) -> bool:
        replaced = bool(super()._replace_solution_region(cell, language))
        if replaced and cell.cell_type == "code":
            # Without indentation the line stands at the top level, where it would end the cell.
            lines = cell.source.split("\n")
            cell.source = "\n".join(line for line in lines if line != RAISES)
        return replaced


def configure(config: Config, course: Course) -> Config:
    """Everything nbgrader must know about this course.

    Raises:
        ContentError: if the course's own configuration cannot be used.
    """
    patches.apply()
    patches.check_notebooks_once(config)
    workspace = Workspace(course)
    config.CourseDirectory.root = str(workspace.root)
    config.CourseDirectory.course_id = course.id
    config.CourseDirectory.db_url = f"sqlite:///{workspace.gradebook}"
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearMarkScheme.enforce_metadata = False  # ours stand in written answers
    config.Placeholders.code_stub = {"python": STUB}
    config.GenerateAssignment.preprocessors = [
        IncludeHeaderFooter,
        LockCells,
        Placeholders,
        ClearOutput,
        # Before checksums and the gradebook: so neither it nor anything made from it, such as
        # nbgrader's own feedback, knows a hidden test, and a written answer that was left alone is
        # recognised.
        ClearHiddenTests,
        ClearMarkScheme,
        CheckCellMetadata,
        ComputeChecksums,
        SaveCells,
    ]
    # Everything that nbgrader does when it grades, but for the execution itself, and for the
    # review of marks given by hand.
    ours = {Execute: TrustedExecute, SaveAutoGrades: SaveMarks}
    steps = Autograde.autograde_preprocessors.default()
    config.Autograde.autograde_preprocessors = [ours.get(step, step) for step in steps]
    _clean_pages(config)
    for step in (config.TrustedExecute, config.SaveMarks):
        step.course_root = str(course.root)
        step.workspace = str(workspace.root)
    config = _with_own_settings(config, course.root / OWN_CONFIG)
    assign_when_marked(course, config)
    return config


def _clean_pages(config: Config) -> None:
    """Formgrader shows what students wrote in the browser of a person who may change marks: no
    scripts there."""
    own = "autograder.gradebook.formgrader"
    config.HTMLExporter.filters = {
        "markdown2html": f"{own}.markdown2html",
        "highlight_code": f"{own}.highlight_code",
    }


def _with_own_settings(config: Config, path: Path) -> Config:
    """The settings that people wrote come last, so that they decide."""
    if path.is_file():
        try:
            config.merge(PyFileConfigLoader(path.name, path=str(path.parent)).load_config())
        except Exception as error:
            raise ContentError(f"{path} cannot be used: {type(error).__name__}: {error}") from error
    return config


def prepare_workspace(course: Course) -> None:
    """Make the course tree and its ``nbgrader_config.py``; what is there already stays."""
    workspace = Workspace(course)
    path, text = workspace.nbgrader_config, config_text(course)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomic(path, text.encode())
    workspace.make_course_tree()
