"""Training a network that was written by hand: its parameters, and one loop for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from labkit.training.live import LiveCurve
from labkit.training.run import History

__all__ = ["parameters", "set_parameters", "share_right", "time_steps", "train_network"]


def parameters(network: Any) -> list[Any]:
    """All arrays of a network's layers, in order; not copies."""
    return [array for layer in network.layers for array in layer.params]


def set_parameters(network: Any, values: Any) -> None:
    """Write new numbers into the arrays of a network.

    Args:
        network: has `layers`, and each of them `params`.
        values: arrays in the order and the shapes of `parameters(network)`.

    Raises:
        ValueError: when their number or a shape differs.
    """
    for array, value in zip(parameters(network), values, strict=True):
        if np.shape(value) != array.shape:
            raise ValueError(f"a parameter has the shape {array.shape}, got {np.shape(value)}")
        array[...] = value


def share_right(network: Any, x: Any, labels: Any, batch_size: int = 500) -> float:
    """The share of inputs whose largest logit is that of their label."""
    right = 0
    for start in range(0, len(x), batch_size):
        logits = network.forward(x[start : start + batch_size])
        right += int(np.sum(np.argmax(logits, axis=1) == labels[start : start + batch_size]))
    return right / len(x)


def time_steps(steps: Mapping[str, Callable[[], Any]], repeats: int = 50) -> dict[str, float]:
    """Print and return how many milliseconds a call takes: the median of `repeats`.

    Args:
        steps: a name → what is called. Each is called once before the clock runs.
        repeats: how often.
    """
    found = {}
    for name, step in steps.items():
        step()
        taken = []
        for _ in range(repeats):
            begun = time.perf_counter()
            step()
            taken.append(time.perf_counter() - begun)
        found[name] = 1000 * float(np.median(taken))
        print(f"{name:>12}: {found[name]:.2f} ms")
    return found


def train_network(
    network: Any,
    x: Any,
    labels: Any,
    *,
    update: Callable[..., Any],
    epochs: int,
    learning_rate: float,
    rng: np.random.Generator,
    batch_size: int = 32,
    clip: Callable[[list[Any]], list[Any]] | None = None,
    held_out: tuple[Any, Any] | None = None,
) -> History:
    """Train any network of layers; the learning rate falls to 0 in a straight line.

    Args:
        network: has `layers` and `loss_and_grads(x, labels)`.
        x, labels: what it learns from, (N, …) and (N,).
        update: as `momentum_step(params, grads, velocities, learning_rate)`.
        epochs, batch_size: how often each example is seen, and how many in one step.
        learning_rate: at the beginning.
        rng: shuffles the examples anew in each epoch.
        clip: what is done to the gradients before each update.
        held_out: inputs and labels to measure on after each epoch.

    Returns:
        The history of the losses.
    """
    per_epoch = max(len(x) // batch_size, 1)
    velocities = [np.zeros_like(array) for array in parameters(network)]
    order = rng.permutation(len(x))
    with LiveCurve(epochs * per_epoch, loss_name="loss") as curve:
        for step in curve:
            if step % per_epoch == 0:
                order = rng.permutation(len(x))
            batch = order[step % per_epoch * batch_size :][:batch_size]
            loss, grads = network.loss_and_grads(x[batch], labels[batch])
            rate = learning_rate * (1 - step / curve.total)
            grads = clip(grads) if clip else grads
            new, velocities = update(parameters(network), grads, velocities, rate)
            set_parameters(network, new)
            curve.add(loss)
            if held_out is not None and step % per_epoch == per_epoch - 1:
                curve.add_held_out(network.loss_and_grads(*held_out)[0])
    return curve.history
