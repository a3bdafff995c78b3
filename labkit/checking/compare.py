"""Comparing a student's value with the expected one, and saying what is wrong.

The order of diagnosis is fixed, so that the first message is the one worth acting on: type, kind of
numbers, shape, NaN, value. (None, "not attempted", comes before all of them, in `checks`.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from labkit.checking.values import KIND_WORDS, kind, show_number, show_shape, show_value, to_numpy

__all__ = ["EXACT", "Problem", "Tolerance", "difference"]


@dataclass(frozen=True)
class Tolerance:
    """Numbers agree when |got − expected| ≤ atol + rtol·|expected|, as in `numpy.isclose`."""

    rtol: float = 0.0
    atol: float = 0.0


EXACT = Tolerance()


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value. `where` is the path inside a container, such as `[2]` or
    `['loss']`."""

    what: str
    expected: str = ""
    got: str = ""
    hint: str = ""
    where: str = ""


def difference(got: Any, expected: Any, tolerance: Tolerance = EXACT) -> Problem | None:
    """The first thing wrong with `got`, or None when it agrees with `expected`.

    Numbers may be Python or NumPy scalars, arrays, tensors or nested lists. Lists, tuples and dicts
    of anything are compared element by element.
    """
    got, expected = to_numpy(got), to_numpy(expected)
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
    if isinstance(got, np.ndarray):
        return None
    hint = ""
    if callable(got) and not hasattr(got, "dtype"):
        hint = "Did you forget the parentheses () that call it?"
    elif hasattr(got, "__next__"):
        hint = "Make it a list or an array: list(...)."
    return Problem("has the wrong type", _describe(expected), kind(got), hint)


def _describe(expected: np.ndarray) -> str:
    words = KIND_WORDS.get(expected.dtype.kind, "objects")
    if expected.ndim == 0:
        return {"b": "True or False", "U": "text"}.get(expected.dtype.kind, "a number")
    return f"an array of {words}, shape {show_shape(expected.shape)}"


def _family(array: np.ndarray) -> str:
    return {"i": "number", "u": "number", "f": "number", "c": "complex"}.get(
        array.dtype.kind, array.dtype.kind
    )


def _kind_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    families = _family(got), _family(expected)
    if families[0] == families[1] or families == ("number", "complex"):
        return None
    if got.size == 0 and expected.size == 0:
        return None
    return Problem("has the wrong kind of values", _describe(expected), kind(got))


def _shape_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    if got.shape == expected.shape:
        return None
    return Problem("has the wrong shape", show_shape(expected.shape), show_shape(got.shape))


def _nan_problem(got: np.ndarray, expected: np.ndarray) -> Problem | None:
    if got.dtype.kind not in "fc":
        return None
    for test, name in ((np.isnan, "NaN"), (np.isinf, "infinite")):
        bad = test(got) & ~(
            test(expected) if expected.dtype.kind in "fc" else np.zeros(got.shape, bool)
        )
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
    exact = tolerance == EXACT
    if exact and got.dtype.kind in "biu" and expected.dtype.kind in "biu":
        wrong = got != expected
    else:
        dtype = np.complex128 if "c" in (got.dtype.kind, expected.dtype.kind) else np.float64
        wrong = ~np.isclose(
            got.astype(dtype),
            expected.astype(dtype),
            rtol=tolerance.rtol,
            atol=tolerance.atol,
            equal_nan=True,
        )
    if not np.any(wrong):
        return None
    if (
        got.dtype.kind in "iu"
        and expected.dtype.kind == "f"
        and np.any(expected != np.round(expected))
    ):
        hint = "The result holds whole numbers where decimals are expected: was a value rounded or cut off?"
        return replace(_element_problem(got, expected, wrong), hint=hint)
    return _element_problem(got, expected, wrong)


def _element_problem(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> Problem:
    if expected.ndim == 0:
        return Problem("has the wrong value", show_number(expected[()]), show_number(got[()]))
    place, note = int(np.argmax(wrong)), "the first that differs"
    if expected.dtype.kind in "iufc":
        gap = np.nan_to_num(
            np.abs(got.astype(np.complex128) - expected.astype(np.complex128)), nan=np.inf
        )
        place = int(np.argmax(np.where(wrong, gap, -1.0)))
        note = f"the largest difference, {show_number(float(gap.flat[place]))}"
    return Problem(
        f"has wrong values: {int(np.sum(wrong))} of {expected.size} elements differ",
        f"{show_number(expected.flat[place])} at {_index(expected, place)}" + _whole(expected),
        f"{show_number(got.flat[place])} ({note})" + _whole(got),
    )


def _index(array: np.ndarray, flat: int) -> str:
    return str([int(i) for i in np.unravel_index(flat, array.shape)])


def _whole(array: np.ndarray) -> str:
    return f"; all of it: {show_value(array)}" if array.size <= 8 else ""


def _list_difference(got: Any, expected: list[Any], tolerance: Tolerance) -> Problem | None:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if not isinstance(got, list):
        return Problem("has the wrong type", f"a list of {len(expected)} elements", kind(got))
    if len(got) != len(expected):
        return Problem("has the wrong length", f"{len(expected)} elements", f"{len(got)} elements")
    pairs = ((f"[{i}]", g, e) for i, (g, e) in enumerate(zip(got, expected, strict=True)))
    return _first_inside(pairs, tolerance)


def _dict_difference(got: Any, expected: dict[Any, Any], tolerance: Tolerance) -> Problem | None:
    if not isinstance(got, dict):
        return Problem(
            "has the wrong type",
            f"a dict with the keys {show_value(sorted(expected, key=str))}",
            kind(got),
        )
    if got.keys() != expected.keys():
        return Problem(
            "has the wrong keys",
            show_value(sorted(expected, key=str)),
            show_value(sorted(got, key=str)),
        )
    return _first_inside(((f"[{key!r}]", got[key], expected[key]) for key in expected), tolerance)


def _first_inside(pairs: Any, tolerance: Tolerance) -> Problem | None:
    for where, got, expected in pairs:
        problem = difference(got, expected, tolerance)
        if problem:
            return replace(problem, where=where + problem.where)
    return None


def _text_difference(got: Any, expected: str) -> Problem | None:
    if not isinstance(got, str):
        return Problem("has the wrong type", f"text: {show_value(expected)}", kind(got))
    if got == expected:
        return None
    place = next((i for i, (a, b) in enumerate(zip(got, expected, strict=False)) if a != b), None)
    hint = ""
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
    return (
        None
        if same
        else Problem("is something else", show_value(expected), f"{show_value(got)}, {kind(got)}")
    )
