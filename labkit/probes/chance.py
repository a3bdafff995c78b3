"""Chance in hidden tests: every test and every case starts from random states of its own.

What a case draws depends on nothing that ran before it, so that a wrong answer in one case does not
change the inputs of the next, and a test that is run alone has the inputs of the recorded key.
"""

from __future__ import annotations

import sys
import zlib
from contextlib import nullcontext
from weakref import WeakSet

import numpy as np

from labkit.probes.patches import tensorflow_kernels_kept
from labkit.training.seeds import seed_everything

__all__ = ["begin_case", "begin_test", "case_rng", "stir_chance"]


class _CaseGenerator(np.random.Generator):
    """A generator that starts anew with each case, as long as somebody refers to it."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.seed = seed


class _Chance:
    """The test that is running, the generators to start anew, and TensorFlow's used seeds."""

    def __init__(self) -> None:
        self.test = ""
        self.generators: WeakSet[_CaseGenerator] = WeakSet()
        self.used_seeds: set[int] = set()


_chance = _Chance()


def begin_test(name: str) -> None:
    """Seed everything before a test, whatever was drawn before it.

    Args:
        name: unique within the notebook.
    """
    _chance.test = name
    _seed("")


def begin_case(name: str) -> None:
    """Seed everything before a case, and start the generators of `case_rng` anew.

    Args:
        name: unique within the test.
    """
    start = _seed(name)
    for generator in _chance.generators:
        generator.bit_generator.state = np.random.PCG64([generator.seed, start]).state


def stir_chance(number: int) -> None:
    """Seed everything but the generators of `case_rng` with another number.

    An answer that draws from the given generator alone draws the same as before.
    """
    _seed(f"stirred {number}")


def case_rng(seed: int) -> np.random.Generator:
    """Make a generator for the inputs of a test, which starts anew with each case.

    What a case draws then does not depend on how far the cases before it came, or a wrong answer
    would spoil them all.
    """
    generator = _CaseGenerator(seed)
    _chance.generators.add(generator)
    return generator


def _seed(name: str) -> int:
    """Seed all global generators with a number made of `name`, and return that number."""
    start = zlib.crc32(name.encode())
    # TensorFlow's seed depends on the test as well, so that nearly every case has a new one: then
    # no compiled kernel holds the state of a generator with this seed, and all may be kept.
    operations = zlib.crc32(f"{_chance.test}: {name}".encode())
    is_new = operations not in _chance.used_seeds
    with tensorflow_kernels_kept() if is_new else nullcontext():
        seed_everything(start)
        if tensorflow := sys.modules.get("tensorflow"):
            tensorflow.random.set_seed(operations)
    _chance.used_seeds.add(operations)
    return start
