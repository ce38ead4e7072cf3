"""Puts the moments of a record in the order of its life, and lets how long it takes agree with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from callsmith.catalog.lives import undone
from callsmith.records import Json
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.hours import by_day
from callsmith.world.stories.lifelines import Line, Moment, table
from callsmith.world.stories.moments import Told, age, by_month, measure, told_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.passing import come_so_far, is_told_afterwards, looked_back, told_afterwards
from callsmith.world.stories.standing import come, late
from callsmith.world.stories.upkeep import kept_up

_SHORT = 6 * 3600  # what takes no longer begins soon after it was asked for


def ordered(line: Line, record: dict[str, Json], clock: Clock, bits: int) -> dict[str, Json]:
    """A record as it is found, whose moments agree with its state and with one another."""
    told = told_of(line, record, clock, bits, ())
    _opening(told)
    _present(told)
    base = _arranged(told)
    base = _happened(told, base)
    by_day(told)
    _afterwards(told, base)
    kept_up(told)
    measure(told)
    age(told)
    return told.record


def reordered(line: Line, record: dict[str, Json], clock: Clock, said: Collection[str]) -> dict[str, Json]:
    """A record somebody has made or changed, whose end follows from the beginning and the length they stated."""
    told = told_of(line, dict(record), clock, 0, said)
    starts, ends = line.of("start"), line.of("end")
    moved = {moment.name for moment in (*starts, *ends, *line.of("day"))} & {*said} or line.length in said
    if starts and moved:
        begun = told.read(starts[0])
        if begun is not None:
            for moment in ends:
                if moment.name not in said:
                    end = told.read(moment)
                    lasts = (
                        told.lasts
                        if line.length
                        else max(1800, end - begun)
                        if end and end - begun < 40 * DAY
                        else told.lasts
                    )
                    told.write(moment, begun + lasts)
        measure(told)
    elif line.measured and any(moment.name in said for moment in line.of("done")):
        measure(told)
    age(told)
    return told.record


def _opening(told: Told) -> None:
    for moment in told.line.of("hours"):
        late = bool({*split(moment.name)} & {"until", "till", "to", "close", "closes", "closing"})
        hour = (17, 18, 20, 22)[mix(told.bits, 821) % 4] if late else (7, 8, 9, 10)[mix(told.bits, 822) % 4]
        told.record[moment.name] = f"{hour:02d}:00"


def _present(told: Told) -> None:
    """Takes out what has not happened, and makes room for what has."""
    stands = told.record.get(told.line.status) if told.line.status else None
    for moment in told.line.moments:
        here = come(told.line, moment, stands)
        if here is False and moment.optional:
            told.drop(moment.name, nullable=moment.nullable)
        elif here and moment.role in ("begun", "done") and told.read(moment) is None:
            told.record[moment.name] = ""  # written below
    short = told.line.unit < DAY and told.phase == "going"
    if told.line.measured and (told.phase in ("ahead", "dropped") or short):
        told.drop(told.line.length, nullable=told.line.length in told.line.needed)


def _arranged(told: Told) -> int | None:
    """Settles when it is to take place; gives the moment it begins."""
    line, clock = told.line, told.clock
    start = next(iter(line.of("start")), None)
    if start is None:
        return None
    begun = told.read(start)
    if begun is None and start.form == "clock":
        begun = next((told.read(day) for day in line.of("day")), None)
    if begun is None:
        return None
    begun = _weekday(told, _begun(told, start, begun))
    for day in line.of("day"):
        told.write(day, begun)
    told.write(start, begun)
    overdue = late(told.record.get(line.status))
    open_ended = (
        line.noun in table()["long"] and told.phase in ("going", "ahead") and mix(told.bits, 839) % 3 > 0
    )
    for end in line.of("end"):
        if open_ended and end.optional:
            told.drop(end.name, nullable=end.nullable)
            continue
        last = told.read(end) or 0
        last = 0 if line.noun in table()["long"] or by_month(told) else last
        fits = last > clock.now if told.phase == "going" else last <= clock.now or told.phase != "over"
        if end.form != "date" or last <= begun or line.length or not fits or overdue:
            told.write(end, begun + told.lasts)
    return begun


def _begun(told: Told, start: Moment, begun: int) -> int:
    """When something begins that is ahead, goes on or is over."""
    line, now = told.line, told.clock.now
    day = next((told.read(other) for other in line.of("day")), None)
    if start.form == "clock" and day is not None:
        latest = max(8, min(18, 22 - told.lasts // 3600))
        hour = 7 + mix(told.bits, 831) % (latest - 6)
        begun = day + hour * 3600 + mix(told.bits, 832) % 2 * 1800
    if told.line.noun in table()["long"] and told.phase in ("over", "going"):
        passed = told.lasts if told.phase == "over" else told.lasts * (1 + mix(told.bits, 837) % 4) // 5
        return now - passed - (1 + mix(told.bits, 838) % 40) * DAY * (told.phase == "over")
    stands = {*split(str(told.record.get(line.status) or ""))}
    behind = told.phase == "over" or stands & {*table()["unattended"]} or looked_back(told)
    if behind and begun + told.lasts > now - 300:
        return begun - ((begun + told.lasts - now + 300) // DAY + 1) * DAY
    if looked_back(told):
        return begun
    if late(told.record.get(line.status)) and line.of("end") and begun + told.lasts > now - DAY:
        return now - told.lasts - (1 + mix(told.bits, 835) % 5) * DAY
    if late(told.record.get(line.status)) and not line.of("end") and begun > now - DAY:
        return now - (1 + mix(told.bits, 835) % 6) * DAY
    if told.phase == "going":
        return _going(told, start, begun)
    grace = DAY if start.form == "date" else 45 * 60  # who is late may still come
    if told.phase == "ahead" and begun < now - grace and line.options:
        begun += ((now - begun) // DAY + 1 + mix(told.bits, 834) % 6) * DAY
    return begun // 900 * 900 if start.form == "date-time" else begun


def _going(told: Told, start: Moment, begun: int) -> int:
    """When something began that goes on: some of it has passed, some is left."""
    line, clock, now = told.line, told.clock, told.clock.now
    if told.lasts >= DAY:
        if line.of("end") and not line.length and begun < now:
            told.lasts = max(told.lasts, (now - begun) // DAY * DAY + (3 + mix(told.bits, 836) % 90) * DAY)
        elif line.of("end") and not begun < now < begun + told.lasts:
            return now - told.lasts * (1 + mix(told.bits, 836) % 3) // 4
        return begun
    if start.form != "date":
        told_of_end = (
            line.of("begun", "done", "end") or line.noun in table()["quick"] or line.unit in range(1, DAY)
        )
        return (
            (now - int(told.lasts * (0.2 + mix(told.bits, 833) % 5 / 10))) // 900 * 900
            if told_of_end
            else begun
        )
    if any(moment.form == "date-time" for moment in line.of("begun", "done")):
        return clock.parse(clock.day(now)) or begun
    return begun


def _weekday(told: Told, begun: int) -> int:
    """What is done at work is done on weekdays."""
    if told.line.noun not in table()["weekdays"] or told.phase == "going":
        return begun
    day = told.clock.local(begun).weekday()
    if day < 5:
        return begun
    return begun + (7 - day) * DAY if begun > told.clock.now else begun - (day - 4) * DAY


def _happened(told: Told, base: int | None) -> int | None:
    """The moments of what really happened, one after another: asked for, begun, over. Gives when it ended."""
    made = [moment for moment in told.line.of("made") if told.read(moment) is not None or not moment.optional]
    begun, done = (
        [m for m in told.line.of(role) if told.record.get(m.name) is not None] for role in ("begun", "done")
    )
    short = told.lasts < _SHORT and any(
        moment.form == "date-time" for moment in (*begun, *done, *_running(told))
    )
    dates = all(moment.form == "date" for moment in (*made, *begun, *done))
    step = (4 + mix(told.bits, 842) % 17) * 60
    if dates or not short:
        step = DAY * (1 + mix(told.bits, 841) % 3)
    if base is None:
        if not made and not begun and not done:
            return None
        base = _first(told, _earliest(told, made or begun or done), short=short)
        steps = len(made) - max(0, sum(moment.name in told.line.creations for moment in made) - 1)
        base = _early_enough(
            told, base, step * max(0, steps + len(begun) - 1) + told.lasts * bool(done), short=short
        )
        base = come_so_far(told, base, short=short)
        at, entered = base, 0
        for moment in made:
            if entered and moment.name in told.line.creations:
                told.write(moment, entered)
                continue
            told.write(moment, min(at, told.clock.now - 60))
            if moment.name in told.line.creations:
                entered = min(at, told.clock.now - 60)
            at += step
    else:
        if is_told_afterwards(told):
            told_afterwards(told, made, base)
        else:
            _made_before(told, made, base)
        base = at = _opened(told, base, [*begun, *done], step)
    for moment in begun:
        ahead = told.phase in ("ahead", "dropped") and not _reached(told, moment)
        known = ahead or at < told.clock.now
        told.write(moment, at if known else told.clock.now - 300)
        at += step
    start = at - step if begun else base
    lasts = told.lasts if short or start == base or dates or told.line.length else step
    return _ended(told, done, start + lasts, step)


def _running(told: Told) -> list[Moment]:
    """The moment at which began what goes on just now, though it is always there."""
    if told.phase != "going" or not told.line.of("done"):
        return []
    return [
        moment
        for moment in told.line.of("made")
        if {*split(moment.name)} & {"started", "start", "begun", "began"}
    ]


def _first(told: Told, moment: Moment, *, short: bool) -> int:
    """When it all began; what takes minutes and goes on began minutes ago."""
    if not short or told.phase not in ("ahead", "going") or not told.line.options:
        return told.read(moment) or told.clock.now - 9 * DAY
    begun = int(told.lasts * 0.4) if told.phase == "going" else 0
    return told.clock.now - (3 + mix(told.bits, 843) % 30) * 60 - begun


def _earliest(told: Told, moments: Sequence[Moment]) -> Moment:
    """The first of several moments; of those at which a record came to be, one that has an hour."""
    timed = [one for one in moments if one.name in told.line.creations and one.form == "date-time"]
    return timed[0] if timed and moments[0].name in told.line.creations else moments[0]


def _reached(told: Told, moment: Moment) -> bool:
    """Whether a moment is named after a state that the record has come to: what was submitted was so before now."""
    stands = told.record.get(told.line.status) if told.line.status else None
    named = moment.state is not None or moment.role == "done"
    return named and come(told.line, moment, stands) is True


def _early_enough(told: Told, base: int, whole: int, *, short: bool) -> int:
    """A beginning from which all that is over has passed by now."""
    beyond = base + whole - told.clock.now + 300
    passed = told.phase in ("over", "") or any(_reached(told, one) for one in told.line.of("begun", "done"))
    if not passed or beyond <= 0:
        return base
    return base - (beyond + 600 if short else (beyond // DAY + 1) * DAY)


def _made_before(told: Told, made: Sequence[Moment], base: int) -> None:
    """What is arranged was made before it takes place, and before now."""
    entered = 0
    own = [moment for moment in made if moment.name in told.line.creations]
    first = _earliest(told, own) if own else None
    for place, moment in enumerate((*((first,) if first else ()), *(one for one in made if one != first))):
        if entered and moment.name in told.line.creations:
            told.write(moment, entered)
            continue
        old = told.read(moment) or 0
        if not old or old >= base or old > told.clock.now:
            old = min(base, told.clock.now) - (1 + mix(told.bits, 844 + place) % 5) * DAY
            told.write(moment, old)
        entered = entered or old * (moment.name in told.line.creations)


def _opened(told: Told, base: int, actual: Sequence[Moment], step: int) -> int:
    """When it really begins that is arranged: minutes later, or at an hour of its day."""
    late = mix(told.bits, 845) % 4 * 300 if step < DAY else 0
    days = all(moment.form == "date" for moment in told.line.of("start"))
    if not days or not any(moment.form == "date-time" for moment in actual):
        return base + late if any(moment.role == "begun" for moment in actual) else base
    return base + late + (7 if told.phase == "going" else 8 + mix(told.bits, 847) % 8) * 3600


def _ended(told: Told, done: Sequence[Moment], end: int, step: int) -> int | None:
    """Writes the moments at which it was over, one after another."""
    now, last = told.clock.now, None
    for moment in done:
        if told.phase in ("ahead", "going") and not (end > now - 60 and _reached(told, moment)):
            decided = moment.state is None and _reached(told, moment)
            if end < now and not decided:
                end = now - 600 if moment.state is not None else now + 1800 + mix(told.bits, 846) % 40 * 300
        elif end > now - 60:
            end = now - 120
        told.write(moment, end)
        last, end = end, end + step
    return last


def _afterwards(told: Told, ended: int | None) -> None:
    """What was settled later, what is due, and what comes next."""
    line, clock = told.line, told.clock
    first = next(
        (told.read(moment) for moment in line.of("start", "made", "begun") if told.read(moment) is not None),
        None,
    )
    after = ended or first
    for moment in line.of("settled"):
        at = told.read(moment)
        if at is not None and after is not None and (at < after or at > clock.now):
            told.write(
                moment,
                min(
                    max(after + 600, clock.now - 3600 if after > clock.now else after + 600),
                    max(clock.now - 60, after),
                ),
            )
    for moment in line.of("due"):
        _wanted(told, moment, first)
    _coming(told, after)


def _wanted(told: Told, moment: Moment, first: int | None) -> None:
    """By when something is wanted: some time after it was asked for, and seldom over while it is not done."""
    clock, bits, at = told.clock, told.bits, told.read(moment)
    overdue = late(stands := told.record.get(told.line.status))
    if at is None or first is None and not overdue:
        return
    first = first or 0
    if at >= clock.now and (undone(stands, told.line.options) or stands == "expired"):
        told.write(moment, max(first + DAY, clock.now - (1 + mix(bits, 859) % 9) * DAY))
        return
    quick = told.lasts < _SHORT and moment.form == "date-time"
    if overdue:
        if at >= clock.now - DAY:
            told.write(moment, max(first + 3600, clock.now - (1 + mix(bits, 851) % 6) * DAY))
        return
    if at <= first + (0 if moment.form == "date-time" else DAY):
        at = first + (max(told.lasts, 1800) if quick else (2 + mix(bits, 852) % 9) * DAY)
        told.write(moment, at)
    if told.phase == "over" and at > clock.now and {*split(moment.name)} & {"closes", "closing"}:
        told.write(moment, max(first + DAY, clock.now - (1 + mix(bits, 858) % 20) * DAY))
    if (
        told.phase in ("ahead", "going")
        and at < clock.now - DAY * (moment.form == "date")
        and mix(bits, 854) % 10
    ):
        told.write(
            moment,
            clock.now // 900 * 900 + (1 + mix(bits, 855) % 8) * 1800
            if quick
            else _weekday_after(clock, clock.at(1 + mix(bits, 855) % 8, 12 + mix(bits, 856) % 6)),
        )


def _coming(told: Told, after: int | None) -> None:
    """What comes next lies ahead, and nothing comes after the end of a thing."""
    line, clock, bits = told.line, told.clock, told.bits
    ended_for_good = {*split(str(told.record.get(line.stands, "")))} & {*table()["dead"]} and not line.of(
        "done", "start"
    )
    ran_out = {*split(str(told.record.get(line.stands or line.status, "")))} & {"expired", "lapsed"}
    for moment in line.of("next", "lasting"):
        at = told.read(moment)
        if ran_out and moment.role == "lasting" and (at is not None or not moment.nullable):
            _run_out(told, moment, after)
            continue
        if ended_for_good and moment.role == "next":
            if moment.optional:
                told.drop(moment.name, nullable=moment.nullable)
            continue
        ground = max(
            after or 0, clock.now if moment.role == "next" or told.phase in ("ahead", "going") else 0
        )
        if at is not None and ground and at <= ground:
            told.write(
                moment, _weekday_after(clock, ground + (5, 12, 20, 30, 42, 60, 90)[mix(bits, 853) % 7] * DAY)
            )


def _run_out(told: Told, moment: Moment, after: int | None) -> None:
    """What has run out did so a while ago, and was in force for a year where such things are."""
    over = told.clock.now - (2 + mix(told.bits, 857) % 60) * DAY
    if told.line.noun in table()["short_lived"]:
        told.write(moment, max(after or 0, over))
        return
    told.write(moment, over)
    for first in told.line.of("made", "begun", "start"):
        if told.read(first) is not None:
            told.write(first, over - 365 * DAY)


def _weekday_after(clock: Clock, seconds: int) -> int:
    day = clock.local(seconds).weekday()
    return seconds + (7 - day) * DAY if day > 4 else seconds
