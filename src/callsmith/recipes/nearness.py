"""How near a scenario is to earlier ones, whatever names, days and figures stand in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from math import ceil, sqrt

from callsmith import seeds
from callsmith.text import mask, stems

_ROUNDING = 1e-9


def traits(scenario: str) -> tuple[int, ...]:
    """What a scenario is compared by: the stems of its words, values masked, as ordered 64-bit numbers."""
    return tuple(sorted(seeds.number(stem) for stem in stems(mask(scenario))))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The cosine of two sets of traits (Ochiai's coefficient), 0 to 1."""
    if not one or not other:
        return float(len(one) == len(other))
    return len(set(one) & set(other)) / sqrt(len(one) * len(other))


class Scenarios:
    """Scenarios in the order of their slots, found again by likeness.

    Two sets whose cosine reaches a limit t share at least t² of either; so one of the first few traits of the one is
    among the first few of the other, and only sets that share such a trait are compared (prefix filtering: Bayardo,
    Ma and Srikant, 2007). Nothing is missed.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._slots: list[int] = []
        self._texts: list[str] = []
        self._traits: list[array[int]] = []
        self._places: dict[int, list[int]] = defaultdict(list)  # trait -> places, in order

    def add(self, slot: int, text: str) -> None:
        """Remember the scenario of a slot; slots come in ascending order."""
        place, found = len(self._slots), traits(text)
        self._slots.append(slot)
        self._texts.append(text)
        self._traits.append(array("Q", found))
        for trait in found[: self._prefix(found)]:
            self._places[trait].append(place)

    def last(self, before: int, count: int) -> list[str]:
        """The last ``count`` scenarios of slots below ``before``, the newest last."""
        end = bisect_left(self._slots, before)
        return self._texts[max(0, end - count) : end]

    def near(self, text: str, before: int) -> str:
        """The first scenario of a slot below ``before`` that is as near as the limit; "" when there is none."""
        end, found = bisect_left(self._slots, before), traits(text)
        places = {place for trait in found[: self._prefix(found)] for place in self._places.get(trait, ())}
        for place in sorted(places):
            if place < end and likeness(found, self._traits[place]) >= self._limit - _ROUNDING:
                return self._texts[place]
        return ""

    def _prefix(self, found: tuple[int, ...]) -> int:
        return len(found) - ceil(self._limit**2 * len(found) - _ROUNDING) + 1 if found else 0
