"""Fields that are there only where another says so: the reason of what was called off, what a switch is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.conditions import condition_of
from callsmith.catalog.lives import LIVES, has_come, phase, standing
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.seeds import number
from callsmith.world.stories.lifelines import Line, table
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.standing import come, phase_of, unheld

_HOURS = {
    "night": 22,
    "evening": 17,
    "afternoon": 13,
    "midday": 11,
    "noon": 11,
    "lunch": 11,
    "morning": 5,
}  # from


class Details(Struct, frozen=True):
    """Optional fields by what lets them be there, each with whether it may be null."""

    switched: tuple[tuple[str, str, bool], ...] = ()  # switch, detail
    reasons: tuple[tuple[str, bool], ...] = ()  # of something that did not take place
    results: tuple[tuple[str, bool], ...] = ()  # of what has taken place
    flags: tuple[tuple[str, Json], ...] = ()  # switches named after a state
    status: str = ""
    free: tuple[str, ...] = ()  # switches that say nobody has it
    held: tuple[
        tuple[str, str, bool], ...
    ] = ()  # switches that say nobody has it, and the field that says who does
    works: tuple[str, ...] = ()  # switches that say it works
    grave: tuple[tuple[str, str], ...] = ()  # switches that say how bad it is, with the field that grades it
    whiles: tuple[tuple[str, Json, bool], ...] = ()  # what is there while a state lasts
    part: tuple[str, tuple[Json, ...]] = ("", ())  # the field that says in which part of the day, and those


def details_of(entity: Entity, asked: Collection[str] = ()) -> Details:
    """The details of an entity's records. ``asked``: what a call that makes one sets."""
    properties = entity.schema.get("properties", {})
    fields = {name: settle(child) for name, child in properties.items()}
    needed = {*entity.schema.get("required", ())}
    nullable = {name: "null" in types(fields[name]) or "null" in types(properties[name]) for name in fields}
    loose = [name for name in fields if nullable[name] or name not in needed]
    loose = loose if needed else [name for name in loose if nullable[name]] or loose
    loose = [name for name in loose if condition_of(entity, name) is None]
    switched = _switched(fields, loose, nullable)
    told = {name for _, name, _ in switched}
    states = any({*split(name)} & {"status", "state", "stage"} for name in fields)
    reasons = [
        (name, nullable[name])
        for name in loose
        if states
        and name not in told
        and split(name)[-1] == "reason"
        and not fields[name].get("enum")
        and name not in asked
    ]
    results = [
        (name, nullable[name])
        for name in loose
        if states and name not in told and _result(name, fields[name], nullable[name] and name not in asked)
    ]
    status = standing(fields)
    options = [option for option in (fields[status].get("enum", ()) if status else ()) if option]
    flags = [
        (name, option)
        for name, schema in fields.items()
        if "boolean" in types(schema)
        for option in options
        if tuple(split(str(option))) == split(name)
    ]
    return Details(
        switched=switched,
        reasons=tuple(reasons),
        results=tuple(results),
        flags=tuple(flags),
        status=status,
        free=_free(fields, options),
        held=() if options else _held(fields, loose, nullable),
        part=_part(fields),
        works=_works(fields, options),
        grave=_grave(fields),
        whiles=tuple(
            (name, state, nullable[name]) for name in loose if (state := _while(name, options)) is not None
        ),
    )


def _switched(
    fields: Mapping[str, Schema], loose: Sequence[str], nullable: Mapping[str, bool]
) -> tuple[tuple[str, str, bool], ...]:
    """Fields that a switch lets be there, whose names begin with that of the switch: receipt_sent_at."""
    switches = {name: _stems(name) for name, schema in fields.items() if "boolean" in types(schema)}
    found = []
    for name in loose:
        words = [singular(word) for word in split(name)]
        for switch, stems in switches.items():
            rest = {*words[len(stems) :]}
            if name != switch and stems and rest and rest <= {*table()["tails"]} and _alike(words, stems):
                found.append((switch, name, nullable[name]))
                break
    return tuple(found)


def _part(fields: Mapping[str, Schema]) -> tuple[str, tuple[Json, ...]]:
    """The field that says in which part of the day, and which those are."""
    for name, schema in fields.items():
        if schema.get("enum") and {str(one).lower() for one in schema["enum"]} <= _HOURS.keys():
            return name, tuple(schema["enum"])
    return "", ()


def _free(fields: Mapping[str, Schema], options: Sequence[Json]) -> tuple[str, ...]:
    """Switches that say nobody has a thing, where its states tell that too."""
    known = data.read(LIVES)
    words = {word for option in options for word in split(str(option))}
    if not words & {*known["vacant"]} or not words & {*known["taken"]}:
        return ()
    return tuple(
        name
        for name, schema in fields.items()
        if "boolean" in types(schema)
        and {*split(name)} <= {"is", "available", "free", "vacant", "in", "stock"}
    )


def _held(
    fields: Mapping[str, Schema], loose: Sequence[str], nullable: Mapping[str, bool]
) -> tuple[tuple[str, str, bool], ...]:
    """Whoever has a thing beside the switch that says it is free to be had: available, rentedTo."""
    known = data.read(LIVES)
    free = next((name for name in fields if _says_free(name, fields[name])), "")
    words = {name: {*split(name)} for name in loose if name != free}
    who = [
        name
        for name, said in words.items()
        if said & {*known["having"]} - {"due"} or said & {*known["taken"]} and said & {"to", "by"}
    ]
    return (
        tuple((free, name, nullable[name]) for name in who if "string" in types(fields[name])) if free else ()
    )


def _says_free(name: str, schema: Schema) -> bool:
    return "boolean" in types(schema) and {*split(name)} <= {"is", "available", "free", "vacant"}


def _works(fields: Mapping[str, Schema], options: Sequence[Json]) -> tuple[str, ...]:
    """Switches that say a thing works, where some of its states tell that it does not."""
    if not {word for option in options for word in split(str(option))} & {*table()["broken"]}:
        return ()
    said = {name: " ".join(word for word in split(name) if word != "is") for name in fields}
    return tuple(
        name
        for name, schema in fields.items()
        if "boolean" in types(schema) and said[name] in table()["works"]
    )


def _grave(fields: Mapping[str, Schema]) -> tuple[tuple[str, str], ...]:
    """Switches that say something is urgent, with the field that grades it."""
    grades = [name for name, schema in fields.items() if schema.get("enum") and {*split(name)} & {*table()["grades"]}
              and {word for option in schema["enum"] for word in split(str(option))} & {*table()["grave"]}]  # fmt: skip
    return tuple(
        (name, grades[0])
        for name, schema in fields.items()
        if grades and "boolean" in types(schema) and {*split(name)} - {"is"} <= {*table()["urgent"]}
    )


def _while(name: str, options: Sequence[Json]) -> Json:
    """The state that something is told of while it lasts: paused_until; None for other fields."""
    words, tails = split(name), {*table()["whiles"]}
    rest = [word for word in words if word not in tails]
    if len(rest) == len(words) or not rest:
        return None
    until = {*words} & {"until", "till", "from", "since", "reason"}
    return next(
        (one for one in options if until and phase(one) != "over" and list(split(str(one))) == rest), None
    )


def _stems(name: str) -> list[str]:
    return [
        singular(word)
        for word in split(name)
        if word not in ("is", "has", "with", "needs", "in", "include", "includes", "required", "needed")
    ]


def _alike(first: list[str], second: list[str]) -> bool:
    return all(
        one == other or len(one) > 4 and one[:5] == other[:5]
        for one, other in zip(first, second, strict=False)
    )


def _result(name: str, schema: dict[str, Json] | object, later: bool) -> bool:
    """Whether a field tells what came of it. ``later``: it may be empty, and nobody states it of a new record."""
    words = {*split(name)}
    if words & {*table()["results"]}:
        return True
    kinds = types(schema)  # type: ignore[arg-type]
    number = bool({"integer", "number"} & {*kinds})
    return number and bool(words & {*table()["measured"]} or later and not words & {*table()["beforehand"]})


def trimmed(details: Details, line: Line | None, record: dict[str, Json]) -> dict[str, Json]:
    """A record without details of what is not so."""
    now = record.get(details.status) if details.status else None
    for name, state, nullable in details.whiles:
        if now != state:
            _drop(record, name, nullable=nullable)
    for name in details.free:
        if isinstance(now, str) and name in record:
            record[name] = bool({*split(now)} & {*data.read(LIVES)["vacant"]})
    for free, name, nullable in details.held:
        if free in record and record.get(name) not in (None, ""):
            record[free] = number(str(record[name]), str(next(iter(record.values())))) % 5 > 1
            if record[free]:
                _drop(record, name, nullable=nullable)
    for name in details.works:
        if isinstance(now, str) and name in record:
            record[name] = not {*split(now)} & {*table()["broken"]}
    for name, grade in details.grave:
        if name in record and isinstance(record.get(grade), str):
            record[name] = bool({*split(str(record[grade]))} & {*table()["grave"]})
    stands = record.get(line.status) if line is not None and line.status else None
    for flag, state in details.flags:
        if line is not None and stands in line.options and flag in record:
            record[flag] = has_come(stands, state, line.options)
    for switch, name, nullable in details.switched:
        if record.get(switch) is False:
            _drop(record, name, nullable=nullable)
        elif record.get(switch) and record.get(name) in (None, ""):
            record[switch] = False
    if line is None or not line.status:
        return record
    told = phase_of(line, record)
    if not told:
        return record
    for name, nullable in details.reasons:
        if not unheld(stands) and told != "dropped":
            _drop(record, name, nullable=nullable)
    for name, nullable in details.results:
        measured = bool({*split(name)} & {*table()["measured"]}) and not {*split(name)} & {
            *table()["results"]
        }
        if told == "ahead" or unheld(stands) or told == "going" and not measured:
            _drop(record, name, nullable=nullable)
    _by_whom(line, record, stands)
    return record


def in_part_of_day(details: Details, record: dict[str, Json], hour: int) -> dict[str, Json]:
    """A record that says morning of what was done in the morning."""
    name, parts = details.part
    if name not in record or record[name] is None:
        return record
    told = {str(part).lower(): part for part in parts}
    word = next((word for word, first in _HOURS.items() if word in told and hour >= first), "")
    return {**record, name: told[word]} if word else record


def _by_whom(line: Line, record: dict[str, Json], stands: Json) -> None:
    """Nobody has given yet what is due: given_by goes with given_at."""
    for moment in line.moments:
        words = split(moment.name)
        if (
            moment.role in ("begun", "done", "settled")
            and come(line, moment, stands) is False
            and len(words) > 1
        ):
            for name in [
                name for name in record if split(name)[:-1] == words[:-1] and split(name)[-1] in ("by", "to")
            ]:
                record[name] = None if moment.nullable else record[name]
                if not moment.nullable:
                    del record[name]
    if phase_of(line, record) in ("ahead", "going", "dropped"):
        done = {*table()["done"], *table()["made"], *table()["settled"], "picked", "off"} - {
            *table()["creation"]
        }
        for name in [
            name
            for name in record
            if split(name)[-1] == "by" and {*split(name)[:-1]} & done and name not in line.needed
        ]:
            _drop(record, name, nullable=False)


def kept(details: Details, record: dict[str, Json], said: Collection[str]) -> dict[str, Json]:
    """A changed record without details of what is not so any more."""
    for name, state, nullable in details.whiles:
        if details.status in said and record.get(details.status) != state and name not in said:
            _drop(record, name, nullable=nullable)
    for name in details.free:
        if details.status in said and name not in said and name in record:
            record[name] = bool({*split(str(record[details.status]))} & {*data.read(LIVES)["vacant"]})
    for free, name, nullable in details.held:
        if free in said and record.get(free) and name not in said:
            _drop(record, name, nullable=nullable)
        elif name in said and free not in said and free in record:
            record[free] = record.get(name) in (None, "")
    for switch, name, nullable in details.switched:
        if switch in said and record.get(switch) is False and name not in said:
            _drop(record, name, nullable=nullable)
    return record


def _drop(record: dict[str, Json], name: str, *, nullable: bool) -> None:
    if nullable:
        record[name] = None
    else:
        record.pop(name, None)
