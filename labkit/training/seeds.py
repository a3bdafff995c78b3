"""One seed for everything that draws: Python, NumPy and, when it is loaded, Keras with its
backend."""

from __future__ import annotations

import random
import sys

import numpy as np

__all__ = ["seed_everything"]

LARGEST = 2**32 - 1  # NumPy's legacy generator takes 32 bits


def seed_everything(seed: int = 0) -> np.random.Generator:
    """Seeds Python's, NumPy's and, if imported, Keras' and TensorFlow's global generators.

    Returns a `numpy.random.Generator` with the same seed, the `rng` that functions of the labs
    take. Call it after the imports: a library that is imported later is not seeded. Results repeat
    on the same machine and versions; a GPU may still add in another order.

    Raises:
        ValueError: when `seed` is not an integer in [0, 2³² − 1].
    """
    if (
        isinstance(seed, bool)
        or not isinstance(seed, (int, np.integer))
        or not 0 <= seed <= LARGEST
    ):
        raise ValueError(f"seed must be an integer from 0 to {LARGEST}, got {seed!r}")
    seed = int(seed)
    random.seed(seed)
    np.random.seed(seed)
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(seed)  # also Python's, NumPy's and the backend's
    elif tensorflow := sys.modules.get("tensorflow"):
        tensorflow.random.set_seed(seed)
    return np.random.default_rng(seed)
