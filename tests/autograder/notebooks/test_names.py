"""The names of a cell: every way to bind one, what lasts, what a TODO stands for, what is read."""

from __future__ import annotations

import symtable

import pytest

from autograder.notebooks.names import (
    bound_names,
    changed_names,
    defined_names,
    lasting_names,
    read_names,
)

# code -> the names that last, and the other names that it binds.
BINDINGS = {
    "x = 1": ("x", ""),
    "x = 1\ny: int = 2\nz += 1": ("x y", "z"),
    "a, (b, *c) = f()": ("a b c", ""),
    "a[0] = b.c = d": ("", ""),
    "def f():\n    inner = 1\nclass G:\n    other = 2": ("f G", ""),
    "async def f(): pass": ("f", ""),
    "@(deco := f)\ndef g(x=(default := 1)): pass": ("deco default g", ""),
    "import a.b, c as d\nfrom e import f, g as h\nfrom i import *": ("a d f h", ""),
    "if x:\n    a = 1\nelif y:\n    b = 1\nelse:\n    c = 1": ("a b c", ""),
    "try:\n    import a\nexcept E as e:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1": (
        "a b c d",
        "e",
    ),
    "for i, j in x:\n    a = 1\n    def f(): pass": ("", "i j a f"),
    "while (n := f()):\n    a = 1": ("", "n a"),
    "with f() as g, h() as (i, j):\n    a = 1": ("a", "g i j"),
    "match x:\n    case {'k': a, **b}: c = 1\n    case [d, *e]: pass\n    case f: pass": (
        "",
        "a b c d e f",
    ),
    "if (n := f()) > 1: pass": ("n", ""),
    "[x for x in y]\n{k: v for k, v in z}\nlist(w for w in y)": ("", ""),
    "[y for x in z if (y := x)]": ("y", ""),
    "lambda x: (y := x)": ("", ""),
    "del a, b[0]": ("", "a"),
    "def f():\n    global a\n    a = 1\n    def g():\n        global b\n        b = 1": (
        "f",
        "a b",
    ),
    "class A:\n    global a\n    a = 1\n    b = 2": ("A", "a"),
    "%matplotlib inline\n!ls\nfiles = !ls\n%time x = 1": ("files x", ""),
    "%%time\nx = 1": ("x", ""),
    "this is no Python": ("", ""),
    "(" * 5000: ("", ""),
    "def f(x)\n    return x\ny = 1\nz: int = 2\nw == 3": ("f y z", ""),
}


@pytest.mark.parametrize("code", BINDINGS, ids=lambda code: code[:40])
def test_bound_and_lasting_names(code: str) -> None:
    """Each way of binding is found, and told apart from what lasts; a broken cell is searched."""
    lasting, passing = (set(words.split()) for words in BINDINGS[code])
    assert lasting_names(code) == lasting
    assert bound_names(code) == lasting | passing


@pytest.mark.parametrize(
    "code", [code for code in BINDINGS if "%" not in code and "Py" not in code]
)
def test_bound_names_are_those_of_the_compiler(code: str) -> None:
    """The standard library's symbol table finds the same, but for variables of comprehensions."""
    try:
        top = symtable.symtable(code, "cell", "exec")
    except SyntaxError:
        return
    found = {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_declared_global()
    }
    # From Python 3.12 on, comprehensions are part of the block around them.
    own = {"x", "k", "v"} if code.startswith("[") else set()
    assert bound_names(code) == found - own


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("np.sum = f", "np"),
        ("np.random.seed = x = f", "np x"),
        ("if x:\n    table[i][j] += 1", "table"),
        ("del d['k']", "d"),
        ("def f():\n    np.sum = g", "f"),
        ("np.sum(x)[0]", ""),
        ("not Python =", ""),
    ],
)
def test_names_whose_attributes_or_items_are_set_are_changed(code: str, changed: str) -> None:
    """They bind nothing, but later cells find something else there; a call in a function does not
    count."""
    assert changed_names(code) == set(changed.split())


def test_a_todo_stands_for_its_functions_or_else_for_its_variables() -> None:
    """A constant beside a function is not asked for; without a function, variables are."""
    assert defined_names("import x\nN = 3\ndef f(): pass\nclass G: pass") == {"f", "G"}
    assert defined_names("import x\nmatrix = None\nimages = None") == {"matrix", "images"}
    assert defined_names("# YOUR CODE HERE") == frozenset()


def test_names_that_are_read() -> None:
    """Also inside of functions, without builtins and without names that are only bound."""
    assert read_names("def f(x):\n    y = g(x)\n    return len(y) + z") == {"g", "x", "y", "z"}
    assert read_names("no Python") == frozenset()
