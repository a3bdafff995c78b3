"""nbgrader, configured: the workspace is its course tree, and typing ``nbgrader ...`` there behaves
like this package.

``nbgrader_config.py`` in the workspace calls :func:`configure`; the verbs use the same
configuration in process.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from functools import lru_cache
from pathlib import Path
from subprocess import CalledProcessError
from types import SimpleNamespace
from typing import Any

import nbgrader.api
import nbgrader.nbgraderformat.common
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
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
    SaveCells,
)
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config, PyFileConfigLoader

from autograder.gradebook.execute import TrustedExecute
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic

# nbgrader opens its gradebook for each step, and checks its own schema for each cell. An engine
# that is kept remembers the statements it has compiled, tables that are there need not be looked
# for one by one, a schema need not be checked again: together more than half of the time it takes.
nbgrader.api.create_engine = lru_cache(maxsize=4)(create_engine)
_schema, _create_all = nbgrader.api.Base.metadata, nbgrader.api.Base.metadata.create_all
_schema.create_all = lambda bind: (
    set(_schema.tables) <= set(inspect(bind).get_table_names()) or _create_all(bind)
)
_of_schema = nbgrader.nbgraderformat.common.jsonschema.validators.validator_for
nbgrader.nbgraderformat.common.jsonschema = SimpleNamespace(
    validate=lambda instance, schema: _of_schema(schema)(schema).validate(instance)
)

# nbgrader links new rows to old ones before it adds them; SQLAlchemy 2 says so each time, and does
# what is meant.
warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")

__all__ = [
    "OWN_CONFIG",
    "Placeholders",
    "autograde",
    "configure",
    "generate_assignment",
    "in_gradebook",
    "open_gradebook",
    "prepare_workspace",
]

OWN_CONFIG = "nbgrader_course.py"
"""Beside ``course.toml``: settings of nbgrader that people write, for example a policy for late
submissions."""

STUB = '# YOUR CODE HERE\nraise NotImplementedError("TODO: not attempted yet")'


class Placeholders(ClearSolutions):
    """Solutions make way for a placeholder that runs: functions raise when they are called, modules
    go on."""

    def _replace_solution_region(self, cell: Any, language: str) -> bool:
        replaced = bool(super()._replace_solution_region(cell, language))
        if replaced and cell.cell_type == "code":
            cell.source = "\n".join(
                line for line in cell.source.split("\n") if line != STUB.split("\n")[1]
            )
        return replaced


def configure(config: Config, course: Course) -> Config:
    """Everything nbgrader must know about this course."""
    config.CourseDirectory.root = str(course.workspace)
    config.CourseDirectory.course_id = course.id
    config.CourseDirectory.db_url = f"sqlite:///{course.workspace / 'gradebook.db'}"
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
    config.Autograde.autograde_preprocessors = [
        TrustedExecute if step is Execute else step
        for step in Autograde.autograde_preprocessors.default()
    ]
    config.NotebookExporter.optimistic_validation = (
        True  # checked once, not after each of six steps
    )
    # Formgrader shows what students wrote in the browser of a person who may change marks: no
    # scripts there.
    config.HTMLExporter.filters = {"markdown2html": "autograder.gradebook.formgrader.markdown2html"}
    config.TrustedExecute.course_root = str(course.root)
    config.TrustedExecute.workspace = str(course.workspace)
    own = course.root / OWN_CONFIG
    if own.is_file():
        try:
            config.merge(PyFileConfigLoader(own.name, path=str(own.parent)).load_config())
        except Exception as error:
            raise ContentError(f"{own} cannot be used: {type(error).__name__}: {error}") from error
    return config


def find_tools() -> None:
    """nbgrader calls ``alembic`` by name when it makes a gradebook: it lies beside this Python,
    active or not."""
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", "")])


def prepare_workspace(course: Course) -> None:
    """Make the course tree and its ``nbgrader_config.py``."""
    text = (
        "# Written by `autograder build`; nbgrader reads it when it is run in this folder.\n"
        "from pathlib import Path\n\n"
        "from autograder.workspace.course import load_course\n"
        "from autograder.gradebook.nbgrader import configure\n\n"
        f"course = load_course(Path({str(course.root)!r}), workspace=Path({str(course.workspace)!r}))\n"
        "configure(get_config(), course)  # noqa: F821\n"
    )
    path = course.workspace / "nbgrader_config.py"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomic(path, text.encode())
    for name in ("source", "release", "submitted", "autograded", "feedback"):
        (course.workspace / name).mkdir(exist_ok=True)


def in_gradebook(course: Course, lab_id: str) -> tuple[set[str], str]:
    """Who has a submission in the gradebook, and when the lab is due (empty if never).

    :class:`UsageError` when the lab was never built into this workspace.
    """
    missing = UsageError(
        f"{lab_id} has not been built in {course.workspace}: run `autograder build {lab_id}` first."
    )
    if not (course.workspace / "gradebook.db").is_file():
        raise missing
    with open_gradebook(course) as gradebook:
        try:
            assignment = gradebook.find_assignment(lab_id)
        except MissingEntry as error:
            raise missing from error
        return {row.student_id for row in assignment.submissions}, str(assignment.duedate or "")


def open_gradebook(course: Course) -> Gradebook:
    """nbgrader's gradebook of this course; use as a context manager."""
    find_tools()
    path = course.workspace / "gradebook.db"
    try:
        return Gradebook(f"sqlite:///{path}", course.id)
    except (SQLAlchemyError, CalledProcessError) as error:
        cause = getattr(error, "orig", None) or error
        raise ContentError(
            f"The gradebook {path} cannot be used: {cause}. Nothing in it was changed."
        ) from error


def generate_assignment(course: Course, lab_id: str, *, gradebook: bool = True) -> None:
    """nbgrader's own ``generate_assignment``: source -> release; cells and points into the
    gradebook, if wanted."""
    config = Config()
    if not gradebook:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    _run(GenerateAssignment, course, lab_id, student_id=".", config=config)


def autograde(course: Course, lab_id: str, student_id: str, *, level: str) -> None:
    """nbgrader's own ``autograde`` of one submission, our results where it would have executed the
    notebook."""
    _run(Autograde, course, lab_id, student_id=student_id, level=level)


def _run(
    kind: Any,
    course: Course,
    lab_id: str,
    *,
    student_id: str,
    level: str = "",
    config: Config | None = None,
) -> None:
    find_tools()
    config = configure(config or Config(), course)
    config.TrustedExecute.level = level
    words = _Words()
    logger = logging.getLogger(f"autograder.nbgrader.{kind.__name__}")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers = [words]
    folder = CourseDirectory(config=config)
    folder.assignment_id, folder.student_id = lab_id, student_id
    converter = kind(coursedir=folder, config=config)
    converter.log = logger
    converter.force = True
    try:
        converter.start()
    except NbGraderException as error:
        raise ContentError(
            f"nbgrader could not process {lab_id}: {words.last or error}", words.lines
        ) from error


class _Words(logging.Handler):
    """Keeps what nbgrader says; it is shown only when something fails."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    @property
    def last(self) -> str:
        """The line that tells most: the end of a traceback, or the last thing said."""
        spoken = [line.strip() for line in self.lines if line.strip()]
        traces = [line for line in spoken if line.startswith("Traceback")]
        return (traces or spoken or [""])[-1].splitlines()[-1]

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
