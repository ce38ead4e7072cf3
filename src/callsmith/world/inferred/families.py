"""What kind of thing an entity is: a mail, an event, an invoice, a person."""

from __future__ import annotations

from msgspec import Struct

from callsmith.catalog import data
from callsmith.records import Entity
from callsmith.schema import leaves
from callsmith.world.inferred.naming import split, stem
from callsmith.world.inferred.nouns import lexicon

PEOPLE = ("member", "contact", "customer", "invitee")


class Family(Struct, frozen=True):
    """A kind of thing, with how many of them there are and how many are finished or cancelled."""

    name: str
    count: int = 30
    done: float = 0.0
    gone: float = 0.0


def family_of(entity: Entity) -> Family:
    """The first family whose nouns and fields fit; ``thing`` when none does."""
    noun = stem(entity.key.rsplit(".", 1)[-1])
    last = noun.rsplit("_", 1)[-1]
    names = {stem(step) for pointer, _, _ in leaves(entity.schema) for step in pointer.split("/") if step}
    *known, other = data.read("catalog/lexicon/families.yaml")
    kinds = lexicon()["kinds"]
    first, rest = ([rule for rule in kinds if bool(rule.get("first")) == sort] for sort in (True, False))
    for wanted in (noun, last):
        for rule in (*first, *known, *rest):
            if wanted in rule["nouns"] and names.issuperset(rule.get("fields", ())):
                return _made(rule)
    for word in reversed(split(entity.noun)):
        for rule in known:
            if rule["name"] in PEOPLE:
                continue  # the endpoint of a client is nobody
            if word in rule["nouns"] and names.issuperset(rule.get("fields", ())):
                return _made(rule)
    return _made(other)


def _made(rule: dict[str, object]) -> Family:
    return Family(
        name=str(rule["name"]),
        count=int(str(rule["count"])),
        done=float(str(rule.get("done", 0.0))),
        gone=float(str(rule.get("gone", 0.0))),
    )
