"""What trainings at Pong have in common: rollouts, the record of a training, and its curve."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.rl.compiling import NetworkFunction
from labkit.rl.pong import PONG_RANDOM_RETURN, PongGames
from labkit.training.live import LiveCurve

__all__ = ["PongTraining", "Rollout", "collect_rollout", "pong_curve"]

N_GAMES = 16
WORTH_XLA = 60  # seconds: shorter trainings are over before its compilation has paid
WINDOW = 20  # games: their mean return is the number on the curve


@dataclass
class Rollout:
    """T decisions in each of B games.

    Attributes:
        observations: uint8 (T, B, 32, 40, 2).
        actions: int (T, B).
        log_probs: of these actions, float32 (T, B).
        rewards, values: float32 (T, B).
        dones: bool (T, B), where a point was scored or a game ended.
        last_value: float32 (B,), the value of what follows.
        returns: the results of the games that ended meanwhile.
    """

    observations: np.ndarray
    actions: np.ndarray
    log_probs: np.ndarray
    rewards: np.ndarray
    values: np.ndarray
    dones: np.ndarray
    last_value: np.ndarray
    returns: list[float] = field(default_factory=list)


@dataclass
class PongTraining:
    """What `train_pong` did. The lists have one entry for each update.

    Attributes:
        steps: decisions played so far, over all games.
        seconds: time since the start.
        returns: mean return of the last 20 finished games; NaN before the first one ends.
        entropy: of the policy, in nats: ln 2 ≈ 0.69 while it tosses a coin, 0 when it knows no
            doubt. Empty after REINFORCE.
        weights: what the network ends with: the moving average of its weights over about the last
            50 updates. Single updates make a policy better or worse by chance, and on average these
            errors cancel (Polyak averaging). Empty after REINFORCE, which has the last weights in
            the end.
        interrupted: whether the kernel was interrupted.
    """

    steps: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    returns: list[float] = field(default_factory=list)
    entropy: list[float] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)
    interrupted: bool = False

    def record(self, rollout: Rollout, recent: deque[float], curve: LiveCurve) -> None:
        """Note one update, and draw it.

        Args:
            rollout: what was played.
            recent: the returns of the last `WINDOW` games; those of the rollout are added here.
            curve: shows their mean, once there is one.
        """
        recent.extend(rollout.returns)
        self.steps.append((curve.step + 1) * rollout.actions.size)
        self.seconds.append(curve.elapsed)
        self.returns.append(float(np.mean(recent)) if recent else float("nan"))
        if recent:
            curve.add(self.returns[-1])


def pong_curve(title: str, updates: int, seconds: float) -> LiveCurve:
    """The live curve of a training at Pong, which ends after so many updates or seconds."""
    return LiveCurve(
        max(1, updates),
        seconds=seconds,
        title=title,
        loss_name=f"mean return of the last {WINDOW} games",
        baseline=PONG_RANDOM_RETURN,
        baseline_name="random play",
    )


def collect_rollout(
    games: PongGames,
    observations: np.ndarray,
    network: NetworkFunction,
    choose_action: Callable[..., Any],
    rng: np.random.Generator,
    scores: np.ndarray,
    length: int,
) -> tuple[Rollout, np.ndarray]:
    """Play `length` decisions in every game.

    Args:
        games: B games, of which `observations` (B, 32, 40, 2) shows the state.
        network: from `compile_network`.
        choose_action: (logits (B, A), rng) → integers (B,).
        rng: for `choose_action`.
        scores: (B,), points so far in the running games; kept up to date in place.

    Returns:
        The rollout, and the observations that follow.
    """
    rows, finished = [], []
    for _ in range(length):
        logits, values = network(observations)
        actions = np.asarray(choose_action(logits, rng)).astype(np.int64)
        taken = _log_softmax(logits)[np.arange(len(actions)), actions]
        following, rewards, over = games.step(actions)
        # An episode is one point: what happens after it says nothing about what was done before.
        rows.append((observations, actions, taken, rewards, values, over | (rewards != 0)))
        observations = following
        scores += rewards
        finished += scores[over].tolist()
        scores[over] = 0
    columns = zip(*rows, strict=True)
    seen, actions, log_probs, rewards, values, dones = map(np.stack, columns)
    last_value = network(observations)[1]
    rollout = Rollout(seen, actions, log_probs, rewards, values, dones, last_value, finished)
    return rollout, observations


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
