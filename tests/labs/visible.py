"""What the visible checks of a lab say to an answer: a notebook as a student runs it, cell by cell,
in this process.

A test cell is tried on any number of answers, each in a copy of the notebook's names, so that a
whole answer bank takes seconds.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

from autograder.authoring.exam import make_exam
from autograder.authoring.source import read_source
from autograder.model.exam import Exam
from autograder.notebooks.regions import public_part
from autograder.notebooks.roles import Role, cell_name, role_of
from autograder.workspace.course import Course, load_course
from labkit.checking import checks
from labkit.training.seeds import seed_everything

__all__ = ["Said", "Sheet", "read_sheet"]

SECONDS = 20


@dataclass(frozen=True)
class Said:
    """What a student reads below an answer: the sign that counts (✓, ✗ or ○) and all lines."""

    sign: str
    text: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """The notebook of one lab: its exam, and the visible part of each test cell."""

    exam: Exam
    public: dict[str, str]

    def say(
        self, answers: Mapping[str, Sequence[str]], seeds: Sequence[int] = (1,)
    ) -> dict[str, list[list[Said]]]:
        """Try answers to several TODOs, each on top of the reference answers before it.

        Args:
            answers: the sources of answer cells, by TODO.
            seeds: each answer is tried with each of them.

        Returns:
            For each TODO and each of its answers, what was said with each seed.
        """
        found: dict[str, list[list[Said]]] = {}
        module = ModuleType(f"sheet_{self.exam.lab}")
        sys.modules[module.__name__] = module  # Keras looks classes up by their module
        for step in self.exam.recording:
            if step.kind != "test":
                _run(step.code, step.name, module.__dict__)
            else:
                before = dict(module.__dict__)
                codes = answers.get(step.name, ())
                found[step.name] = [
                    [self._said(step.name, code, dict(before), seed) for seed in seeds]
                    for code in codes
                ]
        return found

    def _said(self, todo: str, code: str, names: dict[str, Any], seed: int) -> Said:
        """Run one answer cell and the check cell below it."""
        for name in self.exam.todos[todo].names:
            names.pop(name, None)
        seed_everything(seed)
        page, began = io.StringIO(), time.monotonic()
        with contextlib.redirect_stdout(page), contextlib.redirect_stderr(io.StringIO()):
            problem = _problem(lambda: _run(code, f"answer_{todo}", names))
            problem = problem or _problem(lambda: _run(self.public[todo], f"check_{todo}", names))
        text = f"{page.getvalue()}{problem}"
        sign = "✗" if problem else "○" if "○" in text else "✓"
        return Said(sign, text, time.monotonic() - began)


def read_sheet(lab: str, course: Course | None = None) -> Sheet:
    """The visible checks of a lab, from its source."""
    course = course or load_course()
    source = read_source(course, course.lab(lab))
    tests = {cell_name(cell): cell for cell in source.cells if role_of(cell) is Role.TEST}
    public = {name.removeprefix("test_"): public_part(cell.source) for name, cell in tests.items()}
    return Sheet(make_exam(lab, source), public)


def _run(code: str, name: str, names: dict[str, Any]) -> None:
    """Run a cell, with its source at hand: messages and AutoGraph read it."""
    # One file name for each source: AutoGraph remembers what it has translated.
    file = f"<cell {name} {hash(code)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    exec(compile(code, file, "exec"), names)


def _problem(work: Callable[[], None]) -> str:
    """What stops the notebook at this cell: a check's message, or the name of an exception."""
    try:
        with _deadline():
            work()
    except checks.CheckFailed as failed:
        return str(failed)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@contextlib.contextmanager
def _deadline() -> Iterator[None]:
    """Stop what takes too long: some answers of a bank never end."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
