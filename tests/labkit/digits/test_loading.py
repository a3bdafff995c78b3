"""Digits: which source is in use, what it holds, and what is said when MNIST cannot be had."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from labkit.datasets import DatasetError
from labkit.digits import loading as digits
from labkit.digits.loading import Digits, load_digits


@pytest.fixture
def keras_home(tmp_path, monkeypatch):
    """An empty Keras folder of our own."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def fake_mnist(keras_home, monkeypatch):
    """A tiny file in Keras' format and place, whose checksum is taken for MNIST's."""
    path = keras_home / "datasets" / "mnist.npz"
    path.parent.mkdir()
    rng = np.random.default_rng(3)
    x_train, x_test = (rng.integers(0, 256, (n, 28, 28)).astype(np.uint8) for n in (30, 20))
    y_train, y_test = (rng.integers(0, 10, n).astype(np.uint8) for n in (30, 20))
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    monkeypatch.setattr(digits, "MNIST_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


@pytest.fixture
def no_network(monkeypatch):
    """Keras' loader fails as it does without a network."""
    from keras.datasets import mnist

    def fail():
        raise OSError("URL fetch failure: name or service not known")

    monkeypatch.setattr(mnist, "load_data", fail)


def test_the_fixture_is_real_digits_in_mnists_form():
    """Every digit of scikit-learn once, in [0, 1], 28×28 with an empty margin of 4, a fifth of each
    class held out."""
    from sklearn import datasets

    loaded, bunch = load_digits("fixture", quiet=True), datasets.load_digits()
    images = np.concatenate([loaded.train_images, loaded.test_images])
    assert images.shape == (1797, 28, 28, 1)
    assert images.dtype == np.float32
    assert images.min() == 0
    assert images.max() == 1
    margin = np.ones((28, 28), bool)
    margin[4:24, 4:24] = False
    assert not images[:, margin].any()
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(
        np.unique(bunch.data, axis=0)
    )
    counts, held_out = np.bincount(bunch.target), np.bincount(loaded.test_labels)
    assert np.abs(held_out - counts / 5).max() < 1


def test_labels_belong_to_their_images():
    """The nearest mean of the training part recognises most held-out digits, so labels were not
    shuffled away."""
    loaded = load_digits("fixture", quiet=True)
    means = np.stack(
        [loaded.train_images[loaded.train_labels == digit].mean(0) for digit in range(10)]
    )
    distance = ((loaded.test_images[:, None] - means[None]) ** 2).sum((2, 3, 4))
    assert np.mean(distance.argmin(1) == loaded.test_labels) > 0.85


def test_the_fixture_is_the_same_every_time():
    """The split is fixed."""
    one, other = load_digits("fixture", quiet=True), load_digits("fixture", quiet=True)
    np.testing.assert_array_equal(one.test_labels, other.test_labels)
    np.testing.assert_array_equal(one.train_images, other.train_images)


def test_mnist_in_the_cache_is_used(fake_mnist, capsys):
    """A file in Keras' cache is verified and read without a network; the source is said."""
    for source in ("auto", "mnist"):
        loaded = load_digits(source)
        assert loaded.source == "mnist"
        assert loaded.train_images.shape == (30, 28, 28, 1)
        assert loaded.train_images.dtype == np.float32
        assert loaded.test_labels.dtype == np.int64
        with np.load(fake_mnist) as file:
            np.testing.assert_allclose(loaded.test_images[..., 0] * 255, file["x_test"], atol=1e-4)
            np.testing.assert_array_equal(loaded.train_labels, file["y_train"])
        assert "MNIST, 30 to train on, 20 held out" in capsys.readouterr().out


def test_a_damaged_file_is_never_read(fake_mnist, capsys):
    """The error has both digests and what to do; with "auto" the fixture takes its place, and the
    reason is said."""
    fake_mnist.write_bytes(fake_mnist.read_bytes() + b"x")
    with pytest.raises(DatasetError) as caught:
        load_digits("mnist")
    assert digits.MNIST_SHA256 in str(caught.value)
    assert hashlib.sha256(fake_mnist.read_bytes()).hexdigest() in str(caught.value)
    assert "delete the file" in str(caught.value)
    assert load_digits().source == "fixture"
    assert "MNIST is not in use" in capsys.readouterr().out


def test_without_a_network(keras_home, no_network, capsys):
    """The reason, the place and the way out are in the error; "auto" goes on with the fixture."""
    with pytest.raises(
        DatasetError,
        match=r"name or service not known(.|\n)*mnist\.npz(.|\n)*load_digits\('fixture'\)",
    ):
        load_digits("mnist")
    assert load_digits("auto").source == "fixture"
    assert "could not be fetched" in capsys.readouterr().out


def test_fetching_goes_through_keras_loader(keras_home, fake_mnist, monkeypatch):
    """When the file is missing, Keras' own loader is asked once, and what it brings is verified."""
    from keras.datasets import mnist

    content, calls = fake_mnist.read_bytes(), []
    fake_mnist.unlink()
    monkeypatch.setattr(
        mnist, "load_data", lambda: calls.append(1) or fake_mnist.write_bytes(content)
    )
    assert load_digits("mnist", quiet=True).source == "mnist"
    assert load_digits("mnist", quiet=True).source == "mnist"
    assert calls == [1]


def test_an_unknown_source_is_an_error():
    """Only the three sources."""
    with pytest.raises(ValueError, match="expected one of auto, mnist, fixture"):
        load_digits("emnist")


def test_the_text_says_the_source():
    """`str` names the source and both sizes."""
    images, labels = np.zeros((2, 28, 28, 1)), np.zeros(2, int)
    assert (
        str(Digits(images, labels, images, labels, "mnist"))
        == "Digits: MNIST, 2 to train on, 2 held out"
    )
