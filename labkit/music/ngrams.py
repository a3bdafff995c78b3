"""An n-gram model of characters, the baseline that a network has to beat.

Interpolated Witten–Bell smoothing (Witten and Bell 1991; formula 4.38 in Chen and Goodman 1998):
with h a context, N(h) the number of characters seen after it, T(h) the number of different ones,
and h' the context without its oldest character,

    p(c | h) = (N(h, c) + T(h) · p(c | h')) / (N(h) + T(h)),

which ends in the uniform distribution below the empty context.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from labkit.music.notation import join_tunes

__all__ = ["ngram_nats_per_char"]


def ngram_nats_per_char(
    train: str | Iterable[str], held_out: str | Iterable[str], n: int = 5
) -> float:
    """Mean of −ln p(character | the n − 1 before it) over `held_out`, of an n-gram counted on
    `train`.

    Both are a text, or tunes to be joined as `labkit.music.notation.join_tunes` does. The first
    characters have shorter contexts. The uniform distribution at the bottom spans the characters of
    both texts.

    Returns:
        Nats per character; ln(number of different characters) is what knowing nothing costs.

    Raises:
        ValueError: when `n` is not a positive integer, or a text is empty.
    """
    train_text, held_out_text = _text(train), _text(held_out)
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if not train_text or not held_out_text:
        raise ValueError("the texts to count on and to measure on must not be empty")
    alphabet = set(train_text) | set(held_out_text)
    probabilities = [1 / len(alphabet)] * len(held_out_text)
    for order in range(1, n + 1):
        _sharpen(probabilities, train_text, held_out_text, order)
    return -math.fsum(map(math.log, probabilities)) / len(probabilities)


def _text(source: str | Iterable[str]) -> str:
    return source if isinstance(source, str) else join_tunes(source)


def _sharpen(probabilities: list[float], train: str, held_out: str, order: int) -> None:
    """Turns, in place, the probabilities of the order below into those of `order`."""
    counts = Counter(train[i : i + order] for i in range(len(train) - order + 1))
    total: dict[str, int] = defaultdict(int)
    kinds: dict[str, int] = defaultdict(int)
    for gram, count in counts.items():
        total[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    for i in range(order - 1, len(held_out)):
        gram = held_out[i - order + 1 : i + 1]
        context = gram[:-1]
        if seen := total.get(context):
            types = kinds[context]
            probabilities[i] = (counts.get(gram, 0) + types * probabilities[i]) / (seen + types)
