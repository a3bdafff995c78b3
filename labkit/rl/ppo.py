"""Training a network at Pong: the loop around the student's `choose_action`, `gae` and `ppo_loss`.

Proximal policy optimisation (Schulman et al. 2017) in rounds: play 64 decisions in each of 16
games, estimate the advantages, then learn four times from the 1,024 decisions, in minibatches of
256. For the advantages an episode is one point, not one game: what happens after a point says
nothing about what was done before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from labkit.rl.compiling import Compiled, compile_network
from labkit.rl.pong import PongGames
from labkit.rl.rollouts import (
    N_GAMES,
    WINDOW,
    WORTH_XLA,
    PongTraining,
    Rollout,
    collect_rollout,
    pong_curve,
)
from labkit.training.live import LiveCurve

__all__ = ["compile_update", "train_pong"]

ROLLOUT = 64  # decisions in each game between two updates
DECISIONS = N_GAMES * ROLLOUT  # in all games
EPOCHS = 4
MINIBATCH = 256
GAMMA, LAM = 0.99, 0.95
VALUE_WEIGHT = 0.5
LEARNING_RATE, LAST_LEARNING_RATE = 1e-3, 5e-5  # falls linearly in the second half
ENTROPY_WEIGHT, LAST_ENTROPY_WEIGHT = 0.02, 0.0  # so does this
AVERAGED = 50  # updates: the mean of the weights after them is what the network ends with


class _Functions(NamedTuple):
    """The student's functions; `train_pong` says what they take and return."""

    choose_action: Callable[..., Any]
    gae: Callable[..., Any]
    ppo_loss: Callable[..., Any]


def compile_update(
    network: Any, optimizer: Any, ppo_loss: Callable[..., Any], clip: float = 0.2, xla: bool = True
) -> Callable[..., Any]:
    """One gradient step as a fast function.

    Args:
        network: a Keras model, observations (B, 32, 40, 2) → (logits (B, A), value (B,)).
        optimizer: of Keras, built for the network's weights.
        ppo_loss: as for `train_pong`.
        clip: handed on to it.
        xla: compile with XLA.

    Returns:
        A function of (observations, actions, old_log_probs, advantages, returns, weight) that
        returns the loss, a scalar tensor: ppo_loss + ½ · mean (return − value)² − weight · entropy.
        All but the last have the minibatch as their first axis; advantages are brought to zero mean
        and unit deviation first.
    """
    import tensorflow as tf

    def update(
        observations: Any,
        actions: Any,
        old_log_probs: Any,
        advantages: Any,
        returns: Any,
        weight: Any,
    ) -> Any:
        deviation = tf.math.reduce_std(advantages) + 1e-8
        advantages = (advantages - tf.reduce_mean(advantages)) / deviation
        with tf.GradientTape() as tape:
            logits, values = network(observations, training=True)
            log_probs = tf.nn.log_softmax(logits)
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(log_probs) * log_probs, axis=-1))
            taken = tf.reduce_sum(log_probs * tf.one_hot(actions, log_probs.shape[-1]), axis=-1)
            policy_loss = tf.cast(ppo_loss(taken, old_log_probs, advantages, clip), tf.float32)
            value_loss = tf.reduce_mean(tf.square(returns - values))
            loss = policy_loss + VALUE_WEIGHT * value_loss - weight * entropy
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    return Compiled(update, xla)


def train_pong(
    network: Any,
    *,
    choose_action: Callable[..., Any],
    gae: Callable[..., Any],
    ppo_loss: Callable[..., Any],
    seed: int = 0,
    steps: int = 2_000_000,
    seconds: float = 600,
    sticky: float = 0.0,
    stop_at: float | None = None,
    threads: int = 2,
    on_update: Callable[[PongTraining], Any] | None = None,
) -> PongTraining:
    """Train a network at Pong while a live curve shows the mean return beside that of random play.

    Ends after `steps` decisions or `seconds`, whichever is first, or when the kernel is
    interrupted; nothing is lost, the network then has the `weights` of the result. Learning rate
    and entropy bonus fall in the second half of what was granted, also if it ends before.

    Args:
        network: a Keras model, observations uint8 (B, 32, 40, 2) → (logits (B, 2), value (B,)).
        choose_action: (logits (B, 2), rng) → integers (B,), drawn from softmax(logits).
        gae: (rewards, values, last_value, dones, gamma, lam) → advantages (T, B).
        ppo_loss: (new_log_probs, old_log_probs, advantages, clip) → a differentiable scalar.
        seed: of games, draws and minibatches; the network's first weights are the caller's affair.
        steps: decisions in all, 1,024 for each update.
        seconds: of training, compilation included.
        sticky: the probability that a frame repeats the previous action.
        stop_at: end as soon as the mean return of 20 games is at least this.
        threads: emulators that run at the same time.
        on_update: called after every update with the training so far.

    Raises:
        ValueError: when one of the functions returns something of the wrong shape.
    """
    rng = np.random.default_rng(seed)
    games = PongGames(N_GAMES, sticky=sticky, seed=int(rng.integers(2**31)), threads=threads)
    functions = _Functions(choose_action, gae, ppo_loss)
    trainer = _Trainer(network, games, functions, rng, xla=seconds >= WORTH_XLA)
    return trainer.run(pong_curve(_title(sticky), steps // DECISIONS, seconds), stop_at, on_update)


def _title(sticky: float) -> str:
    setting = f"sticky actions {sticky:g}" if sticky else "no sticky actions"
    return f"Pong, {setting} (a step is {DECISIONS:,} decisions)"


class _Trainer:
    """The state of one training run."""

    def __init__(
        self,
        network: Any,
        games: PongGames,
        functions: _Functions,
        rng: np.random.Generator,
        xla: bool,
    ) -> None:
        import keras

        self.network, self.games, self.functions, self.rng = network, games, functions, rng
        self.observations = games.reset()
        _check_network(network(self.observations), games)
        self.optimizer = keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-5, global_clipnorm=0.5)
        self.optimizer.build(network.trainable_variables)
        self.forward = compile_network(network, xla)
        self.update = compile_update(network, self.optimizer, functions.ppo_loss, xla=xla)
        self.scores = np.zeros(games.n_games)
        self.recent: deque[float] = deque(maxlen=WINDOW)
        self.training = PongTraining()

    def run(
        self,
        curve: LiveCurve,
        stop_at: float | None,
        on_update: Callable[[PongTraining], Any] | None,
    ) -> PongTraining:
        """Rounds until the curve ends, or `stop_at` is reached."""
        training = self.training
        try:
            with curve:
                for _ in curve:
                    self.round(curve)
                    if on_update:
                        on_update(training)
                    full = len(self.recent) == WINDOW
                    if stop_at is not None and full and training.returns[-1] >= stop_at:
                        break
        finally:
            # Also after an error or an interrupt: what was learned stays.
            self.games.close()
            if training.weights:
                self.network.set_weights(training.weights)
        training.interrupted = curve.history.interrupted
        return training

    def round(self, curve: LiveCurve) -> None:
        """One rollout and what is learned from it."""
        late = max(0.0, 2 * curve.progress - 1)
        self.optimizer.learning_rate = (1 - late) * LEARNING_RATE + late * LAST_LEARNING_RATE
        rollout, self.observations = collect_rollout(
            self.games,
            self.observations,
            self.forward,
            self.functions.choose_action,
            self.rng,
            self.scores,
            ROLLOUT,
        )
        self._learn(rollout, (1 - late) * ENTROPY_WEIGHT + late * LAST_ENTROPY_WEIGHT)
        self.training.entropy.append(-float(rollout.log_probs.mean()))
        self.training.record(rollout, self.recent, curve)
        self._average()

    def _learn(self, rollout: Rollout, entropy_weight: float) -> None:
        advantages = self.functions.gae(
            rollout.rewards, rollout.values, rollout.last_value, rollout.dones, GAMMA, LAM
        )
        advantages = _checked(advantages, rollout.values.shape, "gae")
        columns = (
            rollout.observations,
            rollout.actions.astype(np.int32),
            rollout.log_probs,
            advantages,
            advantages + rollout.values,
        )
        # Time and games become one axis, from which minibatches are drawn.
        flat = [np.reshape(column, (-1, *column.shape[2:])) for column in columns]
        for _ in range(EPOCHS):
            order = self.rng.permutation(advantages.size)
            for part in np.split(order, advantages.size // MINIBATCH):
                minibatch = [column[part] for column in flat]
                self.update(*minibatch, np.float32(entropy_weight))

    def _average(self) -> None:
        """Move the averaged weights towards those that the network has now."""
        training, now = self.training, self.network.get_weights()
        fraction = 1 / min(AVERAGED, len(training.steps))
        before = training.weights or now
        pairs = zip(before, now, strict=True)
        training.weights = [old + fraction * (new - old) for old, new in pairs]


def _check_network(output: Any, games: PongGames) -> None:
    if not isinstance(output, (tuple, list)) or len(output) != 2:
        raise ValueError(f"the brain must return (logits, value), got {type(output).__name__}")
    expected = {"logits": (games.n_games, games.n_actions), "value": (games.n_games,)}
    for (name, shape), part in zip(expected.items(), output, strict=True):
        if tuple(part.shape) != shape:
            raise ValueError(f"the brain's {name} must have shape {shape}, got {tuple(part.shape)}")


def _checked(values: Any, shape: tuple[int, ...], name: str) -> np.ndarray:
    array = np.asarray(values, np.float32)
    if array.shape != shape:
        raise ValueError(f"{name} must return shape {shape}, got {array.shape}")
    return array
