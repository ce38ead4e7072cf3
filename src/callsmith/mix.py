"""Which kind, toolset and world each slot gets, decided by its index alone so that a run can grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol, cast

from callsmith import seeds
from callsmith.records import Kind, Slot

# Steps of the two-dimensional additive recurrence built on the plastic number: points of kind and toolset spread
# evenly both apart and together, whatever the length of the run.
_STEP_KIND = 0xC13FA9A902A6328F
_STEP_TOOLSET = 0x91E10DA5C79E7B1D
_CIRCLE = 1 << 64


def slots(
    seed: int, kinds: Mapping[Kind, float] | Mapping[str, float], toolsets: Mapping[str, float], worlds: int
) -> Slots:
    """The endless sequence of slots of a run.

    Args:
        seed: the run's seed.
        kinds: kind to weight; weights need not sum to one.
        toolsets: toolset name to weight.
        worlds: how many consecutive slots share one toolset and one world seed.
    """
    return Slots(seed, _steps(kinds), _steps(toolsets), worlds)


# Steps of the three-dimensional recurrence: with which opening a slot begins, and with which things and tools.
_STEP_TURNS = (0.8191725133961645, 0.6710436067037893, 0.5497004779019703)
_REACH = 128  # slots of a world that are looked back on at most


class Indexed(Protocol):
    """Slots by index."""

    def __getitem__(self, index: int) -> Slot: ...


def turns(slots: Indexed, slot: Slot, number: int) -> Sequence[float]:
    """Points from 0 up to 1 that spread the slots of a kind and a world over what they can begin with.

    Each attempt (``number``) at a slot has others.
    """
    place = number
    for index in range(slot.index - 1, max(-1, slot.index - _REACH), -1):
        other = slots[index]
        if other.seed != slot.seed:
            break
        place += other.kind == slot.kind
    starts = (seeds.number(slot.seed, slot.kind, "turn", axis) / _CIRCLE for axis in range(len(_STEP_TURNS)))
    return [(start + place * step) % 1 for start, step in zip(starts, _STEP_TURNS, strict=True)]


_GOLDEN, _AGAIN = 0.6180339887498949, 0.41421356237309515


def duty(slot: Slot, number: int) -> float:
    """A point from 0 up to 1 that spreads the slots of a toolset, of whatever kind and world, over its tools."""
    start = seeds.number(slot.toolset, "duty") / _CIRCLE
    return (start + slot.index * _GOLDEN + number * _AGAIN) % 1


def _steps(weights: Mapping[Kind, float] | Mapping[str, float]) -> Sequence[tuple[int, str]]:
    """Upper ends on the circle, one a name, in the order given; names without weight are left out."""
    exact = {name: Fraction(weight) for name, weight in weights.items() if weight > 0}
    total = sum(exact.values())
    if not total:
        raise ValueError("at least one weight must be above zero")
    ends: list[tuple[int, str]] = []
    reached = Fraction(0)
    for name, weight in exact.items():
        reached += weight
        ends.append((int(reached / total * _CIRCLE), name))
    return tuple(ends)


def _pick(ends: Sequence[tuple[int, str]], point: int) -> str:
    return next(name for end, name in ends if point < end)


class Slots:
    """Slots by index; asking for one costs the same wherever it lies."""

    def __init__(
        self, seed: int, kinds: Sequence[tuple[int, str]], toolsets: Sequence[tuple[int, str]], worlds: int
    ) -> None:
        self._seed = seed
        self._kinds = kinds
        self._toolsets = toolsets
        self._worlds = worlds
        self._start = seeds.number(seed, "mix")

    def __getitem__(self, index: int) -> Slot:
        if index < 0:
            raise IndexError(index)
        group = index // self._worlds
        kind = _pick(self._kinds, (self._start + index * _STEP_KIND) % _CIRCLE)
        toolset = _pick(self._toolsets, (self._start + group * _STEP_TOOLSET) % _CIRCLE)
        return Slot(index, cast(Kind, kind), toolset, seeds.number(self._seed, "world", toolset, group))

    def between(self, start: int, end: int) -> Iterator[Slot]:
        """Slots ``start`` up to but not including ``end``."""
        return (self[index] for index in range(start, end))
