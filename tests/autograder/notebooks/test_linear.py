"""No regular expression that meets a student's text takes more than a time that grows with it."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import autograder.judging
import autograder.matching
import autograder.notebooks
from autograder.notebooks.magics import without_magics
from autograder.notebooks.names import lasting_names
from autograder.notebooks.python_source import unfence
from autograder.running import flagged_names

BEFORE = ("", "x", "x:", "x =", "def ", "async ", "%time", "%%time", "```\n", "__array", "Cell In[")
REPEATED = (" ", "\n", "\f", "\t", "a", "1", ".", "?", ",", "a ", "a=", " \n", "(", '"', "\\", "`")
AFTER = ("", "!", "x!", "=", "==", "\n\n!")
LENGTH = 2_000
NOTHING = 0.01
"""Seconds that may pass whatever the ratio: a square of the longer text takes far more."""


def patterns() -> Iterator[tuple[str, re.Pattern]]:
    """Every compiled expression of the packages that read what a student wrote."""
    for package in (autograder.notebooks, autograder.matching, autograder.judging):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value
    yield from flagged_names.REACHES.items()
    yield from ((f"look: {what}", name) for what, name in flagged_names.LOOK_AT.items())


FOUND = dict(patterns())


def seconds(pattern: re.Pattern, text: str) -> float:
    """The processor's time for every place where the pattern is found; the least of three."""
    data = text.encode() if isinstance(pattern.pattern, bytes) else text
    times = []
    for _ in range(3):
        started = time.process_time()
        for _ in pattern.finditer(data):
            pass
        times.append(time.process_time() - started)
        if times[-1] < NOTHING:
            break
    return min(times)


def test_the_expressions_are_found():
    assert len(FOUND) > 15
    assert {"magics._COMMAND_VALUE", "names._BROKEN_DEFINITION", "the kernel"} <= FOUND.keys()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_time_grows_with_the_text(name):
    for before, repeated, after in itertools.product(BEFORE, REPEATED, AFTER):
        for units in (4 * LENGTH, 16 * LENGTH):
            text = before + repeated * (units // len(repeated)) + after
            used = seconds(FOUND[name], text)
            if used < NOTHING:
                break  # the square of 8,000 steps takes longer
            shorter = before + repeated * (units // 4 // len(repeated)) + after
            assert used < 8 * seconds(FOUND[name], shorter) + NOTHING, (name, text[:20], after)


def test_a_square_is_noticed():
    """The expression that once stopped the grader for minutes does not pass the test above."""
    slow = re.compile(r"^(\s*[\w, ]+=\s*)[!%].*$")
    short, long = (seconds(slow, "\f" + " " * n + "x!") for n in (LENGTH, 4 * LENGTH))
    assert long > max(8 * short, NOTHING)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (without_magics, "\f" + " " * 99_900 + "x!"),
        (without_magics, "\n".join(["x" + " " * 999 + "!"] * 90)),
        (without_magics, "%x\n" * 30_000),
        (without_magics, "x = (\n" * 200 + "%y\n" * 400),
        (without_magics, "a." * 900 + "?\n" + "(\n" * 2_000),
        (without_magics, ">>> (\n" * 9_000),
        (without_magics, " x\n" * 30_000 + "!"),
        (lasting_names, "(\nx:" + " " * 99_000),
        (lasting_names, "(\n" + "\n".join(["x : " + "a " * 400] * 100)),
        (unfence, "```\n" * 200_000),
        (unfence, (" " * 1000 + "\n") * 900),
    ],
)
def test_adversarial_cells_take_less_than_a_second(read, text):
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 1
