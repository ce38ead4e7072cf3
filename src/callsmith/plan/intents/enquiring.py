"""Intents that ask for what no record tells: a balance, figures of a month, what is free on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from callsmith.catalog.data import read
from callsmith.catalog.figures import figure_of, name_words
from callsmith.catalog.openings import openings
from callsmith.errors import PlanUnfit
from callsmith.meaning import Act, Ask, Bound, Detail, Reply, Stated, Target
from callsmith.plan.arguments.figuring import figure
from callsmith.plan.arguments.fill import Filled, detail
from callsmith.plan.arguments.sent import as_sent
from callsmith.plan.arguments.spans import partner
from callsmith.plan.describing import some_record
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE
from callsmith.plan.targets import locate
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import types

ENQUIRING = "understand/enquiring.yaml"
EXTRA = 0.3  # how often something is said that need not be
MONTHS = 12
_SATURDAY = 5
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "SEK")
_COUNTED = ("quantity", "adults", "children", "passengers", "guests", "seats", "people", "nights", "days", "months",
            "hours", "minutes", "persons", "rooms", "units", "pieces", "participants", "attendees")  # fmt: skip


def enquire(draft: Draft) -> None:
    """Ask for one thing."""
    tool = draft.choice(draft.known.enquired)
    filled, targets = wanted(draft, tool)
    bound = draft.call(tool, filled.arguments)
    ask = asked(tool, filled.details, targets)
    draft.close("enquire", ask, told(draft, bound, ask))


def enquire_two(draft: Draft) -> None:
    """Ask for the same of two: of two days, of two months, of two sorts."""
    tool = draft.choice(draft.known.enquired)
    filled, targets = wanted(draft, tool, located=False)
    again, changed = varied(draft, tool, filled)
    first, last = draft.calls([(tool, filled.arguments), (tool, again.arguments)])
    if first.result.value == last.result.value:
        raise PlanUnfit("both answers are the same")
    ask = asked(tool, filled.details, targets)
    also = asked(tool, changed, targets, "enquire_again")
    reply = told(draft, first, ask)
    other = told(draft, last, asked(tool, changed, targets))
    draft.close(
        "enquire two",
        msgspec.structs.replace(ask, also=[also]),
        msgspec.structs.replace(reply, also=[other]),
    )


def enquire_missing(draft: Draft) -> None:
    """Ask without saying of what; the assistant asks back."""
    tool = draft.choice(draft.known.enquired)
    filled, targets = wanted(draft, tool, located=False, optional=False)
    parameters = {p.name: p for p in tool.inputs}
    options = [item for item in filled.details if item.required and item.facet in ("enum", "city", "key", "text")
               and item.parameter in parameters and not (targets and parameters[item.parameter].refers)]  # fmt: skip
    item = draft.choice(options)
    rest = [other for other in filled.details if other is not item]
    first = asked(tool, rest, targets)
    parameter = parameters[item.parameter]
    choices = [str(one) for one in parameter.schema.get("enum", ())]
    question = Reply(
        "ask_missing", ask=first, missing=[parameter], choices=choices if len(choices) <= 4 else ()
    )
    draft.close("ask for what is missing", first, question)
    bound = draft.call(tool, filled.arguments)
    answer = asked(tool, [item], (), "enquire_answer")
    draft.close("answer", answer, told(draft, bound, asked(tool, filled.details, targets)))


def enquire_again(draft: Draft) -> None:
    """The same for another day, another month, another sort."""
    bound, tool, targets = _last(draft)
    before = draft.rounds[-1].reply.ask
    assert before is not None
    filled = Filled(dict(bound.step.arguments), list(before.details), [])
    again, changed = varied(draft, tool, filled)
    after = draft.call(tool, again.arguments)
    ask = asked(tool, again.details, targets)
    draft.close("enquire again", asked(tool, changed, targets, "enquire_again"), told(draft, after, ask))


# ---------------------------------------------------------------- saying


def asked(tool: Tool, details: Sequence[Detail], targets: Sequence[Target], act: Act = "enquire") -> Ask:
    """What the user asks for."""
    known: Mapping[str, Any] = tool.hints["enquired"]
    many = "yes" if tool.yields[0].many else ""
    gist = {"thing": known["thing"], "clause": known["clause"], "whose": known["whose"], "many": many}
    return Ask(
        act, tool.name, tool.verb, "", "", phrase=tool.phrase, targets=targets, details=details, gist=gist
    )


def told(draft: Draft, bound: Bound, ask: Ask) -> Reply:
    """The answer, from what came back.

    Raises:
        PlanUnfit: there is nothing in it to tell.
    """
    entity = draft.known.tools[bound.step.tool].yields[0].entity
    records = draft.records_of(bound, entity)
    lists = [value for record in records for value in record.values() if isinstance(value, list)]
    if not records or lists and len(records) == 1 and not any(lists):
        raise PlanUnfit("nothing came back")
    return Reply("enquired", [bound.step.id], entity, records, ask=ask)


# ---------------------------------------------------------------- values


def wanted(
    draft: Draft, tool: Tool, located: bool = True, optional: bool = True
) -> tuple[Filled, Sequence[Target]]:
    """What a tool needs, said by the user, and the record that is asked about.

    Raises:
        PlanUnfit: something of it cannot be found or said.
    """
    filled = Filled({}, [], [])
    targets: list[Target] = []
    extra = False
    for parameter in tool.inputs:
        if parameter.pointer in filled.arguments:
            continue
        holder = draft.known.entities.get(parameter.refers)
        welcome = (
            optional and not extra and not holder and parameter.confidence >= SURE and _welcome(parameter)
        )
        if not parameter.required and not (welcome and draft.chance(EXTRA)):
            continue
        if holder is not None:
            if targets or not located and parameter.klass == "opaque_id":
                raise PlanUnfit("two records would have to be found")
            record = some_record(draft, holder)
            found = locate(draft, holder, record, parameter)
            filled.arguments[parameter.pointer] = found.source
            filled.details.extend(found.details)
            targets.append(found.target)
            continue
        extra = extra or not parameter.required
        put(draft, tool, filled, parameter)
    return filled, targets


def _welcome(parameter: Parameter) -> bool:
    """Whether a person would think of an optional argument."""
    shape = {"granularity", "group", "by", "interval", "resolution", "sort", "order", "format"}
    if shape & set(name_words(parameter.name)):
        return False  # in which form it comes
    return parameter.facet in ("date", "enum", "city", "country") and parameter.klass == "preference"


def put(draft: Draft, tool: Tool, filled: Filled, parameter: Parameter, but: Json = None) -> None:
    """Have the user say a value, and the end of the stretch where it is one; ``but`` is what it was before.

    Raises:
        PlanUnfit: none is believable.
    """
    pair = partner(tool, parameter)
    if pair is not None:
        first, last = _stretch(draft, tool, pair)
        filled.details.append(detail(pair[0], [first, last], role="filters", shape="range"))
        for one, value in zip(pair, (first, last), strict=True):
            filled.arguments[one.pointer] = Stated(as_sent(one, value))
        return
    value, shown = _value(draft, tool, filled, parameter)
    if value == but:
        raise PlanUnfit("it would be the same again")
    item = detail(parameter, value, role="filters", shown=shown)
    filled.details.append(msgspec.structs.replace(item, role="filters"))
    filled.arguments[parameter.pointer] = Stated(as_sent(parameter, value))


def _value(draft: Draft, tool: Tool, filled: Filled, parameter: Parameter) -> tuple[Json, str]:
    """A value, and how it is called where it does not say so itself."""
    words = name_words(parameter.name)
    numeric = bool(set(types(parameter.schema)) & {"integer", "number"})
    today = datetime.fromisoformat(draft.scene.now).date()
    if parameter.confidence < SURE:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} is not understood well enough")
    if words[-1:] == ("month",) and "enum" not in parameter.schema:
        return _month(draft, tool, parameter, today, numeric)
    if words[-1:] == ("year",) and numeric:
        month = next((source.value for at, source in filled.arguments.items()
                      if at.endswith("month") and isinstance(source, Stated)), None)  # fmt: skip
        year = (
            today.year
            if not isinstance(month, int) or (month < today.month) != _ahead(tool)
            else today.year - 1
        )
        return (year if month is not None or draft.chance(0.6) or _ahead(tool) else year - 1), ""
    if parameter.facet == "date":
        return day_of(draft, tool, today, "week" in words or "week" in tool.phrase), ""
    if parameter.facet in ("date_time", "timestamp"):
        return _moment(draft, tool, parameter), ""
    if "enum" in parameter.schema:
        options = [
            one
            for one in parameter.schema["enum"]
            if one is not None and str(one).lower() not in ("all", "any", "none")
        ]
        return draft.choice(options), ""
    if numeric:
        if not (figure_of(parameter.name) or set(words) & set(_COUNTED) or parameter.schema.get("examples")):
            raise PlanUnfit(f"nobody knows how large {parameter.name} is")
        if set(words) & set(_COUNTED):
            return draft.choice((2, 3, 4, 5, 6)), ""
        return figure(draft, tool, parameter), ""
    if parameter.facet in ("flag", "object", "page_token", "id", "url"):
        raise PlanUnfit(f"nobody says a {parameter.name}")
    said = {str(source.value) for source in filled.arguments.values() if isinstance(source, Stated)}
    if parameter.facet == "currency" and said & {*_CURRENCIES}:
        return draft.choice([code for code in _CURRENCIES if code not in said]), ""
    value = draft.world.invent(tool, parameter, draft.rng)
    if value in said:
        raise PlanUnfit("it was said of something else")
    if not isinstance(value, str) or not value.strip() or len(value) > 60 or "\n" in value:
        raise PlanUnfit(f"no believable value for {tool.name} {parameter.pointer}")
    return value, ""


def _ahead(tool: Tool) -> bool:
    """Whether what is asked for lies ahead, by what it is called."""
    words = {word.lower() for word in (*name_words(tool.name), *tool.phrase.split())}
    return bool(words & set(read(ENQUIRING)["ahead"]))


def day_of(draft: Draft, tool: Tool, today: date, weekly: bool) -> str:
    far = (
        draft.choice((0, 1, 1, 2, 3, 4, 5, 6, 8, 10))
        if _ahead(tool)
        else -draft.choice((1, 1, 2, 3, 4, 6, 9, 14))
    )
    day = today + timedelta(days=far * (3 if weekly else 1))
    if openings(tool) is not None:
        day = max(day, today + timedelta(days=1))
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)
    if weekly and day.weekday():
        day -= timedelta(days=day.weekday())
    return day.isoformat()


def _month(draft: Draft, tool: Tool, parameter: Parameter, today: date, numeric: bool) -> tuple[Json, str]:
    at = (
        today.year * MONTHS
        + today.month
        - 1
        + (draft.choice((0, 1, 2)) if _ahead(tool) else -draft.choice((1, 1, 2, 3)))
    )
    year, month = divmod(at, MONTHS)
    name = date(year, month + 1, 1).strftime("%B")
    if numeric:
        return month + 1, name
    return f"{year}-{month + 1:02d}", name if year == today.year else f"{name} {year}"


def _moment(draft: Draft, tool: Tool, parameter: Parameter) -> Json:
    now = datetime.fromisoformat(draft.scene.now)
    far = timedelta(days=draft.choice((1, 2, 3, 5)) * (1 if _ahead(tool) else -1))
    at = (now + far).replace(hour=draft.choice((8, 9, 10, 12, 14, 16)), minute=0, second=0, microsecond=0)
    if set(types(parameter.schema)) & {"integer", "number"}:
        return int(at.timestamp()) * (
            1000 if "milli" in str(parameter.schema.get("description", "")).lower() else 1
        )
    return at.isoformat()


def _stretch(draft: Draft, tool: Tool, pair: tuple[Parameter, Parameter]) -> tuple[Json, Json]:
    """A stretch that is over, such as last week, or that lies ahead."""
    now = datetime.fromisoformat(draft.scene.now)
    today = now.date()
    if pair[0].facet == "date":
        if _ahead(tool) or "check" in pair[0].name.lower():
            first = today + timedelta(days=draft.choice((1, 2, 4, 6, 9, 13, 20)))
            return first.isoformat(), (first + timedelta(days=draft.choice((1, 2, 3, 4)))).isoformat()
        if draft.chance(0.4):
            monday = today - timedelta(days=today.weekday() + 7)
            return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
        last = today - timedelta(days=draft.choice((1, 2, 4, 7, 10)))
        return (last - timedelta(days=draft.choice((4, 6, 9, 13, 20, 29)))).isoformat(), last.isoformat()
    day = now + timedelta(days=draft.choice((1, 2, 3, 5)) * (1 if _ahead(tool) else -1))
    start = day.replace(hour=draft.choice((8, 9, 10, 11, 13, 14)), minute=0, second=0, microsecond=0)
    end = start + timedelta(minutes=draft.choice((60, 90, 120, 180)))
    if set(types(pair[0].schema)) & {"integer", "number"}:
        return int(start.timestamp()), int(end.timestamp())
    return start.isoformat(), end.isoformat()


# ---------------------------------------------------------------- once more


def varied(draft: Draft, tool: Tool, before: Filled) -> tuple[Filled, Sequence[Detail]]:
    """The same but for one thing, and what is said of that.

    Raises:
        PlanUnfit: nothing of it can be another.
    """
    said = {item.parameter: item for item in before.details}
    options = [p for p in tool.inputs if p.name in said and not p.refers and _varies(p)
               and isinstance(before.arguments.get(p.pointer), Stated)]  # fmt: skip
    parameter = draft.choice(options)
    pair = partner(tool, parameter)
    gone = {one.pointer for one in (pair or (parameter,))}
    rest = {at: source for at, source in before.arguments.items() if at not in gone}
    again = Filled(dict(rest), [item for item in before.details if item is not said[parameter.name]], [])
    kept = len(again.details)
    old = before.arguments[parameter.pointer]
    put(draft, tool, again, parameter, old.value if isinstance(old, Stated) else None)
    return again, again.details[kept:]


def _varies(parameter: Parameter) -> bool:
    year = name_words(parameter.name)[-1:] == ("year",)
    return (
        year
        or parameter.facet in ("enum", "city", "country")
        or parameter.facet == "date"
        and parameter.required  # what comes from a later day on is much the same
        or name_words(parameter.name)[-1:] == ("month",)
    )


def _last(draft: Draft) -> tuple[Bound, Tool, Sequence[Target]]:
    """The last look-up, if the turn before was one.

    Raises:
        PlanUnfit: it was not.
    """
    if (
        not draft.rounds
        or draft.rounds[-1].ask.act not in ("enquire", "enquire_again")
        or draft.rounds[-1].ask.also
    ):
        raise PlanUnfit("nothing was asked for")
    bound = draft.executed[-1][-1][-1]
    tool = draft.known.tools[bound.step.tool]
    if "enquired" not in tool.hints:
        raise PlanUnfit("nothing was asked for")
    return bound, tool, ()
