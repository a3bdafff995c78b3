"""How far a student is: all TODOs with what their checks said last, and where to go next."""

from __future__ import annotations

from collections.abc import Mapping

from labkit.checking.boxes import show_box
from labkit.checking.record import state_of

__all__ = ["progress"]

NOT_RUN = "·"


def progress(todos: Mapping[str, float], *, hours: float = 0) -> None:
    """Show every TODO with ✓, ✗ or ○, its points, and which one is next.

    The signs are what the check cells of this session said when they were last run; a TODO whose
    check was not run since the kernel was started has a dot. They are for you: the marks come from
    similar cases that are not in the notebook.

    Args:
        todos: the points of each TODO, by the title of its check cell; `build` writes them.
        hours: how long the whole lab takes, about; 0 if nobody knows.
    """
    signs = {title: state_of(title) or NOT_RUN for title in todos}
    done = [title for title in todos if signs[title] == "✓"]
    total, reached = sum(todos.values()), sum(todos[title] for title in done)
    lines = [
        f"{len(done)} of {len(todos)} TODOs are ✓; they stand for {reached:g} of {total:g} points"
    ]
    width = max(map(len, todos), default=0)
    for title, points in todos.items():
        unit = "point" if points == 1 else "points"
        lines.append(f"{signs[title]} {title:<{width}}  {points:g} {unit}")
    if NOT_RUN in signs.values():
        lines.append(f"{NOT_RUN} its check was not run since the notebook was started")
    lines += _next(signs)
    if hours and total and len(done) < len(todos):
        # The points were given for the work that a TODO takes.
        lines.append(f"About {hours * (total - reached) / total:.1f} of {hours:g} hours are left.")
    show_box("\n".join(lines), "Progress", "right" if len(done) == len(todos) else "open")


def _next(signs: Mapping[str, str]) -> list[str]:
    """The first TODO that is not right yet, the ones that were begun before the others."""
    for sign, words in (("✗", "not right yet"), (NOT_RUN, "run its check"), ("○", "to be done")):
        for title in signs:
            if signs[title] == sign:
                return [f"Next: {title} ({words})"]
    return ["Everything is ✓. Go on to the written questions, if there are any, and hand in."]
