"""Sums of one record that keep to one another: what is awarded to what was asked for, estimates in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.figures import name_words
from callsmith.catalog.lives import phases, standing
from callsmith.catalog.sums import Kept, bounds, kept_to, rounded
from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.world.agreement.worth import figure
from callsmith.world.stories.dice import mix
from callsmith.world.stories.story import Story

_SORTS = ("knocked", "sold", "offered", "refunded", "granted", "quoted", "bid")
_NO_SUM = frozenset(
    "count number rate percent percentage pct quantity qty hours days minutes id year points items at on by".split()
)
Step = Callable[[dict[str, Any], Story], None]


def granted(entity: Entity, fields: Mapping[str, Schema]) -> Step | None:
    """Sums that are given on account of others: a share of them, and nothing before it is so far."""
    sums = [
        name
        for name, schema in fields.items()
        if {"integer", "number"} & {*types(schema)}
        and not schema.get("enum")
        and not _NO_SUM & {*name_words(name)}
    ]
    kept: dict[str, Kept] = {}
    for name in sums:
        others = [other for other in sums if other != name and other not in kept]
        found = next((one for sort in _SORTS if (one := kept_to(name, others, sort=sort))), None)
        if found is not None:
            kept[name] = found
    ends = bounds(sums)
    reserves = [name for name in sums if "reserve" in name_words(name)]
    status = standing(fields)
    options = [one for one in fields[status].get("enum", ()) if one is not None] if status else []
    far = dict(zip(map(str, options), phases(options), strict=True))
    if not kept and not ends:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        for low, high in ends:
            first, last = figure(record, low), figure(record, high)
            if first and last and not 1.15 * first <= last <= 3 * first:
                record[high] = _like(
                    rounded(first * (1.25, 1.4, 1.5, 1.6)[mix(story.bits, 971) % 4]), record[high]
                )
        for name in reserves if ends and figure(record, ends[0][0]) else ():
            least = figure(record, ends[0][0])
            record[name] = _like(min(least, rounded(least * (0.8, 0.9, 1)[story.bits % 3])), 0)
        for name, to in kept.items():
            if record.get(name) is None:
                continue
            stands = str(record.get(status)) if status else ""
            if (
                far.get(stands) in ("ahead", "dropped")
                and to.sort != "bid"
                and not {*name_words(stands)} & _GIVEN
            ):
                nothing = None if "null" in types(fields[name]) else 0
                record[name] = nothing
                continue
            _keep(record, name, to, story)

    return run


_GIVEN = frozenset("approved awarded granted accepted partially partly offered settled sold".split())


def _keep(record: dict[str, Any], name: str, to: Kept, story: Story) -> None:
    drawn = mix(story.bits, 967 + len(name))
    if to.low and figure(record, to.low) < figure(record, to.high):
        low, high = figure(record, to.low), figure(record, to.high)
        record[name] = _like(rounded(low + (high - low) * (drawn % 5 + 1) / 5), record[name])
        return
    base = next((value for other in to.of if (value := figure(record, other))), 0)
    if base:
        share = to.shares[drawn % len(to.shares)]
        record[name] = _like(base if share == 1 else rounded(base * share), record[name])


def _like(value: float, old: Any) -> float:
    """A sum written as the one it takes the place of."""
    return round(value) if isinstance(old, int) or value == round(value) else round(value, 2)
