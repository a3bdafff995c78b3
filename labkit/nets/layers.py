"""Small layers that need no proof, beside those that the lab has students write.

A layer has `params` and `grads`, two lists of arrays in the same order and shapes; `forward(x)`;
and `backward(dout)`, which returns the gradient for x and overwrites `grads`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Flatten", "LastStep", "Tanh"]


class Tanh:
    """tanh, element by element: x of any shape."""

    def __init__(self) -> None:
        self.params: list[Any] = []
        self.grads: list[Any] = []

    def forward(self, x: Any) -> Any:
        """tanh(x)."""
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout: Any) -> Any:
        """The gradient for x: dout · (1 − tanh²)."""
        return dout * (1 - self.y**2)


class Flatten:
    """Maps become vectors: x (B, …) → (B, D)."""

    def __init__(self) -> None:
        self.params: list[Any] = []
        self.grads: list[Any] = []

    def forward(self, x: Any) -> Any:
        """All axes but the first become one."""
        self.shape = np.shape(x)
        return np.reshape(x, (len(x), -1))

    def backward(self, dout: Any) -> Any:
        """The gradient for x, in the shape of x."""
        return np.reshape(dout, self.shape)


class LastStep:
    """The last step of a sequence: x (B, T, H) → (B, H)."""

    def __init__(self) -> None:
        self.params: list[Any] = []
        self.grads: list[Any] = []

    def forward(self, x: Any) -> Any:
        """x at the last time."""
        self.shape = np.shape(x)
        return x[:, -1]

    def backward(self, dout: Any) -> Any:
        """The gradient for x: zero at all other times."""
        dx = np.zeros(self.shape, np.asarray(dout).dtype)
        dx[:, -1] = dout
        return dx
