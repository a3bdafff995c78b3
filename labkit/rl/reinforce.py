"""Plain REINFORCE at Pong, for comparison: every decision is learned from once, and then thrown
away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from labkit.rl.pong import PONG_RANDOM_RETURN, PongGames
from labkit.rl.ppo import N_GAMES, WINDOW, WORTH_XLA, PongTraining, collect_rollout, compile_brain
from labkit.training.live import LiveCurve

__all__ = ["train_pong_reinforce"]

ROLLOUT = 256  # decisions in each game between two updates: several points


def train_pong_reinforce(
    brain: Any,
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
    """REINFORCE with the student's own functions, in the same games and with the same curve as
    `train_pong`.

    Args:
        brain: a Keras model, observations uint8 (B, 32, 40, 2) → (logits (B, 2), value (B,)).
        choose_action: (logits (B, 2), rng) → integers (B,).
        returns_of: (rewards (T,)) → returns (T,), starting anew at every point.
        normalize: numbers → the same with zero mean and unit deviation.
        train_step: (model, optimizer, observations, actions, returns) → loss; one update.
        learning_rate: of Adam.
        seed, seconds, steps, sticky: as for `train_pong`.
    """
    import keras
    import tensorflow as tf

    optimizer = keras.optimizers.Adam(learning_rate)
    rng, training = np.random.default_rng(seed), PongTraining()
    games = PongGames(N_GAMES, sticky=sticky, seed=int(rng.integers(2**31)))
    observations, scores = games.reset(), np.zeros(N_GAMES)
    forward, recent = compile_brain(brain, xla=seconds >= WORTH_XLA), deque[float](maxlen=WINDOW)
    curve = LiveCurve(
        max(1, steps // (N_GAMES * ROLLOUT)),
        seconds=seconds,
        title="Pong by REINFORCE",
        loss_name=f"mean return of the last {WINDOW} games",
        baseline=PONG_RANDOM_RETURN,
        baseline_name="random play",
    )
    with curve:
        for step in curve:
            rollout, observations = collect_rollout(
                games, observations, forward, choose_action, rng, scores, length=ROLLOUT
            )
            known = _before_last_point(rollout.rewards)
            returns = np.stack([returns_of(rewards) for rewards in rollout.rewards.T], axis=1)
            batch = (
                rollout.observations[known],
                rollout.actions[known],
                np.asarray(normalize(returns[known])),
            )
            train_step(
                brain,
                optimizer,
                *(tf.constant(part) for part in (*batch[:2], batch[2].astype(np.float32))),
            )
            recent.extend(rollout.returns)
            training.steps.append((step + 1) * N_GAMES * ROLLOUT)
            training.seconds.append(curve.elapsed)
            training.returns.append(float(np.mean(recent)) if recent else float("nan"))
            if recent:
                curve.add(training.returns[-1])
    games.close()
    training.interrupted = curve.history.interrupted
    return training


def _before_last_point(rewards: np.ndarray) -> np.ndarray:
    """(T, B) → bool (T, B): the decisions whose point has been played to its end, so that their
    return is known."""
    return np.flip(np.cumsum(np.flip(rewards != 0, 0), axis=0), 0) > 0
