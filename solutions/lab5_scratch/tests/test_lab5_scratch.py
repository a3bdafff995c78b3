"""Lab 5: the solution against references of its own, and what its notebook promises."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from autograder.authoring.solution import load_solution
from autograder.quality.measuring import read_table


@pytest.fixture(scope="module")
def names():
    return load_solution("lab5_scratch")


@pytest.mark.parametrize("kind", ["MLP", "CNN", "RNN"])
@pytest.mark.timeout(300)
def test_whole_networks_have_the_right_gradients(names, measuring_script, kind):
    """The chain of all layers, against central differences: below 1e-6 in float64."""
    assert measuring_script("lab5_scratch").gradient_error(names, kind, seed=7) < 1e-6


def test_the_convolution_is_that_of_tensorflow(names):
    """And so is the pooling with windows that overlap: outputs and gradients for the input."""
    import tensorflow as tf

    rng = np.random.default_rng(1)
    x, W, b = rng.normal(size=(2, 7, 8, 3)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)
    pairs = [
        (names["Conv2D"](W, b, 2), lambda x: tf.nn.conv2d(x, W, 2, "VALID") + b),
        (names["MaxPool2D"](3, 2), lambda x: tf.nn.max_pool2d(x, 3, 2, "VALID")),
    ]
    for layer, reference in pairs:
        variable = tf.Variable(x)
        with tf.GradientTape() as tape:
            y = reference(variable)
            weights = rng.normal(size=y.shape)
            total = tf.reduce_sum(y * weights)
        assert np.allclose(layer.forward(x), y)
        assert np.allclose(layer.backward(weights), tape.gradient(total, variable))


def test_the_recurrent_layer_is_that_of_keras(names):
    """The same weights give the same states."""
    import keras

    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 5, 3)).astype("float32")
    arrays = [rng.normal(0, 0.5, shape) for shape in ((3, 4), (4, 4), (4,))]
    layer = keras.layers.SimpleRNN(4, return_sequences=True)
    layer.build(x.shape)
    layer.set_weights(arrays)
    assert np.allclose(names["RNN"](*arrays).forward(x), layer(x), atol=1e-5)


def test_the_topic_needs_no_tensorflow():
    """`labkit.nets` and the playground's engine load the core alone."""
    code = (
        "import sys, labkit.nets as n; n.train_network, n.gradient_errors, n.show_weights, "
        "n.playground; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_tables_have_a_column_for_each_number(measuring_script):
    """What the script writes fits the page."""
    page = measuring_script("lab5_scratch").PAGE
    for part, columns in (("gradients", 4), ("digits", 7), ("keras", 7), ("spiral", 5)):
        assert {line.count("|") for line in read_table(page, part)} == {columns + 1}
