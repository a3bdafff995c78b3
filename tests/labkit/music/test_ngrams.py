"""The n-gram baseline against its formula."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from labkit.music.ngrams import ngram_nats_per_char
from labkit.music.tunes import load_tunes


def probability(train: str, context: str, char: str, alphabet: int) -> Fraction:
    """The recursion of the docstring, written out with fractions and no tables."""
    follows = [
        train[i + len(context)]
        for i in range(len(train) - len(context))
        if train.startswith(context, i)
    ]
    lower = probability(train, context[1:], char, alphabet) if context else Fraction(1, alphabet)
    types = len(set(follows))
    return Fraction(follows.count(char) + types * lower, len(follows) + types) if follows else lower


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_agrees_with_the_formula(n):
    """On a small text the result is the mean of −ln p by the recursion, in exact arithmetic."""
    train, held_out = "abracadabra abba", "barbara abra z"
    alphabet = len(set(train + held_out))
    terms = [
        -math.log(probability(train, held_out[max(0, i - n + 1) : i], held_out[i], alphabet))
        for i in range(len(held_out))
    ]
    assert ngram_nats_per_char(train, held_out, n) == pytest.approx(
        sum(terms) / len(terms), rel=1e-12
    )


def test_probabilities_sum_to_one():
    """For every context the probabilities of all characters add up to 1."""
    train = "abracadabra"
    for context in ("", "a", "br", "zz", "ra"):
        assert sum(probability(train, context, char, 5) for char in "abcdr") == 1


def test_tunes_and_texts_are_alike():
    """Lists of tunes are joined as for training."""
    assert ngram_nats_per_char(["ab", "ba"], ["ab"], 2) == ngram_nats_per_char(
        "ab\n\nba\n\n", "ab\n\n", 2
    )


def test_the_baseline_of_lab_1():
    """On the full split a 5-gram costs about 1.73 nats; less context, or none, costs more."""
    tunes = load_tunes("full", quiet=True)
    five, two = (ngram_nats_per_char(tunes.train, tunes.held_out, n) for n in (5, 2))
    assert five == pytest.approx(1.727, abs=0.002)
    assert five < two < math.log(len(tunes.vocab))


def test_bad_arguments():
    """An order below 1 or an empty text has no answer."""
    with pytest.raises(ValueError, match="n must be"):
        ngram_nats_per_char("a", "a", 0)
    with pytest.raises(ValueError, match="empty"):
        ngram_nats_per_char("", "a")
