"""The training loop: what it hands to the student's functions, what it learns, what survives an
interrupt."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.rl import ppo, rollouts
from labkit.rl.compiling import compile_network
from labkit.rl.pong import PongGames
from labkit.rl.ppo import compile_update, train_pong
from labkit.rl.rollouts import collect_rollout


def small_network():
    """A tiny network with two heads, 8 × 8 convolution and all."""
    import keras

    keras.utils.set_random_seed(0)
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.layers.Rescaling(1 / 60, -87 / 60)(pixels)
    x = keras.layers.Flatten()(keras.layers.Conv2D(4, 8, 8, activation="relu")(x))
    value = keras.layers.Reshape(())(keras.layers.Dense(1)(x))
    return keras.Model(pixels, [keras.layers.Dense(2)(x), value])


def choose_action(logits, rng):
    return np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)


def monte_carlo(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    """Advantages with λ = 1: discounted sums minus values. Right, and not what the lab asks for."""
    following, rows = last_value, []
    for reward, done in zip(rewards[::-1], dones[::-1], strict=True):
        following = reward + gamma * following * (1 - done)
        rows.append(following)
    return np.stack(rows[::-1]) - values


def clipped(new, old, advantages, clip=0.2):
    import tensorflow as tf

    ratio = tf.exp(new - old)
    return -tf.reduce_mean(
        tf.minimum(ratio * advantages, tf.clip_by_value(ratio, 1 - clip, 1 + clip) * advantages)
    )


STUDENT = {"choose_action": choose_action, "gae": monte_carlo, "ppo_loss": clipped}


def test_a_rollout_is_what_was_played():
    """Played again from the same seed with the recorded actions, the games give the recorded
    numbers."""
    games, network, scores = PongGames(3, seed=5), compile_network(small_network()), np.zeros(3)
    rollout, following = collect_rollout(
        games, games.reset(), network, choose_action, np.random.default_rng(0), scores, length=90
    )
    observations = games.reset()
    for t in range(90):
        np.testing.assert_array_equal(rollout.observations[t], observations)
        logits, values = network(observations)
        probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(
            np.exp(rollout.log_probs[t]), probabilities[range(3), rollout.actions[t]], rtol=1e-4
        )
        np.testing.assert_allclose(rollout.values[t], values, rtol=1e-5, atol=1e-6)
        observations, rewards, _ = games.step(rollout.actions[t])
        np.testing.assert_array_equal(rollout.rewards[t], rewards)
    np.testing.assert_array_equal(following, observations)
    np.testing.assert_allclose(rollout.last_value, network(observations)[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(rollout.dones, rollout.rewards != 0)  # an episode is one point
    np.testing.assert_array_equal(scores, rollout.rewards.sum(axis=0))


def test_returns_of_whole_games():
    """A game's return is the sum of its rewards over all rollouts, and the next game starts from
    nothing."""

    class Scripted:
        n_games = 2

        def __init__(self) -> None:
            self.time = 0

        def step(self, actions):
            self.time += 1
            rewards = np.array([1.0, -1.0], np.float32)
            return (
                np.zeros((2, 32, 40, 2), np.uint8),
                rewards,
                np.array([self.time % 3 == 0, self.time == 4]),
            )

    def network(observations):
        return np.zeros((2, 2), np.float32), np.zeros(2, np.float32)

    games, scores, returns = Scripted(), np.zeros(2), []
    for _ in range(2):
        rollout, _ = collect_rollout(
            games,
            np.zeros((2, 32, 40, 2), np.uint8),
            network,
            choose_action,
            np.random.default_rng(0),
            scores,
            length=4,
        )
        returns += rollout.returns
    assert returns == [3, -4, 3]
    assert scores.tolist() == [2, -4]


def test_the_update_raises_the_probability_of_good_actions():
    """Where action 0 was better than expected, it becomes likelier than action 1; values approach
    returns."""
    import keras

    network, rng = small_network(), np.random.default_rng(0)
    observations = rng.integers(60, 120, (256, 32, 40, 2)).astype(np.uint8)
    actions = rng.integers(0, 2, 256).astype(np.int32)
    advantages = np.where(actions == 0, 1.0, -1.0).astype(np.float32)
    returns = np.full(256, 0.7, np.float32)
    optimizer = keras.optimizers.Adam(1e-3)
    optimizer.build(network.trainable_variables)
    logits, values = compile_network(network)(observations)
    old = rollouts._log_softmax(logits)[range(256), actions]
    update = compile_update(network, optimizer, clipped)
    for _ in range(5):
        update(observations, actions, old, advantages, returns, np.float32(0))
    after, values_after = compile_network(network)(observations)
    assert (np.diff(after)[:, 0] < np.diff(logits)[:, 0]).mean() > 0.9
    assert np.abs(values_after - 0.7).mean() < np.abs(values - 0.7).mean()


def test_what_no_compiler_knows_runs_anyway(capsys):
    """A loss that leaves TensorFlow's graph (here by `.numpy()`) still trains, and a line says why
    it is slow."""
    import keras

    seen = []

    def eager_loss(new, old, advantages, clip=0.2):
        seen.append(float(new.numpy()[0]))
        return clipped(new, old, advantages, clip)

    network = small_network()
    optimizer = keras.optimizers.Adam(1e-2)
    optimizer.build(network.trainable_variables)
    update = compile_update(network, optimizer, eager_loss)
    ones = np.ones(8, np.float32)
    before = network.get_weights()
    for _ in range(2):
        update(
            np.full((8, 32, 40, 2), 100, np.uint8),
            np.zeros(8, np.int32),
            -ones,
            np.arange(8.0, dtype="f"),
            ones,
            ones[0],
        )
    assert len(seen) == 2
    assert capsys.readouterr().out.count("Not compiled") == 1
    assert any((a != b).any() for a, b in zip(before, network.get_weights(), strict=True))


def test_a_bonus_for_entropy_keeps_the_dice_alive():
    """With nothing to win or lose, the bonus alone brings the probabilities nearer to one half."""
    import keras

    network, ones = small_network(), np.ones(64, np.float32)
    observations = np.random.default_rng(0).integers(0, 255, (64, 32, 40, 2)).astype(np.uint8)
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(network.trainable_variables)
    logits, values = compile_network(network)(observations)
    old = rollouts._log_softmax(logits)[:, 0]
    update = compile_update(network, optimizer, clipped)
    for _ in range(20):
        update(observations, np.zeros(64, np.int32), old, 0 * ones, values, np.float32(1))
    after, _ = compile_network(network)(observations)
    assert np.abs(np.diff(after)).mean() < 0.8 * np.abs(np.diff(logits)).mean()


def test_training_reports_and_ends_with_the_average(monkeypatch, capsys):
    """Steps, time and returns for every update; the network ends with the moving average of its
    weights."""
    monkeypatch.setattr(ppo, "AVERAGED", 2)
    weights, network = [], small_network()

    def watch(training):
        weights.append(network.get_weights())

    training = train_pong(network, **STUDENT, steps=3 * 1024, on_update=watch)
    assert (
        len(training.steps)
        == len(training.seconds)
        == len(training.returns)
        == len(training.entropy)
        == 3
    )
    assert training.steps == [1024, 2048, 3072]
    for number, got in enumerate(network.get_weights()):
        first, second, third = (after[number] for after in weights)
        np.testing.assert_allclose(got, first / 4 + second / 4 + third / 2, rtol=1e-5, atol=1e-7)
        np.testing.assert_array_equal(got, training.weights[number])
    assert any((a != b).any() for a, b in zip(weights[1], weights[2], strict=True))
    assert "random play" in capsys.readouterr().out


def test_learning_rate_and_bonus_fall_in_the_second_half(monkeypatch, capsys):
    """Both stay as they are until half of the decisions are played, and fall evenly from there."""
    seen = []
    original = ppo._Trainer._learn

    def learn(self, rollout, entropy_weight):
        seen.append((float(self.optimizer.learning_rate), entropy_weight))
        original(self, rollout, entropy_weight)

    monkeypatch.setattr(ppo._Trainer, "_learn", learn)
    train_pong(small_network(), **STUDENT, steps=4 * 1024, seconds=1e6)
    highest, lowest = ppo.LEARNING_RATE, ppo.LAST_LEARNING_RATE
    assert [rate for rate, _ in seen] == pytest.approx(
        [highest] * 3 + [(highest + lowest) / 2], rel=1e-5
    )
    weights = [ppo.ENTROPY_WEIGHT] * 3 + [(ppo.ENTROPY_WEIGHT + ppo.LAST_ENTROPY_WEIGHT) / 2]
    assert [weight for _, weight in seen] == pytest.approx(weights)


def test_an_interrupt_loses_nothing(capsys):
    """Interrupting the kernel ends the training with what was learned; nothing is raised."""

    def stop(training):
        if len(training.steps) == 2:
            raise KeyboardInterrupt

    network = small_network()
    before = network.get_weights()
    training = train_pong(network, **STUDENT, steps=10 * 1024, on_update=stop)
    assert training.interrupted
    assert len(training.steps) == 2
    assert any((a != b).any() for a, b in zip(before, network.get_weights(), strict=True))
    assert "Interrupted" in capsys.readouterr().out


def test_it_ends_in_time(capsys):
    """The limit in seconds ends the training after the update that passes it."""
    training = train_pong(small_network(), **STUDENT, steps=10**9, seconds=0.01)
    assert len(training.steps) == 1


@pytest.mark.parametrize(
    ("function", "replacement", "message"),
    [("gae", lambda r, v, *others: v[0], "gae must return shape")],
)
def test_wrong_shapes_are_named(function, replacement, message):
    """A student's function of the wrong shape is named, with what was expected."""
    with pytest.raises(ValueError, match=message):
        train_pong(small_network(), **(STUDENT | {function: replacement}), steps=1024)


def test_a_network_needs_two_heads():
    """Logits alone, or values (B, 1), are named before an hour is lost."""
    import keras

    network = small_network()
    with pytest.raises(ValueError, match="logits, value"):
        train_pong(keras.Model(network.inputs, network.outputs[0]), **STUDENT, steps=1024)
    wide = keras.Model(
        network.inputs, [network.outputs[0], keras.layers.Reshape((1,))(network.outputs[1])]
    )
    with pytest.raises(ValueError, match="value must have shape"):
        train_pong(wide, **STUDENT, steps=1024)
