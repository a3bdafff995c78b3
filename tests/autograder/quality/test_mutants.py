"""Mutants: small mistakes in the reference answers, made systematically, which hidden tests must
catch."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from autograder.model.errors import ContentError
from autograder.model.outcome import ExamFailure
from autograder.quality.mutants import PER_TODO, check_mutants, make_mutants
from autograder.running.engine import Engine, Job
from autograder.workspace.course import Course
from tests.classroom import LAB
from tests.tiny import SOURCE

CASES = {
    "return a + b": ["return a - b", "return"],
    "return a / b": ["return a * b", "return"],
    "return a // b": ["return a * b", "return"],
    "return a @ b": ["return a * b", "return"],
    "return a ** b": ["return a * b", "return"],
    "return a < b": ["return a <= b", "return"],
    "return a >= b": ["return a > b", "return"],
    "return a == b": ["return a != b", "return"],
    "return a and b": ["return a or b", "return"],
    "return not a": ["return not (not a)", "return"],
    "return -a": ["return +a", "return"],
    "return 3": ["return 4", "return"],
    "return 0.5": ["return 2.0", "return"],
    "return True": ["return False", "return"],
    "return f(a, axis=b)": ["return f(a)", "return"],
    "return f(**a)": ["return"],
    "return 'text'": ["return"],
    "x = a": [],
}


@pytest.mark.parametrize("line", CASES)
def test_each_mistake_is_made_once_at_each_place(line: str) -> None:
    """Operators, comparisons, constants, keywords, signs and returned values, and nothing else."""
    mutants = make_mutants("f", f"def f(a, b):\n    {line}")
    wanted = [ast.unparse(ast.parse(f"def f(a, b):\n    {body}")) for body in CASES[line]]
    assert sorted(mutant.code for mutant in mutants) == sorted(wanted)


def test_mutants_are_different_from_the_reference_and_from_each_other() -> None:
    """Docstrings are no code: neither mutated nor counted as a difference."""
    code = 'def f(a):\n    """One plus 1."""\n    b = a + 1 + 1\n    return b if b > 2 else -b'
    mutants = make_mutants("f", code, limit=100)
    codes = [mutant.code for mutant in mutants]
    reference = ast.unparse(ast.parse(code.replace('"""One plus 1."""\n    ', "")))
    assert len(set(codes)) == len(codes) >= 8
    assert reference not in codes
    assert all('"""' not in mutant for mutant in codes)
    for mutant in codes:
        compile(mutant, "mutant", "exec")


def test_names_are_unique_also_at_one_place() -> None:
    """Two additions in a row begin at the same column; each has a name by which it can be listed as
    equivalent."""
    mutants = make_mutants("f", "def f(a):\n    return a + a + a", limit=100)
    names = [mutant.description for mutant in mutants]
    assert len(set(names)) == len(names)
    assert "line 2, column 11: Add becomes Sub" in names
    assert "line 2, column 11: Add becomes Sub (2)" in names


def test_there_are_not_too_many_and_always_the_same() -> None:
    """A long answer gives at most twelve, drawn with a fixed seed."""
    code = (
        "def f(a):\n"
        + "\n".join(f"    a = a + {number} * a" for number in range(40))
        + "\n    return a"
    )
    mutants = make_mutants("f", code)
    assert len(mutants) == PER_TODO
    assert mutants == make_mutants("f", code)


def test_an_empty_body_stays_valid() -> None:
    """A function that holds only a docstring can still be mutated around."""
    assert all(ast.parse(m.code) for m in make_mutants("f", 'class A:\n    """Doc."""\n\n\nx = 1'))


def test_good_tests_catch_every_mutant(tiny: Course) -> None:
    """The hidden tests of the tiny lab do; progress counts the exams."""
    seen: list[tuple[int, int]] = []
    found = check_mutants(Engine(tiny, LAB), lambda *row: seen.append(row))
    assert {mutant.todo for mutant in found.tried} == {"double", "total", "dice"}
    assert found.survivors == []
    assert found.excused == {}
    assert found.stale == []
    assert seen[-1][0] == seen[-1][1] == len(seen)


WEAK = SOURCE.replace("given = rng_for(seed).normal(size=5)", "given = np.zeros(5) + 0 * seed")


def test_weak_tests_let_mutants_survive_and_each_is_named(tiny: Course) -> None:
    """Twice 0 is 0 whatever the factor is: the mutants that stay are listed, unless a reason is
    given."""
    tiny.source_text(LAB).write_text(WEAK)
    engine = Engine(tiny, LAB)
    survivors = check_mutants(engine).survivors
    names = {f"{mutant.todo}: {mutant.description}" for mutant in survivors}
    line = next(
        i
        for i, text in enumerate(engine.exam.todos["double"].reference.splitlines(), 1)
        if "return" in text
    )
    assert names == {
        f"double: line {line}, column 11: Mult becomes Div",
        f"double: line {line}, column 27: 2.0 becomes 5.0",
    }
    rows = ["# %% equivalent: line 99, column 1: Add becomes Sub · gone long ago"]
    for mutant in survivors[:1]:
        rows.append(f"# %% equivalent: {mutant.description} · only zeros are asked for")
    tiny.answers(LAB).mkdir(parents=True)
    (tiny.answers(LAB) / "double.py").write_text("\n".join(rows))
    found = check_mutants(engine)
    assert found.survivors == survivors[1:]
    assert list(found.excused.values()) == ["only zeros are asked for"]
    assert found.stale == ["double: line 99, column 1: Add becomes Sub"]


def test_a_broken_list_of_equivalents_is_named(tiny: Course) -> None:
    """Code below the headline: one sentence with file and line."""
    tiny.answers(LAB).mkdir(parents=True)
    text = "# %% equivalent: line 2, column 1: Add becomes Sub · why\n\nreturn 1\n"
    (tiny.answers(LAB) / "double.py").write_text(text)
    with pytest.raises(ContentError) as caught:
        check_mutants(Engine(tiny, LAB))
    (problem,) = caught.value.problems
    assert problem.startswith("answers/double.py, line 1: an equivalent mutant is a headline")


def test_only_todos_with_a_mutant_are_tested(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exam has no other test than those of its mutants: the others prove nothing."""
    engine = Engine(tiny, LAB)
    real, jobs = engine.examine, []

    def watched(wanted: list[Job], done: object = None) -> list[Any]:
        jobs.extend(wanted)
        return real(wanted, done)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "examine", watched)
    tried = check_mutants(engine).tried
    assert sum(len(job.only or ()) for job in jobs) == len(tried)
    for job in jobs:
        changed = {m.todo for m in tried if job.answers.answers[m.todo] == m.code}
        assert job.only == changed


def test_a_grader_that_fails_is_an_error(tiny: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant is not caught by an exam that did not run."""
    monkeypatch.setattr(
        Engine, "examine", lambda self, jobs, done=None: [ExamFailure("no kernel") for _ in jobs]
    )
    with pytest.raises(ContentError, match="no kernel"):
        check_mutants(Engine(tiny, LAB))
