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
# # Lab 5 · Everything by hand, and a playground that runs on it
#
# <!-- badges -->
#
# A neural network is arithmetic: multiply, add, compare, repeat. In this lab you write all of it
# yourself, in NumPy, forwards and backwards: layers, a loss, an optimizer, convolution, pooling, a
# recurrent layer. You *prove* each piece by a second, independent way to get a gradient. Your code
# then reads handwritten digits, and it becomes the engine of a playground in which you watch it
# learn. At the very end TensorFlow does the same in a few lines, and gets the same numbers as you.
#
# People argue whether to begin with a framework or from scratch. This lab is one half of the
# argument; Labs 1 to 4 are the other. **It needs no other lab**: take it first or last.
#
# **After this lab you can**
#
# - find any slope by trial, and say how far it can be trusted;
# - write the forward and the backward pass of a layer, and prove that they fit together;
# - train a network on real data with nothing but NumPy;
# - say what a framework does for you, and what it does not.
#
# **You need** Python, a little NumPy, and school calculus. No GPU, no account, no key.
#
# **How it works.** The cells with `YOUR CODE HERE` are yours. The cell below each of them checks
# your work: ✓ is right, ✗ not yet, ○ not attempted. Stuck? Every task has three hints to unfold one
# by one: the idea, the tools, and (nearly) the code. The checks are practice. Points come from
# similar cases that you do not see, and a task you leave out costs you that task only.
#
# **Two sessions.** Parts 1 to 4 and 7 fill an afternoon. Parts 5 and 6 (convolution, recurrence)
# are longer; they may wait for a second one.

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
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: more would be slower
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # of TensorFlow warnings and errors will do

from itertools import pairwise

import numpy as np
from labkit import BUDGETS, LiveCurve, check, choose_budget, use_labkit_style, when_done
from labkit.digits import load_digits
from labkit.nets import Flatten, LastStep, Tanh, gradient_errors, parameters, set_parameters
from labkit.nets import gradient_norms, playground, plot_gradient_errors, plot_gradient_norms
from labkit.nets import share_right, show_weights, time_steps, train_network

use_labkit_style()

# %% [markdown]
# How long the lab computes is decided here. `quick` gives a first impression in seconds, `class` is
# for a laptop. To change it, add `name="quick"` to the call.
#
# The digits were written by real people. They lie **sorted by class**, first all zeros, then all
# ones, as in a drawer. Every second of the held-out digits is in `test_x`; the others are kept for
# your marks.

# %%
settings = {  # quick, class, full
    "mlp_epochs": (10, 30, 40),
    "cnn_epochs": (2, 10, 20),
    "rnn_epochs": (10, 30, 40),
}
budget = choose_budget(
    {name: {key: row[i] for key, row in settings.items()} for i, name in enumerate(BUDGETS)}
)
digits = load_digits("small")
drawer = np.argsort(digits.train_labels, kind="stable")
train_images, train_y = digits.train_images[drawer], digits.train_labels[drawer]
test_images, test_y = digits.test_images[::2], digits.test_labels[::2]
train_x, test_x = train_images.reshape(-1, 784), test_images.reshape(-1, 784)

# %% [markdown]
# ## Part 1 · A slope by trial
#
# A network learns by going downhill, so it needs **slopes**: if I turn this one number up a little,
# how much does the loss grow? You can find out without any calculus. Turn it up by a small
# $\varepsilon$ and look; turn it down by $\varepsilon$ and look; divide:
#
# $$ \frac{\partial f}{\partial x_i} \approx \frac{f(x + \varepsilon e_i) - f(x - \varepsilon e_i)}
# {2 \varepsilon} $$
#
# Here $e_i$ is 1 at place $i$ and 0 elsewhere. These are **central differences**. Looking at both
# sides is worth it: what the curve bends to the right is cancelled by what it bends to the left,
# and the error shrinks like $\varepsilon^2$.
#
# For a million weights this takes two million evaluations. That is why nobody *trains* this way,
# and why everybody *checks* this way.
#
# #### TODO 5.1 · `numerical_gradient` (3 points)
#
# `f` takes an array of the shape of `x` and returns one number. Return the slope for every element.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Visit the elements one by one. Change one, evaluate, change it the other way, evaluate, put it
# back.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.array(x, dtype=float)` makes a copy in float64. `np.ndindex(x.shape)` yields every place of an
# array of any shape, and `x[i]` takes such a place.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# x = np.array(x, dtype=float)
# gradient = np.zeros(x.shape)
# for i in np.ndindex(x.shape):
#     kept = x[i]
#     x[i] = kept + eps
#     above = f(x)
#     x[i] = kept - ...
#     below = ...
#     gradient[i] = (above - below) / ...
#     x[i] = kept
# return gradient
# ```
# </details>


# %% nbgrader={"grade_id": "numerical_gradient", "solution": true}
def numerical_gradient(f, x, eps=1e-5):
    """Central differences of f at x.

    f: a function from an array of the shape of x to one number.
    x: an array of any shape; whole numbers work too. It is the same afterwards.
    eps: how far to go to either side.
    Returns a float64 array of the shape of x.
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        kept = x[i]
        x[i] = kept + eps
        above = f(x)
        x[i] = kept - eps
        gradient[i] = (above - f(x)) / (2 * eps)
        x[i] = kept
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_numerical_gradient", "grade": true, "locked": true, "points": 3}
with check("central differences of Σ x³ are 3x² + ε², and x stays as it is") as c:
    x = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 1.5]])
    slopes = numerical_gradient(lambda x: np.sum(x**3), x, eps=0.1)
    c.close(slopes, 3 * x**2 + 0.01, hint="Both sides, and divide by the whole way, 2 · eps.")
    c.equal(x[0], [1.0, -2.0, 0.5], name="x afterwards", hint="Work on a copy, or put back.")
    c.dtype(slopes, "float64", hint="np.zeros gives float64 unless told otherwise.")
with check("f sees the shape of x; the default eps is small, and whole numbers work") as c:
    slopes = numerical_gradient(lambda x: x[1, 0] * x[0, 2], x)
    c.close(slopes, [[0, 0, 3.0], [0.5, 0, 0]], hint="Hand f an array of the shape of x.")
    slopes = numerical_gradient(lambda x: x[0] ** 3 * x[1], np.array([3, 4]))
    c.close(slopes, [108.0, 27.0], rtol=1e-6, hint="Copy x as floats: dtype=float.")
    slopes = numerical_gradient(lambda x: np.sum(np.sin(x)), np.float32([0.5, 1.0]))
    c.close(slopes, np.cos([0.5, 1.0]), rtol=1e-6, hint="float32 is too coarse: dtype=float.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(501)
with case("a wide step", hint="Go to both sides, and divide by the whole way."):
    x = rng.normal(size=5)
    probe(
        "x³ + x⁴",
        numerical_gradient(lambda x: np.sum(x**3 + x**4), x, eps=0.3),
        expect=3 * x**2 + 0.09 + 4 * x**3 + 4 * x * 0.09,
    )
    probe(
        "other steps",
        numerical_gradient(lambda x: np.sum(x**3), x, eps=0.05),
        expect=3 * x**2 + 0.0025,
    )
with case("the default step", hint="The default eps is 1e-5; work in float64."):
    x = rng.normal(size=(4, 2))
    probe(
        "sin",
        numerical_gradient(lambda x: np.sum(np.sin(x)), x),
        rtol=1e-7,
        atol=1e-8,
        expect=np.cos(x),
    )
    probe(
        "float32",
        numerical_gradient(lambda x: np.sum(np.sin(x)), x.astype("float32")),
        rtol=1e-7,
        atol=1e-8,
        expect=np.cos(x.astype("float32").astype(float)),
    )
with case("any shape", hint="f gets an array of the shape of x, and so is the gradient."):
    x, A = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    # of a quadratic function central differences are exact, so that the step may be wide
    probe(
        "a matrix",
        numerical_gradient(lambda x: np.sum((x @ A) ** 2), x, eps=0.5),
        expect=2 * x @ A @ A.T,
    )
    y = rng.normal(size=(2, 1, 3))
    probe("three axes", numerical_gradient(lambda y: np.prod(y[:, 0]), y))
    z = rng.normal(size=())
    probe("a number", numerical_gradient(lambda z: np.exp(z), z))
with case("x is the same afterwards", hint="Work on a copy, or put every number back."):
    x = rng.normal(size=(2, 2))
    numerical_gradient(lambda x: np.sum(x**2), x)
    probe("x", x, compare=equal())
with case("whole numbers", hint="A small step is lost in an array of whole numbers."):
    x = rng.integers(-9, 10, (2, 3))
    probe("x²", numerical_gradient(lambda x: np.sum(x**2), x), expect=2.0 * x)
### END HIDDEN TESTS

# %% [markdown]
# **How small is small?** The smaller $\varepsilon$, the better, one would think. The next cell uses
# your function to find the slope of $\sin$ with 25 values of $\varepsilon$, once with numbers of 32
# bits and once with 64. Coming from the right the error falls, as it should. But then it rises
# again: the two values of $f$ agree in almost all their digits, and their difference consists of
# rounding. In float32, the precision in which networks are trained, not even four digits of the
# slope can be had. **Gradients are checked in float64.**

# %% tags=["demo"]
with when_done("numerical_gradient"):
    plot_gradient_errors(numerical_gradient)

# %% [markdown]
# ### Equal, but how equal?
#
# Two gradients that were found in different ways never agree in every digit. What counts is the
# difference *relative* to their size:
#
# $$ \text{error}(a, b) = \max_i \frac{|a_i - b_i|}{\max(|a_i| + |b_i|,\; 10^{-12})} $$
#
# 0 is perfect, 1 is as bad as opposite signs. The $10^{-12}$ keeps two zeros from becoming 0/0.
# Below $10^{-6}$ you may be content; at $10^{-2}$ something is wrong.
#
# #### TODO 5.2 · `relative_error` (2 points)
#
# Write this formula. A NaN in `a` or `b` must come out as NaN: a check that overlooks NaN is none.
#
# <details><summary>Hint 1 · the idea</summary>
#
# One quotient for each element; then the worst of them, not their mean.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.abs`, `np.maximum` (the larger of two, element by element), `np.max` (the largest of an array;
# it lets NaN through, Python's `max` does not).
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `a, b = np.asarray(a, float), np.asarray(b, float)`, then
# `return np.max(np.abs(…) / np.maximum(…, 1e-12))`
# </details>


# %% nbgrader={"grade_id": "relative_error", "solution": true}
def relative_error(a, b):
    """The largest of |a − b| / max(|a| + |b|, 1e-12).

    a, b: numbers, or arrays of one shape. Returns one number from 0 to 1, or NaN if there is a NaN.
    """
    ### BEGIN SOLUTION
    a, b = np.asarray(a, float), np.asarray(b, float)
    return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_relative_error", "grade": true, "locked": true, "points": 2}
with check("the worst element decides: 0.2 of 4.2, 1 for opposite signs, 0 for two zeros") as c:
    c.close(relative_error([1.0, 2.0, 0.0], [1.0, 2.2, 0.0]), 0.2 / 4.2, hint="Σ of both sizes.")
    c.close(relative_error([[5.0, -3.0]], [[5.0, 3.0]]), 1.0, hint="Sizes: |a| + |b|.")
    c.close(relative_error(np.float32([0, 4]), [0, 4]), 0.0, hint="max(…, 1e-12) below the line.")
    c.close(relative_error(3e-13, 1e-13), 0.2, hint="Below the line at least 1e-12.")
with check("NaN comes out as NaN") as c:
    a, b = np.array([0.5, np.nan, 1.0]), np.array([0.5, 1.0, 1.1])
    c.true(
        np.isnan(relative_error(a, b)),
        "NaN",
        name="relative_error([0.5, nan, …], …)",
        hint="np.max lets NaN through; max and np.nanmax do not.",
    )
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(502)
with case("random arrays", hint="The largest of the quotients, one for each element."):
    for shape in ((7,), (3, 4), (2, 3, 2)):
        a = rng.normal(size=shape)
        probe(f"{shape}", relative_error(a, a + rng.normal(0, 0.1, shape)))
    probe("numbers", relative_error(2.5, float(rng.normal())))
with case("nearly equal", hint="Errors of 1e-9 must be seen as such."):
    a = rng.normal(size=(4, 5))
    error = relative_error(a, a * (1 + 1e-9 * rng.normal(size=a.shape)))
    probe("billionths", 1e9 * error, rtol=1e-3, atol=1e-6)
with case("tiny numbers and zeros", hint="Below the line stands at least 1e-12."):
    a = rng.normal(size=6) * 1e-13
    probe("tiny", relative_error(a, np.zeros(6)), rtol=1e-4, atol=1e-9)
    b = np.array([0.0, rng.normal()])
    probe("with zeros", relative_error(b, [0.0, 1.0]))
with case("NaN and whole numbers", hint="NaN comes out as NaN; whole numbers are numbers."):
    a, b = rng.integers(1, 9, 5), rng.integers(1, 9, 5)
    probe("whole numbers", relative_error(a, b))
    b = np.array(b, float)
    for place in (0, 2, 4):
        with_nan = b.copy()
        with_nan[place] = np.nan
        probe(f"NaN at {place}", [relative_error(a, with_nan), relative_error(with_nan, a)])
### END HIDDEN TESTS

# %% [markdown]
# ## Part 2 · Layers that know the way back
#
# A **layer** is a function with a memory. In this lab it is a class, and all layers look alike:
#
# | | |
# |---|---|
# | `params` | a list of the arrays that it learns: the very arrays that `forward` uses |
# | `grads` | a list of their gradients, in the same order and shapes |
# | `forward(x)` | computes the output, and remembers what the way back will need |
# | `backward(dout)` | gets the gradient of the loss for the *output*, sets `grads` anew, and returns the gradient for the *input* |
#
# `backward` is the chain rule, and nothing else: the gradient of the input is the gradient of the
# output times what the layer does to small changes. It is called at most once after each `forward`.
# Chained together, the layers hand the gradient from the loss to the first weight. That is
# **backpropagation**.
#
# ```text
#   x ──► [ Affine ] ──► [ ReLU ] ──► [ Affine ] ──► logits ──► loss
#   dx ◄── backward ◄─── backward ◄─── backward ◄── dlogits ◄───┘
# ```
#
# ### The affine layer
#
# $y = xW + b$, for a batch of $B$ inputs with $D$ features: $x$ is $(B, D)$, $W$ is $(D, N)$, $b$ is
# $(N,)$. With $g$ for the gradient at the output, $(B, N)$:
#
# $$ \frac{\partial L}{\partial x} = g\, W^\top \qquad \frac{\partial L}{\partial W} = x^\top g \qquad
# \frac{\partial L}{\partial b} = \sum_{\text{batch}} g $$
#
# You need not learn this by heart: there is only one way in which the shapes fit.
#
# #### TODO 5.3 · `Affine` (4 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# Keep `x` in `forward`. In `backward`, three products: one for each of $x$, $W$, $b$. Nothing is
# averaged: the mean over the batch belongs to the loss.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `@` multiplies matrices, `.T` turns one around, `.sum(axis=0)` sums over the batch.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# forward: `W, b = self.params`, `self.x = x`, `return x @ W + b`
#
# backward: `self.grads = [self.x.T @ dout, dout.sum(axis=…)]` and `return dout @ …`
# </details>


# %% nbgrader={"grade_id": "affine", "solution": true}
class Affine:
    """y = xW + b. W: (D, N), b: (N,).

    params: [W, b]. grads: [dW, db], set anew by each call of backward.
    """

    def __init__(self, W, b):
        self.params, self.grads = [W, b], []

    def forward(self, x):
        """x: (B, D). Returns y (B, N)."""
        ### BEGIN SOLUTION
        W, b = self.params
        self.x = x
        return x @ W + b
        ### END SOLUTION

    def backward(self, dout):
        """dout: (B, N), the gradient for y. Sets grads, and returns the gradient for x, (B, D)."""
        ### BEGIN SOLUTION
        self.grads = [self.x.T @ dout, dout.sum(axis=0)]
        return dout @ self.params[0].T
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_affine", "grade": true, "locked": true, "points": 4}
W, b = np.array([[1.0, 2.0, -1.0], [0.5, -1.0, 3.0]]), np.array([0.1, 0.2, 0.3])
x = np.array([[1.0, 2.0], [-1.0, 0.5], [3.0, -2.0], [0.0, 1.5]])
with check("forward is xW + b") as c:
    layer = Affine(W, b)
    c.close(layer.forward(x)[:2], [[2.1, 0.2, 5.3], [-0.65, -2.3, 2.8]], hint="x @ W, then + b.")
with check("backward gives the slopes of forward: for x, W and b") as c:
    dx = layer.backward(np.ones((4, 3)))
    c.close(dx, np.tile([2.0, 2.5], (4, 1)), hint="dout @ W.T: every row sums the rows of W.")
    c.equal([np.shape(g) for g in layer.grads], [(2, 3), (3,)], hint="The shapes of W and b.")
    errors = gradient_errors(Affine, [W, b], x)
    c.between(errors["x"], 0, 1e-6, name="error of the gradient for x", hint="dout @ W.T")
    c.between(errors["grads[0]"], 0, 1e-6, name="error for W", hint="x.T @ dout, no mean.")
    c.between(errors["grads[1]"], 0, 1e-6, name="error for b", hint="A sum over the batch.")
    layer.forward(x[:1])
    layer.backward(np.ones((1, 3)))
    c.close(layer.grads[1], [1.0, 1.0, 1.0], name="db of the second call", hint="Not added up.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(503)


### BEGIN KEY
def slopes(f, x):
    """Central differences in float64, the reference of every gradient here."""
    x, found = np.array(x, float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        found[i] = (f(x + step) - f(x - step)) / 2e-5
    return found


### END KEY
def inputs(B, D, N):
    return [rng.normal(size=shape) for shape in ((B, D), (D, N), (N,), (B, N))]


with case("forward", hint="x @ W + b, for every row."):
    for B, D, N in ((3, 4, 2), (1, 2, 5)):
        x, W, b, _ = inputs(B, D, N)
        probe(f"y, B = {B}", Affine(W, b).forward(x), expect=np.einsum("bd,dn->bn", x, W) + b)
    x, W, b = x.astype("float32"), W.astype("float32"), b.astype("float32")
    probe("y in float32", Affine(W, b).forward(x))
with case("the gradient for x", hint="How much does y change with x? Which shapes fit?"):
    x, W, b, g = inputs(4, 3, 3)
    layer = Affine(W, b)
    layer.forward(x)
    probe("dx", layer.backward(g), expect=slopes(lambda x: np.sum(g * (x @ W + b)), x))
with case("the gradient for W", hint="The sum over the batch, of the shape of W."):
    x, W, b, g = inputs(5, 4, 3)
    layer = Affine(W, b)
    layer.forward(x)
    layer.backward(g)
    probe("dW", layer.grads[0], expect=slopes(lambda W: np.sum(g * (x @ W + b)), W))
with case("the gradient for b", hint="The sum over the batch, of the shape of b."):
    x, W, b, g = inputs(6, 2, 3)
    layer = Affine(W, b)
    layer.forward(x)
    layer.backward(g)
    probe("db", layer.grads[1], expect=slopes(lambda b: np.sum(g * (x @ W + b)), b))
    layer.forward(x[:1])
    layer.backward(g[:1])
    probe("db, B = 1", layer.grads[1], expect=g[0])
with case("one batch after another", hint="backward sets grads anew, and changes no input."):
    x, W, b, g = inputs(3, 2, 4)
    layer = Affine(W, b)
    for again in (1, 2):
        layer.forward(x * again)
        probe(f"dx {again}", layer.backward(g * again))
        probe(f"grads {again}", list(layer.grads))
    probe("inputs afterwards", [x, W, b, g])
    probe("params", list(layer.params))
with case("whole numbers", hint="Whole numbers are numbers."):
    x, W, b, g = (np.rint(3 * array).astype(int) for array in inputs(3, 2, 2))
    layer = Affine(W, b)
    probe("y", layer.forward(x))
    probe("dx", layer.backward(g))
    probe("grads", list(layer.grads))
### END HIDDEN TESTS

# %% [markdown]
# ### The bend
#
# Two affine layers in a row are one affine layer: without something bent between them, depth is
# worth nothing. The simplest bend is **ReLU**: what is positive passes, the rest becomes 0. On the
# way back the gradient passes exactly where the input was positive. (At 0 itself there is a kink
# and no slope; we take 0.)
#
# #### TODO 5.4 · `ReLU` (2 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# In `forward`, remember where x was positive. In `backward`, let the gradient pass there only.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `x > 0` is an array of `True` and `False`; multiplied with numbers it is 1 and 0. `np.maximum(x,
# 0)` leaves x itself as it is; `x[x < 0] = 0` does not.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `self.positive = x > 0`, `return np.maximum(x, 0)`; and `return dout * …`
# </details>


# %% nbgrader={"grade_id": "relu", "solution": true}
class ReLU:
    """max(x, 0), element by element. params and grads are empty lists."""

    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x):
        """x: any shape. Returns an array of that shape."""
        ### BEGIN SOLUTION
        self.positive = x > 0
        return np.maximum(x, 0)
        ### END SOLUTION

    def backward(self, dout):
        """dout: the shape of x. Returns dout where x > 0, and 0 where x ≤ 0."""
        ### BEGIN SOLUTION
        return dout * self.positive
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_relu", "grade": true, "locked": true, "points": 2}
with check("what is positive passes, forwards and backwards") as c:
    layer, x = ReLU(), np.array([[-1.5, 0.0, 2.0], [0.5, -0.1, 0.0]])
    c.close(layer.forward(x), [[0, 0, 2.0], [0.5, 0, 0]], hint="The larger of x and 0.")
    dout = np.array([[7.0, 8.0, 9.0], [-4.0, 5.0, 6.0]])
    c.close(layer.backward(dout), [[0, 0, 9.0], [-4.0, 0, 0]], hint="Where x > 0, and not at 0.")
    c.equal(x[0], [-1.5, 0.0, 2.0], name="x afterwards", hint="np.maximum makes a new array.")
    c.equal(dout[0], [7.0, 8.0, 9.0], name="dout afterwards", hint="Multiply; change nothing.")
    layer.forward(-x)
    c.close(layer.backward(dout), [[7.0, 0, 0], [0, 5.0, 0]], hint="The mask of the last input.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(504)
with case("forward", hint="The larger of x and 0, for any shape."):
    for shape in ((4, 3), (2, 3, 2, 2)):
        probe(f"y {shape}", ReLU().forward(rng.normal(size=shape)))
    probe("whole numbers", ReLU().forward(rng.integers(-5, 6, (3, 4))))
with case("backward", hint="The gradient passes where x was positive; at 0 it does not."):
    x, g = rng.normal(size=(2, 4, 6))
    x[:, ::3] = 0.0
    layer = ReLU()
    layer.forward(x)
    probe("dx", layer.backward(g))
    probe("lists", [list(layer.params), list(layer.grads)])
with case("the last input counts", hint="Remember anew in each forward pass."):
    layer = ReLU()
    for step in range(3):
        x, g = rng.normal(size=(2, 3, 5))
        layer.forward(x)
        probe(f"dx {step}", layer.backward(g))
with case("nothing is changed in place", hint="Neither x nor dout may change."):
    x, g = rng.normal(size=(2, 3, 4))
    layer = ReLU()
    layer.forward(x)
    layer.backward(g)
    probe("x and dout afterwards", [x, g], compare=equal())
### END HIDDEN TESTS

# %% [markdown]
# ### The loss
#
# The last layer gives a number for each class, the **logits** $z$. The softmax turns them into
# probabilities, and the loss is how surprised the network is by the right class $k$, in nats:
#
# $$ p_j = \frac{e^{z_j}}{\sum_i e^{z_i}} \qquad L = -\log p_k $$
#
# averaged over the batch of $B$. Its gradient is the nicest formula of the whole field: *what you
# said minus what was right*,
#
# $$ \frac{\partial L}{\partial z_j} = \frac{1}{B}\left(p_j - [j = k]\right). $$
#
# One warning: $e^{1000}$ is infinite in any precision. But the probabilities do not change when the
# same number is subtracted from all logits of a row; subtract the largest, and nothing overflows.
#
# #### TODO 5.5 · `softmax_loss` (4 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# Shift each row so that its largest logit is 0. Then $\log p_j = z_j - \log \sum e^{z_i}$: take the
# logarithm in this form, and the logarithm of 0 never occurs.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.max(logits, axis=1, keepdims=True)`. `log_p[np.arange(B), labels]` picks one element of each
# row; it also works on the left of `-= 1`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# z = logits - np.max(logits, axis=1, keepdims=True)
# log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
# rows = np.arange(len(labels))
# gradient = np.exp(log_p)
# gradient[rows, labels] -= ...
# return -np.mean(log_p[...]), gradient / ...
# ```
# </details>


# %% nbgrader={"grade_id": "softmax_loss", "solution": true}
def softmax_loss(logits, labels):
    """The mean cross-entropy, and its gradient.

    logits: (B, N), of any size: ±1000 is no problem. labels: (B,) whole numbers from 0 to N − 1.
    Returns (loss, dlogits): a number in nats, and its gradient (B, N).
    """
    ### BEGIN SOLUTION
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    rows = np.arange(len(labels))
    gradient = np.exp(log_p)
    gradient[rows, labels] -= 1
    return -np.mean(log_p[rows, labels]), gradient / len(labels)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_softmax_loss", "grade": true, "locked": true, "points": 4}
with check("odds of 1 : 3 and 6 : 1 : 1, worked out on paper") as c:
    logits = np.log([[1.0, 3.0, 4.0], [6.0, 1.0, 1.0]])
    loss, dlogits = softmax_loss(logits, np.array([1, 0]))
    expected = -(np.log(3 / 8) + np.log(6 / 8)) / 2
    c.close(loss, expected, hint="−log p of the right class, averaged over the batch.")
    expected = np.array([[1, -5, 4], [-2, 1, 1]]) / 16
    c.close(dlogits, expected, hint="(p − 1 at the right class) / B")
    c.close(logits[0], np.log([1.0, 3.0, 4.0]), name="logits afterwards", hint="Work on a copy.")
with check("logits of ±1000 are no problem") as c:
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, -1000.0], [3.0, 3.0, -990.0]])
    loss, dlogits = softmax_loss(logits, np.array([2, 1, 0]))
    c.close(loss, (1000 + np.log(3) + np.log(2)) / 3, hint="Subtract the largest logit of a row.")
    c.close(dlogits[0], [1 / 3, 0, -1 / 3], hint="exp must not overflow.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(505)


### BEGIN KEY
def reference(logits, labels):
    """The loss with logaddexp, in float64."""
    z = np.asarray(logits, float)
    return np.mean([np.logaddexp.reduce(row) - row[k] for row, k in zip(z, labels, strict=True)])


def slopes(f, x):
    x, found = np.array(x, float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        found[i] = (f(x + step) - f(x - step)) / 2e-5
    return found


### END KEY
with case("the loss", hint="The mean over the batch of −log p of the right class."):
    for B, N in ((5, 4), (1, 3), (4, 4)):
        z, k = rng.normal(0, 2, (B, N)), rng.integers(0, N, B)
        probe(f"loss ({B}, {N})", softmax_loss(z, k)[0], expect=reference(z, k))
with case("the gradient", hint="What was said minus what was right, and the mean is in it."):
    z, k = rng.normal(0, 2, (5, 4)), rng.integers(0, 4, 5)
    probe("dlogits (5, 4)", softmax_loss(z, k)[1], expect=slopes(lambda z: reference(z, k), z))
    y, j = rng.normal(0, 2, (1, 3)), rng.integers(0, 3, 1)
    probe("dlogits (1, 3)", softmax_loss(y, j)[1], expect=slopes(lambda y: reference(y, j), y))
    x, i = rng.normal(0, 2, (3, 3)), rng.integers(0, 3, 3)
    probe("dlogits (3, 3)", softmax_loss(x, i)[1], expect=slopes(lambda x: reference(x, i), x))
with case("large logits: the loss", hint="Nothing may overflow, and log(0) must not occur."):
    z, k = rng.normal(0, 700, (6, 4)), rng.integers(0, 4, 6)
    probe("loss", softmax_loss(z, k)[0], expect=reference(z, k))
    z = rng.normal(0, 1, (4, 3)) + np.array([[1000.0], [-1000.0], [800.0], [-900.0]])
    probe("far from zero", softmax_loss(z, k[:4] % 3)[0], expect=reference(z, k[:4] % 3))
with case("large logits: the gradient", hint="Nothing may overflow."):
    z = rng.normal(0, 1, (4, 3)) + np.array([[1000.0], [-1000.0], [800.0], [-900.0]])
    k = rng.integers(0, 3, 4)
    probe("dlogits", softmax_loss(z, k)[1], expect=slopes(lambda z: reference(z, k), z), atol=1e-5)
with case("inputs", hint="Logits and labels stay as they are; whole numbers are logits, too."):
    z, k = rng.normal(0, 2, (4, 5)), rng.integers(0, 5, 4)
    softmax_loss(z, k)
    probe("afterwards", [z, k])
    whole = rng.integers(-3, 4, (4, 5))
    probe("whole numbers", list(softmax_loss(whole, k)))
### END HIDDEN TESTS

# %% [markdown]
# **The proof.** Your analytic gradients against your numerical ones, at random numbers, in float64.
# If you have written everything twice and it agrees to eight digits, it is right: no two
# different mistakes give the same wrong numbers.

# %% tags=["demo"]
with when_done("numerical_gradient", "relative_error", "Affine", "softmax_loss"):
    rng = np.random.default_rng(5)
    x, W, b, labels = (
        rng.normal(size=(6, 4)),
        rng.normal(size=(4, 3)),
        np.zeros(3),
        [0, 1, 2, 0, 2, 1],
    )
    layer = Affine(W, b)
    layer.backward(softmax_loss(layer.forward(x), labels)[1])
    slow = numerical_gradient(lambda W: softmax_loss(Affine(W, b).forward(x), labels)[0], W)
    print(f"Affine, then softmax: relative error of dW {relative_error(layer.grads[0], slow):.1e}")

# %% [markdown]
# ## Part 3 · A network that reads digits
#
# ### First weights
#
# Weights must start at random, or all neurons of a layer would learn the same. And they must have
# the right size: too large and signals explode from layer to layer, too small and they die away. A
# ReLU throws half of its inputs away, and **He's rule** makes up for it: each weight is drawn from a
# normal distribution with standard deviation $\sqrt{2 / D}$, where $D$ is the number of inputs of
# the layer (its *fan-in*). Biases start at 0.
#
# #### TODO 5.6 · `he_weights` (2 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# `sizes = [784, 128, 10]` means two layers: from 784 to 128, and from 128 to 10.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `zip(sizes, sizes[1:])` gives the pairs. `rng.normal(mean, deviation, shape)` draws.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# pairs = []
# for d, n in zip(sizes, sizes[1:]):
#     pairs.append((rng.normal(0, np.sqrt(...), (d, n)), np.zeros(...)))
# return pairs
# ```
# </details>


# %% nbgrader={"grade_id": "he_weights", "solution": true}
def he_weights(sizes, rng):
    """First weights by He's rule.

    sizes: the numbers of neurons [D_0, D_1, …, D_n]. rng: a numpy.random.Generator, the only source
    of chance.
    Returns a list of n pairs (W, b): W (D_i, D_i+1) normal with mean 0 and standard deviation
    √(2 / D_i), b (D_i+1,) zeros; all floats.
    """
    ### BEGIN SOLUTION
    return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_he_weights", "grade": true, "locked": true, "points": 2}
with check("one pair for each layer, of the right shapes, with zeros as biases") as c:
    pairs = he_weights([800, 300, 20, 5], np.random.default_rng(1))
    c.equal([np.shape(W) for W, b in pairs], [(800, 300), (300, 20), (20, 5)], hint="(D, N)")
    c.equal([np.shape(b) for W, b in pairs], [(300,), (20,), (5,)], hint="One bias per output.")
    c.close(max(np.abs(b).max() for W, b in pairs), 0.0, name="largest bias", hint="np.zeros")
    c.dtype(pairs[0][1], "float", hint="Biases will be trained: floats.")
with check("normal numbers with the deviation √(2/D), drawn from rng alone") as c:
    W = he_weights([800, 300, 20, 5], np.random.default_rng(1))[0][0]
    c.close(np.std(W), 0.05, rtol=0.01, name="deviation for D = 800", hint="√(2/D), D inputs.")
    c.close(np.mean(W), 0.0, atol=1e-3, name="mean", hint="Mean 0.")
    c.close(
        np.mean(np.abs(W) > 0.1),
        0.0455,
        rtol=0.06,
        name="share beyond 2 deviations",
        hint="rng.normal; uniform numbers have no tails.",
    )
    again, other = (he_weights([800, 300, 20, 5], np.random.default_rng(s)) for s in (1, 2))
    c.equal(again[0][0], W, name="the same seed again", hint="Draw from rng, not from np.random.")
    c.true(np.abs(other[0][0] - W).max() > 0.1, "other numbers with another seed", name="W")
    c.close(np.std(again[1][0]), (2 / 300) ** 0.5, rtol=0.05, name="deviation for D = 300")
    first, second = he_weights([6, 6, 6], np.random.default_rng(2))
    c.true(np.abs(first[0] - second[0]).max() > 0.1, "different in each layer", name="W")
### BEGIN HIDDEN TESTS
import numpy as np


def tails(pairs, sizes):
    """How many weights lie in each of eight equally likely ranges of the normal distribution."""
    edges = np.array([-1.15035, -0.67449, -0.31864, 0, 0.31864, 0.67449, 1.15035])
    found = np.zeros(8)
    for (W, _), d in zip(pairs, sizes[:-1], strict=True):
        found += np.bincount(np.searchsorted(edges, np.ravel(W) / np.sqrt(2 / d)), minlength=8)
    return found


with case("sizes", hint="One pair (W, b) for each layer."):
    for sizes in ([7, 3], [2, 9, 4, 1], (5, 5, 5)):
        pairs = he_weights(sizes, np.random.default_rng(3))
        probe(f"shapes {sizes}", [[list(np.shape(W)), list(np.shape(b))] for W, b in pairs])
        probe(
            f"kinds {sizes}",
            [np.asarray(W).dtype.kind + np.asarray(b).dtype.kind for W, b in pairs],
        )
        probe(f"biases {sizes}", [b for W, b in pairs])
        probe(f"deviations {sizes}", len(tails(pairs, sizes)))
    pairs = he_weights([300, 400], np.random.default_rng(4))
    probe("deviation", np.std(pairs[0][0]), rtol=0.02)
with case("normal, of the right size", hint="Which D is it, and is it normal?"):
    sizes = [300, 40, 90]
    pairs = he_weights(sizes, np.random.default_rng(5))
    probe("ranges", tails(pairs, sizes), compare=distribution([1 / 8] * 8))
    probe("deviations", [np.std(W) for W, b in pairs], rtol=0.05)
    probe(
        "beyond three deviations",
        np.mean(np.abs(pairs[0][0]) > 3 * np.sqrt(2 / 300)),
        compare=at_least(1e-3),
    )
with case("rng decides, and nothing else", hint="Draw from the rng that you are given."):
    draws = []
    for noise in (1, 2):
        stir_chance(noise)
        draws.append(he_weights([30, 20, 10], np.random.default_rng(6)))
    probe("differences for the same seed", [a[0] - b[0] for a, b in zip(*draws, strict=True)])
    other = he_weights([30, 20, 10], np.random.default_rng(7))
    probe("another seed", np.std(other[0][0] - draws[0][0][0]), compare=at_least(0.2))
    probe("deviation", np.std(other[0][0]), rtol=0.15)
with case("each layer its own", hint="Draw anew for each layer."):
    pairs = he_weights([40, 40, 40, 40], np.random.default_rng(8))
    probe(
        "correlations",
        [
            np.corrcoef(np.ravel(pairs[i][0]), np.ravel(pairs[j][0]))[0, 1]
            for i, j in ((0, 1), (1, 2), (0, 2))
        ],
        atol=0.1,
        expect=[0.0, 0.0, 0.0],
    )
    probe("deviations", [np.std(W) for W, b in pairs], rtol=0.1)
### END HIDDEN TESTS

# %% [markdown]
# ### The network
#
# A network is a list of layers. Forwards, each gets what the one before it gave. Backwards, the
# same in reverse. One thing is added: **weight decay**. Large weights make sharp, nervous decisions;
# a small price on their squares keeps them in check:
#
# $$ L_{\text{total}} = L + \tfrac{1}{2}\, \lambda \sum W^2, \qquad
# \frac{\partial}{\partial W} = \frac{\partial L}{\partial W} + \lambda W $$
#
# The sum runs over all parameters with two or more axes: matrices and filters, no biases.
#
# #### TODO 5.7 · `Network` (4 points)
#
# `loss_and_grads` runs forwards, asks `softmax_loss`, runs backwards, and returns the loss with the
# gradients of all layers in one flat list, in the order of `layer.params`, first layer first.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Two loops through `self.layers`: one over `reversed(…)` for backward, then one in order, to
# collect the gradients.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `zip(layer.params, layer.grads)` gives each parameter with its gradient; `p.ndim` counts axes.
# Write `g = g + l2 * p`, not `g += …`, which would change the layer's own array.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# loss, dout = softmax_loss(self.forward(x), labels)
# for layer in reversed(self.layers):
#     dout = layer.backward(dout)
# grads = []
# for layer in self.layers:
#     for p, g in zip(layer.params, layer.grads):
#         if p.ndim >= 2:
#             loss = loss + ... * np.sum(p**2)
#             g = g + ...
#         grads.append(g)
# return loss, grads
# ```
# </details>


# %% nbgrader={"grade_id": "network", "solution": true}
class Network:
    """A chain of layers. layers: a list of objects with params, grads, forward and backward."""

    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        """x: (B, …), what the first layer takes. Returns the logits (B, N)."""
        ### BEGIN SOLUTION
        for layer in self.layers:
            x = layer.forward(x)
        return x
        ### END SOLUTION

    def loss_and_grads(self, x, labels, l2=0.0):
        """The loss of a batch, and the gradients of all parameters.

        x: (B, …). labels: (B,) whole numbers. l2: the factor λ of the weight decay.
        Returns (loss, grads): softmax_loss + ½ λ Σ W² over the parameters with at least two axes,
        and a list of gradients in the order of the layers and their params.
        """
        ### BEGIN SOLUTION
        loss, dout = softmax_loss(self.forward(x), labels)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        grads = []
        for layer in self.layers:
            for p, g in zip(layer.params, layer.grads, strict=True):
                if p.ndim >= 2:
                    loss = loss + 0.5 * l2 * np.sum(p**2)
                    g = g + l2 * p
                grads.append(g)
        return loss, grads
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_network", "grade": true, "locked": true, "points": 4}
W1, b1 = np.array([[1.0, -1.0, 0.5], [2.0, 1.0, -1.0]]), np.array([0.0, 0.5, 2.0])
W2, b2 = np.array([[1.0, -0.5], [2.0, 1.0], [-1.0, 0.5]]), np.array([0.3, -0.2])
x, labels = np.array([[1.0, 2.0], [0.5, 1.0], [-2.0, 3.0]]), np.array([1, 0, 1])
with check("two affine layers with a ReLU between them, worked out by hand") as c:
    net = Network([Affine(W1, b1), ReLU(), Affine(W2, b2)])
    c.close(net.forward(x)[:2], [[7.8, -0.95], [3.55, 0.175]], hint="Each gets what was before.")
with check("the gradients are the slopes of the loss, without and with weight decay") as c:
    flat = np.concatenate([W1.ravel(), b1, W2.ravel(), b2])
    for l2, batch in ((0.0, x), (0.3, np.array([[0.5, -1.0], [1.0, 0.3], [-2.0, 2.5]]))):
        loss, grads = net.loss_and_grads(batch, labels, l2)
        decay = 0.5 * l2 * (np.sum(W1**2) + np.sum(W2**2))
        c.close(
            loss, softmax_loss(net.forward(batch), labels)[0] + decay, hint="½ λ Σ W², no biases."
        )
        c.equal([np.shape(g) for g in grads], [(2, 3), (3,), (3, 2), (2,)], hint="In order.")
        for k, shift in ((3, 1e-5), (7, 1e-5), (9, 1e-5), (16, 1e-5)):
            step = np.eye(17)[k] * shift
            ends = [
                Network(
                    [
                        Affine(v[:6].reshape(2, 3), v[6:9]),
                        ReLU(),
                        Affine(v[9:15].reshape(3, 2), v[15:]),
                    ]
                ).loss_and_grads(batch, labels, l2)[0]
                for v in (flat + step, flat - step)
            ]
            got = np.concatenate([np.ravel(g) for g in grads])[k]
            c.close(
                got,
                (ends[0] - ends[1]) / 2e-5,
                name=f"gradient {k}, l2 = {l2}",
                hint="backward in reverse order; + λW for matrices only.",
            )
### BEGIN HIDDEN TESTS
from itertools import pairwise

import numpy as np

rng = case_rng(507)


def arrays(sizes):
    pairs = [(rng.normal(size=(d, n)), rng.normal(size=n)) for d, n in pairwise(sizes)]
    return [array for pair in pairs for array in pair]


def chain(values):
    layers = []
    for W, b in zip(values[::2], values[1::2], strict=True):
        layers += [Affine(W, b), ReLU()]
    return Network(layers[:-1])


### BEGIN KEY
def logits(values, x):
    for i in range(0, len(values), 2):
        x = np.maximum(x, 0) if i else x
        x = x @ values[i] + values[i + 1]
    return x


def total(values, x, labels, l2):
    z = logits(values, x)
    losses = [np.logaddexp.reduce(row) - row[k] for row, k in zip(z, labels, strict=True)]
    return np.mean(losses) + l2 / 2 * sum(np.sum(W**2) for W in values[::2])


def slopes(values, x, labels, l2):
    found = []
    for number, value in enumerate(values):
        slope = np.zeros(value.shape)
        for i in np.ndindex(value.shape):
            ends = []
            for sign in (1, -1):
                moved = [array.copy() for array in values]
                moved[number][i] += sign * 1e-5
                ends.append(total(moved, x, labels, l2))
            slope[i] = (ends[0] - ends[1]) / 2e-5
        found.append(slope)
    return found


### END KEY
with case("forward", hint="Each layer gets what the one before it gave."):
    for sizes in ([3, 4], [3, 5, 2], [4, 3, 3, 2]):
        values, x = arrays(sizes), rng.normal(size=(5, sizes[0]))
        probe(f"logits {sizes}", chain(values).forward(x), expect=logits(values, x))
for name, l2 in (("without weight decay", 0.0), ("with weight decay", 0.1)):
    with case(f"the loss {name}", hint="Half of λ times the squares of all weights, no biases."):
        for sizes in ([3, 5, 2], [4, 3, 3, 2]):
            values, x = arrays(sizes), rng.normal(size=(5, sizes[0]))
            labels = rng.integers(0, sizes[-1], 5)
            probe(
                f"{sizes}",
                chain(values).loss_and_grads(x, labels, l2)[0],
                expect=total(values, x, labels, l2),
            )
    with case(f"the gradients {name}", hint="Back in reverse order; the list in order."):
        for sizes in ([3, 5, 2], [4, 3, 3, 2]):
            values, x = arrays(sizes), rng.normal(size=(5, sizes[0]))
            labels = rng.integers(0, sizes[-1], 5)
            probe(
                f"{sizes}",
                list(chain(values).loss_and_grads(x, labels, l2)[1]),
                atol=1e-5,
                expect=slopes(values, x, labels, l2),
            )
with case("one batch after another", hint="The gradients belong to the batch given last."):
    values = arrays([3, 4, 3])
    kept = [value.copy() for value in values]
    net = chain(values)
    for step in range(3):
        x, labels = rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
        loss, grads = net.loss_and_grads(x, labels, l2=0.2)
        probe(f"loss {step}", loss)
        probe(f"grads {step}", list(grads))
    probe("without decay by default", net.loss_and_grads(x, labels)[0])
    probe("changes of the parameters", [a - b for a, b in zip(values, kept, strict=True)])
### END HIDDEN TESTS


# %% [markdown]
# A helper that is given: it chains your pieces to a network of any size. Part 4 uses it, too.


# %%
def make_network(sizes, rng, activation="relu"):
    """A Network of affine layers with a bend between them; the last layer gives logits."""
    layers = []
    for W, b in he_weights(sizes, rng):
        layers += [Affine(W, b), {"relu": ReLU, "tanh": Tanh}[activation]()]
    return Network(layers[:-1])


# %% [markdown]
# ### Downhill with momentum
#
# The plain recipe is *p ← p − learning rate · gradient*. On a slope that is steep to the sides and
# gentle ahead it zigzags. A ball does better: it has a **velocity**, which remembers the common
# direction of many steps and forgets the zigzag:
#
# $$ v \leftarrow m\,v - \eta\, g, \qquad p \leftarrow p + v $$
#
# with the momentum $m$ (0.9, say) and the learning rate $\eta$.
#
# #### TODO 5.8 · `momentum_step` (3 points)
#
# Return *new* lists of parameters and velocities; change nothing in place.
#
# <details><summary>Hint 1 · the idea</summary>
#
# First all velocities, then all parameters with the *new* velocities.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# A list comprehension over `zip(velocities, grads)`. `m * v - …` makes new arrays.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `new_v = [momentum * v - … for v, g in zip(velocities, grads)]`, then
# `return [p + v for p, v in zip(params, …)], new_v`
# </details>


# %% nbgrader={"grade_id": "momentum", "solution": true}
def momentum_step(params, grads, velocities, learning_rate, momentum=0.9):
    """One step downhill with momentum: v ← momentum · v − learning_rate · g, then p ← p + v.

    params, grads, velocities: lists of arrays of the same shapes. They stay as they are.
    Returns (new params, new velocities), lists of new arrays.
    """
    ### BEGIN SOLUTION
    velocities = [momentum * v - learning_rate * g for v, g in zip(velocities, grads, strict=True)]
    return [p + v for p, v in zip(params, velocities, strict=True)], velocities
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_momentum", "grade": true, "locked": true, "points": 3}
with check("two arrays take a step, worked out by hand") as c:
    params, grads = [np.array([1.0, 2.0]), np.array([[5.0]])], [np.array([10.0, -4.0]), np.eye(1)]
    speed = [np.array([0.2, 0.0]), np.array([[-1.0]])]
    new, speeds = momentum_step(params, grads, speed, 0.05, momentum=0.5)
    c.close(speeds, [[-0.4, 0.2], [[-0.55]]], hint="v ← m·v − lr·g")
    c.close(new, [[0.6, 2.2], [[4.45]]], hint="p ← p + v, with the new v.")
    kept = [params[0], speed[0], grads[0]]
    c.close(
        kept,
        [[1.0, 2.0], [0.2, 0.0], [10.0, -4.0]],
        name="the lists afterwards",
        hint="`v *= m` changes the array that you were given: write m * v.",
    )
with check("the default momentum is 0.9") as c:
    c.close(momentum_step(params, grads, speed, 0.05)[1], [[-0.32, 0.2], [[-0.95]]])
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(508)
SHAPES = ((3, 2), (2,), (2, 1, 3), (1,))


def draw():
    return [rng.normal(size=shape) for shape in SHAPES]


with case("one step", hint="First the velocities, then the parameters with the new ones."):
    params, speeds = momentum_step(draw(), draw(), draw(), 0.1, momentum=0.7)
    probe("params", list(params))
    probe("velocities", list(speeds))
with case("three steps", hint="What comes out goes in again."):
    params, speeds = draw(), [np.zeros(shape) for shape in SHAPES]
    for step in range(3):
        params, speeds = momentum_step(params, draw(), speeds, 0.3 / (step + 1))
    probe("params", list(params))
    probe("velocities", list(speeds))
with case("without momentum", hint="With momentum 0 it is the plain recipe."):
    params, speeds = momentum_step(draw(), draw(), draw(), 0.2, momentum=0.0)
    probe("params", list(params))
with case("nothing changes in place", hint="New lists, new arrays."):
    params, grads, speeds = draw(), draw(), draw()
    new, _ = momentum_step(params, grads, speeds, 0.1)
    probe("afterwards", [params, grads, speeds])
    new[0] += 1.0
    probe("the old ones are other arrays", params[0])
### END HIDDEN TESTS

# %% [markdown]
# ### Training
#
# Everything is there; only the loop is missing. For some epochs: shuffle the digits (remember the
# drawer!), take them in batches of 32, and for each batch make one step. What `momentum_step`
# returns is written back into the network by `set_parameters(network, values)`, and
# `parameters(network)` gives all its arrays as a list.
#
# | setting | value |
# |---|---|
# | network | `make_network([784, 128, 10], rng)` |
# | batch | 32 digits |
# | learning rate | 0.05 at first, falling in a straight line to 0 |
# | momentum | 0.9 |
#
# #### TODO 5.9 · `train_digits` (4 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# One generator, `rng = np.random.default_rng(seed)`, for the first weights and for all shuffles:
# then the same seed gives the same network.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `rng.permutation(n)` is a shuffled list of indices: use the same one for digits and labels. `with
# LiveCurve(steps) as curve: for step in curve: … curve.add(loss)` shows the progress (a plain `for`
# will do, too).
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# rng = np.random.default_rng(seed)
# network = make_network([784, 128, 10], rng)
# velocities = [np.zeros_like(p) for p in parameters(network)]
# per_epoch = len(train_x) // 32
# with LiveCurve(epochs * per_epoch) as curve:
#     for step in curve:
#         if step % per_epoch == 0:
#             order = rng.permutation(len(train_x))
#         batch = order[step % per_epoch * 32 :][:32]
#         loss, grads = network.loss_and_grads(train_x[batch], ...)
#         rate = 0.05 * (1 - step / curve.total)
#         params, velocities = momentum_step(parameters(network), ...)
#         set_parameters(network, params)
#         curve.add(loss)
# return network
# ```
# </details>


# %% nbgrader={"grade_id": "train_digits", "solution": true}
def train_digits(seed, epochs):
    """A network that was trained on train_x (N, 784) and train_y (N,).

    seed: the only source of chance; the same seed gives the same network. epochs: at least 1.
    Returns a trained Network. With the epochs of the budget `quick` it is right for at least 93 %
    of digits it has never seen. train_x and train_y stay as they are.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    network = make_network([784, 128, 10], rng)
    velocities = [np.zeros_like(p) for p in parameters(network)]
    per_epoch = len(train_x) // 32
    with LiveCurve(epochs * per_epoch, baseline=np.log(10), baseline_name="guessing") as curve:
        for step in curve:
            if step % per_epoch == 0:
                order = rng.permutation(len(train_x))
            batch = order[step % per_epoch * 32 :][:32]
            loss, grads = network.loss_and_grads(train_x[batch], train_y[batch])
            rate = 0.05 * (1 - step / curve.total)
            params, velocities = momentum_step(parameters(network), grads, velocities, rate)
            set_parameters(network, params)
            curve.add(loss)
    return network
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_train_digits", "grade": true, "locked": true, "points": 4}
with check("after five epochs most new digits are right, and the same seed gives the same") as c:
    net = train_digits(1, 5)
    c.between(
        share_right(net, test_x, test_y),
        0.85,
        1.0,
        name="share of new digits",
        hint="Shuffle in every epoch, with one order for digits and labels.",
    )
    c.between(
        share_right(net, train_x, train_y),
        0.93,
        1.0,
        name="share of the training digits",
        hint="Is it trained on train_x, and on all of it?",
    )
    again, other = train_digits(1, 1), train_digits(2, 1)
    c.close(
        train_digits(1, 1).forward(test_x),
        again.forward(test_x),
        name="logits, seed 1 again",
        hint="Draw everything from one generator that is made from the seed.",
    )
    c.true(
        np.abs(other.forward(test_x) - again.forward(test_x)).max() > 0.1,
        "another one with another seed",
        name="the network",
        hint="Use the seed.",
    )
### BEGIN HIDDEN TESTS
import numpy as np

from labkit.digits.loading import load_digits

found = load_digits("small", quiet=True)
x = np.reshape(found.test_images, (-1, 784))[1::2]

with case("digits it has never seen", hint="Shuffle, and learn from all training digits."):
    net = train_digits(4, 10)
    probe(
        "classes",
        np.argmax(net.forward(x), axis=1),
        compare=accuracy(0.93, found.test_labels[1::2]),
    )
with case("digits it has learned", hint="Does it learn from all training digits?"):
    net = train_digits(5, 10)
    logits = net.forward(np.reshape(found.train_images, (-1, 784))[::3])
    probe("classes", np.argmax(logits, axis=1), compare=accuracy(0.97, found.train_labels[::3]))
with case("repeatable", hint="Everything that draws must follow from the seed."):
    runs = []
    for noise, seed in enumerate((7, 7, 8)):
        stir_chance(noise)
        runs.append(train_digits(seed, 1).forward(x[:60]))
    probe("differences for the same seed", runs[1] - runs[0], atol=1e-3)
    probe("difference for another seed", np.abs(runs[2] - runs[0]).max(), compare=at_least(0.05))
    probe(
        "classes after one epoch",
        np.argmax(runs[0], axis=1),
        compare=accuracy(0.6, found.test_labels[1::2][:60]),
    )
with case(
    "the epochs count", hint="Pass through the digits `epochs` times; leave them as they are."
):
    few, many = (train_digits(9, epochs) for epochs in (1, 6))
    classes = [np.argmax(net.forward(train_x), axis=1) for net in (few, many)]
    share = [np.mean(found == train_y) for found in classes]
    probe("more after six epochs than after one", share[1] - share[0], compare=at_least(0.015))
    probe("classes after six", classes[1][::5], compare=accuracy(0.95, train_y[::5]))
    probe("the digits afterwards", [np.mean(train_x, axis=0)[300:400], train_y[::50]])
### END HIDDEN TESTS

# %% [markdown]
# Now with all epochs of your budget, beside the baseline: a guess is right in one case of ten.

# %% tags=["demo"]
with when_done("train_digits", "momentum_step", "Network", "Affine", "ReLU", "he_weights"):
    mlp = train_digits(1, budget.mlp_epochs)
    print(
        f"MLP: {share_right(mlp, test_x, test_y):.1%} of the new digits are right; guessing: 10 %"
    )

# %% [markdown]
# **What does a hidden neuron see?** Each of the 128 has 784 weights, one for each pixel: show them
# as a picture. Purple ink makes the neuron fire, orange ink keeps it quiet. Some look for a stroke
# at a certain place, some for a hole; most are hard to put into words, and that is the truth about
# such networks.

# %% tags=["demo"]
with when_done("train_digits", "momentum_step", "Network", "Affine", "ReLU", "he_weights"):
    strongest = np.argsort(-np.abs(parameters(mlp)[2]).sum(axis=1))[:16]
    show_weights(
        parameters(mlp)[0].T[strongest].reshape(-1, 28, 28),
        alt="The weights of the 16 hidden neurons with the largest influence, as pictures of 28 × 28: strokes and spots in purple and orange.",
        title="What 16 hidden neurons look for",
    )

# %% [markdown]
# ## Part 4 · The playground
#
# Points of two colours in the plane, and *your* network between them. To make it more interesting,
# the network may see more of a point than its coordinates.
#
# #### TODO 5.10 · `features` (2 points)
#
# | name | value |
# |---|---|
# | `x`, `y` | the coordinates |
# | `x2`, `y2` | their squares |
# | `xy` | their product |
# | `sinx`, `siny` | their sine, in radians |
#
# <details><summary>Hint 1 · the idea</summary>
#
# A table from name to column; then one column for each name, in the order that was asked for.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# A dict raises `KeyError` by itself, with the name. `np.stack(columns, axis=1)` puts columns side
# by side.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# x, y = points[:, 0], points[:, 1]
# columns = {"x": x, "y": y, "x2": x**2, ..., "sinx": np.sin(x), "siny": ...}
# return np.stack([columns[...] for name in names], axis=1)
# ```
# </details>


# %% nbgrader={"grade_id": "features", "solution": true}
def features(points, names):
    """What the network sees of each point.

    points: (N, 2), coordinates x and y. names: at least one of x, y, x2, y2, xy, sinx, siny, in any
    order. Returns floats (N, len(names)), a column for each name in its order. An unknown name
    raises a KeyError that names it.
    """
    ### BEGIN SOLUTION
    x, y = np.asarray(points, float).T
    columns = {
        "x": x,
        "y": y,
        "x2": x**2,
        "y2": y**2,
        "xy": x * y,
        "sinx": np.sin(x),
        "siny": np.sin(y),
    }
    return np.stack([columns[name] for name in names], axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_features", "grade": true, "locked": true, "points": 2}
with check("a column for each name, in the order that was asked for") as c:
    points = np.array([[2.0, -3.0], [0.5, 1.0], [np.pi / 2, np.pi / 6]])
    c.close(features(points, ["y", "x2", "x"])[:2], [[-3, 4, 2], [1, 0.25, 0.5]], hint="In order.")
    c.close(features(points, ["xy", "y2"])[0], [-6.0, 9.0], hint="xy is the product.")
    c.close(features(points, ["siny", "sinx"])[2], [0.5, 1.0], hint="np.sin, in radians.")
with check("an unknown name is named, and whole numbers work") as c:
    c.raises(KeyError, lambda: features(points, ["x", "cosx"]), naming="cosx", hint="A dict does.")
    c.close(features(np.array([[3, -2]]), ("x2", "siny")), [[9.0, np.sin(-2)]])
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(510)
ALL = ["x", "y", "x2", "y2", "xy", "sinx", "siny"]
with case("the coordinates", hint="x is the first column of points, y the second."):
    probe("x, y", features(rng.normal(size=(5, 2)), ["x", "y"]))
with case("squares and product", hint="Each by itself, for every point."):
    for names in (["x2"], ["y2"], ["xy"]):
        probe(names[0], features(rng.normal(size=(4, 2)), names))
with case("sines", hint="Radians, as np.sin takes them."):
    for names in (["sinx"], ["siny"]):
        probe(names[0], features(rng.normal(0, 3, size=(4, 2)), names))
with case("any order", hint="The columns stand in the order of the names."):
    points = rng.normal(size=(3, 2))
    for number in range(3):
        probe(f"order {number}", features(points, [ALL[i] for i in rng.permutation(7)]))
    probe("all, as a tuple", features(points, tuple(ALL)))
    probe("twice the same", features(points, ["y", "xy", "y"]))
    probe("points afterwards", points)
with case("unknown names and whole numbers", hint="An unknown name raises a KeyError."):
    whole = rng.integers(-4, 5, (4, 2))
    probe("whole numbers", features(whole, ["x2", "sinx", "y"]))
    probe("unknown", outcome(lambda: features(whole, ["y", "tanx"]), looking_for=["tanx"]))
### END HIDDEN TESTS

# %% [markdown]
# **Play.** This is your `Network`, your `Affine`, your `softmax_loss`; the playground only calls
# them and draws. Left: what it sees. Middle: its neurons, each as a little map of where in the
# plane it fires; lines are weights, thick ones are large. Right: what it thinks of every point of
# the plane. Filled points are for training, those with a white rim are held out.
#
# Try, in this order:
#
# 1. **circle** with no hidden layer. It cannot. Add the features `x2` and `y2`: now it can. Why?
# 2. **xor** with one hidden layer of 4.
# 3. **spiral** with `x` and `y` alone, two layers of 8, `tanh`. Patience: a few hundred epochs.
# 4. A setting that fits the training points and **not the others**: much noise, few training
#    points, large layers. Then repair it. You will be asked about this one.
# 5. A learning rate of 10, with an L2 of 0.5.

# %% tags=["demo"]
with when_done("features", "momentum_step", "Network", "Affine", "ReLU", "he_weights"):
    playground(make_network, features=features, data="spiral", layers=(8, 8), activation="tanh")

# %% [markdown]
# ## Part 5 · Convolution by hand (second session)
#
# An affine layer connects every pixel with every neuron. A picture is not like that: what is worth
# noticing (an edge, a corner) is small, and it may be anywhere. A **convolution** slides a small
# window over the picture and asks the same question everywhere:
#
# $$ y_{n,i,j,f} = b_f + \sum_{u, v, c} x_{n,\; is + u,\; js + v,\; c}\; W_{u, v, c, f} $$
#
# | symbol | what it is |
# |---|---|
# | $x$ | pictures $(B, H, W, C)$, after `padding` rows and columns of zeros were put around each |
# | $W$ | $F$ filters of $k \times l$ pixels and $C$ channels: $(k, l, C, F)$ |
# | $s$ | the stride: how far the window moves |
# | $y$ | $(B, H', W', F)$ with $H' = \lfloor (H + 2\,\text{padding} - k) / s \rfloor + 1$ |
#
# Do not write four loops. Fix one place $(u, v)$ of the filter: then all windows together are one
# slice of the padded picture, `x[:, u : u + s·H' : s, v : v + s·W' : s]`, of shape $(B, H', W', C)$,
# and its part of the sum is *one* matrix product with `W[u, v]`, $(C, F)$. That makes $k \cdot l$
# products for the whole batch.
#
# The way back is the same walk: for each $(u, v)$, the slice gets `dout @ W[u, v].T` **added** (its
# pixels lie in other windows, too), and `dW[u, v]` is the product of the slice with `dout`.
#
# #### TODO 5.11 · `Conv2D` (6 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# Pad once in `forward` and keep the padded pictures. In `backward` collect the gradient for the
# padded pictures, and cut the padding off at the end.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))`. `np.ndindex(k, l)` walks through the filter. `@`
# works on the last axes of an array of any rank. `np.tensordot(a, b, ((0, 1, 2), (0, 1, 2)))` sums
# over batch, rows and columns.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# # forward (this one is given):
# (W, b), p, s = self.params, self.padding, self.stride
# self.x = padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
# k, l = W.shape[:2]
# h, w = (padded.shape[1] - k) // s + 1, (padded.shape[2] - l) // s + 1
# self.slices = {}
# y = np.zeros((len(x), h, w, len(b))) + b
# for i in range(k):
#     for j in range(l):
#         self.slices[i, j] = np.s_[:, i : i + s * h : s, j : j + s * w : s]
#         y += padded[self.slices[i, j]] @ W[i, j]
# return y
#
# # backward:
# (W, b), p = self.params, self.padding
# dx, dW = np.zeros(self.x.shape), np.zeros(W.shape)
# for (i, j), part in self.slices.items():
#     dW[i, j] = np.tensordot(self.x[part], ...)
#     dx[part] += ...
# self.grads = [dW, dout.sum(axis=...)]
# return dx[:, p : dx.shape[1] - p, ...]
# ```
# </details>


# %% nbgrader={"grade_id": "conv", "solution": true}
class Conv2D:
    """A convolution (cross-correlation, as everywhere in deep learning: filters are not flipped).

    W: (k, l, C, F), b: (F,). stride: the same in both directions. padding: zeros on all four sides.
    params: [W, b]. grads: [dW, db], set anew by each call of backward.
    """

    def __init__(self, W, b, stride=1, padding=0):
        self.params, self.grads = [W, b], []
        self.stride, self.padding = stride, padding

    def forward(self, x):
        """x: (B, H, W, C). Returns (B, H', W', F), H' = (H + 2·padding − k) // stride + 1."""
        ### BEGIN SOLUTION
        W, b = self.params
        p, s = self.padding, self.stride
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        (_, H, L, _), (k, m) = self.x.shape, W.shape[:2]
        rows, columns = (H - k) // s + 1, (L - m) // s + 1
        self.windows = {  # for each place of the filter, the slice of the pictures that it meets
            (u, v): np.s_[:, u : u + s * rows : s, v : v + s * columns : s]
            for u, v in np.ndindex(k, m)
        }
        return b + sum(self.x[part] @ W[place] for place, part in self.windows.items())
        ### END SOLUTION

    def backward(self, dout):
        """dout: (B, H', W', F). Sets grads, and returns the gradient for x, (B, H, W, C)."""
        ### BEGIN SOLUTION
        W, _ = self.params
        dx, dW = np.zeros(self.x.shape), np.zeros(W.shape)
        for place, part in self.windows.items():
            dW[place] = np.tensordot(self.x[part], dout, ((0, 1, 2), (0, 1, 2)))
            dx[part] += dout @ W[place].T
        self.grads = [dW, dout.sum(axis=(0, 1, 2))]
        p, (_, H, L, _) = self.padding, dx.shape
        return dx[:, p : H - p, p : L - p]
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_conv", "grade": true, "locked": true, "points": 6}
with check("one filter over one picture, worked out by hand") as c:
    x, W = np.arange(12.0).reshape(1, 3, 4, 1), np.array([[1.0, 0.0], [0.5, -2.0]])
    y = Conv2D(W.reshape(2, 2, 1, 1), np.array([10.0])).forward(x)
    c.close(y[0, :, :, 0], [[2, 1.5, 1], [0, -0.5, -1]], hint="x₀₀ + ½·x₁₀ − 2·x₁₁ + 10 at first.")
    y = Conv2D(W.reshape(2, 2, 1, 1), np.zeros(1), stride=2, padding=1).forward(x)
    c.close(
        y[0, :, :, 0], [[0, -3.5, 1.5], [-16.0, -10.5, 12.5]], hint="Zeros around, then steps of 2."
    )
rng = np.random.default_rng(11)
W, b, x = (rng.normal(size=shape) for shape in ((3, 2, 2, 4), (4,), (2, 5, 6, 2)))
with check("backward gives the slopes, for several strides and paddings") as c:
    for stride, padding in ((1, 0), (2, 1), (3, 2)):
        layer = Conv2D(W, b, stride, padding)
        expected = (2, (2 + 2 * padding) // stride + 1, (4 + 2 * padding) // stride + 1, 4)
        c.shape(layer.forward(x), expected, hint="H' = (H + 2p − k) // s + 1, W' by the columns.")
        c.shape(layer.backward(layer.forward(x)), x.shape, hint="Cut the padding off.")
        errors = gradient_errors(lambda *a, s=stride, p=padding: Conv2D(*a, s, p), [W, b], x)
        c.between(errors["x"], 0, 1e-6, name="error for x", hint="+= : windows overlap.")
        c.between(errors["grads[0]"], 0, 1e-6, name="error for W", hint="The slices of forward.")
        c.between(errors["grads[1]"], 0, 1e-6, name="error for b", hint="All but the last axis.")
    first = layer.grads[1].copy()
    layer.backward(layer.forward(x))
    c.close(layer.grads[1], first, name="db of a second call", hint="Begin with zeros each time.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(511)


def inputs(shape, filters):
    return rng.normal(size=shape), rng.normal(size=filters), rng.normal(size=filters[-1])


### BEGIN KEY
def forward(x, W, b, stride=1, padding=0):
    """The formula, one number at a time."""
    p = padding
    x = np.pad(np.asarray(x, float), ((0, 0), (p, p), (p, p), (0, 0)))
    k, m, _, F = W.shape
    rows, columns = (x.shape[1] - k) // stride + 1, (x.shape[2] - m) // stride + 1
    y = np.zeros((len(x), rows, columns, F))
    for n, i, j, f in np.ndindex(y.shape):
        patch = x[n, i * stride : i * stride + k, j * stride : j * stride + m]
        y[n, i, j, f] = b[f] + np.sum(patch * W[..., f])
    return y


def slopes(f, x):
    x, found = np.array(x, float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        found[i] = (f(x + step) - f(x - step)) / 2e-5
    return found


def slopes_of(number, arrays, g, stride, padding):
    """The slopes of Σ g·y for x (0), W (1) or b (2)."""

    def f(value):
        values = [*arrays[:number], value, *arrays[number + 1 :]]
        return np.sum(g * forward(*values, stride, padding))

    return slopes(f, arrays[number])


### END KEY
PLAIN, STRIDED, PADDED = (1, 0), (2, 0), (1, 1)
with case("forward, stride 1", hint="Follow the formula for one corner. Filters are not flipped."):
    for shape, filters in (((2, 4, 5, 1), (2, 2, 1, 1)), ((1, 5, 4, 3), (3, 2, 3, 4))):
        x, W, b = inputs(shape, filters)
        probe(f"y {filters}", Conv2D(W, b).forward(x), expect=forward(x, W, b))
with case("forward, stride and padding", hint="Zeros around first; then count the windows."):
    for stride, padding in ((2, 0), (1, 2), (2, 1), (3, 1)):
        x, W, b = inputs((2, 6, 7, 2), (3, 2, 2, 3))
        probe(
            f"y, stride {stride}, padding {padding}",
            Conv2D(W, b, stride, padding).forward(x),
            expect=forward(x, W, b, stride, padding),
        )
    x, W, b = inputs((1, 3, 3, 1), (3, 3, 1, 2))
    probe("a single window", Conv2D(W, b, stride=2).forward(x), expect=forward(x, W, b, 2))
for name, (stride, padding) in (("stride 1", PLAIN), ("stride 2", STRIDED), ("padding", PADDED)):
    with case(f"the gradient for x, {name}", hint="Each pixel lies in several windows."):
        x, W, b = inputs((2, 4, 5, 2), (2, 3, 2, 3))
        layer = Conv2D(W, b, stride, padding)
        g = rng.normal(size=np.shape(layer.forward(x)))
        probe(
            "dx",
            layer.backward(g),
            expect=slopes_of(0, [x, W, b], g, stride, padding),
        )
for name, (stride, padding) in (("stride 1", PLAIN), ("stride 2, padding 1", (2, 1))):
    with case(f"the gradients for W and b, {name}", hint="Sum over batch, rows and columns."):
        x, W, b = inputs((2, 5, 4, 3), (3, 2, 3, 2))
        layer = Conv2D(W, b, stride, padding)
        g = rng.normal(size=np.shape(layer.forward(x)))
        layer.backward(g)
        probe(
            "dW",
            layer.grads[0],
            expect=slopes_of(1, [x, W, b], g, stride, padding),
        )
        probe(
            "db",
            layer.grads[1],
            expect=slopes_of(2, [x, W, b], g, stride, padding),
        )
with case("one batch after another", hint="backward sets grads anew; inputs stay as they are."):
    x, W, b = inputs((2, 4, 4, 1), (2, 2, 1, 2))
    layer, kept = Conv2D(W, b, padding=1), [x.copy(), W.copy(), b.copy()]
    for again in (1, 2):
        g = rng.normal(size=np.shape(layer.forward(x[:again])))
        probe(f"dx {again}", layer.backward(g))
        probe(f"grads {again}", list(layer.grads))
    probe("changes", [now - old for now, old in zip((x, W, b), kept, strict=True)])
### END HIDDEN TESTS

# %% [markdown]
# ### Pooling
#
# Max-pooling looks at windows of size × size and keeps the largest number of each, in each channel
# by itself: *was there such a thing somewhere around here?* Backwards, the gradient goes to the
# winner, and to nobody else.
#
# **Windows may overlap**, when the stride is smaller than the size. Then a pixel may win in several
# windows, and it gets the *sum* of their gradients. (A famous course tests this layer only with
# windows that do not overlap; thousands of students have handed in layers that are wrong.)
#
# #### TODO 5.12 · `MaxPool2D` (4 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# As in the convolution: for each place $(u, v)$ of the window, one slice. The output is the largest
# of the slices, element by element; remember which of them won.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.stack` puts the slices into a new first axis; `.argmax(axis=0)` says who won, `.max(axis=0)`
# with how much. `(winner == n)` is 1 where slice number n won.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# # forward:
# k, s, self.shape = self.size, self.stride, x.shape
# h, w = (x.shape[1] - k) // s + 1, ...
# self.slices = [np.s_[:, i : i + s * h : s, j : j + s * w : s]
#                for i, j in np.ndindex(k, k)]
# stack = np.stack([x[part] for part in self.slices])
# self.winner = stack.argmax(axis=0)
# return ...
#
# # backward:
# dx = np.zeros(self.shape)
# for n, part in enumerate(self.slices):
#     dx[part] += dout * (self.winner == ...)
# return dx
# ```
# </details>


# %% nbgrader={"grade_id": "max_pool", "solution": true}
class MaxPool2D:
    """The largest number of each window of size × size, for each channel.

    Windows overlap when stride < size. params and grads are empty lists.
    """

    def __init__(self, size, stride):
        self.params, self.grads = [], []
        self.size, self.stride = size, stride

    def forward(self, x):
        """x: (B, H, W, C). Returns (B, H', W', C), H' = (H − size) // stride + 1."""
        ### BEGIN SOLUTION
        (_, H, W, _), k, s = np.shape(x), self.size, self.stride
        rows, columns = (H - k) // s + 1, (W - k) // s + 1
        self.windows = [  # for each place of the window, the slice of the pictures that it meets
            np.s_[:, u : u + s * rows : s, v : v + s * columns : s] for u, v in np.ndindex(k, k)
        ]
        self.shape, parts = np.shape(x), np.stack([x[window] for window in self.windows])
        self.winner = parts.argmax(axis=0)
        return parts.max(axis=0)
        ### END SOLUTION

    def backward(self, dout):
        """dout: (B, H', W', C). Returns the gradient for x, (B, H, W, C): for the winners, summed."""
        ### BEGIN SOLUTION
        dx = np.zeros(self.shape)
        for n, window in enumerate(self.windows):
            dx[window] += dout * (self.winner == n)
        return dx
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_max_pool", "grade": true, "locked": true, "points": 4}
with check("the largest of each window, and the gradient for it") as c:
    x = np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 9.0, 8.0], [6.0, 0.5, 7.0, -1.0]])
    layer, dout = MaxPool2D(2, 1), np.array([[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]])
    y = layer.forward(x.reshape(1, 3, 4, 1))
    c.close(y[0, :, :, 0], [[5, 9, 9], [6, 9, 9]], hint="Six windows, which overlap.")
    dx = layer.backward(dout.reshape(1, 2, 3, 1))
    c.close(
        dx[0, :, :, 0],
        [[0, 1, 0, 0], [0, 0, 330, 0], [2, 0, 0, 0]],
        hint="9 wins in four windows and gets the sum: +=, not =.",
    )
source = np.random.default_rng(12)
with check("forward and backward fit together, whatever size and stride") as c:
    for size, stride in ((3, 2), (2, 2), (2, 3), (3, 1)):
        x = source.permutation(2 * 6 * 8 * 2).reshape(2, 6, 8, 2) / 7
        y = MaxPool2D(size, stride).forward(x)
        expected = (2, (6 - size) // stride + 1, (8 - size) // stride + 1, 2)
        c.shape(y, expected, hint="(H − size) // stride + 1 rows.")
        c.close(
            y[1, -1, -1, 1],
            x[1, expected[1] * stride - stride :][:size, expected[2] * stride - stride :][
                :, :size, 1
            ].max(),
            name="the last window",
        )
        error = gradient_errors(lambda size=size, stride=stride: MaxPool2D(size, stride), [], x)
        c.between(error["x"], 0, 1e-6, name="error for x", hint="The gradient goes to the winner.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(512)


def distinct(*shape):
    """Numbers of which no two are near each other: there are no ties."""
    return rng.permutation(np.arange(np.prod(shape)) - np.prod(shape) / 2).reshape(shape) / 3


### BEGIN KEY
def forward(x, size, stride):
    rows, columns = (x.shape[1] - size) // stride + 1, (x.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for n, i, j, f in np.ndindex(y.shape):
        y[n, i, j, f] = np.max(x[n, i * stride :, j * stride :, f][:size, :size])
    return y


def slopes(x, g, size, stride):
    """The slopes of Σ g·y for x, by central differences."""
    x, found = np.array(x, float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        change = forward(x + step, size, stride) - forward(x - step, size, stride)
        found[i] = np.sum(g * change) / 2e-5
    return found


### END KEY
with case("forward, windows side by side", hint="The largest of each window, in each channel."):
    for size, shape in ((2, (2, 4, 6, 3)), (3, (1, 7, 6, 2))):
        x = distinct(*shape)
        probe(f"y, size {size}", MaxPool2D(size, size).forward(x), expect=forward(x, size, size))
with case("forward, overlapping", hint="(H − size) // stride + 1 rows of windows."):
    for size, stride in ((3, 1), (3, 2), (2, 1), (4, 3)):
        x = distinct(2, 7, 5, 2)
        probe(
            f"y {size}, {stride}",
            MaxPool2D(size, stride).forward(x),
            expect=forward(x, size, stride),
        )
for name, size, stride in (
    ("side by side", 2, 2),
    ("overlapping", 3, 1),
    ("overlapping by one", 3, 2),
):
    with case(
        f"the gradient, {name}", hint="The winner of a window gets its gradient; of several, all."
    ):
        x = distinct(2, 5, 6, 2)
        layer = MaxPool2D(size, stride)
        g = rng.normal(size=np.shape(layer.forward(x)))
        probe(
            "dx",
            layer.backward(g),
            expect=slopes(x, g, size, stride),
        )
with case("one batch after another", hint="Each forward pass counts by itself."):
    layer = MaxPool2D(2, 1)
    for batch in (1, 3):
        x = distinct(batch, 4, 3, 1)
        kept = x.copy()
        g = rng.normal(size=np.shape(layer.forward(x)))
        probe(f"dx {batch}", layer.backward(g))
        probe(f"changes of x {batch}", x - kept)
with case(
    "gaps between the windows",
    hint="With a stride larger than the size, some pixels are never seen.",
):
    x = distinct(1, 7, 8, 2)
    layer = MaxPool2D(2, 3)
    y = layer.forward(x)
    g = rng.normal(size=np.shape(y))
    probe("y", y, expect=forward(x, 2, 3))
    probe("dx", layer.backward(g), expect=slopes(x, g, 2, 3))
### END HIDDEN TESTS

# %% [markdown]
# **A convolutional network**, all of it yours: convolution, ReLU, pooling, twice, and an affine
# layer on top. `train_network` is the loop of `train_digits` for any network and any data.


# %%
def make_cnn(rng):
    """Two convolutions with pooling, and an affine layer: pictures (B, 28, 28, 1) → logits."""
    [(W, b)] = he_weights([256, 10], rng)
    return Network(
        [
            Conv2D(rng.normal(0, np.sqrt(2 / 9), (3, 3, 1, 8)), np.zeros(8)),
            ReLU(),
            MaxPool2D(2, 2),
            Conv2D(rng.normal(0, np.sqrt(2 / 128), (4, 4, 8, 16)), np.zeros(16), stride=1),
            ReLU(),
            MaxPool2D(3, 2),
            Flatten(),
            Affine(W, b),
        ]
    )


# %% tags=["demo"]
with when_done("Conv2D", "MaxPool2D", "Network", "momentum_step", "Affine", "ReLU", "he_weights"):
    rng = np.random.default_rng(1)
    cnn = make_cnn(rng)
    train_network(
        cnn,
        train_images,
        train_y,
        update=momentum_step,
        epochs=budget.cnn_epochs,
        learning_rate=0.05,
        rng=rng,
        held_out=(test_images, test_y),
    )
    print(
        f"CNN: {share_right(cnn, test_images, test_y):.1%} of the new digits are right; guessing: 10 %"
    )
    show_weights(
        np.moveaxis(parameters(cnn)[0][:, :, 0], -1, 0),
        alt="Eight filters of 3 × 3 weights that the network has learned: edges in several directions, and spots.",
        title="The eight filters of the first convolution",
    )

# %% [markdown]
# ## Part 6 · A network with a past (second session)
#
# Text, sound, a pen: many things come one after another. A **recurrent layer** reads its input step
# by step and keeps a state $h$, which is all it knows about the past:
#
# $$ h_t = \tanh(x_t W_x + h_{t-1} W_h + b), \qquad h_0 = 0 $$
#
# Unrolled in time this is a deep network, one layer for each step, with the *same* weights in all
# of them. Backwards it is read from the end: the gradient at $h_t$ is what comes in from above at
# this time, **plus** what the future sends back through $W_h$. It passes the tanh (whose slope is
# $1 - h_t^2$) and then divides into four: for $x_t$, for the past, and for the weights, where all
# times are summed.
#
# #### TODO 5.13 · `RNN` (6 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# `forward`: one loop over time; keep all states. `backward`: the same loop in reverse, with one
# variable for what the future has sent back, zero at first.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Keep the states in an array of T + 1 times, with $h_0 = 0$ at index 0: then the state before time
# t is `h[:, t]` and the one after it `h[:, t + 1]`. `reversed(range(T))` counts down.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# # forward (this one is given):
# Wx, Wh, b = self.params
# self.x = x
# self.h = h = np.zeros((x.shape[0], x.shape[1] + 1, len(b)))
# for t in range(x.shape[1]):
#     h[:, t + 1] = np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b)
# return h[:, 1:]
#
# # backward:
# Wx, Wh, b = self.params
# dx, dWx, dWh, db = (np.zeros(a.shape) for a in (self.x, Wx, Wh, b))
# future = 0.0
# for t in reversed(range(dh.shape[1])):
#     dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
#     dx[:, t] = dz @ Wx.T
#     dWx += self.x[:, t].T @ dz
#     dWh += ...
#     db += ...
#     future = ...
# self.grads = [dWx, dWh, db]
# return dx
# ```
# </details>


# %% nbgrader={"grade_id": "rnn", "solution": true}
class RNN:
    """h_t = tanh(x_t Wx + h_(t−1) Wh + b), with h_0 = 0. Wx: (D, H), Wh: (H, H), b: (H,).

    params: [Wx, Wh, b]. grads: [dWx, dWh, db], set anew by each call of backward.
    """

    def __init__(self, Wx, Wh, b):
        self.params, self.grads = [Wx, Wh, b], []

    def forward(self, x):
        """x: (B, T, D). Returns the states h_1 … h_T, (B, T, H)."""
        ### BEGIN SOLUTION
        Wx, Wh, b = self.params
        B, T, _ = x.shape
        self.x, self.h = x, np.zeros((B, T + 1, len(b)))
        for t in range(T):
            self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh + b)
        return self.h[:, 1:]
        ### END SOLUTION

    def backward(self, dh):
        """dh: (B, T, H), the gradients for all states. Sets grads, returns dx (B, T, D)."""
        ### BEGIN SOLUTION
        Wx, Wh, b = self.params
        dx, dWx, dWh, db = (np.zeros(a.shape) for a in (self.x, Wx, Wh, b))
        future = 0.0
        for t in reversed(range(dh.shape[1])):
            dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
            dx[:, t] = dz @ Wx.T
            dWx += self.x[:, t].T @ dz
            dWh += self.h[:, t].T @ dz
            db += dz.sum(axis=0)
            future = dz @ Wh.T
        self.grads = [dWx, dWh, db]
        return dx
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_rnn", "grade": true, "locked": true, "points": 6}
with check("one neuron, three steps, followed by hand") as c:
    Wx, Wh, b = np.array([[0.5], [-1.0]]), np.array([[2.0]]), np.array([0.1])
    x = np.array([[[1.0, 0.2], [0.0, 0.5], [-1.0, -0.4]]])
    h = RNN(Wx, Wh, b).forward(x)
    c.shape(h, (1, 3, 1), hint="(B, T, H): the states of all times.")
    first = np.tanh(0.5 - 0.2 + 0.1)
    c.close(h[0, 0, 0], first, hint="h₁ = tanh(x₁Wx + b): the past is 0.")
    second = np.tanh(-0.5 + 2 * first + 0.1)
    c.close(h[0, 1, 0], second, hint="+ h₁ Wh")
    c.close(h[0, 2, 0], np.tanh(-0.5 + 0.4 + 2 * second + 0.1), hint="… and so on.")
source = np.random.default_rng(13)
arrays = [source.normal(0, 0.7, shape) for shape in ((3, 4), (4, 4), (4,))]
with check("backward gives the slopes, for 2 sequences of one step and 3 of five") as c:
    for B, T in ((2, 1), (3, 5)):
        x = source.normal(size=(B, T, 3))
        layer = RNN(*arrays)
        dh = np.ones(np.shape(layer.forward(x)))
        c.shape(layer.backward(dh), x.shape, hint="dx has the shape of x.")
        c.equal(dh, np.ones((B, T, 4)), name="dh afterwards", hint="Add the future to a copy.")
        errors = gradient_errors(RNN, arrays, x)
        c.between(errors["x"], 0, 1e-6, name="error for x", hint="From above plus from the future.")
        c.between(errors["grads[0]"], 0, 1e-6, name="error for Wx", hint="Summed over all times.")
        c.between(errors["grads[1]"], 0, 1e-6, name="error for Wh", hint="With the state before.")
        c.between(errors["grads[2]"], 0, 1e-6, name="error for b", hint="Over batch and times.")
        before = layer.grads[2].copy()
        layer.forward(x)
        layer.backward(dh)
        c.close(layer.grads[2], before, hint="Begin with zeros in every backward pass.")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(513)


def inputs(B, T, D, H):
    arrays = [rng.normal(0, 0.6, shape) for shape in ((D, H), (H, H), (H,))]
    return rng.normal(size=(B, T, D)), arrays, rng.normal(size=(B, T, H))


### BEGIN KEY
def forward(x, Wx, Wh, b):
    states, h = [], np.zeros((len(x), len(b)))
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        states.append(h)
    return np.stack(states, axis=1)


def slopes(f, x):
    x, found = np.array(x, float), np.zeros(np.shape(x))
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        found[i] = (f(x + step) - f(x - step)) / 2e-5
    return found


def slopes_of(number, x, arrays, g):
    """The slopes for x (−1) or for one of the parameters."""
    if number < 0:
        return slopes(lambda x: np.sum(g * forward(x, *arrays)), x)

    def f(value):
        return np.sum(g * forward(x, *arrays[:number], value, *arrays[number + 1 :]))

    return slopes(f, arrays[number])


### END KEY
with case("forward", hint="h_t from x_t and the state before it; h_0 is zero."):
    for B, T, D, H in ((2, 6, 3, 4), (6, 2, 3, 3), (1, 1, 2, 3)):
        x, arrays, _ = inputs(B, T, D, H)
        probe(f"h {B} {T}", RNN(*arrays).forward(x), expect=forward(x, *arrays))
with case("a single step", hint="Without a past: the tanh, then the affine layer."):
    x, arrays, g = inputs(4, 1, 3, 2)
    layer = RNN(*arrays)
    layer.forward(x)
    probe("dx", layer.backward(g), expect=slopes_of(-1, x, arrays, g))
    probe("dWx", layer.grads[0], expect=slopes_of(0, x, arrays, g))
    probe("db", layer.grads[2], expect=slopes_of(2, x, arrays, g))
for number, name in ((-1, "x"), (0, "Wx"), (1, "Wh"), (2, "b")):
    with case(f"six steps: the gradient for {name}", hint="All times count, and the future, too."):
        x, arrays, g = inputs(3, 6, 2, 3)
        layer = RNN(*arrays)
        layer.forward(x)
        dx = layer.backward(g)
        probe(
            "gradient",
            dx if number < 0 else layer.grads[number],
            expect=slopes_of(number, x, arrays, g),
        )
with case(
    "only the last state counts", hint="What comes in at the end goes back to the beginning."
):
    x, arrays, g = inputs(2, 5, 3, 3)
    g[:, :-1] = 0.0
    layer = RNN(*arrays)
    layer.forward(x)
    probe("dx", layer.backward(g), expect=slopes_of(-1, x, arrays, g))
    probe("dWh", layer.grads[1], expect=slopes_of(1, x, arrays, g))
with case("one batch after another", hint="Each begins at zero; nothing is changed in place."):
    layer, kept = None, []
    for B, T in ((2, 3), (4, 2)):
        x, arrays, g = inputs(B, T, 2, 3)
        layer = layer or RNN(*arrays)
        probe(f"h {B}", np.array(layer.forward(x)))
        before = [x.copy(), g.copy()]
        probe(f"dx {B}", layer.backward(g))
        probe(f"grads {B}", list(layer.grads))
        kept += [x - before[0], g - before[1]]
    probe("changes", kept)
### END HIDDEN TESTS

# %% [markdown]
# ### When gradients explode
#
# Going back through 28 steps multiplies the gradient 28 times with $W_h$. If that makes it a little
# smaller each time, almost nothing arrives (it **vanishes**); a little larger, and it **explodes**,
# and one single step destroys what was learned. Against the second there is a simple remedy: if the
# norm of all gradients together is larger than a limit, scale them down to it, *all by the same
# factor*, so that the direction stays.
#
# $$ \|g\| = \sqrt{\textstyle\sum_{\text{all arrays}} \sum g_i^2}, \qquad g \leftarrow g \cdot
# \frac{\text{limit}}{\|g\|} \;\text{ if } \|g\| > \text{limit} $$
#
# #### TODO 5.14 · `clip_by_global_norm` (2 points)
#
# <details><summary>Hint 1 · the idea</summary>
#
# One norm for the whole list, one factor for all.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.sum(g**2)` for each array; `sum(…)` over the list; `np.sqrt`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
# factor = limit / norm if norm > limit else 1.0
# return [g * ... for g in grads]
# ```
# </details>


# %% nbgrader={"grade_id": "clip", "solution": true}
def clip_by_global_norm(grads, limit):
    """Scale gradients down so that their common norm is at most `limit`.

    grads: a list of arrays; they stay as they are. limit: a number above 0.
    Returns a list of arrays: unchanged in value if the norm is at most `limit` (zeros, for
    example), otherwise all multiplied by limit / norm.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    factor = limit / norm if norm > limit else 1.0
    return [g * factor for g in grads]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_clip", "grade": true, "locked": true, "points": 2}
with check("2, 3 and 6 have the norm 7: all are scaled by the same factor, or not at all") as c:
    grads = [np.array([[2.0, -3.0]]), np.array([6.0])]
    c.close(clip_by_global_norm(grads, 3.5), [[[1.0, -1.5]], [3.0]], hint="limit / norm = ½")
    c.close(clip_by_global_norm(grads, 7.5), [[[2.0, -3.0]], [6.0]], hint="Below the limit: as is.")
    c.close(grads, [[[2.0, -3.0]], [6.0]], name="grads afterwards", hint="g * factor, not g *= …")
with check("zeros stay zeros") as c:
    c.close(
        clip_by_global_norm([np.zeros(3), np.zeros((1, 2))], 5.0),
        [[0, 0, 0], [[0, 0]]],
        hint="No division by a norm of 0.",
    )
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(514)


def draw(scale):
    return [scale * rng.normal(size=shape) for shape in ((3, 4), (4,), (2, 2, 1))]


with case("above the limit", hint="One factor for all arrays: limit / norm."):
    for limit in (0.5, 2.0):
        probe(f"limit {limit}", list(clip_by_global_norm(draw(3.0), limit)))
with case("below the limit", hint="Nothing happens below the limit."):
    probe("grads", list(clip_by_global_norm(draw(0.1), 2.0)))
    probe("just below", list(clip_by_global_norm([np.array([3.0, rng.normal()])], 5.5)))
with case("zeros among them", hint="Zeros are no problem."):
    probe("some zeros", list(clip_by_global_norm([np.zeros(3), *draw(2.0)], 1.0)))
    probe("only zeros", list(clip_by_global_norm([np.zeros(2)], float(rng.uniform(1, 2)))))
with case("nothing is changed in place", hint="New arrays; the given ones stay."):
    grads = draw(4.0)
    clip_by_global_norm(grads, 1.0)
    probe("afterwards", grads)
    whole = [rng.integers(3, 9, (2, 3))]
    probe("whole numbers", list(clip_by_global_norm(whole, 1.5)))
### END HIDDEN TESTS

# %% [markdown]
# **Read a digit row by row.** The recurrent network never sees the whole picture: 28 rows go by,
# and after the last one it must say what it was. Its first $W_h$ is orthogonal (it turns the state
# and keeps its length), which keeps gradients alive at the beginning.


# %%
def make_rnn(rng, units=64):
    """A recurrent layer over 28 rows, and an affine layer on its last state."""
    turn, _ = np.linalg.qr(rng.normal(size=(units, units)))
    [(W, b)] = he_weights([units, 10], rng)
    Wx = rng.normal(0, np.sqrt(1 / 28), (28, units))
    return Network([RNN(Wx, turn, np.zeros(units)), LastStep(), Affine(W, b)])


# %% tags=["demo"]
with when_done("RNN", "clip_by_global_norm", "Network", "momentum_step", "Affine", "he_weights"):
    rng = np.random.default_rng(1)
    rnn, rows, test_rows = make_rnn(rng), train_images[..., 0], test_images[..., 0]
    train_network(
        rnn,
        rows,
        train_y,
        update=momentum_step,
        epochs=budget.rnn_epochs,
        learning_rate=0.02,
        rng=rng,
        clip=lambda grads: clip_by_global_norm(grads, 5.0),
        held_out=(test_rows, test_y),
    )
    print(
        f"RNN: {share_right(rnn, test_rows, test_y):.1%} of the new digits are right; guessing: 10 %"
    )

# %% [markdown]
# **How far back does the verdict reach?** Your `backward` can tell: send a gradient in at the last
# row, and look how large it is when it arrives at each row before. With small recurrent weights
# almost nothing reaches the first rows; with large ones it grows on the way.

# %% tags=["demo"]
with when_done("RNN"):
    Wx, turn, b, *_ = parameters(make_rnn(np.random.default_rng(3)))
    norms = {
        f"Wh × {scale}": gradient_norms(RNN(Wx, turn * scale, b), test_images[:50, :, :, 0])
        for scale in (0.6, 1.0, 1.4)
    }
    plot_gradient_norms(norms)

# %% [markdown]
# ## Part 7 · The same with a framework
#
# You have written a derivative for every layer. TensorFlow needs none: it writes down every
# operation on a **tape** and runs it backwards. What you did by hand for five layers it knows for a
# thousand operations; in return you must speak its language, tensors and variables.
#
# #### TODO 5.15 · `tf_step` (4 points)
#
# One step of plain gradient descent (no momentum) for the network affine – ReLU – affine – softmax
# loss, with TensorFlow and without Keras.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Compute the loss inside `with tf.GradientTape() as tape:`, ask the tape for the gradients of all
# four variables at once, and let each variable subtract its part.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.nn.relu`, `tf.nn.sparse_softmax_cross_entropy_with_logits(labels=…, logits=…)` (one loss for
# each row), `tf.reduce_mean`, `tape.gradient(loss, variables)`, `variable.assign_sub(…)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# W1, b1, W2, b2 = variables
# with tf.GradientTape() as tape:
#     z = tf.nn.relu(x @ W1 + b1) @ ... + ...
#     losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=z)
#     loss = tf.reduce_mean(losses)
# for v, g in zip(variables, tape.gradient(loss, variables)):
#     v.assign_sub(...)
# return loss
# ```
# </details>

# %%
import tensorflow as tf


# %% nbgrader={"grade_id": "tf_step", "solution": true}
def tf_step(variables, x, labels, learning_rate):
    """One step of gradient descent on the mean cross-entropy, by a gradient tape, without Keras.

    variables: [W1, b1, W2, b2], tf.Variables (D, H), (H,), (H, N), (N,), which are updated:
    each loses learning_rate · gradient.
    x: (B, D), NumPy or tensor, of the dtype of the variables. labels: (B,) whole numbers.
    Returns the loss before the step, a scalar.
    """
    ### BEGIN SOLUTION
    W1, b1, W2, b2 = variables
    with tf.GradientTape() as tape:
        logits = tf.nn.relu(x @ W1 + b1) @ W2 + b2
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )
    for variable, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_tf_step", "grade": true, "locked": true, "points": 4}
with check("the loss before the step, and the step that your own formulas make") as c:
    values = [np.array([[1.0, -1.0, 0.5], [2.0, 1.0, -1.0]]), np.array([0.0, 0.5, 2.0])]
    values += [np.array([[1.0, -0.5], [2.0, 1.0], [-1.0, 0.5]]) / 4, np.array([0.3, -0.2])]
    variables = [tf.Variable(value) for value in values]
    x, labels = np.array([[1.0, 2.0], [0.5, 1.0], [-2.0, 3.0]]), np.array([1, 0, 1])
    hidden = np.maximum(x @ values[0] + values[1], 0)
    odds = np.exp(hidden @ values[2] + values[3])
    p = odds / odds.sum(axis=1, keepdims=True)
    loss = tf_step(variables, x, labels, 0.5)
    c.close(loss, -np.mean(np.log(p[[0, 1, 2], labels])), hint="The mean cross-entropy, in nats.")
    g = (p - np.eye(2)[labels]) / 3
    c.close(
        variables[3], values[3] - 0.5 * g.sum(axis=0), hint="assign_sub(learning_rate · gradient)"
    )
    c.close(
        variables[2], values[2] - 0.5 * hidden.T @ g, hint="Logits go into the loss, unchanged."
    )
    back = g @ values[2].T * (hidden > 0)
    c.close(variables[0], values[0] - 0.5 * x.T @ back, hint="TensorFlow only, inside the tape.")
    c.close(variables[1], values[1] - 0.5 * back.sum(axis=0), hint="All four variables.")
with check("logits in the thousands are no problem") as c:
    loss = tf_step([tf.Variable(1000 * value) for value in values], x, labels, 0.0)
    c.true(np.isfinite(float(loss)), "finite", name="the loss", hint="Use TensorFlow's own loss.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(515)


def inputs(B, D, H, N):
    values = [rng.normal(size=shape) for shape in ((D, H), (H,), (H, N), (N,))]
    return values, rng.normal(size=(B, D)), rng.integers(0, N, B)


### BEGIN KEY
def reference(values, x, labels, learning_rate):
    """Loss and new values, by the formulas in float64."""
    W1, b1, W2, b2 = (np.asarray(value, float) for value in values)
    x = np.asarray(x, float)
    hidden = np.maximum(x @ W1 + b1, 0)
    z = hidden @ W2 + b2
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    rows = np.arange(len(x))
    g = np.exp(log_p)
    g[rows, labels] -= 1
    g /= len(x)
    back = (g @ W2.T) * (hidden > 0)
    grads = x.T @ back, back.sum(0), hidden.T @ g, g.sum(0)
    new = [v - learning_rate * d for v, d in zip((W1, b1, W2, b2), grads, strict=True)]
    return -np.mean(log_p[rows, labels]), new


### END KEY
with case("the loss", hint="The mean over the batch, before the step."):
    for B, D, H, N in ((5, 3, 4, 3), (1, 2, 3, 4)):
        values, x, labels = inputs(B, D, H, N)
        loss = tf_step([tf.Variable(value) for value in values], x, labels, 0.1)
        probe(f"loss {B}", loss, expect=reference(values, x, labels, 0.1)[0])
with case("the step", hint="Every variable loses learning_rate · gradient."):
    for B, rate in ((6, 0.1), (1, 0.7)):
        values, x, labels = inputs(B, 3, 5, 4)
        variables = [tf.Variable(value) for value in values]
        tf_step(variables, x, labels, rate)
        probe(
            f"variables {B}",
            [np.array(v) for v in variables],
            expect=reference(values, x, labels, rate)[1],
        )
with case("float32, and tensors", hint="x may be a tensor; nothing about dtypes may be fixed."):
    values, x, labels = inputs(6, 4, 5, 3)
    values, x = [value.astype("float32") for value in values], x.astype("float32")
    variables = [tf.Variable(value) for value in values]
    loss = tf_step(variables, tf.constant(x), tf.constant(labels), 0.2)
    probe("loss", loss, expect=reference(values, x, labels, 0.2)[0])
    probe(
        "variables",
        [np.array(v) for v in variables],
        atol=1e-5,
        expect=reference(values, x, labels, 0.2)[1],
    )
with case("large logits", hint="TensorFlow's own loss takes logits, of any size."):
    values, x, labels = inputs(4, 3, 4, 3)
    values[2] = values[2] * 300
    variables = [tf.Variable(value) for value in values]
    loss = tf_step(variables, x, labels, 0.01)
    probe("loss", loss, expect=reference(values, x, labels, 0.01)[0])
    probe(
        "variables", [np.array(v) for v in variables], expect=reference(values, x, labels, 0.01)[1]
    )
with case("three steps", hint="The same variables, step after step."):
    values, x, labels = inputs(5, 3, 4, 2)
    variables = [tf.Variable(value) for value in values]
    losses = [tf_step(variables, x, labels, 0.3) for _ in range(3)]
    probe("losses", losses)
    probe("variables", [np.array(v) for v in variables])
### END HIDDEN TESTS

# %% [markdown]
# **The same gradients?** One step by your network and one by TensorFlow, from the same weights, in
# float64; then a race over the same batches.

# %% tags=["demo"]
with when_done("tf_step", "Network", "Affine", "ReLU", "softmax_loss", "he_weights"):
    net = make_network([784, 128, 10], np.random.default_rng(7))
    variables = [tf.Variable(p) for p in parameters(net)]
    x, labels = train_x[::45].astype(float), train_y[::45]
    grads = net.loss_and_grads(x, labels)[1]
    tf_step(variables, x, labels, 1.0)
    steps = [p - variable.numpy() for p, variable in zip(parameters(net), variables, strict=True)]
    worst = max(np.abs(g - s).max() / np.abs(g).max() for g, s in zip(grads, steps, strict=True))
    print(f"the largest difference of the gradients, relative to the largest gradient: {worst:.0e}")
    compiled = tf.function(tf_step, reduce_retracing=True)
    time_steps(
        {
            "yours": lambda: net.loss_and_grads(x, labels),
            "TensorFlow": lambda: tf_step(variables, x, labels, 0.0),
            "compiled": lambda: compiled(variables, tf.constant(x), tf.constant(labels), 0.0),
        }
    )

# %% [markdown]
# ### Two questions
#
# These are read by a person. A few sentences each will do.

# %% [markdown] nbgrader={"grade_id": "scratch_written_1", "grade": true, "solution": true, "points": 3}
# **Question 1 (3 points). One bad weight.** A classmate checks a network with ReLUs. For one weight
# the relative error is 0.01; for all others it is about $10^{-9}$. Name three different possible
# causes, and for each of them an experiment that would tell it from the other two.
#
# ### BEGIN MARK SCHEME
# - 1 point for each cause with an experiment that really separates it, at most 3: a kink (an input
#   of a ReLU, or two of a pooling window, within eps of each other), a precision problem (float32
#   somewhere, or a gradient so small that rounding is all there is), a bug (a special case such as
#   the border, the last row, a bias). A cause without an experiment: half a point, rounded down over
#   the question.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# A kink: one of the ReLUs switches between +eps and −eps, so that the numerical slope is wrong and
# the analytic one right. Then the error changes abruptly with eps and disappears for a smaller eps
# or other random inputs. Rounding: the slope is tiny, or something is computed in float32. Then the
# error changes with eps like a V, and everything in float64 (or a larger eps) makes it smaller. A
# bug: it stays at the same place whatever eps, precision and random input are; it should go away
# when I leave layers out until the guilty one is found.
# ### END SOLUTION

# %% [markdown] nbgrader={"grade_id": "scratch_written_2", "grade": true, "solution": true, "points": 3}
# **Question 2 (3 points). Learned by heart.** Give a setting of the playground (the line that it
# shows) that fits the training points and not the others, with both losses. Why does that happen?
# What did you change to repair it, and what did the losses become?
#
# ### BEGIN MARK SCHEME
# - 1 point: a setting with both losses, training clearly below held out.
# - 1 point: the reason: more freedom than the points can pin down; noise of the training points is
#   learned, which the others do not share.
# - 1 point: a repair (more points, less noise, smaller network, L2 or L1, stopping earlier) with the
#   losses after it. "Train longer" is no repair.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# `playground(make_network, data='gauss', noise=1.0, train_share=0.1, layers=(8, 8))` reached a loss
# of 0.002 in training and 1.06 held out after 300 epochs. With 114 numbers for 30 noisy points the
# border winds around single points of the wrong colour; those are accidents, and the held-out
# points had other ones. With L2 = 0.1 the border became nearly straight: 0.19 in training and 0.18
# held out. Using 70 % of the points for training helped as much: 0.08 and 0.17.
# ### END SOLUTION

# %% [markdown]
# ## Go further
#
# Nothing here is graded, all of it is fun.
#
# - **Your own points.** `playground(make_network, features=features, data="points.csv")` reads a
#   file with the columns x, y, label.
# - **Adam.** Write `adam_step` beside `momentum_step` and hand it to `train_network`. Does the
#   recurrent network learn faster?
# - **Dropout and BatchNorm.** Two more layers. Prove their gradients with `gradient_errors`. (What
#   makes dropout hard to check?)
# - **An LSTM.** Four gates instead of one tanh. Look at its gradient norms through time.
# - **Real MNIST.** `load_digits("mnist")` fetches 60,000 digits. How far does your CNN get?

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
