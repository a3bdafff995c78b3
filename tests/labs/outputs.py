"""What the cells of a notebook have put out."""

from __future__ import annotations

from typing import Any

from autograder.quality import measuring

__all__ = ["outputs", "printed"]


def outputs(notebook: Any, mime: str) -> list[str]:
    """Everything of one MIME type."""
    return [
        "".join(output["data"][mime]) for output in _all(notebook) if mime in output.get("data", {})
    ]


def printed(notebook: Any) -> str:
    """All that stands on standard output."""
    return "".join(measuring.printed(cell) for cell in notebook.cells if cell.cell_type == "code")


def _all(notebook: Any) -> list[Any]:
    return [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
