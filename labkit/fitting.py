"""The live curve for Keras' own loop: `model.fit(..., callbacks=[LiveFit()], verbose=0)`."""

from __future__ import annotations

from typing import Any

import keras

from labkit.live import LiveCurve

__all__ = ["LiveFit"]


class LiveFit(keras.callbacks.Callback):  # type: ignore[misc]
    """Shows progress, the time left and the loss of a `fit` as a `LiveCurve`, one point for each batch.

    A point is what Keras reports after a batch: the mean over the epoch so far. Interrupting the kernel ends the
    training as it does without the callback.
    """

    def __init__(self, *, title: str = "", loss_name: str = "loss") -> None:
        super().__init__()
        self.title = title
        self.loss_name = loss_name
        self.curve: LiveCurve | None = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Begins a new curve; its length is known when Keras knows the number of batches."""
        steps = (self.params.get("steps") or 1) * self.params.get("epochs", 1)
        self.curve = LiveCurve(max(1, steps), title=self.title, loss_name=self.loss_name)
        self.curve.__enter__()
        self._batches = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Adds the loss after a batch."""
        if self.curve is None:
            return
        self.curve.step = self._batches
        self.curve.total = max(self.curve.total, self._batches + 1)
        self._batches += 1
        self.curve.add((logs or {}).get("loss", float("nan")))
        self.curve.refresh()

    def on_train_end(self, logs: Any = None) -> None:
        """Shows the whole curve."""
        if self.curve is not None:
            self.curve.close()
