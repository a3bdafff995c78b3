"""The live curve of Keras' own training loop."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")
from labkit.fitting import live_fit  # noqa: E402


def fitted(callback, *, epochs: int = 3):
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    x = np.linspace(-1, 1, 40, dtype="float32")[:, None]
    return model.fit(x, 3 * x, batch_size=10, epochs=epochs, verbose=0, callbacks=[callback])


def test_one_point_for_each_batch(monkeypatch, capsys):
    """40 examples in batches of 10, three times: twelve points, and the last one of an epoch is Keras' own loss."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    callback = live_fit(loss_name="squared error")
    history = fitted(callback)
    points = callback.curve.history.loss
    assert len(points) == 12
    assert np.allclose(points[3::4], history.history["loss"], rtol=1e-5)
    assert "step 12 of 12" in capsys.readouterr().out


def test_a_second_fit_begins_a_new_curve(monkeypatch):
    """One callback can be used again; its curve then belongs to the last training."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    callback = live_fit()
    fitted(callback)
    fitted(callback, epochs=1)
    assert len(callback.curve.history.loss) == 4
