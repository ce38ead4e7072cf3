"""Addresses: streets, towns and postcodes as they are written where a record is from, or as an example has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callsmith.catalog import data
from callsmith.records import Json, Tool
from callsmith.schema import settle
from callsmith.seeds import Rng
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

TOWNS = frozenset(["city", "town", "locality", "village", "municipality", "ciudad", "ort", "ville"])
DISTRICTS = frozenset(["suburb", "neighbourhood", "neighborhood", "colonia"])
STATES = frozenset(["state", "province", "estado", "provincia"])
_POSTCODES = {"postal", "zip", "postcode", "post"}
_LINES = {"street", "line1", "line", "address", "calle", *_POSTCODES}
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
    apart = site.own and everyday(site.entity, site.family) and not _BESIDE & beside
    origin = apart and not words & _ENDS - {"origin"}  # where a thing comes from
    shown = next((one for one in site.schema.get("examples", ()) if isinstance(one, str)), "")
    coded = "code" in words or "pattern" in site.schema or _by_code(site.schema)

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
        if words & DISTRICTS:
            return _district(population.scene.city, bits) or site.absent
        if words & TOWNS:
            return population.scene.city
        if "country" in words:
            home = cities[mix(bits, 44) % len(cities)] if origin else population.place
            return home["code"] if coded else home["country"]
        if words & STATES and in_address(site):
            return _state(population.place, shown, site) or site.absent
        if words & _POSTCODES:
            code = postcode_in(population.place, bits)
            return code or ("" if site.required and not site.nullable else site.absent)
        return site.absent

    return run, False


def in_address(site: Site) -> bool:
    """Whether a text is the state in which a town is, or a part of one, that stands beside it."""
    parts = bool({*site.words} & (STATES | DISTRICTS)) and "enum" not in site.schema
    return parts and bool(_beside(site) & (TOWNS | _POSTCODES))


def _beside(site: Site) -> set[str]:
    """The words of what stands beside a field."""
    held = settle(site.entity.schema)
    for step in site.pointer.split("/")[1:-1]:
        held = settle(held.get("properties", {}).get(step) or held.get("items") or {})
    return {word for name in held.get("properties", {}) for word in split(name)}


def _by_code(schema: Mapping[str, Json]) -> bool:
    """Whether a country is told by its code, as an example, a default or the description says."""
    shown = [*schema.get("examples", ()), schema.get("default")]
    codes = any(isinstance(one, str) and _COUNTRY.fullmatch(one) for one in shown)
    return codes or schema.get("maxLength") == 2 or "3166" in str(schema.get("description") or "")


_COUNTRY = re.compile(r"[A-Z]{2}")


def _state(place: Mapping[str, str], shown: str, site: Site) -> str:
    """The state in which a town is, by its letters where an example shows such; "" where it is in none."""
    short, _, name = place.get("state", "").partition(" ")
    return (
        short
        if _COUNTRY.fullmatch(shown) or shown.isupper() or site.schema.get("maxLength") in (2, 3)
        else name
    )


def _district(city: str, bits: int) -> str:
    """A part of a town; "" where none are known."""
    for line in data.read("catalog/lexicon/places.yaml")["districts"].splitlines():
        town, _, names = line.partition(": ")
        if town == city:
            known = [name for name in names.split(", ") if not name.endswith(city.lower())]
            return str(known[mix(bits, 43) % len(known)]).title()
    return ""


def street_for(tool: Tool, place: Mapping[str, str], rng: Rng, shown: str) -> str:
    """A street with a house in it, whose number is left out where it is told by itself."""
    if any(house_number(one.name) for one in tool.inputs):
        return str(rng.choice(_streets(place)))
    return street_line(place, rng.getrandbits(60), shown=shown)


def house_number(name: str) -> bool:
    """Whether a field holds the number of a house in its street, and nothing else."""
    words = split(name)
    return words[-1:] in (("number",), ("no",), ("nr",)) and words[-2:-1] in (
        ("house",),
        ("street",),
        ("building",),
    )


def street_line(place: Mapping[str, str], bits: int, turn: int = 0, shown: str = "", named: str = "") -> str:
    """A street and a number in it, with town and postcode where an address that is shown has them."""
    known = data.read("catalog/lexicon/places.yaml")
    streets = _streets(place)
    street, number = named or streets[mix(bits, 39 + turn) % len(streets)], 1 + mix(bits, 40 + turn) % 120
    written = _WRITTEN.match(shown)
    first = bool(written["before"]) if written else place["code"] in known["number_first"]
    line = f"{number} {street}" if first else f"{street} {number}"
    rest = written["rest"] or "" if written else ""
    return line + _CODE.sub(lambda found: _other(found[0], mix(bits, 42 + turn)), rest)


def _streets(place: Mapping[str, str]) -> list[str]:
    """What streets are called where a place is."""
    known = data.read("catalog/lexicon/places.yaml")
    local = known["streets_of"].get(place["code"])
    found: list[str] = known["local_streets"][local] if local else known["streets"]
    return found


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


def is_postcode(words: Sequence[str]) -> bool:
    """Whether a name is that of a postcode."""
    return bool({*words} & _POSTCODES) and not {*words} & TOWNS


def of_an_address(site: Site) -> bool:
    """Whether a text is a postcode, or what else of an address has to agree with it."""
    words = {*site.words}
    if is_postcode(site.words):
        return True
    return in_address(site) or bool(words & TOWNS and "enum" not in site.schema and _beside(site) & _LINES)


def of_form(code: str, shown: str) -> bool:
    """Whether two postcodes are of one form: LS6 1LF and G2 8DL."""
    return _form(code) == _form(shown)


def _form(code: str) -> str:
    return re.sub("[A-Z]+", "A", re.sub("[0-9]+", "9", code.upper())) + (
        "" if " " in code else str(len(code))
    )


def postcode_in(place: Mapping[str, str], bits: int) -> str:
    """A postcode in the form that they have in a town; "" where there are none."""
    return "".join(
        _SOUNDING[mix(bits, 42 + at) % len(_SOUNDING)]
        if sign == "@"
        else str(1 + mix(bits, 42 + at) % 9)
        if sign == "#"
        else sign
        for at, sign in enumerate(place["post"])
    )
