"""Cart-Pole: many episodes side by side."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from labkit.rl.cartpole import CARTPOLE_RANDOM_RETURN, cartpole_diary, play_cartpole
from labkit.rl.pong import random_policy


def test_random_play_reaches_the_baseline():
    """The number drawn as a baseline is what random play reaches."""
    returns = play_cartpole(random_policy, 2000, seed=1)
    assert abs(returns.mean() - CARTPOLE_RANDOM_RETURN) < 4 * returns.std() / len(returns) ** 0.5


def test_each_episode_counts_until_its_first_end():
    """A policy that always pushes right falls as soon as in a single environment of Gymnasium's."""
    mine = play_cartpole(lambda x: np.tile([0.0, 50.0], (len(x), 1)), 300, seed=3)
    env, steps = gym.make("CartPole-v1"), []
    for seed in range(300):
        env.reset(seed=seed)
        steps.append(1)
        while not env.step(1)[2]:
            steps[-1] += 1
    assert abs(mine.mean() - np.mean(steps)) < 0.2
    assert mine.min() >= 8
    assert mine.max() <= 12


def test_the_same_seed_gives_the_same_episodes():
    """Seeds decide; 500 is the longest episode."""

    def good(x):
        return np.stack(
            [0 * x[:, 0], 40 * (0.1 * x[:, 0] + 0.3 * x[:, 1] + 3 * x[:, 2] + x[:, 3])], axis=1
        )

    np.testing.assert_array_equal(
        play_cartpole(random_policy, 20, seed=4), play_cartpole(random_policy, 20, seed=4)
    )
    assert play_cartpole(good, 10).max() == 500


def test_a_diary_notes_the_episodes_that_are_begun():
    """Also those of a vector of worlds; afterwards, and outside, the world is what it was."""
    before = gym.spec("CartPole-v1")
    with cartpole_diary() as lengths:
        env = gym.make("CartPole-v1", max_episode_steps=3)
        assert env.spec.reward_threshold == 475
        for _ in range(2):
            env.reset(seed=0)
            env.reset(seed=1)
            for _ in range(3):
                env.step(0)
        envs = gym.make_vec("CartPole-v1", num_envs=2)
        envs.reset(seed=0)
        envs.step(np.zeros(2, int))
    assert lengths == [3, 3, 1, 1]
    assert gym.spec("CartPole-v1") is before
    gym.make("CartPole-v1").reset()
    assert lengths == [3, 3, 1, 1]
