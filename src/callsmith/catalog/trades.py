"""Lines of business: which one a toolkit is of, told by what it keeps and what it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from callsmith.catalog import data

_FILE = "catalog/lexicon/trades.yaml"
_OWN, _SHARED, _NAMED = 2, 1, 2
_LEAST = 3
MACHINES = "machines"
"""The trade of clouds, networks and what runs in them."""


def trade_of(nouns: Iterable[Collection[str]], titles: Collection[str]) -> tuple[str, int]:
    """The trade of a toolkit, and what its signs count; ``""`` where nothing tells it.

    ``nouns``: for each kind of record the forms by which it may be known; ``titles``: words of the toolkit's name.
    """
    counts: dict[str, int] = {}
    kept = [*nouns]
    for forms in kept:
        best: dict[str, int] = {}
        for form in forms:
            for trade, worth in _signs().get(form, ()):
                best[trade] = max(best.get(trade, 0), worth)
        for trade, worth in best.items():
            counts[trade] = counts.get(trade, 0) + worth
    told = {trade for word in titles for trade in _titles().get(word, ())}
    for trade in told:
        counts[trade] = counts.get(trade, 0) + _NAMED
    found, most = "", max(_LEAST, len(kept) // 3) - 1
    for trade, count in counts.items():  # the first of equals
        if count > most:
            found, most = trade, count
    return found, most if found else 0


@lru_cache(maxsize=1)
def _lines() -> list[tuple[str, list[str], list[str], list[str]]]:
    lines = []
    for line in data.read(_FILE)["trades"].splitlines():
        name, _, rest = line.partition(":")
        own, shared, titles = (part.split() for part in rest.split("/"))
        lines.append((name.strip(), own, shared, titles))
    return lines


@lru_cache(maxsize=1)
def _signs() -> dict[str, list[tuple[str, int]]]:
    """What a noun is worth to each trade."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name, own, shared, _ in _lines():
        for words, worth in ((own, _OWN), (shared, _SHARED)):
            for word in words:
                found.setdefault(word, []).append((name, worth))
    return found


@lru_cache(maxsize=1)
def _titles() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, _, _, titles in _lines():
        for word in titles:
            found.setdefault(word, []).append(name)
    return found
