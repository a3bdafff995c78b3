"""What Jupyter and Colab save around a student's cells: outputs, counters, personal metadata,
formats of their own."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.notebooks.roles import is_demo

__all__ = ["as_colab", "as_jupyter", "look_run"]

_CHECK = re.compile(r'^with check\("((?:[^"\\]|\\.)*)"', re.MULTILINE)
_DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg=="
)


def look_run(
    notebook: NotebookNode, solutions: Mapping[str, str], *, claim: bool = False
) -> NotebookNode:
    """The notebook as if it had been run: counters, verdicts below the checks, a picture below the
    demos.

    ``claim``: the saved verdicts say that everything passed, whatever the answers are.
    """
    notebook = copy.deepcopy(notebook)
    answers = {item.get("id"): item.source for item in notebook.cells}
    for count, item in enumerate(
        (item for item in notebook.cells if item.cell_type == "code"), start=1
    ):
        item.execution_count = count
        todo = str(item.get("id")).removeprefix("test_")
        if todo != item.get("id"):
            untouched = "# YOUR CODE HERE" in answers.get(todo, "")
            sign, tail = ("○", ": not attempted yet") if untouched and not claim else ("✓", "")
            lines = [f"{sign} {name}{tail}\n" for name in _CHECK.findall(item.source)] or [
                "✓ all checks passed\n"
            ]
            item.outputs = [nbformat.v4.new_output("stream", name="stdout", text="".join(lines))]
        elif is_demo(item):
            data = {"image/png": _DOT, "text/plain": "<Figure size 640x480 with 1 Axes>"}
            item.outputs = [nbformat.v4.new_output("display_data", data=data)]
    return notebook


def as_jupyter(notebook: NotebookNode) -> bytes:
    """The bytes JupyterLab saves."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata["language_info"] = {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.12.4",
    }
    return (nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def as_colab(notebook: NotebookNode, solutions: Mapping[str, str]) -> bytes:
    """The bytes Colab saves: nbformat 4.0, ids in the metadata, a badge cell without one, who ran
    what and when."""
    plain = json.loads(as_jupyter(look_run(notebook, solutions)))
    for cell in plain["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            cell["metadata"] |= {
                "executionInfo": {
                    "elapsed": 412,
                    "status": "ok",
                    "timestamp": 1741000000000,
                    "user": {
                        "displayName": "Grace Okafor",
                        "photoUrl": "",
                        "userId": "00000000000000000000",
                    },
                    "user_tz": -60,
                },
                "colab": {"base_uri": "https://localhost:8080/", "height": 34},
                "outputId": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
            }
    badge = {
        "cell_type": "markdown",
        "metadata": {"id": "view-in-github", "colab_type": "text"},
        "source": [
            '<a href="#"><img src="https://colab.research.google.com/assets/colab-badge.svg"/></a>'
        ],
    }
    plain["cells"].insert(0, badge)
    plain["metadata"]["colab"] = {
        "name": "lab.ipynb",
        "provenance": [],
        "authorship_tag": "ABX9TyN",
    }
    plain |= {"nbformat": 4, "nbformat_minor": 0}
    return json.dumps(plain, indent=2, ensure_ascii=False).encode()
