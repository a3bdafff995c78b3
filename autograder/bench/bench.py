"""The benchmark: ``autograder grade`` against plain sequential ``nbgrader autograde``, same exam,
one run.

    python -m autograder.bench.bench                     # 30 submissions of the first lab, on one core and on all
    python -m autograder.bench.bench --submissions 8     # quicker
    python -m autograder.bench.bench --submissions 200 --only-grade   # a large class: is memory flat?
    python -m autograder.bench.bench --repeats 5         # nothing timed: are the marks equal in five runs?

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
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import psutil

from autograder.bench.in_process import yardstick_source
from autograder.commands.build import make_release
from autograder.commands.collect import collect
from autograder.commands.grade import Progress, grade
from autograder.gradebook.execute import engine_for, forget_engines
from autograder.gradebook.nbgrader import open_gradebook
from autograder.model.grade_report import GradeReport
from autograder.notebooks.definitions import definitions
from autograder.notebooks.roles import Role, role_of
from autograder.running.engine import Engine
from autograder.running.results import Unit, unit_of
from autograder.running.runner import Answers
from autograder.workspace.course import Course, load_course
from autograder.workspace.results import Results

__all__ = ["main"]

LOST = {"timeout", "killed"}
ROUNDING = 1e-3  # of a point: results have four decimals for each TODO, plain nbgrader all of them


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
    options = parser.parse_args(arguments)
    course = load_course()
    lab_id = course.chosen([options.lab] if options.lab else None)[0].id
    folder = Path(tempfile.mkdtemp(prefix="autograder-bench-"))
    aside = replace(course, workspace=folder / "workspace")
    try:
        if options.repeats:
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
    seen = []
    for number in range(times):
        results = timed_grade(
            course, lab_id, f"run {number + 1} of the sample class"
        ).report.results
        seen.append(
            {
                row["student"]: {name: todo["points"] for name, todo in row["todos"].items()}
                for row in results
            }
        )
    different = sorted(
        {student for marks in seen for student in marks if marks[student] != seen[0].get(student)}
    )
    if different:
        raise SystemExit(f"The marks of {', '.join(different)} are not the same in every run.")
    print(f"the marks of {len(seen[0])} submissions are equal in {times} runs")


def run(course: Course, lab_id: str, count: int, compared: bool) -> None:
    """Measure and print."""
    make_release(Engine(course, lab_id))
    collect(course, lab_id, [course.root / "samples" / lab_id], force=True)
    cores = len(os.sched_getaffinity(0))
    first = grade_watched(course, lab_id, "warm-up, the sample class once")
    keep = [row["student"] for row in first.report.results if comparable(row)]
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
    marks = {row["student"]: row["points"] for row in many.report.results}
    seconds = plain_nbgrader(course, lab_id, students, marks)
    again = timed_grade(course, lab_id, f"{title}, {cores} workers once more", students)
    ratio = 2 * seconds / (many.report.seconds + again.report.seconds)
    print(f"ratio: {ratio:.1f} times as fast as plain nbgrader, the start included")
    limit = seconds / len(students) * cores / own
    print(
        f"  a grader that adds nothing at all to the cells' own time would be {limit:.1f} times as fast"
    )


def comparable(result: dict[str, Any]) -> bool:
    """Whether plain nbgrader could give a mark at all."""
    return result["status"] == "graded" and not any(
        todo["state"] in LOST for todo in result["todos"].values()
    )


def copies(course: Course, lab_id: str, students: list[str], count: int) -> list[str]:
    """``count`` submissions: copies of the given ones, each with a comment of its own so that no
    result is reused."""
    names = []
    for number in range(count):
        original = students[number % len(students)]
        name = f"copy{number:03d}-{original}"
        source = course.workspace / "submitted" / original / lab_id / f"{lab_id}.ipynb"
        notebook = nbformat.read(source, as_version=4)
        for cell in notebook.cells:
            if role_of(cell) is Role.ANSWER:
                cell.source += f"\n# copy {number}"
        place = course.workspace / "submitted" / name / lab_id
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{lab_id}.ipynb")
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
    forget_engines()
    shutil.rmtree(course.workspace / "results", ignore_errors=True)
    shutil.rmtree(course.workspace / "autograded", ignore_errors=True)
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


class Memory:
    """Watches, while a class is graded, what the grader holds and what each kernel has to
    itself."""

    def __init__(self) -> None:
        self.grader: list[int] = []
        self.kernel = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> Memory:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def watch(self) -> None:
        while not self.over.wait(0.2):
            with contextlib.suppress(psutil.Error):
                for server in psutil.Process().children():
                    own = [
                        process.memory_full_info().uss
                        for process in server.children(recursive=True)
                    ]
                    self.kernel = max(self.kernel, *own, 0)

    def note(self, student: str, done: int, total: int) -> None:
        self.grader.append(psutil.Process().memory_info().rss)

    def summary(self) -> str:
        tenth = self.grader[len(self.grader) // 10] / 2**20
        grader = f"grader {tenth:.0f} MB after a tenth of them, {self.grader[-1] / 2**20:.0f} MB at the end"
        return f"memory: {grader}; at most {self.kernel / 2**20:.0f} MB of its own per worker"


def overhead(course: Course, lab_id: str, run: Run, workers: int) -> float:
    """Print what a submission costs beyond its cells, the fork server's start apart; returns the
    cells' seconds."""
    engine = engine_for(str(course.root), str(course.workspace), lab_id, "namespaces")
    results = Results(course, lab_id)
    report = run.report
    units = [
        unit for student in report.graded if isinstance(unit := unit_of(engine, student), Unit)
    ]
    outcomes = [results.cached(unit.digest) or {} for unit in units]
    own = sum(outcome["cell_seconds"] for outcome in outcomes)
    exams = sum(outcome["seconds"] for outcome in outcomes)
    count = len(units)
    print(f"cells' own time: {own / count:.2f} s each")
    busy = (report.seconds - run.start) * workers
    print(f"overhead: {(busy - own) / count:.2f} s of a worker each, {(exams - own) / count:.2f} s")
    print(
        "  of it for the kernel, its sandbox and messages; the rest is reading, judging, gradebook, idling"
    )
    kernel = psutil.Process(engine.server.pid).memory_info()
    print(f"fork server: {kernel.rss / 2**20:.0f} MB resident, shared by all workers")
    return own / count


def plain_nbgrader(
    course: Course, lab_id: str, students: list[str], expected: dict[str, float]
) -> float:
    """Seconds of ``nbgrader autograde`` on the same exam; raises if a mark differs."""
    engine = engine_for(str(course.root), str(course.workspace), lab_id, "namespaces")
    plain = replace(course, workspace=course.workspace.parent / "plain")
    write_plain_course(engine, plain, students)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MPLBACKEND": "Agg",
    }

    def run_nbgrader(verb: str) -> None:
        command = [sys.executable, "-m", "nbgrader", verb, lab_id]
        done = subprocess.run(
            command,
            cwd=plain.workspace,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"nbgrader {verb} failed:\n{done.stderr[-3000:]}")

    run_nbgrader("generate_assignment")
    started = time.monotonic()
    run_nbgrader("autograde")
    seconds = time.monotonic() - started
    print(f"plain nbgrader autograde: {seconds:.1f} s, {seconds / len(students):.2f} s each")
    with open_gradebook(plain) as book:
        marks = {s.student_id: s.score for s in book.assignment_submissions(lab_id)}
    different = [name for name in students if abs(marks[name] - expected[name]) > ROUNDING]
    print(f"marks equal for {len(students) - len(different)} of {len(students)} submissions")
    if different:
        raise SystemExit(f"The marks differ: {different}")
    return seconds


def write_plain_course(engine: Engine, plain: Course, students: list[str]) -> None:
    """A course tree for nbgrader alone: source and submissions with the same cells as the exam."""
    lab_id = engine.lab.id
    key_folder = engine.course.workspace / "keys" / lab_id
    rows = yardstick_source(engine.exam, key_folder, engine.key)
    write_cells(plain.workspace / "source" / lab_id / f"{lab_id}.ipynb", rows)
    for student in students:
        unit = unit_of(engine, student)
        assert isinstance(unit, Unit)
        path = plain.workspace / "submitted" / student / lab_id / f"{lab_id}.ipynb"
        write_cells(path, with_answers(rows, unit.job.answers))
    (plain.workspace / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = {engine.course.id!r}\n"
        "c.IgnorePattern.enabled = True\nc.IgnorePattern.pattern = '.'\nc.Execute.timeout = 300\n"
    )


def with_answers(rows: list[dict[str, Any]], answers: Answers) -> list[dict[str, Any]]:
    """The cells with a student's answers in their places, and what the student added after the
    cells it follows."""
    filled = []
    for row in rows:
        name = row.get("nbgrader", {}).get("grade_id")
        filled.append({**row, "source": answers.answers.get(name, row["source"])})
        filled += [
            {"source": definitions(source)} for source in answers.extras.get(name, ()) if name
        ]
    return filled


def write_cells(path: Path, rows: list[dict[str, Any]]) -> None:
    """A notebook of these cells."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "language": "python",
        "display_name": "Python 3",
    }
    for number, row in enumerate(rows):
        meta = row.get("nbgrader")
        name = meta["grade_id"] if meta else f"cell-{number}"
        cell = nbformat.v4.new_code_cell(row["source"], id=name)
        if meta:
            cell.metadata["nbgrader"] = {"schema_version": 3, "task": False, **meta}
        notebook.cells.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
