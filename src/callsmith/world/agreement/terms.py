"""What is billed or renewed time and again, by its interval; what is owed, by its day; and numbers of the year they bear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from callsmith.catalog.lives import phases, standing
from callsmith.records import Entity, Schema, Toolset
from callsmith.schema import types
from callsmith.world.stories.clock import DAY, Clock
from callsmith.world.stories.dice import mix
from callsmith.world.stories.lifelines import line_of
from callsmith.world.stories.naming import split
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_MONTHS = {
    "monthly": 1, "month": 1, "months": 1, "quarterly": 3, "quarter": 3, "yearly": 12, "annual": 12, "annually": 12,
    "year": 12, "biannual": 6, "semiannual": 6, "halfyearly": 6, "biennial": 24,
}  # fmt: skip
_DAYS = {"weekly": 7, "week": 7, "fortnightly": 14, "biweekly": 14, "daily": 1, "day": 1}
_EVERY = ("interval", "cycle", "period", "frequency", "term", "plan", "billing")
_STANDING = ("subscription", "membership", "contract", "policy", "licence", "license", "plan", "mandate", "agreement",
             "standing order", "retainer", "lease", "tenancy", "domain", "certificate", "sponsorship", "pass")  # fmt: skip
_NEXT = frozenset("renews renewal renew next".split())
_PERIODS = ("current period end", "period end", "paid until", "paid through", "billed until")
_BEGAN = ("started on", "started at", "start date", "starts on", "starts at", "start", "activated on", "activated at",
          "subscribed on", "subscribed at", "valid from", "begins on", "joined on", "since", "started", "inception date",
          "registered on", "effective from", "effective date", "current period start")  # fmt: skip
_BILLED = (
    "invoice",
    "bill",
    "payment request",
    "statement",
    "charge",
    "fee",
    "dues",
    "instalment",
    "installment",
)
_LATE = frozenset("overdue late uncollectible defaulted collections dunning writtenoff".split())
_HOPELESS = frozenset("uncollectible collections defaulted".split())


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


def renewed(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """What renews does so when its interval is over, counted from its beginning; what has ended does no more."""
    if entity.noun.rpartition(" ")[2] not in _STANDING and entity.noun not in _STANDING:
        return None
    plain = {name: " ".join(split(name)) for name in fields}
    following = [
        name
        for name in fields
        if _moment(fields[name]) and ({*split(name)} & _NEXT or plain[name] in _PERIODS)
    ]
    by_name = {said: name for name, said in plain.items()}
    began = next((by_name[word] for word in _BEGAN if word in by_name and _moment(fields[by_name[word]])), "")
    trial = next((name for name in fields if "trial" in split(name) and _moment(fields[name]) and not
                  {*split(name)} & {"start", "started", "starts"}), "")  # fmt: skip
    gone = next((name for name in fields if _moment(fields[name]) and {*split(name)} &
                 {"cancelled", "canceled", "ended", "terminated", "expired"}), "")  # fmt: skip
    every = [name for name in fields if {*split(name)} & {*_EVERY} and fields[name].get("enum")]
    every.sort(key=lambda name: "plan" in split(name))
    status = standing(fields)
    options = [option for option in fields[status].get("enum", ()) if option] if status else []
    told = dict(zip(map(str, options), phases(options), strict=True))
    whole, needed = entity.schema.get("properties", {}), {*entity.schema.get("required", ())}
    loose = {name: "null" in types(whole[name]) or "null" in types(fields[name]) for name in fields}
    if not following and not trial or not began and not following:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        clock, stands = story.population.clock, str(record.get(status) or "")
        ended, trying = (
            told.get(stands) in ("over", "dropped"),
            bool({*split(stands)} & {"trial", "trialing", "trialling"}),
        )
        step = _interval(record, every)
        first = clock.parse(record.get(began)) if began else None
        if (
            began
            and first is None
            and (told.get(stands) != "ahead" or trying or not options or stands == "active")
        ):
            until = clock.parse(record.get(gone)) if gone else None
            first = (until or clock.now) - (40 + mix(story.bits, 1439) % 700) * DAY
            record[began] = _written(clock, first, fields[began])
        first = _long_ago(record, began, first, fields, (story, ended, trying))
        if trial:
            _trial(record, trial, first, fields[trial], (story, trying, loose[trial], trial in needed))
        for name in following:
            if ended:
                _drop(record, name, nullable=loose[name], needed=name in needed)
            elif first is not None and (record.get(name) is not None or not loose[name] and name in fields):
                at = _next(clock, first, step or (0, 12))
                at = clock.parse(record.get(trial)) or at if trying and trial else at
                record[name] = _written(clock, at, fields[name])

    return run


def _interval(record: Mapping[str, Any], every: list[str]) -> tuple[int, int] | None:
    """Days and months of the interval that a record tells."""
    for name in every:
        for word in split(str(record.get(name) or "")):
            if word in _MONTHS:
                return 0, _MONTHS[word]
            if word in _DAYS:
                return _DAYS[word], 0
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


def _long_ago(
    record: dict[str, Any], began: str, first: int | None, fields: Fields, how: tuple[Story, bool, bool]
) -> int | None:
    """When it began: a trial did not long ago, most others began months or years ago."""
    story, ended, trying = how
    clock = story.population.clock
    if first is None:
        return None
    if trying and clock.now - first > 20 * DAY:
        first = clock.now - (1 + mix(story.bits, 1447) % 11) * DAY
    elif not ended and not trying and 0 < clock.now - first < 120 * DAY and mix(story.bits, 1451) % 4:
        first -= (60 + mix(story.bits, 1453) % 800) * DAY
    else:
        return first
    record[began] = _written(clock, first, fields[began])
    return first


def _trial(
    record: dict[str, Any], trial: str, first: int | None, schema: Schema, how: tuple[Story, bool, bool, bool]
) -> None:
    """A trial ends two weeks after it began, while there is one."""
    story, trying, nullable, needed = how
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


def owed(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A bill is to be paid within weeks, and late or given up only after its day."""
    plain = {" ".join(split(name)): name for name in fields if _moment(fields[name])}
    due = next(
        (
            plain[one]
            for one in ("due on", "due date", "due at", "due", "payment due", "pay by", "due by")
            if one in plain
        ),
        "",
    )
    issued = next((plain[one] for one in ("issued on", "issue date", "issued at", "invoice date", "date", "bill date", "billed on",
                   "issued", "sent on", "sent at", "created at", "created on") if one in plain), "")  # fmt: skip
    status = standing(fields)
    if entity.noun.rpartition(" ")[2] not in _BILLED or not due or not issued or not status:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        clock = story.population.clock
        until, since = clock.parse(record.get(due)), clock.parse(record.get(issued))
        if until is None or since is None:
            return
        term, words = (
            (14, 14, 30, 30, 21, 10)[mix(story.bits, 1459) % 6] * DAY,
            "".join(split(str(record.get(status) or ""))),
        )
        late = words in _LATE or {*split(str(record.get(status) or ""))} & _LATE
        if late:
            wait = (
                45 + mix(story.bits, 1471) % 120
                if {*split(str(record[status]))} & _HOPELESS
                else 1 + mix(story.bits, 1471) % 24
            )
            until = min(until, clock.now - wait * DAY) if until > clock.now - wait * DAY else until
            since = until - term
        elif until - since > 60 * DAY:
            since = until - term
        else:
            return
        since = min(since, clock.now - 3600)
        record[due] = _written(clock, until, fields[due])
        record[issued] = _written(clock, since, fields[issued])

    return run


_YEARLY = re.compile(r"(?<![0-9])(20[0-9]{2})(?=[-/. ]?[0-9]{2,})")
_DATED = re.compile(r"^(?:[A-Za-z]{1,6}[-/ ]?)?20[0-9]{2}[-/. ]?[0-9]{2,7}$")


def numbered(entity: Entity, fields: Fields, toolset: Toolset) -> Step | None:
    """A number that begins with a year bears that in which it was given out."""
    apart = {entity.id_pointer[1:], entity.label_pointer[1:]}
    names = [
        name
        for name, schema in fields.items()
        if "string" in types(schema) and not schema.get("format") and not schema.get("enum") and name not in apart
        and {*split(name)} & {"number", "no", "code", "reference", "ref", "nr"}
    ]  # fmt: skip
    line = line_of(entity) if names else None
    order = (
        [moment.name for moment in line.of("made", "start", "begun", "day", "due") if moment.form != "clock"]
        if line
        else []
    )
    first = sorted(
        order, key=lambda name: not {*split(name)} & {"issued", "issue", "created", "ordered", "signed"}
    )
    if not names or not first:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        day = next((str(record[name]) for name in first if record.get(name)), "")
        for name in names:
            told = record.get(name)
            if isinstance(told, str) and _DATED.match(told) and day[:2] == "20":
                record[name] = _YEARLY.sub(day[:4], told, count=1)

    return run


TERMS = (renewed, owed, numbered)
