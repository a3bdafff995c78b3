"""What a notebook shows besides pictures: boxes, where there is a notebook to show them in."""

from __future__ import annotations

import html
import os
import sys

__all__ = ["Box", "goes_on", "in_notebook", "show_box"]

VARIABLE = "LABKIT_PLAIN"

NBGRADER = ("NBGRADER_VALIDATING", "NBGRADER_EXECUTION")
"""What nbgrader sets for the kernels it runs notebooks in."""

COLOURS = {"wrong": "#D55E00", "right": "#009E73", "open": "#0072B2"}
"""The border of a box by what it says, of the palette that all people can tell apart."""


def in_notebook() -> bool:
    """True in Jupyter and Colab, unless LABKIT_PLAIN=1 asks for text."""
    if os.environ.get(VARIABLE, "") not in ("", "0"):
        return False
    # Without IPython loaded there is no notebook, and nothing to import.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


def goes_on() -> bool:
    """Whether a red check is a box in a page, and no exception.

    nbgrader runs notebooks to find the cells that raise: its *Validate* button, which says that all
    tests pass if none does, and its own autograding.
    """
    return in_notebook() and not any(os.environ.get(name) for name in NBGRADER)


class Box:
    """A text in a coloured frame, with a name for those who hear the page.

    The colours are chosen by the page: the frame and a faint tint go with light and dark themes,
    and the text keeps the theme's own colour.

    Attributes:
        text: what stands in the box; it is shown as it is, also where there is no HTML.
        name: what a screen reader says first, such as "Check not passed".
        kind: "wrong", "right" or "open".
    """

    def __init__(self, text: str, name: str, kind: str = "wrong") -> None:
        self.text = text
        self.name = name
        self.kind = kind

    def _repr_html_(self) -> str:
        first, _, rest = self.text.partition("\n")
        colour = COLOURS[self.kind]
        style = (
            f"border-left: 5px solid {colour}; background: {colour}1a; padding: 0.4em 0.8em; "
            "margin: 0.2em 0; white-space: pre-wrap; overflow-wrap: anywhere"
        )
        body = f"<strong>{html.escape(first)}</strong>"
        if rest:
            font = "font-family: monospace; font-size: 0.9em"
            body += f'\n<span style="{font}">{html.escape(rest)}</span>'
        name = html.escape(self.name)
        return f'<div role="group" aria-label="{name}" style="{style}">{body}</div>'

    def __repr__(self) -> str:
        return self.text


def show_box(text: str, name: str, kind: str = "wrong") -> None:
    """Display a `Box`; outside notebooks print its text."""
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display(Box(text, name, kind))
