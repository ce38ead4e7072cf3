"""Fields known by the words of their names alone: which rule of fields.yaml one falls under, and that it is valid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.records import Json
from callsmith.schema import settle, types, valid
from callsmith.world.fields.clouds import cloud_of
from callsmith.world.fields.identity import styled
from callsmith.world.fields.makers import MAKERS, Maker
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.fields.sites import MISSING, Fill, Site, blank_value
from callsmith.world.fields.varied import seldom_shown, varied_leaf
from callsmith.world.stories.dice import mix
from callsmith.world.stories.nouns import fitted, is_technical, lexicon
from callsmith.world.stories.story import Story

_OTHERS = {"date-time", "date", "time", "uri", "url", "email", "uuid", "binary", "password"}
_BY_FORMAT = {"ipv4": "ipv4", "ipv6": "ipv6", "hostname": "host", "duration": "duration"}
_BOUNDS = {"pattern", "format", "maxLength", "minLength", "minimum", "maximum", "multipleOf", "exclusiveMinimum",
           "exclusiveMaximum"}  # fmt: skip


@lru_cache(maxsize=1)
def _rules() -> tuple[Mapping[str, Any], ...]:
    made = []
    for rule in data.read("catalog/lexicon/fields.yaml")["rules"]:
        words = tuple(frozenset(str(word).split("|")) for word in rule["words"])
        sets = {name: frozenset(map(str, rule.get(name, ()))) for name in ("not", "within", "last")}
        made.append({**rule, "words": words, **sets})
    return tuple(made)


def sure_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field holds whose name leaves no doubt, whatever else it might be taken for."""
    return _ruled(site, True)


def format_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a field holds by the first rule that fits it, or by the examples its schema gives."""
    return _ruled(site, False) or varied_leaf(site) or _exemplary(site)


def _ruled(site: Site, sure: bool) -> tuple[Fill, bool] | None:
    schema = site.schema
    if not site.own or not site.path or "enum" in schema or schema.get("format") in _OTHERS:
        return None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return None
    many = "array" in site.types
    items = settle(schema.get("items", {})) if many else schema
    if many and (items.get("enum") or items.get("format") in _OTHERS):
        return None
    maker = _BY_FORMAT.get(str(items.get("format")))
    if maker is not None and "string" in types(items):
        return _filled(site, MAKERS[maker], items, many)
    kinds, words = types(items), frozenset(site.words)
    for rule in _rules():
        if bool(rule.get("sure")) == sure and _fits(rule, site, kinds, words):
            if sure and site.refers and _names_another(site, rule):
                return None
            return _filled(site, _maker(rule), items, many)
    return None


def _names_another(site: Site, rule: Mapping[str, Any]) -> bool:
    """Whether the field holds the id of another record just as that record has it."""
    target = next((entity for entity in site.toolset.entities if entity.key == site.refers), None)
    if target is None or rule.get("make") == "account":
        return False
    return rule.get("make") != "arn" or target.id_pointer.lower().endswith("arn")


def _fits(rule: Mapping[str, Any], site: Site, kinds: Sequence[str], words: frozenset[str]) -> bool:
    if not all(options & words for options in rule["words"]) or rule["not"] & words:
        return False
    wanted = rule.get("type", "string")
    if wanted == "string" and "string" not in kinds:
        return False
    if wanted == "number" and (not {"integer", "number"} & set(kinds)):
        return False
    if rule.get("alone") and len(site.words) > len(rule["words"]):
        return False
    if (
        rule["last"]
        and site.words[-1] not in rule["last"]
        or rule["within"]
        and not rule["within"] & site.around
    ):
        return False
    if rule.get("families") and site.family not in rule["families"]:
        return False
    told = rule.get("told")
    text = str(site.schema.get("description", "")).lower()
    if told and not any(word in text for word in told):
        return False
    toolkit = site.entity.toolkit
    if rule.get("cloud") and cloud_of(site.toolset, toolkit) != rule["cloud"]:
        return False
    return not rule.get("technical") or is_technical(site.toolset, toolkit)


def _maker(rule: Mapping[str, Any]) -> Maker:
    if "make" in rule:
        return MAKERS[rule["make"]]
    options: list[Json] = lexicon()["words"][rule["list"]] if "list" in rule else rule["values"]

    def chosen(site: Site, story: Story, bits: int) -> Json:
        given = _examples(site)
        known = given or options
        return known[mix(bits, site.salt) % len(known)]

    return chosen


def _filled(site: Site, maker: Maker, items: Mapping[str, Any], many: bool) -> tuple[Fill, bool]:
    limited = bool(_BOUNDS & set(items))

    def one(story: Story, bits: int) -> Json:
        value = maker(site, story, bits)
        if value is MISSING:
            return site.absent if not site.required or site.nullable else blank_value(site)
        if not limited or valid(items, value):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            near = min(max(value, items.get("minimum", value)), items.get("maximum", value))
            if valid(items, near):
                return near
        return _fallback(site, items, bits, str(value))

    def several(story: Story) -> Json:
        made = (
            one(story, story.bits ^ place * 0x9E37) for place in range(1 + mix(story.bits, site.salt) % 2)
        )
        return [value for value in dict.fromkeys(made) if value is not MISSING and value is not None]

    return several if many else lambda story: one(story, story.bits), True


def bounded(site: Site, made: tuple[Fill, bool]) -> tuple[Fill, bool]:
    """A filler that keeps to the schema's bounds, whatever the rule behind it gives; names and references stay."""
    fill, lasting = made
    schema = site.schema
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer):
        return made
    if "enum" not in schema and (site.refers or not _BOUNDS & set(schema)):
        return made

    def run(story: Story) -> Json:
        value = fill(story)
        if value is MISSING or value is None or valid(schema, value):
            return value
        return _fallback(site, schema, story.bits, str(value))

    return run, lasting


def _fallback(site: Site, items: Mapping[str, Any], bits: int, drawn: str) -> Json:
    """The schema's own kind of value where that of the rule is out of its bounds."""
    options = items.get("enum") or items.get("examples", ())
    given = [value for value in options if value is not None and valid(items, value)]
    if given:
        return given[mix(bits, site.salt) % len(given)]
    if "string" in types(items):
        made = styled(items, bits ^ site.salt)
        for form in (made, fitted(str(made), items), fitted(drawn, items)):
            if valid(items, form):
                return form
    value = blank_value(site)
    return value if value is MISSING or valid(items, value) else site.absent if not site.required else value


def _examples(site: Site) -> list[Json]:
    schema = settle(site.schema.get("items", {})) if "array" in site.types else site.schema
    return [
        value for value in schema.get("examples", ()) if isinstance(value, (str, int, float)) and value != ""
    ]


_FREE = {"text", "number", "version", ""}
_FEW = 3  # examples beyond which they are the sorts that people know


def _exemplary(site: Site) -> tuple[Fill, bool] | None:
    """One of the schema's own examples, for a field of which nothing else is known."""
    several = site.facet == "enum" and len(site.schema.get("examples", ())) > _FEW
    if (
        not site.own
        or site.facet not in _FREE
        and not several
        or "array" in site.types
        or "boolean" in site.types
        or not site.path
    ):
        return None
    if site.pointer in (site.entity.id_pointer, site.entity.label_pointer) or set(site.words) & _WRITTEN:
        return None
    given = [value for value in _examples(site) if valid(site.schema, value)]
    if not given or site.schema.get("pattern") or site.schema.get("format") in _OTHERS:
        return None
    if (
        len(given) == 1
        and _LETTERED.fullmatch(str(given[0]))
        and unfamiliar(site.toolset, site.entity.toolkit)
    ):
        return (lambda story: lettered(str(given[0]), story.bits, site.salt)), True
    alone = len(given) == 1 and not _STAND_INS.search(str(given[0]))
    if alone and (rare := seldom_shown(site, given[0])) is not None:
        return rare, True
    return (lambda story: _own_words(given[mix(story.bits, site.salt) % len(given)], story)), True


_LETTERED = re.compile(r"[A-Z0-9]{1,3}-[A-Z]{3,4}")  # a registration, of which each aircraft has its own


def lettered(mark: str, bits: int, salt: int) -> str:
    """Another mark of the country of one: G-CABT for G-CKLM."""
    head, _, tail = mark.partition("-")
    return (
        f"{head}-{''.join('ABCDEFGHJKLMNPRSTUVWXYZ'[mix(bits, salt + at) % 23] for at in range(len(tail)))}"
    )


_STAND_INS = re.compile(r"(?<![A-Za-z])my[-_][a-z]+\b|\bexample\.(?:com|org|net)\b")


def _own_words(value: Json, story: Story) -> Json:
    """An example with the record's own name where it has a stand-in for one: my-volume, example.com."""
    name = story.title
    if not isinstance(value, str) or not name or " " in name:
        return value
    return _STAND_INS.sub(lambda found: name if ("." in found[0]) == ("." in name) else found[0], value)


_WRITTEN = {"name", "title", "subject", "body", "message", "text", "content", "id", "key", "uid", "gid", "uuid", "slug",
            "count", "total", "amount", "price", "email", "url", "created", "updated", "description", "login",
            "username", "handle"}  # fmt: skip
