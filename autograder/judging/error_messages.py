"""Sentences about exceptions: which one, whose line, and what to look at.

The student's process tells of an exception, so nothing of it is repeated but what is known before:
names of exceptions from a list, numbers that were checked, words of the student's own answer.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from typing import Any

from autograder.notebooks.names import read_names
from autograder.sandbox.patches import cell_number

__all__ = ["About", "error_message", "line_of_cell"]

CELL_LINE = re.compile(r"^Cell In\[\d++\], line (\d{1,6})\b", re.MULTILINE)
CELL_FILE = re.compile(r"(?:\A|/)(\d{1,12})\.py\Z")
NO_NAME = re.compile(r"\Aname '(\w{1,80}+)' is not defined")
TWO_TYPES = re.compile(
    r"to be an? (\w{1,12}+) tensor but is an? (\w{1,12}+) tensor"
    r"|requested dtype (\w{1,12}+) for Tensor with dtype (\w{1,12}+)"
    r"|same dtype, got tf\.(\w{1,12}+) != tf\.(\w{1,12}+)"
)
NUMBER_TYPES = {
    **{name: name for name in ("float16", "float32", "float64", "int32", "int64", "uint8", "bool")},
    **{"float": "float32", "double": "float64", "half": "float16", "string": "string"},
}
_TENSORFLOW = (
    "AbortedError",
    "FailedPreconditionError",
    "InaccessibleTensorError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "OperatorNotAllowedInGraphError",
    "OutOfRangeError",
    "ResourceExhaustedError",
    "UnimplementedError",
)
_NUMPY = (
    "AxisError",
    "LinAlgError",
    "UFuncTypeError",
)
LIBRARIES = dict.fromkeys(_TENSORFLOW, "TensorFlow") | dict.fromkeys(_NUMPY, "NumPy")
"""Exceptions of libraries that a message may name; any other name was made by the student's
process."""

ADVICE = {
    "NotImplementedError": "a part of it is still the placeholder",
    "NameError": "a name is used before it is defined",
    "RecursionError": "it calls itself without an end",
    "MemoryError": "it asks for more memory than there is",
    "EOFError": "it asks for input(), but nobody types while a notebook is graded",
    "FileNotFoundError": "it opens a file that is not there: only the course's own data is",
    "ModuleNotFoundError": "it imports a library that the course does not use",
    "BlockingIOError": "it starts more processes than it may",
    "SystemExit": "it ends the program: leave out exit() and quit()",
    "InvalidArgumentError": "shapes or number types do not fit together",
    "ResourceExhaustedError": "it asks for more memory than there is",
    "OperatorNotAllowedInGraphError": "Python's if and for need values, which a graph has not yet",
    "InaccessibleTensorError": "a tensor of one traced function is used in another",
    "UFuncTypeError": "number types do not fit, such as fractions in an array of whole numbers",
    "AxisError": "the array has fewer axes than that",
}
UNUSABLE = "what your code returned could not be used here"


@dataclass(frozen=True)
class About:
    """What is known of an answer when its errors are told.

    Attributes:
        answer: Its text.
        cells: The numbers of all cells of the student's (:func:`cell_number`).
        names: What the TODO stands for.
        added: What cells that the student added define.
        signature: How its parameters differ from what it is called with; empty if they do not.
    """

    answer: str = ""
    cells: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    signature: str = ""


def error_message(error: Any, about: About) -> str:
    """'your code raised TypeError in line 3 (…)', from data that is checked first.

    Args:
        error: ``type``, ``name``, ``text`` and ``lines`` as the process told them.
        about: The answer.
    """
    error = error if isinstance(error, dict) else {}
    name = _exception_name(error)
    frames = _frames(error.get("lines"))
    own = about.cells | {cell_number(about.answer)}
    numbers = [number for number, _ in frames]
    known = LIBRARIES.get(name)
    called = f"{known}'s {name}" if known else name
    if (missing := _missing_name(error, name, about)) is not None:
        return missing
    if numbers and own.isdisjoint(numbers):
        if name == "TypeError" and about.signature:
            return about.signature
        return f"{UNUSABLE} ({_with_advice(called, '', _types(error))})"
    # A library raises NotImplementedError, too, below the student's line.
    is_own = not numbers or numbers[-1] in own
    advice = _types(error) or (
        ADVICE.get(name, "") if name != "NotImplementedError" or is_own else ""
    )
    line = _line(frames, about.answer)
    where = f" in line {line} of your answer" if line else ""
    return f"your code raised {_with_advice(called + where, ' (', advice)}"


def _with_advice(text: str, opens: str, advice: str) -> str:
    if not advice:
        return text
    return f"{text}{opens}{advice})" if opens else f"{text}: {advice}"


def _exception_name(error: dict[str, Any]) -> str:
    """The name of a built-in exception, or one of a library that is known."""
    own, kind = error.get("name"), error.get("type")
    if own == "error" and error.get("module") == "cv2":
        return "an error of OpenCV"
    for name in (own, kind):
        if isinstance(name, str) and name in LIBRARIES:
            return name
    known = getattr(builtins, kind, None) if isinstance(kind, str) else None
    is_builtin = isinstance(known, type) and issubclass(known, BaseException)
    return str(kind) if is_builtin else "an exception"


def _missing_name(error: dict[str, Any], name: str, about: About) -> str | None:
    """What to say of a name that is not defined, if it is the TODO's own or one in the answer."""
    found = NO_NAME.match(str(error.get("text"))[:200]) if name == "NameError" else None
    if found is None:
        return None
    missing = found[1]
    if missing in about.added:
        return (
            f"`{missing}` is not defined here: a cell that you added defines it, but that part of "
            "it failed, took too long or stands further down"
        )
    if missing in about.names:
        return f"`{missing}` is not defined when your answer has been run"
    if missing not in read_names(about.answer):
        return None
    line = _line(_frames(error.get("lines")), about.answer)
    where = f" in line {line} of your answer" if line else ""
    return f"your code raised NameError{where} (`{missing}` is used before it is defined)"


def _types(error: dict[str, Any]) -> str:
    """The two number types that did not fit, if the exception names them."""
    found = TWO_TYPES.search(str(error.get("text"))[:2000])
    told = [NUMBER_TYPES.get(word, "") for word in found.groups() if word] if found else []
    if len(told) != 2 or not all(told) or told[0] == told[1]:
        return ""
    return f"{told[0]} and {told[1]} do not mix: convert one of them, for example by tf.cast"


def _frames(frames: Any) -> list[tuple[int, int]]:
    """(number of a cell, or 0, and line) of each frame."""
    found = []
    for frame in frames if isinstance(frames, list) else []:
        if isinstance(frame, list) and len(frame) == 2 and type(frame[1]) is int:
            cell = CELL_FILE.search(str(frame[0])[-200:])
            found.append((int(cell[1]) if cell else 0, frame[1]))
    return found


def _line(frames: list[tuple[int, int]], answer: str) -> int | None:
    """The line of the answer cell in which the innermost frame of it stood."""
    number = cell_number(answer)
    lines = [line for cell, line in frames if cell == number]
    return lines[-1] if lines and 1 <= lines[-1] <= answer.count("\n") + 1 else None


def line_of_cell(trace: str) -> int | None:
    """The first line of a cell that IPython's traceback names."""
    found = CELL_LINE.search(trace)
    return int(found[1]) if found else None
