"""Addresses: streets, towns and postcodes as they are written where a record is from, or as an example has them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from callsmith.catalog import data
from callsmith.catalog.sorts import marked
from callsmith.records import Json
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

TOWNS = frozenset(["city", "town", "locality", "suburb", "village", "municipality"])
_POSTCODES = {"postal", "zip", "postcode", "post"}
_BESIDE = {"city", "street", "address", "zip", "postcode", "postal_code", "phone", "email", "location"}
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
_WRITTEN = re.compile(
    r"(?!(?:Flat|Unit|Apartment|Apt|Suite|Room|Floor|Level|Shop)\b)"
    r"(?:(?P<before>[0-9]+[a-z]?) [^,0-9]+|[^,0-9]+ [0-9]+[a-z]?)(?P<rest>,.*)?$"
)
_STREETS = (" Street", " Road", " Lane", " Avenue", " Square", " Quay")
_CODE = re.compile(r"\b(?:[A-Z]{1,2}(?=[0-9])|(?=[0-9]{4}))[0-9A-Z]{1,5}(?: [0-9][A-Z]{2})?\b")


def address_leaf(site: Site) -> tuple[Fill, bool]:
    """A line of an address, its town, its postcode or its country."""
    words = set(site.words)
    cities = data.read("catalog/lexicon/places.yaml")["cities"]
    fields = site.entity.schema.get("properties", {})
    several = sum("address" in split(name) for name in fields) > 1 and bool(words & _ENDS)
    turn = site.salt if several and site.own and len(site.path) == 1 else 0
    beside = {*map(str.lower, fields)}
    origin = (
        site.own and everyday(site.entity, site.family) and not _BESIDE & beside
    )  # where a thing comes from
    shown = next((one for one in site.schema.get("examples", ()) if isinstance(one, str)), "")

    def run(story: Story) -> Json:
        population, bits = story.population, story.bits
        if words & {"2", "3", "line2", "line3"}:
            return site.absent if not site.required or site.nullable else ""
        if (
            words & {"line1", "street", "address"}
            and not words & _POSTCODES
            or "line" in words
            and "1" in words
        ):
            named = story.title if site.own and story.title.endswith(_STREETS) else ""
            return street_line(population.place, bits, turn, shown, named)
        if words & TOWNS:
            return population.scene.city
        if "country" in words:
            home = cities[mix(bits, 44) % len(cities)] if origin else population.place
            return home["code"] if "pattern" in site.schema or "code" in words else home["country"]
        if words & _POSTCODES:
            code = postcode_in(population.place, bits)
            return _other(shown, mix(bits, 42)) if shown and not of_form(code, shown) else code
        return site.absent

    return run, False


def street_line(place: Mapping[str, str], bits: int, turn: int = 0, shown: str = "", named: str = "") -> str:
    """A street and a number in it, with town and postcode where an address that is shown has them."""
    known = data.read("catalog/lexicon/places.yaml")
    streets = known["streets"]
    street, number = named or streets[mix(bits, 39 + turn) % len(streets)], 1 + mix(bits, 40 + turn) % 120
    written = _WRITTEN.match(shown)
    first = bool(written["before"]) if written else place["code"] in known["number_first"]
    line = f"{number} {street}" if first else f"{street} {number}"
    rest = written["rest"] or "" if written else ""
    return line + _CODE.sub(lambda found: _other(found[0], mix(bits, 42 + turn)), rest)


def _other(code: str, bits: int) -> str:
    """Another postcode near one: its first letters and figures stay."""
    kept = re.match(r"[A-Z]{1,2}|[0-9]{2}", code)
    head = kept[0] if kept else ""
    return head + "".join(
        str(1 + mix(bits, 7 * at + 3) % 9)
        if letter.isdigit()
        else _SOUNDING[mix(bits, 7 * at + 3) % len(_SOUNDING)]
        if letter.isalpha()
        else letter
        for at, letter in enumerate(code[len(head) :])
    )


_SOUNDING = "ABDEFGHJLNPQRSTUWXYZ"


def own_postcode(site: Site) -> bool:
    """Whether postcodes of the scene's towns are of the form that an example of a field has, if there is one."""
    return bool({*site.words} & _POSTCODES) and not {*site.words} & TOWNS


def of_form(code: str, shown: str) -> bool:
    """Whether two postcodes are of one form: LS6 1LF and G2 8DL."""
    return _form(code) == _form(shown)


def _form(code: str) -> str:
    return re.sub("[A-Z]+", "A", re.sub("[0-9]+", "9", code.upper())) + (
        "" if " " in code else str(len(code))
    )


def postcode_in(place: Mapping[str, str], bits: int) -> str:
    """A postcode in the form that they have in the country of a place."""
    known = data.read("catalog/lexicon/places.yaml")
    form = known["postal"].get(place["code"])
    if form is None:
        return str(10000 + mix(bits, 42) % 80000)
    areas = [area for area, town in known["postcodes"].items() if town == place["city"]]
    return f"{areas[0] if areas else ''}{marked(form, mix(bits, 42))}"
