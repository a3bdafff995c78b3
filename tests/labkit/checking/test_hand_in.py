"""The last page of a lab: what a student is told about the notebook, and about its file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from labkit.checking import hand_in as page
from labkit.checking import progress as overview
from labkit.checking.saved import SERVER, Cell
from labkit.checking.unseen import unseen

TODOS = {"graph": "1.2 · graph", "loss": "1.3 · loss"}
GRAPH, LOSS = "def graph(a, b):\n    return a + b", "def loss(x):\n    return graph(x, 1)"


def cell(source: str, count: int | None, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source.splitlines(keepends=True),
        "metadata": metadata,
        "execution_count": count,
    }


def answer(name: str, source: str, count: int | None) -> dict[str, Any]:
    return cell(source, count, nbgrader={"grade_id": name, "solution": True, "grade": False})


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[..., str]:
    """cells -> what `hand_in` says to a notebook of them, in a session that ran its answers."""

    def say(*cells: dict[str, Any], ran: tuple[str, ...] = (GRAPH, LOSS)) -> str:
        path = tmp_path / "mine.ipynb"
        path.write_text(json.dumps({"cells": cells}))
        monkeypatch.setenv(SERVER, str(path))
        history = SimpleNamespace(input_hist_raw=list(ran))
        shell = SimpleNamespace(history_manager=history, user_ns={})
        ipython = SimpleNamespace(get_ipython=lambda: shell)
        monkeypatch.setitem(page.sys.modules, "IPython", ipython)
        page.hand_in("Lab 1", TODOS)
        return capsys.readouterr().out

    return say


def test_a_notebook_that_is_ready(look: Callable[..., str]) -> None:
    """One line, and where the file is."""
    said = look(cell("import math", 1), answer("graph", GRAPH, 2), answer("loss", LOSS, 3))
    first, last = said.splitlines()
    assert first == "✓ Ready: all 2 TODOs are in the file, run in order"
    assert "mine.ipynb (saved at " in last


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([answer("other", GRAPH, 1)], "not the notebook of Lab 1"),
        ([answer("graph", GRAPH, 1)], "1.3 · loss: its cell is not in the file"),
        ([answer("graph", GRAPH, 2), answer("loss", LOSS, 1)], "1.3 · loss was run before a cell"),
        ([answer("graph", GRAPH, None), answer("loss", LOSS, 1)], "1.2 · graph was not run"),
        ([answer("graph", GRAPH, None), answer("loss", LOSS, None)], "No cell of the file was run"),
        (
            [answer("graph", GRAPH + " + 1", 1), answer("loss", LOSS, 2)],
            "1.2 · graph: the file has another answer than the one you ran last",
        ),
    ],
)
def test_what_is_wrong_is_named(look: Callable[..., str], cells: list[Any], words: str) -> None:
    said = look(*cells)
    assert said.startswith("Not ready yet")
    assert words in said


def test_an_unnumbered_last_cell_is_the_one_that_is_running(look: Callable[..., str]) -> None:
    cells = [answer("graph", GRAPH, 1), answer("loss", LOSS, 2), cell("hand_in()", None)]
    assert look(*cells).startswith("✓ Ready")


def test_without_a_file_it_says_what_to_look_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Also where the file is damaged; nothing is raised."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(SERVER, str(tmp_path / "gone.ipynb"))
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "list.ipynb").write_text("[1]")
    page.hand_in("Lab 1", TODOS)
    assert "was not found from here" in capsys.readouterr().out


def test_a_renamed_file_is_found_beside(look: Callable[..., str], monkeypatch: Any) -> None:
    """The newest notebook of the folder that has TODOs of this lab."""
    look(answer("graph", GRAPH, 1), answer("loss", LOSS, 2))
    folder = Path(page.find_saved(TODOS.keys()).path).parent
    (folder / "another.ipynb").write_text(json.dumps({"cells": [cell("1", 1)]}))
    monkeypatch.setenv(SERVER, str(folder / "old-name.ipynb"))
    monkeypatch.chdir(folder)
    assert page.find_saved(TODOS.keys()).path.name == "mine.ipynb"


UNSEEN = [
    ("def f():\n    return helper(1)", "uses `helper`, but no cell makes it"),
    ("def f():\n    return scale * 2", "uses `scale`, but only a demo or check cell makes it"),
    (
        "class A:\n    def g(self):\n        return [toy for _ in 'ab']",
        "uses `toy`, but only a demo",
    ),
    ("!pip install x\ndef f():\n    return 1", "`!pip install x` is left out"),
    ("%time y = 1", "`%time y = 1` is left out"),
    ("def f():\n    return np.load('w.npy')", "needs the file `w.npy`"),
    ("def f():\n    return pd.read_csv('a.csv')", "needs the file `a.csv`"),
    ("def f():\n    with open('n.txt') as file:\n        return file", "needs the file `n.txt`"),
    ("from mine import f", "needs the file `mine.py`"),
]
SEEN = [
    "def f(x, *, y=2):\n    z = [a + known for a in x]\n    return len(z) + y + more",
    "import os.path as p\nclass B(Base):\n    a = 1\n    def g(self):\n        return p.join(B.a, self.h())",
    "def f():\n    global new\n    new = 1\n    return lambda q: q + new",
    "def f():\n    print(__name__)\n    return '%d !' % 3, display",
    "try:\n    import x\nexcept ImportError as error:\n    x = error",
    "(n := 3)\nx = n\nfor i in range(x):\n    x += i",
]


def cells_with(source: str) -> list[Cell]:
    return [
        Cell("import numpy as np, pandas as pd\nknown = 1\nclass Base: pass", "", "other", 1),
        Cell("scale = toy = 1", "", "demo", 2),
        Cell(source, "graph", "answer", 3),
        Cell("more = 2", "", "other", 4),
    ]


@pytest.mark.parametrize(("source", "words"), UNSEEN)
def test_what_a_grader_does_not_see(source: str, words: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").touch()
    ((found, said),) = unseen(cells_with(source))
    assert found.kind == "answer"
    assert words in said


@pytest.mark.parametrize("source", SEEN)
def test_what_it_sees_is_not_named(source: str) -> None:
    assert list(unseen(cells_with(source))) == []


def test_progress_counts_what_is_right_and_says_what_is_next(monkeypatch, capsys) -> None:
    """✗ comes before what was not run, and that before what is untouched."""
    signs = {"1.1 · a": "✓", "1.2 · b": "○", "1.3 · c": "✗", "1.4 · d": ""}
    monkeypatch.setattr(overview, "state_of", signs.get)
    overview.progress({"1.1 · a": 1, "1.2 · b": 2, "1.3 · c": 3, "1.4 · d": 4}, hours=5)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 of 4 TODOs are ✓; they stand for 1 of 10 points"
    assert [line[0] for line in said[1:5]] == ["✓", "○", "✗", "·"]
    assert said[-2:] == ["Next: 1.3 · c (not right yet)", "About 4.5 of 5 hours are left."]
    signs["1.3 · c"] = "✓"
    overview.progress({"1.2 · b": 2, "1.3 · c": 3, "1.4 · d": 4})
    assert capsys.readouterr().out.splitlines()[-1] == "Next: 1.4 · d (run its check)"
    overview.progress({"1.1 · a": 1})
    assert capsys.readouterr().out.splitlines()[-1].startswith("Everything is ✓")
