"""Watching a training run: `LiveCurve` shows progress, the time left and the loss while a loop
runs."""

from __future__ import annotations

import html
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.display.plots import OKABE_ITO, describe_plot

__all__ = ["History", "LiveCurve", "sparkline"]

VARIABLE = "LABKIT_PLAIN"
BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN_LINES = 10
DRAWING_SHARE = 0.08  # of the running time at most
MOST_POINTS = 400
SMOOTH_OVER = 50  # points of the curve are means over at most 1/50 of the run


@dataclass
class History:
    """What was recorded: `loss[i]` belongs to step `steps[i]`, `held_out[j]` to
    `held_out_steps[j]`."""

    steps: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    held_out_steps: list[int] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0


class LiveCurve:
    """A loop over training steps with a progress bar, the time left and a live curve of the loss.

        with LiveCurve(2000, seconds=600, loss_name="nats", baseline=1.7, baseline_name="5-gram") as curve:
            for step in curve:
                optimizer.learning_rate = 0.01 * (1 - curve.progress)
                curve.add(train_step(model, optimizer, *batch()))
                if step % 500 == 499:
                    curve.add_held_out(nats_per_char(model, held_out, 128))
        curve.history.loss

    Interrupting the kernel ends the `with` block, keeps the history, and lets the notebook go on.
    In a notebook one picture is drawn again and again, using at most 8 % of the time; elsewhere, or
    when the environment variable LABKIT_PLAIN is 1, about ten lines of text with a sparkline are
    printed.
    """

    def __init__(
        self,
        steps: int,
        *,
        seconds: float | None = None,
        title: str = "",
        loss_name: str = "loss",
        baseline: float | None = None,
        baseline_name: str = "baseline",
    ) -> None:
        """
        Args:
            steps: how many times the loop runs, at least 1.
            seconds: the loop ends after the step in which so much time is over, even if steps are
                left.
            title: above the picture.
            loss_name: the label of the vertical axis, with its unit.
            baseline: what a trivial method reaches on held-out data; drawn as a line and printed
                beside the held-out number.
            baseline_name: what that method is.

        Raises:
            ValueError: when `steps` is not a positive integer, or `seconds` not a positive number.
        """
        if isinstance(steps, bool) or int(steps) != steps or steps < 1:
            raise ValueError(f"steps must be a positive integer, got {steps!r}")
        if seconds is not None and not seconds > 0:
            raise ValueError(f"seconds must be a positive number, got {seconds!r}")
        self.total = int(steps)
        self.seconds = seconds
        self.title = title
        self.loss_name = loss_name
        self.baseline = baseline
        self.baseline_name = baseline_name
        self.history = History()
        self.step = 0
        self._view: _NotebookView | _TextView | None = None
        self._started = time.monotonic()
        self._closed = False

    def __iter__(self) -> Iterator[int]:
        self._start()
        try:
            for step in range(self.total):
                self.step = step
                yield step
                self.refresh()
                if self.seconds is not None and self.elapsed >= self.seconds:
                    break
        finally:
            self.close()

    def __enter__(self) -> LiveCurve:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        stopped = isinstance(error, KeyboardInterrupt)
        self.history.interrupted = stopped
        self.close()
        if stopped:
            print(
                f"Interrupted after {len(self.history.loss)} of {self.total} steps; what was recorded is kept."
            )
        return stopped

    @property
    def elapsed(self) -> float:
        """Seconds since the loop or the `with` block began."""
        return time.monotonic() - self._started

    @property
    def progress(self) -> float:
        """The share of the steps that are over, or of the seconds if that is more: 0 at first, 1 at
        the end."""
        return self.progress_at(self.step)

    def progress_at(self, step: int) -> float:
        """What `progress` would be now if the loop were at this step."""
        of_seconds = self.elapsed / self.seconds if self.seconds is not None else 0.0
        return min(1.0, max(step / self.total, of_seconds))

    def run(self, step: Callable[[int], Any]) -> History:
        """Calls `step(i)` for every i; what it returns is recorded as the loss. Returns the
        history, also of a run that was interrupted."""
        with self:
            for i in self:
                self.add(step(i))
        return self.history

    def add(self, loss: Any) -> None:
        """Records the training loss of the current step: a number or a scalar tensor."""
        self.history.steps.append(self.step)
        self.history.loss.append(_scalar(loss))

    def add_held_out(self, value: Any) -> None:
        """Records a number measured on held-out data after the current step."""
        self.history.held_out_steps.append(self.step)
        self.history.held_out.append(_scalar(value))

    def close(self) -> None:
        """Shows the final state. Called at the end of the loop or the `with` block; calling it
        again is harmless."""
        if self._view is None or self._closed:
            return
        self._closed = True
        self.history.seconds = self.elapsed
        self._view.draw(self, final=True)

    def status(self) -> str:
        """One line: how far, how fast, how long still, the loss, and the held-out number beside the
        baseline."""
        done = len(self.history.loss) if self._closed else self.step + 1
        seconds = self.history.seconds if self._closed else self.elapsed
        at_most = "at most " if self.seconds is not None else ""
        parts = [f"step {min(done, self.total):,} of {at_most}{self.total:,}"]
        if seconds > 0 and done:
            parts.append(f"{done / seconds:.1f} a second")
        if self._closed:
            parts.append(f"took {duration(seconds)}")
        elif done:
            parts.append(f"{duration(seconds * (1 / self.progress_at(done) - 1))} left")
        if self.history.loss:
            parts.append(f"{self.loss_name} {_recent(self.history.loss):.3f}")
        return " · ".join(parts + self._comparison())

    def _comparison(self) -> list[str]:
        reference = f"{self.baseline_name} {self.baseline:.3f}" if self.baseline is not None else ""
        if self.history.held_out:
            beside = f" ({reference})" if reference else ""
            return [f"held out {self.history.held_out[-1]:.3f}{beside}"]
        return [reference] if reference else []

    def _start(self) -> None:
        if self._view is None:
            self._started = time.monotonic()
            self._view = _NotebookView() if in_notebook() else _TextView()

    def refresh(self) -> None:
        """Draws the current state, if it is time to; the loop does this after every step."""
        if self._view is not None and self._view.is_due(self):
            self._view.draw(self, final=False)


def _scalar(value: Any) -> float:
    array = to_numpy(value)
    if not isinstance(array, np.ndarray) or array.size != 1 or array.dtype.kind not in "biuf":
        raise ValueError(f"a loss must be a single number, got {value!r:.80}")
    return float(array.reshape(()))


def _recent(loss: list[float]) -> float:
    """The mean over the last fiftieth of the run: one step's loss jumps too much to be read."""
    return float(np.mean(loss[-max(1, len(loss) // SMOOTH_OVER) :]))


def duration(seconds: float) -> str:
    """Seconds in words, such as "45 s", "2 min 05 s" or "1 h 10 min"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def sparkline(values: list[float], width: int = 30) -> str:
    """Values as a row of at most `width` block characters; a gap where they are not finite."""
    if not values:
        return ""
    groups = np.array_split(np.asarray(values, float), min(width, len(values)))
    means = np.array([group.mean() for group in groups])
    finite = means[np.isfinite(means)]
    if not finite.size:
        return " " * len(means)
    low, span = finite.min(), np.ptp(finite) or 1.0
    return "".join(
        BLOCKS[int((v - low) / span * 7.999)] if math.isfinite(v) else " " for v in means
    )


def in_notebook() -> bool:
    """True in Jupyter and Colab, unless LABKIT_PLAIN=1 asks for text."""
    if os.environ.get(VARIABLE, "") not in ("", "0"):
        return False
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None


class _TextView:
    """About ten lines of text."""

    def __init__(self) -> None:
        self._printed = 0

    def is_due(self, curve: LiveCurve) -> bool:
        return self._printed < int(curve.progress_at(curve.step + 1) * PLAIN_LINES) < PLAIN_LINES

    def draw(self, curve: LiveCurve, *, final: bool) -> None:
        self._printed = int(curve.progress_at(curve.step + 1) * PLAIN_LINES)
        print(f"{sparkline(curve.history.loss)} {curve.status()}", flush=True)


class _NotebookView:
    """One display, updated in place: a progress bar, a line of text and the curve."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html = HTML
        self._handle = display(HTML("<p>Starting…</p>"), display_id=True)
        self._due = time.monotonic() + 0.5

    def is_due(self, curve: LiveCurve) -> bool:
        return time.monotonic() >= self._due

    def draw(self, curve: LiveCurve, *, final: bool) -> None:
        began = time.monotonic()
        done = len(curve.history.loss) if final else curve.step + 1
        bar = (
            ""
            if final
            else f'<progress value="{curve.progress_at(done):.3f}" style="width: 100%"></progress>'
        )
        picture = _draw_curve(curve) if curve.history.loss else ""
        self._handle.update(self._html(f"{bar}<p>{html.escape(curve.status())}</p>{picture}"))
        took = time.monotonic() - began
        self._due = time.monotonic() + max(1.0, took / DRAWING_SHARE)


def _draw_curve(curve: LiveCurve) -> str:
    """The curve as an HTML image with an alternative text."""
    from matplotlib.figure import Figure  # not pyplot: the figure is ours alone, nothing to close

    figure = Figure(figsize=(7, 3.5), facecolor="white")
    axes = figure.add_subplot()
    steps, loss = _thin(curve.history.steps, curve.history.loss)
    axes.plot(steps, loss, color=OKABE_ITO[0], label="training")
    if curve.history.held_out:
        axes.plot(
            curve.history.held_out_steps,
            curve.history.held_out,
            "o--",
            color=OKABE_ITO[4],
            label="held out",
        )
    if curve.baseline is not None:
        axes.axhline(curve.baseline, color="black", linestyle=":", label=curve.baseline_name)
    expected = (curve.step + 1) / curve.progress_at(
        curve.step + 1
    )  # fewer than the total if time will be over before
    axes.set(xlim=(0, expected), xlabel="step", ylabel=curve.loss_name, title=curve.title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    alt = f"{curve.title or 'Training curve'}: {curve.loss_name} from {loss[0]:.3f} to {loss[-1]:.3f}. {curve.status()}"
    return describe_plot(figure, alt)._repr_html_()


def _thin(steps: list[int], values: list[float]) -> tuple[list[float], list[float]]:
    """At most 400 points: means over equal stretches, so that a long run is drawn as fast as a
    short one."""
    if len(values) <= MOST_POINTS:
        return list(map(float, steps)), values
    groups = zip(
        np.array_split(steps, MOST_POINTS), np.array_split(values, MOST_POINTS), strict=True
    )
    means = [(float(np.mean(step)), float(np.mean(value))) for step, value in groups]
    return [step for step, _ in means], [value for _, value in means]
