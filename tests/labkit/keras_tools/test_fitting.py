"""Helpers for training: the live curve of Keras' own loop, dropout, first weights of embeddings."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")
from labkit.keras_tools.fitting import add_dropout, init_embeddings, live_fit  # noqa: E402


def fitted(callback, *, epochs: int = 3):
    model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.05), "mse")
    x = np.linspace(-1, 1, 40, dtype="float32")[:, None]
    return model.fit(x, 3 * x, batch_size=10, epochs=epochs, verbose=0, callbacks=[callback])


def test_one_point_for_each_batch(monkeypatch, capsys):
    """40 examples in batches of 10, three times: twelve points, and the last one of an epoch is
    Keras' own loss."""
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


def writer(**lstm):
    layers = keras.layers
    return keras.Sequential(
        [layers.Embedding(5, 4), layers.LSTM(6, return_sequences=True, **lstm), layers.Dense(5)]
    )


def test_dropout_shares_the_weights():
    """The same answer outside training, another one in it, and what the one learns the other has
    learned."""
    model, x = writer(), np.array([[0, 1, 2, 3], [4, 3, 2, 1]])
    practising = add_dropout(model, 0.5)
    assert np.allclose(practising(x), model(x))
    assert not np.allclose(practising(x, training=True), model(x))
    rates = [layer.rate for layer in practising.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.25, 0.5]
    practising.trainable_variables[-1].assign(np.arange(5.0))
    assert np.allclose(model.get_weights()[-1], np.arange(5.0))
    assert np.allclose(practising(x), model(x))


class WithStates(keras.Model):
    """A right model whose LSTM also gives its states."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = keras.layers.Embedding(5, 4)
        self.rnn = keras.layers.LSTM(6, return_sequences=True, return_state=True)
        self.out = keras.layers.Dense(5)

    def call(self, x, training=None):
        return self.out(self.rnn(self.embed(x), training=training)[0])


class Skipping(WithStates):
    """Its layers fit behind each other, but that is not what it does."""

    def call(self, x, training=None):
        return self.out(self.rnn(self.embed(x), training=training)[0]) * 2


@pytest.mark.parametrize("make", [WithStates, Skipping])
def test_a_model_that_is_no_chain_practises_as_it_is(make, capsys):
    """No error for a model that is built in another way; it says so."""
    model = make()
    assert add_dropout(model, 0.5) is model
    assert "without dropout" in capsys.readouterr().out


def test_no_dropout_is_the_model_itself(capsys):
    """Nothing to add, nothing to say."""
    model = writer()
    assert add_dropout(model, 0.0) is model
    assert capsys.readouterr().out == ""


def test_embeddings_begin_with_standard_deviation_one():
    """Also in a model that has no weights yet and is no chain; the other layers keep theirs, and
    the seed decides."""
    model = WithStates()
    init_embeddings(model, np.random.default_rng(1))
    first, others = model.embed.get_weights()[0], model.rnn.get_weights()
    assert first.shape == (5, 4)
    assert 0.5 < first.std() < 1.5
    init_embeddings(model, np.random.default_rng(2))
    assert not np.allclose(model.embed.get_weights()[0], first)
    init_embeddings(model, np.random.default_rng(1))
    assert np.allclose(model.embed.get_weights()[0], first)
    assert all(np.array_equal(a, b) for a, b in zip(model.rnn.get_weights(), others, strict=True))
