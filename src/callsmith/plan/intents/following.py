"""What people ask next: about one of the list, another change, the same for another, what was just done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.meaning import Ask, Bound, Pick, Reply, Target
from callsmith.plan.arguments.fill import Filled, complete, pointed, scopes
from callsmith.plan.arguments.listing import narrowed_by
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.arguments.wishes import optional
from callsmith.plan.asked import asked_field
from callsmith.plan.describing import bygone, label_of, ordinal_target
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.changing import act, change, fitting, other_holders
from callsmith.plan.intents.making import once_a_talk, turn_to_made, worded_under
from callsmith.plan.intents.reading import answer_from, ask_of, asking
from callsmith.plan.known import called_after, id_taken, noun_of, salient, title_pointer
from callsmith.plan.makers import ANSWERING, makers
from callsmith.plan.serving import done, holders, id_parameter, wrapped
from callsmith.plan.signs import signs_in
from callsmith.plan.targets import Located
from callsmith.records import Entity, Parameter, Tool

SHOWN = 5  # how many of a list an answer shows: further ones cannot be pointed at


def from_list(draft: Draft, parameter: Parameter | None, entity: Entity, tool: Tool | None = None) -> Located:
    """One of the records last listed, by its place; with a ``tool`` one to which it is something to do."""
    if draft.listed is None or draft.listed[0] != entity.key:
        raise PlanUnfit("nothing was listed")
    bound = draft.listed[1]
    if not _at_hand(draft, bound):
        raise PlanUnfit("something else was talked of since the list")
    shown = draft.records_of(bound, entity.key)
    if not 2 <= len(shown) <= SHOWN:
        raise PlanUnfit("no list one would point into")
    fit = [
        place
        for place, record in enumerate(shown)
        if tool is None or fitting(draft, tool, entity, whole_record(draft, entity, record))
    ]
    index = draft.choice(fit)
    return pointing(draft, entity, shown[index], parameter, ordinal_target(entity, index, shown))


_POINTING = ("open one", "recall", "act on one", "change one", "narrow")


def _at_hand(draft: Draft, bound: Bound) -> bool:
    """Whether all that was said since a list was about what is in it."""
    for item in reversed(draft.rounds):
        if any(step.id == bound.step.id for group in item.groups for step in group):
            return True
        if item.intent not in _POINTING:
            return False
    return False


def pointing(
    draft: Draft, entity: Entity, shown: Mapping[str, Any], parameter: Parameter | None, target: Target
) -> Located:
    identifier = identity(entity, shown)
    take = id_taken(parameter, entity) if parameter else entity.id_pointer
    if (entity.key, identifier) not in draft.seen:
        raise PlanUnfit("it was not seen")
    pick, first = draft.seen[(entity.key, identifier)]
    if (entity.key, identifier) in draft.gone:
        raise PlanUnfit("it was thrown away")
    if pointed(first, take) is None:
        raise PlanUnfit(f"it was seen without {take}")
    record = whole_record(draft, entity, shown)
    return Located(record, first, Pick(pick.step, pick.where, {}, take, pick.index), target, [], None, entity)


def whole_record(draft: Draft, entity: Entity, shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """A record that was shown, with all that the world holds of it.

    Raises:
        PlanUnfit: it is gone.
    """
    wanted = identity(entity, shown)
    record = next((r for r in draft.world.records(entity.key) if identity(entity, r) == wanted), None)
    if record is None:
        raise PlanUnfit("it is gone")
    return record


def focused(draft: Draft, parameter: Parameter | None) -> tuple[Entity, Located]:
    """The record the talk is about, as "it"."""
    if draft.focus is None:
        raise PlanUnfit("the talk is about nothing yet")
    entity = draft.known.entities[draft.focus[0]]
    seen = draft.seen.get(draft.focus)
    if seen is None:
        raise PlanUnfit("its id was never shown")
    label = label_of(entity, seen[1])
    fresh = draft.focused_at == len(draft.rounds) - 1
    if not fresh and title_pointer(entity) and label:
        target = _by_name(entity, seen[1], label)
    else:
        target = Target(
            *noun_of(entity, seen[1]), "pronoun" if fresh and draft.chance(0.5) else "the", label=label
        )
    return entity, pointing(draft, entity, seen[1], parameter, target)


def _by_name(entity: Entity, shown: Mapping[str, Any], label: str) -> Target:
    """A record as somebody names it who knows its whole name."""
    whose, signs = called_after(entity), signs_in(entity, shown)
    return Target(
        *noun_of(entity, shown), "label", label=label, exact=True, title=label, whose=whose, signs=signs
    )


def _entity_listed(draft: Draft) -> Entity:
    if draft.listed is None:
        raise PlanUnfit("nothing was listed")
    return draft.known.entities[draft.listed[0]]


def open_one(draft: Draft) -> None:
    """More about one of those listed."""
    entity = _entity_listed(draft)
    getter = draft.choice(draft.known.getters.get(entity.key, ()))
    parameter = id_parameter(getter, entity)
    located = from_list(draft, parameter, entity)
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, [], [])
    complete(draft, filled, getter, located.record, entity.key)
    if draft.listed is None:
        raise PlanUnfit("nothing was listed")
    seen = draft.known.shown[draft.listed[1].step.tool, entity.key]
    new = draft.known.shown[getter.name, entity.key] - seen
    bound = draft.call(getter, filled.arguments)
    located = msgspec.structs.replace(located, details=filled.details)
    answer_from(draft, "open one", getter, located, bound, new)


def recall(draft: Draft) -> None:
    """A question the results already shown answer."""
    if draft.listed is not None and draft.chance(0.6):
        entity = _entity_listed(draft)
        located = from_list(draft, None, entity)
    else:
        entity, located = focused(draft, None)
    _recalled(draft, entity, located)


def recall_other(draft: Draft) -> None:
    """A question about another record, which a plain listing shown before answers though nobody was told of it.

    One found by conditions does not serve: what did not meet them may bear the same name.
    """
    options = [
        key
        for key, (pick, _) in draft.seen.items()
        if key not in (draft.focus, *draft.gone, *draft.made) and not draft.done[pick.step].step.arguments
    ]
    kind, identifier = draft.choice(options)
    entity = draft.known.entities[kind]
    shown = draft.seen[(kind, identifier)][1]
    label = label_of(entity, shown)
    if (
        not label
        or [label_of(entity, draft.seen[key][1]) for key in options if key[0] == kind].count(label) > 1
    ):
        raise PlanUnfit("its name does not tell it from others")
    _recalled(draft, entity, pointing(draft, entity, shown, None, _by_name(entity, shown, label)))


def _recalled(draft: Draft, entity: Entity, located: Located) -> None:
    if not isinstance(located.source, Pick):
        raise PlanUnfit("it was not shown")
    step = draft.done[located.source.step].step
    if (entity.key, identity(entity, located.shown)) in draft.stale:
        raise PlanUnfit("what was shown of it holds no longer")
    shown = located.shown
    visible = {item.pointer for item in entity.fields if pointed(shown, item.pointer) is not None}
    told = {r.reply.field for r in draft.rounds}
    told |= {pointer for known, pointer in draft.changed if known == identity(entity, shown)}
    finder = draft.done.get(step.id)
    if finder is not None:
        told |= narrowed_by(draft.known.tools[finder.step.tool], finder.step.arguments)
    if any(r.reply.act == "report" and step.id in r.reply.steps for r in draft.rounds):
        told |= {one.pointer for one in salient(entity, frozenset(visible))[:4]}  # what a list tells of each
    visible = {pointer for pointer in visible - told if not _known_to_user(draft, entity, shown, pointer)}
    item = asked_field(draft, entity, shown, visible, whether=True)
    ask = Ask(
        "recall",
        "",
        "",
        entity.noun,
        entity.plural,
        targets=[located.target],
        **asking(item),
    )
    draft.turn_to(entity, located.record)
    draft.close("recall", ask, Reply("recall", [step.id], entity.key, [shown], field=item.pointer, ask=ask))


def _known_to_user(draft: Draft, entity: Entity, shown: Mapping[str, Any], pointer: str) -> bool:
    """Whether nobody would ask for a field: the user said its value, or it is of the moment the thing was made."""
    if (entity.key, identity(entity, shown)) in draft.made and entity.key in draft.known.entities:
        facet = next(item.facet for item in entity.fields if item.pointer == pointer)
        if facet in (*MOMENTS, "enum", "flag", "email", "person", "username"):
            return True
    value = str(pointed(shown, pointer)).casefold()
    said = (str(one).casefold() for r in draft.rounds for item in r.ask.details for one in item.values)
    return any(len(one) > 2 and (one in value or value in one) for one in said)


def act_on_one(draft: Draft) -> None:
    """Do something to one of those listed."""
    entity = _entity_listed(draft)
    kinds = [one for one in ("actors", "actors", "removers") if entity.key in getattr(draft.known, one)]
    kind = draft.choice(kinds)
    tool = draft.choice(_alone(getattr(draft.known, kind)[entity.key], entity))
    located = from_list(draft, id_parameter(tool, entity), entity, tool)
    act(draft, located, entity, kind, tool)


def _alone(tools: Sequence[Tool], entity: Entity) -> list[Tool]:
    """The tools that need no other record beside the one they work on."""
    return [tool for tool in tools if not other_holders(tool, entity)]


def change_one(draft: Draft) -> None:
    """Change something about one of those listed."""
    entity = _entity_listed(draft)
    tool = draft.choice(draft.known.changers.get(entity.key, ()))
    change(draft, from_list(draft, id_parameter(tool, entity), entity), entity, titles=False)


def amend(draft: Draft) -> None:
    """Change something about what the talk is about."""
    if draft.focus is None:
        raise PlanUnfit("the talk is about nothing yet")
    tool = draft.choice(draft.known.changers.get(draft.focus[0], ()))
    entity, located = focused(draft, id_parameter(tool, draft.known.entities[draft.focus[0]]))
    change(draft, located, entity, titles=False)


def act_on_it(draft: Draft) -> None:
    """Do something to what the talk is about."""
    if draft.focus is None:
        raise PlanUnfit("the talk is about nothing yet")
    entity = draft.known.entities[draft.focus[0]]
    tool = draft.choice(_alone(draft.known.actors.get(entity.key, ()), entity))
    _, located = focused(draft, id_parameter(tool, entity))
    act(draft, located, entity, "actors", tool)


def under_it(draft: Draft) -> None:
    """Make something under what the talk is about: a comment, a reply, a subtask."""
    if draft.focus is None:
        raise PlanUnfit("the talk is about nothing yet")
    options = [
        (e, t)
        for e, t in makers(draft)
        if [p for p in holders(t) if p.refers == draft.focus[0]] and len(holders(t)) == 1
    ]
    made, tool = draft.choice(options)
    once_a_talk(draft, tool)
    parameter = holders(tool)[0]
    if tool.verb in ANSWERING and draft.focus in draft.made:
        raise PlanUnfit("nobody answers their own message")
    entity, located = focused(draft, parameter)
    if bygone(draft, entity, located.record):
        raise PlanUnfit(f"the {entity.noun} is over")
    filled = Filled({parameter.pointer: located.source}, [], [])
    scopes(draft, filled, tool, located.record, entity.key)
    worded_under(draft, filled, tool, located.record)
    optional(draft, filled, tool, 1 if not filled.details else 0)
    bound = draft.call(tool, filled.arguments)
    ask = ask_of("create_under", tool, made, container=located.target, details=filled.details)
    turn_to_made(draft, tool, made, bound)
    draft.close("under it", ask, done(draft, bound, made, ask))


def thank(draft: Draft) -> None:
    """A word of thanks at the end."""
    if not draft.rounds or draft.rounds[-1].ask.act == "thank":
        raise PlanUnfit("nothing to thank for")
    ask = Ask("thank", "", "", "", "")
    draft.close("thank", ask, Reply("welcome", ask=ask))


def replaced(reply: Reply, **changes: Any) -> Reply:
    return msgspec.structs.replace(reply, **changes)
