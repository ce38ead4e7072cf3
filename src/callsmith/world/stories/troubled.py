"""What is wrong with a thing, told only where somebody comes because something is: a repair, and no yearly service."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import structs

from callsmith.records import Json, Schema, Tool
from callsmith.schema import settle
from callsmith.world.fields.choices import enum_leaf
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.naming import split

_WRONG = frozenset("fault problem symptom symptoms defect defects breakdown failure complaint issue".split())
_CALLED = frozenset(
    "repair breakdown fault callout emergency corrective reactive defect problem incident failure complaint".split()
)
_SORTS = ("type", "kind", "category")


def told_by(name: str, fields: Mapping[str, Schema]) -> tuple[str, Collection[Json]]:
    """The choice beside a text on what is wrong, and its options with which anything is; "" where there is none."""
    if not _WRONG & {*split(name)}:
        return "", ()
    for beside, schema in fields.items():
        options = [one for one in settle(schema).get("enum", ()) if isinstance(one, str)]
        wrong = [one for one in options if _CALLED & {*split(one)}]
        if split(beside)[-1:] and split(beside)[-1] in _SORTS and 0 < len(wrong) < len(options):
            return beside, wrong
    return "", ()


def while_wrong(site: Site, fill: Fill) -> Fill:
    """The filler of a text on what is wrong, which is absent where nothing is."""
    if not site.own or len(site.path) != 1 or site.required and not site.nullable:
        return fill
    fields = site.entity.schema.get("properties", {})
    beside, wrong = told_by(site.name, fields)
    if not beside:
        return fill
    place = structs.replace(
        site, pointer=f"/{beside}", path=(beside,), schema=settle(fields[beside]), field=None
    )
    made = enum_leaf(place)
    if made is None:
        return fill
    sort, absent = made[0], site.absent
    return lambda story: fill(story) if sort(story) in wrong else absent


def hardly_told(tool: Tool, name: str) -> bool:
    """Whether a call says by another argument whether anything is wrong, so that nobody makes up what is."""
    return bool(told_by(name, {item.name: item.schema for item in tool.inputs})[0])
