"""Intents that pass on what was found, look before they act, or take the latest of a sort."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from callsmith.errors import PlanUnfit
from callsmith.execute import records_at
from callsmith.language.letters import fact_sentence, whole
from callsmith.meaning import Ask, Detail, Pick, Reply, Stated, Target, Written
from callsmith.plan.arguments.criteria import choose_criteria
from callsmith.plan.arguments.fill import Filled, pointed, require
from callsmith.plan.arguments.listing import finder_call, narrowed_by
from callsmith.plan.arguments.messages import BODY, is_message
from callsmith.plan.arguments.spans import MOMENTS, partner
from callsmith.plan.asked import asked_field
from callsmith.plan.describing import label_of, some_record
from callsmith.plan.draft import Draft, identity
from callsmith.plan.intents.changing import act
from callsmith.plan.intents.following import focused, whole_record
from callsmith.plan.intents.making import creation
from callsmith.plan.intents.messaging import recipient
from callsmith.plan.intents.reading import (
    ask_of,
    asking,
    main_entities,
    report,
    some_entity,
)
from callsmith.plan.known import OCCASIONS, is_folder, yield_of
from callsmith.plan.makers import makers, some_maker, standalone
from callsmith.plan.serving import done, focus_on, holders, made
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Field, Tool

PASSED_ON = ("date_time", "date", "timestamp", "url", "amount", "amount_minor", "place", "enum", "phone")


PEOPLE = ("email", "person", "username")
LOGGED = re.compile(r"creat|chang|updat|modif|^date$|last ")  # what a product notes down for itself


def messengers(draft: Draft) -> list[tuple[Entity, Tool]]:
    return [(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)]


def share(draft: Draft) -> None:
    """Look something up and tell somebody what it says."""
    mail, tool = draft.choice(messengers(draft))
    entity = some_entity(draft, [e for e in main_entities(draft) if e.key != mail.key])
    record = some_record(draft, entity)
    located = locate(draft, entity, record, None)
    if located.bound is None:
        raise PlanUnfit("it is known already")
    item = passed_on(draft, entity, located.shown)
    tell(draft, mail, tool, entity, located, item)


def share_it(draft: Draft) -> None:
    """Tell somebody what was just found."""
    mail, tool = draft.choice(messengers(draft))
    entity, located = focused(draft, None)
    if (entity.key, identity(entity, located.shown)) in draft.stale:
        raise PlanUnfit("what was shown of it holds no longer")
    if not isinstance(located.source, Pick) or entity.key == mail.key:
        raise PlanUnfit("it was not shown")
    tell(draft, mail, tool, entity, located, passed_on(draft, entity, located.shown))


def passed_on(draft: Draft, entity: Entity, shown: Mapping[str, Any]) -> Field:
    visible = {
        f.pointer
        for f in entity.fields
        if f.facet in PASSED_ON and not LOGGED.search(f.phrase) and pointed(shown, f.pointer) is not None
    }
    return asked_field(draft, entity, shown, visible)


def tell(draft: Draft, mail: Entity, tool: Tool, entity: Entity, located: Located, item: Field) -> None:
    person, parameter, address, source = recipient(draft, tool)
    filled = Filled({parameter.pointer: source}, [*located.details, address], [])
    label = label_of(entity, located.record)
    value = pointed(located.shown, item.pointer)
    currency = str(pointed(located.shown, "/currency") or "")
    said = fact_sentence(
        draft.scene, (entity.noun, label, item.phrase), item.facet, value, currency, draft.rng
    )
    text = whole(draft.scene, person, "neutral", draft.rng, said, parameter.facet == "phone")
    for other in tool.inputs:
        if not other.required or other.pointer in filled.arguments:
            continue
        if other.facet in BODY and other.klass == "content":
            filled.arguments[other.pointer] = Written(text)
        elif other.facet == "title" and other.klass == "content":
            filled.arguments[other.pointer] = Written(label)
        else:
            require(draft, filled, tool, other)
    bound = draft.call(tool, filled.arguments)
    ask = ask_of(
        "share",
        tool,
        mail,
        targets=[located.target],
        details=filled.details,
        **asking(item),
        gist={"kind": "tell", "given": person.given, "say": "", "topic": "", "about": ""},
    )
    focus_on(draft, entity, located.record)
    draft.close("share", ask, done(draft, bound, mail, ask))


def latest(draft: Draft) -> None:
    """The newest of a sort, and a question about it."""
    entity, tool, filled, located = _latest(draft)
    visible = draft.known.shown[tool.name, entity.key] - narrowed_by(tool, filled.arguments)
    if any(one.facet in PEOPLE or one.parameter in ("from", "sender") for one in located.target.filters):
        visible = visible - {one.pointer for one in entity.fields if one.facet in PEOPLE}
    item = asked_field(draft, entity, located.shown, visible)
    step = located.bound.step.id if located.bound is not None else ""
    ask = ask_of(
        "look_up",
        tool,
        entity,
        targets=[located.target],
        details=filled.details,
        **asking(item),
    )
    focus_on(draft, entity, located.record)
    draft.close(
        "latest", ask, Reply("answer", [step], entity.key, [located.shown], field=item.pointer, ask=ask)
    )


def act_on_latest(draft: Draft) -> None:
    """Do something to the newest of a sort."""
    entity, _, _, located = _latest(draft)
    act(draft, located, entity)


def _latest(draft: Draft) -> tuple[Entity, Tool, Filled, Located]:
    """List a sort of thing and take the newest it shows."""
    entity = some_entity(draft, [e for e in main_entities(draft) if e.noun not in OCCASIONS])
    tool, filled, criteria = finder_call(draft, entity, 1)
    if any(item.facet == "limit" for item in criteria.details):
        raise PlanUnfit("of the first few none is the latest")
    bound = draft.call(tool, filled.arguments)
    found = draft.records_of(bound, entity.key)
    if len(found) < 2 or report(draft, bound, entity, _nothing_asked()).more:
        raise PlanUnfit("there is no one to choose")
    shown = _by_time(entity, found)[-1]
    if is_folder(shown):
        raise PlanUnfit("a folder is not what the latest file means")
    item = yield_of(tool, entity.key)
    where = item.pointer if item is not None else ""
    index = next(i for i, (_, record) in enumerate(records_at(bound.result.value, where)) if record is shown)
    target = Target(
        entity.noun, entity.plural, "latest", filters=criteria.details, title=label_of(entity, shown)
    )
    pick = Pick(bound.step.id, where, {}, entity.id_pointer, index)
    record = whole_record(draft, entity, shown)
    return entity, tool, filled, Located(record, shown, pick, target, list(filled.details), bound, entity)


def _nothing_asked() -> Ask:
    return Ask("list", "", "", "", "")


def _by_time(entity: Entity, found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Records in order of the one moment that all of them show and that is theirs, not their keeping's.

    Raises:
        PlanUnfit: there is no such moment, or two share the last.
    """
    for item in entity.fields:
        if item.facet not in ("date_time", "timestamp") or "*" in item.pointer:
            continue
        words = item.phrase.lower()
        if (
            not any(word in words for word in ("date", "sent", "received", "creat"))
            or "end" in words
            or "due" in words
        ):
            continue
        told = [_moment(pointed(record, item.pointer)) for record in found]
        moments = [moment for moment in told if moment is not None]
        if len({*moments}) == len(found):
            return [record for _, record in sorted(zip(moments, found, strict=True), key=lambda one: one[0])]
    raise PlanUnfit("nothing says which is the latest")


def _moment(value: Any) -> float | None:
    """Seconds of a moment; None for what is none: a required text that nobody has filled in."""
    if isinstance(value, (int, float)):
        return float(value)
    try:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


def book_if_free(draft: Draft) -> None:
    """Put something in at a time, if nothing is there yet."""
    entity, tool = some_maker(draft, [(e, t) for e, t in standalone(draft) if e.key in draft.known.finders])
    pair = next((pair for p in tool.inputs if p.required and p.sets and (pair := partner(tool, p))), None)
    if pair is None or pair[0].facet != "date_time":
        raise PlanUnfit("it takes no time")
    filled = creation(draft, entity, tool, 0)
    start, end = filled.arguments[pair[0].pointer], filled.arguments[pair[1].pointer]
    if not isinstance(start, Stated) or not isinstance(end, Stated):
        raise PlanUnfit("its time is not said")
    for finder in draft.known.finders[entity.key]:
        window = next(
            (w for p in finder.inputs if p.filters and p.facet in MOMENTS and (w := partner(finder, p))), None
        )
        if (
            window is not None
            and window[0].facet == "date_time"
            and not any(p.required for p in finder.inputs if p not in window)
        ):
            break
    else:
        raise PlanUnfit("nothing shows what is on at a time")
    looked = draft.call(
        finder, {window[0].pointer: Stated(start.value), window[1].pointer: Stated(end.value)}
    )
    busy = draft.records_of(looked, entity.key)
    ask = ask_of("create_if", tool, entity, details=filled.details)
    if busy:
        draft.close("book if free", ask, Reply("busy", [looked.step.id], entity.key, busy, ask=ask))
        return
    bound = draft.call(tool, filled.arguments)
    shown = draft.records_of(bound, entity.key)
    made(draft, entity, shown)
    draft.close("book if free", ask, done(draft, bound, entity, ask))


def narrow(draft: Draft) -> None:
    """The list just shown, under one more condition."""
    if draft.listed is None:
        raise PlanUnfit("nothing was listed")
    entity = draft.known.entities[draft.listed[0]]
    earlier = draft.listed[1]
    last = {step.id for group in draft.rounds[-1].groups for step in group}
    if earlier.step.id not in last:
        raise PlanUnfit("the talk has moved on from the list")
    tool = draft.known.tools[earlier.step.tool]
    shown = draft.records_of(earlier, entity.key)
    if len(shown) < 4:
        raise PlanUnfit("there is nothing to narrow")
    record = whole_record(draft, entity, draft.choice(shown))
    criteria = choose_criteria(draft, tool, entity, record, 1)
    fresh = {p: v for p, v in criteria.arguments.items() if p not in earlier.step.arguments}
    details: list[Detail] = [item for item in criteria.details if item.facet != "limit"]
    if not fresh or len(fresh) != len(criteria.arguments) or not details:
        raise PlanUnfit("no further condition")
    bound = draft.call(tool, {**earlier.step.arguments, **{p: Stated(v) for p, v in fresh.items()}})
    found = draft.records_of(bound, entity.key)
    if not 0 < len(found) < len(shown):
        raise PlanUnfit("it does not narrow")
    draft.listed = (entity.key, bound)
    ask = ask_of("narrow", tool, entity, details=details)
    draft.close("narrow", ask, report(draft, bound, entity, ask))
