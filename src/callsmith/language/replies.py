"""The assistant's side: what the results say becomes an answer that says what matters and stops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from callsmith.catalog.quantities import unit_alone
from callsmith.errors import PlanUnfit
from callsmith.execute import values_at
from callsmith.language.answering import answer
from callsmith.language.asking_enquired import question_enquired
from callsmith.language.confirming import busy, done
from callsmith.language.enquired import enquired
from callsmith.language.grammar import capitalised, tidy, unmarked
from callsmith.language.introducing import intro_of
from callsmith.language.left_out import asking_for_it, question_field
from callsmith.language.particulars import MOMENTS
from callsmith.language.reckoned import computed, question
from callsmith.language.relating import counted as counted_in
from callsmith.language.relating import day_of, several, unitless
from callsmith.language.relaying import relayed, which
from callsmith.language.routes import end_of
from callsmith.language.settings import part_told
from callsmith.language.telling import LISTED_WHOLE, SHOWN_AT_MOST, Teller, told_to_the_end
from callsmith.language.words import humanised, listed, number_word, with_article
from callsmith.meaning import Reply
from callsmith.plan.known import called_after
from callsmith.plan.signs import signs_in
from callsmith.records import Entity, Json

COMPARED = ("date_time", "date", "timestamp", "time", "amount", "amount_minor", "duration_minutes", "count",
            "number")  # fmt: skip


def answered(teller: Teller, reply: Reply) -> str:
    """What the assistant says at the end of a turn."""
    words: str = _REPLIES[reply.act](teller, reply)
    return unmarked(tidy(words))


def report(teller: Teller, reply: Reply) -> str:
    return _several(teller, reply, _report_one(teller, reply))


def _several(teller: Teller, reply: Reply, first: str) -> str:
    """Answers to what was asked at once, the first as given; two lists of what things hold are told by the things."""
    every = (reply, *reply.also)
    heads = [_of_which(teller, one) for one in every]
    if len(every) > 1 and all(heads) and len({*heads}) == len(heads):
        parts = [_under(teller, one, head) for one, head in zip(every, heads, strict=True)]
    else:
        parts = [first, *[_REPLIES[other.act](teller, other) for other in reply.also]]
    return "\n\n".join(parts)


def _of_which(teller: Teller, reply: Reply) -> str:
    """What the records of one of two lists belong to, as a heading; "" where there is nothing to tell them by."""
    of = reply.ask.container if reply.ask is not None else None
    if of is None or reply.act not in ("report", "none") or of.by != "label" or not (of.title or of.label):
        return ""
    entity = next((one for one in teller.known.entities.values() if one.noun == of.noun), None)
    return capitalised(teller.called(of, entity)) if entity is not None else of.title or of.label


def _under(teller: Teller, reply: Reply, head: str) -> str:
    """A list under the heading of what its records belong to."""
    entity, records = teller.entity(reply), reply.records
    if not records:
        return f"{head}: {teller.voice.pick((f'no {entity.plural}', 'none', 'nothing'))}."
    asked = _asked(reply)
    shown = records if len(records) <= LISTED_WHOLE else records[:SHOWN_AT_MOST]
    lines = teller.lines(entity, shown, 2 if len(records) > 3 else 3, asked)
    count = f"{number_word(len(records))} {entity.noun if len(records) == 1 else entity.plural}"
    if reply.more or shown != records:
        count = f"the first {number_word(len(shown))} {entity.plural}"
    if len(lines) == 1:
        return f"{head}: {count}, {lines[0]}." if "(" not in lines[0] else f"{head}: just {lines[0]}."
    return f"{head}, {count}:\n" + "\n".join(f"- {line}" for line in lines)


def _report_one(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    records = reply.records
    voice = teller.voice
    count = len(records)
    asked = _asked(reply)
    if count == 1:
        return (
            voice.answer("list.intro.one", noun=entity.noun, nouns=entity.noun, filter="")
            + " "
            + teller.line(entity, records[0], 3, asked)
            + "."
        )
    shown = records if count <= LISTED_WHOLE else records[:SHOWN_AT_MOST]
    nameless = not any(teller.label(entity, record) for record in records)
    lines = teller.lines(entity, shown, 2 if count > 3 and not nameless else 3, asked)
    most, facts = told_to_the_end(teller.voice, reply, lines)
    if len(shown) < count <= most:
        shown, lines = records, teller.lines(entity, records, facts, asked)
    if nameless and len(lines) > 1 and len({*lines}) == 1:
        raise PlanUnfit(f"nothing tells one {entity.noun} from another")
    at_once = nameless and not reply.more and shown == records
    if at_once and (said := _told_at_once(teller, entity, lines, asked)):
        return said
    if len({*lines}) < len(lines):
        raise PlanUnfit(f"two {entity.plural} would read the same")
    intro = intro_of(teller, reply, entity, shown)
    if count <= 3 and not reply.more and voice.chance(0.45):
        return f"{intro} {'; '.join(lines[:-1])}; and {lines[-1]}."
    body = "\n".join(f"- {line}" for line in lines)
    return f"{intro}\n{body}"


def _asked(reply: Reply) -> list[Json]:
    """What is not told again, because it was asked for: values, and what the records belong to."""
    if reply.ask is None:
        return []
    values = [
        value
        for item in reply.ask.details
        if item.shape in ("value", "flag")
        for value in (*item.values, item.shown)
    ]
    of = reply.ask.container
    told = [sign.value for sign in of.signs] if of is not None else []
    return [*values, *((of.title, of.label, *told) if of is not None else ())]


def _told_at_once(teller: Teller, entity: Entity, lines: Sequence[str], asked: Sequence[Json]) -> str:
    """Records without a name of which no more than a state is told: "four loans: three out and one returned"."""
    kinds = Counter(lines)
    noun = entity.plural
    count = number_word(len(lines))
    heard = any(str(value).casefold() in lines[0].casefold() for value in asked if value)
    if len(kinds) == 1 and heard:  # nothing that was not asked for tells them apart
        return capitalised(teller.voice.answer("count", count_word=count, nouns=noun, are="are"))
    if any(re.search(r"[A-Z0-9\"(,]", line) for line in kinds) or not 1 < len(kinds) <= 3:
        return ""
    intro = capitalised(teller.voice.answer("list.intro.some", count_word=count, nouns=noun, filter=""))
    return f"{intro} {listed([f'{number_word(many)} {line}' for line, many in kinds.most_common()])}."


def counted(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    total = reply.total
    noun = entity.noun if total == 1 else entity.plural
    word = number_word(total)
    verb = "is" if total == 1 else "are"
    return capitalised(teller.voice.answer("count", count_word=word, nouns=noun, are=verb))


def compared(teller: Teller, reply: Reply) -> str:
    """Two values of one field, the smaller first, and what follows from them."""
    entity = teller.entity(reply)
    item = next(item for item in entity.fields if item.pointer == reply.field)
    sides = []
    for record, place in zip(reply.records, ("first", "second"), strict=True):
        value = values_at(record, reply.field)[0]
        label = teller.label(entity, record)
        name = (
            teller.whose(label, entity.noun)
            if called_after(entity)
            else teller.voice.named(label, entity.noun)
            if label
            else f"the {place} {entity.noun}"  # what a look-up shows of a file need not say what it is called
        )
        if signs := signs_in(entity, record):
            name = teller.addressed(entity.noun, signs)
        sides.append((value, name, teller.particulars.value(value, item, record)))
    led = teller.voice.talk.get("compared")
    if sides[0][0] == sides[1][0]:
        symbol = "compare.same"
    elif item.facet in MOMENTS and not led:
        symbol = "compare.dated"
    elif item.facet not in COMPARED or not led:
        symbol = "compare.plain"
    else:
        symbol = f"compare.{led}"
        sides.sort(key=lambda side: _key(teller, side[0]))
    (_, first, value1), (_, second, value2) = sides
    said = teller.voice.answer(
        symbol, first=first, second=second, value=value1, value2=value2, field=item.phrase
    )
    return (
        re.sub(r"(?<=[.:] )the (?=\w)", "The ", capitalised(said)) if ". the " in said else capitalised(said)
    )


def _key(teller: Teller, value: Json) -> Any:
    if isinstance(value, str):
        moment = teller.voice.speaker.local(value)
        return moment.isoformat() if isinstance(moment, datetime) else str(moment)
    return value


def nothing(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    text = teller.voice.answer("list.none", what=asked_for(teller, reply, entity))
    return _several(teller, reply, text)


def asked_for(teller: Teller, reply: Reply, entity: Entity) -> str:
    """What was looked for, in the words of the request."""
    from callsmith.language.asking_for import noun_phrase

    if reply.ask is None:
        return entity.plural
    before, after, _ = noun_phrase(teller.voice, reply.ask)
    plain = unmarked(before)
    head = plain if not plain.startswith(("the ", "my ")) else ""
    words = " ".join(part for part in (head, entity.plural, unmarked(after)) if part)
    return to_user(words)


def to_user(words: str) -> str:
    """What a user says of themselves, as somebody says it to them."""
    for own, other in (("I", "you"), ("me", "you"), ("my", "your")):
        words = re.sub(rf"(?<= ){own}\b(?!['’])", other, words)
    return words


def ask_missing(teller: Teller, reply: Reply) -> str:
    parameter = reply.missing[0]
    ask = reply.ask
    assert ask is not None
    if ask.act == "compute":
        return question(teller, reply)
    if ask.act == "consult":
        return which(teller, reply)
    if ask.act == "enquire":
        return question_enquired(teller.voice, parameter.name)
    field = unitless(question_field(parameter.phrase or humanised(parameter.name), ask.noun))
    field = day_of(field, ask.noun) if parameter.facet in MOMENTS else field
    field = "end" if field == "end of the period" else field
    if field == ask.noun and parameter.refers:
        field = f"parent {field}" if ask.act.startswith("create") else field
    elif field == ask.noun:
        field = "amount" if "amount" in parameter.facet else "name"
    thing = f"the {ask.noun}"
    a_field = field if several(field) else with_article(field)
    values = {"field": field, "thing": thing, "a_field": a_field}
    if ask.act == "send":
        given = ask.gist["given"]
        if not given:
            return teller.voice.answer("ask.whom")
        what = "number" if parameter.facet == "phone" else "email address"
        return teller.voice.answer("ask.address", given=given, what=what, a_what=with_article(what))
    if field == "recipient":
        return teller.voice.answer("ask.whom")
    if reply.choices:
        values["choices"] = listed([humanised(str(choice)) for choice in reply.choices], "or")
    part = field.endswith(("first name", "last name", "given name", "family name", "surname", "full name"))
    if (
        parameter.facet == "person"
        and field != "name"
        and not part
        and not reply.choices
        and ask.act != "change_open"
    ):
        return teller.voice.answer("ask.who", **(values | {"field": field.removesuffix(" name")}))
    whole = several(field) and (
        unit_alone(field) or counted_in(field)
    )  # how many square metres, how many bags
    if parameter.facet in ("count", "number") and (whole or field.startswith("number of ")):
        return teller.voice.answer("ask.many", things=field.removeprefix("number of "), thing=values["thing"])
    symbol = "ask.new" if ask.act == "change_open" else asking_for_it(parameter, field, reply.choices)
    if (end := end_of(parameter.name, parameter.facet)) and not reply.choices and ask.act != "change_open":
        symbol = f"ask.{end}"
    return teller.voice.answer(symbol, **values)


def ask_which(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    choices = listed([teller.line(entity, record, 1) for record in reply.records], "or")
    count = number_word(len(reply.records))
    return teller.voice.answer(
        "ask.which",
        count_word=count,
        nouns=entity.plural,
        noun=entity.noun,
        choices=choices,
        listed=listed([teller.line(entity, record, 1) for record in reply.records]),
    )


def cannot(teller: Teller, reply: Reply) -> str:
    values = {"request_noun": reply.text}
    if reply.abilities:
        values["can"] = listed(list(reply.abilities)).replace(" and look up ", " and ")
    elif reply.choices:
        values["about"] = listed([str(sort) for sort in reply.choices])
    return capitalised(teller.voice.answer("cannot", **values))


def welcome(teller: Teller, reply: Reply) -> str:
    return teller.voice.answer("welcome")


def chat(teller: Teller, reply: Reply) -> str:
    return reply.text


_REPLIES: dict[str, Any] = {
    "report": report,
    "count": counted,
    "answer": answer,
    "part": part_told,
    "recall": answer,
    "compare": compared,
    "done": done,
    "busy": busy,
    "none": nothing,
    "ask_missing": ask_missing,
    "ask_which": ask_which,
    "cannot": cannot,
    "computed": computed,
    "relayed": relayed,
    "enquired": enquired,
    "welcome": welcome,
    "chat": chat,
}
