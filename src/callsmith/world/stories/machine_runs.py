"""How what machines run came out: most of it well, some of it not, and the last of it still goes on."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.catalog.lives import phases
from callsmith.records import Entity, Json, Toolset
from callsmith.world.fields.measures import built_in
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lives import first_state, options_of
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.story import Ground, State, Story

_STATES: dict[str, State] = {"over": "done", "dropped": "gone", "going": "active", "ahead": "open"}


def ran(toolset: Toolset, entity: Entity) -> bool:
    """Whether a record is of something that machines run, whose states tell of a beginning and an end."""
    nouns = data.read("catalog/lexicon/happenings.yaml")["ran"]
    if entity.noun.rpartition(" ")[2] not in nouns or not is_technical(toolset, entity.toolkit):
        return False
    options = options_of(entity)
    return not built_in(entity.toolkit) and first_state(options) is not None and "over" in phases(options)


def come_out(population: Ground, story: Story) -> bool:
    """Draws how a run of machines stands, and when it ended; False for anything else."""
    entity, clock = population.kinds[story.entity].entity, population.clock
    if not ran(population.toolset, entity):
        return False
    options = options_of(entity)
    draw = mix(story.bits, 871) % 20
    wanted = "over" if draw < 14 else "dropped" if draw < 18 else "going" if draw < 19 else "ahead"
    told = [one for one, name in zip(options, phases(options), strict=True) if name == wanted]
    if not told:
        return False
    option: Json = told[0] if mix(story.bits, 872) % 4 else told[mix(story.bits, 873) % len(told)]
    story.traits["stands"], story.state = option, _STATES[wanted]
    if wanted in ("going", "ahead"):
        story.created = clock.now - (2 + mix(story.bits, 874) % 20) * 60 - mix(story.bits, 875) % 60
        story.updated, story.finished = story.created, 0
        return True
    story.finished = min(story.created + (2 + mix(story.bits, 876) % 25) * 60, clock.now - 30)
    story.updated = story.finished
    return True
