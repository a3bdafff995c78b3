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
# # Lab 1 · TensorFlow, and a network that writes Irish tunes
#
# <!-- badges -->
#
# In the first half of this lab you take TensorFlow apart: tensors, graphs, layers, gradients. In
# the second half you put it together again, as a neural network that reads a book of Irish dance
# tunes one character at a time until it can write tunes of its own. You will see them as sheet
# music, hear them, and measure how good they really are.
#
# **After this lab you can**
#
# - say what a tensor is, and build layers and models in three different ways;
# - let TensorFlow compute derivatives, and use them to walk downhill;
# - turn text into batches, train a recurrent network, and judge it by a number that cannot be
#   flattered;
# - make a network *write*: sample from it, at the temperature of your choice.
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

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from IPython.display import display
from labkit import LiveCurve
from labkit.music import load_tunes, ngram_nats_per_char, render_audio, render_sheet_music
from labkit import BUDGETS, check, choose_budget, seed_everything, show, use_labkit_style, when_done
from labkit.keras_tools import add_dropout, init_embeddings
from labkit.music import fraction_copied, fraction_of_full_bars, fraction_parsed
from labkit.music import in_other_keys, join_tunes, split_tunes

use_labkit_style()

# %% [markdown]
# How long the lab computes is decided once, here. The budget `class` suits a laptop with two cores,
# `full` a GPU, and `quick` gives a first impression in a minute. To change it, set the environment
# variable `LABKIT_BUDGET` before you start, or add `name="quick"` to the call. No other cell needs
# to know.

# %%
settings = {  # quick, class, full
    "embedding_dim": (32, 64, 128),
    "rnn_units": (160, 384, 1024),
    "seq_length": (40, 64, 256),
    "batch_size": (24, 64, 64),
    "dropout": (0.0, 0.25, 0.4),
    "learning_rate": (1.5e-2, 8e-3, 2e-3),
    "steps": (1000, 3000, 6000),  # training stops after these steps,
    "seconds": (25, 600, 1800),  # or after this time
    "text_length": (1500, 5000, 10000),  # characters to write
}
budget = choose_budget(
    {name: {key: row[i] for key, row in settings.items()} for i, name in enumerate(BUDGETS)}
)
tunes = load_tunes()

# %% [markdown]
# ## Part 1 · TensorFlow, taken apart
#
# ### Tensors
#
# Everything a network sees is a **tensor**: a block of numbers. Its **rank** is the number of its
# axes, its **shape** says how long each axis is, and its **dtype** says what kind of numbers it
# holds. You have met most of them under other names.
#
# | rank | also called | example | shape |
# |---|---|---|---|
# | 0 | scalar | the pitch of one note, 440.0 | `()` |
# | 1 | vector | the pitches of a scale | `(8,)` |
# | 2 | matrix | a chessboard, a spreadsheet | `(8, 8)` |
# | 3 | | one photo: height, width, colour | `(256, 256, 3)` |
# | 4 | | a *batch* of photos | `(10, 256, 256, 3)` |
#
# Networks work on batches, so almost everything in deep learning has one axis more than you would
# expect. It comes first and counts the examples.

# %% tags=["demo"]
scale = tf.constant([261.6, 293.7, 329.6, 349.2, 392.0, 440.0, 493.9, 523.3])  # C major, in hertz
print("rank", len(scale.shape), "· shape", scale.shape, "· dtype", scale.dtype.name)

# %% [markdown]
# #### TODO 1.1 · `matrix` and `images` (1 point)
#
# Make two tensors: `matrix`, any tensor of rank 2, and `images`, a batch of 10 pitch-black colour
# photos of 256 × 256 pixels: all zeros, shape (10, 256, 256, 3), dtype float32.
#
# <details><summary>Hint 1 · the idea</summary>
#
# The rank is the depth of the brackets: `[1, 2]` has one pair, `[[1, 2], [3, 4]]` is a list of
# lists.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.constant` turns a list into a tensor. `tf.zeros` takes a shape, and gives float32 unless told
# otherwise.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `matrix = tf.constant([[…, …], […, …]])` and `images = tf.zeros((…, …, …, …))`
# </details>

# %% nbgrader={"grade_id": "tensors", "solution": true}
matrix = None  # a tensor of rank 2, with any numbers in it
images = None  # a tensor of zeros: 10 images of 256 × 256 pixels with 3 colours, float32
### BEGIN SOLUTION
matrix = tf.reshape(tf.range(6), (2, 3))
images = tf.zeros((10, 256, 256, 3))
### END SOLUTION

# %% nbgrader={"grade_id": "test_tensors", "grade": true, "locked": true, "points": 1}
with check("`matrix` is a tensor of rank 2") as c:
    c.shape(matrix, (None, None), hint="Rank 2 is a list of lists.")
    c.true(
        tf.is_tensor(matrix), "a TensorFlow tensor", name="matrix", hint="Wrap it: tf.constant(...)"
    )
with check("`images` is a batch of 10 black images") as c:
    c.shape(images, (10, 256, 256, 3), hint="The batch comes first, the colours last.")
    c.true(tf.is_tensor(images), "a TensorFlow tensor", name="images", hint="tf.zeros makes one.")
    c.dtype(images, "float32", hint="Leave the dtype out, or say dtype=tf.float32.")
    c.close(tf.reduce_max(tf.abs(images)), 0.0, name="the brightest pixel")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(11)
with case("matrix is a tensor of rank 2", hint="How many axes has it, and is it TensorFlow's?"):
    probe("matrix", {"tensor": tf.is_tensor(matrix), "rank": len(matrix.shape)})
with case("images has the right shape", hint="Batch, height, width, colours: in this order."):
    probe("images", {"tensor": tf.is_tensor(images), "shape": [int(n) for n in images.shape]})
    picture = rng.random((256, 256, 3))
    probe("a picture painted on each", (np.zeros(images.shape) + picture)[:, ::85, ::85])
with case("images holds 32-bit floats", hint="Look at images.dtype."):
    probe("images", {"tensor": tf.is_tensor(images), "dtype": tf.as_dtype(images.dtype).name})
    probe("numbers of this dtype", tf.cast(rng.random(4), images.dtype))
with case("images is black", hint="Every number should be zero."):
    brightest = np.asarray(tf.reduce_max(tf.abs(images), axis=(1, 2)))
    probe("brightest value of each colour", brightest)
    probe("a picture painted on it", brightest + rng.random(3))
### END HIDDEN TESTS

# %% [markdown]
# ### Graphs
#
# A computation is a **graph**: values flow along the edges, and every node does one small thing.
# TensorFlow keeps track of this graph, and that is its whole trick: whoever knows every step of a
# computation can also run it backwards, and that is how it will find derivatives for us.
#
# ```text
#      a ──────┐
#              ├──► [ + ] ── c ──┐
#      b ──┬───┘                 ├──► [ × ] ──► e
#          └──────► [ − 1 ] ─ d ─┘
# ```
#
# Read it as $c = a + b$, $\; d = b - 1$, $\; e = c \cdot d$.
#
# #### TODO 1.2 · `graph` (1 point)
#
# Write the function that this graph draws. It should work for numbers and, element by element, for
# tensors.
#
# <details><summary>Hint 1 · the idea</summary>
#
# One line per node: first $c$, then $d$, then $e$.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Python's `+`, `-` and `*` work on numbers, arrays and tensors alike. So do `tf.add`,
# `tf.subtract`, `tf.multiply`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `c = a + b`, `d = …`, `return …`
# </details>


# %% nbgrader={"grade_id": "graph", "solution": true}
def graph(a, b):
    """The value of e = (a + b) · (b − 1).

    a, b: numbers, or tensors of one shape. Returns a number, or a tensor of that shape.
    """
    ### BEGIN SOLUTION
    c = a + b
    d = b - 1
    return c * d
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_graph", "grade": true, "locked": true, "points": 1}
with check("graph(1.5, 2.5) is 4.0 · 1.5") as c:
    c.close(graph(1.5, 2.5), 6.0, hint="c = 4.0 and d = 1.5. Are both right?")
with check("a tensor goes through the graph element by element") as c:
    c.close(
        graph(tf.constant([1.0, 2.0]), tf.constant([3.0, 1.0])),
        [8.0, 0.0],
        hint="Use +, - and * only.",
    )
with check("an array comes back from the graph as it was") as c:
    a = np.array([1, 2], "float32")
    c.close(graph(a, 3.0), [8.0, 10.0])
    c.equal(a, [1.0, 2.0], name="a afterwards", hint="`a += b` changes the caller's array.")
### BEGIN HIDDEN TESTS
import tensorflow as tf

rng = case_rng(12)
with case("decimal numbers", hint="Work out the picture by hand for a = 2 and b = 0.5."):
    for i, (a, b) in enumerate(rng.normal(0, 3, (5, 2)).tolist()):
        probe(f"e {i}", graph(a, b))
with case("whole numbers", hint="Whole numbers should work as well as decimals."):
    pairs = rng.integers(-9, 10, (4, 2)).tolist()
    probe("e", [graph(a, b) for a, b in pairs] + [graph(7, 0)])
with case("tensors", hint="Tensors go through element by element and keep their shape."):
    a, b = rng.normal(0, 3, (2, 3, 4)).astype("float32")
    probe("e", graph(tf.constant(a), tf.constant(b)))
with case("arrays, which stay as they are", hint="`a += b` would change the caller's array."):
    a, b = rng.normal(0, 3, (2, 6)).astype("float32")
    probe("e", graph(a, b))
    probe("a afterwards", a)
    probe("b afterwards", b)
### END HIDDEN TESTS

# %% [markdown]
# ### A layer, from scratch
#
# A **dense layer** is a row of artificial neurons. Each neuron weighs all its inputs, adds a bias,
# and squashes the sum into an answer between 0 and 1. For a whole batch and a whole row of neurons
# this is one matrix product:
#
# $$ y = \sigma(x W + b), \qquad \sigma(z) = \frac{1}{1 + e^{-z}} $$
#
# | symbol | what it is | shape |
# |---|---|---|
# | $x$ | a batch of $B$ inputs with $d$ features each | $(B, d)$ |
# | $W$ | the weights: how much neuron $j$ listens to feature $i$ | $(d, n)$ |
# | $b$ | the biases, one for each of the $n$ neurons | $(1, n)$ |
# | $\sigma$ | the sigmoid, the squashing function | |
# | $y$ | the answers | $(B, n)$ |

# %% tags=["demo"]
z = np.linspace(-8, 8, 200)
fig, ax = plt.subplots(figsize=(6, 2.6))
ax.plot(z, 1 / (1 + np.exp(-z)))
ax.set(
    title="The sigmoid turns any number into something between no (0) and yes (1)",
    xlabel="z",
    ylabel="σ(z)",
)
show(
    fig,
    alt="The sigmoid: an S-shaped curve from 0 on the left through one half at z = 0 to 1 on the right.",
)

# %% [markdown]
# #### TODO 1.3 · `DenseLayer` (4 points)
#
# Build this layer yourself, on top of Keras' `Layer`. Keras calls `build` once, with the shape of
# the first input it sees (only then is $d$ known), and `call` for every batch.
#
# <details><summary>Hint 1 · the idea</summary>
#
# `build` makes the two tables of numbers that the layer will learn; `call` is the formula above,
# nothing more.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `self.add_weight(shape=…, initializer=…)` makes a weight that Keras knows about and an optimizer
# can train. `input_shape[-1]` is $d$. Weights are counted in the order you make them: first `W`,
# then `b`. For the formula: `tf.matmul` (or `@`) and `tf.sigmoid`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `self.W = self.add_weight(shape=(d, …), initializer="glorot_uniform")`, the same for `self.b` with
# the initializer `"zeros"`; then, in `call`, `return tf.sigmoid(tf.matmul(…, …) + …)`
# </details>


# %% nbgrader={"grade_id": "dense_layer", "solution": true}
class DenseLayer(keras.layers.Layer):
    """A dense layer with a sigmoid: x (B, d) → σ(xW + b) (B, n_outputs).

    Keras weights, in this order: W (d, n_outputs), b (1, n_outputs). Both are trainable.
    """

    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        """Makes the weights. input_shape: (B, d), where the batch size B may be None."""
        ### BEGIN SOLUTION
        _, d = input_shape
        self.W = self.add_weight((d, self.n_outputs), "glorot_uniform")
        self.b = self.add_weight((1, self.n_outputs), "zeros")
        ### END SOLUTION

    def call(self, x):
        """x: float tensor (B, d). Returns a float tensor (B, n_outputs) of numbers in (0, 1)."""
        ### BEGIN SOLUTION
        return tf.sigmoid(tf.matmul(x, self.W) + self.b)
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_dense_layer", "grade": true, "locked": true, "points": 4}
with check("y = σ(xW + b), with the weights W (d, n) and b (1, n)") as c:
    layer, x = DenseLayer(3), np.array([[math.log(3), 0], [0, 1], [1, 1], [2, 0]], "float32")
    c.shape(layer(x), (4, 3), hint="x is (B, d), W is (d, n): x comes first in the product.")
    c.equal(
        [w.shape for w in layer.get_weights()],
        [(2, 3), (1, 3)],
        hint="Make W first, then b, by add_weight.",
    )
    layer.set_weights([np.array([[1.0, 2, 0], [0, -1, 0]]), np.array([[0.0, 1, -math.log(3)]])])
    with tf.GradientTape() as tape:
        y = layer(x)
    c.close(y[:2, 0], [0.75, 0.5], hint="σ(ln 3) is three quarters, σ(0) one half.")
    c.close(y[1, 1], 0.5, hint="Is the bias added before the sigmoid?")
    c.close(y[:, 2], [0.25] * 4, hint="Each neuron for itself: σ(-ln 3) is one quarter.")
    slopes = tape.gradient(y, layer.trainable_weights)
    c.equal(
        [g is not None for g in slopes], [True, True], hint="TensorFlow only, trainable weights."
    )
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(13)


def built(d, n):
    layer = DenseLayer(n)
    layer(np.zeros((1, d), "float32"))
    before = layer.get_weights()
    layer.set_weights(
        [rng.normal(size=(d, n)), rng.normal(size=(1, n)).reshape(np.shape(before[1]))]
    )
    return layer


with case(
    "weights W (d, n) and b (1, n), in this order",
    hint="Compare the shapes of layer.get_weights().",
):
    d, n = int(rng.integers(5, 15)), int(rng.integers(2, 5))
    layer = DenseLayer(n)
    layer(np.zeros((2, d), "float32"))
    probe("shapes for d inputs, n outputs", [list(w.shape) for w in layer.get_weights()])
with case("the output for given weights", hint="Is it σ of (xW + b), for every row of the batch?"):
    probe("y", built(4, 3)(rng.normal(size=(5, 4)).astype("float32")))
with case(
    "other sizes", hint="Nothing about the sizes may be fixed, neither d nor n nor the batch."
):
    layer = built(1, 6)
    probe("y (1, 6)", layer(np.array([[0.3]], "float32")))
    probe("y (7, 6)", layer(rng.normal(size=(7, 1)).astype("float32")))
with case("both weights can be trained", hint="Are W and b Keras weights, and trainable?"):
    layer = built(4, 2)
    x, signs = (
        rng.normal(size=(6, 4)).astype("float32"),
        rng.normal(size=(6, 2)).astype("float32"),
    )
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(x) * signs)
    gradients = tape.gradient(total, layer.trainable_weights)
    probe("gradients", [np.reshape(g, -1) for g in gradients])
with case("two layers in one model", hint="Does each layer have weights of its own?"):
    model = keras.Sequential([built(3, 4), built(4, 2)])
    probe("y", model(rng.normal(size=(5, 3)).astype("float32")))
    probe("numbers to train", sum(int(np.prod(w.shape)) for w in model.trainable_weights))
### END HIDDEN TESTS

# %% [markdown]
# ### The same in one line
#
# You will not write dense layers by hand very often: Keras has them ready-made. `keras.Sequential`
# takes a list of layers and feeds each one with the output of the one before.
#
# #### TODO 1.4 · `make_sequential` (1 point)
#
# Return a `keras.Sequential` that holds one dense layer with a sigmoid, the ready-made twin of your
# own.
#
# <details><summary>Hint 1 · the idea</summary>
#
# A model of one layer is a list of one layer.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.layers.Dense` has an argument `activation`. Without it, the layer is only $xW + b$.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return keras.Sequential([keras.layers.Dense(…, activation="…")])`
# </details>


# %% nbgrader={"grade_id": "sequential_model", "solution": true}
def make_sequential(n_outputs):
    """A new keras.Sequential with one sigmoid Dense layer: x (B, d) → (B, n_outputs)."""
    ### BEGIN SOLUTION
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="sigmoid")])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sequential_model", "grade": true, "locked": true, "points": 1}
with check("the model is a Sequential of one sigmoid layer") as c:
    toy, x = make_sequential(3), np.array([[2.0, -3.0]], "float32")
    c.shape(toy(x), (1, 3), hint="n_outputs is the number of neurons.")
    c.true(isinstance(toy, keras.Sequential), "a keras.Sequential", name="make_sequential(3)")
    c.equal([w.size for w in toy.get_weights()], [6, 3], hint="One Dense layer, with its bias.")
    toy.set_weights([np.ones(w.shape) for w in toy.get_weights()])
    c.close(toy(x), [[0.5] * 3], hint='activation="sigmoid"')
    c.shape(make_sequential(5)(x), (1, 5), hint="Nothing about the size may be fixed.")
    c.true(make_sequential(3) is not toy, "a new model in every call", name="make_sequential(3)")
### BEGIN HIDDEN TESTS
import keras
import numpy as np

rng = case_rng(14)


def built(d, n):
    model = make_sequential(n)
    model(np.zeros((1, d), "float32"))
    before = model.get_weights()
    model.set_weights([rng.normal(size=(d, n)), rng.normal(size=n).reshape(np.shape(before[1]))])
    return model


with case(
    "a Sequential with one kernel and one bias",
    hint="One Dense layer in a list, n_outputs neurons.",
):
    d, n = int(rng.integers(5, 15)), int(rng.integers(2, 5))
    model = make_sequential(n)
    model(np.zeros((2, d), "float32"))
    probe("Sequential", isinstance(model, keras.Sequential))
    probe("sizes of the weights", [int(np.prod(w.shape)) for w in model.trainable_weights])
with case("the output for given weights", hint="Does it answer by a sigmoid, for every row?"):
    probe("y", built(3, 1)(rng.normal(size=(5, 3)).astype("float32")))
with case("every call makes a new model", hint="Build the model inside the function."):
    x = rng.normal(size=(3, 4)).astype("float32")
    first = built(4, 2)
    second = built(4, 2)
    probe("y of the first", first(x))
    probe("y of the second", second(x))
### END HIDDEN TESTS

# %% [markdown]
# ### A model with a mind of its own
#
# A stack of layers always does the same thing. When a model has to *decide* something, write a
# class: make the layers in `__init__`, say in `call` what happens, in plain Python.
#
# #### TODO 1.5 · `IdentityModel` (2 points)
#
# This model has one dense sigmoid layer and a switch. Called as `model(x)` it answers with the
# layer; called as `model(x, isidentity=True)` it hands its inputs through, unchanged.
#
# <details><summary>Hint 1 · the idea</summary>
#
# The layer must be made once, in `__init__`. A layer made in `call` would be a new one, with new
# random weights, every time.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Keep a `keras.layers.Dense` as an attribute, like `self.dense`. The rest is an `if`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `if isidentity: return …`, and otherwise `return self.dense(…)`
# </details>


# %% nbgrader={"grade_id": "identity_model", "solution": true}
class IdentityModel(keras.Model):
    """One dense sigmoid layer, x (B, d) → (B, n_outputs), that can be switched off."""

    def __init__(self, n_outputs):
        super().__init__()
        ### BEGIN SOLUTION
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")
        ### END SOLUTION

    def call(self, inputs, isidentity=False):
        """inputs: (B, d). Returns (B, n_outputs), or the inputs unchanged if isidentity is True."""
        ### BEGIN SOLUTION
        return inputs if isidentity else self.dense(inputs)
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_identity_model", "grade": true, "locked": true, "points": 2}
with check("the model answers by its dense layer, or hands its inputs through") as c:
    toy, x = IdentityModel(2), np.array([[1.0, 2.0, -3.0]], "float32")
    c.shape(toy(x), (1, 2), hint="Without isidentity the dense layer answers.")
    c.equal(
        [w.size for w in toy.get_weights()],
        [6, 2],
        hint="One Dense layer, made in __init__, has a kernel and a bias.",
    )
    toy.set_weights([np.ones(w.shape) * math.log(3) for w in toy.get_weights()])
    c.close(toy(x), [[0.75, 0.75]], hint="σ(ln 3) is three quarters: is the activation a sigmoid?")
    c.equal(toy(x, isidentity=True), x, hint="Return `inputs` itself.")
    c.close(toy(x), [[0.75, 0.75]], name="toy(x), asked again", hint="A switch for one call only.")
### BEGIN HIDDEN TESTS
from functools import cache

import numpy as np

rng = case_rng(15)


@cache  # building a model takes longer than everything that is done with it here
def built(d, n):
    model = IdentityModel(n)
    model(np.zeros((1, d), "float32"))
    before = model.get_weights()
    model.set_weights([rng.normal(size=(d, n)), rng.normal(size=n).reshape(np.shape(before[1]))])
    return model, rng.normal(size=(5, d)).astype("float32")


with case("the layer answers", hint="Called without the switch, the model is a sigmoid layer."):
    model, x = built(4, 3)
    probe("y", model(x))
    probe("y, isidentity=False", model(x, isidentity=False))
with case("the inputs pass", hint="With isidentity=True the output is the input, bit by bit."):
    model, x = built(4, 3)
    probe("y", model(x, isidentity=True))
with case("the switch belongs to one call", hint="One call must not influence the next one."):
    model, x = built(3, 2)
    probe("answers", [model(x), model(x, isidentity=True), model(x)])
with case("one kernel and one bias to train", hint="Exactly one layer, made in __init__."):
    model, x = built(3, 2)
    probe("sizes", [int(np.prod(w.shape)) for w in model.trainable_weights])
    probe("inputs, passed before the layer was ever used", IdentityModel(2)(x, isidentity=True))
### END HIDDEN TESTS

# %% [markdown]
# ### Derivatives for free
#
# Now run a graph backwards. Inside `with tf.GradientTape() as tape:` TensorFlow writes down every
# operation on the tensors it *watches*; afterwards `tape.gradient(y, x)` reads the tape from its
# end and returns $dy/dx$, exact, for any program that you care to write:
#
# ```python
# x = tf.constant(3.0)
# with tf.GradientTape() as tape:
#     tape.watch(x)             # constants are watched on request, variables always
#     y = x * x
# tape.gradient(y, x)           # 6.0, because d(x²)/dx = 2x
# ```
#
# A derivative is itself a computation. Put its calculation on a second tape, and you get the
# derivative of the derivative: $f''$, the *curvature*. It is positive where a curve bends upwards,
# negative where it bends down, and zero where it is straight.
#
# There is one trap. If $y$ does not depend on $x$ at all, TensorFlow answers `None`, not 0. The
# slope of a straight line is such a case: 3 does not depend on $x$.
#
# #### TODO 1.6 · `second_derivative` (3 points)
#
# Return $f''(x)$ for any elementwise function $f$, for one number or for a whole vector of them.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Two tapes, one inside the other. The inner one turns $f$ into $f'$; the outer one watches that
# happen and turns $f'$ into $f''$.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Make `x` a float tensor first (`tf.cast` takes everything), and let both tapes `watch` it. The
# inner `tape.gradient` has to be called while the outer tape is still recording. For straight
# lines, `tape.gradient` has an argument `unconnected_gradients="zero"`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# with tf.GradientTape() as outer:
#     outer.watch(x)
#     with tf.GradientTape() as inner:
#         inner.watch(x)
#         y = ...
#     slope = inner.gradient(...)
# return outer.gradient(..., x, unconnected_gradients="zero")
# ```
# </details>


# %% nbgrader={"grade_id": "second_derivative", "solution": true}
def second_derivative(f, x):
    """The second derivative f″(x), by nested tapes.

    f: an elementwise function of a float tensor. x: a number, or a vector (N,); whole numbers work
    too. Returns a float tensor of the shape of x; 0 wherever f is linear.
    """
    ### BEGIN SOLUTION
    x = tf.cast(x, tf.float32)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = inner.gradient(y, x, unconnected_gradients="zero")
    return outer.gradient(slope, x, unconnected_gradients="zero")
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_second_derivative", "grade": true, "locked": true, "points": 3}
with check("the second derivative of x³ is 6x") as c:
    c.close(second_derivative(lambda x: x**3, 3.0), 18.0, hint="27 is the first derivative, f'(3).")
    c.close(
        second_derivative(lambda x: x**3, tf.constant([1.0, -1.0])),
        [6.0, -6.0],
        hint="One for each x.",
    )
with check("the second derivative of a straight line is 0, and whole numbers work") as c:
    c.close(second_derivative(lambda x: 3 * x - 2, 1.0), 0.0, hint='unconnected_gradients="zero"')
    c.close(
        second_derivative(lambda x: x * x, 5),
        2.0,
        hint="Tapes ignore integers: cast x to a float first.",
    )
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(16)
with case("one number", hint="Differentiate the first derivative once more."):
    x, y, z = rng.uniform(0.5, 1.5, 3).tolist()
    probe("x³ - 2x²", second_derivative(lambda x: x**3 - 2 * x**2, x + 1))
    probe("x⁴", second_derivative(lambda x: x**4, -y))
    probe("sin x", second_derivative(tf.sin, np.float64(z)), rtol=1e-3)
with case("a vector", hint="One second derivative for each element, the shape of x."):
    x = rng.normal(size=7).astype("float32")
    probe(
        "sin(x)·exp(x/2)",
        second_derivative(lambda x: tf.sin(x) * tf.exp(x / 2), tf.constant(x)),
        rtol=1e-3,
    )
    probe("x³", second_derivative(lambda x: x**3, x), rtol=1e-3)
    probe("x afterwards", x)
with case("straight lines", hint="`tape.gradient` answers None where nothing depends on x."):
    probe("5 - 4x", second_derivative(lambda x: 5 - 4 * x, 0.3))
    probe("x", second_derivative(lambda x: x, tf.constant([0.5, -1.0, 2.0])))
    bend = float(rng.uniform(0.2, 0.9))
    probe("not straight", second_derivative(lambda x: 5 - 4 * x + bend * x**3, 0.7), rtol=1e-3)
with case("half a straight line", hint="Zero where f is linear, something else where it is not."):
    x, bend = rng.normal(size=6).astype("float32"), float(rng.uniform(0.2, 0.9))
    found = second_derivative(lambda x: bend * x * tf.nn.relu(x), tf.constant(x))
    probe("c·x·max(x, 0)", found, rtol=1e-3)
with case("whole numbers", hint="A tape does not watch integers."):
    probe("x³", second_derivative(lambda x: x**3, int(rng.integers(2, 9))))
    probe("x² + x³", second_derivative(lambda x: x**2 + x**3, rng.integers(-9, 10, 4)))
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("second_derivative"):
    x = np.linspace(-6, 6, 200).astype("float32")
    fig, ax = plt.subplots(figsize=(7, 2.6))
    ax.plot(
        x, np.transpose([np.sin(x), second_derivative(tf.sin, x)]), label=["f(x) = sin x", "f″(x)"]
    )
    ax.set(
        title="A pure tone bends down wherever it is high, and up wherever it is low", xlabel="x"
    )
    ax.legend(bbox_to_anchor=(1, 1))
    show(
        fig,
        alt="The sine and its second derivative, which is its mirror image: negative where the sine is positive.",
    )

# %% [markdown]
# ### Downhill
#
# Training a network means: find the numbers that make its loss small. With a derivative there is a
# simple way. Stand somewhere on the curve, look which way is down, take a step, repeat. This is
# **gradient descent**:
#
# $$ x_{k+1} = x_k - \eta \, L'(x_k) $$
#
# where $x_k$ is the place after $k$ steps, $L'$ the slope of the loss there (it points uphill,
# hence the minus), and $\eta$ ("eta") the **learning rate**: how far you trust the slope. A network
# has thousands of such $x$, or millions. The recipe stays the same.
#
# #### TODO 1.7 · `minimize` (3 points)
#
# Walk down `loss_fn` for `num_steps` steps, and return every place you have been.
#
# <details><summary>Hint 1 · the idea</summary>
#
# A loop: note where you are, ask the tape for the slope, move. The start counts as a place, so
# there are `num_steps + 1` of them.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `x = tf.Variable(x_init, dtype=tf.float32)` can be changed by `x.assign_sub(…)`, and tapes watch
# variables without being asked. Keep numbers (`x.numpy()` or `float(x)`), not the variable itself:
# a list of one variable repeated would show its last value everywhere.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# path = [x.numpy()]
# for _ in range(num_steps):
#     with tf.GradientTape() as tape:
#         loss = ...
#     x.assign_sub(learning_rate * ...)
#     path.append(...)
# return np.array(path)
# ```
# </details>


# %% nbgrader={"grade_id": "gradient_descent", "solution": true}
def minimize(loss_fn, x_init, learning_rate, num_steps):
    """Gradient descent on loss_fn, starting from the number x_init.

    loss_fn: takes a scalar float tensor or variable, returns a scalar tensor.
    x_init: a number, also a whole one. learning_rate: a number. num_steps: an integer ≥ 0.
    Returns a NumPy array (num_steps + 1,): every x visited, x_init first.
    """
    ### BEGIN SOLUTION
    x = tf.Variable(float(x_init))
    path = [x.numpy()]
    for _ in range(num_steps):
        with tf.GradientTape() as tape:
            loss = loss_fn(x)
        x.assign_sub(learning_rate * tape.gradient(loss, x))
        path.append(x.numpy())
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_gradient_descent", "grade": true, "locked": true, "points": 3}
with check("one step goes from 0 to 0.8, fifty steps find the minimum at 4") as c:
    path = minimize(lambda x: (x - 4) ** 2, 0.0, 0.1, 1)
    c.close(
        path,
        [0.0, 0.8],
        hint="The start comes first; then L'(0) = -8, so x moves by 0.1 · 8, to the right.",
    )
    path = minimize(lambda x: (x - 4) ** 2, 10, 0.1, 50)
    c.shape(path, (51,), hint="num_steps + 1 places.")
    c.close(path[-1], 4.0, atol=1e-3, hint="Is a new slope computed in every step?")
    path = minimize(lambda x: x**2, 1.0, 1.5, 2)
    c.close(path, [1.0, -2.0, 4.0], hint="Take all the steps, even when the loss grows.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(17)
with case("down a parabola", hint="Follow x - learning_rate · slope for a few steps by hand."):
    low, start = rng.uniform(1, 3), float(-rng.uniform(2, 4))
    path = minimize(lambda x: 0.5 * (x - low) ** 2 + 1, start, 0.3, 8)
    probe("path", path, rtol=1e-3)
    probe("array", hasattr(path, "shape"))
with case("down a curve", hint="The slope changes from step to step."):
    start, other = rng.uniform(0.4, 0.8), rng.uniform(1.2, 1.6)
    found = minimize(lambda x: tf.cos(x) + 0.1 * x**2, float(start), 0.2, 8)
    probe("path", found, rtol=1e-3)
    probe("path of x⁴", minimize(lambda x: x**4, float(-other), 0.02, 6), rtol=1e-3)
with case("a whole number to start from", hint="x_init may be an int."):
    start = int(rng.integers(5, 40))
    probe("path", minimize(lambda x: (x - 1) ** 2, start, 0.25, 6), rtol=1e-3, atol=1e-5)
with case("no step at all, and one", hint="x_init always comes first, even if it is the only one."):
    start = float(rng.uniform(1, 2))
    probe("0 steps", minimize(lambda x: x**2, start, 0.1, 0))
    probe("1 step", minimize(lambda x: x**2, start, 0.1, 1))
with case(
    "a learning rate that is too large",
    hint="Take the learning rate as it is given, even a bad one.",
):
    start = np.array(rng.uniform(1, 2))
    probe("path", minimize(lambda x: x**2, start, 1.1, 6), rtol=1e-3)
    probe("x_init afterwards", start)
### END HIDDEN TESTS

# %% [markdown]
# How large should $\eta$ be? Look at three walkers who start at the same place.

# %% tags=["demo"]
with when_done("minimize"):
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.8), sharey=True)
    x = np.linspace(-6, 6, 100)
    for ax, learning_rate, verdict in zip(
        axes, (0.02, 0.2, 1.02), ("timid", "fine", "overshoots"), strict=True
    ):
        path = minimize(tf.square, -5.0, learning_rate, 10)
        ax.plot(x, x**2, color="0.7")
        ax.plot(path, path**2, "o-", markersize=4)
        ax.set(title=f"η = {learning_rate}: {verdict}", xlabel="x", ylabel="loss x²")
    show(
        fig,
        alt="Three paths down a parabola: small steps do not arrive, medium ones do, large ones jump out.",
    )

# %% [markdown]
# ## Part 2 · A network that writes tunes
#
# ### A tune is a text
#
# In 1903 Francis O'Neill, chief of police in Chicago, published the tunes that he had collected
# from Irish emigrants. Volunteers have typed them in, in **ABC notation**, which writes music with
# letters:
#
# | in ABC | meaning |
# |---|---|
# | `X:` `T:` `R:` | number, title, rhythm (reel, jig, …) |
# | `M:` `L:` `K:` | meter, length of a plain note, key |
# | `C D E c d e` | notes; small letters are an octave higher, `'` and `,` shift by another one |
# | `A2` `A/` | twice as long, half as long |
# | <code>&#124;</code> <code>:&#124;</code> | bar line, end of a repeat |
#
# Here is one as a text, as a score, and as a sound.

# %% tags=["demo"]
tune = tunes.train[3]
print(tune)
display(render_sheet_music(tune), render_audio(tune))

# %% [markdown]
# Our network will learn to do one thing: guess the next character. After `M:6/` an `8` is a safe
# bet; after `|` it takes a feeling for the key; after a whole first part, for what a tune *is*.
# Nothing tells it about notes, bars or repeats. It gets the characters, and that is all.
#
# Networks compute with numbers, so every character gets one: its place in the **vocabulary**, the
# sorted list of all characters in the book. `char2idx` leads from a character to its number,
# `idx2char` leads back.

# %%
idx2char = np.array(tunes.vocab)
char2idx = {char: i for i, char in enumerate(tunes.vocab)}
vocab_size = len(tunes.vocab)

# %% [markdown]
# #### TODO 2.1 · `vectorize_string` (2 points)
#
# Turn a text into an array of the numbers of its characters.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Look up one character after the other. What should happen with a character that has no number?
# Leaving it out, or making a number up, would corrupt the text silently; an error that names it is
# kinder.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# A list comprehension, then `np.array`. Looking up `char2idx[char]` raises the `KeyError` by
# itself. An empty list becomes an array of *floats*, unless you say `dtype=int`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return np.array([… for char in string], dtype=int)`
# </details>


# %% nbgrader={"grade_id": "vectorize_string", "solution": true}
def vectorize_string(string, char2idx):
    """The numbers of the characters of a text.

    string: a text of N characters, possibly none. char2idx: dict from character to number. Returns
    a NumPy array of integers (N,). Raises KeyError, naming the character, if one has no number.
    """
    ### BEGIN SOLUTION
    return np.array([char2idx[char] for char in string], dtype=int)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_vectorize_string", "grade": true, "locked": true, "points": 2}
with check("characters become their numbers, and an empty text an empty array of integers") as c:
    c.equal(
        vectorize_string("cab", {"a": 0, "b": 1, "c": 7}),
        [7, 0, 1],
        hint="Look each one up in char2idx.",
    )
    c.shape(vectorize_string("", char2idx), (0,), hint="Return a NumPy array.")
    c.dtype(vectorize_string("", char2idx), "int", hint="np.array([]) holds floats: add dtype=int.")
with check("an unknown character raises a KeyError that names it") as c:
    c.raises(
        KeyError,
        lambda: vectorize_string("a€b", {"a": 0, "b": 1}),
        naming="€",
        hint="Use char2idx[char].",
    )
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(21)
table = {char: int(i) for char, i in zip("zX:|\n aBc'2/", rng.permutation(40), strict=False)}
with case(
    "a text", hint="The numbers come from char2idx, in the order of the text, as a NumPy array."
):
    ids = vectorize_string("X:2\na/2B |c'", table)
    probe("numbers", ids)
    probe("array", hasattr(ids, "shape"))
with case("a long text", hint="Every character counts, also spaces, line ends and repetitions."):
    text = "".join(rng.choice(list(table), 500))
    probe("numbers", vectorize_string(text, table))
    probe("one character", vectorize_string("|", table))
with case("an empty text", hint="An array of shape (0,) that holds integers."):
    ids = vectorize_string("", table)
    probe("shape", list(ids.shape))
    probe("whole numbers", np.asarray(ids).dtype.kind in "iu")
    text = "".join(rng.choice(list(table), 20))
    probe("a text after it", vectorize_string(text, table))
with case("an unknown character", hint="A KeyError that names the character, wherever it stands."):
    found = [
        outcome(lambda t=t: vectorize_string(t, table), looking_for=["€", "ß"])
        for t in ("aB€c", "ß", "zz€")
    ]
    probe("errors", [{"raised": o["raised"], "named": o.get("message_has")} for o in found])
    probe("char2idx afterwards", table)
### END HIDDEN TESTS

# %% [markdown]
# ### Batches
#
# Nobody can read a whole book in one breath. We cut **windows** of $L$ characters out of it, and
# for each window we want the network to guess, at every place, the character that comes next. So
# the targets are the inputs, one step ahead:
#
# ```text
#     text      … M : 6 / 8 \n L : 1 / 8 …
#     inputs        M : 6 / 8 \n
#     targets         : 6 / 8 \n L
# ```
#
# One window gives $L$ exercises at once. A **batch** is $B$ such windows from random places,
# stacked to a table $(B, L)$. Mind the end of the text: a window needs $L$ characters *and the one
# after them*, so in a text of $N$ characters the valid starts are $0, 1, \dots, N - L - 1$.
#
# Chance comes from a NumPy generator called `rng`, and from nowhere else. Same seed, same batch: an
# experiment you can repeat.
#
# #### TODO 2.2 · `get_batch` (4 points)
#
# Draw a batch of windows and their targets. Every valid start should have its chance; whether the
# same start may come twice is up to you.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Draw the starts first. From a start $s$, the inputs are the characters $s$ to $s + L - 1$, the
# targets $s + 1$ to $s + L$.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `rng.integers(low, high, size=batch_size)` draws integers; `high` is *excluded*. Cut with slices
# in a loop and `np.stack` the pieces, or index once with a table of positions: `starts[:, None] +
# np.arange(…)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# starts = rng.integers(0, ..., size=batch_size)
# inputs = np.stack([vectorized[s : ...] for s in starts])
# targets = np.stack([vectorized[s + 1 : ...] for s in starts])
# ```
# </details>


# %% nbgrader={"grade_id": "get_batch", "solution": true}
def get_batch(vectorized, seq_length, batch_size, rng):
    """A random batch of windows and their targets.

    vectorized: integers (N,), N > seq_length. seq_length, batch_size: integers ≥ 1.
    rng: numpy.random.Generator, the only source of chance.
    Returns (inputs, targets), integers (batch_size, seq_length) each, the targets one step ahead.
    """
    ### BEGIN SOLUTION
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    windows = vectorized[starts[:, None] + np.arange(seq_length + 1)]
    return windows[:, :-1], windows[:, 1:]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_get_batch", "grade": true, "locked": true, "points": 4}
with check("inputs are windows, targets the same windows one step ahead") as c:
    x, y = get_batch(np.arange(100), 5, 4, np.random.default_rng(0))
    c.shape(x, (4, 5), name="inputs", hint="batch_size rows, seq_length columns.")
    c.equal(
        np.diff(x),
        np.ones((4, 4)),
        name="steps inside a window",
        hint="A window is one consecutive piece.",
    )
    c.equal(y - x, np.ones((4, 5)), name="targets - inputs", hint="The text here is 0, 1, 2, 3, …")
with check("every valid start occurs, also the last one") as c:
    rng = np.random.default_rng(0)
    starts = {int(np.asarray(get_batch(np.arange(8), 4, 2, rng)[0])[0, 0]) for _ in range(200)}
    c.equal(
        sorted(starts),
        [0, 1, 2, 3],
        name="starts for N = 8, L = 4",
        hint="rng.integers leaves out `high`.",
    )
with check("each row has a start of its own, and the same seed gives the same batch") as c:
    x, again = (get_batch(np.arange(5000), 3, 64, np.random.default_rng(5))[0] for _ in range(2))
    c.equal(x, again, name="the same seed twice", hint="Draw from rng, not from np.random.")
    different = len(set(np.diff(np.asarray(x)[:, 0]).tolist()))
    c.between(different, 40, 64, name="gaps that differ", hint="Draw batch_size starts.")
### BEGIN HIDDEN TESTS
import numpy as np

source = case_rng(22)


def draw(text, length, size, rng):
    x, y = get_batch(text, length, size, rng)
    return np.asarray(x), np.asarray(y)


with case(
    "a text with one window",
    hint="A text of seq_length + 1 characters has exactly one valid start.",
):
    for length in (1, 6, 11):
        text = source.integers(0, 90, length + 1)
        probe(f"batch, L = {length}", list(draw(text, length, 1, np.random.default_rng(length))))
with case(
    "windows and targets",
    hint="Collect all pairs from a short text: which are missing, which too many?",
):
    text, rng, seen = source.permutation(90)[:12], np.random.default_rng(1), set()
    for _ in range(30):
        x, y = draw(text, 4, 8, rng)  # as many rows as valid starts: they may all be different
        seen.update(tuple(map(int, row)) for row in np.concatenate([x, y], axis=1))
    probe("all inputs with their targets", np.array(sorted(seen)))
    probe("shapes", [list(np.shape(part)) for part in draw(text, 5, 3, rng)])
with case("every start has the same chance", hint="Draw the starts evenly from all valid ones."):
    text, rng = source.permutation(90)[:13], np.random.default_rng(2)
    place = {int(char): i for i, char in enumerate(text)}
    starts = [place[int(char)] for _ in range(800) for char in draw(text, 5, 2, rng)[0][:, 0]]
    probe("starts", counts(starts, 8), compare=distribution([1 / 8] * 8 + [0]))
with case("rows of their own", hint="Each row of a batch has its own random start."):
    text = int(source.integers(2, 99)) * np.arange(5000)
    x, y = draw(text, 7, 64, np.random.default_rng(3))
    probe("different starts in a batch of 64", len(set(x[:, 0].tolist())), compare=at_least(48))
    probe("different gaps between them", len(set(np.diff(x[:, 0]).tolist())), compare=at_least(40))
    probe("steps along the rows", [np.diff(x), np.diff(y), y - x])
with case(
    "rng decides, and nothing else",
    hint="Draw from the rng that you are given, not from np.random.",
):
    text, batches = int(source.integers(2, 99)) * np.arange(1000), []
    for noise, seed in enumerate((0, 0, 0, 1, 2, 3)):
        stir_chance(noise)
        batches.append(draw(text, 3, 8, np.random.default_rng(seed))[0])
    probe("differences for the same seed", [batches[1] - batches[0], batches[2] - batches[0]])
    probe("different batches", len({batch.tobytes() for batch in batches}), compare=at_least(4))
    probe("steps along the rows", np.diff(batches[0]))
with case("the text stays as it is", hint="Do not shuffle or change `vectorized`."):
    text = source.integers(0, 90, 30)
    draw(text, 4, 5, np.random.default_rng(4))
    probe("text afterwards", text)
### END HIDDEN TESTS

# %% [markdown]
# ### The network
#
# Guessing the next character takes memory. A **recurrent** network reads one character at a time
# and carries a state along, a vector of numbers in which it keeps whatever it finds worth keeping.
#
# ```text
#     logits        z₁           z₂           z₃             scores for the next character   (V)
#                   ▲            ▲            ▲
#     Dense      [  D  ]      [  D  ]      [  D  ]
#                   ▲            ▲            ▲
#     LSTM     ──► [LSTM] ─────► [LSTM] ────► [LSTM] ──►     the state moves on              (H)
#                   ▲            ▲            ▲
#     Embedding  [  E  ]      [  E  ]      [  E  ]           a vector for each character     (E)
#                   ▲            ▲            ▲
#     input        "M"          ":"          "6"             integers                        (L)
# ```
#
# All columns are the same three layers with the same weights, used again and again:
#
# - **Embedding** keeps a vector of $E$ numbers for each of the $V$ characters, and learns which are
#   alike.
# - **LSTM** ("long short-term memory") has $H$ units, each with a memory cell. Three *gates*,
#   sigmoids like the one in your `DenseLayer`, decide what is written to the cell, what is kept,
#   and what is shown.
# - **Dense** turns the state into $V$ scores, the **logits**: the higher, the likelier. There is no
#   squashing here; the loss takes care of that.
#
# Every prediction may look at the past and never at the future. Such a network is called *causal*,
# and one that is not will look like a genius in training and babble ever after.
#
# #### TODO 2.3 · `build_model` (4 points)
#
# Build the model in the picture: Embedding, LSTM, Dense, in this order and with nothing after them.
#
# <details><summary>Hint 1 · the idea</summary>
#
# It is a Sequential of three layers. We want a guess after *every* character, not only after the
# last one.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.layers.Embedding(vocab_size, embedding_dim)`, `keras.layers.LSTM(units,
# return_sequences=…)`, and a `keras.layers.Dense` without an activation: logits may be any number.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# return keras.Sequential([
#     keras.layers.Embedding(...),
#     keras.layers.LSTM(..., return_sequences=True),
#     keras.layers.Dense(...),
# ])
# ```
# </details>


# %% nbgrader={"grade_id": "build_model", "solution": true}
def build_model(vocab_size, embedding_dim, rnn_units):
    """A new recurrent model: integers (B, L) → logits (B, L, vocab_size), for any B and L.

    Embedding (embedding_dim) → LSTM (rnn_units) → Dense (vocab_size, no activation).
    Causal: the logits at a place depend on the characters up to this place only.
    Every window is read with an empty state at its start.
    """
    ### BEGIN SOLUTION
    embedding = keras.layers.Embedding(vocab_size, embedding_dim)
    lstm = keras.layers.LSTM(rnn_units, return_sequences=True)
    return keras.Sequential([embedding, lstm, keras.layers.Dense(vocab_size)])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_build_model", "grade": true, "locked": true, "points": 4}
with check("the model is causal, and gives one score per place and character") as c:
    toy, x = build_model(9, 4, 6), np.array([[1, 2, 3, 0], [1, 2, 3, 8]])
    c.shape(toy(x), (2, 4, 9), hint="return_sequences=True keeps the guess at every place.")
    c.equal(
        toy.count_params(),
        9 * 4 + 4 * 6 * (4 + 6 + 1) + (6 + 1) * 9,
        hint="Embedding, one LSTM, Dense.",
    )
    c.close(
        toy(x)[0, :3],
        toy(x)[1, :3],
        name="logits before the change",
        hint="Read in one direction only.",
    )
    c.true(np.any(toy(x)[0, 3] != toy(x)[1, 3]), "a change in the logits at the place itself")
with check("the scores are plain logits of a plain LSTM") as c:
    toy = build_model(2, 1, 1)
    toy(np.array([[0]]))
    weights = (
        [1.0, 2.0],
        [2.0, -1.0, 1.5, 1.0],
        [0.3, 0.2, -0.4, 0.1],
        [0.1] * 4,
        [4.0, -3.0],
        [0, 1],
    )
    toy.set_weights(
        [np.reshape(w, old.shape) for w, old in zip(weights, toy.get_weights(), strict=True)]
    )
    c.close(
        toy(np.array([[0, 1]])),
        [[[2.02774, -0.5208], [2.86374, -1.14781]]],
        rtol=1e-3,
        hint="No activation after the last layer, no options but return_sequences for the LSTM.",
    )
### BEGIN HIDDEN TESTS
from functools import cache

import numpy as np

rng = case_rng(23)


@cache  # building a model takes longer than everything that is done with it here
def made(V, E, H):
    model = build_model(V, E, H)
    model(np.zeros((1, 1), int))
    return model


@cache
def built(V, E, H):
    """A model with known weights, put in by their shapes (all different)."""
    shapes = [(V, E), (E, 4 * H), (H, 4 * H), (4 * H,), (H, V), (V,)]
    known = {shape: rng.normal(0, 0.7, shape) for shape in shapes}
    model = made(V, E, H)
    model.set_weights([known[tuple(w.shape)] for w in model.get_weights()])
    return model


with case(
    "the weights",
    hint="Embedding, LSTM, Dense: are the sizes vocab_size, embedding_dim, rnn_units?",
):
    drawn = [int(rng.integers(low, low + 5)) for low in (20, 2, 10)]
    for i, (V, E, H) in enumerate((drawn, (11, 6, 2))):
        shapes = [[int(n) for n in w.shape] for w in made(V, E, H).get_weights()]
        probe(f"shapes {i}", sorted(shapes))
with case(
    "the logits for given weights", hint="Plain layers, and no activation after the last one."
):
    probe("logits", built(7, 3, 5)(rng.integers(0, 7, (3, 4))), rtol=1e-3, atol=1e-4)
with case(
    "windows of any size",
    hint="Neither batch size nor length may be fixed, and no state may be kept.",
):
    model = built(7, 3, 5)
    for i, (B, L) in enumerate(((1, 1), (2, 3), (1, 1))):
        probe(f"logits {i}", model(np.arange(B * L).reshape(B, L) % 7), rtol=1e-3, atol=1e-4)
with case(
    "causal",
    hint="Changing a character may change what comes after it, never what came before.",
):
    model = made(11, 6, 2)
    model.set_weights([5 * w for w in model.get_weights()])  # no change is too small to be seen
    one, places, rows = rng.integers(0, 11, (16, 9)), rng.integers(0, 9, 16), np.arange(16)
    two = one.copy()
    two[rows, places] = (two[rows, places] + 3) % 11
    change = np.abs(np.asarray(model(one)) - np.asarray(model(two))).max(axis=2)
    probe("where each row begins to change", np.argmax(change > 1e-5, axis=1))
    probe("rows that change", int(np.sum(change.max(axis=1) > 1e-5)))
### END HIDDEN TESTS

# %% [markdown]
# ### The loss
#
# How good is a guess? First make probabilities of the $V$ logits $z$, by the **softmax**:
# exponentiate, then divide by the sum.
#
# $$ p_i = \frac{e^{z_i}}{\sum_j e^{z_j}} $$
#
# Then look up the probability that the model gave to the character that really came, and take the
# **surprise** $-\ln p$. The mean surprise over all places is the **cross-entropy**:
#
# $$ \text{loss} = -\frac{1}{B L} \sum_{b=1}^{B} \sum_{t=1}^{L} \ln p_{b,t}\big[\text{label}_{b,t}\big] $$
#
# Its unit is the *nat*. A model that is certain and right pays 0. One that has no idea and gives
# each character the same chance $1/V$ pays $\ln V$: keep this number in mind, it is what an
# untrained network should show you. And $e^{\text{loss}}$ is how many characters, equally likely,
# the model hesitates between.
#
# #### TODO 2.4 · `compute_loss` (3 points)
#
# Compute the mean cross-entropy from logits.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Softmax, pick the probability of the label, logarithm, minus, mean. But do not really do it in
# these steps: for large logits $e^z$ overflows, and tiny probabilities are rounded to 0. Ready-made
# functions combine the steps safely.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.losses.sparse_categorical_crossentropy` takes integer labels. It expects probabilities,
# unless you tell it `from_logits=True`. Its result has shape (B, L); `tf.reduce_mean` makes one
# number of it.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(…, …, from_logits=True))`
# </details>


# %% nbgrader={"grade_id": "compute_loss", "solution": true}
def compute_loss(labels, logits):
    """The mean cross-entropy, in nats.

    labels: integers (B, L), from 0 to V − 1. logits: floats (B, L, V), any numbers.
    Returns a scalar through which gradients can flow.
    """
    ### BEGIN SOLUTION
    return tf.reduce_mean(
        keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    )
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_compute_loss", "grade": true, "locked": true, "points": 3}
with check("not knowing anything costs ln V") as c:
    loss = compute_loss(np.array([[0, 4, 2]]), tf.zeros((1, 3, 5)))
    c.shape(loss, (), hint="One number: take the mean over the batch and over time.")
    c.close(
        loss, math.log(5), hint="Are the logits treated as logits, and is it the natural logarithm?"
    )
with check("being right and certain costs nothing, being wrong and certain a lot") as c:
    costs = [
        compute_loss(np.array([[label]]), tf.constant([[[20.0, 0.0, 0.0]]])) for label in (0, 1)
    ]
    c.close(
        costs,
        [0.0, 20.0],
        atol=1e-4,
        hint="from_logits=True: softmax and logarithm in one step stay exact.",
    )
with check("every place counts, and gradients flow back to the logits") as c:
    logits = tf.constant([[[9.0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = compute_loss(np.array([[1, 0], [2, 1]]), logits)
    right = (math.log(2 + math.e**9) + 3 * math.log(3)) / 4
    c.close(loss, right, hint="The mean over all places of all windows.")
    c.close(tape.gradient(loss, logits)[1, 0], [1 / 12, 1 / 12, -1 / 6], hint="TensorFlow only.")
    given = np.array([[[1.0, 2.0]]])
    c.close(compute_loss(np.array([[1]]), given), math.log(1 + 1 / math.e))
    c.equal(given, [[[1.0, 2.0]]], name="the logits afterwards", hint="Change no input in place.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(24)


def batch(B, L, V, scale=1.0):
    return rng.integers(0, V, (B, L)), rng.normal(0, scale, (B, L, V)).astype("float32")


def mean(loss):
    """One number, also of a loss for each place: only one of the cases is about that."""
    return np.mean(loss) if hasattr(loss, "shape") and len(loss.shape) == 2 else loss


for B, L, V in ((3, 5, 7), (1, 1, 4)):
    with case(
        f"a batch of {B} × {L}",
        hint="The mean over batch and time of -ln softmax(logits)[label].",
    ):
        labels, logits = batch(B, L, V, 2.0)
        probe("loss", mean(compute_loss(labels, tf.constant(logits))))
with case(
    "a long batch", hint="The mean over all places, not the sum over time or over the batch."
):
    labels, logits = batch(6, 40, 9)
    probe("loss", compute_loss(tf.constant(labels), tf.constant(logits)))
with case(
    "confident and wrong",
    hint="Softmax and logarithm in two steps lose digits: use the logits.",
):
    labels, logits = batch(2, 4, 6)
    logits -= 32 * np.eye(6, dtype="float32")[labels]
    probe("loss", mean(compute_loss(labels, tf.constant(logits))))
with case("gradients", hint="The loss must be made of TensorFlow operations."):
    labels, logits = batch(2, 3, 5)
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = compute_loss(labels, logits)
    probe("gradient", tape.gradient(loss, logits))
with case("arrays, which stay as they are", hint="NumPy arrays should work, and not be changed."):
    labels, logits = batch(2, 3, 4)
    probe("loss", mean(compute_loss(labels, logits)))
    probe("labels afterwards", labels)
    probe("logits afterwards", logits)
### END HIDDEN TESTS

# %% [markdown]
# ### One step of training
#
# Put it all together: the model guesses, the loss says how bad it was, a tape finds the slope for
# *every* weight, and an **optimizer** moves the weights. It is `minimize` again, with very many $x$
# at once. We will use the optimizer called Adam, which adapts the learning rate of each weight to
# the slopes it has seen, in a variant (AdamW) that also keeps the weights small.
#
# #### TODO 2.5 · `train_step` (4 points)
#
# Do one update and return the loss *before* it. Your function should work with any model and any
# optimizer.
#
# The training loop below will compile it, which makes it several times faster. So leave the loss a
# tensor (no `float`, no `.numpy()`), and put no `@tf.function` above it: that would tie it to the
# first model it meets.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Four lines: predict and compute the loss on a tape; gradients of the loss; apply them; return the
# loss.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Some layers behave differently while they learn, so call `model(x, training=True)`. What may be
# changed is listed in `model.trainable_variables`, and `optimizer.apply(gradients, variables)`
# changes it.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# with tf.GradientTape() as tape:
#     loss = compute_loss(y, ...)
# gradients = tape.gradient(..., model.trainable_variables)
# optimizer.apply(..., ...)
# return loss
# ```
# </details>


# %% nbgrader={"grade_id": "train_step", "solution": true}
def train_step(model, optimizer, x, y):
    """One update of the model's trainable variables; nothing else changes.

    model: integers (B, L) → logits (B, L, V); it runs in training mode here.
    optimizer: a Keras optimizer. x, y: inputs and targets, integers (B, L).
    Returns the loss before the update, a scalar tensor.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        loss = compute_loss(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_train_step", "grade": true, "locked": true, "points": 4}
with check("a step returns the loss before it, and makes the next one smaller") as c:
    keras.utils.set_random_seed(1)
    toy = keras.Sequential([keras.layers.Embedding(5, 4), keras.layers.Dense(5)])
    optimizer = keras.optimizers.SGD(1.0, momentum=0.5)
    x, y = np.array([[0, 1, 2, 3]]), np.array([[1, 2, 3, 4]])
    before = compute_loss(y, toy(x))
    c.close(
        train_step(toy, optimizer, x, y),
        before,
        hint="Compute the loss once, before you apply the gradients.",
    )
    c.true(
        compute_loss(y, toy(x)) < before,
        "a smaller loss",
        name="the loss after",
        hint="Apply the gradients.",
    )
    c.equal(optimizer.iterations, 1, hint="One call is one update.")
with check("compiled, it moves every weight along its slope, and nothing else") as c:
    scale = keras.layers.Dense(2, use_bias=False, trainable=False)
    toy = keras.Sequential([keras.layers.Embedding(2, 2), scale, keras.layers.Dense(2)])
    toy(np.array([[0]]))
    weights = [[0.0, 0.0], [math.log(3) / 20, 0.0]], 20 * np.eye(2), np.eye(2), np.zeros(2)
    toy.set_weights([np.array(w) for w in weights])
    optimizer = keras.optimizers.SGD(0.05)
    loss = tf.function(train_step)(toy, optimizer, np.array([[0, 1]]), np.array([[1, 0]]))
    c.close(loss, (math.log(2) + math.log(4 / 3)) / 2, hint="Leave the loss a tensor.")
    c.close(
        toy.layers[0].get_weights()[0],
        [[-0.25, 0.25], [math.log(3) / 20 + 0.125, -0.125]],
        name="the first weights afterwards",
        hint="Take the gradients as they are: all of them, and all of each.",
    )
    c.close(toy.layers[2].get_weights()[1], [-0.00625, 0.00625], name="the last ones", atol=1e-5)
    c.close(scale.get_weights()[0], 20 * np.eye(2), rtol=0, atol=1e-4, name="a frozen layer")
    c.close(optimizer.learning_rate, 0.05, hint="The learning rate stays as it is.")
with check("it runs the model in training mode") as c:
    toy = keras.Sequential([keras.layers.Embedding(2, 2), keras.layers.Dropout(0.9999999)])
    toy(np.array([[0]]))
    toy.set_weights([np.array([[9.0, 0.0], [0.0, 9.0]])])
    x, optimizer = np.array([[0, 1]]), keras.optimizers.SGD(0.1, momentum=0.5)
    loss = train_step(toy, optimizer, x, x)
    c.close(loss, math.log(2), name="loss with all dropped", hint="model(x, training=True)")
### BEGIN HIDDEN TESTS
from functools import cache

import keras
import numpy as np
import tensorflow as tf

rng = case_rng(25)


@cache  # building a model takes longer than a step
def model_with(middle):
    layers = {
        "": [],
        "tanh": [keras.layers.Dense(4, "tanh")],
        "norm": [keras.layers.BatchNormalization()],
    }[middle]
    model = keras.Sequential([keras.layers.Embedding(6, 4), *layers, keras.layers.Dense(6)])
    model(np.zeros((1, 3), int))
    return model


def made(middle=""):
    """A model with new weights."""
    model = model_with(middle)
    model.set_weights([rng.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


def batch(B=3, L=5, V=6):
    return rng.integers(0, V, (B, L)), rng.integers(0, V, (B, L))


with case(
    "the loss that is returned", hint="The loss before the update, computed by compute_loss."
):
    model, (x, y) = made(), batch()
    probe("loss", train_step(model, keras.optimizers.SGD(0.8), x, y), rtol=1e-3)
with case(
    "the weights after one step",
    hint="Every trainable variable moves along its own gradient, once.",
):
    model, (x, y) = made(), batch()
    train_step(model, keras.optimizers.SGD(0.5), x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "one model after the other, with their optimizers",
    hint="Use the model and optimizer you are given.",
):
    for name, model, optimizer, steps in (
        ("momentum", made(), keras.optimizers.SGD(0.3, momentum=0.8), 2),
        ("Adam", made("tanh"), keras.optimizers.Adam(0.05), 1),
    ):
        losses = [train_step(model, optimizer, *batch(2, 4)) for _ in range(steps)]
        probe(f"{name}: losses", losses, rtol=1e-3)
        probe(f"{name}: weights", model.get_weights(), rtol=1e-2, atol=1e-4)
with case("steep slopes", hint="Take the gradients as they are: no clipping of what is large."):
    model, (x, y) = made(), batch()
    model.set_weights([60 * w for w in model.get_weights()])
    train_step(model, keras.optimizers.SGD(0.05), x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-4)
with case(
    "compiled",
    hint="tf.function(train_step) must work: leave the loss a tensor, without float or .numpy().",
):
    model, (x, y) = made(), batch()
    probe("loss", tf.function(train_step)(model, keras.optimizers.SGD(0.5), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case("training mode", hint="Call the model with training=True."):
    model, (x, y) = made("norm"), batch()
    model.set_weights([np.abs(w) for w in model.get_weights()])
    probe("loss", train_step(model, keras.optimizers.SGD(0.1), x, y), rtol=1e-3)
    probe("weights and statistics", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "nothing else changes",
    hint="Frozen layers, the learning rate and the batch stay as they are.",
):
    model, optimizer, (x, y) = made("tanh"), keras.optimizers.SGD(0.25), batch()
    model.layers[1].trainable = False
    train_step(model, optimizer, x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
    probe("learning rate, updates", [float(optimizer.learning_rate), int(optimizer.iterations)])
    probe("batch afterwards", [x, y])
with case("a model that was never called", hint="The model may get its weights in this very step."):
    first, second = (keras.initializers.RandomNormal(stddev=1.0, seed=seed) for seed in (5, 6))
    layers = [
        keras.layers.Embedding(6, 3, first),
        keras.layers.Dense(6, kernel_initializer=second),
    ]
    model, (x, y) = keras.Sequential(layers), batch()
    probe("loss", train_step(model, keras.optimizers.SGD(1.0), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ### An honest score
#
# The loss on tunes that the network has practised on says little: it may know them by heart. What
# counts is the loss on tunes it has *never* seen, so a tenth of the book was put aside before we
# began, whole tunes only. On it we measure the mean surprise per character, in nats, for every
# character but the first (nobody can predict that one):
#
# ```text
#     text       c₀ c₁ c₂ c₃ c₄ c₅ c₆ c₇ c₈          9 characters, 8 to predict
#     window 1   c₀ c₁ c₂  →  c₁ c₂ c₃               seq_length = 3
#     window 2            c₃ c₄ c₅  →  c₄ c₅ c₆      starts afresh: no state is carried over
#     window 3                      c₆ c₇  →  c₇ c₈  the last one is shorter
# ```
#
# #### TODO 2.6 · `nats_per_char` (3 points)
#
# Measure a model on a text. Each of the $N - 1$ predicted characters counts once, and all count the
# same. The shorter last window must therefore not weigh as much as a full one.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Add up the loss of all characters, and divide by their number at the end. A window of $n$
# characters with mean loss $\ell$ contributes $n \cdot \ell$.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Separate inputs and targets first: `vectorized[:-1]` and `vectorized[1:]`. Then windows start at
# `i` in `range(0, len(targets), seq_length)`, and slices past the end come out shorter by
# themselves. The model wants a batch: `window[None]` makes one of a single window. Much faster, if
# you like: put all full windows into one batch, with `reshape(-1, seq_length)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# inputs, targets = vectorized[:-1], vectorized[1:]
# total = 0.0
# for i in range(0, len(targets), seq_length):
#     x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
#     total += float(compute_loss(y, model(x))) * ...
# return total / ...
# ```
# </details>


# %% nbgrader={"grade_id": "nats_per_char", "solution": true}
def nats_per_char(model, vectorized, seq_length):
    """The model's mean loss over every character of a text after the first, in nats.

    model: integers (B, L) → logits (B, L, V). vectorized: integers (N,), N ≥ 2.
    The text is read in consecutive windows of seq_length characters from index 0, each with a fresh
    context, the last one possibly shorter. Returns a scalar.
    """
    ### BEGIN SOLUTION
    count = len(vectorized) - 1
    full = count // seq_length * seq_length  # the characters that fill whole windows
    total = 0.0
    for start, stop in ((0, full), (full, count)):
        if start < stop:
            shape = (-1, min(seq_length, stop - start))
            x, y = (
                vectorized[start:stop].reshape(shape),
                vectorized[start + 1 : stop + 1].reshape(shape),
            )
            total += float(compute_loss(y, model(x))) * (stop - start)
    return total / count
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_nats_per_char", "grade": true, "locked": true, "points": 3}
with check("without an idea, a model pays ln V per character") as c:
    toy = keras.Sequential(
        [keras.layers.Embedding(7, 2), keras.layers.Dense(7, kernel_initializer="zeros")]
    )
    c.close(
        nats_per_char(toy, np.arange(20) % 7, 6), math.log(7), hint="Mean over characters, in nats."
    )
with check("the shorter last window counts by its characters") as c:
    toy, text = build_model(5, 3, 4), np.array([0, 1, 2, 3, 4, 0])
    toy(text[None])
    toy.set_weights([np.random.default_rng(9).normal(0, 2, w.shape) for w in toy.get_weights()])
    parts = [
        compute_loss(text[None, i + 1 : j + 1], toy(text[None, i:j]))
        for i, j in ((0, 5), (0, 4), (4, 5))
    ]
    c.close(nats_per_char(toy, text, 5), parts[0], hint="One full window: exactly its loss.")
    c.close(
        nats_per_char(toy, text, 4),
        (4 * parts[1] + parts[2]) / 5,
        hint="4 characters, then 1, each afresh.",
    )
with check("the model is measured as it is used, not as it learns") as c:
    toy = keras.Sequential([keras.layers.Embedding(2, 2), keras.layers.Dropout(0.9999999)])
    toy(np.array([[0]]))
    toy.set_weights([np.array([[0.0, math.log(3)], [0.0, 0.0]])])
    nats = nats_per_char(toy, np.array([0, 1, 0]), 2)
    c.close(nats, (math.log(4 / 3) + math.log(2)) / 2, hint="Not training=True.")
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(26)


class Running(keras.layers.Layer):
    """Knows all characters so far, as an LSTM does, and is far quicker here."""

    def call(self, x):
        return tf.cumsum(x, axis=1) / 2


def made(middle, V=5, E=3):
    model = keras.Sequential([keras.layers.Embedding(V, E), middle, keras.layers.Dense(V)])
    model(np.zeros((1, 2), int))
    model.set_weights([rng.normal(0, 1, w.shape) for w in model.get_weights()])
    return model


reader, text = made(Running()), rng.integers(0, 5, 60)
for name, length, size, hint in (
    (
        "full windows only",
        5,
        21,
        "Windows start at 0, L, 2L, …, and predict every character after the first.",
    ),
    ("a shorter last window", 5, 23, "The last window weighs as much as it has characters."),
    ("a last window of one character", 5, 22, "Even a single character at the end counts."),
    ("a text shorter than one window", 9, 5, "Then the only window is the short one."),
    ("windows of one character", 1, 7, "seq_length may be 1."),
):
    with case(name, hint=hint):
        part = text[:size].copy()
        probe("nats", nats_per_char(reader, part, length))
        probe("text afterwards", part)
with case("nothing is learned", hint="Measure with the model as it is used, not in training mode."):
    model = made(keras.layers.BatchNormalization())
    model.set_weights([np.abs(w) for w in model.get_weights()])
    probe("nats", nats_per_char(model, text, 8), rtol=1e-3)
    probe("weights afterwards", model.get_weights())
### END HIDDEN TESTS

# %% [markdown]
# ### Training
#
# Everything is in place. The loop below draws a batch, calls your `train_step`, and does it again.
# The learning rate climbs for the first 50 batches, then it sinks in a straight line. The windows
# are short at first, many to a batch, which is quick; later on they are twice as long and half as
# many, since nobody learns from short ones how a tune comes back to its beginning. The loop stops
# after the steps or the seconds of your budget, whichever comes first, and draws the loss as it
# goes: on the batches it practises on, and on the held-out tunes.
#
# The first steps depend on the first weights. Keras draws those of an `Embedding` between −0.05 and
# 0.05, and the LSTM hears next to nothing of such small numbers. `init_embeddings` draws them anew,
# with a standard deviation of 1, and the training starts much more quickly.
#
# A network with about as many weights as there are characters to learn from soon knows the training
# tunes by heart: the loss on them goes on falling, while the one on the held-out tunes rises again.
# Two remedies are at work here:
#
# - **More examples** (*data augmentation*). A fiddler who has learned a tune in G can play it in D.
#   For the network that is a new tune: other letters, the same music. So each tune is put into the
#   practice book once more, in another key. The held-out tunes stay as they are.
# - **Dropout.** As long as the network practises, some of the numbers that pass between its layers
#   are set to zero by dice, other ones in each step, and the rest is scaled up to make good for it.
#   Nothing that it learns can hang on a single number then. `practising` is your model, the same
#   layers with the same weights, with two layers between them that do this. When your model is
#   measured, or writes, nothing is dropped. (Nor at `quick`, which is over before anything is known
#   by heart.)
#
# There is also an opponent. A **5-gram** has no neurons; it looks at the last four characters, and
# counts what came next wherever they stood in the practice book. If your network cannot beat that,
# it has not understood much.
#
# While it runs: why can the loss on the training batches be *higher* than the one on tunes that
# were never seen?

# %% tags=["demo"]
with when_done(
    "vectorize_string", "get_batch", "build_model", "compute_loss", "train_step", "nats_per_char"
):
    rng = seed_everything(1)
    practice = tunes.train + in_other_keys(tunes.train, rng)
    train_ids, held_out_ids = (
        vectorize_string(t, char2idx) for t in (join_tunes(practice), tunes.held_out_text)
    )
    baseline = ngram_nats_per_char(practice, tunes.held_out, n=5)
    tune_model = build_model(vocab_size, budget.embedding_dim, budget.rnn_units)
    init_embeddings(tune_model, rng)
    untrained = nats_per_char(tune_model, held_out_ids[:2000], budget.seq_length)
    print(
        f"{tune_model.count_params():,} parameters; untrained {untrained:.2f} nats, ln V {math.log(vocab_size):.2f}"
    )
    practising = add_dropout(tune_model, budget.dropout)
    optimizer = keras.optimizers.AdamW(budget.learning_rate, weight_decay=0.1, clipnorm=1.0)
    fast_step = tf.function(train_step)  # compiled: several times faster
    with LiveCurve(
        budget.steps,
        seconds=budget.seconds,
        loss_name="nats per character",
        baseline=baseline,
        baseline_name="5-gram",
    ) as curve:
        for i in curve:
            optimizer.learning_rate = budget.learning_rate * min(
                (i + 1) / 50, 1 - 0.99 * curve.progress
            )
            longer = 2 if curve.progress > 0.4 else 1
            batch = get_batch(
                train_ids, budget.seq_length * longer, budget.batch_size // longer, rng
            )
            curve.add(fast_step(practising, optimizer, *batch))
            if (i + 1) % (budget.steps // 10) == 0:
                curve.add_held_out(
                    nats_per_char(tune_model, held_out_ids[:4000], budget.seq_length)
                )
    score = nats_per_char(
        tune_model, held_out_ids, 2000
    )  # long windows: little is read without a beginning
    print(
        f"held out, in nats, after {int(optimizer.iterations)} batches: 5-gram {baseline:.3f}, network {score:.3f}"
    )

# %% [markdown]
# ### Rolling the dice, at a temperature
#
# The network gives probabilities; to write, somebody has to choose. Always taking the likeliest
# character sounds sensible and ends in a loop. So we roll dice, loaded dice, and a knob says how
# loaded: the **temperature** $T$.
#
# $$ p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}} $$
#
# The chances of two characters differ by the factor $e^{(z_i - z_j)/T}$. At $T = 1$ the dice follow
# the network. A smaller $T$ makes the favourites stronger, and in the limit $T = 0$ only the best
# one is left. A large $T$ evens everything out, until a monkey is typing.
#
# #### TODO 2.7 · `sample_next` (4 points)
#
# Draw one character number from softmax(logits / temperature). Temperature 0 means: the largest
# logit, no dice.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Treat $T = 0$ first, dividing by it will not work. Otherwise: divide, softmax, draw. Take care
# that $e^z$ does not overflow; the softmax does not change when you subtract the same number from
# every $z$.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.argmax`; `np.exp(z - z.max())` is safe, then divide by its sum; `rng.choice(len(p), p=p)`
# rolls the loaded dice. Make a float64 array of the logits first (`np.asarray(logits,
# dtype=float)`), which works for tensors as well.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# logits = np.asarray(logits, dtype=float)
# if temperature == 0:
#     return int(...)
# p = np.exp((logits - logits.max()) / ...)
# return int(rng.choice(len(p), p=...))
# ```
# </details>


# %% nbgrader={"grade_id": "sample_next", "solution": true}
def sample_next(logits, temperature, rng):
    """Draw from softmax(logits / temperature).

    logits: an array or a tensor (V,), whole numbers too; it stays as it is.
    temperature: a number ≥ 0; 0 takes the largest logit.
    rng: numpy.random.Generator, the only source of chance. Returns an integer from 0 to V − 1.
    """
    ### BEGIN SOLUTION
    logits = np.asarray(logits, float)
    if temperature == 0:
        return int(np.argmax(logits))
    p = np.exp((logits - logits.max()) / temperature)
    return int(rng.choice(len(p), p=p / p.sum()))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sample_next", "grade": true, "locked": true, "points": 4}
with check("temperature 0 takes the largest logit") as c:
    c.equal(
        sample_next(np.array([0.1, 2.0, -1.0, 1.9]), 0, np.random.default_rng(0)),
        1,
        hint="np.argmax",
    )
with check("the draws follow softmax(logits / temperature)") as c:
    rng, logits = np.random.default_rng(0), np.log([0.25, 0.5, 0.25])
    for temperature, expected in ((1.0, [0.25, 0.5, 0.25]), (0.5, [1 / 6, 2 / 3, 1 / 6])):
        draws = [sample_next(logits, temperature, rng) for _ in range(2000)]
        share = np.bincount(draws, minlength=3) / 2000
        c.close(
            share,
            expected,
            atol=0.06,
            name=f"shares at T = {temperature}",
            hint="Divide the logits by T.",
        )
with check("large logits, whole numbers and tensors work, and rng alone decides") as c:
    large, whole = tf.constant([1000.0, 1001.0, 0.0]), np.array([30, 0, 1])
    c.between(sample_next(large, 0.5, np.random.default_rng(0)), 0, 1, hint="Subtract the largest.")
    c.equal(sample_next(whole, 1, np.random.default_rng(0)), 0)
    c.dtype(
        sample_next(whole, 1, np.random.default_rng(0)), "int", hint="int(...): it is an index."
    )
    c.equal(whole, [30, 0, 1], name="the logits afterwards", hint="Change no input in place.")
    rngs = np.random.default_rng(0), np.random.default_rng(0)
    one, two = ([sample_next(np.zeros(9), 1, rng) for _ in range(20)] for rng in rngs)
    c.equal(one, two, name="the same seed twice", hint="Draw from rng, not from np.random.")
### BEGIN HIDDEN TESTS
import operator

import numpy as np
import tensorflow as tf

source = case_rng(27)
logits = np.array([1.0, 0.2, 1.6, 0.5, 1.2], "float32")


def draws(logits, temperature, n=400, seed=1):
    rng = np.random.default_rng(seed)
    return [operator.index(sample_next(logits, temperature, rng)) for _ in range(n)]


def softmax(z):
    z = np.asarray(z, float)
    return np.append(np.exp(z - z.max()) / np.exp(z - z.max()).sum(), 0)


with case(
    "temperature 0", hint="The index of the largest logit, as an integer, without any chance."
):
    rows = source.normal(0, 3, (20, 9)).astype("float32")
    probe(
        "indices",
        [draws(row, 0, 1)[0] for row in rows]
        + [draws(tf.constant(row), 0.0, 1)[0] for row in rows],
    )
with case("temperature 1", hint="Each index as often as its softmax says."):
    probe("draws", counts(draws(logits, 1.0), 5), compare=distribution(softmax(logits)))
    tensor = tf.constant(logits)
    probe(
        "draws from a tensor",
        counts(draws(tensor, 1, 60), 5),
        compare=distribution(softmax(logits)),
    )
with case("other temperatures", hint="Divide the logits by the temperature before the softmax."):
    for T in (0.5, 3.0):
        probe(
            f"draws at {T}",
            counts(draws(logits, T), 5),
            compare=distribution(softmax(logits / T)),
        )
with case(
    "extreme logits and temperatures",
    hint="Subtract the largest logit before you exponentiate.",
):
    large = np.array([60.0, 64.0, 10.0, -40.0, 63.0], "float32")
    probe("almost cold", draws(large, 0.02, 30))
    probe(
        "large logits",
        counts(draws(large, 2.0, 150), 5),
        compare=distribution(softmax(large / 2)),
    )
    probe("very hot", counts(draws(large, 1e6, 150), 5), compare=distribution([0.2] * 5 + [0]))
with case(
    "whole numbers, which stay as they are",
    hint="`logits /= temperature` would change the caller's array.",
):
    whole, floats = np.array([2, 0, 1]), logits.copy()
    probe("draws", counts(draws(whole, 2, 200), 3), compare=distribution(softmax([1, 0, 0.5])))
    draws(floats, 0.7, 5)
    probe("logits afterwards", [whole, floats])
with case(
    "rng decides, and nothing else",
    hint="Draw from the rng that you are given, and from no other source.",
):
    rows = []
    for noise, seed in enumerate((0, 0, 0, 1, 2, 3)):
        stir_chance(noise)
        rows.append(np.array(draws(logits, 1.0, 20, seed)))
    probe("differences for the same seed", [rows[1] - rows[0], rows[2] - rows[0]])
    probe("different series", len({row.tobytes() for row in rows}), compare=at_least(4))
    fresh = np.concatenate([rows[0], *rows[3:]])
    probe("draws", counts(fresh, 5), compare=distribution(softmax(logits)))
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("sample_next"):
    rng, logits = seed_everything(2), np.array([2.0, 1.0, 0.5, 0.0, -1.0])
    fig, axes = plt.subplots(1, 4, figsize=(9, 2.4), sharey=True)
    for ax, temperature in zip(axes, (0, 0.5, 1.0, 3.0), strict=True):
        draws = [sample_next(logits, temperature, rng) for _ in range(500)]
        ax.bar(range(5), np.bincount(draws, minlength=5) / 500)
        ax.set(title=f"T = {temperature}", xticks=range(5), xlabel="character", ylabel="share")
    show(
        fig,
        alt="Four bar charts. The hotter, the more evenly the five characters are drawn; at 0 only the first is.",
    )

# %% [markdown]
# ### Writing
#
# Now let it write. Feed it a beginning, say `X:`; draw a character from the last logits; append it;
# let the network go on from there; repeat.
#
# The network must remember the *whole* text so far, its own contribution included. There are two
# ways to see to that:
#
# - **Read everything again** for each new character. Short and simple, and slow: the 500th
#   character takes 500 steps.
# - **Carry the state along**, one step per character, however long the text. That is what recurrent
#   networks are made for. The LSTM's state is two vectors: `h`, what it shows, and `c`, what it
#   keeps in its cells.
#
# Both earn full points. For long texts you will want the second.
#
# #### TODO 2.8 · `generate_text` (5 points)
#
# Return `start` and `length` further characters.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Read all characters of `start` first, and only then begin to draw. Every character, given or
# drawn, is read exactly once (or again and again, if you read everything again).
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# *Everything again*: `model(np.array([ids]))` has shape (1, L, V), and `[0, -1]` are the logits you
# want. *Carrying the state*: `embedding, lstm, dense = model.layers`. A layer `lstm` has a
# `lstm.cell` that does a single step: `output, state = lstm.cell(vector, state)` with a vector (1,
# E) and `state = [h, c]`, both zeros (1, H) (`lstm.units` is H) in the beginning. Then
# `dense(output)[0]` are the logits.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# embedding, lstm, dense = model.layers
# state = [tf.zeros((1, lstm.units)), tf.zeros((1, lstm.units))]
# text = start
# for i in range(len(start) + length - 1):
#     output, state = lstm.cell(embedding(np.array([char2idx[text[i]]])), state)
#     if i >= len(start) - 1:           # everything that was given has been read
#         text += idx2char[sample_next(...)]
# return text
# ```
# </details>


# %% nbgrader={"grade_id": "generate_text", "solution": true}
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    """Let the model continue a text.

    model: one that build_model has made. start: a text of at least one character.
    length: how many characters to add, ≥ 0. temperature, rng: as for sample_next.
    char2idx: dict from character to number. idx2char: any sequence of characters.
    Returns a text of len(start) + length characters that begins with start.
    """
    ### BEGIN SOLUTION
    vectors, W, U, b, W_out, b_out = model.get_weights()  # Embedding, LSTM (three), Dense (two)
    h = c = np.zeros(len(U), "float32")
    text = start
    for i in range(len(start) + length - 1):
        write, keep, new, show = np.split(vectors[char2idx[text[i]]] @ W + h @ U + b, 4)
        c = c / (1 + np.exp(-keep)) + np.tanh(new) / (1 + np.exp(-write))
        h = np.tanh(c) / (1 + np.exp(-show))
        if i >= len(start) - 1:
            text += str(idx2char[sample_next(h @ W_out + b_out, temperature, rng)])
    return text
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_generate_text", "grade": true, "locked": true, "points": 5}
with check("at temperature 0 the best guess after all that was written, and dice above it") as c:
    toy, chars, known = build_model(4, 3, 8), "ab|c", {"a": 0, "b": 1, "|": 2, "c": 3}
    toy(np.array([[0]]))
    source = np.random.default_rng(335)
    toy.set_weights([source.normal(0, 2, w.shape) for w in toy.get_weights()])
    for start in ("c", "ab|", "bca|cab"):
        text = generate_text(toy, start, 20, 0, np.random.default_rng(0), known, chars)
        c.equal(
            (len(text), text[: len(start)]),
            (len(start) + 20, start),
            hint="Return start as well: len(start) + length characters.",
        )
        best = np.argmax(toy(np.array([[known[char] for char in text]]))[0], axis=-1)
        c.equal(
            text[len(start) :],
            "".join(chars[i] for i in best[len(start) - 1 : -1]),
            hint="Is the whole text known, every character read once?",
        )
    # Dice: almost cold it writes as at 0, hot it follows the rng.
    texts = [
        generate_text(toy, "ab", 20, T, np.random.default_rng(seed), known, list(chars))
        for T, seed in ((0, 0), (1e-3, 1), (1e3, 1), (1e3, 1), (1e3, 2))
    ]
    c.equal(texts[1], texts[0], name="text at T = 0.001", hint="Almost 0: as at 0. Pass T on.")
    c.equal(texts[3], texts[2], name="the same seed twice", hint="Pass rng on.")
    c.true(texts[4] != texts[2], "another text with another seed", hint="T = 1000: pass T on.")
### BEGIN HIDDEN TESTS
import numpy as np


def built(V, E, H):
    """A model with known weights, put in by their shapes (all different); it writes without
    falling into a loop."""
    model, rng = build_model(V, E, H), np.random.default_rng(1353)
    model(np.zeros((1, 2), int))
    scales = {
        (V, E): 2.2,
        (E, 4 * H): 2.2,
        (H, 4 * H): 2.2,
        (4 * H,): 2.2,
        (H, V): 3.0,
        (V,): 3.0,
    }
    known = {shape: rng.normal(0, 1, shape) * scale for shape, scale in scales.items()}
    model.set_weights([known[tuple(w.shape)] for w in model.get_weights()])
    return model


rng = case_rng(28)
chars = list("e|d\nXc:")
table = {char: i for i, char in enumerate(chars)}
model = built(7, 5, 12)


def write(start, length, temperature=0, seed=1, chars=chars, model=model):
    return generate_text(
        model, start, length, temperature, np.random.default_rng(seed), table, chars
    )


with case(
    "from one character",
    hint="At temperature 0, always the best guess after everything so far.",
):
    probe("text", write("X", 12))
with case(
    "from several characters",
    hint="The network must have read the whole start, and read it once.",
):
    probe("text", write("X:dec|", 8))
    probe("another text", write("ed\n", 8))
with case(
    "a long start", hint="Nothing may be forgotten: read the whole text, however long it is."
):
    lasting = built(7, 5, 12)
    weights = lasting.get_weights()
    place = next(i for i, w in enumerate(weights) if w.shape == (48,))
    weights[place][12:24] = 20.0  # cells that keep what they once took in
    lasting.set_weights(weights)
    for first in "Xed":
        probe(f"text after {first!r}", write(first + "dec|c:dXe|" * 6, 5, model=lasting))
with case("lengths", hint="start plus exactly `length` characters, also for length 0 and 1."):
    probe("texts", [write("dec", 0), write("dec", 1), write("|", 1)])
with case(
    "idx2char as list, array or tuple", hint="Only index into idx2char; it may be any sequence."
):
    probe("texts", [write("c:", 10, chars=kind(chars)) for kind in (list, np.array, tuple)])
with case("almost cold", hint="Pass the temperature on: close to 0 the text is the same as at 0."):
    probe("texts", [write("Xe", 8, 0.01), write("|", 6, 0.01)])
with case(
    "hot",
    hint="Pass the temperature on: when it is very high, chance writes another text each time.",
):
    start = "".join(rng.choice(chars, 12))
    texts = {write(start, 6, 1e3, seed) for seed in range(4)}
    probe("different texts", len(texts), compare=at_least(3))
    probe("starts and lengths", sorted([text[:12], len(text)] for text in texts)[:3])
with case("rng decides, and nothing else", hint="Pass the rng on, and draw from no other source."):
    start, texts = "".join(rng.choice(chars, 12)), []
    for noise in range(2):
        stir_chance(noise)
        texts.append([table[char] for char in write(start, 8, 1e3, seed=5)])
    probe("differences for the same seed", np.subtract(*texts))
    probe("start", texts[0][:12])
### END HIDDEN TESTS

# %% [markdown]
# ### Listen
#
# The moment of truth. Run this cell as often as you like, with another seed, another start, another
# temperature.

# %% tags=["demo"]
with when_done("tune_model", "sample_next", "generate_text"):
    text = generate_text(
        tune_model, "X:", budget.text_length, 0.7, seed_everything(3), char2idx, idx2char
    )
    readable = [tune for tune in split_tunes(text) if fraction_parsed([tune])]
    print(
        readable[0]
        if readable
        else f"Not a single readable tune yet: it needs more training.\n\n{text}"
    )
    if readable:
        display(render_sheet_music(readable[0]), render_audio(readable[0]))

# %% [markdown]
# ### Measure
#
# One tune may be luck. So let it write a whole page at several temperatures, and count: how many of
# its tunes can a music program read at all (*parsed*), how many stand in the practice book, note by
# note (*copied*), and in how many bars the notes add up to the meter (*full bars*), which is what a
# musician would notice first. The first two lines judge O'Neill himself by the same measures: tunes
# of the training book, which are copies by definition, and tunes that were held out. Watch the last
# column if you compare budgets: in half a minute of training (`quick`) a network learns to spell,
# but not to count.

# %% tags=["demo"]
with when_done("tune_model", "sample_next", "generate_text"):
    pages = {"training": tunes.train[:30], "held out": tunes.held_out[:30]}
    for temperature in (0, 0.3, 0.7, 1.0, 1.5):
        text = generate_text(
            tune_model,
            "X:",
            budget.text_length,
            temperature,
            seed_everything(4),
            char2idx,
            idx2char,
        )
        pages[f"T = {temperature}"] = split_tunes(text)
    print("             tunes  parsed  copied  full bars")
    for name, page in pages.items():
        shares = fraction_parsed(page), fraction_copied(page, practice), fraction_of_full_bars(page)
        print(f"{name:>10} {len(page):7} {shares[0]:7.0%} {shares[1]:7.0%} {shares[2]:10.0%}")

# %% [markdown]
# ### Two questions
#
# These are read by a person. A few sentences each will do.

# %% [markdown] nbgrader={"grade_id": "music_written_1", "grade": true, "solution": true, "points": 2}
# **Question 1 (2 points). What does the temperature do?** Say what happens to the probabilities of
# two characters when $T$ goes to 0, is 1, or becomes very large, and what that does to the tunes.
# Which temperature would you choose for a concert, and which numbers of your table, or which
# sounds, speak for it?
#
# ### BEGIN MARK SCHEME
# - 1 point: the ratio of two probabilities is exp((z_i − z_j)/T) (a formula or clear words): T → 0
#   leaves the largest logit only, T = 1 is the network's own distribution, T → ∞ makes all
#   characters equally likely.
# - 1 point: what follows for the tunes (cold: safe, repetitive, loops; hot: wrong bars, unreadable
#   text), and a choice that is supported by numbers of their own table or by something heard.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# The chances of two characters have the ratio exp((z_i − z_j)/T). As T goes to 0 the ratio goes to
# infinity in favour of the larger logit, and sampling becomes argmax. At T = 1 the dice follow what
# the network learned. For large T every ratio goes to 1: all characters become equally likely,
# whatever the network thinks. Cold tunes are tidy and dull: phrases repeat themselves, and at T = 0
# the text falls into a loop, because the same context always gets the same answer. Hot tunes are
# adventurous until they break: bars stop adding up, then the header is spelled wrong and the tune
# cannot be read any more. I would take about 0.7: in my table nearly all tunes still parse and most
# bars are full, and yet no two tunes are alike.
# ### END SOLUTION

# %% [markdown] nbgrader={"grade_id": "music_written_2", "grade": true, "solution": true, "points": 2}
# **Question 2 (2 points). Where does it fail, and why?** Take one of your network's tunes. Name
# something that it does well and something that a fiddler would not accept, and show where. Then
# explain the failure by what the network is and how it was trained.
#
# ### BEGIN MARK SCHEME
# - 1 point: a concrete strength and a concrete failure, both with evidence (bar, line, sound, or
#   number of the table).
# - 1 point: a cause that fits the failure: one character at a time with a loss that knows no bars,
#   tunes or form; windows of seq_length characters with a fresh state; a state of rnn_units
#   numbers; few tunes, titles hardly repeat; errors that pile up because it reads its own output,
#   which it never did in training. "It needs more training" alone does not count.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# The small scale is good: headers are complete, in 6/8 the bars have six eighths, the notes stay in
# the key of the header, and a part ends with a repeat sign. The large scale is not: the second part
# has nothing to do with the first, where a real tune comes back to its opening phrase, and the
# ending comes whenever it likes; the title is Irish-looking nonsense. The network is paid for the
# next character only, and most next characters can be guessed from the last few, so that is what it
# learns first. It was trained on windows that are shorter than a tune and start with an empty
# state, and all it knows about the past must fit into one vector, so the first phrase is forgotten
# when it would be needed again. Each title occurs only once, which is too little to learn English
# from.
# ### END SOLUTION

# %% [markdown]
# ## Go further
#
# Nothing here is graded, all of it is fun.
#
# - **Finish a tune you know.** Start `generate_text` with a header and the first two bars of it.
# - **A bigger brain.** Add a second LSTM layer, and compare the held-out curve at the same number
#   of seconds. Does it help, or overfit? (`generate_text` may need a second state.)
# - **What the remedies are worth.** Train without dropout, or on `tunes.train` alone, for the same
#   number of seconds. When does the held-out curve turn? And what if each tune comes in *all* keys?
#   (`from labkit.music import transpose_tune`)
# - **Nucleus sampling.** Draw only from the smallest set of characters that has, say, 90 % of the
#   probability. Does it give livelier tunes than a low temperature, at the same share of full bars?
# - **Your network is a compressor.** At $h$ nats per character, the held-out tunes could be stored
#   in $N h / (8 \ln 2)$ bytes. How large does Python's `lzma` make the same text, and who wins?

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
#    ✓?
# 2. Save the notebook (in Colab: *File → Download → Download .ipynb*).
# 3. Hand in the `.ipynb` file as your course tells you. Any file name will do.
#
# Your cells are run again for the marks, with inputs that you have not seen. Whatever your notebook
# shows now, plots and ticks included, is for you.
