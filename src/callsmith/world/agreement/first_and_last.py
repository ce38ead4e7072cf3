"""What happened first and last lies within the life of a record, and nothing has happened to one that is new."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.lives import LIVES, phases, standing
from callsmith.records import Entity, Json
from callsmith.schema import settle, types
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import Line, Moment, line_of
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.standing import come, unheld
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]
_LAST, _FIRST = frozenset(("last", "latest")), frozenset(("first",))
_KEPT = frozenset(
    "updated modified changed edited update reviewed name serviced service maintained maintenance inspected inspection "
    "calibrated cleaned tested checked replaced".split()
)
_SEEN = frozenset("seen heartbeat ping contact sync synced online active".split())
_THERE = frozenset("online connected".split())
_NOT_YET = frozenset("invited applied applicant enquiry prospect lead".split())
_BEFORE = frozenset("joined verified started".split())
_AIMED = frozenset(
    "planned expected contracted required estimated needed requested ordered allowed agreed max min limit goal target "
    "minimum maximum price rate fee cost capacity paid".split()
)
_SO_FAR = frozenset("this today week month year far".split())
_ON_THE_DAY = frozenset("walk attended collected attendance served arrived present absent checked".split())
_COME = frozenset(
    "visit trip reminder download view donation reopen backer attendance attendee show shift login response redemption "
    "click vote sale collection walk".split()
)


class Happened(Struct, frozen=True):
    """The moments and numbers of an entity's records that only time brings."""

    status: str = ""
    options: tuple[str, ...] = ()
    new: frozenset[str] = frozenset()  # states in which nothing has happened yet
    never: frozenset[str] = frozenset()  # states in which nothing took place
    lasts: tuple[tuple[Moment, str], ...] = ()  # with the number that says how often
    firsts: tuple[Moment, ...] = ()
    nexts: tuple[Moment, ...] = ()
    before: tuple[Moment, ...] = ()  # what has not come to whoever only asked or was asked
    begun: tuple[Moment, ...] = ()
    ended: tuple[Moment, ...] = ()
    counts: tuple[str, ...] = ()
    line: Line | None = None
    starts: tuple[Moment, ...] = ()


def first_and_last(made: Make, entity: Entity) -> Make:
    """A filler of records in which what happened first and last lies within their lives."""
    happened = happened_of(entity)
    if not (happened.lasts or happened.firsts or happened.before or happened.counts):
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict):
            return record
        return within_its_life(happened, record, story.population.clock, story.bits)

    return run


def happened_of(entity: Entity) -> Happened:
    """What in an entity's records only time brings."""
    fields = {name: settle(child) for name, child in entity.schema.get("properties", {}).items()}
    line = line_of(entity)
    moments = [one for one in line.moments if one.form in ("date", "date-time")] if line is not None else []
    status = standing(fields)
    options = tuple(str(one) for one in fields[status].get("enum", ()) if one is not None) if status else ()
    counts = [name for name, schema in fields.items() if "integer" in types(schema) and _counts(name)]
    lasts = [one for one in moments if {*split(one.name)} & _LAST and not {*split(one.name)} & _KEPT]
    firsts = [one for one in moments if {*split(one.name)} & _FIRST]
    apart = {one.name for one in (*lasts, *firsts)}
    new, known = frozenset(_new(options)), read(LIVES)["gatherings"]
    return Happened(
        status,
        options,
        new,
        frozenset(one for one in options if unheld(one))
        if entity.noun.split(" ")[-1] in known
        else frozenset(),
        tuple((one, _how_often(one.name, counts)) for one in lasts),
        tuple(firsts),
        tuple(one for one in moments if one.role == "next"),
        tuple(one for one in moments if {*split(one.name)} & _BEFORE and one.optional)
        if new & _NOT_YET
        else (),
        tuple(one for one in moments if one.role in ("made", "begun", "origin") and one.name not in apart),
        tuple(one for one in moments if one.role in ("done", "settled") and one.name not in apart),
        tuple(counts) if new or known else (),
        line,
        tuple(one for one in moments if one.role in ("start", "day"))[:1],
    )


def _new(options: Sequence[str]) -> list[str]:
    """The first state, where others tell of what becomes of a thing and it tells that nothing has begun."""
    if len(options) < 2 or phases(options)[0] != "ahead":
        return []
    known = {
        *read(LIVES)["unseen"],
        *read(LIVES)["planned"],
        *_NOT_YET,
        "quoted",
        "issued",
        "pending",
        "scheduled",
    }
    return [options[0]] if {*split(options[0])} & known else []


def _counts(name: str) -> bool:
    words = {singular(word) for word in split(name)}
    if words & _AIMED or "per" in words:
        return False
    if words & _SO_FAR and split(name)[0].endswith("s"):
        return True
    return bool(words & _COME) or any(
        word.endswith("ed") and word not in ("need", "seed", "bed", "feed") for word in words
    )


def _how_often(last: str, counts: Sequence[str]) -> str:
    """The number that says how often something happened of which a moment tells when it last did."""
    what = {singular(word) for word in split(last)} - _LAST - {"at", "on", "date", "time"}
    return next((name for name in counts if what and what <= {singular(word) for word in split(name)}), "")


def within_its_life(
    happened: Happened, record: Mapping[str, Json], clock: Clock, bits: int
) -> dict[str, Json]:
    """A record of which nothing happened before it was there, after it ended or while it is new."""
    made, now = dict(record), str(record.get(happened.status)) if happened.status else ""
    if now in happened.new | happened.never:
        for name in happened.counts:
            if isinstance(made.get(name), int) and not isinstance(made[name], bool):
                made[name] = 0
    if now in happened.new:
        for moment in (*(one for one, _ in happened.lasts), *happened.before):
            _drop(made, moment)
    start = next((clock.parse(made.get(one.name)) for one in happened.starts), None)
    if start is not None and start > clock.now:
        for name in happened.counts:
            if {*split(name)} & _ON_THE_DAY and isinstance(made.get(name), int):
                made[name] = 0
    past = [
        at
        for one in happened.begun
        if (at := clock.parse(made.get(one.name))) is not None and at <= clock.now
    ]
    over = [
        at
        for one in happened.ended
        if (at := clock.parse(made.get(one.name))) is not None and at <= clock.now
    ]
    lowest, highest = max(past, default=0), min((*over, clock.now - 300))
    if over and lowest > highest:
        lowest = min(past, default=0)
    for moment, count in happened.lasts:
        at = clock.parse(made.get(moment.name))
        if count and made.get(count) == 0:
            _drop(made, moment)
        elif at is not None:
            seen = {*split(moment.name)} & _SEEN
            lower = max(lowest, clock.now - 900) if seen and {*split(now)} & _THERE else lowest
            if seen and not over and at < clock.now - 2 * DAY and not {*split(now)} & {"offline", "retired"}:
                lower = max(lower, clock.now - DAY // 2)
            if not over and lowest:
                lower = max(lower, min(lowest, highest), highest - 120 * DAY)
            if not lower <= at <= highest and lower <= highest:
                span = min(highest - lower, 30 * DAY)
                _write(made, moment, highest - int(span * (mix(bits, 1601) % 80) / 100), clock)
    _firsts(happened, made, clock, bits)
    return made


def nothing_took_place(happened: Happened, record: Mapping[str, Json]) -> dict[str, Json]:
    """A record of something that was called off, to which nobody comes any more."""
    if str(record.get(happened.status)) not in happened.never:
        return dict(record)
    numbers = {name: 0 for name in happened.counts if isinstance(record.get(name), int)}
    return {**record, **numbers}


def as_new(happened: Happened, record: Mapping[str, Json], said: Collection[str]) -> dict[str, Json]:
    """A record that somebody has just made, to which nothing has happened yet."""
    made = dict(record)
    for moment in (*(one for one, _ in happened.lasts), *happened.firsts, *happened.nexts):
        if moment.name not in said:
            _drop(made, moment)
    for name in happened.counts:
        if name not in said and isinstance(made.get(name), int) and not isinstance(made[name], bool):
            made[name] = 0
    now = str(made.get(happened.status))
    line = happened.line
    for moment in line.moments if line is not None and now in line.options else ():
        if moment.name not in said and line is not None and come(line, moment, now) is False:
            _drop(made, moment)
    for moment in happened.before if now in happened.new else ():
        if moment.name not in said:
            _drop(made, moment)
    return made


def _firsts(happened: Happened, made: dict[str, Json], clock: Clock, bits: int) -> None:
    for moment in happened.firsts:
        at = clock.parse(made.get(moment.name))
        later = [clock.parse(made.get(one.name)) for one, _ in happened.lasts]
        last = min((one for one in later if one is not None), default=None)
        if at is not None and last is not None and at > last:
            _write(made, moment, last - (1 + mix(bits, 1602) % 40) * DAY, clock)


def _write(made: dict[str, Json], moment: Moment, at: int, clock: Clock) -> None:
    old = made.get(moment.name)
    local = isinstance(old, str) and not old.endswith("Z")
    made[moment.name] = clock.day(at) if moment.form == "date" else clock.iso(at) if local else clock.utc(at)


def _drop(made: dict[str, Json], moment: Moment) -> None:
    if moment.nullable:
        made[moment.name] = None
    elif moment.optional:
        made.pop(moment.name, None)
