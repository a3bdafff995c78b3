"""Gradients of a layer written by hand, held against numerical ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy

__all__ = ["gradient_errors", "gradient_norms"]

EPS = 1e-5


def gradient_errors(
    make_layer: Callable[..., Any], arrays: Sequence[Any], x: Any, seed: int = 0
) -> dict[str, float]:
    """How far a layer's `backward` is from the slopes of its own `forward`.

    The layer's output is weighted by fixed random numbers and summed. Central differences in
    float64 give the slopes of that sum, for the input and for each parameter.

        gradient_errors(Affine, [W, b], x)["x"]

    Args:
        make_layer: `make_layer(*arrays)` gives a new layer.
        arrays: its parameters, in the order of `layer.grads`; may be empty.
        x: an input of the layer.
        seed: of the random numbers.

    Returns:
        For "x", "grads[0]", "grads[1]"…: the largest difference, relative to the largest slope;
        infinity where `backward` gives no gradient, or one of another shape.
    """
    inputs = [np.array(x, float), *(np.array(array, float) for array in arrays)]
    layer = make_layer(*(array.copy() for array in inputs[1:]))
    y = to_numpy(layer.forward(inputs[0].copy()))
    weights = np.random.default_rng(seed).normal(size=y.shape)
    found = [layer.backward(weights.copy()), *layer.grads]
    found += [None] * (len(inputs) - len(found))

    def total(changed: int, value: np.ndarray) -> float:
        values = [value if i == changed else array.copy() for i, array in enumerate(inputs)]
        return float(np.sum(weights * to_numpy(make_layer(*values[1:]).forward(values[0]))))

    errors = {}
    for i, value in enumerate(inputs):
        name = f"grads[{i - 1}]" if i else "x"
        errors[name] = _error(found[i], _slopes(partial(total, i), value))
    return errors


def gradient_norms(layer: Any, x: Any) -> np.ndarray:
    """How large the gradient is at each time when ones come in at the last time alone.

    Args:
        layer: a recurrent layer, x (B, T, D) → (B, T, H).
        x: the sequences.

    Returns:
        (T,), the root mean square of the gradient for x at each time.
    """
    dout = np.zeros(np.shape(layer.forward(x)))
    dout[:, -1] = 1.0
    return np.sqrt(np.mean(np.square(to_numpy(layer.backward(dout))), axis=(0, 2)))


def _slopes(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Central differences of f at x, element by element; f gets a new array each time."""
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = EPS
        slopes[place] = (f(x + step) - f(x - step)) / (2 * EPS)
    return slopes


def _error(got: Any, slopes: np.ndarray) -> float:
    if got is None or np.shape(got) != slopes.shape:
        return float("inf")
    difference = np.abs(np.asarray(to_numpy(got), float) - slopes).max(initial=0.0)
    return float(difference / max(np.abs(slopes).max(initial=0.0), 1e-12))
