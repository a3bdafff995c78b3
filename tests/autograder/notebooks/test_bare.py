"""Code without comments and docstrings does the same."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.exam import make_exam
from autograder.authoring.source import read_source
from autograder.notebooks.bare import bare
from autograder.workspace.course import load_course

CODE = '''"""Of the module."""
import math  # for pi


class Shape:
    """Of the class."""

    def area(self):
        """Of the method, and nothing else."""

    async def wait(self):
        \'\'\'Waits.\'\'\'
        # a comment
        return "text"  ### END SOLUTION
'''


def test_no_words_are_left():
    found = bare(CODE)
    assert not any(word in found for word in ("Of the", "Waits", "comment", "#", "SOLUTION"))
    names: dict = {}
    exec(found, names)
    assert names["Shape"]().area() is None
    assert '"text"' in found.replace("'", '"')


def test_what_is_no_python_stays_as_it_is():
    assert bare("def f(:  # comment") == "def f(:  # comment"


@pytest.mark.parametrize("lab", ["lab1_music", "lab2_vision", "lab3_rl"])
def test_every_reference_is_still_python(lab):
    course = load_course()
    exam = make_exam(lab, read_source(course, course.lab(lab)))
    for todo in exam.todos.values():
        found = bare(todo.reference)
        assert ast.parse(found)
        assert "#" not in "".join(line.split('"')[0].split("'")[0] for line in found.split("\n"))
