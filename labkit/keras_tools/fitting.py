"""Training Keras models.

`model.fit(..., callbacks=[live_fit()], verbose=0)` shows Keras' own loop as a live curve;
`add_dropout(model, 0.25)` is a model for practising, with dropout between the layers of one that
somebody else has built; `init_embeddings` gives the embeddings of such a model first weights from
which it learns quickly.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from labkit.training.live import LiveCurve

__all__ = ["add_dropout", "init_embeddings", "live_fit"]


def live_fit(*, title: str = "", loss_name: str = "loss") -> Any:
    """A Keras callback that shows a `fit` as a `LiveCurve`: progress, the time left and the loss.

    There is one point for each batch: what Keras reports after it, the mean over the epoch so far.
    `curve.history` of the callback holds the points. Interrupting the kernel ends the training as
    it does without the callback.

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
        """Hands what Keras reports to a live curve."""

        def __init__(self, title: str, loss_name: str) -> None:
            super().__init__()
            self.title, self.loss_name = title, loss_name

        def on_train_begin(self, logs: Any = None) -> None:
            steps = (self.params.get("steps") or 1) * self.params.get("epochs", 1)
            self.curve = LiveCurve(max(1, steps), title=self.title, loss_name=self.loss_name)
            self.curve.__enter__()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.curve.step = len(self.curve.history.loss)
            # Keras does not always know the number of batches beforehand.
            self.curve.total = max(self.curve.total, self.curve.step + 1)
            self.curve.add((logs or {}).get("loss", float("nan")))
            self.curve.refresh()

        def on_train_end(self, logs: Any = None) -> None:
            self.curve.close()

    return LiveFit


def add_dropout(model: Any, rate: float) -> Any:
    """The same layers with the same weights, and dropout between them.

    What the new model learns, `model` has learned: they share their weights. Behind the first layer
    with weights half of the rate is dropped, behind the last nothing, behind others all of it.

    Args:
        model: a Keras model, integers (B, L) → (B, L, V), V ≥ 2.
        rate: the fraction of the numbers that is set to zero in training mode, from 0 to 1
            (exclusive).

    Returns:
        The new model; `model` itself when the rate is 0, or when its layers are no chain, which is
        printed.
    """
    import keras

    if not rate:
        return model
    example = np.array([[0, 1, 1]])
    expected = model(example)  # now its layers have weights
    try:
        first, *others = (layer for layer in model.layers if layer.weights)
        layers = [first, keras.layers.Dropout(rate / 2)]
        for layer in others:
            layers += [layer, keras.layers.Dropout(rate)]
        chain = keras.Sequential(layers[:-1])
        same = np.allclose(chain(example), expected, atol=1e-5)
    # A layer takes or gives something else than one tensor.
    except (AttributeError, TypeError, ValueError):
        same = False
    if same:
        return chain
    print(
        "Your model is no chain of layers, so it practises as it is, without dropout between them."
    )
    return model


def init_embeddings(model: Any, rng: np.random.Generator) -> None:
    """Draw the weights of the model's Embedding layers anew: mean 0, standard deviation 1.

    Keras starts them between -0.05 and 0.05, so that the layers behind hear next to nothing of a
    text at first.

    Args:
        model: a Keras model, integers (B, L) → (B, L, V), V ≥ 2. Embeddings inside a layer of it
            stay as they are.
        rng: draws the weights.
    """
    import keras

    model(np.array([[0, 1, 1]]))  # now its layers have weights
    for layer in model.layers:
        if isinstance(layer, keras.layers.Embedding):
            layer.embeddings.assign(rng.normal(size=layer.embeddings.shape))
