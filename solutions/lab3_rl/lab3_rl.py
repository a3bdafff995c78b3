# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab 3 · One brain, two worlds: Cart-Pole and Pong
#
# <!-- badges -->
#
# Nobody tells a child how to ride a bicycle, muscle by muscle. It tries, falls, and does more of
# what went well. In this lab a network learns in the same way: **reinforcement learning**. You will
# build one brain and let it live in two worlds. First it balances a pole on a cart. Then it plays
# Pong, from nothing but the pixels on the screen, until it beats the opponent that the game came
# with in 1977.
#
# **After this lab you can**
#
# - say what an agent, an observation, an action, a reward and a return are;
# - derive, write and train a policy gradient (REINFORCE), and say why it is noisy;
# - estimate advantages (GAE) and reuse experience safely (PPO), the two ideas behind most agents of
#   today;
# - judge an agent honestly: over many games, beside random play, in a setting that you name.
#
# **You need** Python and school calculus. No GPU, no account, no key.
#
# **How it works.** The cells with `YOUR CODE HERE` are yours. The cell below each of them checks
# your work and says what was expected, what came and what to try: ✓ is right, ✗ not yet, ○ not
# attempted. Stuck? Every task has three hints to unfold one by one: the idea, the tools, and
# (nearly) the code. The checks are practice. Points come from similar cases that you do not see,
# and a task you leave out costs you that task only.

# %% [markdown]
# ## Setup
#
# Run these cells first. The first one installs the course's library, `labkit`, if it is not there
# yet (in Colab, say).

# %%
# setup: install
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("labkit") is None:
    package = "deep-learning-labs[{topics}] @ git+{repository}@{branch}"
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", package])

# %%
import math
import os

os.environ.setdefault(
    "TF_CPP_MIN_LOG_LEVEL", "2"
)  # TensorFlow likes to talk: warnings and errors will do

import gymnasium as gym
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import display
from labkit import (
    BUDGETS,
    LiveCurve,
    check,
    choose_budget,
    seed_everything,
    show,
    use_labkit_style,
    when_done,
)
from labkit.rl import add_probability_bars, cartpole_diary, cartpole_frames
from labkit.rl import play_cartpole, play_pong, random_policy
from labkit.keras_tools import numpy_copy
from labkit.rl import load_pong_policy, record_pong, train_pong, train_pong_reinforce
from labkit import render_video

use_labkit_style()

# %% [markdown]
# How long the lab computes is decided once, here. The budget `class` suits a laptop with two cores,
# `full` a larger computer, and `quick` gives a first impression in a minute. To change it, set the
# environment variable `LABKIT_BUDGET` before you start, or add `name="quick"` to the call. No other
# cell needs to know.

# %%
settings = {  # quick, class, full
    "cartpole_episodes": (400, 1000, 1000),  # at most so many
    "reinforce_seconds": (2, 75, 300),  # training by REINFORCE at Pong
    "pong_seconds": (4, 420, 1200),  # training by PPO at Pong
    "games": (1, 20, 50),  # for each number that is reported
    "film": (140, 450, 900),  # decisions in a film; half as many, 69 or more, of random play
}
budget = choose_budget(
    {name: {key: row[i] for key, row in settings.items()} for i, name in enumerate(BUDGETS)}
)

# %% [markdown]
# ## Part 1 · A pole on a cart
#
# ### Agent and world
#
# An **agent** lives in a **world** (the field says *environment*). Again and again it gets an
# **observation**, chooses an **action**, and the world answers with a **reward** and the next
# observation. One life, from the beginning to the end, is an **episode**.
#
# ```text
#                  action
#      ┌───────┐ ─────────► ┌───────┐
#      │ agent │            │ world │
#      └───────┘ ◄───────── └───────┘
#             observation, reward
# ```
#
# The first world is Gymnasium's `CartPole-v1`. A pole stands on a cart, held by a hinge:
#
# | | |
# |---|---|
# | observation | position and speed of the cart, angle and angular speed of the pole: 4 numbers |
# | action | 0 pushes the cart to the left, 1 to the right |
# | reward | 1 for every step |
# | the episode ends | when the pole leans more than 12° or the cart leaves the track, or after 500 steps |
#
# So the sum of the rewards is how long the pole stayed up, and 500 is perfect. Every world of
# Gymnasium works by the same two methods, `reset` and `step`. Here somebody pushes at random:


# %% tags=["demo"]
def random_life(world, chance):
    """What is seen in one episode of random pushes."""
    seen, over = [world.reset(seed=4)[0]], False
    while not over:
        observation, _, terminated, truncated, _ = world.step(int(chance.integers(2)))
        seen.append(observation)
        over = terminated or truncated
    return seen


life = random_life(gym.make("CartPole-v1"), seed_everything(0))
print(f"an observation: {life[0].round(3)}; the pole stayed up for {len(life) - 1} steps")
display(
    render_video(
        cartpole_frames(life), alt="A cart is pushed at random; its pole falls.", fps=25, scale=1
    )
)

# %% [markdown]
# ### A brain with two heads
#
# The brain of our agent is a network with a **front end**, which turns the observation into
# features, and two **heads** on top of it:
#
# - the **policy** says how much it would like to do each action: one number per action, the
#   **logits**. They become probabilities by the softmax $p_i = e^{z_i} / \sum_j e^{z_j}$;
# - the **value** is a single number, a guess of how much reward is still to come. It has nothing to
#   do for now. In Part 2 it will be what makes learning fast.
#
# ```text
#                                ┌─► Dense ─► logits  (B, n_actions)
#     observation ─► front end ──┤
#                                └─► Dense ─► value   (B,)
# ```
#
# The front end is exchangeable: two small layers of neurons for the four numbers of Cart-Pole,
# convolutions for the pictures of Pong. The rest of the brain stays the same.
#
# #### TODO 1.1 · `make_brain` (3 points)
#
# Put two heads on any front end.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Features first, then both heads look at the same features. Neither head has an activation: a logit
# may be any number, and so may a value. A Dense layer with one output gives the shape (B, 1), but
# one number per observation is asked for.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# The front end may be a layer that has not yet seen any input, so write a small class: `class
# Brain(keras.Model)`, with the three parts made in `__init__` and used in `call`. `tf.squeeze(x,
# axis=-1)` takes away a last axis of size 1. To begin without prejudice, give the policy head small
# first weights, by `kernel_initializer=keras.initializers.Orthogonal(0.01)`: then all actions are
# about equally likely. The value head learns well from `"orthogonal"`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# class Brain(keras.Model):
#     def __init__(self):
#         super().__init__()
#         self.front_end = front_end
#         self.policy = keras.layers.Dense(...)
#         self.value = keras.layers.Dense(1)
#
#     def call(self, observations):
#         features = self.front_end(observations)
#         return self.policy(...), tf.squeeze(..., axis=-1)
#
# return Brain()
# ```
# </details>


# %% nbgrader={"grade_id": "brain", "solution": true}
def make_brain(front_end, n_actions):
    """A new brain on top of a front end.

    front_end: any Keras layer or model, observations (B, …) → features (B, F); possibly not built
    yet. Returns a keras.Model: observations (B, …) → (logits (B, n_actions), value (B,)). Both
    heads look at the features and may give any number.
    """

    ### BEGIN SOLUTION
    class Brain(keras.Model):
        def __init__(self):
            super().__init__()
            self.front_end = front_end
            small = keras.initializers.Orthogonal(0.01)
            self.policy = keras.layers.Dense(n_actions, kernel_initializer=small)
            self.value = keras.layers.Dense(1, kernel_initializer="orthogonal")

        def call(self, observations):
            features = self.front_end(observations)
            return self.policy(features), tf.squeeze(self.value(features), axis=-1)

    return Brain()
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_brain", "grade": true, "locked": true, "points": 3}
with check("a brain gives logits (B, n_actions) and a value (B,), any numbers") as c:
    x, outputs = np.array([[1.0, 2.0], [-1.0, 0.5]], "float32"), []
    brain, source = make_brain(keras.layers.Dense(8, "tanh"), 3), np.random.default_rng(0)
    c.shape(brain(x)[0], (2, 3), name="logits", hint="One logit for each action.")
    c.shape(
        brain(x)[1], (2,), name="value", hint="One number per observation: tf.squeeze(…, axis=-1)."
    )
    c.shape(brain(x[:1])[1], (1,), name="value of one", hint="axis=-1: squeeze no other axis.")
    for _ in range(20):  # random weights
        brain.set_weights([source.normal(0, 3, w.shape) for w in brain.get_weights()])
        outputs.append([np.append(logits, value) for logits, value in zip(*brain(x), strict=True)])
    for name, part in {"a logit": (0, 1, 2), "a value": (3,)}.items():
        found = np.array(outputs)[..., part]
        c.between(found.max(), 1.1, math.inf, name=f"{name}, at most", hint="No softmax, no tanh.")
        c.between(found.min(), -math.inf, -1.1, name=f"{name}, at least", hint="No relu, please.")
with check("both heads look at the features, and teach the front end") as c:
    front, x = keras.layers.Dense(8, "tanh"), np.array([[1.0, 2.0], [-1.0, 0.5]], "float32")
    brain = make_brain(front, 3)
    brain(x)
    source = np.random.default_rng(1)
    brain.set_weights([source.normal(0, 1, w.shape) for w in brain.get_weights()])
    with tf.GradientTape(persistent=True) as tape:
        logits, value = brain(x)
    c.between(np.ptp(np.asarray(value)), 1e-3, math.inf, name="how much the value differs")
    for name, output in {"logits": logits, "value": value}.items():
        reached = tape.gradient(output, front.trainable_weights)
        c.true(
            all(gradient is not None for gradient in reached),
            f"the {name} has a gradient with respect to the front end",
            name=name,
            hint="Give both heads the features as they are.",
        )
    found = [tape.gradient(part, brain.trainable_weights) for part in (logits, value)]
    pairs = zip(*found, strict=True)
    own = any(by_logits is None and by_value is not None for by_logits, by_value in pairs)
    c.true(own, "weights that only the value depends on", name="the value head", hint="Two layers.")
    front.set_weights([np.zeros(w.shape) for w in front.get_weights()])
    blind = np.asarray(brain(x)[0])
    c.close(blind[0], blind[1], name="logits when the front end sees nothing")
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(31)


def fronts():
    conv = [keras.layers.Conv2D(3, 3), keras.layers.Flatten(), keras.layers.Dense(5)]
    return {
        "a layer": (keras.layers.Dense(7, "tanh"), 2, (4,)),
        "a Sequential": (keras.Sequential(conv), 4, (5, 6, 2)),
        "a layer without weights": (keras.layers.Flatten(), 3, (2, 3)),
    }


def drawn(brain, scale=1.0):
    """Give a brain random weights."""
    brain.set_weights([rng.normal(0, scale, w.shape) for w in brain.get_weights()])


def built(front_end, n_actions, shape):
    """A brain with random weights, and a batch of observations."""
    brain, x = make_brain(front_end, n_actions), rng.normal(size=(6, *shape)).astype("float32")
    brain(x)
    drawn(brain)
    return brain, x


def table(brain, x):
    """Logits and value side by side, (B, n_actions + 1); the value may have any shape here."""
    return np.concatenate([np.reshape(part, (len(x), -1)) for part in brain(x)], axis=1)


with case(
    "shapes, for several front ends",
    hint="logits (B, n_actions), value (B,), also for a batch of one.",
):
    for name, (front_end, _, shape) in fronts().items():
        B, n_actions = rng.integers(3, 40, 2).tolist()
        brain = make_brain(front_end, n_actions)
        logits, value = brain(rng.normal(size=(B, *shape)).astype("float32"))
        one = brain(rng.normal(size=(1, *shape)).astype("float32"))
        probe(f"{name}: shapes", [list(part.shape) for part in (logits, value, *one)])
        probe(f"{name}: a Keras model", isinstance(brain, keras.Model))
with case(
    "both outputs may be any number",
    hint="No activation at the end of a head: neither softmax, relu nor tanh.",
):
    brain, x = built(keras.layers.Dense(7, "tanh"), 3, (4,))
    wide, rows = np.tile(x, (4, 1)) * np.linspace(-2, 2, 24)[:, None], []
    for _ in range(8):  # a hidden layer in a head may be silent for some weights
        drawn(brain, 6.0)
        rows.append(table(brain, wide))
    probe(
        "logits and value",
        np.concatenate(rows),
        compare=evaluate("judges:any_number", columns=4, beyond=1.5),
    )
    drawn(brain, 0.0)
    probe("outputs when all weights are zero", table(brain, x))
with case(
    "both heads look at the front end",
    hint="Is the front end used by both heads, and is it trained?",
):
    for name, (front_end, n_actions, shape) in list(fronts().items())[:2]:
        brain, x = built(front_end, n_actions, shape)
        weights = front_end.trainable_weights
        probe(
            f"{name}: weights of the front end in the brain",
            len({id(w) for w in weights} - {id(w) for w in brain.trainable_weights}),
        )
        sizes = []
        for _ in range(3):  # a hidden layer in a head may be silent for some weights
            drawn(brain)
            with tf.GradientTape(persistent=True) as tape:
                logits, value = brain(x)
                parts = [tf.reduce_sum(logits[:, i]) for i in (0, 1)] + [tf.reduce_sum(value)]
            found = [tape.gradient(part, weights) for part in parts]
            sizes.append([[float(tf.reduce_max(tf.abs(g))) for g in row] for row in found])
        probe(f"{name}: largest gradients", np.max(sizes, axis=0), compare=at_least(1e-6))
        seen = table(brain, x)
        front_end.set_weights([np.zeros(w.shape) for w in front_end.get_weights()])
        blind = table(brain, x)
        probe(f"{name}: differences when the front end is blind", blind - blind[:1], atol=1e-4)
        probe(
            f"{name}: outputs, and outputs when the front end is blind",
            np.stack([seen, blind]),
            compare=evaluate("judges:differ", at_least=1e-3),
        )
with case("every head has weights of its own", hint="Two heads, two layers."):
    brain, x = built(keras.layers.Dense(7, "tanh"), 2, (4,))
    with tf.GradientTape(persistent=True) as tape:
        logits, value = brain(x)
        parts = tf.reduce_sum(logits[:, 0]), tf.reduce_sum(logits[:, 1]), tf.reduce_sum(value)
    moved = [
        {i for i, g in enumerate(tape.gradient(p, brain.trainable_weights)) if g is not None}
        for p in parts
    ]
    alone = [len(moved[0] - moved[2]), len(moved[2] - moved[0])]
    probe("heads with weights that only they have", sum(number > 0 for number in alone))
    probe(
        "two logits and the value",
        np.stack([np.ravel(part) for part in (logits[:, 0], logits[:, 1], value)]),
        compare=evaluate("judges:differ", at_least=1e-4),
    )
with case(
    "one observation does not touch another", hint="Each row of the batch stands for itself."
):
    brain, x = built(keras.layers.Dense(7, "tanh"), 2, (4,))
    single = [table(brain, x[i : i + 1]) for i in range(6)]
    probe(
        "outputs together, and one by one",
        np.stack([table(brain, x), np.concatenate(single)]),
        compare=evaluate("judges:agree", within=1e-4),
    )
with case("every call makes a new brain", hint="Make the heads inside the function."):
    brain, x = built(keras.layers.Dense(3), 2, (4,))
    before = table(brain, x)
    other, _ = built(keras.layers.Dense(3), 2, (4,))
    probe(
        "outputs of the first, before and after the second was made",
        np.stack([before, table(brain, x)]),
        compare=evaluate("judges:agree", within=1e-4),
    )
    probe(
        "outputs of both",
        np.stack([before, table(other, x)]),
        compare=evaluate("judges:differ", at_least=1e-3),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Acting is rolling dice
#
# Why not simply do the action with the largest logit? Because then the agent would do the same
# thing for ever, and never find out that another one is better. So it rolls dice, with the
# probabilities of the policy: what it likes it does often, what it does not like it still tries now
# and then. This is called **exploration**.
#
# Chance comes from a NumPy generator called `rng`, and from nowhere else. Same seed, same life.
#
# #### TODO 1.2 · `choose_action` (3 points)
#
# For each row of a table of logits, draw an action from its softmax.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Softmax along the last axis, then one roll of the dice for every row. Take care that $e^z$ does
# not overflow: the softmax stays the same when you subtract the largest logit of the row first.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `rng.choice(n_actions, p=p)` draws for one row; a list comprehension does it for all. Or all at
# once, by the *Gumbel trick*: add `rng.gumbel(size=logits.shape)` to the logits; the place of the
# largest sum is distributed by the softmax. `np.asarray(logits, float)` works for tensors, too.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# logits = np.asarray(logits, float)
# p = np.exp(logits - logits.max(axis=-1, keepdims=True))
# p = p / ...
# return np.array([rng.choice(..., p=row) for row in p])
# ```
# </details>


# %% nbgrader={"grade_id": "choose_action", "solution": true}
def choose_action(logits, rng):
    """Draw one action per row from softmax(logits).

    logits: an array or a tensor (B, A), whole numbers too; it stays as it is. rng:
    numpy.random.Generator, the only source of chance. Returns integers (B,) from 0 to A − 1.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, float)
    return np.argmax(logits + rng.gumbel(size=logits.shape), axis=-1)  # the Gumbel trick
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_choose_action", "grade": true, "locked": true, "points": 3}
with check("every row has its own dice, loaded by the softmax of its logits") as c:
    p = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    actions = choose_action(np.log(np.tile(p, (1000, 1))), np.random.default_rng(0))
    c.shape(actions, (2000,), hint="One action per row.")
    c.dtype(actions, "int")
    shares = [np.bincount(np.asarray(actions)[row::2], minlength=3) / 1000 for row in (0, 1)]
    c.close(
        shares,
        p,
        atol=0.06,
        name="shares of the actions",
        hint="Draw from the softmax of each row, no argmax.",
    )
    large = tf.constant([[1000.0, 0.0], [0.0, 1000.0]])
    c.equal(choose_action(large, np.random.default_rng(0)), [0, 1], hint="Subtract the largest.")
    rngs, logits = [np.random.default_rng(0) for _ in range(2)], np.zeros((20, 9))
    one, two = (choose_action(logits, rng) for rng in rngs)
    c.equal(one, two, name="the same seed twice", hint="Draw from rng, and from nothing else.")
    c.equal(logits, np.zeros((20, 9)), name="logits afterwards", hint="Change no input in place.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

source = case_rng(32)


def softmax(z):
    p = np.exp(np.asarray(z, float) - np.max(z))
    return np.append(p / p.sum(), 0)


def draws(row, n=500, seed=1, kind=np.asarray):
    actions = choose_action(kind(np.tile(np.asarray(row), (n, 1))), np.random.default_rng(seed))
    return np.asarray(actions).ravel().tolist()


with case("shape and type", hint="Integers of shape (B,), also for a batch of one."):
    for i, (B, A) in enumerate(((1, 2), *source.integers(3, 60, (3, 2)))):
        actions = np.asarray(choose_action(source.normal(size=(B, A)), np.random.default_rng(i)))
        probe(f"table {i}", [list(actions.shape), actions.dtype.kind in "iu"])
    probe("one action only", choose_action(np.zeros((3, 1)), np.random.default_rng(0)))
with case("the softmax", hint="Each action as often as the softmax of its row says."):
    for i, row in enumerate(([0.4, -0.3], [1.0, 0.2, 1.6, 0.5], [-1.5, 0.0, 0.7])):
        probe(f"draws {i}", counts(draws(row, 4000), len(row)), compare=distribution(softmax(row)))
with case(
    "every row its own probabilities",
    hint="Treat the rows one by one: the last axis is the actions.",
):
    rows = np.array([[2.0, 0.0, -1.0], [-1.0, 0.5, 1.5], [0.0, 0.0, 0.0]])
    actions = np.asarray(choose_action(np.tile(rows, (400, 1)), np.random.default_rng(3)))
    for i, row in enumerate(rows):
        probe(f"row {i}", counts(actions[i::3], 3), compare=distribution(softmax(row)))
with case("every row its own dice", hint="Roll the dice for every row, not once for all of them."):
    pairs = np.asarray(choose_action(np.zeros((800, 2)), np.random.default_rng(4))).reshape(400, 2)
    probe(
        "pairs of neighbours",
        counts(2 * pairs[:, 0] + pairs[:, 1], 4),
        compare=distribution([0.25] * 4 + [0]),
    )
    rng = np.random.default_rng(5)
    pairs = [np.asarray(choose_action(np.zeros((2, 2)), rng)) for _ in range(300)]
    probe(
        "pairs",
        counts([2 * a + b for a, b in pairs], 4),
        compare=distribution([0.25] * 4 + [0]),
    )
with case("large logits", hint="Subtract the largest logit of the row before you exponentiate."):
    probe(
        "sure",
        draws([900.0, 0.0, -900.0], 20)
        + draws([-2000.0, -1000.0], 20)
        + draws([0.0, 0.0, 800.0], 20),
    )
    probe("unsure", counts(draws([1000.0, 1001.0]), 2), compare=distribution(softmax([0, 1])))
    mixed = np.array([[-1000.0, 0.0], [0.0, -1000.0]])
    probe("two rows far apart", choose_action(mixed, np.random.default_rng(6)))
with case(
    "tensors and whole numbers, which stay as they are",
    hint="`logits -= …` would change the caller's array.",
):
    probe(
        "tensor",
        counts(draws([0.5, -0.5], kind=lambda x: tf.constant(x, tf.float32)), 2),
        compare=distribution(softmax([0.5, -0.5])),
    )
    whole, floats = np.array([[1, 0, 2]] * 400), source.normal(size=(4, 3))
    probe(
        "whole numbers",
        counts(choose_action(whole, np.random.default_rng(7)), 3),
        compare=distribution(softmax([1, 0, 2])),
    )
    before = floats.copy()
    choose_action(floats, np.random.default_rng(8))
    probe("change of the logits", [floats - before, whole - np.array([1, 0, 2])])
with case(
    "rng decides, and nothing else",
    hint="Draw from the rng that you are given, and from no other source.",
):
    rows = []
    for noise, seed in enumerate((0, 0, 0, 1, 2, 3)):
        stir_chance(noise)
        rows.append(np.array(draws([0.1, 0.2, 0.3, 0.0], 30, seed)))
    probe("differences for the same seed", [rows[1] - rows[0], rows[2] - rows[0]])
    probe("different series", len({row.tobytes() for row in rows}), compare=at_least(4))
    probe(
        "draws",
        counts(np.concatenate(rows[2:]), 4),
        compare=distribution(softmax([0.1, 0.2, 0.3, 0.0])),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Memory
#
# To learn from an episode, the agent must remember it: what it saw, what it did then, and what it
# got for it.
#
# #### TODO 1.3 · `Memory` (2 points)
#
# Three lists that grow together, and can be emptied.
#
# <details><summary>Hint 1 · the idea</summary>
#
# `clear` makes the three lists, `add_to_memory` adds one entry to each, and `len(memory)` says how
# many steps there are.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `self.observations = []` makes a list that belongs to this memory alone; a list written in the
# class itself would be shared by all memories. `.append(…)` adds an entry.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# In `clear`: `self.observations = []`, and two more like it. In `add_to_memory`:
# `self.observations.append(observation)`, and two more like it. In `__len__`: `return len(self.…)`
# </details>


# %% nbgrader={"grade_id": "memory", "solution": true}
class Memory:
    """What happened in one episode: the lists observations, actions and rewards, one entry for each
    step."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Forgets everything: three empty lists."""
        ### BEGIN SOLUTION
        self.observations, self.actions, self.rewards = [], [], []
        ### END SOLUTION

    def add_to_memory(self, observation, action, reward):
        """Remembers one step: the observation, the action taken there, and the reward for it."""
        ### BEGIN SOLUTION
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)
        ### END SOLUTION

    def __len__(self):
        """The number of steps."""
        ### BEGIN SOLUTION
        return len(self.rewards)
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_memory", "grade": true, "locked": true, "points": 2}
with check("a memory grows by one step at a time, and can be emptied") as c:
    memory, other = Memory(), Memory()
    memory.add_to_memory([0.5, 0.1], 1, 2.0)
    memory.add_to_memory([0.6, 0.2], 0, 3.0)
    c.equal(
        (len(memory), len(other)),
        (2, 0),
        name="lengths of two memories",
        hint="Make the lists in clear().",
    )
    c.equal(
        (memory.actions, memory.rewards),
        ([1, 0], [2.0, 3.0]),
        hint="In the order in which they came.",
    )
    memory.add_to_memory([0.7, 0.3], 0, 0.0)
    c.equal(memory.rewards, [2.0, 3.0, 0.0], hint="A reward of 0 is remembered, too.")
    lists = [type(part) is list for part in (memory.observations, memory.actions, memory.rewards)]
    c.true(all(lists), "three Python lists", name="the parts of a memory", hint="`.append(…)`")
    memory.clear()
    c.equal((len(memory), memory.observations), (0, []), hint="Empty again.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(33)


def contents(memory):
    parts = memory.observations, memory.actions, memory.rewards
    return [
        [np.asarray(part, float).tolist() for part in parts],
        [type(part) is list for part in parts],
    ]


with case("three steps", hint="Each list in the order in which the steps came."):
    memory = Memory()
    probe("at the beginning", contents(memory))
    for i in range(3):
        memory.add_to_memory(rng.normal(size=4), int(rng.integers(5)), float(rng.normal()))
        probe(f"after step {i + 1}", contents(memory))
with case(
    "emptied and filled again",
    hint="After clear() there are three empty lists, and everything works.",
):
    memory.clear()
    probe("emptied", contents(memory))
    memory.add_to_memory(rng.normal(size=4), 1, -1.0)
    probe("filled again", contents(memory))
with case("its length", hint="len(memory) is the number of steps: write __len__."):
    counted, lengths = Memory(), []
    for steps in rng.integers(3, 60, 4).tolist():
        for _ in range(steps):
            counted.add_to_memory([0.0], 1, 0.5)
        lengths.append(len(counted))
        counted.clear()
    probe("lengths", [*lengths, len(counted)])
with case("two memories", hint="Every memory has lists of its own."):
    one, two = Memory(), Memory()
    one.add_to_memory(rng.normal(size=2), 0, float(rng.normal()))
    probe("the other one", contents(two))
    two.add_to_memory(rng.normal(size=2), 1, float(rng.normal()))
    one.clear()
    probe("both", [contents(one), contents(two)])
with case("anything can be remembered", hint="Keep what is given as it is."):
    memory, picture = Memory(), rng.integers(0, 256, (4, 3, 2)).astype("uint8")
    memory.add_to_memory(picture, 0, 0)
    memory.add_to_memory(picture, 0, 0)
    probe("pictures", np.stack(memory.observations))
    probe("zeros", [list(memory.actions), list(memory.rewards)])
### END HIDDEN TESTS

# %% [markdown]
# ### One life
#
# Now let the agent live: observe, ask the brain, roll the dice, act, remember, until the episode
# ends. Gymnasium tells two kinds of end apart. *Terminated*: the world says it is over, the pole
# has fallen. *Truncated*: somebody cut it short from outside, after 500 steps. Both are an end, and
# after either the world must not be asked again.
#
# #### TODO 1.4 · `collect_episode` (4 points)
#
# Live one episode and return it as a `Memory`. Remember the observation that the agent saw *before*
# it acted.
#
# <details><summary>Hint 1 · the idea</summary>
#
# A loop of at most `max_steps`: logits for the observation, an action from them, a step, add to the
# memory, stop when it is over, and otherwise go on with the *new* observation.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `env.reset(seed=…)` returns `(observation, info)`; draw its seed by `int(rng.integers(2**31))`.
# The brain wants a batch of floats: `np.asarray(observation, "float32")[None]`. `env.step(action)`
# wants a Python `int`, and returns five things: `observation, reward, terminated, truncated, info`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# memory = Memory()
# observation, _ = env.reset(seed=...)
# for _ in range(max_steps):
#     logits, _ = model(...)
#     action = int(choose_action(..., rng)[0])
#     next_observation, reward, terminated, truncated, _ = env.step(...)
#     memory.add_to_memory(...)
#     if ...:
#         break
#     observation = ...
# return memory
# ```
# </details>


# %% nbgrader={"grade_id": "collect_episode", "solution": true}
def collect_episode(env, model, rng, max_steps):
    """Live one episode.

    env: a Gymnasium environment; it is reset with a seed drawn from rng. model: a brain, float32
    observations (1, …) → (logits (1, A), value (1,)). rng: numpy.random.Generator, the only source
    of chance. max_steps: an integer ≥ 1, the longest episode. Returns a Memory: the observation
    seen before each action, the action (a Python int), the reward for it. Ends when the episode is
    terminated or truncated, or after max_steps.
    """
    ### BEGIN SOLUTION
    memory = Memory()
    observation, _ = env.reset(seed=int(rng.integers(2**31)))
    for _ in range(max_steps):
        logits, _ = model(np.asarray(observation, "float32")[None])
        action = int(choose_action(logits, rng)[0])
        next_observation, reward, terminated, truncated, _ = env.step(action)
        memory.add_to_memory(observation, action, reward)
        if terminated or truncated:
            break
        observation = next_observation
    return memory
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_collect_episode", "grade": true, "locked": true, "points": 4}
with check(
    "an episode goes from `reset` to its end or to max_steps; the same rng gives the same life"
) as c:
    cart, brain = gym.make("CartPole-v1"), make_brain(keras.layers.Dense(4), 2)
    memory = collect_episode(cart, brain, np.random.default_rng(0), 5)
    c.equal(
        [len(memory.observations), len(memory.actions), len(memory.rewards)],
        [5, 5, 5],
        hint="One entry per step.",
    )
    c.between(memory.observations[0], -0.05, 0.05, hint="The observation of reset comes first.")
    moved = np.abs(np.diff(np.array(memory.observations), axis=0)).max(axis=1)
    c.between(moved, 1e-6, math.inf, name="moves", hint="Go on with the new observation.")
    memory, again = (collect_episode(cart, brain, np.random.default_rng(1), 500) for _ in range(2))
    c.between(len(memory), 1, 400, hint="Stop when terminated or truncated is true.")
    c.close(
        again.observations, memory.observations, hint="Seed the reset, and the dice, from rng only."
    )
    short = gym.make("CartPole-v1", max_episode_steps=3)
    memory = collect_episode(short, brain, np.random.default_rng(2), 5)
    c.equal(len(memory), 3, name="steps until truncated", hint="Stop when truncated is true, too.")
with check("actions are drawn, as Python ints; every episode begins elsewhere") as c:
    cart, brain = gym.make("CartPole-v1"), make_brain(keras.layers.Dense(4), 2)
    brain(np.zeros((1, 4), "float32"))
    brain.set_weights([np.zeros(w.shape) for w in brain.get_weights()])  # all actions are alike
    chance = np.random.default_rng(3)
    lives = [collect_episode(cart, brain, chance, 30) for _ in range(3)]
    actions = [action for life in lives for action in life.actions]
    c.equal({type(action).__name__: 1 for action in actions}, {"int": 1}, hint="int(…)")
    c.between(np.mean(actions), 0.1, 0.9, name="share of action 1", hint="Roll the dice.")
    starts = {tuple(np.array(life.observations[0]).tolist()) for life in lives}
    c.equal(len(starts), 3, name="beginnings", hint="Draw the seed of reset from rng.")
### BEGIN HIDDEN TESTS
import gymnasium as gym
import keras
import numpy as np


class World(gym.Env):
    """Shows where it is; the end comes by itself (`ends`) or from outside (`cut`), after so
    many steps."""

    def __init__(self, ends=99, cut=99, dtype="float64", start=None):
        self.observation_space, self.action_space = (
            gym.spaces.Box(-50, 50, (3,)),
            gym.spaces.Discrete(4),
        )
        self.ends, self.cut, self.dtype, self.log = ends, cut, dtype, []
        self.start = start

    def look(self):
        return np.array([self.place, self.t, self.place - self.t]).astype(self.dtype)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.place = 0, int(self.np_random.integers(0, 40))
        if self.start is not None:
            self.place = self.start
        self.log.append(["reset", seed is None])
        return self.look(), {}

    def step(self, action):
        self.log.append([type(action).__name__, int(action)])
        self.t += 1
        self.place += 3 * int(action) - 4
        reward = 0.5 * self.place - self.t
        return self.look(), reward, self.t >= self.ends, self.t >= self.cut, {}


cases, given = case_rng(34), set()


class Noting(keras.Model):
    """A model that notes what kind of numbers it is given, before Keras makes floats of them."""

    def __call__(self, x, **options):
        given.add(np.dtype(getattr(x.dtype, "name", x.dtype)).kind)
        return super().__call__(x, **options)


def brain(scale):
    """Its logits depend on what it sees; with a large scale there is no chance left."""
    seen = keras.Input((3,))
    features = keras.layers.Dense(8, "tanh")(seen)
    outputs = (
        keras.layers.Dense(4)(features),
        keras.layers.Reshape(())(keras.layers.Dense(1)(features)),
    )
    model, rng = Noting(seen, outputs), np.random.default_rng(7)
    shapes = [w.shape for w in model.get_weights()]
    spread = {(3, 8): 0.3, (8,): 0.3, (8, 4): scale, (4,): 0.0, (8, 1): 1.0, (1,): 0.0}
    model.set_weights([rng.normal(0, 1, shape) * spread[shape] for shape in shapes])
    return model


sure, free = brain(400.0), brain(0.0)


def live(world, model, seed=1, max_steps=30):
    return collect_episode(world, model, np.random.default_rng(seed), max_steps)


def story(memory):
    seen = np.array([np.asarray(o, float) for o in memory.observations])
    return {
        "observations": seen - seen[0],
        "actions": list(memory.actions),
        "steps": len(memory),
    }


def pays(memory):
    """What each step should have brought, by the observations before the actions."""
    return [
        0.5 * (o[0] + 3 * a - 4) - o[1] - 1
        for o, a in zip(memory.observations, memory.actions, strict=True)
    ]


with case("it ends when terminated", hint="Stop at terminated, and keep the last step."):
    for i, ends in enumerate((1, int(cases.integers(5, 25)))):
        world = World(ends=ends)
        memory = live(world, free)
        probe(
            f"life {i}: steps, calls",
            [len(memory), len(memory.observations), len(memory.rewards), len(world.log)],
        )
with case(
    "it ends when truncated",
    hint="Stop at truncated as well: after it the world must not be asked again.",
):
    world = World(cut=int(cases.integers(5, 25)))
    memory = live(world, free)
    probe("steps, calls", [len(memory), len(memory.actions), len(world.log)])
with case(
    "it ends after max_steps", hint="At most max_steps steps, even if the episode is not over."
):
    for i, most in enumerate((1, int(cases.integers(5, 25)))):
        world = World(ends=30)
        probe(f"life {i}: steps, calls", [len(live(world, free, max_steps=most)), len(world.log)])
with case(
    "what was seen before each action",
    hint="Remember the observation that led to the action, not the next one.",
):
    memory = live(World(ends=12, start=float(cases.uniform(5, 40))), free, seed=2)
    seen = np.array(memory.observations, float)
    probe("shape, times", [list(seen.shape), seen[:, 1]])
    probe("the first one", seen[0])
    probe("moves that do not fit", np.diff(seen[:, 0]) - (3 * np.array(memory.actions[:-1]) - 4))
    probe("rewards that do not fit", np.array(memory.rewards, float) - pays(memory))
with case(
    "what the brain says is done",
    hint="The logits of the current observation decide, unchanged.",
):
    for i, dtype in enumerate(("float32", "float64")):
        world = World(ends=10, dtype=dtype, start=int(cases.integers(5, 40)))
        memory = live(world, sure, seed=i)
        probe(f"{dtype}: observations", np.array(memory.observations, float))
        probe(f"{dtype}: actions, remembered", [int(action) for action in memory.actions])
with case("observations of whole numbers", hint="Give the brain floats, whatever the world shows."):
    given.clear()
    memory = live(World(ends=8, dtype="int64", start=int(cases.integers(5, 40))), sure, seed=4)
    probe("numbers that are no floats", sorted(given - {"f"}))
    probe("observations", np.array(memory.observations, float))
with case("actions as the world wants them", hint="A Python int, the same that is remembered."):
    world = World(ends=15, start=9)
    memory = live(world, free, seed=5)
    steps = [entry for entry in world.log if entry[0] != "reset"]
    probe("types", sorted({name for name, _ in steps}))
    probe("done but not remembered", np.array([a for _, a in steps]) - np.array(memory.actions))
    probe("actions done", counts([a for _, a in steps], 4), compare=distribution([0.25] * 4 + [0]))
with case(
    "rng decides, and nothing else", hint="Draw the seed of the reset and the actions from rng."
):
    lives, starts = [], set()
    for noise, seed in enumerate((0, 0, 1, 2, 3, 4)):
        stir_chance(noise)
        world = World(ends=9)
        memory = live(world, free, seed)
        lives.append(
            np.array(
                [[*o, a] for o, a in zip(memory.observations, memory.actions, strict=True)],
                float,
            )
        )
        starts.add(float(memory.observations[0][0]))
        probe(f"reset {noise}", [entry for entry in world.log if entry[0] == "reset"])
    probe("differences for the same seed", lives[1] - lives[0])
    probe("different beginnings", len(starts), compare=at_least(3))
    probe("different lives", len({life.tobytes() for life in lives}), compare=at_least(4))
    probe(
        "actions",
        counts(np.concatenate([life[:, -1] for life in lives[1:]]), 4),
        compare=distribution([0.25] * 4 + [0]),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### What was it good for?
#
# In Cart-Pole every step brings the same reward, 1. What makes one push better than another is what
# comes *after* it. So each action is judged by its **return**: all rewards from this step on, where
# a later reward counts a little less,
#
# $$ R_t = r_t + \gamma \, r_{t+1} + \gamma^2 \, r_{t+2} + \dots = \sum_{k \ge 0} \gamma^k \, r_{t+k} $$
#
# Here $r_t$ is the reward of step $t$ and $\gamma$ ("gamma"), between 0 and 1, is the **discount**.
# With $\gamma = 0$ the agent lives for the moment; with $\gamma = 0.95$ a reward that comes 14
# steps later counts half; with $\gamma = 1$ everything to the end counts the same.
#
# #### TODO 1.5 · `discount_rewards` (4 points)
#
# Compute the return of every step.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Read the sum from its end: $R_t = r_t + \gamma R_{t+1}$, and after the last step there is nothing
# more to come. So walk backwards, and carry one number along.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `for t in reversed(range(len(rewards)))`. Prepare the result by `np.zeros(len(rewards))`, which
# holds floats; `np.zeros_like(rewards)` would hold integers if the rewards do, and cut off
# everything behind the decimal point.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# returns, total = np.zeros(len(rewards)), 0.0
# for t in reversed(range(len(rewards))):
#     total = rewards[t] + ...
#     returns[t] = ...
# return returns
# ```
# </details>


# %% nbgrader={"grade_id": "discount_rewards", "solution": true}
def discount_rewards(rewards, gamma=0.95):
    """The return of every step of one episode: R_t = Σ_k gamma^k · r_{t+k}. It is not normalised.

    rewards: T numbers, a list or an array, whole numbers too. gamma: from 0 to 1. Returns floats
    (T,).
    """
    ### BEGIN SOLUTION
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] + gamma * total
        returns[t] = total
    return returns
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_discount_rewards", "grade": true, "locked": true, "points": 4}
with check(
    "a reward counts fully at its own step, and half as much with every step before it"
) as c:
    c.close(
        discount_rewards([0, 0, 8], gamma=0.5),
        [2.0, 4.0, 8.0],
        hint="The past earns from the future.",
    )
    c.close(
        discount_rewards([1, 1, 1], gamma=0.5), [1.75, 1.5, 1.0], hint="R_t = r_t + gamma · R_{t+1}"
    )
    given = np.array([3.0, 1.0])
    c.close(discount_rewards(given, gamma=1.0), [4.0, 1.0])
    c.equal(given, [3.0, 1.0], name="the rewards afterwards", hint="Change no input in place.")
    c.close(discount_rewards([0, 1]), [0.95, 1.0], hint="gamma is 0.95 unless it is given.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(35)
with case("random rewards", hint="Check R_t = r_t + gamma · R_{t+1} by hand for three rewards."):
    for gamma in (0.9, 0.5, 0.99):
        probe(f"gamma = {gamma}", discount_rewards(rng.normal(size=12), gamma))
with case("the gamma that is given by default", hint="gamma=0.95"):
    probe("returns", discount_rewards(rng.normal(size=20)))
with case("gamma 0 and gamma 1", hint="The moment only; and everything to the end."):
    rewards = rng.normal(size=9)
    probe(
        "returns",
        [
            discount_rewards(rewards, 0.0),
            discount_rewards(rewards, 1.0),
            discount_rewards(rewards, 1),
        ],
    )
with case("whole numbers, in a list", hint="The result holds floats, whatever the rewards are."):
    probe("a list", discount_rewards([1, 0, 2, 0, 0, 5], 0.3))
    probe("an array", discount_rewards(np.array([1, 1, 1, 1]), 0.5))
    probe("a list of floats", discount_rewards([float(r) for r in rng.normal(size=5)], gamma=0.7))
with case("one step, and many", hint="An episode may be short or long."):
    probe("one", [discount_rewards([2.5], 0.5), discount_rewards([0.0], 0.5)])
    long = discount_rewards(rng.uniform(0.5, 1.5, 500), 0.99)
    probe("500 steps", np.asarray(long)[[0, 1, 100, 250, 400, 498, 499]])
    probe("length", list(np.shape(long)))
with case("the rewards stay as they are", hint="Write the returns into an array of their own."):
    rewards, listed = rng.normal(size=6), [1.0, 2.0, 3.0]
    probe("returns", [discount_rewards(rewards, 0.8), discount_rewards(listed, 0.8)])
    probe("rewards afterwards", [rewards, listed])
### END HIDDEN TESTS

# %% [markdown]
# ### Compared with what?
#
# In Cart-Pole every return is positive. An agent that did more of everything with a positive return
# would do more of everything. What it needs to know is: was this step better or worse than *usual*?
# The simplest answer is to **normalise** the returns: subtract their mean, and divide by their
# standard deviation $\sigma$, so that learning steps have the same size whatever the rewards are:
#
# $$ \hat R_t = \frac{R_t - \mathrm{mean}(R)}{\sigma(R)}, \qquad
# \sigma(R) = \sqrt{\tfrac{1}{T} \textstyle\sum_t \big(R_t - \mathrm{mean}(R)\big)^2} $$
#
# What is subtracted is called a **baseline**. Remember the word, there will be a question about it.
#
# #### TODO 1.6 · `normalize` (2 points)
#
# Beware of one trap: if all numbers are the same, $\sigma$ is 0. Nothing was better than usual
# then, so the answer is zeros, and not the NaN that 0/0 gives.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Two lines for the formula, and a special case for a standard deviation of 0.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `x.mean()` and `x.std()`. For the trap: many people divide by `x.std() + 1e-8`. Or ask first
# whether `x.max() == x.min()`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `x = np.asarray(x, float)`, then `return (x - …) / (… + 1e-8)`
# </details>


# %% nbgrader={"grade_id": "normalize", "solution": true}
def normalize(x):
    """x with zero mean and unit standard deviation (the one that divides by the number of
    elements).

    x: numbers, a list or an array. Returns floats of the same shape; zeros where all numbers of x
    are the same.
    """
    ### BEGIN SOLUTION
    x = np.asarray(x, float)
    if x.max() == x.min():
        return np.zeros(x.shape)
    return (x - x.mean()) / x.std()
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_normalize", "grade": true, "locked": true, "points": 2}
with check("the mean goes to 0 and the standard deviation to 1") as c:
    c.close(
        normalize([1.0, 3.0]),
        [-1.0, 1.0],
        hint="Subtract the mean, divide by the standard deviation.",
    )
    c.close(normalize(np.array([0, 0, 3, 3, 9])), np.array([-3, -3, 0, 0, 6]) / math.sqrt(54 / 5))
with check("numbers that are all the same become zeros") as c:
    c.close(normalize([2.0, 2.0, 2.0]), [0.0, 0.0, 0.0], hint="The standard deviation is 0 here.")
with check("the numbers that are given stay as they are") as c:
    given = np.array([1.0, 3.0])
    c.close(normalize(given), [-1.0, 1.0])
    c.equal(given, [1.0, 3.0], name="x afterwards", hint="`x -= …` changes the caller's array.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(36)
with case("random numbers", hint="Mean 0, standard deviation 1, with ddof 0."):
    for n, mean, spread in ((2, 0.0, 1.0), (7, 5.0, 3.0), (40, -2.0, 0.4)):
        probe(f"{n} numbers", normalize(rng.normal(mean, spread, n)), rtol=1e-4, atol=1e-5)
with case("far from zero", hint="Subtract the mean first, then divide."):
    probe("large", normalize(1000 + rng.normal(0, 5, 9)), rtol=1e-3, atol=1e-4)
    probe("large spread", normalize(rng.normal(0, 1e4, 9)), rtol=1e-4, atol=1e-5)
with case("all the same", hint="Zeros, and neither NaN nor a warning's infinity."):
    # Numbers whose mean is exact: float32 and a small number in the divisor are right, too.
    for i, x in enumerate(([3.0] * 5, [0.0, 0.0], [0.5] * 8, [-2], np.full(30, 19.25))):
        probe(f"constant {i}", normalize(x), atol=1e-5)
    probe(
        "numbers that differ",
        normalize(rng.normal(3, 2, 9)),
        compare=evaluate("judges:any_number", columns=1, beyond=0.05),
    )
with case("whole numbers and lists", hint="Make floats of them first."):
    probe("an array", normalize(rng.integers(0, 20, 7)), rtol=1e-4, atol=1e-5)
    probe("a list", normalize(rng.integers(0, 20, 5).tolist()), rtol=1e-4, atol=1e-5)
with case("x stays as it is", hint="`x -= …` would change the caller's array."):
    x = rng.normal(2, 3, 6)
    probe("result", normalize(x), rtol=1e-4, atol=1e-5)
    probe("x afterwards", x)
### END HIDDEN TESTS

# %% [markdown]
# ### The policy gradient
#
# Now the heart of it. Let $\pi(a_t)$ be the probability that the policy gave to the action it took
# in step $t$. If the step turned out better than usual, $\hat R_t > 0$, make this probability
# larger; if worse, smaller. The loss that does this when it is made small is
#
# $$ L = -\frac{1}{T} \sum_{t=1}^{T} \hat R_t \, \ln \pi(a_t) $$
#
# It looks like the cross-entropy of a classifier, with the action that was taken as its label. Only
# that every example has a *weight*: the return. Negative weights push away. That is all there is to
# **REINFORCE** (Williams, 1992).
#
# The logarithm is there for a reason. The gradient of $\ln \pi$ is $\frac{\nabla \pi}{\pi}$, so an
# action that is rarely tried is pushed the harder when it is. On average this makes up exactly for
# its being rare: the mean of $R \,\nabla \ln \pi(a)$ over the actions is the gradient of the mean
# return.
#
# #### TODO 1.7 · `policy_loss` (4 points)
#
# Compute the loss from logits, actions and returns. The returns come in as they should be used; do
# not normalise here.
#
# <details><summary>Hint 1 · the idea</summary>
#
# $-\ln \pi(a)$ for every step, times its return, and then the mean.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.nn.sparse_softmax_cross_entropy_with_logits(labels=…, logits=…)` gives $-\ln \pi(a)$ for every
# row, safely also for large logits. Keras' `keras.losses.sparse_categorical_crossentropy(…,
# from_logits=True)` does the same. Returns are often float64, logits float32: `tf.cast(returns,
# tf.float32)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=..., logits=...)
# return tf.reduce_mean(surprise * tf.cast(...))
# ```
# </details>


# %% nbgrader={"grade_id": "policy_loss", "solution": true}
def policy_loss(logits, actions, returns):
    """The loss of REINFORCE: the mean of −ln π(action) · return.

    logits: floats (T, A). actions: integers (T,). returns: numbers (T,), whole ones too.
    Returns a scalar through which gradients can flow to the logits.
    """
    ### BEGIN SOLUTION
    logits = tf.cast(logits, tf.float32)
    surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
    return tf.reduce_mean(surprise * tf.cast(returns, tf.float32))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_policy_loss", "grade": true, "locked": true, "points": 4}
with check("undecided between two actions, a step with return 3 costs 3 · ln 2") as c:
    loss = policy_loss(tf.zeros((1, 2)), np.array([1]), np.array([3.0]))
    c.shape(loss, (), hint="One number.")
    c.close(loss, 3 * math.log(2), hint="Minus the logarithm of the probability, times the return.")
with check("the loss is the mean over the steps, each with its own action and return") as c:
    loss = policy_loss(
        tf.constant([[math.log(3), 0.0], [0.0, 0.0]]), np.array([0, 1]), np.array([2.0, -1.0])
    )
    c.close(
        loss, (2 * math.log(4 / 3) - math.log(2)) / 2, hint="Is it the action taken, and the mean?"
    )
with check("the unlikely action counts, however unlikely, and the loss can teach") as c:
    logits = tf.constant([[200.0, 0.0]])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = policy_loss(logits, np.array([1]), np.array([1.0]))
    c.close(loss, 200.0, hint="−ln π is 200 here: use the logits, no softmax before the logarithm.")
    gradient = tape.gradient(loss, logits)
    c.true(gradient is not None, "a gradient", name="gradient", hint="TensorFlow's functions only.")
    c.close(gradient, [[1.0, -1.0]], name="gradient", atol=1e-4)
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(37)


def batch(T, A, scale=1.0):
    """Logits, actions, and returns that are normalised, as the agent's are."""
    logits = rng.normal(0, scale, (T, A)).astype("float32")
    actions, returns = rng.integers(0, A, T), rng.normal(0, 2, T)
    if T > 1:
        returns = (returns - returns.mean()) / returns.std()
    return logits, actions, returns.astype("float32")


for T, A in ((7, 2), (12, 5), (1, 3)):
    with case(f"{T} steps, {A} actions", hint="The mean of -ln softmax(logits)[action] · return."):
        logits, actions, returns = batch(T, A, 2.0)
        probe("loss", policy_loss(tf.constant(logits), actions, returns))
with case(
    "as many steps as actions",
    hint="Step i goes with action i and return i; nothing else is combined.",
):
    logits, actions, returns = batch(4, 4)
    probe("loss", policy_loss(tf.constant(logits), tf.constant(actions), tf.constant(returns)))
with case("all returns positive", hint="Use the returns as they are; normalising is done before."):
    logits, actions, returns = batch(6, 3)
    probe("loss", policy_loss(tf.constant(logits), actions, np.abs(returns) + 5))
    probe(
        "one return for all",
        policy_loss(tf.constant(logits), actions, np.full(6, 2.5, "float32")),
    )
with case(
    "gradients",
    hint="The loss must be made of TensorFlow operations, and its sign must be right.",
):
    logits, actions, returns = batch(5, 3)
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = policy_loss(logits, actions, returns)
    probe("gradient", tape.gradient(loss, logits))
with case("large logits", hint="Softmax and logarithm in two steps lose digits: use the logits."):
    logits, actions, returns = batch(6, 4)
    logits -= 120 * np.eye(4, dtype="float32")[actions]
    probe("loss", policy_loss(tf.constant(logits), actions, returns))
with case(
    "numbers of other types, which stay as they are",
    hint="Cast the returns to the type of the logits.",
):
    logits, actions, returns = batch(6, 3)
    whole = np.array([1, -2, 3, 0, 5, 2])
    probe(
        "float64",
        policy_loss(tf.constant(logits), actions.astype("int32"), returns.astype("float64")),
    )
    probe("whole numbers", policy_loss(tf.constant(logits), actions, whole))
    probe("arrays", policy_loss(logits, actions, returns))
    probe("afterwards", [logits, actions, returns, whole])
### END HIDDEN TESTS

# %% [markdown]
# #### TODO 1.8 · `train_step` (4 points)
#
# One update of the brain, on one episode: predict, loss, gradients, apply; and return the loss
# *before* the update.
#
# There is a small trap. The loss looks at the logits only, so nothing flows to the value head, and
# the gradients of its weights are `None`. That must not stop you.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Record the prediction and the loss on a tape; ask it for the gradients of all trainable variables;
# leave out the variables that have none.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `logits, _ = model(observations, training=True)` inside `with tf.GradientTape() as tape:`. Then
# `tape.gradient(loss, model.trainable_variables)`, and `optimizer.apply_gradients(pairs)` with a
# list of `(gradient, variable)`. (TensorFlow's `unconnected_gradients="zero"` is no way out: it
# fails for Keras' variables.)
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# with tf.GradientTape() as tape:
#     logits, _ = ...
#     loss = policy_loss(...)
# gradients = tape.gradient(loss, model.trainable_variables)
# pairs = zip(gradients, model.trainable_variables)
# optimizer.apply_gradients([(g, v) for g, v in pairs if ...])
# return loss
# ```
# </details>


# %% nbgrader={"grade_id": "policy_step", "solution": true}
def train_step(model, optimizer, observations, actions, returns):
    """One update of REINFORCE; nothing but the model's trainable variables (and the optimizer)
    changes.

    model: a brain, observations (T, …) → (logits (T, A), value (T,)); it runs in training mode
    here. optimizer: a Keras optimizer. observations: array (T, …). actions: integers (T,). returns:
    numbers (T,). Returns the scalar loss before the update.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        logits, _ = model(observations, training=True)
        loss = policy_loss(logits, actions, returns)
    gradients = tape.gradient(loss, model.trainable_variables)
    pairs = zip(gradients, model.trainable_variables, strict=True)
    optimizer.apply_gradients(
        [(g, v) for g, v in pairs if g is not None]
    )  # the value head has none
    return loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_policy_step", "grade": true, "locked": true, "points": 4}
with check("a step returns the loss before it, and makes the rewarded action likelier") as c:
    brain, optimizer = make_brain(keras.layers.Dense(4), 2), keras.optimizers.SGD(0.1)
    step = np.ones((1, 3), "float32"), np.array([1]), np.array([2.0])
    before = np.asarray(brain(step[0])[0])
    loss = train_step(brain, optimizer, *step)
    c.close(
        loss,
        policy_loss(before, *step[1:]),
        hint="Compute the loss once, before you apply the gradients.",
    )
    c.between(
        np.diff(np.asarray(brain(step[0])[0]) - before),
        1e-6,
        99,
        name="the lead that action 1 has gained",
    )
    c.equal(optimizer.iterations, 1, hint="One call is one update.")
with check("every weight that led to the logits learns, in training mode, and no other") as c:
    norm, dense = keras.layers.BatchNormalization(), keras.layers.Dense(4)
    brain, optimizer = make_brain(keras.Sequential([dense, norm]), 2), keras.optimizers.Adam(0.1)
    x = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [1.0, 0.0, 1.0]], "float32")
    brain(x)
    brain.set_weights([0.1 * np.arange(w.size).reshape(w.shape) + 1 for w in brain.get_weights()])
    kernel, mean = np.array(dense.kernel), np.array(norm.moving_mean)
    train_step(brain, optimizer, x, np.array([1, 0, 1]), np.array([2.0, 1.0, -1.0]))
    c.between(np.abs(dense.kernel - kernel).max(), 1e-6, math.inf, name="change of the front end")
    c.between(
        np.abs(norm.moving_mean - mean).max(),
        1e-6,
        math.inf,
        name="change of the statistics",
        hint="model(…, training=True)",
    )
    plain = make_brain(keras.layers.Flatten(), 2)
    before = np.array(plain(x)[1])
    train_step(plain, keras.optimizers.SGD(0.1), x, np.array([1, 0, 1]), np.array([2.0, 1.0, -1.0]))
    c.close(plain(x)[1], before, name="values afterwards", hint="The loss of the logits, no more.")
with check("returns that are a thousand times larger make a step a thousand times larger") as c:
    changes = []
    for returns in ([2.0, -1.0], [2000.0, -1000.0]):
        plain, x = make_brain(keras.layers.Flatten(), 2), np.eye(2, 3, dtype="float32")
        plain(x)
        plain.set_weights([np.ones(w.shape) for w in plain.get_weights()])
        train_step(plain, keras.optimizers.SGD(0.1), x, np.array([1, 0]), np.array(returns))
        changes.append(np.asarray(plain(x)[0]) - 2)
    c.close(changes[1] / 1000, changes[0], name="changes", hint="Do not clip, do not normalise.")
### BEGIN HIDDEN TESTS
import keras
import numpy as np

rng = case_rng(38)


def made(*middle, d=3, A=3):
    seen = keras.Input((d,))
    features = seen
    for layer in (keras.layers.Dense(5, "tanh"), *middle):
        features = layer(features)
    outputs = (
        keras.layers.Dense(A)(features),
        keras.layers.Reshape(())(keras.layers.Dense(1)(features)),
    )
    model = keras.Model(seen, outputs)
    model.set_weights([rng.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


def batch(T=6, d=3, A=3):
    """Observations, actions, and returns that are normalised, as the agent's are."""
    returns = rng.normal(0, 1.5, T)
    returns = (returns - returns.mean()) / returns.std()
    return (
        rng.normal(size=(T, d)).astype("float32"),
        rng.integers(0, A, T),
        returns.astype("float32"),
    )


with case("the loss that is returned", hint="The loss before the update, computed by policy_loss."):
    model, episode = made(), batch()
    probe(
        "losses",
        [train_step(model, keras.optimizers.SGD(0.5), *episode) for _ in range(3)],
        rtol=1e-3,
    )
with case(
    "the weights after one step",
    hint="Every variable that has a gradient moves along it, once.",
):
    model, episode = made(), batch()
    train_step(model, keras.optimizers.SGD(0.4), *episode)
    probe("weights, the value head's among them", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "returns as they are",
    hint="Normalise nothing here, and do not clip the gradients: large returns make large steps.",
):
    model, (observations, actions, returns) = made(), batch()
    large = 3000 * returns + 2000
    loss = train_step(model, keras.optimizers.SGD(1e-3), observations, actions, large)
    probe("loss", loss, rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-4)
with case(
    "one model after the other, with their optimizers",
    hint="Use the model and optimizer you are given.",
):
    for name in ("SGD with momentum", "Adam"):
        model = made(A=2)
        optimizer = (
            keras.optimizers.Adam(0.05)
            if name == "Adam"
            else keras.optimizers.SGD(0.3, momentum=0.8)
        )
        losses = [train_step(model, optimizer, *batch(4, A=2)) for _ in range(3)]
        probe(f"{name}: losses", losses, rtol=1e-3, atol=1e-5)
        probe(f"{name}: weights", model.get_weights(), rtol=1e-2, atol=1e-4)
with case("training mode", hint="Call the model with training=True."):
    model, episode = made(keras.layers.BatchNormalization()), batch()
    model.set_weights([np.abs(w) for w in model.get_weights()])
    probe("loss", train_step(model, keras.optimizers.SGD(0.1), *episode), rtol=1e-3)
    probe("weights and statistics", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "nothing else changes",
    hint="Frozen layers, the learning rate and the episode stay as they are.",
):
    model, optimizer, episode = (
        made(keras.layers.Dense(4, trainable=False)),
        keras.optimizers.SGD(0.25),
        batch(),
    )
    train_step(model, optimizer, *episode)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
    probe("learning rate, updates", [float(optimizer.learning_rate), int(optimizer.iterations)])
    probe("episode afterwards", list(episode))
with case("a brain that was never called", hint="The brain may get its weights in this very step."):

    class Fresh(keras.Model):
        def __init__(self):
            super().__init__()
            start = [keras.initializers.RandomNormal(stddev=1.0, seed=seed) for seed in (5, 6, 7)]
            self.front, self.policy, self.value = (
                keras.layers.Dense(n, kernel_initializer=s)
                for n, s in zip((4, 2, 1), start, strict=True)
            )

        def call(self, x):
            features = self.front(x)
            return self.policy(features), self.value(features)[:, 0]

    model, episode = Fresh(), batch(A=2)
    probe("loss", train_step(model, keras.optimizers.SGD(0.5), *episode), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ### Learning to balance
#
# Everything is in place: live an episode, compute its returns, normalise them, do one update, and
# begin again with a slightly better brain. After some 200 to 400 lives the pole stays up. Three
# pieces of advice, learned the hard way:
#
# - **Stop when it is solved.** Cart-Pole counts as solved when the mean return of the last 100
#   episodes is at least
#   475. Those who go on often watch it collapse: one unlucky update, and all is forgotten.
# - **Keep the best.** If it collapses before, hand out the weights from when it went best, not the
#   last ones. `weights = brain.get_weights()` keeps them, `brain.set_weights(weights)` brings them
#   back.
# - **Act fast.** An agent asks its brain some 80,000 times, one observation at a time, and calling
#   a Keras model costs 1 to 5 milliseconds, however small it is. `numpy_copy(brain)` is a copy of
#   it in plain NumPy, a hundred times faster: use it in place of the brain where you live an
#   episode. It is frozen, so make a new one for every episode.
#
# #### TODO 1.9 · `train_cartpole` (4 points)
#
# Train a brain for Cart-Pole, from the seed to the best weights. How large the brain is, how it
# learns and how you tell which weights are best is up to you; the hints name settings that work for
# nearly every seed within ten seconds. A training of more than two minutes is stopped.
#
# <details><summary>Hint 1 · the idea</summary>
#
# A loop over at most `max_episodes`. In each: `collect_episode`, `discount_rewards`, `normalize`,
# `train_step`. Note the sum of the rewards. Its mean over the last episodes says how good the brain
# is just now: whenever it is the highest so far, keep the weights. Stop when there are 100 episodes
# and the mean of the last 100 is 475 or more.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `rng = seed_everything(seed)` seeds everything, and gives you the generator. One hidden layer of
# 32 units with `tanh`, `keras.optimizers.Adam(1e-2)` and `gamma=0.99` work well.
# `np.mean(returns[-20:])` is the mean of the last 20. `for _ in LiveCurve(max_episodes,
# loss_name="return"):` draws a live curve of what you `curve.add(…)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# rng, env = seed_everything(seed), gym.make("CartPole-v1")
# brain, optimizer = make_brain(...), keras.optimizers.Adam(...)
# returns, best, weights = [], 0, None
# curve = LiveCurve(max_episodes, loss_name="return", baseline=22, baseline_name="random pushes")
# for _ in curve:
#     memory = collect_episode(env, numpy_copy(brain), rng, 500)
#     returns.append(...)
#     curve.add(...)
#     if np.mean(returns[-20:]) >= best:
#         best, weights = ...
#     if len(returns) >= 100 and ...:
#         break
#     train_step(brain, optimizer, np.array(memory.observations), np.array(memory.actions), ...)
# brain.set_weights(weights)
# return brain
# ```
# </details>


# %% nbgrader={"grade_id": "train_cartpole", "solution": true}
def train_cartpole(seed, max_episodes):
    """Train a brain until Cart-Pole is solved.

    seed: an integer, it decides everything. max_episodes: how many episodes may be begun, ≥ 1. The
    environments come from gym.make("CartPole-v1"). Stops when the mean of the last 100 finished
    returns is at least 475. Returns the best model seen: float32 observations (B, 4) → (logits (B,
    2), value (B,)).
    """
    ### BEGIN SOLUTION
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    curve = LiveCurve(
        max_episodes, loss_name="return", baseline=22.2, baseline_name="random pushes"
    )
    for _ in curve:
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        curve.add(returns[-1])
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = np.asarray(normalize(discount_rewards(memory.rewards, 0.99)), "float32")
        train_step(
            brain,
            optimizer,
            np.array(memory.observations, "float32"),
            np.array(memory.actions),
            goodness,
        )
    brain.set_weights(weights)
    return brain
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_train_cartpole", "grade": true, "locked": true, "points": 4}
with check("ten episodes are ten episodes, and a brain for Cart-Pole comes back") as c:
    with cartpole_diary() as lengths:
        trained = train_cartpole(0, 10)
    c.shape(
        trained(np.zeros((5, 4), "float32"))[0],
        (5, 2),
        name="logits",
        hint="Return the brain itself.",
    )
    c.true(
        len(lengths) in (0, 10),  # 0: in a world that stood there before
        f"10 episodes are begun, and not {len(lengths)}",
        name="max_episodes",
        hint="So many, no more and no fewer, unless it is solved before.",
    )
    c.true(
        len(trained.trainable_variables) > 0,
        "the brain has weights, which training changes",
        name="the brain",
        hint="A rule written by hand learns nothing: train a brain of make_brain.",
    )
### BEGIN HIDDEN TESTS
import contextlib
import copy
import os

import gymnasium as gym
import numpy as np
from gymnasium.envs.classic_control import CartPoleEnv

rng = case_rng(39)
SIDES = np.array([0.8, 0.6])  # which side of a line the cart's position and speed are on
THERE = [0.0, 0.0, 0.4, -2.2]  # seen late, if at all


def seen(chance, n):
    """Observations (n, 4), none of them close to the line."""
    rows = np.zeros((2 * n + 40, 4))
    rows[:, :2] = chance.uniform(-2, 2, (2 * n + 40, 2))
    return rows[np.abs(rows[:, :2] @ SIDES) > 0.4][:n].astype("float32")


class Scripted(CartPoleEnv):
    """Cart-Pole with other physics: a script says what the episode of a number is like.

    script: number → (kind, what pushing right is worth, longest, reward for a step). "life": the
    push must be to the side of the line, or away from it, or life ends. "there": nothing but THERE
    is seen, and pushing left pays. "gift": the reward comes, whatever is done.
    """

    script, begun, returns = None, 0, []

    def look(self, number):
        self.kind, self.way, self.longest, self.reward = self.script(number)
        self.state = THERE if self.kind == "there" else seen(self.np_random, 1)[0]
        return np.array(self.state, "float32")

    def reset(self, *, seed=None, options=None):
        gym.Env.reset(self, seed=seed)
        self.t = self.total = 0
        return self.look(Scripted.begun + 1), {}

    def step(self, action):
        if self.t == 0:
            Scripted.begun += 1
            self.number = Scripted.begun
        self.t += 1
        good = int(action) == int(self.way * (self.state[:2] @ SIDES) > 0) if self.way else True
        reward = self.reward * (1 - int(action)) if self.kind == "there" else self.reward
        over = self.t >= self.longest or (self.kind == "life" and not good)
        self.total += reward
        if over:
            Scripted.returns.append(self.total)
        return self.look(self.number), float(reward), over, False, {}


@contextlib.contextmanager
def registered(script):
    """The scripted world under Cart-Pole's name, with its spec; a world that was made beside the
    student's function is made anew."""
    known, beside = gym.registry["CartPole-v1"], train_cartpole.__globals__
    spec = copy.deepcopy(known)
    spec.entry_point, spec.vector_entry_point = Scripted, None
    Scripted.script, Scripted.begun, Scripted.returns = staticmethod(script), 0, []
    older = {
        name: value
        for name, value in beside.items()
        if isinstance(value, gym.Env) and value.spec is not None and value.spec.id == known.id
    }
    gym.registry[known.id] = spec
    try:
        beside.update({name: gym.make(known.id) for name in older})
        yield
    finally:
        gym.registry[known.id] = known
        beside.update(older)


def logits(model, observations):
    return np.asarray(model(np.asarray(observations, "float32"))[0], float)


def taught(way, lives, script, max_episodes):
    """The model after lives by the rule `way` and what follows in the script, and how many episodes
    too many were begun; slow learners are given six times as many lives."""
    points = seen(np.random.default_rng(5), 200)
    for patience in (1, 6):
        first = patience * lives
        with registered(lambda number: script(way, number, first)):  # noqa: B023
            most = first + max_episodes - lives
            model = train_cartpole(3, most)
        right = way * (points[:, :2] @ SIDES) > 0
        if np.mean(logits(model, points).argmax(axis=1) == right) > 0.9:
            break
    return model, Scripted.begun - most


before = os.environ.get("LABKIT_PLAIN")
os.environ["LABKIT_PLAIN"] = "1"
points, learners = seen(rng, 300), {}
with case(
    "it stops when it is solved",
    hint="Stop as soon as the mean of the last 100 returns is 475 or more.",
):

    def solved(way, number, lives):
        return ("life", way, 20, 10.0) if number <= lives else ("gift", 0, 1, 600.0)

    learners["stop"], _ = taught(1, 40, solved, 165)
    returns = np.array(Scripted.returns)
    means = np.convolve(returns, np.full(100, 0.01), "valid")
    late = len(means) - 1 - int(np.argmax(means >= 475)) if np.any(means >= 475) else -1
    probe("episodes too many, or too few", max(late, 15) - 15 + min(late, 0))
    probe(
        "what it learned before",
        logits(learners["stop"], points).argmax(axis=1),
        compare=accuracy(at_least=0.75, labels=(points[:, :2] @ SIDES > 0).astype(int)),
    )
with case(
    "it gives up after max_episodes, and returns a model that has changed",
    hint="Begin no more than max_episodes, and return a model then, too.",
):
    shown = []
    for most in (1, 9):
        with registered(lambda number: ("gift", 0, 3, float(number))):
            model = train_cartpole(3, most)
        probe(f"{most}: episodes begun", Scripted.begun)
        shown.append(logits(model, points))
    probe("logits, axes", list(shown[0].shape))
    probe(
        "logits after one episode, and after nine",
        np.stack(shown),
        compare=evaluate("judges:differ", at_least=1e-5),
    )
with case("the best model, not the last", hint="Keep the weights from when it went best."):

    def rise_and_fall(way, number, lives):
        """First there is much to win; later little, elsewhere, by pushing left."""
        return ("life", way, 20, 20.0) if number <= lives else ("there", 0, 16, 0.1)

    learners["best"], extra = taught(-1, 40, rise_and_fall, 100)
    probe("episodes begun, more or fewer than max_episodes", extra)
    z = logits(learners["best"], [THERE])[0]
    probe("right, where it learned later", 1 / (1 + np.exp(z[0] - z[1])), compare=at_least(0.05))
    probe(
        "what it did when it went best",
        logits(learners["best"], points).argmax(axis=1),
        compare=accuracy(at_least=0.75, labels=(points[:, :2] @ SIDES < 0).astype(int)),
    )
with case(
    "it learns what the world pays for",
    hint="Train until it goes well: does every episode make the brain a bit better?",
):
    for name, way in (("stop", 1), ("best", -1)):
        probe(
            f"pushes, world {way:+d}",
            logits(learners[name], points).argmax(axis=1),
            compare=accuracy(at_least=0.9, labels=(way * (points[:, :2] @ SIDES) > 0).astype(int)),
        )
os.environ.pop("LABKIT_PLAIN") if before is None else os.environ.update(LABKIT_PLAIN=before)
### END HIDDEN TESTS

# %% [markdown]
# Now for real. The dotted line is what random pushes reach. Then 100 fresh episodes, with and
# without training; one good episode may be luck, a mean over 100 is not.

# %% tags=["demo"]
with when_done(
    "make_brain", "choose_action", "Memory", "collect_episode", "train_step", "train_cartpole"
):
    cart_brain = train_cartpole(seed=1, max_episodes=budget.cartpole_episodes)
    for name, player in {
        "random pushes": random_policy,
        "your agent": numpy_copy(cart_brain),
    }.items():
        steps = play_cartpole(player, 100)
        print(
            f"{name:>14}: {steps.mean():.0f} steps on average (worst {steps.min():.0f}, best {steps.max():.0f})"
        )
    life = collect_episode(gym.make("CartPole-v1"), cart_brain, seed_everything(2), 500)
    display(
        render_video(cartpole_frames(life.observations), alt="The pole stays up.", fps=50, scale=1)
    )

# %% [markdown]
# ## Part 2 · Pong, from pixels
#
# ### The second world
#
# In 1977 Pong was sold for the Atari 2600. The course plays it on the *Arcade Learning Environment*
# (ALE), an emulator that runs thousands of frames per second. Your agent has the right paddle and
# two actions, up and down. The left one is played by the program in the cartridge, which follows
# the ball and is not bad at it. Whoever misses loses a point, and a game ends at 21. Its **return**
# is your points minus the opponent's, from −21 to +21.
#
# This is what random play looks like.

# %% tags=["demo"]
film = record_pong(random_policy, steps=budget.film // 2)
display(
    render_video(film.frames, alt="Pong. The right paddle trembles, and misses nearly every ball.")
)
print(f"points for random play: {film.score[0]}, for the opponent: {film.score[1]}")

# %% [markdown]
# ### What matters in a picture
#
# The screen is a picture of 210 × 160 pixels in colour: 100,800 numbers, nearly all of which say
# nothing. What matters is where the ball and the paddles are. So make it small: cut off the score
# at the top and the edge at the bottom, keep every second row and column and a single colour, and
# paint the background black and everything else white.
#
# #### TODO 2.1 · `preprocess_pong` (3 points)
#
# Rows 34 to 193, every second row and every second column, the red channel. There the background
# has the values 144 (the field) and 109 (the field when the game is waiting), which become 0.
# Everything else becomes 1.
#
# <details><summary>Hint 1 · the idea</summary>
#
# One slice with steps does the cutting, one comparison the painting.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `frame[start:stop:2, ::2, 0]`, where `stop` is *excluded*; with `0:1` instead of `0` the last axis
# stays. Truth values become 0 and 1 by `.astype("float32")`. Do not write into `frame`: it belongs
# to the game.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# small = frame[34:194:2, ..., 0:1]
# return ((small != 144) & (...)).astype("float32")
# ```
# </details>


# %% nbgrader={"grade_id": "pong_preprocess", "solution": true}
def preprocess_pong(frame):
    """What matters in a frame of Pong.

    frame: uint8 (210, 160, 3), red, green, blue. Returns float32 (80, 80, 1): rows 34 to 193, every
    second row and column, by the red channel: 0 where it is 144 or 109 (background), 1 everywhere
    else.
    """
    ### BEGIN SOLUTION
    small = frame[34:194:2, ::2, :1]
    return ((small != 144) & (small != 109)).astype("float32")
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_pong_preprocess", "grade": true, "locked": true, "points": 3}
with check("an object becomes 1, the background 0, and the score is cut off") as c:
    frame = np.full((210, 160, 3), (144, 72, 17), "uint8")
    frame[:30], frame[34, 0], frame[100, 60], frame[100, 80] = 236, 236, 213, (109, 118, 43)
    c.shape(
        preprocess_pong(frame),
        (80, 80, 1),
        hint="160 rows and columns, every second one; keep a last axis of 1.",
    )
    c.dtype(preprocess_pong(frame), "float32")
    c.equal(
        np.argwhere(preprocess_pong(frame) == 1),
        [[0, 0, 0], [33, 30, 0]],
        name="places of ones",
        hint="From row 34.",
    )
with check("dark objects are 1, too, and the frame stays as it is") as c:
    frame = np.full((210, 160, 3), (144, 72, 17), "uint8")
    frame[50, 2] = (92, 186, 92)
    kept = frame.copy()
    c.equal(preprocess_pong(frame)[8, 1, 0], 1, hint="Everything that is not background.")
    c.equal(frame, kept, name="the frame afterwards", hint="Make a new array.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(41)


def screen(values):
    """A screen whose red channel takes these values at random; green and blue mean nothing."""
    frame = rng.integers(1, 256, (210, 160, 3)).astype("uint8")
    frame[..., 0] = rng.choice(values, (210, 160))
    return frame


def report(name, frame):
    small = np.asarray(preprocess_pong(frame))
    probe(f"{name}: picture", small)
    probe(f"{name}: type", [small.dtype.name, list(small.shape)])


with case(
    "a game, whose frame stays as it is",
    hint="Objects are 1, the field is 0, in the red channel; do not paint into the frame.",
):
    frame = np.full((210, 160, 3), (144, 72, 17), "uint8")
    frame[34:60, 16:20], frame[120:136, 140:144], frame[90:94, 77:79] = (
        (213, 130, 74),
        (92, 186, 92),
        236,
    )
    report("objects", frame)
    frame = screen([144, 109, 92])
    before = frame.copy()
    report("some of each", frame)
    probe("changed pixels", np.argwhere(frame != before).shape[0])
with case("both backgrounds", hint="Both values of the background become 0."):
    report("144 and 109 and others", screen([144, 109, 92, 213]))
    report("109 and others", screen([109, 108, 110]))
    report("144 and others", screen([144, 143, 145]))
with case("everything else is 1", hint="Whatever is not background is 1, bright or dark."):
    report("any value", screen(np.arange(1, 256)))
with case("which rows and columns", hint="Rows 34 to 193, every second one; columns 0, 2, 4, …"):
    for row, column in ((33, 0), (34, 0), (35, 1), (192, 158), (193, 159), (194, 80)):
        frame = np.full((210, 160, 3), 144, "uint8")
        frame[row, column] = 236
        probe(f"row {row}, column {column}", float(np.sum(preprocess_pong(frame))))
    report(
        "frame in stripes",
        np.repeat(rng.choice([144, 200], 210), 480).reshape(210, 160, 3).astype("uint8"),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### What moves
#
# A single picture does not tell where the ball is *going*, and an agent that sees one picture at a
# time cannot know. Two pictures can: subtract the earlier from the later one, and only what has
# moved is left, where it was (−1) and where it is now (+1).
#
# #### TODO 2.2 · `frame_difference` (2 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# Current minus previous, in this order.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Bytes (uint8) cannot be negative: 0 − 1 is 255 there. Make floats first, by `np.asarray(…,
# "float32")`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return np.asarray(current, "float32") - …`
# </details>


# %% nbgrader={"grade_id": "pong_change", "solution": true}
def frame_difference(previous, current):
    """current − previous, floats of the same shape.

    previous, current: two preprocessed frames, (80, 80, 1), or any two arrays of one shape; bytes
    work, too.
    """
    ### BEGIN SOLUTION
    return np.asarray(current, "float32") - np.asarray(previous, "float32")
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_pong_change", "grade": true, "locked": true, "points": 2}
with check("+1 where something has appeared, −1 where it was, also for bytes") as c:
    c.close(
        frame_difference(np.array([0.0, 1.0, 1.0]), np.array([1.0, 0.0, 1.0])),
        [1, -1, 0],
        hint="Which one is later?",
    )
    c.close(
        frame_difference(np.array([1], "uint8"), np.array([0], "uint8")),
        [-1.0],
        hint="Make floats first.",
    )
with check("the frames stay as they are") as c:
    previous, current = np.array([1.0, 0.0], "float32"), np.array([0.0, 0.5], "float32")
    c.close(frame_difference(previous, current), [-1.0, 0.5], hint="Subtract, and nothing more.")
    c.equal((previous, current), ([1.0, 0.0], [0.0, 0.5]), hint="Make a new array.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(42)


def frames(shape=(80, 80, 1)):
    return [(rng.random(shape) < 0.3).astype("float32") for _ in range(2)]


def weighed(difference):
    """The sum with random weights, which nobody can write down beforehand."""
    difference = np.asarray(difference)
    return float(np.sum(difference * rng.normal(size=difference.shape)))


with case("two frames, and two that are equal", hint="Current minus previous, element by element."):
    difference = frame_difference(*frames())
    probe("difference", difference)
    probe("weighed", weighed(difference), rtol=1e-3, atol=1e-3)
    probe("floats", np.asarray(difference).dtype.kind)
    one, _ = frames()
    probe("nothing moved", frame_difference(one, one.copy()))
with case("other sizes and numbers", hint="Subtract what is given; do not cut or clip."):
    previous, current = rng.normal(0, 3, (2, 5, 4, 2))
    probe("difference", frame_difference(previous, current), rtol=1e-4, atol=1e-5)
with case("bytes", hint="0 − 1 must be −1, also for uint8."):
    previous, current = rng.integers(0, 256, (2, 6, 6, 1)).astype("uint8")
    probe("difference", frame_difference(previous, current))
with case(
    "the frames stay as they are", hint="`current -= previous` would change the caller's array."
):
    previous, current = rng.normal(size=(2, 4, 4, 1))
    kept = previous.copy(), current.copy()
    difference = frame_difference(previous, current)
    probe("changes", [previous - kept[0], current - kept[1]])
    probe("sizes", np.abs(difference), rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("preprocess_pong", "frame_difference"):
    before, after = (preprocess_pong(frame)[..., 0] for frame in film.frames[[66, 68]])
    pictures = {"the screen": film.frames[66], "what matters": before, "a moment later": after}
    pictures["what moved"] = frame_difference(before, after)
    fig, axes = plt.subplots(1, 4, figsize=(10, 3))
    for ax, (title, picture) in zip(axes, pictures.items(), strict=True):
        ax.imshow(picture, cmap="gray", aspect="auto")
        ax.set(title=title, xticks=[], yticks=[])
    show(
        fig,
        alt="A frame of Pong; black and white, half the size; the next; their difference: ball and paddles only.",
    )

# %% [markdown]
# The emulator can shrink pictures itself, and faster than we can. For training it gives us the last
# two frames as 32 × 40 bytes each, stacked as two *channels*, (32, 40, 2). The network can subtract
# them by itself, if it finds that useful: a weight of +1 for the later frame and −1 for the earlier
# one is all it takes.
#
# ### A point is a point
#
# What happens after a point has nothing to do with what was done before it: the ball begins anew in
# the middle. So the sum of the return must not reach beyond a point. In Pong a reward is 0 nearly
# always, and +1 or −1 exactly when a point is scored.
#
# #### TODO 2.3 · `discount_rewards_pong` (4 points)
#
# As `discount_rewards`, but the sum starts anew at every scored point.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Walking backwards, when you come to a reward that is not 0, forget what you carry along: it
# belongs to the next point.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# One `if` in your loop. The reward itself belongs to its own step and to those before it.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# In the loop, before you add: `if rewards[t] != 0: total = …`
# </details>


# %% nbgrader={"grade_id": "pong_returns", "solution": true}
def discount_rewards_pong(rewards, gamma=0.99):
    """The return of every step, where the sum starts anew at every scored point (a reward that is
    not 0).

    rewards: T numbers, a list or an array. gamma: from 0 to 1. Returns floats (T,), not normalised.
    """
    ### BEGIN SOLUTION
    returns, total = np.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        total = rewards[t] if rewards[t] != 0 else gamma * total
        returns[t] = total
    return returns
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_pong_returns", "grade": true, "locked": true, "points": 4}
with check("a point counts for the steps that led to it, and no further") as c:
    got = discount_rewards_pong([0, 0, 1, 0, -1, 0], gamma=0.5)
    c.close(
        got[:3],
        [0.25, 0.5, 1.0],
        name="the first point",
        hint="What comes after a point does not reach back.",
    )
    c.close(
        got[3:],
        [-0.5, -1.0, 0.0],
        name="the second point",
        hint="It is lost; and then nothing happens.",
    )
    got = discount_rewards_pong([0, -1, 0, -1])
    c.close(got, [-0.99, -1.0, -0.99, -1.0], hint="Lost points end a rally, too; gamma is 0.99.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(43)


def points(T, share=0.2):
    return rng.choice([0.0, 1.0, -1.0], T, p=[1 - share, share / 2, share / 2])


with case("a game", hint="Start anew at every point, won or lost."):
    for gamma in (0.9, 0.5):
        probe(f"gamma = {gamma}", discount_rewards_pong(points(40), gamma))
with case("the gamma that is given by default", hint="gamma=0.99"):
    probe("returns", discount_rewards_pong(points(60, 0.05)))
with case("points one after the other", hint="A point starts anew even right after another."):
    game = np.array([1.0, -1.0, -1.0, 1.0, 1.0, 0.0, -1.0]) * rng.uniform(1, 2, 7)
    probe("returns", discount_rewards_pong(game.tolist(), 0.7))
with case(
    "no point, and one",
    hint="Zeros after the last point; a point counts for all the steps before it.",
):
    point = float(rng.uniform(1, 2))
    probe("none", discount_rewards_pong(np.zeros(5), 0.9))
    probe("the first step", discount_rewards_pong([-point, 0, 0], 0.9))
    probe("the last step", discount_rewards_pong([0, 0, 0, point], 0.9))
    probe("one step", [discount_rewards_pong([point], 0.9), discount_rewards_pong([0.0], 0.9)])
with case("gamma 0 and gamma 1", hint="The points only; and every step with its whole point."):
    game = points(15, 0.3) * rng.uniform(1, 2, 15)
    probe("returns", [discount_rewards_pong(game, 0), discount_rewards_pong(game, 1.0)])
with case("whole numbers, in a list", hint="The result holds floats."):
    probe("returns", discount_rewards_pong([0, 0, -1, *rng.integers(-3, 4, 6).tolist(), 0, 0], 0.3))
    probe("other points", discount_rewards_pong(np.array([0, 5, 0, 0, -2]), 0.3))
with case("the rewards stay as they are", hint="Write the returns into an array of their own."):
    game = points(10, 0.4) * rng.uniform(1, 2, 10)
    before = game.copy()
    returns = discount_rewards_pong(game, 0.8)
    probe("changes", game - before)
    probe("size of the first one", abs(float(returns[0])))
### END HIDDEN TESTS

# %% [markdown]
# ### A front end with eyes
#
# The brain stays as it is. What it needs for Pong is another front end, one that looks at pictures
# with **convolutions**: small filters that slide over the picture and find the same thing wherever
# it is.
#
# #### TODO 2.4 · `make_pong_front_end` (3 points)
#
# Two frames of bytes go in, a vector of features comes out. Bytes go up to 255, and a network likes
# numbers of about unit size, so scale them first. How many filters and layers is up to you; a small
# net is enough, and fast.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Scale, convolve, flatten, one dense layer: a Sequential.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.layers.Rescaling(scale, offset)` computes `x * scale + offset`, also for bytes. The field
# is grey, 87, so `(x - 87) / 60` makes it 0: scale `1 / 60`, offset `-87 / 60`. Then
# `keras.layers.Conv2D(16, 8, strides=4, activation="relu")`, `Flatten()` and `Dense(128,
# activation="relu")`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# return keras.Sequential([
#     keras.layers.Rescaling(1 / 60, ...),
#     keras.layers.Conv2D(...),
#     keras.layers.Flatten(),
#     keras.layers.Dense(...),
# ])
# ```
# </details>


# %% nbgrader={"grade_id": "pong_front_end", "solution": true}
def make_pong_front_end():
    """A new convolutional front end: uint8 (B, 32, 40, 2), two consecutive frames, → features (B,
    F), floats.

    A Keras layer or model. The input is scaled to about unit size first.
    """
    ### BEGIN SOLUTION
    scale = keras.layers.Rescaling(1 / 60, offset=-87 / 60)  # the grey of the field becomes 0
    start = keras.initializers.Orthogonal  # times √2, since relu lets half of the signal pass
    look = keras.layers.Conv2D(
        16, 8, strides=4, activation="relu", kernel_initializer=start(2**0.5)
    )
    think = keras.layers.Dense(128, activation="relu", kernel_initializer=start(2**0.5))
    return keras.Sequential([scale, look, keras.layers.Flatten(), think])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_pong_front_end", "grade": true, "locked": true, "points": 3}
with check("two frames of bytes become features of about unit size, by convolutions") as c:
    front_end, x = (
        make_pong_front_end(),
        np.random.default_rng(0).integers(0, 256, (3, 32, 40, 2)).astype("uint8"),
    )
    c.shape(front_end(x), (3, None), hint="Flatten what the convolutions give.")
    c.between(
        np.std(front_end(x)),
        0.01,
        10,
        name="the size of the features",
        hint="Scale the bytes first.",
    )
    c.between(
        max(len(w.shape) for w in front_end.trainable_weights),
        4,
        4,
        name="axes of the kernel",
        hint="keras.layers.Conv2D, trainable",
    )
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(front_end(x) ** 2)
    first = next(i for i, w in enumerate(front_end.trainable_weights) if len(w.shape) == 4)
    pair = front_end.trainable_weights[first : first + 2]
    if len(pair) == 2 and not np.any(pair[1]):  # a bias: its gradient times what the kernel sees
        by_kernel, by_bias = (np.abs(g).max() for g in tape.gradient(total, pair))
        c.between(by_kernel / by_bias, 0, 40, name="what the kernel sees", hint="Scale the bytes.")
    shared = {id(w) for w in front_end.weights} & {id(w) for w in make_pong_front_end().weights}
    c.equal(len(shared), 0, name="weights shared by two front ends", hint="New layers each time.")
with check("both frames are seen, which is which, and all of the picture") as c:
    front_end, grey = make_pong_front_end(), np.full((4, 32, 40, 2), 87, "uint8")
    grey[0, 8:20, 8:20, 0], grey[1, 8:20, 8:20, 1], grey[2, 10:22, 30:] = 250, 250, 250
    shown = np.asarray(front_end(grey))
    names = "the earlier frame", "the later frame", "the right edge"
    for row, name in enumerate(names):
        seen = np.abs(shown[row] - shown[3]).max()
        c.between(seen, 1e-4, math.inf, name=f"what {name} changes", hint="Leave nothing out.")
    c.between(np.abs(shown[0] - shown[1]).max(), 1e-4, math.inf, name="what their order changes")
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(44)


def screens(B):
    """A grey field with a few bright things on it."""
    return np.where(
        rng.random((B, 32, 40, 2)) < 0.1, rng.integers(120, 256, (B, 32, 40, 2)), 87
    ).astype("uint8")


def features(front_end, x):
    return np.asarray(front_end(x), float)


def drawn(front_end):
    """Give a front end other weights, of about the size that they have."""
    front_end.set_weights(
        [w + rng.normal(0, np.std(w) + 0.02, w.shape) for w in front_end.get_weights()]
    )


def learnable(x):
    """A new front end, and its features for two sets of weights, (2, B, F): what has no weights
    shows the same twice."""
    front_end = make_pong_front_end()
    first = features(front_end, x)
    drawn(front_end)
    return front_end, np.stack([first, features(front_end, x)])


def filters(front_end):
    """The kernel of the first convolution, and its bias if one follows it."""
    weights = front_end.trainable_weights
    places = [i for i, w in enumerate(weights) if len(w.shape) == 4]
    bias = weights[places[0] + 1 : places[0] + 2] if places else []
    fits = bool(bias) and tuple(bias[0].shape) == (weights[places[0]].shape[-1],)
    fits = fits and not np.any(bias[0])  # a factor, such as that of a normalisation, begins with 1
    return (weights[places[0]] if places else None), (bias[0] if fits else None)


def reaching(front_end, level):
    """What the first convolution gets for a pixel of this brightness.

    A kernel's gradient is that of its bias times the pixels under it; here they are all equal.
    """
    kernel, bias = filters(front_end)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(front_end(np.full((1, 32, 40, 2), level, "uint8")) ** 2)
    by_kernel, by_bias = (np.asarray(g) for g in tape.gradient(total, [kernel, bias]))
    chosen = int(np.argmax(np.abs(by_bias)))
    middle = by_kernel[by_kernel.shape[0] // 2, by_kernel.shape[1] // 2, :, chosen]
    return float(np.mean(middle) / by_bias[chosen])


with case("features", hint="Shape (B, F) for every batch size, also 1; floats."):
    four = screens(4)
    front_end, shown = learnable(four)
    one = front_end(four[:1])
    probe("axes, batch", [len(one.shape), int(one.shape[0]), shown.ndim, shown.shape[1]])
    probe("as many features", int(shown.shape[-1]) - int(one.shape[-1]))
    probe("how many", int(shown.shape[-1]), compare=at_least(2))
    probe("kind", np.asarray(one).dtype.kind)
    probe(
        "features for two sets of weights", shown, compare=evaluate("judges:differ", at_least=1e-3)
    )
with case(
    "the input is scaled",
    hint="Are the numbers that reach the first convolution of about unit size?",
):
    noise = rng.integers(0, 256, (8, 32, 40, 2)).astype("uint8")
    _, shown = learnable(noise)
    front_end, size = make_pong_front_end(), np.sqrt(np.mean(shown[0] ** 2))
    front_end(noise[:1])
    probe("size of the features, too small or too large", np.clip(size, 0.004, 12) - size)
    probe(
        "features for two sets of weights", shown, compare=evaluate("judges:differ", at_least=1e-3)
    )
    if filters(front_end)[1] is not None:
        dark, bright = reaching(front_end, 20), reaching(front_end, 250)
        step = abs(bright - dark)
        probe("brightness, too small or too large", np.clip(step, 0.05, 20) - step, atol=1e-4)
        probe("far from zero", max(abs(dark), abs(bright), 20) - 20, atol=1e-4)
    else:
        probe("brightness, too small or too large", 0.0)
        probe("far from zero", 0.0)
with case("convolutions", hint="At least one convolutional layer, whose filters are trained."):
    x = screens(6)
    front_end, shown = learnable(x)
    kernel, _ = filters(front_end)
    probe("smaller than the picture", min(kernel.shape[:2]), compare=at_most(16))
    before = features(front_end, x)
    kernel.assign(rng.normal(0, 0.2, kernel.shape))
    probe(
        "features with other filters",
        np.stack([before, features(front_end, x)]),
        compare=evaluate("judges:differ", at_least=1e-3),
    )
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(front_end(x))
    probe(
        "largest gradient",
        float(tf.reduce_max(tf.abs(tape.gradient(total, kernel)))),
        compare=at_least(1e-6),
    )
with case("both frames count", hint="Look at both channels: only together they show motion."):
    x = screens(6)
    others = [x, x.copy(), x.copy(), x[..., ::-1].copy()]
    for channel in (0, 1):
        others[channel + 1][..., channel] = screens(6)[..., channel]
    front_end, shown = learnable(np.concatenate(others))
    probe(
        "features: both frames, another first, another second, exchanged",
        shown[1].reshape(4, -1),
        compare=evaluate("judges:differ", at_least=1e-3),
    )
    probe(
        "features for two sets of weights", shown, compare=evaluate("judges:differ", at_least=1e-3)
    )
with case(
    "every part of the picture counts",
    hint="Nothing may be cut off: the paddle is at the right edge.",
):
    x = np.full((4, 32, 40, 2), 87, "uint8")
    for number, (top, left) in enumerate(((2, 2), (20, 28), (11, 15))):
        x[number, top : top + 10, left : left + 10] = 250
    front_end, shown = learnable(x)
    probe(
        "features: something at the left, at the right, in the middle, nothing",
        shown[1],
        compare=evaluate("judges:differ", at_least=1e-3),
    )
    probe(
        "features for two sets of weights", shown, compare=evaluate("judges:differ", at_least=1e-3)
    )
with case(
    "each picture for itself, and the same each time",
    hint="No batch statistics, no chance, no memory.",
):
    x = screens(5)
    front_end, shown = learnable(x)
    alone = np.concatenate([features(front_end, x[i : i + 1]) for i in range(5)])
    probe(
        "features together, one by one, and again",
        np.stack([shown[1], alone, features(front_end, x)]),
        compare=evaluate("judges:agree", within=1e-3),
    )
    probe(
        "features for two sets of weights", shown, compare=evaluate("judges:differ", at_least=1e-3)
    )
with case(
    "bytes stay as they are, and every call makes a new front end",
    hint="Make the layers in the function.",
):
    x = screens(2)
    before, one, two = x.copy(), make_pong_front_end(), make_pong_front_end()
    one(x)
    two(x)
    probe("changed bytes", int(np.sum(x != before)))
    probe("shared weights", len({id(w) for w in one.weights} & {id(w) for w in two.weights}))
    probe("a Keras layer", isinstance(one, keras.layers.Layer))
    drawn(two)
    probe(
        "features of both",
        np.stack([features(one, x), features(two, x)]),
        compare=evaluate("judges:differ", at_least=1e-3),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### REINFORCE meets Pong
#
# Let us try what we have: your brain with its new front end, and your `train_step`, on 16 games at
# the same time. Watch the curve; the dotted line is random play.

# %% tags=["demo"]
with when_done(
    "choose_action", "discount_rewards_pong", "normalize", "train_step", "make_pong_front_end"
):
    seed_everything(5)
    parts = (
        make_brain(make_pong_front_end(), 2),
        choose_action,
        discount_rewards_pong,
        normalize,
        train_step,
    )
    reinforce = train_pong_reinforce(
        *parts, learning_rate=1e-3, seed=5, seconds=budget.reinforce_seconds
    )
    print(
        f"{reinforce.steps[-1]:,} decisions; mean return {reinforce.returns[-1]:.1f} (nan: no game has ended yet)"
    )

# %% [markdown]
# It would learn in the end: Andrej Karpathy's well-known program of 2016, which does just this,
# took three nights. But it is wasteful, for two reasons, and each of the two ideas that follow
# takes care of one.
#
# 1. **Blame is smeared.** A lost point makes *every* decision before it a bit less likely, also the
#    good ones. To tell them apart takes very many games.
# 2. **Everything is used once.** After one small update the games are thrown away, because the
#    formula holds for the policy that played them, and that policy is gone.
#
# ### First idea: compared with what was expected
#
# Here the value head wakes up. It learns to predict the return: $V(s_t)$ is what the brain expects
# from the observation $s_t$ on. Then a single step can be judged at once: it was worth its reward
# and what is expected afterwards, and before it we expected $V(s_t)$. The difference is the
# **surprise** of the step:
#
# $$ \delta_t = r_t + \gamma \, (1 - d_t) \, V(s_{t+1}) - V(s_t) $$
#
# Here $d_t$ ("done") is 1 if step $t$ ended its episode, else 0: after the end there is nothing to
# expect. If the value head were perfect, $\delta_t$ would be all we need. It is not, so we also
# listen to the surprises that follow, each counting less by a factor $\gamma\lambda$, until the
# episode ends:
#
# $$ A_t = \delta_t + \gamma \lambda \, (1 - d_t) \, A_{t+1} $$
#
# This is **generalised advantage estimation** (GAE; Schulman and others, 2015). $A_t$ is the
# *advantage*: how much better it went than expected. With $\lambda = 0$ we trust the value head
# alone, with $\lambda = 1$ the rewards alone; 0.95 is a good mixture.
#
# The arrays have the shape $(T, B)$, $T$ steps in each of $B$ games. The games go on after the last
# step, so what follows it is expected, too: `last_value`, one number per game.
#
# #### TODO 2.5 · `gae` (5 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# Backwards again. Carry two things along: the advantage of the step after, and its value. After the
# last step these are 0 and `last_value`.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Make float arrays of everything first, then `alive = 1 - dones[t]` works for truth values as well.
# A row `rewards[t]` holds all games, so there is no loop over the games. `dones[t]` cuts *both*:
# the value that follows, and the advantage that follows.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# advantages, advantage, following = np.zeros(rewards.shape), 0.0, last_value
# for t in reversed(range(len(rewards))):
#     alive = 1 - dones[t]
#     delta = rewards[t] + ... - values[t]
#     advantage = delta + ...
#     advantages[t], following = advantage, values[t]
# return advantages
# ```
# </details>


# %% nbgrader={"grade_id": "gae", "solution": true}
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    """Generalised advantage estimates.

    rewards, values: numbers (T, B). last_value: numbers (B,), the value after the last step.
    dones: (T, B), truth values or 0 and 1; dones[t] says that step t ended its episode.
    gamma, lam: from 0 to 1. Returns floats (T, B).
    """
    ### BEGIN SOLUTION
    rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
    advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
    for t in reversed(range(len(rewards))):
        alive = 1 - dones[t]
        delta = rewards[t] + gamma * alive * following - values[t]
        advantage = delta + gamma * lam * alive * advantage
        advantages[t], following = advantage, values[t]
    return advantages
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_gae", "grade": true, "locked": true, "points": 5}
with check("two steps of one game, worked out by hand") as c:
    rewards, values, last = np.array([[0.0], [1.0]]), np.array([[2.0], [4.0]]), np.array([6.0])
    got = gae(rewards, values, last, np.zeros((2, 1)), gamma=0.5, lam=0.5)
    c.close(got, [[0.0], [0.0]], hint="δ₁ = 1 + 0.5·6 − 4 = 0 and δ₀ = 0 + 0.5·4 − 2 = 0.")
    c.close(
        gae(rewards, values, 2 * last, np.zeros((2, 1)), 0.5, 0.5),
        [[0.75], [3.0]],
        hint="A₀ = δ₀ + 0.25·A₁",
    )
    ended = gae(rewards, values, last, np.array([[True], [False]]), 0.5, 0.5)
    c.close(ended, [[-2.0], [0.0]], hint="Step 0 ended its episode: nothing after it counts.")
with check("two games side by side, of which one ends: its advantage goes no further back") as c:
    rewards, values = np.zeros((2, 2)), np.array([[2.0, 2.0], [4.0, 4.0]])
    got = gae(rewards, values, np.array([12.0, 12.0]), np.array([[0, 1], [0, 0]]), 0.5, 0.5)
    c.close(got, [[0.5, -2.0], [2.0, 2.0]], hint="dones[t] has a value for each game: multiply.")
    defaults = gae(np.zeros((2, 1)), np.zeros((2, 1)), np.ones(1), np.zeros((2, 1)))
    c.close(defaults, [[0.99 * 0.95 * 0.99], [0.99]], hint="gamma is 0.99, lam 0.95.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(45)


def rollout(T, B, share=0.0):
    rewards, values = rng.normal(size=(2, T, B))
    return rewards, values, rng.normal(size=B), (rng.random((T, B)) < share).astype(float)


for T, B in ((7, 3), (5, 1), (1, 4)):
    with case(
        f"{T} steps in {B} games, no end",
        hint="Compare δ and A of the last two steps with the formulas.",
    ):
        probe("advantages", gae(*rollout(T, B), 0.9, 0.8))
with case("the defaults", hint="gamma=0.99 and lam=0.95"):
    probe("advantages", gae(*rollout(9, 2)))
    rewards, values, last_value, dones = rollout(6, 2, 0.3)
    probe(
        "by name",
        gae(rewards=rewards, values=values, last_value=last_value, dones=dones, lam=0.5),
    )
with case(
    "episodes end on the way",
    hint="At an end both the next value and the next advantage are cut off.",
):
    for i in range(2):
        probe(f"advantages {i}", gae(*rollout(12, 4, 0.3), 0.95, 0.9))
with case("the last step ends its episode", hint="Then last_value does not count, in that game."):
    rewards, values, last_value, dones = rollout(4, 3)
    dones[-1] = [1, 0, 1]
    probe("advantages", gae(rewards, values, 10 + last_value, dones, 0.9, 0.7))
with case("lam 0", hint="Only the surprise of the step itself."):
    probe("advantages", gae(*rollout(6, 3, 0.2), 0.9, 0.0))
with case("lam 1", hint="All rewards to the end, minus the value."):
    probe("advantages", gae(*rollout(6, 3, 0.2), 0.9, 1.0))
    probe("gamma 1", gae(*rollout(6, 3, 0.2), 1.0, 1.0))
with case("truth values, whole numbers, float32", hint="Make floats of everything first."):
    rewards, values, last_value, dones = rollout(6, 3, 0.4)
    probe("truth values", gae(rewards, values, last_value, dones.astype(bool), 0.9, 0.8))
    probe(
        "whole rewards",
        gae(np.sign(rewards).astype(int), values, last_value, dones.astype(int), 0.9, 0.8),
    )
    whole = gae(
        np.round(3 * rewards).astype(int),
        np.round(3 * values).astype(int),
        np.array([1, 2, 3]),
        dones,
        0.9,
        0.8,
    )
    probe("whole numbers everywhere", whole)
    small = [part.astype("float32") for part in (rewards, values, last_value, dones)]
    probe("float32", gae(*small, 0.9, 0.8), rtol=1e-3, atol=1e-5)
with case("nothing that is given changes", hint="Write into an array of your own."):
    parts = rollout(5, 2)
    before = [part.copy() for part in parts]
    advantages = gae(*parts, 0.9, 0.8)
    probe("changes", [part - kept for part, kept in zip(parts, before, strict=True)])
    probe("advantages", advantages)
### END HIDDEN TESTS

# %% [markdown]
# ### Second idea: use it again, but carefully
#
# We would like to learn from the same games several times. After the first update, though, the
# policy is not the one that played them any more. Let
#
# $$ \rho_t = \frac{\pi_{\text{new}}(a_t)}{\pi_{\text{old}}(a_t)}
# = e^{\ln \pi_{\text{new}}(a_t) - \ln \pi_{\text{old}}(a_t)} $$
#
# be the **ratio** of the probabilities of the action, now and when it was taken. Then $\rho_t A_t$
# is a fair objective: its gradient at $\rho_t = 1$ is the policy gradient. But it has no end. With
# a positive advantage it pays to make $\rho$ ten times larger, on the evidence of a single step,
# and the policy is ruined. So the gain is **clipped**: beyond $1 \pm \epsilon$ there is no more
# reward for going further.
#
# $$ L = - \frac{1}{N} \sum_t
# \min \big( \rho_t A_t, \;\; \mathrm{clip}(\rho_t, 1 - \epsilon, 1 + \epsilon) \, A_t \big) $$
#
# That is **proximal policy optimisation** (PPO; Schulman and others, 2017), the workhorse of the
# field. The minimum makes it pessimistic: clipping can take away a gain, but it never hides a
# *loss*. If the ratio has moved to the wrong side, the gradient that brings it back is still there.
# The picture below the task shows all of it.
#
# #### TODO 2.6 · `ppo_loss` (5 points)
#
# Probabilities come as their logarithms. The gradient may flow through the new ones only: the old
# ones and the advantages are facts.
#
# <details><summary>Hint 1 · the idea</summary>
#
# The ratio; the ratio clipped; both times the advantage; the smaller of the two, element by
# element; the mean; minus.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.exp` of the difference of the logarithms, `tf.clip_by_value(x, low, high)`, `tf.minimum`,
# `tf.reduce_mean`. `tf.stop_gradient(x)` is x, but no gradient flows through it. Arrays may be
# float64: `tf.cast(x, tf.float32)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# old = tf.stop_gradient(tf.cast(old_log_probs, tf.float32))     # the same for the advantages
# ratio = tf.exp(... - old)
# clipped = tf.clip_by_value(ratio, ..., ...)
# return -tf.reduce_mean(tf.minimum(ratio * ..., clipped * ...))
# ```
# </details>


# %% nbgrader={"grade_id": "ppo_loss", "solution": true}
def ppo_loss(new_log_probs, old_log_probs, advantages, clip=0.2):
    """Minus the mean clipped surrogate objective of PPO.

    new_log_probs, old_log_probs: ln π(action), now and when the action was taken. advantages:
    numbers. All three have one shape. clip: ε > 0. Returns a scalar; gradients flow through
    new_log_probs only.
    """
    ### BEGIN SOLUTION
    new = tf.cast(new_log_probs, tf.float32)
    old, advantages = (
        tf.stop_gradient(tf.cast(x, tf.float32)) for x in (old_log_probs, advantages)
    )
    ratio = tf.exp(new - old)
    clipped = tf.clip_by_value(ratio, 1 - clip, 1 + clip)
    return -tf.reduce_mean(tf.minimum(ratio * advantages, clipped * advantages))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_ppo_loss", "grade": true, "locked": true, "points": 5}
with check("nothing has changed yet: minus the mean advantage") as c:
    loss = ppo_loss(np.log([0.5, 0.2]), np.log([0.5, 0.2]), np.array([1.0, 2.0]))
    c.close(
        loss,
        -1.5,
        hint="The ratio is 1; take the mean, and mind the sign: a loss is to be made small.",
    )
with check("a gain is clipped at 1 ± clip, a loss never") as c:
    for ratio, advantage, expected in (
        (2.0, 1.0, -1.2),
        (0.5, -1.0, 0.8),
        (2.0, -1.0, 2.0),
        (0.5, 1.0, -0.5),
    ):
        loss = ppo_loss(np.log([0.4 * ratio]), np.log([0.4]), np.array([advantage]))
        c.close(
            loss,
            expected,
            name=f"loss at ratio {ratio}, advantage {advantage}",
            hint="The smaller objective counts.",
        )
    wide = ppo_loss(np.log([0.8]), np.log([0.4]), np.array([1.0]), clip=0.5)
    c.close(wide, -1.5, name="loss at ratio 2, clip 0.5", hint="Use the clip that is given.")
with check("only the new log-probabilities learn") as c:
    facts = [tf.constant([-1.0, -2.0]), tf.constant([-1.0, -2.0]), tf.constant([1.0, 3.0])]
    with tf.GradientTape() as tape:
        tape.watch(facts)
        loss = ppo_loss(*facts)
    new, old, advantages = tape.gradient(loss, facts)
    c.true(new is not None, "a gradient", name="new", hint="TensorFlow's functions only.")
    c.close(new, [-0.5, -1.5], name="gradient of the new ones")
    c.true(old is None and advantages is None, "no gradient", name="the rest", hint="stop_gradient")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(46)


def batch(*shape, spread=0.5):
    """Log-probabilities then and now, and advantages, which are normalised: who normalises them
    again changes nothing here."""
    old = np.log(rng.uniform(0.1, 0.5, shape))
    advantages = rng.normal(size=shape)
    advantages = (advantages - advantages.mean()) / advantages.std()
    return (
        (old + rng.normal(0, spread, shape)).astype("float32"),
        old.astype("float32"),
        advantages.astype("float32"),
    )


def gradients(parts, **options):
    parts = [tf.constant(part) for part in parts]
    with tf.GradientTape() as tape:
        tape.watch(parts)
        loss = ppo_loss(*parts, **options)
    return tape.gradient(loss, parts, unconnected_gradients="zero")


with case(
    "random ratios",
    hint="Work out one element by hand: ratio, clipped ratio, both times the advantage.",
):
    for n in (30, 7):
        probe(f"{n} steps", ppo_loss(*(tf.constant(part) for part in batch(n))))
with case("small changes", hint="Inside the clip the objective is ratio · advantage."):
    probe("loss", ppo_loss(*(tf.constant(part) for part in batch(20, spread=0.05))))
for sign, name in ((1, "good"), (-1, "bad")):
    with case(
        f"large changes of {name} actions",
        hint="Clip on both sides, and take the minimum of the two objectives.",
    ):
        for direction, way in ((0.7, "more likely"), (-0.7, "less likely")):
            old = np.log(rng.uniform(0.1, 0.4, 8)).astype("float32")
            advantages = sign * rng.uniform(0.5, 2, 8).astype("float32")
            probe(
                way,
                ppo_loss(
                    tf.constant(old + np.float32(direction)),
                    tf.constant(old),
                    tf.constant(advantages),
                ),
            )
with case("another clip", hint="Use the clip that is given."):
    parts = batch(30)
    probe(
        "losses",
        [ppo_loss(*(tf.constant(part) for part in parts), clip=clip) for clip in (0.1, 0.3)],
    )
    probe("by position", ppo_loss(*parts, 0.05))
with case(
    "the gradient of the new policy", hint="No gradient beyond the clip, a full one before it."
):
    probe("gradient", gradients(batch(12))[0])
    probe("gradient, another clip", gradients(batch(12), clip=0.4)[0])
with case(
    "no other gradient", hint="Old probabilities and advantages are facts: tf.stop_gradient."
):
    new, old, advantages = gradients(batch(9, spread=0.1))
    probe("gradients of the facts", [old, advantages])
    probe("gradient of the new policy", new)
with case(
    "advantages that come from the new policy's own value",
    hint="Nothing flows back through the advantages.",
):
    new, old, _ = batch(6, spread=0.1)
    new = tf.constant(new)
    with tf.GradientTape() as tape:
        tape.watch(new)
        loss = ppo_loss(new, old, tf.sin(3 * new))
    probe("gradient", tape.gradient(loss, new))
with case("tables, arrays, other numbers", hint="Any shape works; cast what is not float32."):
    new, old, advantages = batch(4, 3)
    probe("a table", ppo_loss(tf.constant(new), tf.constant(old), tf.constant(advantages)))
    probe(
        "float64",
        ppo_loss(tf.constant(new), old.astype("float64"), advantages.astype("float64")),
    )
    probe("arrays", ppo_loss(new, old, advantages))
    probe(
        "whole advantages",
        ppo_loss(tf.constant(new), tf.constant(old), np.arange(12).reshape(4, 3) - 6),
    )
    probe("afterwards", [new, old, advantages])
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("ppo_loss"):
    ratios = np.linspace(0.4, 1.8, 141).astype("float32")
    fig, axes = plt.subplots(1, 2, figsize=(9, 2.8))
    for ax, advantage in zip(axes, (1.0, -1.0), strict=True):
        ax.plot(
            ratios, [ppo_loss(np.log([r]), [0.0], [advantage]) for r in ratios], label="clipped"
        )
        ax.plot(ratios, -advantage * ratios, ":", label="not clipped")
        ax.set(
            title=f"advantage {advantage:+.0f}",
            xlabel="ratio: new / old probability",
            ylabel="loss",
        )
    axes[0].legend()
    show(
        fig,
        alt="Two losses over the ratio: for a good action it is flat above 1.2, for a bad one below 0.8.",
    )

# %% [markdown]
# ### Beating the machine
#
# Now the same brain, with GAE and PPO. The loop around your functions plays 64 decisions in 16
# games, estimates the advantages with your `gae`, and goes over these 1,024 decisions four times,
# in pieces of 256, with your `ppo_loss`. Two terms are added to it: one that teaches the value head
# to predict the returns, and a small bonus for keeping the dice alive (*entropy*), which fades in
# the second half. An "episode" of GAE is one point. In the end you get not the last weights back
# but the average of the last fifty updates: a single update makes the policy better or worse by
# chance, and in the average these errors cancel.
#
# It takes two to seven minutes to beat the built-in opponent, and ten to win nearly every ball,
# with some luck; [the notes on this lab]({repository}/blob/{branch}/docs/lab3_rl.md) have the
# curves of several seeds in numbers. Interrupt it whenever you like (■), what was learned is kept.

# %% tags=["demo"]
with when_done("make_brain", "choose_action", "gae", "ppo_loss", "make_pong_front_end"):
    seed_everything(6)
    pong_brain = make_brain(make_pong_front_end(), 2)
    parts = {"choose_action": choose_action, "gae": gae, "ppo_loss": ppo_loss}
    training = train_pong(pong_brain, **parts, seed=6, seconds=budget.pong_seconds)
    print(
        f"{training.steps[-1]:,} decisions; mean return {training.returns[-1]:.1f} (nan: no game has ended yet)"
    )

# %% [markdown]
# Both curves in one picture. They had the same brain, the same games and, up to where the first one
# ends, the same number of decisions.

# %% tags=["demo"]
with when_done("reinforce", "training"):
    fig, ax = plt.subplots(figsize=(8, 3.2))
    for name, run in {"REINFORCE": reinforce, "GAE and PPO": training}.items():
        ax.plot(run.steps, run.returns, label=name)
    ax.set(
        xlabel="decisions",
        ylabel="mean return of 20 games",
        ylim=(-21.5, 21.5),
        title="random play gets about −20",
    )
    ax.legend()
    show(
        fig,
        alt="Mean return over decisions. REINFORCE stays near random play, PPO rises far above it.",
    )

# %% [markdown]
# ### Before and after
#
# Here it plays, with its thoughts beside it: the bars are the probabilities of up and down, and the
# filled one was chosen. When does it make up its mind? At `quick` there was no time to learn, so
# you see the player that comes with the course; it was trained by the same functions.

# %% tags=["demo"]
with when_done("pong_brain"):
    champion = load_pong_policy() if budget.name == "quick" else pong_brain
    film = record_pong(champion, steps=budget.film)
    pictures = add_probability_bars(film.frames, film.probabilities, film.actions)
    display(
        render_video(
            pictures,
            alt="Pong by the trained agent, with the probabilities of its actions beside it.",
        )
    )
    print(f"points for the agent: {film.score[0]}, for the opponent: {film.score[1]}")

# %% [markdown]
# ### An honest score
#
# One film may be luck. So: whole games with fresh seeds, actions drawn as in training, and the mean
# of their returns.
#
# And there is something that this lab must not hide. Until now Pong was *deterministic*: the same
# actions lead to the same game, to the pixel. An agent can exploit that. It may find one shot that
# the opponent never gets, and the exact moments that lead to it. A fairer setting has **sticky
# actions**: with probability 0.25 the emulator ignores the new action for a frame and repeats the
# one before, so that timing cannot be learned by heart. The second column shows the same players
# there. The last line is a player of the course that was *trained* with sticky actions. (At `quick`
# your agent has learned nothing yet, and is left out.)

# %% tags=["demo"]
with when_done("pong_brain"):
    players = {"random": random_policy} | (
        {} if budget.name == "quick" else {"your agent": pong_brain}
    )
    players |= {"course, plain": load_pong_policy(), "course, sticky": load_pong_policy(0.25)}
    print(f"mean return of {budget.games} games   plain   sticky 0.25")
    for name, player in players.items():
        means = [
            play_pong(player, budget.games, sticky=sticky, seed=71).mean() for sticky in (0.0, 0.25)
        ]
        print(f"{name:>23} {means[0]:+9.1f} {means[1]:+13.1f}")

# %% [markdown]
# ### Two questions
#
# These are read by a person. A few sentences each will do.

# %% [markdown] nbgrader={"grade_id": "rl_written_1", "grade": true, "solution": true, "points": 2}
# **Question 1 (2 points). Why does a policy gradient need a baseline?** What would happen in
# Cart-Pole if the plain returns, which are all positive, were used as they are? Why may one
# subtract a baseline at all, and which baseline do your two agents use, in Cart-Pole and in Pong?
#
# ### BEGIN MARK SCHEME
# - 1 point: without a baseline every action that is taken is made likelier (all weights are
#   positive), so what is learned is the small difference between large pushes: much noise
#   (variance), slow or no learning.
# - 1 point: a baseline that does not depend on the action leaves the mean gradient as it is (Σ_a
#   ∇π(a) = 0) or words to this effect, *and* names the baselines: mean of the returns (normalising)
#   in Cart-Pole, the value head (advantage) in Pong. Only one of the two: half a point.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# All returns in Cart-Pole are positive, so every action that happened to be taken would be made
# more likely, good or bad. A better action is only pushed a little harder than a worse one, and
# this difference drowns in the noise of what was sampled: the gradient is right on average, but its
# variance is huge. A number b that does not depend on the action may be subtracted, because the
# probabilities always sum to 1: the mean of b · ∇ ln π(a) over the actions is b · Σ ∇π(a) = b · ∇1
# = 0. The mean gradient stays the same, the noise becomes smaller. In Cart-Pole the baseline is the
# mean of the returns of the episode, by normalize. In Pong it is the value head, which knows what
# was to be expected in just this situation, so that only what is better than expected counts.
# ### END SOLUTION

# %% [markdown] nbgrader={"grade_id": "rl_written_2", "grade": true, "solution": true, "points": 2}
# **Question 2 (2 points). What does the agent exploit, and what do sticky actions change?** Look at
# the film and at your table. Describe how the agent wins its points, say why this works in the
# plain setting, and explain the second column. Which of the two numbers would you report?
#
# ### BEGIN MARK SCHEME
# - 1 point: a concrete observation (a shot or a serve that repeats, timing, a steep angle the
#   opponent cannot follow) and why it works: the game is deterministic, the opponent follows a
#   fixed rule, so the same actions win again and again.
# - 1 point: sticky actions make the moment of an action random, so a memorised sequence breaks and
#   one must react to what is seen; the score falls (with numbers from the table). Reports both, or
#   says which and names the setting.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# In the film nearly all points are won in the same way: the agent lets the ball hit the edge of its
# paddle, it flies back at a steep angle, and the opponent, who follows the ball with limited speed,
# comes too late. The next serve goes the same way and so does the shot, because without sticky
# actions the game is deterministic: what worked once works again. In part the agent has learned by
# heart when to move, and not only how to play. With sticky actions a frame may repeat the old
# action, so the paddle is not where the same actions had brought it before. The memorised shot
# misses, and my agent falls from clearly positive to about zero or below, while the player that was
# trained with sticky actions holds its level better. I would report both and name the setting: a
# number for Pong without it says little.
# ### END SOLUTION

# %% [markdown]
# ## Go further
#
# Nothing here is graded, all of it is fun.
#
# - **Train with sticky actions.** `train_pong(..., sticky=0.25)`. How much longer does it need to
#   win?
# - **PPO for Cart-Pole.** Your `gae` and `ppo_loss` work there, too. Eight episodes per update, a
#   few passes over them: how many episodes until it is solved?
# - **No baseline.** Leave `normalize` out in Cart-Pole, or divide without subtracting. Plot the
#   curves of five seeds each.
# - **What do the filters see?** Plot the 16 filters of your convolution, first channel beside the
#   second. Do you find motion detectors, positive in one channel and negative in the other?
# - **A lazier agent.** Give a small negative reward for moving the paddle. Does it still win, and
#   does it look calmer?

# %% [markdown]
# ## Before you hand in
#
# How far are you, and what would the grader see? The first cell looks at the checks that you have
# run, the second one at the file as you saved it. Both are for you: run them as often as you like.

# %% tags=["demo"]
# build: progress

# %% tags=["demo"]
# build: hand_in

# %% [markdown]
# ## Hand in
#
# 1. *Restart and run all*, and look at the checks: does every line that you care about begin with
#    ✓? (Training Pong again takes a while; with `LABKIT_BUDGET=quick` it does not.)
# 2. Save the notebook (in Colab: *File → Download → Download .ipynb*).
# 3. Hand in the `.ipynb` file as your course tells you. Any file name will do.
#
# Your cells are run again for the marks, with inputs that you have not seen. Whatever your notebook
# shows now, plots and ticks included, is for you.
