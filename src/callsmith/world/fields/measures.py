"""Numbers of APIs nobody has described further: within the bounds their schemas declare, or as large as usual."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.magnitudes import Magnitude, costing, magnitude_of, price_of
from callsmith.catalog.quantities import taken_up, unit_of
from callsmith.facts.amounts import coined
from callsmith.records import Entity, Json, Parameter, Schema, Tool, Toolset
from callsmith.schema import types
from callsmith.world.fields.declared import paid_for, stated_at
from callsmith.world.fields.magnitudes import (
    in_cents,
    in_minor,
    magnitude_in,
    said_unit,
    tallied,
    written,
)
from callsmith.world.fields.sites import Fill, Site, salt_of
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split, stem
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.story import Story

_WIDEST = 10_000  # bounds farther apart than this are those of a database, not of a thing
_COUNTED = {"count", "number", "of"}
_OTHERS = (
    "id",
    "timestamp",
    "date",
    "date_time",
    "ordinal",
    "number_key",
)
_NEVER = {"id", "number", "no", "version", "year", "page", "limit", "offset", "latitude", "longitude", "lat", "lng",
          "lon", "rating", "priority", "order", "position", "rank", "index", "progress", "code"}  # fmt: skip


_PRICED = {"price", "fee", "cost", "fare", "rent", "wage", "premium"}


@lru_cache(maxsize=1)
def _built_in() -> frozenset[str]:
    return frozenset(data.files("catalog/toolkits"))


def built_in(toolkit: str) -> bool:
    """Whether a toolkit comes with the package."""
    return toolkit in _built_in()


def unfamiliar(toolset: Toolset, toolkit: str) -> bool:
    """Whether a toolkit is none of those that come with the package, and not one of machines either."""
    return toolkit not in _built_in() and not is_technical(toolset, toolkit)


def measure_in(
    toolset: Toolset, entity: Entity, pointer: str, schema: Schema, facet: str = "", priced: bool = True
) -> Magnitude | None:
    """How large a number at a pointer of a record or of a call about one is; None where nothing tells.

    ``priced``: what is money and nothing nearer is known of costs what such things cost.
    """
    steps = [step for step in pointer.split("/") if step and step != "*"]
    if not steps or not unfamiliar(toolset, entity.toolkit):
        return None
    words = [singular(word) for word in split(steps[-1])]
    if taken_up(words):
        return None
    if tallied(split(steps[-1])):
        words, priced = [word for word in words if word != "total"], False
    near = " ".join(singular(word) for step in (entity.noun, *steps[:-1]) for word in split(step))
    bare = words[:-1] if coined(words) else words
    unit = said_unit(facet, schema)
    known = magnitude_of(bare, near, unit=unit) if len(steps) > 1 or not entity.key else None
    known = _as_share(known or magnitude_of(bare, near, (), "measures", unit), schema)
    if known is not None and not known.money and _PRICED & {*bare}:
        known = None  # the price of a player is no number of players
    if priced or known is not None:
        known = costing(known, bare, f"{paid_for(schema)} {near}".strip())
    return _clipped(known, schema) or _within(words, schema)


def _as_share(known: Magnitude | None, schema: Schema) -> Magnitude | None:
    """A percentage as a part of one, where the schema allows no more than one."""
    if known is None or known.money or schema.get("maximum") != 1 or not 1 < known.high <= 100:
        return known
    return structs.replace(known, low=known.low / 100, high=known.high / 100, step=known.step / 100)


def _clipped(known: Magnitude | None, schema: Schema) -> Magnitude | None:
    """A range inside the declared bounds; None where they leave too little of it."""
    if known is None:
        return None
    low, high = (
        max(known.low, schema.get("minimum", known.low)),
        min(known.high, schema.get("maximum", known.high)),
    )
    return (
        structs.replace(known, low=low, high=high)
        if high - low >= min(3 * known.step, known.high - known.low)
        else None
    )


def in_bounds(known: Magnitude | None, words: Sequence[str], schema: Schema) -> Magnitude | None:
    """How large a number is inside the bounds that its definition declares."""
    if known is None or known.money:
        return known
    bounded = (
        "minimum" in schema
        and schema["minimum"] >= known.high
        or schema.get("maximum", known.high) <= known.low
    )
    return _within(words, schema) if bounded else _clipped(known, schema) or known


def _within(words: Sequence[str], schema: Schema) -> Magnitude | None:
    """Believable values between declared bounds."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None or high is None or not 0 < high - low <= _WIDEST or _NEVER & {*words}:
        return None
    span, whole = high - low, "number" not in types(schema)
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 10, 50, 100, 500) if span / step <= 42)
    step = max(1, step) if whole else step
    return Magnitude(low if low > 0 else low + step, high, step)


def in_order(invented: dict[str, int], tool: Tool, parameter: Parameter, value: Json) -> Json:
    """A number thought of for one end of a range, beyond the other end where that was thought of just before."""
    words = split(parameter.name)
    low, high = bool({*words} & {"low", "min", "minimum"}), bool({*words} & {"high", "max", "maximum"})
    if low == high or tool.deed != "create" or not isinstance(value, (int, float)):
        return value
    rest = [word for word in words if word not in ("low", "min", "minimum", "high", "max", "maximum")]
    mine, other = (f"{tool.name}\n{' '.join(rest)}\n{end}" for end in (low, not low))
    before = invented.pop(other, None)
    if before is not None and (value <= before if high else value >= before):
        value = before + max(1, before // 4) if high else max(1, before * 3 // 4)
    invented[mine] = round(value)
    return value


def bounds_at(site: Site) -> Schema:
    """The schema of a number with the bounds that a call which sets it declares, where it has none itself."""
    if {"minimum", "maximum"} <= set(site.schema):
        return site.schema
    for tool in site.toolset.tools:
        if tool.entity == site.entity.key:
            for item in tool.inputs:
                if item.sets == site.pointer and {"minimum", "maximum"} <= set(item.schema):
                    return item.schema
    return site.schema


def measure_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a record of an unfamiliar API counts or measures."""
    if not {"integer", "number"} & set(site.types) or not site.own or not site.path or "enum" in site.schema:
        return None
    span = site.facet.startswith("duration") and not unit_of(list(map(singular, site.words)))[1]
    known = site.refers or span or site.facet in _OTHERS or _given(site.schema)
    if known or not unfamiliar(site.toolset, site.entity.toolkit) or _counts_records(site):
        return None
    found = measure_in(site.toolset, site.entity, "/".join(site.path), bounds_at(site), site.facet, False)
    if found is None:
        return None
    whole, coin = "number" not in site.types, coined(site.words)
    minor = found.money and in_minor(site)
    other, salt = _measured_by(site)

    def run(story: Story) -> float:
        told = story.links.get(other) if other else None
        bits = told.bits if told is not None else story.bits
        scale = 1 if coin else story.population.scale
        if minor:
            return round(found.value(mix(bits, salt), scale) * 100)
        made: float = written(found, mix(bits, salt), scale, whole)
        return made

    return run, False


def within_bounds(site: Site, bounds: Schema) -> tuple[Fill, bool] | None:
    """What an everyday record measures, inside bounds that leave out some of what such things usually are."""
    known = magnitude_in(
        site.toolset, site.entity, site.family, site.name, said_unit(site.facet, site.schema)
    )
    fits = in_bounds(known, list(map(singular, site.words)), bounds)
    plain = (
        {"integer", "number"} & {*site.types} and site.own and not site.refers and "enum" not in site.schema
    )
    if not plain or fits is None or fits == known or not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    whole, salt, found = "number" not in site.types, site.salt, fits
    return (lambda story: written(found, mix(story.bits, salt), 1, whole)), False


def _given(schema: Schema) -> bool:
    """Whether the schema itself says what such a number is."""
    return bool(schema.get("examples")) or "default" in schema


def _counts_records(site: Site) -> bool:
    """Whether a number says how many records of the toolkit there are, which are counted."""
    nouns = {stem(word) for word in site.words}
    return any(
        other.toolkit == site.entity.toolkit and other.key != site.entity.key and stem(other.noun) in nouns
        for other in site.toolset.entities
    )


def _measured_by(site: Site) -> tuple[str, int]:
    """The record whose number a field repeats, the words of a job in its quote, and what that is drawn with."""
    wanted = _plain(site.name)
    targets = {field.refers for field in site.entity.fields if field.refers} - {site.entity.key}
    for other in site.toolset.entities:
        if other.key in targets and len(site.path) == 1:
            for name, schema in other.schema.get("properties", {}).items():
                if _plain(name) == wanted and {"integer", "number"} & set(types(schema)):
                    return other.key, salt_of((name,))
    return "", site.salt


def _plain(name: str) -> tuple[str, ...]:
    return tuple(word for word in map(singular, split(name)) if word not in _COUNTED)


def price_leaf(site: Site, story_told: Fill | None = None) -> Fill | None:
    """What something of an unfamiliar API costs where its story says nothing of it; None for what is no money."""
    if (
        not unfamiliar(site.toolset, site.entity.toolkit)
        or not site.own
        or site.refers
        or "enum" in site.schema
    ):
        return None
    words = [singular(word) for word in split(site.name)]
    named, coin = in_cents(words), coined(words)
    minor = in_minor(site)
    told = paid_for(stated_at(site.toolset, site.entity.key, site.pointer, site.schema))
    found = price_of(words[:-1] if named or coin else words, f"{told} {site.entity.noun}".strip())
    if found is None:
        return None
    whole, salt = "number" not in site.types, site.salt

    def run(story: Story) -> Json:
        told = story_told(story) if story_told is not None else 0
        if told:
            return told
        value = found.value(mix(story.bits, salt), 1 if coin else story.population.scale)
        return round(value * 100) if minor else max(1, round(value)) if whole else value

    return run


def whole_price_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What a record comes to as a whole, where an example of the API shows what one piece costs: a few times that."""
    plain = site.own and not site.refers and {"integer", "number"} & {*site.types} and len(site.path) == 1
    if not plain or _given(site.schema) or site.words not in (("price",), ("total",), ("total", "price")):
        return None
    if not unfamiliar(site.toolset, site.entity.toolkit):
        return None
    shown = (
        field.schema["examples"][0]
        for other in site.toolset.entities
        for field in other.fields
        if other.toolkit == site.entity.toolkit and field.facet == site.facet and field.schema.get("examples")
        and split(field.pointer.rpartition("/")[2]) == ("unit", "price")
    )  # fmt: skip
    one = next((value for value in shown if isinstance(value, (int, float)) and value > 0), None)
    if one is None:
        return None
    each, salt = one if "number" in site.types else max(1, round(one)), site.salt
    return (lambda story: each * _PIECES[mix(story.bits, salt) % len(_PIECES)]), False


_PIECES = (1, 1, 2, 1, 3, 4)
