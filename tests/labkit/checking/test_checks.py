"""What students see from `check`: one line when it passes, a message in one shape when it does
not."""

from __future__ import annotations

import linecache
import math
import subprocess
import sys

import numpy as np
import pytest

from labkit.checking.checks import CheckFailed, check


def todo(*_: object) -> None:
    raise NotImplementedError("TODO 1.2")


def forgotten(*_: object) -> None:
    pass


def broken(x: object) -> object:
    return x + "a"  # type: ignore[operator]


def failure(body) -> str:
    """The message of a check whose body is `body(c)`."""
    with pytest.raises(CheckFailed) as caught, check("a sentence") as c:
        body(c)
    return str(caught.value)


def test_a_check_that_passes_prints_one_line(capsys):
    """Passed: ✓ and the rationale, nothing else."""
    with check("two and two are four") as c:
        c.close(2 + 2, 4.0)
    assert capsys.readouterr().out == "✓ two and two are four\n"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (2, 2.0),
        (np.float32(0.1), 0.1),
        (np.int64(3), 3),
        ([1, 2.5], np.array([1, 2.5], np.float32)),
        ([np.float64(1), 2], (1, 2)),
        (np.array([[1, 2]]), [[1, 2]]),
        ([], np.zeros(0)),
        (np.zeros(0), []),
        (float("nan"), float("nan")),
        ({"a": [1, 2], "b": "x"}, {"b": "x", "a": np.array([1.0, 2.0])}),
        ([np.zeros((2, 3)), np.zeros(3)], [np.zeros((2, 3)), np.zeros(3)]),
        (True, np.bool_(True)),
        (None, None),
    ],
)
def test_a_fair_reader_accepts_every_spelling_of_a_number(got, expected, capsys):
    """Python and NumPy, whole and decimal, any precision, lists and tuples: equal numbers are
    equal."""
    with check("they agree") as c:
        c.close(got, expected)
    assert capsys.readouterr().out.startswith("✓")


def test_close_is_numpy_isclose():
    """The tolerance is that of numpy.isclose: |got − expected| ≤ atol + rtol·|expected|."""
    with check("inside") as c:
        c.close(100.9, 100.0, rtol=0.01, atol=0)
        c.close(1e-7, 0.0)
    failure(lambda c: c.close(101.1, 100.0, rtol=0.01, atol=0))
    failure(lambda c: c.equal(1.0 + 1e-12, 1.0))


def test_a_message_has_one_shape():
    """Quoted name, what is wrong, expected, got, try, each in its own line and in this order."""
    total = np.array([[1.0, 2.0], [3.0, 5.0]])
    lines = failure(
        lambda c: c.close(total, [[1, 2], [3, 4]], hint="Look at the corner.")
    ).splitlines()
    assert lines[0] == "✗ a sentence"
    assert "`total`" in lines[1]
    assert "1 of 4 elements differ" in lines[1]
    assert [line.split(":")[0].strip() for line in lines[2:]] == ["expected", "got", "try"]
    assert "4 at [1, 1]" in lines[2]
    assert "largest difference, 1" in lines[3]
    assert lines[4].endswith("Look at the corner.")


def test_the_largest_difference_is_the_one_shown():
    """Among several wrong elements the message shows the one that is furthest off, and where it
    is."""
    message = failure(lambda c: c.close([[0, 0.5], [9, 0]], np.zeros((2, 2))))
    assert "2 of 4 elements" in message
    assert "0 at [1, 0]" in message


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (forgotten, 1.0, "wrong type"),
        ("3", 3.0, "wrong type"),
        ({"a": 1}, [1], "wrong type"),
        (True, 1.0, "wrong kind of values"),
        (1j, 1.0, "wrong kind of values"),
        (np.array([np.nan, 1, 2]), np.zeros(2), "wrong shape"),
        ([[1.0]], [1.0], "wrong shape"),
        (np.array([np.nan, 5.0]), np.zeros(2), "values that are NaN"),
        (math.inf, 1.0, "is infinite"),
        ([1, 2], [1.0, 2.5], "whole numbers where decimals"),
        ([1, 2, "x"], [1, 2, 3], "[2]"),
        ([[1, 2], [3]], [[1, 2], [3, 4]], "[1]"),
        ({"a": 1, "b": 2}, {"a": 1}, "wrong keys"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "['a']"),
        ("abcdefghij", "abcdeXghij", "character 5"),
        (3, None, "something else"),
    ],
)
def test_the_diagnosis_goes_from_type_to_value(got, expected, words):
    """The first thing wrong in the order type, kind, shape, NaN, value is what the message is
    about."""
    assert words in failure(lambda c: c.close(got, expected))


def test_equal_compares_exactly():
    """`equal` takes text, objects and containers, and forgives no rounding."""
    with check("same") as c:
        c.equal({"x": [1, "a", (2, 3)]}, {"x": [1, "a", [2, 3]]})
        c.equal(np.array(["a", "b"]), ["a", "b"])
    assert "`[1, 2]`" in failure(lambda c: c.equal([1, 2], [1, 3]))


def test_shape_with_free_axes():
    """None in a shape matches any size; the number of axes must agree."""
    with check("shapes") as c:
        c.shape(np.zeros((4, 7)), (None, 7))
        c.shape(3.0, ())
        c.shape([[1, 2]], (1, 2))
    assert "(any, 8)" in failure(lambda c: c.shape(np.zeros((4, 7)), (None, 8)))
    assert "() (a single number)" in failure(lambda c: c.shape(np.zeros(1), ()))
    assert "has no shape" in failure(lambda c: c.shape("text", (4,)))


def test_dtype_by_name_and_by_kind():
    """A dtype is asked for by its name or by its kind."""
    with check("dtypes") as c:
        c.dtype(np.float32(1), "float32")
        c.dtype(1.5, "float")
        c.dtype([1, 2], "int")
        c.dtype("x", "str")
        c.dtype(np.zeros(2, bool), "bool")
    assert "float64" in failure(lambda c: c.dtype(np.zeros(2), "float32"))
    assert "has no dtype" in failure(lambda c: c.dtype({}, "float"))


def test_true_says_what_was_expected():
    """`true` takes a condition or an array of them, and repeats in words what should hold."""
    with check("conditions") as c:
        c.true(np.array([True, True]), "all of them")
    assert "at least one note" in failure(lambda c: c.true([] != [], "at least one note"))
    failure(lambda c: c.true(np.array([True, False]), "all"))


def test_between_includes_both_ends():
    """`between` is a closed interval; a NaN is outside; the message counts what is out."""
    with check("ranges") as c:
        c.between([0.0, 1.0], 0, 1)
        c.between(5, 0, math.inf)
    assert "one of 2 outside (of 3)" in failure(lambda c: c.between([2, 0.5, -1], 0, 1))
    failure(lambda c: c.between(math.nan, 0, 1))
    assert "at least 1" in failure(lambda c: c.between(0, 1, math.inf))


def test_raises():
    """`raises` accepts subclasses, wants the name in the message, and tells the four ways to fail
    apart."""
    with check("errors") as c:
        c.raises(KeyError, lambda: {"a": 1}["z"], naming="z")
        c.raises(LookupError, lambda: [][0])
    assert "raises no error" in failure(lambda c: c.raises(KeyError, lambda: 3))
    assert "different error" in failure(lambda c: c.raises(KeyError, lambda: [][0]))
    assert "does not name it" in failure(lambda c: c.raises(KeyError, lambda: {}["y"], naming="z"))


@pytest.mark.parametrize("placeholder", [None, ...])
def test_a_placeholder_value_is_not_attempted(placeholder, capsys):
    """None or `...` where a value is expected prints ○ and lets the notebook go on."""
    with check("later") as c:
        c.close(placeholder, 3.0)
        raise AssertionError("the rest of the body must not run")
    out = capsys.readouterr().out
    assert out.startswith("○ later: not attempted yet")
    with check("all given") as c:
        c.attempted(1, placeholder)
    assert "not attempted" in capsys.readouterr().out


def test_a_placeholder_function_is_not_attempted(capsys):
    """NotImplementedError anywhere inside, also as the cause of another error, is not an error."""

    def wrapped():
        try:
            todo()
        except NotImplementedError as error:
            raise RuntimeError("a library's own words") from error

    for call in (todo, wrapped):
        with check("later") as c:
            c.close(call(), 3.0)
    with check("later") as c:
        c.raises(KeyError, todo)
    assert capsys.readouterr().out == "○ later: not attempted yet (`todo` is still to do)\n" * 3


def test_a_forgotten_return_is_asked_about():
    """A function that ran and gave None is a mistake, with the check's own hint behind the question."""
    with pytest.raises(CheckFailed) as caught, check("a sentence") as c:
        c.close(forgotten(3), 3.0, hint="unconnected")
    assert "`forgotten(3)` is None" in str(caught.value)
    assert "Does every path through your function end with `return …`? unconnected" in str(
        caught.value
    )
    with pytest.raises(CheckFailed, match=r"`.*\[1\]` is None"), check("a sentence") as c:
        c.close([3.0, forgotten(3)], [3.0, 3.0])

    def kept(c):
        value = forgotten(3)
        c.shape(value, (2,))

    assert "`value` is None" in failure(kept)


@pytest.mark.parametrize("use", ["made(3)", "made.shape", "made[0]", "len(made)", "a, b = made"])
def test_what_cannot_be_used_because_it_is_none_is_named(use):
    """A builder without `return`: not "'NoneType' object is not callable"."""
    code = f"with check('s') as c:\n    made = forgotten(1)\n    {use}\n    c.true(True, '')"
    with pytest.raises(CheckFailed) as caught:
        exec(code, {"check": check, "forgotten": forgotten})
    assert "`made` is None" in str(caught.value)
    assert "return" in str(caught.value)


PLACEHOLDER = """def f(x):
    \"\"\"Says what f does.\"\"\"
    given = x
    # YOUR CODE HERE
    {above}
    raise NotImplementedError("TODO: not attempted yet")
    {below}
"""


@pytest.mark.parametrize(
    ("above", "below", "untouched"),
    [
        ("", "", True),
        ("# a thought", "# another", True),
        ("", "return x", False),
        ("y = x", "", False),
        ("", "for i in range(3):\n        x += i\n    return x", False),
    ],
)
def test_a_raise_that_was_left_over(above, below, untouched, capsys):
    """Code below the placeholder's `raise`, or above it, is an attempt: the line has to go."""
    code, name = PLACEHOLDER.format(above=above, below=below), f"<cell {above}{below}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    names = {}
    exec(compile(code, name, "exec"), names)
    if untouched:
        with check("later") as c:
            c.close(names["f"](1), 1)
        assert capsys.readouterr().out.startswith("○ later")
        return
    with pytest.raises(CheckFailed, match="Delete the line"), check("later") as c:
        c.close(names["f"](1), 1)


def test_an_error_of_the_check_itself_is_not_the_students():
    """What came does not fit into the check's line: no word of a line that stopped."""
    with pytest.raises(CheckFailed, match="could not be used here: a TypeError"), check("s") as c:
        c.close("three" + 1, 4)  # type: ignore[operator]


def test_an_exception_of_the_student_becomes_a_message():
    """An exception names its type, its message and the student's line; the original stays at
    hand."""
    with pytest.raises(CheckFailed) as caught, check("a sentence", hint="Which types?") as c:
        c.close(broken(3), 4)
    message = str(caught.value)
    assert "`broken` stopped with a TypeError" in message
    assert 'of broken: return x + "a"' in message
    assert "Which types?" in message
    assert isinstance(caught.value.original, TypeError)
    assert caught.value.__suppress_context__


def test_a_name_error_says_to_run_the_cells_above():
    """The commonest error in notebooks gets its own advice."""
    assert "been run?" in failure(lambda c: c.close(not_defined, 1))  # noqa: F821


def test_long_messages_of_libraries_are_cut():
    """At most six lines of a library's message are shown, without colour codes."""

    def essay():
        raise ValueError("\x1b[1mfirst\x1b[0m\n" + "\n".join("more" for _ in range(50)))

    message = failure(lambda c: c.close(essay(), 1))
    assert message.count("          more\n") == 5
    assert "\x1b" not in message


def test_interrupts_pass_through():
    """Interrupting the kernel is not a verdict."""
    with pytest.raises(KeyboardInterrupt), check("a sentence"):
        raise KeyboardInterrupt


def test_a_check_that_compares_nothing_is_a_mistake_of_the_author():
    """The absence of an error is never a pass."""
    with pytest.raises(RuntimeError, match="compares nothing"), check("a sentence"):
        pass


def test_notebooks_show_no_traceback():
    """IPython's hook returns the lines of the message."""
    error = CheckFailed("✗ one\n  two")
    assert error._render_traceback_() == ["✗ one", "  two"]


def test_ipython_uses_the_hook():
    """In a real shell, a failing check prints its message only, and the cell ends there."""
    code = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_cell('from labkit.checking.checks import check\\nx = 3')\n"
        'cell = \'with check("x is 4") as c:\\n    c.close(x + 0, 4)\\nprint("unreachable")\'\n'
        "result = shell.run_cell(cell)\n"
        "print(type(result.error_in_exec).__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        "✗ x is 4\n  `x + 0` has the wrong value\n    expected: 4\n    got:      3\n" in run.stdout
    )
    assert run.stdout.strip().endswith("CheckFailed")
    assert "Traceback" not in run.stdout
    assert "unreachable" not in run.stdout


def test_an_error_inside_cython_points_at_the_students_line():
    """NumPy's generators are compiled: their frames are not the student's."""

    def draw():
        return np.random.default_rng(0).choice(2, p=[np.nan, 1.0])

    message = failure(lambda c: c.equal(draw(), 1))
    assert "draw` stopped with a ValueError" in message
    assert "default_rng(0).choice" in message
