"""Fields that say where: rooms, venues, streets, cities."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callsmith.catalog import data
from callsmith.catalog.sorts import marked
from callsmith.records import Entity, Json, Schema
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


def postcode_in(place: Mapping[str, str], bits: int) -> str:
    """A postcode in the form that they have in the country of a place."""
    known = data.read("catalog/lexicon/places.yaml")
    form = known["postal"].get(place["code"])
    if form is None:
        return str(10000 + mix(bits, 42) % 80000)
    areas = [area for area, town in known["postcodes"].items() if town == place["city"]]
    return f"{areas[0] if areas else ''}{marked(form, mix(bits, 42))}"


_ADDRESS = {"city", "street", "address", "zip", "postcode", "postal_code", "phone", "email", "location"}


_ENDS = {
    "pickup",
    "dropoff",
    "destination",
    "origin",
    "from",
    "to",
    "delivery",
    "drop",
    "collection",
    "sender",
    "recipient",
}


_STREETS = (" Street", " Road", " Lane", " Avenue", " Square", " Quay")


def address_leaf(site: Site) -> tuple[Fill, bool]:
    words = set(site.words)
    places = data.read("catalog/lexicon/places.yaml")
    streets, cities = places["streets"], places["cities"]
    beside = {*map(str.lower, site.entity.schema.get("properties", {}))}
    several = sum("address" in split(name) for name in site.entity.schema.get("properties", {})) > 1
    several = several and bool(words & _ENDS)
    turn = site.salt if several and site.own and len(site.path) == 1 else 0
    origin = (
        site.own and everyday(site.entity, site.family) and not _ADDRESS & beside
    )  # where a thing comes from

    def run(story: Story) -> Json:
        scene, bits = story.population.scene, story.bits
        if words & {"2", "3", "line2", "line3"}:
            return site.absent if not site.required or site.nullable else ""
        if words & {"line1", "street", "address"} or "line" in words and "1" in words:
            named = story.title if site.own and story.title.endswith(_STREETS) else ""
            return f"{named or streets[mix(bits, 39 + turn) % len(streets)]} {1 + mix(bits, 40 + turn) % 120}"
        if words & {"city", "town"}:
            return scene.city
        if "country" in words:
            home = cities[mix(bits, 44) % len(cities)] if origin else story.population.place
            return home["code"] if "pattern" in site.schema or "code" in words else home["country"]
        if words & {"postal", "zip", "postcode"}:
            return postcode_in(story.population.place, bits)
        return site.absent

    return run, False
