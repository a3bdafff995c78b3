"""The settings of the playground, and the one line of Python that brings them back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

__all__ = ["ACTIVATIONS", "FEATURES", "MOST_LAYERS", "MOST_NEURONS", "Settings"]

FEATURES = ("x", "y", "x2", "y2", "xy", "sinx", "siny")
ACTIVATIONS = ("relu", "tanh")
MOST_LAYERS, MOST_NEURONS = 4, 8


@dataclass(frozen=True)
class Settings:
    """Everything that decides what happens in the playground.

    Attributes:
        data: "circle", "xor", "gauss", "spiral", or the path of a CSV file.
        noise: how far points stray, from 0 to 1.
        train_share: the share of the points to train on, from 0.1 to 0.9.
        inputs: names of features, at least one.
        layers: neurons of each hidden layer: up to four layers of 1 to 8.
        activation: "relu" or "tanh".
        learning_rate, batch_size: of each step; the momentum is 0.9.
        l1, l2: weight decay, by absolute values and by squares.
        seed: of points, first weights and batches.
    """

    data: str = "circle"
    noise: float = 0.1
    train_share: float = 0.5
    inputs: tuple[str, ...] = ("x", "y")
    layers: tuple[int, ...] = (4,)
    activation: str = "relu"
    learning_rate: float = 0.03
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", tuple(self.inputs))
        object.__setattr__(self, "layers", tuple(int(n) for n in self.layers))
        if unknown := set(self.inputs) - set(FEATURES):
            raise ValueError(f"unknown inputs {sorted(unknown)}: expected {', '.join(FEATURES)}")
        if not self.inputs:
            raise ValueError(f"inputs must name at least one of {', '.join(FEATURES)}")
        if len(self.layers) > MOST_LAYERS or not all(1 <= n <= MOST_NEURONS for n in self.layers):
            raise ValueError(
                f"layers must be up to {MOST_LAYERS} numbers from 1 to {MOST_NEURONS}, "
                f"got {self.layers}"
            )
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}")
        self._check_numbers()

    def _check_numbers(self) -> None:
        """Raise ValueError for a number with which nothing can be trained."""
        limits: dict[str, tuple[float, float]] = {
            "noise": (0, 1),
            "train_share": (0.1, 0.9),
            "learning_rate": (0, float("inf")),
            "batch_size": (1, 1000),
            "l1": (0, float("inf")),
            "l2": (0, float("inf")),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must lie between {low} and {high}, got {value}")

    def changed(self, **values: Any) -> Settings:
        """The same settings but for some values."""
        return replace(self, **values)

    def as_python(self, features_given: bool = False) -> str:
        """The call that opens the playground with these settings; what is usual is left out."""
        usual = Settings()
        words = ["make_network"]
        words += ["features=features"] if features_given else []
        for field in fields(self):
            value = getattr(self, field.name)
            if value != getattr(usual, field.name):
                words.append(f"{field.name}={value!r}")
        return f"playground({', '.join(words)})"
