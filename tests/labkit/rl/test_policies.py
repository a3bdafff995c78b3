"""A trained policy as plain arrays, and the ones that come with the course."""

from __future__ import annotations

import json

import numpy as np
import pytest

from labkit.rl.policies import POLICIES, load_pong_policy, read_policy, save_pong_policy
from labkit.rl.pong import PongGames

SHAPES = [(8, 8, 2, 4), (4,), (252, 16), (16,), (16, 2), (2,), (16, 1), (1,)]
SETTINGS = {"offset": 87.0, "scale": 60.0, "stride": 4}


def some_weights(shapes=SHAPES) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.normal(0, 0.1, shape).astype(np.float16).astype(np.float32) for shape in shapes]


def some_observations(count: int = 5) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, 32, 40, 2)).astype(np.uint8)


def test_it_computes_what_keras_computes(tmp_path):
    """Logits and values agree with the same network in Keras, to float32's rounding."""
    import keras

    pixels = keras.Input((32, 40, 2))
    x = keras.layers.Rescaling(1 / 60, -87 / 60)(pixels)
    x = keras.layers.Conv2D(4, 8, 4, activation="relu")(x)
    x = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(x))
    model = keras.Model(pixels, [keras.layers.Dense(2)(x), keras.layers.Dense(1)(x)])
    model.set_weights(some_weights())
    policy = save_pong_policy(tmp_path / "policy.npz", some_weights(), record={}, **SETTINGS)
    logits, values = policy(some_observations())
    expected = [np.asarray(part) for part in model(some_observations().astype(np.float32))]
    np.testing.assert_allclose(logits, expected[0], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(values, expected[1][:, 0], rtol=1e-4, atol=1e-4)


def test_it_is_saved_as_plain_arrays(tmp_path):
    """No pickles; the record comes back as it was; the weights in half precision."""
    path, record = tmp_path / "policy.npz", {"seed": 3, "command": "train", "score": 1.5}
    save_pong_policy(path, some_weights(), record=record, **SETTINGS)
    with np.load(path, allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} == {"f", "U"}
        assert json.loads(str(file["description"]))["stride"] == 4
    policy = read_policy(path)
    assert policy.record == record
    for got, expected in zip(policy.weights.values(), some_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("change", [(0, (8, 8, 2)), (1, (5,)), (4, (15, 2)), (7, (2,))])
def test_arrays_that_do_not_fit_are_refused(tmp_path, change):
    """A wrong rank, a bias of another length, a head that does not stand on the hidden layer."""
    shapes = list(SHAPES)
    shapes[change[0]] = change[1]
    with pytest.raises(ValueError, match=r"expected the arrays|bias|hidden"):
        save_pong_policy(tmp_path / "policy.npz", some_weights(shapes), record={}, **SETTINGS)


def test_unknown_setting():
    """There are policies for two settings of sticky actions."""
    with pytest.raises(ValueError, match=r"0\.25"):
        load_pong_policy(0.5)


@pytest.mark.parametrize("sticky", sorted(POLICIES))
def test_the_policies_of_the_course(sticky):
    """They say how they were trained, and in the setting they were trained in they play better than
    chance."""
    policy = load_pong_policy(sticky)
    assert policy.record["sticky"] == sticky
    assert policy.record["command"].startswith("python solutions/lab3_rl/measure.py --part")
    assert policy.record["steps"] > 0
    games, rng, points = PongGames(8, sticky=sticky, seed=123), np.random.default_rng(0), []
    observations = games.reset()
    for _ in range(300):
        logits = policy(observations)[0]
        observations, rewards, _ = games.step(
            np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
        )
        points += rewards[rewards != 0].tolist()
    assert np.mean(points) > -0.85  # random play: about -0.97
