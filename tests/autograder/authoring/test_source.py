"""py:percent text -> nbgrader's source notebook: full metadata, ids that never vary, addresses
filled in."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from autograder.authoring.source import badges, read_source
from autograder.model.errors import ContentError, UsageError
from autograder.notebooks.reading import canonical_bytes
from autograder.workspace.course import Course, load_course
from tests.tiny import SOURCE, make_course


def course_with(root: Path, text: str) -> Course:
    """The tiny course with another source."""
    course = make_course(root)
    course.source_text("tiny").write_text(text)
    return course


def test_cells_and_texts_are_those_of_the_source(tmp_path: Path) -> None:
    """Every cell of the text is a cell of the notebook, in its order, of its kind."""
    course = make_course(tmp_path)
    cells = read_source(course, course.labs[0]).cells
    assert len(cells) == SOURCE.count("# %%")
    assert [cell.cell_type for cell in cells[:3]] == ["markdown", "code", "markdown"]
    assert cells[1].source.startswith("import numpy as np")


def test_two_readings_give_the_same_bytes(tmp_path: Path) -> None:
    """Ids come from grade_ids and contents, so that a build is deterministic."""
    course = make_course(tmp_path)
    one, two = (canonical_bytes(read_source(course, course.labs[0])) for _ in range(2))
    assert one == two


def test_ids_are_unique_and_valid(tmp_path: Path) -> None:
    """Equal cells get different ids; nbformat accepts all of them."""
    text = SOURCE + "\n# %%\nprint(1)\n\n# %%\nprint(1)\n"
    course = course_with(tmp_path, text)
    notebook = read_source(course, course.labs[0])
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert {"double", "test_double", "why"} <= set(ids)
    nbformat.validate(notebook)


def test_the_id_of_a_cell_does_not_depend_on_the_other_cells(tmp_path: Path) -> None:
    """A cell inserted above does not rename those below."""
    course = make_course(tmp_path)
    before = [cell.id for cell in read_source(course, course.labs[0]).cells]
    course.source_text("tiny").write_text(
        SOURCE.replace("# %%\nimport", "# %% [markdown]\n# New.\n\n# %%\nimport", 1)
    )
    after = [cell.id for cell in read_source(course, course.labs[0]).cells]
    assert [identity for identity in after if identity in before] == before


def test_metadata_satisfies_nbgraders_schema(tmp_path: Path) -> None:
    """The few words of a cell header are filled in to what nbgrader's schema 3 asks for."""
    course = make_course(tmp_path)
    validator = MetadataValidatorV3()
    graded = [
        cell for cell in read_source(course, course.labs[0]).cells if "nbgrader" in cell.metadata
    ]
    assert len(graded) == 7
    for cell in graded:
        validator.validate_cell(cell)
    test = next(cell for cell in graded if cell.id == "test_double").metadata.nbgrader
    assert (test.grade, test.solution, test.locked, test.points, test.schema_version) == (
        True,
        False,
        True,
        2,
        3,
    )


def test_tags_stay(tmp_path: Path) -> None:
    """``demo`` decides what the exam skips."""
    course = make_course(tmp_path)
    tagged = [
        cell for cell in read_source(course, course.labs[0]).cells if cell.metadata.get("tags")
    ]
    assert [cell.metadata["tags"] for cell in tagged] == [["demo"]]


@pytest.mark.parametrize(
    ("topics", "package"),
    [
        ((), "deep-learning-labs @ git+https://github.com/example/tiny@main"),
        (("music",), "deep-learning-labs[music] @ git+https://github.com/example/tiny@main"),
        (("digits", "faces"), "deep-learning-labs[digits,faces] @ "),
    ],
)
def test_the_set_up_cell_installs_the_topics_of_the_lab(
    tmp_path: Path, topics: tuple[str, ...], package: str
) -> None:
    """Colab installs the extras of one lab; without topics there are no brackets."""
    cell = "package = 'deep-learning-labs[{topics}] @ git+{repository}@{branch}'"
    course = course_with(tmp_path, SOURCE.replace("import numpy as np", cell))
    lab = SimpleNamespace(**{**vars(course.labs[0]), "topics": topics})
    assert f"'{package}" in read_source(course, lab).cells[1].source


def test_addresses_are_filled_in_from_the_course(tmp_path: Path) -> None:
    """Badges point at the released notebook; {repository} and {branch} are replaced."""
    course = course_with(
        tmp_path, SOURCE.replace("import numpy as np", "url = '{repository}/raw/{branch}'")
    )
    cells = read_source(course, course.labs[0]).cells
    assert cells[1].source.startswith("url = 'https://github.com/example/tiny/raw/main'")
    assert badges(course, course.labs[0]) in cells[0].source
    colab, binder, raw = badges(course, course.labs[0]).splitlines()
    assert (
        "(https://colab.research.google.com/github/example/tiny/blob/main/labs/tiny/tiny.ipynb)"
        in colab
    )
    assert (
        "(https://mybinder.org/v2/gh/example/tiny/main?labpath=labs%2Ftiny%2Ftiny.ipynb)" in binder
    )
    assert "(https://github.com/example/tiny/raw/main/labs/tiny/tiny.ipynb)" in raw


def test_no_key_can_bring_solutions_back(tmp_path: Path) -> None:
    """A jupytext key in the source's header does not reach the notebook."""
    header = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
    course = course_with(tmp_path, header + SOURCE)
    assert "jupytext" not in read_source(course, course.labs[0]).metadata


ANSWER = '{"grade_id": "double", "solution": true}'
TEST = '{"grade_id": "test_double", "grade": true, "locked": true, "points": 2}'
BROKEN = {
    "one grade_id twice": (
        ANSWER,
        '{"grade_id": "total", "solution": true}',
        'two cells have the grade_id "total"',
    ),
    "a grade_id with a blank": (
        ANSWER,
        '{"grade_id": "my double", "solution": true}',
        "a grade_id must match",
    ),
    "no grade_id": (ANSWER, '{"solution": true}', "a grade_id must match"),
    "an unknown word": (
        ANSWER,
        '{"grade_id": "double", "solutoin": true}',
        "unknown nbgrader words: solutoin",
    ),
    "no points": (
        TEST,
        TEST.replace(', "points": 2', ""),
        "needs points, a number of at least 0, not None",
    ),
    "negative points": (
        TEST,
        TEST.replace('"points": 2', '"points": -2'),
        "needs points, a number of at least 0",
    ),
    "points that are a text": (TEST, TEST.replace('"points": 2', '"points": "2"'), "needs points"),
    "metadata that is a text": (
        f"nbgrader={ANSWER}",
        'nbgrader="double"',
        "is wanted in a cell header",
    ),
    "tags that are a text": (
        'tags=["demo"]',
        'tags="demo"',
        "is not a text notebook (py:percent): 'demo'",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_wrong_header_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A header that would be graded wrongly, or not at all, stops the reading with the file's
    name."""
    assert old in SOURCE
    course = course_with(tmp_path, SOURCE.replace(old, new))
    with pytest.raises(ContentError) as caught:
        read_source(course, course.labs[0])
    assert message in str(caught.value)
    assert "tiny.py" in str(caught.value)


def test_a_missing_or_unreadable_source_is_one_sentence(tmp_path: Path) -> None:
    """No file: wrong usage, with the place where it should be. Not UTF-8: content."""
    course = make_course(tmp_path)
    course.source_text("tiny").write_bytes(b"# %%\nx = '\xff'\n")
    with pytest.raises(ContentError, match="cannot be read"):
        read_source(course, course.labs[0])
    course.source_text("tiny").unlink()
    with pytest.raises(UsageError, match=r"solutions/tiny/tiny\.py does not exist"):
        read_source(course, course.labs[0])
    assert load_course(tmp_path).labs == course.labs
