"""Tables for the terminal: every state has a sign, hostile names stay text, nothing is lost."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from autograder.cli.tables import SIGNS, grade_table, result_table, verify_table
from autograder.model.grade_report import Change, GradeReport
from autograder.model.result import CaseResult, Result, Status, TodoResult, TodoState
from autograder.model.verification import Check, Verified

STATES = ["correct", "partial", "incorrect", "not attempted", "error", "timeout", "killed"]


def shown(*parts: Any) -> str:
    """What stands in a wide terminal without colours."""
    out = io.StringIO()
    Console(file=out, width=200, no_color=True).print(*parts)
    return out.getvalue()


def graded(**changes: Any) -> Result:
    """A result with one TODO in each state."""
    cases = (CaseResult("one", False, "look here"), CaseResult("two", True))
    todos = {
        f"todo_{number}": TodoResult(1.5, 2, TodoState(state), 0.1, f"about {number}", cases)
        for number, state in enumerate(STATES)
    }
    result = Result(
        lab="tiny",
        student="ada",
        status=Status.GRADED,
        points=10.5,
        max_points=14.0,
        sandbox="none",
        seconds=3.21,
        repairs=("Restored 2 cells.",),
        incidents=("one", "two"),
        todos=todos,
    )
    return replace(result, **changes)


def test_every_state_of_the_contract_has_a_sign_of_its_own() -> None:
    """Signs are told apart without colours, and a legend names them."""
    assert list(SIGNS) == STATES
    plain = [shown(sign).strip() for sign in SIGNS.values()]
    assert len(set(plain)) == len(plain)
    text = shown(grade_table(GradeReport("tiny", [graded()])))
    legend = " ".join(text.split())
    assert all(f"{sign} {state}" in legend for sign, state in zip(plain, STATES, strict=True))
    assert "".join(plain) in text


def test_a_row_per_student() -> None:
    """Points, time, how many repairs and incidents; and why somebody has no points."""
    rows = [graded(), Result.not_gradable("tiny", "ben", "This is a Word file.")]
    text = shown(grade_table(GradeReport("tiny", rows, seconds=12.3)))
    assert "tiny: 2 submissions in 12.3 s" in text
    ada = next(line for line in text.splitlines() if "ada" in line)
    assert all(part in ada for part in ("10.5 / 14", "3.2 s", "1 repair", "2 incidents"))
    assert "not gradable: ben: This is a Word file." in text


def test_a_narrow_terminal_loses_no_sign() -> None:
    """The state of every TODO stays on its line in 80 columns; a long reason is told whole."""
    reason = "This is a Word file: hand in the notebook, please. " * 4
    rows = [graded(), Result.not_gradable("tiny", "ben", reason)]
    out = io.StringIO()
    Console(file=out, width=80, no_color=True).print(grade_table(GradeReport("tiny", rows)))
    signs = "".join(shown(sign).strip() for sign in SIGNS.values())
    assert any("ada" in line and signs in line for line in out.getvalue().splitlines())
    assert " ".join(reason.split()) in " ".join(out.getvalue().split())


def test_changed_marks_are_told() -> None:
    """Before, after, and the TODO that made the difference."""
    report = GradeReport(
        "tiny", [graded()], changes=[Change("ada", 8.0, 6.5, {"double": (2.0, 0.5)})]
    )
    assert "mark changed: ada: 8 → 6.5 (double 2 → 0.5)" in shown(grade_table(report))
    report = GradeReport("tiny", [graded()], changes=[Change("ada", None, 6.5, {})])
    assert "mark changed: ada: not gradable → 6.5" in shown(grade_table(report))


def test_one_notebook_tells_why() -> None:
    """Each TODO with its message and each failed case; repairs and incidents below."""
    text = shown(*result_table(graded()))
    assert "tiny: 10.5 of 14 points" in text
    assert text.count("one: look here") == 7
    assert "two:" not in text.split("repaired")[0]
    assert "about 3" in text
    assert "repaired: Restored 2 cells." in text
    assert "incident: two" in text
    assert "Not gradable: Empty." in shown(
        *result_table(Result.not_gradable("tiny", "x", "Empty."))
    )
    assert "repaired" not in shown(*result_table(graded(repairs=(), incidents=())))


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/]", "a[bold", "\\[x]"])
def test_names_with_brackets_stay_text(name: str) -> None:
    """A student's file name is no markup and breaks no table."""
    rows = [graded(student=name), Result.not_gradable("tiny", name, name)]
    text = shown(grade_table(GradeReport("tiny", rows)))
    assert text.count(name) == 3
    assert name in shown(*result_table(graded(repairs=(name,))))
    assert name in shown(verify_table(Verified("tiny", [Check("a", False, name, [name])])))


def test_checks_are_listed_with_their_problems() -> None:
    """What holds, what does not, and why."""
    checks = [Check("one", True, "fine"), Check("two", False, "bad", ["first", "second"])]
    text = shown(verify_table(Verified("tiny", checks)))
    assert "tiny: not everything holds" in " ".join(text.split())
    assert "✓" in text
    assert "✗" in text
    assert "· second" in text
    assert "tiny: everything holds" in " ".join(
        shown(verify_table(Verified("tiny", checks[:1]))).split()
    )
