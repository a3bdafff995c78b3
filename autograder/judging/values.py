"""Verdicts on values, and the words for what a value is or should be.

Messages name labels, shapes and kinds; they never tell an expected value.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.decoding import Other

__all__ = [
    "PASSED",
    "Verdict",
    "exception_name",
    "is_numeric",
    "kind_of",
    "numbers",
    "scalar",
    "wrong_text",
    "wrong_values",
]

MAX_SHOWN_AXES = 6
"""A message shows shapes up to this rank; more would let a process write numbers of its own into
it."""

MAX_NUMBERS = 4_000_000
"""Numbers in one list that are made into an array: 64 MB, if they are complex."""

MAX_SHOWN_SIZE = 10_000
"""A larger axis than this is called "another shape"."""

READABLE_KINDS = frozenset(
    ["set", "dict_keys", "dict_values", "generator", "map", "filter", "zip", "function", "type"]
)
"""Names of types that a message may repeat; any other name was made by the student's process and
stays there."""


NUMBER_TYPES = frozenset(
    [f"{kind}{bits}" for kind in ("int", "uint", "float") for bits in (8, 16, 32, 64)]
) | {"bool", "bfloat16", "complex64", "complex128", "string"}
TYPE_NAME = re.compile(r"\A[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)++\Z")
"""A name with dots, such as ``tensorflow.EagerTensor``: no text that an answer writes."""


@dataclass(frozen=True)
class Verdict:
    """Whether a value is accepted, and what a student reads when it is not."""

    passed: bool
    message: str = ""


PASSED = Verdict(True)


def numbers(name: str, got: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, Verdict | None]:
    """``got`` as an array of numbers of ``shape``, or the verdict that says why it is none."""
    nothing = np.zeros(0)
    if got is None:
        return nothing, Verdict(
            False, f"{name} is None: does every path of your code return a value?"
        )
    if not is_numeric(got) and got != []:
        return nothing, Verdict(False, f"{name} should hold numbers, but is {kind_of(got)}.")
    array = np.asarray(got)
    if array.shape != shape:
        return nothing, Verdict(
            False, f"{name} has {_shape(array, shape)}, but {shape} is expected."
        )
    return array, None


def is_numeric(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biufc"
    if isinstance(value, bool):
        return False
    if isinstance(value, list):
        # NumPy would make room for the longest text at each place of a list of texts.
        if not value or not _holds_numbers_only(value):
            return False
        try:
            return np.asarray(value).dtype.kind in "biufc"
        except (ValueError, OverflowError):
            return False
    return isinstance(value, int | float) and (not isinstance(value, int) or abs(value) < 2**63)


def _holds_numbers_only(value: list[Any]) -> bool:
    """Whether a list, at every depth, holds numbers and arrays of numbers, and not too many."""
    waiting: list[Any] = [value]
    room = MAX_NUMBERS
    while waiting and room > 0:
        item = waiting.pop()
        if isinstance(item, list):
            room -= len(item)
            waiting += item
        elif isinstance(item, np.ndarray):
            # What the numbers of other arrays beside it may make of it is no larger than 16 bytes.
            room -= item.size
            if item.dtype.kind not in "biufc":
                return False
        elif not isinstance(item, int | float):
            return False
    return room > 0


def scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _shape(array: np.ndarray, expected: tuple[int, ...] = ()) -> str:
    """The words for a shape that honest code has; any other could be numbers in disguise.

    An array without any element costs nothing, whatever its other axes say: a zero is repeated only
    where the expected shape has one, too.
    """
    if array.ndim > MAX_SHOWN_AXES:
        return f"{array.ndim} axes"
    if max(array.shape, default=0) > MAX_SHOWN_SIZE:
        return "another shape"
    same_rank = len(expected) == array.ndim
    wanted = expected if same_rank else (1,) * array.ndim
    zeros = [have == 0 != want for have, want in zip(array.shape, wanted, strict=True)]
    # An empty list or array alone says nothing but that it is empty.
    if any(zeros) and array.shape != (0,):
        return "another shape"
    return f"shape {array.shape}"


def kind_of(value: Any) -> str:
    if isinstance(value, Other):
        name = f" ({value.kind})" if value.kind in READABLE_KINDS else ""
        return f"of a kind that cannot be read{name}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype.name} with {_shape(value)}"
    if type(value) is int and not is_numeric(value):
        return "an integer that is far too large"
    return _KINDS.get(type(value), "something else")


_KINDS: dict[type, str] = {
    type(None): "None",
    bool: "a truth value",
    int: "an integer",
    float: "a float",
    str: "a text",
    list: "a list",
    dict: "a dictionary",
}


def wrong_values(name: str, right: np.ndarray) -> str:
    if right.ndim == 0:
        return f"{name} has a wrong value."
    wrong = int(right.size - np.count_nonzero(right))
    first = tuple(int(i) for i in np.argwhere(~right)[0])
    where = f"the first at index {first[0] if len(first) == 1 else first}"
    return f"{name}: {wrong} of {right.size} values are wrong, {where}."


def exception_name(text: object) -> str:
    """The text, if it names a built-in exception; else nothing."""
    known = getattr(builtins, text, None) if isinstance(text, str) else None
    is_one = isinstance(known, type) and issubclass(known, BaseException)
    return str(text) if is_one else ""


def _number_type(text: str) -> bool:
    return text in NUMBER_TYPES


def wrong_text(name: str, expected: str, got: str) -> str:
    """What is wrong with a text. One that names a type or an error is no text to a student."""
    known = exception_name(got)
    if exception_name(expected):
        raised = f"your code raised {known}" if known else "your code raised another error"
        return f"{name}: {raised}, but another one is expected."
    if _number_type(expected):
        is_one = _number_type(got)
        return f"{name} is {got if is_one else 'no number type'}: another number type is expected."
    if TYPE_NAME.match(expected):
        return f"{name} is not of the type that is expected."
    if len(expected) != len(got):
        return f"{name} has {len(got)} characters, but {len(expected)} are expected."
    place = next(
        i for i, (want, have) in enumerate(zip(expected, got, strict=True)) if want != have
    )
    return f"{name} is wrong from character {place} on."
