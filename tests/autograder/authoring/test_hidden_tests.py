"""Cases of a hidden test run in a function of their own and mean there what they mean outside."""

from __future__ import annotations

import ast
from typing import Any

import nbformat
import pytest

from autograder.authoring.hidden_tests import OFFERED, as_function, problems, runnable
from autograder.notebooks.regions import hidden_part, public_part
from autograder.running.engine import Engine
from labkit.probes import collected

CASES = """
numbers = [1, 2]


def twice(x):
    '''Twice x.

      A line further right.
    '''
    return 2 * x


for number in numbers:
    with case(f"number {number}", hint="Twice."):
        probe("text", f'''a
  b {
        number
  } c''')
        probe("twice", twice(number), compare=close(1e-3, 0))
"""


def reported(code: str, names: dict[str, Any] | None = None) -> list[Any]:
    """The cases that code reports, without their times."""
    with collected() as reports:
        exec(compile(code, "test", "exec"), {} if names is None else names)
    return [{**report, "seconds": 0} for report in reports]


def test_cases_report_the_same_as_without_the_function() -> None:
    """Texts over several lines keep every space, and what is used is imported."""
    plain = "from labkit.probes import case, close, probe\n" + CASES
    assert reported(as_function(CASES, "twice")) == reported(plain)
    assert "    from labkit.probes import case, close, probe\n" in as_function(CASES, "twice")


def test_no_name_of_a_test_is_left_behind() -> None:
    """Neither the names of the cases, nor what they report with, nor the function."""
    names: dict[str, Any] = {"numbers": "mine", "case": "mine too"}
    reported(as_function(CASES, "a-b"), names)
    assert names.keys() - {"__builtins__"} == {"numbers", "case"}
    assert (names["numbers"], names["case"]) == ("mine", "mine too")


NEEDED = {
    "probe(1, 2)": "probe",
    "def f():\n    with case(1):\n        probe(1, 2)": "case, probe",
    "[probe(1, x) for x in counts([1], 2)]": "counts, probe",
    "from labkit.probes import probe\nprobe(1, case)": "case",
    "import a as case\ncase": "",
    "def outcome(): pass\noutcome()": "",
    "def f(counts):\n    equal = 1\n    return counts, equal": "",
    "def f(counts):\n    return counts\ncounts([1], 1)": "counts",
    "x.probe(1)": "",
    "encode(1); MIME": "",  # no words for hidden tests
    "x = 1": "",
}


@pytest.mark.parametrize("code", NEEDED)
def test_what_is_used_and_not_bound_is_imported(code: str) -> None:
    """An author's own import or name wins, and a name inside a function hides none outside."""
    line = f"from labkit.probes import {NEEDED[code]}" if NEEDED[code] else ""
    lines = [line.strip() for line in as_function(code, "a").splitlines()]
    assert [text for text in lines if text.startswith("from labkit") and text not in code] == (
        [line] if line else []
    )


def test_the_offered_names_are_words_of_tests() -> None:
    """What records and sends reports is none of them."""
    assert {"case", "probe", "case_rng", "outcome", "evaluate", "distribution"} <= OFFERED
    assert not {"record_comparators", "begin_test", "collected", "encode", "MIME"} & OFFERED


def test_an_older_test_with_its_own_function_still_works() -> None:
    """Import, function and call by hand: one function inside another, and the same reports."""
    body = "".join(f"    {line}\n" for line in ["numbers = [1, 2]", "with case('a'):"])
    older = "from labkit.probes import case, probe\n\n\ndef _test_a():\n"
    older += body + "        probe('b', 3)\n\n\n_test_a()\n"
    assert reported(as_function(older, "a")) == reported(older)


def test_code_that_is_no_python_is_left_to_others() -> None:
    """The exam says what is wrong with it; here it only must not raise."""
    for code in ("for x on y:", "'''open", "  x\n y", "(" * 300):
        assert list(problems(code)) == []
        with pytest.raises((SyntaxError, MemoryError)):
            ast.parse(as_function(code, "a"))


def test_a_source_notebook_runs_by_itself(tiny_engine: Engine) -> None:
    """What nbgrader keeps as its source has whole functions, and the same public parts."""
    made = runnable(tiny_engine.source)
    for before, after in zip(tiny_engine.source.cells, made.cells, strict=True):
        hidden = hidden_part(before.source) if before.cell_type == "code" else ""
        assert public_part(after.source) == public_part(before.source)
        if hidden:
            answer = before.id.removeprefix("test_")
            assert hidden_part(after.source) == as_function(hidden, answer)
        else:
            assert after.source == before.source


def test_several_regions_become_one_function_in_the_last() -> None:
    """It runs where all that is public has run."""
    begin, end = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
    source = f"a\n{begin}\nb = 1\n{end}\nc\n{begin}\nprobe(1, b)\n{end}\nd"
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade": True, "grade_id": "test_a"}
    (made,) = runnable(nbformat.v4.new_notebook(cells=[cell])).cells
    first, last = made.source.split("\nc\n")
    assert first == f"a\n{begin}\n{end}"
    whole = as_function("b = 1\nprobe(1, b)", "a")
    assert last == f"{begin}\n{whole}\n{end}\nd"
