"""Rules that every source notebook obeys; each is one function that yields what is wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from autograder.authoring.imports import imported, topics_in
from autograder.authoring.lint_tests import TEST_RULES, is_answer, is_test
from autograder.model.errors import ContentError
from autograder.notebooks.regions import Region, hidden_part, public_part
from autograder.notebooks.roles import cell_name, settings_of
from autograder.workspace.course import LAB_FILE, Lab

__all__ = ["RULES", "check_lint", "lint"]

MAX_STATEMENTS = 240
"""Statements of a lab's code, without docstrings and tests; a line of code each, however long lines
may be."""

MAX_CHECKS = 240
"""Statements of all its visible checks."""

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PICTURE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt=[\"'][^\"'])")

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

Rule = Callable[[Any], Iterator[str]]


def lint(lab: Lab, notebook: Any) -> list[str]:
    """Everything that breaks a rule, in the order of the rules."""
    problems = list(topics_are_listed(lab, notebook))
    for rule in RULES:
        problems += rule(notebook)
    return problems


def topics_are_listed(lab: Lab, notebook: Any) -> Iterator[str]:
    """Each topic of labkit that a lab imports or preloads stands in its ``lab.toml``.

    A student's process sees the data of these topics, and a key depends on these and no others.
    """
    for topic in sorted(topics_in(lab.preload) - set(lab.topics)):
        yield f'preload of {LAB_FILE} names labkit.{topic}: add "{topic}" to topics there.'
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for topic in sorted(topics_in(imported(cell.source)) - set(lab.topics)):
                yield (
                    f'Cell "{cell_name(cell)}" imports labkit.{topic}: add "{topic}" to topics in '
                    f"{LAB_FILE}."
                )


def one_title(notebook: Any) -> Iterator[str]:
    """One H1, in the first cell."""
    titles: list[int] = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            # a comment in an example looks like a heading and is none
            lines = FENCED.sub("", cell.source).splitlines()
            titles += [index for line in lines if line.startswith("# ")]
    if titles != [0]:
        yield f"There must be one H1, in the first cell; there are {len(titles)}."


def regions_are_closed(notebook: Any) -> Iterator[str]:
    """Every BEGIN has its END, in cells that may have it."""
    for cell in notebook.cells:
        name = cell_name(cell)
        for region in Region:
            marks = re.findall(f"{region.begin}|{region.end}", cell.source)
            if marks != [region.begin, region.end] * (len(marks) // 2):
                yield f'Cell "{name}": {region.begin} and {region.end} do not pair up.'
        keys = cell.source.count(Region.KEY.begin)
        if keys != hidden_part(cell.source).count(Region.KEY.begin):
            yield f'Cell "{name}": {Region.KEY.begin} stands outside the hidden tests.'
        settings = settings_of(cell)
        if Region.SOLUTION.begin in cell.source and not settings.solution:
            yield f'Cell "{name}" holds a solution but is not marked "solution": true.'
        if Region.HIDDEN_TESTS.begin in cell.source and not settings.grade:
            yield f'Cell "{name}" holds hidden tests but is not marked "grade": true.'


def code_is_python(notebook: Any) -> Iterator[str]:
    """Code cells are plain Python: no magics, so that they run anywhere."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                yield f'Cell "{cell_name(cell)}", line {error.lineno}: {error.msg}.'


def answers_have_hints(notebook: Any) -> Iterator[str]:
    """Three collapsible hints stand in the Markdown above each TODO."""
    hints = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            hints += cell.source.count("<details>")
            if cell.source.count("<details>") != cell.source.count("</details>"):
                yield f'Cell "{cell_name(cell)}": a <details> is not closed.'
        elif is_answer(cell):
            if hints < 3:
                yield f'TODO "{cell_name(cell)}" has {hints} hints above it; three are wanted.'
            hints = 0


def answers_have_docstrings(notebook: Any) -> Iterator[str]:
    """Functions and classes of an answer tell shapes and units in a docstring outside the
    solution."""
    for cell in filter(is_answer, notebook.cells):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node):
                yield f'TODO "{cell_name(cell)}": {node.name} has no docstring.'


def pictures_have_alt_text(notebook: Any) -> Iterator[str]:
    """No picture without words."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and PICTURE_WITHOUT_WORDS.search(cell.source):
            yield f'Cell "{cell_name(cell)}": a picture has no alt text.'


def code_is_short(notebook: Any) -> Iterator[str]:
    """A lab is read in one sitting; of its visible checks only what they say is read."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    checks = [cell for cell in code if is_test(cell)]
    read = [cell for cell in code if not is_test(cell)]
    for what, limit, cells in (
        ("The lab has {} statements of code", MAX_STATEMENTS, read),
        ("The visible checks have {} statements", MAX_CHECKS, checks),
    ):
        statements = sum(map(_statements, cells))
        if statements > limit:
            yield f"{what.format(statements)}; at most {limit} are wanted."


def ends_with_hand_in(notebook: Any) -> Iterator[str]:
    """The last cell tells how to hand in."""
    last = notebook.cells[-1] if notebook.cells else None
    if last is None or last.cell_type != "markdown" or "hand in" not in last.source.lower():
        yield "The last cell must be Markdown that tells how to hand in."


RULES: tuple[Rule, ...] = (
    one_title,
    regions_are_closed,
    code_is_python,
    answers_have_hints,
    answers_have_docstrings,
    *TEST_RULES,
    pictures_have_alt_text,
    code_is_short,
    ends_with_hand_in,
)


def check_lint(lab: Lab, notebook: Any) -> None:
    """Raise :class:`ContentError` with every broken rule."""
    problems = lint(lab, notebook)
    if problems:
        raise ContentError(f"The source of {lab.id} breaks {len(problems)} rules.", problems)


def _statements(cell: Any) -> int:
    """The statements of a cell that students read: no docstring, and no hidden test."""
    try:
        nodes = list(ast.walk(ast.parse(public_part(cell.source))))
    except SyntaxError:
        return 0  # another rule says so
    statements = sum(isinstance(node, ast.stmt) for node in nodes)
    documented = (node for node in nodes if isinstance(node, DOCUMENTED))
    return statements - sum(bool(ast.get_docstring(node)) for node in documented)
