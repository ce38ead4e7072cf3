"""What an assistant says of a record: its name, its telling fields, its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.language.relating import (
    at_a_time,
    at_moment,
    beside,
    bound,
    called_by_name,
    chosen,
    deed,
    ending,
    half_told,
    in_units,
    itself,
    located,
    measure,
    of_deed,
    of_person,
    of_someone,
    parts_of_name,
    personal,
    rate,
    spanning,
    whether,
)
from callsmith.language.stating import STATES, happened, measured, opaque, passing
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised, listed
from callsmith.meaning import Ask, Reply, Target
from callsmith.plan.known import (
    UNTITLED,
    Known,
    bearer_of,
    bearing,
    called_after,
    noun_of,
    plain,
    salient,
    sort_field,
    title_in,
)
from callsmith.records import Entity, Field, Json, Person

LISTED_WHOLE = 10  # a list of so many is told to the end
SHOWN_AT_MOST = 5  # of a longer one
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,4}")
EXCERPT = 70  # characters of a comment that a list shows
TOLD_ENUMS = ("status", "state", "priority", "response", "role")
MOMENTS = ("date_time", "date", "timestamp")
PEOPLE = ("email", "person", "username")


class Teller:
    """Words records for one conversation."""

    def __init__(self, voice: Voicing, known: Known) -> None:
        self.voice = voice
        self.known = known
        self.names: dict[
            Json, tuple[str, str]
        ] = {}  # ids seen so far -> the noun and the name of what they are of
        self.heard = ""  # everything said and shown so far: a name is used only once it stands there

    # ------------------------------------------------------------ values

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
            return f"{speaker.value(value, 'amount')} {per}"
        if (
            item.facet in ("amount", "amount_minor")
            and isinstance(value, (int, float))
            and not isinstance(value, bool)
        ):
            currency = next(
                (v for name in ("/currency", "/currency_code") for v in values_at(record, name)), ""
            )
            return speaker.value(value, item.facet, str(currency))
        if size := measured(value, item) or in_units(item.phrase, value):
            return size
        if item.facet in ("enum", "label") and isinstance(value, str):
            return humanised(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if item.facet == "duration_minutes" and isinstance(value, int):
            return "1 minute" if value == 1 else f"{value} minutes"
        return str(value)

    def day(self, day: date) -> str:
        ahead = (day - self.voice.speaker.now.date()).days
        self.voice.talk.setdefault("days", self.voice.pick(("near", "near", "dated")))
        if ahead in (0, 1, -1) and self.voice.talk["days"] == "near":
            return {0: "today", 1: "tomorrow", -1: "yesterday"}[ahead]
        return self.voice.speaker.exact_day(day)

    def ahead(self, value: Json) -> bool:
        """Whether a moment is still to come."""
        return self.voice.speaker.ahead(value)

    def person(self, address: Json) -> Person | None:
        """Whose address or user name it is, once the name itself was said or shown."""
        scene = self.voice.plan.scene
        people = (scene.user, *scene.people)
        found = next((p for p in people if address in (p.email, p.name, p.username)), None)
        return found if found is not None and found.name in self.heard else None

    def learn(self, tool: str, result: Json) -> None:
        """Remember what the records of a result are called, for those that refer to them."""
        item = self.known.tools.get(tool)
        for found in item.yields if item is not None else ():
            entity = self.known.entities.get(found.entity)
            if entity is None or not entity.id_pointer or called_after(entity):
                continue
            for record in values_at(result, found.pointer) if found.pointer else [result]:
                ids = values_at(record, entity.id_pointer) if isinstance(record, Mapping) else []
                label = self.label(entity, record) if len(ids) == 1 and isinstance(ids[0], str) else ""
                if label and label != ids[0] and not opaque(label):
                    self.names[ids[0]] = (entity.noun, label)

    def linked(self, entity: Entity, record: Mapping[str, Any], asked: Sequence[Json]) -> list[str]:
        """What a record refers to, by the names that earlier results gave: "Floor sander", "with Kofi Traoré"."""
        said: list[str] = []
        known = {str(value).casefold() for value in asked}
        for item in entity.fields:
            found = values_at(record, item.pointer) if item.refers and item.pointer.count("/") == 1 else []
            noun, name = (
                self.names.get(found[0], ("", "")) if found and isinstance(found[0], str) else ("", "")
            )
            heard = any(one and one in name.casefold() for one in known)
            if name and not heard and item.pointer != entity.id_pointer:
                said.append(of_person(noun, name) or name if personal(noun) else name)
        return said[:2]

    # ------------------------------------------------------------ records

    def entity(self, reply: Reply) -> Entity:
        return self.known.entities[reply.entity]

    def label(self, entity: Entity, record: Mapping[str, Any]) -> str:
        title = title_in(entity, record)
        whole = [next(iter(values_at(record, one)), "") for one in parts_of_name(entity)]
        return " ".join(map(str, whole)) if title and title in whole and all(whole) else title

    def thing(self, entity: Entity, record: Mapping[str, Any], ask: Ask | None = None) -> str:
        """A record as the assistant names it: by its title, else as the user called it."""
        label = self.label(entity, record)
        target = ask.targets[0] if ask is not None and ask.targets else None
        if not label and target is not None and ask is not None and ask.noun == entity.noun:
            label = target.title
        if label and called_after(entity):
            return self.whose(label, entity.noun)
        if label and len(label) <= 80:
            return self.titled(label, noun_of(entity, record)[0])
        return self.called(target, entity) if target is not None else f"the {entity.noun}"

    def whose(self, name: str, noun: str) -> str:
        """What goes by the one it is for: "Ana Ruiz's booking"."""
        return str(self.voice.pick((f"{name}'s {noun}", f"{name}'s {noun}", f"the {noun} for {name}")))

    def titled(self, label: str, noun: str) -> str:
        if called_by_name(noun) and _NAME.fullmatch(label):
            return label
        again = noun.rpartition(" ")[2] in label.lower().split()  # the plot "Alder Plot"
        whole = f'"{label}"' if again else f'the {noun} "{label}"'
        return str(self.voice.pick((f'"{label}"', f'"{label}"', whole)))

    def called(self, target: Target, entity: Entity) -> str:
        """A record as its user called it, when nothing better is known."""
        if target.by == "key" and target.key is not None:
            return f"#{target.key}" if isinstance(target.key, int) else str(target.key)
        if target.whose:
            return self.whose(target.title, entity.noun)
        return f'"{target.title}"' if target.title else f"the {entity.noun}"

    def facts(
        self, entity: Entity, record: Mapping[str, Any], most: int, asked: Sequence[Json] = ()
    ) -> list[str]:
        """The most telling fields of a record besides its title, as short phrases: one person, one time, …

        What was ``asked`` for is not told again.
        """
        pointers = frozenset(
            item.pointer
            for item in entity.fields
            if values_at(record, item.pointer) not in ([], [None], [""])
        )
        said: list[str] = []
        told: set[str] = set()
        for item in salient(entity, pointers):
            if item.pointer in (entity.label_pointer, entity.id_pointer, *parts_of_name(entity)):
                continue
            if len(said) >= most and not (bound(item.phrase, entity.noun) and any(map(half_told, said))):
                continue
            value = values_at(record, item.pointer)[0]
            described = item.facet == "enum" and "told" in chosen(item.phrase, [value])
            kind = "person" if item.facet in PEOPLE else "moment" if item.facet in MOMENTS else item.facet
            end = bound(item.phrase, entity.noun) if kind == "moment" else ""
            kind = end or (item.phrase if described else kind)
            if kind in told or value in asked or self._untold(entity, record, item, value):
                continue
            if item.facet == "enum" and not described and not any(w in item.phrase for w in TOLD_ENUMS):
                continue
            told.add(kind)
            if kind == "person" and bearing(item.phrase) and not self.label(entity, record):
                said.insert(0, self.bearer(value))
                continue
            fact = self.fact(item, value, record, entity.noun)
            if not any(other.startswith(f"{fact} ") for other in said):  # "closed Friday, closed"
                said = spanning(said, fact)
        said = [
            f"until {one[3:]}" if one.startswith("to ") and not one.startswith("to be ") else one
            for one in said
        ]
        if len(said) < most and (size := self._measure(entity, record)):
            said.append(size)
        return said or self.further(entity, record, asked)[:most]

    def _measure(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """How long or heavy a thing is."""
        for item in entity.fields:
            found = values_at(record, item.pointer) if item.pointer.count("/") == 1 else []
            if (
                found
                and item.facet in ("number", "amount", "count")
                and (said := in_units(item.phrase, found[0]))
            ):
                return measure(item.phrase, said)
        return ""

    def _untold(self, entity: Entity, record: Mapping[str, Any], item: Field, value: Json) -> bool:
        """Whether nobody tells of a field beside the record's name."""
        if isinstance(value, bool):
            return not whether(item.phrase, value)
        return bool(
            isinstance(value, (dict, list))
            or value in (None, "", 0)
            or item.facet == "enum"
            and str(value).lower() in read("language/en/relating.yaml")["usual"]
            or item.facet == "count"
            or _of_a_part(item)
            or personal(entity.noun)
            and item.facet in ("username", "person")  # it is them
            or item.facet not in MOMENTS
            and opaque(value)
            and item.pointer.count("/") > 1  # of something inside it
            or plain(str(value)) == plain(self.label(entity, record)) != ""  # its name once more
        )

    def bearer(self, value: Json) -> str:
        """Somebody whose name stands for a record that has none."""
        person = self.person(value)
        return person.name if person is not None else str(value)

    def further(self, entity: Entity, record: Mapping[str, Any], asked: Sequence[Json] = ()) -> list[str]:
        """What is told of a thing that has no dates, people or states: where it lies, its version or size."""
        forms: Mapping[str, str] = read("language/en/stating.yaml")["further"]
        label = plain(self.label(entity, record))
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
            if plain(str(found[0])) != label and not (
                item.facet in ("language", "locale") and len(str(found[0])) < 4
            ):
                by_name.setdefault(" ".join(name_words(item.pointer)), (item, found[0]))
        told = [
            located(str(by_name[name][1]))
            if name == "location"
            else form.replace("{v}", self.value(by_name[name][1], by_name[name][0], record))
            for name, form in forms.items()
            if name in by_name
        ]
        # "in Toronto 1, in toronto-1" says one thing twice.
        return list({re.sub(r"\W", "", text).lower(): text for text in reversed(told)}.values())[::-1]

    def fact(self, item: Field, value: Json, record: Mapping[str, Any], noun: str = "") -> str:
        """One field as a short phrase: "from Dana Ruiz", "due Friday 6 March", "open"."""
        text = self.value(value, item, record)
        field = item.phrase.lower()
        if isinstance(value, bool) and (so := whether(field, value)):
            return so
        if "attendee" in field or "guest" in field:
            person = self.person(value)
            return f"with {person.name if person else text}"
        if item.facet in PEOPLE:
            if "@" in text and "mail" in field:
                return text
            person = None if "mail" in field else self.person(value)
            mine = value in (self.voice.plan.scene.user.email, self.voice.plan.scene.user.name)
            name = person.name if person else text
            return of_deed(field, noun, name) or of_someone(field, name, mine)
        if item.facet in MOMENTS:
            if itself(field, noun):
                return f"for {text}" if self.ahead(value) else text
            told = happened(field) or deed(field)[1:]
            if (
                told
                and not at_moment(field, "")
                and not {"due", "end", "start", "ends", "starts", "begins"} & set(field.split())
            ):
                return f"{beside(told[self.ahead(value)])} {text}"
            lasting = any(ending(name) for name in record)
            return at_moment(field, text) or at_a_time(field, text, noun, lasting)
        if item.facet == "enum" and (forms := chosen(field, [value])) and "told" in forms:
            return forms["told"].replace("{v}", text.lower() if "enum" in item.schema else text)
        if item.facet == "enum" and field in STATES:
            return passing(str(value)) or (text if text.isupper() else text.lower())
        if item.facet == "enum" and field.endswith(STATES):
            return text if text.isupper() else text.lower()
        if item.facet == "enum" and field == "priority":
            return f"{text} priority"
        if item.facet in ("amount", "amount_minor", "place", "duration_minutes", "duration_seconds"):
            return text
        several = item.phrase in ("labels", "tags", "assignees", "followers") and not isinstance(value, list)
        return f"{item.phrase[:-1] if several else bearer_of(item.phrase) or item.phrase} {text}"

    def line(self, entity: Entity, record: Mapping[str, Any], most: int, asked: Sequence[Json] = ()) -> str:
        """A record in a list."""
        label = self.label(entity, record)
        sort = "" if label else self._sort(entity, record)
        asked = [*asked, *self._sorts(entity, record)] if sort else asked
        facts = self.facts(entity, record, most, asked)
        whose = facts and label in asked and called_after(entity)  # was asked, and is not told again
        label = "" if whose else label
        links = self.linked(entity, record, asked)
        if not label and not facts and not links and asked:
            facts = self.facts(entity, record, most)
        if not label:
            excerpt = sort or ("" if whose else self._excerpt(entity, record))
            if not excerpt and links and links[0][:1].isupper():
                excerpt = links.pop(0)
            facts = [*facts[:1], *links, *facts[1:]]
            return (
                f"{excerpt} ({', '.join(facts)})"
                if excerpt and facts
                else excerpt or ", ".join(facts) or entity.noun
            )
        return f"{label} ({', '.join(facts)})" if facts else label

    def _sort(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """What sort of thing a record without a name is: a resize, a push."""
        if entity.noun in UNTITLED:
            return ""
        value = next(iter(self._sorts(entity, record)), None)
        usual = str(value).lower() in read("language/en/relating.yaml")["usual"]  # tells nothing of anything
        worded = (
            not usual
            and isinstance(value, str)
            and len(value) <= EXCERPT
            and not re.search(r"[/:]|[0-9]{3}", value)
        )
        return humanised(value) if isinstance(value, str) and worded else ""

    def _sorts(self, entity: Entity, record: Mapping[str, Any]) -> list[Json]:
        item = sort_field(entity, frozenset(f"/{name}" for name in record))
        return [record.get(item.pointer[1:])] if item is not None else []

    def _excerpt(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """The beginning of a text that has no title, ending on a whole word."""
        texts = (item.pointer for item in entity.fields if item.facet in ("body", "text"))
        pointer = next((one for one in texts if "*" not in one), "")  # not the keys of its tags
        found = values_at(record, pointer or entity.label_pointer) if pointer or entity.label_pointer else []
        if not found or not isinstance(found[0], str):
            return ""
        text = " ".join(found[0].split())
        return f'"{text}"' if len(text) <= EXCERPT else f'"{text[:EXCERPT].rsplit(" ", 1)[0]} …"'


def _of_a_part(item: Field) -> bool:
    """Whether a length of time is not the thing's own but that of something inside it: its maintenance window."""
    head = item.pointer.split("/")[1].lower()
    return item.facet.startswith("duration") and item.pointer.count("/") > 1 and "duration" not in head
