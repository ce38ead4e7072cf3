"""What a state tells of the fields beside it: why it was suspended, whom it was issued to, who looks into it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import Struct

from callsmith.catalog.conditions import Held, condition_of
from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, phases, standing, to_let
from callsmith.catalog.named_after import beside_the_way
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.accounted import why
from callsmith.world.agreement.first_and_last import first_and_last
from callsmith.world.agreement.levels import levelled
from callsmith.world.agreement.named_length import long_as_named
from callsmith.world.agreement.within_limits import within_limits
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_BUSY = frozenset("job busy serving use call duty trip ride".split())
_FREE = frozenset("available free vacant idle open active online ready".split())
_BY_WHICH = frozenset(
    "pass booking reservation rental session order contract lease parcel trip loan hire".split()
)
_TENDED = frozenset(
    "charging cleaning drying pending awaiting waiting booting starting updating setting".split()
)
_OTHERS = frozenset(
    "by customer client contact owner first last full author reporter winner donor sender recipient".split()
)
_WHY = frozenset("reason cause explanation".split())


class Standing(Struct, frozen=True):
    """What follows from how records of an entity stand."""

    status: str = ""
    options: tuple[str, ...] = ()
    held: Mapping[str, Held] = {}
    current: tuple[str, ...] = ()
    busy: frozenset[str] = frozenset()
    flags: Mapping[str, frozenset[str]] = {}  # switches, with the states in which they may be on
    pairs: tuple[tuple[str, str], ...] = ()  # the id and the name of one and the same
    charged: tuple[str, ...] = ()  # who sees to it
    at_work: frozenset[str] = frozenset()  # states in which somebody does
    fields: Mapping[str, Schema] = {}
    refers: Mapping[str, str] = {}
    loose: Mapping[str, bool] = {}  # fields that may be absent, with whether they then say null


def in_state(made: Make, entity: Entity) -> Make:
    """A filler of records in which what stands beside a state agrees with it."""
    for rule in (levelled, within_limits, first_and_last, long_as_named):
        made = rule(made, entity)
    standing_so = standing_of(entity)
    if not (
        standing_so.held
        or standing_so.current
        or standing_so.flags
        or standing_so.pairs
        or standing_so.charged
    ):
        return made

    def run(story: Story) -> Json:
        record = made(story)
        return as_it_stands(standing_so, record, story, entity) if isinstance(record, dict) else record

    return run


def standing_of(entity: Entity) -> Standing:
    """What follows in an entity's records from how they stand."""
    declared = entity.schema.get("properties", {})
    fields = {name: settle(child) for name, child in declared.items()}
    status = standing(fields)
    options = tuple(str(one) for one in fields[status].get("enum", ()) if one is not None) if status else ()
    needed = {*entity.schema.get("required", ())}
    null = {name: "null" in types(declared[name]) or "null" in types(fields[name]) for name in fields}
    loose = {name: null[name] for name in fields if null[name] or name not in needed}
    refers = {
        field.pointer[1:]: field.refers
        for field in entity.fields
        if field.refers and "/" not in field.pointer[1:]
    }
    busy, pairs = frozenset(one for one in options if _busy(one)), _pairs(fields, loose)
    return Standing(
        status if len(options) > 1 else "",
        options,
        {
            name: held
            for name in loose
            if options and (held := _held(name, fields[name], entity, options)) is not None
        },
        tuple(name for name in loose if _current(name, refers, options)) if busy else (),
        busy,
        {
            name: on
            for name, schema in fields.items()
            if "boolean" in types(schema) and (on := _on_in(name, options))
        },
        tuple(pairs),
        tuple(name for name in loose if _in_charge(name, fields[name], entity, dict(pairs))),
        frozenset(
            one
            for one, phase in zip(options, phases(options), strict=True)
            if phase == "going" and one != options[0] and not beside_the_way(one)
        ),
        fields,
        refers,
        loose,
    )


def _held(name: str, schema: Schema, entity: Entity, options: tuple[str, ...]) -> Held | None:
    """The states in which a field surely holds something: a resolution once it is over."""
    told = condition_of(entity, name)
    if told is not None or not {*split(name)} & {"resolution", "outcome"} or "string" not in types(schema):
        return told
    over = frozenset(one for one, phase in zip(options, phases(options), strict=True) if phase == "over")
    return Held(over, {}) if over and not schema.get("enum") else None


def _in_charge(name: str, schema: Schema, entity: Entity, pairs: Mapping[str, str]) -> bool:
    """Whether a field tells who of the house sees to a record, and not whose it is."""
    if name in pairs.values() or "string" not in types(schema) or schema.get("format") or schema.get("enum"):
        return False
    words = {*split(name)}
    if (
        words & {*read("catalog/lexicon/persons.yaml")["served"], *_OTHERS}
        or f"/{name}" == entity.label_pointer
    ):
        return False
    return any(field.pointer == f"/{name}" and field.facet == "person" for field in entity.fields)


def _current(name: str, refers: Mapping[str, str], options: tuple[str, ...]) -> bool:
    """Whether a field tells what a thing is busy with, or by which booking somebody has it."""
    words = split(name)
    return (
        words[0] == "current"
        and len(words) > 1
        or name in refers
        and to_let(options)
        and bool({*words} & _BY_WHICH)
    )


def _busy(option: str) -> bool:
    words = {*split(option)}
    at_it = (
        words & (_BUSY | {*read(LIVES)["taken"]}) or split(option)[-1].endswith("ing") and not words & _TENDED
    )
    return not beside_the_way(option) and bool(at_it) and not words & {"un", "out"}


def _on_in(name: str, options: tuple[str, ...]) -> frozenset[str]:
    """The states in which a switch may be on that says that a thing is active, or to be had."""
    words = [word for word in split(name) if word not in ("is", "currently")]
    if words not in (["active"], ["available"], ["enabled"], ["online"]):
        return frozenset()
    told = {one: [*split(one)] for one in options}
    same = frozenset(
        one for one, said in told.items() if said == words or words == ["active"] and said == ["activated"]
    )
    if same or words != ["available"]:
        return same
    return frozenset(one for one, said in told.items() if {*said} & _FREE and not beside_the_way(one))


def _pairs(fields: Mapping[str, Schema], loose: Mapping[str, bool]) -> list[tuple[str, str]]:
    """Fields that hold the id and the name of one and the same, either of which may be empty."""
    heads = {split(name)[:-1]: name for name in loose if split(name)[-1] == "id" and len(split(name)) > 1}
    names = [name for name in loose if split(name)[-1] == "name" and "string" in types(fields[name])]
    return [(heads[split(name)[:-1]], name) for name in names if split(name)[:-1] in heads]


def as_it_stands(so: Standing, record: Mapping[str, Json], story: Story, entity: Entity) -> dict[str, Json]:
    """A record in which what stands beside its state agrees with it."""
    made, now = dict(record), str(record.get(so.status)) if so.status else ""
    for name, held in so.held.items():
        told = held.tells(now)
        if told is False and held.empty[now] is None and not isinstance(made.get(name), list):
            _drop(made, name, so)
        elif (
            told
            and made.get(name) in (None, "")
            and (value := _filled(name, so, story, entity, now)) is not None
        ):
            made[name] = value
    for name in so.current:
        if now not in so.busy:
            _drop(made, name, so)
        elif made.get(name) is None and (value := _linked(name, so, story)) is not None:
            made[name] = value
    for name, on in so.flags.items():
        if name in made and now in so.options:
            made[name] = now in on
    for name in so.charged if now in so.at_work else ():
        if made.get(name) is None and (house := story.population.cast["colleague"]):
            made[name] = house[mix(story.bits, 1513) % len(house)].name
    for key, name in so.pairs:
        if made.get(key) is None and made.get(name) is not None:
            _drop(made, name, so)
        elif made.get(name) is None and made.get(key) is not None and key in so.refers:
            target = next(
                (one for one in story.population.stories(so.refers[key]) if one.id == made[key]), None
            )
            if target is not None and target.subject is not None:
                made[name] = target.subject.name
    return made


def as_made(so: Standing, record: Mapping[str, Json], said: Collection[str]) -> dict[str, Json]:
    """A record that somebody has just made, without what it does not hold in the state it begins in."""
    made, now = dict(record), str(record.get(so.status)) if so.status else ""
    for name, held in so.held.items():
        if name not in said and held.tells(now) is False and held.empty[now] is None and made.get(name) != []:
            _drop(made, name, so)
    for name in so.current:
        if name not in said and now not in so.busy:
            _drop(made, name, so)
    for name, on in so.flags.items():
        if name in made and name not in said and now in so.options:
            made[name] = now in on
    return made


def _filled(name: str, so: Standing, story: Story, entity: Entity, now: str) -> Json:
    """What a field holds that surely holds something: a reason, a moment, somebody."""
    schema, words = so.fields[name], {*split(name)}
    kinds = types(schema)
    if schema.get("enum"):
        options = [one for one in schema["enum"] if one is not None]
        return options[mix(story.bits, 1511) % len(options)] if options else None
    if "string" not in kinds:
        return None
    clock = story.population.clock
    if schema.get("format") in ("date", "date-time"):
        first = story.created or clock.now - 5 * 86400
        at = story.finished or max(first + 3600, min(story.updated, clock.now - 3600))
        if words & {"until", "till"}:
            at = clock.at(3 + mix(story.bits, 1512) % 25, 17)
        at = at if words & {"until", "till"} else min(at, clock.now - 600)
        return clock.day(at) if schema["format"] == "date" else clock.utc(at)
    if schema.get("format") or schema.get("pattern"):
        return None
    if words & (_WHY | {"description", "resolution", "outcome", "message", "note", "notes"}):
        return why(name, entity, now, story)
    if so.refers.get(name):
        return _linked(name, so, story)
    if words & {"by", "name"} or _agent(split(name)[-1]):
        house = story.population.cast["colleague"]
        return house[mix(story.bits, 1513) % len(house)].name if house else None
    if words & {"to", "for"}:
        others = story.population.strangers()
        return others[mix(story.bits, 1514) % len(others)].name if others else None
    return None


def _agent(word: str) -> bool:
    return word.endswith(("er", "or", "ee"))


def _linked(name: str, so: Standing, story: Story) -> Json:
    key = so.refers.get(name, "")
    if key not in story.population.kinds:
        return None
    found = story.links.get(key)
    if found is None:
        options = story.population.stories(key)
        found = options[mix(story.bits, 1515) % len(options)] if options else None
    return found.id if found is not None and found.id and "string" in types(so.fields[name]) else None


def _drop(record: dict[str, Json], name: str, so: Standing) -> None:
    if so.loose.get(name):
        record[name] = None
    else:
        record.pop(name, None)
