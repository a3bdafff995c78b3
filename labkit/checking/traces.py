"""Frames and tracebacks: how a call was written, and which line of a student's code failed."""

from __future__ import annotations

import ast
import linecache
import re
import sys
from types import FrameType, TracebackType

from labkit.checking.compare import NOTHING_CAME, Problem
from labkit.checking.placeholders import is_placeholder_error, stored_names, students_frames
from labkit.checking.values import shorten

__all__ = ["first_argument", "problem_of_exception"]

ADVICE = {
    NameError: "Is the name spelled right, and has the cell that makes it been run?",
    RecursionError: "The function calls itself without an end.",
    UnboundLocalError: "The name is used before it gets a value inside the function.",
}
LEFT_OVER = "Delete the line with `raise NotImplementedError`: what stands below is not reached."
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


def problem_of_exception(error: BaseException) -> tuple[str, Problem]:
    """Describe an exception that student code raised: its type, its message, the student's line.

    Returns:
        What to quote, a function of the student or a line of the cell, and the problem.
    """
    name, line = _students_line(error.__traceback__)
    kind = type(error).__name__
    got = f"{kind}: {_message(error)}" + (f"\n{line}" if line else "")
    if is_placeholder_error(error):
        return name, Problem("still raises its placeholder's error", "no error", got, LEFT_OVER)
    nothing = _came_to_nothing(error)
    if nothing:
        return nothing, NOTHING_CAME
    # The more special class stands later in ADVICE.
    advice = next((text for cls, text in reversed(ADVICE.items()) if isinstance(error, cls)), "")
    article = "an" if kind[0] in "AEIOU" else "a"
    if students_frames(error.__traceback__)[1:]:
        return name, Problem(f"stopped with {article} {kind}", "no error", got, advice)
    # The check's own line: what the student's code gave does not fit into it.
    return name, Problem(f"could not be used here: {article} {kind}", "no error", got, advice)


def _came_to_nothing(error: BaseException) -> str:
    """What is None in a check that could not use it; "" if the error is another one.

    A function without `return` gives None, and the check calls it, indexes it, takes its shape.
    """
    frames = students_frames(error.__traceback__)
    if len(frames) != 1 or not re.search(r"NoneType|None values", str(error)):
        return ""
    frame = frames[0][0]
    values = {**frame.f_globals, **frame.f_locals}
    names = sorted(name for name in stored_names(frame.f_code) if values.get(name, 0) is None)
    return names[0] if names else "what your code returned"


def _students_line(trace: TracebackType | None) -> tuple[str, str]:
    """The student's innermost function (or line of the cell), and where in it the error arose."""
    frames = students_frames(trace)
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
