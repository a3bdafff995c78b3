"""What is left of a cell without its magics, and what of an added cell is run."""

from __future__ import annotations

import pytest

from autograder.notebooks.definitions import definitions
from autograder.notebooks.magics import is_other_language, without_magics, without_wrapper
from autograder.notebooks.python_source import parse, statements

PLAIN = {
    "x = 5 % 3\n": "x = 5 % 3\n",
    "s = '''\n%matplotlib\n'''": "s = '''\n%matplotlib\n'''",
    "%matplotlib inline\nx = 1": "pass\nx = 1",
    "if x:\n    !pip install y": "if x:\n    pass",
    "files = !ls\nn = len(files)": "files = None\nn = len(files)",
    "np.mean?\n?np.mean": "pass\npass",
    "%time x = f()": "x = f()",
    "!pip install \\\n    a \\\n    b\nx = 1": "pass\n\n\nx = 1",
    "%%time\nx = 1": "pass\nx = 1",
    "\n%%capture out\nx = 1": "\npass\nx = 1",
    "%%bash\nls": "",
    "%%html\n<b>x = 1</b>": "",
    "%%black\nx = 1": "pass\nx = 1",
    "%%wandb\n%matplotlib inline\nx = 1": "pass\npass\nx = 1",
    "%%sql\nx": "",
    "%%unknown\nselect a from b": "",
    "    x = 1\n    y = 2": "x = 1\ny = 2",
    "  !ls\n\n  def f():\n      return 1": "pass\n\ndef f():\n    return 1",
    "    x = 1\n    return x": "    x = 1\n    return x",
    ">>> x = 1\n>>> def f():\n...     return 1": "x = 1\ndef f():\n    return 1",
    "In [3]: x = 1\n   ...: y = 2": "x = 1\ny = 2",
    "In [3]: %time f()": "f()",
    "x = (7\n% 3)\n!ls": "x = (7\n% 3)\npass",
    "abc = '''\n%%MIDI program 1\n!x\n'''\n!pip install y": (
        "abc = '''\n%%MIDI program 1\n!x\n'''\npass"
    ),
    "x = %time f()": "x = (f())",
    "x = %timeit -o f()": "x = None",
    "%time\nx = 1": "pass\nx = 1",
    "layers[0]?\nx = 1": "pass\nx = 1",
    "layers[0].call??": "pass",
    "for i in x:\n    %time f(i)": "for i in x:\n    f(i)",
    "get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1": "pass\nx = 1",
    "get_ipython().magic('time x = 1')": "x = 1",
    "get_ipython().run_cell_magic('time', '', 'x = 1\\ny = 2\\n')": "x = 1\ny = 2",
    "y = get_ipython().getoutput('ls')": "y = None",
    "é = 'ö'; get_ipython().system('pip install x')": "é = 'ö'; pass",
    "%run helper.py": "from helper import *",
    "%run -i ../helper": "pass",
    "%%writefile a.py\ndef f(): pass": (
        "with open('a.py', 'w') as _written_file: _written_file.write('def f(): pass\\n')"
    ),
    "%%writefile -a 'b c.py'\nx = 1\n": (
        "with open('b c.py', 'a') as _written_file: _written_file.write('x = 1\\n')"
    ),
}


@pytest.mark.parametrize(("code", "plain"), PLAIN.items(), ids=PLAIN)
def test_magics_give_way_line_for_line(code: str, plain: str) -> None:
    """What runs is plain Python, on the same lines; another language is nothing at all."""
    assert without_magics(code) == plain


@pytest.mark.parametrize("name", ["time", "timeit -n 1", "capture out", "prun", "memit"])
def test_a_cell_below_a_timer_is_python(name: str) -> None:
    """The first line goes, and with it a line number."""
    code = f"%%{name}\ndef f():\n    pass"
    assert without_wrapper(code) == "def f():\n    pass"
    assert not is_other_language(code)
    assert parse(code) is not None


def test_another_language_is_not_python() -> None:
    """A cell for the shell is not read as Python by chance."""
    assert is_other_language("%%bash\nls")
    assert parse("%%bash\nls") is None
    assert without_wrapper("%%bash\nls") == "%%bash\nls"


@pytest.mark.parametrize("end", ["\u2028", "\x0c", "\x0b", "\x85", "\u2029", "\x1c", "\x1e"])
def test_only_a_line_feed_ends_a_line(end: str) -> None:
    """Other characters that end a line of a text stand in strings and comments of honest code."""
    code = f"# one{end}two\na = 'b{end}c'\n\ndef f():\n    pass\n!ls"
    texts = [item.text for item in statements(code)]
    assert texts == [f"# one{end}two\na = 'b{end}c'", "def f():\n    pass", "!ls"]


def test_statements_keep_their_lines() -> None:
    """Comments and decorators belong to the statement below; two on a line are one text."""
    code = "%%time\n# one\na = 1; b = 2\n\n@deco\ndef f():\n    pass\n!ls"
    found = statements(code)
    assert [item.text for item in found] == [
        "# one\na = 1; b = 2",
        "@deco\ndef f():\n    pass",
        "!ls",
    ]
    assert [len(item.nodes) for item in found] == [2, 1, 1]
    assert statements("no Python") == []


def test_definitions_without_experiments() -> None:
    """Imports, functions and assignments are kept, and none that replaces a protected name."""
    code = "import a\nprint(1)\nfor i in x: f(i)\ndef f(): pass\nN = 3\nnp = None\nx = (np := 1)"
    kept = definitions(code, {"np"})
    assert "import a" in kept
    assert "def f()" in kept
    assert "N = 3" in kept
    for gone in ("print", "for i", "np"):
        assert gone not in kept
    assert definitions("no Python") == definitions("print(1)") == ""


def test_a_definition_that_fails_does_not_stop_the_others() -> None:
    """Each one that may raise stands in a ``try`` of its own."""
    space: dict[str, object] = {}
    exec(definitions("a = 1 / 0\nimport no_such_module\nb = 2"), space)
    assert space["b"] == 2
