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
    """Ten thousand different digits in [0, 1], 8,000 to train on and 2,000 held out, none of them
    on both sides, all ten about equally often."""
    loaded = load_digits("fixture", quiet=True)
    assert loaded.source == "fixture"
    assert loaded.train_images.shape == (8000, 28, 28, 1)
    assert loaded.test_images.shape == (2000, 28, 28, 1)
    images = np.concatenate([loaded.train_images, loaded.test_images])
    assert images.dtype == np.float32
    assert images.min() == 0
    assert images.max() == 1
    assert len({image.tobytes() for image in images}) == 10_000
    for labels in (loaded.train_labels, loaded.test_labels):
        assert labels.dtype == np.int64
        assert np.abs(np.bincount(labels) / len(labels) - 0.1).max() < 0.03


def test_a_part_to_train_on():
    """`n_train` keeps the first digits, and all that are held out; less than one is an error."""
    few, all_of_them = (load_digits("fixture", n_train=n, quiet=True) for n in (30, None))
    np.testing.assert_array_equal(few.train_images, all_of_them.train_images[:30])
    np.testing.assert_array_equal(few.train_labels, all_of_them.train_labels[:30])
    np.testing.assert_array_equal(few.test_images, all_of_them.test_images)
    with pytest.raises(ValueError, match="n_train is 0"):
        load_digits("fixture", n_train=0)


def test_a_damaged_fixture_is_never_read(tmp_path, monkeypatch):
    """Its checksum is verified like that of every dataset."""
    monkeypatch.setenv("LABKIT_CACHE", str(tmp_path))
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits/mnist_10k.npz").write_bytes(b"no digits")
    with pytest.raises(DatasetError, match="not the registered one"):
        load_digits("fixture")


def test_labels_belong_to_their_images():
    """The nearest mean of the training part recognises most held-out digits, so labels were not
    shuffled away."""
    loaded = load_digits("fixture", quiet=True)
    means = np.stack(
        [loaded.train_images[loaded.train_labels == digit].mean(0) for digit in range(10)]
    )
    some, labels = loaded.test_images[:500], loaded.test_labels[:500]
    distance = ((some[:, None] - means[None]) ** 2).sum((2, 3, 4))
    assert np.mean(distance.argmin(1) == labels) > 0.75


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
    assert "All of MNIST is not in use" in capsys.readouterr().out


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
