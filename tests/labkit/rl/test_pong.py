"""Pong: the games themselves, playing and filming."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.rl import pong
from labkit.rl.pong import PongGames, play_pong, random_policy, record_pong


def rollout(
    games: PongGames, steps: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observations, rewards and ends of random play."""
    rng = np.random.default_rng(seed)
    games.reset()
    rows = [games.step(rng.integers(0, 2, games.n_games)) for _ in range(steps)]
    games.close()
    observations, rewards, over = (np.stack(column) for column in zip(*rows, strict=True))
    return observations, rewards, over


def test_what_a_game_looks_like():
    """Observations uint8 (B, 32, 40, 2), rewards float32 of −1, 0, +1, ends as booleans."""
    observations, rewards, over = rollout(PongGames(3, seed=1), 120)
    assert (observations.shape, observations.dtype) == ((120, 3, 32, 40, 2), np.uint8)
    assert (rewards.shape, rewards.dtype) == ((120, 3), np.float32)
    assert (over.shape, over.dtype) == ((120, 3), np.bool_)
    assert set(np.unique(rewards)) <= {-1.0, 0.0, 1.0}
    assert (rewards == -1).any()


def test_the_channels_are_two_pictures_in_a_row():
    """The newer picture of one decision is the older one of the next: together they show motion."""
    observations, _, over = rollout(PongGames(2, seed=1), 60)
    assert not over.any()
    np.testing.assert_array_equal(observations[1:, ..., 0], observations[:-1, ..., 1])
    assert (observations[..., 0] != observations[..., 1]).any()


def test_same_seed_same_games():
    """Games repeat for a seed and differ for another; sticky actions too."""
    for sticky in (0.0, 0.25):
        first, again, other = (
            rollout(PongGames(2, sticky=sticky, seed=seed), 100)[0] for seed in (4, 4, 5)
        )
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()


def test_sticky_actions_change_the_game():
    """With sticky actions the same seed and actions lead elsewhere."""
    easy, hard = (rollout(PongGames(2, sticky=sticky, seed=4), 100)[0] for sticky in (0.0, 0.25))
    assert (easy != hard).any()


def test_actions_move_the_paddle():
    """Action 0 brings the paddle at the right up, action 1 down."""
    rows = []
    for action in (0, 1):
        games = PongGames(1, seed=2)
        games.reset()
        for _ in range(3):
            observation, *_ = games.step(np.array([action]))
        right = observation[0, 1:31, 35, 1].astype(
            int
        )  # the column of the paddle, between the walls
        rows.append(np.abs(right - 87).argmax())
    assert rows[0] < 8
    assert rows[1] > 20


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([0], "shape"),
        ([0.0, 1.0], "integers"),
        ([0, 2], "0 .up. and 1 .down."),
        ([-1, 0], "0 .up. and 1 .down."),
    ],
)
def test_wrong_actions_are_named(actions, message):
    """An action that does not exist must not become another one silently."""
    games = PongGames(2)
    games.reset()
    with pytest.raises(ValueError, match=message):
        games.step(np.array(actions))


def test_wrong_settings_are_named():
    """No games, or a probability that is none."""
    for options in ({"n_games": 0}, {"sticky": 1.5}):
        with pytest.raises(ValueError, match="n_games"):
            PongGames(**options)


def test_random_play_loses_clearly():
    """Whole games: returns between −21 and −15, near what `PONG_RANDOM_RETURN` promises."""
    returns = play_pong(random_policy, 6, seed=3)
    assert returns.shape == (6,)
    assert returns.min() >= -21
    assert abs(returns.mean() - pong.PONG_RANDOM_RETURN) < 1.5


def test_greedy_and_sampled():
    """Greedy takes the likelier action every time; sampled draws it in proportion."""
    rng = np.random.default_rng(0)
    logits = np.tile(np.log([[0.2, 0.8]]), (10_000, 1))
    assert (pong._choose(logits, rng, greedy=True) == 1).all()
    assert pong._choose(logits, rng, greedy=False).mean() == pytest.approx(0.8, abs=0.02)


def test_a_policy_may_return_the_value_too():
    """A network's (logits, value) serves as well as bare logits; tensors as well as arrays."""
    observations = np.zeros((2, 32, 40, 2), np.uint8)
    bare = pong.logits_function(lambda x: [[0.0, 1.0]] * len(x))
    both = pong.logits_function(lambda x: (np.array([[0.0, 1.0]] * len(x)), np.zeros(len(x))))
    np.testing.assert_array_equal(bare(observations), [[0, 1], [0, 1]])
    np.testing.assert_array_equal(both(observations), [[0, 1], [0, 1]])


@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_a_film_shows_what_the_agent_saw(sticky):
    """The colour frames and the observations are the same moments: shrunk and cropped the one gives
    the other."""
    import cv2

    film = record_pong(random_policy, 90, sticky=sticky, seed=6)
    assert len(film) == 90
    assert (film.frames.shape, film.frames.dtype) == ((90, 210, 160, 3), np.uint8)
    assert film.observations.shape == (90, 32, 40, 2)
    np.testing.assert_allclose(film.probabilities, 0.5)
    assert set(film.actions) == {0, 1}
    for frame, observation in zip(film.frames, film.observations, strict=True):
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        small = cv2.resize(grey, (40, 42), interpolation=cv2.INTER_AREA)[pong.ROWS]
        assert (
            np.abs(small.astype(int) - observation[..., 1]).max() <= 25
        )  # ALE's grey is not quite OpenCV's
    assert film.score == (int((film.rewards > 0).sum()), int((film.rewards < 0).sum()))


def test_a_film_ends_with_its_game():
    """A film is not longer than the game, and its score is a whole game's."""
    film = record_pong(random_policy, 5000, seed=6)
    assert len(film) < 5000
    assert max(film.score) == 21
