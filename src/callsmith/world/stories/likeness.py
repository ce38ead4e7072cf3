"""Names of things of an unknown noun, made in the likeness of the one that their description gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec import UnsetType

from callsmith.catalog import data
from callsmith.catalog.belonging import plainly, things_of, told_by_name
from callsmith.catalog.bought import bought_of, first_of, words_of
from callsmith.records import Entity, Toolset
from callsmith.schema import settle
from callsmith.world.stories.naming import singular, split, stem
from callsmith.world.stories.nouns import by_name, is_technical, lexicon

_QUOTED = re.compile(
    r"(?:e\.g\.|for example|such as|like|example:)\s*[\"'`“]([^\"'`”]{3,40})[\"'`”]", re.IGNORECASE
)
_SLOT = re.compile(r"[{]([^}]+)[}]")
_WORDS = re.compile(r"[^\W\d_][\w'’.-]*(?: (?:&|of|the|de|la|[^\W\d_][\w'’.-]*)){0,4}")


def like_example(entity: Entity) -> dict[str, list[str]]:
    """Templates of names such as the example of the field that names a record; empty where it gives none in words."""
    example = _example(entity)
    if not example:
        return {}
    head, _, rest = example.partition(" ")
    seasons = data.read("catalog/lexicon/nouns.yaml")["words"]["season"]
    if rest and head in seasons:
        titles = [f"{{season}} {rest}", f"{{season}} {rest} {{year}}"]
    elif rest and rest.rpartition(" ")[2].lower() in entity.noun.split(" "):
        tail = rest.rpartition(" ")[2]
        titles = [f"{{given}} {tail}", f"{{place_name}} {tail}", f"{{season}} {tail}"]
    elif rest:
        titles = ["{mood} {image}", "{tree} {image}", "{mood} {tree}"]
    else:
        titles = ["{mount}", "{tree}", "{place_name}"]
    return {"any": titles, "own": titles, "code": titles}


def named_alike(toolset: Toolset, entity: Entity, family: str) -> dict[str, list[str]]:
    """Templates of names such as those that descriptions show, or that such things have in any trade.

    Empty where the names of the family do as well.
    """
    graded = data.read("catalog/lexicon/called.yaml")["graded"]
    noun = entity.key.rpartition(".")[2]
    if family == "product" and noun in graded["nouns"] and not is_technical(toolset, entity.toolkit):
        return _alone([*_worded(shown_names(toolset, entity), 3), *graded["names"]])
    if family in ("task", "thing", "unknown") and (kinds := _by_kind(entity) or _of_sorts(entity)):
        return _alone(kinds)
    shown = _worded(shown_names(toolset, entity), 12)
    if not shown or is_technical(toolset, entity.toolkit):
        return {}
    own = by_name().get(family, {})
    if own.get("trades") and not _alike(shown, own["titles"], noun):
        return {}
    best = max(_kinds_of(stem(noun)), key=lambda kind: _alike(shown, kind["titles"], noun), default=None)
    if best is None or not _alike(shown, best["titles"], noun):
        return {}
    listed = [*(text for text in shown if len(shown) > 1 or own is not best), *best["titles"]]
    return _alone(_of_listed_sorts(entity, listed) or listed)


def _by_kind(entity: Entity) -> list[str]:
    """Names of things by the kinds that the schema lists, where those are bought: Desk 4; else none."""
    if entity.noun.rpartition(" ")[2] not in words_of("things"):
        return []
    fields = {_plain(name): settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    name = first_of("kinds", {said: said for said in fields if fields[said].get("enum")})
    options = [plainly(one) for one in fields[name]["enum"] if one] if name else []
    known = [option for option in options if bought_of(option)]
    return (
        [f"{option.capitalize()} {{digit}}" for option in known]
        if 2 * len(known) >= max(len(options), 4)
        else []
    )


_KEPT = frozenset("item thing article object good product equipment gear listing ware".split())


def _of_sorts(entity: Entity) -> list[str]:
    """Names of goods by the sorts that the schema lists: an orbital sander where these are power tools; else none."""
    if entity.noun.rpartition(" ")[2] not in _KEPT:
        return []
    fields = {_plain(name): settle(schema) for name, schema in entity.schema.get("properties", {}).items()}
    options = next((fields[name].get("enum", ()) for name in _SORTED_BY if name in fields), ())
    names = things_of([one for one in options if one]) if len(options) > 1 else []
    return [name[:1].upper() + name[1:] for name in names]


_SORTED_BY = ("category", "type", "kind", "section", "department", "sort")


def _plain(name: str) -> str:
    """The words of a field's name, each in the singular."""
    return " ".join(singular(word) for word in split(name))


def _of_listed_sorts(entity: Entity, titles: list[str]) -> list[str]:
    """Those of the names that tell one of the sorts which the records' schema lists; empty where few do."""
    fields = entity.schema.get("properties", {})
    name = next((name for name in ("category", "type", "kind") if name in fields), "")
    options = tuple(one for one in settle(fields[name]).get("enum", ()) if one) if name else ()
    if len(options) < 2:
        return []
    words = lexicon()["words"]
    plain = [text for title in titles for text in words.get(title.strip("{}"), [title])]
    told = [text for text in plain if told_by_name(_SLOT.sub("", text), options)]
    return told if len(told) >= _FEW else []


_FEW = 6


def _alone(titles: list[str]) -> dict[str, list[str]]:
    return {"any": titles, "own": titles, "code": titles}


def own_names(noun: str, trade: str | UnsetType) -> list[str]:
    """What things of a noun are called in a trade, where that is a plain list; empty where it has none of its own."""
    words = lexicon()["words"]
    kinds = (kind for kind in _kinds_of(noun) if trade and trade in kind.get("trades", ()))
    titles: list[str] = next((kind["titles"] for kind in kinds), [])
    plain = [text for title in titles for text in words.get(title.strip("{}"), [title])]
    return plain if not any(_SLOT.search(text) for text in plain) else []


def shown_names(toolset: Toolset, entity: Entity) -> list[str]:
    """The names that the field, and the parameters that set it, give as examples."""
    field = next((one for one in entity.fields if one.pointer == entity.label_pointer), None)
    schemas = [field.schema] if field is not None else []
    for tool in toolset.tools:
        if tool.entity == entity.key and field is not None:
            schemas += [one.schema for one in tool.inputs if one.sets == field.pointer]
    given = (text for schema in schemas for text in schema.get("examples", ()))
    return list(dict.fromkeys(text for text in given if isinstance(text, str)))


_STOCK = re.compile(
    r"\b(?:example|sample|test|string|foo|bar|lorem|my|your|name|title)\b|[{}<>_]", re.IGNORECASE
)


def _worded(names: Iterable[str], most: int) -> list[str]:
    """Those that people would say, and that nobody wrote to fill the place."""
    return [
        name
        for name in names
        if name[:1].isupper() and len(name) <= 70 and len(name.split()) <= most and not _STOCK.search(name)
    ]


@lru_cache(maxsize=256)
def _kinds_of(noun: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        kind
        for kind in lexicon()["kinds"]
        if kind.get("called") and not kind.get("compounds") and noun in kind["nouns"]
    )


_SMALL = frozenset("the a an of in on at to for from and or not no does is are has with new by".split())


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[\w-]+", text.lower()) if word not in _SMALL}


def _alike(shown: Iterable[str], titles: Iterable[str], noun: str) -> int:
    """How many words of the names shown are in names of a list, that of the thing itself apart."""
    said = set().union(*map(_words, shown)) - {*noun.split("_")}
    return len(said & _vocabulary(tuple(titles)))


@lru_cache(maxsize=256)
def _vocabulary(titles: tuple[str, ...]) -> frozenset[str]:
    words = lexicon()["words"]
    listed = {
        text for title in titles for slot in _SLOT.findall(title) for text in words.get(slot.lower(), ())
    }
    return frozenset(word for text in (*titles, *listed) for word in _words(_SLOT.sub(" ", str(text))))


def _example(entity: Entity) -> str:
    field = next((one for one in entity.fields if one.pointer == entity.label_pointer), None)
    if field is None:
        return ""
    quoted = _QUOTED.search(str(field.schema.get("description") or ""))
    given = [one for one in field.schema.get("examples", ()) if isinstance(one, str)]
    example = given[0] if given else quoted[1] if quoted else ""
    return example if _WORDS.fullmatch(example) and example[:1].isupper() else ""
