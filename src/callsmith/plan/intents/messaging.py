"""Intents that write to people, and which tools can."""

from __future__ import annotations

from callsmith.errors import PlanUnfit
from callsmith.language.letters import Letter, letter
from callsmith.meaning import Detail, Listed, Pick, Source, Stated, Written
from callsmith.plan.arguments.addresses import Lookup, address_lookup
from callsmith.plan.arguments.fill import Filled, require, scopes
from callsmith.plan.arguments.messages import BODY, is_message, recipient_parameter
from callsmith.plan.draft import Draft
from callsmith.plan.intents.reading import ask_of
from callsmith.plan.makers import makers
from callsmith.plan.serving import close_both, done, holders, made, wrapped
from callsmith.records import Parameter, Person, Tool
from callsmith.schema import first_error


def note_to(draft: Draft, person: Person, parameter: Parameter) -> Letter:
    """What the user wants somebody told; a text to a phone has no greeting and no signature."""
    return letter(draft.scene, person, "neutral", draft.rng, plain=parameter.facet == "phone")


def gist_of(note: Letter, person: Person) -> dict[str, str]:
    """What language needs to know of a message to word the request for it."""
    return {
        "kind": note.kind,
        "say": note.say,
        "given": person.given,
        "topic": note.topic,
        "about": note.about,
    }


def recipient(draft: Draft, tool: Tool) -> tuple[Person, Parameter, Detail, Source]:
    """Somebody to write to, by an address the user gives."""
    parameter = recipient_parameter(tool)
    if parameter is None:
        raise PlanUnfit("it is sent to nobody")
    person = draft.choice(draft.scene.people)
    address = person.phone if parameter.facet == "phone" else person.email
    if parameter.facet == "phone":
        address = dialled(parameter, address)
    stated = Stated(address)
    source: Source = Listed([stated]) if "*" in parameter.pointer else stated
    item = Detail(
        parameter.name,
        parameter.facet,
        parameter.phrase,
        "to",
        "value",
        [address],
        shown=person.given,
        required=True,
    )
    return person, parameter, item, source


def dialled(parameter: Parameter, number: str) -> str:
    """A phone number in the form the tool takes.

    Raises:
        PlanUnfit: it takes none of the usual forms.
    """
    digits = "".join(char for char in number if char.isdigit())
    for form in (number, f"+{digits}", digits):
        if first_error(parameter.schema, form) is None:
            return form
    raise PlanUnfit(f"{parameter.name} takes numbers in no usual form")


def written(draft: Draft, tool: Tool, note: Letter, filled: Filled) -> None:
    """Fill the text parameters of a message tool from what is to be said."""
    for parameter in tool.inputs:
        if not parameter.required or parameter.pointer in filled.arguments:
            continue
        if parameter.facet in BODY and parameter.klass == "content":
            filled.arguments[parameter.pointer] = Written(note.body)
        elif parameter.facet == "title" and parameter.klass == "content":
            filled.arguments[parameter.pointer] = Written(note.subject)
        else:
            require(draft, filled, tool, parameter)


def send(draft: Draft, about: tuple[str, str] | None = None) -> None:
    """Write to somebody. ``about`` is (topic, sentence) where the message passes on what was found."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    person, parameter, item, source = recipient(draft, tool)
    filled = Filled({parameter.pointer: source}, [item], [])
    scopes(draft, filled, tool, None, entity.key)
    note = note_to(draft, person, parameter)
    written(draft, tool, note, filled)
    bound = draft.call(tool, filled.arguments)
    gist = gist_of(note, person)
    ask = ask_of("send", tool, entity, details=filled.details, gist=gist)
    shown = draft.records_of(bound, entity.key)
    made(draft, entity, shown)
    draft.close("send", ask, done(draft, bound, entity, ask))


def send_two(draft: Draft) -> None:
    """Write to two people, each about their own matter."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    calls, asks = [], []
    for _ in range(2):
        person, parameter, item, source = recipient(draft, tool)
        filled = Filled({parameter.pointer: source}, [item], [])
        scopes(draft, filled, tool, None, entity.key)
        note = note_to(draft, person, parameter)
        written(draft, tool, note, filled)
        calls.append((tool, filled.arguments))
        gist = gist_of(note, person)
        asks.append(ask_of("send", tool, entity, details=filled.details, gist=gist))
    if asks[0].gist["given"] == asks[1].gist["given"]:
        raise PlanUnfit("both go to one person")
    bounds = draft.calls(calls)
    replies = [done(draft, b, entity, a) for b, a in zip(bounds, asks, strict=True)]
    close_both(draft, "send two", asks, replies)


def looked_up(draft: Draft, parameter: Parameter, found: Lookup) -> Filled:
    """The address an assistant comes by, as the argument it is for."""
    looked = draft.call(found.tool, {pointer: Stated(value) for pointer, value in found.arguments.items()})
    pick = Pick(looked.step.id, found.where, {}, found.pointer, found.index)
    return Filled({parameter.pointer: wrapped(parameter, pick)}, [], [])


def send_found(draft: Draft) -> None:
    """Write to somebody the user only names, once their address is looked up."""
    entity, tool = draft.choice([(e, t) for e, t in makers(draft) if is_message(t) and not holders(t)])
    parameter = recipient_parameter(tool)
    person = draft.choice(draft.scene.people)
    found = address_lookup(draft, person, parameter.facet) if parameter is not None else None
    if parameter is None or found is None:
        raise PlanUnfit("the address cannot be looked up by name")
    filled = looked_up(draft, parameter, found)
    note = note_to(draft, person, parameter)
    written(draft, tool, note, filled)
    bound = draft.call(tool, filled.arguments)
    gist = {**gist_of(note, person), "channel": parameter.facet}
    ask = ask_of("send", tool, entity, details=filled.details, gist=gist)
    made(draft, entity, draft.records_of(bound, entity.key))
    draft.close("send to whom is found", ask, done(draft, bound, entity, ask))
