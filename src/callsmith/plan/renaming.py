"""Which records are called after a matter, and are renamed as one is; all others are called something else."""

from __future__ import annotations

from functools import cache

from callsmith.catalog import called, data
from callsmith.records import Entity


@cache
def _machines() -> frozenset[str]:
    kinds = [kind for kind in data.read("catalog/lexicon/nouns.yaml")["kinds"] if kind.get("technical")]
    return frozenset(noun for kind in kinds for noun in kind["nouns"])


_BODIES = ("company", "firm", "customer", "patron", "member", "contact", "label")  # called so for good


@cache
def _matters() -> frozenset[str]:
    """Nouns of what offices and their machines keep."""
    known = data.read("catalog/lexicon/families.yaml")
    matters = (kind for kind in known if kind["name"] not in _BODIES)
    return frozenset(noun for kind in matters for noun in kind["nouns"]) | _machines()


def is_machinery(entity: Entity) -> bool:
    """Whether such records are of something that runs or watches: none of them is put off or has a second round."""
    noun = entity.key.rpartition(".")[2]
    return noun in _machines() or noun.rpartition("_")[2] in _machines()


def after_a_matter(entity: Entity) -> bool:
    """Whether such records bear titles that change with what is the matter: not a dog, a room or a sports team."""
    noun = entity.key.rpartition(".")[2]
    if _everyday(entity):
        return False
    return noun in _matters() or noun.rpartition("_")[2] in _matters()


def says_what_it_is(entity: Entity) -> bool:
    """Whether a name tells the sort of thing, as that of a vaccine does: such a record is never called another."""
    return _everyday(entity) in called.fixed()


def _everyday(entity: Entity) -> str:
    noun = entity.key.rpartition(".")[2]
    fields = {field.pointer.strip("/") for field in entity.fields}
    for kind in (*called.kinds(), *data.read("catalog/lexicon/things.yaml")["kinds"]):
        if kind.get("compounds") or noun not in kind["nouns"]:
            continue
        if not kind.get("with") or fields & set(kind["with"]):
            if not kind.get("trades") or entity.trade in kind["trades"]:
                return str(kind["name"])
    return ""
