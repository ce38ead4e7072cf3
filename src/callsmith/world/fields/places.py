"""Fields that say where: rooms, venues, streets, cities."""

from __future__ import annotations

import re

from callsmith.catalog import data
from callsmith.records import Entity, Json, Schema
from callsmith.world.fields.addresses import address_leaf
from callsmith.world.fields.choices import at_place
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.likeness import own_names
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story


def place_leaf(site: Site) -> tuple[Fill, bool]:
    places = data.read("catalog/lexicon/places.yaml")
    if told := towns_or(site.schema):
        return (lambda story: told[mix(story.bits, site.salt) % len(told)]), False
    if set(site.words) & {"address"} and "string" in site.types:
        return address_leaf(site)
    if site.family in data.read("catalog/lexicon/spots.yaml")["towns"]:
        return city_leaf(site)
    if everyday(site.entity, site.family):
        return _spot(site), False

    def run(story: Story) -> Json:
        if site.family == "calendar":
            return site.absent if not site.required else story.population.scene.city
        if site.family in ("member", "repo"):
            return story.population.scene.city
        if site.family == "company":
            street = places["streets"][story.population.bits % len(places["streets"])]
            return f"{street} 12, {story.population.scene.city}"
        if "location" in site.path[:-1] and not at_place(story):
            return site.absent
        draw = mix(story.bits, 37) % 10
        if draw < 3 and not site.required:
            return site.absent
        if draw < 7:
            return places["rooms"][mix(story.bits, 38) % len(places["rooms"])]
        return (
            f"{places['venues'][mix(story.bits, 38) % len(places['venues'])]}, {story.population.scene.city}"
        )

    return run, False


_TOWN = re.compile(r"\b(?:city|town)\b", re.IGNORECASE)
_ELSE = re.compile(r"\bor [\"'`“]([A-Z][^\"'`”]{2,20})[\"'`”]")


def towns_or(schema: Schema) -> list[str]:
    """Towns, and what the description gives beside them: "City or 'Remote'"; none where it speaks of no town."""
    text = str(schema.get("description") or "")
    if len(text) > 60 or not _TOWN.search(text):
        return []
    towns = [str(one["city"]) for one in data.read("catalog/lexicon/places.yaml")["cities"]]
    other = _ELSE.search(text)
    return [*towns, *([other[1]] * (len(towns) // 4) if other else ())]


def spots_of(entity: Entity, name: str) -> list[str]:
    """Where an everyday thing is or takes place: outdoors, in a hall, at its place in the house, at a dive site."""
    spots = data.read("catalog/lexicon/spots.yaml")
    nouns, words = {*entity.noun.split(" ")}, {*split(name)}
    if own := own_names(split(name)[-1] if words else "", entity.trade):
        return own
    options: list[str] = next(
        (
            line["values"]
            for line in spots["spots"]
            if nouns & set(line.get("of", nouns)) and words & set(line.get("names", words))
        ),
        spots["any"],
    )
    return options


def _spot(site: Site) -> Fill:
    options = spots_of(site.entity, site.name)
    return lambda story: options[mix(story.bits, 38) % len(options)]


_LOOKED_FOR = frozenset(
    "hotel hostel motel resort restaurant airport accommodation lodging apartment rental venue".split()
)


def looked_for(noun: str) -> bool:
    """Whether people look for such a thing in the towns they travel to: a hotel is somewhere else each."""
    return noun.rpartition(" ")[2] in _LOOKED_FOR


_JOINED = frozenset(("DE", "AT", "CH", "FR", "BE", "NL", "IT", "CZ", "PL", "DK"))  # trains go from any to any


def city_leaf(site: Site) -> tuple[Fill, bool]:
    """A town, for fields that say where and are not the address of someone: a marina, an airport."""
    places = data.read("catalog/lexicon/places.yaml")
    cities, ends = places["cities"], places["ends"]
    names = {word for name in site.entity.schema.get("properties", {}) for word in split(name)}
    if "line" in names and not names & {"flight", "airline"}:
        return (lambda story: ends[mix(story.bits, site.salt) % len(ends)]), False
    reached = bool(set(site.words) & {"destination", "arrival", "to", "dropoff"})

    by_land = bool({*site.entity.noun.split(" ")} & {"train", "bus", "coach", "ride", "trip", "shuttle"})

    def run(story: Story) -> Json:
        """A town; where one goes is another than where one comes from, and by land no sea lies between."""
        towns = [one["city"] for one in cities if not by_land or one["code"] in _JOINED]
        start = mix(story.bits, 43)
        return towns[(start + reached * (1 + mix(story.bits, 44) % (len(towns) - 1))) % len(towns)]

    return run, False
