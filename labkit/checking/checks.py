"""Checks for students: `with check("a sentence that is true when it passes") as c: c.close(...)`.

Prints one line that begins with ✓ (passed) or ○ (not attempted), or ends the cell with ✗ and a
message in one shape: the quoted name, what is wrong, what was expected, what came, and what to try.
Everything here is visible to students and decides nothing: marks come from elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from labkit.checking.compare import EXACT, Problem, Tolerance, difference
from labkit.checking.traces import (
    first_argument,
    is_placeholder_error,
    open_todo,
    problem_of_exception,
)
from labkit.checking.values import (
    dtype_name,
    is_missing,
    kind,
    shape_of,
    show_number,
    show_shape,
    show_value,
    to_numpy,
)

__all__ = ["Check", "CheckFailed", "check"]

NUMBER_KINDS = {"float": "f", "int": "iu", "complex": "c", "bool": "b", "str": "U"}


class CheckFailed(Exception):  # noqa: N818 - students read this name; it is a verdict, not an error
    """A check that did not pass. Notebooks show its message and no traceback.

    `original` is the student's own exception when one ended the check, else None.
    """

    original: BaseException | None = None

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: these lines stand where a traceback would."""
        return str(self).splitlines()


class _NotAttempted(Exception):  # noqa: N818 - ends the body of a check, never leaves it
    """A placeholder came where a value was expected."""


def check(rationale: str, *, hint: str = "") -> Check:
    """A check named by `rationale`, a sentence that is true when it passes, for use in a `with`
    statement.

    The body calls the student's code and compares with `c.close`, `c.equal`, `c.shape`, `c.dtype`,
    `c.true`, `c.raises` or `c.between`; the first comparison that fails ends the cell. `hint` is
    the advice given when the body raises an exception of its own, and where a comparison brings no
    hint.

    A TODO that is still a placeholder (NotImplementedError, or None or `...` as a value) prints
    "not attempted yet", skips the rest of the body and lets the notebook go on.

    Raises:
        CheckFailed: with the message for the student; shown without a traceback.
    """
    return Check(rationale, hint=hint)


class Check:
    """What `with check(...) as c` binds; made by `check`. Its methods return None or end the check.

    Values may be tensors, variables, NumPy arrays, Python scalars, nested lists, text, or lists and
    dicts of these. `name` is how the message quotes the value; without it the message quotes the
    source of the first argument. `hint` is the "try" line of the message.
    """

    def __init__(self, rationale: str, *, hint: str = "") -> None:
        self.rationale = rationale
        self._hint = hint
        self._compared = 0

    def __enter__(self) -> Check:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            self._passed()
        elif isinstance(error, _NotAttempted) or is_placeholder_error(error):
            print(f"○ {self.rationale}: not attempted yet{_note_on(error)}")
        elif isinstance(error, CheckFailed) or not isinstance(error, Exception):
            return False  # our own verdict, or an interrupt
        else:
            name, problem = problem_of_exception(error)
            failure = self._failure(name, problem)
            failure.original = error
            raise failure from None
        return True

    def _passed(self) -> None:
        if not self._compared:
            raise RuntimeError(
                f"check({self.rationale!r}) compares nothing: call c.close, c.equal, c.true…"
            )
        print(f"✓ {self.rationale}")

    def attempted(self, *values: object) -> None:
        """Ends the check as "not attempted" when one of `values` is None or `...`."""
        for value in values:
            if is_missing(value):
                raise _NotAttempted(f" (a value is still {show_value(value)})")

    def close(
        self,
        got: Any,
        expected: Any,
        rtol: float = 1e-4,
        atol: float = 1e-6,
        *,
        name: str = "",
        hint: str = "",
    ) -> None:
        """`got` has the numbers of `expected`: |got − expected| ≤ atol + rtol·|expected|, and the
        same shape.

        Whole and decimal numbers of any precision may be mixed. Containers are compared element by
        element.
        """
        name = self._begin(got, expected, name)
        self._report(name, difference(got, expected, Tolerance(rtol, atol)), hint)

    def equal(self, got: Any, expected: Any, *, name: str = "", hint: str = "") -> None:
        """`got` is exactly `expected`; for numbers, text, and containers of them. Lists and tuples
        are alike."""
        name = self._begin(got, expected, name)
        self._report(name, difference(got, expected, EXACT), hint)

    def shape(
        self, got: Any, shape: tuple[int | None, ...], *, name: str = "", hint: str = ""
    ) -> None:
        """`got` has this shape; None in `shape` matches any size. `()` is a single number."""
        name = self._begin(got, shape, name)
        came = shape_of(got)
        problem = None
        if came is None:
            problem = Problem(
                "has no shape",
                f"a tensor or array of shape {show_shape(shape)}",
                kind(to_numpy(got)),
            )
        elif len(came) != len(shape) or any(
            want is not None and want != size for want, size in zip(shape, came, strict=True)
        ):
            problem = Problem("has the wrong shape", show_shape(tuple(shape)), show_shape(came))
        self._report(name, problem, hint)

    def dtype(self, got: Any, dtype: str, *, name: str = "", hint: str = "") -> None:
        """`got` has this dtype: an exact name such as "float32", or a kind: "float", "int", "bool",
        "str"."""
        name = self._begin(got, dtype, name)
        came = dtype_name(got)
        problem = None
        if came is None:
            problem = Problem("has no dtype", f"a tensor or array of {dtype}", kind(to_numpy(got)))
        elif came != dtype and not _is_of_kind(came, dtype):
            problem = Problem("has the wrong dtype", dtype, came)
        self._report(name, problem, hint)

    def true(self, condition: Any, expected: str, *, name: str = "", hint: str = "") -> None:
        """`condition` holds (every element of an array does); `expected` says in words what should
        be true."""
        name = self._begin(condition, True, name)
        value = to_numpy(condition)
        holds = bool(np.all(value)) if isinstance(value, np.ndarray) else bool(value)
        came = "" if value is False or np.ndim(value) == 0 else show_value(value)
        self._report(
            name, None if holds else Problem("is not as it should be", expected, came), hint
        )

    def between(self, got: Any, low: float, high: float, *, name: str = "", hint: str = "") -> None:
        """`got`, a number or an array of numbers, lies in [low, high], both ends included."""
        name = self._begin(got, low, name)
        value = to_numpy(got)
        problem = None
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
            problem = Problem("is not a number", _interval(low, high), kind(value))
        elif not np.all((value >= low) & (value <= high)):  # a NaN is outside too
            outside = value[~((value >= low) & (value <= high))]
            count = "" if value.ndim == 0 else f", one of {outside.size} outside (of {value.size})"
            problem = Problem(
                "is out of range", _interval(low, high), show_number(outside.flat[0]) + count
            )
        self._report(name, problem, hint)

    def raises(
        self,
        error: type[BaseException],
        call: Callable[[], object],
        *,
        naming: str = "",
        name: str = "",
        hint: str = "",
    ) -> None:
        """`call()` raises `error` (or a subclass); with `naming`, its message contains that
        text."""
        name = name or first_argument(position=1) or "the call"
        self._compared += 1
        expected = f"{error.__name__}" + (f" with {naming!r} in its message" if naming else "")
        try:
            value = call()
        except error as came:
            if is_placeholder_error(came):
                raise
            text = " ".join(str(part) for part in came.args) or str(came)
            missing = bool(naming) and naming not in text
            self._report(
                name,
                Problem("does not name it", expected, show_value(text)) if missing else None,
                hint,
            )
            return
        except Exception as came:
            if is_placeholder_error(came) or isinstance(came, _NotAttempted):
                raise
            problem = Problem(
                "raises a different error", expected, f"{type(came).__name__}: {came}"
            )
        else:
            problem = Problem(
                "raises no error", expected, f"no error; it returned {show_value(to_numpy(value))}"
            )
        self._report(name, problem, hint)

    def _begin(self, got: Any, expected: Any, name: str) -> str:
        self._compared += 1
        name = name or first_argument(depth=2)
        if is_missing(got) and expected is not None:
            what = f"`{name}` is {show_value(got)}" if name else f"the value is {show_value(got)}"
            raise _NotAttempted(
                f" ({what}; does it still need a `return`?)" if "(" in name else f" ({what})"
            )
        return name

    def _report(self, name: str, problem: Problem | None, hint: str) -> None:
        if problem is not None:
            raise self._failure(name, problem, hint)

    def _failure(self, name: str, problem: Problem, hint: str = "") -> CheckFailed:
        quoted = f"`{name}{problem.where}`" if name else f"the value{problem.where}"
        lines = [f"✗ {self.rationale}", f"  {quoted} {problem.what}"]
        advice = " ".join(
            dict.fromkeys(text for text in (problem.hint, hint or self._hint) if text)
        )
        for label, text in (("expected", problem.expected), ("got", problem.got), ("try", advice)):
            if text:
                first, *rest = text.splitlines()
                lines.append(f"    {label + ':':<10}{first}")
                lines.extend(f"    {'':<10}{line}" for line in rest)
        return CheckFailed("\n".join(lines))


def _note_on(error: BaseException) -> str:
    """What is missing, for the line of a check that was not attempted."""
    if isinstance(error, _NotAttempted):
        return str(error)
    name = open_todo(error)
    return f" (`{name}` is still to do)" if name else ""


def _is_of_kind(came: str, wanted: str) -> bool:
    if wanted not in NUMBER_KINDS:
        return False
    if wanted == "float" and came == "bfloat16":
        return True
    if wanted == "str" and came in ("str", "string"):
        return True
    try:
        return np.dtype(came).kind in NUMBER_KINDS[wanted]
    except TypeError:
        return False


def _interval(low: float, high: float) -> str:
    if math.isinf(high):
        return f"at least {show_number(low)}"
    if math.isinf(low):
        return f"at most {show_number(high)}"
    return f"between {show_number(low)} and {show_number(high)}"
