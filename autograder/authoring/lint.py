"""Rules that every source notebook obeys; each is one function that yields what is wrong."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from autograder.model.errors import ContentError
from autograder.notebooks.names import lasting_names
from autograder.notebooks.regions import Region, hidden_part, public_part
from autograder.notebooks.roles import Role, cell_name, is_marked_by_hand, role_of, settings_of

__all__ = ["RULES", "lint"]

MAX_CODE_LINES = 300
"""Code lines of a lab: without comments, docstrings, blank lines and hidden tests."""

FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PICTURE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt=[\"'][^\"'])")

PROBES = ("probe", "case")
GENERATORS = {"default_rng", "RandomState", "Generator"}

Rule = Callable[[Any], Iterator[str]]


def lint(notebook: Any) -> list[str]:
    """Everything that breaks a rule, in the order of the rules."""
    return [problem for rule in RULES for problem in rule(notebook)]


def one_title(notebook: Any) -> Iterator[str]:
    """One H1, in the first cell."""
    titles = [
        (index, line)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for line in FENCED.sub("", cell.source).splitlines()
        if line.startswith("# ")
    ]
    if len(titles) != 1 or titles[0][0] != 0:
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
        elif _is_answer(cell):
            if hints < 3:
                yield f'TODO "{cell_name(cell)}" has {hints} hints above it; three are wanted.'
            hints = 0


def answers_have_docstrings(notebook: Any) -> Iterator[str]:
    """Functions and classes of an answer tell shapes and units in a docstring outside the
    solution."""
    for cell in filter(_is_answer, notebook.cells):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node):
                yield f'TODO "{cell_name(cell)}": {node.name} has no docstring.'


def public_tests_are_guarded(notebook: Any) -> Iterator[str]:
    """The public part of a test calls student code only inside ``with check``."""
    answers: set[str] = set()
    for cell in notebook.cells:
        if _is_answer(cell):
            answers |= lasting_names(cell.source)
        if not _is_test(cell):
            continue
        public = public_part(cell.source)
        try:
            body = ast.parse(public).body
        except SyntaxError:
            continue
        if not any(
            isinstance(node, ast.With) and ast.unparse(node).startswith("with check(")
            for node in body
        ):
            yield f'Test "{cell_name(cell)}" has no public check.'
        for node in body:
            called = {
                n.func.id
                for n in ast.walk(node)
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
            }
            for name in sorted(called & answers):
                if not isinstance(node, ast.With | ast.FunctionDef):
                    yield f'Test "{cell_name(cell)}", line {node.lineno}: call {name} inside "with check(...)".'


def hidden_tests_import_probes(notebook: Any) -> Iterator[str]:
    """The hidden part stands on its own: it imports what it reports with."""
    for cell in notebook.cells:
        if _is_test(cell) and "from labkit.probes import" not in hidden_part(cell.source):
            yield f'Test "{cell_name(cell)}": its hidden part must import case and probe from labkit.probes.'


def probes_are_called_by_name(notebook: Any) -> Iterator[str]:
    """``probe`` and ``case`` are called under their own names, else what only the key may know
    would not be cut out."""
    for cell, tree in _hidden_trees(notebook):
        renamed = [
            a for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if a.asname
        ]
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        passed = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.Name) and n.id in PROBES and id(n) not in called
        ]
        if passed or any(alias.name in PROBES for alias in renamed):
            yield f'Test "{cell_name(cell)}": call probe and case under their own names, and pass them to nothing.'


def cases_have_their_own_chance(notebook: Any) -> Iterator[str]:
    """No generator outlives a case: one that fails would shift what the next ones draw."""
    for cell, tree in _hidden_trees(notebook):
        tests = [node.body for node in tree.body if isinstance(node, ast.FunctionDef)]
        for node in (
            node for body in (tree.body, *tests) for node in body if isinstance(node, ast.Assign)
        ):
            made = {
                part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)
            } & GENERATORS
            for name in sorted(made):
                yield f'Test "{cell_name(cell)}", line {node.lineno} of the hidden part: case_rng(seed) instead of {name}.'


def pictures_have_alt_text(notebook: Any) -> Iterator[str]:
    """No picture without words."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and PICTURE_WITHOUT_WORDS.search(cell.source):
            yield f'Cell "{cell_name(cell)}": a picture has no alt text.'


def code_is_short(notebook: Any) -> Iterator[str]:
    """A lab is read in one sitting."""
    lines = sum(_code_lines(cell) for cell in notebook.cells if cell.cell_type == "code")
    if lines > MAX_CODE_LINES:
        yield f"The lab has {lines} code lines; at most {MAX_CODE_LINES} are wanted."


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
    public_tests_are_guarded,
    hidden_tests_import_probes,
    probes_are_called_by_name,
    cases_have_their_own_chance,
    pictures_have_alt_text,
    code_is_short,
    ends_with_hand_in,
)


def check_lint(lab: str, notebook: Any) -> None:
    """Raise :class:`ContentError` with every broken rule."""
    problems = lint(notebook)
    if problems:
        raise ContentError(f"The source of {lab} breaks {len(problems)} rules.", problems)


def _code_lines(cell: Any) -> int:
    source = public_part(cell.source)
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return len(source.splitlines())
    documented = (ast.FunctionDef, ast.ClassDef, ast.Module)
    strings = [
        node.body[0]
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node)
    ]
    inside = {
        line
        for node in strings
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    numbered = enumerate(source.splitlines(), start=1)
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and n not in inside
        for n, line in numbered
    )


def _is_answer(cell: Any) -> bool:
    return role_of(cell) is Role.ANSWER and not is_marked_by_hand(cell)


def _hidden_trees(notebook: Any) -> Iterator[tuple[Any, ast.Module]]:
    """Each test cell with its hidden part, as far as it is Python."""
    for cell in filter(_is_test, notebook.cells):
        with contextlib.suppress(SyntaxError):
            yield cell, ast.parse(hidden_part(cell.source))


def _is_test(cell: Any) -> bool:
    return role_of(cell) is Role.TEST
