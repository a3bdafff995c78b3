"""The sample class: committed files are what the generator makes, and grading them gives what was
expected."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.commands.collect import collect
from autograder.commands.demo import demo
from autograder.model.errors import ContentError, UsageError
from autograder.quality.samples.make import load_samples, make_samples, sample_files
from autograder.workspace.course import Course, load_course
from tests.autograder import tiny

ROOT = Path(__file__).parents[3]
LABS = [lab.id for lab in load_course(ROOT).labs]


@pytest.fixture(scope="module")
def course() -> Course:
    """This repository's course."""
    return load_course(ROOT)


@pytest.mark.parametrize("lab", LABS)
def test_committed_samples_are_current(lab: str, course: Course) -> None:
    """``samples/`` is made by a tool: the same course gives the same bytes. Run ``make samples`` if
    this fails."""
    folder = ROOT / "samples" / lab
    made = sample_files(course, lab)
    committed = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    assert sorted(committed) == sorted(made)
    stale = [name for name, data in made.items() if committed[name].read_bytes() != data]
    assert not stale, f"Run `make samples`: {stale} are stale."


@pytest.mark.parametrize("lab", LABS)
def test_every_sample_is_collected_as_expected(lab: str, course: Course, tmp_path: Path) -> None:
    """One row per student; the broken ones are not gradable, the odd ones are repaired."""
    report = collect(replace(course, workspace=tmp_path), lab, [ROOT / "samples" / lab])
    expected = _expected(lab)
    assert {row.student: row.status == "not gradable" for row in report.rows} == {
        student: row["status"] == "not gradable" for student, row in expected.items()
    }
    graded = [row for row in report.rows if row.status != "not gradable"]
    repaired = {row.student for row in graded if row.repairs}
    assert repaired == {name for name, row in expected.items() if row.get("repaired")}
    release = json.loads(course.released(lab).read_bytes())
    for student in (name for name, row in expected.items() if row.get("untouched")):
        path = tmp_path / "submitted" / student / lab / f"{lab}.ipynb"
        notebook = json.loads(path.read_bytes())
        assert [cell["source"] for cell in notebook["cells"]] == [
            cell["source"] for cell in release["cells"]
        ], student


@pytest.mark.parametrize("lab", LABS)
def test_every_lab_has_a_class_worth_grading(lab: str) -> None:
    """Everything right, some of it, nothing, wrong answers, another editor, and a broken file."""
    expected = _expected(lab).values()
    assert len(expected) >= 6
    assert {row["status"] for row in expected} == {"graded", "not gradable"}
    lost = [len(row.get("lost", {})) for row in expected if row["status"] == "graded"]
    assert {0, max(lost)} <= set(lost)
    assert sum(0 < number < max(lost) / 2 for number in lost) >= 2
    folder = ROOT / "samples" / lab
    assert any(b'"provenance"' in path.read_bytes() for path in folder.rglob("*.ipynb"))
    assert sum(path.stat().st_size for path in folder.rglob("*.*")) < 2_000_000


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_grading_the_sample_class_gives_what_was_expected(
    lab: str, course: Course, tmp_path: Path
) -> None:
    """End to end: every student loses points where the sample is wrong, and nowhere else."""
    from autograder.commands.build import make_release
    from autograder.commands.grade import grade
    from autograder.running.engine import Engine

    aside = replace(course, workspace=tmp_path)
    make_release(Engine(aside, lab))
    collect(aside, lab, [ROOT / "samples" / lab])
    results = {result.student: result for result in grade(aside, lab).results}
    for student, expected in _expected(lab).items():
        result = results[student]
        assert result.status == expected["status"], student
        todos = result.todos
        lost = {name: todo for name, todo in todos.items() if not todo.full}
        assert set(lost) == set(expected.get("lost", {})), student
        assert all(
            lost[name].points == 0
            for name, much in expected.get("lost", {}).items()
            if much == "all"
        ), student
        assert {name: todos[name].state for name in expected.get("states", {})} == expected.get(
            "states", {}
        ), student


def test_a_lab_without_a_sample_class_says_so(tmp_path: Path) -> None:
    """The message names the file that is missing, and nothing is built for a demo."""
    course = tiny.make_course(tmp_path)
    for command in (make_samples, demo):
        with pytest.raises(UsageError, match=r"tiny_lab/samples\.py does not exist"):
            command(course, tiny.LAB)
    assert not (tmp_path / "workspace-demo").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SAMPLES = []", "needs a list SAMPLES of at least one Sample"),
        ("x = 1", "needs a list SAMPLES"),
        ("SAMPLES = [1 / 0]", "fails: ZeroDivisionError: division by zero"),
        ("SAMPLES = [", "fails: SyntaxError"),
    ],
)
def test_a_file_that_names_no_students_is_named(tmp_path: Path, text: str, message: str) -> None:
    """A broken samples.py is one sentence with its path."""
    course = tiny.make_course(tmp_path)
    (course.private(tiny.LAB) / "samples.py").write_text(text)
    with pytest.raises(ContentError, match=message) as caught:
        load_samples(course, tiny.LAB)
    assert "tiny_lab/samples.py" in str(caught.value)


def _expected(lab: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "samples" / lab / "expected.toml").read_text(encoding="utf-8"))
