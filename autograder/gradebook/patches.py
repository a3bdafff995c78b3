"""What this package replaces or silences in nbgrader and SQLAlchemy when it is imported, and the
one setting of nbconvert that belongs to it.

Each patch says what, why, for which version, and where the code stands that it is about. All of
them are about speed or noise: without them the same marks are entered. nbgrader's own gradebook
and converters are what they were.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbgrader.api
import nbgrader.nbgraderformat.common
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

__all__ = ["after_each_mark", "apply", "check_notebooks_once", "find_alembic"]

_FORMGRADER = "nbgrader.server_extensions.formgrader.apihandlers"
_after_mark: list[Callable[[str], Any]] = []
"""What is called with a lab when points in it were saved: the last one given."""


@lru_cache(maxsize=1)
def apply() -> None:
    """Put every patch in place, once."""
    _keep_database_engines()
    _create_missing_tables_only()
    _check_schema_once()
    _silence_links_before_adding()


def _keep_database_engines() -> None:
    """What: ``nbgrader.api.create_engine`` gives the same engine for the same database.

    Why: nbgrader opens its gradebook for each step of each submission; an engine that is kept
    remembers the statements it has compiled. With the two patches below it saves more than half of
    the time of an entry.
    Version: nbgrader 0.9.5 and 0.9.6, SQLAlchemy 2.
    Upstream: https://github.com/jupyter/nbgrader/blob/main/nbgrader/api.py (``Gradebook``).
    """
    nbgrader.api.create_engine = lru_cache(maxsize=4)(create_engine)


def _create_missing_tables_only() -> None:
    """What: ``Base.metadata.create_all`` asks for the names of all tables in one query.

    Why: SQLAlchemy asks for each table in a query of its own, whenever the gradebook is opened.
    Version: nbgrader 0.9.5 and 0.9.6, SQLAlchemy 2.
    Upstream: https://github.com/jupyter/nbgrader/blob/main/nbgrader/api.py (``Gradebook``).
    """
    schema = nbgrader.api.Base.metadata
    create_all = schema.create_all

    def create_missing(bind: Any) -> None:
        if not set(schema.tables) <= set(inspect(bind).get_table_names()):
            create_all(bind)

    schema.create_all = create_missing


def _check_schema_once() -> None:
    """What: nbgrader validates cells without checking its own JSON schema each time.

    Why: ``jsonschema.validate`` first checks the schema that it is given, for each cell of each
    notebook; the schema is a file of nbgrader's that does not change.
    Version: nbgrader 0.9.5 and 0.9.6.
    Upstream: https://github.com/jupyter/nbgrader/blob/main/nbgrader/nbgraderformat/common.py
    (``BaseMetadataValidator.validate_cell``).
    """
    validator_for = nbgrader.nbgraderformat.common.jsonschema.validators.validator_for

    def validate(instance: Any, schema: Any) -> None:
        validator_for(schema)(schema).validate(instance)

    nbgrader.nbgraderformat.common.jsonschema = SimpleNamespace(validate=validate)


def _silence_links_before_adding() -> None:
    """What: a warning of SQLAlchemy is not shown.

    Why: nbgrader links new rows to old ones before it adds them. SQLAlchemy says so each time, and
    does what is meant.
    Version: nbgrader 0.9.5 and 0.9.6, SQLAlchemy 2.
    Upstream: https://docs.sqlalchemy.org/en/20/changelog/migration_20.html (cascade_backrefs).
    """
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")


def check_notebooks_once(config: Config) -> None:
    """What: nbconvert checks a notebook once, not after each preprocessor.

    Why: each of nbgrader's six steps would check it anew. It is nbconvert's own setting, no
    replacement.
    Version: nbconvert 7.16 and 7.17.
    Upstream: https://github.com/jupyter/nbconvert/blob/main/nbconvert/exporters/exporter.py
    (``Exporter.optimistic_validation``).
    """
    config.NotebookExporter.optimistic_validation = True


def after_each_mark(call: Callable[[str], Any]) -> None:
    """What: ``GradeHandler.put`` of formgrader calls ``call`` with the lab when points were saved.

    Why: nbgrader assigns late penalties when it grades automatically, and never again. Only a
    server that has loaded formgrader is changed; its configuration is read more than once.
    Version: nbgrader 0.9.5 and 0.9.6.
    Upstream: https://github.com/jupyter/nbgrader/blob/main/nbgrader/server_extensions/formgrader/
    apihandlers.py (``GradeHandler``).
    """
    formgrader = sys.modules.get(_FORMGRADER)
    if formgrader is None:
        return
    if not _after_mark:
        put = formgrader.GradeHandler.put

        def put_and_call(self: Any, grade_id: str) -> None:
            put(self, grade_id)
            try:
                grade = self.gradebook.find_grade_by_id(grade_id)
                _after_mark[0](str(grade.assignment.name))
            except Exception as error:  # the points are saved, and the next command tells it
                self.log.error("Late penalties were not assigned: %s", error)

        formgrader.GradeHandler.put = put_and_call
    _after_mark[:] = [call]


def find_alembic() -> None:
    """What: the folder of this Python stands on ``PATH``.

    Why: nbgrader calls the program ``alembic`` by name when it makes a gradebook. It lies beside
    this Python, whether its environment is active or not.
    Version: nbgrader 0.9.5 and 0.9.6.
    Upstream: https://github.com/jupyter/nbgrader/blob/main/nbgrader/api.py
    (``Gradebook.__init__``).
    """
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, path])
