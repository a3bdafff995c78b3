"""Cart-Pole: playing many episodes at once, for a number that can be trusted.

The world is Gymnasium's `CartPole-v1` (Barto, Sutton and Anderson 1983). An observation is four
numbers: the cart's position (metres) and speed, the pole's angle (radians) and angular speed.
Action 0 pushes left, 1 right. Every step brings a reward of 1; an episode ends when the pole leans
more than 12° or the cart is 2.4 m away, and after 500 steps.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["CARTPOLE_RANDOM_RETURN", "cartpole_diary", "play_cartpole"]

CARTPOLE_RANDOM_RETURN = 22.2
"""What random play returns on average."""

LONGEST = 500

Policy = Callable[[np.ndarray], Any]


def play_cartpole(policy: Policy, n_episodes: int = 100, *, seed: int = 1000) -> np.ndarray:
    """Play whole episodes with sampled actions, side by side.

    Args:
        policy: observations float32 (B, 4) → logits (B, 2), or (logits, value): a network, or any
            other function.
        n_episodes: how many.
        seed: of the episodes' beginnings and of the draws.

    Returns:
        The returns of the episodes, float (n_episodes,), each from 1 to 500.
    """
    from gymnasium.envs.classic_control.cartpole import CartPoleVectorEnv

    env, rng = CartPoleVectorEnv(n_episodes, max_episode_steps=LONGEST), np.random.default_rng(seed)
    observations, _ = env.reset(seed=seed)
    returns, playing = np.zeros(n_episodes), np.ones(n_episodes, bool)
    # Each place counts until its first end; what is played there later does not.
    while playing.any():
        observations, rewards, terminated, truncated, _ = env.step(_draw(policy, observations, rng))
        returns += np.asarray(rewards) * playing
        playing &= ~(np.asarray(terminated) | np.asarray(truncated))
    env.close()
    return returns


def _draw(policy: Policy, observations: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Actions (B,) drawn from softmax(logits): Gumbel noise is added, the largest taken."""
    output = policy(np.asarray(observations, np.float32))
    logits = np.asarray(output[0] if isinstance(output, (tuple, list)) else output, np.float64)
    return np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)


@contextmanager
def cartpole_diary() -> Iterator[list[int]]:
    """Note how long the episodes are that are begun meanwhile in `gym.make("CartPole-v1")`.

        with cartpole_diary() as lengths:
            train_cartpole(seed=0, max_episodes=10)

    Yields:
        The list of the lengths, which grows; an episode that is reset before its first step does
        not count.
    """
    import gymnasium as gym
    from gymnasium.envs.classic_control.cartpole import CartPoleEnv

    lengths: list[int] = []

    class Noted(CartPoleEnv):
        """Cart-Pole, which notes its steps."""

        def reset(self, **options: Any) -> Any:
            self.episode = -1
            return super().reset(**options)

        def step(self, action: Any) -> Any:
            if self.episode < 0:
                self.episode = len(lengths)
                lengths.append(0)
            lengths[self.episode] += 1
            return super().step(action)

    known = gym.spec("CartPole-v1")
    noted = copy.deepcopy(known)
    noted.entry_point, noted.vector_entry_point = Noted, None
    gym.registry[known.id] = noted
    try:
        yield lengths
    finally:
        gym.registry[known.id] = known
