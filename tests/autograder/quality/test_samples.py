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
from autograder.model.errors import UsageError
from autograder.quality.samples.make import make_samples, sample_files
from autograder.quality.samples.sample_class import CLASSES
from autograder.workspace.course import Course, load_course
from tests.autograder import tiny

ROOT = Path(__file__).parents[3]
LABS = [lab for lab in CLASSES if (ROOT / "labs" / lab / f"{lab}.ipynb").is_file()]


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
    untouched = {"chloe-martin", "sam-taylor"}
    repaired = {row.student for row in report.rows if row.repairs}
    assert repaired >= {
        "ines-garcia",
        "jonas-weber",
        "noah-andersson",
        "quentin-dubois",
        "sam-taylor",
    }
    assert not repaired & {"aoife-murphy", "grace-okafor", "hiro-tanaka", "mei-chen"}
    for student in untouched:
        notebook = json.loads(
            (tmp_path / "submitted" / student / lab / f"{lab}.ipynb").read_bytes()
        )
        release = json.loads(course.released(lab).read_bytes())
        assert [cell["source"] for cell in notebook["cells"]] == [
            cell["source"] for cell in release["cells"]
        ]


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
    """The message names the labs that have one."""
    with pytest.raises(UsageError, match="lab1_music"):
        make_samples(tiny.make_course(tmp_path), tiny.LAB)


def _expected(lab: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "samples" / lab / "expected.toml").read_text(encoding="utf-8"))
