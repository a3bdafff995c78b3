"""One seed for everything."""

from __future__ import annotations

import random

import numpy as np
import pytest

from labkit.training.seeds import seed_everything


def draws() -> tuple[float, float]:
    return random.random(), float(np.random.random())


def test_the_same_seed_gives_the_same_draws():
    """Python's and NumPy's generators and the returned one repeat; another seed gives other
    draws."""
    first = (seed_everything(3).random(), *draws())
    assert (seed_everything(3).random(), *draws()) == first
    assert (seed_everything(4).random(), *draws()) != first


def test_the_generator_is_numpys():
    """The returned generator is numpy.random.default_rng(seed)."""
    assert seed_everything(np.int64(5)).random() == np.random.default_rng(5).random()


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True, None])
def test_a_bad_seed_is_refused(seed):
    """Only integers in [0, 2³² − 1] seed every generator alike."""
    with pytest.raises(ValueError, match="seed must be an integer"):
        seed_everything(seed)
