"""build: the same bytes every time, and nothing replaced before every gate has passed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.commands.build import build, make_release
from autograder.gradebook.database import open_gradebook
from autograder.model.errors import ContentError, UsageError
from autograder.running.engine import Engine
from autograder.workspace.course import Course
from tests.classroom import LAB, everything, hand_in, solved
from tests.tiny import SOURCE, make_course


def product(course: Course) -> dict[str, bytes]:
    """Everything that ``build`` gives to students, nbgrader and instructors; keys may be added."""
    return {name: data for name, data in everything(course.root).items() if "/keys/" not in name}


def rewrite(course: Course, old: str, new: str) -> None:
    """Change the source."""
    assert SOURCE.count(old) >= 1
    course.source_text(LAB).write_text(SOURCE.replace(old, new, 1))


# --- what comes out ---


def test_two_builds_at_two_places_give_the_same_bytes(built_tiny: Course, tmp_path: Path) -> None:
    """The notebook depends on the source alone: not on the folder, the gradebook or the time."""
    course = make_course(tmp_path / "elsewhere")
    assert (
        make_release(Engine(course, LAB, level="none"), gradebook=False)
        == built_tiny.released(LAB).read_bytes()
    )


def test_labs_and_workspace_hold_the_same_release(built_tiny: Course) -> None:
    """What students open is what nbgrader knows."""
    released = built_tiny.workspace / "release" / LAB / f"{LAB}.ipynb"
    assert released.read_bytes() == built_tiny.released(LAB).read_bytes()
    assert sorted(path.name for path in released.parent.iterdir()) == [f"{LAB}.ipynb"]


def test_the_release_is_a_valid_notebook_without_outputs(built_tiny: Course) -> None:
    """Valid by nbformat's schema, in canonical form: no output, no execution count, no jupytext
    key."""
    notebook = nbformat.read(built_tiny.released(LAB), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert all(
        not cell.outputs and cell.execution_count is None
        for cell in notebook.cells
        if cell.cell_type == "code"
    )
    assert sorted(notebook.metadata) == ["colab", "kernelspec", "language_info"]


def test_placeholders_raise_in_functions_only(built_tiny: Course, tmp_path: Path) -> None:
    """A function raises when it is called; a solution at the top level leaves a comment, so that
    the cell runs."""
    notebook = nbformat.read(built_tiny.released(LAB), as_version=4)
    answer = next(cell for cell in notebook.cells if cell.id == "double").source
    assert answer.endswith(
        '    # YOUR CODE HERE\n    raise NotImplementedError("TODO: not attempted yet")'
    )
    course = make_course(tmp_path)
    text = SOURCE.replace(
        'def dice(rng):\n    """A number from 0 to 5, all equally likely."""\n    ### BEGIN',
        "### BEGIN",
    )
    text = text.replace(
        "    return int(rng.integers(6))\n    ###", "dice = lambda rng: int(rng.integers(6))\n###"
    )
    course.source_text(LAB).write_text(text)
    make_release(Engine(course, LAB, level="none"), gradebook=False)
    released = nbformat.read(course.workspace / "release" / LAB / f"{LAB}.ipynb", as_version=4)
    assert next(cell for cell in released.cells if cell.id == "dice").source == "# YOUR CODE HERE"


def test_the_gradebook_knows_the_points(built_tiny: Course) -> None:
    """Points per cell and in all, written questions included."""
    with open_gradebook(built_tiny) as gradebook:
        assignment = gradebook.find_assignment(LAB)
        assert assignment.max_score == 10
        cells = {cell.name: cell.max_score for cell in assignment.notebooks[0].grade_cells}
    assert cells == {"test_double": 2, "test_total": 4, "test_dice": 2, "why": 2}


def test_a_second_build_changes_nothing(tiny: Course) -> None:
    """Built again, the lab is reported unchanged and its file is not even touched."""
    path = tiny.released(LAB)
    stamp = path.stat().st_mtime_ns
    (built,) = build(tiny)
    assert (built.lab, built.changed, built.points, built.todos) == (LAB, False, 8, 3)
    assert path.stat().st_mtime_ns == stamp


def test_a_changed_source_changes_the_lab(tiny: Course) -> None:
    """New prose reaches the students, and only the prose."""
    before = tiny.released(LAB).read_text()
    rewrite(tiny, "# ## Hand in\n", "# ## Hand in\n# Thank you!\n")
    (built,) = build(tiny, [LAB])
    assert built.changed
    added = set(tiny.released(LAB).read_text().splitlines()) - set(before.splitlines())
    assert any("Thank you!" in line for line in added)
    assert len(added) <= 2  # the line, and the id that its cell gets from its content


def test_an_unknown_lab_is_wrong_usage(built_tiny: Course) -> None:
    """Nothing is built when one of the names is wrong."""
    with pytest.raises(UsageError, match="Did you mean"):
        build(built_tiny, [LAB, "tyny"])


# --- --check ---


def test_check_passes_on_what_was_built_and_writes_nothing(tiny: Course) -> None:
    """No file anywhere in the course is new, changed or touched."""
    before = everything(tiny.root)
    stamps = {path: path.stat().st_mtime_ns for path in tiny.root.rglob("*")}
    (built,) = build(tiny, check=True)
    assert built == build(tiny, [LAB], check=True)[0]
    assert everything(tiny.root) == before
    assert {path: path.stat().st_mtime_ns for path in tiny.root.rglob("*")} == stamps


@pytest.mark.parametrize("how", ["source", "edited", "missing", "reformatted"])
def test_check_finds_what_is_stale_and_repairs_nothing(tiny: Course, how: str) -> None:
    """A newer source, an edited lab, a missing lab or other bytes for the same content: all are
    stale."""
    released = tiny.released(LAB)
    if how == "source":
        rewrite(tiny, "# ## Hand in\n", "# ## Hand in\n# Thank you!\n")
    elif how == "edited":
        released.write_text(released.read_text().replace("Tiny lab", "My lab"))
    elif how == "missing":
        released.unlink()
    else:
        released.write_text(json.dumps(json.loads(released.read_text())))
    before = everything(tiny.root)
    with pytest.raises(ContentError, match="run `autograder build`") as caught:
        build(tiny, check=True)
    assert caught.value.problems == [
        "labs/tiny/tiny.ipynb is not what solutions/tiny/tiny.py gives."
    ]
    assert everything(tiny.root) == before


def test_check_needs_no_workspace(tiny: Course) -> None:
    """A fresh clone, in which nothing was ever built, can be checked."""
    shutil.rmtree(tiny.workspace)
    build(tiny, check=True)
    assert not tiny.workspace.exists()


# --- gates ---

RETURN = "    return np.asarray(x) * 2.0\n"
WITH_LONG = "    result = np.multiply(np.asarray(x, dtype=float), np.full((), 2.0)) + 0.0\n    return result\n"
CHECKED = "    c.close(double(2.0), 4.0)\n"
GATES = {
    "lint: no docstring": (
        '    """Twice x. x (N,) floats."""\n', "", "breaks 1 rules", "double has no docstring"
    ),
    "lint: a magic": ("rng_for =", "%matplotlib inline\nrng_for =", "breaks 1 rules", "invalid syntax"),
    "exam: an answer without a test": (
        '"grade_id": "test_dice", "grade": true', '"grade_id": "try_dice", "grade": true', "cannot be examined", "dice"
    ),
    "exam: an expected value that stays": (
        '        probe("result", double(given))\n',
        '        want = given * 2\n        probe("result", double(given), expect=want)\n',
        "cannot be examined", "computes want for its comparators only",
    ),
    "key: the solution fails its own test": (
        '        probe("result", double(given))\n', '        probe("result", double(given), expect=given * 3)\n',
        "does not give a key", "does not pass its own test",
    ),
    "key: the solution raises": (RETURN, "    return undefined_name * x\n", "does not give a key", "NameError"),
    "key: only truth values": (
        '        probe("total", total(rng_for(10 + seed).normal(size=7)), rtol=1e-6)\n',
        '        probe("a number", isinstance(total(np.ones(2)), float))\n', "does not give a key", "can be guessed",
    ),
    "solution: not the same twice": (
        RETURN, "    return np.asarray(x) * 2.0 + np.random.default_rng().normal()\n", "does not earn every point",
        "double, case random vector 0"
    ),
    "solution: fails a public check": (CHECKED, CHECKED.replace("4.0", "5.0"), "does not pass its public checks",
                                       "test_double"),
    "solution: a public check finds nothing": (
        CHECKED, CHECKED.replace("double(2.0)", "None"), "does not pass its public checks", "✗ double of 2"
    ),
    "release: a hint quotes the solution": (
        RETURN, WITH_LONG, "not fit to hand out", "quotes the hidden line",
    ),
    "release: probes are shown": (
        "rng_for =", "import labkit.probes\n\nrng_for =", "not fit to hand out", '"labkit.probes" stands in the release'
    ),
    "release: a case stands outside the hidden part": (
        "### BEGIN HIDDEN TESTS\nfor seed in range(2):\n    with case(",
        "from contextlib import nullcontext as case\n"
        "with case(1):\n    pass\n### BEGIN HIDDEN TESTS\nfor seed in range(2):\n    with case(",
        "not fit to hand out", 'Cell "test_double" reports values in the release',
    ),
    "untouched: a cell raises": (
        "# %% [markdown]\n# ### TODO 2", "# %%\nprint(double(1.0))\n\n# %% [markdown]\n# ### TODO 2",
        "untouched notebook of tiny does not run", "NotImplementedError",
    ),
    "untouched: a demo cell raises": (
        'with when_done("total"):\n', "if True:\n", "untouched notebook of tiny does not run", "NotImplementedError"
    ),
    "untouched: a cell ends the kernel": (
        'with when_done("total"):\n', "import os\nos._exit(3)\nif True:\n", "does not run", "exit status 3"
    ),
}  # fmt: skip


@pytest.mark.parametrize("gate", GATES.keys())
def test_a_gate_that_fails_replaces_nothing(tiny: Course, gate: str) -> None:
    """Each gate stops a broken source with its reason; labs/, the workspace and the gradebook stay
    as they were."""
    old, new, message, problem = GATES[gate]
    rewrite(tiny, old, new)
    if "quotes" in gate:
        text = tiny.source_text(LAB).read_text()
        tiny.source_text(LAB).write_text(
            text.replace(
                "<summary>3</summary>c", f"<summary>3</summary>{WITH_LONG.splitlines()[0]}", 1
            )
        )
    before = product(tiny)
    with pytest.raises(ContentError) as caught:
        build(tiny)
    assert message in str(caught.value)
    assert any(problem in line for line in caught.value.problems), caught.value.problems
    assert product(tiny) == before


def test_a_new_cell_after_submissions_is_refused_and_nothing_is_replaced(tiny: Course) -> None:
    """nbgrader cannot add a graded cell once there are submissions; the old release stays whole."""
    from autograder.commands.grade import grade

    hand_in(tiny, "ada", solved(tiny))
    grade(tiny, LAB)
    text = SOURCE.replace(
        "# %% [markdown]\n# ## Hand in",
        '# %% [markdown] nbgrader={"grade_id": "why_not", "grade": true, "solution": true, "points": 1}\n'
        "# ### BEGIN SOLUTION\n# Because.\n# ### END SOLUTION\n\n# %% [markdown]\n# ## Hand in",
    )
    tiny.source_text(LAB).write_text(text)
    before = product(tiny)
    with pytest.raises(ContentError, match="there are submissions associated with it"):
        build(tiny)
    after = product(tiny)
    assert {name for name in after if after[name] != before.get(name)} <= {"workspace/gradebook.db"}
    assert before.keys() == after.keys()
