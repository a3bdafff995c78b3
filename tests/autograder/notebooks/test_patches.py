"""What is replaced before anything else is imported: commands start without a grammar of IRIs."""

from __future__ import annotations

import subprocess
import sys


def _loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh process holds after a statement."""
    code = (
        f"{statement}\nimport sys\nprint(*[name for name, module in sys.modules.items() if module])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_notebooks_are_checked_without_the_grammar_of_iris() -> None:
    """nbformat and jsonschema come alone; without the patch they would bring a parser generator."""
    ours = _loaded_by("import autograder.cli.app, nbformat")
    assert {"nbformat", "jsonschema"} <= ours
    assert not {"rfc3987_syntax", "lark"} & ours
