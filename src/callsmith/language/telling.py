"""What an assistant says of a record: its name, its telling fields, its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from callsmith.execute import values_at
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed
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
