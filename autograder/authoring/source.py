"""``solutions/L/L.py`` (py:percent text) -> nbgrader's source notebook, with ids and metadata that
never vary."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import jupytext
import nbformat

from autograder.authoring.last_page import fill_last_page
from autograder.model.errors import ContentError, UsageError
from autograder.workspace.course import Course, Lab

__all__ = ["badges", "read_source"]

GRADE_ID = re.compile(r"^[A-Za-z0-9_\-]+$")


def read_source(course: Course, lab: Lab) -> Any:
    """The source notebook of ``lab``: full nbgrader metadata, deterministic cell ids, addresses
    filled in."""
    path = course.source_text(lab.id)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist: every lab has its source there.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} cannot be read: {error}") from error
    try:
        parsed = jupytext.reads(text, fmt="py:percent")
    except Exception as error:
        cause = (str(error).splitlines() or [type(error).__name__])[0]
        raise ContentError(f"{path} is not a text notebook (py:percent): {cause}") from error
    notebook = nbformat.v4.new_notebook(metadata=_metadata(lab))
    seen: dict[str, int] = {}
    for cell in parsed.cells:
        cell.source = _fill(cell.source, course, lab)
        notebook.cells.append(_cell(cell, seen, path.name))
    fill_last_page(notebook, lab)
    return notebook


def _metadata(lab: Lab) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "colab": {"name": f"{lab.id}.ipynb", "provenance": [], "toc_visible": True},
    }


def _cell(cell: Any, seen: dict[str, int], file: str) -> Any:
    metadata: dict[str, Any] = {}
    if cell.metadata.get("tags"):
        metadata["tags"] = list(cell.metadata["tags"])
    short = cell.metadata.get("nbgrader")
    if short is not None and not isinstance(short, dict):
        raise ContentError(
            f'{file}: nbgrader={{"grade_id": ..., ...}} is wanted in a cell header, not {short!r}.'
        )
    if short:
        metadata["nbgrader"] = _nbgrader(dict(short), cell.cell_type, file)
        identity = metadata["nbgrader"]["grade_id"]
    else:
        identity = f"{cell.cell_type[:4]}-{hashlib.sha256(cell.source.encode()).hexdigest()[:10]}"
    seen[identity] = seen.get(identity, 0) + 1
    if seen[identity] > 1:
        if short:
            raise ContentError(f'{file}: two cells have the grade_id "{identity}".')
        identity = f"{identity}-{seen[identity]}"
    new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    made = new(source=cell.source, metadata=metadata)
    made.id = identity
    return made


def _nbgrader(short: dict[str, Any], cell_type: str, file: str) -> dict[str, Any]:
    """The full metadata that nbgrader's schema 3 asks for, from the few words of a cell header."""
    grade_id = short.get("grade_id")
    if not isinstance(grade_id, str) or not GRADE_ID.match(grade_id):
        raise ContentError(f"{file}: a grade_id must match {GRADE_ID.pattern}, not {grade_id!r}.")
    unknown = short.keys() - {"grade_id", "grade", "solution", "locked", "points", "task"}
    if unknown:
        raise ContentError(
            f'{file}: cell "{grade_id}" has unknown nbgrader words: {", ".join(sorted(unknown))}.'
        )
    full: dict[str, Any] = {
        "grade_id": grade_id,
        "grade": bool(short.get("grade", False)),
        "solution": bool(short.get("solution", False)),
        "locked": bool(short.get("locked", False)),
        "task": bool(short.get("task", False)),
        "schema_version": 3,
    }
    if full["grade"] or full["task"]:
        points = short.get("points")
        if isinstance(points, bool) or not isinstance(points, int | float) or points < 0:
            raise ContentError(
                f'{file}: cell "{grade_id}" needs points, a number of at least 0, not {points!r}.'
            )
        full["points"] = points
        full["cell_type"] = cell_type
    return full


def _fill(source: str, course: Course, lab: Lab) -> str:
    if "<!-- badges -->" in source:
        source = source.replace("<!-- badges -->", badges(course, lab))
    # Colab installs the extras of the lab's topics: `deep-learning-labs[digits,faces]`.
    topics = ",".join(sorted(lab.topics))
    source = source.replace("[{topics}]", f"[{topics}]" if topics else "")
    return source.replace("{repository}", course.repository).replace("{branch}", course.branch)


def badges(course: Course, lab: Lab) -> str:
    """The badge bar: open in Colab, open in Binder, download for Jupyter."""
    place = f"labs/{lab.id}/{lab.id}.ipynb"
    slug = course.repository.removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{slug}/blob/{course.branch}/{place}"
    binder = (
        f"https://mybinder.org/v2/gh/{slug}/{course.branch}?labpath={place.replace('/', '%2F')}"
    )
    raw = f"{course.repository}/raw/{course.branch}/{place}"
    shield = "https://img.shields.io/badge"
    return "\n".join(
        [
            f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab})",
            f"[![Open in Binder]({shield}/open%20in-Binder-579aca)]({binder})",
            f"[![Download for Jupyter]({shield}/download-notebook-f37626)]({raw})",
        ]
    )
