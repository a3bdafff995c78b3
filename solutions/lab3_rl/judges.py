"""Trusted judges of lab 3: they run in the process that decides marks, where no student code runs.

A policy comes here as a plain table, the probability of pushing right at the points of a grid over
Cart-Pole's states. No model is loaded and no architecture is assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

POINTS = 13
"""Points of the grid along each axis; closer together in the middle, where a balanced pole is."""

EDGES = (2.4, 3.0, 0.21, 3.5)
"""The largest position, speed, angle and angular speed on the grid, in metres, radians and
seconds."""

CERTAIN = 1e-6  # a probability nearer to 0 or 1 is taken to be this near


def grid_axes() -> list[np.ndarray]:
    """The four axes of the grid, (POINTS,) each: position, speed, angle, angular speed."""
    even = np.linspace(-1, 1, POINTS)
    denser = np.sign(even) * np.abs(even) ** 1.5
    return [edge * (denser if i % 2 else even) for i, edge in enumerate(EDGES)]


def table_player(table: np.ndarray) -> Any:
    """The policy of a table (POINTS, …, POINTS): observations (B, 4) → logits (B, 2).

    Between the points the log-odds are interpolated linearly, not the probabilities: for a network
    that is nearly linear in its logits this is nearly exact, while the probabilities have steps.
    """
    from scipy.interpolate import RegularGridInterpolator

    p = np.clip(table, CERTAIN, 1 - CERTAIN)
    log_odds = RegularGridInterpolator(grid_axes(), np.log(p / (1 - p)))
    edges = np.array(EDGES)

    def logits(observations: np.ndarray) -> np.ndarray:
        right = log_odds(np.clip(observations, -edges, edges))
        return np.stack([np.zeros_like(right), right], axis=1)

    return logits


def balances(value: Any, at_least: float, episodes: int, seed: int) -> tuple[bool, str]:
    """Whether the policy in the table keeps the pole up for `at_least` steps on average over
    `episodes` episodes."""
    from labkit.rl.cartpole import play_cartpole

    table = np.asarray(value, float)
    if table.shape != (POINTS**4,):
        return False, "The probabilities of your policy have the wrong shape."
    if not np.isfinite(table).all() or table.min() < 0 or table.max() > 1:
        return False, "The probabilities of your policy are no probabilities."
    mean = play_cartpole(table_player(table.reshape((POINTS,) * 4)), episodes, seed=seed).mean()
    return bool(
        mean >= at_least
    ), f"Your policy keeps the pole up for {mean:.0f} steps on average; more is needed."
