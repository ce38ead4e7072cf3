"""What short texts of records say in any line of business: why an application was refused, what an inspection found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import Struct

from callsmith.catalog.data import read

_ANY = "*"


class Noted(Struct, frozen=True):
    """What texts of certain records say; ``unless``: words of the nouns of which none is."""

    of: frozenset[str]
    unless: frozenset[str]
    lines: tuple[str, ...]


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], list[Noted]]:
    found: dict[tuple[str, ...], list[Noted]] = {}
    for line in read("catalog/lexicon/noted.yaml")["noted"].splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        head, _, said = line.partition(" = ")
        names, _, nouns = head.partition(" / ")
        words = nouns.split()
        entry = Noted(
            frozenset(word for word in words if word[0] != "-"),
            frozenset(word[1:] for word in words if word[0] == "-"),
            tuple(one.strip() for one in said.split(" | ")),
        )
        for name in names.split(","):
            found.setdefault(tuple(name.split()), []).append(entry)
    return found


def noted_of(name: Sequence[str], own: Collection[str]) -> Sequence[str]:
    """What a text of that name says in a record whose noun has the words ``own``; none where nothing is known.

    What stands before such a name may be the record itself, or of it: the remarks of the vet are none of an order.
    """
    for start in range(len(name)):
        if start and not {*name[:start]} <= {*own, *_OPEN}:
            continue
        for entry in _table().get(tuple(name[start:]), ()):
            if (_ANY in entry.of or entry.of & {*own}) and not entry.unless & {*own}:
                return entry.lines
    return ()


_OPEN = frozenset("internal additional general other special short long full my own".split())
