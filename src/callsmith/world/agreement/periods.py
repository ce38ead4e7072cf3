"""Whiles that take a thing whole follow one another, and the thing is taken while one of them goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, phases, standing
from callsmith.records import Entity, Json, Toolset
from callsmith.schema import settle, types
from callsmith.world.agreement.agreement import Agreement, agreed_as_found, agreement_of
from callsmith.world.agreement.occasions import once_a_day
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.families import PEOPLE, family_of
from callsmith.world.stories.lifelines import Moment, table
from callsmith.world.stories.moments import Told, told_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.standing import unheld
from callsmith.world.stories.story import Entry, Ground

_ENDLESS = 1 << 40


class Whiles(Struct, frozen=True):
    """What is taken by records of an entity, and the moments from which and until which."""

    of: str
    agreement: Agreement
    start: Moment
    ends: tuple[Moment, ...]  # when it really ended before when it was to


_known: dict[tuple[str, str], Whiles | None] = {}


def whiles_of(toolset: Toolset, entity: Entity) -> Whiles | None:
    """What an entity's records take for a while, where one of them leaves nothing for another."""
    key = (toolset.hash, entity.key)
    if key not in _known:
        if len(_known) > 2000:
            _known.clear()
        _known[key] = _whiles(toolset, entity)
    return _known[key]


def _whiles(toolset: Toolset, entity: Entity) -> Whiles | None:
    words = data.read("catalog/lexicon/periods.yaml")
    noun = entity.noun.rpartition(" ")[2]
    agreement = agreement_of(toolset, entity)
    line = agreement.line if agreement is not None else None
    if agreement is None or line is None or noun not in (*words["whole"], *words["shared"], *words["own"]):
        return None
    start = next(iter(line.of("start", "begun")), None)
    ends = [moment for moment in line.of("done", "end", "due") if moment.form != "clock"]
    if start is None or not ends and not line.length or start.form == "clock":
        return None
    named = {field.refers for field in entity.fields if field.refers and field.pointer.count("/") == 1}
    for other in toolset.entities:
        last, people = other.noun.rpartition(" ")[2], family_of(other).name in PEOPLE
        own = people and noun in words["own"] and family_of(other).name == "staff"
        taken = not people and (noun in words["whole"] or noun in words["shared"])
        if _several(other):
            continue
        if other.key in named and other.key != entity.key and (own or taken and last not in words["parts"]):
            return Whiles(other.key, agreement, start, tuple(ends))
    return None


def _several(entity: Entity) -> bool:
    """Whether a record stands for several things of one kind, of which each may be taken."""
    counted = {*data.read("catalog/lexicon/periods.yaml")["counted"]}
    return any(
        {*split(name)} & counted and {"integer", "number"} & {*types(settle(schema))}
        for name, schema in entity.schema.get("properties", {}).items()
    )


def apart(population: Ground, key: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries of an entity, none of which takes a thing while another has it."""
    entity = population.kinds[key].entity
    found = whiles_of(population.toolset, entity)
    if found is None:
        return _standing_so(population, entity, once_a_day(population, entity, entries))
    held: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        if found.of in entry.links and entry.story is not None:
            held.setdefault(entry.links[found.of], []).append(place)
    made = list(entries)
    for places in held.values():
        group = _in_turn(found, [made[place] for place in places], population.clock)
        for place, record in zip(places, group, strict=True):
            made[place] = structs.replace(made[place], record=record)
    made = [structs.replace(one, record=_owing(found, one.record, population.clock)) for one in made]
    for entry in made:
        population.fields[("full", key, entry.uid)] = entry.record
    return _standing_so(population, entity, tuple(made))


def _told(found: Whiles, record: Mapping[str, Json], clock: Clock, bits: int) -> Told:
    assert found.agreement.line is not None
    return told_of(found.agreement.line, dict(record), clock, bits, ())


def _span(found: Whiles, told: Told) -> tuple[int, int] | None:
    begun = told.read(found.start)
    if begun is None:
        return None
    last = next((at for moment in found.ends if (at := told.read(moment)) is not None), _ENDLESS)
    short = told.line.length and (not told.line.measured or told.line.unit < DAY)
    last = begun + told.lasts if last == _ENDLESS and short else last
    whole = found.start.form == "date" and last != _ENDLESS
    return begun, max(last, begun) + (DAY - 1 if whole and last == begun else 0)


def _in_turn(found: Whiles, group: Sequence[Entry], clock: Clock) -> list[dict[str, Json]]:
    """Records of one thing, moved so that they follow one another; the one that goes on stays."""
    tolds = [_told(found, one.record, clock, one.story.bits if one.story else 0) for one in group]
    spans = {place: span for place, told in enumerate(tolds) if (span := _span(found, told)) is not None}
    spans = {place: span for place, span in spans.items() if not _void(tolds[place])}
    going = [place for place in spans if _phase(tolds[place], spans[place], clock) == "going"]
    for place in going[:-1]:
        tolds[place] = _over(found, tolds[place], group[place], clock)
        spans[place] = _span(found, tolds[place]) or spans[place]
    for place in going[-1:]:
        if tolds[place].line.status and spans[place][0] > clock.now:
            spans[place] = _shifted(tolds[place], spans[place], (clock.now - spans[place][0]) // DAY)
    phased = {place: _phase(tolds[place], span, clock) for place, span in spans.items()}
    ahead = sorted((spans[place][0], place) for place in spans if phased[place] == "ahead")
    now = [place for place in spans if phased[place] == "going"][-1:]
    for place in now:
        spans[place] = _earlier(tolds[place], spans[place], clock)
    behind = sorted(
        ((spans[place][0], place) for place in spans if phased[place] != "ahead" and place not in now),
        reverse=True,
    )
    stated = any(told.line.status for told in tolds)
    if ahead and not stated and not now and (len(ahead) > 1 or ahead[0][1] % 3):
        _, place = ahead.pop(0)  # somebody has it already
        days = (spans[place][0] - clock.now) // DAY + 2
        long = min(400, (spans[place][1] - spans[place][0]) // DAY - 3)
        spans[place] = _shifted(tolds[place], spans[place], -days - mix(tolds[place].bits, 96) % max(1, long))
        now = [place]
    first = min((spans[place][0] for place in now), default=_ENDLESS)
    last = max((spans[place][1] for place in now), default=clock.now - DAY)
    last = clock.now if last == _ENDLESS else last  # it goes on till the next begins
    for _, place in ahead if stated or not now else ():
        days = -((spans[place][0] - last) // DAY) if spans[place][0] <= last < _ENDLESS else 0
        spans[place] = _shifted(tolds[place], spans[place], days + (place % 3 if days else 0))
        last = spans[place][1] if spans[place][1] != _ENDLESS else spans[place][0] + _MONTH
    for _, place in (*behind, *(() if stated or not now else ahead)):
        begun, ended = spans[place]
        if ended == _ENDLESS and first == _ENDLESS:
            first = begun  # nothing came after it that would have ended it
            continue
        if ended == _ENDLESS:
            _close(found, tolds[place], first - DAY)
            spans[place] = (begun, first - DAY)
        if spans[place][1] > first - 1:
            days = (spans[place][1] - first) // DAY + 1 + place % 4
            spans[place] = _shifted(tolds[place], spans[place], -days)
        first = spans[place][0]
    return [told.record for told in tolds]


_MONTH = 30 * DAY


def _void(told: Told) -> bool:
    stands = told.record.get(told.line.status) if told.line.status else None
    return told.phase == "dropped" or unheld(stands)


def _phase(told: Told, span: tuple[int, int], clock: Clock) -> str:
    if told.phase:
        return told.phase
    return "ahead" if span[0] > clock.now else "over" if span[1] < clock.now - DAY else "going"


def _shifted(told: Told, span: tuple[int, int], days: int) -> tuple[int, int]:
    """Moves a record and all that happened in it by some days."""
    if not days:
        return span
    for moment in told.line.of("made", "begun", "done", "settled", "start", "day", "end", "due", "next"):
        at = told.read(moment) if moment.form != "clock" else None
        if at is None or moment.name in told.line.creations and days > 0:
            continue
        told.write(moment, at + days * DAY)
    return span[0] + days * DAY, span[1] + days * DAY if span[1] != _ENDLESS else _ENDLESS


def _earlier(told: Told, span: tuple[int, int], clock: Clock) -> tuple[int, int]:
    """What lasts for years began some time ago and not all in one week."""
    left = (span[1] - clock.now) // DAY - 60
    if told.line.noun not in table()["long"] or told.phase or clock.now - span[0] > 40 * DAY or left < 60:
        return span
    return _shifted(told, span, -(mix(told.bits, 95) % min(left, 700)))


def _over(found: Whiles, told: Told, entry: Entry, clock: Clock) -> Told:
    """A record of what went on as one of what is over, as the thing has somebody else now."""
    line = told.line
    told_of_end = zip(line.options, phases(line.options), strict=True)
    ended = next((one for one, name in told_of_end if name == "over"), None)
    if not line.status or ended is None or entry.story is None:
        return told
    record = agreed_as_found(found.agreement, {**told.record, line.status: ended}, entry.story)
    return _told(found, record, clock, entry.story.bits)


def _close(found: Whiles, told: Told, at: int) -> None:
    for moment in found.ends:
        if moment.role == "end" and told.read(moment) is None:
            told.write(moment, at)


def _owing(found: Whiles, record: Mapping[str, Json], clock: Clock) -> Mapping[str, Json]:
    """Nothing is owed for what has not begun, and seldom for what has."""
    owed = {*data.read("catalog/lexicon/periods.yaml")["owed"]}
    names = [name for name in record if {*split(name)} & owed and isinstance(record[name], (int, float))]
    begun = clock.parse(record.get(found.start.name))
    seldom = mix(hash_of(record), 97) % 4 > 0
    if not names or begun is None or begun <= clock.now and not seldom:
        return record
    return {**record, **{name: 0 for name in names if not isinstance(record[name], bool)}}


def hash_of(record: Mapping[str, Json]) -> int:
    """A number that goes with what a record is called by."""
    return sum(ord(letter) * 31**at % 65521 for at, letter in enumerate(str(next(iter(record.values()), ""))))


def _standing_so(population: Ground, entity: Entity, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Things that are said to be taken while somebody has them, and free while nobody has."""
    name, vacant, taken = _states(entity)
    children = [
        key
        for key, kind in population.kinds.items()
        if key != entity.key
        and name
        and (found := whiles_of(population.toolset, kind.entity)) is not None
        and found.of == entity.key
    ]
    if not children or agreement_of(population.toolset, entity) is None:
        return entries
    held: set[str] = set()
    for key in children:
        found = whiles_of(population.toolset, population.kinds[key].entity)
        assert found is not None
        for child in population.entries(key):
            told = _told(found, child.record, population.clock, 0)
            span = _span(found, told)
            if span and not _void(told) and _phase(told, span, population.clock) == "going":
                held.add(child.links.get(entity.key, ""))
    made = []
    for entry in entries:
        stands, has = entry.record.get(name), entry.uid in held
        if has and stands not in taken:
            entry = structs.replace(entry, record=_free(entity, {**entry.record, name: taken[0]}, free=False))
        elif not has and stands in taken:
            entry = structs.replace(entry, record=_free(entity, {**entry.record, name: vacant[0]}, free=True))
        population.fields[("full", entity.key, entry.uid)] = entry.record
        made.append(entry)
    return tuple(made)


def _states(entity: Entity) -> tuple[str, tuple[Json, ...], tuple[Json, ...]]:
    """The field that says how a thing stands, and which of its states say that nobody and that somebody has it."""
    properties = entity.schema.get("properties", {})
    name, known = standing(properties), data.read(LIVES)
    options = [one for one in settle(properties[name]).get("enum", ()) if one] if name else []
    vacant = [one for one in options if {*split(str(one))} & {*known["vacant"], "in"}]
    taken = [
        one for one in options if {*split(str(one))} & {*known["taken"], "checked"} - {"booked", "reserved"}
    ]
    taken = [
        one for one in taken if one not in vacant and not {*split(str(one))} & {"order", "service", "repair"}
    ]
    return (name, tuple(vacant), tuple(taken)) if vacant and taken else ("", (), ())


def _free(entity: Entity, record: dict[str, Json], *, free: bool) -> dict[str, Json]:
    """A record that was made free or taken, without who has it where nobody does."""
    known, needed = data.read(LIVES), {*entity.schema.get("required", ())}
    for name, schema in entity.schema.get("properties", {}).items():
        words, settled = {*split(name)}, settle(schema)
        if name not in record or settled.get("enum"):
            continue
        if "boolean" in types(settled) and words <= {"is", "available", "free", "vacant"}:
            record[name] = free
        elif (
            free and words & {*known["having"], *known["taken"]} - {"due"} and "boolean" not in types(settled)
        ):
            if "null" in types(schema) or "null" in types(settled):
                record[name] = None
            elif name not in needed:
                del record[name]
    return record
