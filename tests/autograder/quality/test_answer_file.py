"""The files of the answer bank: what they may hold, and what is said of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model.errors import ContentError
from autograder.quality.answer_difference import MAX_CHANGED, apply, difference
from autograder.quality.answer_file import Entry, read_answers, write_answers

REFERENCE = '''\
def scale(x, factor=2.0):
    """x times factor.

    Returns floats.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, float)
    result = np.zeros(x.shape)
    for i in range(len(x)):
        result[i] = x[i] * factor
    total = result.sum()
    if total == 0:
        return x
    return result
    ### END SOLUTION
'''
PLAIN = REFERENCE.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "")

CELLS = """\
# %% right: numpy · one product of arrays

def scale(x, factor=2.0):
    return np.multiply(x, factor)


# %% wrong: adds · adds the factor: x + factor · the sign is mistaken
# -         result[i] = x[i] * factor
# +         result[i] = x[i] + factor

# %% wrong: two_places · another default, and the sum comes back
# - def scale(x, factor=2.0):
# + def scale(x, factor=3.0):
# -     return result
# +     return total

# %% equivalent: line 9, column 7: Eq becomes NotEq (2) · zeros come back either way
"""


def write(folder: Path, text: str, name: str = "scale.py") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_answers(folder, {"scale": REFERENCE})
    return caught.value.problems


def test_a_file_holds_whole_answers_differences_and_equivalent_mutants(tmp_path: Path) -> None:
    """Each cell with its headline; code without the marks around the solution."""
    write(tmp_path, CELLS)
    bank = read_answers(tmp_path, {"scale": REFERENCE})
    assert [entry.name for entry in bank.entries] == [
        "scale/right_numpy",
        "scale/wrong_adds",
        "scale/wrong_two_places",
    ]
    right, adds, two = bank.entries
    assert right.code == "def scale(x, factor=2.0):\n    return np.multiply(x, factor)"
    assert right.about == "one product of arrays"
    assert adds.about == "adds the factor: x + factor · the sign is mistaken"
    assert adds.code + "\n" == PLAIN.replace("x[i] * factor", "x[i] + factor")
    assert two.code + "\n" == PLAIN.replace("2.0):", "3.0):").replace(
        "return result", "return total"
    )
    assert bank.equivalent == {
        "scale: line 9, column 7: Eq becomes NotEq (2)": "zeros come back either way"
    }
    assert bank.answer("scale/wrong_adds") == adds
    with pytest.raises(ContentError, match=r'Did you mean "scale/wrong_adds"\?'):
        bank.answer("scale/wrong_add")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Small differences are written as such, large ones as the whole answer."""
    small = PLAIN.replace("    total = result.sum()\n", "").rstrip()
    large = "def scale(x, factor=2.0):\n    return [\n        factor * v for v in x\n    ]"
    entries = [
        Entry("scale", "right", "large", large, "a list"),
        Entry("scale", "wrong", "small", small, "no total"),
    ]
    write_answers(tmp_path / "scale.py", entries, REFERENCE, {"line 1: 2 becomes 3": "why"})
    text = (tmp_path / "scale.py").read_text(encoding="utf-8")
    assert "# %% wrong: small · no total\n# -     total = result.sum()\n\n# %% equ" in text
    assert large in text
    bank = read_answers(tmp_path, {"scale": REFERENCE})
    assert bank.entries == entries
    assert bank.equivalent == {"scale: line 1: 2 becomes 3": "why"}


def test_a_lab_without_answers_has_an_empty_bank(tmp_path: Path) -> None:
    """A new lab has no folder yet."""
    bank = read_answers(tmp_path / "answers", {"scale": REFERENCE})
    assert (bank.entries, bank.equivalent) == ([], {})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = 1\n", 'line 1: a file begins with the headline of a cell: "# %% …".'),
        ("\n# %% right: a\n", 'line 2: a headline is "# %% right: SLUG · what is different'),
        ("# %% rigth: a · b\nx\n", 'line 1: a cell is right, wrong or equivalent, not "rigth".'),
        ("# %% right: A b · c\nx\n", 'line 1: "A b": a name has small letters, digits and'),
        ("# %% right: a · b\n\n", "line 1: a: there is no code below the headline."),
        ("# %% equivalent: a · b\nx\n", "line 1: an equivalent mutant is a headline without"),
        (
            "# %% wrong: a · b\nx\n# %% wrong: a · c\ny\n",
            'line 3: "a" stands here a second time.',
        ),
        (
            "# %% wrong: a · b\n# -     return y\n# +     return 1\n",
            'line 2: a: "return y" and what follows it must occur exactly once in the reference '
            "answer, not 0 times. Has the reference changed?",
        ),
        (
            "# %% wrong: a · b\n\n# +     return 1\n",
            "line 3: a: an insertion names a line beside it",
        ),
        (
            "# %% wrong: a · b\n# -     return x\nreturn 1\n",
            'line 3: a: a line of a difference begins with "# - " or "# + ".',
        ),
        (
            "# %% wrong: a · b\n# -     return x\n#      return 1\n",
            'line 3: a: a line of a difference begins with "# - " or "# + ".',
        ),
        (
            "# %% wrong: a · b\n# -     if total == 0:\n# -         return x\n# +\n\n"
            "# -         return x\n# +         return 1\n",
            "line 6: a: two replacements overlap.",
        ),
    ],
)
def test_mistakes_are_named_with_file_and_line(tmp_path: Path, text: str, problem: str) -> None:
    """One sentence for each."""
    write(tmp_path, text)
    (found,) = problems(tmp_path)
    assert found.startswith(f"answers/scale.py, {problem}")


def test_files_that_belong_to_nothing_are_listed(tmp_path: Path) -> None:
    """A misspelt name would silently prove nothing; all problems are told at once."""
    write(tmp_path, CELLS)
    write(tmp_path, CELLS, "sacle.py")
    write(tmp_path / "scale", "x = 1", "right_x.py")
    (tmp_path / "bytes.py").write_bytes(b"\xff\xfe\xff")
    write(tmp_path, "no answers", "notes.txt")
    with pytest.raises(ContentError, match="3 problems in the answer bank") as caught:
        read_answers(tmp_path, {"scale": REFERENCE, "bytes": REFERENCE})
    unreadable, misspelt, folder = caught.value.problems
    assert unreadable.startswith("answers/bytes.py: cannot be read: ")
    assert misspelt == 'answers/sacle.py: there is no TODO "sacle". Did you mean "scale"?'
    assert folder == "answers/scale/: the answers of a TODO are cells of one file."


def test_lines_that_occur_twice_are_no_place(tmp_path: Path) -> None:
    """Nobody could tell which of them is meant."""
    text = "# %% wrong: a · b\n# -     pass\n# +     return 1\n"
    write(tmp_path, text)
    with pytest.raises(ContentError) as caught:
        read_answers(tmp_path, {"scale": "def scale(x):\n    pass\n    pass\n"})
    assert "not 2 times" in caught.value.problems[0]


CHANGES = {
    "a line": ("    result = np.zeros(x.shape)\n", "    result = np.ones(x.shape)\n"),
    "an insertion": ("    total = ", "    x = x + 1\n    total = "),
    "after the docstring": ("    x = np.asarray", "    factor = 3\n    x = np.asarray"),
    "a removal": ("    if total == 0:\n        return x\n", ""),
    "a longer replacement": ("        result[i] = x[i] * factor\n", "        a = x[i]\n" * 4),
    "the last line": ("    return result\n", "    return result + 1\n"),
    "the first line": ("def scale(", "@cache\ndef scale("),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_difference_gives_the_answer_back(old: str, new: str) -> None:
    """Applied to the reference it gives the same code, and each insertion names a line of code."""
    assert PLAIN.count(old) == 1
    code = PLAIN.replace(old, new).rstrip()
    rows = difference(REFERENCE, code)
    assert rows is not None
    assert apply(REFERENCE, rows) == code
    assert not any(row in ('# -     """', "# -") for row in rows)


def test_changes_in_lines_that_occur_twice_take_in_what_stands_before() -> None:
    """As many lines as make the place the only one."""
    reference = (
        "def f():\n    a = 1\n    b = 2\n    c()\n    d = 3\n    e = 4\n    c()\n    return a"
    )
    code = reference.replace("e = 4\n    c()", "e = 4\n    c(1)")
    rows = difference(reference, code)
    assert rows == ["# -     e = 4", "# -     c()", "# +     e = 4", "# +     c(1)"]
    assert apply(reference, rows) == code


@pytest.mark.parametrize(
    "code",
    [
        PLAIN.rstrip(),
        PLAIN.replace("    total", "    a = 1\n" * (MAX_CHANGED + 1) + "    total").rstrip(),
        "def scale(x, factor=2.0):\n    return x * factor",
    ],
    ids=["no change", "too many lines", "another answer"],
)
def test_what_is_no_small_difference_is_written_whole(code: str) -> None:
    """A difference is for a few lines only."""
    assert difference(REFERENCE, code) is None


def test_half_of_a_short_answer_is_no_small_difference() -> None:
    """The docstring does not make it longer."""
    short = 'def f(x):\n    """A.\n\n    B.\n    """\n    return x'
    assert difference(short, short.replace("return x", "return 2 * x")) is None
