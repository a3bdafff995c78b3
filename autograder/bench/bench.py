"""The benchmark: ``autograder grade`` against plain sequential ``nbgrader autograde``, same exam,
one run.

    # 30 submissions of the first lab, on one core and on all
    python -m autograder.bench.bench
    # quicker
    python -m autograder.bench.bench --submissions 8
    # a large class: is memory flat?
    python -m autograder.bench.bench --submissions 200 --only-grade
    # how long does it take to collect a very large class?
    python -m autograder.bench --collect 1000
    # nothing timed: are the marks equal in five runs?
    python -m autograder.bench.bench --repeats 5

The yardstick runs the same steps (setup, answers, hidden tests, follow-through) in an ordinary
kernel per notebook, by ``nbgrader autograde`` as it is typed, and judges in process. Submissions
that end their process or never end are left out: plain nbgrader loses them whole, so there would be
no mark to compare.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import psutil

from autograder.bench.collecting import collect_many
from autograder.bench.memory import Memory
from autograder.bench.plain import plain_nbgrader
from autograder.commands.build import make_release
from autograder.commands.collect import collect
from autograder.commands.grade import Progress, grade
from autograder.model.grade_report import GradeReport
from autograder.model.result import Result, TodoState
from autograder.notebooks.roles import Role, role_of
from autograder.running.engine import Engine
from autograder.running.submissions import read_submission
from autograder.workspace.course import Course, load_course
from autograder.workspace.results import Results
from autograder.workspace.workspace import Workspace

__all__ = ["main"]

LOST = (TodoState.TIMEOUT, TodoState.KILLED)


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lab", help="the lab (default: the first of the course)")
    parser.add_argument(
        "--submissions", type=int, default=30, help="how many, copies included (default 30)"
    )
    parser.add_argument(
        "--only-grade", action="store_true", help="one run on all cores, compared with nothing"
    )
    parser.add_argument(
        "--repeats", type=int, default=0, help="only grade the sample class so often and compare"
    )
    parser.add_argument(
        "--collect", type=int, default=0, help="only collect so many hand-ins, and time it"
    )
    options = parser.parse_args(arguments)
    course = load_course()
    lab_id = course.chosen([options.lab] if options.lab else None)[0].id
    folder = Path(tempfile.mkdtemp(prefix="autograder-bench-"))
    aside = replace(course, workspace=folder / "workspace")
    try:
        if options.collect:
            collect_many(aside, lab_id, options.collect, folder)
        elif options.repeats:
            repeat(aside, lab_id, options.repeats)
        else:
            run(aside, lab_id, options.submissions, not options.only_grade)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def repeat(course: Course, lab_id: str, times: int) -> None:
    """Grade the sample class ``times`` times from nothing; exits with an error if a mark
    differs."""
    make_release(Engine(course, lab_id))
    collect(course, lab_id, [course.root / "samples" / lab_id], force=True)
    first: dict[str, dict[str, float]] = {}
    different: set[str] = set()
    for number in range(times):
        done = timed_grade(course, lab_id, f"run {number + 1} of the sample class")
        for result in done.report.results:
            marks = {name: todo.points for name, todo in result.todos.items()}
            if first.setdefault(result.student, marks) != marks:
                different.add(result.student)
    if different:
        names = ", ".join(sorted(different))
        raise SystemExit(f"The marks of {names} are not the same in every run.")
    print(f"the marks of {len(first)} submissions are equal in {times} runs")


def run(course: Course, lab_id: str, count: int, compared: bool) -> None:
    """Measure and print."""
    make_release(Engine(course, lab_id))
    collect(course, lab_id, [course.root / "samples" / lab_id], force=True)
    cores = len(os.sched_getaffinity(0))
    first = grade_watched(course, lab_id, "warm-up, the sample class once")
    keep = [result.student for result in first.report.results if comparable(result)]
    students = copies(course, lab_id, keep, count)
    title = f"{len(students)} submissions"
    if not compared:
        grade_watched(
            course, lab_id, f"{title}, {cores} workers on {cores} cores, memory watched", students
        )
        return
    many = timed_grade(course, lab_id, f"{title}, {cores} workers on {cores} cores", students)
    own = overhead(course, lab_id, many, cores)
    with one_core():
        one = timed_grade(course, lab_id, f"{title}, 1 worker on 1 core", students)
    speedup = (one.report.seconds - one.start) / (many.report.seconds - many.start)
    print(f"speed-up from 1 core to {cores}, the start apart: {speedup:.2f}")
    marks = {result.student: result.points for result in many.report.results}
    seconds = plain_nbgrader(course, lab_id, students, marks)
    again = timed_grade(course, lab_id, f"{title}, {cores} workers once more", students)
    ratio = 2 * seconds / (many.report.seconds + again.report.seconds)
    print(f"ratio: {ratio:.1f} times as fast as plain nbgrader, the start included")
    limit = seconds / len(students) * cores / own
    print(f"  a grader that adds nothing to the cells' own time would be {limit:.1f} times as fast")


def comparable(result: Result) -> bool:
    """Whether plain nbgrader could give a mark at all."""
    return result.graded and not any(todo.state in LOST for todo in result.todos.values())


def copies(course: Course, lab_id: str, students: list[str], count: int) -> list[str]:
    """``count`` submissions: copies of the given ones, each with a comment of its own so that no
    result is reused."""
    workspace, names = Workspace(course), []
    for number in range(count):
        original = students[number % len(students)]
        name = f"copy{number:03d}-{original}"
        notebook = nbformat.read(workspace.submitted(original, lab_id), as_version=4)
        for cell in notebook.cells:
            if role_of(cell) is Role.ANSWER:
                cell.source += f"\n# copy {number}"
        path = workspace.submitted(name, lab_id)
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        names.append(name)
    return names


@dataclass(frozen=True)
class Run:
    """One run of ``grade``, and how many of its seconds the fork server took to import its
    libraries, once."""

    report: GradeReport
    start: float


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Have everything that is started here, and this process, share one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def timed_grade(
    course: Course,
    lab_id: str,
    title: str,
    students: list[str] | None = None,
    progress: Progress = lambda student, done, total: None,
) -> Run:
    """One run of ``grade`` from nothing: a fork server of its own, empty cache, a worker for each
    core there is."""
    Engine(course, lab_id).server.stop()
    Workspace(course).forget_results()
    report = grade(course, lab_id, students=students, progress=progress)
    start = Engine(course, lab_id).server.start_seconds
    each = (report.seconds - start) / max(len(report.results), 1)
    print(
        f"{title}: {report.seconds:.1f} s, of it {start:.1f} s for the start, {each:.2f} s each",
        flush=True,
    )
    return Run(report, start)


def grade_watched(
    course: Course, lab_id: str, title: str, students: list[str] | None = None
) -> Run:
    """The same with an eye on the memory, which takes a twentieth of the time: not to be compared
    with anything."""
    memory = Memory()
    with memory:
        run = timed_grade(course, lab_id, title, students, memory.note)
    print(f"  {memory.summary()}", flush=True)
    return run


def overhead(course: Course, lab_id: str, run: Run, workers: int) -> float:
    """Print what a submission costs beyond its cells, the fork server's start apart; returns the
    cells' seconds."""
    engine, results, report = Engine(course, lab_id), Results(course, lab_id), run.report
    own = spent = 0.0
    for student in report.graded:
        outcome = results.cached(read_submission(engine, student).digest)
        assert outcome is not None
        own += outcome.cell_seconds
        spent += outcome.seconds
    count = len(report.graded)
    print(f"cells' own time: {own / count:.2f} s each")
    busy = (report.seconds - run.start) * workers
    print(f"overhead: {(busy - own) / count:.2f} s of a worker each, {(spent - own) / count:.2f} s")
    print("  of it for the kernel, its sandbox and messages; the rest is reading, judging,")
    print("  gradebook, idling")
    kernel = psutil.Process(engine.server.pid).memory_info()
    print(f"fork server: {kernel.rss / 2**20:.0f} MB resident, shared by all workers")
    return own / count


if __name__ == "__main__":
    main()
