"""Cheap repeatable draws: a mixed 64-bit number gives values without a generator of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_ALL = (1 << 64) - 1


def mix(bits: int, salt: int) -> int:
    """31 well-spread bits that depend on both numbers."""
    spread = ((bits ^ salt) * 0x9E3779B97F4A7C15) & _ALL
    spread ^= spread >> 29
    return ((spread * 0xBF58476D1CE4E5B9) & _ALL) >> 33


def wide(bits: int, salt: int) -> int:
    """62 well-spread bits."""
    return (mix(bits, salt) << 31) | mix(bits, salt ^ 0x5DEECE66D)


def pick(options: Sequence[T], bits: int, salt: int) -> T:
    """One of ``options``."""
    return options[mix(bits, salt) % len(options)]


def chance(share: float, bits: int, salt: int) -> bool:
    """True for about ``share`` of all ``bits``."""
    return mix(bits, salt) < share * 0x80000000
