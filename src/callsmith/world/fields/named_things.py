"""Texts that name something of which no records are kept: the film of a showing, its host, the pier of a berth."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Entity, Person
from callsmith.seeds import number, rng
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.bearers import named_in
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, family_of
from callsmith.world.stories.naming import stem
from callsmith.world.stories.nouns import by_name, is_technical
from callsmith.world.stories.story import Story
from callsmith.world.stories.telling import title_for

_CALLED = ("name", "title", "label")
_KINDS = ("staff", "both", "mostly", "makers", "served", "bearers", "beside")
_NOBODY = ("model", "parent", "user", "reader", "guard", "conductor", "child")
_OF_THE_HOUSE = ("assigned_to", "assigned", "pi", "handled_by", "responsible")
_SOME = 6  # of how many such things a world tells


def named_thing(site: Site) -> Fill | None:
    """What a text holds whose name is that of a person, a thing, a part of a place or a way; None for others."""
    words = site.words[:-1] if len(site.words) > 1 and site.words[-1] in _CALLED else site.words
    if not words or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    noun, last = "_".join(words), words[-1]
    told = _table()
    if noun in told["town"]:
        return lambda story: story.population.scene.city
    if noun in told["from"] or noun in told["to"]:
        travels = bool(told["travels"] & {*site.entity.noun.split(" ")})
        return _town(noun in told["to"]) if travels else _street(site)
    if noun in told["phone"]:
        return lambda story: _somebody(story, "house").phone.replace(" ", "")
    if noun in _OF_THE_HOUSE or last in _persons():
        return lambda story: _somebody(story, "house" if noun in _OF_THE_HOUSE else last).name
    for sort, marks in (("lettered", "ABCDEF"), ("numbered", "123456")):
        if last in told[sort]:
            called = " ".join(words).capitalize()
            return lambda story: f"{called} {marks[mix(story.bits, site.salt) % len(marks)]}"
    return _thing(site, noun)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    return {
        sort: frozenset(text.split()) for sort, text in data.read("catalog/lexicon/designations.yaml").items()
    }


@lru_cache(maxsize=1)
def _persons() -> frozenset[str]:
    known = data.read("catalog/lexicon/persons.yaml")
    return frozenset(noun for kind in _KINDS for noun in known[kind]) - frozenset(_NOBODY)


def _somebody(story: Story, noun: str) -> Person:
    return named_in(story, noun) or story.population.scene.user


def _town(away: bool) -> Fill:
    """A town, and for where something goes another than where it comes from."""

    def run(story: Story) -> str:
        towns = [str(one["city"]) for one in data.read("catalog/lexicon/places.yaml")["cities"]]
        first = mix(story.bits, 43) % len(towns)
        return towns[(first + away * (1 + mix(story.bits, 44) % (len(towns) - 1))) % len(towns)]

    return run


def _street(site: Site) -> Fill:
    streets: Sequence[str] = data.read("catalog/lexicon/places.yaml")["streets"]
    return lambda story: (
        f"{1 + mix(story.bits, site.salt ^ 7) % 90} {streets[mix(story.bits, site.salt) % len(streets)]}"
    )


def _thing(site: Site, noun: str) -> Fill | None:
    """One of a few things of a kind that goes by names: films, beers, products."""
    toolkit = site.entity.toolkit
    like = Entity(
        key=f"{toolkit}.{noun}",
        toolkit=toolkit,
        noun=noun.replace("_", " "),
        plural=noun,
        schema={"properties": {"name": {"type": "string"}}},
        label_pointer="/name",
        trade=site.entity.trade,
    )
    family = family_of(like).name
    if family in PEOPLE or stem(noun) in site.entity.key or is_technical(site.toolset, toolkit):
        return None
    titles = by_name().get(family, {}).get("titles", ())
    if not titles or any("{noun" in title.lower() for title in titles):
        return None

    def run(story: Story) -> str:
        place = mix(story.bits, site.salt) % _SOME
        bits = number("named", story.population.bits, noun, place)
        other = structs.replace(
            story, entity="", family=family, bits=bits, topic=None, kind="any", title="", amount=0, traits={}
        )
        return title_for(other, rng("named", bits), set())

    return run
