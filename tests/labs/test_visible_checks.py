"""✓ means right, ✗ not yet, ○ untouched: the visible checks of a lab, tried on its whole answer
bank.

A wrong answer that the checks let pass stands, with its reason, in ``solutions/L/tests/unseen.toml``.
A lab joins these tests by having that file.
"""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache

import nbformat
import pytest

from autograder.quality.answer_file import read_answers
from autograder.workspace.course import load_course
from tests.labs.visible import Sheet, read_sheet

COURSE = load_course()
LISTS = {lab.id: COURSE.root / f"solutions/{lab.id}/tests/unseen.toml" for lab in COURSE.labs}
LABS = [lab for lab, path in LISTS.items() if path.exists()]
MOST_UNSEEN = 0.05

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.parametrize("lab", LABS)]


@cache
def sheet_of(lab: str) -> Sheet:
    return read_sheet(lab, COURSE)


def test_a_tick_means_right(lab):
    """Every right answer of the bank passes; every wrong one fails, or is listed with a reason."""
    sheet, unseen = sheet_of(lab), tomllib.loads(LISTS[lab].read_text("utf-8"))
    references = {name: todo.reference for name, todo in sheet.exam.todos.items()}
    bank = read_answers(COURSE.answers(lab), references).entries
    codes: dict[str, list[str]] = {}
    for entry in bank:
        codes.setdefault(entry.todo, [sheet.exam.todos[entry.todo].reference]).append(entry.code)
    said = sheet.say(codes)
    heard = {}
    for todo, rows in said.items():
        names = [f"{todo}/reference"] + [entry.name for entry in bank if entry.todo == todo]
        heard.update(zip(names, (row[0] for row in rows), strict=True))
    wrong = [entry.name for entry in bank if entry.kind == "wrong"]
    assert [f"{n}: {heard[n].text}" for n in heard if n not in wrong and heard[n].sign != "✓"] == []
    assert sorted(name for name in wrong if heard[name].sign != "✗") == sorted(unseen)
    assert len(unseen) <= MOST_UNSEEN * len(wrong)


def test_a_circle_means_untouched(lab):
    """Every released cell says ○, and says it again after a comment was written into it."""
    sheet = sheet_of(lab)
    released = nbformat.read(COURSE.released(lab), as_version=4)
    cells = {cell.id: cell.source for cell in released.cells}
    codes = {
        todo: [cells[todo], cells[todo].replace("# YOUR CODE HERE", "# YOUR CODE HERE\n# hm")]
        for todo in sheet.exam.todos
    }
    said = sheet.say(codes)
    assert [
        f"{todo}: {row[0].text}" for todo in said for row in said[todo] if row[0].sign != "○"
    ] == []


def test_a_forgotten_return_is_a_mistake(lab):
    """Without `return`, a right answer is ✗, in the words of the check."""
    sheet = sheet_of(lab)
    codes = {}
    single = set()
    for todo, known in sheet.exam.todos.items():
        silent, count = without_returns(known.reference)
        if count:
            codes[todo] = [silent]
        if count == 1:
            single.add(todo)
    said = {todo: row[0][0] for todo, row in sheet.say(codes).items() if row}
    assert {todo: one.text for todo, one in said.items() if one.sign != "✗"} == {}
    # With more than one, what stands behind the first is run, and may fail in words of its own.
    unnamed = [t for t in single if not re.search("return|None", said[t].text)]
    assert {todo: said[todo].text for todo in unnamed} == {}


def test_a_raise_above_an_answer_has_to_go(lab):
    """The placeholder's `raise` above a right answer is ✗ with the advice to delete the line."""
    sheet = sheet_of(lab)
    codes = {}
    for todo, known in sheet.exam.todos.items():
        barred = with_raise(known.reference)
        if barred:
            codes[todo] = [barred]
    said = {todo: row[0][0] for todo, row in sheet.say(codes).items() if row}
    assert {t: one.text for t, one in said.items() if "Delete the line" not in one.text} == {}


def without_returns(code: str) -> tuple[str, int]:
    """The same code with a bare expression for each `return`, and how many there were."""
    silenced = _Silence()
    changed = silenced.visit(ast.parse(code))
    return ast.unparse(ast.fix_missing_locations(changed)), silenced.count


class _Silence(ast.NodeTransformer):
    count = 0

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.count += 1
        return ast.Expr(node.value or ast.Constant(None))


def with_raise(code: str) -> str:
    """The same code with the placeholder's `raise` as the first statement of its last function."""
    tree = ast.parse(code)
    last = tree.body[-1]
    methods = [last, *getattr(last, "body", [])]
    functions = [node for node in methods if isinstance(node, ast.FunctionDef)]
    if not functions:
        return ""
    body = functions[-1].body
    text = 'raise NotImplementedError("TODO: not attempted yet")'
    body.insert(1 if ast.get_docstring(functions[-1]) else 0, ast.parse(text).body[0])
    return ast.unparse(ast.fix_missing_locations(tree))
