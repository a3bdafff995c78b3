"""What measuring scripts share: seeds, and tables between the markers of a page."""

from __future__ import annotations

import pytest

from autograder.quality.measuring import parse_seeds, read_table, table_of, write_row, write_table

PAGE = """\
# Page

<!-- a -->
| x |
|---|
<!-- end of a -->
text
<!-- ab -->
old
<!-- end of ab -->
"""

TABLES = """\
a
<!-- pong -->
| seed | x |
|---|---|
<!-- end of pong -->
b
<!-- sticky -->
| seed |
|---|
| 1 |
<!-- end of sticky -->
"""


@pytest.mark.parametrize(("text", "seeds"), [("3", [3]), ("0-2,7", [0, 1, 2, 7]), ("5,4", [5, 4])])
def test_seeds(text, seeds):
    """Single seeds, ranges, and both, in the order given."""
    assert parse_seeds(text) == seeds


def test_a_table_goes_between_its_own_markers(tmp_path):
    """Everything else on the page stays as it is, also a table whose name begins alike."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    write_table(page, "a", table_of("| x |", [["1"], ["2"]]))
    assert read_table(page, "a") == ["| x |", "|---|", "| 1 |", "| 2 |"]
    assert page.read_text(encoding="utf-8") == PAGE.replace("|---|\n", "|---|\n| 1 |\n| 2 |\n")


def test_rows_are_replaced_and_ordered(tmp_path):
    """A seed that is measured again replaces its row, seeds stand in their order, other tables are
    left alone."""
    page = tmp_path / "page.md"
    page.write_text(TABLES, encoding="utf-8")
    for row in (["10", "a"], ["9", "b"], ["10", "c"]):
        write_row(page, "pong", row)
    text = page.read_text(encoding="utf-8")
    assert "|---|---|\n| 9 | b |\n| 10 | c |\n<!-- end of pong -->" in text
    assert text.endswith("| 1 |\n<!-- end of sticky -->\n")


def test_a_page_without_the_place_is_left_alone(tmp_path):
    """The error names the markers that are missing."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    with pytest.raises(ValueError, match="<!-- c -->"):
        write_table(page, "c", ["lost"])
    assert page.read_text(encoding="utf-8") == PAGE
