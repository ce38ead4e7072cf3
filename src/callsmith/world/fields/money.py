"""The money that a toolset counts in, as its fields and parameters say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callsmith.catalog import data
from callsmith.records import Schema, Toolset
from callsmith.world.stories.naming import split

_MONEY = ("amount", "amount_minor")


def currencies_of(toolset: Toolset) -> tuple[str, ...]:
    """The currencies in which prices can be, "in euros" or "in cents"; empty where nothing is said of it.

    What comes with the package speaks of any currency, and says which in its records.
    """
    own = data.files("catalog/toolkits")
    found: set[str] = set()
    coins = {coin.lower(): coin for coin in data.read("catalog/lexicon/places.yaml")["worth"]}
    for words in _said(toolset, frozenset(own)):
        found |= {coins[words[-1]]} if words[-1:] and words[-1] in coins else set()
        for one in data.read("catalog/lexicon/places.yaml")["money"]:
            if {*words}.intersection(one["words"]):
                meant = set(one["currencies"])
                found = found & meant or meant if found else meant
    return tuple(sorted(found))


def _said(toolset: Toolset, without: frozenset[str]) -> Iterator[list[str]]:
    """The words of the name and the description of each amount."""
    for entity in toolset.entities:
        if entity.toolkit not in without:
            for field in entity.fields:
                if field.facet in _MONEY:
                    yield _words(field.pointer.rsplit("/", 1)[-1], field.schema)
    for tool in toolset.tools:
        if tool.toolkit not in without:
            for parameter in tool.inputs:
                if parameter.facet in _MONEY:
                    yield _words(parameter.name, parameter.schema)


def _words(name: str, schema: Schema) -> list[str]:
    said = str(schema.get("description") or "").lower()
    said = said.replace("€", " euro ").replace("£", " pound ").replace("us$", " usd ")
    return [*re.findall(r"[a-z]+", said), *split(name)]
