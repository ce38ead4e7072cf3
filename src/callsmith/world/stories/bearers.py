"""Whom a field of an everyday record names: its owner, its renter, who made it, who of the house saw to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Entity, Field, Json, Person, Toolset
from callsmith.schema import types
from callsmith.seeds import number
from callsmith.world.fields.choices import flag_leaf
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, family_of, matterless
from callsmith.world.stories.naming import singular, split, stem
from callsmith.world.stories.nouns import lexicon
from callsmith.world.stories.story import Ground, Story

_PERSONS = "catalog/lexicon/persons.yaml"
_REGULARS = 60  # of the strangers: those who come again; the others are authors and the like
_BOOKED = ("event", "payment", "line", "thing")
_REACHED = {"email": "email", "mail": "email", "phone": "phone", "mobile": "phone"}


_ACCOUNTS: dict[str, bool] = {}
_SIGNED_IN = re.compile(r"\b(?:e-?mail|logins?|user ?names?|handles?|user id|account id)\b", re.IGNORECASE)


def accounts(toolset: Toolset) -> bool:
    """Whether people have logins or addresses in a toolset, by which others are named; else they go by their names."""
    known = _ACCOUNTS.get(toolset.hash)
    if known is None:
        while len(_ACCOUNTS) >= 256:
            _ACCOUNTS.pop(next(iter(_ACCOUNTS)), None)
        known = _ACCOUNTS[toolset.hash] = any(map(_signed_in, toolset.entities)) or any(
            p.facet == "username" and _SIGNED_IN.search(f"{p.name} {p.schema.get('description', '')}")
            for tool in toolset.tools
            for p in tool.inputs
        )
    return known


def _signed_in(entity: Entity) -> bool:
    names = {split(field.pointer.rpartition("/")[2])[-1:] for field in entity.fields}
    if names & {("login",), ("username",), ("handle",)}:
        return True
    return family_of(entity).name == "member" and bool(names & {("email",), ("mail",)})


def bearer_leaf(site: Site) -> tuple[Fill, bool] | None:
    """The name, address or number of a person whom an everyday record tells of; None for other fields and records."""
    if not site.own or len(site.path) != 1 or "string" not in site.types or site.schema.get("enum"):
        return None
    noun, shown = bearer(site.name, site.entity, site.family, site.toolset)
    if not noun or not _string_of_person(site, shown):
        return None
    absent = site.absent
    happened = _happened(site)

    def run(story: Story) -> Json:
        person = named_in(story, noun)
        if person is None or happened is not None and not happened(story):
            return absent
        return (
            person.email
            if shown == "email"
            else person.phone.replace(" ", "")
            if shown == "phone"
            else person.name
        )

    return run, False


def _happened(site: Site) -> Fill | None:
    """Whether what somebody did was done at all, where the record says so: who booked a slot that is ``booked``."""
    if site.words[-1:] != ("by",) or site.required:
        return None
    for name, held in site.entity.schema.get("properties", {}).items():
        if split(name) == site.words[:-1] and types(held) == ("boolean",):
            beside = structs.replace(site, pointer=f"/{name}", path=(name,), schema=held, field=None)
            made = flag_leaf(beside)
            return made[0] if made is not None else None
    return None


def bearer(name: str, entity: Entity, family: str, toolset: Toolset) -> tuple[str, str]:
    """Who a field of an everyday record is about and what it shows of them; ``("", "")`` for all other fields."""
    if not _everyday(entity, family, toolset):
        return "", ""
    noun, shown = _read(split(name))
    others = data.read(_PERSONS)["elsewhere"].get(noun, ())
    if any(word in others for word in (entity.noun, *entity.noun.split(" "))):
        return "", ""
    if not noun and shown:  # the number of whoever the record names
        noun = next((other for other in map(_served, entity.fields) if other), "")
    return (noun, shown) if noun else ("", "")


def several_leaf(site: Site) -> Fill | None:
    """The names of those whom a record tells of: one or two tenants; None for other lists."""
    noun, shown = _read(tuple(map(singular, site.words))) if site.own and len(site.path) == 1 else ("", "")
    if not noun or shown != "name" or singular(site.words[-1]) != "name" or site.family in PEOPLE:
        return None

    def run(story: Story) -> Json:
        if story.fresh:
            return []
        people = those(story.population, story.entity.split(".")[0], noun)
        first = mix(story.bits, site.salt) % len(people)
        family = people[first].family
        beside = next((one for one in people if one.family == family and one != people[first]), None)
        return [people[first].name] + ([beside.name] if beside and mix(story.bits, 77) % 3 == 0 else [])

    return run


def those(population: Ground, toolkit: str, noun: str) -> Sequence[Person]:
    """Everyone who may be that to a record of a toolkit: an owner, an author, someone of the house."""
    words = data.read(_PERSONS)
    if noun in words["makers"]:
        return population.strangers()[_REGULARS:]
    for key, kind in population.kinds.items():
        if kind.entity.toolkit == toolkit and kind.family.name in PEOPLE and _means(noun, key, words):
            people = [other.subject for other in population.stories(key) if other.subject is not None]
            if people:
                return people
    if noun in words["staff"] or noun == "house":
        return population.cast["colleague"]
    return population.strangers()[:_REGULARS]


def named_in(story: Story, noun: str) -> Person | None:
    words = data.read(_PERSONS)
    for key, held in story.links.items():
        if held.subject is not None and held.family in PEOPLE and _means(noun, key, words):
            return held.subject
    people = those(story.population, story.entity.split(".")[0], noun)
    return people[mix(story.bits, number("bearer", noun) & 0xFFFF) % len(people)]


def _means(noun: str, key: str, words: dict[str, list[str]]) -> bool:
    """Whether who is called ``noun`` in a field is of the entity: a renter is a customer, an owner a member."""
    own = stem(key.rsplit(".", 1)[-1])
    inside = (*words["staff"], *words["makers"], "house")
    if own == noun or own.rsplit("_", 1)[-1] == noun:
        return True
    return own in ("customer", "client", "member", "guest", "patron") and noun not in inside


def _everyday(entity: Entity, family: str, toolset: Toolset) -> bool:
    if family in PEOPLE:
        return False
    if family in lexicon()["everyday"] or family == "book" or matterless(entity, family):
        return True
    return family in _BOOKED and any(_plain(other) for other in toolset.entities)


def _plain(entity: Entity) -> bool:
    family = family_of(entity).name
    return family in lexicon()["everyday"] or family in ("unknown", "patron", "staff")


def _read(words: tuple[str, ...]) -> tuple[str, str]:
    """Who a field is about and what it shows of them: ``("owner", "email")``; ``("", "")`` for no person."""
    table = data.read(_PERSONS)
    if not words:
        return "", ""
    if words[-1] == "by" and len(words) == 2:
        return ("customer" if words[0] in table["doers"] else "house"), "name"
    shown, rest = "name", words
    if words[-1] in _REACHED or words[-2:] in (
        ("email", "address"),
        ("phone", "number"),
        ("contact", "number"),
    ):
        shown = _REACHED.get(words[-1]) or _REACHED.get(words[0]) or _REACHED.get(words[-2], "phone")
        rest = words[:-1] if words[-1] in _REACHED else words[:-2]
    elif words[-1] == "name":
        rest = tuple(word for word in words[:-1] if word != "full")
    while len(rest) > 1 and rest[0] in table["foremost"]:
        rest = rest[1:]  # the lead tenant
    noun = "_".join(rest)
    if not noun:
        return "", shown if shown != "name" else ""
    known = (*table["served"], *table["staff"], *table["bearers"], *table["makers"])
    alone = rest == words
    return (noun, shown) if noun in known and not (alone and noun in table["unsaid"]) else ("", "")


def _served(field: Field) -> str:
    noun, shown = (
        _read(split(field.pointer.rpartition("/")[2])) if field.pointer.count("/") == 1 else ("", "")
    )
    table = data.read(_PERSONS)
    return noun if shown == "name" and noun not in (*table["staff"], *table["makers"], "house") else ""


def _string_of_person(site: Site, shown: str) -> bool:
    form = site.schema.get("format")
    return (
        not site.refers
        and not site.schema.get("pattern")
        and form in ((None, "email") if shown == "email" else (None,))
    )
