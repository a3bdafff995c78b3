"""Rows from 300 on: notebooks that are green from top to bottom, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat

from tests.attacks.desk import Desk, cell
from tests.attacks.rows import Files, Row, answers, from_notebook
from tests.attacks.rows_notebooks import _extra_cells

__all__ = ["ROWS"]

DOUBLE = "def double(x):\n    return np.asarray(x) * 2.0\n"
TOTAL = "def total(x):\n    return float(np.sum(double(x)))\n"
HELPED = "def double(x):\n    return np.asarray(x) * factor()\n"
WRONG = "def double(x):\n    return np.asarray(x) * 3.0\n"
SHADOWS = (
    "list = [1, 2, 3]; sum = 0; range = len = sorted = isinstance = print = None",
    "str = tuple = dict = enumerate = zip = max = min = 'mine'",
)
ENDS = "\u2028", "\x0c", "\x0b", "\x85"


def _fine(number: str, title: str, make: Callable[[Desk], Files], **more: Any) -> Row:
    return Row(number, title, "A", make, **more)


def _helped(number: str, title: str, *sources: str, **more: Any) -> Row:
    """A right answer that calls ``factor()``, which added cells above it define."""
    return _fine(number, title, _added(*sources, double=HELPED), **more)


def _added(*sources: str, after: str | None = None, **texts: str) -> Callable[[Desk], Files]:
    """Answers, and cells that the student added above them all."""

    def change(notebook: Any, desk: Desk) -> None:
        for name, text in texts.items():
            cell(notebook, name).source = text
        at = notebook.cells.index(cell(notebook, after or "double"))
        notebook.cells[at:at] = [
            nbformat.v4.new_code_cell(source, id=f"y{number}")
            for number, source in enumerate(sources)
        ]

    return from_notebook(change)


def _setup_with(addition: str, **texts: str) -> Callable[[Desk], Files]:
    """Lines added to our setup cell."""

    def change(notebook: Any, desk: Desk) -> None:
        for name, text in texts.items():
            cell(notebook, name).source = text
        setup = next(item for item in notebook.cells if "rng_for = " in item.source)
        setup.source += "\n" + addition

    return from_notebook(change)


def _merged(end: str) -> Callable[[Desk], Files]:
    """All answers in one cell, below a text with a character that ends a line elsewhere."""

    def change(notebook: Any, desk: Desk) -> None:
        first, second = cell(notebook, "double"), cell(notebook, "total")
        first.source = f"note = 'a{end}b'  # {end} c\n{DOUBLE}\n{TOTAL}"
        notebook.cells.remove(second)

    return from_notebook(change)


def _lost_with_helper(double: str) -> Callable[[Desk], Files]:
    """A wrong answer with a helper beside it; a later answer overruns; the last calls the helper.

    The replay after the overrun must not lose the helper.
    """
    return answers(
        double=double,
        total="def total(x):\n    while True:\n        pass\n",
        dice="def dice(rng):\n    return throw(rng)\n",
    )


BUILTINS = [
    _fine("300", "built-ins shadowed in added cells", _extra_cells(*SHADOWS)),
    _fine("300b", "built-ins shadowed below a right answer", answers(double=DOUBLE + SHADOWS[0])),
    _fine("300c", "from numpy import * in an added cell", _extra_cells("from numpy import *")),
    _fine(
        "300d",
        "from numpy import * above a right answer",
        answers(double="from numpy import *\n" + DOUBLE),
    ),
    _fine(
        "300e",
        "exceptions and types shadowed in a loop",
        _extra_cells("for ValueError in [1]:\n    pass\nwith open('f', 'w') as set:\n    pass"),
    ),
    _fine(
        "300f",
        "a star import over names of ours",
        _extra_cells("from numpy.random import *\nfrom numpy import *\nsum = abs"),
    ),
]

NAMES = [
    Row(
        f"301{letter}",
        title,
        "B",
        answers(double=f"{code}\n{WRONG}"),
        {"double": 0.0},
    )
    for letter, title, code in (
        (
            "",
            "a wrong answer imports math as np",
            "import math as np, numpy\nnp.asarray = numpy.array",
        ),
        ("b", "a wrong answer loops over np", "for np in [np]:\n    pass"),
        ("c", "a wrong answer tries np = 1", "import numpy\ntry:\n    rng_for = 1\nexcept: pass"),
        (
            "d",
            "a wrong answer opens a file as rng_for",
            "with open('f', 'w') as rng_for:\n    pass",
        ),
    )
]

ADDED = [
    _helped(
        "302",
        "a helper below try: import google.colab",
        "try:\n    import google.colab\n    COLAB = True\nexcept ImportError:\n    COLAB = False\n"
        "if COLAB:\n    def factor():\n        return 2.0\nelse:\n    def factor():\n        return 2.0",
    ),
    _helped(
        "302b",
        "a table filled by a loop",
        "table = {}\nfor i in range(5):\n    table[i] = float(i)\ndef factor():\n    return table[2]",
    ),
    _helped(
        "302c",
        "append, += and setattr",
        "parts = []\nparts.append(1.0)\nparts += [0.5]\nclass Box:\n    pass\n"
        "setattr(Box, 'half', 0.5)",
        "def factor():\n    return sum(parts) + Box.half",
    ),
    _helped(
        "302d",
        "a helper beside a slow assignment that nobody reads",
        "import time\nhistory = time.sleep(60)\ndef factor():\n    return 2.0",
    ),
    _helped(
        "302e",
        "from __future__ and a decorator that fails",
        "from __future__ import annotations\n@undefined\ndef other(): pass\n"
        "def factor() -> Unknown:\n    return 2.0",
    ),
    _helped(
        "302f",
        "a helper beside a slow loop that fills what it does not need",
        "import time\nlog = []\ndef factor():\n    return 2.0 + 0 * len(log)\n"
        "for i in range(60):\n    time.sleep(1)\n    log.append(i)",
        incident="all but its definitions was left out",
    ),
    _helped(
        "302g",
        "an import beside one of ours",
        "import numpy as np, math\ndef factor():\n    return math.sqrt(4)",
    ),
    _helped(
        "302h",
        "a class with a cache",
        "class F:\n    cache = {}\nF.cache['a'] = 2.0\ndef factor():\n    return F.cache['a']",
    ),
    _fine(
        "302i",
        "an alias added to our setup cell",
        _setup_with(
            "asarray = np.asarray\nweights = np.ones(3).sum() - 1",
            double="def double(x):\n    return asarray(x) * weights\n",
        ),
    ),
    _fine(
        "302j",
        "a def in an if, and a table, added to our setup cell",
        _setup_with(
            "if True:\n    def factor():\n        return float(np.sum(table))\ntable = []\nfor i in range(2):\n    table.append(1.0)",
            double=HELPED,
        ),
    ),
    Row(
        "302k",
        "an answer misses a name whose cell fails",
        "B",
        _added("scale = 1 / 0\ndef factor():\n    return scale", double=HELPED),
        {"double": 0.0},
        reason="`scale`",
    ),
]

TOPS = [
    _fine(f"303{letter}", title, answers(double=code), reason="definitions were graded")
    for letter, title, code in (
        ("", "os.chdir to a folder of Colab above a right answer", f"import os\nos.chdir('/content/drive')\n{DOUBLE}"),
        ("b", "an unused import that is missing", f"import no_such_library\n{DOUBLE}"),
        ("c", "assert GPU", f"GPU = None\nassert GPU, 'no GPU'\n{DOUBLE}"),
        ("d", "a training loop below a right answer", f"import time\n{DOUBLE}\nfor epoch in range(100):\n    time.sleep(1)"),
        ("e", "an endless while below a right answer", f"{DOUBLE}\nwhile True:\n    double([1])"),
        ("f", "a missing file above a right answer", f"text = open('mine.txt').read()\n{DOUBLE}"),
    )
]  # fmt: skip

READ = [
    _fine("304", "a cell indented as a whole", answers(double="    def double(x):\n        return np.asarray(x) * 2.0\n")),
    _fine("304b", "prompts of Python", answers(double=">>> def double(x):\n...     return np.asarray(x) * 2.0\n")),
    _fine("304c", "prompts of IPython", answers(double="In [3]: def double(x):\n   ...:     return np.asarray(x) * 2.0\n")),
    _fine("304d", "a line that begins with % inside brackets", answers(double="!pip install x\ny = (7\n% 3)\n" + DOUBLE)),
    _fine("304e", "%%MIDI inside a text beside !pip", answers(double="!pip install x\nabc = '''\n%%MIDI program 1\n!x\n'''\n" + DOUBLE)),
    _fine("304f", "the value of a timed expression", answers(double="two = %time float(2)\ndef double(x):\n    return np.asarray(x) * two\n")),
    _fine("304g", "help on an expression", answers(double="layers = [np]\nlayers[0]?\nnp.ones??\n" + DOUBLE)),
    _fine("304h", "unknown cell magics", answers(double="%%black\n" + DOUBLE, total="%%wandb\n" + TOTAL)),
    _helped("304i", "%%writefile and import", "%%writefile helper.py\ndef factor():\n    return 2.0", "from helper import factor"),
    _helped("304j", "%%writefile and %run", "%%writefile helper2.py\ndef factor():\n    return 2.0", "%run helper2.py"),
    _fine("304k", "get_ipython().run_line_magic", answers(double="get_ipython().run_line_magic('matplotlib', 'inline')\n" + DOUBLE)),
]  # fmt: skip

LINES = [
    _fine(f"305{letter}", f"U+{ord(end):04X} in a merged cell", _merged(end))
    for letter, end in zip(("", "b", "c", "d"), ENDS, strict=True)
]

HELPER = "def throw(rng):\n    return int(rng.integers(6))\n\n"
ALONG = [
    Row(
        "306",
        "a helper in a wrong TODO's cell, used after an overrun",
        "B",
        _lost_with_helper(HELPER + WRONG),
        {"double": 0.0, "total": 0.0},
    ),
    Row(
        "306b",
        "helpers in a class and a constant",
        "B",
        _lost_with_helper(
            "SIX = 6\nclass Die:\n    def go(self, rng):\n        return int(rng.integers(SIX))\n"
            f"def throw(rng):\n    return Die().go(rng)\n{WRONG}"
        ),
        {"double": 0.0, "total": 0.0},
    ),
    Row(
        "306c",
        "a helper in a cell whose own answer overruns",
        "B",
        _lost_with_helper(HELPER + "def double(x):\n    while True:\n        pass\n"),
        {"double": 0.0, "total": 0.0},
    ),
    Row(
        "306d",
        "a helper in a cell that fails at its top",
        "B",
        _lost_with_helper("import no_such_library\n" + HELPER + WRONG),
        {"double": 0.0, "total": 0.0},
    ),
    _fine(
        "306e",
        "np.seterr(all='raise') in a right answer",
        answers(double="np.seterr(all='raise')\n" + DOUBLE, total=TOTAL.replace("return", "np.float32(1e-30) ** 3\n    np.zeros(1) / 0\n    return")),
    ),
    Row(
        "306f",
        "np.seterr(all='raise') in a wrong answer",
        "B",
        answers(double="np.seterr(all='raise')\n" + WRONG, total=TOTAL.replace("return", "np.zeros(1) / 0\n    return")),
        {"double": 0.0},
    ),
]  # fmt: skip

CALM = [
    _fine(f"307{letter}", title, answers(double=code + DOUBLE))
    for letter, title, code in (
        ("", "scipy.signal", "from scipy import signal\nwindow = signal.get_window('hann', 4)\n"),
        ("b", "the word solutions in a comment", "# all solutions of this\n"),
        ("c", "the word solutions in a text", "title = 'solutions submitted by the workspace'\n"),
        ("d", "a signal of one's own", "signal = np.sin(np.arange(3))\nworkspace = signal.max()\n"),
    )
]

ROWS = [*BUILTINS, *NAMES, *ADDED, *TOPS, *READ, *LINES, *ALONG, *CALM]
