"""What of an added cell is run: what defines something, and what that needs."""

from __future__ import annotations

import time
from typing import Any

import pytest

from autograder.notebooks.definitions import bare_definitions, definitions, needed_names

KEPT = {
    "table = []\nfor i in range(3):\n    table.append(i)": [0, 1, 2],
    "table = {}\ntable['a'] = 1": {"a": 1},
    "table = [1]\ntable += [2]": [1, 2],
    "table = [1]\ntable.extend([2]); table.sort(reverse=True)": [2, 1],
    "class T: pass\nsetattr(T, 'a', 3)\ntable = T.a": 3,
    "if True:\n    table = 1\nelse:\n    table = 2": 1,
    "try:\n    import no_such\n    table = 1\nexcept ImportError:\n    table = 2": 2,
    "with open('/dev/null') as f:\n    table = f.read()": "",
    "base = [1]\nbase.append(2)\ntable = sum(base)": 3,
    "n = 0\nwhile n < 3:\n    n += 1\ntable = n": 3,
    "(table := [7])": [7],
    "match 3:\n    case n:\n        table = n": 3,
    "from __future__ import annotations\nx: Unknown = 1\ntable = x": 1,
    "import math, os as np\ntable = math.floor(2.5)": 2,
    "try:\n    import math as np\n    table = 1\nexcept ImportError:\n    pass": 1,
    "def make():\n    return 4\nmade = make()\ntable = made": 4,
    "1 / 0\nundefined.call()\ntable = 5": 5,
    "assert False\ntable = 6": 6,
    "@undefined\ndef f(): pass\ntable = 8": 8,
}


def run(code: str, **names: Any) -> dict[str, Any]:
    """The names after a cell."""
    space = dict(names)
    exec(code, space)
    return space


@pytest.mark.parametrize(("code", "value"), KEPT.items(), ids=KEPT)
def test_what_a_needed_name_stands_on_is_run(code: str, value: object) -> None:
    """Whatever fills a table, where an answer reads it; names of ours stay."""
    space = run(definitions(code, {"np"}, {"table"}), np="ours")
    assert space["table"] == value
    assert space["np"] == "ours"


@pytest.mark.parametrize(
    "code",
    [
        "history = train()",
        "for epoch in range(9):\n    loss = train()",
        "train()",
        "print(train())",
        "while True:\n    pass",
        "plt.plot(train())",
        "with strategy():\n    train()",
        "x = [train() for _ in range(9)]",
    ],
)
def test_experiments_are_left_out(code: str) -> None:
    """What no answer reads costs no time."""
    assert "train" not in definitions(code, set(), {"table"})


def test_a_function_needs_what_it_reads() -> None:
    """Within a cell, and from one cell to the next."""
    first, second = "rows = []\nrows.append(2)", "def f():\n    return rows[0]"
    assert definitions(first, set(), set()) == "try:\n    rows = []\nexcept Exception:\n    pass"
    needed = needed_names([first, second], {"f"})
    assert run(definitions(first, set(), needed) + "\n" + definitions(second, set(), needed))[
        "rows"
    ]
    assert "append" in definitions(first + "\n" + second, set(), set())


def test_a_star_leaves_our_names_alone() -> None:
    """Whatever a module brings along."""
    space = run(definitions("from math import *", {"pi", "e"}, set()), pi="ours")
    assert space["pi"] == "ours"
    assert space["cos"](0) == 1
    assert "_before" not in space


def test_definitions_alone_take_no_time() -> None:
    """Imports, functions, classes and constants."""
    code = (
        "import os\nN = 3\nrows = slow()\nfor i in rows: pass\ndef f(): return rows\nclass A: pass"
    )
    kept = bare_definitions(code)
    assert "slow" not in kept
    assert "for" not in kept
    assert {"os", "N", "f", "A"} <= run(kept).keys()


def test_a_file_that_is_written_is_kept() -> None:
    """Another cell may import it."""
    code = "with open('helper.py', 'w') as f:\n    f.write('x = 1')"
    assert "helper.py" in definitions(code, set(), set())


@pytest.mark.parametrize(
    "code",
    [
        "\n".join(f"a{i} = f(a{i + 1})" for i in range(6_000)),
        ", ".join(f"a{i}" for i in range(9_000)) + " = x",
        "x.y\n" * 20_000,
        "if x:\n" + " import a\n" * 9_000,
    ],
)
def test_time_grows_with_the_cell(code: str) -> None:
    """No cell of a hundred thousand characters takes more than a second or two."""
    started = time.process_time()
    definitions(code, {"a1"}, {"a0"})
    assert time.process_time() - started < 3
