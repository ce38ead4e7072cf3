"""How an assistant confirms what it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callsmith.execute import values_at
from callsmith.language.grammar import capitalised
from callsmith.language.telling import Teller
from callsmith.language.words import listed, number_word, participle, with_article
from callsmith.meaning import Ask, Reply
from callsmith.records import Entity, Field

SYMBOLS = {
    "create": "done.create",
    "create_if": "done.create",
    "create_under": "done.create",
    "change": "done.update",
    "connect": "done.update",
    "remove": "done.delete",
    "send": "done.send",
    "share": "done.send",
}


def done(teller: Teller, reply: Reply) -> str:
    ask = reply.ask
    assert ask is not None
    entity = teller.entity(reply)
    voice = teller.voice
    if reply.also or len(reply.records) > 1:
        return done_many(teller, reply, ask, entity)
    record: Mapping[str, Any] = reply.records[0] if reply.records else {}
    symbol = SYMBOLS.get(ask.act, "done.act")
    values: dict[str, str] = {"thing": teller.thing(entity, record, ask)}
    if ask.act == "create_under" and ask.container is not None and not teller.label(entity, record):
        values["thing"] = f"the {entity.noun}"
    if ask.act in ("send", "share") and ask.noun == "draft":
        symbol, values["thing"] = (
            "done.create",
            voice.pick((f"the draft to {ask.gist['given']}", "the draft")),
        )
    elif ask.act in ("send", "share"):
        to = next((str(item.shown) for item in ask.details if item.role == "to"), ask.gist.get("given", ""))
        values["to"] = to
        values["thing"] = voice.pick(("the message", "your message", f"the {entity.noun}"))
    if ask.act not in ("remove", "send", "share") and voice.chance(0.6):
        details = done_details(teller, entity, record, ask)
        if details:
            values["details"] = details
    if symbol == "done.act":
        values["past"] = acted(ask)
    said = capitalised(voice.answer(symbol, **values))
    if ask.act == "create_if":
        return f"{voice.answer('free')} {said}"
    return said


def acted(ask: Ask) -> str:
    """What a record is after the tool's own verb: "archived", "marked as read", "labelled"."""
    if any(item.facet == "label" for item in ask.details):
        return "labelled"
    before, found, after = ask.phrase.partition(f" {with_article(ask.noun)}")
    plain = found and " " not in before
    return (
        participle(before + after) if plain else participle(ask.verb or "update") if not found else "updated"
    )


def done_details(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> str:
    """What the result confirms of what was asked for."""
    by_name: dict[str, Field] = {}
    for item in entity.fields:
        for step in item.pointer.split("/")[1:]:
            by_name.setdefault(step.lower().replace("_", ""), item)
    said = []
    for wanted in ask.details:
        found_field = by_name.get(wanted.parameter.lower().replace("_", ""))
        if found_field is None or wanted.role != "sets" or found_field.pointer == entity.label_pointer:
            continue
        found = [value for value in values_at(record, found_field.pointer) if value not in (None, "")]
        if found and len(str(found[0])) <= 60 and not isinstance(found[0], bool):
            said.append(teller.fact(found_field, found[0], record))
    return ", ".join(said[:2])


def done_many(teller: Teller, reply: Reply, ask: Ask, entity: Entity) -> str:
    replies = [reply, *reply.also]
    records = [record for item in replies for record in item.records]
    voice = teller.voice
    if ask.act == "send":
        asks = [part.ask for part in replies if part.ask is not None]
        names = [str(item.shown) for part in asks for item in part.details if item.role == "to"]
        return capitalised(
            voice.answer("drafted.many" if ask.noun == "draft" else "sent.many", which=listed(names))
        )
    labels = [f'"{teller.label(entity, record)}"' for record in records if teller.label(entity, record)]
    labels = labels or [
        f'"{target.label}"' if target.label else f"#{target.key}"
        for target in ask.targets
        if target.label or target.key
    ]
    past = {"remove": "deleted", "create": "created", "change": "updated"}.get(ask.act) or acted(ask)
    count = len(reply.steps) if len(reply.steps) > 1 else len(replies)
    word = "both" if count == 2 else f"all {number_word(count)}"
    if not labels:
        return capitalised(voice.answer("done.unnamed", all=word, nouns=entity.plural, past=past))
    return capitalised(voice.answer("done.many", all=word, past=past, which=listed(labels)))


def busy(teller: Teller, reply: Reply) -> str:
    """Something is on already, so nothing was put in."""
    entity = teller.entity(reply)
    lines = listed([teller.line(entity, record, 1) for record in reply.records[:3]])
    return teller.voice.answer("busy", lines=lines)
