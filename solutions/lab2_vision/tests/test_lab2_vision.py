"""Lab 2: what its filled notebook shows."""

from __future__ import annotations

import re

import pytest

from tests.labs.outputs import outputs, printed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def filled(run_filled):
    return run_filled("lab2_vision")


def test_it_says_which_digits_are_in_use_and_reads_them(filled):
    """The source is named, and already at `quick` the networks read most held-out digits."""
    text = printed(filled)
    assert re.search(r"Digits: (10,000 of )?MNIST", text)
    shares = [
        float(share)
        for share in re.findall(r"held out: ([\d.]+)% right; always the most frequent", text)
    ]
    assert len(shares) == 3
    assert min(shares) >= 90


def test_both_detectors_are_measured_for_each_group(filled):
    """The accuracy of every group is shown for both detectors, with its words for those who cannot
    see it."""
    pages = [page for page in outputs(filled, "text/html") if "Accuracy for each group" in page]
    assert len(pages) == 2
    for group in ("light, facing", "light, turned", "dark, facing", "dark, turned", "no face"):
        assert re.search(rf"standard:.*{group} [\d.]+%.*debiased:.*{group} [\d.]+%", pages[1])


def test_the_latent_walk_stays_as_a_picture(filled):
    """Where only plain outputs are asked for, strips stand in for the sliders (see
    tests/labkit/test_latent.py)."""
    assert any("Decoded pictures along" in page for page in outputs(filled, "text/html"))
    assert not outputs(filled, "application/vnd.jupyter.widget-view+json")
