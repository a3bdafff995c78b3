"""Descriptions of values, calls and errors, as data that a probe can report."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType

import numpy as np

from labkit.probes.encoding import Encoded

__all__ = ["counts", "describe_error", "facts", "outcome"]

MAX_FRAMES = 40


def outcome(function: Callable[[], object], looking_for: Sequence[str] = ()) -> dict[str, object]:
    """Call `function` and describe what comes: a value, or the exception it raises.

    Args:
        function: called without arguments.
        looking_for: texts to look for in the message of an exception.

    Returns:
        `{"raised": None, "value": ...}`, or `{"raised": ..., "message_has": [...]}` where `raised`
        is the nearest built-in exception class (a subclass counts as its parent) and `message_has`
        lists which of `looking_for` occur in the message.
    """
    try:
        value = function()
    except Exception as error:
        text = str(error)
        return {
            "raised": _builtin_name(error),
            "message_has": [word for word in looking_for if word in text],
        }
    return {"raised": None, "value": value}


def facts(value: object) -> dict[str, object]:
    """Describe a value: module and name of its type, its dtype and shape, and the value itself."""
    kind = type(value)
    dtype = getattr(value, "dtype", None)
    return {
        "type": f"{kind.__module__.split('.')[0]}.{kind.__name__}",
        "dtype": str(getattr(dtype, "name", dtype)),
        "shape": [int(size) for size in getattr(value, "shape", ())],
        "value": value,
    }


def counts(draws: Iterable[int], size: int) -> np.ndarray:
    """Count how often each of 0 to `size` - 1 occurs in `draws`.

    Returns:
        The counts (`size` + 1,); the last one is for everything that is no such integer.
    """
    result = np.zeros(size + 1, int)
    for draw in draws:
        number = float(draw)
        fits = math.isfinite(number) and number == int(number) and 0 <= int(number) < size
        result[int(number) if fits else size] += 1
    return result


def describe_error(error: BaseException) -> Encoded:
    """Describe an exception: its built-in class, its own name, its message, and where it arose."""
    return {
        "type": _builtin_name(error),
        "name": type(error).__name__[:80],
        "module": str(type(error).__module__).partition(".")[0][:80],
        "text": str(error)[:2000],
        "lines": _lines(error.__traceback__),
    }


def _builtin_name(error: BaseException) -> str:
    """The name of the nearest built-in class of `error`."""
    for kind in type(error).__mro__:
        # A student's class may call itself built-in: it must be the very object as well.
        if kind.__module__ == "builtins" and getattr(builtins, kind.__name__, None) is kind:
            return kind.__name__
    return "Exception"


def _lines(trace: TracebackType | None) -> list[list[object]]:
    """(file, line) of each frame, outermost first, at most `MAX_FRAMES`."""
    rows: list[list[object]] = []
    while trace is not None and len(rows) < MAX_FRAMES:
        rows.append([trace.tb_frame.f_code.co_filename[-200:], trace.tb_lineno])
        trace = trace.tb_next
    return rows
