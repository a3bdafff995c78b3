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
# # Lab 2 · From convolutions to a face detector that repairs its own bias
#
# <!-- badges -->
#
# Computers see numbers. In the first half of this lab you find out how numbers become edges, edges
# become strokes, and strokes become digits: you write a convolution by hand, and then train
# networks that learn their own. In the second half you build a face detector, discover that it
# serves some people worse than others, and teach it to find out by itself which faces it has seen
# too rarely.
#
# **After this lab you can**
#
# - say what a convolution does, and choose a kernel for a purpose;
# - train a fully connected and a convolutional network, with Keras' loop and with your own;
# - look at mistakes one by one, and at accuracy group by group, instead of trusting a single
#   number;
# - build a variational autoencoder, and use what it has learned to make a classifier fairer.
#
# **You need** Python and school calculus. Lab 1 helps, but is not needed. No GPU, no account, no
# key.
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
import os

os.environ.setdefault(
    "TF_CPP_MIN_LOG_LEVEL", "2"
)  # TensorFlow likes to talk: warnings and errors will do

import cv2
import keras
import numpy as np
import skimage.data
import tensorflow as tf
from labkit import (
    BUDGETS,
    LiveCurve,
    check,
    choose_budget,
    seed_everything,
    use_labkit_style,
    when_done,
)
from labkit.keras_tools import live_fit
from labkit.faces import (
    classifier_step,
    is_face,
    load_real_faces,
    make_decoder,
    make_encoder,
    make_test_faces,
)
from labkit.digits import load_digits, plot_confusion, show_mistakes
from labkit.faces import make_training_faces, plot_group_accuracy
from labkit import show_images
from labkit.faces import show_reconstructions, show_sampled, train_detector, walk_latent

use_labkit_style()

# %% [markdown]
# How long the lab computes is decided once, here. The budget `class` suits a laptop with two cores,
# `full` a GPU, and `quick` gives a first impression in a minute. To change it, set the environment
# variable `LABKIT_BUDGET` before you start, or add `name="quick"` to the call. No other cell needs
# to know.

# %%
settings = {  # quick, class, full
    "digits": (3000, 60_000, 60_000),  # to train on, at most
    "digit_epochs": (6, 30, 60),
    "mnist_epochs": (6, 5, 12),  # with all of MNIST
    "digit_steps": (100, 1000, 4000),  # of the open loop
    "pictures": (600, 3000, 10000),  # to train the face detectors, half of them faces
    "test_faces": (50, 250, 500),  # in each group
    "epochs": (4, 20, 30),  # of the face detectors
}
budget = choose_budget(
    {name: {key: row[i] for key, row in settings.items()} for i, name in enumerate(BUDGETS)}
)

# %% [markdown]
# ## Part 1 · How a computer sees
#
# ### A picture is a table
#
# A grey picture is a table of numbers with $H$ rows and $W$ columns: one number for each **pixel**,
# 0 for black and 255 for white. A colour picture has three such tables, for red, green and blue.
# The numbers are mostly stored as `uint8`, whole numbers from 0 to 255, and that type has a trap:
# it cannot hold 256, nor −1. It does not complain either. It starts again from the other end.

# %% tags=["demo"]
camera, coffee = skimage.data.camera()[::2, ::2], skimage.data.coffee()
print("camera", camera.shape, camera.dtype, "· coffee", coffee.shape, coffee.dtype)
print("200 + 100 in uint8 is", (np.array([200], "uint8") + np.array([100], "uint8"))[0])
parts, words = (
    [camera, camera[44:64, 120:140], coffee],
    ["a photographer", "20 × 20 pixels of it", "a cup of coffee"],
)
show_images(parts, titles=words, size=3, alt=f"Three pictures: {', '.join(words)}.")

# %% [markdown]
# ### A window that slides
#
# A single pixel means nothing. Meaning is in the neighbourhood: an edge is a place where neighbours
# differ. So we look at the picture through a small window, everywhere in the same way. The window
# is a **kernel** $K$, a little table of $k × l$ weights. Put it on the picture with its corner at
# row $i$, column $j$; multiply each pixel by the weight that lies on it; add up. That is the output
# at $(i, j)$. Then slide on:
#
# $$ y_{i,j} = \sum_{a=0}^{k-1} \sum_{b=0}^{l-1} K_{a,b} \; x_{i+a,\, j+b} $$
#
# where $x$ is the picture. The window must lie inside the picture, so the output is a bit smaller:
# $(H - k + 1) × (W - l + 1)$. (In mathematics this is called *cross-correlation*, and a convolution
# flips the kernel first. In deep learning everybody says convolution and nobody flips: a network
# that learns its kernels does not care.)
#
# ```text
#     picture 3 × 4          kernel 2 × 2        output 2 × 3
#     1  2  0  1
#     0  1  3  1      ⋆        1  0       =       2  5  1        e.g. 1·1 + 0·2 + 0·0 + 1·1 = 2
#     2  0  1  1               0  1               0  2  4
# ```
#
# #### TODO 1.1 · `convolve2d` (4 points)
#
# Write it with NumPy: loops and sums, no ready-made convolution needed.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Two loops go over all places where the window fits. At each place: cut out the patch that lies
# under the window, multiply it by the kernel element by element, and sum. Make floats of both
# tables before anything else.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `image = np.asarray(image, dtype=float)`. The patch at (i, j) is `image[i : i + k, j : j + l]`;
# `np.sum` adds up. Faster: loop over the few weights of the kernel instead of the many pixels, and
# add up shifted copies of the whole picture.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# H, W = image.shape
# k, l = kernel.shape
# result = np.zeros((H - k + 1, ...))
# for i in range(H - k + 1):
#     for j in range(...):
#         result[i, j] = np.sum(image[i : i + k, ...] * ...)
# return result
# ```
# </details>


# %% nbgrader={"grade_id": "convolve2d", "solution": true}
def convolve2d(image, kernel):
    """Slides a kernel over a grey picture, without flipping it and without a border.

    image: numbers (H, W), also whole ones such as uint8. kernel: numbers (k, l), k ≤ H and l ≤ W.
    Returns a NumPy array of floats (H − k + 1, W − l + 1).
    """
    ### BEGIN SOLUTION
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for (a, b), weight in np.ndenumerate(kernel):
        result += weight * image[a : a + rows, b : b + columns]
    return result
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_convolve2d", "grade": true, "locked": true, "points": 4}
with check("the example above gives [[2, 5, 1], [0, 2, 4]]") as c:
    picture = np.array([[1, 2, 0, 1], [0, 1, 3, 1], [2, 0, 1, 1]])
    result = convolve2d(picture, np.eye(2))
    c.close(
        result,
        [[2.0, 5.0, 1.0], [0.0, 2.0, 4.0]],
        hint="Multiply element by element, then add up the patch.",
    )
with check("the kernel is not flipped, and uint8 does not overflow") as c:
    c.close(
        convolve2d(picture, [[0, 1, -1]]),
        [[2.0, -1.0], [-2.0, 2.0], [-1.0, 0.0]],
        hint="Left stays left.",
    )
    c.close(
        convolve2d(np.full((2, 2), 200, "uint8"), [[1, 1]]),
        [[400.0]] * 2,
        hint="Make floats of both first.",
    )
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(211)
### BEGIN KEY
from scipy.signal import correlate2d
### END KEY

with case(
    "a square picture and a 3 × 3 kernel",
    hint="Follow the formula by hand for the first corner.",
):
    image, kernel = rng.normal(size=(7, 7)), rng.normal(size=(3, 3))
    probe("result", convolve2d(image, kernel), expect=correlate2d(image, kernel, "valid"))
with case(
    "rectangles",
    hint="Rows and columns may differ in number, in the picture and in the kernel.",
):
    image, kernel = rng.normal(size=(6, 9)), rng.normal(size=(2, 4))
    probe("wide", convolve2d(image, kernel), expect=correlate2d(image, kernel, "valid"))
    probe("high", convolve2d(image.T, kernel.T), expect=correlate2d(image.T, kernel.T, "valid"))
with case("bytes", hint="uint8 cannot hold sums above 255, nor negative ones."):
    image = rng.integers(90, 256, (6, 7)).astype("uint8")
    kernel = np.array([[1, 1, 1], [1, 2, 1]], "uint8")
    probe(
        "sum",
        convolve2d(image, kernel),
        expect=correlate2d(image.astype(float), kernel.astype(float), "valid"),
    )
    kernel = np.array([[-1, 0, 1]])
    probe(
        "difference",
        convolve2d(image, kernel),
        expect=correlate2d(image.astype(float), kernel, "valid"),
    )
with case(
    "whole numbers and a kernel of decimals",
    hint="The result holds floats, also for whole numbers.",
):
    image, kernel = rng.integers(-9, 10, (5, 5)), rng.normal(size=(2, 3))
    probe(
        "result",
        convolve2d(image, kernel),
        expect=correlate2d(image.astype(float), kernel, "valid"),
    )
    probe("floats", np.asarray(convolve2d(image, np.array([[1, 2]]))).dtype.kind == "f")
with case(
    "the smallest and the largest window",
    hint="A kernel may be one number, or as large as the picture.",
):
    image = rng.normal(size=(4, 5))
    probe("1 × 1", convolve2d(image, np.array([[-0.5]])), expect=-0.5 * image)
    probe("4 × 5", convolve2d(image, image), expect=np.sum(image**2, keepdims=True))
with case("picture and kernel stay as they are", hint="Do not change the caller's arrays."):
    image, kernel = rng.normal(size=(5, 6)), rng.normal(size=(3, 2))
    before = image.copy(), kernel.copy()
    result = convolve2d(image, kernel)
    probe("changes", [image - before[0], kernel - before[1]])
    probe("result", result, expect=correlate2d(image, kernel, "valid"))
### END HIDDEN TESTS

# %% [markdown]
# ### Kernels with a purpose
#
# Which weights should the window have? People who work with pictures have collected useful ones.
# OpenCV, the largest library for computer vision, applies them for us: `cv2.filter2D` slides a
# kernel over a picture as you did (without flipping), but much faster, for each colour separately,
# and with a border added before, so that the result is as large as the picture. Here are three:
#
# ```text
#     edges                sharpen              emboss
#     -1  -1  -1            0  -1   0           -2  -1   0
#     -1   8  -1           -1   5  -1           -1   1   1
#     -1  -1  -1            0  -1   0            0   1   2
# ```
#
# *Edges* has the sum 0: where all pixels are alike, the answer is 0. *Sharpen* has the sum 1: it
# keeps the brightness, and exaggerates differences. *Emboss* has the sum 1, too, but prefers one
# direction: the picture becomes a relief, as if light fell from one side.
#
# The answers may be negative, and larger than 255. Those are not accidents, they are half of the
# information: keep them.
#
# #### TODO 1.2 · `apply_kernels` (2 points)
#
# Return the three filtered pictures in a dictionary, as floats.
#
# <details><summary>Hint 1 · the idea</summary>
#
# The same call three times. A filter that works in bytes would cut off everything below 0 and above
# 255, so turn the picture into floats before.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `image = np.float32(image)`, then `cv2.filter2D(image, -1, kernel)`. The −1 means: the result has
# the type of the picture. The kernel is an array: `np.array([[…], […], […]], dtype="float32")`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# kernels = {"edges": [[-1, -1, -1], ...], "sharpen": ..., "emboss": ...}
# return {name: cv2.filter2D(np.float32(image), ...) for name, kernel in kernels.items()}
# ```
# </details>


# %% nbgrader={"grade_id": "apply_kernels", "solution": true}
def apply_kernels(image):
    """Three classical filters.

    image: a picture (H, W) or (H, W, 3), bytes or floats. Returns a dict with the keys "edges",
    "sharpen" and "emboss": arrays of floats, each of the shape of the image. Negative values are
    kept.
    """
    ### BEGIN SOLUTION
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    image = np.float32(image)
    return {name: cv2.filter2D(image, -1, np.float32(kernel)) for name, kernel in kernels.items()}
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_apply_kernels", "grade": true, "locked": true, "points": 2}
with check("three pictures of floats, as large as the picture, negative values included") as c:
    filtered = apply_kernels(np.pad(np.array([[100]], "uint8"), 2))
    c.equal(sorted(filtered), ["edges", "emboss", "sharpen"], name="the keys")
    c.shape(filtered["emboss"], (5, 5), hint="cv2.filter2D keeps the size.")
    c.close(
        filtered["edges"][1:4, 2],
        [-100.0, 800.0, -100.0],
        hint="Filter floats, not bytes: np.float32(image).",
    )
    c.close(filtered["sharpen"][2], [0.0, -100.0, 500.0, -100.0, 0.0])
    c.close(
        filtered["emboss"][1],
        [0.0, 200.0, 100.0, 0.0, 0.0],
        hint="filter2D does not flip; nor should you.",
    )
with check("colours are filtered one by one") as c:
    colour = np.zeros((5, 5, 3), "uint8")
    colour[2, 2] = [10, 20, 30]
    c.close(
        apply_kernels(colour)["sharpen"][2, 2],
        [50.0, 100.0, 150.0],
        name="the middle of a sharpened picture with one coloured pixel",
        hint="Leave the colours as they are: cv2.filter2D treats each by itself.",
    )
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(212)


def report(image, names=("edges", "sharpen", "emboss")):
    """The inner part: how the border is made is the student's choice."""
    before = image.copy()
    filtered = apply_kernels(image)
    for name in names:
        probe(f"size of {name}", list(np.shape(filtered[name])))
        probe(
            f"inside of {name}",
            np.asarray(filtered[name])[1:-1, 1:-1] / 1.0,
            rtol=1e-3,
            atol=1e-3,
        )
    probe("changes of the picture", np.asarray(image, float) - before)


for name in ("edges", "sharpen", "emboss"):
    with case(
        name,
        hint="Is the kernel the one in the text, not flipped, with its negative answers kept?",
    ):
        report(rng.integers(0, 256, (7, 9)).astype("uint8"), [name])
with case("colour", hint="cv2.filter2D treats each colour separately by itself."):
    report(rng.integers(0, 256, (6, 8, 3)).astype("uint8"))
with case("floats", hint="Pictures may be floats between 0 and 1, of single or double precision."):
    report(rng.random((6, 7)).astype("float32"))
    image = rng.random((5, 8, 3))
    probe(
        "float64",
        [
            np.asarray(part)[1:-1, 1:-1]
            for part in map(apply_kernels(image).get, ("edges", "emboss"))
        ],
    )
with case(
    "floats come out",
    hint="The result should hold floats: bytes would lose what is below 0 or above 255.",
):
    filtered = apply_kernels(rng.integers(0, 256, (5, 6)).astype("uint8"))
    probe("keys", sorted(filtered))
    probe(
        "floats",
        [np.asarray(filtered[name]).dtype.kind for name in ("edges", "sharpen", "emboss")],
    )
    probe("values", [np.asarray(filtered[name])[2, 2] / 1.0 for name in sorted(filtered)])
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("convolve2d", "apply_kernels"):
    filtered = [
        part / 255 for picture in (camera, coffee) for part in apply_kernels(picture).values()
    ]
    words = ["edges", "sharpen", "emboss"] * 2
    show_images(
        filtered,
        titles=words,
        columns=3,
        size=3,
        alt="Photographer and coffee: edges, sharpened, embossed.",
    )
    difference = (
        convolve2d(camera, [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
        - 255 * filtered[0][1:-1, 1:-1]
    )
    print("largest difference between your convolution and OpenCV's:", np.abs(difference).max())

# %% [markdown]
# ### Digits
#
# Nobody has to invent kernels any more. A network can *learn* which weights help it to do its task.
# The classical task is to read handwritten digits: pictures of 28 × 28 pixels, ten classes. The
# next cell loads them, and says how many it has found: the whole of
# [MNIST](https://doi.org/10.1109/5.726791), with 60,000 digits to train on, if it is on your
# computer or can be downloaded; otherwise the 10,000 of them that come with this course, of which
# 2,000 are held out.

# %% tags=["demo"]
digits = load_digits(n_train=budget.digits)
numbers = ", ".join(map(str, digits.train_labels[:16]))
show_images(
    digits.train_images[:16],
    titles=numbers.split(", "),
    alt=f"Sixteen handwritten digits: {numbers}.",
)

# %% [markdown]
# ### First try: fully connected
#
# The simplest network reads the picture as one long row of 784 numbers and mixes them all: a hidden
# layer of 128 neurons, each of which sees every pixel, and an output layer with one **logit**, a
# score, for each digit. The activation of the hidden layer is the **relu**, $\max(0, z)$: the sum
# if it is positive, otherwise nothing.
#
# ```text
#     (B, 28, 28, 1)  ──Flatten──►  (B, 784)  ──Dense, relu──►  (B, 128)  ──Dense──►  logits (B, 10)
# ```
#
# Logits may be any numbers. To make probabilities of them, there is the **softmax**, $p_i = e^{z_i}
# / \sum_j e^{z_j}$; it stays outside the model, because the loss can be computed more exactly from
# the logits.
#
# #### TODO 1.3 · `build_fc_model` (2 points)
#
# Build this model.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Three layers in a row: one that only reshapes, and two dense ones.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.Sequential([…])` with `keras.layers.Flatten()` and `keras.layers.Dense(units,
# activation="relu")`. The last layer has no activation.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(…, activation=…),
# keras.layers.Dense(…)])`
# </details>


# %% nbgrader={"grade_id": "fc_model", "solution": true}
def build_fc_model():
    """A new fully connected model: pictures (B, 28, 28, 1) → logits (B, 10), one hidden layer of
    128 relu neurons."""
    ### BEGIN SOLUTION
    layers = keras.layers
    return keras.Sequential(
        [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    )
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_fc_model", "grade": true, "locked": true, "points": 2}
with check("ten logits for each picture, from 784 · 128 + 128 + 128 · 10 + 10 parameters") as c:
    toy, x = build_fc_model(), np.zeros((2, 28, 28, 1), "float32")
    c.shape(toy(x), (2, 10), hint="One logit for each digit.")
    c.equal(toy.count_params(), 101_770, hint="Flatten, a hidden layer of 128, an output of 10.")
with check("the hidden layer is a relu, the output is plain, every call makes a new model") as c:
    toy, x = build_fc_model(), np.zeros((2, 28, 28, 1), "float32")
    toy(x)
    x[:, 0, 0, 0] = [2, -3]  # seen by two hidden neurons, with opposite signs
    hidden, out = np.zeros((784, 128)), np.zeros((128, 10))
    hidden[0, :2], out[:2, 3] = [1, -1], [2, 5]
    known = hidden, np.zeros(128), out, np.full(10, -1.0)
    toy.set_weights(
        [np.reshape(w, old.shape) for w, old in zip(known, toy.get_weights(), strict=True)]
    )
    logits = np.asarray(toy(x))
    c.close(logits[:, 3], [3.0, 14.0], name="logits of the 3", hint="Relu: max(0, z).")
    c.close(
        logits[:, 0], [-1.0, -1.0], name="logits of the 0", hint="Nothing after the last layer."
    )
    c.true(build_fc_model() is not toy, "a new model in every call", name="build_fc_model()")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(213)
shapes = [(784, 128), (128,), (128, 10), (10,)]
x = rng.normal(size=(5, 28, 28, 1)).astype("float32")


def built():
    model = build_fc_model()
    model(x[:1])
    known = [rng.normal(0, 1 / np.sqrt(shape[0]), shape) for shape in shapes]
    model.set_weights(
        [value.reshape(w.shape) for value, w in zip(known, model.get_weights(), strict=True)]
    )
    return model


with case(
    "the weights",
    hint="784 inputs, 128 hidden neurons, 10 outputs, each dense layer with its bias.",
):
    model = build_fc_model()
    model(x[:1])
    probe("shapes", [list(w.shape) for w in model.trainable_weights])
    probe("all of them", len(model.get_weights()))
    drawn = [rng.normal(size=w.shape) for w in model.get_weights()]
    model.set_weights(drawn)
    probe("given ones", [np.ravel(w)[:3] for w in model.get_weights()])
with case(
    "the logits for given weights", hint="Is the hidden layer a relu, and the last one plain?"
):
    probe("logits", built()(x), rtol=1e-3, atol=1e-4)
with case("large logits", hint="No activation after the last layer: logits are not probabilities."):
    probe("logits", built()(40 * x), rtol=1e-3, atol=1e-3)
with case("every call makes a new model", hint="Build the model inside the function."):
    first, second = built(), built()
    probe("logits", [first(x[:2]), second(x[:2])], rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ### Second try: convolutional
#
# The dense network has to learn what a stroke looks like for every place of the picture anew. A
# **convolutional layer** looks through small windows instead, as `convolve2d` does, with kernels
# that it learns, and uses each of them everywhere. Between such layers, **max-pooling** keeps only
# the largest of each 2 × 2 answers: where exactly a stroke lies matters less and less, and the next
# layer sees twice as far.
#
# ```text
#     (28, 28, 1) ─Conv 24 kernels 3 × 3, relu─► (26, 26, 24) ─max-pool 2─► (13, 13, 24)
#                 ─Conv 36 kernels 3 × 3, relu─► (11, 11, 36) ─max-pool 2─► (5, 5, 36)
#                 ─Flatten─► (900) ─Dense 128, relu─► (128) ─Dense 10─► logits (10)
# ```
#
# The sizes tell that nothing is padded: a 3 × 3 window fits into 28 pixels at 26 places.
#
# #### TODO 1.4 · `build_cnn_model` (3 points)
#
# Build this model. It has 124,670 parameters, most of them in the first dense layer: (900 + 1) ·
# 128.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Read the drawing from left to right: each arrow is a layer.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.layers.Conv2D(filters, kernel_size, activation=…)` does not pad unless told.
# `keras.layers.MaxPooling2D(2)`, `keras.layers.Flatten()`, `keras.layers.Dense(…)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# return keras.Sequential([
#     keras.layers.Conv2D(24, 3, activation=...),
#     keras.layers.MaxPooling2D(2),
#     ...,
#     keras.layers.Flatten(),
#     keras.layers.Dense(128, activation=...),
#     keras.layers.Dense(...),
# ])
# ```
# </details>


# %% nbgrader={"grade_id": "cnn_model", "solution": true}
def build_cnn_model():
    """A new convolutional model: pictures (B, 28, 28, 1) → logits (B, 10), with 124,670 parameters.

    Conv 24/3 relu, max-pool 2, Conv 36/3 relu, max-pool 2, Dense 128 relu, Dense 10. No padding.
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    first = [layers.Conv2D(24, 3, activation="relu"), layers.MaxPooling2D(2)]
    second = [layers.Conv2D(36, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()]
    return keras.Sequential(
        [*first, *second, layers.Dense(128, activation="relu"), layers.Dense(10)]
    )
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_cnn_model", "grade": true, "locked": true, "points": 3}
with check("ten logits for each picture, from 124,670 parameters") as c:
    toy, x = build_cnn_model(), np.zeros((2, 28, 28, 1), "float32")
    c.shape(toy(x), (2, 10), hint="One logit for each digit.")
    c.equal(
        toy.count_params(),
        124_670,
        hint="3 × 3 kernels, no padding, max-pooling after each of the two.",
    )
with check("relu in all hidden layers, the largest of each 2 × 2, and plain logits") as c:
    toy, x = build_cnn_model(), np.zeros((2, 28, 28, 1), "float32")
    toy(x)
    x[0, 3:7, 3:7], x[1, 3:7, 3:7] = 1, -1  # two kernels see them with opposite signs
    x[:, 3, 3, 0] = 3, -4
    known = [np.zeros(w.shape) for w in toy.get_weights()]
    known[0][1, 1, 0, :2] = 1, -1
    known[2][1, 1, :2, 0], known[2][1, 1, 0, 1] = 1, -1
    known[4][0, :2], known[4][1, 2] = [1, -1], -1
    known[6][:3, 3], known[7][:] = [2, 7, 9], -1
    toy.set_weights(known)
    logits = np.asarray(toy(x))
    c.close(logits[:, 3], [5.0, 7.0], name="logits of the 3", hint="Relu, then max-pooling, twice.")
    c.close(
        logits[:, 0], [-1.0, -1.0], name="logits of the 0", hint="Nothing after the last layer."
    )
    c.true(build_cnn_model() is not toy, "a new model in every call", name="build_cnn_model()")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(214)
shapes = [(3, 3, 1, 24), (24,), (3, 3, 24, 36), (36,), (900, 128), (128,), (128, 10), (10,)]
x = rng.normal(size=(3, 28, 28, 1)).astype("float32")


def built():
    model = build_cnn_model()
    model(x[:1])
    known = [rng.normal(0, 1 / np.sqrt(np.prod(shape[:-1])), shape) for shape in shapes]
    model.set_weights(
        [value.reshape(w.shape) for value, w in zip(known, model.get_weights(), strict=True)]
    )
    return model


with case("the weights", hint="Compare the sizes in the drawing, layer by layer."):
    model = build_cnn_model()
    model(x[:1])
    probe("shapes", [list(w.shape) for w in model.trainable_weights])
    probe("all of them", len(model.get_weights()))
    drawn = [rng.normal(size=w.shape) for w in model.get_weights()]
    model.set_weights(drawn)
    probe("given ones", [np.ravel(w)[:3] for w in model.get_weights()])
with case(
    "the logits for given weights",
    hint="Two convolutions with relu, max-pooling, and a plain last layer.",
):
    probe("logits", built()(x), rtol=1e-3, atol=1e-4)
with case("large logits", hint="No activation after the last layer: logits are not probabilities."):
    probe("logits", built()(30 * x), rtol=1e-3, atol=1e-3)
with case("every call makes a new model", hint="Build the model inside the function."):
    first, second = built(), built()
    probe("logits", [first(x[:2]), second(x[:2])], rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ### Training, the short way
#
# A network starts with random weights and knows nothing. The **cross-entropy** $-\ln
# p_{\text{label}}$ tells how surprised it is by the right answer; training makes it smaller, a
# little with each batch of pictures. Keras has the whole loop ready-made: `compile` says *how* to
# learn (which optimizer, which loss), `fit` does it, for a number of **epochs**: one epoch is once
# through all pictures. What `fit` returns, a **History**, remembers the loss of each epoch.
#
# Chance is at work in it: the pictures are shuffled, anew in each epoch. With a fixed **seed** the
# same chance comes again, and an experiment can be repeated.
#
# #### TODO 1.5 · `fit_digits` (3 points)
#
# Compile the model, train it, return the History. The same model with the same seed must end with
# the same weights. Everything else (optimizer, learning rate, batch size) is your choice, if it
# learns fast enough: from 1,000 digits in 4 epochs, the fully connected network should come to read
# at least 75 % of the digits it has never seen. (With all digits and the epochs of `class`, it will
# be over 95 %.)
# If you like to watch, add `callbacks=[live_fit()], verbose=0` to `fit`: that draws the curve while
# it grows.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Three lines: fix the seed, compile, fit. The models give logits, and the loss has to be told.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `keras.utils.set_random_seed(seed)`. For `compile`: `optimizer="adam"` is a good start, and the
# loss is `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`; *sparse* means that the
# labels are numbers from 0 to 9. `fit` takes `batch_size` and `epochs`, and returns the History.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# keras.utils.set_random_seed(seed)
# model.compile(optimizer="adam", loss=..., metrics=["accuracy"])
# return model.fit(images, ..., batch_size=32, epochs=...)
# ```
# </details>


# %% nbgrader={"grade_id": "fit_digits", "solution": true}
def fit_digits(model, images, labels, epochs, seed):
    """Compiles and trains a model that reads digits.

    model: pictures (B, 28, 28, 1) → logits (B, 10). images: floats (N, 28, 28, 1) in [0, 1];
    labels: integers (N,). epochs: how often to go through all of them. seed: an integer; the same
    seed gives the same result again. Returns the History of keras' fit, with one loss per epoch.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images)).batch(32)
    shift = keras.layers.RandomTranslation(0.05, 0.05, fill_mode="constant")  # by a pixel or so
    rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(data))
    model.compile(
        keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    data = data.map(lambda x, y: (shift(x, training=True), y)).prefetch(2)
    return model.fit(data, epochs=epochs, verbose=0, callbacks=[live_fit()])
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_fit_digits", "grade": true, "locked": true, "points": 3}
with check("from 1,000 digits in 4 epochs, it learns to read 75 % of new ones") as c:
    few = load_digits("fixture", n_train=1000, quiet=True)
    x, y, dense = few.train_images, few.train_labels, keras.layers.Dense
    toy = keras.Sequential([keras.layers.Flatten(), dense(128, activation="relu"), dense(10)])
    history = fit_digits(toy, x, y, 4, seed=1)
    c.true(hasattr(history, "history"), "a History", name="history", hint="What fit returns.")
    c.shape(history.history["loss"], (4,), name="the losses in it", hint="Pass the epochs on.")
    c.between(
        np.mean(np.argmax(toy(few.test_images), axis=1) == few.test_labels),
        0.75,
        1,
        name="share of right answers",
        hint="Does the loss know that these are logits? Is the learning rate large enough?",
    )
    c.equal([x.min(), x.max()], [0, 1], name="range of images", hint="Do not change the pictures.")
with check("the same seed gives the same weights again") as c:
    results = []
    for chance in (1, 2):
        toy = keras.Sequential([keras.layers.Flatten(), dense(10, kernel_initializer="zeros")])
        keras.utils.set_random_seed(chance)  # other dice, unless you set the seed
        fit_digits(toy, x[:200], y[:200], 2, seed=1)
        results.append(toy.get_weights())
    c.close(results[1], results[0], 1e-3, 1e-5, name="the second run", hint="Set the seed first.")
### BEGIN HIDDEN TESTS
import keras
import numpy as np

from labkit.digits.loading import load_digits

found = load_digits("fixture", n_train=1000, quiet=True)
layers = keras.layers
x, y = np.asarray(found.train_images), np.asarray(found.train_labels)
before, runs = [x.copy(), y.copy()], []


def trained(noise):
    """The History, the weights, and the labels of held-out digits."""
    layer_list = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    model = keras.Sequential(layer_list)
    model(x[:1])
    start = np.random.default_rng(3)
    model.set_weights([start.normal(0, 0.05, w.shape) for w in model.get_weights()])
    stir_chance(noise)
    history = fit_digits(model, x, y, 4, 7)
    labels = np.argmax(model(np.asarray(found.test_images)), axis=1)
    runs.append((history, model.get_weights(), labels))


def learned(run):
    """Made-up results prove nothing: every case is about a model that has learned."""
    probe("labels", run[2], compare=accuracy(0.5, found.test_labels))


with case(
    "digits it has never seen",
    hint="From 1,000 digits, in 4 epochs, 75 % of new ones should be right.",
):
    trained(5)
    probe("labels", runs[0][2], compare=accuracy(0.75, found.test_labels))
with case("a History with one loss per epoch", hint="Return what fit returns, after all epochs."):
    learned(runs[0])
    history = runs[0][0]
    probe("History", isinstance(history, keras.callbacks.History))
    probe("number of losses", len(history.history["loss"]))
    falls = history.history["loss"][-1] / history.history["loss"][0]
    probe("last loss, relative to the first", falls, compare=at_most(0.9))
with case("the digits stay as they are", hint="Work on copies of pictures and labels."):
    learned(runs[0])
    probe("changes of the data", [x - before[0], y - before[1]])
with case("repeatable", hint="Everything that draws must follow from the seed."):
    x, y = before[0].copy(), before[1].copy()
    trained(6)
    learned(runs[1])
    pairs = zip(runs[1][1], runs[0][1], strict=True)
    probe("largest differences", [np.abs(a - b).max() for a, b in pairs], atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# Now train both networks. The number to look at is the share of right answers on digits that were
# *held out*: none of them was ever used for training. Compare it with the most stubborn of all
# readers, who always says the most frequent digit.

# %% tags=["demo"]
with when_done("build_fc_model", "build_cnn_model", "fit_digits"):
    epochs = budget.digit_epochs if digits.source == "fixture" else budget.mnist_epochs
    always = np.mean(digits.test_labels == np.bincount(digits.train_labels).argmax())
    for name, build in (("fully connected", build_fc_model), ("convolutional", build_cnn_model)):
        seed_everything(1)
        digit_model = build()
        fit_digits(digit_model, digits.train_images, digits.train_labels, epochs, seed=1)
        right = (
            np.argmax(digit_model.predict(digits.test_images, verbose=0), axis=1)
            == digits.test_labels
        )
        print(
            f"{name}, held out: {np.mean(right):.2%} right; always the most frequent digit: {always:.1%}"
        )

# %% [markdown]
# ### How sure is it?
#
# A logit says little by itself. The softmax turns the ten of them into probabilities; the largest
# one belongs to the answer, and is called the network's **confidence**.
#
# #### TODO 1.6 · `predict_digits` (2 points)
#
# Return the answers and the confidences for a batch of pictures.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Logits, softmax, then two questions for each row: where is the largest probability, and how large
# is it?
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.cast(images, tf.float32)`, as pictures may be whole numbers; `model(…, training=False)`,
# `tf.nn.softmax(logits)`, and `np.argmax(…, axis=1)`, `np.max(…, axis=1)`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `probabilities = tf.nn.softmax(model(tf.cast(images, …), training=False)).numpy()`, then return
# the two arrays, separated by a comma.
# </details>


# %% nbgrader={"grade_id": "predict_digits", "solution": true}
def predict_digits(model, images):
    """The answers of a model, and how sure it is.

    model: pictures → logits (B, 10); it is used, not trained. images: (B, 28, 28, 1), also whole
    numbers. Returns (labels, confidences): integers (B,) from 0 to 9, and floats (B,), their
    softmax probabilities.
    """
    ### BEGIN SOLUTION
    logits = model.predict(np.asarray(images, "float32"), batch_size=512, verbose=0)
    probabilities = tf.nn.softmax(logits).numpy()
    return probabilities.argmax(axis=1), probabilities.max(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_predict_digits", "grade": true, "locked": true, "points": 2}
with check("the label of the largest logit, and its softmax probability") as c:
    toy = keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    weights = np.zeros((784, 10))
    weights[0, 7] = np.log(20)
    toy.set_weights([weights, np.log([1.0, 1, 1, 11, 1, 1, 1, 1, 1, 1])])
    x = np.zeros((3, 28, 28, 1), int)
    x[1, 0, 0, 0] = 1  # this one is a 7, with 20 of 39
    labels, confidences = predict_digits(toy, x)
    c.equal(labels, [3, 7, 3], hint="np.argmax along axis 1.")
    c.dtype(labels, "int", hint="np.argmax gives integers.")
    c.close(
        confidences,
        [0.55, 20 / 39, 0.55],
        hint="The softmax of these logits is 11/20 for the 3 and 1/20 for each other one.",
    )
with check("large logits work, and the model is used, not trained") as c:
    toy = keras.Sequential([*toy.layers, keras.layers.Dropout(0.5)])
    toy(x)
    toy.set_weights([weights, np.log([1.0, 1, 1, 11, 1, 1, 1, 1, 1, 1]) + 800])
    c.close(
        predict_digits(toy, x)[1],
        [0.55, 20 / 39, 0.55],
        rtol=1e-3,
        name="confidences for logits about 800",
        hint="tf.nn.softmax does not overflow; training=False switches Dropout off.",
    )
### BEGIN HIDDEN TESTS
from functools import cache

import keras
import numpy as np

rng = case_rng(216)
layers = keras.layers


@cache  # building a model takes longer than asking it
def model_with(middle):
    extra = [layers.BatchNormalization(), layers.Dropout(0.5)] if middle == "norm" else []
    return keras.Sequential(
        [layers.AveragePooling2D(7), layers.Flatten(), *extra, layers.Dense(10)]
    )


def made(middle="", scale=0.1):
    """A model with new weights."""
    model = model_with(middle)
    model(np.zeros((1, 28, 28, 1), "float32"))
    drawn = [rng.normal(0, scale if w.ndim > 1 else 1, w.shape) for w in model.get_weights()]
    model.set_weights([w if w.ndim > 1 else np.abs(w) for w in drawn])
    return model


def pictures(n):
    """Patches of grey, so that different pictures get different labels."""
    patches = rng.integers(0, 2, (n, 4, 4, 1)).repeat(7, axis=1).repeat(7, axis=2)
    return (rng.random((n, 28, 28, 1)) * patches).astype("float32")


def labels_of(model, x):
    labels = predict_digits(model, x)[0]
    probe("labels", labels)
    probe("whole numbers", np.asarray(labels).dtype.kind in "iu")


def confidences_of(model, x):
    probe("confidences", predict_digits(model, x)[1], rtol=1e-3, atol=1e-5)


with case("the labels", hint="The index of the largest logit in each row, a whole number."):
    labels_of(made(scale=2.0), pictures(12))
with case("the confidences", hint="The largest of the softmax probabilities in each row."):
    confidences_of(made(scale=2.0), pictures(12))
with case("one picture", hint="A batch of one has one label and one confidence, in arrays."):
    model = made(scale=2.0)
    answers = [predict_digits(model, pictures(1)) for _ in range(6)]
    probe("labels", [labels for labels, _ in answers])
    probe("shape of the confidences", list(np.shape(answers[0][1])))
with case(
    "large logits", hint="e to the power of a large logit overflows: use a ready-made softmax."
):
    model = made(scale=2.0)
    model.layers[-1].bias.assign(model.layers[-1].bias + 700)
    confidences_of(model, pictures(6))
with case("nearly undecided", hint="The confidence is a probability, not a logit."):
    confidences_of(made(scale=0.01), pictures(5))
with case(
    "use, not training",
    hint="Dropout and BatchNorm behave differently in training; nothing may change.",
):
    model, x = made("norm", scale=3.0), pictures(24)
    model.layers[-1].bias.assign(np.zeros(10))
    before = model.get_weights()
    labels_of(model, x)
    pairs = zip(model.get_weights(), before, strict=True)
    probe("changes of the weights", [a - b for a, b in pairs if a.dtype.kind == "f"])
with case("bytes", hint="Pictures may be whole numbers, too, and stay as they are."):
    x = (3 * pictures(8)).astype("int64")
    before = x.copy()
    labels_of(made(scale=1.0), x)
    probe("changes of the pictures", x - before)
### END HIDDEN TESTS

# %% [markdown]
# A **confusion matrix** counts what was taken for what: row 4, column 9 are the fours that were
# read as nines. And below it, some of the mistakes, those first that the network was surest of.
# Would you have read them right?

# %% tags=["demo"]
with when_done("digit_model", "predict_digits"):
    labels, confidences = predict_digits(digit_model, digits.test_images)
    plot_confusion(digits.test_labels, labels)
    show_mistakes(digits.test_images, digits.test_labels, labels, confidences)

# %% [markdown]
# ### Training, the open way
#
# `fit` hides what happens. In the second half we need a training step that no ready-made loop
# offers, so write one: run the model while a **tape** records, compute the loss, ask the tape for
# the gradient of the loss with respect to every weight, and let the optimizer take its step.
#
# #### TODO 1.7 · `digits_step` (4 points)
#
# Do one update on the mean cross-entropy of the logits, and return the loss *before* it. It should
# work for any model and any optimizer. The loop below compiles it, so leave the loss a tensor, and
# put no `@tf.function` above it yourself.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Four lines: predict and compute the loss on a tape; gradients of the loss; apply them; return the
# loss.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# Some layers behave differently while they learn, so call `model(images, training=True)`. The loss
# is `keras.losses.sparse_categorical_crossentropy` of the labels and the logits, with
# `from_logits=True`: one number per picture; then `tf.reduce_mean`.
# `optimizer.apply(gradients, variables)` changes the variables.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# with tf.GradientTape() as tape:
#     logits = model(images, training=True)
#     loss = tf.reduce_mean(...)
# gradients = tape.gradient(loss, model.trainable_variables)
# optimizer.apply(..., ...)
# return loss
# ```
# </details>


# %% nbgrader={"grade_id": "digits_step", "solution": true}
def digits_step(model, optimizer, images, labels):
    """One update of the model's trainable variables; nothing else changes.

    model: pictures → logits (B, K); it runs in training mode here. optimizer: a Keras optimizer.
    images: floats (B, 28, 28, 1). labels: integers (B,).
    Returns the mean cross-entropy before the update, a scalar.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        )
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_digits_step", "grade": true, "locked": true, "points": 4}
with check(
    "a step returns the loss before it, and makes the next one smaller",
    hint="Any model, any optimizer: no `@tf.function` above the function.",
) as c:
    toy = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10)])
    optimizer, x, y = (
        keras.optimizers.SGD(0.01, momentum=0.5),
        np.ones((4, 28, 28, 1), "float32"),
        np.array([1, 1, 1, 7]),
    )
    toy(x)
    toy.set_weights([np.zeros((784, 10)), np.log([1.0, 1, 1, 11, 1, 1, 1, 1, 1, 1])])
    losses = [digits_step(toy, optimizer, x, y) for _ in range(2)]
    c.close(losses[0], np.log(20), hint="The softmax gives each of these labels 1/20: -ln(1/20).")
    c.true(
        losses[1] < losses[0], "a smaller loss", name="the next loss", hint="Apply the gradients."
    )
    c.equal(optimizer.iterations, 2, hint="One call is one update.")
with check(
    "compiled, it moves every weight along its slope, and nothing else",
    hint="tf.function(digits_step) must work: no .numpy(), and no `@tf.function` of your own.",
) as c:
    first, last = (keras.layers.Dense(2, use_bias=bias) for bias in (False, True))
    frozen = keras.layers.Dense(2, use_bias=False, trainable=False)
    toy = keras.Sequential([keras.layers.Flatten(), first, frozen, last])
    x, start = np.zeros((2, 28, 28, 1), "float32"), np.zeros((784, 2))
    x[0, 0, 0], x[1, 0, 1], start[1, 0] = 1, 1, np.log(3) / 20
    toy(x)
    for layer, weights in ((first, [start]), (frozen, [20 * np.eye(2)])):
        layer.set_weights(weights)
    last.set_weights([np.eye(2), np.zeros(2)])
    optimizer = keras.optimizers.SGD(0.05, momentum=0.5)
    loss = tf.function(digits_step)(toy, optimizer, x, np.array([1, 0]))
    c.close(loss, (np.log(2) + np.log(4 / 3)) / 2, hint="from_logits=True, and the mean.")
    c.close(
        first.get_weights()[0][:2],
        [[-0.25, 0.25], [np.log(3) / 20 + 0.125, -0.125]],
        name="the first weights afterwards",
        hint="Take the gradients as they are: all of them, and all of each.",
    )
    c.close(last.get_weights()[1], [-0.00625, 0.00625], name="the last ones", atol=1e-5)
    c.close(frozen.get_weights()[0], 20 * np.eye(2), rtol=0, atol=1e-4, name="a frozen layer")
    c.close(optimizer.learning_rate, 0.05, hint="The learning rate stays as it is.")
with check(
    "it runs the model in training mode",
    hint="Any model, any optimizer: no `@tf.function` above the function.",
) as c:
    toy = keras.Sequential([*toy.layers, keras.layers.Dropout(0.9999999)])
    loss = digits_step(toy, keras.optimizers.SGD(0.1, momentum=0.5), x, np.array([0, 1]))
    c.close(loss, np.log(2), name="loss with all dropped", hint="model(images, training=True)")
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(217)
layers = keras.layers


def made(*middle, scale=0.5):
    model = keras.Sequential(
        [layers.AveragePooling2D(7), layers.Flatten(), *middle, layers.Dense(10)]
    )
    model(np.zeros((1, 28, 28, 1), "float32"))
    drawn = [rng.normal(0, scale, w.shape) for w in model.get_weights()]
    model.set_weights([w if w.ndim > 1 else np.abs(w) for w in drawn])
    return model


def batch(n=5):
    return rng.random((n, 28, 28, 1)).astype("float32"), rng.integers(0, 10, n)


with case("the loss that is returned", hint="The mean cross-entropy before the update."):
    model, (x, y) = made(), batch()
    probe(
        "losses",
        [digits_step(model, keras.optimizers.SGD(0.8), x, y) for _ in range(3)],
        rtol=1e-3,
    )
with case(
    "confident and wrong",
    hint="Work with the logits: softmax and logarithm in two steps lose digits.",
):
    model, (x, y) = made(scale=90.0), batch()
    probe("loss", digits_step(model, keras.optimizers.SGD(0.1), x, y), rtol=1e-3)
with case(
    "the weights after one step",
    hint="Every trainable variable moves along its own gradient, once.",
):
    model, (x, y) = made(layers.Dense(6, activation="relu")), batch()
    digits_step(model, keras.optimizers.SGD(0.5), x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "one model after the other, with their optimizers",
    hint="Use the model and optimizer you are given.",
):
    for name in ("SGD with momentum", "Adam"):
        model = made(layers.Dense(7, activation="tanh"))
        optimizer = (
            keras.optimizers.Adam(0.05)
            if name == "Adam"
            else keras.optimizers.SGD(0.3, momentum=0.8)
        )
        losses = [digits_step(model, optimizer, *batch(4)) for _ in range(3)]
        probe(f"{name}: losses", losses, rtol=1e-3)
        probe(f"{name}: weights", model.get_weights(), rtol=1e-2, atol=1e-4)
with case("steep slopes", hint="Take the gradients as they are: no clipping of what is large."):
    model, (x, y) = made(layers.Dense(6, activation="relu")), batch()
    digits_step(model, keras.optimizers.SGD(0.05), 40 * x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-4)
with case(
    "compiled",
    hint="tf.function(digits_step) must work: leave the loss a tensor, without .numpy().",
):
    model, (x, y) = made(), batch()
    probe("loss", tf.function(digits_step)(model, keras.optimizers.SGD(0.5), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case("training mode", hint="Call the model with training=True, so that BatchNorm learns."):
    model, (x, y) = made(layers.BatchNormalization()), batch()
    probe("loss", digits_step(model, keras.optimizers.SGD(0.1), x, y), rtol=1e-3)
    probe("weights and statistics", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "nothing else changes",
    hint="Frozen layers, the learning rate and the batch stay as they are.",
):
    model, optimizer, (x, y) = (
        made(layers.Dense(4, trainable=False)),
        keras.optimizers.SGD(0.25),
        batch(),
    )
    before = x.copy(), y.copy()
    digits_step(model, optimizer, x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
    probe("learning rate, updates", [float(optimizer.learning_rate), int(optimizer.iterations)])
    probe("changes of the batch", [x - before[0], y - before[1]])
with case("a model that was never called", hint="The model may get its weights in this very step."):
    initial = keras.initializers.RandomNormal(stddev=0.5, seed=5)
    model, (x, y) = (
        keras.Sequential([layers.Flatten(), layers.Dense(10, kernel_initializer=initial)]),
        batch(3),
    )
    probe("loss", digits_step(model, keras.optimizers.SGD(0.1), x, y), rtol=1e-3)
    probe("weights", [w[::9] for w in model.get_weights()], rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% tags=["demo"]
with when_done("build_cnn_model", "digits_step", "predict_digits", "digit_model"):
    rng, by_hand = seed_everything(2), build_cnn_model()
    optimizer, fast_step = keras.optimizers.Adam(2e-3), tf.function(digits_step)

    def one_step(i):
        chosen = rng.integers(0, len(digits.train_labels), 64)
        return fast_step(
            by_hand, optimizer, digits.train_images[chosen], digits.train_labels[chosen]
        )

    LiveCurve(budget.digit_steps, baseline=np.log(10), baseline_name="guessing").run(one_step)
    right = predict_digits(by_hand, digits.test_images)[0] == digits.test_labels
    print(f"held out: {np.mean(right):.2%} right; always the most frequent digit: {always:.1%}")

# %% [markdown]
# ## Part 2 · A face detector, and the people it overlooks
#
# ### Who is in the data?
#
# Detectors that find faces open doors, unlock phones, and focus cameras. In 2018 Joy Buolamwini and
# Timnit Gebru measured commercial systems that guess the gender of a face, and found error rates of
# at most 0.8 % for light-skinned men and up to 34.7 % for dark-skinned women ([*Gender
# Shades*](https://proceedings.mlr.press/v81/buolamwini18a.html)). One cause is simple: a network
# gets good at what it sees often, and its training pictures showed mostly one kind of people.
#
# Real photographs do not tell by how much a detector is wrong about whom: somebody would have to
# say for each face what kind of face it is. Ours do. They are drawn by a program that knows
# everything about them: skin tone (on the ten steps of the [Monk scale](https://skintone.google)),
# direction of the head, light, hair, glasses. Nobody in these pictures exists. Half of the pictures
# show no face at all, but things that look a little like one: heads from behind, faces cut to
# pieces, pots and balls, patterns.
#
# And like so many collections, the one we train on is not fair: of its faces, 86 % are light and
# look at you, 7 % are light and turned aside, 5 % are dark, and 2 % are dark and turned. The test
# set has the same number of each.

# %% tags=["demo"]
train_set, test_set = (
    make_training_faces(budget.pictures, seed=1),
    make_test_faces(budget.test_faces, seed=2),
)
print(train_set, test_set, sep="\n")
for name, chosen in (("faces", train_set.labels == 1), ("other pictures", train_set.labels == 0)):
    show_images(
        train_set.images[chosen][:16],
        title=f"Training: {name}",
        alt=f"Sixteen {name} of the training set.",
    )
for name, mask in test_set.groups.items():
    show_images(
        test_set.images[mask][:8],
        title=f"Test: {name}",
        alt=f"Eight test faces of the group {name}.",
    )

# %% [markdown]
# ### One number is not enough
#
# A detector that is right 95 times in 100 sounds fine, until you learn that all five mistakes
# concern the same people. So measure the accuracy for each group separately, and look at the worst
# group, and at the gap between the best and the worst.
#
# A group is a **mask**: an array of $N$ truth values that says who belongs to it. Somebody can
# belong to several groups. An empty group has no accuracy: 0 would be an accusation, 1 a lie, so
# raise an error that names it.
#
# #### TODO 2.1 · `accuracy_by_group` (2 points)
#
# Return the share of right answers in each group.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Where are the predictions right? For each group: the mean of that, over its members only.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `np.asarray(a) == np.asarray(b)` compares element by element; `right[mask]` keeps the members;
# `np.mean` of truth values is a share. `mask.any()` tells whether there is anybody.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# for name, mask in groups.items():
#     if not np.any(mask):
#         raise ValueError(f"the group {name} is empty")
#     result[name] = np.mean(...)
# ```
# </details>


# %% nbgrader={"grade_id": "group_accuracy", "solution": true}
def accuracy_by_group(y_true, y_pred, groups):
    """The accuracy of each group.

    y_true, y_pred: labels (N,). groups: dict from a name to a mask, N truth values; groups may
    overlap. Returns a dict from each name to an accuracy in [0, 1]. Raises ValueError, naming the
    group, if one is empty.
    """
    ### BEGIN SOLUTION
    right = np.asarray(y_true) == np.asarray(y_pred)
    for name, mask in groups.items():
        if not np.any(mask):
            raise ValueError(f"the group {name!r} is empty")
    return {name: float(np.mean(right[np.asarray(mask, bool)])) for name, mask in groups.items()}
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_group_accuracy", "grade": true, "locked": true, "points": 2}
with check("each group has an accuracy of its own") as c:
    y, guesses = np.array([[2, 1, 0, 1, 0], [1, 1, 0, 2, 0]])
    masks = {"first": np.array([True, True, False, False, False]), "all": np.ones(5, bool)}
    c.close(
        accuracy_by_group(y, guesses, masks),
        {"first": 0.5, "all": 0.6},
        hint="Count the members only.",
    )
with check("an empty group raises a ValueError that names it") as c:
    masks["bearded"] = np.zeros(5, bool)
    c.raises(ValueError, lambda: accuracy_by_group(y, guesses, masks), naming="bearded")
### BEGIN HIDDEN TESTS
import numpy as np

rng = case_rng(221)
y, guesses = rng.integers(0, 2, 60), rng.integers(0, 2, 60)
parts = np.sort(rng.integers(0, 3, 60))


def floats(result):
    return {name: float(value) for name, value in sorted(result.items())}


with case(
    "groups that cover everybody",
    hint="The share of right answers among the members of each group.",
):
    probe(
        "accuracies",
        floats(accuracy_by_group(y, guesses, {f"part {i}": parts == i for i in range(3)})),
    )
with case(
    "groups that overlap",
    hint="Each group on its own; one person may belong to several, or to none.",
):
    groups = {
        name: rng.random(60) < share
        for name, share in (("few", 0.15), ("half", 0.5), ("many", 0.9))
    }
    probe("accuracies", floats(accuracy_by_group(y, guesses, groups)))
with case("more than two labels", hint="Right means equal; labels need not be 0 and 1."):
    three = rng.integers(3, 6, (2, 60))
    groups = {"all": np.ones(60, bool), "some": parts > 1}
    probe("accuracies", floats(accuracy_by_group(three[0], three[1], groups)))
with case(
    "all right, all wrong, one member", hint="1.0, 0.0, and groups of one are accuracies too."
):
    one = np.arange(60) == 17
    groups = {"all": np.ones(60, bool), "one": one}
    probe("right", floats(accuracy_by_group(y, y, groups)))
    probe("wrong", floats(accuracy_by_group(y, 1 - y, groups)))
    probe("some", floats(accuracy_by_group(y, guesses, {**groups, "others": ~one})))
with case(
    "an empty group",
    hint="A ValueError whose message names the empty group, wherever it stands.",
):
    some, none = parts == 1, np.zeros(60, bool)
    name = f"zebra {rng.integers(10**7, 10**8)}"
    for i, groups in enumerate(
        ({name: none}, {"okay": some, name: none}, {name: none, "okay": some})
    ):
        found = outcome(
            lambda groups=groups: accuracy_by_group(y, guesses, groups), looking_for=[name]
        )
        probe(f"error {i}", {"raised": found["raised"], "named": found.get("message_has")})
with case(
    "the inputs stay as they are", hint="Change neither the labels nor the masks, and no key."
):
    groups, before = {"a": parts > 0, "b": parts < 2}, (y.copy(), guesses.copy())
    probe("accuracies", floats(accuracy_by_group(y, guesses, groups)))
    probe("changes", [y - before[0], guesses - before[1], groups["a"] ^ (parts > 0)])
    probe("no group", accuracy_by_group(y, guesses, {}))
### END HIDDEN TESTS

# %% [markdown]
# ### A detector like many others
#
# `make_encoder(n)` builds an **encoder**, a convolutional network that turns a picture of 64 × 64
# pixels into $n$ numbers. It has four convolutions with stride 2, which means that the window moves
# by two pixels at a time: 64 → 32 → 16 → 8 → 4. After each comes a `BatchNormalization`, which
# keeps the numbers at a steady scale: in training it uses mean and variance of the batch and
# remembers them in *moving averages*; afterwards, when pictures may come one by one, it uses these.
# With $n = 1$ the encoder is a detector: a positive logit means *face*. You will need it again, and
# its mirror image, `make_decoder(d)`, which turns $d$ numbers into a picture.
#
# The training loop is ready, too. Each batch is one half faces, one half others, and each picture
# is varied when it is drawn: moved by a few pixels, and every other time mirrored.


# %% tags=["demo"]
with when_done("accuracy_by_group"):
    training = {"epochs": budget.epochs, "batch_size": 32, "learning_rate": 1e-3, "seed": 1}
    groups, accuracy = {**test_set.groups, "no face": test_set.labels == 0}, {}

    def report(name, logits):
        guesses = is_face(logits)
        accuracy[name] = accuracy_by_group(test_set.labels, guesses, groups)
        print(
            f"{name}, held out: {np.mean(guesses == test_set.labels):.1%} right; always saying the same: 50.0%"
        )
        plot_group_accuracy(accuracy, {group: int(mask.sum()) for group, mask in groups.items()})
        show_mistakes(test_set.images, test_set.labels, guesses, names=("no face", "face"))

    seed_everything(1)
    standard = make_encoder(1)
    train_detector(standard, classifier_step, train_set, **training)
    report("standard", standard(test_set.images))

# %% [markdown]
# The number over all is not bad. The numbers of the groups tell another story: who is rare in the
# training set is overlooked more often.
#
# ### Learning what faces have in common
#
# To help the rare faces we have to know which ones are rare. Nobody told the network about skin,
# glasses or poses, and in real life nobody has the time to label all that, or knows what else to
# look for. But a network can find out by itself in which ways faces differ. That is what a
# **variational autoencoder** (VAE) does.
#
# An autoencoder squeezes each picture $x$ through a bottleneck of $d$ numbers $z$ and rebuilds it
# from these. To succeed, it must use the $d$ numbers for whatever matters most. They are called
# **latent variables**: hidden causes of what is seen. The *variational* one does not give a point
# $z$, but a region: for each latent variable a mean $\mu$ and a width $\sigma$.
#
# ```text
#                     ┌─► y_logit          is it a face?
#     x ──► encoder ──┼─► mu               (d)
#                     └─► logsigma         (d)       z = μ + σ·ε ──► decoder ──► x_recon
# ```
#
# Two forces shape this latent space, and their sum is the loss:
#
# $$ L_{\text{VAE}} = c \cdot
#    \underbrace{\tfrac{1}{2} \sum_{j=1}^{d} \left( e^{s_j} + \mu_j^2 - 1 - s_j
#    \right)}_{\text{latent loss}} \;+\; \underbrace{\tfrac{1}{HWC} \sum \left| x - \hat{x}
#    \right|}_{\text{reconstruction loss}} $$
#
# | symbol | what it is |
# |---|---|
# | $x$, $\hat{x}$ | the picture and its reconstruction, $H × W$ pixels with $C$ colours |
# | $\mu_j$ | the mean of latent variable $j$ |
# | $s_j$ | `logsigma`: the logarithm of the **variance**, $s_j = \ln \sigma_j^2$ |
# | $c$ | `kl_weight`, how much the latent loss counts |
#
# The reconstruction loss wants the picture back. The latent loss (the *Kullback–Leibler divergence*
# from a standard normal distribution) wants all regions to be alike, $\mu = 0$ and $\sigma = 1$,
# where it is 0. Between the two, neighbours in the latent space become alike, and every place in it
# looks like a face.
#
# Why a logarithm? A variance must be positive, and a network can put out any number. Every $s$ is a
# valid one.
#
# #### TODO 2.2 · `vae_loss_function` (5 points)
#
# Return the loss of each picture of a batch, $B$ numbers.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Two numbers per picture. The latent loss *sums* over the $d$ latent variables; the reconstruction
# loss takes the *mean* over height, width and colours. The batch axis stays.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.reduce_sum(…, axis=1)`, `tf.reduce_mean(…, axis=(1, 2, 3))`, `tf.exp`, `tf.square`, `tf.abs`.
# `tf.cast(…, tf.float32)` makes floats of whatever comes.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + ..., axis=1)
# reconstruction_loss = tf.reduce_mean(tf.abs(...), axis=(1, 2, 3))
# return kl_weight * ... + ...
# ```
# </details>


# %% nbgrader={"grade_id": "vae_loss", "solution": true}
def vae_loss_function(x, x_recon, mu, logsigma, kl_weight=0.0005):
    """The loss of a variational autoencoder, for each picture.

    x, x_recon: numbers (B, H, W, C). mu, logsigma: numbers (B, d), logsigma is the logarithm of the
    variance. kl_weight: the weight of the latent loss. Whole numbers work too. Returns floats (B,)
    through which gradients can flow.
    """
    ### BEGIN SOLUTION
    x, x_recon, mu, logsigma = (tf.cast(value, tf.float32) for value in (x, x_recon, mu, logsigma))
    latent_loss = 0.5 * tf.reduce_sum(tf.exp(logsigma) + tf.square(mu) - 1 - logsigma, axis=1)
    reconstruction_loss = tf.reduce_mean(tf.abs(x - x_recon), axis=(1, 2, 3))
    return kl_weight * latent_loss + reconstruction_loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_vae_loss", "grade": true, "locked": true, "points": 5}
with check("the reconstruction loss is the mean absolute error of each picture") as c:
    x, zeros = np.full((2, 4, 4, 3), 0.5, "float32"), np.zeros((2, 5), "float32")
    off = x + np.array([0.25, -0.5], "float32").reshape(2, 1, 1, 1)
    c.close(
        vae_loss_function(x, off, zeros, zeros),
        [0.25, 0.5],
        hint="Mean over height, width and colours.",
    )
    off[:, 0], off[:, 1] = 0.5, 1.5  # the first row is right, the second wrong by 1
    c.close(
        vae_loss_function(x, off, zeros, zeros),
        [0.375, 0.5],
        hint="Every pixel counts, by how much it is off in either direction.",
    )
with check("the latent loss is half the sum over the latent variables") as c:
    c.close(
        vae_loss_function(x, x, zeros + 2, zeros, kl_weight=1.0), [10.0, 10.0], hint="½ · 5 · 2²."
    )
    c.close(
        vae_loss_function(x, x, zeros, zeros + 1, kl_weight=1.0),
        [2.5 * (np.e - 2)] * 2,
        hint="s is ln σ².",
    )
    c.close(
        vae_loss_function(x, x, zeros + 2, zeros),
        [0.005, 0.005],
        hint="kl_weight has a default: use it.",
    )
with check("gradients flow back through the loss") as c:
    mu, logsigma = tf.ones((2, 5)), tf.zeros((2, 5))
    with tf.GradientTape() as tape:
        tape.watch([mu, logsigma])
        loss = tf.reduce_sum(vae_loss_function(x, x, mu, logsigma, kl_weight=1.0))
    slopes = tape.gradient(loss, [mu, logsigma])
    c.equal(
        [g is not None for g in slopes], [True, True], hint="TensorFlow only: no np, no .numpy()."
    )
    c.close(slopes[0], mu, hint="The slope of ½ μ² is μ.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(222)


def batch(B=4, H=5, W=6, C=3, d=7):
    x, recon = rng.random((2, B, H, W, C)).astype("float32")
    return [x, recon, *rng.normal(0, 1.2, (2, B, d)).astype("float32")]


def tensors(values):
    return [tf.constant(value) for value in values]


def flat(losses):
    """(B,), also of (B, 1): only some cases are about the shape, the others about the numbers."""
    return np.reshape(losses, -1) if np.shape(losses)[1:] == (1,) else losses


with case(
    "the reconstruction loss alone",
    hint="The mean absolute error over height, width and colours.",
):
    x, recon, *_ = batch()
    zeros = np.zeros((4, 7), "float32")
    probe("losses", flat(vae_loss_function(*tensors([x, recon, zeros, zeros]))), rtol=1e-3)
    probe(
        "kl_weight 0",
        flat(vae_loss_function(*tensors([x, recon, zeros + 2, zeros - 1]), kl_weight=0.0)),
        rtol=1e-3,
    )
with case(
    "the latent loss alone: means",
    hint="Half the sum of the squares of mu, once logsigma is 0.",
):
    x, _, mu, _ = batch()
    probe("losses", flat(vae_loss_function(*tensors([x, x, mu, 0 * mu]), kl_weight=1.0)), rtol=1e-3)
with case(
    "the latent loss alone: variances",
    hint="logsigma is the logarithm of the variance; mind the signs.",
):
    x, _, _, logsigma = batch()
    probe(
        "losses",
        flat(vae_loss_function(*tensors([x, x, 0 * logsigma, logsigma]), kl_weight=1.0)),
        rtol=1e-3,
    )
with case(
    "both, with the default weight",
    hint="kl_weight times the latent loss, plus the reconstruction loss.",
):
    x, recon, mu, logsigma = batch()
    probe("losses", flat(vae_loss_function(*tensors([x, recon, 30 * mu, logsigma]))), rtol=1e-3)
    probe(
        "another weight",
        flat(vae_loss_function(*tensors([x, recon, mu, logsigma]), kl_weight=0.3)),
        rtol=1e-3,
    )
with case(
    "other sizes",
    hint="Batches of one, grey pictures, one latent variable: no size may be fixed.",
):
    probe(
        "one picture",
        vae_loss_function(*tensors(batch(1, 3, 4, 1, 1)), kl_weight=0.1),
        rtol=1e-3,
    )
    probe("wide", vae_loss_function(*tensors(batch(3, 2, 9, 2, 12)), kl_weight=0.1), rtol=1e-3)
with case("gradients", hint="The loss must be made of TensorFlow operations."):
    values = tensors(batch(2, 3, 3, 1, 4))
    with tf.GradientTape() as tape:
        tape.watch(values)
        losses = tf.reshape(vae_loss_function(*values, kl_weight=0.2), [-1])
        total = tf.reduce_sum(losses * [1.0, -2.0])
    probe("gradients", tape.gradient(total, values[1:]), rtol=1e-3, atol=1e-5)
with case(
    "arrays and whole numbers, which stay as they are",
    hint="Cast what comes to floats; change nothing.",
):
    values = batch()
    before = [value.copy() for value in values]
    probe("arrays", flat(vae_loss_function(*values, kl_weight=0.1)), rtol=1e-3)
    probe("changes", [a - b for a, b in zip(values, before, strict=True)])
    whole = [rng.integers(0, 3, (2, 3, 3, 1)) for _ in "xx"] + [
        rng.integers(-2, 3, (2, 4)) for _ in "ms"
    ]
    probe("whole numbers", flat(vae_loss_function(*whole, kl_weight=1)), rtol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# ### Chance that can be learned
#
# How do we draw $z$ from a region with mean $\mu$ and variance $e^s$, so that gradients still flow?
# A die has no derivative. The trick, called **reparameterization**, is to throw it somewhere else:
# draw $\varepsilon$ from a standard normal distribution, which depends on nothing, and then shift
# and stretch it:
#
# $$ z = \mu + e^{s/2} \cdot \varepsilon $$
#
# $e^{s/2}$ is the standard deviation $\sigma$, because $e^s$ is the variance $\sigma^2$. Now $z$ is
# a smooth function of $\mu$ and $s$, and the chance comes from outside.
#
# #### TODO 2.3 · `sampling` (3 points)
#
# Draw $z$. Whoever wants to repeat a draw may bring the `noise` $\varepsilon$ along.
#
# <details><summary>Hint 1 · the idea</summary>
#
# If there is no noise, draw one: a number of its own for each picture and each latent variable.
# Then the formula.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.cast(…, tf.float32)` makes floats of one kind of whatever comes.
# `tf.random.normal(tf.shape(z_mean))`, `tf.exp`. Ask with `if noise is None:`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# `return z_mean + tf.exp(0.5 * …) * …`
# </details>


# %% nbgrader={"grade_id": "sampling", "solution": true}
def sampling(z_mean, z_logsigma, noise=None):
    """Draws latent variables: μ + exp(½·logsigma)·ε.

    z_mean, z_logsigma: numbers (B, d), also whole ones; z_logsigma is the logarithm of the
    variance. noise: ε (B, d), or None for a new draw from the standard normal distribution. Returns
    floats (B, d) through which gradients can flow.
    """
    ### BEGIN SOLUTION
    z_mean, z_logsigma = tf.cast(z_mean, tf.float32), tf.cast(z_logsigma, tf.float32)
    if noise is None:
        noise = tf.random.normal(tf.shape(z_mean))
    return z_mean + tf.exp(0.5 * z_logsigma) * tf.cast(noise, tf.float32)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sampling", "grade": true, "locked": true, "points": 3}
with check("the noise is stretched by the standard deviation and shifted by the mean") as c:
    z = sampling(np.array([[1.0, -2.0]]), np.log([[9.0, 0.25]]), noise=np.array([[1.0, -1.0]]))
    c.close(z, [[4.0, -2.5]], hint="exp(½ · ln 9) is 3. Use the noise that is given.")
with check("without noise, every number is drawn by itself") as c:
    draws = np.asarray(sampling(np.zeros((500, 2)), np.zeros((500, 2))))
    c.between(
        np.std(draws, axis=0),
        0.8,
        1.2,
        name="the spread",
        hint="Standard normal: tf.random.normal.",
    )
    c.between(
        np.corrcoef(draws.T)[0, 1],
        -0.3,
        0.3,
        name="how alike the columns are",
        hint="noise of shape (B, d)",
    )
with check("every call draws anew, and gradients flow through it") as c:
    again = np.asarray(sampling(np.zeros((500, 2)), np.zeros((500, 2))))
    c.true(np.any(again != draws), "other numbers", name="a second call", hint="No fixed seed.")
    mean, logsigma = tf.ones((1, 2)), tf.zeros((1, 2))
    with tf.GradientTape() as tape:
        tape.watch([mean, logsigma])
        total = tf.reduce_sum(sampling(mean, logsigma, noise=tf.constant([[2.0, 4.0]])))
    slopes = tape.gradient(total, [mean, logsigma])
    c.equal(
        [g is not None for g in slopes], [True, True], hint="TensorFlow only: no np, no .numpy()."
    )
    c.close(slopes[1], [[1.0, 2.0]], hint="With logsigma 0, half the noise.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(223)


def made(B=5, d=4):
    return rng.normal(0, 1.5, (3, B, d)).astype("float32")


with case("given noise", hint="The standard deviation is exp of half the logsigma."):
    mean, logsigma, noise = made()
    probe("z", sampling(tf.constant(mean), tf.constant(logsigma), noise=tf.constant(noise)))
    probe("one number", sampling(*map(tf.constant, made(1, 1))))
with case("drawn noise is standard normal", hint="Take ε from the standard normal distribution."):
    mean, logsigma, _ = made(800, 5)
    z = np.asarray(sampling(tf.constant(mean), tf.constant(logsigma)))
    bins = np.digitize((z - mean) / np.exp(logsigma / 2), [-1.5, -1, -0.5, 0, 0.5, 1, 1.5])
    ### BEGIN KEY
    share = [
        0.0668072,
        0.0918481,
        0.1498823,
        0.1914625,
        0.1914625,
        0.1498823,
        0.0918481,
        0.0668072,
    ]
    ### END KEY
    probe("draws", counts(bins.ravel(), 8), compare=distribution([*share, 0]))
with case(
    "one draw for each number",
    hint="Each picture and each latent variable has noise of its own.",
):
    z = np.asarray(sampling(tf.zeros((40, 30)), tf.zeros((40, 30))))
    again = np.asarray(sampling(tf.zeros((40, 30)), tf.zeros((40, 30))))
    mean = rng.normal(0, 1, (6, 3)).astype("float32")
    probe("no spread, no difference", sampling(tf.constant(mean), tf.constant(0 * mean - 60)))
    probe("different numbers", len(np.unique(z)), compare=at_least(1150))
    probe(
        "spread down and along",
        [z.std(axis=0).mean(), z.std(axis=1).mean()],
        compare=at_least(0.85),
    )
    probe("difference between two draws", np.abs(z - again).mean(), compare=at_least(0.8))
with case("gradients", hint="Gradients flow to mean and logsigma: TensorFlow operations only."):
    mean, logsigma, noise = map(tf.constant, made(3, 2))
    with tf.GradientTape() as tape:
        tape.watch([mean, logsigma])
        total = tf.reduce_sum(sampling(mean, logsigma, noise) ** 2)
    probe("gradients", tape.gradient(total, [mean, logsigma]), rtol=1e-3, atol=1e-5)
with case(
    "arrays and whole numbers, which stay as they are",
    hint="Cast what comes to floats; change nothing.",
):
    mean, logsigma, noise = made()
    before = mean.copy(), logsigma.copy(), noise.copy()
    probe("arrays", sampling(mean, logsigma, noise))
    probe("changes", [mean - before[0], logsigma - before[1], noise - before[2]])
    probe("whole numbers", sampling(np.array([[3, -1]]), np.array([[0, 2]]), np.array([[1, 2]])))
    drawn = sampling(np.array([[300, -1000]]), np.array([[0, 1]]))
    probe("whole numbers, drawn", np.round(np.asarray(drawn) / 100) + 0.0)
### END HIDDEN TESTS

# %% [markdown]
# ### Two tasks, one loss
#
# Our network, the **DB-VAE** ([Amini and others, 2019](https://doi.org/10.1145/3306618.3314243),
# "DB" for debiasing), does two things at once: it says whether there is a face, and it learns what
# faces look like. The first task is for all pictures. The second must be for the faces only, since
# we do not want latent variables for the texture of a wall:
#
# $$ L = \frac{1}{B} \sum_{b=1}^{B} \Big( L_{\text{class},b} + y_b \cdot L_{\text{VAE},b} \Big), \qquad
#    L_{\text{class}} = -y \ln p - (1 - y) \ln(1 - p), \quad p = \sigma(\text{y\_logit}) $$
#
# with the label $y = 1$ for a face and 0 for anything else, which switches the second part on and
# off.
#
# There is a trap that has bitten many. Labels and logits come as $(B, 1)$, the VAE's loss as
# $(B,)$. Multiply the two, and TensorFlow does not complain: it spreads both to a table $(B, B)$ in
# which every face pays for every picture.
#
# #### TODO 2.4 · `debiasing_loss_function` (6 points)
#
# Return the total loss, one number, and the class loss of each picture, $B$ numbers.
#
# <details><summary>Hint 1 · the idea</summary>
#
# Bring everything to the shape $(B,)$ first. Then the formula can be written down as it stands.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `tf.reshape(y, [-1])` or `y[:, 0]`; `tf.cast(y, tf.float32)`, as labels may be whole numbers;
# `tf.nn.sigmoid_cross_entropy_with_logits(labels=…, logits=…)` stays exact for large logits;
# `vae_loss_function`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# face = tf.reshape(tf.cast(y, tf.float32), [-1])
# logit = tf.reshape(..., [-1])
# class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=...)
# vae_loss = ...
# return tf.reduce_mean(...), class_loss
# ```
# </details>


# %% nbgrader={"grade_id": "debiasing_loss", "solution": true}
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    """The loss of the DB-VAE.

    x, x_pred: pictures and their reconstructions, numbers (B, H, W, C). y: labels (B, 1), 1 is a
    face, 0 is none, also as whole numbers. y_logit: floats (B, 1). mu, logsigma: numbers (B, d).
    Returns (total loss, a scalar; class loss (B,)). Faces pay for their reconstruction, others
    never do.
    """
    ### BEGIN SOLUTION
    face = tf.cast(
        tf.reshape(y, [-1]), tf.float32
    )  # (B,): with (B, 1) the product below would be (B, B)
    logit = tf.cast(tf.reshape(y_logit, [-1]), tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return tf.reduce_mean(class_loss + face * vae_loss), class_loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_debiasing_loss", "grade": true, "locked": true, "points": 6}
with check("faces pay for class and reconstruction, everything else for the class only") as c:
    x, zeros = np.zeros((3, 4, 4, 3), "float32"), np.zeros((3, 2), "float32")
    y, off, mu = np.array([[1], [0], [1]]), x.copy(), zeros.copy()
    off[:], mu[0] = np.float32([1, 9, 3]).reshape(3, 1, 1, 1), 20  # the latent loss of face 0: 0.2
    total, class_loss = debiasing_loss_function(x, off, y, tf.zeros((3, 1)), mu, zeros)
    c.shape(class_loss, (3,), hint="Reshape labels and logits to (B,).")
    c.close(
        class_loss,
        [np.log(2)] * 3,
        hint="A logit of 0 is a probability of one half, and costs ln 2.",
    )
    c.close(
        total,
        np.log(2) + (1 + 0.2 + 3) / 3,
        hint="Each face pays for itself; the second picture is none, and its 9 costs nothing.",
    )
with check("being wrong and certain is expensive, for faces and for others") as c:
    logits = tf.constant([[-60.0], [60.0], [60.0]])
    total, class_loss = debiasing_loss_function(x, x, y, logits, zeros, zeros)
    c.close(class_loss, [60.0, 60.0, 0.0], hint="Work with the logit, not with its sigmoid.")
    c.close(total, 40.0, hint="The mean over all pictures.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(224)


def batch(y, scale=2.0, d=3):
    B = len(y)
    x, recon = rng.random((2, B, 4, 5, 3)).astype("float32")
    y, logit = (
        np.array(y, "float32").reshape(B, 1),
        rng.normal(0, scale, (B, 1)).astype("float32"),
    )
    return [x, recon, y, logit, *rng.normal(0, 1, (2, B, d)).astype("float32")]


def loss(values):
    total, class_loss = debiasing_loss_function(*map(tf.constant, values))
    probe("total", mean(total), rtol=1e-3)
    probe("class loss", flat(class_loss), rtol=1e-3, atol=1e-5)


def mean(total):
    """One number, also of (B,): one case is about the shapes, the others are about the numbers."""
    return np.mean(total) if np.ndim(total) == 1 else total


def flat(class_loss):
    """(B,), also of (B, 1)."""
    return np.reshape(class_loss, -1) if np.shape(class_loss)[1:] == (1,) else class_loss


with case(
    "one total for the batch, one class loss for each picture",
    hint="The total is a scalar, tf.reduce_mean; the class loss has the shape (B,).",
):
    total, class_loss = debiasing_loss_function(*map(tf.constant, batch([1, 0, 1, 1, 0])))
    probe("total", total, rtol=1e-3)
    probe("class loss", class_loss, rtol=1e-3, atol=1e-5)
with case("faces only", hint="The mean of class loss plus VAE loss."):
    loss(batch([1, 1, 1, 1]))
with case("no face at all", hint="Without a face, the total is the mean class loss."):
    loss(batch([0, 0, 0]))
with case("a mixed batch", hint="Face by face: shapes (B, 1) and (B,) must not meet in a product."):
    values = batch([1, 0, 0, 1, 1, 0])
    values[1][1::2] += 3
    loss(values)
with case(
    "a non-face never pays for its reconstruction",
    hint="Multiply by the label of the same picture.",
):
    values = batch([0, 1, 0])
    values[1][[0, 2]] += 50
    values[4][[0, 2]] += 40
    loss(values)
    values = [tf.constant(value) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(values)
        total, _ = debiasing_loss_function(*values)
        total = tf.reduce_mean(total)
    gradients = tape.gradient(
        total, [values[1], values[4], values[5]], unconnected_gradients="zero"
    )
    probe("gradients", gradients, rtol=1e-3, atol=1e-6)
with case("a batch of one, and two", hint="The smallest batches obey the same rule."):
    for i, y in enumerate(([1], [0], [0, 1])):
        total, class_loss = debiasing_loss_function(*map(tf.constant, batch(y)))
        probe(f"loss {i}", [mean(total), flat(class_loss)], rtol=1e-3, atol=1e-5)
with case(
    "confident and wrong",
    hint="For large logits, a probability rounds to 0 or 1: work with the logit.",
):
    loss(batch([1, 0, 1, 0, 1], scale=60.0))
with case("the weight of the latent loss", hint="kl_weight keeps its default."):
    values = batch([1, 0, 1], d=6)
    values[4] *= 40
    loss(values)
with case("gradients", hint="Both losses are made of TensorFlow operations."):
    values = [tf.constant(value) for value in batch([1, 0, 1])]
    with tf.GradientTape() as tape:
        tape.watch(values)
        total, class_loss = debiasing_loss_function(*values)
        class_loss = tf.reshape(class_loss, [-1])
        both = tf.reduce_mean(total) + tf.reduce_sum(
            class_loss * tf.constant([1.0, 2.0, -1.0], class_loss.dtype)
        )
    probe(
        "gradients",
        tape.gradient(both, [values[i] for i in (1, 3, 4, 5)]),
        rtol=1e-3,
        atol=1e-5,
    )
with case(
    "whole numbers as labels, arrays that stay as they are", hint="Cast the labels to floats."
):
    values = batch([0, 1, 1])
    values[2] = values[2].astype(int)
    before = [value.copy() for value in values]
    total, class_loss = debiasing_loss_function(*values)
    probe("losses", [mean(total), flat(class_loss)], rtol=1e-3, atol=1e-5)
    probe("changes", [a - b for a, b in zip(values, before, strict=True)])
### END HIDDEN TESTS

# %% [markdown]
# ### The network
#
# Put it together. One encoder makes all the numbers: 1 for the class, $d$ for the means, $d$ for
# the logsigmas. The decoder turns a $z$ back into a picture.
#
# #### TODO 2.5 · `DB_VAE` (6 points)
#
# Write the model. Its parts should be usable one by one, because we will look inside later:
#
# - `encode(x)` gives `y_logit` (B, 1), `mu` (B, d) and `logsigma` (B, d);
# - `reparameterize(z_mean, z_logsigma)` draws $z$;
# - `decode(z)` makes pictures (B, 64, 64, 3) of it;
# - `call(x)`, which runs when the model is called, does all of this, and returns `y_logit, mu,
#   logsigma, recon`;
# - `predict(x)` answers the only question of a detector: it returns `y_logit`, as when the model is
#   used, not trained.
#
# `make_encoder` and `make_decoder` from above are yours to use, or you build your own.
#
# <details><summary>Hint 1 · the idea</summary>
#
# `__init__` makes an encoder with $2d + 1$ outputs and a decoder. `encode` runs the encoder and
# cuts its outputs into three pieces. Everything else calls what is there.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `output[:, :1]` keeps the axis, `output[:, 0]` would lose it. Keras passes `training=True` on from
# the model to the layers inside `call` by itself; `predict` should say `training=False`. For
# `reparameterize` there is `sampling`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# self.encoder = make_encoder(2 * latent_dim + 1)          # in __init__
# output = self.encoder(x)                                 # in encode
# return output[:, :1], output[:, 1 : d + 1], ...
# y_logit, mu, logsigma = self.encode(x)                   # in call
# recon = self.decode(self.reparameterize(...))
# return y_logit, ...
# ```
# </details>


# %% nbgrader={"grade_id": "db_vae", "solution": true}
class DB_VAE(keras.Model):
    """A face detector and a variational autoencoder with one encoder; pictures are floats (B, 64,
    64, 3)."""

    def __init__(self, latent_dim=100):
        """latent_dim: d, the number of latent variables."""
        super().__init__()
        self.latent_dim = latent_dim
        ### BEGIN SOLUTION
        self.encoder = make_encoder(2 * latent_dim + 1)
        self.decoder = make_decoder(latent_dim)
        ### END SOLUTION

    def encode(self, x):
        """Pictures → (y_logit (B, 1), mu (B, d), logsigma (B, d))."""
        ### BEGIN SOLUTION
        output = self.encoder(x)
        return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
        ### END SOLUTION

    def reparameterize(self, z_mean, z_logsigma):
        """Means and logsigmas (B, d) → a sample z (B, d)."""
        ### BEGIN SOLUTION
        return sampling(z_mean, z_logsigma)
        ### END SOLUTION

    def decode(self, z):
        """Latent variables (B, d) → pictures (B, 64, 64, 3)."""
        ### BEGIN SOLUTION
        return self.decoder(z)
        ### END SOLUTION

    def call(self, x, training=None):
        """Pictures → (y_logit (B, 1), mu (B, d), logsigma (B, d), recon (B, 64, 64, 3)), recon from
        a sampled z."""
        ### BEGIN SOLUTION
        y_logit, mu, logsigma = self.encode(x)
        return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))
        ### END SOLUTION

    def predict(self, x):
        """Pictures → y_logit (B, 1), at inference: BatchNorm uses its moving averages."""
        ### BEGIN SOLUTION
        return self(x, training=False)[0]
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_db_vae", "grade": true, "locked": true, "points": 6}
with check(
    "y_logit, mu, logsigma and a reconstruction from a new z in every call; predict gives y_logit"
) as c:
    toy, x = DB_VAE(5), np.random.default_rng(0).random((3, 64, 64, 3)).astype("float32")
    first, second = toy(x), [np.asarray(part) for part in toy(x)]
    c.equal(
        [tuple(part.shape) for part in first],
        [(3, 1), (3, 5), (3, 5), (3, 64, 64, 3)],
        hint="y_logit is (B, 1).",
    )
    c.close(toy.encode(x), second[:3], name="what encode gives", hint="The first three of call.")
    c.true(
        np.any(first[3] != second[3]),
        "two different ones",
        name="recon of two calls",
        hint="Sample z.",
    )
    c.close(toy.predict(x), second[0], hint="The first output of the encoder, with training=False.")
    toy(x + 3, training=True)
    averages = [w for w in toy.non_trainable_variables if "float" in str(w.dtype)]
    c.true(
        not averages or np.any(np.asarray(toy.predict(x)) != second[0]),
        "another one, if there is a BatchNorm",
        name="predict after training",
        hint="Let Keras pass `training` on to the layers.",
    )
with check("mu and logsigma are pieces of their own, and recon comes from μ + σ·ε") as c:
    toy, x = DB_VAE(5), np.random.default_rng(0).random((3, 64, 64, 3)).astype("float32")
    toy(x)
    numbers = np.concatenate(toy.encode(x), axis=1)
    c.equal(
        len(np.unique(numbers, axis=1).T), 11, name="different columns", hint="2d + 1 for d = 5."
    )
    mean, logsigma = tf.fill((500, 5), 2.0), tf.fill((500, 5), np.log(9.0).astype("float32"))
    z = np.asarray(toy.reparameterize(mean, logsigma))
    c.between(z.mean(axis=0), 1.2, 2.8, name="the mean of 500 draws", hint="μ is 2.")
    c.between(z.std(axis=0), 2.4, 3.6, name="their spread", hint="exp(½ · ln 9) is 3.")
    _, mu, logsigma, recon = toy(x[:1].repeat(60, axis=0))
    spreads = [
        np.std(p, axis=0).mean() for p in (recon, toy.decode(toy.reparameterize(mu, logsigma)))
    ]
    c.between(
        spreads[0] / spreads[1],
        0.6,
        1.7,
        name="spread of recon, beside that of decoded samples",
        hint="recon is decode(reparameterize(mu, logsigma)), with mu and logsigma as they are.",
    )
### BEGIN HIDDEN TESTS
import keras
import numpy as np
import tensorflow as tf

rng = case_rng(225)
x = rng.random((6, 64, 64, 3)).astype("float32") * np.linspace(0.3, 1, 6)[:, None, None, None]
x[:, 8:40, 8:40] *= rng.random((6, 1, 1, 3))  # six pictures that no encoder takes for one another
x = x.astype("float32")
d = 3
model = DB_VAE(latent_dim=d)
y_logit, mu, logsigma, recon = (np.asarray(part) for part in model(x, training=False))


def statistics():
    return [np.array(w) for w in model.non_trainable_variables if "float" in str(w.dtype)]


def find_again(label, numbers, order, known):
    """Which of the six pictures does each row belong to? `order` tells, and is drawn."""
    gaps = np.abs(np.asarray(numbers)[:, None] - np.asarray(known)).sum(axis=2)
    probe(label, gaps.argmin(axis=1), expect=order)


with case(
    "shapes of encode, call and decode",
    hint="y_logit is (B, 1); mu and logsigma have latent_dim columns.",
):
    probe("call", [list(part.shape) for part in (y_logit, mu, logsigma, recon)])
    one, two, many = rng.integers(2, 7), rng.integers(5, 12), rng.integers(20, 90)
    probe("encode", [list(part.shape) for part in model.encode(x[:one])])
    probe("decode", list(model.decode(tf.zeros((two, d))).shape))
    probe("reparameterize", list(model.reparameterize(*tf.zeros((2, many, d))).shape))
with case(
    "another latent_dim",
    hint="latent_dim is the number of latent variables; it is 100 if nobody says so.",
):
    other, order = DB_VAE(), rng.permutation(6)
    parts = other.encode(x)
    probe("encode", [list(part.shape) for part in parts])
    find_again("mu", other.encode(x[order])[1], order, parts[1])
with case("encode and call agree", hint="call returns what encode gives, in the same order."):
    order = rng.permutation(6)
    again = [np.asarray(part) for part in model.encode(x[order])]
    parts = y_logit, mu, logsigma
    for name, one, known in zip(("y_logit", "mu", "logsigma"), again, parts, strict=True):
        find_again(name, one, order, known)
        probe(f"differences of {name}", one - known[order], atol=1e-4)
    pieces = np.concatenate(parts, axis=1)
    gaps = np.abs(pieces[:, :, None] - pieces[:, None]).max(axis=0) + np.eye(2 * d + 1)
    probe("smallest difference between two columns", gaps.min(), compare=at_least(1e-6))
with case("reparameterize", hint="μ + exp(½·logsigma)·ε: shift and spread must both be right."):
    mean, sigma = rng.normal(0, 3, (1, d)), rng.uniform(0.3, 2, (1, d))  # d columns, as always
    given = [part.astype("float32").repeat(4000, 0) for part in (mean, 2 * np.log(sigma))]
    z = np.asarray(model.reparameterize(*map(tf.constant, given)))
    probe("mean", z.mean(axis=0), compare=close(0, 0.15), expect=mean[0])
    probe("spread", z.std(axis=0), compare=close(0.1, 0), expect=sigma[0])
with case(
    "the reconstruction comes from a sampled z",
    hint="Sample in every call, also when nothing is trained.",
):
    order = rng.permutation(6)[:4].repeat(16)
    parts = [np.asarray(part) for part in model(x[order], training=False)]
    find_again("mu of four pictures, 16 times each", parts[1], order, mu)
    sampled = model.decode(model.reparameterize(*map(tf.constant, parts[1:3])))
    found, sampled = (np.reshape(part, (4, 16, -1)) for part in (parts[3], sampled))
    width = sampled.std(axis=1).mean()
    ratio = found.std(axis=1).mean() / width
    probe("spread of recon, as a part of that of sampled ones", ratio, compare=at_least(0.6))
    probe("the same, from above", ratio, compare=at_most(1.7))
    shift = np.abs(found.mean(axis=1) - sampled.mean(axis=1)).mean() / width
    probe("distance from the mean of sampled ones", shift, compare=at_most(0.6))
with case(
    "predict",
    hint="The logit of the class at inference; nothing is learned and nothing else returned.",
):
    before, order = model.get_weights(), rng.permutation(6)
    logits = np.asarray(model.predict(x[order]))
    find_again("pictures", logits, order, y_logit)
    probe("differences from y_logit", logits - y_logit[order], atol=1e-4)
    single = np.concatenate([model.predict(x[i : i + 1]) for i in range(2)])
    probe("differences one by one", single - y_logit[:2], atol=1e-4)
    changes = [
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
        if a.dtype.kind == "f"
    ]
    probe("largest change", max(changes))
with case(
    "BatchNorm learns in training, and only then",
    hint="Let Keras pass `training` on; do not fix it.",
):
    known, order = np.asarray(model(x, training=False)[1]), rng.permutation(6)[:4]
    before = statistics()
    find_again("mu in use, of a part of them", model(x[order], training=False)[1], order, known)
    same = statistics()
    model(x + 1, training=True)
    after = statistics()
    probe(
        "changes in use",
        [np.abs(a - b).max() for a, b in zip(same, before, strict=True)][:1] or [0.0],
    )
    moved = [np.abs(a - b).max() > 0 for a, b in zip(after, same, strict=True)]
    probe("share that moves in training", float(np.mean(moved or [True])))
with case(
    "a trained encoder is the one that is asked",
    hint="encode, call and predict share one encoder.",
):
    before, optimizer = np.asarray(model.encode(x)[1]), keras.optimizers.SGD(0.5)
    with tf.GradientTape() as tape:
        outputs = model(x[:4], training=True)
        total = sum(tf.reduce_mean(tf.square(part - 1)) for part in outputs)
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(total, variables), variables)
    after, order = [np.asarray(part) for part in model.encode(x)], rng.permutation(6)
    called = model(x[order], training=False)
    probe("change of mu", np.abs(after[1] - before).max(), compare=at_least(1e-4))
    find_again("mu of call", called[1], order, after[1])
    probe("differences", [after[i][order] - np.asarray(called[i]) for i in range(3)], atol=1e-4)
    probe("differences of predict", np.asarray(model.predict(x)) - after[0], atol=1e-4)
with case(
    "weights of its own",
    hint="Make encoder and decoder in __init__, so that Keras knows their weights.",
):
    twin, order = DB_VAE(latent_dim=d), rng.permutation(6)
    twin(x[:1])
    probe("same number of weights", len(twin.get_weights()) - len(model.get_weights()))
    probe("weights to train", len(model.trainable_variables), compare=at_least(2))
    twin.set_weights(model.get_weights())
    copied, known = (np.asarray(part) for part in (twin.encode(x[order])[1], model.encode(x)[1]))
    find_again("pictures of a copy", copied, order, known)
    probe("differences of a copy", copied - known[order], atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# ### Rare faces, more often
#
# Here is the idea of the whole lab. Look at one latent variable, over all training faces: a
# histogram. Most faces lie in the tall bars; the unusual ones lie in the low bars at the sides.
# Draw the faces of low bars *more often*, and the network will practise on what it has seen too
# rarely. Nobody has to say what is unusual about them.
#
# For each latent variable:
#
# 1. the histogram of $\mu$ over all $N$ faces, as a **density** $\rho$ (the area of the bars is 1);
# 2. $\rho + \alpha$, with a small `smoothing_fac` $\alpha$, so that an almost empty bar does not
#    get a weight without limit;
# 3. for each face $1 / (\rho + \alpha)$ of the bar in which it lies, divided by the sum over all
#    faces.
#
# So each face has $d$ probabilities. It should come up when it is rare in *any* respect, so take
# the **largest** of them, and divide by the sum again, so that all faces together have the
# probability 1.
#
# #### TODO 2.6 · `get_training_sample_probabilities` (6 points)
#
# Return the probability of each face.
#
# <details><summary>Hint 1 · the idea</summary>
#
# A loop over the columns of `mu`. In which bar does a face lie? Between two neighbouring edges of
# the histogram; the smallest and the largest value belong to the first and the last bar.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `density, edges = np.histogram(column, bins=bins, density=True)`. `np.digitize(column,
# edges[1:-1])` gives the bar of each value, from 0 to bins − 1: only the inner edges are needed.
# `density[bar]` looks all of them up. `np.maximum` takes the larger of two arrays, element by
# element.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# for column in np.asarray(mu).T:
#     density, edges = np.histogram(...)
#     p = 1 / (density[np.digitize(...)] + ...)
#     largest = np.maximum(largest, p / ...)
# return largest / ...
# ```
# </details>


# %% nbgrader={"grade_id": "sample_probabilities", "solution": true}
def get_training_sample_probabilities(mu, bins=10, smoothing_fac=0.001):
    """How often each face should be drawn: the rarer in some latent variable, the more often.

    mu: the means of the latent variables of N faces, numbers (N, d). bins: bars of each histogram.
    smoothing_fac: added to the density of each bar.
    Returns a NumPy array of floats (N,), positive, with the sum 1.
    """
    ### BEGIN SOLUTION
    mu = np.asarray(mu)
    largest = np.zeros(len(mu))
    for column in mu.T:
        density, edges = np.histogram(column, bins=bins, density=True)
        p = 1 / (density[np.digitize(column, edges[1:-1])] + smoothing_fac)
        largest = np.maximum(largest, p / np.sum(p))
    return largest / np.sum(largest)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sample_probabilities", "grade": true, "locked": true, "points": 6}
with check("rare faces get higher probabilities, and all together 1") as c:
    one = np.array([[0.0], [0.0], [0.0], [1.0]])
    p = [
        get_training_sample_probabilities(one, bins=2, smoothing_fac=factor)
        for factor in (0.0, 0.5)
    ]
    c.close(
        p[0],
        [1 / 6, 1 / 6, 1 / 6, 1 / 2],
        hint="Three faces share the first bar: density 3 : 1, so 1/3 : 1.",
    )
    c.close(
        p[1],
        [1 / 5, 1 / 5, 1 / 5, 2 / 5],
        hint="Densities 1.5 and 0.5, and smoothing_fac added to both.",
    )
with check("what is rare in any latent variable counts") as c:
    two = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 10.0], [1.0, 10.0]])
    before = two.copy()
    c.close(
        get_training_sample_probabilities(two, 2, 0.0),
        [2 / 15, 2 / 15, 2 / 15, 3 / 15, 6 / 15],
        hint="1/8 1/8 1/8 1/8 1/2 and 1/6 1/6 1/6 1/4 1/4: the larger of each, divided by the sum.",
    )
    c.equal(two, before, name="mu afterwards", hint="Change no input in place.")
### BEGIN HIDDEN TESTS
import numpy as np
import tensorflow as tf

rng = case_rng(226)


def faces(N=60, d=4):
    return rng.normal(0, 1, (N, d)) * rng.uniform(0.3, 3, d) + rng.normal(0, 2, d)


with case("one latent variable", hint="One over the density of the bar, divided by the sum."):
    for i in range(2):
        probe(f"p {i}", get_training_sample_probabilities(faces(40, 1)))
with case(
    "several latent variables",
    hint="Normalise for each latent variable, then the maximum, then again.",
):
    for i, d in enumerate((2, 5, 12)):
        probe(f"p {i}", get_training_sample_probabilities(faces(80, d)))
with case("bins", hint="The number of bars is given."):
    mu = faces()
    probe("p", [get_training_sample_probabilities(mu, bins=bins) for bins in (1, 3, 25)])
with case("smoothing", hint="smoothing_fac is added to the density before it is inverted."):
    mu = faces(50, 3)
    probe(
        "p",
        [
            get_training_sample_probabilities(mu, smoothing_fac=factor)
            for factor in (0.0, 0.02, 0.5, 20.0)
        ],
    )
with case(
    "density, not counts", hint="density=True: wide and narrow latent variables differ in it."
):
    mu = faces(50, 2) * [0.01, 100]
    probe(
        "p",
        [get_training_sample_probabilities(mu, smoothing_fac=factor) for factor in (0.001, 0.3)],
    )
with case(
    "two kinds of faces, as a trained encoder tells them apart",
    hint="The few should be drawn far more often.",
):
    few = np.arange(100) < 6
    mu = np.where(few[:, None], 3.0, 0.0) + rng.normal(0, 0.4, (100, 2))
    p = np.asarray(get_training_sample_probabilities(mu))
    probe("p", p)
    probe("share of the few, who are 6 %", p[few].sum(), compare=at_least(0.2))
with case(
    "an outlier",
    hint="The rarest face gets the highest probability; edges belong to the outer bars.",
):
    mu = faces(30, 2)
    mu[7, 1] += 40
    probe("p", get_training_sample_probabilities(mu))
    mu[11, 0] -= 40
    probe("p with another one", get_training_sample_probabilities(mu, bins=5))
with case(
    "a latent variable that is always the same",
    hint="Nobody is rare there; no division by zero.",
):
    mu = faces(20, 3)
    mu[:, 1] = 0.7
    probe("p", get_training_sample_probabilities(mu))
    probe("p of one face", get_training_sample_probabilities(mu[:1]))
with case(
    "tensors, and arrays that stay as they are", hint="mu may be a tensor; do not change it."
):
    mu = faces(40, 3).astype("float32")
    before = mu.copy()
    probe("p of a tensor", get_training_sample_probabilities(tf.constant(mu)), rtol=1e-3)
    probe("p of an array", get_training_sample_probabilities(mu), rtol=1e-3)
    probe("changes", mu - before)
    probe(
        "p of whole numbers",
        get_training_sample_probabilities(rng.integers(0, 50, (30, 2)), bins=7),
    )
### END HIDDEN TESTS

# %% [markdown]
# ### One step of training
#
# #### TODO 2.7 · `debiasing_train_step` (4 points)
#
# As in `digits_step`: run the model in training mode on a tape, compute `debiasing_loss_function`,
# update, and return the total loss *before* the update. It should work for any model that gives
# `y_logit, mu, logsigma, recon`, and leave the loss a tensor.
#
# <details><summary>Hint 1 · the idea</summary>
#
# The same four lines, with four outputs of the model instead of one, and two losses, of which the
# first is the total.
# </details>
# <details><summary>Hint 2 · the tools</summary>
#
# `y_logit, mu, logsigma, recon = model(x, training=True)`. Mind the order of the arguments of
# `debiasing_loss_function`.
# </details>
# <details><summary>Hint 3 · nearly the code</summary>
#
# ```python
# with tf.GradientTape() as tape:
#     y_logit, mu, logsigma, recon = model(x, training=True)
#     loss, _ = debiasing_loss_function(x, recon, ...)
# gradients = tape.gradient(loss, ...)
# optimizer.apply(...)
# return loss
# ```
# </details>


# %% nbgrader={"grade_id": "debiasing_step", "solution": true}
def debiasing_train_step(model, optimizer, x, y):
    """One update of the model's trainable variables; nothing else changes.

    model: pictures (B, H, W, C) → (y_logit (B, 1), mu (B, d), logsigma (B, d), recon like x); it
    runs in training mode here. optimizer: a Keras optimizer. x: floats (B, H, W, C). y: labels (B,
    1), 1 is a face. Returns the total loss before the update, a scalar.
    """
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_debiasing_step", "grade": true, "locked": true, "points": 4}
with check(
    "a step returns the total loss before it, and moves weights and moving averages",
    hint="Any model, any optimizer: no `@tf.function` above the function.",
) as c:
    toy, x, y = (
        DB_VAE(2),
        np.random.default_rng(1).random((4, 64, 64, 3)).astype("float32"),
        np.array([[1], [0]] * 2),
    )
    toy(x)
    optimizer = keras.optimizers.SGD(0.05, momentum=0.5)
    before, losses = [np.array(w) for w in toy.get_weights()], []
    for _ in range(3):
        losses.append(debiasing_train_step(toy, optimizer, x, y))
        c.shape(losses[-1], (), name="the loss", hint="Return the total loss.")
    c.true(
        losses[2] < losses[0],
        "smaller than the first",
        name="the third loss",
        hint="Apply the gradients, once.",
    )
    c.equal(optimizer.iterations, 3, hint="One call is one update, with the optimizer given.")
    moved = np.mean([np.any(a != b) for a, b in zip(toy.get_weights(), before, strict=True)])
    c.between(
        moved,
        0.9,
        1.0,
        name="the share of weights and averages that move",
        hint="model(x, training=True)",
    )


class Toy(keras.Model):
    """The least DB-VAE: pictures of one pixel, and one dense layer for all four outputs."""

    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(4)

    def call(self, x, training=None):
        y_logit, mu, logsigma, recon = tf.split(self.head(tf.reshape(x, (-1, 1))), 4, axis=1)
        return y_logit, mu, logsigma, recon[:, :, None, None]


with check(
    "compiled, it moves every weight along the slope of the total loss",
    hint="tf.function(debiasing_train_step) must work: no .numpy(), no `@tf.function` of your own.",
) as c:
    toy, x, y = Toy(), np.float32([1, 0, 300]).reshape(3, 1, 1, 1), np.float32([[1], [0], [1]])
    toy(x)
    toy.set_weights([np.zeros((1, 4)), np.array([0, 20, np.log(401), 0.5])])
    optimizer = keras.optimizers.SGD(0.3, momentum=0.5)
    loss = tf.function(debiasing_train_step)(toy, optimizer, x, y)
    latent = 0.0005 / 2 * (401 + 400 - 1 - np.log(401))
    c.close(
        loss, np.log(2) + (0.5 + 299.5 + 2 * latent) / 3, hint="The total loss, before the step."
    )
    c.close(
        toy.get_weights()[1],
        [0.05, 20 - 0.002, np.log(401) - 0.02, 0.7],
        name="what was [0, 20, ln 401, 0.5]",
        hint="Each output in its place, every picture, and the gradients as they are.",
    )
    c.close(
        toy.get_weights()[0][0, [0, 3]],
        [0.3 * 50.1666667, 0.3 * 100.333333],
        name="what was [0, 0]",
        hint="Take the gradients as they are: all of them, and all of each.",
    )
### BEGIN HIDDEN TESTS
from functools import cache

import keras
import numpy as np
import tensorflow as tf

rng = case_rng(227)
layers = keras.layers


class Small(keras.Model):
    """A DB-VAE for pictures of 4 × 4 pixels whose noise is fixed, so that every step can be
    repeated."""

    def __init__(self, normal=False, frozen=False, d=2):
        super().__init__()
        self.d = d
        self.flat, self.hidden = (
            layers.Flatten(),
            layers.Dense(6, activation="tanh", trainable=not frozen),
        )
        self.normal = layers.BatchNormalization() if normal else None
        self.head, self.tail = layers.Dense(2 * d + 1), layers.Dense(48)
        self.shape3 = layers.Reshape((4, 4, 3))

    def encode(self, x):
        h = self.hidden(self.flat(x))
        out = self.head(self.normal(h) if self.normal else h)
        return out[:, :1], out[:, 1 : self.d + 1], out[:, self.d + 1 :]

    def reparameterize(self, z_mean, z_logsigma):
        return z_mean + keras.ops.exp(z_logsigma / 2) * 0.3

    def decode(self, z):
        return self.shape3(self.tail(z))

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x)
        return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))

    def predict(self, x):
        return self(x, training=False)[0]


model_with = cache(Small)  # building a model takes longer than a step


def made(**options):
    """A model with new weights."""
    model = model_with(**options)
    model(np.zeros((1, 4, 4, 3), "float32"))
    drawn = [rng.normal(0, 0.5, w.shape) for w in model.get_weights()]
    model.set_weights([w if w.ndim > 1 else np.abs(w) for w in drawn])
    return model


def batch(*y):
    return rng.random((len(y), 4, 4, 3)).astype("float32"), np.array(y, "float32").reshape(-1, 1)


with case("the loss that is returned", hint="The total loss before the update."):
    model, (x, y) = made(), batch(1, 0, 1, 0)
    probe(
        "losses",
        [debiasing_train_step(model, keras.optimizers.SGD(0.2), x, y) for _ in range(3)],
        rtol=1e-3,
    )
with case(
    "the weights after one step",
    hint="Every trainable variable moves along its own gradient, once.",
):
    model, (x, y) = made(), batch(1, 1, 0)
    debiasing_train_step(model, keras.optimizers.SGD(0.2), x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "means and logsigmas in their places",
    hint="Pass every output of the model to where it belongs.",
):
    model, (x, y) = made(), batch(1, 0, 1)
    model.head.bias.assign([0.3, 50.0, -40.0, 1.5, -2.0])
    probe("loss", debiasing_train_step(model, keras.optimizers.SGD(0.2), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "a batch without a face", hint="Then only the class counts, and the decoder learns nothing."
):
    model, (x, y) = made(), batch(0, 0, 0)
    probe("loss", debiasing_train_step(model, keras.optimizers.SGD(0.2), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "one model after the other, with their optimizers",
    hint="Use the model and optimizer you are given.",
):
    for name in ("SGD with momentum", "Adam"):
        model = made(d=3)
        optimizer = (
            keras.optimizers.Adam(0.02)
            if name == "Adam"
            else keras.optimizers.SGD(0.1, momentum=0.8)
        )
        losses = [debiasing_train_step(model, optimizer, *batch(1, 0, 1)) for _ in range(3)]
        probe(f"{name}: losses", losses, rtol=1e-3)
        probe(f"{name}: weights", model.get_weights(), rtol=1e-2, atol=1e-4)
with case("steep slopes", hint="Take the gradients as they are: no clipping of what is large."):
    model, (x, y) = made(), batch(1, 0, 1)
    model.set_weights([4 * w for w in model.get_weights()])
    debiasing_train_step(model, keras.optimizers.SGD(0.02), 30 * x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-4)
with case(
    "compiled",
    hint="tf.function(debiasing_train_step) must work: leave the loss a tensor, without .numpy().",
):
    model, (x, y) = made(), batch(0, 1, 1)
    step = tf.function(debiasing_train_step)
    probe("loss", step(model, keras.optimizers.SGD(0.2), x, y), rtol=1e-3)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
with case("BatchNorm's moving averages move", hint="Call the model with training=True."):
    model, (x, y) = made(normal=True), batch(1, 0, 1, 1)
    probe("loss", debiasing_train_step(model, keras.optimizers.SGD(0.1), x, y), rtol=1e-3)
    probe("weights and statistics", model.get_weights(), rtol=1e-3, atol=1e-5)
with case(
    "nothing else changes",
    hint="Frozen layers, the learning rate and the batch stay as they are.",
):
    model, optimizer, (x, y) = made(frozen=True), keras.optimizers.SGD(0.15), batch(0, 1)
    before = x.copy(), y.copy()
    debiasing_train_step(model, optimizer, x, y)
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
    probe("learning rate, updates", [float(optimizer.learning_rate), int(optimizer.iterations)])
    probe("changes of the batch", [x - before[0], y - before[1]])
with case("whole numbers as labels", hint="Labels may be whole numbers."):
    model, (x, y) = made(), batch(1, 0)
    probe(
        "loss",
        debiasing_train_step(model, keras.optimizers.SGD(0.1), x, y.astype(int)),
        rtol=1e-3,
    )
    probe("weights", model.get_weights(), rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# ### The repair
#
# Everything is there. The same encoder, as many epochs and the same pictures as before; but after
# the first epoch, the network looks at all training faces, finds out where in its latent space they
# lie, and draws the rare ones more often from then on. It asks anew before each epoch, because the
# latent space changes while it learns. (In the first epoch all faces are drawn alike: an encoder
# that has learned nothing knows nothing about rarity.)
#
# Look at the intervals as well as at the points, and mind the budget: `quick` trains for so short a
# time, and measures on so few faces, that hardly anything can be seen. And one training is one
# throw of the dice. The same comparison, repeated with several seeds, stands in [the notes on this
# lab]({repository}/blob/{branch}/docs/lab2_vision.md), with the command that made it.

# %% tags=["demo"]
with when_done("DB_VAE", "get_training_sample_probabilities", "debiasing_train_step", "accuracy"):
    seed_everything(1)
    fair, faces, snapshots = DB_VAE(latent_dim=4), train_set.faces, {}

    def rare_first(images):
        mu = fair.encode(images)[1]
        snapshots[f"epoch {len(snapshots) + 1}"] = fair.decode(mu[:8])
        return get_training_sample_probabilities(mu)

    train_detector(fair, debiasing_train_step, train_set, face_probabilities=rare_first, **training)
    p = rare_first(faces.images)
    report("debiased", fair.predict(test_set.images))

# %% [markdown]
# ### What it has learned
#
# First the reconstructions: eight training faces, and what the decoder makes of their $\mu$ epoch
# by epoch. Fine details are lost, and that is the point: what stays is what faces differ in most.
# Then the faces that are drawn least and most often, and the share of each group in the training
# set and among the draws. Nobody told the network about the groups.

# %% tags=["demo"]
with when_done("fair"):
    show_reconstructions(
        faces.images[:8], dict(list(snapshots.items())[:: max(1, len(snapshots) // 4)])
    )
    show_sampled(faces.images, p)
    for name, mask in faces.groups.items():
        print(
            f"{name:>15}: {np.mean(mask):6.1%} of the training faces, {np.sum(p[mask]):6.1%} of the draws"
        )

# %% [markdown]
# Now take a walk. Each row follows one latent variable from one end to the other, while all others
# stay at the mean; the strongest ones come first. With the sliders below, which move as long as
# this notebook is running, you mix them as you like.

# %% tags=["demo"]
with when_done("fair"):
    walk_latent(fair.decode, fair.encode(faces.images)[1])

# %% [markdown]
# ### Real people
#
# All this was drawn by a program. What do the two detectors say to photographs? These come from
# [*Labeled Faces in the Wild*](http://vis-www.cs.umass.edu/lfw/), small, grey, and of other things
# than the training pictures show. Do not expect much: a detector knows the world it was trained in.
# How it fails is worth a look.

# %% tags=["demo"]
with when_done("fair"):
    real = load_real_faces()
    guesses, baseline = is_face(fair.predict(real.images)), is_face(standard(real.images))
    print(
        f"right: {np.mean(guesses == real.labels):.1%}; the standard one: {np.mean(baseline == real.labels):.1%}"
    )
    show_mistakes(real.images, real.labels, guesses, names=("no face", "face"))

# %% [markdown]
# ### Two questions
#
# These are read by a person. A few sentences each will do.

# %% [markdown] nbgrader={"grade_id": "vision_written_1", "grade": true, "solution": true, "points": 2}
# **Question 1 (2 points). What did the latent space find?** Walk along at least two latent
# variables. Say for each of them what changes in the picture, and what does not. Which faces were
# drawn most often, and what has that to do with the histograms of `mu`? Name something that makes
# some training faces rare and that the latent variables have *not* found, or only mixed with
# something else, and give a reason.
#
# ### BEGIN MARK SCHEME
# - 1 point: two latent variables with what changes along them, seen in the student's own walk
#   (skin, light, direction of the head, background, hair, …), mixtures honestly called mixtures.
# - 1 point: most-drawn faces lie in bars of low density (low density → large 1/ρ) of some latent
#   variable, and a reason why something stays unfound: it moves few pixels (glasses, expression),
#   so it hardly lowers the reconstruction loss; nothing in the loss asks that one variable stand
#   for one cause; the latent loss switches variables off that do not pay; too few examples.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# Along the first variable of my walk the whole face becomes darker and the background lighter: skin
# and light in one. Along another one the head turns from left to right, and the hair moves with it,
# while the colours stay. The faces drawn most often are dark, strongly turned, or lit from one
# side: their mu lies far out, in bars that hold few faces, so the density there is small and its
# inverse large. Glasses I did not find in any variable. They cover a few pixels, so the mean
# absolute error hardly notices them, and a latent variable that does not lower the reconstruction
# loss by more than its latent loss costs is switched off. And since no part of the loss says that
# one variable should have one meaning, causes that occur together are mixed.
# ### END SOLUTION

# %% [markdown] nbgrader={"grade_id": "vision_written_2", "grade": true, "solution": true, "points": 2}
# **Question 2 (2 points). Who can be harmed by a detector like this?** Think of a place where a
# face detector decides something. Who is harmed if it overlooks some people more often than others,
# and how? Then name one way in which your debiased detector may still be unfair, or may do harm
# *although* it works equally well for everybody. Use numbers of your table.
#
# ### BEGIN MARK SCHEME
# - 1 point: a concrete use, the people concerned, and the harm that follows from a miss or a false
#   alarm there, with the student's own numbers for the groups (not only "it is biased").
# - 1 point: a limit of the method or of the measure: groups that nobody measured or that are hidden
#   inside others (intersections), a remaining gap or interval, resampling cannot show what the data
#   do not contain, synthetic faces are not people, equal accuracy is not equal harm, surveillance
#   that works well for everybody, consent.
# ### END MARK SCHEME
# ### BEGIN SOLUTION
# A border gate opens when it finds a face and its owner's passport. Whoever is overlooked must wait
# for an officer, every time, in front of all others; in my table that happens to dark faces several
# times as often as to light ones before debiasing. Such a queue looks like a random inconvenience
# to everyone who designs it, since it hardly ever happens to them. After debiasing the gap is
# smaller, not zero, and its interval says that I cannot be sure about the rest. I only know it for
# the groups that I have measured: somebody dark *and* turned *and* with glasses is in three groups,
# and is worse off than each of them shows. Resampling repeats the rare faces that are there; of
# people who are not in the data at all it learns nothing. And a detector that finds everybody
# equally well makes a camera that follows people through a town no better for them, on the
# contrary.
# ### END SOLUTION

# %% [markdown]
# ## Go further
#
# Nothing here is graded, all of it is fun.
#
# - **Your own kernel.** Blur, motion, a relief from another side: which weights do it? What do the
#   24 kernels in the first layer of your trained CNN look like, and which of the three classical
#   ones do they resemble?
# - **99.5 %.** Shift, turn and stretch the training digits a little
#   (`keras.layers.RandomTranslation` and its relatives). How many mistakes are left? How many of
#   those could *you* read?
# - **The strength of the medicine.** Vary `smoothing_fac` from 0.0001 to 1. When does the gap begin
#   to grow again, and when does the mean accuracy suffer?
# - **Without the decoder.** Set the VAE part of the loss to zero and resample by the `mu` that
#   comes out. Is the autoencoder needed, or would any features do?
# - **Two groups at once.** Measure the intersections of your groups. Is the worst one still served
#   worse than its parts?
# - **Real faces.** Train on the synthetic faces and test on real ones. What does the detector miss,
#   and what would you have to add to the generator?

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
