"""A red check in a notebook: a box that is read aloud, and everything after it goes on."""

from __future__ import annotations

import os
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from labkit.checking.boxes import Box

SETUP = "from labkit import check\ndef graph(a, b):\n    return a * b\ndef later():\n    pass"
CHECKS = """# @title Check 1.2 · graph
with check("the sum <of> two") as c:
    c.close(graph(1.0, 3.0), 4.0, hint="Add & do not multiply.")
with check("something else") as c:
    c.close(graph(1.0, 3.0), 3.0)
with check("what is raised") as c:
    c.close(graph(1.0, "x" + 1), 3.0)
with check("what comes later") as c:
    c.close(later(), 3.0)
after = "the cell was run to its end"
"""
LAST = """
from labkit.checking.record import state_of
print(after, state_of("1.2 · graph"), repr(state_of("1.3 · other")))
"""


def run(*cells: str, **variables: str) -> list[Any]:
    """The cells of a notebook after *Run all* in a real kernel that goes on after errors."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True)
    client.execute(env={**os.environ, "LABKIT_PLAIN": "", **variables})
    return list(notebook.cells)


@pytest.mark.timeout(120)
def test_run_all_goes_on_after_a_red_check() -> None:
    """Also within one cell: three boxes and one tick in their order, and no error."""
    _, checked, last = run(SETUP, CHECKS, LAST)
    kinds = [output.output_type for output in checked.outputs]
    assert kinds == ["display_data", "stream", "display_data", "display_data"]
    boxes = [output.data["text/html"] for output in checked.outputs if "data" in output]
    assert all('role="group" aria-label="Check not passed"' in box for box in boxes)
    assert "✗ the sum &lt;of&gt; two" in boxes[0]
    assert "Add &amp; do not multiply." in boxes[0]
    assert "TypeError" in boxes[1]
    assert "end with `return" in boxes[2]
    # The same words where there is no HTML.
    assert checked.outputs[0].data["text/plain"].startswith("✗ the sum <of> two\n  `graph(1.0, 3")
    assert checked.outputs[1].text == "✓ something else\n"
    assert last.outputs[0].text == "the cell was run to its end ✗ ''\n"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("variable", ["LABKIT_PLAIN", "NBGRADER_VALIDATING"])
def test_where_somebody_looks_for_errors_a_red_check_is_one(variable: str) -> None:
    """So it is where notebooks are built and tested, and behind nbgrader's *Validate* button."""
    _, checked = run(SETUP, CHECKS, **{variable: "1"})
    assert [output.output_type for output in checked.outputs] == ["error"]
    assert checked.outputs[0].ename == "CheckFailed"


@pytest.mark.timeout(120)
def test_another_run_of_a_cell_takes_the_place_of_the_one_before() -> None:
    right = SETUP.replace("a * b", "a + b")
    one = "\n".join(CHECKS.splitlines()[:3])
    *_, last = run(SETUP, one, right, one, f"after = ''{LAST}")
    assert last.outputs[0].text.split() == ["✓", "''"]


@pytest.mark.timeout(120)
def test_a_check_cell_leaves_no_name_behind() -> None:
    """Names of the student are as before, also after a red check; in cells without a title the
    names of a check stay."""
    body = """with check("one") as c:
    x = toy = graph(1.0, 2.0)
    c.equal(x, 9, name="x")
with check("two") as c:
    c.equal(toy, 2.0)
    more = toy
"""
    known = 'print({name: globals().get(name, "gone") for name in ("x", "toy", "more")})'
    titled = f"# @title Check 1.2 · graph\n{body}"
    *_, first, _, last = run(SETUP, "x = [7]", titled, known, body.replace("9", "2"), known)
    assert first.outputs[0].text == "{'x': [7], 'toy': 'gone', 'more': 'gone'}\n"
    assert last.outputs[0].text == "{'x': 2.0, 'toy': 2.0, 'more': 2.0}\n"


def test_a_box_keeps_to_itself() -> None:
    """What a student wrote is text in it, whatever it looks like."""
    page = Box("✗ <script>\n</div>", 'a "name"', "open")._repr_html_()
    assert page.count("<div") == page.count("</div>") == 1
    assert "<script>" not in page
    assert "a &quot;name&quot;" in page
