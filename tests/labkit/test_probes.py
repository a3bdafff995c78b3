"""Cases stand alone: what happens in one changes nothing in another."""

from __future__ import annotations

import gc
import random
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit.probes import case, case_rng, collected, probe


def draws(rng: np.random.Generator) -> list[object]:
    """Three numbers from everything that an answer may draw from; an operation's own seed is one of them."""
    tensors = (tf.random.uniform([3]), tf.random.uniform([3], seed=5), keras.random.uniform([3]))
    new = keras.initializers.RandomUniform()([3])
    return [rng.random(3), np.random.rand(3), random.random(), *(np.asarray(one) for one in (*tensors, new))]


def second_case(first_fails: bool, second: str = "second") -> object:
    """What the second case reports, after a first one that drew all it wanted or fell over at once."""
    rng = case_rng(5)
    with collected() as reports:
        with case("first"):
            if first_fails:
                raise ValueError
            draws(rng)
        with case(second):
            probe("draws", draws(rng))
    return next(report["value"] for report in reports if report["event"] == "probe")


def test_a_case_draws_the_same_whatever_became_of_the_one_before():
    """Partial credit is fair: a case that fails early does not spoil the inputs of the next."""
    assert second_case(first_fails=True) == second_case(first_fails=False)


def test_a_case_of_the_same_name_draws_the_same():
    """Another test may have a case of the same name: how often it was begun before changes nothing."""
    assert second_case(first_fails=False, second="first") == second_case(first_fails=True, second="first")


def test_cases_draw_different_numbers():
    """Beginning anew is not beginning alike: each case has inputs of its own."""
    rng, drawn = case_rng(5), []
    with collected():
        for name in ("first", "second"):
            with case(name):
                drawn.append(np.hstack(draws(rng)))
    assert len(set(np.ravel(drawn))) == 2 * 19


def test_the_seed_of_a_generator_counts():
    """Two generators of one test are independent."""
    one, other = case_rng(1), case_rng(2)
    with collected(), case("any"):
        assert one.normal() != pytest.approx(other.normal())


def test_a_generator_that_nobody_has_any_more_is_forgotten():
    """The tests of a whole notebook share one process: what one of them drew from is not kept for the next."""
    forgotten = weakref.ref(case_rng(3))
    gc.collect()
    assert forgotten() is None
