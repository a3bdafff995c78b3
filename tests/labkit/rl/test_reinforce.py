"""REINFORCE at Pong: what reaches the student's functions."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")
pytest.importorskip("ale_py")

from labkit.rl.reinforce import ROLLOUT, _before_last_point, train_pong_reinforce  # noqa: E402


def test_only_finished_points_are_learned_from():
    """A decision counts when its point has been played to the end: up to the last reward of its
    game."""
    rewards = np.array([[0, 0], [1, 0], [0, 0], [-1, 0], [0, 0]])
    assert _before_last_point(rewards)[:, 0].tolist() == [True, True, True, True, False]
    assert not _before_last_point(rewards)[:, 1].any()


def test_every_decision_is_learned_from_once(monkeypatch):
    """One update per rollout, on decisions whose returns were computed game by game and normalised
    together."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    front = keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Flatten()])

    class Network(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.front, self.policy, self.value = (
                front,
                keras.layers.Dense(2),
                keras.layers.Dense(1),
            )

        def call(self, x):
            features = self.front(x)
            return self.policy(features), self.value(features)[:, 0]

    games, batches = [], []

    def returns_of(rewards):
        games.append(rewards)
        return np.cumsum(rewards)

    def train_step(model, optimizer, observations, actions, returns):
        batches.append([np.asarray(part) for part in (observations, actions, returns)])
        return 0.0

    training = train_pong_reinforce(
        Network(),
        lambda logits, rng: rng.integers(0, 2, len(logits)),
        returns_of,
        lambda x: (x - x.mean()) / x.std(),
        train_step,
        seed=3,
        steps=2 * 16 * ROLLOUT,
    )
    assert len(batches) == len(training.steps) == 2
    assert [game.shape for game in games] == [(ROLLOUT,)] * 32
    for observations, actions, returns in batches:
        assert observations.dtype == np.uint8
        assert len(observations) == len(actions) == len(returns) < 16 * ROLLOUT
        np.testing.assert_allclose([returns.mean(), returns.std()], [0, 1], atol=1e-3)
    assert training.steps[-1] == 2 * 16 * ROLLOUT
