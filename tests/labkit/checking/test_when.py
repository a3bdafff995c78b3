"""`when_done`: demonstrations wait for the TODOs they need."""

from __future__ import annotations

import sys

import pytest

from labkit.checking.when import is_open, when_done

x_open = None
x_done = 3


def placeholder(a):
    """A docstring."""
    raise NotImplementedError("TODO 1")


def placeholder_with_help(a):
    b = a + 1
    raise NotImplementedError("TODO 2")
    return b


def finished(a):
    if a is None:
        raise NotImplementedError("None is not supported")
    return a


class Half:
    def __init__(self, n):
        self.n = n

    def call(self, x):
        raise NotImplementedError("TODO 3")


class Whole:
    def call(self, x):
        return x


@pytest.mark.parametrize(
    "name", ["x_open", "placeholder", "placeholder_with_help", "Half", "not_there"]
)
def test_an_open_todo_skips_the_body(name, capsys):
    """Nothing of the body runs while a name is missing, None, or a placeholder."""
    ran = []
    with when_done("finished", name):
        ran.append(1)
        ran.append(2)
    assert ran == []
    assert capsys.readouterr().out == f"○ this cell waits for: {name}\n"
    assert sys.gettrace() is None


def test_finished_todos_let_the_body_run(capsys):
    """With every TODO done the body runs, silently."""
    ran = []
    with when_done("finished", "Whole", "x_done"):
        ran.append(1)
    assert ran == [1]
    assert capsys.readouterr().out == ""


def test_errors_of_a_finished_demo_are_shown():
    """Once nothing is open, an error in the body is an error."""
    with pytest.raises(ZeroDivisionError), when_done("finished"):
        _ = 1 / 0


def test_a_placeholder_reached_another_way_is_explained(capsys):
    """A body that runs into a placeholder that was not named waits as well."""
    with when_done("finished"):
        placeholder(1)
    assert capsys.readouterr().out == "○ this cell waits for: finished\n"


def test_under_a_debugger_the_body_stops_at_its_first_todo(capsys):
    """Where a tracer is in force it is left alone; the error of the first TODO is still
    swallowed."""

    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with when_done("placeholder"):
            placeholder(1)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert "waits for: placeholder" in capsys.readouterr().out


def test_interrupts_pass_through():
    """Interrupting the kernel is not a waiting TODO."""
    with pytest.raises(KeyboardInterrupt), when_done("finished"):
        raise KeyboardInterrupt


def test_what_is_open():
    """A function that can return is done, even when it may raise NotImplementedError; lambdas and
    numbers are."""
    assert not is_open(finished)
    assert not is_open(lambda: 1)
    assert not is_open(0)
    assert is_open(...)
    assert is_open(Half(1).call)
