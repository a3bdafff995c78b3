"""A network of affine layers, written for these tests alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], []

    def forward(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, dout):
        self.grads = [self.x.T @ dout, dout.sum(axis=0)]
        return dout @ self.params[0].T


class Bend:
    def __init__(self, activation):
        self.params, self.grads, self.activation = [], [], activation

    def forward(self, x):
        self.y = np.tanh(x) if self.activation == "tanh" else np.maximum(x, 0)
        return self.y

    def backward(self, dout):
        return dout * (1 - self.y**2 if self.activation == "tanh" else self.y > 0)


class Network:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss_and_grads(self, x, labels, l2=0.0):
        logits = self.forward(x)
        log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        rows = np.arange(len(x))
        dout = np.exp(log_p)
        dout[rows, labels] -= 1
        dout /= len(x)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        loss = -np.mean(log_p[rows, labels])
        grads = []
        for layer in self.layers:
            for p, g in zip(layer.params, layer.grads, strict=True):
                decay = l2 if p.ndim == 2 else 0.0
                loss += decay / 2 * np.sum(p**2)
                grads.append(g + decay * p)
        return loss, grads


def make_network(sizes, rng, activation="relu"):
    layers = []
    for d, n in pairwise(sizes):
        layers += [Affine(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)), Bend(activation)]
    return Network(layers[:-1])


def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    new = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
    return [p + v for p, v in zip(params, new, strict=True)], new
