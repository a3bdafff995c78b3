"""One seed for everything that draws: Python, NumPy and, when it is loaded, Keras."""

from __future__ import annotations

import random
import sys

import numpy as np

__all__ = ["seed_everything"]

LARGEST = 2**32 - 1  # NumPy's legacy generator takes 32 bits


def seed_everything(seed: int = 0) -> np.random.Generator:
    """Seed Python's, NumPy's and, if imported, Keras' and TensorFlow's global generators.

    Call it after the imports: a library that is imported later is not seeded. Results repeat on the
    same machine and versions; a GPU may still add in another order.

    Args:
        seed: an integer in [0, 2³² − 1].

    Returns:
        A generator with the same seed, the `rng` that functions of the labs take.

    Raises:
        ValueError: when `seed` is not an integer in [0, 2³² − 1].
    """
    is_integer = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not is_integer or not 0 <= seed <= LARGEST:
        raise ValueError(f"seed must be an integer from 0 to {LARGEST}, got {seed!r}")
    seed = int(seed)
    random.seed(seed)
    np.random.seed(seed)
    # Only what is loaded is seeded: importing TensorFlow takes seconds.
    if keras := sys.modules.get("keras"):
        keras.utils.set_random_seed(seed)  # also Python's, NumPy's and the backend's
    elif tensorflow := sys.modules.get("tensorflow"):
        tensorflow.random.set_seed(seed)
    return np.random.default_rng(seed)
