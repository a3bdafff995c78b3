"""Two views of a training run: a picture that is updated in a notebook, or lines of text."""

from __future__ import annotations

import html
import time

import numpy as np

from labkit.display.plots import OKABE_ITO, describe_plot
from labkit.training.run import TrainingRun, sparkline

__all__ = ["NotebookView", "TextView"]

TEXT_LINES = 10
DRAWING_FRACTION = 0.08  # of the running time at most
MOST_POINTS = 400


class TextView:
    """About ten lines of text, at equal distances."""

    def __init__(self) -> None:
        self._printed = 0

    def is_due(self, run: TrainingRun) -> bool:
        """Whether the run has come to the next tenth; the last line is printed at the end."""
        return self._printed < int(run.progress_at(run.step + 1) * TEXT_LINES) < TEXT_LINES

    def draw(self, run: TrainingRun, *, final: bool) -> None:
        """Print one line: the curve so far in block characters, and the state."""
        self._printed = int(run.progress_at(run.step + 1) * TEXT_LINES)
        print(f"{sparkline(run.history.loss)} {run.status()}", flush=True)


class NotebookView:
    """One display, updated in place: a progress bar, a line of text and the training curve."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html = HTML
        self._handle = display(HTML("<p>Starting…</p>"), display_id=True)
        self._due = time.monotonic() + 0.5

    def is_due(self, run: TrainingRun) -> bool:
        """Whether it is time to draw again."""
        return time.monotonic() >= self._due

    def draw(self, run: TrainingRun, *, final: bool) -> None:
        """Update the display; the final state has no progress bar."""
        began = time.monotonic()
        bar = ""
        if not final:
            progress = run.progress_at(run.step + 1)
            bar = f'<progress value="{progress:.3f}" style="width: 100%"></progress>'
        picture = _draw_curve(run) if run.history.loss else ""
        self._handle.update(self._html(f"{bar}<p>{html.escape(run.status())}</p>{picture}"))
        # A slow drawing is repeated less often.
        took = time.monotonic() - began
        self._due = time.monotonic() + max(1.0, took / DRAWING_FRACTION)


def _draw_curve(run: TrainingRun) -> str:
    """The training curve as an HTML image with an alternative text."""
    from matplotlib.figure import Figure  # pyplot would keep the figure until it is closed

    history = run.history
    figure = Figure(figsize=(7, 3.5), facecolor="white")
    axes = figure.add_subplot()
    steps, loss = _thin(history.steps, history.loss)
    axes.plot(steps, loss, color=OKABE_ITO[0], label="training")
    if history.held_out:
        colour = OKABE_ITO[4]
        axes.plot(history.held_out_steps, history.held_out, "o--", color=colour, label="held out")
    if run.baseline is not None:
        axes.axhline(run.baseline, color="black", linestyle=":", label=run.baseline_name)
    # The axis ends at the expected last step: fewer than the total if the time ends before.
    expected = (run.step + 1) / run.progress_at(run.step + 1)
    axes.set(xlim=(0, expected), xlabel="step", ylabel=run.loss_name, title=run.title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    title = run.title or "Training curve"
    alt = f"{title}: {run.loss_name} from {loss[0]:.3f} to {loss[-1]:.3f}. {run.status()}"
    return describe_plot(figure, alt)._repr_html_()


def _thin(steps: list[int], values: list[float]) -> tuple[list[float], list[float]]:
    """Means over equal stretches, at most 400: a long run is drawn as fast as a short one."""
    if len(values) <= MOST_POINTS:
        return list(map(float, steps)), values
    mean_steps = [float(np.mean(part)) for part in np.array_split(steps, MOST_POINTS)]
    mean_values = [float(np.mean(part)) for part in np.array_split(values, MOST_POINTS)]
    return mean_steps, mean_values
