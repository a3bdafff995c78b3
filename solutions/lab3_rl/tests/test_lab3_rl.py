"""Lab 3: its judge, and what its filled notebook shows."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import numpy as np
import pytest

from tests.labs.outputs import outputs

LAB = "lab3_rl"


@pytest.fixture(scope="module")
def judges(course) -> ModuleType:
    """The trusted code beside the solution."""
    path = course.root / "solutions" / LAB / "judges.py"
    spec = importlib.util.spec_from_file_location("lab3_judges", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tabulated(judges: ModuleType, log_odds) -> np.ndarray:
    """The table of a policy given by its log-odds of pushing right, as the hidden test reports
    it."""
    points = np.stack(np.meshgrid(*judges.grid_axes(), indexing="ij"), axis=-1).reshape(-1, 4)
    return 1 / (1 + np.exp(-np.clip(log_odds(points), -30, 30)))


def balance(x: np.ndarray) -> np.ndarray:
    """A good policy, by hand: lean against the pole's fall, and drift back to the middle."""
    return 40 * (0.1 * x[:, 0] + 0.3 * x[:, 1] + 3.0 * x[:, 2] + 1.0 * x[:, 3])


def test_the_judge_tells_good_policies_from_bad_ones(judges):
    """A policy that balances passes; random, constant and inverted ones do not."""
    bars = {"at_least": 350, "episodes": 40, "seed": 5}
    assert judges.balances(tabulated(judges, balance), **bars)[0]
    for bad in (lambda x: 0 * x[:, 0], lambda x: 0 * x[:, 0] + 9, lambda x: -balance(x)):
        passed, message = judges.balances(tabulated(judges, bad), **bars)
        assert not passed
        assert "steps on average" in message


def test_a_table_costs_a_good_policy_nothing(judges):
    """Played from its table, a policy lives about as long as the policy itself."""
    from labkit.rl.cartpole import play_cartpole

    table = tabulated(judges, balance).reshape((judges.POINTS,) * 4)
    itself = play_cartpole(lambda x: np.stack([0 * x[:, 0], balance(x)], axis=1), 40, seed=8).mean()
    assert play_cartpole(judges.table_player(table), 40, seed=8).mean() >= 0.95 * itself


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        0.5,
        np.zeros(5),
        np.full(13**4, np.nan),
        np.full(13**4, 1.5),
        np.zeros((13, 13, 13, 13)),
        [[1], [2, 3]],
    ],
    ids=["nothing", "text", "a number", "short", "nan", "above 1", "shape", "ragged"],
)
def test_the_judge_survives_strange_values(judges, value):
    """What is no table of probabilities fails with a message, or by an exception that the grader
    catches."""
    try:
        passed, message = judges.balances(value, at_least=1, episodes=2, seed=0)
    except (TypeError, ValueError):
        return
    assert not passed
    assert message


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_films_play_in_the_page(run_filled):
    """Four films stand in the page itself: Cart-Pole and Pong, before and after training."""
    pages = outputs(run_filled(LAB), "text/html")
    films = [
        page
        for page in pages
        if "data:video/webm;base64," in page or "data:image/webp;base64," in page
    ]
    assert len(films) == 4
