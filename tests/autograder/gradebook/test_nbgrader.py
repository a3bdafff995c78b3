"""nbgrader, configured: its course tree, its gradebook without hidden tests, and settings that
people add."""

from __future__ import annotations

import copy
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from traitlets.config import Config, PyFileConfigLoader

from autograder.gradebook import execute
from autograder.gradebook.configuration import OWN_CONFIG, configure, prepare_workspace
from autograder.gradebook.converters import autograde, generate_assignment
from autograder.gradebook.database import in_gradebook, open_gradebook
from autograder.gradebook.execute import GivenResult, TrustedExecute, _outputs, engine_for
from autograder.gradebook.patches import find_alembic
from autograder.model.errors import ContentError, UsageError
from autograder.model.result import Result, Status, TodoResult, TodoState
from autograder.notebooks.regions import hidden_part
from autograder.running.engine import Engine
from autograder.workspace.course import Course, load_course
from autograder.workspace.results import Results
from tests.classroom import LAB, WRONG, hand_in, solved
from tests.tiny import make_course


def test_the_workspace_is_a_course_tree(tmp_path: Path) -> None:
    """Folders and configuration, made once; a second time changes nothing."""
    course = make_course(tmp_path)
    prepare_workspace(course)
    assert {path.name for path in course.workspace.iterdir()} >= {
        "source",
        "release",
        "submitted",
        "autograded",
        "feedback",
    }
    config = course.workspace / "nbgrader_config.py"
    stamp = config.stat().st_mtime_ns
    prepare_workspace(course)
    assert config.stat().st_mtime_ns == stamp


def test_the_configuration_works_where_it_lies(tmp_path: Path) -> None:
    """Executed as nbgrader executes it, also when the path needs quoting."""
    course = make_course(tmp_path / 'it\'s a "course"')
    prepare_workspace(course)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.workspace)).load_config()
    assert config.CourseDirectory.root == str(course.workspace)
    assert config.CourseDirectory.course_id == "tiny"
    assert TrustedExecute in config.Autograde.autograde_preprocessors
    assert Execute not in config.Autograde.autograde_preprocessors
    # A copy works on itself, not on what it was copied from.
    copy = tmp_path / "copy"
    shutil.copytree(course.root, copy)
    there = PyFileConfigLoader("nbgrader_config.py", path=str(copy / "workspace")).load_config()
    assert there.CourseDirectory.root == str(copy / "workspace")
    assert str(tmp_path) not in (copy / "workspace" / "nbgrader_config.py").read_text()


def test_people_can_add_settings(tmp_path: Path) -> None:
    """A file beside course.toml is merged last; a broken one is one sentence that names it."""
    course = make_course(tmp_path)
    own = course.root / OWN_CONFIG
    lines = (
        "c = get_config()",
        'c.LateSubmissionPlugin.penalty_method = "zero"',
        "c.CourseDirectory.groupshared = True",
    )
    own.write_text("\n".join(lines))
    config = configure(Config(), course)
    assert config.LateSubmissionPlugin.penalty_method == "zero"
    assert config.CourseDirectory.groupshared is True
    assert config.CourseDirectory.course_id == "tiny"
    own.write_text("c = get_confg()\n")
    with pytest.raises(ContentError, match=f"{OWN_CONFIG} cannot be used: NameError"):
        configure(Config(), course)


def test_the_gradebook_and_what_is_made_from_it_hold_no_hidden_test(tiny: Course) -> None:
    """Neither the database, nor autograded/, nor so nbgrader's own feedback can show one."""
    hand_in(tiny, "ada", solved(tiny))
    autograde(tiny, LAB, "ada", level="namespaces")
    hidden = {
        line.strip()
        for cell in Engine(tiny, LAB, level="none").source.cells
        for line in hidden_part(cell.source).splitlines()
        if len(line.strip()) > 12
    }
    assert len(hidden) > 10
    dump = "\n".join(sqlite3.connect(tiny.workspace / "gradebook.db").iterdump())
    autograded = (tiny.workspace / "autograded" / "ada" / LAB / f"{LAB}.ipynb").read_text()
    for line in hidden:
        assert line not in dump
        assert line.replace('"', '\\"') not in autograded


def test_nbgrader_restores_what_a_student_changed(tiny: Course) -> None:
    """A public test that was edited is ours again in autograded/."""
    notebook = solved(tiny)
    next(cell for cell in notebook.cells if cell.id == "test_double").source = "print('mine')"
    hand_in(tiny, "ada", notebook)
    autograde(tiny, LAB, "ada", level="namespaces")
    cells = nbformat.read(
        tiny.workspace / "autograded" / "ada" / LAB / f"{LAB}.ipynb", as_version=4
    ).cells
    restored = next(cell for cell in cells if cell.id == "test_double").source
    assert restored.startswith('# @title Check 1 · double\nwith check("double of 2')


def test_what_nbgrader_says_is_told_when_it_fails(tiny: Course) -> None:
    """The last line of its traceback, not a traceback."""
    hand_in(tiny, "ada", solved(tiny))
    (tiny.workspace / "submitted" / "ada" / LAB / f"{LAB}.ipynb").write_text("{")
    with pytest.raises(ContentError, match="nbgrader could not process tiny: ") as caught:
        autograde(tiny, LAB, "ada", level="namespaces")
    assert "\n" not in str(caught.value)
    with pytest.raises(ContentError, match="No notebooks were matched"):
        autograde(tiny, LAB, "nobody", level="namespaces")


def test_who_is_in_the_gradebook(tiny: Course, tmp_path: Path) -> None:
    """Students with a submission, and the due date; a lab that was never built here is wrong
    usage."""
    assert in_gradebook(tiny, LAB) == (set(), "")
    hand_in(tiny, "ada", solved(tiny))
    autograde(tiny, LAB, "ada", level="namespaces")
    assert in_gradebook(tiny, LAB) == ({"ada"}, "")
    with pytest.raises(UsageError, match="run `autograder build other` first"):
        in_gradebook(tiny, "other")
    with pytest.raises(UsageError, match="has not been built in"):
        in_gradebook(make_course(tmp_path / "new"), LAB)


def test_a_damaged_gradebook_is_one_sentence(tiny: Course) -> None:
    """The file is named, and nothing in it is changed."""
    book = tiny.workspace / "gradebook.db"
    book.write_bytes(b"this is no database" * 100)
    with pytest.raises(ContentError, match=r"gradebook\.db cannot be used: file is not a database"):
        open_gradebook(tiny)
    assert book.read_bytes() == b"this is no database" * 100


def test_nbgraders_tools_are_found_without_an_active_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """nbgrader calls alembic by name; it lies beside this Python."""
    import shutil

    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    find_alembic()
    find_alembic()
    assert shutil.which("alembic") is not None
    assert os.environ["PATH"].endswith(":/usr/bin:/bin")
    assert os.environ["PATH"].count(":/usr/bin") == 1


def test_the_release_is_the_same_with_and_without_a_gradebook(tiny: Course) -> None:
    """--check, which has none, compares like with like."""
    path = tiny.workspace / "release" / LAB / f"{LAB}.ipynb"
    notebooks = []
    for gradebook in (True, False):
        generate_assignment(tiny, LAB, gradebook=gradebook)
        notebooks.append(nbformat.read(path, as_version=4))
    assert notebooks[0] == notebooks[1]


# --- what stands where Execute stood ---


@pytest.mark.parametrize("points", [0.0, 1.3333, 2, 4.0])
def test_points_are_written_as_nbgrader_reads_them(points: float) -> None:
    """A plain Python float as the cell's result, whatever number it was."""
    todo = TodoResult(points, 4, TodoState.PARTIAL)
    cell = nbformat.v4.new_code_cell("", outputs=_outputs(todo))
    cell.metadata.nbgrader = {
        "grade": True,
        "solution": False,
        "points": 4,
        "grade_id": "test_x",
        "task": False,
    }
    assert determine_grade(cell) == (points, 4)


def test_a_todo_without_a_verdict_earns_nothing() -> None:
    """The absence of a result is never a pass, though nbgrader takes silence for full marks."""
    cell = nbformat.v4.new_code_cell("", outputs=_outputs(None))
    cell.metadata.nbgrader = {
        "grade": True,
        "solution": False,
        "points": 4,
        "grade_id": "test_x",
        "task": False,
    }
    assert determine_grade(cell) == (0, 4)


def test_an_engine_is_made_once_per_version_of_the_lab(tiny: Course) -> None:
    """Nothing changed: the same engine, with its warm server. Anything changed: a new one."""

    def engine() -> Any:
        return engine_for(str(tiny.root), str(tiny.workspace), LAB, "none")

    engines = [engine()]
    assert engine() is engines[0]
    for path in (
        tiny.source_text(LAB),
        tiny.released(LAB),
        tiny.root / "course.toml",
        tiny.data / "new.csv",
    ):
        path.write_text((path.read_text() if path.exists() else "") + "\n")
        engines.append(engine())
    assert len({id(one) for one in engines}) == len(engines)


def test_a_result_that_is_given_is_entered_as_it_is(
    tiny: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It travels through nbgrader's configuration: nothing is run or looked up, nothing else is
    written."""
    hand_in(tiny, "ada", solved(tiny))
    todos = {
        "double": TodoResult(1.5, 2.0, TodoState.PARTIAL),
        "total": TodoResult(4.0, 4.0, TodoState.CORRECT),
    }
    result = Result(LAB, "ada", Status.GRADED, points=5.5, max_points=8.0, todos=todos)
    monkeypatch.setattr(execute, "engine_for", lambda *_: pytest.fail("an engine was made"))
    autograde(tiny, LAB, "ada", level="namespaces", result=result)
    with open_gradebook(tiny) as gradebook:
        scores = {
            grade.name: grade.auto_score
            for notebook in gradebook.find_submission(LAB, "ada").notebooks
            for grade in notebook.grades
        }
    assert scores == {"test_double": 1.5, "test_total": 4.0, "test_dice": 0.0, "why": 0.0}
    assert Results(tiny, LAB).students() == []


def test_a_given_result_is_never_copied() -> None:
    """nbgrader copies its configuration at each step; a result has hundreds of parts."""
    config = Config()
    config.TrustedExecute.given = GivenResult(Result.not_gradable(LAB, "ada", "Empty."))
    assert copy.deepcopy(config).TrustedExecute.given is config.TrustedExecute.given
    assert TrustedExecute(config=config).given is config.TrustedExecute.given


def test_the_students_own_outputs_are_thrown_away(tiny: Course) -> None:
    """What a notebook claims to have printed is not shown to the person who marks."""
    notebook = solved(tiny, double=WRONG["double"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="all tests passed, 8 of 8")]
    path = hand_in(tiny, "ada", notebook)
    nbformat.write(notebook, path)
    autograde(tiny, LAB, "ada", level="namespaces")
    autograded = (tiny.workspace / "autograded" / "ada" / LAB / f"{LAB}.ipynb").read_text()
    assert "all tests passed" not in autograded
    assert load_course(tiny.root) == tiny
