"""Cases stand alone: what happens in one changes nothing in another."""

from __future__ import annotations

import gc
import random
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit.probes import begin_test, case, case_rng, collected, probe, stir_chance


def draws(rng: np.random.Generator) -> list[object]:
    """Three numbers from everything that an answer may draw from; an operation's own seed is one of
    them."""
    tensors = (tf.random.uniform([3]), tf.random.uniform([3], seed=5), keras.random.uniform([3]))
    new = keras.initializers.RandomUniform()([3])
    return [
        rng.random(3),
        np.random.rand(3),
        random.random(),
        *(np.asarray(one) for one in (*tensors, new)),
    ]


def second_case(first_fails: bool, second: str = "second") -> object:
    """What the second case reports, after a first one that drew all it wanted or fell over at
    once."""
    rng = case_rng(5)
    with collected() as reports:
        with case("first"):
            if first_fails:
                raise ValueError
            draws(rng)
        with case(second):
            probe("draws", draws(rng))
    return reports[1]["probes"][0]["value"]


def test_a_case_draws_the_same_whatever_became_of_the_one_before():
    """Partial credit is fair: a case that fails early does not spoil the inputs of the next."""
    assert second_case(first_fails=True) == second_case(first_fails=False)


def test_a_case_of_the_same_name_draws_the_same():
    """Another test may have a case of the same name: how often it was begun before changes
    nothing."""
    assert second_case(first_fails=False, second="first") == second_case(
        first_fails=True, second="first"
    )


def test_a_case_draws_the_same_whatever_tests_came_before():
    """A test that is run alone, after a restart, has the inputs that the key was recorded with."""
    drawn = []
    for before in ((), ("one",), ("one", "another")):
        for test in (*before, "this"):
            begin_test(test)
            last = second_case(first_fails=False)
        drawn.append(last)
    assert drawn[0] == drawn[1] == drawn[2]


def test_stirring_changes_all_but_the_generators_of_the_test():
    """Who draws from anything but the given rng is found out."""
    drawn = []
    for number in range(3):
        rng = case_rng(4)
        with collected(), case("any"):
            stir_chance(number)
            drawn.append(draws(rng))
    given, *others = zip(*drawn, strict=True)
    assert all(np.array_equal(given[0], one) for one in given)
    assert all(len({np.asarray(one).tobytes() for one in source}) == 3 for source in others)


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
    """The tests of a whole notebook share one process: what one of them drew from is not kept for
    the next."""
    forgotten = weakref.ref(case_rng(3))
    gc.collect()
    assert forgotten() is None


def test_a_kernel_that_draws_starts_anew_when_its_seed_comes_back():
    """Kernels are kept for new seeds only: with a used one an operation must not go on drawing."""
    drawn = []
    for _ in range(2):
        begin_test("again")
        drawn.append(tf.random.uniform([3], seed=5).numpy())
    np.testing.assert_array_equal(*drawn)
