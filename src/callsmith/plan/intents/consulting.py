"""Intents that ask live tools for what they tell: once, for two things, with something left out, and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.errors import PlanUnfit
from callsmith.meaning import Act, Ask, Bound, Detail, Reply, Stated
from callsmith.plan.arguments.figuring import candidates
from callsmith.plan.arguments.fill import Filled, detail
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE
from callsmith.records import Json, Parameter, Tool
from callsmith.seeds import rng

EXTRA = 0.3  # how often an optional argument is said


def consult(draft: Draft) -> None:
    """Ask for one thing."""
    tool = draft.choice(draft.known.consulted)
    filled = stated(draft, tool)
    bound = draft.call(tool, filled.arguments)
    ask = asked(tool, filled.details)
    draft.close("consult", ask, relayed(draft, bound, ask))


def consult_two(draft: Draft) -> None:
    """Ask for two things at once: the same of another place, or something else of the same."""
    telling = [
        item for item in draft.known.consulted if item.effect == "compute"
    ]  # what changes things goes alone
    tool = draft.choice(telling)
    filled = stated(draft, tool)
    ask = asked(tool, filled.details)
    others = [item for item in telling if item is not tool and shared(tool, item)]
    if others and draft.chance(0.5):
        second = draft.choice(others)
        kept = carried(tool, second, filled)
        again = stated(draft, second, kept)
        own = fresh(second, again, kept)
        also = asked(second, own, "consult_other")
    else:
        second = tool
        again, changed = varied(draft, tool, filled)
        also = asked(tool, [changed], "consult_again")
    first, last = draft.calls([(tool, filled.arguments), (second, again.arguments)])
    if first.result.value == last.result.value:
        raise PlanUnfit("both answers are the same")
    told = asked(second, again.details)
    reply = msgspec.structs.replace(relayed(draft, first, ask), also=[relayed(draft, last, told)])
    draft.close("consult two", msgspec.structs.replace(ask, also=[also]), reply)


def consult_missing(draft: Draft) -> None:
    """Ask without saying of what; the assistant asks back."""
    tool = draft.choice(draft.known.consulted)
    filled = stated(draft, tool, optional=False)
    item = draft.choice([each for each in filled.details if _withheld(tool, each)])
    rest = [each for each in filled.details if each is not item]
    first = asked(tool, rest)
    first = msgspec.structs.replace(first, gist={**first.gist, "left": item.parameter})
    parameter = next(each for each in tool.inputs if each.name == item.parameter)
    choices = choices_of(tool, parameter)
    if "enum" not in parameter.schema and not all(map(_path, choices)):
        choices = []  # which values there are is nothing the assistant knows
    question = Reply(
        "ask_missing", ask=first, missing=[parameter], choices=choices if len(choices) <= 4 else ()
    )
    draft.close("ask for what is missing", first, question)
    bound = draft.call(tool, filled.arguments)
    draft.close(
        "answer", asked(tool, [item], "consult_answer"), relayed(draft, bound, asked(tool, filled.details))
    )


def consult_again(draft: Draft) -> None:
    """The same of something else."""
    last, filled = _last(draft)
    tool = draft.known.tools[last.step.tool]
    again, changed = varied(draft, tool, filled)
    bound = draft.call(tool, again.arguments)
    ask = asked(tool, again.details)
    # Where all there is was said anew, no argument refers back.
    intent = "consult again" if len(ask.details) > 1 else "consult more"
    draft.close(intent, asked(tool, [changed], "consult_again"), relayed(draft, bound, ask))


def consult_other(draft: Draft) -> None:
    """Something else of the same place."""
    last, filled = _last(draft)
    tool = draft.known.tools[last.step.tool]
    second = draft.choice([each for each in draft.known.consulted if each is not tool and shared(tool, each)])
    kept = carried(tool, second, filled)
    again = stated(draft, second, kept)
    bound = draft.call(second, again.arguments)
    own = fresh(second, again, kept)
    ask = asked(second, again.details)
    draft.close("consult other", asked(second, own, "consult_other"), relayed(draft, bound, ask))


# ---------------------------------------------------------------- saying


def asked(tool: Tool, details: Sequence[Detail], act: Act = "consult") -> Ask:
    """What the user asks a live tool for."""
    own = tool.name.removeprefix(str(tool.hints.get("prefix", "")))
    gist = {"about": tool.description, "thing": str(tool.hints.get("asked_for", "")), "tool": own}
    return Ask(act, tool.name, tool.verb, "", "", phrase=tool.phrase, details=list(details), gist=gist)


def relayed(draft: Draft, bound: Bound, ask: Ask) -> Reply:
    """The answer, from what the tool gave.

    Raises:
        PlanUnfit: there is nothing in it that could be told.
    """
    value = bound.result.value
    if value is None or value == "" or value == [] or value == {}:
        raise PlanUnfit(f"{bound.step.tool} gives nothing to tell")
    if isinstance(value, str) and len(value) > LONGEST:
        raise PlanUnfit(f"what {bound.step.tool} prints is too long for a conversation")
    if _media(value):
        raise PlanUnfit(
            f"what {bound.step.tool} gives is a picture, a sound or a file, which nobody can tell"
        )
    return Reply("relayed", [bound.step.id], ask=ask, records=[{"value": value}])


def _media(value: Json) -> bool:
    """Whether something in a result is no text: a picture, a sound, a resource."""
    if isinstance(value, Mapping):
        kinds = ("image", "audio", "resource", "resource_link", "blob")
        return value.get("type") in kinds or any(map(_media, value.values()))
    return isinstance(value, list) and any(map(_media, value))


LONGEST = 12_000  # characters of a text that a conversation may hold


# ---------------------------------------------------------------- values


def stated(
    draft: Draft,
    tool: Tool,
    given: Mapping[str, Json] | None = None,
    without: str = "",
    optional: bool = True,
) -> Filled:
    """Everything a tool needs, said by the user; ``given`` values are settled, ``without`` is found already.

    Raises:
        PlanUnfit: nothing true is known for something it needs.
    """
    values: dict[str, Json] = dict(given or {})
    extra = False  # one thing that need not be said is enough
    for parameter in tool.inputs:
        if parameter.pointer in values or parameter.pointer == without:
            continue
        welcome = optional and not extra and parameter.confidence >= SURE and _welcome(tool, parameter)
        if parameter.required or (welcome and draft.chance(EXTRA)):
            extra = extra or not parameter.required
            values[parameter.pointer] = believed(draft, tool, parameter, values)
    filled = Filled({}, [], [])
    for parameter in tool.inputs:
        if parameter.pointer in values:
            _put(draft, tool, filled, parameter, values[parameter.pointer])
    return filled


def _welcome(tool: Tool, parameter: Parameter) -> bool:
    """Whether a person would think of an optional argument: of how many, where there are several, and since when."""
    words = set(name_words(parameter.name))
    if parameter.facet == "date":
        return bool(words & {"since", "start", "after", "from"})
    last = str(tool.hints.get("asked_for", "")).split()[-1:]
    several = bool(last) and (last[0] in ("log", "history", "list") or last[0].endswith("s"))
    return parameter.facet == "limit" and several and not words & {"context", "page", "depth", "offset"}


def _put(draft: Draft, tool: Tool, filled: Filled, parameter: Parameter, value: Json) -> None:
    filled.arguments[parameter.pointer] = Stated(value)
    if parameter.facet == "key" and len(choices_of(tool, parameter)) == 1 and _path(value):
        return  # the one there is goes without saying
    shown = _city(draft, str(value)) if parameter.facet == "time_zone" else ""
    filled.details.append(detail(parameter, value, role="sets", shown=shown))


def believed(draft: Draft, tool: Tool, parameter: Parameter, values: Mapping[str, Json]) -> Json:
    """A value that is true of the server's world, or that a person is free to choose.

    Raises:
        PlanUnfit: none is known.
    """
    if parameter.confidence < SURE:
        raise PlanUnfit(f"{tool.name} {parameter.pointer} is not understood well enough")
    used = set(map(str, values.values()))
    options = [value for value in choices_of(tool, parameter) if str(value) not in used]
    if options:
        return draft.choice(options)
    if parameter.facet == "time_zone":
        now = datetime.fromisoformat(draft.scene.now)
        near = {_offset(zone, now) for zone in (*used, draft.scene.time_zone) if zone in _zones()}
        return draft.choice([zone for zone in _zones() if _offset(zone, now) not in near])
    if parameter.facet == "limit":
        return draft.choice([number for number in (2, 3, 4, 5) if allowed(parameter, number)])
    if parameter.facet == "time":
        return f"{draft.choice(range(7, 22)):02d}:{draft.choice((0, 0, 15, 30, 30, 45)):02d}"
    if parameter.facet == "date":
        back = draft.choice((4, 6, 7, 10, 12, 14, 17, 20))
        return (date.fromisoformat(draft.scene.now[:10]) - timedelta(days=back)).isoformat()
    if parameter.facet == "number":
        return draft.choice(candidates(parameter))
    raise PlanUnfit(f"no value is known for {tool.name} {parameter.pointer}")


def allowed(parameter: Parameter, number: int) -> bool:
    schema = parameter.schema
    return bool(
        schema.get("minimum", number) <= number <= schema.get("maximum", number)
    ) and number != schema.get("default")


def choices_of(tool: Tool, parameter: Parameter) -> list[Json]:
    """The values that are declared for an argument, by the configuration or by its schema."""
    own: Mapping[str, Sequence[Json]] = tool.hints.get("values", {})
    schema = parameter.schema
    given = own.get(parameter.pointer.lstrip("/")) or schema.get("enum") or schema.get("examples") or ()
    return [value for value in given if value is not None]


def _path(value: Json) -> bool:
    return isinstance(value, str) and "/" in value


def _zones() -> list[str]:
    return sorted({item["zone"] for item in read("catalog/lexicon/places.yaml")["cities"]})


def _offset(zone: str, now: datetime) -> Any:
    """By how much a zone is apart from UTC now: nobody asks what time it is where it is the same."""
    return now.astimezone(ZoneInfo(zone)).utcoffset()


def _city(draft: Draft, zone: str) -> str:
    """A city by which a person names a time zone."""
    own = zone.rpartition("/")[2].replace("_", " ")
    cities = [item["city"] for item in read("catalog/lexicon/places.yaml")["cities"] if item["zone"] == zone]
    return str(rng(draft.seed, zone, "city").choice([own, own, *cities]))  # the same all through a talk


def _withheld(tool: Tool, item: Detail) -> bool:
    """Whether somebody may forget to say a value: of which place, not how many."""
    parameter = next(each for each in tool.inputs if each.name == item.parameter)
    if parameter.facet == "time_zone":  # a time that is said without a place is one's own
        return item.required and not _origin_of_time(tool, parameter)
    return item.required and parameter.facet in ("key", "enum") and len(choices_of(tool, parameter)) > 1


def _origin_of_time(tool: Tool, parameter: Parameter) -> bool:
    """Whether a time zone is the one a time is converted from."""
    zones = [each for each in tool.inputs if each.facet == "time_zone"]
    return len(zones) > 1 and bool({"source", "from"} & set(name_words(parameter.name)))


def varied(draft: Draft, tool: Tool, before: Filled) -> tuple[Filled, Detail]:
    """The same arguments but for one, and what is said of that one.

    Raises:
        PlanUnfit: nothing of it can be another.
    """
    said = {item.parameter for item in before.details}
    values = {
        pointer: source.value for pointer, source in before.arguments.items() if isinstance(source, Stated)
    }
    options = [
        p
        for p in tool.inputs
        if p.pointer in values
        and p.name in said
        and p.facet in ("key", "enum", "time_zone", "limit")
        and not _origin_of_time(tool, p)
        and (
            tool.effect == "compute" or _path(values[p.pointer])
        )  # the same done elsewhere, not to another thing
        and (p.facet in ("time_zone", "limit") or len(choices_of(tool, p)) > 1)
    ]
    if len(values) != len(before.arguments):
        raise PlanUnfit("not all of it was said")
    parameter = draft.choice(options)
    rest = {pointer: value for pointer, value in values.items() if pointer != parameter.pointer}
    new = believed(draft, tool, parameter, {**rest, "": values[parameter.pointer]})
    if new == values[parameter.pointer]:
        raise PlanUnfit("it would be the same again")
    again = stated(draft, tool, {**rest, parameter.pointer: new}, optional=False)
    return again, next(item for item in again.details if item.parameter == parameter.name)


def shared(one: Tool, two: Tool) -> list[tuple[str, str]]:
    """(name, pointer) of the declared places both tools are asked about."""
    names = {p.name: p for p in one.inputs if p.required and p.facet == "key"}
    return [(p.name, p.pointer) for p in two.inputs if p.required and p.facet == "key" and p.name in names]


def carried(one: Tool, two: Tool, filled: Filled) -> dict[str, Json]:
    """What the second tool is given of what the first was."""
    kept = {}
    for _, pointer in shared(one, two):
        source = filled.arguments.get(pointer)
        if isinstance(source, Stated) and _path(source.value):
            kept[pointer] = source.value
    if not kept:
        raise PlanUnfit("the two have nothing in common")
    return kept


def fresh(tool: Tool, filled: Filled, kept: Mapping[str, Json]) -> list[Detail]:
    """What has to be said anew, beside what goes on from before."""
    names = {parameter.name for parameter in tool.inputs if parameter.pointer in kept}
    return [item for item in filled.details if item.parameter not in names]


def _last(draft: Draft) -> tuple[Bound, Filled]:
    """The last call, if it was the only one of its turn, and what was said of it.

    Raises:
        PlanUnfit: it was not.
    """
    groups = [group for item in draft.executed[-1:] for group in item]
    if len(groups) != 1 or len(groups[0]) != 1:
        raise PlanUnfit("there is no one last answer")
    bound = groups[0][0]
    tool = draft.known.tools[bound.step.tool]
    filled = Filled({}, [], [])
    for parameter in tool.inputs:
        source: Any = bound.step.arguments.get(parameter.pointer)
        if isinstance(source, Stated):
            _put(draft, tool, filled, parameter, source.value)
        elif source is not None:
            filled.arguments[parameter.pointer] = source
    return bound, filled
