"""What is still a placeholder: errors that come from one, and variables that nobody has set."""

from __future__ import annotations

import ast
import dis
import linecache
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType, TracebackType

from labkit.checking.values import is_missing

__all__ = [
    "frames_of",
    "is_library",
    "is_placeholder_error",
    "is_untouched",
    "open_todo",
    "stored_names",
    "students_frames",
    "waits_for",
]

HERE = str(Path(__file__).parents[1])
LIBRARIES = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
NOT_STUDENTS = ("<frozen", "<__array_function__", "<attrs")
MARK = "# YOUR CODE HERE"


def is_placeholder_error(error: BaseException) -> bool:
    """Whether an error comes from a placeholder: a NotImplementedError from outside any library.

    Keras and TensorFlow wrap errors, so the causes are searched as well.
    """
    return _placeholder(error) is not None


def is_untouched(error: BaseException) -> bool:
    """Whether an error comes from a placeholder to which no code has been added."""
    link = _placeholder(error)
    return link is not None and not _is_left_over(link)


def _is_left_over(error: NotImplementedError) -> bool:
    """Whether code stands below the placeholder's `raise`, or between our comment and it."""
    frames = list(frames_of(error.__traceback__))
    if not frames:
        return False
    frame, number = frames[-1]
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:  # AutoGraph's translation, or a cell with magics: nothing is known
        return False
    above = [line.strip() for line in lines[: number - 1]]
    if MARK in above:
        start = len(above) - above[::-1].index(MARK)
        if any(line and not line.startswith("#") for line in above[start:]):
            return True
    return any(_stands_above(block, number) for block in _blocks(tree))


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """The bodies of all functions of a cell."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body


def _stands_above(block: list[ast.stmt], number: int) -> bool:
    """Whether the statement of that line is a `raise` with others below it."""
    places = [i for i, one in enumerate(block) if one.lineno == number]
    return any(isinstance(block[i], ast.Raise) and i + 1 < len(block) for i in places)


def waits_for(frame: FrameType) -> list[str]:
    """The names that a cell reads, but does not set, and that are still None or `...`."""
    read, stored = set(), stored_names(frame.f_code)
    for step in dis.get_instructions(frame.f_code):
        if step.opname.startswith("LOAD_") and isinstance(step.argval, str):
            read.add(step.argval)
    values = {**frame.f_globals, **frame.f_locals}
    return sorted(name for name in read - stored if name in values and is_missing(values[name]))


def stored_names(code: CodeType) -> set[str]:
    """The names that code binds."""
    steps = dis.get_instructions(code)
    return {str(step.argval) for step in steps if step.opname.startswith("STORE_")}


def open_todo(error: BaseException) -> str:
    """The name of the function or method whose placeholder raised `error`; "" when it has none."""
    link = _placeholder(error)
    frames = list(frames_of(link.__traceback__)) if link else []
    name = frames[-1][0].f_code.co_qualname.rsplit("<locals>.", 1)[-1] if frames else ""
    return "" if name.startswith("<") else name.removeprefix("tf__")  # AutoGraph's prefix


def _placeholder(error: BaseException) -> NotImplementedError | None:
    """The NotImplementedError of a placeholder among an error and its causes."""
    for link in _chain(error):
        if isinstance(link, NotImplementedError) and _raised_by_student(link.__traceback__):
            return link
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, its cause, the cause's cause…; each once, as a chain may be a circle."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _raised_by_student(trace: TracebackType | None) -> bool:
    """Whether the innermost frame is the student's, also as AutoGraph's translation."""
    frames = list(frames_of(trace))
    if not frames:
        return True
    filename = frames[-1][0].f_code.co_filename
    return "__autograph_generated" in filename or not is_library(filename)


def frames_of(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """(frame, line) of a traceback, outermost first."""
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def is_library(filename: str) -> bool:
    """Whether a file is not the student's: labkit, the standard library, an installed package."""
    if filename.endswith(".pyx"):  # Cython's frames, in libraries that were compiled
        return True
    if filename.startswith((HERE, *NOT_STUDENTS)) or "__autograph_generated" in filename:
        return True
    return (
        filename.startswith(LIBRARIES) or "site-packages" in filename or "dist-packages" in filename
    )


def students_frames(trace: TracebackType | None) -> list[tuple[FrameType, int]]:
    """The frames of the notebook, outermost first; the first of them is the check's cell."""
    return [one for one in frames_of(trace) if not is_library(one[0].f_code.co_filename)]
