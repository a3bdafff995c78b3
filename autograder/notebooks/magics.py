"""Notebook magics: what is left of a cell for plain Python, line for line.

A cell is read as IPython reads it (:mod:`autograder.notebooks.ipython_source`); then each command
that IPython would run becomes what matters of it: a timer its body, ``%%writefile`` a file, and
everything else nothing.
"""

from __future__ import annotations

import ast
import re
import shlex
from dataclasses import dataclass

from autograder.notebooks.ipython_source import as_ipython_reads, without_prompts
from autograder.notebooks.syntax import MAX_CODE, plain_tree

__all__ = ["is_other_language", "without_magics", "without_wrapper"]

# Students' text meets these. A quantifier that gives nothing back (`++`, `*+`) takes a time that
# grows with the length of a line; blanks that two of them can share take the square of it.
_COMMAND = re.compile(r"^(\s*+)(?:[%!?].*+|[\w.]++\?{1,2}+\s*+)$")
_TIMED = re.compile(r"^(\s*+)%time ++(?=\S)")
_COMMAND_VALUE = re.compile(r"^(\s*+[\w,][\w, ]*+=\s*+)[!%].*+$")
_CELL_MAGIC = re.compile(r"\A\s*+%%(\w++)([^\n]*+)(?:\n|\Z)")
_RUN_FILE = re.compile(r"\A\s*+(?:-\w++ ++)*+([A-Za-z_]\w*+)\.py\s*+\Z")
_PYTHON_INSIDE = frozenset({"time", "timeit", "capture", "prun", "memit", "script"})
_FILES = frozenset({"writefile", "file"})
_PAGES = frozenset({"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "MIDI"})
_PROGRAMS = frozenset({"bash", "sh", "cmd", "perl", "ruby", "pypy", "python2", "cython"})
_NO_PYTHON = _FILES | _PAGES | _PROGRAMS | {"R", "sql", "bigquery"}
_CALLED = frozenset({"run_line_magic", "magic", "run_cell_magic", "system", "getoutput"})


def is_other_language(code: str) -> bool:
    """Whether a cell magic such as ``%%bash`` says that the cell is no Python.

    The body of a magic that is not known (``%%black``) is Python if it can be read as such.
    """
    magic = _CELL_MAGIC.match(code)
    return magic is not None and not _is_python_below(magic[1], code[magic.end() :])


def without_wrapper(code: str) -> str:
    """``code`` without a first line such as ``%%time``, under which definitions would be lost, and
    without the prompts and the indentation that a whole cell was pasted with."""
    code = without_prompts(code)
    magic = _CELL_MAGIC.match(code)
    if magic is None or not _is_python_below(magic[1], code[magic.end() :]):
        return code
    return code[magic.end() :]


def without_magics(code: str) -> str:
    """``code`` as plain Python: magic and shell commands become ``pass``, line for line.

    A cell in another language (``%%bash``) gives the empty text. Plain Python, and code that is too
    long to be looked at, come back as they are.
    """
    if len(code) > MAX_CODE:
        return code
    if plain_tree(code) is not None:
        return _without_calls(code) if "get_ipython" in code else code
    code = without_prompts(code)
    magic = _CELL_MAGIC.match(code)
    if magic is not None:
        # The blank lines above a magic stay, so that all lines keep their numbers.
        above = code[: magic.end()].rstrip("\n").count("\n")
        return "\n" * above + _below(magic[1], magic[2], code[magic.end() :], "pass\n")
    read = as_ipython_reads(code)
    plain = _without_calls(read) if read is not None else ""
    return plain if plain_tree(plain) and read else _line_by_line(code)


def _is_python_below(name: str, body: str) -> bool:
    if name in _PYTHON_INSIDE:
        return True
    return name not in _NO_PYTHON and plain_tree(_line_by_line(body)) is not None


def _below(name: str, arguments: str, body: str, first: str = "") -> str:
    """What is run of the body of a cell magic, below the line ``first``."""
    if name in _FILES:
        return _written(arguments, body)
    return first + without_magics(body) if _is_python_below(name, body) else ""


def _written(arguments: str, body: str) -> str:
    """``%%writefile [-a] helper.py`` as Python."""
    try:
        words = shlex.split(arguments)
    except ValueError:
        return ""
    names = [word for word in words if not word.startswith("-")]
    if len(names) != 1:
        return ""
    mode = "a" if "-a" in words or "--append" in words else "w"
    body = body if body.endswith("\n") else body + "\n"
    return f"with open({names[0]!r}, {mode!r}) as _written_file: _written_file.write({body!r})"


@dataclass(frozen=True)
class _Call:
    """A call of IPython in a cell, with what takes its place."""

    node: ast.expr
    new: str


def _without_calls(code: str) -> str:
    """Plain Python without calls such as ``get_ipython().run_line_magic("time", "f()")``."""
    tree = plain_tree(code)
    if tree is None:
        return code
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    calls = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (said := _said(node)) is not None:
            is_statement = id(node) in alone
            calls.append(_Call(node, _statement(*said) if is_statement else _value(*said)))
    # From the last to the first, so that the places of those still to come stay right.
    calls.sort(key=lambda call: (call.node.lineno, call.node.col_offset), reverse=True)
    lines = [line.encode() for line in code.split("\n")]
    for call in calls:
        _replace(lines, call)
    changed = b"\n".join(lines).decode()
    return changed if plain_tree(changed) is not None else code


def _replace(lines: list[bytes], call: _Call) -> None:
    """Put the new text in the place of a call, whose lines stay (syntax counts in bytes)."""
    node, new = call.node, call.new.encode()
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    rest = lines[last][node.end_col_offset :]
    blank = [b""] * max(last - first - new.count(b"\n"), 0)
    text = lines[first][: node.col_offset] + new + rest
    # Lines inside of brackets may go empty; a statement of its own ends its line.
    lines[first : last + 1] = [*text.split(b"\n"), *blank]


def _said(node: ast.Call) -> tuple[str, list[str]] | None:
    """The method of IPython that is called, and its arguments, if they are plain texts."""
    method = node.func
    if not isinstance(method, ast.Attribute) or method.attr not in _CALLED or node.keywords:
        return None
    owner = method.value
    if not isinstance(owner, ast.Call) or not isinstance(owner.func, ast.Name):
        return None
    texts = [item.value for item in node.args if isinstance(item, ast.Constant)]
    words = [text for text in texts if isinstance(text, str)]
    if owner.func.id != "get_ipython" or not words or len(words) != len(node.args):
        return None
    return method.attr, words


def _statement(method: str, words: list[str]) -> str:
    """What is run in the place of a command that stands alone."""
    if method == "run_cell_magic" and len(words) == 3:
        return _below(*words).rstrip("\n") or "pass"
    command, rest = _command(method, words)
    if command == "run" and (file := _RUN_FILE.match(rest)):
        return f"from {file[1]} import *"
    is_body = command == "time" and rest.strip() and plain_tree(rest) is not None
    return rest if is_body else "pass"


def _value(method: str, words: list[str]) -> str:
    """What is run in the place of a command whose value is used."""
    command, rest = _command(method, words)
    is_body = command == "time" and plain_tree(f"({rest}\n)") is not None
    return f"({rest})" if is_body and rest.strip() else "None"


def _command(method: str, words: list[str]) -> tuple[str, str]:
    if method == "run_line_magic":
        return words[0], words[1] if len(words) > 1 else ""
    command, _, rest = words[0].strip().partition(" ")
    return (command, rest) if method == "magic" else ("", "")


def _line_by_line(code: str) -> str:
    """Commands replaced by the looks of their lines alone: for code that is no Python even then, or
    too much for more."""
    plain: list[str] = []
    goes_on = False
    for line in code.split("\n"):
        plain.append("" if goes_on else _without_command(line))
        # A command that ends in a backslash takes the next line with it.
        goes_on = line.endswith("\\") and (goes_on or plain[-1] != line)
    return "\n".join(plain)


def _without_command(line: str) -> str:
    line = _TIMED.sub(r"\1", line)
    return _COMMAND_VALUE.sub(r"\1None", _COMMAND.sub(r"\1pass", line))
