"""The fields of a record, each as the short phrase by which an assistant tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.catalog.languages import language_said, of_language
from callsmith.catalog.lives import called_off
from callsmith.catalog.quantities import unit_alone
from callsmith.catalog.quantities import written as in_unit
from callsmith.execute import values_at
from callsmith.language.beside import at_a_time, ending, of_someone
from callsmith.language.breath import due, joins, of_firm
from callsmith.language.named_details import one_of_them, possessed
from callsmith.language.relating import (
    PARTS,
    at_moment,
    beside,
    chosen,
    counted,
    deed,
    done_to,
    figure,
    in_units,
    itself,
    located,
    measure,
    of_deed,
    own_span,
    plain_sum,
    rate,
    things,
    unitless,
    whether,
)
from callsmith.language.routes import end_of
from callsmith.language.stating import STATES, happened, measured, opaque, passing
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, lettered, listed, small
from callsmith.plan.bearing import bearer_of
from callsmith.plan.known import (
    called_after,
    plain,
)
from callsmith.plan.signs import told_at
from callsmith.records import Entity, Field, Json, Person

MOMENTS = ("date_time", "date", "timestamp")
PEOPLE = ("email", "person", "username")


class Particulars:
    """Words the fields of records for one conversation."""

    def __init__(self, voice: Voicing) -> None:
        self.voice = voice
        self.heard = ""  # everything said and shown so far: a name is used only once it stands there

    def value(self, value: Json, item: Field, record: Mapping[str, Any]) -> str:
        """A field's value as an assistant writes it: exact, and readable."""
        speaker = self.voice.speaker
        if isinstance(value, list):
            return listed([self.value(part, item, record) for part in value])
        if item.facet in MOMENTS:
            moment = speaker.local(value)
            if isinstance(moment, datetime):
                day = speaker.exact_day(moment.date())
                return speaker.exact_moment(moment).replace(day, self.day(moment.date()))
            if moment is not None:
                return self.day(moment)
        if (per := rate(item.phrase)) and isinstance(value, (int, float)) and not isinstance(value, bool):
            facet = "amount_minor" if item.facet == "amount_minor" else "amount"
            return f"{_written(speaker.value(value, facet))} {per}"
        if (
            item.facet in ("amount", "amount_minor")
            and isinstance(value, (int, float))
            and not isinstance(value, bool)
        ):
            currency = next(
                (v for name in ("/currency", "/currency_code") for v in values_at(record, name)), ""
            )
            return _written(speaker.value(value, item.facet, str(currency)))
        if size := measured(value, item) or in_units(item.phrase, value):
            return size
        if (
            isinstance(value, str)
            and of_language(item.phrase)
            and (tongue := language_said(value, alone=True))
        ):
            return tongue
        if item.facet in ("enum", "label") and isinstance(value, str):
            return humanised(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if item.facet == "duration_minutes" and isinstance(value, int):
            return "1 minute" if value == 1 else f"{value} minutes"
        if item.facet in ("number", "count") and isinstance(value, (int, float)):
            return figure(value)
        return str(value)

    def day(self, day: date) -> str:
        ahead = (day - self.voice.speaker.now.date()).days
        self.voice.talk.setdefault("days", self.voice.pick(("near", "near", "dated")))
        if ahead in (0, 1, -1) and self.voice.talk["days"] == "near":
            return {0: "today", 1: "tomorrow", -1: "yesterday"}[ahead]
        return self.voice.speaker.exact_day(day)

    def moment(self, value: Json) -> tuple[str, str]:
        """A time of day and its day, as an assistant writes them."""
        at = self.voice.speaker.local(value)
        if at is None:
            return "", str(value)
        day = self.day(at.date() if isinstance(at, datetime) else at)
        day = day if day in ("today", "tomorrow", "yesterday") else f"on {day}"
        return self.voice.speaker.exact_time(at) if isinstance(at, datetime) else "", day

    def ahead(self, value: Json) -> bool:
        """Whether a moment is still to come."""
        return self.voice.speaker.ahead(value)

    def person(self, address: Json) -> Person | None:
        """Whose address or user name it is, once the name itself was said or shown."""
        scene = self.voice.plan.scene
        people = (scene.user, *scene.people)
        found = next((p for p in people if address in (p.email, p.name, p.username)), None)
        return found if found is not None and found.name in self.heard else None

    def bearer(self, value: Json) -> str:
        """Somebody whose name stands for a record that has none."""
        person = self.person(value)
        return person.name if person is not None else str(value)

    def fact(self, item: Field, value: Json, record: Mapping[str, Any], noun: str = "") -> str:
        """One field as a short phrase: "from Dana Ruiz", "due Friday 6 March", "open"."""
        text = self.value(value, item, record)
        field = item.phrase.lower()
        if isinstance(value, bool) and (so := whether(field, value)):
            return so
        if isinstance(value, str) and ("attendee" in field or "guest" in field) and "mail" not in field:
            person = self.person(value)
            return f"with {person.name if person else text}"
        if item.facet in PEOPLE:
            if "@" in text and "mail" in field:
                return text
            person = None if "mail" in field else self.person(value)
            mine = value in (self.voice.plan.scene.user.email, self.voice.plan.scene.user.name)
            name = person.name if person else text
            return of_deed(field, noun, name) or of_someone(field, name, mine)
        if said := _of_goods(item, noun, text):
            return said
        if item.facet in MOMENTS:
            if itself(field, noun) or field == "day":
                return f"for {text}" if self.ahead(value) else text
            told = happened(field) or deed(field)[1:]
            if (
                told
                and not at_moment(field, "")
                and not {"due", "end", "start", "ends", "starts", "begins"} & set(field.split())
            ):
                if told[1].startswith("will be ") and not done_to(field) and called_off(record):
                    return f"planned for {text}"
                said = told[self.ahead(value)]
                if said.startswith("was to be "):  # nobody says of last week that it is to come
                    return f"{field.removesuffix(' time').removesuffix(' date')} {text}"
                return f"{beside(said)} {text}"
            lasting = any(ending(name) for name in record)
            return at_moment(field, text) or at_a_time(field, text, noun, lasting)
        if said := _choice_of(item, value, text) if item.facet == "enum" else "":
            return said
        if "amount" in item.facet and (sum_said := self._sum(item, text, noun)):
            return sum_said
        own = unitless(item.phrase) if item.facet.startswith("duration") and own_span(item.phrase) else ""
        if end := own or end_of(item.pointer, item.facet):
            return f"{end} {text}"
        if item.facet in ("amount", "amount_minor", "place", "duration_minutes", "duration_seconds"):
            return text
        if item.facet == "number" and in_units(item.phrase, value):
            return measure(item.phrase, text)
        if said := _counted(item, value, text):
            return said
        several = item.phrase in ("labels", "tags", "assignees", "followers") and not isinstance(value, list)
        return f"{item.phrase[:-1] if several else bearer_of(item.phrase) or possessed(unitless(item.phrase))} {text}"

    def _sum(self, item: Field, text: str, noun: str) -> str:
        """A sum that has to be called by its name, as one of somebody has; "" for what a thing costs."""
        if item.phrase.lower() in ("value", "total value"):
            return f"worth {text}"
        if plain_sum(item.phrase) and not self.voice.personal(noun):
            return ""
        return text if rate(item.phrase) else f"{unitless(item.phrase)} {text}"

    def figure(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """The figure that a record is which has no name: what a reading reads."""
        names = read("language/en/relating.yaml")["figures"].get(entity.noun.rpartition(" ")[2], ())
        called = {" ".join(name_words(name)): name for name in record}
        found = ((name, record[called[name]]) for name in names if name in called)
        name, value = next(
            (one for one in found if isinstance(one[1], (int, float)) and not isinstance(one[1], bool)),
            ("", None),
        )
        unit = str(record.get("unit") or "")
        if value is not None and (
            said := in_unit(unit_alone(name), figure(value)) if unit_alone(name) else ""
        ):
            return said
        return f"{value:,} {unit}".strip() if value is not None else ""

    def size(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """How long or heavy a thing is."""
        for item in entity.fields:
            found = values_at(record, item.pointer) if item.pointer.count("/") == 1 else []
            if found and item.facet in ("number", "count") and (said := in_units(item.phrase, found[0])):
                told = measure(item.phrase, said)
                return f"{said} tall" if entity.person and told.endswith(" high") else told
        return ""

    def asked_for_later(self, entity: Entity, item: Field) -> bool:
        """Whether a later message asks for a field by itself: nobody asks for what was just told."""
        asks = [one.ask for one in self.voice.plan.rounds[1:] if one.ask.act in ("recall", "look_up")]
        return any(ask.noun == entity.noun and ask.field == item.phrase for ask in asks)

    def untold(self, entity: Entity, label: str, item: Field, value: Json) -> bool:
        """Whether nobody tells of a field beside the record's name."""
        if self.asked_for_later(entity, item):
            return True
        if isinstance(value, bool):
            return not whether(item.phrase, value)
        return bool(
            isinstance(value, (dict, list))
            or value in (None, "", 0)
            or item.facet == "enum"
            and str(value).lower() in read("language/en/relating.yaml")["usual"]
            or item.facet == "count"
            or item.facet == "email"
            and bool(label)
            and called_after(entity)  # it is theirs
            or _of_a_part(item)
            or item.facet == "email"
            and not label
            and _beside_a_name(entity, item)
            or entity.person
            and item.facet in ("username", "person")  # it is them
            or item.facet not in MOMENTS
            and opaque(value)
            and item.pointer.count("/") > 1  # of something inside it
            or plain(str(value)) == plain(label) != ""  # its name once more
            or item.phrase.lower() in PARTS
            and str(value) in label.split()
        )

    def further(
        self, entity: Entity, record: Mapping[str, Any], label: str, asked: Sequence[Json] = ()
    ) -> list[str]:
        """What is told of a thing that has no dates, people or states: where it lies, its version or size."""
        forms: Mapping[str, str] = read("language/en/stating.yaml")["further"]
        label = plain(label)
        by_name: dict[str, tuple[Field, Json]] = {}
        for item in entity.fields:
            found = values_at(record, item.pointer)
            plainly = len(found) == 1 and "*" not in item.pointer and isinstance(found[0], (str, int))
            if not plainly or isinstance(found[0], bool) or found[0] in ("", 0) or len(str(found[0])) > 40:
                continue
            if (
                found[0] in asked
                or opaque(found[0])
                or plain(str(found[0])) == plain(entity.noun.replace(" ", ""))
            ):
                continue
            if (
                item.pointer not in told_at(entity)
                and plain(str(found[0])) != label
                and not (item.facet in ("language", "locale") and len(str(found[0])) < 4)
            ):
                by_name.setdefault(" ".join(name_words(item.pointer)), (item, found[0]))
        once: dict[tuple[str, str], str] = {}  # the name of a region, and not its code as well
        for name, form in forms.items():
            if name in by_name:
                once.setdefault((form, name.split(" ")[0]), name)
        told = [
            located(str(by_name[name][1]))
            if name == "location"
            else of_one_thing(form.replace("{v}", self.value(by_name[name][1], by_name[name][0], record)))
            for (form, _), name in once.items()
        ]
        # "in Toronto 1, in toronto-1" says one thing twice.
        return list({re.sub(r"\W", "", text).lower(): text for text in reversed(told)}.values())[::-1]


def _beside_a_name(entity: Entity, item: Field) -> bool:
    """Whether an address is that of somebody whom the same part of a record names: the contact of a booking."""
    head = item.pointer.rpartition("/")[0]
    return bool(head) and any(
        other.pointer.rpartition("/")[0] == head and other.facet == "person" for other in entity.fields
    )


def _of_a_part(item: Field) -> bool:
    """Whether a length of time is not the thing's own but that of something inside it: its maintenance window."""
    head = item.pointer.split("/")[1].lower()
    return item.facet.startswith("duration") and item.pointer.count("/") > 1 and "duration" not in head


_COINED = {"euros": "€", "dollars": "$", "pounds": "£"}


def _written(amount: str) -> str:
    """A sum as an assistant writes it, in one manner throughout: "€14", and not "14 euros"."""
    number, _, coin = amount.rpartition(" ")
    return f"{_COINED[coin]}{number}" if coin in _COINED else amount


def of_one_thing(told: str) -> str:
    """What is counted, in the singular where there is one: "1 bed"."""
    return re.sub(r"^1 (\w+)s\b", r"1 \1", told)


def _of_goods(item: Field, noun: str, text: str) -> str:
    """For which firm something is, or for which day what is ordered has to be sent; "" for anything else."""
    if item.facet == "company":
        return of_firm(item.phrase, noun, text)
    waits = due(item.pointer)[0] if item.facet in MOMENTS and joins(noun) else ""
    if not waits.startswith("to "):
        return ""
    return f"due {text}" if " by " in waits else f"for {text}"


def _counted(item: Field, value: Json, text: str) -> str:
    """A count with what it counts: 80 m² of what is called by its unit alone, 3 guests; "" for any other value."""
    field = item.phrase.lower()
    if item.facet in ("number", "count") and (unit := unit_alone(field)):
        return in_unit(unit, text)
    if said := read("language/en/relating.yaml")["told"].get(field):
        return str(said).replace("{v}", text)
    if item.facet in ("count", "number") and (item.phrase.startswith("number of ") or counted(field)):
        what = things(item.phrase)
        return f"{text} {one_of_them(what) if value == 1 else what}"
    return ""


def _choice_of(item: Field, value: Json, text: str) -> str:
    """What a choice tells of a thing: "large", "high priority", "licence category B"; "" where its value alone does."""
    field = item.phrase.lower()
    if lettered(str(value)):
        return f"{field} {text}"
    if (forms := chosen(field, [value])) and "told" in forms:
        return forms["told"].replace("{v}", small(text) if "enum" in item.schema else text)
    if field in STATES:
        return passing(str(value)) or small(text)
    if field.endswith(STATES):
        return small(text)
    if field.endswith(_SORTS) and _WORDED.fullmatch(text) and " " in field:
        return f"{small(text)} {field.rpartition(' ')[0]}"
    return f"{text} priority" if field == "priority" else ""


_SORTS = (" type", " kind", " sort")  # a bifocal lens, of a lens type
_WORDED = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)?")
