"""Intents in which the assistant must ask: something required is missing, or what was said fits two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from callsmith.errors import PlanUnfit
from callsmith.execute import arguments, records_at
from callsmith.language.letters import letter
from callsmith.meaning import Ask, Bound, Detail, Reply, Round, Step, Target
from callsmith.plan.arguments.addresses import Lookup, address_lookup
from callsmith.plan.arguments.fill import SAYABLE, Filled, require, said_name, scopes
from callsmith.plan.arguments.messages import is_message
from callsmith.plan.arguments.wishes import optional
from callsmith.plan.describing import Described, describe, label_of, some_record
from callsmith.plan.draft import Draft
from callsmith.plan.intents.changing import act, change
from callsmith.plan.intents.following import pointing
from callsmith.plan.intents.making import asked_of, creation, from_holder
from callsmith.plan.intents.messaging import gist_of, looked_up, note_to, recipient, written
from callsmith.plan.intents.reading import ask_of, main_entities, some_entity
from callsmith.plan.known import COPYING, SILENT, title_pointer, yield_of
from callsmith.plan.lines import LINES, lines_of, order
from callsmith.plan.makers import ANSWERING, LEANING, makers, standalone
from callsmith.plan.serving import done, holders, id_parameter, made, wrapped
from callsmith.plan.shown import Search
from callsmith.plan.signs import signs_in
from callsmith.plan.targets import locate, searches
from callsmith.ports import drive
from callsmith.records import Call, Entity, Json, Parameter, Person, Tool

LOOKUPS = 6  # how many reads a proof that something cannot be looked up may try
_FEW = 6  # choices that are named


def create_missing(draft: Draft) -> None:
    """Make something although the user left out what it needs; the assistant asks for it."""
    entity, tool = draft.choice(
        [
            *standalone(draft),
            *(
                (e, t)
                for e, t in makers(draft)
                if holders(t) and e.noun not in LEANING and t.verb not in (*COPYING, *ANSWERING, "forward")
            ),
        ]
    )
    filled = creation(draft, entity, tool, draft.choice((0, 1, 1, 2)))
    withhold(draft, entity, tool, filled)


def create_for_whom(draft: Draft) -> None:
    """Make something without saying for which record; the assistant asks, and looks up the one it is told."""
    options = [
        (entity, tool, parameter)
        for entity, tool in makers(draft)
        if entity.noun not in LEANING and tool.verb not in (*COPYING, *ANSWERING, "forward")
        for parameter in holders(tool)
        if (lines := lines_of(draft.known, tool)) is None or parameter.pointer != lines.of.pointer
        if parameter.refers in draft.known.entities and title_pointer(draft.known.entities[parameter.refers])
    ]
    entity, tool, parameter = draft.choice(options)
    holder = draft.known.entities[parameter.refers]
    record = some_record(draft, holder, lasting=True)
    filled = Filled({}, [], [])
    scopes(draft, filled, tool, record, holder.key)
    if (ordered := lines_of(draft.known, tool)) is not None:
        order(draft, filled, ordered)
    for other in (p for p in tool.inputs if p.required and p is not parameter):
        if other.pointer in filled.arguments:
            continue
        if other in holders(tool):
            from_holder(draft, filled, other, tool)
        else:
            require(draft, filled, tool, other)
    optional(draft, filled, tool, draft.choice((0, 1)))
    if not filled.details and filled.container is None:
        raise PlanUnfit("nothing was said of it that leaves only one thing open")
    first = asked_of(tool, entity, filled.container, filled.details)
    draft.close("ask for what is missing", first, Reply("ask_missing", ask=first, missing=[parameter]))
    located = locate(draft, holder, record, parameter, Described(label_of(holder, record), True, None))
    if located.target.holder is not None:
        raise PlanUnfit(f"the {holder.noun} is not found by its name alone")
    filled.arguments[parameter.pointer] = wrapped(parameter, located.source)
    bound = draft.call(tool, filled.arguments)
    signs = signs_in(holder, record)
    name = label_of(holder, record)
    called = Detail(parameter.name, "title", holder.noun, "names", "value", [name], signs=signs)
    made(draft, entity, draft.records_of(bound, entity.key))
    reply = done(draft, bound, entity, first)
    draft.close("answer", ask_of("answer_missing", tool, entity, details=[called]), reply)


def change_missing(draft: Draft) -> None:
    """Change something without saying to what; the assistant looks it up and asks for the new value."""
    change(draft)
    last, executed = draft.rounds.pop(), draft.executed.pop()
    tool = draft.known.tools[last.ask.tool]
    entity = draft.known.entities[tool.entity]
    items = [item for item in last.ask.details if item.role == "sets"]
    by_name = {said_name(parameter): parameter for parameter in tool.inputs}
    if len(items) != 1 or items[0].parameter not in by_name:
        raise PlanUnfit("more than one thing is changed")
    parameter = by_name[items[0].parameter]
    prove_unknown(draft, tool, parameter, [value for value in items[0].values if value is not None])
    rest = [item for item in last.ask.details if item is not items[0]]
    first = msgspec.structs.replace(
        last.ask, act="change_open", details=rest, field=items[0].phrase, field_facet=items[0].facet
    )
    draft.groups = executed[:-1]
    reply = Reply("ask_missing", ask=first, missing=[parameter], choices=offered(parameter))
    draft.close("ask for what is missing", first, reply)
    draft.groups = [executed[-1]]
    draft.close("answer", ask_of("answer_missing", tool, entity, details=items), last.reply)


def send_missing(draft: Draft) -> None:
    """Write to somebody whose address the user did not give."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    person, parameter, item, source = recipient(draft, tool)
    found = address_lookup(draft, person, parameter.facet)
    if found is not None:  # then what is missing can only be whom it is for
        _whom_missing(draft, tool, person, parameter, found)
        return
    filled = Filled({parameter.pointer: source}, [item], [])
    note = note_to(draft, person, parameter)
    written(draft, tool, note, filled)
    gist = {**gist_of(note, person), "channel": parameter.facet}
    prove_unknown(draft, tool, parameter, [item.values[0]])
    first = ask_of("send", tool, entity, details=[], gist=gist)
    _ask_then_call(draft, tool, filled, first, parameter, item)


def _whom_missing(draft: Draft, tool: Tool, person: Person, parameter: Parameter, found: Lookup) -> None:
    """Write a message although the user did not say to whom; the assistant asks, and looks the address up."""
    entity = draft.known.entities[tool.entity]
    note = letter(
        draft.scene, person, "neutral", draft.rng, plain=parameter.facet == "phone", kinds=("tell", "ask")
    )
    gist = {**gist_of(note, person), "channel": parameter.facet}
    first = ask_of("send", tool, entity, gist={**gist, "given": ""})
    draft.close("ask for what is missing", first, Reply("ask_missing", ask=first, missing=[parameter]))
    filled = looked_up(draft, parameter, found)
    written(draft, tool, note, filled)
    bound = draft.call(tool, filled.arguments)
    named = Detail(
        parameter.name, "person", parameter.phrase, "to", "value", [person.name], shown=person.given
    )
    made(draft, entity, draft.records_of(bound, entity.key))
    reply = done(draft, bound, entity, msgspec.structs.replace(first, gist=gist))
    draft.close("answer", ask_of("answer_missing", tool, entity, details=[named]), reply)


def withhold(draft: Draft, entity: Entity, tool: Tool, filled: Filled) -> None:
    """Take one required thing out of what the user says first, have it asked for, and then call."""
    by_name = {said_name(parameter): parameter for parameter in tool.inputs}
    options = [
        item
        for item in filled.details
        if item.required
        and item.parameter in by_name
        and by_name[item.parameter].klass in SAYABLE
        and item.role != "to"
        and item.facet != LINES
        and sum(other.parameter == item.parameter for other in filled.details) == 1  # a name with its address
    ]
    item = draft.choice(options)
    parameter = next(
        (p for p in tool.inputs if said_name(p) == item.parameter and p.facet == item.facet),
        by_name[item.parameter],
    )
    prove_unknown(draft, tool, parameter, [value for value in item.values if value is not None])
    rest = [other for other in filled.details if other is not item]
    _ask_then_call(draft, tool, filled, asked_of(tool, entity, filled.container, rest), parameter, item)


def offered(parameter: Parameter) -> list[Json]:
    """The choices an assistant names when it asks: those that say something, and none where there are too many."""
    choices = [choice for choice in parameter.schema.get("enum", ()) if not SILENT.search(str(choice))]
    return choices if len(choices) <= _FEW else []


def _ask_then_call(
    draft: Draft, tool: Tool, filled: Filled, first: Ask, parameter: Parameter, item: Detail
) -> None:
    entity = draft.known.entities[tool.entity]
    reply = Reply("ask_missing", ask=first, missing=[parameter], choices=offered(parameter))
    draft.close("ask for what is missing", first, reply)
    bound = draft.call(tool, filled.arguments)
    second = ask_of("answer_missing", tool, entity, details=[item])
    whole = msgspec.structs.replace(first, details=[*first.details, item])
    shown = draft.records_of(bound, entity.key)
    made(draft, entity, shown)
    draft.close("answer", second, msgspec.structs.replace(done(draft, bound, entity, whole), ask=whole))


def prove_unknown(draft: Draft, tool: Tool, parameter: Parameter, values: list[Json]) -> None:
    """Show that no read the tools allow, with what is known, tells the missing value.

    Raises:
        PlanUnfit: one does, or the system prompt tells it; then it should be looked up, not asked for.
    """
    if any(
        isinstance(value, str) and value in (draft.scene.user.email, draft.scene.time_zone)
        for value in values
    ):
        raise PlanUnfit("the system prompt tells it")
    if parameter.facet not in ("email", "phone", "username", "person", "key", "number_key", "id"):
        return  # a wish for the future stands in no record
    for person in draft.scene.people:
        for facet, address in (("email", person.email), ("phone", person.phone)):
            if address in values and address_lookup(draft, person, facet) is not None:
                raise PlanUnfit("it could be looked up by name")
    tried = 0
    for reader in draft.known.toolset.tools:
        if (
            reader.effect not in ("list", "search")
            or any(p.required for p in reader.inputs)
            or tried >= LOOKUPS
        ):
            continue
        tried += 1
        result = drive(draft.world.call(Call("proof", reader.name, {})))
        if any(contains(result.value, value) for value in values):
            raise PlanUnfit("it could be looked up")


def contains(value: Json, wanted: Json) -> bool:
    """Whether a value occurs anywhere inside another."""
    if isinstance(value, Mapping):
        return any(contains(item, wanted) for item in value.values())
    if isinstance(value, list):
        return any(contains(item, wanted) for item in value)
    return bool(value == wanted and type(value) is type(wanted))


def change_ambiguous(draft: Draft) -> None:
    """Change one of two records that both answer to what the user said; the assistant asks which."""
    index = draft.known
    entity = some_entity(
        draft,
        [e for e in main_entities(draft) if e.key in index.changers or e.key in index.actors],
        index.changers,
        index.actors,
    )
    record = some_record(draft, entity, lasting=True)
    described = describe(draft, entity, record)
    if described.exact:
        raise PlanUnfit("a whole title is rarely shared")
    search = _search_showing_several(draft, entity, record, described)
    looked = draft.call(search.tool, search.filled.arguments)
    fitting = _answering(entity, draft.records_of(looked, entity.key), described)
    labels = [label_of(entity, one) for one in fitting]
    if not 2 <= len(fitting) <= 4 or len(set(labels)) != len(labels):
        raise PlanUnfit("not two that can be told apart")
    wanted = draft.choice(fitting)
    looking, draft.groups = draft.groups, []
    said = Target(entity.noun, entity.plural, "label", label=described.label)
    last, acted = _acted_on(draft, entity, wanted, said)
    draft.groups = looking
    reply = Reply("ask_which", [looked.step.id], entity.key, fitting, ask=last.ask, choices=labels)
    draft.close("ask which", last.ask, reply)
    draft.groups = acted
    place = fitting.index(wanted) + 1
    label, signs = label_of(entity, wanted), signs_in(entity, wanted)
    chosen = Target(entity.noun, entity.plural, "ordinal", ordinal=place, label=label, signs=signs)
    ask = Ask("choose", last.ask.tool, last.ask.verb, entity.noun, entity.plural, targets=[chosen])
    draft.close("choose", ask, last.reply)


def _acted_on(
    draft: Draft, entity: Entity, wanted: Mapping[str, Any], said: Target
) -> tuple[Round, list[list[Bound]]]:
    """Change or act on a record that was shown; the round this makes, taken back for the caller to place."""
    index = draft.known
    acting = draft.choice([*index.changers.get(entity.key, ()), *index.actors.get(entity.key, ())])
    located = pointing(draft, entity, wanted, id_parameter(acting, entity), said)
    if acting.deed == "update":
        change(draft, located, entity)
    else:
        act(draft, located, entity, "actors")
    return draft.rounds.pop(), draft.executed.pop()


def _answering(
    entity: Entity, shown: Sequence[Mapping[str, Any]], described: Described
) -> list[Mapping[str, Any]]:
    """The records whose titles hold the words the user said."""
    words = described.label.lower()
    return [record for record in shown if words in label_of(entity, record).lower()]


def _search_showing_several(
    draft: Draft, entity: Entity, record: Mapping[str, Any], described: Described
) -> Search:
    """A search by what the user says that shows two to four records, all of which fit.

    Raises:
        PlanUnfit: none does.
    """
    nobody = msgspec.structs.replace(described, person=None)
    for tool in draft.known.finders.get(entity.key, ()):
        where = yield_of(tool, entity.key)
        for search in searches(draft, tool, entity, record, nobody):
            if where is None or not search.by_label:
                continue
            step = Step("peek", tool.name, search.filled.arguments)
            result = drive(draft.world.call(Call("peek", tool.name, arguments(step, draft.done))))
            shown = [one for _, one in records_at(result.value, where.pointer)]
            if 2 <= len(shown) <= 4 and len(_answering(entity, shown, described)) == len(shown):
                return search
    raise PlanUnfit("nothing shows two that fit")
