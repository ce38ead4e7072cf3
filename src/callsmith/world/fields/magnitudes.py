"""Numbers of everyday records: as large as such things are, and money in the scene's currency."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.magnitudes import Magnitude, costing, magnitude_of
from callsmith.catalog.quantities import taken_up, unit_at_end, unit_told
from callsmith.facts.amounts import coined
from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import singular, split, stem
from callsmith.world.stories.story import Story


def magnitude_in(
    toolset: Toolset, entity: Entity, family: str, name: str, unit: str = ""
) -> Magnitude | None:
    """How large a number in an everyday record is; None for the numbers of an office, which have a story."""
    if not everyday(entity, family):
        return None
    company = {
        word
        for other in toolset.entities
        if other.toolkit == entity.toolkit and other.key != entity.key
        for word in (other.noun, *other.noun.split(" "))
    }
    words = [singular(word) for word in split(name)]
    if taken_up(words):
        return None
    bare = words[:-1] if in_cents(words) or coined(words) else words
    known = magnitude_of(bare, entity.noun, company, unit=unit)
    return known if known is None else costing(known, bare, entity.noun)


_SPANS = {"duration_minutes": "minutes", "duration_seconds": "seconds"}


def said_unit(facet: str, schema: Schema) -> str:
    """The unit of a number that its facet or its description says: minutes, "weight in grams"."""
    told = unit_told(str(schema.get("description") or ""))
    return _SPANS.get(facet) or (unit_at_end(told.split())[0] if told else "")


def in_cents(words: Sequence[str]) -> bool:
    """Whether a number's name says that it counts the smallest coins: price_cents."""
    return len(words) > 1 and words[-1] in ("cent", "cents", "pence", "minor")


def in_minor(site: Site) -> bool:
    """Whether a number counts the smallest coins, by its name or by what is said of it."""
    return in_cents(site.words) or site.facet == "amount_minor"


def written(found: Magnitude, draw: int, scale: int, whole: bool) -> Json:
    """A number as the schema wants it."""
    value = found.value(draw, scale)
    if not whole:
        steady = not found.money and found.step % 1 == 0 and found.low % 1 == 0
        return round(value) if steady else value
    return max(1, round(value)) if found.low > 0 else round(value)


def magnitude_leaf(site: Site) -> tuple[Fill, bool] | None:
    """What an everyday record counts, measures or costs."""
    if not {"integer", "number"} & set(site.types) or not site.own or not site.path or "enum" in site.schema:
        return None
    coins = in_cents(site.words)
    if "count" in site.words and _counts_own(site):
        return None
    if site.refers or site.facet == "timestamp" or site.schema.get("examples"):
        return None
    if site.facet == "amount_minor" and not coins:
        return None
    unit = said_unit(site.facet, site.schema)
    found = magnitude_in(site.toolset, site.entity, site.family, site.name, unit)
    if found is None or found.money and tallied(site.words):
        return None
    whole, salt = "number" not in site.types, site.salt
    if site.words in (("floor",), ("storey",), ("level",)) and whole:
        if site.family == "home_room":
            return (lambda story: mix(story.bits, salt) % 3), False
        return (lambda story: _floor(story.title) or written(found, mix(story.bits, salt), 1, True)), False
    if coins:
        return (lambda story: round(found.value(mix(story.bits, salt), _scale(story)) * 100)), False
    if site.entity.noun.split(" ")[-1] == "reading" and {"value", "reading"} & set(site.words):
        return (lambda story: _risen(story, salt)), False
    if coined(site.words):
        return (lambda story: written(found, mix(story.bits, salt), 1, whole)), False
    if {"left", "free", "remaining", "available"} & {*site.words}:
        return (lambda story: 0 if _taken(story) else written(found, mix(story.bits, salt), 1, whole)), False
    return (lambda story: written(found, mix(story.bits, salt), _scale(story), whole)), False


def tallied(words: Sequence[str]) -> bool:
    """Whether a total is one of things, and not of money: seats_total, total_licenses."""
    several = [word for word in words if word != "total" and singular(word) != word]
    return "total" in words and bool(several) and not {singular(word) for word in words} & _SUMS


_SUMS = frozenset(
    "amount subtotal price cost fee tax balance value net gross paid due revenue charge sum sale expense payment "
    "saving earning wage donation deposit refund discount proceed taking invoice asset order".split()
)


def _counts_own(site: Site) -> bool:
    """Whether a number says how many records of the toolkit belong to this one, which are counted."""
    nouns = {stem(word) for word in site.words}
    return any(
        field.refers == site.entity.key
        for other in site.toolset.entities
        if other.key != site.entity.key and stem(other.noun.split(" ")[-1]) in nouns
        for field in other.fields
    )


def _taken(story: Story) -> bool:
    """Whether a record's own state says that nothing of it is left."""
    return "".join(split(str(story.traits.get("stands", "")))) in (
        "full",
        "soldout",
        "fullybooked",
        "bookedout",
    )


def _risen(story: Story, salt: int) -> Json:
    """What a meter reads: the more, the later it is read."""
    meter = next(iter(story.links.values()), None)
    bits = meter.bits if meter is not None else salt
    days = max(0, story.created - story.population.clock.now + 400 * DAY) // DAY
    return 1200 + mix(bits, salt) % 40_000 + days * (2 + mix(bits, salt + 1) % 9) + mix(story.bits, salt) % 2


def _floor(title: str) -> int:
    """The floor that the number of a room tells: the third of Room 304; 0 where it tells none."""
    number = title.rpartition(" ")[2]
    return int(number[0]) if len(number) == 3 and number.isdigit() else 0


def _scale(story: Story) -> int:
    return story.population.scale
