"""Who uses what: the circle of people that the things of a toolset are kept by, chosen by their nouns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.businesses import business_of
from callsmith.catalog.trades import circle_for
from callsmith.records import Entity, Toolset
from callsmith.schema import leaves
from callsmith.world.scene import CIRCLES
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.relations import Kind

OWN, NEAR = 2.0, 1.0  # what a noun counts for a circle: one that is of it alone, one that others have as well
_LEAST, _SURE = 2.0, 4.0
_SOLD = ("product", "price", "payment", "invoice", "subscription", "refund")
_SHARE = 0.4  # of the things of a large toolkit, for it to be of a domain


def circle_of(toolset: Toolset, kinds: Mapping[str, Kind]) -> str:
    """The circle of people who use such toolkits, by what these say they are for or keep; ``""`` for any office."""
    found = _by_what_is_kept(toolset, kinds)
    if found not in _SKILLED and (own := _as_it_is_said(toolset, found)):
        return own
    return found


_SKILLED = ("code", "infrastructure", "media")


def _as_it_is_said(toolset: Toolset, found: str) -> str:
    """The circle of the company that the largest toolkit says it is for; ``""`` where it says none."""
    toolkits = Counter(tool.toolkit for tool in toolset.tools)
    for toolkit, _ in sorted(toolkits.items(), key=lambda item: (-item[1], item[0])):
        if toolkit in data.files("catalog/toolkits"):
            continue
        business = business_of([tool for tool in toolset.tools if tool.toolkit == toolkit])
        trades = {
            str(entity.trade) for entity in toolset.entities if entity.toolkit == toolkit and entity.trade
        }
        if business is None or not trades & {business.phrase, *business.trades}:
            return ""  # its user says what it is of, or nothing more is known
        kept = {circle_for(trade) for trade in (business.instead, *business.trades)}
        return business.circle if business.sure or found in kept else ""
    return ""


def _by_what_is_kept(toolset: Toolset, kinds: Mapping[str, Kind]) -> str:
    toolkits: dict[str, list[Entity]] = {}
    for entity in toolset.entities:
        toolkits.setdefault(entity.toolkit, []).append(entity)
    families = {kind.family.name for kind in kinds.values()}
    technical = any(is_technical(toolset, toolkit) for toolkit in toolkits)
    for one in data.read(CIRCLES):
        known = len(families & set(one.get("families", ()))) >= one.get("least", 99)
        if known or one.get("technical") and technical:
            return str(one["name"])
    offices = data.files("catalog/toolkits")  # what comes with the package is office software
    best = max(
        (
            _fitting(own, _titles(toolset, toolkit))
            for toolkit, own in sorted(toolkits.items())
            if toolkit not in offices
        ),
        default=(0.0, ""),
    )
    if best[0] >= _SURE:
        return best[1]
    if own := _of_trade(toolkits) or best[1]:
        return own
    strange = any(
        toolkit not in offices and _unknown(own, kinds) for toolkit, own in sorted(toolkits.items())
    )
    return _neutral() if strange else ""


def _of_trade(toolkits: Mapping[str, Sequence[Entity]]) -> str:
    """The circle of the trade that the largest toolkit of a trade is of; ``""`` where none is of a trade."""
    for _, own in sorted(toolkits.items(), key=lambda item: (-len(item[1]), item[0])):
        if own[0].trade and (circle := circle_for(str(own[0].trade))):
            return circle
    return ""


def _fitting(entities: Collection[Entity], titles: Iterable[str]) -> tuple[float, str]:
    """The circle that the nouns of a toolkit fit best and how well they do; ``""`` where they fit none."""
    nouns = [_names(entity) for entity in entities]
    fields = {
        stem(pointer.rsplit("/", 1)[-1]) for entity in entities for pointer, _, _ in leaves(entity.schema)
    }
    needed = max(_LEAST, _SHARE * len(nouns))
    found, most = "", 0.0
    for name, (own, near, marks) in _circles().items():
        score = sum(OWN if names & own else NEAR if names & near else 0.0 for names in nouns)
        score += min(OWN, NEAR * len(fields & marks))
        if score and any(word in own or word == stem(name) for word in titles):  # a round book holds no books
            score += OWN + NEAR
        if score >= needed and score > most:
            found, most = name, score
    return most, found


def _names(entity: Entity) -> frozenset[str]:
    """What a kind of record may be known by: its noun as a whole, and its last word."""
    whole = {stem(entity.key.rsplit(".", 1)[-1]), stem(entity.noun.replace(" ", "_"))}
    return frozenset(whole | {stem(name.rsplit("_", 1)[-1]) for name in whole})


def _titles(toolset: Toolset, toolkit: str) -> frozenset[str]:
    """The words of a toolkit's name and of its product's."""
    said = {toolkit}
    for tool in toolset.tools:
        if tool.toolkit == toolkit and "product" in tool.hints:
            said.add(str(tool.hints["product"]))
    pieces = [split(one.replace(" ", "_")) for one in said]
    return frozenset(
        {stem(word) for words in pieces for word in words} | {stem("_".join(words)) for words in pieces}
    )


def _unknown(entities: Collection[Entity], kinds: Mapping[str, Kind]) -> bool:
    """Whether most of what a toolkit keeps is no thing that offices know."""
    offices = {rule["name"] for rule in data.read("catalog/lexicon/families.yaml")[:-1]}
    things = sum(kinds[entity.key].family.name not in offices for entity in entities if entity.key in kinds)
    sold = any(kinds[entity.key].family.name in _SOLD for entity in entities if entity.key in kinds)
    return sold or things * 2 > len(entities)  # a company of any sort would sell anything


@lru_cache(maxsize=1)
def _circles() -> dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]]:
    """The nouns that are of a circle alone, those it has with others, and names of fields, by the circle's name."""
    return {
        str(one["name"]): (_stems(one["nouns"]), _stems(one.get("also", ())), _stems(one.get("fields", ())))
        for one in data.read(CIRCLES)
        if "nouns" in one
    }


def _stems(words: Iterable[Any]) -> frozenset[str]:
    return frozenset(stem(str(word)) for word in words)


@lru_cache(maxsize=1)
def _neutral() -> str:
    return next(str(one["name"]) for one in data.read(CIRCLES) if one.get("neutral"))
