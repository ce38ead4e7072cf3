"""Where a company is, as what its API lists and shows tells: the branches of a town, a postcode of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from callsmith.catalog import data
from callsmith.catalog.belonging import plainly
from callsmith.records import Schema, Toolset
from callsmith.world.stories.naming import singular, split

_PLACES = "catalog/lexicon/places.yaml"
_SITES = frozenset(
    "branch location site store office venue depot campus club studio clinic shop city town area district centre "
    "center garage library room hall neighbourhood neighborhood station yard gym".split()
)
_MOST = 12  # places that one company has
_POSTCODE = re.compile(r"([A-Z]{1,2})[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_MOBILE = re.compile(r"\b(?:mobile|cell ?phone|cellphone|sms|text messages?)\b", re.IGNORECASE)
_PHONE = re.compile(r"\+[0-9][0-9 ()./-]{6,}")
_REGISTERED = re.compile(r"([A-Z]{2})[0-9][0-9A-Z]{6,30}")  # for a tax, or with a bank
_TOLD_IN = re.compile(
    r"\b(?:in|near|of|around|at|across|outside|from) (?:the )?([A-Z][\w'’.-]*(?: [A-Z][\w'’-]*){0,2})"
)
_CITIES = frozenset("city town locality suburb ciudad ort stadt ville".split())
_COUNTRIES = frozenset("country pais land pays".split())
_FAR = frozenset("origin destination from to birth departure arrival".split())
"""Of fields whose places are not where a company is."""


def told_places(toolset: Toolset) -> tuple[str, ...]:
    """The towns or the country in which the company of a toolset is; empty where nothing tells it.

    Branches that are listed come before a town that is named or shown, and that before a country: of what shows one,
    the country that most of it agrees on.
    """
    branches: Counter[str] = Counter()
    towns: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    areas: set[str] = set()
    for name, schema in _schemas(toolset):
        options = [plainly(one) for one in schema.get("enum", ()) if isinstance(one, str)]
        if 1 < len(options) <= _MOST and {*map(singular, split(name))} & _SITES:
            known = Counter(_towns()[one] for one in options if one in _towns())
            branches += known if 2 * sum(known.values()) >= len(options) else Counter()
        for shown in _shown(schema):
            if found := _POSTCODE.fullmatch(shown):
                areas.add(found[1])
            town = _town_shown(name, shown)
            towns += Counter([town] if town else [])
            countries += Counter(_country_shown(name, shown))
    most = max(branches.values(), default=0)
    if most > 1:
        return tuple(sorted(town for town, count in branches.items() if count == most))
    said_towns, said_countries = _said(toolset)
    towns += Counter(said_towns)
    countries += Counter(dict.fromkeys(said_countries, 3))
    known_areas = data.read(_PLACES)["areas"]
    near = {known_areas[area] for area in areas if area in known_areas}
    towns += Counter(near if len(near) == 1 else ())
    countries += Counter({"GB": 2} if areas else {})
    countries += Counter(_code_of(town) for town in towns)
    return _most_told(towns, countries)


def _most_told(towns: Counter[str], countries: Counter[str]) -> tuple[str, ...]:
    """The town told most of those in the country told most, or the country."""
    if not countries:
        return ()
    code = min(countries, key=lambda one: (-countries[one], one))
    own = {town: count for town, count in towns.items() if _code_of(town) == code}
    most = max(own.values(), default=0)
    best = [town for town, count in own.items() if count == most]
    return (best[0],) if len(best) == 1 else (code,)


def _shown(schema: Schema) -> list[str]:
    shown = [*schema.get("examples", ()), schema.get("default"), schema.get("const")]
    return [one for one in shown if isinstance(one, str)]


def _town_shown(name: str, shown: str) -> str:
    words = {*split(name)}
    return _towns().get(plainly(shown), "") if words & _CITIES and not words & _FAR else ""


def _country_shown(name: str, shown: str) -> list[str]:
    """Codes of the country that an example or a default speaks of, once for each point that this counts for."""
    words = {*split(name)}
    if words & _FAR:
        return []
    known = _countries()
    if words & _COUNTRIES:
        return [known[plainly(shown)]] * 3 if plainly(shown) in known else []
    if "zone" in words or "timezone" in words:
        return [code for code in (_zones().get(shown),) if code] * 3
    if found := _REGISTERED.fullmatch(shown.replace(" ", "")):
        return (
            [found[1]] * 2
            if found[1] in known.values() and words & {"vat", "iban", "tax", "bank", "account"}
            else []
        )
    if _PHONE.fullmatch(shown):
        digits = "".join(filter(str.isdigit, shown))
        return [code for start, code in _prefixes() if digits.startswith(start)][:1] * 2
    if "currency" in words:
        used = {code for code, money in _monies() if money == shown.upper()}
        return [*used] * 2 if len(used) == 1 else []
    return []


def _said(toolset: Toolset) -> tuple[list[str], list[str]]:
    """The towns and the countries that descriptions of the APIs name."""
    towns, countries = [], []
    for about in dict.fromkeys(str(tool.hints.get("about", "")) for tool in toolset.tools):
        for found in _TOLD_IN.finditer(about):
            words = found[1].rstrip(".").split()
            names = [plainly(" ".join(words[:count])) for count in range(len(words), 0, -1)]
            town = next((_cities()[name] for name in names if name in _cities()), "")
            country = next((_countries()[name] for name in names if name in _countries()), "")
            towns += [town] * bool(town)
            countries += [country] * bool(country and not town and len(country) == 2)
    return towns, countries


def by_mobile(toolset: Toolset) -> bool:
    """Whether the numbers under which people are reached are those of their mobile phones."""
    return any(
        "phone" in split(name) and _MOBILE.search(str(schema.get("description") or ""))
        or {"mobile", "sms", "cellphone"} & {*split(name)}
        for name, schema in _schemas(toolset)
    )  # fmt: skip


def _schemas(toolset: Toolset) -> Iterator[tuple[str, Schema]]:
    own = data.files("catalog/toolkits")
    for entity in toolset.entities:
        if entity.toolkit not in own:
            for field in entity.fields:
                yield field.pointer.rsplit("/", 1)[-1], field.schema
    for tool in toolset.tools:
        if tool.toolkit not in own:
            for item in tool.inputs:
                yield item.name, item.schema


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    """The town of each town and district by its name in plain writing."""
    found = dict(_cities())
    for line in data.read(_PLACES)["districts"].splitlines():
        town, _, names = line.partition(": ")
        found |= dict.fromkeys(names.split(", "), town)
    return found


def _every() -> list[dict[str, str]]:
    places = data.read(_PLACES)
    return [*places["cities"], *places["larger"]]


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    also: dict[str, str] = data.read(_PLACES)["also"]
    return {plainly(one["city"]): one["city"] for one in _every()} | {
        plainly(name): to for name, to in also.items()
    }


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {one["city"]: one["code"] for one in _every()}


def _code_of(town: str) -> str:
    return _codes()[town]


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Codes of countries by their names and themselves, and by what people call a part of one."""
    named = {plainly(one["country"]): one["code"] for one in _every()}
    regions: dict[str, str] = data.read(_PLACES)["regions"]
    return named | {code.lower(): code for code in named.values()} | regions


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {one["zone"]: one["code"] for one in _every()}


@lru_cache(maxsize=1)
def _monies() -> frozenset[tuple[str, str]]:
    return frozenset((one["code"], one["currency"]) for one in _every())


@lru_cache(maxsize=1)
def _prefixes() -> tuple[tuple[str, str], ...]:
    """How numbers of a country begin, the longest first."""
    found = {(one["phone"].split()[0].lstrip("+"), one["code"]) for one in _every()}
    return tuple(sorted(found, key=lambda one: (-len(one[0]), one[1] != "US", one)))
