"""Intents about parts of records: what is set there is looked into, set and taken away by naming the holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import structs

from callsmith.catalog import data
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Act, Ask, Reply, Stated, Target
from callsmith.parts import FORMS, Part, holding
from callsmith.plan.arguments.fill import Filled, complete, pointed, require, scopes, state
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.asked import short
from callsmith.plan.centrality import central
from callsmith.plan.describing import some_record
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.following import focused
from callsmith.plan.intents.reading import asking
from callsmith.plan.known import SURE, id_taken, title_pointer
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Field, Parameter, Tool

TOLD = ("enum", "flag", "count", "number", "percent", "date", "date_time", "timestamp", "duration_minutes",
        "duration_seconds", "amount", "amount_minor", "email", "language", "time_zone", "city")  # fmt: skip
FIGURES = ("count", "number", "percent", "date", "date_time", "timestamp", "duration_minutes", "duration_seconds",
           "amount", "amount_minor")  # fmt: skip
"""What is counted up for somebody and not set: where a part holds nothing else, it is told as figures."""
ALL = 5  # settings that are told at once; of more, one is asked for
BARE = ("status", "state", "enabled", "setting", "mode")  # of what, the part says
LONGEST = 4  # words of what a setting is called
FEW = 2


def look_into(draft: Draft) -> None:
    """How something is set for a record: one setting, or all of a few."""
    part, holder, reader = _chosen(draft, "readers")
    located, filled = _held(draft, reader, holder)
    _tell(draft, part, reader, located, filled)


def look_into_it(draft: Draft) -> None:
    """How something is set for what the talk is about."""
    if draft.focus is None:
        raise PlanUnfit("the talk is about nothing yet")
    part = draft.choice([one for one in draft.known.parts.values() if one.holder == draft.focus[0]])
    reader = draft.choice([tool for tool in part.readers if tool.confidence >= SURE])
    parameter = holding(reader, part.holder)
    if parameter is None or parameter.confidence < SURE:
        raise PlanUnfit(f"{reader.name} does not say which")
    holder = draft.known.entities[part.holder]
    located = _said_before(draft, holder, parameter) or focused(draft, parameter)[1]
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    complete(draft, filled, reader, located.record, holder.key)
    _only_which(reader, filled)
    _tell(draft, part, reader, located, filled)


def _said_before(draft: Draft, holder: Entity, parameter: Parameter) -> Located | None:
    """What the talk is about, where its user called it by its key and no result showed it; else None."""
    if draft.focus is None or draft.focus in draft.seen or parameter.klass != "natural_key":
        return None
    identifier = draft.focus[1]
    record = next((r for r in draft.world.records(holder.key) if identity(holder, r) == identifier), None)
    if record is None or draft.focused_at != len(draft.rounds) - 1:
        return None
    key = pointed(record, id_taken(parameter, holder))
    target = Target(holder.noun, holder.plural, "pronoun" if draft.chance(0.5) else "the", title=str(key))
    return Located(record, {}, Stated(key), target, [], None, holder)


def _tell(draft: Draft, part: Part, reader: Tool, located: Located, filled: Filled) -> None:
    holder = draft.known.entities[part.holder]
    bound = draft.call(reader, filled.arguments)
    shown = draft.records_of(bound, part.entity.key)
    settings = (
        [item for item in telling(part, shown[0]) if not _shown_already(item, located)] if shown else []
    )
    figures = not part.writers and not part.removers and all(item.facet in FIGURES for item in settings)
    settings = [item for item in settings if not figures or short(item.phrase)]
    if not settings:
        raise PlanUnfit("it has no settings to speak of")
    whole = FEW <= len(settings) <= ALL and draft.chance(0.5)
    item = None if whole else draft.choice(settings)
    named = {} if item is None else asking(item)
    ask = _ask("look_into", reader, part, holder, located, filled, **named)
    ask = structs.replace(ask, gist={**ask.gist, "figures": "yes" if figures else ""})
    pointer = "" if item is None else item.pointer
    draft.turn_to(holder, located.record)
    draft.close(
        "look into", ask, Reply("part", [bound.step.id], part.entity.key, shown, field=pointer, ask=ask)
    )


def _shown_already(item: Field, located: Located) -> bool:
    """Whether what was found to say which record shows such a setting: the status of an analysis."""
    if item.facet != "enum":
        return False
    last = item.phrase.split()[-1]
    return any(
        other.facet == "enum"
        and other.phrase.split()[-1:] == [last]
        and values_at(located.shown, other.pointer)
        for other in located.entity.fields
        if "*" not in other.pointer
    )


def set_part(draft: Draft) -> None:
    """Have something set otherwise for a record."""
    part, holder, writer = _chosen(draft, "writers")
    located, filled = _held(draft, writer, holder)
    required = [p for p in writer.inputs if p.required and p.pointer not in filled.arguments and _settable(p)]
    wanted = draft.choice(required or [p for p in writer.inputs if _settable(p)])
    _otherwise(draft, filled, writer, wanted, _as_it_is(draft, part, holder, writer, located))
    for other in writer.inputs:
        if other.required and other.pointer not in filled.arguments:
            require(draft, filled, writer, other)
    _change(draft, part, holder, writer, located, filled)


def remove_part(draft: Draft) -> None:
    """Have something that is set for a record taken away."""
    part, holder, remover = _chosen(draft, "removers")
    located, filled = _held(draft, remover, holder)
    complete(draft, filled, remover, located.record, holder.key)
    _change(draft, part, holder, remover, located, filled)


UNTOLD = (
    "timestamp",
    "latitude",
    "longitude",
    "lat",
    "lon",
    "lng",
)  # when machines looked, and where on a map


def telling(part: Part, record: Mapping[str, Any]) -> list[Field]:
    """The settings of a part that can be told, by fields: those with a value and a name that people use."""
    found: dict[str, Field] = {}
    for item in part.entity.fields:
        value = next(iter(values_at(record, item.pointer)), None)
        plainly = "*" not in item.pointer and item.pointer.count("/") <= FEW
        words = item.phrase.split()
        if not plainly or item.facet not in TOLD or value in (None, "") or not 0 < len(words) <= LONGEST:
            continue
        if words[-1] in UNTOLD or item.phrase == "limit":
            continue
        if item.facet == "enum" and len(item.schema.get("enum", ())) < FEW:
            continue
        if words[-1] in ("by", "at", "for", "in", "on", "to"):
            continue
        if item.facet in MOMENTS and any(word.endswith("ed") for word in words):
            continue  # when it was requested is no setting
        if item.facet == "flag" and (_is_deed(words[0]) or len(words) == 1 and words[0].endswith("ed")):
            continue  # "enforce admins" is what it does, and no name of a switch
        if item.facet == "flag" and len(words) > 1 and words[-1] in BARE:
            item = structs.replace(item, phrase=" ".join(words[:-1]))
        found.setdefault(item.phrase, item)
    return list(found.values())


def _is_deed(word: str) -> bool:
    verbs: Mapping[str, Mapping[str, Any]] = data.read("understand/verbs.yaml")
    return word in ("allow", "require", "enforce", "block") or any(word in group for group in verbs.values())


def setting_name(part: str, field: str) -> str:
    """What a setting is called beside its holder: "versioning status", "payer"."""
    alone = part in field or part in FORMS or (field not in BARE and " " in part)
    return plainly(field) if alone or len(field.split()) > FEW else f"{part} {field}"


def plainly(field: str) -> str:
    """What a setting is called without words for the form it is kept in: "topic event"."""
    words = field.split()
    return " ".join([word for word in words if word not in FORMS] or words) if len(words) > FEW else field


def _chosen(draft: Draft, role: Literal["readers", "writers", "removers"]) -> tuple[Part, Entity, Tool]:
    """A part, what holds it and a tool about it.

    Raises:
        PlanUnfit: no tool is about a part whose holder people have a name for.
    """
    options: list[tuple[Part, Entity, Sequence[Tool]]] = []
    for part in draft.known.parts.values():
        holder, tools = draft.known.entities[part.holder], getattr(part, role)
        sure = [tool for tool in tools if tool.confidence >= SURE]
        if sure and title_pointer(holder) and holder.key in draft.known.finders:
            options.append((part, holder, sure))
    if not options:
        raise PlanUnfit("no part serves")
    chosen = options[
        draft.weighted([len(tools) * central(draft.known, holder) for _, holder, tools in options])
    ]
    return chosen[0], chosen[1], draft.choice(chosen[2])


def _held(draft: Draft, tool: Tool, holder: Entity) -> tuple[Located, Filled]:
    """A record that holds such a part, found, and the arguments that name it."""
    parameter = holding(tool, holder.key)
    if parameter is None or parameter.confidence < SURE:
        raise PlanUnfit(f"{tool.name} does not say which {holder.noun}")
    record = some_record(draft, holder)
    located = locate(draft, holder, record, parameter)
    filled = Filled({parameter.pointer: located.source}, list(located.details), [])
    scopes(draft, filled, tool, record, holder.key)
    if filled.missing:
        raise PlanUnfit(f"{tool.name} works within something to be found first")
    if tool.deed == "read":
        complete(draft, filled, tool, record, holder.key)
        _only_which(tool, filled)
    return located, filled


def _only_which(reader: Tool, filled: Filled) -> None:
    """Refuse to ask for a setting by more than what it belongs to: nobody says since when, or in which format.

    Raises:
        PlanUnfit: the tool has to be given more.
    """
    if any(item.role != "names" for item in filled.details):
        more = " and ".join(item.phrase or item.parameter for item in filled.details if item.role != "names")
        raise PlanUnfit(f"{reader.name} needs {more} besides what it looks into")


def _settable(parameter: Parameter) -> bool:
    """Whether people ask for a setting by what an argument writes."""
    choices = parameter.facet != "enum" or len(parameter.schema.get("enum", ())) >= FEW
    return (
        bool(parameter.sets)
        and parameter.klass == "preference"
        and parameter.facet in TOLD
        and parameter.confidence >= SURE
        and not parameter.scope
        and "*" not in parameter.pointer
        and 0 < len(parameter.phrase.split()) <= LONGEST
        and choices
    )


def _as_it_is(draft: Draft, part: Part, holder: Entity, tool: Tool, located: Located) -> Mapping[str, Any]:
    """The part of a record as it stands now; empty where it has none."""
    parameter = holding(tool, holder.key)
    if parameter is None:
        return {}
    named = {parameter.name: pointed(located.record, id_taken(parameter, holder))}
    wanted = {**draft.world.scope_of(holder.key, located.record), **named}
    held = draft.world.records(part.entity.key)
    return next((r for r in held if draft.world.scope_of(part.entity.key, r) == wanted), {})


def _otherwise(
    draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, old: Mapping[str, Any]
) -> None:
    """State a value that it does not have yet."""
    for _ in range(6):
        trial = Filled(dict(filled.arguments), list(filled.details), [])
        state(draft, trial, tool, parameter)
        fresh = [item for item in trial.details if item not in filled.details]
        if fresh and fresh[0].values[:1] != [pointed(old, parameter.sets)]:
            filled.arguments, filled.details = trial.arguments, trial.details
            return
    raise PlanUnfit(f"{parameter.name} has nothing else to be")


def _change(draft: Draft, part: Part, holder: Entity, tool: Tool, located: Located, filled: Filled) -> None:
    bound = draft.call(tool, filled.arguments)
    ask = _ask("do", tool, part, holder, located, filled)
    draft.stale.add((holder.key, identity(holder, located.record)))
    draft.turn_to(holder, located.record)
    shown = draft.records_of(bound, part.entity.key)
    draft.close("set a part", ask, Reply("done", [bound.step.id], part.entity.key, shown, ask=ask))


def _ask(
    act: Act, tool: Tool, part: Part, holder: Entity, located: Located, filled: Filled, **more: Any
) -> Ask:
    verb = {"update": "change", "delete": tool.verb}.get(tool.deed, tool.verb)
    toward = "from" if tool.deed == "delete" else "of"
    return Ask(
        act=act,
        tool=tool.name,
        verb=verb,
        noun=holder.noun,
        plural=holder.plural,
        phrase=f"{verb} the {part.noun} {toward} a {holder.noun}",
        targets=[located.target],
        details=filled.details,
        gist={"part": part.noun},
        **more,
    )
