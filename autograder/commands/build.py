"""build: hidden source -> nbgrader's source and release -> ``labs/``, replaced whole after every
gate has passed."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.hidden_tests import runnable
from autograder.authoring.leak_check import check_leaks
from autograder.authoring.lint import check_lint
from autograder.authoring.titles import folded
from autograder.gradebook.configuration import prepare_workspace
from autograder.gradebook.converters import generate_assignment
from autograder.model.cell_run import CellRun
from autograder.model.errors import ContentError
from autograder.model.outcome import ExamOutcome, finished
from autograder.notebooks.reading import canonical_bytes
from autograder.notebooks.regions import public_part
from autograder.notebooks.roles import is_demo
from autograder.running.engine import Engine, Job, run_now
from autograder.running.session import Session
from autograder.workspace.course import Course
from autograder.workspace.files import write_atomic
from autograder.workspace.lock import workspace_lock
from autograder.workspace.workspace import Workspace

__all__ = ["Built", "build", "check_untouched", "make_release"]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """What ``build`` did to one lab."""

    lab: str
    changed: bool
    points: float
    todos: int


def build(
    course: Course,
    lab_ids: Sequence[str] | None = None,
    *,
    check: bool = False,
    level: str = "namespaces",
    say: Say = lambda text: None,
) -> list[Built]:
    """Build labs (default: all of them). Raises :class:`ContentError` with what a gate found; then
    nothing is replaced.

    With ``check`` nothing is written: a lab whose notebook is not what its source gives is a
    :class:`ContentError`.
    """
    chosen = [lab.id for lab in course.chosen(lab_ids)]
    if check:
        return _check(course, chosen)
    built = []
    with workspace_lock(course, "build"):
        for lab_id in chosen:
            engine = Engine(course, lab_id, level=level)
            built.append(_build_one(engine, say))
            if len(chosen) > 1:
                # the next lab has a fork server of its own; both would take the memory twice
                engine.server.stop()
    return built


def _check(course: Course, lab_ids: Sequence[str]) -> list[Built]:
    built, stale = [], []
    with tempfile.TemporaryDirectory() as temporary:
        aside = replace(course, workspace=Path(temporary))
        for lab_id in lab_ids:
            engine = Engine(aside, lab_id, level="none")
            check_lint(engine.lab, engine.source)
            fresh = make_release(engine, gradebook=False)
            path = course.released(lab_id)
            if not path.is_file() or path.read_bytes() != fresh:
                stale.append(
                    f"{path.relative_to(course.root)} is not what solutions/{lab_id}/{lab_id}.py "
                    "gives."
                )
            built.append(Built(lab_id, False, engine.exam.max_points, len(engine.exam.todos)))
    if stale:
        raise ContentError(f"{len(stale)} notebooks are stale: run `autograder build`.", stale)
    return built


def _build_one(engine: Engine, say: Say) -> Built:
    course, lab_id = engine.course, engine.lab.id
    say(f"{lab_id}: reading and checking the source")
    check_lint(engine.lab, engine.source)
    say(f"{lab_id}: running the solution, recording the key")
    check_solution(engine)
    check_public(engine)
    say(f"{lab_id}: nbgrader generate_assignment")
    with tempfile.TemporaryDirectory() as temporary:
        aside = Engine(replace(course, workspace=Path(temporary)), lab_id, level="none")
        released = make_release(aside, gradebook=False)
    notebook = nbformat.reads(released.decode(), as_version=4)
    check_leaks(engine.exam, engine.source, notebook)
    say(f"{lab_id}: running every untouched cell")
    check_untouched(engine, notebook)
    _into_workspace(engine)
    path = course.released(lab_id)
    changed = not path.is_file() or path.read_bytes() != released
    if changed:
        write_atomic(path, released)
    return Built(lab_id, changed, engine.exam.max_points, len(engine.exam.todos))


def check_solution(engine: Engine) -> ExamOutcome:
    """The solution earns every point, in the same exam that students sit."""
    (ended,) = engine.examine([Job("solution", engine.solution())])
    outcome = finished(ended)
    problems = []
    for name, todo in outcome.todos.items():
        problems += [f"{name}, case {case.case}: {case.message}" for case in todo.failed]
    if problems or outcome.points != engine.exam.max_points:
        raise ContentError(f"The solution of {engine.lab.id} does not earn every point.", problems)
    return outcome


def check_public(engine: Engine) -> None:
    """Every public check passes with the solution, or students would be told that right is
    wrong."""
    plain = copy.deepcopy(engine.source)
    plain.cells = [cell for cell in plain.cells if not is_demo(cell)]
    for cell in plain.cells:
        cell.source = public_part(cell.source)
    runs = run_now(_run_all(engine, plain))
    problems = [f"cell {name}: {run.cause}" for name, run in runs if run.status != "ok"]
    problems += [
        f"cell {name}: {line}"
        for name, run in runs
        for line in run.text.splitlines()
        if line.startswith("○")
    ]
    if problems:
        raise ContentError(
            f"The solution of {engine.lab.id} does not pass its public checks.", problems
        )


def _into_workspace(engine: Engine) -> None:
    """Source, release and gradebook of the real workspace; what stood there comes back if nbgrader
    refuses."""
    workspace, lab_id = engine.workspace, engine.lab.id
    paths = [workspace.source(lab_id), workspace.release(lab_id)]
    before = {path: path.read_bytes() for path in paths if path.is_file()}
    try:
        make_release(engine)
    except BaseException:
        for path, data in before.items():
            write_atomic(path, data)
        raise


def make_release(engine: Engine, *, gradebook: bool = True) -> bytes:
    """Source and release into the workspace by nbgrader; the release's canonical bytes."""
    course, lab_id = engine.course, engine.lab.id
    prepare_workspace(course)
    workspace = Workspace(course)
    path = workspace.release(lab_id)
    write_atomic(workspace.source(lab_id), canonical_bytes(folded(runnable(engine.source))))
    generate_assignment(course, lab_id, gradebook=gradebook)
    released = canonical_bytes(nbformat.read(path, as_version=4))
    write_atomic(path, released)
    return released


def check_untouched(engine: Engine, release: Any) -> None:
    """Every cell of the untouched notebook runs, from top to bottom, in one kernel."""
    runs = run_now(_run_all(engine, release))
    problems = [f"cell {name}: {run.cause}" for name, run in runs if run.status != "ok"]
    if problems:
        raise ContentError(f"The untouched notebook of {engine.lab.id} does not run.", problems)


async def _run_all(engine: Engine, notebook: Any) -> list[tuple[str, CellRun]]:
    """Run every code cell in one kernel, until it is lost."""
    runs: list[tuple[str, CellRun]] = []
    context = engine.context
    async with Session(
        context.server, level=context.level, limits=context.limits, visible=context.visible
    ) as session:
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.source.strip():
                run = await session.run(cell.source, context.limits.submission_seconds)
                runs.append((cell.id, run))
                if run.lost:
                    break
    return runs
