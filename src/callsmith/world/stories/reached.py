"""Fields that are there only once a record stands in a state: the day of delivery, the cause of a cancellation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import structs

from callsmith.catalog.lives import (
    begins_and_ends,
    ending_named,
    has_come,
    lies_ahead,
    nearly_over,
    phases,
    result_named,
    standing,
    state_named,
    tells_of_work,
    words_of,
)
from callsmith.records import Json
from callsmith.schema import settle
from callsmith.world.fields.choices import enum_leaf
from callsmith.world.fields.occasions import writer
from callsmith.world.fields.sites import MISSING, Fill, Site, role_of
from callsmith.world.stories.families import PEOPLE, family_of
from callsmith.world.stories.story import Story


def when_so(site: Site, fill: Fill) -> Fill:
    """The filler of a field that is named after one of the states its record may be in."""
    if not site.own or len(site.path) != 1 or site.required and not site.nullable:
        return fill
    beside = standing_beside(site)
    if beside is None or beside.path == site.path:
        return fill
    made = enum_leaf(beside)
    options = [option for option in beside.schema["enum"] if option is not None]
    if made is None or not begins_and_ends(options):
        return fill
    stands, absent = made[0], site.absent
    endings = ending_named(site.words, options)
    if endings:
        return lambda story: fill(story) if stands(story) in endings else absent
    told = dict(zip(options, phases(options), strict=True))
    if result_named(site.words):
        return lambda story: fill(story) if told.get(stands(story), "over") == "over" else absent
    given = next((one for one in options if words_of(str(one)) == ("assigned",)), None)
    if given is not None and _of_someone(site):
        return lambda story: fill(story) if _was(stands(story), given, options) else absent
    named, write = state_named(site.words, options), writer(site)
    if write is not None and named is None and nearly_over(site.words):
        return lambda story: absent if told.get(stands(story)) == "ahead" else fill(story)
    if write is None or named is None or lies_ahead(named, options):
        return fill

    def run(story: Story) -> Json:
        now = stands(story)
        if now not in options:
            return fill(story)
        if not has_come(now, named, options):
            return absent
        given = fill(story)
        if given not in (None, MISSING, write(story, story.created)):
            return given
        steps = max(1, options.index(now) - options.index(named) + 1)
        return write(story, story.created + (_reached(story) - story.created) // steps)

    return run


def _of_someone(site: Site) -> bool:
    """Whether a field names the person a thing is given to."""
    target = next((one for one in site.toolset.entities if one.key == site.refers), None)
    return target is not None and family_of(target).name in PEOPLE and role_of(site) != "author"


def _was(now: Json, state: Json, options: Sequence[Json]) -> bool:
    """Whether a thing is in a state, has been, or ended nobody knows when."""
    return (
        now not in options
        or phases(options)[options.index(now)] == "dropped"
        or has_come(now, state, options)
    )


def _reached(story: Story) -> int:
    """When a record came to stand as it does: after it was made, and before now."""
    known = story.finished or story.updated
    if known > story.created + 600:
        return known
    now = story.population.clock.now
    return story.created + max(1, min(now - 60 - story.created, 2 * 86400) // 2)


def standing_beside(site: Site) -> Site | None:
    """The field that tells how the record stands, whose states its schema lists."""
    fields = site.entity.schema.get("properties", {})
    name = standing(fields)
    held = settle(fields[name]) if name else {}
    if not any(option is not None for option in held.get("enum", ())):
        return None
    return structs.replace(site, pointer=f"/{name}", path=(name,), schema=held, field=None)


def while_working(site: Site) -> Callable[[Story], bool] | None:
    """When a part is there that tells how far the work is: while its record is in a state that goes on."""
    beside = standing_beside(site)
    if beside is None or len(site.path) != 1 or not tells_of_work([*site.schema["properties"]]):
        return None
    options = [option for option in beside.schema["enum"] if option is not None]
    going = [option for option, name in zip(options, phases(options), strict=True) if name == "going"]
    made = enum_leaf(beside)
    if not going or made is None or len(going) == len(options):
        return None
    stands = made[0]
    return lambda story: stands(story) in going
