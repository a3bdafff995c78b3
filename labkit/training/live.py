"""`LiveCurve`: a training loop that shows its progress, the time left and the training curve."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from labkit.checking.boxes import in_notebook
from labkit.training.run import History, TrainingRun
from labkit.training.views import NotebookView, TextView

__all__ = ["LiveCurve"]


class LiveCurve(TrainingRun):
    """A loop over training steps with a progress bar, the time left and a live training curve.

        with LiveCurve(2000, seconds=600, loss_name="nats", baseline=1.7) as curve:
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

    Attributes:
        history: what was recorded so far, a `History`.
        step: the current step, from 0.
        total: the number of steps.
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
        """Set the limits of the run and the names on its picture.

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
        super().__init__(
            steps,
            seconds=seconds,
            title=title,
            loss_name=loss_name,
            baseline=baseline,
            baseline_name=baseline_name,
        )
        self._view: NotebookView | TextView | None = None

    def __enter__(self) -> LiveCurve:
        """Start the clock and show the first state."""
        self._start()
        return self

    def __iter__(self) -> Iterator[int]:
        """Count the steps from 0; end after the last one, or when the time is over."""
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        """Show the final state; an interrupt ends here, any other exception goes on."""
        interrupted = isinstance(error, KeyboardInterrupt)
        self.history.interrupted = interrupted
        self.close()
        if interrupted:
            done = f"{len(self.history.loss)} of {self.total} steps"
            print(f"Interrupted after {done}; what was recorded is kept.")
        return interrupted

    def run(self, step: Callable[[int], Any]) -> History:
        """Call `step(i)` for every step i, and record what it returns as the loss.

        Returns:
            The history, also of a run that was interrupted.
        """
        with self:
            for i in self:
                self.add(step(i))
        return self.history

    def refresh(self) -> None:
        """Draw the current state, if it is time to; the loop does this after every step."""
        if self._view is not None and self._view.is_due(self):
            self._view.draw(self, final=False)

    def close(self) -> None:
        """Show the final state.

        Called at the end of the loop or the `with` block; calling it again is harmless.
        """
        if self._view is None or self._closed:
            return
        self._closed = True
        self.history.seconds = self.elapsed
        self._view.draw(self, final=True)

    def _start(self) -> None:
        # A loop inside a `with` block has started there already.
        if self._view is None:
            self._started = time.monotonic()
            self._view = NotebookView() if in_notebook() else TextView()
