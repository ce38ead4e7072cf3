"""The only randomness: every generator is a hash of what it is for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import blake2b

Rng = random.Random


def number(*parts: object) -> int:
    """A 64-bit number that depends on ``parts`` alone, in any process.

    Parts are compared by their text, each length-prefixed, so ``("a", "b")`` and ``("ab",)`` differ.
    """
    texts = [str(part) for part in parts]
    whole = "".join(f"{len(text)}:{text}" for text in texts)
    return int.from_bytes(blake2b(whole.encode(), digest_size=8).digest(), "big")


def rng(*parts: object) -> Rng:
    """A generator for one purpose: ``rng(run_seed, slot, attempt, "wording")``."""
    return random.Random(number(*parts))


def identity(*parts: object) -> str:
    """A tagged id, ``b2:`` and 16 hexadecimal digits, that depends on ``parts`` alone."""
    return f"b2:{number(*parts):016x}"


def weighted(generator: Rng, weights: Sequence[float]) -> int:
    """An index drawn with probability proportional to its weight."""
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must have a positive sum")
    mark = generator.random() * total
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0:
            return index
    return len(weights) - 1
