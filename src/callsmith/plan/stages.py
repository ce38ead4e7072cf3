"""How far a thing is in its life: what can be done to it next, and what it is already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from callsmith.catalog import turns
from callsmith.catalog.allowances import allowance, refuses
from callsmith.catalog.lives import begins_and_ends, phase, standing, undecided, words_of
from callsmith.catalog.turns import may_come
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.meaning import Stated
from callsmith.plan.arguments.fill import Filled, pointed
from callsmith.plan.known import OCCASIONS, id_taken
from callsmith.records import Entity, Json, Parameter, Tool


def already(record: Mapping[str, Any], wanted: Mapping[str, Json]) -> bool:
    return bool(wanted) and all(pointed(record, pointer) == value for pointer, value in wanted.items())


def deed_of(tool: Tool) -> str:
    """The verb of what is done by a tool: what is marked as a no-show is missed."""
    return turns.deed_of(tool.verb, [*tool.state.values()])


def undoes(tool: Tool) -> bool:
    """Whether a tool takes back what no record shows was done: nobody restores a secret that is there."""
    return tool.verb in ("restore", "undelete", "recover") and not tool.state


def unfounded(entity: Entity, record: Mapping[str, Any], tool: Tool) -> bool:
    """Whether a tool is for things in another state, as it says: "cancel an order that is still queued"."""
    name = standing(entity.schema.get("properties", {}))
    field = next((item for item in entity.fields if item.pointer == f"/{name}"), None)
    options = [one for one in field.schema.get("enum", ()) if one is not None] if field else []
    summary = str(tool.hints.get("summary") or "").lower().rstrip(".")
    said = re.split(r"[.;\n]", tool.description.lower().removeprefix(f"{summary}. "))[0]
    others = [one for one in options if one not in tool.state.values()]
    meant = [one for one in others if re.search(rf"\b(?:still|already|an?|is|are) {_spoken(one)}\b", said)]
    meant += [one for one in others if phase(one) == "dropped" and re.search(rf"\b{_spoken(one)} \w", said)]
    if tool.state:
        meant += [
            one
            for one in others
            if re.search(rf"\bfrom (?:the )?{re.escape(words_of(str(one))[-1])}\b", said)
        ]
    return bool(meant) and pointed(record, f"/{name}") not in meant


def _spoken(option: Json) -> str:
    return re.escape(" ".join(words_of(str(option))))


def out_of_turn(entity: Entity, record: Mapping[str, Any], tool: Tool) -> bool:
    """Whether an act would take a thing back in its life: a guest who is there is not confirmed, or called off."""
    told = allowance(tool, entity)
    if told is not None and told.surely:
        return refuses(tool, entity, record)
    if refuses(tool, entity, record) or told is None and unfounded(entity, record, tool):
        return True
    if _at_last_stage(entity, record, tool):
        return True
    if not tool.state and _has_result(record, tool):
        return True
    for pointer, value in tool.state.items():
        field = next((item for item in entity.fields if item.pointer == pointer), None)
        options = [one for one in field.schema.get("enum", ()) if isinstance(one, str)] if field else []
        now = pointed(record, pointer)
        if now not in options or value not in options:
            continue
        if phase(value) == "dropped" and phase(now) == "going" and entity.noun in OCCASIONS:
            return True
        if not may_come(tool.verb, str(value), str(now), options):
            return True
    return False


_RESULTS = frozenset("result outcome verdict decision score grade".split())


def _has_result(record: Mapping[str, Any], tool: Tool) -> bool:
    """Whether a deed would only say again how something came out: a result that is there is not recorded anew."""
    if tool.deed != "act":
        return False
    known = [
        pointed(record, item.sets) for item in tool.inputs if item.sets and {*words_of(item.sets)} & _RESULTS
    ]
    return any(value is not None and not undecided(value) for value in known)


def only_afterwards(entity: Entity, tool: Tool) -> bool:
    """Whether a tool is only for what is over, as it says: "only delivered orders can be rated"."""
    told = allowance(tool, entity)
    ends = {phase(one) for one in told.may} if told is not None and told.surely else set()
    return "over" in ends and ends <= {"over", "dropped"}


def says_nothing_new(tool: Tool, filled: Filled, record: Mapping[str, Any]) -> bool:
    """Whether a deed would give a record what it has: a subscription on the plus plan is not upgraded to it."""
    given = {
        p.sets: filled.arguments.get(p.pointer)
        for p in tool.inputs
        if p.sets and p.facet in ("enum", "person")
    }
    stated = {at: source.value for at, source in given.items() if isinstance(source, Stated)}
    return any(pointed(record, at) == value for at, value in stated.items() if value is not None)


def _at_last_stage(entity: Entity, record: Mapping[str, Any], tool: Tool) -> bool:
    """Whether a deed would bring a record to its next stage, of which there is none that is no end."""
    if tool.deed != "act" or not turns.steps_on(tool.verb, tool.phrase):
        return False
    name = standing(entity.schema.get("properties", {}))
    field = next((item for item in entity.fields if item.pointer == f"/{name}"), None)
    options = field.schema.get("enum", ()) if field is not None else ()
    told = turns.next_of(tool.verb, tool.phrase, pointed(record, f"/{name}"), options)
    return bool(options) and (told is None or phase(told) in ("over", "dropped"))


def later_than(parameter: Parameter, old: Json) -> list[Json]:
    """The states that come after the one a thing is in, where its states are the stages of its life.

    Raises:
        PlanUnfit: it is at its end.
    """
    options = [option for option in parameter.schema.get("enum", ()) if option is not None]
    named = parameter.sets and standing({parameter.sets.rpartition("/")[2]: None})
    if not named or old not in options or not begins_and_ends(options):
        return []
    if phase(old) in ("over", "dropped"):
        raise PlanUnfit("it is at its end")
    return options[options.index(old) + 1 :][:2]


def together(
    entity: Entity,
    record: Mapping[str, Any],
    parameter: Parameter,
    container: Mapping[str, Any],
    holder: Entity,
) -> bool:
    """Whether a record says that it is with the other already: the driver of a van."""
    key = pointed(container, id_taken(parameter, holder))
    fields = [item.pointer for item in entity.fields if item.refers == holder.key]
    return any(key == value for pointer in fields for value in values_at(record, pointer))


_FROM, _UNTIL = ("start date", "start time", "start"), ("end date", "end time", "end")


def crossing(entity: Entity, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records of the same person or thing are of the same time, as no two leaves are."""
    theirs = [item.pointer for item in entity.fields if item.refers]
    if not any(pointed(one, at) == pointed(other, at) is not None for at in theirs):
        return False
    begins = next((item.pointer for item in entity.fields if item.phrase in _FROM), "")
    ends = next((item.pointer for item in entity.fields if item.phrase in _UNTIL), "")
    times = [pointed(record, at) if at else None for record in (one, other) for at in (begins, ends)]
    if not all(isinstance(at, str) for at in times):
        return False
    return str(times[0]) <= str(times[3]) and str(times[2]) <= str(times[1])


def puts(tool: Tool, holder: Entity) -> bool:
    """Whether it is the other record that a tool puts into its own: "add droplets to a load balancer"."""
    starts = tuple(f"{tool.verb} {one} " for one in (holder.plural, f"a {holder.noun}", f"an {holder.noun}"))
    return tool.phrase.startswith(starts)
