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
    "%%writefile a.py\ndef f(): pass": "",
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
