"""Handwritten digits, 28×28 pixels: MNIST where it can be had whole, else 10,000 digits of it.

MNIST (LeCun, Cortes and Burges; 70,000 digits) comes through Keras' own loader, which keeps it in
`~/.keras/datasets`. The fixture in `data/digits` needs no network: ten thousand digits of MNIST's
training set (CC BY-SA 3.0), in an order of their own, the last 2,000 of them held out.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from labkit.datasets import DatasetError, load_dataset, register_dataset

__all__ = ["Digits", "load_digits"]

SOURCES = ("auto", "mnist", "fixture", "small")
# the one keras.datasets checks
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
MNIST_NAMES = ("x_train", "y_train", "x_test", "y_test")
FIXTURE = "mnist_10k"
HELD_OUT = 2000
SMALL_HELD_OUT = 0.2
SMALL_SEED = 28
CONNECT_SECONDS = 10.0
KINDS = {
    "mnist": "MNIST",
    "fixture": "10,000 of MNIST",
    "small": "scikit-learn's digits, resampled to 28×28",
}


@dataclass(frozen=True)
class Digits:
    """Digits to train on and digits held out.

    Attributes:
        train_images, test_images: float32 (N, 28, 28, 1), 0 is paper and 1 is ink.
        train_labels, test_labels: int64 (N,), 0 to 9.
        source: "mnist", "fixture" or "small".
    """

    train_images: np.ndarray = field(repr=False)
    train_labels: np.ndarray = field(repr=False)
    test_images: np.ndarray = field(repr=False)
    test_labels: np.ndarray = field(repr=False)
    source: str

    def __str__(self) -> str:
        kind = KINDS[self.source]
        train, test = len(self.train_labels), len(self.test_labels)
        return f"Digits: {kind}, {train:,} to train on, {test:,} held out"


def load_digits(source: str = "auto", *, n_train: int | None = None, quiet: bool = False) -> Digits:
    """Handwritten digits, split into a part to train on and a held-out part.

    Prints one line saying which source is in use, unless `quiet`.

    Args:
        source: "mnist" (60,000 and 10,000 digits, about 11 MB, from Keras' cache or by Keras'
            loader), "fixture" (8,000 and 2,000 digits of MNIST's training set), "small" (1,438 and
            359 digits of scikit-learn, for networks that learn in plain NumPy), or "auto": all of
            MNIST when it is in the cache or can be fetched, otherwise the fixture.
        n_train: keeps only so many digits to train on, the first ones; all are held out as before.
        quiet: prints nothing.

    Raises:
        ValueError: for another `source`, or an `n_train` below 1.
        DatasetError: when "mnist" is asked for and its file is damaged or cannot be fetched.
    """
    if source not in SOURCES:
        raise ValueError(f"unknown source {source!r}: expected one of {', '.join(SOURCES)}")
    if n_train is not None and n_train < 1:
        raise ValueError(f"n_train is {n_train}: expected 1 or more, or None for all")
    note = ""
    if source == "small":
        digits = _small()
    elif source == "fixture":
        digits = load_dataset(FIXTURE)
    else:
        try:
            digits = _mnist()
        except DatasetError as error:
            if source == "mnist":
                raise
            digits, note = (
                load_dataset(FIXTURE),
                f"\nAll of MNIST is not in use: {str(error).splitlines()[0]}",
            )
    images, labels = digits.train_images[:n_train], digits.train_labels[:n_train]
    digits = replace(digits, train_images=images, train_labels=labels)
    if not quiet:
        print(f"{digits}{note}")
    return digits


def _read_fixture(path: Path) -> Digits:
    """The digits of `data/digits`, whose order was shuffled when the file was made.

    MNIST does not say who wrote which digit, so a writer can be on both sides of the split.
    """
    with np.load(path, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    train, test = slice(-HELD_OUT), slice(-HELD_OUT, None)
    digits = _as_digits(images[train], labels[train], images[test], labels[test])
    return replace(digits, source="fixture")


register_dataset(FIXTURE, _read_fixture)


def _small() -> Digits:
    """scikit-learn's digits: a fifth of each class, chosen once, is held out.

    The file does not say who wrote which digit, so a writer can be on both sides, as in any random
    split of it.
    """
    from sklearn import datasets

    bunch = datasets.load_digits()
    labels = bunch.target.astype(np.int64)
    rng = np.random.default_rng(SMALL_SEED)
    held_out = np.zeros(len(labels), bool)
    for digit in range(10):
        mine = rng.permutation(np.flatnonzero(labels == digit))
        held_out[mine[: round(len(mine) * SMALL_HELD_OUT)]] = True
    train, test = rng.permutation(np.flatnonzero(~held_out)), np.flatnonzero(held_out)
    images = _resample(bunch.images / 16.0)
    return Digits(images[train], labels[train], images[test], labels[test], "small")


def _resample(small: np.ndarray) -> np.ndarray:
    """(N, 8, 8) in [0, 1] → float32 (N, 28, 28, 1): bicubic to 20×20, then MNIST's margin of 4."""
    import cv2

    images = small.astype("float32")
    large = np.stack([cv2.resize(x, (20, 20), interpolation=cv2.INTER_CUBIC) for x in images])
    return np.pad(large.clip(0, 1), ((0, 0), (4, 4), (4, 4)))[..., None]


def _mnist() -> Digits:
    path = mnist_path()
    if not path.is_file():
        _fetch_mnist(path)
    if (got := hashlib.sha256(path.read_bytes()).hexdigest()) != MNIST_SHA256:
        raise DatasetError(
            f"{path} is not MNIST as Keras publishes it\n"
            f"  expected sha256: {MNIST_SHA256}\n"
            f"  got:             {got}\n"
            "  try:             delete the file, then run this cell again with a network"
        )
    with np.load(path, allow_pickle=False) as file:
        return _as_digits(*(file[name] for name in MNIST_NAMES))


def _as_digits(x_train: Any, y_train: Any, x_test: Any, y_test: Any) -> Digits:
    """Keras' arrays, uint8 (N, 28, 28) and labels, in the form of this module."""
    train, test = (images[..., None].astype("float32") / 255 for images in (x_train, x_test))
    return Digits(train, y_train.astype(np.int64), test, y_test.astype(np.int64), "mnist")


def mnist_path() -> Path:
    """Where Keras' loader keeps MNIST: `$KERAS_HOME/datasets`, else `~/.keras/datasets`."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets" / "mnist.npz"


def _fetch_mnist(path: Path) -> None:
    from keras.datasets import mnist

    try:
        with _connection_deadline(CONNECT_SECONDS):
            mnist.load_data()
    # No network, a proxy, a full disk, a changed file: Keras raises many kinds.
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise DatasetError(
            f"it could not be fetched ({reason})\n"
            f"  expected: {path}, sha256 {MNIST_SHA256}\n"
            "  try:      run this again with a network, copy the file mnist.npz there, "
            "or use load_digits('fixture')"
        ) from error
    if not path.is_file():
        raise DatasetError(
            f"Keras has fetched MNIST, but not to {path}\n"
            "  try:      set the environment variable KERAS_HOME to a folder that can be written"
        )


@contextmanager
def _connection_deadline(seconds: float) -> Iterator[None]:
    """Connections give up after `seconds`: a network without an answer must not hold a notebook."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
