"""What kind of thing an entity is: a mail, an event, an invoice, a person."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.booked import in_a_name
from callsmith.catalog.persons import WORDS, kind_of_person
from callsmith.records import Entity
from callsmith.schema import leaves
from callsmith.world.inferred.naming import split, stem
from callsmith.world.inferred.nouns import by_name, lexicon

PEOPLE = ("member", "contact", "customer", "invitee", "patron", "staff")
_BORNE = (*PEOPLE, "permission", "membership")  # called by the name of a person
_MADE = ("film", "book", "show", "episode", "photo")  # what somebody made, of which no office has a story
_MATTERLESS = ("unknown", "patron", "staff")
_TITLED = ("issue", "task", "subtask")


class Family(Struct, frozen=True):
    """A kind of thing, with how many of them there are and how many are finished or cancelled."""

    name: str
    count: int = 30
    done: float = 0.0
    gone: float = 0.0


def family_of(entity: Entity) -> Family:
    """The first family whose nouns and fields fit; else a person, a piece of work or an ``unknown`` thing."""
    noun = stem(entity.key.rsplit(".", 1)[-1])
    last = noun.rsplit("_", 1)[-1]
    names = {stem(step) for pointer, _, _ in leaves(entity.schema) for step in pointer.split("/") if step}
    *known, other = data.read("catalog/lexicon/families.yaml")
    if _first_name(entity) and noun not in data.read(WORDS)["staff"]:
        known = [rule for rule in known if rule["name"] in _BORNE]
    kinds = lexicon()["kinds"]
    kinds = [] if _first_name(entity) else kinds
    first, rest = ([rule for rule in kinds if bool(rule.get("first")) == sort] for sort in (True, False))
    for wanted in (noun, last):
        for rule in (*first, *known, *rest):
            if _fits(rule, wanted, names, entity):
                return _made(rule)
    for word in reversed(split(entity.noun)):
        for rule in known:
            if rule["name"] in _BORNE or rule["count"] == 1 and word != last:
                continue  # the endpoint of a client is nobody, an access is nobody's, a team's figure no team
            if _fits(rule, word, names, entity):
                return _made(rule)
    person = kind_of_person(noun, {stem(name) for name in entity.schema.get("properties", {})})
    if person:
        return Family(person, 36 if person == "patron" else 9)
    if entity.names:
        return Family("unknown", 24)
    return _made(other) if _work(entity, names) else Family("unknown", 24)


def _first_name(entity: Entity) -> bool:
    """Whether a record goes by the first or the last name of somebody."""
    return stem(entity.label_pointer.rpartition("/")[2]) in (
        "first_name",
        "given_name",
        "forename",
        "surname",
        "last_name",
        "family_name",
    )


def titled(entity: Entity) -> bool:
    """Whether records are called by a title, and not by what is noted of them."""
    last = stem(entity.label_pointer.rpartition("/")[2])
    return bool(last) and (last == "content" or last not in data.read(WORDS)["prose"])


def _fits(rule: dict[str, Any], noun: str, names: set[str], entity: Entity) -> bool:
    if rule["name"] in _TITLED and not titled(entity):
        return False  # a parking ticket is no piece of work
    if noun not in rule["nouns"] or not names.issuperset(rule.get("fields", ())):
        return False
    return not rule.get("with") or bool(names & set(rule["with"]))


def matterless(entity: Entity, family: str) -> bool:
    """Whether no matter of an office has to do with a record, such as a person or a booking."""
    if entity.names:
        return True
    if family in lexicon()["everyday"]:
        return not by_name()[family].get("about")
    if family == "slot" and "status" in entity.schema.get("properties", {}):
        return not titled(entity) or entity.label_pointer.endswith(
            ("_at", "At")
        )  # of a tour, and in no calendar
    return family in _MATTERLESS or family == "event" and (not titled(entity) or in_a_name(entity))


def everyday(entity: Entity, family: str) -> bool:
    """Whether records are of everyday life, where no story of an office says what they cost and when they are."""
    return family in lexicon()["everyday"] or family in _MADE or matterless(entity, family)


def _work(entity: Entity, names: set[str]) -> bool:
    """Whether a record is a piece of work, which bears the title of a matter."""
    words = data.read(WORDS)
    if stem(entity.label_pointer.rpartition("/")[2]) not in words["titled"]:
        return False
    return bool(names & set(words["doing"]) or names & set(words["kept"]) and names & set(words["prose"]))


def _made(rule: dict[str, object]) -> Family:
    return Family(
        name=str(rule["name"]),
        count=int(str(rule["count"])),
        done=float(str(rule.get("done", 0.0))),
        gone=float(str(rule.get("gone", 0.0))),
    )
