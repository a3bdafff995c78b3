"""The state of a training run: what was recorded, how far it is, and one line that says so."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy

__all__ = ["History", "TrainingRun", "duration", "scalar", "sparkline"]

BLOCKS = "▁▂▃▄▅▆▇█"
RECENT = 50  # the loss that is shown is the mean over the last 1/50 of the run


@dataclass
class History:
    """What was recorded in a training run.

    Attributes:
        steps: the steps at which a loss was recorded.
        loss: `loss[i]` belongs to step `steps[i]`.
        held_out_steps: the steps after which something was measured on held-out data.
        held_out: `held_out[j]` belongs to step `held_out_steps[j]`.
        interrupted: whether the kernel was interrupted before the end.
        seconds: how long the run took; 0 while it is running.
    """

    steps: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    held_out_steps: list[int] = field(default_factory=list)
    held_out: list[float] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0


class TrainingRun:
    """How far a run is: its limits, its clock and its history. `LiveCurve` is one with a loop."""

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
        """Set the limits and the names; the arguments are those of `LiveCurve`."""
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
        self._started = time.monotonic()
        self._closed = False

    @property
    def elapsed(self) -> float:
        """Seconds since the loop or the `with` block began."""
        return time.monotonic() - self._started

    @property
    def progress(self) -> float:
        """The fraction of the steps that are done, or of the time if that is more, in [0, 1]."""
        return self.progress_at(self.step)

    def progress_at(self, step: int) -> float:
        """What `progress` would be now if the loop were at this step."""
        of_seconds = self.elapsed / self.seconds if self.seconds is not None else 0.0
        return min(1.0, max(step / self.total, of_seconds))

    def add(self, loss: Any) -> None:
        """Record the training loss of the current step.

        Args:
            loss: a number, or a tensor or array with a single number.

        Raises:
            ValueError: when it is not a single number.
        """
        self.history.steps.append(self.step)
        self.history.loss.append(scalar(loss))

    def add_held_out(self, value: Any) -> None:
        """Record a number measured on held-out data after the current step.

        Args:
            value: a number, or a tensor or array with a single number.

        Raises:
            ValueError: when it is not a single number.
        """
        self.history.held_out_steps.append(self.step)
        self.history.held_out.append(scalar(value))

    def status(self) -> str:
        """The state in one line: steps, speed, time left, loss, and the held-out number."""
        # While the loop runs, the current step counts as done: it is shown after the step.
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
        """The last held-out number beside the baseline, or what there is of them."""
        reference = f"{self.baseline_name} {self.baseline:.3f}" if self.baseline is not None else ""
        if self.history.held_out:
            beside = f" ({reference})" if reference else ""
            return [f"held out {self.history.held_out[-1]:.3f}{beside}"]
        return [reference] if reference else []


def scalar(value: Any) -> float:
    """A number or a tensor with a single number as a Python float.

    Raises:
        ValueError: when it is not a single number.
    """
    array = to_numpy(value)
    if not isinstance(array, np.ndarray) or array.size != 1 or array.dtype.kind not in "biuf":
        raise ValueError(f"a loss must be a single number, got {value!r:.80}")
    return float(array.reshape(()))


def _recent(loss: list[float]) -> float:
    """The mean over the end of the run: the loss of one step varies too much to be read."""
    return float(np.mean(loss[-max(1, len(loss) // RECENT) :]))


def duration(seconds: float) -> str:
    """Seconds in words, such as "45 s", "2 min 05 s" or "1 h 10 min"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def sparkline(values: list[float], width: int = 30) -> str:
    """Values as a row of block characters, low for the smallest and high for the largest.

    Args:
        values: in order; where they are not finite there is a gap.
        width: how many characters at most; each stands for the mean of a stretch of values.
    """
    if not values:
        return ""
    groups = np.array_split(np.asarray(values, float), min(width, len(values)))
    means = np.array([group.mean() for group in groups])
    finite = means[np.isfinite(means)]
    if not finite.size:
        return " " * len(means)
    low, span = finite.min(), np.ptp(finite) or 1.0
    # Just under 8 heights, so that the largest value still has an index.
    heights = (means - low) / span * 7.999
    return "".join(BLOCKS[int(h)] if math.isfinite(h) else " " for h in heights)
