"""The answer to a question for one field of a thing."""

from __future__ import annotations

import re

from msgspec import structs

from callsmith.execute import values_at
from callsmith.language.asking_one import due, owed, stocked
from callsmith.language.grammar import capitalised
from callsmith.language.named_details import one_of_them
from callsmith.language.particulars import MOMENTS, PEOPLE
from callsmith.language.relating import PARTS, deed, figure, rate, several, sized, unitless
from callsmith.language.relating import counted as counted_in
from callsmith.language.stating import STATES, happened, standing
from callsmith.language.telling import Teller
from callsmith.language.words import humanised, listed
from callsmith.meaning import Reply
from callsmith.plan.asked import so
from callsmith.plan.naming import parts_of_name
from callsmith.records import Entity, Field, Json

_ADDRESS = re.compile(r"\S+@\S+")  # by which nobody calls a booking


def answer(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    record = reply.records[0]
    item = next(item for item in entity.fields if item.pointer == reply.field)
    values = values_at(record, reply.field)
    said = listed([teller.particulars.value(value, item, record) for value in values])
    thing = teller.thing(entity, record, reply.ask)
    thing = f"the {entity.noun}" if _ADDRESS.fullmatch(thing.strip('"')) else thing
    user = teller.voice.plan.scene.user
    if item.facet in PEOPLE and values in ([user.email], [user.name], [user.username]):
        deed_of = "answer.you.deed" if item.phrase.endswith(" by") else "answer.you"
        return teller.voice.answer(deed_of, field=item.phrase.removesuffix(" name"))
    if set(reply.ask.field_choices if reply.ask else ()) == {"open", "closed"} and values[0] in (
        "open",
        "closed",
    ):
        return teller.voice.answer(f"answer.{values[0]}", thing=thing)
    if len(values) == 1 and (stated := _stated(teller, item, values[0], said, thing, entity.noun)):
        return stated
    return _by_the_field(teller, entity, item, thing, said=said, many=len(values) > 1)


def _by_the_field(teller: Teller, entity: Entity, item: Field, thing: str, *, said: str, many: bool) -> str:
    """A value with the name of its field."""
    plural = many or several(item.phrase)
    extra = {"is": "are"} if plural else {}
    if len(said) > 160 or "\n" in said:
        return f"{capitalised(thing)}, {item.phrase}:\n\n{said}"
    field = item.phrase.partition(" per ")[0].split()[-1] if rate(item.phrase) else unitless(item.phrase)
    if item.facet == "person" and item.pointer not in parts_of_name(entity) and item.phrase not in PARTS:
        field = field.removesuffix(" name")
    if teller.voice.personal(entity.noun):
        whose = f"{thing}'s {field}"
        return teller.voice.answer(
            "answer.theirs", field=field, whose=whose, value=said, **{"is": "is"} | extra
        )
    told: str = teller.voice.answer("answer.field", field=field, thing=thing, value=said, **extra)
    return told.replace(" as its ", " as the ") if entity.person else told


def _whether(teller: Teller, item: Field, value: bool, thing: str, noun: str) -> str:
    """Whether something is so, as people say it; "" for what nobody asks in so few words."""
    part, yes, no = so(item.phrase)
    if not yes:
        return ""
    several = teller.voice.personal(noun) and not part
    words = {"they": "they" if several else "it", "are": "are" if several else "is"}
    return teller.voice.answer(
        f"answer.so.{'yes' if value else 'no'}", subject=part or thing, so=yes, unso=no, **words
    )


def _of_its_own(teller: Teller, item: Field, value: Json, said: str, thing: str, noun: str) -> str:
    """The answer to what is asked after in words of its own: what is owed, due or in stock, how old somebody is."""
    if isinstance(value, bool):
        return _whether(teller, item, value, thing, noun)
    if owed(item.phrase, item.facet):
        symbol = "answer.owed" if teller.voice.personal(noun) else "answer.unpaid"
        if item.facet == "number":
            said = teller.particulars.value(value, structs.replace(item, facet="amount"), {})
        return teller.voice.answer(symbol, value=said, thing=thing)
    if item.phrase.lower() == "age":
        return teller.voice.answer("answer.age", value=said, thing=thing)
    if item.facet in MOMENTS and (what := due(item.phrase)):
        when = said if said.startswith(("today", "tomorrow", "yesterday")) else f"on {said}"
        verb = "is due" if teller.particulars.ahead(value) else "was due"
        subject = thing if what == "back" else f"the {what}"
        return teller.voice.answer(
            "answer.due", when=when, verb=verb + " back" * (what == "back"), thing=subject
        )
    if stocked(item.phrase, item.facet):
        return teller.voice.answer("answer.stock", value=said)
    return ""


def _stated(teller: Teller, item: Field, value: Json, said: str, thing: str, noun: str) -> str:
    """The answer as people say it, where the field tells of a moment or of how something stands; "" for any other."""
    if own := _of_its_own(teller, item, value, said, thing, noun):
        return own
    if item.facet in ("person", "email", "username") and item.phrase.removesuffix(" name") == "owner":
        return teller.voice.answer("answer.owner", value=said, thing=thing)
    if item.facet in PEOPLE and item.phrase.endswith(" by"):
        return teller.voice.answer("answer.deed", value=said, thing=thing, verb=item.phrase[:-3])
    if item.facet in MOMENTS and (told := happened(item.phrase) or deed(item.phrase, noun)[1:]):
        verb = told[teller.particulars.ahead(value)]
        bare = said.startswith(("today", "tomorrow", "yesterday")) or verb.endswith((" for", " by"))
        when = said if bare else f"on {said}"
        return teller.voice.answer("answer.moment", when=when, value=said, verb=verb, thing=thing)
    if item.facet in ("number", "count") and (sized(item.phrase) or counted_in(item.phrase)):
        many = figure(value) if isinstance(value, (int, float)) else said
        things = item.phrase.removeprefix("number of ")
        things = one_of_them(things) if value == 1 else things
        return teller.voice.answer("answer.counted", value=many, field=things, thing=thing)
    if item.facet in ("duration_minutes", "duration_seconds") and unitless(item.phrase) in (
        "length",
        "duration",
        "runtime",
        "running time",
    ):
        return teller.voice.answer("answer.length", value=said, thing=thing)
    if item.phrase in STATES and isinstance(value, str) and (state := standing(value)):
        if state.startswith("been ") and not teller.voice.personal(noun):
            return teller.voice.answer("answer.been", been=state, value=humanised(value), thing=thing)
        state = state.removeprefix("been ")
        symbol = "answer.state.person" if teller.voice.personal(noun) else "answer.state"
        return teller.voice.answer(
            symbol, state=state, value=humanised(value), thing=thing, field=item.phrase
        )
    if item.facet == "enum" and item.phrase.endswith(STATES):
        return teller.voice.answer("answer.status", value=said.lower(), thing=thing, field=item.phrase)
    return ""
