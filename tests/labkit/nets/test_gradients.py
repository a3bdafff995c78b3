"""Gradients written by hand, held against numerical ones."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.nets import Flatten, LastStep, Tanh, gradient_errors, gradient_norms
from tests.labkit.nets.small import Affine

RNG = np.random.default_rng(0)
W, B, X = RNG.normal(size=(3, 2)), RNG.normal(size=2), RNG.normal(size=(4, 3))


def test_a_right_layer_has_no_error():
    """For the input and for each parameter, in the order of `grads`."""
    errors = gradient_errors(Affine, [W, B], X)
    assert list(errors) == ["x", "grads[0]", "grads[1]"]
    assert max(errors.values()) < 1e-8


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda self, dout: dout @ self.params[0].T * 2, "x"),
        (lambda self, dout: None, "x"),
        (lambda self, dout: dout, "x"),
    ],
)
def test_a_wrong_gradient_for_x_is_seen(change, wrong):
    """A factor, nothing at all, and a gradient of another shape."""

    class Broken(Affine):
        def backward(self, dout):
            super().backward(dout)
            return change(self, dout)

    errors = gradient_errors(Broken, [W, B], X)
    assert errors[wrong] > 0.1
    assert errors["grads[0]"] < 1e-8


def test_wrong_and_missing_gradients_of_parameters_are_seen():
    """The mean for the sum, and a list that is too short."""

    class Mean(Affine):
        def backward(self, dout):
            dx = super().backward(dout)
            self.grads = [self.grads[0] / len(dout)]
            return dx

    errors = gradient_errors(Mean, [W, B], X)
    assert errors["grads[0]"] == pytest.approx(0.75)
    assert errors["grads[1]"] == np.inf
    assert errors["x"] < 1e-8


@pytest.mark.parametrize(
    ("layer", "shape"), [(Tanh, (3, 4)), (Flatten, (2, 3, 2, 2)), (LastStep, (2, 4, 3))]
)
def test_the_given_layers_are_right(layer, shape):
    """They pass the proof that students' layers have to pass."""
    assert gradient_errors(layer, [], RNG.normal(size=shape))["x"] < 1e-8


def test_norms_are_those_of_a_layer_that_halves_at_each_step():
    """Ones come in at the last time; each time before sees half of it."""

    class Halving:
        grads = ()

        def forward(self, x):
            return x

        def backward(self, dout):
            dx = np.array(dout)
            for t in reversed(range(dx.shape[1] - 1)):
                dx[:, t] = dx[:, t + 1] / 2
            return dx

    assert gradient_norms(Halving(), np.zeros((2, 4, 3))) == pytest.approx([1 / 8, 1 / 4, 1 / 2, 1])
