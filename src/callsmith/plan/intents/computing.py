"""Intents that have something worked out: once, for two cases, with what was left out, one result feeding another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from callsmith.catalog.data import read
from callsmith.catalog.figures import FIGURES, feeds, figure_of, phrase_of, same_unit
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Act, Ambient, Ask, Bound, Detail, Pick, Reply, Source, Stated
from callsmith.plan.arguments.figuring import believable, candidates, conversion, put, reckoned
from callsmith.plan.arguments.fill import Filled, said_name
from callsmith.plan.arguments.spans import partner
from callsmith.plan.draft import Draft
from callsmith.plan.known import SURE, Known
from callsmith.records import Json, Parameter, Tool
from callsmith.schema import settle, types

LONG = 300  # a longer text is no answer in a sentence
MOST = 12  # more items are no list in a sentence


def compute(draft: Draft) -> None:
    """Have something worked out."""
    tool = draft.choice(draft.known.computers)
    filled = reckoned(draft, tool)
    bound = draft.call(tool, filled.arguments)
    ask = asked(tool, filled.details)
    draft.close("compute", ask, told(bound, ask))


def compute_two(draft: Draft) -> None:
    """Have two things worked out at once: the same for another value, or something else as well."""
    tool = draft.choice(draft.known.computers)
    filled = reckoned(draft, tool)
    others = [item for item in draft.known.computers if item is not tool]
    if others and draft.chance(0.3):
        second = draft.choice(others)
        again = reckoned(draft, second)
        also = asked(second, again.details)
        spoken = also
    else:
        second = tool
        again, changed = varied(draft, tool, filled.arguments)
        also = asked(tool, again.details)
        spoken = asked(tool, [changed], "compute_again")
    first, last = draft.calls([(tool, filled.arguments), (second, again.arguments)])
    if first.result.value == last.result.value:
        raise PlanUnfit("both come to the same")
    ask = asked(tool, filled.details)
    reply = msgspec.structs.replace(told(first, ask), also=[told(last, also)])
    draft.close("compute two", msgspec.structs.replace(ask, also=[spoken]), reply)


def compute_missing(draft: Draft) -> None:
    """Have something worked out without saying all it takes; the assistant asks."""
    tool = draft.choice(draft.known.computers)
    filled = reckoned(draft, tool)
    parameters = named(tool)
    units = conversion(tool)
    kept = (units.value.name, units.source.name) if units else ()
    options = [
        item
        for item in filled.details
        if item.required
        and item.parameter not in kept
        and item.shape == "value"
        and (_withheld(tool, parameters[item.parameter]) or (units and item.parameter == units.target.name))
    ]
    if len(filled.details) < 2 or _sum_of_two(tool):
        raise PlanUnfit("nothing would be left to say")
    item = draft.choice(options)
    rest = [other for other in filled.details if other is not item]
    first = asked(tool, rest)
    first = msgspec.structs.replace(first, gist={**first.gist, "left": item.parameter})
    question = Reply("ask_missing", ask=first, missing=[parameters[item.parameter]])
    draft.close("ask for what is missing", first, question)
    bound = draft.call(tool, filled.arguments)
    answer = asked(tool, [item], "compute_answer")
    draft.close("answer", answer, told(bound, asked(tool, filled.details)))


def _sum_of_two(tool: Tool) -> bool:
    """Whether a tool does no more than add, subtract, multiply or divide: nobody names but one of the two figures."""
    required = [parameter for parameter in tool.inputs if parameter.required]
    return (
        tool.verb in read(FIGURES)["arithmetic"]
        and len(required) == 2
        and all(parameter.facet in ("number", "amount", "count") for parameter in required)
    )


def _withheld(tool: Tool, parameter: Parameter) -> bool:
    """Whether a person may leave a value out by oversight; a moment left out is now, and a first day today."""
    if parameter.facet in ("text", "date_time", "time") or len(parameter.name) < 3:
        return False
    pair = partner(tool, parameter)
    return parameter.facet != "date" or (pair is not None and pair[1] is parameter)


def compute_chain(draft: Draft) -> None:
    """Have something worked out, and something else from what that gives."""
    link = draft.choice(links(draft.known))
    first = reckoned(draft, link.tool, _settled(draft, link))
    bound = draft.call(link.tool, first.arguments)
    _new(link, bound)
    second, ask = _onward(draft, link, bound)
    head = asked(link.tool, first.details)
    reply = msgspec.structs.replace(told(bound, head), also=[told(second, ask)])
    draft.close("compute and go on", msgspec.structs.replace(head, also=[ask]), reply)


def compute_on(draft: Draft) -> None:
    """Go on with the last result: a tax on the sum, a share of the total."""
    last = _last(draft)
    before = {step.tool for item in draft.rounds for group in item.groups for step in group}
    link = draft.choice(
        [link for link in links(draft.known) if _fits(link, last) and link.after.name not in before]
    )
    _new(link, last)
    bound, ask = _onward(draft, link, last)
    draft.close("compute on", ask, told(bound, ask))


def compute_again(draft: Draft) -> None:
    """The same once more, with one value changed."""
    last = _last(draft)
    if any(isinstance(source, Pick) for source in last.step.arguments.values()):
        raise PlanUnfit("it went on from another result")
    if len(last.step.arguments) < 2:
        raise PlanUnfit("nothing of it would stay the same")
    tool = draft.known.tools[last.step.tool]
    again, changed = varied(draft, tool, last.step.arguments)
    bound = draft.call(tool, again.arguments)
    ask = asked(tool, again.details)
    draft.close("compute again", asked(tool, [changed], "compute_again"), told(bound, ask))


# ---------------------------------------------------------------- saying


def asked(tool: Tool, details: Sequence[Detail], act: Act = "compute", carried: str = "") -> Ask:
    """What the user wants worked out. ``carried`` names the argument that an earlier result is."""
    gist = {
        "about": tool.description,
        "gives": next(iter(types(settle(tool.returns))), ""),
        "tool": tool.name.removeprefix(f"{tool.toolkit}_"),
    }
    if carried:
        gist["carried"] = carried
    return Ask(act, tool.name, tool.verb, "", "", phrase=tool.phrase, details=details, gist=gist)


def told(bound: Bound, ask: Ask) -> Reply:
    """The result as an answer.

    Raises:
        PlanUnfit: it cannot be said in a sentence.
    """
    value = bound.result.value
    if not sayable(value):
        raise PlanUnfit(f"what {bound.step.tool} gives cannot be said in a sentence")
    return Reply("computed", [bound.step.id], ask=ask, records=[{"value": value}])


def sayable(value: Json) -> bool:
    """Whether a result can be told: a figure, a short text, a short list, or fields of such."""
    if isinstance(value, Mapping):
        return any(sayable(item) and not isinstance(item, (Mapping, list)) for item in value.values())
    if isinstance(value, list):
        return 0 < len(value) <= MOST and all(not isinstance(item, (Mapping, list)) for item in value)
    return value is not None and value != "" and len(str(value)) <= LONG


def named(tool: Tool) -> dict[str, Parameter]:
    return {said_name(parameter): parameter for parameter in tool.inputs}


# ---------------------------------------------------------------- once more


def varied(draft: Draft, tool: Tool, before: Mapping[str, Source]) -> tuple[Filled, Detail]:
    """The same arguments but for one, and what is said of that one.

    Raises:
        PlanUnfit: nothing of it can sensibly be another.
    """
    if _sum_of_two(tool):
        raise PlanUnfit("which of two figures is another could not be told")
    values = {
        pointer: source.value for pointer, source in before.items() if isinstance(source, Stated | Ambient)
    }
    if len(values) != len(before):
        raise PlanUnfit("not all of it was stated plainly")
    units = conversion(tool)
    fixed = {units.source.pointer} if units else set()
    stated = {pointer for pointer, source in before.items() if isinstance(source, Stated)}
    options = [p for p in tool.inputs if p.pointer in stated - fixed and _varies(p)]
    parameter = draft.choice(options)
    rest = {pointer: value for pointer, value in values.items() if pointer != parameter.pointer}
    new = _another(draft, tool, parameter, rest, values[parameter.pointer])
    filled = Filled({}, [], [])
    for other in tool.inputs:
        if other.pointer in values:
            put(draft, filled, other, new if other is parameter else values[other.pointer])
    return filled, next(item for item in filled.details if item.parameter == said_name(parameter))


def _varies(parameter: Parameter) -> bool:
    if len(parameter.name) < 3:
        return False  # which of two figures "and for 12?" means could not be told
    return parameter.facet in ("enum", "date", "date_time", "city", "country", "currency") or bool(
        set(types(parameter.schema)) & {"number", "integer"}
    )


def _another(draft: Draft, tool: Tool, parameter: Parameter, rest: Mapping[str, Json], old: Json) -> Json:
    units = conversion(tool)
    if units is not None:
        filled = reckoned(draft, tool, rest)
        source = filled.arguments[parameter.pointer]
        new = source.value if isinstance(source, Stated) else None
    else:
        new = believable(draft, tool, parameter, rest)
    if new == old or new is None:
        raise PlanUnfit("it would be the same again")
    return new


def _last(draft: Draft) -> Bound:
    """The last call, if something was worked out by it alone.

    Raises:
        PlanUnfit: it was not.
    """
    groups = [group for item in draft.executed[-1:] for group in item]
    if len(groups) != 1 or len(groups[0]) != 1:
        raise PlanUnfit("there is no one last result")
    if draft.known.tools[groups[0][0].step.tool].effect != "compute":
        raise PlanUnfit("nothing was worked out")
    return groups[0][0]


# ---------------------------------------------------------------- one result feeding another


class Link(Struct, frozen=True):
    """A figure of one computation's result that another wants."""

    tool: Tool
    take: str  # pointer in the result
    after: Tool
    into: Parameter
    unit: str = ""  # the unit the first must give it in


_LINKS: dict[str, Sequence[Link]] = {}


def links(known: Known) -> Sequence[Link]:
    """Which computations go on from which, found once per toolset."""
    if known.toolset.hash not in _LINKS:
        _LINKS[known.toolset.hash] = list(_found(known))
    return _LINKS[known.toolset.hash]


def _found(known: Known) -> Iterator[Link]:
    for after in known.computers:
        for into in after.inputs:
            if (
                not into.required
                or not set(types(into.schema)) & {"number", "integer"}
                or "*" in into.pointer
            ):
                continue
            for tool in known.computers:
                if tool is not after:
                    yield from _between(tool, after, into)


def _between(tool: Tool, after: Tool, into: Parameter) -> Iterator[Link]:
    units = conversion(tool)
    figures = list(_figures(tool))
    if units is not None:
        known = figure_of(into.name)
        options = [str(item) for item in units.target.schema.get("enum", ())]
        unit = next((item for item in options if known and known.unit and same_unit(item, known.unit)), "")
        if unit and len(figures) == 1:
            yield Link(tool, figures[0][0], after, into, unit)
        return
    for pointer, name in figures:
        if feeds(name, into.name):
            yield Link(tool, pointer, after, into)
            return


def _figures(tool: Tool) -> Iterator[tuple[str, str]]:
    """(pointer, name) of the figures a result holds."""
    schema = settle(tool.returns)
    if set(types(schema)) & {"number", "integer"}:
        yield "", phrase_of(tool.phrase.removeprefix(tool.verb).strip() or tool.name)
    for name, child in schema.get("properties", {}).items():
        if set(types(settle(child))) & {"number", "integer"}:
            yield f"/{name}", name


def _settled(draft: Draft, link: Link) -> dict[str, Json]:
    """What the first computation must be given so that its result can go on."""
    units = conversion(link.tool)
    if units is None:
        return {}
    name = phrase_of(link.into.name).replace(" ", "_")
    pairs = []
    for source in units.source.schema.get("enum", ()):
        known = figure_of(f"{name}_{source}")
        told = known is not None and known.unit and same_unit(known.unit, str(source))
        if told and name in (known.name if known else "") and not same_unit(str(source), link.unit):
            pairs.append((source, known))
    source, known = draft.choice(pairs)
    value = draft.choice(candidates(units.value, known))
    return {units.source.pointer: source, units.target.pointer: link.unit, units.value.pointer: value}


def _fits(link: Link, last: Bound) -> bool:
    """Whether a link goes on from a call as it was made."""
    return link.tool.name == last.step.tool and not link.unit  # any figure may have been converted


def _new(link: Link, bound: Bound) -> None:
    """Refuse to go on from what was only given back."""
    found = values_at(bound.result.value, link.take)
    if any(isinstance(source, Stated) and source.value in found for source in bound.step.arguments.values()):
        raise PlanUnfit("the result is only what was given")


def _onward(draft: Draft, link: Link, bound: Bound) -> tuple[Bound, Ask]:
    if link.into.confidence < SURE:
        raise PlanUnfit(f"{link.into.name} is not understood well enough")
    filled = reckoned(draft, link.after, without=link.into.pointer)
    arguments: dict[str, Any] = {
        **filled.arguments,
        link.into.pointer: Pick(bound.step.id, "", {}, link.take),
    }
    ordered = {p.pointer: arguments[p.pointer] for p in link.after.inputs if p.pointer in arguments}
    after = draft.call(link.after, ordered)
    return after, asked(link.after, filled.details, "compute_on", link.into.name)
