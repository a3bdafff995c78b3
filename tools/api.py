"""docs/api/, the reference of labkit's public names, from their signatures and docstrings.

`make api` writes the pages, one for the core, one for the probes of hidden tests, and one for each
topic. The code is read and not imported, so that no library needs to be installed. The public names
of a package are those that its stub (or `__init__.py`) imports from its modules.
"""

from __future__ import annotations

import ast
import logging
import re
from collections import Counter
from pathlib import Path

import griffe

from tools.markdown import document, summary

__all__ = ["pages"]

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "api"
CORE_PARTS = {"checking", "display", "training"}
NOTE = "<!-- Written by `make api` from the docstrings of labkit; not edited by hand. -->\n\n"
INDEX = """\
# labkit, name by name

The functions and classes that notebooks import, from the docstrings in the code. In a notebook,
`help(check)` shows the same text.

"""


def pages() -> dict[str, str]:
    """The text of every page by its file name."""
    logging.getLogger("griffe").setLevel(logging.ERROR)
    library = griffe.load("labkit", search_paths=[ROOT])
    assert isinstance(library, griffe.Module)
    written: dict[str, str] = {}
    rows: list[str] = []
    for package in _packages():
        name = "core" if package == "labkit" else package.removeprefix("labkit.")
        written[f"{name}.md"] = NOTE + _page(library, package)
        rows.append(f"| [`{package}`]({name}.md) | {summary(_find(library, package))} |")
    table = ["| import from | what it holds |", "|---|---|", *rows]
    written["README.md"] = NOTE + INDEX + "\n".join(table) + "\n"
    return written


def _packages() -> list[str]:
    """The core, the probes, and each topic."""
    folders = {path.parent.name for path in ROOT.glob("labkit/*/__init__.py")}
    topics = sorted(folders - CORE_PARTS - {"probes"})
    return ["labkit", *(f"labkit.{name}" for name in ["probes", *topics])]


def _page(library: griffe.Object, package: str) -> str:
    """One page: the docstring of the package, a table of its names, and each name."""
    homes = _homes(package)
    names = sorted(homes, key=str.lower)
    found = {name: _find(library, homes[name]) for name in names}
    parts = [f"# {package}", document(_find(library, package), package, with_signature=False)]
    rows = ["| name | what it is |", "|---|---|"]
    anchors: Counter[str] = Counter()
    for name in names:
        # GitHub's anchor of a heading is its text in small letters, with a number from the second
        # one on: `Check` and `check` are `#check` and `#check-1`.
        anchor = name.lower()
        number = f"-{anchors[anchor]}" if anchors[anchor] else ""
        anchors[anchor] += 1
        rows.append(f"| [`{name}`](#{anchor}{number}) | {summary(found[name])} |")
    parts.append("\n".join(rows))
    for name in names:
        parts += [f"## {name}", document(found[name], name)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _homes(package: str) -> dict[str, str]:
    """Each public name of a package, with the full name of the object."""
    folder = ROOT / package.replace(".", "/")
    stub = folder / "__init__.pyi"
    source = stub if stub.exists() else folder / "__init__.py"
    homes: dict[str, str] = {}
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module != "__future__":
            module = f"{package}.{node.module}" if node.level else node.module
            homes |= {alias.name: f"{module}.{alias.name}" for alias in node.names}
    return homes


def _find(library: griffe.Object, full_name: str) -> griffe.Object:
    """The object of a full name such as `labkit.datasets.load_dataset`."""
    path = re.sub(r"^labkit\.?", "", full_name)
    return library[path] if path else library


def main() -> None:
    """Write all pages, and remove those whose topic is gone."""
    TARGET.mkdir(exist_ok=True)
    written = pages()
    for path in TARGET.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (TARGET / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
