"""What is noted of everyday records: the message on a card, how a lesson went, what a guest asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.noted import noted_of
from callsmith.records import Entity, Json, Toolset
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import chance, mix
from callsmith.world.stories.families import everyday, titled
from callsmith.world.stories.lives import brought
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.story import Story

_HAPPENING = ("date_time", "date", "person")
_OFTEN = 0.5  # of records have a note


def remark_leaf(site: Site) -> tuple[Fill, bool] | None:
    """A note of an everyday record; None for other fields and records."""
    if not site.own or len(site.path) != 1 or "string" not in site.types or site.schema.get("enum"):
        return None
    named = site.pointer == site.entity.label_pointer and titled(site.entity)
    if named and site.words[-1:] not in (("text",), ("body",)):
        return None
    lines = lines_for(site.toolset, site.entity, site.family, site.name)
    if not lines:
        return None
    salt, absent = site.salt, site.absent

    def run(story: Story) -> Json:
        if not site.required and not chance(_OFTEN, story.bits, salt):
            return absent
        return said(lines[mix(story.bits, salt + 1) % len(lines)], story.population.scene.user.given)

    return run, False


def prose(words: Sequence[str], noun: str) -> bool:
    """Whether a text of this name is one in free words about the record as a whole: its notes, and not its shelf.

    What else stands in the name says what the words are about, of which nothing is known: safety notes.
    """
    own = {*split(noun), *map(stem, split(noun))}
    return bool(words) and words[-1] in _PROSE and {*words[:-1]} <= own | _ANY


_PROSE = frozenset(
    "note notes comment comments description remark remarks message text body content details detail feedback summary"
    " caption instructions".split()
)
_ANY = frozenset(
    "internal additional general other special extra staff customer client my own short long full".split()
)


def said(line: str, given: str) -> str:
    """A line with the name that it speaks of."""
    return line.replace("{given}", given)


def lines_for(toolset: Toolset, entity: Entity, family: str, name: str) -> Sequence[str]:
    """What may be noted in a field of a record of that family; of a matter of an office its story tells more."""
    if everyday(entity, family) or brought(entity, family):
        return lines_of(entity, name)
    of_offices = _of_its_noun(entity, split(name), always=True)
    if not of_offices and unfamiliar(toolset, entity.toolkit):
        return lines_of(entity, name) if booked(entity, family) else noted_of(split(name), _own(entity))
    return of_offices


def booked(entity: Entity, family: str) -> bool:
    """Whether records are what guests of a house have booked there, and no meetings of an office."""
    return family == "event" and bool({*split(entity.noun)} & _BOOKED)


_BOOKED = frozenset("reservation booking stay table ticket".split())


def _own(entity: Entity) -> set[str]:
    """What a record goes by: its noun, the words of that, and the trade it is of."""
    own = {*map(stem, entity.noun.split(" ")), stem(entity.noun), stem(entity.key.rpartition(".")[2])}
    return own | ({f"@{entity.trade}"} if entity.trade else set())


def lines_of(entity: Entity, name: str) -> Sequence[str]:
    """What may be noted in a field of that name; none where it is no field for notes.

    What is kept beside a record says little of it: a bank takes claims, and no dinners with clients.
    """
    words = split(name)
    happens = any(field.facet in _HAPPENING and field.pointer.count("/") == 1 for field in entity.fields)
    return (_of_its_noun(entity, words) if happens else ()) or noted_of(words, _own(entity))


def _of_its_noun(entity: Entity, words: tuple[str, ...], *, always: bool = False) -> Sequence[str]:
    """The lines of the first table that is for such records; ``always``: of those which hold in offices as well."""
    own = _own(entity)
    tables: Sequence[Mapping[str, Any]] = data.read("catalog/lexicon/remarks.yaml")["remarks"]
    for table in tables:
        named = any(_named(tuple(one.split(" ")), words, own) for one in table["names"])
        fits = own & {*table.get("of", ())} and not own & {*table.get("unless", ())}
        if named and fits and (table.get("always") or not always):
            return list(table["lines"])
    return ()


def _named(told: tuple[str, ...], words: tuple[str, ...], own: set[str]) -> bool:
    """Whether a field is called so, with at most the record's own name before it."""
    rest = words[: -len(told)]
    return words[-len(told) :] == told and {*rest, *map(stem, rest)} <= own | _ANY
