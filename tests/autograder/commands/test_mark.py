"""mark and try: one notebook, or the solution with some answers replaced; no gradebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.commands.mark import mark, try_answers
from autograder.model.errors import UsageError
from autograder.model.result import Result, WrittenResult
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, filled, solved


def save(path: Path, notebook: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def test_a_notebook_of_any_name_is_marked(built_tiny: Course, tmp_path: Path) -> None:
    """The lab is recognised by content; the result has the shape of one student's result in
    grade."""
    partly = (
        'def total(x):\n    """Sum."""\n    return float(np.sum(double(x))) if len(x) else None'
    )
    path = save(
        tmp_path / "Copy of Untitled (3).ipynb", solved(built_tiny, total=partly, why="Symmetry.")
    )
    result = mark(built_tiny, path)
    assert (result.lab, result.student, result.status) == (
        LAB,
        "Copy of Untitled (3)",
        "graded",
    )
    assert (result.max_points, result.sandbox) == (8, "namespaces")
    assert [todo.state for todo in result.todos.values()] == ["correct", "partial", "correct"]
    assert result.points == 7
    assert result.written == {"why": WrittenResult(2, answered=True)}
    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_marking_leaves_nothing_behind(tiny: Course, tmp_path: Path) -> None:
    """No result, no cache, no entry in the gradebook; the notebook itself is untouched."""
    path = save(tmp_path / "mine.ipynb", filled(tiny))
    before = {p: p.read_bytes() for p in sorted(tiny.root.rglob("*")) if p.is_file()}
    data = path.read_bytes()
    assert mark(tiny, path).points == 0
    assert {p: p.read_bytes() for p in sorted(tiny.root.rglob("*")) if p.is_file()} == before
    assert path.read_bytes() == data


def test_a_fresh_clone_can_mark(tiny: Course, tmp_path: Path) -> None:
    """labs/ is committed; a workspace is not needed."""
    import shutil

    shutil.rmtree(tiny.workspace)
    assert mark(tiny, save(tmp_path / "mine.ipynb", solved(tiny))).points == 8


NOT_GRADABLE = {
    "not a notebook": (b"PK\x03\x04 a Word file", None),
    "broken JSON": (b'{"cells": [', None),
    "empty": (b"", None),
    "no cells": (b'{"cells": [], "nbformat": 4}', None),
    "another notebook": (
        json.dumps(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('a cake recipe')")])
        ).encode(),
        None,
    ),
    "not a notebook, lab named": (b"%PDF-1.7", LAB),
}


@pytest.mark.parametrize(("data", "lab"), NOT_GRADABLE.values(), ids=NOT_GRADABLE.keys())
def test_what_is_no_notebook_of_the_course_says_why(
    built_tiny: Course, tmp_path: Path, data: bytes, lab: str | None
) -> None:
    """A result with a reason, not an exception."""
    path = tmp_path / "mine.ipynb"
    path.write_bytes(data)
    result = mark(built_tiny, path, lab_id=lab)
    assert (result.status, result.todos) == ("not gradable", {})
    assert result.reason.endswith(".")


def test_wrong_usage_is_an_exception(built_tiny: Course, tiny: Course, tmp_path: Path) -> None:
    """No file, a folder, an unknown lab, no lab built."""
    path = save(tmp_path / "mine.ipynb", solved(built_tiny))
    with pytest.raises(UsageError, match="There is no file"):
        mark(built_tiny, tmp_path / "yours.ipynb")
    with pytest.raises(UsageError, match="is a folder"):
        mark(built_tiny, tmp_path)
    with pytest.raises(UsageError, match=r'Did you mean "tiny"\?'):
        mark(built_tiny, path, lab_id="tyni")
    tiny.released(LAB).unlink()
    with pytest.raises(UsageError, match="No lab has been built yet"):
        mark(tiny, path)


def test_try_replaces_the_answers_that_are_given(built_tiny: Course, tmp_path: Path) -> None:
    """The other answers are the solution's, so each tried answer is judged alone."""
    files = {}
    for name in ("double", "dice"):
        files[name] = tmp_path / f"{name}.py"
        files[name].write_text("\ufeff" + WRONG[name], encoding="utf-8")
    result = try_answers(built_tiny, LAB, files)
    assert [todo.state for todo in result.todos.values()] == [
        "incorrect",
        "correct",
        "incorrect",
    ]
    assert (result.points, result.max_points, result.status) == (4, 8, "graded")
    assert result.written == {"why": WrittenResult(2, answered=False)}
    assert try_answers(built_tiny, LAB, {}).points == 8


def test_try_names_what_it_cannot_use(built_tiny: Course, tmp_path: Path) -> None:
    """An unknown TODO with the nearest, a file that is missing or no text."""
    file = tmp_path / "a.py"
    with pytest.raises(UsageError, match=r'tiny has no TODO "duoble"\. Did you mean "double"\?'):
        try_answers(built_tiny, LAB, {"duoble": file})
    with pytest.raises(UsageError, match=r"a\.py cannot be read"):
        try_answers(built_tiny, LAB, {"double": file})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"a\.py cannot be read"):
        try_answers(built_tiny, LAB, {"double": file})
    with pytest.raises(UsageError, match="There is no lab"):
        try_answers(built_tiny, "music", {})


def test_only_a_worker_looks_into_the_notebook(
    built_tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lab is recognised, and the notebook read and matched, in a process with limits."""

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("the grader's own process read what a student wrote")

    path = save(tmp_path / "mine.ipynb", solved(built_tiny))
    assert mark(built_tiny, path).points == 8  # what it starts has been started
    for name in ("read_notebook", "match", "recognise"):
        monkeypatch.setattr(f"autograder.running.reading_aside.{name}", never)
    monkeypatch.setattr("autograder.matching.match._score", never)
    assert mark(built_tiny, path).points == 8
