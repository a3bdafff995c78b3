"""Plain REINFORCE at Pong, for comparison.

Every decision is learned from once, and then thrown away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from labkit.rl.compiling import compile_network
from labkit.rl.pong import PongGames
from labkit.rl.rollouts import (
    N_GAMES,
    WINDOW,
    WORTH_XLA,
    PongTraining,
    Rollout,
    collect_rollout,
    pong_curve,
)

__all__ = ["train_pong_reinforce"]

ROLLOUT = 256  # decisions in each game between two updates: several points


def train_pong_reinforce(
    network: Any,
    choose_action: Callable[..., Any],
    returns_of: Callable[..., Any],
    normalize: Callable[..., Any],
    train_step: Callable[..., Any],
    *,
    learning_rate: float = 1e-3,
    seed: int = 0,
    seconds: float = 60,
    steps: int = 1_000_000,
    sticky: float = 0.0,
) -> PongTraining:
    """REINFORCE with the student's functions, in the games and with the curve of `train_pong`.

    Args:
        network: a Keras model, observations uint8 (B, 32, 40, 2) → (logits (B, 2), value (B,)).
        choose_action: (logits (B, 2), rng) → integers (B,).
        returns_of: (rewards (T,)) → returns (T,), starting anew at every point.
        normalize: numbers → the same with zero mean and unit deviation.
        train_step: (model, optimizer, observations, actions, returns) → loss; one update.
        learning_rate: of Adam.
        seed, seconds, steps, sticky: as for `train_pong`.
    """
    import keras

    optimizer = keras.optimizers.Adam(learning_rate)
    rng, training = np.random.default_rng(seed), PongTraining()
    games = PongGames(N_GAMES, sticky=sticky, seed=int(rng.integers(2**31)))
    observations, scores = games.reset(), np.zeros(N_GAMES)
    forward, recent = (
        compile_network(network, xla=seconds >= WORTH_XLA),
        deque[float](maxlen=WINDOW),
    )
    with pong_curve("Pong by REINFORCE", steps // (N_GAMES * ROLLOUT), seconds) as curve:
        for _ in curve:
            rollout, observations = collect_rollout(
                games, observations, forward, choose_action, rng, scores, ROLLOUT
            )
            train_step(network, optimizer, *_batch(rollout, returns_of, normalize))
            training.record(rollout, recent, curve)
    games.close()
    training.interrupted = curve.history.interrupted
    return training


def _batch(
    rollout: Rollout, returns_of: Callable[..., Any], normalize: Callable[..., Any]
) -> list[Any]:
    """Observations, actions and normalised returns of the decisions whose return is known."""
    import tensorflow as tf

    known = _before_last_point(rollout.rewards)
    returns = np.stack([returns_of(rewards) for rewards in rollout.rewards.T], axis=1)
    weights = np.asarray(normalize(returns[known])).astype(np.float32)
    parts = (rollout.observations[known], rollout.actions[known], weights)
    return [tf.constant(part) for part in parts]


def _before_last_point(rewards: np.ndarray) -> np.ndarray:
    """(T, B) → bool (T, B): the decisions whose point has been played to its end."""
    return np.flip(np.cumsum(np.flip(rewards != 0, 0), axis=0), 0) > 0
