"""How an everyday record stands among the states its schema lists, and which moments follow from that."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, begins_and_ends, participle_of, phase, phases, standing
from callsmith.records import Entity, Json, Tool
from callsmith.schema import settle
from callsmith.world.stories.clock import Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.nouns import is_technical
from callsmith.world.stories.relations import Kind
from callsmith.world.stories.story import State, Story

_SHARE = {"dropped": 1, "over": 4, "going": 3, "ahead": 3}  # how common each is

_STATES: dict[str, State] = {"dropped": "gone", "over": "done", "going": "active", "ahead": "open"}


def state_of(option: object) -> State:
    """How far something is that has come to stand so."""
    return _STATES[phase(option)]


def options_of(entity: Entity) -> list[Json]:
    """The states that records of an entity have, as their own field lists them; none where it has no such field."""
    fields = entity.schema.get("properties", {})
    held = settle(fields[name]) if (name := standing(fields)) else {}
    return [option for option in held.get("enum", ()) if option is not None]


def first_state(options: Sequence[Json]) -> Json | None:
    """How something stands that has just been made, where its states tell of a beginning and an end."""
    if not begins_and_ends(options):
        return None
    told = phases(options)
    begun = [option for option, name in zip(options, told, strict=True) if name == "ahead"]
    begun = begun or [option for option, name in zip(options, told, strict=True) if name == "going"]
    return begun[0] if begun else None


def stand(kind: Kind, story: Story) -> None:
    """Draws how an everyday record stands, where its states tell of a beginning and an end."""
    if kind.sole or not lived(kind.entity, kind.family.name):
        return
    if is_technical(story.population.toolset, kind.entity.toolkit):
        return  # what machines keep lasts, and what they run is over: see stages
    options = options_of(kind.entity)
    if first_state(options) is None:
        return
    told = phases(options)
    share = [
        1 if str(option) == "arrived" else _SHARE[name] for option, name in zip(options, told, strict=True)
    ]
    passing = kind.entity.noun.rpartition(" ")[2] in data.read("catalog/lexicon/lifelines.yaml")["quick"]
    lasting = "".join(split(str(options[0]))) in data.read(LIVES)["lasting"] and not passing
    if lasting:  # what is there is mostly in order
        share = [
            12 if not place else 1 if name in ("over", "dropped") else 2 for place, name in enumerate(told)
        ]
    share = _occupancy(options) or share
    draw = mix(story.bits, 977) % sum(share)
    place = 0
    while draw >= share[place]:
        draw -= share[place]
        place += 1
    option = options[place]
    story.traits["stands"], story.state = option, _STATES[_among(option, options)]


def _occupancy(options: Sequence[Json]) -> list[int]:
    """How common the states of a place are that somebody has or has not: few are shut; empty for all other states."""
    table = data.read(LIVES)
    words = [{*split(str(option))} for option in options]
    if not all(any(one & {*table[sort]} for one in words) for sort in ("vacant", "taken")):
        return []
    return [
        1 if one & {*table["shut"]} else 5 if one & {*table["vacant"], *table["taken"]} else 2
        for one in words
    ]


def lived(entity: Entity, family: str) -> bool:
    """Whether how far a record is follows from its own states, and from no story of an office."""
    return family == "thing" or everyday(entity, family) or brought(entity, family)


def _among(option: Json, options: Sequence[Json]) -> str:
    """How far a state is among others: whoever has arrived is there until it is done."""
    told = phases(options)[options.index(option)]
    return "going" if str(option) == "arrived" and {"done", "completed", "finished"} & {*options} else told


def brought(entity: Entity, family: str) -> bool:
    """Whether a record is an order that is made ready and brought, and no mere payment."""
    phases = [phase(option) for option in options_of(entity)]
    return family == "payment" and stem(entity.noun) == "order" and "going" in phases


def stands(story: Story) -> bool:
    """Whether it is known of a record how far it is."""
    return "stands" in story.traits


def end_of(story: Story) -> int:
    """Days from today to the day on which a record that is over took place."""
    return -2 - mix(story.bits, 812) % 38


def live(clock: Clock, story: Story) -> None:
    """Puts the moments of a record that stands somewhere in the order of its life."""
    if not stands(story):
        return
    held = max((target.created for target in story.links.values()), default=0)
    if story.state in ("done", "gone"):
        end = end_of(story)
        days = end - 1 - mix(story.bits, 819) % 9
        story.finished = clock.at(end, 9 + mix(story.bits, 821) % 9, mix(story.bits, 822) % 60)
        story.updated = story.finished
    else:
        days = -1 - mix(story.bits, 819) % 6
        story.finished = 0
    days -= _known_for(story)
    made = clock.at(days, 8 + mix(story.bits, 823) % 9, mix(story.bits, 824) % 60)
    story.created = min(max(made, held + 60), clock.now - 120)
    story.updated = max(story.created, story.finished)
    story.due = clock.at(due_of(story), 17)


def _known_for(story: Story) -> int:
    """How many days longer than a thing goes on somebody is known who is more than new."""
    kind = story.population.kinds.get(story.entity)
    if kind is None or not kind.entity.person or story.state == "open":
        return 0
    told = {word for name in kind.entity.schema.get("properties", {}) for word in split(name)}
    if not told & {"email", "phone", "full", "first"}:
        return 0  # what somebody has signed up for
    return 20 + mix(story.bits, 826) % 600


def due_of(story: Story) -> int:
    """Days from today to when a record that stands somewhere is due."""
    if story.state in ("done", "gone"):
        return end_of(story) + mix(story.bits, 825) % 3
    return mix(story.bits, 825) % 12


def begun_by(record: dict[str, Json], entity: Entity, tool: Tool) -> dict[str, Json]:
    """A new record in the state that its tool tells of, in words or by its verb: what is submitted is submitted."""
    table: dict[str, str] = data.read(LIVES)["begun"]
    name, verb = standing(record), tool.verb
    state = told_first(tool, entity) or table.get(verb) or table.get(verb.split(" ")[0], "")
    state = state or next((str(one) for one in options_of(entity) if participle_of(str(one), verb)), "")
    return {**record, name: state} if name and state in options_of(entity) else record


def told_first(tool: Tool, entity: Entity) -> str:
    """The state of something new that its tool tells of: "Starts a draft report", "Created as `pending`"."""
    text = " ".join((tool.description.partition(". ")[0], str(tool.hints.get("summary", "")))).lower()
    noun = re.escape(entity.noun.rpartition(" ")[2])
    named = [
        str(option)
        for option in options_of(entity)
        if (said := r"[ _-]".join(map(re.escape, split(str(option)))))
        and re.search(rf"\b{said} (?:\w+ )?{noun}\b|\b(?:as|status|state)(?: an?| is)? [`'\"]?{said}\b", text)
    ]
    return named[0] if len(named) == 1 else ""


def not_over(record: dict[str, Json], entity: Entity, said: Collection[str]) -> dict[str, Json]:
    """A new record of machines, which has not come to its end yet."""
    name, options = standing(record), options_of(entity)
    first = first_state(options)
    if not name or name in said or first is None or record[name] not in options:
        return record
    told = dict(zip(options, phases(options), strict=True))
    in_order = told[options[0]] in ("ahead", "going") and told[options[-1]] == "over"
    if in_order or told[record[name]] in ("over", "dropped"):
        return {**record, name: options[0] if in_order else first}
    return record


def entered(record: dict[str, Json], entity: Entity, said: Collection[str]) -> dict[str, Json]:
    """A new record in a state that something new may be in, and not one that it only comes to later."""
    record = _undecided(record, entity, said)
    name, options = standing(record), options_of(entity)
    if not name or name in said or record[name] not in options:
        return record
    new = {*data.read(LIVES)["newborn"]}
    told = dict(zip(options, phases(options), strict=True))
    fit = (one for one in options if told[one] != "dropped" or one == options[0])
    if (begun := next((one for one in fit if _born(one, new)), None)) is not None:
        return {**record, name: begun}
    first = first_state(options)
    late = (
        told[record[name]] in ("over", "dropped")
        or first is not None
        and told[first] == "ahead" != told[record[name]]
    )
    if not late:
        return record
    begun = (
        first
        if first is not None
        else next((one for one in options if told[one] in ("ahead", "going")), None)
    )
    return record if begun is None else {**record, name: begun}


def _born(option: Json, new: Collection[str]) -> bool:
    """Whether a state is one that something new is in: pending, or pending whatever it waits for."""
    words = split(str(option))
    return "".join(words) in new or len(words) > 1 and words[0] in ("pending", "awaiting")


_DECIDED = {"result", "outcome", "decision", "verdict"}


def _undecided(record: dict[str, Json], entity: Entity, said: Collection[str]) -> dict[str, Json]:
    """A new record of which nobody knows yet how it ends, where its fields can say that."""
    open_ones = {*data.read(LIVES)["undecided"]}
    made = dict(record)
    for name, schema in entity.schema.get("properties", {}).items():
        options = [one for one in settle(schema).get("enum", ()) if one is not None]
        waiting = next((one for one in options if "".join(split(str(one))) in open_ones), None)
        if name in made and name not in said and waiting is not None and {*split(name)} & _DECIDED:
            made[name] = waiting
    return made


def told_by(words: Sequence[str], story: Story, options: Sequence[Json]) -> bool | None:
    """Whether a moment named like one of the states has come: published, collected; None for other moments."""
    if not stands(story):
        return None
    named = [option for option in options if {*split(str(option))} & {*words} - {"on", "at", "in"}]
    if not named or named[0] == options[0]:  # when it came to be, however far it is
        return None
    now, told = options.index(story.traits["stands"]), phase(named[0])
    if told == "dropped" or phase(options[now]) == "dropped":
        return options[now] in named or None if told == "ahead" else options[now] in named
    come = now >= options.index(named[0])
    return come if told == "over" or not come else None
