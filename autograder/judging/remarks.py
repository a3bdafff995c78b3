"""What can be said of an answer by its text alone, beside the reference answer."""

from __future__ import annotations

import ast
import re
import sys

from autograder.notebooks.syntax import plain_tree

__all__ = ["compiled_remark", "newer_syntax", "signature_remark"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_NEWER = re.compile(r"\A[ \t]*+(?:type [ \t]*+\w++[ \t]*+[=\[]|(?:async +)?(?:def|class) ++\w++\[)")
_QUOTED = re.compile(r"\b[rR]?[fF][rR]?[\"']")


def compiled_remark(answer: str, reference: str) -> str:
    """That ``@tf.function`` stands above a function of the answer, and above none of the
    reference."""
    names = {name for name, node in _functions(answer).items() if _is_compiled(node)}
    names -= {name for name, node in _functions(reference).items() if _is_compiled(node)}
    if not names:
        return ""
    name = min(names)
    return (
        f"Above `{name}` stands @tf.function, which runs Python's own steps once and then a graph: "
        "take it away, and try again."
    )


def _is_compiled(node: _Function) -> bool:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and called.attr == "function":
            return True
    return False


def signature_remark(answer: str, reference: str) -> str:
    """How the parameters of an answer differ from those of the reference, as a sentence's start."""
    theirs = _functions(answer)
    for name, ours in _functions(reference).items():
        if name not in theirs or theirs[name].args.vararg or theirs[name].args.kwarg:
            continue
        wanted, got = _parameters(ours), _parameters(theirs[name])
        needed = len(got) - len(theirs[name].args.defaults)
        if not needed <= len(wanted) <= len(got):
            return (
                f"`{name}` takes {_listed(got)}, but is called with {_listed(wanted)}: "
                "keep the first line of the function as it was"
            )
        if got[: len(wanted)] != wanted:
            return (
                f"`{name}` calls its arguments {_listed(got)}, but they are named "
                f"{_listed(wanted)}: keep the first line of the function as it was"
            )
    return ""


def _functions(code: str) -> dict[str, _Function]:
    """Functions at the top of a cell, and methods as ``Class.method``."""
    tree = plain_tree(code)
    found: dict[str, _Function] = {}
    for node in tree.body if tree is not None else []:
        if isinstance(node, _FUNCTIONS):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, _FUNCTIONS)]
            found |= {f"{node.name}.{method.name}": method for method in methods}
    return found


def _parameters(node: _Function) -> list[str]:
    return [parameter.arg for parameter in (*node.args.posonlyargs, *node.args.args)]


def _listed(names: list[str]) -> str:
    return f"({', '.join(name[:40] for name in names[:8])})"


def newer_syntax(code: str, error: SyntaxError) -> str:
    """That a line is Python of a later version, if it looks like that; else nothing."""
    lines = code.split("\n")
    number = (error.lineno or 0) - 1
    line = lines[number] if 0 <= number < len(lines) else ""
    in_string = str(error.msg).startswith(("f-string", "unexpected character after line cont"))
    if not _NEWER.match(line[:2000]) and not (in_string and _QUOTED.search(line[:2000])):
        return ""
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f" If it runs for you, your Python is 3.12 or later, and this notebook is graded by Python "
        f"{ours}: write the line in the way of {ours}."
    )
