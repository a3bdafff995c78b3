"""A trained policy for Pong as plain arrays: saved, loaded and played with NumPy alone.

The file is an `.npz` without pickles. Its arrays are the weights, in half precision and named by
layer, and one text, `description`, JSON: how a pixel enters, the stride, and under "record" how the
policy was trained and how well it plays. It can be played without Keras, so a grader can watch it
without trusting or importing anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from labkit.datasets import load_dataset, register_dataset

__all__ = ["PongPolicy", "load_pong_policy", "save_pong_policy"]

# The probability of sticky actions that a policy was trained with → the name of its dataset.
POLICIES = {0.0: "pong_player", 0.25: "pong_player_sticky"}
WEIGHTS = ("conv", "hidden", "logits", "value")


@dataclass(frozen=True)
class PongPolicy:
    """A small network: scale → convolution → relu → dense → relu → logits and value.

    Attributes:
        weights: for each of "conv", "hidden", "logits" and "value" the arrays NAME_kernel and
            NAME_bias, float32; conv_kernel is (height, width, channels, filters), the others
            (inputs, outputs).
        offset, scale: a pixel p enters as (p − offset) / scale.
        stride: of the convolution, in pixels.
        record: how it was trained (seed, steps, sticky, command) and what it scored.
    """

    weights: Mapping[str, np.ndarray] = field(repr=False)
    offset: float
    scale: float
    stride: int
    record: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, observations: Any) -> tuple[np.ndarray, np.ndarray]:
        """Observations uint8 (B, 32, 40, 2) → logits (B, 2) and values (B,) in points, float32."""
        x = (np.asarray(observations, np.float32) - self.offset) / np.float32(self.scale)
        x = np.maximum(self._convolve(x), 0).reshape(len(x), -1)
        x = np.maximum(self._dense(x, "hidden"), 0)
        return self._dense(x, "logits"), self._dense(x, "value")[:, 0]

    def _convolve(self, x: np.ndarray) -> np.ndarray:
        kernel = self.weights["conv_kernel"]
        windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
        # (B, rows, columns, channels, height, width)
        windows = windows[:, :: self.stride, :: self.stride]
        sums = np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))
        return sums + self.weights["conv_bias"]

    def _dense(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[f"{name}_kernel"] + self.weights[f"{name}_bias"]


def load_pong_policy(sticky: float = 0.0) -> PongPolicy:
    """A policy that comes with the course.

    `.record` says how it was trained and what it scored; data/rl/README.md says the same in
    words.

    Args:
        sticky: the probability of sticky actions that it was trained with, 0 or 0.25.

    Raises:
        ValueError: for another setting.
        DatasetError: when its file is missing or damaged.
    """
    if sticky not in POLICIES:
        raise ValueError(
            f"there is a policy for sticky = {' and '.join(map(str, POLICIES))}, got {sticky!r}"
        )
    policy: PongPolicy = load_dataset(POLICIES[sticky])
    return policy


def read_policy(path: Path) -> PongPolicy:
    """The policy in a file written by `save_pong_policy`."""
    with np.load(path, allow_pickle=False) as file:
        description = json.loads(str(file["description"]))
        names = [name for name in file.files if name != "description"]
        weights = {name: file[name].astype(np.float32) for name in names}
    return PongPolicy(weights, **description)


def save_pong_policy(
    path: Path,
    weights: Sequence[np.ndarray],
    *,
    offset: float,
    scale: float,
    stride: int,
    record: Mapping[str, Any],
) -> PongPolicy:
    """Write a policy, compressed and in half precision.

    Args:
        path: of the file, which ends in .npz.
        weights: kernel and bias of the convolution, the hidden layer, the logits and the value, in
            this order, as `get_weights()` of the lab's network gives them.
        offset, scale, stride, record: see `PongPolicy`.

    Returns:
        The policy as it will be loaded.

    Raises:
        ValueError: when the arrays do not fit together as such a network.
    """
    names = [f"{layer}_{part}" for layer in WEIGHTS for part in ("kernel", "bias")]
    _check_shapes(names, weights)
    pairs = zip(names, weights, strict=True)
    arrays: dict[str, Any] = {name: np.asarray(array, np.float16) for name, array in pairs}
    description = {"offset": offset, "scale": scale, "stride": stride, "record": dict(record)}
    arrays["description"] = np.array(json.dumps(description, sort_keys=True))
    np.savez_compressed(path, **arrays)
    return read_policy(path)


def _check_shapes(names: Sequence[str], weights: Sequence[np.ndarray]) -> None:
    shapes = [np.shape(array) for array in weights]
    ranks = [len(shape) for shape in shapes]
    if ranks != [4, 1, 2, 1, 2, 1, 2, 1]:
        raise ValueError(f"expected the arrays {', '.join(names)}, got shapes {shapes}")
    for kernel, bias in zip(shapes[::2], shapes[1::2], strict=True):
        if kernel[-1] != bias[0]:
            raise ValueError(
                "a bias must have as many numbers as its kernel has outputs, "
                f"got {kernel} and {bias}"
            )
    if shapes[2][1] != shapes[4][0] or shapes[2][1] != shapes[6][0]:
        raise ValueError(f"logits and value must stand on the hidden layer, got shapes {shapes}")


for _name in POLICIES.values():
    register_dataset(
        _name, read_policy, file=f"rl/{_name}.npz", licence="MIT", source="rl/README.md"
    )
