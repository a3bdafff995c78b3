"""numpy_copy: a model at the speed of NumPy computes what the model computes."""

from __future__ import annotations

import gc

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from labkit.keras_tools.fast import _program, _programs, numpy_copy  # noqa: E402

VALUES = {
    "squeeze": lambda v: tf.squeeze(v, -1),
    "index": lambda v: v[:, 0],
    "ellipsis": lambda v: v[..., 0],
    "reshape": lambda v: tf.reshape(v, [-1]),
}


class Brain(keras.Model):
    def __init__(self, activation: str, cut: str) -> None:
        super().__init__()
        self.front = keras.layers.Dense(8, activation=activation)
        self.policy, self.value, self.cut = (
            keras.layers.Dense(2),
            keras.layers.Dense(1),
            VALUES[cut],
        )

    def call(self, x):
        features = self.front(x)
        return self.policy(features), self.cut(self.value(features))


@pytest.mark.parametrize("cut", VALUES)
@pytest.mark.parametrize("activation", ["tanh", "relu", "elu", "sigmoid", "gelu"])
def test_a_copy_answers_like_the_model(activation, cut):
    """Both outputs agree, also for activations that only the slow way knows, and for other batch
    sizes."""
    brain, x = (
        Brain(activation, cut),
        np.random.default_rng(0).normal(size=(3, 4)).astype("float32"),
    )
    for rows in (x[:1], x):
        for mine, theirs in zip(numpy_copy(brain)(rows), brain(rows), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-5)
            assert mine.shape == theirs.shape
    assert (_program(brain, x).steps is None) == (activation == "gelu")


def test_a_copy_is_frozen():
    """It keeps its weights after an update; a new copy has the new ones."""
    brain, x = Brain("tanh", "squeeze"), np.ones((1, 4), "float32")
    old = numpy_copy(brain)
    before = old(x)[0].copy()
    brain.set_weights([w + 1 for w in brain.get_weights()])
    np.testing.assert_array_equal(old(x)[0], before)
    np.testing.assert_allclose(numpy_copy(brain)(x)[0], brain(x)[0], rtol=1e-4)


def test_a_copy_takes_the_place_of_tensors():
    """Code that was written for tensors may call .numpy(); a single output is no tuple."""
    logits, _ = numpy_copy(Brain("relu", "index"))(np.ones((1, 4)))
    assert type(logits.numpy()) is np.ndarray
    single = keras.Sequential([keras.layers.Dense(3)])
    assert numpy_copy(single)(np.ones((2, 4))).shape == (2, 3)


def test_models_are_not_kept_alive():
    """What was remembered of a model goes with it."""
    brain = Brain("tanh", "squeeze")
    numpy_copy(brain)(np.ones((1, 4)))
    assert brain in _programs
    number = len(_programs)
    del brain
    gc.collect()
    assert len(_programs) < number
