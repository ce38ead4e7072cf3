"""What renews does so by its interval, what is owed is late after its day, numbers bear the year of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from callsmith.catalog import data
from callsmith.catalog.lives import LIVES, phases, standing
from callsmith.records import Entity, Schema, Toolset
from callsmith.schema import types
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import line_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return dict(data.read("catalog/lexicon/terms.yaml"))


def _first(words: str, named: Mapping[str, str]) -> str:
    """The field that a list of plain names finds first; "" for none."""
    return next((named[word] for word in _table()[words] if word in named), "")


def _moment(schema: Schema) -> bool:
    return schema.get("format") in ("date", "date-time")


def _written(clock: Clock, seconds: int, schema: Schema) -> str:
    return clock.day(seconds) if schema.get("format") == "date" else clock.utc(seconds)


def after(clock: Clock, at: int, months: int) -> int:
    """So many months after a moment."""
    day = clock.local(at)
    month = day.month - 1 + months
    last = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month % 12]
    moved = day.replace(year=day.year + month // 12, month=month % 12 + 1, day=min(day.day, last))
    return int(moved.timestamp())


class Terms(Struct, frozen=True):
    """What tells of the terms of something that goes on: when it began, when it renews, how often, until when."""

    began: str
    trial: str
    gone: str
    following: tuple[str, ...]
    every: tuple[str, ...]
    status: str
    phases: Mapping[str, str]


def _terms(entity: Entity, fields: Fields) -> Terms | None:
    known = _table()
    if not {entity.noun.rpartition(" ")[2], entity.noun} & {*known["standing"]}:
        return None
    moments = {" ".join(split(name)): name for name, schema in fields.items() if _moment(schema)}
    following = tuple(
        name
        for said, name in moments.items()
        if {*said.split()} & {*known["next"]} or said in known["periods"]
    )
    every = [
        name for name, schema in fields.items() if {*split(name)} & {*known["every"]} and schema.get("enum")
    ]
    status = standing(fields)
    options = [str(option) for option in fields[status].get("enum", ()) if option] if status else []
    trials = (name for said, name in moments.items() if "trial" in said and "start" not in said)
    gone = (name for said, name in moments.items() if {*said.split()} & {*known["gone"]})
    told = Terms(
        _first("began", moments),
        next(trials, ""),
        next(gone, ""),
        following,
        tuple(sorted(every, key=lambda name: "plan" in split(name))),
        status,
        dict(zip(options, phases(options), strict=True)),
    )
    return told if told.following or told.trial and told.began else None


def renewed(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """What renews does so when its interval is over, counted from its beginning; what has ended does no more."""
    terms = _terms(entity, fields)
    if terms is None:
        return None
    whole, needed = entity.schema.get("properties", {}), {*entity.schema.get("required", ())}
    loose = {name: "null" in types(whole[name]) or "null" in types(fields[name]) for name in fields}
    signed = next((name for name in fields if _moment(fields[name]) and "signed" in split(name)), "")

    def run(record: dict[str, Any], story: Story) -> None:
        clock, stands = story.population.clock, str(record.get(terms.status) or "")
        ended, trying = terms.phases.get(stands) in ("over", "dropped"), "trial" in stands.lower()
        first = _since(record, terms, fields, (story, ended, trying))
        if terms.trial:
            hold = (trying, loose[terms.trial], terms.trial in needed)
            _trial(record, terms.trial, first, fields[terms.trial], story, hold)
        for name in terms.following:
            if ended:
                _drop(record, name, nullable=loose[name], needed=name in needed)
            elif first is not None:
                until = clock.parse(record.get(terms.trial)) if trying and terms.trial else None
                at = until or _next(clock, first, _interval(record, terms.every) or (0, 12))
                record[name] = _written(clock, at, fields[name])
        if signed and first is not None and (clock.parse(record.get(signed)) or 0) > first:
            early = first - (2 + mix(story.bits, 1483) % 20) * DAY + 10 * 3600
            record[signed] = _written(clock, min(early, clock.now - 3600), fields[signed])

    return run


def _since(record: dict[str, Any], terms: Terms, fields: Fields, how: tuple[Story, bool, bool]) -> int | None:
    """When it began: a trial did not long ago, most others did months or years ago; what lies ahead has not yet."""
    story, ended, trying = how
    clock, began = story.population.clock, terms.began
    if not began:
        return None
    stands = str(record.get(terms.status) or "")
    far, first = terms.phases.get(stands, "going"), clock.parse(record.get(began))
    if first is None:
        halted = {*split(stands)} & {*data.read(LIVES)["halted"], "active", "paused", "frozen", "past"}
        if far == "ahead" and not trying and not halted:
            return None
        until = clock.parse(record.get(terms.gone)) if terms.gone else None
        first = (until or clock.now) - (40 + mix(story.bits, 1439) % 700) * DAY
    elif trying and clock.now - first > 20 * DAY:
        first = clock.now - (1 + mix(story.bits, 1447) % 11) * DAY
    elif not ended and not trying and 0 < clock.now - first < 120 * DAY and mix(story.bits, 1451) % 4:
        first -= (60 + mix(story.bits, 1453) % 800) * DAY
    else:
        return first
    record[began] = _written(clock, first, fields[began])
    return first


def _interval(record: Mapping[str, Any], every: Sequence[str]) -> tuple[int, int] | None:
    """Days and months of the interval that a record tells."""
    for name in every:
        for word in split(str(record.get(name) or "")):
            if word in _table()["months"]:
                return 0, _table()["months"][word]
            if word in _table()["days"]:
                return _table()["days"][word], 0
    return None


def _next(clock: Clock, first: int, step: tuple[int, int]) -> int:
    """The first end of an interval that lies ahead."""
    days, months = step
    if days:
        return first + max(1, (clock.now - first) // (days * DAY) + 1) * days * DAY
    passed = max(0, (clock.now - first) // (31 * DAY) // months)
    at = after(clock, first, months * max(1, passed))
    while at <= clock.now:
        passed += 1
        at = after(clock, first, months * passed)
    return at


def _trial(
    record: dict[str, Any],
    trial: str,
    first: int | None,
    schema: Schema,
    story: Story,
    how: tuple[bool, bool, bool],
) -> None:
    """A trial ends two weeks after it began, while there is one."""
    trying, nullable, needed = how
    if trying and first is not None:
        at = max(first + 14 * DAY, story.population.clock.now + DAY)
        record[trial] = _written(story.population.clock, at, schema)
    elif not trying:
        _drop(record, trial, nullable=nullable, needed=needed)


def _drop(record: dict[str, Any], name: str, *, nullable: bool, needed: bool) -> None:
    if nullable:
        record[name] = None
    elif not needed:
        record.pop(name, None)


def ended(entity: Entity, fields: Fields, record: Mapping[str, Any], said: Collection[str]) -> dict[str, Any]:
    """What has just been ended renews no more."""
    terms, made = _terms(entity, fields), dict(record)
    if terms is None or terms.status not in said:
        return made
    whole, needed = entity.schema.get("properties", {}), {*entity.schema.get("required", ())}
    if terms.phases.get(str(record.get(terms.status))) in ("over", "dropped"):
        for name in terms.following:
            nullable = "null" in types(whole[name]) or "null" in types(fields[name])
            if name in made and name not in said:
                _drop(made, name, nullable=nullable, needed=name in needed)
    return made


def owed(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A bill is to be paid within weeks, and late or given up only after its day."""
    moments = {" ".join(split(name)): name for name, schema in fields.items() if _moment(schema)}
    due, issued, status = _first("due", moments), _first("issued", moments), standing(fields)
    billed = entity.noun.rpartition(" ")[2] in _table()["billed"]
    if not billed or not due or not issued or not status:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        clock = story.population.clock
        until, since = clock.parse(record.get(due)), clock.parse(record.get(issued))
        if until is None or since is None:
            return
        term = (14, 14, 30, 30, 21, 10)[mix(story.bits, 1459) % 6] * DAY
        stands = split(str(record.get(status) or ""))
        words = {*stands, "".join(stands)}
        if words & {*_table()["late"]}:
            hopeless, drawn = words & {*_table()["hopeless"]}, mix(story.bits, 1471)
            wait = 45 + drawn % 120 if hopeless else 1 + drawn % 24
            until = min(until, clock.now - wait * DAY)
            since = until - term
        elif until - since > 60 * DAY:
            since = min(until - term, clock.now - (1 + mix(story.bits, 1523) % 9) * DAY)
            until = since + term if until - since > 60 * DAY else until
        else:
            return
        record[due] = _written(clock, until, fields[due])
        record[issued] = _written(clock, since, fields[issued])

    return run


_DATED = re.compile(r"^((?:[A-Za-z]{1,6}[-/ ]?){0,2})(20(?:1[5-9]|2[0-9]|3[0-5]))([-/. ]?)([0-9]{2,7})$")
_GIVEN_OUT = frozenset("number no code reference ref nr".split())


def numbered(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A number that holds a year bears that in which it was given out, and is written as its example is."""
    apart = {entity.id_pointer[1:], entity.label_pointer[1:]}
    apart |= {
        field.pointer[1:] for field in entity.fields if field.refers
    }  # that is the number of another record
    names = [
        name
        for name, schema in fields.items()
        if "string" in types(schema) and not schema.get("format") and not schema.get("enum")
        if name not in apart and {*split(name)} & _GIVEN_OUT
    ]
    line = line_of(entity) if names else None
    moments = line.of("made", "start", "begun", "day", "due") if line else []
    order = [moment.name for moment in moments if moment.form != "clock"]
    order.sort(key=lambda name: not {*split(name)} & {"issued", "issue", "created", "ordered", "signed"})
    if not names or not order:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        day = next((str(record[name]) for name in order if record.get(name)), "")
        for name in names if day[:2] == "20" else ():
            shown = next((str(one) for one in fields[name].get("examples", ()) if _DATED.match(str(one))), "")
            made = _DATED.match(str(record.get(name) or ""))
            if shown and record.get(name):
                made = _DATED.match(shown)
            if made is not None:
                head, _, mark, digits = made.groups()
                first = mix(story.population.bits, 1481) % max(1, 10 ** (len(digits) - 1) // 2)
                digits = f"{first + story.ordinal + 1:0{len(digits)}d}" if shown else digits
                record[name] = f"{head}{day[:4]}{mark}{digits}"

    return run


TERMS = (renewed, owed, numbered)
