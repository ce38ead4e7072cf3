"""Who has a thing follows from how it stands: an assigned laptop names its holder, a free locker nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.bought import bought_of, words_of
from callsmith.catalog.lives import has_come, standing
from callsmith.records import Entity, Json, Schema, Toolset
from callsmith.schema import types
from callsmith.world.stories.clock import DAY
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Ground, Story, view_of

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table = data.read("catalog/lexicon/terms.yaml")
    names = ("deeds", "taken", "vacant", "apart", "who", "shown", "since", "back", "handed", "nobody")
    return {name: frozenset(table[name]) for name in names}


def held(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A thing that somebody has says who, one that nobody has says nobody."""
    status = standing(fields)
    options = [option for option in fields[status].get("enum", ()) if option] if status else []
    taken = {option for option in options if _is_taken(option)}
    vacant = any({*split(str(option))} & _table()["vacant"] for option in options if option not in taken)
    needed = {*entity.schema.get("required", ())}
    whole = entity.schema.get("properties", {})
    loose = {name: "null" in types(whole[name]) or "null" in types(fields[name]) for name in fields}
    who = {name: _states(name, taken) for name in fields if _names_holder(name, fields[name])}
    who = {name: states for name, states in who.items() if vacant or "user" not in split(name)}
    handed = not vacant or _handed(entity, fields)
    since = {name: _states(name, taken) for name in fields if _tells_since(name, fields[name])}
    if not taken or not who:
        return None
    free = [
        name
        for name in (*who, *since)
        if (loose[name] or name not in needed) and name != entity.label_pointer[1:]
    ]
    refers = {field.pointer[1:]: field.refers for field in entity.fields}
    birth = next(
        (name for name in fields if {*split(name)} & {"purchase", "purchased", "bought", "acquired"}), ""
    )

    def run(record: dict[str, Any], story: Story) -> None:
        stands = record.get(status)
        for name in free:
            if stands in (who.get(name) or since.get(name) or ()):
                continue
            nobody = {*split(str(stands))} & (_table()["vacant"] | _table()["nobody"])
            if nobody if vacant else stands in options and not _after(stands, taken, options):
                _drop(record, name, nullable=loose[name])
        if stands not in taken:
            return
        empty = [name for name, states in who.items() if stands in states and record.get(name) in (None, "")]
        named = [
            name for name, states in who.items() if stands in states and record.get(name) not in (None, "")
        ]
        person = _someone(story, [refers.get(name, "") for name in (*empty, *named)], entity.toolkit)
        for name in empty if handed and not named else ():
            told = _shown(name, fields[name], person) if person is not None else None
            if told is not None:
                record[name] = told
        _since_when(
            record, {name for name, states in since.items() if stands in states}, fields, (birth, story)
        )

    return run


def _since_when(record: dict[str, Any], since: set[str], fields: Fields, how: tuple[str, Story]) -> None:
    """Whoever has a thing has had it since some day."""
    birth, story = how
    clock = story.population.clock
    for name in sorted(since):
        if record.get(name) is None and not {*split(name)} & {"due", "until", "return"}:
            at = _begun(record, birth, story)
            record[name] = clock.day(at) if fields[name].get("format") == "date" else clock.utc(at)


def _handed(entity: Entity, fields: Fields) -> bool:
    """Whether such things are handed to people, as laptops and lockers are and units of blood are not."""
    nouns = {entity.noun.replace(" ", "_"), entity.noun.rpartition(" ")[2]}
    kept = {word for name in fields for word in split(name)} & {"serial", "asset", "tag", "model", "brand"}
    known = nouns & (words_of("things") | _table()["handed"]) or any(bought_of(noun) for noun in nouns)
    return bool(known and "unit" not in nouns or kept)


def _is_taken(option: Json) -> bool:
    words = {*split(str(option))}
    return bool(words & _table()["taken"]) and not words & _table()["apart"]


def _after(stands: Json, taken: set[Json], options: list[Json]) -> bool:
    """Whether a piece of work that stands so was somebody's before."""
    return any(has_come(stands, one, options) for one in taken if one in options)


def _names_holder(name: str, schema: Schema) -> bool:
    words = [singular(word) if word not in _table()["deeds"] else word for word in split(name)]
    kinds = types(schema)
    if (
        not {"string", "integer"} & {*kinds}
        or schema.get("enum")
        or schema.get("format") in ("date", "date-time")
    ):
        return False
    if {*words} & _table()["who"] and {*words} <= _table()["who"] | _table()["shown"] | {"current"}:
        return True
    deed = bool({*words} & _table()["deeds"])
    return (
        deed
        and bool({"to", "by"} & {*words})
        and {*words} <= _table()["deeds"] | _table()["shown"] | {"to", "by", "out", "current", "in"}
    )


def _tells_since(name: str, schema: Schema) -> bool:
    words = split(name)
    if schema.get("format") not in ("date", "date-time"):
        return False
    return (
        bool({*words} & _table()["deeds"])
        and {*words} <= _table()["deeds"] | _table()["since"] | {"out"}
        or " ".join(words) in _table()["back"]
    )


def _states(name: str, taken: set[Json]) -> set[Json]:
    """The states in which a field is there: of what is lent lent_to, of what is taken at all the holder."""
    deeds = {*split(name)} & _table()["deeds"]
    fit = {state for state in taken if {*split(str(state))} & deeds}
    if "lent" in deeds or "loaned" in deeds or "borrowed" in deeds:
        fit |= {
            state for state in taken if {*split(str(state))} & {"loan", "out", "lent", "loaned", "borrowed"}
        }
    return fit or (taken if not deeds & {"reserved", "booked"} else set())


def _someone(story: Story, refers: list[str], toolkit: str) -> Story | None:
    """Somebody whom the toolkit keeps; else somebody of the house."""
    population: Ground = story.population
    keys = [key for key in refers if key in population.kinds]
    keys += [
        key
        for key, kind in population.kinds.items()
        if kind.entity.toolkit == toolkit and kind.family.name in PEOPLE
    ]
    for key in keys:
        people = population.stories(key)
        if people:
            return people[mix(story.bits, 1427) % len(people)]
    house = population.cast["colleague"]
    return view_of(story, house[mix(story.bits, 1427) % len(house)], 0) if house else None


def _shown(name: str, schema: Schema, person: Story) -> Json:
    """What a field shows of somebody: a key, an address or the name."""
    words = split(name)
    if words[-1] in ("id", "number") or "string" not in types(schema):
        if person.entity not in person.population.kinds or not person.id:
            return None
        whole = "string" not in types(schema)
        return int(person.id) if whole and person.id.isdigit() else None if whole else person.id
    if words[-1] in ("email", "mail") or schema.get("format") == "email":
        return person.subject.email if person.subject is not None else None
    if schema.get("format"):
        return None
    return person.subject.name if person.subject is not None else person.title or None


def _begun(record: Mapping[str, Any], birth: str, story: Story) -> int:
    clock = story.population.clock
    first = clock.parse(record.get(birth)) if birth else None
    at = clock.now - (2 + mix(story.bits, 1429) % 190) * DAY + mix(story.bits, 1433) % 30 * 900
    return at if first is None or first < at else min(clock.now - 3600, first + DAY)


def _drop(record: dict[str, Any], name: str, *, nullable: bool) -> None:
    if nullable:
        record[name] = None
    else:
        record.pop(name, None)


def released(
    entity: Entity, fields: Fields, record: Mapping[str, Json], said: Collection[str]
) -> dict[str, Json]:
    """A thing that was given back, lost or taken out of use has nobody who has it any more."""
    status = standing(fields)
    options = [option for option in fields[status].get("enum", ()) if option] if status else []
    taken = {option for option in options if _is_taken(option)}
    vacant = any({*split(str(option))} & _table()["vacant"] for option in options if option not in taken)
    made, whole = dict(record), entity.schema.get("properties", {})
    if status not in said or not taken or not vacant or record.get(status) in taken:
        return made
    for name in fields:
        if name in (*said, entity.label_pointer[1:]) or not (
            _names_holder(name, fields[name]) or _tells_since(name, fields[name])
        ):
            continue
        nullable = "null" in types(whole[name]) or "null" in types(fields[name])
        if name in made and (nullable or name not in entity.schema.get("required", ())):
            _drop(made, name, nullable=nullable)
    return made
