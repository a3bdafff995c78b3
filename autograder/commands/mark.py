"""mark and try: one notebook, or the solution with some answers replaced, without a gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.model.errors import NotGradable, UsageError, did_you_mean
from autograder.model.result import Result
from autograder.model.submission import Job, Submission, SubmissionJob
from autograder.notebooks.reading import load_file
from autograder.reporting.cells import Cells
from autograder.running.engine import Engine, check_level
from autograder.running.reading_aside import read_and_match, recognise_lab
from autograder.running.submissions import make_job, make_result
from autograder.sandbox.aside import Aside, open_aside
from autograder.workspace.course import Course
from autograder.workspace.files import write_json
from autograder.workspace.workspace import Workspace

__all__ = ["mark", "try_answers", "write_gradescope"]

MAX_ANSWER = 2**20
"""Characters of one answer's file; what is longer than 100,000 is not graded anyway."""


def mark(
    course: Course, notebook: Path, *, lab_id: str | None = None, level: str = "namespaces"
) -> Result:
    """The result of one notebook file; the lab is recognised by its content unless it is named.

    Raises:
        UsageError: if there is no such file or lab, or no lab was built.
    """
    student = notebook.stem
    check_level(level)
    try:
        # Whatever looks into the file does so in a worker, as for a whole class.
        data = load_file(notebook)
        with open_aside(level) as aside:
            lab_id = course.lab(lab_id).id if lab_id else _recognise(course, data, aside)
            engine = Engine(course, lab_id, level=level)
            submission, repairs = aside.call_now(read_and_match, data, engine.release, lab_id)
    except NotGradable as error:
        return Result.not_gradable(lab_id or "", student, str(error))
    job = make_job(engine, student, submission, (*repairs, *submission.repairs))
    (outcome,) = engine.examine([job.job])
    return make_result(engine, job, outcome)


def _recognise(course: Course, data: bytes, aside: Aside) -> str:
    """The lab that a notebook belongs to, by its content."""
    workspace = Workspace(course)
    built = [lab.id for lab in course.labs if course.released(lab.id).is_file()]
    releases = {lab_id: workspace.read_committed(lab_id) for lab_id in built}
    if not releases:
        raise UsageError("No lab has been built yet: run `autograder build`.")
    found = aside.call_now(recognise_lab, data, releases)
    if found is None:
        known = ", ".join(releases)
        raise NotGradable(
            f"This notebook belongs to none of the labs ({known}). Name the lab with --lab."
        )
    return found


def write_gradescope(course: Course, result: Result, path: Path) -> None:
    """Write a result as Gradescope reads it from its autograders: a test per TODO.

    See https://gradescope-autograders.readthedocs.io/en/latest/specs/. Written answers, which a
    person marks there, have no test.
    """
    titles: dict[str, str] = {}
    if result.graded:
        cells = Cells(Workspace(course).read_release(result.lab))
        titles = {name: cells.title(name).replace("`", "") for name in result.todos}
    tests = []
    for name, todo in result.todos.items():
        lines = [todo.message] if todo.message else []
        lines += [f"{case.case}: {case.message or 'not yet'}" for case in todo.failed]
        row = {"name": titles[name], "score": todo.points, "max_score": todo.max_points}
        status = "passed" if todo.full else "failed"
        said = "\n".join(lines) or str(todo.state)
        tests.append(row | {"status": status, "output": said, "visibility": "visible"})
    output = "\n".join(result.repairs) if result.graded else result.reason
    # Without any test a total is needed, or Gradescope takes the autograder for broken.
    total = {} if tests else {"score": 0.0}
    report = {"output": output, "execution_time": result.seconds, **total, "tests": tests}
    write_json(path, report | {"visibility": "visible", "stdout_visibility": "hidden"})


def try_answers(
    course: Course, lab_id: str, answers: Mapping[str, Path], *, level: str = "namespaces"
) -> Result:
    """Put these answers (grade_id -> file with the cell's source) into the solution and mark it.

    Raises:
        UsageError: if there is no such lab, TODO or file.
    """
    engine = Engine(course, lab_id, level=level)
    texts: dict[str, str] = {}
    for name, path in answers.items():
        if name not in engine.exam.todos:
            raise UsageError(
                f'{lab_id} has no TODO "{name}".{did_you_mean(name, engine.exam.todos)}'
            )
        try:
            with path.open(encoding="utf-8-sig") as file:
                texts[name] = file.read(MAX_ANSWER)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The answer file {path} cannot be read: {error}") from error
    submission = Submission(lab_id, texts, {}, [], [], set(engine.exam.written))
    # Nothing of it is kept, so it needs no digest.
    job = SubmissionJob("try", submission, Job("try", engine.solution(**texts)), digest="")
    (outcome,) = engine.examine([job.job])
    return make_result(engine, job, outcome)
