"""What a name is the name of: of the thing spoken of, or of something else."""

from __future__ import annotations

from functools import cache

from callsmith.catalog import data

_OF_ITSELF = frozenset("full display first last short new user key given family".split())


def bearer_of(phrase: str) -> str:
    """What a name is the name of, where that is something other than the thing spoken of: a boat, for a berth."""
    noun, name, rest = phrase.rpartition(" name")
    *before, last = noun.lower().split() or [""]
    alone = bool(name) and not rest and (not before or last in _kept_by_machines())
    return noun if alone and last not in _OF_ITSELF else ""


@cache
def _kept_by_machines() -> frozenset[str]:
    """Nouns of what machines keep, whose names are those of nothing else: the bucket of an export."""
    kinds = data.read("catalog/lexicon/nouns.yaml")["kinds"]
    return frozenset(noun for kind in kinds if kind.get("technical") for noun in kind["nouns"])
