"""Cases stand alone: what happens in one changes nothing in another."""

from __future__ import annotations

import gc
import random
import weakref

import numpy as np
import pytest

from labkit.probes import case, case_rng, collected, probe


def second_case(first_fails: bool) -> object:
    """What the second case reports, after a first one that drew all it wanted or fell over at once."""
    rng = case_rng(5)
    with collected() as reports:
        with case("first"):
            if first_fails:
                raise ValueError
            rng.normal(size=100)
            np.random.rand(100)
            random.random()
        with case("second"):
            probe("draws", [rng.normal(size=3), np.random.rand(3), random.random()])
    return next(report["value"] for report in reports if report["event"] == "probe")


def test_a_case_draws_the_same_whatever_became_of_the_one_before():
    """Partial credit is fair: a case that fails early does not spoil the inputs of the next."""
    assert second_case(first_fails=True) == second_case(first_fails=False)


def test_cases_draw_different_numbers():
    """Beginning anew is not beginning alike: each case has inputs of its own."""
    rng, drawn = case_rng(5), []
    with collected():
        for name in ("first", "second"):
            with case(name):
                drawn.append((*rng.normal(size=3), *np.random.rand(3)))
    assert len(set(np.ravel(drawn))) == 12


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
