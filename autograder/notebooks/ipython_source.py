"""A cell as IPython reads it, by IPython's own code, with limits.

IPython looks at its syntax (``%magic``, ``!command``, ``name?``) token by token, so that a line
inside of brackets or of a text is left alone, and takes off what a whole cell was pasted with:
prompts, and an indentation of all its lines. Only ``\\n`` ends a line here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from autograder.notebooks.syntax import plain_tree

__all__ = ["as_ipython_reads", "without_prompts"]

MAX_LINE = 2_000
"""No line of a command, and none beside one, is longer in honest code."""

MAX_WORK = 80_000
"""Characters to look at: IPython looks at the whole cell again for each command in it."""

_PASTED = re.compile(r"\A(?:[ \t]*+\n)*+(?:[ \t]++\S|>>>|In \[)")
_VALUE = re.compile(r"= {0,9}[%!](?!=)")
_COMMENT = re.compile(r"\A\s*+#")


def as_ipython_reads(code: str) -> str | None:
    """``code`` with each command as a call of ``get_ipython()``, on the same lines.

    Returns:
        None if it holds no command, or is too much to be read.
    """
    lines = code.split("\n")
    commands = sum(map(_may_be_command, lines))
    if not commands or (commands + 1) * len(code) > MAX_WORK or max(map(len, lines)) > MAX_LINE:
        return None
    found = _guarded(lambda lines: _manager().do_token_transforms(lines), lines)
    return None if found is None else "\n".join(found)


def _may_be_command(line: str) -> bool:
    line = line.strip()
    return line[:1] in ("%", "!", "?") or line.endswith("?") or bool(_VALUE.search(line))


def without_prompts(code: str) -> str:
    """A cell that was pasted with ``>>>`` or ``In [3]:``, or is indented as a whole, without it."""
    # Almost no cell is, and a comment further left than the code tells nothing.
    if not _PASTED.match(code):
        return code
    lines = code.split("\n")
    if max(map(len, lines)) > MAX_LINE:
        return code
    found = _guarded(_unpasted, lines)
    return code if found is None else "\n".join(found)


def _unpasted(lines: list[str]) -> list[str]:
    """Both kinds of prompts and a common indentation taken off, each if it is there."""
    from IPython.core import inputtransformer2 as ipython

    if not any(line.lstrip().startswith((">>>", "In [")) for line in lines):
        # IPython's own way of dedenting takes other characters for ends of lines, too.
        depths = [_depth(line) for line in lines if line.strip() and not _COMMENT.match(line)]
        shared = min(depths, default=0)
        dedented = [line[min(shared, _depth(line)) :] for line in lines]
        return lines if _is_inside_function("".join(dedented)) else dedented
    while lines and not lines[0].strip():
        lines = [*lines[1:], "\n"]
    for transform in (ipython.classic_prompt, ipython.ipython_prompt):
        lines = transform(lines)
    return lines


def _is_inside_function(code: str) -> bool:
    """Whether code is the rest of a function that was split over two cells: it returns."""
    tree = plain_tree(code)
    waiting: list[ast.AST] = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return False


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _guarded(change: Callable[[list[str]], list[str]], lines: list[str]) -> list[str] | None:
    """The lines as ``change`` leaves them, without their ends; None if it fails."""
    try:
        changed = change([f"{line}\n" for line in lines])
    except Exception:  # IPython's code, and any text of a student: it is not read then
        return None
    return [line.removesuffix("\n") for line in changed]


def _manager() -> Any:
    """IPython's transformer, which here gives back as many lines as it was given."""
    from IPython.core.inputtransformer2 import TransformerManager

    class LineKeeping(TransformerManager):
        def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
            changed, made = super().do_one_token_transform(lines)
            lost = len(lines) - len(made)
            if changed and lost > 0:
                pairs = enumerate(zip(lines, made, strict=False))
                place = next((at for at, (old, new) in pairs if old != new), len(made) - 1)
                made[place + 1 : place + 1] = ["\n"] * lost
            return changed, made

    return LineKeeping()
