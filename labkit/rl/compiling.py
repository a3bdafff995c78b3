"""Networks and updates as fast functions: compiled by TensorFlow, and by XLA where it pays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Compiled", "NetworkFunction", "compile_network"]

NetworkFunction = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Observations uint8 (B, 32, 40, 2) → NumPy logits (B, A) and values (B,)."""


def compile_network(network: Any, xla: bool = True) -> NetworkFunction:
    """A network with two heads as a fast function.

    Args:
        network: a Keras model, observations uint8 (B, 32, 40, 2) → (logits (B, A), value (B,)).
        xla: compile with XLA. That takes seconds, and pays for whoever plays for minutes.

    Returns:
        The function; it computes with the weights that the network has when it is called.
    """
    import tensorflow as tf

    compiled = Compiled(lambda observations: network(observations, training=False), xla)

    def run(observations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, values = compiled(tf.convert_to_tensor(observations))
        return np.asarray(logits), np.asarray(values)

    return run


class Compiled:
    """A function compiled by XLA, if wanted; else by TensorFlow alone; else as it is.

    Which one it is shows at the first call: a network or a loss may use what a compiler does not
    know. Where no compiler can, a line says so.
    """

    def __init__(self, function: Callable[..., Any], xla: bool) -> None:
        self._function = function
        self._ways = (True, False) if xla else (False,)
        self._chosen: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        return self._chosen(*args) if self._chosen else self._first(*args)

    def _first(self, *args: Any) -> Any:
        import tensorflow as tf

        reason = ""
        for jit in self._ways:
            candidate = tf.function(self._function, jit_compile=jit, autograph=False)
            try:
                result = candidate(*args)
            # Whatever it is: the plain function shows it without the machinery around it.
            except Exception as error:
                reason = str(error).strip().partition("\n")[0]
            else:
                self._chosen = candidate
                return result
        result = self._function(*args)
        self._chosen = self._function
        print(f"Not compiled, and therefore slow: {reason}")
        return result
