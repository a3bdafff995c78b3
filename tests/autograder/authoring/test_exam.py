"""What a student's process sees of the hidden tests: the calls, and nothing that says what is
right."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.exam import make_exam, strip_comparators
from autograder.authoring.source import read_source
from autograder.model.errors import ContentError
from autograder.model.exam import Exam
from tests.tiny import SOURCE, make_course

RICH = """
from labkit import probes
from labkit.probes import accuracy, at_least, case, close, distribution, evaluate, probe

### BEGIN KEY
SECRET_LABELS = [3, 1, 4, 1, 5]
### END KEY


def secret_reference(x):
    return secret_step(x) ** 2.718281828


def secret_step(x):
    return x + 0.577215664


with case("first", hint="SECRET_HINT about the sign"):
    probe("a", f(2), rtol=0.03125, atol=0.0078125)
    probe("b", f(3), 0.015625, 0.001953125)
    probe("c", f(4), expect=secret_reference(4))
    probe("d", f(5), compare=accuracy(0.875, labels=SECRET_LABELS))
with case("second", "SECRET_POSITIONAL_HINT"):
    probe(label="e", value=f(6), compare=evaluate("judges:secret_judge", at_most=1.41421356))
    probes.probe("f", f(7), expect=1.61803398)
    probe("g", f(8), **dict(expect=2.23606797))
    probe("i", f(9), compare=distribution([0.875, 0.125]))
    probe("j", f(10), compare=at_least(1.73205080))
for name, given, want, hint in (("one", 1, 3.30277563, "SECRET_LOOP_HINT"), ("two", 2, 4.23606797, "SECRET_TOO")):
    with case(name, hint=hint):
        probe("h", f(given), expect=want)
"""
SECRETS = [
    "SECRET", "secret", "0.03125", "0.0078125", "0.015625", "0.001953125", "2.718281828", "0.577215664", "0.875",
    "1.41421356", "1.61803398", "1.7320508", "2.23606797", "3.30277563", "4.23606797", "expect", "hint=", "compare",
    "rtol", "atol", "accuracy", "evaluate", "judges", "distribution", "at_least",
]  # fmt: skip


def exam_of(root: Path, text: str = SOURCE) -> Exam:
    """The exam of the tiny lab with this text."""
    course = make_course(root)
    course.source_text("tiny").write_text(text)
    return make_exam("tiny", read_source(course, course.labs[0]))


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_that_says_what_is_right_stays(secret: str) -> None:
    """Comparators, tolerances, limits, hints, key regions, and functions only they need are cut
    out."""
    assert secret in RICH + "compare rtol"
    assert secret not in strip_comparators(RICH)


def test_what_is_reported_stays() -> None:
    """Each case and each probe is still there, with its label and its value, in order."""
    calls = [
        node for node in ast.walk(ast.parse(strip_comparators(RICH))) if isinstance(node, ast.Call)
    ]
    texts = [ast.unparse(call) for call in calls]
    assert [text for text in texts if text.startswith("case")] == [
        "case('first')",
        "case('second')",
        "case(name)",
    ]
    probed = sorted(text for text in texts if "probe(" in text)
    assert probed == [
        "probe('a', f(2))",
        "probe('b', f(3))",
        "probe('c', f(4))",
        "probe('d', f(5))",
        "probe('g', f(8))",
        "probe('h', f(given))",
        "probe('i', f(9))",
        "probe('j', f(10))",
        "probe(label='e', value=f(6))",
        "probes.probe('f', f(7))",
    ]


def test_a_function_that_a_value_needs_stays() -> None:
    """Only what nothing uses any more is taken away."""
    code = "def made(n):\n    return list(range(n))\n\n\nwith case('a'):\n    probe('b', f(made(3)), expect=made(4))\n"
    assert "def made(n)" in strip_comparators(code)


@pytest.mark.parametrize(
    "code",
    [
        "want = 3.14159 * 2\nwith case('a'):\n    probe('b', f(1), expect=want)",
        "def both(got, want):\n    probe('b', got, expect=want)\nwith case('a'):\n    both(f(1), 3.14159)",
        "for given, want in ((1, g(1)),):\n    with case('a'):\n        probe('b', f(given), expect=want)",
    ],
)
def test_expected_values_that_would_stay_are_refused(code: str) -> None:
    """A value that is computed outside the comparator, for the comparator only, would reach the
    student's process."""
    with pytest.raises(
        ContentError,
        match='computes want for its comparators only: put that between "### BEGIN KEY"',
    ):
        strip_comparators(code, "test_f")
    wrapped = f"### BEGIN KEY\n{code.split(chr(10))[0]}\n### END KEY\n" + "\n".join(
        code.split("\n")[1:]
    )
    if code.startswith("want"):
        assert "3.14159" not in strip_comparators(wrapped)


def test_steps_come_in_the_order_of_the_cells(tmp_path: Path) -> None:
    """Setup, then each answer and its test; demo cells and Markdown are no part of the exam."""
    exam = exam_of(tmp_path)
    assert [(step.kind, step.name) for step in exam.steps][1:] == [
        ("answer", "double"),
        ("test", "double"),
        ("answer", "total"),
        ("test", "total"),
        ("answer", "dice"),
        ("test", "dice"),
    ]
    assert exam.steps[0].kind == "setup"
    assert not any("when_done(" in step.code for step in exam.steps)


def test_the_exam_of_the_tiny_lab_holds_no_reference_and_no_hint(tmp_path: Path) -> None:
    """No answer, no hint, no tolerance, no probability, no mark scheme in any step."""
    code = "\n".join(step.code for step in exam_of(tmp_path).steps)
    for secret in (
        "* 2.0",
        "integers(6)",
        "Every element is doubled",
        "rtol",
        "distribution",
        "1 / 6",
        "symmetry",
    ):
        assert secret not in code
    assert code.count("probe(") == 5


def test_the_public_part_of_a_test_is_not_examined(tmp_path: Path) -> None:
    """Students can see public checks; marks come from the hidden part alone."""
    exam = exam_of(tmp_path)
    for step in (*exam.steps, *exam.recording):
        assert step.kind != "test" or "check(" not in step.code


def test_points_names_and_references_are_known(tmp_path: Path) -> None:
    """What is known of each TODO comes from its two cells."""
    exam = exam_of(tmp_path)
    assert {name: todo.points for name, todo in exam.todos.items()} == {
        "double": 2,
        "total": 4,
        "dice": 2,
    }
    assert exam.todos["total"].names == ("total",)
    assert "return float(np.sum(double(x)))" in exam.todos["total"].reference
    assert exam.max_points == 8
    assert {name: question.points for name, question in exam.written.items()} == {"why": 2}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rtol=1e-6", "rtol=1e-5"),
        ("Every element is doubled.", "Every element is twice as large."),
        ('"points": 4', '"points": 5'),
        ("* 2.0", "* (1.0 + 1.0)"),
        ("rng_for = np.random.default_rng", "rng_for = np.random.default_rng  # new"),
    ],
)
def test_the_digest_changes_with_everything_that_decides_a_mark(
    tmp_path: Path, old: str, new: str
) -> None:
    """Comparators, hints, points, references and setup have their part in the digest; prose has
    none."""
    one, two, three = (tmp_path / name for name in "123")
    assert old in SOURCE
    assert exam_of(one).digest != exam_of(two, SOURCE.replace(old, new)).digest
    assert (
        exam_of(one / "again").digest
        == exam_of(three, SOURCE.replace("# ## Hand in", "# ## Hand it in")).digest
    )


TEST_DICE = '# %% nbgrader={"grade_id": "test_dice", "grade": true, "locked": true, "points": 2}'
BROKEN = {
    "an answer without a test": ("test_dice", "check_dice", 'The answer "dice" has no test cell "test_dice".'),
    "a test without its prefix": ('"test_dice"', '"check_dice"', 'The test "check_dice" does not follow'),
    "a test without an answer": ('"grade_id": "dice"', '"grade_id": "die"', 'The test "test_dice" does not follow'),
    "a test after the next answer": (
        TEST_DICE, '# %% nbgrader={"grade_id": "late", "solution": true}\n1\n\n' + TEST_DICE, "does not follow"
    ),
    "a test that hides nothing": ("### BEGIN HIDDEN TESTS\nfor seed in range(2)", "for seed in range(2)",
                                  'The test "test_double" has no hidden part'),
    "a hidden test that is no Python": ("for seed in range(3):", "for seed on range(3):", "is not valid Python"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_a_notebook_that_is_no_exam_says_why(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """Every TODO needs its answer, then its test with a hidden part; all problems are listed."""
    assert old in SOURCE
    text = SOURCE.replace(old, new)
    if "no hidden part" in message:
        text = text.replace(
            "### END HIDDEN TESTS\n\n# %% [markdown]\n# ### TODO 2",
            "\n# %% [markdown]\n# ### TODO 2",
        )
    with pytest.raises(ContentError, match="cannot be examined") as caught:
        exam_of(tmp_path, text)
    assert any(message in problem for problem in caught.value.problems), caught.value.problems


def test_all_problems_are_listed_at_once() -> None:
    """An author corrects a notebook once, not cell by cell."""
    cells = [
        nbformat.v4.new_code_cell(
            f"def {name}():\n    pass",
            metadata={"nbgrader": {"grade_id": name, "solution": True}},
            id=name,
        )
        for name in ("one", "two", "three")
    ]
    with pytest.raises(ContentError) as caught:
        make_exam("lab", nbformat.v4.new_notebook(cells=cells))
    assert len(caught.value.problems) == 3
