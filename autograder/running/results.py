"""Results on disk: one JSON per student and lab, and a cache by content, so that nothing is graded
twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.matching.match import match
from autograder.model.errors import AutograderError, ContentError
from autograder.model.submission import Submission
from autograder.notebooks.reading import read_notebook
from autograder.running.engine import Engine, Job, answers_of, unit_digest
from autograder.workspace.results import Results, _read

__all__ = ["Unit", "complete", "not_gradable", "result_of_student", "unit_of"]


@dataclass(frozen=True)
class Unit:
    """The work of one student: what they handed in, the exam to run on it, and a name for all that
    decides it."""

    student: str
    submission: Submission
    job: Job
    digest: str
    repairs: list[str]


def unit_of(engine: Engine, student: str) -> Unit | str:
    """The work of one student, or the reason why there is none."""
    course, lab_id = engine.course, engine.lab.id
    note = _read(course.workspace / "collected" / lab_id / f"{student}.json") or {}
    path = course.workspace / "submitted" / student / lab_id / f"{lab_id}.ipynb"
    if note.get("reason"):
        return str(note["reason"])
    if not path.is_file():
        return "Nothing was handed in."
    release, key = engine.release, engine.key
    try:
        read = read_notebook(path)
        submission = match(read.notebook, release, lab=lab_id)
    except AutograderError as error:
        return str(error)
    except Exception as error:  # a defect of ours must not cost the others their marks
        return f"The notebook could not be read ({type(error).__name__}). Tell your instructor."
    answers = answers_of(submission, engine.exam)
    repairs = list(note.get("repairs", [*read.repairs, *submission.repairs]))
    return Unit(
        student, submission, Job(student, answers), unit_digest(answers, key, engine), repairs
    )


def complete(engine: Engine, unit: Unit, outcome: dict[str, Any]) -> dict[str, Any]:
    """The result of one student, in the form of docs/architecture.md, from the outcome of an
    exam."""
    lab_id = engine.lab.id
    if "failed" in outcome:
        return not_gradable(lab_id, unit.student, outcome["failed"], unit.repairs)
    written = {
        name: {"max_points": question.points, "answered": name not in unit.submission.untouched}
        for name, question in engine.exam.written.items()
    }
    return {
        "lab": lab_id,
        "student": unit.student,
        "points": outcome["points"],
        "max_points": engine.exam.max_points,
        "status": "graded",
        "sandbox": engine.level,
        "seconds": outcome["seconds"],
        "repairs": unit.repairs,
        "incidents": outcome["incidents"],
        "todos": outcome["todos"],
        "written": written,
    }


def not_gradable(
    lab: str, student: str, reason: str, repairs: list[str] | None = None
) -> dict[str, Any]:
    """The result of a submission that cannot be graded: no attempt is consumed."""
    return {
        "lab": lab,
        "student": student,
        "points": 0.0,
        "max_points": 0.0,
        "status": "not gradable",
        "reason": reason,
        "sandbox": "",
        "seconds": 0.0,
        "repairs": repairs or [],
        "incidents": [],
        "todos": {},
        "written": {},
    }


def result_of_student(engine: Engine, student: str) -> dict[str, Any]:
    """The result of what a student handed in: at hand, from the cache, or made now."""
    if student in engine.at_hand:
        return engine.at_hand[student]
    results = Results(engine.course, engine.lab.id)
    unit = unit_of(engine, student)
    if isinstance(unit, str):
        raise ContentError(f"{student} cannot be graded: {unit}")
    outcome = results.cached(unit.digest)
    if outcome is None:
        (outcome,) = engine.examine([unit.job])
        if "failed" in outcome:
            raise ContentError(outcome["failed"])
        results.keep(unit.digest, outcome)
    result = complete(engine, unit, outcome)
    results.write(student, result)
    return result
