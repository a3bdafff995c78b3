"""The live curve for Keras' own loop: `model.fit(..., callbacks=[live_fit()], verbose=0)`."""

from __future__ import annotations

from functools import cache
from typing import Any

from labkit.live import LiveCurve

__all__ = ["live_fit"]


def live_fit(*, title: str = "", loss_name: str = "loss") -> Any:
    """A Keras callback that shows progress, the time left and the loss of a `fit` as a `LiveCurve`.

    There is one point for each batch: what Keras reports after it, the mean over the epoch so far. `curve.history` of
    the callback holds the points. Interrupting the kernel ends the training as it does without the callback.

    Args:
        title: above the picture.
        loss_name: the label of the vertical axis, with its unit.
    """
    return _callback_class()(title, loss_name)


@cache
def _callback_class() -> type:
    """Made when it is first needed: `from labkit import *` must not load Keras."""
    import keras

    class LiveFit(keras.callbacks.Callback):
        def __init__(self, title: str, loss_name: str) -> None:
            super().__init__()
            self.title, self.loss_name = title, loss_name

        def on_train_begin(self, logs: Any = None) -> None:
            steps = (self.params.get("steps") or 1) * self.params.get("epochs", 1)
            self.curve = LiveCurve(max(1, steps), title=self.title, loss_name=self.loss_name)
            self.curve.__enter__()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.curve.step = len(self.curve.history.loss)
            self.curve.total = max(self.curve.total, self.curve.step + 1)  # Keras did not know the number of batches
            self.curve.add((logs or {}).get("loss", float("nan")))
            self.curve.refresh()

        def on_train_end(self, logs: Any = None) -> None:
            self.curve.close()

    return LiveFit
