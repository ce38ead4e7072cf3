"""The line of business that a toolkit is of, noted on every kind of record it keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.businesses import business_of, line_of
from callsmith.catalog.overlays import Overlay
from callsmith.catalog.persons import kind_of_person
from callsmith.catalog.trades import MACHINES, trade_of
from callsmith.records import Entity, Tool
from callsmith.schema import leaves
from callsmith.understand.words import singular, tokens

_HEARD = 60  # tools whose descriptions are listened to
_WORD = re.compile(r"[a-z]{2,}")
_FEW = 2  # nouns of machines a toolkit has before all its unknown things are of that sort


def of_trade(
    toolkit: str, tools: Sequence[Tool], kinds: Sequence[Entity], overlays: Sequence[Overlay] = ()
) -> list[Entity]:
    """The kinds of record with the trade of their toolkit, where its user, its nouns or its name tell it."""
    given = [overlay.trade for overlay in overlays if overlay.trade is not None]
    if given:
        return [_told(kind, given[-1]) for kind in kinds] if given[-1] else list(kinds)
    if toolkit in data.files("catalog/toolkits"):
        return list(kinds)  # what comes with the package is office software
    names = [*map(_forms, kinds)]
    found, count = trade_of(names, _title(toolkit, tools), _said(tools), _about(tools))
    own = {form for forms in names for form in forms[:1]} & _machinery()
    sure, machines = (
        False,
        len(own) if own - _doubtful() else 0,
    )  # a boat builder has builds and parts as well
    if machines >= _FEW and 2 * machines >= count or any(map(_in_a_cloud, kinds)):
        found, sure = MACHINES, True
    business = business_of(tools)
    if business is not None and not sure and (business.sure or business.instead == found):
        found = line_of(business, found)
    return [_told(kind, found) for kind in kinds] if found else list(kinds)


def _told(kind: Entity, trade: str) -> Entity:
    """A kind of record with its trade, in which the rider of a stable and the judge of a court are people."""
    noun = _forms(kind)[0]
    fields = {"_".join(tokens(name)) for name in kind.schema.get("properties", {})}
    person = kind.person or trade != MACHINES and bool(kind_of_person(noun, fields, trade=True))
    return structs.replace(kind, trade=trade, person=person)


def _forms(kind: Entity) -> list[str]:
    """What a kind of record may be known by: its noun as a whole, and its last words."""
    words = tokens(kind.key.rsplit(".", 1)[-1])
    words = (*words[:-1], singular(words[-1])) if words else ()
    forms = ["_".join(words[start:]) for start in range(len(words))]
    return list(dict.fromkeys((*forms, kind.noun.replace(" ", "_"))))


def _title(toolkit: str, tools: Sequence[Tool]) -> set[str]:
    """The words of a toolkit's name and of its product's."""
    said = {toolkit, *(str(tool.hints["product"]) for tool in tools[:1] if "product" in tool.hints)}
    words = [word for text in said for word in tokens(text.replace(" ", "_"))]
    return {*words, *map(singular, words)}  # WMS is no plural


def _said(tools: Sequence[Tool]) -> set[str]:
    """The words of what tools say of themselves."""
    return {
        singular(word) for tool in tools[:_HEARD] for word in _WORD.findall(tool.description.lower()[:400])
    }


def _about(tools: Sequence[Tool]) -> list[str]:
    """The words in which a product says what it is for, each in the singular."""
    text = next((str(tool.hints["about"]) for tool in tools if "about" in tool.hints), "")
    return [singular(word) for word in _WORD.findall(text.lower())]


def _in_a_cloud(kind: Entity) -> bool:
    return any(tokens(pointer.rpartition("/")[2])[-1:] == ("arn",) for pointer, _, _ in leaves(kind.schema))


@lru_cache(maxsize=1)
def _machinery() -> frozenset[str]:
    kinds = data.read("catalog/lexicon/nouns.yaml")["kinds"]
    return frozenset(noun for kind in kinds if kind.get("technical") for noun in kind["nouns"])


@lru_cache(maxsize=1)
def _doubtful() -> frozenset[str]:
    return frozenset(data.read("catalog/lexicon/called.yaml")["doubtful"].split())
