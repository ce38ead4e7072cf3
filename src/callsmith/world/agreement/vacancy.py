"""What stands empty, or in its place, names nobody who has it: the tenant of a free plot, the day a book was lent."""

from __future__ import annotations

from msgspec import structs

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, standing
from callsmith.records import Json
from callsmith.schema import settle
from callsmith.world.fields.choices import enum_leaf
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.families import PEOPLE, everyday, family_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story


def while_taken(site: Site, fill: Fill) -> Fill:
    """The filler of a field that is there only while somebody has the thing."""
    if site.required or not site.own or len(site.path) != 1 or not everyday(site.entity, site.family):
        return fill
    name = standing(site.entity.schema.get("properties", {}))
    if not name or name == site.path[0]:
        return fill
    held = settle(site.entity.schema["properties"][name])
    table = data.read(LIVES)
    options = held.get("enum", ())
    empty = [option for option in options if option and {*split(str(option))} & {*table["vacant"]}]
    empty += [option for option in options if empty and option and {*split(str(option))} & {*table["shut"]}]
    taken = {word for option in options if option for word in split(str(option))} & {*table["taken"]}
    if not empty or not taken or not _of_whoever(site, {*table["taken"]}, {*table["having"]}):
        return fill
    beside = structs.replace(site, pointer=f"/{name}", path=(name,), schema=held, field=None)
    made = enum_leaf(beside)
    if made is None:
        return fill
    stands, absent = made[0], site.absent

    has = [one for one in options if one not in empty and {*split(str(one))} & {*table["taken"]}]

    def run(story: Story) -> Json:
        now = stands(story)
        held = absent if now in empty else fill(story)
        if held is absent and now in has and (target := story.links.get(site.refers)) is not None:
            return target.id or held
        return held

    return run


def _of_whoever(site: Site, taken: set[str], having: set[str]) -> bool:
    words = {*site.words}
    if words & taken or words & having:
        return True
    target = next((one for one in site.toolset.entities if one.key == site.refers), None)
    return target is not None and family_of(target).name in PEOPLE and "owner" not in words
