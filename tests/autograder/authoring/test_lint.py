"""Every rule of a source notebook: the tiny lab keeps it, and one change breaks it alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.lint import MAX_STATEMENTS, RULES, check_lint, lint
from autograder.authoring.source import read_source
from autograder.model.errors import ContentError
from tests.tiny import SOURCE, make_course

DOCSTRING = '    """Twice x. x (N,) floats."""\n'
CHECK = 'with check("double of 2 is 4") as c:\n    c.close(double(2.0), 4.0)\n'
BEGIN = "### BEGIN HIDDEN TESTS\nfor seed in range(2):"
PROBE = '        probe("result", double(given))\n'

BROKEN = {
    "one_title": [
        ("# # Tiny lab\n", "# Tiny lab\n", "there are 0"),
        ("# ## Hand in\n", "# # Hand in\n", "there are 2"),
    ],
    "regions_are_closed": [
        ('    ### END SOLUTION\n\n# %% nbgrader={"grade_id": "test_double', '\n# %% nbgrader={"grade_id": "test_double',
         '"double": ### BEGIN SOLUTION and ### END SOLUTION do not pair up'),
        (CHECK + "### BEGIN HIDDEN TESTS\n", CHECK, '"test_double": ### BEGIN HIDDEN TESTS'),
        ("# ### BEGIN SOLUTION\n# Because six faces look alike.\n# ### END SOLUTION",
         "# ### END SOLUTION\n# Because six faces look alike.\n# ### BEGIN SOLUTION", '"why": ### BEGIN SOLUTION'),
        (PROBE, PROBE + "        ### BEGIN KEY\n", '"test_double": ### BEGIN KEY and ### END KEY do not pair up'),
        (CHECK, CHECK + "### BEGIN KEY\n### END KEY\n", '"test_double": ### BEGIN KEY stands outside the hidden tests'),
        ('{"grade_id": "double", "solution": true}', '{"grade_id": "double", "locked": true}',
         '"double" holds a solution but is not marked'),
        ('"test_dice", "grade": true, "locked": true, "points": 2', '"test_dice", "locked": true',
         '"test_dice" holds hidden tests but is not marked'),
    ],
    "code_is_python": [
        ("rng_for =", "%matplotlib inline\nrng_for =", "line 6: invalid syntax"),
        ("rng_for =", "!ls\nrng_for =", "invalid syntax"),
    ],
    "answers_have_hints": [
        ("# ### TODO 1 · `double` (2 points)\n# <details><summary>1</summary>a</details>\n",
         "# ### TODO 1 · `double` (2 points)\n", '"double" has 2 hints above it'),
        ("c</details>\n\n# %% nbgrader={\"grade_id\": \"total\"", "c\n\n# %% nbgrader={\"grade_id\": \"total\"",
         "a <details> is not closed"),
    ],
    "answers_have_docstrings": [(DOCSTRING, "", '"double": double has no docstring')],
    "public_tests_are_guarded": [
        (CHECK, "assert double(2.0) == 4.0\n" + CHECK, 'line 1: call double inside "with check(...)"'),
        (CHECK, "", '"test_double" has no public check'),
        (CHECK, CHECK.replace("check(", "open("), '"test_double" has no public check'),
        ('with check("the total of ones") as c:', 'x = double(1)\nwith check("the total of ones") as c:',
         '"test_total", line 1: call double inside'),
    ],
    "cases_fit_in_a_function": [
        (BEGIN, BEGIN.replace("for", "from labkit.probes import *\nfor"), '"test_double", hidden part: line 1 imports *'),
        (BEGIN, BEGIN.replace("for", "def f():\n    global x\nfor"), "hidden part: line 2 says global"),
        (BEGIN, BEGIN.replace("for", "x = 1\ndef f():\n    nonlocal x\nfor"), "line 3: no binding for nonlocal 'x'"),
        (BEGIN, BEGIN.replace("for", "return\nfor"), "line 1: 'return' outside function"),
    ],
    "probes_are_called_by_name": [
        (BEGIN, BEGIN.replace("for", "from labkit.probes import case, probe as report\nfor"), '"test_double": call probe and case under'),
        (PROBE, "        report = probe\n" + PROBE, '"test_double": call probe and case under their own names'),
    ],
    "cases_have_their_own_chance": [
        (BEGIN, BEGIN.replace("\nfor", "\nimport numpy as np\nrng = np.random.default_rng(1)\nfor"),
         '"test_double", line 2 of the hidden part: case_rng(seed) instead of default_rng'),
        (BEGIN, BEGIN.replace("\nfor", "\nfrom numpy import random\ndef _t():\n    x = random.RandomState(1)\n_t()\nfor"),
         "case_rng(seed) instead of RandomState"),
    ],
    "pictures_have_alt_text": [
        ("# # Tiny lab\n", "# # Tiny lab\n# ![](die.png)\n", "a picture has no alt text"),
        ("# # Tiny lab\n", '# # Tiny lab\n# <img src="a" alt="A die"> <img src="b">\n', "a picture has no alt text"),
        ("# # Tiny lab\n", '# # Tiny lab\n# <img src="b" alt="">\n', "a picture has no alt text"),
    ],
    "code_is_short": [("rng_for =", "x = 0\n" * MAX_STATEMENTS + "rng_for =", f"at most {MAX_STATEMENTS} are wanted")],
    "ends_with_hand_in": [
        ("# ## Hand in\n# Save this notebook and hand in the file.\n", "# Good bye.\n", "how to hand in"),
        ("hand in the file.\n", "hand in the file.\n\n# %%\nprint()\n", "The last cell must be Markdown"),
    ],
}  # fmt: skip
CASES = [(rule, *case) for rule, cases in BROKEN.items() for case in cases]


def problems(root: Path, text: str) -> list[str]:
    """What lint finds in the tiny lab with this text."""
    course = make_course(root)
    course.source_text("tiny").write_text(text)
    (lab,) = course.labs
    return lint(lab, read_source(course, lab))


def test_the_tiny_lab_keeps_every_rule(tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong."""
    assert problems(tmp_path, SOURCE) == []


def test_every_rule_has_a_case_here() -> None:
    """A new rule needs an example that breaks it."""
    assert {rule.__name__ for rule in RULES} == BROKEN.keys()
    assert all(rule.__doc__ for rule in RULES)


@pytest.mark.parametrize(
    ("rule", "old", "new", "message"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_a_broken_rule_is_found_and_the_cell_named(
    tmp_path: Path, rule: str, old: str, new: str, message: str
) -> None:
    """The message says which cell or TODO it is about, and the rule that finds it is the one that
    is broken."""
    assert SOURCE.count(old) >= 1
    text = SOURCE.replace(old, new, 1)
    assert any(message in problem for problem in problems(tmp_path, text)), problems
    course = make_course(tmp_path / "again")
    course.source_text("tiny").write_text(text)
    found = next(found for found in RULES if found.__name__ == rule)
    assert any(message in problem for problem in found(read_source(course, course.labs[0])))


def test_comments_docstrings_and_hidden_tests_make_no_lab_longer(tmp_path: Path) -> None:
    """What explains, and what students never see, does not make a lab longer."""
    free = "# a comment\n" * 200 + 'def f():\n    """' + "Words.\n" * 200 + '    """\n' + "\n" * 200
    text = SOURCE.replace("rng_for =", free + "rng_for =").replace(
        PROBE, PROBE + "        x = 0\n" * 400
    )
    assert problems(tmp_path, text) == []


def test_a_comment_in_an_example_is_no_title(tmp_path: Path) -> None:
    """A line of code in a fence begins with # and is no heading."""
    text = SOURCE.replace("# ## Hand in\n", "# ```python\n# # a comment\n# ```\n# ## Hand in\n")
    assert problems(tmp_path, text) == []


def test_check_lint_lists_every_problem(tmp_path: Path) -> None:
    """All broken rules at once, not only the first."""
    course = make_course(tmp_path)
    course.source_text("tiny").write_text(
        SOURCE.replace(DOCSTRING, "").replace("# # Tiny lab\n", "")
    )
    with pytest.raises(ContentError, match="breaks 2 rules") as caught:
        check_lint(course.labs[0], read_source(course, course.labs[0]))
    assert len(caught.value.problems) == 2


def test_a_topic_that_is_used_and_not_listed_is_named(tmp_path: Path) -> None:
    """Wherever it is imported, in hidden tests too; the core needs no listing, nor a listed topic."""
    text = SOURCE.replace("rng_for =", "import labkit.music\nfrom labkit import show\nrng_for =")
    assert problems(tmp_path / "listed", text) == []
    text = text.replace("import labkit.music", "from labkit.rl import play_pong")
    text = text.replace(PROBE, "        import labkit.faces.paint\n" + PROBE)
    setup, test = problems(tmp_path / "missing", text)
    assert re.fullmatch(
        r'Cell "code-\w+" imports labkit.rl: add "rl" to topics in lab.toml.', setup
    )
    assert test == 'Cell "test_double" imports labkit.faces: add "faces" to topics in lab.toml.'


def test_a_topic_that_is_preloaded_and_not_listed_is_named(tmp_path: Path) -> None:
    """No lab keeps another lab's topic warm."""
    course = make_course(tmp_path)
    lab = replace(course.labs[0], preload=("labkit.rl:play_pong", "labkit.music:load_tunes()"))
    assert lint(lab, read_source(course, lab)) == [
        'preload of lab.toml names labkit.rl: add "rl" to topics there.'
    ]
