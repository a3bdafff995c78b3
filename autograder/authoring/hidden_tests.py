"""The cases of a hidden test, as an author writes them -> the function that is run.

An author writes cases and nothing else. They run inside a function of their own, so that no name of
a test lands among the student's, and what they report with is imported there.
"""

from __future__ import annotations

import ast
import copy
import io
import re
import symtable
import tokenize
from collections.abc import Iterator
from typing import Any

import labkit.probes
from autograder.notebooks.regions import Region, hidden_part
from autograder.notebooks.roles import Role, cell_name, role_of

__all__ = ["OFFERED", "as_function", "problems", "runnable"]

OFFERED = frozenset(labkit.probes.__all__) - {
    "MIME",
    "begin_test",
    "collected",
    "encode",
    "record_comparators",
}
"""Names of ``labkit.probes`` that a hidden test may use without importing them."""

BEGIN, END = Region.HIDDEN_TESTS.begin, Region.HIDDEN_TESTS.end
REGION = re.compile(rf"({BEGIN}\n).*?({END})", re.DOTALL)


def as_function(cases: str, grade_id: str) -> str:
    """The cases of one hidden test in a function: defined, called, and taken away again."""
    name = "_test_" + re.sub(r"\W", "_", grade_id)
    needed = _needed(cases)
    imports = f"    from labkit.probes import {', '.join(needed)}\n\n" if needed else ""
    body = _indented(cases.strip("\n"))
    return f"def {name}():\n{imports}{body}\n\n\n{name}()\ndel {name}"


def runnable(notebook: Any) -> Any:
    """A copy of a source notebook whose test cells run by themselves, in any Jupyter."""
    made = copy.deepcopy(notebook)
    for cell in made.cells:
        if role_of(cell) is Role.TEST and BEGIN in cell.source:
            whole = as_function(hidden_part(cell.source), cell_name(cell).removeprefix("test_"))
            cell.source = _with_hidden_part(cell.source, whole)
    return made


def _with_hidden_part(source: str, hidden: str) -> str:
    """A test cell with another hidden part: in its last region, the others are left empty."""
    last = len(REGION.findall(source))
    parts = iter([""] * (last - 1) + [f"{hidden}\n"])
    return REGION.sub(lambda match: match[1] + next(parts) + match[2], source)


def problems(cases: str) -> Iterator[str]:
    """Why the cases of a hidden test cannot stand in a function of their own."""
    try:
        tree = ast.parse(cases)
    except SyntaxError:
        return  # the exam says so
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno} says global, which would reach the student's own names"
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield f"line {node.lineno} imports *: name what is needed"
    try:
        compile(cases, "hidden test", "exec", dont_inherit=True)
    except SyntaxError as error:
        # return, yield or await outside a function, or nonlocal for a name of the test itself
        yield f"line {error.lineno}: {error.msg}"


def _needed(cases: str) -> list[str]:
    """The offered names that the cases use and do not bind themselves."""
    try:
        top = symtable.symtable(cases, "hidden test", "exec")
    except SyntaxError:
        return []
    bound: set[str] = set()
    used: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            bound.add(symbol.get_name())
        elif symbol.is_referenced():
            used.add(symbol.get_name())
    for table in _below(top):
        # what a nested function neither binds nor finds in a function around it
        used |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return sorted(used & OFFERED - bound)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _indented(code: str) -> str:
    """Code four spaces further right; the lines of a longer text keep what they say."""
    kept = _inside_texts(code)
    lines = code.split("\n")
    return "\n".join(
        line if number in kept or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, start=1)
    )


def _inside_texts(code: str) -> set[int]:
    """The lines that begin inside a string over several lines."""
    starts = {tokenize.STRING, getattr(tokenize, "FSTRING_START", -1)}  # the latter since 3.12
    ends = {tokenize.STRING, getattr(tokenize, "FSTRING_END", -1)}
    inside: set[int] = set()
    open_at: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in starts:
                open_at.append(token.start[0])
            if token.type in ends:
                inside |= set(range(open_at.pop() + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        return set()  # no Python: the exam says so
    return inside
