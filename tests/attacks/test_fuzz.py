"""Notebooks that nobody would write: each ends in a result or in a clear "not gradable", never in a
traceback."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from autograder.commands.collect import collect
from autograder.commands.feedback import feedback
from autograder.commands.grade import grade
from autograder.model.errors import NotGradable
from autograder.model.result import Status
from autograder.running.engine import Engine
from autograder.running.submissions import read_submission
from autograder.workspace.course import Course
from tests.classroom import LAB, copy_course, solved

FILES = 2000
GRADED = 50
"""So many of them are graded for real, each with other answers."""

pytestmark = pytest.mark.slow

DEFECT = ("Traceback", "Error)", "defect of the grader", "Tell your instructor")
"""What stands in a reason when the grader met something that it did not expect."""

texts = st.text(max_size=8) | st.sampled_from(
    ["", "code", "markdown", "raw", "cells", "nbgrader", "grade_id", "double"]
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
code = st.sampled_from(
    [
        "%%bash\nls",
        "def double(x):\n  return (",
        "\x00",
        "\ud800",
        "await x",
        "x = " + "(" * 200,
        "raise SystemExit",
        "#",
    ]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a notebook something stands."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def change(notebook: Any, path: tuple[Any, ...], how: str, new: Any) -> Any:
    """The notebook with one thing deleted, replaced, doubled, moved to the end, or put under
    another name."""
    if not path:
        return new
    holder = notebook
    for key in path[:-1]:
        holder = holder[key]
    key = path[-1]
    if how == "replace":
        holder[key] = new
    elif isinstance(holder, list):
        item = holder.pop(key)
        holder[key:key] = {"delete": [], "double": [item, deepcopy(item)], "move": []}[how]
        if how == "move":
            holder.append(item)
    else:
        item = holder.pop(key)
        if how != "delete":
            holder[f"{key} " if how == "move" else str(new)[:20]] = item
    return notebook


@st.composite
def files(draw: st.DrawFn, original: str) -> bytes:
    """A notebook with up to four changes to its structure, then perhaps some to its bytes."""
    notebook = json.loads(original)
    for _ in range(draw(st.integers(0, 4))):
        known = places(notebook)
        sources = [path for path in known if path[-1:] == ("source",)]
        known = sources if sources and draw(st.booleans()) else known
        path = known[draw(st.integers(0, len(known) - 1))]
        how = draw(st.sampled_from(["delete", "replace", "replace", "double", "move"]))
        notebook = change(notebook, path, how, draw(code if path[-1:] == ("source",) else junk))
    data = json.dumps(notebook).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["cut", "insert", "drop", "encode"]))
        if kind == "cut":
            data = data[:at]
        elif kind == "encode":
            data = data.decode("utf-8", "replace").encode(
                draw(st.sampled_from(["utf-16", "utf-8-sig", "utf-32"]))
            )
        else:
            data = (
                data[:at]
                + (draw(st.binary(max_size=4)) if kind == "insert" else b"")
                + data[at + (kind == "drop") :]
            )
    return data


class Desk:
    """Takes in files one by one, and keeps some that differ in what is graded."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder
        self.engine = Engine(course, LAB)
        self.original = json.dumps(solved(course))
        self.seen = {"graded": 0, "not gradable": 0}
        self.kept: dict[str, bytes] = {}

    def take(self, data: bytes) -> None:
        for name in ("submitted", "collected"):
            shutil.rmtree(self.course.workspace / name, ignore_errors=True)
        path = self.folder / "fuzz.ipynb"
        path.write_bytes(data)
        (row,) = collect(self.course, LAB, [path]).rows
        try:
            name = read_submission(self.engine, row.student).digest
            self.seen["graded"] += 1
        except NotGradable as error:
            name = str(error)
            self.seen["not gradable"] += 1
            assert len(name) > 10
            assert not any(word in name for word in DEFECT), name
        if len(self.kept) < GRADED:
            self.kept.setdefault(name, data)


@pytest.fixture(scope="module")
def desk(built_tiny: Course, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A course of its own to fill with rubbish."""
    folder = tmp_path_factory.mktemp("fuzz")
    return Desk(copy_course(built_tiny, folder / "course"), folder)


@pytest.fixture(scope="module")
def fuzzed(desk: Desk) -> Desk:
    """The desk after it has taken in all files."""

    @seed(20)
    @settings(
        max_examples=FILES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(files(desk.original))
    def run(data: bytes) -> None:
        desk.take(data)

    run()
    return desk


@pytest.mark.timeout(900)
def test_every_file_is_taken_in(fuzzed: Desk) -> None:
    """Collected, read, matched with the exam, or refused with a reason."""
    taken = sum(fuzzed.seen.values())
    print(f"{taken} files: {fuzzed.seen}; {len(fuzzed.kept)} kept")
    assert taken >= FILES
    assert min(fuzzed.seen.values()) > FILES / 20, "changes are neither harmless nor always fatal"


@pytest.mark.timeout(900)
def test_the_strangest_are_graded(fuzzed: Desk) -> None:
    """One result each, in nbgrader's gradebook too, and a page for each student."""
    assert len(fuzzed.kept) == GRADED
    for name in ("submitted", "collected"):
        shutil.rmtree(fuzzed.course.workspace / name, ignore_errors=True)
    for number, data in enumerate(fuzzed.kept.values()):
        folder = fuzzed.folder / "class" / f"s{number:02d}"
        folder.mkdir(parents=True)
        (folder / f"{LAB}.ipynb").write_bytes(data)
    collected = collect(fuzzed.course, LAB, [fuzzed.folder / "class"])
    report = grade(fuzzed.course, LAB)
    assert len(report.results) == len(collected.rows) == GRADED
    assert not report.problems
    refused = [result for result in report.results if not result.graded]
    assert 0 < len(refused) < GRADED
    for result in refused:
        assert result.status is Status.NOT_GRADABLE
        assert len(result.reason) > 10
        assert not any(word in result.reason for word in DEFECT)
    assert len(feedback(fuzzed.course, LAB)) == GRADED
