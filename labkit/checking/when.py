"""`with when_done("train_step"):` around a demonstration that needs finished TODOs."""

from __future__ import annotations

import dis
import sys
from collections.abc import Mapping
from types import CodeType, FrameType, TracebackType
from typing import Any

from labkit.checking.traces import is_placeholder_error
from labkit.checking.values import is_missing

__all__ = ["WhenDone", "is_open", "when_done"]


class _Skip(Exception):  # noqa: N818 - leaves the body of a `with`, never seen outside
    """Ends the body of `when_done` before its first line."""


def when_done(*names: str) -> WhenDone:
    """A `with` statement whose body runs only when the TODOs called `names` are done.

    A name is open when the notebook does not define it, or when it is None, `...`, or a function or
    class that still raises its placeholder's NotImplementedError. Then one line says which TODOs
    are open, and the notebook goes on. Once nothing is open, errors in the body are shown as usual.
    """
    return WhenDone(names)


class WhenDone:
    """Made by `when_done`. `open` lists, after entering, the names that are not done yet."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.open: list[str] = []
        self._frame: FrameType | None = None

    def __enter__(self) -> WhenDone:
        frame = sys._getframe(1)
        namespace = {**frame.f_globals, **frame.f_locals}
        self.open = [name for name in self.names if is_open(namespace.get(name))]
        if (
            self.open and sys.gettrace() is None
        ):  # a debugger keeps its tracer; the body then runs to its first TODO
            self._skip_body(frame)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if self._frame is not None:
            sys.settrace(None)
            self._frame.f_trace = None
            self._frame = None
        swallow = isinstance(error, _Skip) or (
            isinstance(error, Exception) and self._explains(error)
        )
        if swallow:
            print(f"○ this cell waits for: {', '.join(self.open or self.names)}")
        return swallow

    def _explains(self, error: Exception) -> bool:
        return bool(self.open) or is_placeholder_error(error)

    def _skip_body(self, frame: FrameType) -> None:
        """A `with` cannot leave out its body, so the first new line in it raises `_Skip`.

        The line of the `with` itself is spared: what happens there may lie outside the protected
        range.
        """
        header = frame.f_lineno

        def skip(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line" and frame.f_lineno != header:
                raise _Skip
            return skip

        self._frame = frame
        frame.f_trace = skip
        sys.settrace(lambda frame, event, argument: None)


def is_open(value: object) -> bool:
    """True for a TODO that still is its placeholder: None, `...`, or code that can only raise
    NotImplementedError."""
    if is_missing(value):
        return True
    if isinstance(value, type):
        members: Mapping[str, object] = vars(value)
        return any(is_open(member) for member in members.values() if hasattr(member, "__code__"))
    function = getattr(value, "python_function", value)  # a tf.function
    function = getattr(function, "__func__", function)
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return isinstance(code, CodeType) and _only_raises(code)


def _only_raises(code: CodeType) -> bool:
    """The compiler drops what cannot be reached, so a placeholder has no return instruction at
    all."""
    if "NotImplementedError" not in code.co_names:
        return False
    return not any(
        step.opname.startswith("RETURN") and step.opname != "RETURN_GENERATOR"
        for step in dis.get_instructions(code)
    )
