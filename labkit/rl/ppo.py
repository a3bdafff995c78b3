"""Training a brain at Pong: the loop around the student's `choose_action`, `gae` and `ppo_loss`.

Proximal policy optimisation (Schulman et al. 2017) in rounds: play 64 decisions in each of 16
games, estimate the advantages, then learn four times from the 1,024 decisions, in minibatches of
256. For the advantages an episode is one point, not one game: what happens after a point says
nothing about what was done before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from labkit.rl.pong import PONG_RANDOM_RETURN, PongGames
from labkit.training.live import LiveCurve

__all__ = [
    "PongTraining",
    "Rollout",
    "collect_rollout",
    "compile_brain",
    "compile_update",
    "train_pong",
]

N_GAMES = 16
ROLLOUT = 64  # decisions in each game between two updates
EPOCHS = 4
MINIBATCH = 256
GAMMA, LAM = 0.99, 0.95
VALUE_WEIGHT = 0.5
LEARNING_RATE, LAST_LEARNING_RATE = 1e-3, 5e-5  # falls linearly in the second half
ENTROPY_WEIGHT, LAST_ENTROPY_WEIGHT = 0.02, 0.0  # so does this
AVERAGED = 50  # updates: the mean of the weights after them is what the brain ends with
WORTH_XLA = 60  # seconds: shorter trainings are over before its compilation has paid
WINDOW = 20  # games: their mean return is the number on the curve


@dataclass
class Rollout:
    """T decisions in each of B games.

    observations uint8 (T, B, 32, 40, 2); actions int (T, B); log_probs of these actions, rewards,
    values float32 (T, B); dones (T, B) bool, where a point was scored or a game ended; last_value
    (B,), the value of what follows; returns: the results of the games that ended meanwhile.
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
            doubt.
        weights: what the brain ends with: the moving average of its weights over about the last 50
            updates. Single updates make a policy better or worse by chance, and on average these
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


def compile_brain(
    brain: Any, xla: bool = True
) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The brain as a fast function: observations uint8 (B, 32, 40, 2) → NumPy logits (B, A) and
    values (B,).

    To compile with `xla` takes seconds, and pays for whoever plays for minutes.
    """
    import tensorflow as tf

    compiled = _Compiled(lambda observations: brain(observations, training=False), xla)

    def run(observations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, values = compiled(tf.convert_to_tensor(observations))
        return np.asarray(logits), np.asarray(values)

    return run


class _Compiled:
    """A function compiled by XLA, if wanted; else by TensorFlow alone; where neither can, as it is,
    and a line says so.

    Which one it is shows at the first call: a brain or a loss may use what a compiler does not
    know.
    """

    def __init__(self, function: Callable[..., Any], xla: bool) -> None:
        self._function = function
        self._ways = (True, False) if xla else (False,)
        self._chosen: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        return self._chosen(*args) if self._chosen else self._first(*args)

    def _first(self, *args: Any) -> Any:
        import tensorflow as tf

        reason = ""
        for jit in self._ways:
            candidate = tf.function(self._function, jit_compile=jit, autograph=False)
            try:
                result = candidate(*args)
            # whatever it is: the plain function shows it without the machinery around it
            except Exception as error:
                reason = str(error).strip().partition("\n")[0]
            else:
                self._chosen = candidate
                return result
        result = self._function(*args)
        self._chosen = self._function
        print(f"Not compiled, and therefore slow: {reason}")
        return result


def compile_update(
    brain: Any, optimizer: Any, ppo_loss: Callable[..., Any], clip: float = 0.2, xla: bool = True
) -> Callable[..., float]:
    """One gradient step as a fast function of (observations, actions, old_log_probs, advantages,
    returns, weight).

    All but the last have the minibatch as their first axis. The loss is ppo_loss + ½ · mean (return
    − value)² − weight
    · entropy; advantages are brought to zero mean and unit deviation first.
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
        advantages = (advantages - tf.reduce_mean(advantages)) / (
            tf.math.reduce_std(advantages) + 1e-8
        )
        with tf.GradientTape() as tape:
            logits, values = brain(observations, training=True)
            log_probs = tf.nn.log_softmax(logits)
            entropy = -tf.reduce_mean(tf.reduce_sum(tf.exp(log_probs) * log_probs, axis=-1))
            taken = tf.reduce_sum(log_probs * tf.one_hot(actions, log_probs.shape[-1]), axis=-1)
            policy_loss = tf.cast(ppo_loss(taken, old_log_probs, advantages, clip), tf.float32)
            value_loss = tf.reduce_mean(tf.square(returns - values))
            loss = policy_loss + VALUE_WEIGHT * value_loss - weight * entropy
        gradients = tape.gradient(loss, brain.trainable_variables)
        optimizer.apply_gradients(zip(gradients, brain.trainable_variables, strict=True))
        return loss

    return _Compiled(update, xla)


def collect_rollout(
    games: PongGames,
    observations: np.ndarray,
    brain: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    choose_action: Callable[..., Any],
    rng: np.random.Generator,
    scores: np.ndarray,
    length: int = ROLLOUT,
) -> tuple[Rollout, np.ndarray]:
    """Plays `length` decisions in every game.

    Args:
        games: B games, of which `observations` (B, 32, 40, 2) shows the state.
        brain: from `compile_brain`.
        choose_action: (logits (B, A), rng) → integers (B,).
        scores: (B,), points so far in the running games; kept up to date in place.

    Returns:
        The rollout, and the observations that follow.
    """
    rows, finished = [], []
    for _ in range(length):
        logits, values = brain(observations)
        actions = np.asarray(choose_action(logits, rng)).astype(np.int64)
        taken = _log_softmax(logits)[np.arange(len(actions)), actions]
        following, rewards, over = games.step(actions)
        rows.append((observations, actions, taken, rewards, values, over | (rewards != 0)))
        observations = following
        scores += rewards
        finished += scores[over].tolist()
        scores[over] = 0
    seen, actions, log_probs, rewards, values, dones = (
        np.stack(column) for column in zip(*rows, strict=True)
    )
    last_value = brain(observations)[1]
    return Rollout(
        seen, actions, log_probs, rewards, values, dones, last_value, finished
    ), observations


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def train_pong(
    brain: Any,
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
    """Trains `brain` at Pong while a live curve shows the mean return beside that of random play.

    Ends after `steps` decisions or `seconds`, whichever is first, or when the kernel is
    interrupted; nothing is lost, the brain then has the `weights` of the result. Learning rate and
    entropy bonus fall in the second half of what was granted, so what is granted matters, also to a
    training that ends before.

    Args:
        brain: a Keras model, observations uint8 (B, 32, 40, 2) → (logits (B, 2), value (B,)).
        choose_action: (logits (B, 2), rng) → integers (B,), drawn from softmax(logits).
        gae: (rewards, values, last_value, dones, gamma, lam) → advantages (T, B).
        ppo_loss: (new_log_probs, old_log_probs, advantages, clip) → a scalar that gradients flow
            through.
        seed: of games, draws and the order of the minibatches. (The brain's first weights are the
            caller's affair.)
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
    trainer = _Trainer(brain, games, choose_action, gae, ppo_loss, rng, xla=seconds >= WORTH_XLA)
    curve = LiveCurve(
        max(1, steps // (N_GAMES * ROLLOUT)),
        seconds=seconds,
        title=f"Pong, {f'sticky actions {sticky:g}' if sticky else 'no sticky actions'} (a step is 1,024 decisions)",
        loss_name=f"mean return of the last {WINDOW} games",
        baseline=PONG_RANDOM_RETURN,
        baseline_name="random play",
    )
    try:
        with curve:
            for _ in curve:
                training = trainer.round(curve)
                if on_update:
                    on_update(training)
                if stop_at is not None and trainer.recent_full and training.returns[-1] >= stop_at:
                    break
    finally:
        games.close()
        if trainer.training.weights:
            brain.set_weights(trainer.training.weights)
    trainer.training.interrupted = curve.history.interrupted
    return trainer.training


class _Trainer:
    """The state of one training run."""

    def __init__(
        self,
        brain: Any,
        games: PongGames,
        choose_action: Callable[..., Any],
        gae: Callable[..., Any],
        ppo_loss: Callable[..., Any],
        rng: np.random.Generator,
        xla: bool,
    ) -> None:
        import keras

        self.brain, self.games, self.choose_action, self.gae, self.rng = (
            brain,
            games,
            choose_action,
            gae,
            rng,
        )
        self.observations = games.reset()
        _check_brain(brain(self.observations), games)
        self.optimizer = keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-5, global_clipnorm=0.5)
        self.optimizer.build(brain.trainable_variables)
        self.forward = compile_brain(brain, xla)
        self.update = compile_update(brain, self.optimizer, ppo_loss, xla=xla)
        self.scores = np.zeros(games.n_games)
        self.recent: deque[float] = deque(maxlen=WINDOW)
        self.training = PongTraining()

    @property
    def recent_full(self) -> bool:
        return len(self.recent) == WINDOW

    def round(self, curve: LiveCurve) -> PongTraining:
        """One rollout and what is learned from it."""
        late = max(0.0, 2 * curve.progress - 1)
        self.optimizer.learning_rate = (1 - late) * LEARNING_RATE + late * LAST_LEARNING_RATE
        rollout, self.observations = collect_rollout(
            self.games, self.observations, self.forward, self.choose_action, self.rng, self.scores
        )
        self._learn(rollout, (1 - late) * ENTROPY_WEIGHT + late * LAST_ENTROPY_WEIGHT)
        self._record(rollout, curve)
        return self.training

    def _learn(self, rollout: Rollout, entropy_weight: float) -> None:
        advantages = self.gae(
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
        flat = [np.reshape(column, (-1, *column.shape[2:])) for column in columns]
        for _ in range(EPOCHS):
            for part in np.split(
                self.rng.permutation(len(advantages.ravel())), len(flat[0]) // MINIBATCH
            ):
                self.update(*(column[part] for column in flat), np.float32(entropy_weight))

    def _record(self, rollout: Rollout, curve: LiveCurve) -> None:
        training = self.training
        self.recent.extend(rollout.returns)
        mean = float(np.mean(self.recent)) if self.recent else float("nan")
        training.steps.append((curve.step + 1) * rollout.actions.size)
        training.seconds.append(curve.elapsed)
        training.returns.append(mean)
        training.entropy.append(-float(rollout.log_probs.mean()))
        if self.recent:
            curve.add(mean)
        weights, share = self.brain.get_weights(), 1 / min(AVERAGED, len(training.steps))
        average = training.weights or weights
        training.weights = [
            old + share * (new - old) for old, new in zip(average, weights, strict=True)
        ]


def _check_brain(output: Any, games: PongGames) -> None:
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
