"""demo: the whole story on a lab's sample class, from build to the class report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.commands.build import build
from autograder.commands.collect import collect
from autograder.commands.feedback import feedback
from autograder.commands.grade import Progress, grade
from autograder.commands.report import report
from autograder.model.grade_report import GradeReport
from autograder.quality.samples.make import load_samples, make_samples
from autograder.workspace.course import Course

__all__ = ["Demo", "demo"]


@dataclass(frozen=True)
class Demo:
    """Where the results of a demo lie."""

    lab: str
    graded: GradeReport
    feedback: list[Path]
    report: Path
    workspace: Path


def demo(
    course: Course,
    lab_id: str | None = None,
    *,
    level: str = "namespaces",
    workers: int | None = None,
    say: Callable[[str], None] = lambda text: None,
    progress: Progress = lambda student, done, total: None,
) -> Demo:
    """Build a lab, collect and grade its sample class, write feedback per student and one report.

    The real workspace is not touched: everything goes to ``workspace-demo`` beside it. A sample
    class that was never written is written first.

    Raises:
        UsageError: for an unknown lab, or one that has no ``samples.py``.
        ContentError: with what a gate of the build found.
    """
    lab = course.chosen([lab_id] if lab_id else None)[0]
    samples = course.samples(lab.id)
    if not samples.is_dir():
        load_samples(course, lab.id)  # says what is missing before anything is built
    aside = replace(course, workspace=course.root / "workspace-demo")
    build(aside, [lab.id], level=level, say=say)
    if not samples.is_dir():
        say(f"{lab.id}: writing {samples.relative_to(course.root)}")
        make_samples(course, lab.id)
    say(f"{lab.id}: collecting {samples.relative_to(course.root)}")
    collect(aside, lab.id, [samples], force=True)
    say(f"{lab.id}: grading")
    graded = grade(aside, lab.id, level=level, workers=workers, progress=progress)
    say(f"{lab.id}: writing feedback and the class report")
    pages = feedback(aside, lab.id)
    return Demo(lab.id, graded, pages, report(aside, lab.id), aside.workspace)
