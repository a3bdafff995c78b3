"""labkit with the real TensorFlow and Keras: tensors, variables, symbolic tensors, wrapped errors,
seeds."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.checking.checks import CheckFailed, check
from labkit.checking.values import dtype_name, shape_of, to_numpy
from labkit.checking.when import is_open
from labkit.training.live import LiveCurve
from labkit.training.seeds import seed_everything

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")


class TodoLayer(keras.layers.Layer):
    """A layer whose call is a TODO."""

    def call(self, x):
        raise NotImplementedError("TODO 1.3")


class BrokenLayer(keras.layers.Layer):
    """A layer with a student's mistake."""

    def call(self, x):
        return tf.matmul(x, tf.zeros((7, 2)))


def test_tensors_are_values(capsys):
    """Tensors, variables, bfloat16 and strings compare with Python and NumPy values."""
    with check("values") as c:
        c.close(tf.constant([[1.0, 2.0]]), [[1, 2]])
        c.close(tf.Variable(3.0), 3)
        c.close(keras.Variable([1.0, 2.0]), np.array([1.0, 2.0]))
        c.close(tf.constant([1.5], tf.bfloat16), [1.5])
        c.equal(tf.constant("tune"), "tune")
        c.equal(tf.constant(["a", "b"]), ["a", "b"])
        c.shape(tf.zeros((2, 3)), (None, 3))
        c.dtype(tf.zeros(2), "float32")
        c.dtype(tf.constant([1.5], tf.bfloat16), "float")
        c.true(tf.constant(True), "truth")
        c.between(tf.constant([0.1, 0.9]), 0, 1)
    assert capsys.readouterr().out == "✓ values\n"


def test_symbolic_tensors_are_explained():
    """A symbolic tensor has a shape but no values, and the message says so."""
    x = keras.Input((4,))
    assert shape_of(x) == (None, 4)
    with pytest.raises(CheckFailed, match="symbolic tensor without values"), check("values") as c:
        c.close(x, np.zeros((1, 4)))


def test_a_todo_inside_keras_is_not_attempted(capsys):
    """Keras and tf.function wrap errors; a placeholder inside is still found."""
    with check("a layer") as c:
        c.shape(TodoLayer()(tf.zeros((1, 2))), (1, 3))
    with check("a model") as c:
        c.shape(keras.Sequential([TodoLayer()])(tf.zeros((1, 2))), (1, 3))
    with check("a graph") as c:
        c.shape(tf.function(TodoLayer())(tf.zeros((1, 2))), (1, 3))
    with check("fit") as c:
        model = keras.Sequential([TodoLayer()])
        model.compile(loss="mse")
        model.fit(np.zeros((2, 2)), np.zeros((2, 2)), verbose=0)
    assert capsys.readouterr().out.count("not attempted yet (`TodoLayer.call` is still to do)") >= 3
    assert is_open(TodoLayer)
    assert not is_open(BrokenLayer)


def test_an_error_inside_keras_is_short():
    """Keras' essay is cut to a few lines and the student's line is named."""
    with pytest.raises(CheckFailed) as caught, check("a layer") as c:
        c.shape(BrokenLayer()(tf.zeros((1, 3))), (1, 2))
    message = str(caught.value)
    assert "tf.matmul(x, tf.zeros((7, 2)))" in message
    assert len(message.splitlines()) < 15


def test_seeds_reach_keras():
    """The same seed gives the same weights and the same dropout."""

    def weights() -> np.ndarray:
        seed_everything(7)
        return np.concatenate(
            [keras.layers.Dense(3)(np.ones((1, 4))).numpy(), tf.random.normal((1, 3)).numpy()]
        )

    np.testing.assert_array_equal(weights(), weights())


def test_losses_may_be_tensors():
    """LiveCurve records scalar tensors as Python floats."""
    assert LiveCurve(2).run(lambda i: tf.constant(0.5)).loss == [0.5, 0.5]


def test_values_of_tensors():
    """Conversions used by every message."""
    assert to_numpy(tf.constant([1, 2])).tolist() == [1, 2]
    assert dtype_name(tf.Variable(1.0)) == "float32"
    assert shape_of(tf.TensorSpec((None, 2))) == (None, 2)
