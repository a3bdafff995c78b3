"""Rows 230 to 265, and 272 on: what aims at the code that reads and judges, and honest code beside it.

Each of these once held the grader up, or could have: a worker of the submission reads it now, with
limits, and every regular expression takes a time that only grows with the text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat

from tests.attacks.desk import Desk
from tests.attacks.rows import Files, Row, answers, from_notebook

__all__ = ["ROWS"]

NONE = {"double": 0.0}
RIGHT = "def double(x):\n    return np.asarray(x) * 2.0\n"
TOO_LONG = "\nlonger = '" + "x" * 100_000 + "'"


def _lost(number: str, title: str, code: str, *states: str, **more: Any) -> Row:
    """A row of class B: its own TODO is lost, and no more."""
    wanted = {"double": states[0]} if states else {}
    return Row(number, title, "B", answers(double=code), NONE, wanted, **more)


def _kept(number: str, title: str, code: str) -> Row:
    """A row of class A: it looks strange, and is right."""
    return Row(number, title, "A", answers(double=code))


def _returns(number: str, title: str, value: str, **more: Any) -> Row:
    """The answer's function returns a value that is made to cost more than it holds."""
    return _lost(number, title, f"def double(x):\n    return {value}", "incorrect", **more)


def _cells(*sources: str, kind: str = "code") -> Any:
    """The solved notebook with further cells at its end."""

    def change(notebook: Any, desk: Desk) -> None:
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells += [make(source) for source in sources]

    return from_notebook(change)


def _beside(name: str, content: bytes = b"") -> Callable[[Desk], Files]:
    """The solved notebook and another file; without content, that is the notebook once more."""

    def make(desk: Desk) -> Files:
        good = desk.packed(desk.solved())
        return {"tiny.ipynb": good, name: content or good}

    return make


METADATA = b"""---
submission_1:
  :submitters:
  - :name: honest-0
    :sid: honest-0
  :created_at: 2026-01-01 10:00:00.000000000 Z
row-272:
  :submitters:
  - :name: honest-0
    :sid: honest-0
"""
EXCHANGE = "honest-0+tiny+2026-01-01 10:00:00 UTC+x/tiny.ipynb"

# Far more code than anybody writes, built like a cell of ours: each is compared with it.
LINES = "    y = x + x * x - x\n" * 600
OUTLINED = [f"def helper_{number}(x):\n{LINES}" for number in range(30)]
HELPERS = [f"def helper_{number}(x):\n    return x\n" for number in range(200)]
ALIKE = [f"total = {number}\n" + "a = b + c * d - e\n" * 100 for number in range(150)]

ROWS = [
    # Text that made a regular expression take the square of its length.
    _lost("230", "a form feed and 99,900 blanks before a command", "\f" + " " * 99_900 + "x!"),
    _lost("231", "blanks before a missing equals sign", "(\nx :" + " " * 99_000, "error"),
    _lost("232", "90 lines of a thousand blanks", "\n".join(["x" + " " * 999 + "!"] * 90)),
    _lost("233", "commas and blanks", "x" + ", " * 49_000 + "!", "error"),
    _lost("234", "50,000 question marks", "x" + "?" * 50_000 + "!", "error"),
    _lost("235", "a cell magic of 90,000 letters", "%%" + "w" * 90_000),
    _kept("236", "99 lines of commands", "%matplotlib inline\n" * 99 + RIGHT),
    _kept("237", "90,000 blank characters below it", RIGHT + "\n" * 90_000),
    _kept("238", "%time with 90,000 blanks", "%time" + " " * 90_000 + "y = 1\n" + RIGHT),
    # Values that take far more to look at than to send.
    _returns("239", "one long text and 4,000 empty ones", '["x" * 200_000] + [""] * 4_000'),
    _returns("240", "the same, in lists of lists", '[["x" * 200_000]] + [[""]] * 4_000'),
    _returns("241", "the same, in a dictionary", '{"a": ["x" * 200_000] + [""] * 4_000}'),
    _returns("242", "texts among numbers", '[1.0, "x" * 2_000] * 2_000'),
    _returns("243", "700 digits, 9,000 times", "[10**699] * 9_000"),
    _returns("244", "lists in lists, as deep as it goes", "eval('[' * 90 + ']' * 90)"),
    _returns("245", "a thousand arrays without elements", "[np.zeros((0, 10**9))] * 1_000"),
    _returns("246", "lists of unequal lengths", "[[0.0] * n for n in range(140)]"),
    _returns("247", "complex beside bytes", "[np.zeros(10**5, 'int8')] * 9 + [np.zeros(10**5, complex)]"),
    _returns("248", "9,000 dictionaries", "[{str(n): n} for n in range(9_000)]"),
    _returns("249", "a text of 2 MB", "'x' * 2_000_000"),
    _returns("250", "every number NaN", "np.full(len(x), np.nan)", reason="NaN"),
    # A shape as a way out.
    _returns("251", "a number in a shape with a zero", "np.zeros((0, 1234567))", reason="another shape"),
    _returns("252", "a number in a long axis", "np.zeros(54321, 'int8')", reason="another shape"),
    _returns("253", "six axes with a zero", "np.zeros((0, 11, 22, 33, 44, 55))", reason="another shape"),
    _returns("254", "twenty axes", "np.zeros([1] * 20)", reason="20 axes"),
    # Notebooks that take long to match.
    Row("255", "200 helpers that nobody calls", "A", _cells(*HELPERS)),
    Row("256", "150 cells much like each other", "A", _cells(*ALIKE)),
    Row("257", "150 texts much like each other", "A", _cells(*ALIKE, kind="markdown")),
    Row("258", "a cell of a million characters", "A", _cells("# " + "x" * 900_000)),
    Row("259", "a text with 100,000 open fences", "A", _cells("```\n" * 100_000, kind="markdown")),
    _lost("260", "an answer of more than 100,000 characters", RIGHT + TOO_LONG, "error",
          reason="is the limit"),
    # Honest code in which an instructor once had to look at something.
    _kept("261", "a log level in the environment",
          'import os\nos.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"\n' + RIGHT),
    _kept("262", "a handler of a signal",
          "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n" + RIGHT),
    _kept("263", "gc.collect, and threads in a comment",
          "import gc\ngc.collect()  # no threads here, no subprocess\n" + RIGHT),
    _kept("264", "the number of processors",
          "import multiprocessing\nN = multiprocessing.cpu_count()\n" + RIGHT),
    _kept("265", "a variable named solutions", "solutions = []\nworkspace = {}\n" + RIGHT),
    # Somebody else's identity.
    Row("272", "Gradescope's file, written by a student", "A",
        _beside("submission_metadata.yml", METADATA)),
    Row("273", "a folder of nbgrader's, named for somebody else", "A", _beside(EXCHANGE)),
    Row("274", "390,000 characters of code like ours", "A", _cells(*OUTLINED)),
]  # fmt: skip
