"""A playground without a page: points, the student's network, and its training step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.nets.fitting import parameters, set_parameters
from labkit.nets.play.settings import Settings
from labkit.nets.points import EXTENT, KINDS, Points, make_points, read_points

__all__ = ["Session", "plain_features"]

POINTS = 300
MOMENTUM = 0.9
DIVERGED = "The network diverged: its numbers grew beyond all bounds."
ADVICE = "Lower the learning rate or the weight decay, then reset."


def plain_features(points: Any, names: Sequence[str]) -> np.ndarray:
    """What the network sees of points (N, 2): a column for each name."""
    x, y = np.asarray(points, float).T
    columns = {"x": x, "y": y, "x2": x**2, "y2": y**2, "xy": x * y}
    columns.update(sinx=np.sin(x), siny=np.sin(y))
    return np.stack([columns[name] for name in names], axis=1)


class Session:
    """A network, its points, and how far the training has come.

    Attributes:
        settings: in force; `restart` takes new ones.
        points: the points of both parts.
        network: what `make_network(sizes, rng, activation=…)` has made.
        epoch: how many epochs are done.
        losses: (training, held out) after each epoch, first before any training; mean
            cross-entropy without weight decay.
        problem: why the training has stopped, or "".
    """

    def __init__(
        self,
        make_network: Callable[..., Any],
        settings: Settings,
        features: Callable[..., Any] | None = None,
    ) -> None:
        self.make_network = make_network
        self.features = features or plain_features
        self.restart(settings)

    def restart(self, settings: Settings) -> None:
        """New points, new weights, epoch 0."""
        points = _points(settings)
        rng = np.random.default_rng([settings.seed, 1])
        sizes = [len(settings.inputs), *settings.layers, 2]
        network = self.make_network(sizes, rng, activation=settings.activation)
        # Whatever could fail has been done: until here the game before is still on.
        self.settings, self.points, self.network, self.rng = settings, points, network, rng
        self.velocities = [np.zeros(np.shape(array)) for array in parameters(self.network)]
        self.epoch = 0
        self.losses: list[tuple[float, float]] = []
        self.problem = ""
        self._record()

    def see(self, points: Any) -> np.ndarray:
        """The chosen features of points (N, 2)."""
        return np.asarray(to_numpy(self.features(points, list(self.settings.inputs))), float)

    def train_epoch(self) -> bool:
        """One pass through the training points; False when the network has diverged."""
        if self.problem:
            return False
        x, labels = self.see(self.points.train), self.points.train_labels
        order = self.rng.permutation(len(x))
        with np.errstate(all="ignore"):  # a diverging network is told below, in words
            for start in range(0, len(order), self.settings.batch_size):
                batch = order[start : start + self.settings.batch_size]
                self._step(x[batch], labels[batch])
            self.epoch += 1
            self._record()
        return not self.problem

    def _step(self, x: np.ndarray, labels: np.ndarray) -> None:
        settings, params = self.settings, parameters(self.network)
        _, grads = self.network.loss_and_grads(x, labels, l2=settings.l2)
        velocities, new = [], []
        for p, g, v in zip(params, grads, self.velocities, strict=True):
            # The L1 price has the slope ±l1 for each weight; biases are free.
            g = g + settings.l1 * np.sign(p) if p.ndim >= 2 else g
            velocities.append(MOMENTUM * v - settings.learning_rate * g)
            new.append(p + velocities[-1])
        self.velocities = velocities
        set_parameters(self.network, new)

    def _record(self) -> None:
        points = self.points
        parts = (points.train, points.train_labels), (points.held_out, points.held_out_labels)
        found = [float(self.network.loss_and_grads(self.see(x), labels)[0]) for x, labels in parts]
        arrays = parameters(self.network)
        finite = all(np.isfinite(array).all() for array in arrays) and np.isfinite(found).all()
        if not finite or max(found) > 1e6:
            self.problem = f"{DIVERGED} {ADVICE}"
        else:
            self.losses.append((found[0], found[1]))

    def share_right(self) -> float:
        """The share of held-out points on the right side of the border."""
        points = self.points
        logits = self.network.forward(self.see(points.held_out))
        return float(np.mean(np.argmax(logits, axis=1) == points.held_out_labels))

    def maps(self, resolution: int) -> tuple[list[np.ndarray], np.ndarray]:
        """What each neuron and the network say all over the plane.

        Args:
            resolution: points along each axis.

        Returns:
            For the inputs and each hidden layer, (neurons, resolution, resolution); and how much
            more the network believes in class 1, from −1 to 1, (resolution, resolution). Row 0 is
            above.
        """
        axis = np.linspace(-EXTENT, EXTENT, resolution)
        grid = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)
        h = self.see(grid)
        found = [h]
        with np.errstate(all="ignore"):
            for layer, after in zip(
                self.network.layers, [*self.network.layers[1:], None], strict=True
            ):
                h = layer.forward(h)
                # A neuron's answer is what comes after the bend: the input of the next affine.
                if after is not None and after.params:
                    found.append(h)
            verdict = np.tanh((h[:, 1] - h[:, 0]) / 2)
        shape = (resolution, resolution)
        layers = [columns.T.reshape(-1, *shape) for columns in found]
        return layers, np.nan_to_num(verdict).reshape(shape)

    def weights(self) -> list[np.ndarray]:
        """The matrices between the layers."""
        return [array for array in parameters(self.network) if array.ndim == 2]


def _points(settings: Settings) -> Points:
    """The points of the settings, split; both parts hold both classes."""
    rng = np.random.default_rng([settings.seed, 0])
    if settings.data in KINDS:
        points, labels = make_points(settings.data, POINTS, settings.noise, rng)
    else:
        if not Path(settings.data).is_file():
            raise ValueError(f"data must be one of {', '.join(KINDS)}, or a file: {settings.data}")
        points, labels = read_points(settings.data)
        points = points + settings.noise * rng.normal(0, 1, points.shape)
    train = np.zeros(len(points), bool)
    for label in np.unique(labels):
        mine = rng.permutation(np.flatnonzero(labels == label))
        train[mine[: max(round(settings.train_share * len(mine)), 1)]] = True
    if train.all():
        raise ValueError("no point is left to be held out: take a smaller train_share")
    return Points(points[train], labels[train], points[~train], labels[~train])
