"""Measures what Lab 5 promises, with the classes of the solution, and writes the tables of
docs/lab5_scratch.md.

    python solutions/lab5_scratch/measure.py --part gradients --seeds 0-4
    python solutions/lab5_scratch/measure.py --part digits --seeds 0-4

`gradients` holds the backward pass of whole networks against central differences in float64,
`digits` trains the three networks of the notebook at `class` and measures all held-out digits,
`keras` trains the same networks with Keras, `spiral` plays in the playground without a page, and
`notebook` runs the filled notebook from end to end. Seconds are processor seconds of one core.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from autograder.authoring.solution import load_solution
from autograder.quality.measuring import parse_seeds, time_notebook, write_row
from labkit.digits import load_digits
from labkit.nets import parameters, share_right, train_network
from labkit.nets.play.session import Session
from labkit.nets.play.settings import Settings

LAB = "lab5_scratch"
PAGE = Path(__file__).resolve().parents[2] / "docs" / f"{LAB}.md"
SAMPLES = 40  # parameters of each array whose slope is measured
EPS = 1e-5
NETWORKS = ("MLP", "CNN", "RNN")
RECIPES = {"MLP": (30, 0.05), "CNN": (10, 0.05), "RNN": (30, 0.02)}  # epochs, learning rate
SPIRAL: dict[str, Any] = {"data": "spiral", "layers": (8, 8), "activation": "tanh", "noise": 0.0}


def build(names: dict[str, Any], kind: str, rng: np.random.Generator) -> Any:
    """A network of the notebook."""
    if kind == "MLP":
        return names["make_network"]([784, 128, 10], rng)
    return names["make_cnn" if kind == "CNN" else "make_rnn"](rng)


def pictures(kind: str, images: np.ndarray) -> np.ndarray:
    """Digits as this network takes them."""
    return {"MLP": images.reshape(len(images), -1), "CNN": images, "RNN": images[..., 0]}[kind]


def gradient_error(names: dict[str, Any], kind: str, seed: int) -> float:
    """The largest difference between backward and slope, relative to the largest slope of its array.

    For each array of parameters, `SAMPLES` numbers are drawn; the loss is that of eight digits.
    """
    rng = np.random.default_rng(seed)
    network = build(names, kind, rng)
    digits = load_digits("small", quiet=True)
    x = pictures(kind, digits.train_images[seed * 8 :][:8]).astype(float)
    # Random darkness everywhere: blank paper would make ties in the pooling windows.
    x = x + rng.normal(0, 0.1, x.shape)
    labels = digits.train_labels[seed * 8 :][:8]
    grads = [np.array(g) for g in network.loss_and_grads(x, labels)[1]]
    worst = 0.0
    for array, grad in zip(parameters(network), grads, strict=True):
        places = rng.choice(array.size, min(SAMPLES, array.size), replace=False)
        slopes = [_slope(network, array, place, x, labels) for place in places]
        difference = np.abs(grad.ravel()[places] - slopes).max()
        worst = max(worst, difference / max(np.abs(grad).max(), 1e-12))
    return float(worst)


def _slope(network: Any, array: np.ndarray, place: int, x: np.ndarray, labels: np.ndarray) -> float:
    """The slope of the loss for one number of the network, by central differences."""
    where = np.unravel_index(place, array.shape)
    kept, ends = array[where], []
    for step in (EPS, -EPS):
        array[where] = kept + step
        ends.append(network.loss_and_grads(x, labels)[0])
    array[where] = kept
    return (ends[0] - ends[1]) / (2 * EPS)


def train(names: dict[str, Any], kind: str, seed: int) -> tuple[float, float]:
    """The share of held-out digits that are right, and the processor seconds of the training."""
    digits, rng = load_digits("small", quiet=True), np.random.default_rng(seed)
    network, (epochs, rate) = build(names, kind, rng), RECIPES[kind]
    clip = (lambda grads: names["clip_by_global_norm"](grads, 5.0)) if kind == "RNN" else None
    begun = time.process_time()
    train_network(
        network,
        pictures(kind, digits.train_images),
        digits.train_labels,
        update=names["momentum_step"],
        epochs=epochs,
        learning_rate=rate,
        rng=rng,
        clip=clip,
    )
    seconds = time.process_time() - begun
    return share_right(network, pictures(kind, digits.test_images), digits.test_labels), seconds


def train_keras(kind: str, seed: int) -> tuple[float, float]:
    """The same with Keras: layers, sizes, batches and the falling learning rate are the same."""
    import keras

    keras.utils.set_random_seed(seed)
    layers, digits = keras.layers, load_digits("small", quiet=True)
    bodies = {
        "MLP": [layers.Dense(128, activation="relu")],
        "CNN": [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 4, activation="relu"),
            layers.MaxPooling2D(3, 2),
            layers.Flatten(),
        ],
        "RNN": [layers.SimpleRNN(64)],
    }
    epochs, rate = RECIPES[kind]
    model = keras.Sequential([*bodies[kind], layers.Dense(10)])
    steps = epochs * -(-len(digits.train_labels) // 32)
    schedule = keras.optimizers.schedules.PolynomialDecay(rate, steps, 0.0)
    model.compile(
        keras.optimizers.SGD(schedule, 0.9, global_clipnorm=5.0 if kind == "RNN" else None),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    begun = time.process_time()
    x = pictures(kind, digits.train_images)
    model.fit(x, digits.train_labels, batch_size=32, epochs=epochs, verbose=0)
    seconds = time.process_time() - begun
    logits = model.predict(pictures(kind, digits.test_images), verbose=0)
    return float(np.mean(logits.argmax(1) == digits.test_labels)), seconds


def play(names: dict[str, Any], seed: int, epochs: int = 1000) -> list[str]:
    """The spiral from x and y alone, and with their sines: shares of held-out points, seconds."""
    row = []
    for inputs in (("x", "y"), ("x", "y", "sinx", "siny")):
        settings = Settings(**SPIRAL, inputs=inputs, seed=seed, train_share=0.7)
        session = Session(names["make_network"], settings, names["features"])
        begun = time.process_time()
        while session.epoch < epochs and session.train_epoch():
            pass
        row += [f"{session.share_right():.1%}", f"{time.process_time() - begun:.1f}"]
    return row


def row_of(part: str, seed: int) -> list[str]:
    """A row of a table, without the seed."""
    names = load_solution(LAB)
    if part == "gradients":
        return [f"{gradient_error(names, kind, seed):.0e}" for kind in NETWORKS]
    if part == "spiral":
        return play(names, seed)
    measured: Callable[[str], tuple[float, float]]
    measured = (
        (lambda kind: train_keras(kind, seed))
        if part == "keras"
        else (lambda kind: train(names, kind, seed))
    )
    row = []
    for kind in NETWORKS:
        share, seconds = measured(kind)
        row += [f"{share:.1%}", f"{seconds:.1f}"]
    return row


def main() -> None:
    """Read the command line, measure, write rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = ("gradients", "digits", "keras", "spiral", "notebook")
    parser.add_argument("--part", choices=parts, required=True, help="what to measure")
    parser.add_argument("--seeds", type=parse_seeds, default=[0], help="such as 0-4 (default: 0)")
    parser.add_argument("--budget", choices=("quick", "class", "full"), default="class")
    options = parser.parse_args()
    if options.part == "notebook":
        found, _ = time_notebook(LAB, options.budget)
        row = [options.budget, str(found["cores"]), f"{found['after_imports']:.0f}"]
        write_row(PAGE, "notebook", row)
        return
    for seed in options.seeds:
        row = [str(seed), *row_of(options.part, seed)]
        write_row(PAGE, options.part, row)
        print(" | ".join(row), flush=True)


if __name__ == "__main__":
    os.environ.update(LABKIT_PLAIN="1", LABKIT_BUDGET="class")
    main()
