"""Which sum of a record another keeps to: what is approved to what is claimed, a hammer price to the estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words

_FILE = "catalog/lexicon/owing.yaml"
PERIODS = frozenset(("monthly", "weekly", "quarterly", "yearly", "annual", "daily", "nightly"))
"""How often a sum falls due, as it stands in the name of that."""


class Kept(Struct, frozen=True):
    """What a sum keeps to: shares of the sums of some names, or a place between two that are there."""

    sort: str
    of: Sequence[str]
    shares: Sequence[float]
    low: str = ""
    high: str = ""


def kept_to(name: str, others: Sequence[str], deed: Sequence[str] = (), sort: str = "") -> Kept | None:
    """What a sum keeps to, of the other sums of a record; by the deed it is stated in where its name is silent."""
    words = {*name_words(name)}
    lines: Mapping[str, Mapping[str, Sequence[Any]]] = read(_FILE)
    named = [key for key, line in lines.items() if words & {*line["named"]} and sort in ("", key)]
    done = [key for key, line in lines.items() if {*deed} & {*line["done"]}] if not named else []
    for key in (*named, *done):
        line = lines[key]
        low, high = (_named(others, line[end]) for end in ("low", "high"))
        of = _named(others, line["of"])
        if low and high or of:
            return Kept(key, of, line["shares"], *((low[0], high[0]) if low and high else ()))
    return None


def _named(names: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The names that hold the words of one of several, the likeliest first."""
    found = [name for want in wanted for name in names if {*want.split()} <= {*name_words(name)}]
    return [*dict.fromkeys(found)]


def rounded(value: float) -> float:
    """A sum as people name one."""
    steps = ((20_000, 500), (3000, 100), (1000, 50), (200, 10), (1, 1))
    step = next((step for least, step in steps if value >= least), 0)
    return round(value / step) * step if step else round(value, 2)


_LOW, _HIGH = ("low", "min", "minimum", "lower", "from"), ("high", "max", "maximum", "upper", "to")


def bounds(sums: Sequence[str]) -> list[tuple[str, str]]:
    """Two sums of which one is the least and the other the most: the estimates of a lot, a salary."""
    told = {
        (frozenset(words - {*side}), side is _LOW): name
        for name in sums
        for words in ({*name_words(name)},)
        for side in (_LOW, _HIGH)
        if words & {*side} and words & _WORTH
    }
    return [(name, told[rest, False]) for (rest, low), name in told.items() if low and (rest, False) in told]


_WORTH = frozenset("estimate estimated price salary pay budget guide value cost wage rent fee".split())
