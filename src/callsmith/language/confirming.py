"""How an assistant confirms what it did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from msgspec import structs

from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.language.asking_change import change_kind, is_response
from callsmith.language.breath import goods, plainly_set
from callsmith.language.confirming_deeds import (
    MAKING,
    acted,
    brought_about,
    connected,
    deed_done,
    did_alike,
    done_alike,
)
from callsmith.language.deeds import spot_in
from callsmith.language.grammar import capitalised, unmarked
from callsmith.language.joining import connection, made_of
from callsmith.language.named_details import how_many, names_firm
from callsmith.language.new_things import coming_to, handed_out, matters
from callsmith.language.ordering import ordered
from callsmith.language.particulars import MOMENTS
from callsmith.language.relating import bound, in_units, of_several, several, unitless
from callsmith.language.routes import in_one_breath
from callsmith.language.spans import spanning
from callsmith.language.stating import opaque
from callsmith.language.telling import Teller, of_thing
from callsmith.language.words import listed, number_word
from callsmith.meaning import Ask, Detail, Reply, Target
from callsmith.plan.known import called_after, noun_of
from callsmith.plan.naming import parts_of_name
from callsmith.plan.signs import addressed, signs_in
from callsmith.records import Entity, Field

SYMBOLS = {
    "create": "done.create",
    "create_if": "done.create",
    "create_under": "done.create",
    "change": "done.update",
    "connect": "done.connect",
    "remove": "done.delete",
    "send": "done.send",
    "share": "done.send",
}


def done(teller: Teller, reply: Reply) -> str:
    """One thing was done, or several."""
    ask = reply.ask
    assert ask is not None
    entity = teller.entity(reply)
    if reply.also or max(map(len, (reply.records, reply.steps, ask.targets))) > 1:
        return done_many(teller, reply, ask, entity)
    record: Mapping[str, Any] = reply.records[0] if reply.records else {}
    symbol = SYMBOLS.get(ask.act, "done.act")
    new = ask.act == "create" or entity.person and ask.act in MAKING
    deed = brought_about(ask, entity.person) if new and ordered(ask) is None else ""
    made = "done.ordered" if ordered(ask) is not None else symbol
    symbol = "done.act" if deed not in ("", "created") else made
    values = {"thing": _new_thing(teller, entity, record, ask) or teller.thing(entity, record, ask)}
    voice = teller.voice
    if ask.act in ("send", "share"):
        symbol = _sent(teller, entity, ask, symbol, values)
    elif ask.act == "create_under" and ask.verb == "reply":
        symbol = "done.reply"
    elif ask.act == "create_under" and ask.verb == "forward":
        to = next(item for item in ask.details if item.facet == "email")
        symbol = "done.forward"
        values["thing"] = voice.pick(("it", f"the {entity.noun}"))
        values["to"] = listed([_name(teller, address) for address in to.values])
    elif ask.act == "connect" and ask.container is not None:
        symbol = _connected(teller, ask, ask.container, values)
    elif response := next((item for item in ask.details if is_response(item)), None):
        symbol = f"done.respond.{response.values[0]}"
    else:
        _described(teller, entity, record, ask, values)
    if symbol == "done.act":
        labels = next((item for item in ask.details if item.facet == "label" and item.role == "sets"), None)
        values["past"] = deed or acted(ask)
        symbol, left = deed_done(teller, entity, record, ask, values)
        if "details" in values and left is not ask.details:
            values["details"] = done_details(teller, entity, record, structs.replace(ask, details=left))
            values = {name: said for name, said in values.items() if said}
        if labels is not None and ask.verb not in ("remove", "delete"):
            symbol, values["place"] = "done.connect.label", f'"{unmarked(voice.spoken(labels))}"'
    if symbol == "done.update":
        symbol = _changed(teller, entity, record, ask, values)
    said = capitalised(voice.answer(_nameless(symbol, entity, values), **values))
    if ask.act in MAKING:
        said += matters(teller, entity, record, ask)
    return f"{voice.answer('free')} {said}" if ask.act == "create_if" else said


def _nameless(symbol: str, entity: Entity, values: Mapping[str, str]) -> str:
    """The symbol for something new without a name, of which what is confirmed is told: "the expense is in: £12"."""
    told = symbol == "done.create" and "details" in values and "link" not in values
    return "done.create.nameless" if told and values["thing"] == f"the {entity.noun}" else symbol


_WITH = ("associate", "share", "merge", "sync", "pair")
TITLES = ("title", "file_name")


def _connected(teller: Teller, ask: Ask, container: Target, values: dict[str, str]) -> str:
    """The symbol that says that two things were brought together, its values put among ``values``."""
    symbol = SYMBOLS["connect"]
    place = container.title or container.label or str(container.key)
    kind = connection(teller.voice, ask, container)
    if kind == "person" and place == teller.voice.plan.scene.user.name:
        kind = "me"
    symbol = f"{symbol}.{kind}" if kind in ("person", "me", "follower", "label") else symbol
    values |= {
        "place": place if kind in ("person", "follower") else f'"{place}"',
        "past": connected(ask),
        "toward": "from" if kind == "from" else "with" if ask.verb in _WITH else "to",
    }
    return symbol


def _sent(teller: Teller, entity: Entity, ask: Ask, symbol: str, values: dict[str, str]) -> str:
    """What a message is called that went out or waits as a draft, and to whom; the symbol that says it."""
    given, voice = ask.gist.get("given", ""), teller.voice
    if ask.noun == "draft":
        values["thing"] = voice.pick((f"the draft to {given}", "the draft"))
        return "done.draft"
    values["to"] = next((str(item.shown) for item in ask.details if item.role == "to"), given)
    values["thing"] = voice.pick(("the message", "your message", f"the {entity.noun}"))
    return symbol


def _new_thing(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> str:
    title = "" if addressed(entity) else said_title(teller, entity, record, ask)
    if title and called_after(entity):
        return teller.whose(title, entity.noun, of_thing(entity))
    return teller.titled(title, noun_of(entity, record)[0]) if title else ""


def said_title(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> str:
    """What something new was to be called, where its result does not say, or shows only an id."""
    if ask.act not in MAKING or ask.verb in ("reply", "forward", "copy", "duplicate", "clone"):
        return ""
    label = teller.label(entity, record)
    if label and entity.label_pointer != entity.id_pointer and not opaque(label):
        return ""
    return _title_in(ask, entity)


def _title_in(ask: Ask, entity: Entity) -> str:
    own = {entity.label_pointer.rsplit("/", 1)[-1].lower(), "name", "title", "label"} - {""}
    own |= {f"{entity.noun.replace(' ', '')}{word}" for word in ("name", "title")}
    named = [
        item
        for item in ask.details
        if item.role == "sets"
        and item.shape == "value"
        and isinstance(item.values[0], str)
        and item.facet not in ("body", "text", "code")
        and not (item.facet == "person" and not entity.person and not called_after(entity))
        and (item.facet in TITLES or item.parameter.lower().replace("_", "") in own or names_firm(ask, item))
    ]
    return str(named[0].values[0]) if named and len(str(named[0].values[0])) <= 80 else ""


def _changed(
    teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask, values: dict[str, str]
) -> str:
    """The way a change is confirmed: what was renamed, closed or opened is said to be so."""
    items = [item for item in ask.details if item.role == "sets"]
    kind = change_kind(items[0]) if len(items) == 1 else ""
    label = teller.label(entity, record)
    label = label or (str(items[0].values[0]) if kind == "title" else "")
    if kind == "title" and label:
        values |= {"new": label, "noun": noun_of(entity, record)[0]}
        return "done.rename"
    if kind in ("closed", "open"):
        return f"done.{kind}"
    if len(items) == 1 and (new := _now(teller, entity, record, items[0])) and "link" not in values:
        field = next(item for item in entity.fields if _is_of(item, items[0]))
        values |= {"field": unitless(field.phrase), "new": new}
        return "done.update.field"
    return "done.update"


def _is_of(field: Field, wanted: Detail) -> bool:
    return field.pointer[1:].lower().replace("_", "") == wanted.parameter.lower().replace("_", "")


_PER = re.compile(r" an? (?:hour|day|night|week|month|year)$")  # which the field's own name says
_STANDING = ("status", "state", "stage")


def _now(teller: Teller, entity: Entity, record: Mapping[str, Any], wanted: Detail) -> str:
    """The new value of a field that has to be called by its name; "" where the result does not show one."""
    field = next((item for item in entity.fields if _is_of(item, wanted)), None)
    if field is None or wanted.shape != "value" or field.phrase in _STANDING or several(field.phrase):
        return ""
    if field.facet not in ("amount", "amount_minor", "number", "count", "percent", "enum", *MOMENTS):
        return ""
    found = [value for value in values_at(record, field.pointer) if value not in (None, "", [])]
    found = found or _as_asked(wanted, record)
    if len(found) != 1 or isinstance(found[0], (bool, list, dict)):
        return ""
    said: str = teller.particulars.value(found[0], field, record)
    return in_units(field.phrase, found[0]) or _PER.sub("", said)


def _name(teller: Teller, address: Any) -> str:
    person = teller.particulars.person(address)
    return person.name if person is not None else str(address)


def _described(
    teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask, values: dict[str, str]
) -> None:
    """Name what was made or changed, and what of it the result confirms."""
    if ask.act == "create_under" and not teller.label(entity, record) and not _title_in(ask, entity):
        values["thing"] = f"the {entity.noun}"
    titled = any(item.facet in TITLES for item in ask.details)
    if ask.act == "create_under" and made_of(teller.voice, ask) == "copy" and not titled:
        values["thing"] = "the copy"  # it bears the name of what it was copied from
    key = values_at(record, entity.id_pointer) if entity.id_pointer else []
    field = next((item for item in entity.fields if item.pointer == entity.id_pointer), None)
    if (
        ask.act in ("create", "create_if", "create_under")
        and key
        and field is not None
        and field.facet in ("key", "number_key")
        and str(key[0]) != teller.label(entity, record)
    ):
        called = f"#{key[0]}" if isinstance(key[0], int) else str(key[0])
        values["thing"] = f"{called} ({values['thing']})" if teller.label(entity, record) else called
    many = next((item.values[0] for item in ask.details if how_many(item)), 1)
    if ask.act in MAKING and many > 1 and values["thing"] == f"the {entity.noun}":
        values |= {"thing": f"the {many} {entity.plural}", "is": "are", "has": "have", "it": "them"}
    certain = ask.act == "change" or ordered(ask) is not None
    if ask.act != "remove" and (certain or teller.voice.chance(0.85)):
        details = done_details(teller, entity, record, ask)
        if details and (rest := _unsaid(details, values["thing"], ask)):
            values["details"] = rest


def _unsaid(details: str, thing: str, ask: Ask) -> str:
    """What is confirmed of something new without what it is called by already: a video interview is one of video."""
    if ask.act not in MAKING:
        return details
    facts = details.split(", ")
    return ", ".join(fact for fact in facts if not re.search(rf"\b{re.escape(fact)}\b", thing, re.IGNORECASE))


def done_details(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> str:
    """What the result confirms of what was asked for."""
    by_name: dict[str, Field] = {}
    for item in entity.fields:
        for step in item.pointer.split("/")[1:]:
            by_name.setdefault(step.lower().replace("_", ""), item)
    said: list[str] = []
    told: list[Any] = []
    title = _title_in(ask, entity)
    said += coming_to(teller, entity, record, ask)
    most = 2 + bool(said)
    parts = _goods(teller, record, ask, said)
    told += [one.values[0] for one in parts]
    for wanted in ask.details:
        field = None if wanted in parts else by_name.get(wanted.parameter.lower().replace("_", ""))
        if (
            field is None
            or wanted.role != "sets"
            or field.pointer in (entity.label_pointer, *parts_of_name(entity))
            and not (addressed(entity) and ask.act == "change")
            or field.facet in ("id", "object")
            or (ask.act in MAKING and title and wanted.values[0] == title)
        ):
            continue
        found = [value for value in values_at(record, field.pointer) if value not in (None, "", [])]
        if ask.act == "change" and not found:
            found = _as_asked(wanted, record)
        if "*" in field.pointer:  # of several guests' answers only the one that was asked for is confirmed
            asked = {str(value).casefold() for value in wanted.values}
            found = [value for value in found if str(value).casefold() in asked]
        if (
            found
            and isinstance(found[0], (str, int, float))
            and not isinstance(found[0], bool)
            and len(str(found[0])) <= 60
            and (isinstance(found[0], int) or found[0] not in told)  # one number under two names is said once
            and field.facet not in ("body", "text", "code")
        ):
            told.append(found[0])
            fact = teller.particulars.fact(field, found[0], record, entity.noun)
            fact = "" if how_many(wanted) and ask.act in MAKING else fact
            bare = field.facet in MOMENTS and fact == teller.particulars.value(found[0], field, record)
            said = spanning(said, f"now {fact}" if bare and ask.act == "change" else fact)
            if wanted.shape == "span" and bound(field.phrase, entity.noun):
                said = spanning(said, _end_of(teller, entity, record, wanted))
    said = in_one_breath([fact for fact in said if fact])[:most]
    if ask.act in MAKING and (given := handed_out(entity, record, told)):
        said.append(given)
    return ", ".join(said)


def _goods(teller: Teller, record: Mapping[str, Any], ask: Ask, said: list[str]) -> list[Detail]:
    """The details that say what was ordered and how much, where the result confirms them; what they say is added."""
    if ask.act not in MAKING:
        return []
    ware, parts = goods(ask.noun, ask.details, partial(plainly_set, teller.voice))
    if not ware or any(one.values[0] not in record.values() for one in parts):
        return []
    said.append(unmarked(ware).partition(" ")[2])
    return parts


def _end_of(teller: Teller, entity: Entity, record: Mapping[str, Any], wanted: Detail) -> str:
    """The end of a time whose beginning is confirmed, where the result shows it."""
    for item in entity.fields:
        if bound(item.phrase, entity.noun) == "until" and values_at(record, item.pointer) == [
            wanted.values[1]
        ]:
            return teller.particulars.fact(item, wanted.values[1], record, entity.noun)
    return ""


def _as_asked(wanted: Detail, record: Mapping[str, Any]) -> list[Any]:
    """The new value where a change was accepted and its result shows it under another name, or not at all.

    None where something of that name has another value: the type a volume had, beside its target.
    """
    if wanted.shape != "value" or wanted.facet in MOMENTS:
        return []
    words = name_words(wanted.parameter)
    named = [value for name, value in record.items() if name_words(name)[-len(words) :] == words]
    return list(wanted.values) if not named or wanted.values[0] in named else []


def done_many(teller: Teller, reply: Reply, ask: Ask, entity: Entity) -> str:
    """Several things were done alike."""
    replies = [reply, *reply.also]
    voice = teller.voice
    if ask.act == "send":
        asks = [part.ask for part in replies if part.ask is not None]
        names = [str(item.shown) for part in asks for item in part.details if item.role == "to"]
        return capitalised(
            voice.answer("drafted.many" if ask.noun == "draft" else "sent.many", which=listed(names))
        )
    records = [record for item in replies for record in item.records]
    labels = [_called(teller, entity, record) for record in records if teller.label(entity, record)]
    unsaid = len(labels) < len(replies) or any(opaque(label.strip('"')) for label in labels)
    if ask.act in MAKING and (unsaid or entity.label_pointer == entity.id_pointer):
        titles = [_title_in(part.ask, entity) for part in replies if part.ask is not None]
        labels = [f'"{title}"' for title in titles] if all(titles) else labels
    if len(set(labels)) < len(labels):  # two of one name are told apart by what else is known
        labels = [teller.line(entity, record, 1) for record in records]
    named = [teller.label(entity, record) for record in records] or [target.title for target in ask.targets]
    if any(teller.pasted(entity, record) for record in records) and len(ask.targets) == len(records):
        labels = [teller.called(target, entity) for target in ask.targets]
    if called_after(entity) and len(set(named)) == len(replies) > 1 and all(named):
        spot = spot_in(ask) if ask.act == "do" else None
        labels = named if spot and spot.who else [str(voice.pick(of_several(named, entity.plural)))]
    elif len(ask.targets) == max(len(replies), len(reply.steps)) != len(labels):
        labels = [teller.called(target, entity) for target in ask.targets]
    response = next((str(item.values[0]) for item in ask.details if is_response(item)), "")
    past = {"remove": "deleted", "create": brought_about(ask, entity.person), "change": "updated"}.get(
        ask.act
    ) or done_alike(teller, ask)
    past = {"tentative": "accepted tentatively"}.get(response, response) or past
    count = len(reply.steps) if len(reply.steps) > 1 else max(len(replies), len(ask.targets), 1)
    word = "both" if count == 2 else f"all {number_word(count)}"
    if (
        not labels or len(set(labels)) == 1 < count and not called_after(entity)
    ):  # one word names none of them
        return capitalised(voice.answer("done.unnamed", all=word, nouns=entity.plural, past=past))
    if did := did_alike(teller, ask, listed(labels)):
        return capitalised(did)
    return capitalised(voice.answer("done.many", all=word, past=past, which=listed(labels)))


def _called(teller: Teller, entity: Entity, record: Mapping[str, Any]) -> str:
    label = teller.label(entity, record)
    if signs := signs_in(entity, record):
        return teller.addressed(entity.noun, signs)
    if label and called_after(entity):
        return f"{label}'s {entity.noun}"
    return teller.voice.named(label, entity.noun)


def busy(teller: Teller, reply: Reply) -> str:
    """Something is on already, so nothing was put in."""
    entity = teller.entity(reply)
    lines = listed([teller.line(entity, record, 1) for record in reply.records[:3]])
    return teller.voice.answer("busy", lines=lines)
