"""Whoever fills in hint 3 as it stands has the check's ✓ and all points.

The completions are in ``solutions/L/tests/hints.toml``, one for each TODO. A lab joins these tests
by having that file.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest

from autograder.authoring.source import read_source
from autograder.model.outcome import finished
from autograder.model.submission import Job
from autograder.notebooks.roles import Role, cell_name, role_of
from autograder.running.engine import Engine
from autograder.workspace.course import load_course
from tests.labs.visible import read_sheet

COURSE = load_course()
FILES = {lab.id: COURSE.root / f"solutions/{lab.id}/tests/hints.toml" for lab in COURSE.labs}
LABS = [lab for lab, path in FILES.items() if path.exists()]

HINT = re.compile(r"<summary>Hint 3.*?</summary>(.*?)</details>", re.DOTALL)
CODE = re.compile(r"```python\n(.*?)```|`([^`]+)`", re.DOTALL)

pytestmark = pytest.mark.parametrize("lab", LABS)


@cache
def completions(lab: str) -> dict[str, str]:
    return tomllib.loads(FILES[lab].read_text("utf-8"))


def test_each_completion_is_its_hint_filled_in(lab: str) -> None:
    """Every piece of code between two ellipses of the hint stands in it, in this order."""
    found = hints(lab)
    assert found.keys() == completions(lab).keys()
    missing = {todo: lacking(found[todo], completions(lab)[todo]) for todo in found}
    assert {todo: pieces for todo, pieces in missing.items() if pieces} == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_completed_hint_passes_the_check(lab: str) -> None:
    said = read_sheet(lab, COURSE).say({todo: [code] for todo, code in completions(lab).items()})
    first = {todo: rows[0][0] for todo, rows in said.items()}
    assert {todo: one.text for todo, one in first.items() if one.sign != "✓"} == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_completed_hint_earns_everything(lab: str, course: Any) -> None:
    engine = Engine(course, lab)
    (ended,) = engine.examine([Job("hints", engine.solution(**completions(lab)))])
    outcome = finished(ended)
    assert {name: todo.failed for name, todo in outcome.todos.items() if todo.failed} == {}
    assert outcome.points == engine.exam.max_points


def hints(lab: str) -> dict[str, str]:
    """Hint 3 of each TODO, from the text above its answer cell."""
    found: dict[str, str] = {}
    above = ""
    for cell in read_source(COURSE, COURSE.lab(lab)).cells:
        if cell.cell_type == "markdown":
            above += cell.source
        elif role_of(cell) is Role.ANSWER:
            found[cell_name(cell)] = HINT.findall(above)[-1]
            above = ""
    return found


def lacking(hint: str, code: str) -> list[str]:
    """The pieces of a hint's code that are not in ``code`` where they belong; blanks are equal."""
    blocks = [block or inline for block, inline in CODE.findall(hint)]
    pieces = re.split(r"…|\.\.\.", "…".join(blocks))
    rest = without_blanks(code)
    missing = []
    for piece in filter(None, map(without_blanks, pieces)):
        _, found, after = rest.partition(piece)
        if not found:
            missing.append(piece)
        rest = after if found else rest
    return missing


def without_blanks(code: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"#.*", "", code))
