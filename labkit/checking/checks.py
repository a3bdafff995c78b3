"""Checks for students: `with check("a sentence that is true when it passes") as c: c.close(...)`.

A check prints one line that begins with ✓ (passed) or ○ (not attempted), or says ✗ and a message
in one shape: the quoted name, what is wrong, what was expected, what came, and what to try. In a
notebook the message stands in a box and the notebook goes on; elsewhere it is an exception.
Everything here is visible to students and decides nothing: marks come from elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from labkit.checking.boxes import goes_on, show_box
from labkit.checking.compare import EXACT, NOTHING_CAME, Problem, Tolerance, difference
from labkit.checking.placeholders import (
    is_placeholder_error,
    is_untouched,
    open_todo,
    waits_for,
)
from labkit.checking.record import note, title_of_cell
from labkit.checking.tidy import tidy_after
from labkit.checking.traces import first_argument, problem_of_exception
from labkit.checking.values import (
    dtype_name,
    is_missing,
    is_of_kind,
    kind,
    shape_of,
    show_interval,
    show_number,
    show_shape,
    show_value,
    to_numpy,
)

__all__ = ["Check", "CheckFailed", "check"]


class CheckFailed(Exception):  # noqa: N818 - students read this name; it is a verdict, not an error
    """A check that did not pass. Notebooks show its message and no traceback.

    Attributes:
        original: the student's own exception when one ended the check, else None.
    """

    original: BaseException | None = None

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: these lines stand where a traceback would."""
        return str(self).splitlines()


class _NotAttempted(Exception):  # noqa: N818 - ends the body of a check, never leaves it
    """A placeholder came where a value was expected."""


def check(rationale: str, *, hint: str = "") -> Check:
    """Check the student's code in the body of a `with` statement.

        with check("the loss of a uniform prediction is ln(vocab)") as c:
            c.close(compute_loss(labels, logits), math.log(vocab), hint="Are these logits?")

    The body calls the student's code and compares with `c.close`, `c.equal`, `c.shape`, `c.dtype`,
    `c.true`, `c.raises` or `c.between`; the first comparison that fails ends the body. A notebook
    then shows the message in a box and goes on, with the next check of the cell. A TODO that is
    untouched (its placeholder's NotImplementedError, or a variable that is still None or `...`)
    prints "not attempted yet", skips the rest of the body and lets the notebook go on. A function
    that ran and gave None is a mistake, and so is a placeholder's `raise` with code below it.

    Args:
        rationale: a sentence that is true when the check passes.
        hint: advice when the body raises an exception, and where a comparison brings no hint.

    Returns:
        What the `with` statement binds, a `Check`.

    Raises:
        CheckFailed: outside notebooks, where LABKIT_PLAIN is 1, and in nbgrader's *Validate*, with
            the message for the student, which IPython shows without a traceback.
    """
    return Check(rationale, hint=hint)


class Check:
    """What `with check(...) as c` binds; made by `check`. Its methods return None or end the check.

    Values may be tensors, variables, NumPy arrays, Python scalars, nested lists, text, or lists and
    dicts of these. Two arguments are common to all comparisons: `name` is how the message quotes
    the value (without it, by the source of the first argument), and `hint` is the "try" line of the
    message.
    """

    def __init__(self, rationale: str, *, hint: str = "") -> None:
        self.rationale = rationale
        self._hint = hint
        self._compared = 0

    def __enter__(self) -> Check:
        """In a titled check cell, see to it that no name of the check outlives the cell."""
        cell = sys._getframe(1)
        if title_of_cell(cell):
            tidy_after(cell)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Print the verdict, or tell the student what is wrong."""
        cell = sys._getframe(1)
        if error is None:
            self._passed()
            note("✓", cell)
        elif isinstance(error, _NotAttempted) or is_untouched(error):
            print(f"○ {self.rationale}: not attempted yet{_note_on(error)}")
            note("○", cell)
        elif not isinstance(error, Exception):
            return False  # an interrupt
        else:
            note("✗", cell)
            failure = self._verdict_on(error)
            if not goes_on():
                raise failure from None
            show_box(str(failure), "Check not passed")
        return True

    def _verdict_on(self, error: Exception) -> CheckFailed:
        """Our own verdict as it is; what the student's code raised, in the words of one."""
        if isinstance(error, CheckFailed):
            return error
        name, problem = problem_of_exception(error)
        failure = self._failure(name, problem)
        failure.original = error
        return failure

    def _passed(self) -> None:
        if not self._compared:
            raise RuntimeError(
                f"check({self.rationale!r}) compares nothing: call c.close, c.equal, c.true…"
            )
        print(f"✓ {self.rationale}")

    def attempted(self, *values: object) -> None:
        """End the check as "not attempted" when one of `values` is None or `...`."""
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
        """Require the same shape and, within a tolerance, the same numbers.

        Numbers agree when |got − expected| ≤ atol + rtol·|expected|. Whole and decimal numbers of
        any precision may be mixed. Containers are compared element by element.
        """
        name = self._begin(got, name, hint, expected)
        self._report(name, difference(got, expected, Tolerance(rtol, atol)), hint)

    def equal(self, got: Any, expected: Any, *, name: str = "", hint: str = "") -> None:
        """Require exactly `expected`: numbers, text, or containers of them.

        Lists and tuples are alike.
        """
        name = self._begin(got, name, hint, expected)
        self._report(name, difference(got, expected, EXACT), hint)

    def shape(
        self, got: Any, shape: tuple[int | None, ...], *, name: str = "", hint: str = ""
    ) -> None:
        """Require a shape; None in `shape` matches any size, and `()` is a single number."""
        name = self._begin(got, name, hint)
        came = shape_of(got)
        problem = None
        if came is None:
            expected = f"a tensor or array of shape {show_shape(shape)}"
            problem = Problem("has no shape", expected, kind(to_numpy(got)))
        elif not _fits(came, shape):
            problem = Problem("has the wrong shape", show_shape(tuple(shape)), show_shape(came))
        self._report(name, problem, hint)

    def dtype(self, got: Any, dtype: str, *, name: str = "", hint: str = "") -> None:
        """Require a dtype: a name such as "float32", or a kind: "float", "int", "bool", "str"."""
        name = self._begin(got, name, hint)
        came = dtype_name(got)
        problem = None
        if came is None:
            problem = Problem("has no dtype", f"a tensor or array of {dtype}", kind(to_numpy(got)))
        elif came != dtype and not is_of_kind(came, dtype):
            problem = Problem("has the wrong dtype", dtype, came)
        self._report(name, problem, hint)

    def true(self, condition: Any, expected: str, *, name: str = "", hint: str = "") -> None:
        """Require a condition; `expected` says in words what should be true.

        For an array, the condition holds for every element.
        """
        name = self._begin(condition, name, hint)
        value = to_numpy(condition)
        holds = bool(np.all(value)) if isinstance(value, np.ndarray) else bool(value)
        came = "" if value is False or np.ndim(value) == 0 else show_value(value)
        problem = None if holds else Problem("is not as it should be", expected, came)
        self._report(name, problem, hint)

    def between(self, got: Any, low: float, high: float, *, name: str = "", hint: str = "") -> None:
        """Require a number, or all numbers of an array, to lie in [low, high], ends included."""
        name = self._begin(got, name, hint)
        value = to_numpy(got)
        problem = None
        if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
            problem = Problem("is not a number", show_interval(low, high), kind(value))
        elif not np.all((value >= low) & (value <= high)):  # a NaN is outside too
            outside = value[~((value >= low) & (value <= high))]
            count = "" if value.ndim == 0 else f", one of {outside.size} outside (of {value.size})"
            came = show_number(outside.flat[0]) + count
            problem = Problem("is out of range", show_interval(low, high), came)
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
        """Require that `call()` raises an exception.

        Args:
            error: the class of the exception; a subclass is right too.
            call: called without arguments.
            naming: a text that the message of the exception must contain.
            name: how the message quotes the call.
            hint: the "try" line of the message.
        """
        name = name or first_argument(position=1) or "the call"
        self._compared += 1
        expected = f"{error.__name__}" + (f" with {naming!r} in its message" if naming else "")
        problem = None
        try:
            value = call()
        except (Exception, error) as came:
            # A placeholder inside the call is a TODO that is not attempted yet.
            if is_placeholder_error(came) or isinstance(came, _NotAttempted):
                raise
            text = " ".join(str(part) for part in came.args) or str(came)
            if not isinstance(came, error):
                got = f"{type(came).__name__}: {came}"
                problem = Problem("raises a different error", expected, got)
            elif naming and naming not in text:
                problem = Problem("does not name it", expected, show_value(text))
        else:
            got = f"no error; it returned {show_value(to_numpy(value))}"
            problem = Problem("raises no error", expected, got)
        self._report(name, problem, hint)

    def _begin(self, got: Any, name: str, hint: str, expected: Any = True) -> str:
        """Count the comparison, end the check if nothing came, and return how to quote `got`."""
        self._compared += 1
        name = name or first_argument(depth=2)
        if not is_missing(got) or is_missing(expected):
            return name
        if got is Ellipsis or waits_for(sys._getframe(2)):
            raise _NotAttempted(f" (`{name or 'a value'}` is still {show_value(got)})")
        # None that no placeholder explains: a function ran and gave nothing.
        raise self._failure(name, NOTHING_CAME, hint)

    def _report(self, name: str, problem: Problem | None, hint: str) -> None:
        if problem is not None:
            raise self._failure(name, problem, hint)

    def _failure(self, name: str, problem: Problem, hint: str = "") -> CheckFailed:
        """The message: rationale, quoted name and what is wrong, expected, got, try."""
        quoted = f"`{name}{problem.where}`" if name else f"the value{problem.where}"
        lines = [f"✗ {self.rationale}", f"  {quoted} {problem.what}"]
        # Both hints, each once, the problem's own first.
        hints = dict.fromkeys((problem.hint, hint or self._hint))
        advice = " ".join(text for text in hints if text)
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


def _fits(came: tuple[int | None, ...], wanted: tuple[int | None, ...]) -> bool:
    """Whether a shape is the wanted one, where None stands for any size."""
    if len(came) != len(wanted):
        return False
    return all(want in (None, size) for want, size in zip(wanted, came, strict=True))
