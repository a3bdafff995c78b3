"""The training loop for networks written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.nets import parameters, set_parameters, share_right, time_steps, train_network
from tests.labkit.nets.small import make_network, momentum_step

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 2))
LABELS = (X[:, 0] * X[:, 1] > 0).astype(int)


def test_it_learns_xor_and_says_how_it_went(monkeypatch, capsys):
    """Training and held-out losses fall; nearly all points are right."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    network = make_network([2, 16, 2], np.random.default_rng(1))
    history = train_network(
        network,
        X,
        LABELS,
        update=momentum_step,
        epochs=60,
        learning_rate=0.1,
        rng=np.random.default_rng(2),
        held_out=(X[:50], LABELS[:50]),
    )
    assert share_right(network, X, LABELS, batch_size=70) > 0.95
    assert len(history.loss) == 60 * (300 // 32)
    assert len(history.held_out) == 60
    assert history.held_out[-1] < history.held_out[0] / 3


def test_the_same_seed_gives_the_same_network(monkeypatch):
    """Chance comes from the given generators alone."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    runs = []
    for noise in (1, 2):
        np.random.seed(noise)
        network = make_network([2, 4, 2], np.random.default_rng(1))
        train_network(
            network,
            X,
            LABELS,
            update=momentum_step,
            epochs=2,
            learning_rate=0.1,
            rng=np.random.default_rng(3),
        )
        runs.append(np.concatenate([np.ravel(p) for p in parameters(network)]))
    assert np.array_equal(*runs)


def test_gradients_are_clipped_before_the_update(monkeypatch):
    """With all of them clipped to nothing, nothing is learned."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    network = make_network([2, 4, 2], np.random.default_rng(1))
    before = [p.copy() for p in parameters(network)]
    train_network(
        network,
        X,
        LABELS,
        update=momentum_step,
        epochs=1,
        learning_rate=0.1,
        rng=np.random.default_rng(3),
        clip=lambda grads: [0 * g for g in grads],
    )
    assert all(np.array_equal(p, old) for p, old in zip(parameters(network), before, strict=True))


def test_parameters_are_written_into_the_arrays_of_the_layers():
    """Other shapes and another number of arrays are refused."""
    network = make_network([2, 3, 2], np.random.default_rng(1))
    first = network.layers[0].params[0]
    values = [p + 1 for p in parameters(network)]
    set_parameters(network, values)
    assert first is network.layers[0].params[0]
    assert np.array_equal(first, values[0])
    with pytest.raises(ValueError, match=r"\(2, 3\), got \(3, 2\)"):
        set_parameters(network, [values[0].T, *values[1:]])
    with pytest.raises(ValueError, match="shorter"):
        set_parameters(network, values[:-1])


def test_steps_are_timed_in_milliseconds(capsys):
    """A median for each name, printed and returned."""
    called = []
    found = time_steps({"a": lambda: called.append(1)}, repeats=3)
    assert len(called) == 4
    assert 0 <= found["a"] < 100
    assert "a: " in capsys.readouterr().out
