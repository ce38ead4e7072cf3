"""The only randomness: every generator is a hash of what it is for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import blake2b

Rng = random.Random


def number(*parts: str | int | float | bytes) -> int:
    """A 64-bit number that depends on ``parts`` alone, in any process."""
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big")


def rng(*parts: str | int | float | bytes) -> Rng:
    """A generator for one purpose: ``rng(run_seed, slot, attempt, "wording")``."""
    return random.Random(number(*parts))


def identity(*parts: str | int | float | bytes) -> str:
    """A tagged id, ``b2:`` and 16 hexadecimal digits, that depends on ``parts`` alone."""
    return f"b2:{number(*parts):016x}"


def weighted(generator: Rng, weights: Sequence[float]) -> int:
    """An index drawn with probability proportional to its weight."""
    return at(weights, generator.random())


def at(weights: Sequence[float], point: float) -> int:
    """The index whose weight lies at a point from 0 up to 1 of all of them laid end to end."""
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must have a positive sum")
    mark = point * total
    for index, weight in enumerate(weights):
        mark -= weight
        if mark < 0:
            return index
    return len(weights) - 1
