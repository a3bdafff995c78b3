"""What of ours runs among a student's names means the real built-ins and our own setup."""

from __future__ import annotations

import builtins

import pytest

from autograder.authoring.private_names import private_references, private_steps
from autograder.model.exam import Step, Todo

SETUP = "import random\n\n\ndef scale(x):\n    return max(x, 1)\n\n\nlimit = 3"
TEST = "def _test_f():\n    seen.append([f(n) + random for n in range(limit)])\n_test_f()"


def prepared(test: str, reference: str = "def f(n):\n    return n") -> tuple[list[Step], Todo]:
    """The steps of an exam with one TODO, and that TODO."""
    steps = [Step("setup", "a", SETUP), Step("answer", "f", ""), Step("test", "f", test)]
    todos = [Todo("f", 1.0, ("f",), reference)]
    return private_steps(steps, todos), private_references(steps, todos)[0]


@pytest.mark.parametrize("shadow", ["range = 1", "limit = 'x'", "len = list = sum = None"])
def test_a_test_sees_no_name_of_the_student_that_it_does_not_mean(shadow: str) -> None:
    """Built-ins and names of our setup are ours, whatever the student calls the same."""
    space: dict[str, object] = {"seen": []}
    steps, _ = prepared(TEST.replace(" + random", ""))
    exec(steps[0].code, space)
    exec("def f(n):\n    return -n\n" + shadow, space)
    exec(steps[2].code, space)
    assert space["seen"] == [[0, -1, -2]]


def test_a_later_setup_and_a_reference_are_as_safe() -> None:
    """A function of the setup, and one that takes the place of an answer, find the real ones."""
    reference = (
        "def f(n):\n    try:\n        return max([n, limit])\n    except ValueError:\n        pass"
    )
    steps, todo = prepared(TEST, reference)
    space: dict[str, object] = {}
    exec(steps[0].code, space)
    exec("max = limit = ValueError = None", space)
    exec(todo.stand_in, space)
    assert space["scale"](5) == 5  # type: ignore[operator]
    assert space["f"](2) == 3  # type: ignore[operator]


@pytest.mark.parametrize(
    "reference",
    [
        "def f(list):\n    return list",
        "def f(n):\n    max = n\n    return max",
        "class f(int):\n    def __new__(cls):\n        return super().__new__(cls, 7)",
    ],
)
def test_names_that_the_code_binds_itself_are_its_own(reference: str) -> None:
    """A parameter called like a built-in stays one, and ``super()`` is spelled as it must be."""
    space: dict[str, object] = {}
    exec(prepared(TEST, reference)[1].stand_in, space)
    made = space["f"]
    assert made() == 7 if isinstance(made, type) else made(7) == 7  # type: ignore[operator]


def test_all_built_in_names_are_meant() -> None:
    """Every function and exception of Python that a test can name is taken from its module."""
    names = ["abs", "zip", "ValueError", "NotImplementedError", "dict", "isinstance", "print"]
    steps, _ = prepared("\n".join(names))
    for name in names:
        assert hasattr(builtins, name)
        assert f"_builtins.{name}" in steps[2].code.splitlines()
