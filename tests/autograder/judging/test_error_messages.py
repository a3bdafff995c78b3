"""Messages about exceptions lead to the mistake, and repeat nothing that a process made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.judging.error_messages import About, error_message
from autograder.judging.remarks import compiled_remark, signature_remark
from autograder.judging.values import wrong_text
from autograder.judging.verdicts import unreadable
from autograder.sandbox.patches import cell_number
from labkit.probes.describing import describe_error

ANSWER = "def f(x):\n    return helper(x) + scale\n"
OWN = [f"/tmp/ipykernel_7/{cell_number(ANSWER)}.py", 2]
TEST = ["/tmp/ipykernel_7/12345.py", 9]
DEEP = ["/site-packages/tensorflow/python/framework/ops.py", 5983]


def told(type_: str, text: str = "", lines: list[Any] | None = None, **more: str) -> dict[str, Any]:
    """What a process tells of an exception."""
    return {"type": type_, "name": type_, "text": text, "lines": lines or [TEST, OWN], **more}


def said(error: Any, **about: Any) -> str:
    """The message about it."""
    return error_message(error, About(ANSWER, **{"names": frozenset({"f"}), **about}))


def test_the_students_line_is_named() -> None:
    """An exception below the student's line is the student's code's."""
    assert said(told("KeyError")) == "your code raised KeyError in line 2 of your answer"
    assert "line 2" in said(told("ValueError", lines=[TEST, OWN, DEEP]))


def test_a_line_of_another_cell_of_the_student_counts_as_well() -> None:
    """A helper in an added cell is the student's, too."""
    helper = ["/tmp/ipykernel_7/777.py", 1]
    assert "your code raised" in said(
        told("KeyError", lines=[TEST, helper]), cells=frozenset({777})
    )


@pytest.mark.parametrize("kind", ["KeyError", "AttributeError", "TypeError", "IndexError"])
def test_an_exception_in_the_test_is_about_what_was_returned(kind: str) -> None:
    """No line of the student's raised it."""
    message = said(told(kind, lines=[TEST, DEEP]))
    assert message == f"what your code returned could not be used here ({kind})"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (told("Exception", name="InvalidArgumentError"), "TensorFlow's InvalidArgumentError"),
        (told("TypeError", name="OperatorNotAllowedInGraphError"), "TensorFlow's OperatorNot"),
        (told("Exception", name="error", module="cv2"), "an error of OpenCV"),
        (told("ValueError", name="LinAlgError"), "NumPy's LinAlgError"),
        (told("Exception", name="SECRET 42"), "your code raised Exception in line"),
        (told("SECRET", name="error"), "your code raised an exception in line"),
    ],
)
def test_exceptions_of_libraries_are_named_and_no_others(error: Any, name: str) -> None:
    """A name is known before, or it is not repeated."""
    error = {**error, "name": error["name"]}
    assert name in said(error)
    assert "SECRET" not in said(error)


def test_the_error_of_opencv_is_told_with_its_module() -> None:
    """Its class is called `error`, as those of other libraries are."""
    cv2_error = type("error", (Exception,), {"__module__": "cv2"})
    assert "OpenCV" in said({**describe_error(cv2_error("bad")), "lines": [OWN]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("input #1(zero-based) was expected to be a float tensor but is a double tensor", "float32 and float64"),
        ("Tensor conversion requested dtype float32 for Tensor with dtype int32: 3", "float32 and int32"),
        ("`x` and `y` must have the same dtype, got tf.float32 != tf.int64.", "float32 and int64"),
    ],
)  # fmt: skip
def test_number_types_that_do_not_fit_are_named(text: str, words: str) -> None:
    """Both types stand in the advice, from a list of known ones."""
    assert words in said(told("Exception", text, name="InvalidArgumentError"))
    swapped = text.replace("float", "secret")
    assert "secret" not in said(told("Exception", swapped, name="InvalidArgumentError"))


def test_a_librarys_not_implemented_error_is_no_placeholder() -> None:
    """Only a `raise` in the student's own code is one."""
    assert "placeholder" in said(told("NotImplementedError"))
    assert "placeholder" not in said(told("NotImplementedError", lines=[TEST, OWN, DEEP]))


@pytest.mark.parametrize(
    ("missing", "added", "words"),
    [
        ("scale", {"scale"}, "`scale` is not defined here: a cell that you added"),
        ("helper", set(), "`helper` is used before it is defined"),
        ("f", set(), "`f` is not defined when your answer has been run"),
        ("secret", set(), "NameError in line 2 of your answer (a name is used"),
    ],
)
def test_a_missing_name_is_told_if_it_stands_in_the_answer(
    missing: str, added: set[str], words: str
) -> None:
    """And who was to define it."""
    error = told("NameError", f"name '{missing}' is not defined")
    assert words in said(error, added=frozenset(added))


REFERENCE = (
    "def f(labels, logits, rate=1.0):\n    pass\nclass A:\n    def call(self, x):\n        pass"
)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("def f(logits):\n    pass", "`f` takes (logits), but is called with (labels, logits, rate)"),
        ("def f(a, b, c, d):\n    pass", "`f` takes (a, b, c, d)"),
        ("def f(y_true, y_pred, rate=2):\n    pass", "`f` calls its arguments (y_true, y_pred, rate)"),
        ("class A:\n    def call(x):\n        pass", "`A.call` takes (x)"),
        ("def f(labels, logits, rate=1.0, more=2):\n    pass", ""),
        ("def f(*everything):\n    pass", ""),
        ("def g():\n    pass", ""),
    ],
)  # fmt: skip
def test_other_parameters_are_named(answer: str, words: str) -> None:
    """Where a call did not fit, the message says what the function takes and what it is given."""
    remark = signature_remark(answer, REFERENCE)
    assert remark.startswith(words) if words else remark == ""
    assert said(told("TypeError", lines=[TEST]), signature="`f` takes (a)") == "`f` takes (a)"
    assert "takes" not in said(told("TypeError"), signature="`f` takes (a)")


@pytest.mark.parametrize("above", ["@tf.function", "@tf.function(jit_compile=True)", "@function"])
def test_a_compiled_step_is_told_of(above: str) -> None:
    """Unless the reference is compiled, too."""
    answer = f"{above}\n{ANSWER}"
    assert ("`f` stands @tf.function" in compiled_remark(answer, ANSWER)) == ("." in above)
    assert compiled_remark(answer, answer) == ""


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        ("KeyError", "ValueError", "your code raised ValueError, but another one is expected"),
        ("KeyError", "a secret", "raised another error"),
        ("float32", "float64", "is float64: another number type"),
        ("tensorflow.EagerTensor", "numpy.ndarray", "not of the type"),
        ("X:1", "X:12", "has 4 characters, but 3 are expected"),
    ],
)
def test_names_of_types_and_errors_are_no_texts(expected: str, got: str, words: str) -> None:
    """Nobody reads how long the name of an exception is."""
    message = wrong_text('"a"', expected, got)
    assert words in message
    assert "secret" not in message
    assert expected not in message


NEWER = ["type X = int", "def f[T](x):\n    pass", "class A[T]:\n    pass", 'x = f"{d["a"]}"']


@pytest.mark.skipif(not unreadable(NEWER[0]), reason="this Python reads it")
@pytest.mark.parametrize("code", NEWER)
def test_python_of_a_later_version_is_named(code: str) -> None:
    """Both versions stand in the message; an ordinary mistake is no matter of versions."""
    assert "3.12" in unreadable(code)
    assert "3.12" not in unreadable("def f(x:\n    pass")


def test_numpys_own_errors_have_these_names() -> None:
    """The list is of names that NumPy uses."""
    with pytest.raises(TypeError) as caught:
        np.add(np.ones(2, int), 0.5, out=np.ones(2, int))
    assert "NumPy's UFuncTypeError" in said({**describe_error(caught.value), "lines": [OWN]})
