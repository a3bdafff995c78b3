"""`with when_done("train_step"):` around a demonstration that needs finished TODOs."""

from __future__ import annotations

import dis
import sys
from collections.abc import Mapping
from types import CodeType, FrameType, TracebackType
from typing import Any

from labkit.checking.placeholders import is_placeholder_error
from labkit.checking.values import is_missing

__all__ = ["WhenDone", "is_open", "when_done"]


class _Skip(Exception):  # noqa: N818 - leaves the body of a `with`, never seen outside
    """Ends the body of `when_done` before its first line."""


def when_done(*names: str) -> WhenDone:
    """Run the body of a `with` statement only when these TODOs are done.

        with when_done("train_step"):
            train_step(model, optimizer, images, labels)

    A name is open when the notebook does not define it, or when it is None, `...`, or a function or
    class that still raises its placeholder's NotImplementedError. Then one line says which TODOs
    are open, and the notebook goes on. Once nothing is open, errors in the body are shown as usual.

    Args:
        *names: of functions, classes or variables of the notebook.
    """
    return WhenDone(names)


class WhenDone:
    """What `when_done` returns.

    Attributes:
        names: the names to look for.
        open: those that are not done yet, known inside the `with` block.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.open: list[str] = []
        self._frame: FrameType | None = None

    def __enter__(self) -> WhenDone:
        """Look the names up where the `with` stands, and skip the body if one of them is open."""
        frame = sys._getframe(1)
        namespace = {**frame.f_globals, **frame.f_locals}
        self.open = [name for name in self.names if is_open(namespace.get(name))]
        # A debugger keeps its trace function; the body then runs to its first TODO.
        if self.open and sys.gettrace() is None:
            self._skip_body(frame)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Say what is open instead of an error that only follows from it."""
        if self._frame is not None:
            sys.settrace(None)
            self._frame.f_trace = None
            self._frame = None
        expected = isinstance(error, _Skip)
        if isinstance(error, Exception):
            # An open TODO explains any error of the body; so does a placeholder deeper inside.
            expected = expected or bool(self.open) or is_placeholder_error(error)
        if expected:
            print(f"○ this cell waits for: {', '.join(self.open or self.names)}")
        return expected

    def _skip_body(self, frame: FrameType) -> None:
        """Let the first line of the body raise `_Skip`: a `with` cannot leave out its body.

        The line of the `with` itself is spared: what happens there may lie outside the range of
        code whose exceptions reach `__exit__`.
        """
        header = frame.f_lineno

        def skip(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line" and frame.f_lineno != header:
                raise _Skip
            return skip

        self._frame = frame
        frame.f_trace = skip
        # A frame's own trace function is called only while a global one is set.
        sys.settrace(lambda frame, event, argument: None)


def is_open(value: object) -> bool:
    """Whether a TODO is still its placeholder: None, `...`, or code that can only raise.

    Args:
        value: a variable, a function (also a `tf.function`) or a class of the notebook; a class is
            open when one of its methods is.
    """
    if is_missing(value):
        return True
    if isinstance(value, type):
        members: Mapping[str, object] = vars(value)
        return any(is_open(member) for member in members.values() if hasattr(member, "__code__"))
    # Through what may lie around the student's function: tf.function, a method, a decorator.
    function = getattr(value, "python_function", value)
    function = getattr(function, "__func__", function)
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    return isinstance(code, CodeType) and _only_raises(code)


def _only_raises(code: CodeType) -> bool:
    """Whether code ends only by raising NotImplementedError.

    The compiler drops what cannot be reached, so such code has no return instruction at all.
    """
    if "NotImplementedError" not in code.co_names:
        return False
    return not any(
        step.opname.startswith("RETURN") and step.opname != "RETURN_GENERATOR"
        for step in dis.get_instructions(code)
    )
