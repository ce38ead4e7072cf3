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


def told_places(toolset: Toolset) -> tuple[str, ...]:
    """The towns or the country in which the company of a toolset is; empty where nothing tells it."""
    towns: Counter[str] = Counter()
    areas: set[str] = set()
    for name, schema in _schemas(toolset):
        options = [plainly(one) for one in schema.get("enum", ()) if isinstance(one, str)]
        if 1 < len(options) <= _MOST and {*map(singular, split(name))} & _SITES:
            known = Counter(_towns()[one] for one in options if one in _towns())
            towns += known if 2 * sum(known.values()) >= len(options) else Counter()
        for shown in schema.get("examples", ()):
            if isinstance(shown, str) and (found := _POSTCODE.fullmatch(shown)):
                areas.add(found[1])
    most = max(towns.values(), default=0)
    if most > 1:
        return tuple(sorted(town for town, count in towns.items() if count == most))
    known_areas = data.read(_PLACES)["postcodes"]
    near = {known_areas[area] for area in areas if area in known_areas}
    return (near.pop(),) if len(near) == 1 else ("GB",) if areas else ()


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
    places = data.read(_PLACES)
    found = {plainly(one["city"]): str(one["city"]) for one in (*places["cities"], *places["larger"])}
    for line in places["districts"].splitlines():
        town, _, names = line.partition(": ")
        found |= dict.fromkeys(names.split(", "), town)
    return found
