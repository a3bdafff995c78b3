"""Frames and tracebacks: how a call was written, and which line of a student's code failed."""

from __future__ import annotations

import ast
import linecache
import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

from labkit.checking.compare import Problem
from labkit.checking.values import shorten

__all__ = ["first_argument", "is_placeholder_error", "open_todo", "problem_of_exception"]

HERE = str(Path(__file__).parents[1])
LIBRARIES = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
NOT_STUDENTS = ("<frozen", "<__array_function__", "<attrs")
ADVICE = {
    NameError: "Is the name spelled right, and has the cell that makes it been run?",
    RecursionError: "The function calls itself without an end.",
    UnboundLocalError: "The name is used before it gets a value inside the function.",
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def first_argument(depth: int = 1, position: int = 0) -> str:
    """Find out how the notebook wrote a value that it handed to a check, to quote it.

    Args:
        depth: the call is the one that is running so many frames above the caller.
        position: which of its arguments, from 0.

    Returns:
        The source of the argument, of a lambda without arguments its body; "" if it is unknown.
    """
    try:
        source = _call_source(sys._getframe(depth + 1))
        node = _call_node(source).args[position]
        node = node.body if isinstance(node, ast.Lambda) else node
        return shorten(re.sub(r"\s+", " ", ast.get_source_segment(source, node) or ""), 60)
    # The source is not kept, the argument has a keyword, …: the message does without.
    except Exception:
        return ""


def _call_source(frame: FrameType) -> str:
    """The source of the call that `frame` is carrying out."""
    positions = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    start, end, first_column, last_column = positions
    if start is None or end is None:
        raise ValueError("no positions")
    source = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    # Columns count bytes; the last line is cut first, as it may be the first one as well.
    lines = [line.encode() for line in source[start - 1 : end]]
    lines[-1] = lines[-1][:last_column]
    lines[0] = lines[0][first_column:]
    return b"".join(lines).decode()


def _call_node(source: str) -> ast.Call:
    node = ast.parse(source, mode="eval").body
    if not isinstance(node, ast.Call):
        raise ValueError("not a call")
    return node


def is_placeholder_error(error: BaseException) -> bool:
    """Whether an error comes from a placeholder: a NotImplementedError from outside any library.

    Keras and TensorFlow wrap errors, so the causes are searched as well.
    """
    return _placeholder(error) is not None


def open_todo(error: BaseException) -> str:
    """The name of the function or method whose placeholder raised `error`; "" when it has none."""
    link = _placeholder(error)
    frames = list(_frames(link.__traceback__)) if link else []
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
    frames = list(_frames(trace))
    if not frames:
        return True
    filename = frames[-1][0].f_code.co_filename
    return "__autograph_generated" in filename or not _is_library(filename)


def _frames(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """(frame, line) of a traceback, outermost first."""
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _is_library(filename: str) -> bool:
    """Whether a file is not the student's: labkit, the standard library, an installed package."""
    if filename.startswith((HERE, *NOT_STUDENTS)) or "__autograph_generated" in filename:
        return True
    return (
        filename.startswith(LIBRARIES) or "site-packages" in filename or "dist-packages" in filename
    )


def problem_of_exception(error: BaseException) -> tuple[str, Problem]:
    """Describe an exception that student code raised: its type, its message, the student's line.

    Returns:
        What to quote, a function of the student or a line of the cell, and the problem.
    """
    name, line = _students_line(error.__traceback__)
    kind = type(error).__name__
    got = f"{kind}: {_message(error)}" + (f"\n{line}" if line else "")
    # The more special class stands later in ADVICE.
    advice = next((text for cls, text in reversed(ADVICE.items()) if isinstance(error, cls)), "")
    article = "an" if kind[0] in "AEIOU" else "a"
    return name, Problem(f"stopped with {article} {kind}", "no error", got, advice)


def _students_line(trace: TracebackType | None) -> tuple[str, str]:
    """The student's innermost function (or line of the cell), and where in it the error arose."""
    frames = [one for one in _frames(trace) if not _is_library(one[0].f_code.co_filename)]
    if not frames:
        return "the call", ""
    frame, number = frames[-1]
    source = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
    where = frame.f_code.co_qualname.rsplit("<locals>.", 1)[-1]
    in_cell = where == "<module>"
    line = f"line {number} of {'this cell' if in_cell else where}"
    if source:
        line += f": {shorten(source, 100)}"
    return (shorten(source, 60) if in_cell else where) or "the call", line


def _message(error: BaseException) -> str:
    """The message without colours, at most six lines: libraries write whole essays."""
    text = ANSI.sub("", str(error))
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("in user code"):
        lines = lines[-2:]  # AutoGraph puts its own traceback first
    kept = [shorten(line, 200) for line in lines[:6]]
    return "\n".join(kept + ["…"] * (len(lines) > 6))
