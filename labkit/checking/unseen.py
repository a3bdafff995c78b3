"""What a grader does not see of an answer: names, magics and files from outside the graded cells.

The cells are read, not run.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterator, Sequence
from pathlib import Path

from labkit.checking.saved import Cell

__all__ = ["unseen"]

READERS = {"genfromtxt", "imread", "load", "load_model", "load_weights", "loadtxt", "open"}
MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
PROVIDED = {*dir(builtins), "In", "Out", "_", "display", "get_ipython", "exit", "quit"}
"""Names that every kernel has."""


def unseen(cells: Sequence[Cell]) -> Iterator[tuple[Cell, str]]:
    """Each answer with what a grader will miss in it, in words.

    Args:
        cells: the code cells of a notebook. Checks and demos are not run by a grader.
    """
    graded = [cell for cell in cells if cell.kind in ("answer", "other")]
    shown = [cell for cell in cells if cell.kind not in ("answer", "other")]
    made = set().union(PROVIDED, *(bound_names(cell.source) for cell in graded))
    elsewhere = set().union(*(bound_names(cell.source) for cell in shown))
    # What `from somewhere import *` brings is not known.
    has_star = any("import *" in cell.source for cell in graded)
    for cell in cells:
        if cell.kind != "answer":
            continue
        for name in sorted(used_names(cell.source) - made) if not has_star else ():
            place = "only a demo or check cell" if name in elsewhere else "no cell"
            yield cell, f"uses `{name}`, but {place} makes it: make it in the answer's cell."
        for line in magics(cell.source):
            yield cell, f"`{line}` is left out when it is graded."
        for name in files(cell.source):
            yield cell, f"needs the file `{name}`, but a grader has the notebook only."


def bound_names(source: str) -> set[str]:
    """The names that a cell leaves in the notebook."""
    table = _table(source)
    if table is None:
        return set()
    names = {one.get_name() for one in table.get_symbols() if one.is_assigned()}
    names |= {one.get_name() for one in table.get_symbols() if one.is_imported()}
    for inner in _below(table):
        if inner is not table:
            declared = [one for one in inner.get_symbols() if one.is_declared_global()]
            names |= {one.get_name() for one in declared if one.is_assigned()}
    return names


def used_names(source: str) -> set[str]:
    """The names that a cell, or a function in it, takes from the notebook."""
    table = _table(source)
    if table is None:
        return set()
    own = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    names = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    for inner in _below(table):
        if inner is not table:
            names |= {one.get_name() for one in inner.get_symbols() if one.is_global()}
    return names - own


def magics(source: str) -> list[str]:
    """The lines that only IPython understands, in a cell that is not plain Python."""
    if _tree(source) is not None:
        return []
    return [line.strip()[:60] for line in MAGIC.findall(source)]


def files(source: str) -> list[str]:
    """Files that a cell reads by a name written in it, and modules that lie beside the notebook."""
    tree = _tree(_without_magics(source))
    found: list[str] = []
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = ast.unparse(node.func).split(".")[-1]
            reads = name in READERS or name.startswith("read_")
            if reads and isinstance(node.args[0].value, str):
                found.append(node.args[0].value)
        if isinstance(node, ast.Import | ast.ImportFrom):
            first = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            module = Path(f"{(first or '').split('.')[0]}.py")
            found += [module.name] if module.is_file() else []
    return found


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _table(source: str) -> symtable.SymbolTable | None:
    """The names of a cell by their scopes; None if it is no Python, even without magics."""
    try:
        return symtable.symtable(_without_magics(source), "cell", "exec")
    except (SyntaxError, ValueError):
        return None


def _without_magics(source: str) -> str:
    return source if _tree(source) is not None else MAGIC.sub("", source)


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _below(child)
