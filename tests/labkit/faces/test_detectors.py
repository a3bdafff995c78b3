"""The given parts of the face detectors."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")
import tensorflow as tf  # noqa: E402

from labkit.faces.detectors import (  # noqa: E402
    classifier_step,
    is_face,
    make_decoder,
    make_encoder,
    train_detector,
    vary,
)
from labkit.faces.loading import Faces  # noqa: E402

SETTINGS = {"epochs": 3, "batch_size": 4, "learning_rate": 1e-3, "seed": 5}


@pytest.fixture
def data() -> Faces:
    """Eight light pictures, which are the faces, and eight dark ones. The red of each tells its
    number."""
    rng = np.random.default_rng(0)
    labels = np.arange(16) % 2
    images = (0.2 * rng.random((16, 64, 64, 3)) + 0.7 * labels[:, None, None, None]).astype(
        "float32"
    )
    images[..., 0] = np.arange(16)[:, None, None] / 16
    return Faces(images, labels, {}, {}, "made for a test")


class Recorder:
    """A step that learns nothing and remembers what it is given."""

    def __init__(self) -> None:
        self.faces: list[list[int]] = []
        self.labels: list[list[float]] = []

    def __call__(self, model, optimizer, x, y):
        tf.py_function(self.note, [x, y], [])
        return tf.reduce_mean(x)

    def note(self, x, y) -> None:
        self.faces.append([round(float(value) * 16) for value in x[: len(x) // 2, 0, 0, 0]])
        self.labels.append([float(value) for value in y[:, 0]])


@pytest.mark.parametrize("n", [1, 13])
def test_encoder_and_decoder_are_mirror_images(n):
    """64×64 pictures become n numbers, and n numbers become pictures in [0, 1]."""
    x = np.random.default_rng(1).random((2, 64, 64, 3)).astype("float32")
    numbers = make_encoder(n)(x)
    pictures = make_decoder(n)(numbers)
    assert numbers.shape == (2, n)
    assert pictures.shape == x.shape
    assert np.all((np.asarray(pictures) >= 0) & (np.asarray(pictures) <= 1))


def test_a_positive_logit_is_a_face():
    """The threshold is a probability of one half; tensors and arrays are alike."""
    assert is_face(tf.constant([[0.3], [-2.0], [0.0]])).tolist() == [1, 0, 0]
    assert is_face(np.array([[5.0]])).tolist() == [1]


def test_the_plain_detector_learns(data, monkeypatch):
    """A few epochs tell light from dark, and the same seed gives the same losses."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    settings = {**SETTINGS, "epochs": 6}
    models = [make_encoder(1), make_encoder(1)]
    for model in models:
        model(data.images[:1])
    models[1].set_weights(models[0].get_weights())
    histories = [train_detector(model, classifier_step, data, **settings) for model in models]
    assert histories[0].loss[-1] < 0.3
    assert histories[0].loss[-1] < histories[0].loss[0]
    assert np.allclose(histories[0].loss[:4], histories[1].loss[:4], rtol=1e-3)


def test_half_of_each_batch_are_faces_and_probabilities_come_from_a_trained_encoder(
    data, monkeypatch
):
    """An epoch draws as many faces as there are; probabilities are asked for before each epoch but
    the first."""
    monkeypatch.setenv("LABKIT_PLAIN", "1")
    step, asked = Recorder(), []

    def only_the_third(faces):
        asked.append(len(step.faces))
        assert len(faces) == 8
        return np.eye(8)[2]

    train_detector(None, step, data, face_probabilities=only_the_third, **SETTINGS)
    assert asked == [4, 8]  # 8 faces, 2 in a batch: 4 steps are an epoch
    assert step.labels == [[1.0, 1.0, 0.0, 0.0]] * 12
    assert {face for batch in step.faces[:4] for face in batch} - {5}
    assert {face for batch in step.faces[4:] for face in batch} == {5}


def test_pictures_are_moved_and_mirrored():
    """Every result is the picture, moved by at most 4 pixels and perhaps mirrored; both happen,
    nothing else does."""
    rng = np.random.default_rng(2)
    image = rng.random((16, 16, 3)).astype("float32")
    images = np.repeat(image[None], 60, axis=0)
    varied = vary(images, rng)
    assert varied.shape == images.shape
    assert np.array_equal(images[0], image)
    wide = np.pad(image, ((4, 4), (4, 4), (0, 0)), mode="edge")
    possible = {}
    for down in range(9):
        for right in range(9):
            moved = wide[down : down + 16, right : right + 16]
            possible |= {
                moved.tobytes(): (down, False),
                np.ascontiguousarray(moved[:, ::-1]).tobytes(): (down, True),
            }
    found = [possible[picture.tobytes()] for picture in varied]
    assert {down for down, _ in found} == set(range(9))
    assert 15 < sum(mirrored for _, mirrored in found) < 45
