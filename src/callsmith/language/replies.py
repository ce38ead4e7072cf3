"""The assistant's side: what the results say becomes an answer that says what matters and stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from callsmith.execute import values_at
from callsmith.language.grammar import capitalised, tidy, unmarked
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed, number_word, participle, with_article
from callsmith.meaning import Ask, Reply
from callsmith.plan.known import Known, salient, title_pointer
from callsmith.records import Entity, Field, Json, Person

SHOWN_AT_MOST = 5
TOLD_ENUMS = ("status", "state", "priority", "response", "role")


class Teller:
    """Words results for one conversation."""

    def __init__(self, voice: Voicing, known: Known) -> None:
        self.voice = voice
        self.known = known

    def reply(self, reply: Reply) -> str:
        words = _REPLIES[reply.act](self, reply)
        return unmarked(tidy(words))

    # ------------------------------------------------------------ values

    def value(self, value: Json, item: Field, record: Mapping[str, Any]) -> str:
        """A field's value as an assistant writes it: exact, and readable."""
        speaker = self.voice.speaker
        if isinstance(value, list):
            return listed([self.value(part, item, record) for part in value])
        if item.facet in ("date_time", "date", "timestamp"):
            moment = speaker.local(value)
            if isinstance(moment, datetime):
                return speaker.exact_moment(moment).replace(
                    speaker.exact_day(moment.date()), self.day(moment.date())
                )
            if moment is not None:
                return self.day(moment)
        if (
            item.facet in ("amount", "amount_minor")
            and isinstance(value, (int, float))
            and not isinstance(value, bool)
        ):
            currency = next(
                (v for name in ("/currency", "/currency_code") for v in values_at(record, name)), ""
            )
            return speaker.value(value, item.facet, str(currency))
        if item.facet == "email":
            person = self.person(value)
            return f"{person.name} ({value})" if person and self.voice.chance(0.5) else str(value)
        if item.facet in ("enum", "label") and isinstance(value, str):
            return humanised(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if item.facet == "duration_minutes" and isinstance(value, int):
            return f"{value} minutes"
        return str(value)

    def day(self, day: date) -> str:
        ahead = (day - self.voice.speaker.now.date()).days
        if ahead in (0, 1, -1) and self.voice.chance(0.6):
            return {0: "today", 1: "tomorrow", -1: "yesterday"}[ahead]
        return self.voice.speaker.exact_day(day)

    def person(self, address: Json) -> Person | None:
        scene = self.voice.plan.scene
        return next(
            (p for p in (scene.user, *scene.people) if address in (p.email, p.name, p.username)), None
        )

    # ------------------------------------------------------------ records

    def entity(self, reply: Reply) -> Entity:
        return self.known.entities[reply.entity]

    def label(self, entity: Entity, record: Mapping[str, Any]) -> str:
        pointer = title_pointer(entity)
        found = values_at(record, pointer) if pointer else []
        return str(found[0]) if found and found[0] else ""

    def thing(self, entity: Entity, record: Mapping[str, Any], ask: Ask | None = None) -> str:
        """A record as the assistant names it."""
        label = self.label(entity, record)
        if label and len(label) <= 80:
            options = [f'"{label}"', f'"{label}"', f'the {entity.noun} "{label}"']
            return str(self.voice.pick(options))
        if ask is not None and ask.targets and ask.targets[0].by == "key":
            return (
                f"{entity.noun} {ask.targets[0].key}"
                if not isinstance(ask.targets[0].key, int)
                else f"#{ask.targets[0].key}"
            )
        if ask is not None and ask.targets and ask.targets[0].label:
            return f"the {ask.targets[0].label} {entity.noun}"
        return f"the {entity.noun}"

    def facts(
        self, entity: Entity, record: Mapping[str, Any], most: int, skip: Sequence[str] = ()
    ) -> list[str]:
        """The most telling fields of a record besides its title, as short phrases."""
        pointers = frozenset(
            item.pointer
            for item in entity.fields
            if values_at(record, item.pointer) not in ([], [None], [""])
        )
        said: list[str] = []
        someone = False
        for item in salient(entity, pointers):
            if item.pointer in (entity.label_pointer, entity.id_pointer, *skip) or len(said) >= most:
                continue
            value = values_at(record, item.pointer)[0]
            if isinstance(value, (dict, list)) or value in (None, "", 0) or isinstance(value, bool):
                continue
            if item.facet == "enum" and not any(word in item.phrase for word in TOLD_ENUMS):
                continue
            about_someone = item.facet in ("email", "person", "username")
            fact = self.fact(item, value, record, entity.noun)
            if fact not in said and not (about_someone and someone):
                said.append(fact)
                someone = someone or about_someone
        return said

    def fact(self, item: Field, value: Json, record: Mapping[str, Any], entity_noun: str = "") -> str:
        text = self.value(value, item, record)
        person = self.person(value)
        if item.facet in ("email", "person", "username"):
            name = person.name if person else text
            field = item.phrase.lower()
            for word in ("sender", "from"):
                if word in field:
                    return f"from {name}"
            for word in ("author", "creator", "reporter"):
                if word in field:
                    return f"by {name}"
            if "assignee" in field:
                return f"assigned to {name}"
            return f"{item.phrase} {text if item.facet == 'email' else name}"
        if item.facet in ("date_time", "date", "timestamp"):
            field = item.phrase.lower()
            if "due" in field:
                return f"due {text}"
            if field.startswith("start") and entity_noun not in ("event", "meeting", "appointment"):
                return f"from {text}"
            if field.startswith("end"):
                return f"until {text}"
            if "start" in field or field in ("date", "time"):
                return text
            if "creat" in field:
                return f"created {text}"
            if "updat" in field or "chang" in field or "modif" in field:
                return f"last changed {text}"
            if field.removesuffix(" date").endswith("ed"):
                return f"{field.removesuffix(' date')} {text}"
            return f"{item.phrase} {text}"
        if item.facet in ("enum", "amount", "amount_minor", "place"):
            return (
                text
                if item.facet != "enum" or "status" in item.phrase or "state" in item.phrase
                else f"{item.phrase} {text}"
            )
        return f"{item.phrase} {text}"

    def line(self, entity: Entity, record: Mapping[str, Any], most: int) -> str:
        label = self.label(entity, record)
        facts = self.facts(entity, record, most)
        if not label:
            return ", ".join(facts) or entity.noun
        return f"{label} ({', '.join(facts)})" if facts else label


# ---------------------------------------------------------------- acts


def report(teller: Teller, reply: Reply) -> str:
    text = _report_one(teller, reply)
    for other in reply.also:
        text += "\n\n" + _REPLIES[other.act](teller, other)
    return text


def _report_one(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    records = reply.records
    voice = teller.voice
    count = len(records)
    if count == 1:
        return (
            voice.answer("list.intro.one", noun=entity.noun, nouns=entity.noun, filter="")
            + " "
            + teller.line(entity, records[0], 3)
            + "."
        )
    shown = records[:SHOWN_AT_MOST]
    word = number_word(count)
    intro_symbol = "list.intro.part" if reply.more and teller.known else "list.intro.some"
    intro = capitalised(
        voice.answer(intro_symbol, count_word=word, nouns=entity.plural, noun=entity.noun, filter="")
    )
    lines = [teller.line(entity, record, 2 if count > 3 else 3) for record in shown]
    rest = count - len(shown)
    if count <= 3 and voice.chance(0.45):
        return f"{intro} {'; '.join(lines[:-1])}; and {lines[-1]}."
    body = "\n".join(f"- {line}" for line in lines)
    tail = f"\n{capitalised(voice.answer('list.more', more=number_word(rest)))}." if rest else ""
    return f"{intro}\n{body}{tail}"


def counted(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    total = reply.total
    noun = entity.noun if total == 1 else entity.plural
    word = number_word(total)
    return capitalised(str(teller.voice.pick((f"{word} {noun}.", f"{word}.", f"there {'is' if total == 1 else 'are'} {word} {noun}.",
                                              f"{word} at the moment.", f"I count {word} {noun}.", f"that's {word} {noun}."))))  # fmt: skip


def answer(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    record = reply.records[0]
    item = next(item for item in entity.fields if item.pointer == reply.field)
    values = values_at(record, reply.field)
    said = listed([teller.value(value, item, record) for value in values])
    thing = teller.thing(entity, record, reply.ask)
    plural = len(values) > 1
    extra = {"is": "are"} if plural else {}
    if len(said) > 160 or "\n" in said:
        return f"{capitalised(thing)}, {item.phrase}:\n\n{said}"
    return teller.voice.answer("answer.field", field=item.phrase, thing=thing, value=said, **extra)


def compared(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    item = next(item for item in entity.fields if item.pointer == reply.field)
    first, second = reply.records
    a, b = (values_at(record, reply.field)[0] for record in (first, second))
    x, y = (f'"{teller.label(entity, record)}"' for record in (first, second))
    va, vb = teller.value(a, item, first), teller.value(b, item, second)
    if item.facet in ("enum",) or a == b:
        same = a == b
        if same:
            return (
                f"{capitalised(va)} for both."
                if teller.voice.chance(0.4)
                else f"The {item.phrase} is the same for both: {va}."
            )
        return f"{x}: {va}. {y}: {vb}."
    less = _key(teller, a) < _key(teller, b)
    low, high = ((x, va), (y, vb)) if less else ((y, vb), (x, va))
    moment = item.facet in ("date_time", "date", "timestamp", "time")
    if moment:
        forms: tuple[str, ...] = (
            f"{capitalised(low[0])} comes first: {low[1]}, against {high[1]} for {high[0]}.",
            f"{capitalised(low[0])}, with {low[1]}; {high[0]} has {high[1]}.",
            f"{capitalised(low[0])} is earlier ({low[1]}) than {high[0]} ({high[1]}).",
        )
    else:
        forms = (
            f"{capitalised(high[0])} is higher: {high[1]}, against {low[1]} for {low[0]}.",
            f"{capitalised(high[0])}, at {high[1]}. {low[0]} is at {low[1]}.",
        )
    return str(teller.voice.pick(forms))


def _key(teller: Teller, value: Json) -> Any:
    if isinstance(value, str):
        moment = teller.voice.speaker.local(value)
        return moment.isoformat() if isinstance(moment, datetime) else str(moment)
    return value


def done(teller: Teller, reply: Reply) -> str:
    ask = reply.ask
    assert ask is not None
    entity = teller.entity(reply)
    voice = teller.voice
    if reply.also or len(reply.records) > 1:
        return _done_many(teller, reply, ask, entity)
    record: Mapping[str, Any] = reply.records[0] if reply.records else {}
    symbol = {"create": "done.create", "create_if": "done.create", "create_under": "done.create", "change": "done.update", "remove": "done.delete",
              "send": "done.send", "share": "done.send", "connect": "done.update"}.get(ask.act, "done.act")  # fmt: skip
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
    return capitalised(voice.answer(symbol, **values))


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


def _done_many(teller: Teller, reply: Reply, ask: Ask, entity: Entity) -> str:
    replies = [reply, *reply.also]
    records = [record for item in replies for record in item.records]
    voice = teller.voice
    if ask.act == "send":
        asks = [part.ask for part in replies if part.ask is not None]
        names = [str(item.shown) for part in asks for item in part.details if item.role == "to"]
        if ask.noun == "draft":
            return f"{voice.pick(('Both drafts are ready', 'Done, two drafts', 'Both drafts are in'))}: to {listed(names)}."
        return f"{voice.pick(('Both sent', 'Sent', 'Done, both are out', 'Both messages are out'))}: to {listed(names)}."
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
        return f"Done, {word} {entity.plural} are {past}."
    forms = (
        f"{capitalised(word)} {past}: {listed(labels)}.",
        f"Done: {listed(labels)} are {past}.",
        f"{capitalised(past)} {listed(labels)}.",
    )
    return str(voice.pick(forms))


def busy(teller: Teller, reply: Reply) -> str:
    """Something is on already, so nothing was put in."""
    entity = teller.entity(reply)
    lines = listed([teller.line(entity, record, 1) for record in reply.records[:3]])
    forms = (
        f"There's already something on then: {lines}. I haven't added anything.",
        f"You're not free then: {lines}. Nothing added.",
        f"That time is taken by {lines}, so I left it.",
        f"No, {lines} is in the way. I haven't put anything in.",
        f"That slot isn't free: {lines}. Want another time?",
        f"Not added: {lines} is on at that time.",
    )
    return str(teller.voice.pick(forms))


def nothing(teller: Teller, reply: Reply) -> str:
    entity = teller.entity(reply)
    return teller.voice.answer("list.none", what=_asked_for(teller, reply, entity))


def _asked_for(teller: Teller, reply: Reply, entity: Entity) -> str:
    """What was looked for, in the words of the request."""
    from callsmith.language.requests import noun_phrase

    if reply.ask is None:
        return entity.plural
    before, after, _ = noun_phrase(teller.voice, reply.ask)
    plain = unmarked(before)
    head = plain if not plain.startswith(("the ", "my ")) else ""
    words = " ".join(part for part in (head, entity.plural, unmarked(after)) if part)
    return words.replace(" I ", " you ").replace(" me", " you").replace(" my ", " your ")


def ask_missing(teller: Teller, reply: Reply) -> str:
    parameter = reply.missing[0]
    ask = reply.ask
    assert ask is not None
    field = question_field(parameter.phrase or humanised(parameter.name), parameter.facet)
    if field == ask.noun:
        field = "amount" if "amount" in parameter.facet else "name"
    thing = f"the {ask.noun}"
    values = {"field": field, "thing": thing, "a_field": with_article(field)}
    if ask.act == "send":
        given = ask.gist["given"]
        what = "number" if parameter.facet == "phone" else "email address"
        return str(teller.voice.pick((f"What's {given}'s {what}?", f"Which {what} should I use for {given}?",
                                      f"I don't have {given}'s {what}. What is it?", f"Sure, what's the {what}?",
                                      f"I need {given}'s {what} for that.", f"And {given}'s {what} is?",
                                      f"Can you give me {given}'s {what}?")))  # fmt: skip
    if reply.choices:
        values["choices"] = listed([humanised(str(choice)) for choice in reply.choices], "or")
    return teller.voice.answer("ask.missing", **values)


def question_field(phrase: str, facet: str) -> str:
    return {"start time": "time", "start": "time", "end time": "time"}.get(phrase, phrase)


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
    voice = teller.voice
    values = {"request_noun": reply.text, "abilities": listed(list(reply.abilities))}
    text = capitalised(voice.answer("cannot", **values))
    if reply.choices and voice.chance(0.5):
        text += " " + capitalised(voice.answer("cannot.offer", can=str(reply.choices[0])))
    return text


def computed(teller: Teller, reply: Reply) -> str:
    value = reply.records[0]["value"]
    if isinstance(value, Mapping):
        simple = {key: item for key, item in value.items() if not isinstance(item, (dict, list))}
        return f"{capitalised(', '.join(f'{humanised(k)} {v}' for k, v in simple.items()))}."
    return f"That comes to {value}."


def welcome(teller: Teller, reply: Reply) -> str:
    return teller.voice.answer("welcome")


def chat(teller: Teller, reply: Reply) -> str:
    return reply.text


_REPLIES: dict[str, Any] = {
    "report": report, "count": counted, "answer": answer, "recall": answer, "compare": compared, "done": done, "busy": busy,
    "none": nothing, "ask_missing": ask_missing, "ask_which": ask_which, "cannot": cannot, "computed": computed,
    "welcome": welcome, "chat": chat,
}  # fmt: skip
