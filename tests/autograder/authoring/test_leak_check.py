"""Nothing hidden stands in a release: no mark, no hidden line, no solution quoted in the text, no
lost cell."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest

from autograder.authoring.leak_check import QUOTABLE, check_leaks, leaks
from autograder.model.errors import ContentError
from autograder.notebooks.regions import hidden_part
from autograder.running.engine import Engine
from tests.classroom import LAB

LONG = "answer = np.einsum('ij,jk->ik', first_matrix, second_matrix) + bias_vector"


@pytest.fixture
def release(tiny_engine: Engine) -> Any:
    return copy.deepcopy(nbformat.read(tiny_engine.course.released(LAB), as_version=4))


def cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.id == name)


def test_the_release_of_the_tiny_lab_gives_nothing_away(tiny_engine: Engine, release: Any) -> None:
    """What nbgrader made of the source passes."""
    assert list(leaks(tiny_engine.source, release)) == []
    check_leaks(tiny_engine.exam, tiny_engine.source, release)


def test_no_line_of_an_answer_or_hidden_test_is_in_the_released_file(tiny_engine: Engine) -> None:
    """Searched in the raw bytes, without the package's own idea of a leak."""
    text = tiny_engine.course.released(LAB).read_text()
    for secret in (
        "* 2.0",
        "np.sum(double",
        "integers(6)",
        "probe(",
        "rng_for(10",
        "Because six",
        "symmetry",
    ):
        assert secret not in text
    assert "YOUR CODE HERE" in text
    assert "YOUR ANSWER HERE" in text


@pytest.mark.parametrize(
    "mark",
    [
        "### BEGIN SOLUTION",
        "### END HIDDEN TESTS",
        "### BEGIN MARK SCHEME",
        "### BEGIN KEY",
        "import labkit.probes",
    ],
)
def test_a_mark_that_stayed_is_found(tiny_engine: Engine, release: Any, mark: str) -> None:
    """A region that nbgrader did not clear shows by its marks."""
    cell(release, "double").source += f"\n{mark}\n"
    assert any("stands in the release" in problem for problem in leaks(tiny_engine.source, release))


@pytest.mark.parametrize("line", ['with case("a", hint="b"):', 'probe("a", 1)'])
def test_a_report_that_stayed_is_found(tiny_engine: Engine, release: Any, line: str) -> None:
    """Cases that stand outside of the hidden region, which need no import, show by their calls."""
    cell(release, "test_double").source += f"\n{line}\n    pass\n"
    found = list(leaks(tiny_engine.source, release))
    assert any('Cell "test_double" reports values in the release' in problem for problem in found)


@pytest.mark.parametrize("name", ["double", "total", "dice"])
def test_a_solution_line_that_stayed_is_found(tiny_engine: Engine, release: Any, name: str) -> None:
    """Each line of each solution is looked for, wherever it ended up and however it is indented."""
    line = next(
        line for line in tiny_engine.exam.todos[name].reference.splitlines() if "return" in line
    ).strip()
    release.cells[-1].source += f"\n\n        {line}"
    assert list(leaks(tiny_engine.source, release)) == [
        f'The hidden line "{line}" stands in the release.'
    ]


def test_every_hidden_test_line_that_stayed_is_found(tiny_engine: Engine, release: Any) -> None:
    """A hidden test left in its cell is found line by line."""
    source = cell(tiny_engine.source, "test_total")
    cell(release, "test_total").source += "\n" + hidden_part(source.source)
    found = "\n".join(leaks(tiny_engine.source, release))
    for line in hidden_part(source.source).splitlines():
        assert len(line.strip()) <= 12 or line.strip() in found


def test_a_mark_scheme_that_stayed_is_found(tiny_engine: Engine, release: Any) -> None:
    """What a person marks by is as secret as what the judge knows."""
    cell(release, "why").source += "\nOne point for symmetry."
    assert list(leaks(tiny_engine.source, release)) == [
        'The hidden line "One point for symmetry." stands in the release.'
    ]


def with_solution(tiny_engine: Engine, line: str) -> Any:
    """The source of the tiny lab with one more line in a solution."""
    source = copy.deepcopy(tiny_engine.source)
    answer = cell(source, "double")
    answer.source = answer.source.replace(
        "### BEGIN SOLUTION\n", f"### BEGIN SOLUTION\n    {line}\n"
    )
    return source


@pytest.mark.parametrize(
    "hint", [LONG, f"Write `{LONG}` and you are done.", LONG.removeprefix("answer = "), f"> {LONG}"]
)
def test_a_hint_that_is_the_solution_is_found(tiny_engine: Engine, release: Any, hint: str) -> None:
    """A hint may tell the idea; a whole line of the solution, or its right-hand side, is told too
    much."""
    release.cells[-1].source += f"\n\n{hint}"
    (problem,) = leaks(with_solution(tiny_engine, LONG), release)
    assert f'hidden line "{LONG}"' in problem


@pytest.mark.parametrize(
    "hint", ["Use `np.einsum` on both matrices.", f"`{LONG[:QUOTABLE]}...`", "x = 1"]
)
def test_a_hint_that_tells_a_part_is_fine(tiny_engine: Engine, release: Any, hint: str) -> None:
    """Names of functions and beginnings of lines are what hints are made of."""
    release.cells[-1].source += f"\n\n{hint}"
    assert list(leaks(with_solution(tiny_engine, LONG), release)) == []


def test_a_line_that_the_lab_shows_in_its_code_is_no_secret(
    tiny_engine: Engine, release: Any
) -> None:
    """An idiom that stands in a public cell may stand in a solution too."""
    source = with_solution(tiny_engine, LONG)
    for notebook in (source, release):
        setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
        setup.source += f"\n{LONG}"
    assert list(leaks(source, release)) == []


def test_a_key_of_jupytext_is_found(tiny_engine: Engine, release: Any) -> None:
    """One `jupytext --sync` beside the source would put the solutions back."""
    release.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    assert any("jupytext" in problem for problem in leaks(tiny_engine.source, release))


def test_a_lost_or_moved_cell_is_found(tiny_engine: Engine, release: Any) -> None:
    """Students get all cells, in the order of the source; the error lists what is wrong."""
    moved = copy.deepcopy(release)
    moved.cells[1], moved.cells[2] = moved.cells[2], moved.cells[1]
    lost = copy.deepcopy(release)
    del lost.cells[3]
    for notebook in (moved, lost):
        with pytest.raises(ContentError, match="not fit to hand out") as caught:
            check_leaks(tiny_engine.exam, tiny_engine.source, notebook)
        assert caught.value.problems == [
            "The release does not have the cells of the source, in their order."
        ]
