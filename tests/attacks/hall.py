"""The hall in which a class of attackers sits its exam, with honest students between them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.commands.collect import CollectRow, collect
from autograder.model.errors import NotGradable
from autograder.model.outcome import finished
from autograder.model.result import Result
from autograder.model.submission import Job, SubmissionJob
from autograder.running.engine import Engine, Outcome
from autograder.running.submissions import make_result, read_submissions
from autograder.workspace.course import Course, load_course
from autograder.workspace.results import Results
from autograder.workspace.workspace import LOCK_FILES, Workspace
from tests import classroom
from tests.attacks.desk import Desk
from tests.attacks.rows import Row

__all__ = ["CANARY", "LEAK", "Hall", "foreign_processes", "listening", "opened", "write_row"]

CANARY = "CANARY-b7e1f0"
"""Stands in every file, variable and socket that no student may read."""

LEAK = "LEAK-5c20"
"""Attackers print it; no student may ever read it."""

HONEST_EVERY = 12


@dataclass
class Hall:
    """What came of every row."""

    course: Course
    rows: dict[str, CollectRow] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    touched: list[str] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    honest: list[str] = field(default_factory=list)


@contextlib.contextmanager
def opened(built: Course, root: Path, rows: Sequence[Row]) -> Iterator[Hall]:
    """Collect and examine ``rows`` as one class, and note everything that changed where nothing
    should."""
    course = classroom.copy_course(built, root / "course")
    _add_lab(course)
    course = load_course(course.root)
    _put_canaries(course, root)
    assert Engine(course, classroom.LAB).key  # recorded before anybody watches
    with listening(root) as (facts, heard):
        desk = Desk(course, {"COURSE": str(course.root), "HOME": str(root / "home"), **facts})
        hall = Hall(course)
        folder = root / "class"
        hall.honest = [f"honest-{number}" for number in range(2 + len(rows) // HONEST_EVERY)]
        _hand_in(folder, rows, hall.honest, desk)
        before = _digests(root)
        found = {row.student: row for row in collect(course, classroom.LAB, [folder]).rows}
        names = _names(course, found)
        hall.rows = {name: found[student] for name, student in names.items()}
        hall.touched += _changes(before, _digests(root), allowed=("course/workspace/",))
        before = _digests(root)
        _examine(hall, names, _spread([row.known_as for row in rows], hall.honest))
        hall.touched += _changes(before, _digests(root), allowed=("course/workspace/results/",))
        hall.heard = heard()
        hall.left_behind = foreign_processes(Engine(course, classroom.LAB).server.folder.name)
    yield hall


def _examine(hall: Hall, names: dict[str, str], order: Iterable[str]) -> None:
    """Every student in one batch, as ``autograder grade`` does it, without the gradebook."""
    engine = Engine(hall.course, classroom.LAB, workers=2)
    jobs: dict[str, SubmissionJob] = {}
    back = {student: name for name, student in names.items()}
    for student, read in read_submissions(engine, [names[name] for name in order]):
        if isinstance(read, NotGradable):
            hall.results[back[student]] = Result.not_gradable(classroom.LAB, student, str(read))
        else:
            jobs[student] = read
    results = Results(hall.course, classroom.LAB)

    def done(job: Job, outcome: Outcome) -> None:
        ended = finished(outcome)
        results.keep(jobs[job.name].digest, ended)
        hall.private[back[job.name]] = ended.private
        hall.results[back[job.name]] = make_result(engine, jobs[job.name], ended)
        results.write(hall.results[back[job.name]])

    # As `grade` does it: what may take long comes first.
    exams = sorted((job.job for job in jobs.values()), key=lambda job: -job.answers.size)
    engine.examine(exams, done)


def _names(course: Course, found: dict[str, CollectRow]) -> dict[str, str]:
    """The folder a student handed in as -> the student's id."""
    records = Workspace(course).read_records(classroom.LAB)
    return {records[student].handed_in_as: student for student in found}


def _spread(names: list[str], honest: list[str]) -> list[str]:
    """Honest students between the others."""
    step = max(len(names) // len(honest), 1)
    for number, name in enumerate(honest):
        names.insert(number * (step + 1), name)
    return names


def _hand_in(folder: Path, rows: Sequence[Row], honest: Sequence[str], desk: Desk) -> None:
    for row in rows:
        write_row(folder, row, desk)
    for name in honest:
        (folder / name).mkdir(parents=True)
        (folder / name / "tiny.ipynb").write_bytes(desk.packed(desk.solved()))


def write_row(folder: Path, row: Row, desk: Desk) -> None:
    """What is handed in, in a folder of its own below ``folder``."""
    place = folder / row.folder
    place.mkdir(parents=True)
    for name, content in row.make(desk).items():
        if isinstance(content, Path):
            (place / name).symlink_to(content)
        else:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)


def _add_lab(course: Course) -> None:
    """A second lab, whose notebook some hand in by mistake."""
    text = course.released(classroom.LAB).read_text(encoding="utf-8")
    for old, new in (
        ("double", "treble"),
        ("total", "product"),
        ("dice", "coin"),
        ("why", "because"),
        ("Tiny", "Other"),
    ):
        text = text.replace(old, new)
    path = course.released("other")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    course.private("other").mkdir()
    (course.private("other") / "lab.toml").write_text('title = "Other lab"\norder = 2\n')


def _put_canaries(course: Course, root: Path) -> None:
    """What nobody may read or change: another's submission and result, the gradebook, a home
    folder, a data file."""
    for path in (
        course.workspace / "submitted" / "victim" / "tiny" / "tiny.ipynb",
        course.workspace / "results" / "tiny" / "victim.json",
        course.workspace / "gradebook.db",
        course.root / "solutions" / "tiny" / "answers" / "double" / "right_canary.py",
        root / "home" / ".ssh" / "id_rsa",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(f"# {CANARY}\n")
    (course.data / "music" / "tune.txt").write_text("X:1\n")


@contextlib.contextmanager
def listening(root: Path) -> Iterator[tuple[dict[str, str], Any]]:
    """Sockets of this process, on which nothing may ever be heard."""
    inet, abstract, named = (
        socket.socket(kind) for kind in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)
    )
    inet.bind(("127.0.0.1", 0))
    abstract.bind(f"\0attack-{os.getpid()}")
    named.bind(str(root / "ear"))
    ears = {"inet": inet, "abstract": abstract, "named": named}
    for ear in ears.values():
        ear.listen()
        ear.setblocking(False)

    def heard() -> list[str]:
        return [name for name, ear in ears.items() if _has_visitor(ear)]

    try:
        yield (
            {
                "PORT": str(inet.getsockname()[1]),
                "ABSTRACT": f"attack-{os.getpid()}",
                "EAR": str(root / "ear"),
            },
            heard,
        )
    finally:
        for ear in ears.values():
            ear.close()
        (root / "ear").unlink()


def _has_visitor(ear: socket.socket) -> bool:
    try:
        ear.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _digests(root: Path) -> dict[str, str]:
    """Path -> digest of everything below ``root`` but for the grader's own lock; links are not
    followed."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.name not in LOCK_FILES and (path.is_symlink() or path.is_file()):
            content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
            found[str(path.relative_to(root))] = hashlib.sha256(content).hexdigest()
    return found


def _changes(before: dict[str, str], after: dict[str, str], allowed: tuple[str, ...]) -> list[str]:
    """Files that appeared, vanished or changed; below ``allowed`` new ones may appear."""
    changed = [path for path in before if after.get(path) != before[path]]
    return changed + [path for path in after.keys() - before.keys() if not path.startswith(allowed)]


def foreign_processes(mark: str, seconds: float = 3) -> list[str]:
    """Processes in sandboxes whose file system shows ``mark``: what an exam left behind."""
    deadline = time.monotonic() + seconds
    while (found := _in_sandboxes(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def _in_sandboxes(mark: str) -> list[str]:
    own = str(Path("/proc/self/ns/pid").readlink())
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if (
                    str((folder / "ns" / "pid").readlink()) != own
                    and mark in (folder / "mountinfo").read_text()
                ):
                    found.append(f"{folder.name}: {(folder / 'comm').read_text().strip()}")
    return found
