"""The given parts of face detectors: encoder, decoder, the loop, and the plain detector's step.

Pictures are floats (N, 64, 64, 3) in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from labkit.checking.values import to_numpy
from labkit.training.live import LiveCurve
from labkit.training.run import History
from labkit.training.seeds import seed_everything

if TYPE_CHECKING:
    from labkit.faces.loading import Faces

__all__ = ["classifier_step", "is_face", "make_decoder", "make_encoder", "train_detector", "vary"]

FILTERS = ((8, 5), (16, 3), (32, 3), (48, 3))
"""Number and size of the kernels of each convolution; each halves height and width."""

SMALLEST = 4  # pixels that are left of 64 after four halvings
SHIFT = 4  # pixels that a picture is moved by at most when it is drawn
MOMENTUM = 0.9  # of BatchNorm: the default 0.99 needs more updates than a short training has


def make_encoder(n_outputs: int) -> Any:
    """A new convolutional network: pictures (B, 64, 64, 3) → (B, n_outputs), any numbers.

    Four convolutions with stride 2, relu and BatchNormalization, a dense layer of 128, relu, and a
    plain one.
    """
    from keras import Sequential, layers

    model = Sequential()
    for filters, size in FILTERS:
        model.add(layers.Conv2D(filters, size, strides=2, padding="same", activation="relu"))
        model.add(layers.BatchNormalization(momentum=MOMENTUM))
    for layer in (layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(n_outputs)):
        model.add(layer)
    return model


def make_decoder(latent_dim: int) -> Any:
    """A new network, the mirror image of the encoder.

    It takes codes (B, latent_dim) and gives pictures (B, 64, 64, 3) in [0, 1].
    """
    from keras import Sequential, layers

    deepest = FILTERS[-1][0]
    first = layers.Dense(SMALLEST * SMALLEST * deepest, activation="relu")
    model = Sequential([first, layers.Reshape((SMALLEST, SMALLEST, deepest))])
    for filters, size in reversed(FILTERS[:-1]):
        model.add(
            layers.Conv2DTranspose(filters, size, strides=2, padding="same", activation="relu")
        )
    model.add(layers.Conv2DTranspose(3, 5, strides=2, padding="same", activation="sigmoid"))
    return model


def classifier_step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
    """One update of a plain detector on the mean cross-entropy.

    Args:
        model: pictures (B, 64, 64, 3) → logits (B, 1).
        optimizer: of Keras.
        x: pictures (B, 64, 64, 3).
        y: labels (B, 1), 1 is a face.

    Returns:
        The loss before the update, a scalar tensor.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        losses = tf.nn.sigmoid_cross_entropy_with_logits(
            labels=tf.cast(y, tf.float32), logits=model(x, training=True)
        )
        loss = tf.reduce_mean(losses)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


def is_face(logits: Any) -> np.ndarray:
    """Logits (N, 1) → labels (N,), int: 1 where a face is likelier, so where the logit is > 0."""
    return (np.asarray(to_numpy(logits))[:, 0] > 0).astype(int)


def train_detector(
    model: Any,
    step: Callable[..., Any],
    data: Faces,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    face_probabilities: Callable[[np.ndarray], Any] | None = None,
) -> History:
    """Train a detector with Adam, on batches of which one half are faces, with a live curve.

    An epoch is as many batches as are needed to draw as many faces as there are.

    Args:
        model: what `step` takes, built or not. To repeat a training, call `seed_everything` before
            you make the model, too: its layers draw their first weights when they are made.
        step: step(model, optimizer, x, y) does one update on pictures (B, 64, 64, 3) and labels
            (B, 1), and returns the loss; it is compiled by `tf.function` here.
        data: faces and others to train on.
        epochs, batch_size: of the training; batch_size is even.
        learning_rate: at the beginning; it falls to 0 along a cosine.
        seed: of everything that draws here.
        face_probabilities: from the N training faces to the probabilities (N,) with which they are
            drawn; asked before every epoch but the first. Without it, all are drawn alike.

    Returns:
        The history of the losses.
    """
    rng = seed_everything(seed)
    batches = _Batches(data, batch_size // 2, rng)
    steps = epochs * batches.per_epoch
    optimizer, fast_step = _compiled(step, learning_rate, steps)
    with LiveCurve(steps) as curve:
        for i in curve:
            # Not before the first epoch: an encoder that has learned nothing knows nothing.
            if face_probabilities is not None and i and i % batches.per_epoch == 0:
                batches.probabilities = np.asarray(face_probabilities(batches.faces), float)
            curve.add(fast_step(model, optimizer, *batches.draw()))
    return curve.history


def _compiled(step: Callable[..., Any], learning_rate: float, steps: int) -> tuple[Any, Any]:
    """Adam with a falling rate, or chance would decide how good the last step is; the fast step."""
    import keras
    import tensorflow as tf

    rate = keras.optimizers.schedules.CosineDecay(learning_rate, steps)
    return keras.optimizers.Adam(rate), tf.function(step)


class _Batches:
    """Draws batches: `half` faces, then as many others, each picture varied (see `vary`).

    Without the variation a face that is drawn often would be learned by heart, and drawing it would
    teach no more.
    """

    def __init__(self, data: Faces, half: int, rng: np.random.Generator) -> None:
        self.faces, self.others = data.images[data.labels == 1], data.images[data.labels == 0]
        self.half, self.rng = half, rng
        self.per_epoch = max(1, len(self.faces) // half)
        self.labels = np.repeat(np.array([[1.0], [0.0]], "float32"), half, axis=0)
        self.probabilities: np.ndarray | None = None  # of the faces; None: all alike

    def draw(self) -> tuple[np.ndarray, np.ndarray]:
        """Pictures (2·half, 64, 64, 3) and labels (2·half, 1)."""
        faces = self.rng.choice(len(self.faces), self.half, p=self.probabilities)
        others = self.rng.choice(len(self.others), self.half)
        x = vary(np.concatenate([self.faces[faces], self.others[others]]), self.rng)
        return x, self.labels


def vary(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each of the images (B, H, W, C) moved by up to 4 pixels, every other time mirrored.

    Edges are repeated.
    """
    wide = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    height, width = images.shape[1:3]
    varied = np.empty_like(images)
    for i, (down, right) in enumerate(rng.integers(0, 2 * SHIFT + 1, (len(images), 2))):
        varied[i] = wide[i, down : down + height, right : right + width]
    mirrored = rng.random(len(images)) < 0.5
    varied[mirrored] = varied[mirrored, :, ::-1]
    return varied
