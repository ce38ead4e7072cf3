"""Intents that make things: one, two, or something inside what is already there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from callsmith.catalog.allowances import refuses
from callsmith.catalog.figures import name_words
from callsmith.catalog.sums import PERIODS
from callsmith.errors import PlanUnfit
from callsmith.language.grammar import capitalised
from callsmith.language.letters import comment, letter
from callsmith.language.words import with_article
from callsmith.meaning import Act, Ask, Bound, Detail, Listed, Stated, Target
from callsmith.plan.arguments.fill import Filled, detail, require, scopes, state
from callsmith.plan.arguments.messages import BODY, is_message
from callsmith.plan.arguments.noting import notes_of, thought_of
from callsmith.plan.arguments.ties import contains
from callsmith.plan.arguments.wishes import given_back, optional, paid_for
from callsmith.plan.describing import some_record
from callsmith.plan.draft import Draft
from callsmith.plan.intents.reading import ask_of
from callsmith.plan.known import (
    COPYING,
    FOLLOWING,
    SURE,
    UNTITLED,
    is_folder,
    names_tenant,
    title_pointer,
)
from callsmith.plan.lines import lines_of, order
from callsmith.plan.makers import ANSWERING, LEANING, keyed_holder, makers, some_maker, standalone
from callsmith.plan.pasted import pasted
from callsmith.plan.serving import (
    close_both,
    done,
    focus_on,
    holders,
    made,
    remembered,
    retitled,
    sought,
    wrapped,
)
from callsmith.plan.stages import only_afterwards
from callsmith.plan.targets import Located, locate
from callsmith.records import Entity, Parameter, Tool

MOST_SAID = 6  # things that one request tells of what is to be made
_NOTHING: Mapping[str, Any] = {}


def creation(draft: Draft, entity: Entity, tool: Tool, most: int) -> Filled:
    """Arguments for making something: its container, what it needs, and a few things a person would add."""
    filled = Filled({}, [], [])
    records = draft.world.records(entity.key)
    scopes(draft, filled, tool, draft.choice(records) if records else None, entity.key)
    if (lines := lines_of(draft.known, tool)) is not None:
        order(draft, filled, lines)
    for parameter in sorted((p for p in tool.inputs if p.required), key=lambda p: _rank(draft, p)):
        if parameter.pointer in filled.arguments:
            continue
        if parameter.klass == "opaque_id" and not names_tenant(parameter):
            from_holder(draft, filled, parameter, tool)
        elif _noted(parameter) and parameter.confidence >= SURE:
            note_for(draft, filled, tool, parameter)
        else:
            require(draft, filled, tool, parameter)
    name_it(draft, filled, tool, entity)
    optional(draft, filled, tool, most)
    if filled.container is None:
        in_tenant(draft, filled, tool)
    if len(filled.details) - _in_addresses(filled) > MOST_SAID:
        raise PlanUnfit(f"nobody says all that {with_article(entity.noun)} needs at once")
    if not filled.arguments and any(p.sets and p.klass != "plumbing" for p in tool.inputs):
        raise PlanUnfit(f"nobody makes {with_article(entity.noun)} of which nothing is said")
    return filled


def _in_addresses(filled: Filled) -> int:
    """How many details are told along with a street, as they are parts of one address."""
    holders = [pointer.rpartition("/")[0] for pointer in filled.arguments if pointer.count("/") > 1]
    streets = [one for one in {*holders} if any(f"{one}/{word}" in filled.arguments for word in _STREETS)]
    return sum(holders.count(one) - 1 for one in streets)


_STREETS = ("street", "line1", "address_line1", "addressLine1", "street_address", "streetAddress")


def _noted(parameter: Parameter) -> bool:
    """Whether a text is one that somebody writes for others to read, and no description of the thing itself."""
    told = parameter.name.lower().endswith(("description", "purpose"))
    return parameter.facet in BODY and parameter.klass == "content" and not told


def in_tenant(draft: Draft, filled: Filled, tool: Tool) -> None:
    """Give the tenant for what lies in nothing else: where else would it be made."""
    for parameter in tool.inputs:
        whole = names_tenant(parameter) and not parameter.scope and parameter.pointer.count("/") == 1
        if whole and parameter.pointer not in filled.arguments:
            require(draft, filled, tool, parameter)


def from_holder(draft: Draft, filled: Filled, parameter: Parameter, tool: Tool) -> Located:
    """Have something made for a record that is found first."""
    holder = draft.known.entities.get(parameter.refers)
    if (
        holder is None
        or parameter.confidence < SURE
        or not _titled(draft, parameter)
        and not holder.label_pointer
    ):
        raise PlanUnfit(f"nothing is known of what {parameter.name} names")
    located = locate(draft, holder, _made_for(draft, holder, tool), parameter)
    filled.arguments[parameter.pointer] = wrapped(parameter, located.source)
    filled.details.extend(located.details)
    if filled.container is None:
        filled.container = located.target
    else:
        filled.details.append(named_beside(parameter, holder, located))
    return located


def _made_for(draft: Draft, holder: Entity, tool: Tool) -> Mapping[str, Any]:
    """A record that something is made for, in a state in which it may be."""
    lasting = not only_afterwards(holder, tool)
    return some_record(draft, holder, lasting=lasting, fits=lambda one: not refuses(tool, holder, one))


def _rank(draft: Draft, parameter: Parameter) -> tuple[bool, bool]:
    """Amounts come first, after what tells them; things come before people: a loan of a book, for a member."""
    holder = draft.known.entities.get(parameter.refers) if parameter.klass == "opaque_id" else None
    telling = holder is not None and any({*name_words(field.pointer)} & PERIODS for field in holder.fields)
    return "amount" not in parameter.facet and not telling, holder is not None and holder.person


def named_beside(parameter: Parameter, holder: Entity, located: Located) -> Detail:
    """The second thing that something is made for, said by its name: a loan of a book, for a member."""
    called = located.target.title or located.target.label
    if located.target.holder is not None:
        raise PlanUnfit(f"the {holder.noun} would be named with whose it is, beside what it is made for")
    return Detail(
        parameter.name, "title", holder.noun, "names", "value", [called], signs=located.target.signs
    )


def copied(draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, source: Mapping[str, Any]) -> None:
    """Name a copy after what it is a copy of.

    Raises:
        PlanUnfit: a folder is not copied, and nobody copies twice in one talk.
    """
    title = next((str(v) for v in (source.get("name"), source.get("title")) if v), "")
    if not title or is_folder(source) or any(bound.call.name == tool.name for bound in draft.done.values()):
        raise PlanUnfit("it is not copied")
    state(draft, filled, tool, parameter, retitled(draft, title))


def note_for(
    draft: Draft, filled: Filled, tool: Tool, parameter: Parameter, source: Mapping[str, Any] = _NOTHING
) -> None:
    """Have the user dictate a note, or the sentence of an answer to ``source``.

    Raises:
        PlanUnfit: what such a text says is not known.
    """
    if tool.verb in ANSWERING:
        text = _answer_to(draft, tool, source)
    else:
        text = thought_of(draft, tool, parameter) or comment(notes_of(draft, tool), draft.rng)
    filled.arguments[parameter.pointer] = Stated(text)
    filled.details.append(detail(parameter, text, role="sets"))


def _answer_to(draft: Draft, tool: Tool, source: Mapping[str, Any]) -> str:
    """A sentence on the matter of what is answered.

    Raises:
        PlanUnfit: it is the user's own, was answered in this talk, or its matter is not known.
    """
    if draft.scene.user.email in str(source.get("from", "")):
        raise PlanUnfit("nobody answers themselves")
    if any(bound.call.name == tool.name for bound in draft.done.values()):
        raise PlanUnfit("an answer was given")
    title = str(source.get("subject", "")).lower()
    topics = [topic for topic in draft.scene.topics if topic.name.lower() in title]
    if not topics:
        raise PlanUnfit("what it is about is not known")
    person = draft.choice(draft.scene.people)
    said = letter(draft.scene, person, "neutral", draft.rng, True, ("tell",), topics=topics).say
    return f"{capitalised(said)}."


def create(draft: Draft) -> None:
    """Make one thing."""
    entity, tool = some_maker(draft, standalone(draft))
    once_a_talk(draft, tool)
    filled = creation(draft, entity, tool, draft.choice((0, 1, 1, 2, 2, 3)))
    if not filled.details:
        raise PlanUnfit("there is nothing to say about it")
    said = {str(value) for item in draft.rounds for one in item.ask.details for value in one.values}
    if any(item.facet == "title" and str(item.values[0]) in said for item in filled.details):
        raise PlanUnfit("it was made or named before in this talk")
    bound = draft.call(tool, filled.arguments)
    ask = asked_of(tool, entity, filled.container, filled.details)
    shown = draft.records_of(bound, entity.key)
    made(draft, entity, shown)
    draft.close("create", ask, done(draft, bound, entity, ask))


def once_a_talk(draft: Draft, tool: Tool) -> None:
    """Refuse to make another of a sort in most talks: a talk of orders alone is a list of errands.

    Raises:
        PlanUnfit: this talk made one.
    """
    if any(bound.call.name == tool.name for bound in draft.done.values()) and not draft.chance(0.15):
        raise PlanUnfit("one of a sort is enough for a talk")


def name_it(draft: Draft, filled: Filled, tool: Tool, entity: Entity) -> None:
    """Say what something new is to be called, though the tool makes it without: nobody has a nameless one made."""
    pointer = title_pointer(entity)
    for parameter in tool.inputs if pointer and not is_message(tool) else ():
        named = parameter.sets == pointer and parameter.facet == "title" and parameter.klass == "content"
        if named and parameter.confidence >= SURE and parameter.pointer not in filled.arguments:
            require(draft, filled, tool, parameter)
            return


def asked_of(tool: Tool, entity: Entity, container: Target | None, details: list[Detail]) -> Ask:
    """What is asked for when something is made, and in what, if that has to be found first."""
    act: Act = "create" if container is None else "create_under"
    return ask_of(act, tool, entity, container=container, details=details)


def create_two(draft: Draft) -> None:
    """Make two things of one sort."""
    entity, tool = some_maker(draft, standalone(draft))
    first, second = (creation(draft, entity, tool, draft.choice((0, 1))) for _ in range(2))
    same = _title(entity, tool, first) == _title(entity, tool, second) != ""
    if first.arguments == second.arguments or same:
        raise PlanUnfit("both would be the same")
    bounds = draft.calls([(tool, first.arguments), (tool, second.arguments)])
    asks = [asked_of(tool, entity, filled.container, filled.details) for filled in (first, second)]
    replies = [done(draft, b, entity, a) for b, a in zip(bounds, asks, strict=True)]
    close_both(draft, "create two", asks, replies)


def _title(entity: Entity, tool: Tool, filled: Filled) -> str:
    for parameter in tool.inputs:
        source = filled.arguments.get(parameter.pointer)
        if isinstance(source, Listed) and len(source.items) == 1:
            source = source.items[0]
        if parameter.sets == entity.label_pointer and isinstance(source, Stated):
            return str(source.value).lower()
    return ""


def create_under(draft: Draft) -> None:
    """Make something inside, or attached to, a thing found first: a comment, a subtask, a page in a folder."""
    options = [
        (e, t, p)
        for e, t in makers(draft)
        if not is_message(t) and lines_of(draft.known, t) is None
        for p in _places(draft, t, e)
    ]
    entity, tool, parameter = draft.choice(options)
    once_a_talk(draft, tool)
    holder = draft.known.entities[parameter.refers]
    record = _made_for(draft, holder, tool)
    located = locate(draft, holder, record, parameter)
    filled = Filled({parameter.pointer: wrapped(parameter, located.source)}, list(located.details), [])
    scopes(draft, filled, tool, record, holder.key)
    worded_under(draft, filled, tool, located.record)
    if tool.verb not in COPYING:
        name_it(draft, filled, tool, entity)
    if holder.person:
        in_tenant(draft, filled, tool)
    optional(draft, filled, tool, draft.choice((0, 0, 1)))
    if entity.noun in UNTITLED and not any(item.facet in BODY for item in filled.details):
        raise PlanUnfit(f"a {entity.noun} that says nothing is none")
    bound = draft.call(tool, filled.arguments)
    details = [item for item in filled.details if item.values != [located.target.key] or item.role != "names"]
    more = {"container": located.target, "details": details, "field": parameter.name}
    ask = ask_of("create_under", tool, entity, **more)
    focus_on(draft, holder, record)
    turn_to_made(draft, tool, entity, bound)
    draft.close("create under", ask, done(draft, bound, entity, ask))


def create_between(draft: Draft) -> None:
    """Make something that ties two things together, both found first: a loan of a book for a member."""
    options = [
        (entity, tool)
        for entity, tool in makers(draft)
        if not is_message(tool)
        and (len(holders(tool)) > 1 or lines_of(draft.known, tool))
        and all(_titled(draft, p) for p in holders(tool))
    ]
    entity, tool = some_maker(draft, options)
    filled = creation(draft, entity, tool, draft.choice((0, 1)))
    bound = draft.call(tool, filled.arguments)
    ask = asked_of(tool, entity, filled.container, filled.details)
    turn_to_made(draft, tool, entity, bound)
    draft.close("create under", ask, done(draft, bound, entity, ask))


def worded_under(draft: Draft, filled: Filled, tool: Tool, source: Mapping[str, Any]) -> None:
    """Have the user say what a thing made under another needs: the name of a copy, the words of a note.

    Raises:
        PlanUnfit: it would go to somebody who has it.
    """
    for other in tool.inputs:
        if other.pointer not in filled.arguments and given_back(tool, other):
            state(draft, filled, tool, other, paid_for(source))
        if other.pointer in filled.arguments:
            continue
        if tool.verb in COPYING and other.facet in ("title", "file_name"):
            copied(draft, filled, tool, other, source)
        elif other.required and _noted(other) and other.confidence >= SURE:
            note_for(draft, filled, tool, other, source)
        elif other.required:
            require(draft, filled, tool, other)
    shown = msgspec.json.encode(source).decode()
    if any(item.facet == "email" and str(value) in shown for item in filled.details for value in item.values):
        raise PlanUnfit("whoever wrote or got it has it")


def turn_to_made(draft: Draft, tool: Tool, entity: Entity, bound: Bound) -> None:
    """Once a copy or something with a name of its own is made, the talk is about it; after a comment it stays."""
    made_here = draft.records_of(bound, entity.key)
    remembered(draft, entity, made_here)
    named = title_pointer(entity) and entity.noun not in LEANING and not is_message(tool)
    if made_here and (named or tool.verb in COPYING):
        draft.turn_to(entity, made_here[0])


def _places(draft: Draft, tool: Tool, entity: Entity) -> list[Parameter]:
    """The arguments that say under what a tool makes something: the one it needs, or one it may take."""
    needed = holders(tool)
    keyed = keyed_holder(draft, tool, entity)
    if needed or keyed:
        options = [*needed, *([keyed] if keyed else [])]
        return [p for p in options if len(options) == 1 and _titled(draft, p)]
    if lain_in := [p for p in tool.inputs if p.scope and sought(p)]:
        return [p for p in lain_in if len(lain_in) == 1 and _titled(draft, p)]
    return [
        p
        for p in tool.inputs
        if p.klass == "opaque_id"
        and p.confidence >= SURE
        and not p.scope
        and p.refers != entity.key
        and not names_tenant(p)
        and not any(word in p.name.lower() for word in FOLLOWING)  # told of it, it is not theirs
        and contains(p)
        and _titled(draft, p)
    ]


def _titled(draft: Draft, parameter: Parameter) -> bool:
    holder = draft.known.entities.get(parameter.refers)
    return holder is not None and (bool(title_pointer(holder)) or pasted(parameter, holder))
