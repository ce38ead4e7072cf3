"""Payments that make up what is paid of a sum, and bids of which the last is the highest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from callsmith.catalog.lives import standing
from callsmith.catalog.sums import rounded
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import types
from callsmith.world.agreement.counted import Counted, amount_field, counted
from callsmith.world.agreement.referring import full_of
from callsmith.world.agreement.worth import figure, plain_name
from callsmith.world.fields.measures import unfamiliar
from callsmith.world.stories.dice import mix
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_WHOLES = (
    "awarded amount", "amount awarded", "approved amount", "granted amount", "grand total", "total amount", "total",
    "total price", "invoice total", "amount", "price", "total cost", "fee",
)  # fmt: skip
_INSTALMENTS = ("payment", "instalment", "installment")


def tallied(made: Make, toolset: Toolset, entity: Entity) -> Make:
    """A filler of records whose payments and bids agree with them, and the other way round."""
    if not unfamiliar(toolset, entity.toolkit):
        return made
    held = [(part.key, one) for part in toolset.entities if part.key != entity.key and _names(part, entity.key)
            for one in counted(entity, part) if _told(one, part)]  # fmt: skip
    inner = [(other, one) for other in toolset.entities if other.key != entity.key and _names(entity, other.key)
             for one in counted(other, entity) if _told(one, entity)]  # fmt: skip
    if not held and not inner:
        return made
    fields = entity.schema.get("properties", {})
    own, whole = amount_field(entity), _whole(entity)

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.fresh:
            return record
        record = dict(record)
        for key, one in held:
            _hold(record, one, story, (_children(story, key), whole), "null" in types(fields[one.name]))
        for other, one in inner[:1]:
            target = story.links.get(other.key)
            if target is not None and own and record.get(own) is not None:
                _part(record, own, one, story, target, other)
        return record

    return run


def _told(one: Counted, part: Entity) -> bool:
    return one.sort == "most" or one.sort == "sum" and part.noun.split(" ")[-1] in _INSTALMENTS


def _names(part: Entity, key: str) -> bool:
    return part.parent == key or any(
        field.refers == key and field.pointer.count("/") == 1 for field in part.fields
    )


def _whole(entity: Entity) -> str:
    by = {plain_name(name): name for name in entity.schema.get("properties", {})}
    return next((by[name] for name in _WHOLES if name in by), "")


def _children(story: Story, key: str) -> list[Story]:
    story.population.stories(key)
    states = standing(story.population.kinds[key].entity.schema.get("properties", {}))
    return [child for child in story.children.get(key, ()) if not states or child.state != "gone"]


def _parts(story: Story, many: int) -> int:
    """In how many parts a sum is paid, of which some are still to come."""
    return many + mix(story.bits, 1013) % 2


def _hold(
    record: dict[str, Any], one: Counted, story: Story, of: tuple[list[Story], str], nullable: bool
) -> None:
    children, whole = of
    if one.sort == "most":
        if not children and record.get(one.name) is not None:
            record[one.name] = None if nullable else 0
        return
    if record.get(one.name) is None or not children or not whole:
        return
    parts = _parts(story, len(children))
    paid = len(children) * round(figure(record, whole) / parts, 2)
    paid = figure(record, whole) if parts == len(children) else paid
    record[one.name] = round(paid if one.sign > 0 else figure(record, whole) - paid, 2)


def _part(record: dict[str, Any], own: str, one: Counted, story: Story, target: Story, other: Entity) -> None:
    siblings = _children(target, story.entity)
    holder = full_of(target)
    if story not in siblings:
        return
    if one.sort == "most":
        last = figure(holder, one.name)
        behind = len(siblings) - 1 - sorted(siblings, key=lambda each: each.created).index(story)
        if last:
            record[own] = last if not behind else rounded(last * max(0.3, 1 - 0.07 * behind))
        return
    whole = figure(holder, _whole(other))
    if whole:
        record[own] = round(whole / _parts(target, len(siblings)), 2)
