"""Comparing a student's value with the expected one, and saying what is wrong.

The order of diagnosis is fixed, so that the first message is the one worth acting on: type, kind of
numbers, shape, NaN, value. (None, "not attempted", comes before all of them, in `checks`.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from labkit.checking.values import KIND_WORDS, kind, show_number, show_shape, show_value, to_numpy

__all__ = ["EXACT", "NOTHING_CAME", "Problem", "Tolerance", "difference"]

ROUNDED = (
    "The result holds whole numbers where decimals are expected: was a value rounded or cut off?"
)


@dataclass(frozen=True)
class Tolerance:
    """Numbers agree when |got − expected| ≤ atol + rtol·|expected|, as in `numpy.isclose`."""

    rtol: float = 0.0
    atol: float = 0.0


EXACT = Tolerance()
FAMILIES = {"i": "number", "u": "number", "f": "number", "c": "complex"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value, as the lines of a message.

    Attributes:
        what: ends the sentence that begins with the quoted name, such as "has the wrong shape".
        expected: what should have come.
        got: what came.
        hint: advice for this problem.
        where: the path inside a container, such as `[2]` or `['loss']`.
    """

    what: str
    expected: str = ""
    got: str = ""
    hint: str = ""
    where: str = ""


NOTHING_CAME = Problem(
    "is None", "a value", "", "Does every path through your function end with `return …`?"
)


def difference(got: Any, expected: Any, tolerance: Tolerance = EXACT) -> Problem | None:
    """Find the first thing that is wrong with a value.

    Args:
        got: a number, an array, a tensor, text, or lists, tuples and dicts of these.
        expected: the like; containers are compared element by element.
        tolerance: for numbers.

    Returns:
        The problem, or None when the two agree.
    """
    got, expected = to_numpy(got), to_numpy(expected)
    if got is None and expected is not None:
        return NOTHING_CAME
    # A list that is no regular array is compared element by element, to say which one is wrong.
    if isinstance(expected, np.ndarray) and not (isinstance(got, list) and expected.ndim):
        return _array_difference(got, expected, tolerance)
    if isinstance(expected, (list, np.ndarray)):
        return _list_difference(got, list(expected), tolerance)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, tolerance)
    if isinstance(expected, str):
        return _text_difference(got, expected)
    return _object_difference(got, expected)


def _array_difference(got: Any, expected: np.ndarray, tolerance: Tolerance) -> Problem | None:
    for step in (_type_problem, _kind_problem, _shape_problem):
        problem = step(got, expected)
        if problem:
            return problem
    if expected.dtype.kind in "biufc":
        return _nan_problem(got, expected) or _value_problem(got, expected, tolerance)
    wrong = got != expected
    return _element_problem(got, expected, wrong) if np.any(wrong) else None


def _type_problem(got: Any, expected: np.ndarray) -> Problem | None:
    """What came is no number or array at all."""
    if isinstance(got, np.ndarray):
        return None
    hint = ""
    if callable(got) and not hasattr(got, "dtype"):
        hint = "Did you forget the parentheses () that call it?"
    elif hasattr(got, "__next__"):
        hint = "Make it a list or an array: list(...)."
    return Problem("has the wrong type", _describe(expected), kind(got), hint)


def _describe(expected: np.ndarray) -> str:
    """What is expected, without its values."""
    words = KIND_WORDS.get(expected.dtype.kind, "objects")
    if expected.ndim == 0:
        return {"b": "True or False", "U": "text"}.get(expected.dtype.kind, "a number")
    return f"an array of {words}, shape {show_shape(expected.shape)}"


def _family(array: np.ndarray) -> str:
    """The kind of values: whole and decimal numbers are one, others are those of NumPy."""
    return FAMILIES.get(array.dtype.kind, array.dtype.kind)


def _kind_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    """Numbers came instead of truth values, text instead of numbers, and the like."""
    families = _family(got), _family(expected)
    if families[0] == families[1] or families == ("number", "complex"):
        return None
    # An empty list has NumPy's default dtype, which means nothing.
    if got.size == 0 and expected.size == 0:
        return None
    return Problem("has the wrong kind of values", _describe(expected), kind(got))


def _shape_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    if got.shape == expected.shape:
        return None
    return Problem("has the wrong shape", show_shape(expected.shape), show_shape(got.shape))


def _nan_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    """NaN or infinities stand where none are expected."""
    if got.dtype.kind not in "fc":
        return None
    for test, name in ((np.isnan, "NaN"), (np.isinf, "infinite")):
        allowed = test(expected) if expected.dtype.kind in "fc" else np.zeros(got.shape, bool)
        bad = test(got) & ~allowed
        if bad.any():
            return _not_finite(got, bad, name)
    return None


def _not_finite(got: np.ndarray, bad: np.ndarray, name: str) -> Problem:
    hint = "Look for log(0), 0/0 or exp of a large number."
    if got.ndim == 0:
        return Problem(f"is {name}", "a finite number", show_number(got[()]), hint)
    first = _index(bad, int(np.argmax(bad)))
    count = f"{int(bad.sum())} of {got.size} elements, the first at {first}"
    return Problem(f"has values that are {name}", "finite numbers", count, hint)


def _value_problem(got: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> Problem | None:
    """Some numbers differ by more than the tolerance."""
    exact = tolerance == EXACT
    if exact and got.dtype.kind in "biu" and expected.dtype.kind in "biu":
        # A float64 cannot hold every integer of 64 bits.
        wrong = got != expected
    else:
        dtype = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
        limits = {"rtol": tolerance.rtol, "atol": tolerance.atol}
        wrong = ~np.isclose(got.astype(dtype), expected.astype(dtype), **limits, equal_nan=True)
    if not np.any(wrong):
        return None
    problem = _element_problem(got, expected, wrong)
    whole_came = got.dtype.kind in "iu" and expected.dtype.kind == "f"
    if whole_came and np.any(expected != np.round(expected)):
        return replace(problem, hint=ROUNDED)
    return problem


def _element_problem(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> Problem:
    """Quote the worst of the elements that are wrong, for numbers the one with the largest gap."""
    if expected.ndim == 0:
        return Problem("has the wrong value", show_number(expected[()]), show_number(got[()]))
    place, note = int(np.argmax(wrong)), "the first that differs"
    if expected.dtype.kind in "iufc":
        gap = np.abs(got.astype(np.complex128) - expected.astype(np.complex128))
        gap = np.nan_to_num(gap, nan=np.inf)
        place = int(np.argmax(np.where(wrong, gap, -1.0)))
        note = f"the largest difference, {show_number(float(gap.flat[place]))}"
    return Problem(
        f"has wrong values: {int(np.sum(wrong))} of {expected.size} elements differ",
        f"{show_number(expected.flat[place])} at {_index(expected, place)}" + _whole(expected),
        f"{show_number(got.flat[place])} ({note})" + _whole(got),
    )


def _index(array: np.ndarray, flat: int) -> str:
    """A flat index as one for each axis, such as "[0, 2]"."""
    return str([int(i) for i in np.unravel_index(flat, array.shape)])


def _whole(array: np.ndarray) -> str:
    """All values of a small array, for the end of a line."""
    return f"; all of it: {show_value(array)}" if array.size <= 8 else ""


def _list_difference(got: Any, expected: list[Any], tolerance: Tolerance) -> Problem | None:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if not isinstance(got, list):
        return Problem("has the wrong type", f"a list of {len(expected)} elements", kind(got))
    if len(got) != len(expected):
        return Problem("has the wrong length", f"{len(expected)} elements", f"{len(got)} elements")
    for i, (got_item, item) in enumerate(zip(got, expected, strict=True)):
        if problem := difference(got_item, item, tolerance):
            return replace(problem, where=f"[{i}]{problem.where}")
    return None


def _dict_difference(got: Any, expected: dict[Any, Any], tolerance: Tolerance) -> Problem | None:
    keys = show_value(sorted(expected, key=str))
    if not isinstance(got, dict):
        return Problem("has the wrong type", f"a dict with the keys {keys}", kind(got))
    if got.keys() != expected.keys():
        return Problem("has the wrong keys", keys, show_value(sorted(got, key=str)))
    for key, item in expected.items():
        if problem := difference(got[key], item, tolerance):
            return replace(problem, where=f"[{key!r}]{problem.where}")
    return None


def _text_difference(got: Any, expected: str) -> Problem | None:
    if not isinstance(got, str):
        return Problem("has the wrong type", f"text: {show_value(expected)}", kind(got))
    if got == expected:
        return None
    pairs = enumerate(zip(got, expected, strict=False))
    place = next((i for i, (a, b) in pairs if a != b), None)
    hint = ""
    # One text is the beginning of the other.
    if place is None:
        hint = f"The lengths differ: {len(expected)} expected, {len(got)} came."
    elif min(len(got), len(expected)) > 8:
        hint = f"The first difference is at character {place}."
    return Problem("is a different text", show_value(expected), show_value(got), hint)


def _object_difference(got: Any, expected: Any) -> Problem | None:
    if got is expected:
        return None
    try:
        same = bool(np.all(got == expected)) and type(got) is type(expected)
    except Exception:  # objects that cannot be compared are different
        same = False
    if same:
        return None
    return Problem("is something else", show_value(expected), f"{show_value(got)}, {kind(got)}")
