"""Rows 36-49 and their neighbours: innocent trouble while the code runs."""

from __future__ import annotations

from tests.attacks.rows import Row, answers
from tests.attacks.rows_notebooks import _extra_cells

__all__ = ["ROWS"]

NONE = {"double": 0.0}
RIGHT = "def double(x):\n    return np.asarray(x) * 2.0\n"


def _broken(
    number: str, title: str, code: str, state: str, reason: str = "", **more: object
) -> Row:
    """A row of class B: one TODO is lost, with a reason."""
    states = {"double": state} if state else {}
    return Row(number, title, "B", answers(double=code), NONE, states, reason=reason, **more)  # type: ignore[arg-type]


def _without_top(number: str, title: str, code: str, reason: str) -> Row:
    """A row of class A: a line beside a right function fails, and the result says so."""
    title = f"{title}, beside a right function"
    return Row(number, title, "A", answers(double=code), reason=reason)


def _fine(number: str, title: str, code: str) -> Row:
    """A row of class A: nothing is lost."""
    return Row(number, title, "A", answers(double=code))


ROWS = [
    _broken("36", "syntax error", "def double(x):\n    retrun x", "error", "line 2"),
    _broken("36b", "an unfinished bracket", "double = (1,\n", "error", "Python cannot read"),
    _broken(
        "36c",
        "the placeholder stands in the code",
        "def double(x):\n    x = # TODO\n    return x",
        "error",
        "line 2",
    ),
    _broken(
        "37",
        "exception",
        "def double(x):\n    y = 1\n    return x / 0 + undefined",
        "error",
        "NameError in line 3",
    ),
    _without_top("37b", "exception at the top", "1 / 0\n" + RIGHT, "ZeroDivisionError in line 1"),
    _broken(
        "38",
        "endless loop",
        "def double(x):\n    while True:\n        pass",
        "timeout",
        "endless loop",
    ),
    _broken(
        "38b", "endless loop that swallows interrupts", "swallow.py", "timeout", "endless loop"
    ),
    _broken(
        "38c",
        "endless recursion",
        "def double(x):\n    return double(x)",
        "error",
        "RecursionError",
    ),
    _broken("38d", "a lock that is never freed", "deadlock.py", "timeout", "endless loop"),
    _fine(
        "39",
        "slow but right",
        "import time\n\ndef double(x):\n    time.sleep(0.4)\n    return np.asarray(x) * 2.0\n",
    ),
    _fine(
        "40",
        "CUDA noise on fd 2",
        "import os\nos.write(2, b'E0000 CUDA error: no device\\n' * 100)\n" + RIGHT,
    ),
    _fine(
        "41",
        "warnings",
        "import warnings\nwarnings.warn('old', DeprecationWarning)\nwarnings.simplefilter('error')\n"
        + RIGHT,
    ),
    Row(
        "42",
        "unseeded randomness",
        "A",
        answers(dice="def dice(rng):\n    return int(np.random.randint(6))"),
    ),
    Row(
        "42b",
        "reseeds everything",
        "A",
        answers(
            dice="import random\nrandom.seed()\nnp.random.seed(None)\ndef dice(rng):\n    return random.randrange(6)"
        ),
    ),
    _broken(
        "43",
        "input()",
        "def double(x):\n    return x * float(input('factor? '))",
        "error",
        "input()",
    ),
    _without_top(
        "43b",
        "getpass at the top",
        "import getpass\nkey = getpass.getpass()\n" + RIGHT,
        "input()",
    ),
    _fine("44", "Colab's calls and magics", "colab.py"),
    _fine(
        "44b",
        "pip with continued lines, cell timer",
        "%%time\n!pip install -q \\\n    numpy \\\n    pandas\n%matplotlib inline\nfiles = !ls\n"
        + RIGHT,
    ),
    _fine("44c", "get_ipython().system", "get_ipython().system('pip install numpy')\n" + RIGHT),
    _fine(
        "45",
        "our data file",
        "text = open('@COURSE@/data/music/tune.txt').read()\nassert text == 'X:1\\n'\n" + RIGHT,
    ),
    _without_top(
        "45b",
        "another data file",
        "table = open('my_data.csv').read()\n" + RIGHT,
        "FileNotFoundError",
    ),
    _without_top(
        "45c",
        "our data changed",
        "open('@COURSE@/data/music/tune.txt', 'w').write('X:2')\n" + RIGHT,
        "OSError",
    ),
    _broken(
        "46",
        "giant array",
        "def double(x):\n    return np.ones(10**12) * x",
        "error",
        "MemoryError",
    ),
    _broken("46b", "memory little by little", "hoard.py", "error", "MemoryError"),
    _fine("47", "300,000 lines", "for i in range(300_000):\n    print('line', i)\n" + RIGHT),
    _fine("47b", "one line of 50 MB", "print('x' * 50_000_000)\n" + RIGHT),
    _fine(
        "47c",
        "20,000 flushed lines on both streams",
        "import sys\nfor i in range(10_000):\n    print(i, flush=True)\n    print(i, file=sys.stderr, flush=True)\n"
        + RIGHT,
    ),
    _fine("47d", "a value of 50 MB shown", RIGHT + "\n'y' * 50_000_000"),
    _broken(
        "47e",
        "an error of 50 MB",
        "def double(x):\n    raise ValueError('z' * 50_000_000)",
        "error",
        "ValueError",
    ),
    _broken(
        "48", "sys.exit()", "import sys\n\ndef double(x):\n    sys.exit()", "error", "SystemExit"
    ),
    _fine("48b", "exit() at the top, which a notebook ignores", "exit()\n" + RIGHT),
    _broken("48c", "quit() in a function", "def double(x):\n    quit(0)", "incorrect", "None"),
    _broken(
        "49",
        "os._exit",
        "import os\n\ndef double(x):\n    os._exit(0)",
        "killed",
        "ended",
        incident="exit status 0",
    ),
    _broken(
        "49b",
        "segmentation fault",
        "import ctypes\n\ndef double(x):\n    ctypes.string_at(0)",
        "killed",
        "crashed",
        incident="segmentation",
    ),
    _broken(
        "49c",
        "abort",
        "import os\n\ndef double(x):\n    os.abort()",
        "killed",
        "",
        incident="process ended",
    ),
    _broken(
        "49d", "stack overflow in C", "stack.py", "killed", "crashed", incident="process ended"
    ),
    Row(
        "49e",
        "dies in the second case: the first one counts",
        "B",
        answers(double="second_case.py"),
        {"double": 1.0},
        {"double": "killed"},
    ),
    _broken(
        "87",
        "code too deep for the parser",
        "double = lambda x: x" + " + 1" * 20_000,
        "error",
        "cannot read",
    ),
    _broken(
        "88",
        "a hundred thousand brackets",
        "double = " + "(" * 50_000 + ")" * 50_000,
        "error",
        "limit",
    ),
    _broken(
        "89", "returns nothing", "def double(x):\n    x = np.asarray(x) * 2.0", "incorrect", "None"
    ),
    _broken(
        "90",
        "an endless generator",
        "def double(x):\n    while True:\n        yield 1",
        "incorrect",
    ),
    _broken("91", "a sequence without end", "endless.py", ""),
    _broken(
        "92",
        "a list that holds itself",
        "def double(x):\n    x = []\n    x.append(x)\n    return x",
        "incorrect",
    ),
    _broken(
        "93",
        "a number of a million digits",
        "def double(x):\n    return 10 ** 1_000_000",
        "incorrect",
    ),
    _broken(
        "94",
        "a value of 16 MB",
        "def double(x):\n    return np.zeros(4_000_000, 'f4')",
        "incorrect",
        "too large",
    ),
    _broken(
        "95",
        "a dictionary of 300,000 keys",
        "def double(x):\n    return {str(i): i for i in range(300_000)}",
        "incorrect",
    ),
    _broken("96", "a value on fire", "on_fire.py", "error"),
    _fine("97", "a thread goes on for ever", "spinning_thread.py"),
    _fine("98", "a daemon goes on for ever", "daemon.py"),
    _fine(
        "99",
        "an exit handler that never ends",
        "import atexit\n\n@atexit.register\ndef never():\n    while True:\n        pass\n\n"
        + RIGHT,
    ),
    _fine(
        "100",
        "signals ignored",
        "import signal\nfor s in (signal.SIGTERM, signal.SIGINT):\n    signal.signal(s, signal.SIG_IGN)\n"
        + RIGHT,
    ),
    Row(
        "101",
        "an added cell that runs on and on, 60 times",
        "A",
        _extra_cells(*(["x = [0 for _ in iter(int, 1)]"] * 60)),
    ),
]
