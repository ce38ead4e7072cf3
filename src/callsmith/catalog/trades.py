"""Lines of business: which one a toolkit is of, told by what it keeps and what it is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from callsmith.catalog import data

_FILE = "catalog/lexicon/trades.yaml"
_OWN, _SHARED, _NAMED = 2, 1, 2
_LEAST = 3
MACHINES = "machines"
"""The trade of clouds, networks and what runs in them."""


def trade_of(
    nouns: Iterable[Collection[str]],
    titles: Collection[str],
    said: Collection[str] = (),
    about: Sequence[str] = (),
) -> tuple[str, int]:
    """The trade of a toolkit, and what its signs count; ``""`` where nothing tells it.

    ``nouns``: for each kind of record the forms by which it may be known; ``titles``: words of the toolkit's name;
    ``said``: words of what its tools say of themselves; ``about``: those in which it says what it is for.
    """
    counts: dict[str, int] = {}
    kept = [*nouns]
    for forms in kept:
        best: dict[str, int] = {}
        whole = forms[0] if isinstance(forms, Sequence) and forms else ""
        for form in forms:
            own = form == whole or form.count("_") == whole.count("_")
            for trade, worth in _signs().get(form, ()):
                worth = worth if own else _SHARED  # a radiation survey asks nobody anything
                best[trade] = max(best.get(trade, 0), worth)
        for trade, worth in best.items():
            counts[trade] = counts.get(trade, 0) + worth
    named = {trade for word in titles for trade in _titles().get(word, ())}
    heads = {forms[-1] for forms in map(list, kept) if len(forms) > 1}  # counted already, as what they are
    told = {trade for word in {*said} - heads for trade in _titles().get(word, ())}
    for trade in sorted(named | told):
        sure = any(trade in _titles().get(word, ()) for word in titles if word not in _VAGUE)
        counts[trade] = counts.get(trade, 0) + (_NAMED if trade in named and sure else 1)
    held = {part for forms in kept for form in forms for part in form.split("_")}
    for trade in (spoken := _spoken(about, held)):
        counts[trade] = counts.get(trade, 0) + 1
    found, most = "", max(_LEAST, len(kept) // 3) - 1
    for trade, count in counts.items():  # the first of equals
        if count > most:
            found, most = trade, count
    so_called = [
        trade for trade in sorted(named & {*titles} - _LENT - _VAGUE) if counts[trade] >= max(counts.values())
    ]
    if not found and len(so_called) == 1:  # it bears the name of a line of business, and nothing gainsays it
        found, most = so_called[0], counts[so_called[0]]
    if not found and len(spoken) == 1 and counts[spoken[0]] >= max(counts.values()):
        found, most = spoken[0], counts[spoken[0]]
    return found, most if found else 0


def _spoken(about: Sequence[str], held: Collection[str]) -> list[str]:
    """The lines of business that a product says it is for, in words that are none of what it holds."""
    pairs = [f"{one}_{other}" for one, other in pairwise(about)]
    pairs = [pair for pair in pairs if not {*pair.split("_")} & {*held}]
    words = {*about, *pairs} - _LENT - _VAGUE - _ANYBODY - {*held}
    told = {trade for word in words for trade in _titles().get(word, ())}
    own = {trade for word in words for trade, worth in _signs().get(word, ()) if worth == _OWN}
    return sorted(told | own)


_VAGUE = frozenset(
    (
        "care",
        "workshop",
        "research",
        "broker",
        "desk",
        "service",
        "stock",
        "studio",
        "power",
        "record",
        "club",
    )
)
"""Words of names that many lines of business share: the workshop of a blacksmith is no garage."""
_ANYBODY = frozenset(
    ("employee", "claim", "premium", "stock", "fund", "field", "queue", "ticket", "form", "page", "build")
)
"""Nouns of one line of business that any text may hold."""
_LENT = frozenset(("shop", "bank", "project", "stock", "security", "fire", "social", "driving"))
"""Lines of business whose names toolkits of others bear as well."""


def trades() -> list[str]:
    """The names of the lines of business that are known."""
    return sorted(name for name, *_ in _lines())


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


@lru_cache(maxsize=1)
def _scenes() -> dict[str, str]:
    lines = (line.partition(" = ") for line in data.read(_FILE)["scenes"].splitlines())
    return {name.strip(): said.strip() for name, _, said in lines}


def told_by(word: str, *, shared: bool = False) -> list[str]:
    """The lines of business that a word alone tells; ``shared``: those in which it is used besides."""
    signs = (trade for trade, worth in _signs().get(word, ()) if shared or worth == _OWN)
    return list(dict.fromkeys((*_titles().get(word, ()), *signs)))


def scenes() -> dict[str, dict[str, Any]]:
    """Trades that are no circle of their own, each with what ``scene_of`` tells of it."""
    return {trade: _made()[trade] for trade, said in _scenes().items() if "/" in said}


def circle_for(trade: str) -> str:
    """The circle of people who use the toolkits of a trade: one of circles.yaml or one that ``scene_of`` tells of."""
    said = _scenes().get(trade, "")
    return trade if "/" in said else said


_ANYWHERE = ["office manager", "administrator", "accounts clerk", "team assistant"]


def scene_of(circle: str) -> dict[str, Any]:
    """Houses, roles, products and prices of a trade that is no circle of its own; empty for others."""
    return _made().get(circle, {})


@lru_cache(maxsize=1)
def _made() -> dict[str, dict[str, Any]]:
    """The scenes of trades by the trade and by what such a company is."""
    found = {}
    for trade, said in _scenes().items():
        if "/" in said:
            made = _scene(said)
            found[trade] = found[made["name"]] = made
    return found


def _scene(said: str) -> dict[str, Any]:
    name, *rest = said.split(" / ")
    houses, roles, wares = (part.split(", ") for part in rest)
    split = [ware.rpartition(" ") for ware in wares]
    return {
        "name": name,
        "houses": houses,
        "roles": list(dict.fromkeys((*roles, *_ANYWHERE))),
        "products": [name for name, _, _ in split],
        "prices": [int(price) for _, _, price in split],
    }
