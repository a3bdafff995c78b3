"""mark and try: one notebook, or the solution with some answers replaced, without a gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.matching.match import match, recognise
from autograder.model.errors import NotGradable, UsageError, did_you_mean
from autograder.model.submission import Submission
from autograder.notebooks.reading import read_notebook
from autograder.running.engine import Engine, Job, answers_of, read_release, unit_digest
from autograder.running.results import Unit, complete, not_gradable
from autograder.workspace.course import Course

__all__ = ["mark", "try_answers"]


def mark(
    course: Course, notebook: Path, *, lab_id: str | None = None, level: str = "namespaces"
) -> dict[str, Any]:
    """The result of one notebook file; the lab is recognised by its content unless it is named."""
    student = notebook.stem
    try:
        read = read_notebook(notebook)
        lab_id = course.lab(lab_id).id if lab_id else _recognise(course, read.notebook)
        engine = Engine(course, lab_id, level=level)
        submission = match(read.notebook, engine.release, lab=lab_id)
    except NotGradable as error:
        return not_gradable(lab_id or "", student, str(error))
    answers = answers_of(submission, engine.exam)
    repairs = [*read.repairs, *submission.repairs]
    unit = Unit(
        student,
        submission,
        Job(student, answers),
        unit_digest(answers, engine.key, engine),
        repairs,
    )
    (outcome,) = engine.examine([unit.job])
    return complete(engine, unit, outcome)


def _recognise(course: Course, notebook: Any) -> str:
    releases = {
        lab.id: read_release(course, lab.id)
        for lab in course.labs
        if course.released(lab.id).is_file()
    }
    if not releases:
        raise UsageError("No lab has been built yet: run `autograder build`.")
    found = recognise(notebook, releases)
    if found is None:
        known = ", ".join(releases)
        raise NotGradable(
            f"This notebook belongs to none of the labs ({known}). Name the lab with --lab."
        )
    return found


def try_answers(
    course: Course, lab_id: str, answers: Mapping[str, Path], *, level: str = "namespaces"
) -> dict[str, Any]:
    """Put these answers (grade_id -> file with the cell's source) into the solution and mark it."""
    engine = Engine(course, lab_id, level=level)
    texts: dict[str, str] = {}
    for name, path in answers.items():
        if name not in engine.exam.todos:
            raise UsageError(
                f'{lab_id} has no TODO "{name}".{did_you_mean(name, engine.exam.todos)}'
            )
        try:
            texts[name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The answer file {path} cannot be read: {error}") from error
    submission = Submission(lab_id, texts, {}, [], [], set(engine.exam.written))
    job = Job("try", engine.solution(**texts))
    (outcome,) = engine.examine([job])
    return complete(engine, Unit("try", submission, job, "", []), outcome)
