"""The code can be read: short functions, one comprehension per statement, circles nowhere."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograder", "labkit")
LONGEST_FUNCTION = 45
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def modules(package: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of a package: its path below the repository, and its syntax tree."""
    for path in sorted((ROOT / package).rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def own_parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of the statements inside it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(statement))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


@pytest.mark.parametrize("package", PACKAGES)
def test_at_most_one_comprehension_per_statement(package: str) -> None:
    """A statement with two loops in it has to be read twice."""
    crowded = []
    for name, tree in modules(package):
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt):
                loops = sum(isinstance(part, COMPREHENSIONS) for part in own_parts(node))
                crowded += [f"{name}:{node.lineno}"] if loops > 1 else []
    assert crowded == []


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short(package: str) -> None:
    """A function fits on a screen, its docstring included."""
    long = []
    for name, tree in modules(package):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{name}:{node.name} ({lines})"] if lines > LONGEST_FUNCTION else []
    assert long == []


def test_packages_point_one_way() -> None:
    """No import upwards, no circle between packages or files: the contracts in pyproject.toml."""
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
