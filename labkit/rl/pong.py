"""Pong: many games at once on ALE's vector environment, playing, and filming.

A *decision* is one action, held for four frames of the game. What an agent sees are the last two
pictures, each shrunk to 42 × 40 by the emulator and cropped to the 32 rows between the walls: uint8
(32, 40, 2), the older picture first. It has two actions, up and down. A game ends at 21 points; its
return is the agent's points minus the built-in opponent's, from −21 to +21.

Sticky actions: with probability `sticky` the emulator ignores the new action for a frame and
repeats the last one (Machado et al. 2018, "Revisiting the Arcade Learning Environment"). 0 is the
easy setting, where games differ only by up to 30 idle frames at their start; 0.25 is the default of
Gymnasium's `ALE/Pong-v5`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.rl.compiling import compile_network

__all__ = [
    "PONG_ACTIONS",
    "PONG_RANDOM_RETURN",
    "PongFilm",
    "PongGames",
    "play_pong",
    "random_policy",
    "record_pong",
]

PONG_ACTIONS = ("up", "down")
"""The names of the actions: 0 is up, 1 is down."""

PONG_RANDOM_RETURN = -20.2
"""What random play returns on average."""

FRAME_SKIP = 4
MOST_FRAMES = 40_000  # of one game, eleven minutes of play: a rally that never ends is cut off here
ROWS = slice(7, 39)  # of 42: what lies between the score above and the edge below
ALE_ACTIONS = np.array([2, 3])  # up and down in ALE's list for Pong
SEEDS = 2**31 - 1


class PongGames:
    """`n_games` games of Pong, played in step.

        games = PongGames(16, seed=1)
        observations = games.reset()                       # uint8 (16, 32, 40, 2)
        observations, rewards, over = games.step(actions)  # actions: (16,) of 0 (up) and 1 (down)

    A game that is over starts anew by itself: `observations` then shows the new game, `rewards` and
    `over` still speak about the old one. The same seed and actions give the same games.
    """

    n_actions = len(PONG_ACTIONS)
    observation_shape = (32, 40, 2)

    def __init__(
        self, n_games: int = 16, *, sticky: float = 0.0, seed: int = 0, threads: int = 2
    ) -> None:
        """
        Args:
            n_games: how many.
            sticky: the probability that a frame repeats the previous action, from 0 to 1.
            seed: of the games' beginnings, and of the sticky actions.
            threads: emulators that run at the same time; two suit two cores.

        Raises:
            ValueError: for fewer than one game, or a probability outside [0, 1].
        """
        if n_games < 1 or not 0 <= sticky <= 1:
            raise ValueError(
                f"expected n_games ≥ 1 and 0 ≤ sticky ≤ 1, got n_games={n_games}, sticky={sticky}"
            )
        self.n_games, self.sticky, self.seed = n_games, sticky, seed
        self._env = _make_env(n_games, sticky, threads, img_height=42, img_width=40, stack_num=2)

    def reset(self) -> np.ndarray:
        """Start every game anew, from the seed.

        Returns:
            Observations, uint8 (n_games, 32, 40, 2).
        """
        pictures, _ = self._env.reset(seed=_first_seed(self.seed, self.n_games))
        return _observation(pictures)

    def step(self, actions: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One decision in every game.

        Args:
            actions: integers (n_games,), 0 is up and 1 is down.

        Returns:
            Observations, uint8 (n_games, 32, 40, 2); rewards, float32 (n_games,), +1 for a point
            won, −1 for one lost; over, bool (n_games,), true where a game has just ended.

        Raises:
            ValueError: for another shape, or an action that does not exist.
        """
        pictures, rewards, ended, cut, _ = self._env.step(_ale_actions(actions, self.n_games))
        return _observation(pictures), rewards.astype(np.float32), ended | cut

    def close(self) -> None:
        """End the emulators. Harmless when called again."""
        self._env.close()


def _make_env(n_games: int, sticky: float, threads: int, **pictures: Any) -> Any:
    """ALE's vector environment in the setting of the lab; `pictures` describes its pictures."""
    from ale_py import ALEInterface, LoggerMode
    from ale_py.vector_env import AtariVectorEnv
    from gymnasium.vector import AutoresetMode

    ALEInterface.setLoggerMode(LoggerMode.Error)  # its banner would stand in every notebook
    return AtariVectorEnv(
        "pong",
        n_games,
        num_threads=min(threads, n_games),
        frameskip=FRAME_SKIP,
        maxpool=True,
        max_num_frames_per_episode=MOST_FRAMES,
        repeat_action_probability=sticky,
        autoreset_mode=AutoresetMode.SAME_STEP,
        **pictures,
    )


def _first_seed(seed: int, n_games: int) -> int:
    """The seed of the first game; the others follow.

    It is drawn, so that the games of `seed` and of `seed + 1` are not nearly the same.
    """
    return int(np.random.default_rng(seed).integers(SEEDS - n_games))


def _observation(pictures: np.ndarray) -> np.ndarray:
    """uint8 (B, 2, 42, 40) → (B, 32, 40, 2): the crop, and the two pictures as channels."""
    return np.ascontiguousarray(pictures[:, :, ROWS].transpose(0, 2, 3, 1))


def _ale_actions(actions: Any, n_games: int) -> np.ndarray:
    actions = np.asarray(actions)
    if actions.shape != (n_games,) or actions.dtype.kind not in "iu":
        raise ValueError(
            f"actions must be integers of shape ({n_games},), "
            f"got {actions.dtype} of shape {actions.shape}"
        )
    if ((actions < 0) | (actions >= len(ALE_ACTIONS))).any():
        raise ValueError(f"actions are 0 (up) and 1 (down), got {np.unique(actions).tolist()}")
    return ALE_ACTIONS[actions]


def random_policy(observations: Any) -> np.ndarray:
    """A policy that knows nothing: logits of zero for every action, float32 (B, 2)."""
    return np.zeros((len(observations), len(PONG_ACTIONS)), np.float32)


def play_pong(
    policy: Callable[[np.ndarray], Any],
    n_games: int = 20,
    *,
    sticky: float = 0.0,
    seed: int = 1000,
    greedy: bool = False,
    threads: int = 2,
) -> np.ndarray:
    """Play `n_games` whole games, side by side.

    Args:
        policy: observations uint8 (B, 32, 40, 2) → logits (B, 2), or (logits, value): a network,
            `random_policy`, or one from `load_pong_policy`.
        n_games: how many games.
        sticky: the probability that a frame repeats the previous action. Play in the setting that
            was trained in.
        seed: of the games and of the draws. Training uses other games.
        greedy: take the likelier action instead of drawing from the probabilities.
        threads: emulators that run at the same time.

    Returns:
        The returns of the games, float (n_games,), each from −21 to +21.
    """
    games = PongGames(n_games, sticky=sticky, seed=seed, threads=threads)
    rng = np.random.default_rng(seed)
    logits_of = logits_function(policy)
    returns, playing = np.zeros(n_games), np.ones(n_games, bool)
    observations = games.reset()
    try:
        # A game that is over starts anew; what it then scores does not count.
        while playing.any():
            actions = _choose(logits_of(observations), rng, greedy)
            observations, rewards, over = games.step(actions)
            returns += rewards * playing
            playing &= ~over
    finally:
        games.close()
    return returns


def logits_function(policy: Callable[[np.ndarray], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """A policy as a function from observations to NumPy logits (B, A).

    A Keras model is compiled for speed.
    """
    if hasattr(policy, "trainable_variables"):
        network = compile_network(policy, xla=False)
        return lambda observations: network(observations)[0]

    def logits_of(observations: np.ndarray) -> np.ndarray:
        output = policy(observations)
        pair = isinstance(output, (tuple, list)) and len(output) == 2 and np.ndim(output[0]) == 2
        return np.asarray(output[0] if pair else output)

    return logits_of


def _choose(logits: np.ndarray, rng: np.random.Generator, greedy: bool) -> np.ndarray:
    """Actions (B,) drawn from softmax(logits), (B, A): Gumbel noise is added, the largest taken."""
    noise = 0.0 if greedy else rng.gumbel(size=logits.shape)
    return np.argmax(logits + noise, axis=1)


@dataclass(frozen=True)
class PongFilm:
    """The first T decisions of one game, or the whole game when it was shorter.

    Attributes:
        frames: the screen in colour, uint8 (T, 210, 160, 3), as the agent decides.
        observations: what the agent saw, uint8 (T, 32, 40, 2).
        probabilities: of up and down, float (T, 2).
        actions: what it did, int (T,); 0 is up.
        rewards: what came of it, float32 (T,).
        sticky: the setting.
    """

    frames: np.ndarray
    observations: np.ndarray
    probabilities: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    sticky: float

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def score(self) -> tuple[int, int]:
        """Points of the agent and of the opponent."""
        return int((self.rewards > 0).sum()), int((self.rewards < 0).sum())


def record_pong(
    policy: Callable[[np.ndarray], Any],
    steps: int = 450,
    *,
    sticky: float = 0.0,
    seed: int = 2000,
    greedy: bool = False,
) -> PongFilm:
    """Play one game and film it; `render_video(film.frames, alt="…")` shows the film.

    The game runs twice, in step and from one seed: once as training sees it, and once in colour.

    Args:
        policy, sticky, seed, greedy: as for `play_pong`.
        steps: decisions at most; 15 are one second.
    """
    games, rng = PongGames(1, sticky=sticky, seed=seed, threads=1), np.random.default_rng(seed)
    screen = _make_env(1, sticky, 1, img_height=210, img_width=160, stack_num=1, grayscale=False)
    logits_of, rows = logits_function(policy), []
    observation = games.reset()
    picture, _ = screen.reset(seed=_first_seed(seed, 1))
    try:
        for _ in range(steps):
            logits = np.asarray(logits_of(observation), np.float64)
            action = _choose(logits, rng, greedy)
            before = picture[0, 0].copy(), observation[0], _softmax(logits[0]), int(action[0])
            observation, reward, over = games.step(action)
            picture, *_ = screen.step(_ale_actions(action, 1))
            rows.append((*before, reward[0]))
            if over[0]:
                break
    finally:
        games.close()
        screen.close()
    columns = zip(*rows, strict=True)
    frames, observations, probabilities, actions, rewards = map(np.stack, columns)
    return PongFilm(frames, observations, probabilities, actions, rewards, sticky)


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max())
    return odds / odds.sum()
