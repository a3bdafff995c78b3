"""What code imports, read from its syntax tree: nothing is run to find out.

From this follows what a lab's fork server holds before the first student's code, which topics of
labkit a lab uses, and which libraries can change its marks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.model.exam import Exam
from autograder.workspace.course import Lab
from autograder.workspace.topics import known_topics

__all__ = ["imported", "imported_by", "libraries", "topics_in", "warm_modules"]


def imported(code: str) -> list[str]:
    """What ``code`` imports, wherever in it, in its order; nothing if it does not parse.

    Returns:
        Names as the fork server takes them: ``"x.y"`` for ``import x.y``, ``"x.y:z"`` for
        ``from x.y import z``. Imports from the code's own package (``from . import z``) are left
        out.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return []
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # a star stands for whatever the module offers: the module itself has to do
            names = [alias.name for alias in node.names if alias.name != "*"]
            found += [f"{node.module}:{name}" for name in names] or [node.module]
    return list(dict.fromkeys(found))


def imported_by(paths: Iterable[Path]) -> list[str]:
    """What Python files import, and those below folders; see :func:`imported`."""
    found: list[str] = []
    for path in _files(paths):
        found += imported(path.read_text(encoding="utf-8"))
    return list(dict.fromkeys(found))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.py"))
        elif path.is_file():
            yield path


def warm_modules(exam: Exam, lab: Lab) -> tuple[str, ...]:
    """What a lab's fork server imports, once for all students: what the exam does, and `preload`.

    Answers count for nothing here: what they import is the students' own business.
    """
    found: list[str] = []
    for step in exam.steps:
        if step.kind != "answer":
            found += imported(step.code)
    return tuple(dict.fromkeys([*found, *lab.preload]))


def topics_in(names: Iterable[str]) -> set[str]:
    """The topics of labkit among imported names, ``"labkit.music:load_tunes"`` for example."""
    known = known_topics()
    found: set[str] = set()
    for name in names:
        package, *rest = name.replace(":", ".").split(".")
        if package == "labkit" and rest and rest[0] in known:
            found.add(rest[0])
    return found


def libraries(names: Iterable[str]) -> set[str]:
    """The top-level modules of imported names."""
    return {name.partition(":")[0].partition(".")[0] for name in names}
