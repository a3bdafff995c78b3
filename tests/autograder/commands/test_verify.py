"""verify: everything that must hold for a lab, tried; what does not is a failed check with its
reasons."""

from __future__ import annotations

import json

import pytest

from autograder.commands.verify import verify
from autograder.model.errors import UsageError
from autograder.model.verification import Check, Verified
from autograder.quality.answer_file import Entry
from autograder.workspace.course import Course
from tests.classroom import LAB, WRONG, write_bank
from tests.tiny import SOURCE

CHECKS = [
    "labs/ is current, and building twice gives the same bytes",
    "the solution earns every point and passes every check",
    "the blank notebook earns 0",
    "answers of constants earn little",
    "every untouched cell runs",
    "the release gives nothing away",
    "the answer bank behaves",
    "mutants are caught",
]


def failed(verified: Verified) -> dict[str, Check]:
    return {check.check: check for check in verified.checks if not check.ok}


def test_a_good_lab_passes_every_check(tiny: Course) -> None:
    """All eight checks, each with what was found; the JSON says the same."""
    write_bank(tiny)
    said: list[str] = []
    verified = verify(tiny, LAB, say=said.append)
    assert [check.check for check in verified.checks] == CHECKS
    assert failed(verified) == {}
    assert verified.ok
    details = {check.check: check.detail for check in verified.checks}
    assert details[CHECKS[1]].startswith("8 of 8 points in ")
    assert details[CHECKS[2]] == "0 points"
    assert (
        details[CHECKS[6]]
        == "6 right answers earn full marks, 12 wrong ones lose points on their TODO only"
    )
    assert "mutants, all caught" in details[CHECKS[7]]
    table = json.loads(json.dumps(verified.to_json()))
    assert (table["lab"], table["ok"]) == (LAB, True)
    assert all(row.keys() == {"check", "ok", "detail", "problems"} for row in table["checks"])
    assert [line for line in said if not line.startswith("  ")] == [
        f"tiny: {name}" for name in CHECKS
    ]


def test_a_bad_bank_and_weak_tests_are_reported_together(tiny: Course) -> None:
    """Wrong answers that pass, right ones that fail, missing ones, survivors: all in one run,
    nothing raised."""
    from autograder.commands.build import build

    bad = Entry("double", "right", "bad", WRONG["double"], "three times x")
    write_bank(tiny, [bad], without=["dice/wrong_0"])
    weak = "        given = np.zeros(5) + 0 * rng_for(seed).normal(size=5)\n"
    tiny.source_text(LAB).write_text(
        SOURCE.replace("        given = rng_for(seed).normal(size=5)\n", weak)
    )
    build(tiny)
    found = failed(verify(tiny, LAB))
    assert found.keys() == {CHECKS[3], "the answer bank behaves", "mutants are caught"}
    assert found[CHECKS[3]].problems == ["double: random vector 0", "double: random vector 1"]
    assert "2.00 of 8 points (25.0%)" in found[CHECKS[3]].detail
    assert "case_rng" in found[CHECKS[3]].detail
    bank = "\n".join(found["the answer bank behaves"].problems)
    assert "dice has 2 right and 3 wrong answers" in bank
    assert "double/wrong_0: a wrong answer earned full marks" in bank  # the square of zeros
    mutants = found["mutants are caught"]
    assert mutants.detail.startswith("2 of ")
    assert any("Mult becomes Div" in problem for problem in mutants.problems)


def test_a_list_of_equivalent_mutants_that_fell_behind_is_reported(tiny: Course) -> None:
    """What is listed must be a mutant of the reference answer as it is now."""
    write_bank(tiny)
    path = tiny.answers(LAB) / "double.py"
    cell = "\n# %% equivalent: line 99, column 1: Add becomes Sub · gone long ago\n"
    path.write_text(path.read_text() + cell)
    found = failed(verify(tiny, LAB, with_bank=False))
    assert found.keys() == {"mutants are caught"}
    assert found["mutants are caught"].problems == [
        "double: line 99, column 1: Add becomes Sub: is listed as equivalent, but there is no such "
        "mutant"
    ]


def test_a_stale_lab_is_reported(tiny: Course) -> None:
    """Only the check that it breaks fails."""
    tiny.source_text(LAB).write_text(SOURCE.replace("# ## Hand in", "# ## Hand it in"))
    found = failed(verify(tiny, LAB, with_bank=False, with_mutants=False))
    assert found.keys() == {CHECKS[0], CHECKS[5]}  # the cell's id changed with its text
    assert found[CHECKS[0]].problems == [
        "labs/tiny/tiny.ipynb is not what solutions/tiny/tiny.py gives."
    ]


def test_a_blank_that_earns_points_is_reported(tiny: Course) -> None:
    """A case that passes without an answer is no case."""
    free = 'with case("free"):\n    probe("numbers", np.arange(9.0))\nwith case("an empty vector"'
    tiny.source_text(LAB).write_text(SOURCE.replace('with case("an empty vector"', free))
    found = failed(verify(tiny, LAB, with_bank=False, with_mutants=False))
    assert "the blank notebook earns 0" in found
    assert found["the blank notebook earns 0"].problems == ["total"]


def test_a_lab_that_was_never_built_fails_its_checks_one_by_one(tiny: Course) -> None:
    """A missing file is a failed check with advice, not an exception."""
    tiny.released(LAB).unlink()
    found = failed(verify(tiny, LAB, with_bank=False, with_mutants=False))
    assert found.keys() == {CHECKS[0], CHECKS[2], CHECKS[4], CHECKS[5]}
    assert "run `autograder build tiny`" in found["every untouched cell runs"].detail


def test_a_source_that_is_no_lab_fails_every_check(tiny: Course) -> None:
    """Nothing is raised for what stands in the content."""
    tiny.source_text(LAB).write_text("# %% [markdown]\n# # Nothing\n")
    found = failed(verify(tiny, LAB))
    assert CHECKS[0] in found
    assert all(check.detail for check in found.values())


def test_an_unknown_lab_is_wrong_usage(tiny: Course) -> None:
    """The nearest name is offered."""
    with pytest.raises(UsageError, match=r'Did you mean "tiny"\?'):
        verify(tiny, "tinny")
