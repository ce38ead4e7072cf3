"""What an assistant says of a record: its name, its telling fields, its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.language.addressing import forms, headed, sort_of
from callsmith.language.breath import goods_in
from callsmith.language.likeness import ALONE, Likeness, likeness
from callsmith.language.ordering import lines_in
from callsmith.language.particulars import MOMENTS, PEOPLE, Particulars
from callsmith.language.plainly import plainly
from callsmith.language.relating import (
    bound,
    chosen,
    of_person,
)
from callsmith.language.routes import end_of
from callsmith.language.spans import half_told, of_one_deed, spanning
from callsmith.language.stating import opaque
from callsmith.language.voicing import Voicing
from callsmith.language.words import humanised
from callsmith.meaning import Ask, Reply, Target, Told
from callsmith.plan.known import (
    Known,
    bearing,
    called_after,
    field_at,
    noun_of,
    pastes,
    salient,
    sort_field,
    title_in,
    untitled,
)
from callsmith.plan.naming import parts_of_name
from callsmith.plan.signs import addressed, by_the_clock, signs_in, signs_of, told_at
from callsmith.records import Entity, Field, Json
from callsmith.text import coded

LISTED_WHOLE = 10  # a list of so many is told to the end
LISTED_AT_MOST = 25  # and of so many, in brief, where all of them were asked for
BRIEF = 28  # characters of a line, twice as many of which are told to the end
SHOWN_AT_MOST = 5  # of a longer one
EXCERPT = 70  # characters of a comment that a list shows
TOLD_ENUMS = ("status", "state", "priority", "response", "role")


class Teller:
    """Words records for one conversation."""

    def __init__(self, voice: Voicing, known: Known) -> None:
        self.voice = voice
        self.known = known
        self.names: dict[
            tuple[str, Json], tuple[str, str]
        ] = {}  # ids seen so far -> the noun and the name of what they are of
        self.particulars = Particulars(voice)

    def learn(self, tool: str, result: Json) -> None:
        """Remember what the records of a result are called, for those that refer to them."""
        item = self.known.tools.get(tool)
        for found in item.yields if item is not None else ():
            entity = self.known.entities.get(found.entity)
            if entity is None or not entity.id_pointer or called_after(entity) or by_the_clock(entity):
                continue
            for record in values_at(result, found.pointer) if found.pointer else [result]:
                ids = values_at(record, entity.id_pointer) if isinstance(record, Mapping) else []
                label = self.label(entity, record) if len(ids) == 1 else ""
                if label and label != ids[0] and not opaque(label):
                    self.names[entity.key, ids[0]] = (entity.noun, label)

    def linked(
        self, entity: Entity, record: Mapping[str, Any], asked: Sequence[Json], named: bool = True
    ) -> list[str]:
        """What a record refers to, by the names that earlier results gave: "Floor sander", "with Kofi Traoré".

        One that is not ``named`` itself goes by the first of them, which stands alone.
        """
        said: list[str] = []
        known = {str(value).casefold() for value in asked}
        for item in entity.fields:
            found = values_at(record, item.pointer) if item.refers and item.pointer.count("/") == 1 else []
            single = bool(found) and isinstance(found[0], (str, int))
            noun, name = self.names.get((item.refers, found[0]), ("", "")) if single else ("", "")
            heard = any(one and one in name.casefold() for one in known)
            if name and not heard and item.pointer != entity.id_pointer:
                beside = self.voice.personal(noun) and (named or said)
                said.append(of_person(noun, name) or name if beside else name)
        return said[:2]

    def entity(self, reply: Reply) -> Entity:
        return self.known.entities[reply.entity]

    def label(self, entity: Entity, record: Mapping[str, Any]) -> str:
        if signs := signs_in(entity, record):
            return headed(entity.noun, signs, self.particulars.moment)
        return title_in(entity, record)

    def pasted(self, entity: Entity, record: Mapping[str, Any]) -> str:
        """The id of a record that has no name where others have one; "" of one that has, or where none has."""
        label = self.label(entity, record) if pastes(entity) else ""
        return label if label in values_at(record, entity.id_pointer) else ""

    def thing(self, entity: Entity, record: Mapping[str, Any], ask: Ask | None = None) -> str:
        """A record as the assistant names it: by its title, else as the user called it."""
        label = "" if ask is not None and self.pasted(entity, record) else self.label(entity, record)
        target = ask.targets[0] if ask is not None and ask.targets else None
        if not label and target is not None and ask is not None and ask.noun == entity.noun:
            label = target.title
        if signs := target.signs if target and ask and ask.act == "change" else signs_in(entity, record):
            return self.addressed(entity.noun, signs)
        if (
            target is not None
            and target.whose
            and target.title
            and ask is not None
            and ask.noun == entity.noun
        ):
            return self.whose(target.title, entity.noun)  # as the user said it, whatever else it goes by
        if label and called_after(entity):
            return self.whose(label, entity.noun, of_thing(entity))
        if label and len(label) <= 80:
            return self.titled(label, noun_of(entity, record)[0])
        return self.called(target, entity) if target is not None else f"the {entity.noun}"

    def addressed(self, noun: str, signs: Sequence[Told]) -> str:
        """What has no name, by what it is told by: "the lift at Mill Lane 4"."""
        return str(self.voice.pick(forms(noun, signs, self.particulars.moment)))

    def whose(self, name: str, noun: str, of_thing: bool = False) -> str:
        """What goes by the one it is for: "Ana Ruiz's booking"; by a thing: "the subscription for Pro"."""
        if of_thing:
            return f"the {noun} for {name}"
        return str(self.voice.pick((f"{name}'s {noun}", f"{name}'s {noun}", f"the {noun} for {name}")))

    def titled(self, label: str, noun: str) -> str:
        if not (named := self.voice.named(label, noun)).startswith('"'):
            return named
        again = noun.rpartition(" ")[2] in label.lower().split()  # the plot "Alder Plot"
        whole = f'"{label}"' if again else f'the {noun} "{label}"'
        return str(self.voice.pick((f'"{label}"', f'"{label}"', whole)))

    def called(self, target: Target, entity: Entity) -> str:
        """A record as its user called it, when nothing better is known."""
        if target.by == "key" and target.key is not None:
            return f"#{target.key}" if isinstance(target.key, int) else str(target.key)
        if target.signs:
            return self.addressed(entity.noun, target.signs)
        if target.whose:
            return self.whose(target.title, entity.noun)
        return self.voice.named(target.title, entity.noun) if target.title else f"the {entity.noun}"

    def facts(
        self,
        entity: Entity,
        record: Mapping[str, Any],
        most: int,
        asked: Sequence[Json] = (),
        among: Likeness = ALONE,
    ) -> list[str]:
        """The most telling fields of a record besides its title, as short phrases: one person, one time, …

        What was ``asked`` for is not told again, nor what the records that it stands ``among`` have alike.
        """
        label = self.label(entity, record)
        links = self._resolved(entity, record) or [
            *filter(None, [self._holder(entity, record, asked, among)])
        ]
        known = [*asked, *links, *(values_at(record, pointer)[0] for pointer in among.alike)]
        headed_by = label or links or self._sort(entity, record, asked, among)
        said: list[str] = []
        told: set[str] = set()
        ways: set[str] = set()  # facts that tell where something goes
        for item, value in _telling(entity, record, among):
            if len(said) >= most and not (bound(item.phrase, entity.noun) and any(map(half_told, said))):
                continue
            described = item.facet == "enum" and "told" in chosen(item.phrase, [value])
            kind = "person" if item.facet in PEOPLE else "moment" if item.facet in MOMENTS else item.facet
            end = bound(item.phrase, entity.noun) if kind == "moment" else ""
            kind = end or (item.phrase if described else kind)
            if kind in told or value in asked or self.particulars.untold(entity, label, item, value):
                continue
            if item.facet == "enum" and not described and not any(w in item.phrase for w in TOLD_ENUMS):
                continue
            told.add(kind)
            if kind == "person" and bearing(item.phrase) and not headed_by:
                said.insert(0, self.particulars.bearer(value))
                continue
            fact = self.particulars.fact(item, value, record, entity.noun)
            ways |= {fact} if end_of(item.pointer, item.facet) else set()
            if not any(other.startswith(f"{fact} ") for other in said):  # "closed Friday, closed"
                said = spanning(said, fact)
        said = of_one_deed([one if one in ways else _until(one) for one in said])
        said = self._sized(entity, record, said, most)
        if not label and 0 < len(said) < min(most, 2):  # "received today" tells nobody what
            said += plainly(self.particulars, entity, record, label, known)[: most - 1]
        return said if said and not addressed(entity) else self._more(entity, record, said, known)[:most]

    def _resolved(self, entity: Entity, record: Mapping[str, Any]) -> list[Json]:
        """The ids in a record of what is told by its name."""
        found = [(item.refers, record.get(item.pointer[1:])) for item in entity.fields if item.refers]
        return [value for key, value in found if isinstance(value, (str, int)) and (key, value) in self.names]

    def _more(
        self, entity: Entity, record: Mapping[str, Any], said: list[str], asked: Sequence[Json]
    ) -> list[str]:
        """The facts of a record with others, where it has hardly any that people always tell."""
        label = self.label(entity, record)
        said = [*said, *self.particulars.further(entity, record, label, asked)]
        return said or plainly(self.particulars, entity, record, label, asked)

    def _sized(self, entity: Entity, record: Mapping[str, Any], said: list[str], most: int) -> list[str]:
        """What is told of a record with the lines of an order, or with how large it is where there is room."""
        if most > 1 and (lines := lines_in(entity, record) or goods_in(entity, record)):
            return [*said[: most - 1], lines]
        size = self.particulars.size(entity, record) if len(said) < most else ""
        return [*said, size] if size else said

    def lines(
        self, entity: Entity, records: Sequence[Mapping[str, Any]], most: int, asked: Sequence[Json] = ()
    ) -> list[str]:
        """The records of a list, each by what it does not have in common with all the others."""
        among = likeness(entity, records)
        return [self.line(entity, record, most, asked, among) for record in records]

    def line(
        self,
        entity: Entity,
        record: Mapping[str, Any],
        most: int,
        asked: Sequence[Json] = (),
        among: Likeness = ALONE,
    ) -> str:
        """A record in a list."""
        signs = _setting_apart(entity, record, asked, among)
        label = headed(entity.noun, signs, self.particulars.moment) if signs else self.label(entity, record)
        if entity.label_pointer in among.alike and self._resolved(entity, record):
            label = ""  # all are called alike, and each is for another
        sort = "" if label else self._sort(entity, record, asked, among)
        asked = [*asked, *self._sorts(entity, record)] if sort else asked
        facts = self.facts(entity, record, most, asked, among)
        whose = facts and label in asked and called_after(entity)  # was asked, and is not told again
        told = signs_in(entity, record)
        if told and all(one.value in asked for one in told) and facts:
            label = ""  # all of it was asked for: the samples at one place
        label = handed(entity, record) if whose else label
        links = self.linked(entity, record, asked, bool(label))
        if not label and not facts and not links and asked:
            facts = self.facts(entity, record, most)
        if not label:
            excerpt = (
                sort
                or self.particulars.figure(entity, record)
                or ("" if whose else self._excerpt(entity, record))
            )
            if not excerpt and links and links[0][:1].isupper():
                excerpt = links.pop(0)
            excerpt = excerpt or self._holder(entity, record, asked, among)
            facts = [fact for fact in facts if not excerpt or not fact.endswith(f" {excerpt}")]
            facts = list(dict.fromkeys([*facts[:1], *links, *facts[1:]]))
            return (
                f"{excerpt} ({', '.join(facts)})"
                if excerpt and facts
                else excerpt or ", ".join(facts) or entity.noun
            )
        facts = self._of_that_day(told, facts)
        kind = sort_of(signs)
        facts = [kind, *facts] if kind and kind not in label.lower() else facts
        alone = told or coded(label) or entity.label_pointer == entity.id_pointer
        facts = list(dict.fromkeys([*links, *facts])) if alone else facts
        return f"{label} ({', '.join(facts)})" if facts else label

    def _of_that_day(self, told: Sequence[Told], facts: Sequence[str]) -> list[str]:
        """The facts without the day that is told already: until 18:30, left at 9:40."""
        moments = [one.value for one in told if one.role in ("at", "dated")]
        day = self.particulars.moment(moments[0])[1].removeprefix("on ") if moments else ""
        again = f" {day} at "
        return [fact.replace(f"until{again}", "until ").replace(again, " at ") for fact in facts]

    def _holder(
        self, entity: Entity, record: Mapping[str, Any], asked: Sequence[Json], among: Likeness
    ) -> str:
        """The number that people know of what a record without a name belongs to, where that has no other name."""
        for item in entity.fields:
            value = record.get(item.pointer[1:]) if item.refers and item.pointer.count("/") == 1 else None
            known = item.pointer in among.alike or value in asked or (item.refers, value) in self.names
            if isinstance(value, str) and coded(value) and item.pointer != entity.id_pointer and not known:
                return value
            holder = self.known.entities.get(item.refers)
            numbered = holder is not None and [one.role for one in signs_of(holder)] == ["number"]
            if holder is not None and numbered and isinstance(value, int) and not known:
                return f"{holder.noun} {value}"
        return ""

    def _sort(self, entity: Entity, record: Mapping[str, Any], asked: Sequence[Json], among: Likeness) -> str:
        """What sort of thing a record without a name is: a resize, a push; "" for one it is not told apart by."""
        if untitled(entity):
            return ""
        value = next(iter(self._sorts(entity, record)), None)
        item = sort_field(entity, frozenset(f"/{name}" for name in record))
        known = value in asked or item is not None and item.pointer in among.alike
        if known and (self._resolved(entity, record) or self._holder(entity, record, asked, among)):
            return ""
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
        texts = [
            (item.pointer, item.facet)
            for item in entity.fields
            if item.facet in ("body", "text") and not item.refers and "*" not in item.pointer
        ]  # not the keys of its tags, nor those of what it belongs to
        texts.sort(key=lambda one: one[1] == "text")
        pointer, facet = next((one for one in texts if values_at(record, one[0])), ("", ""))
        found = values_at(record, pointer or entity.label_pointer) if pointer or entity.label_pointer else []
        if not found or not isinstance(found[0], str):
            return ""
        text = " ".join(found[0].split())
        if not text or " " not in text and (facet == "text" or re.search(r"[/:]|[0-9]{3}", text)):
            return ""  # nothing, a sort, or a form that machines read
        return f'"{text}"' if len(text) <= EXCERPT else f'"{text[:EXCERPT].rsplit(" ", 1)[0]} …"'


def _setting_apart(
    entity: Entity, record: Mapping[str, Any], asked: Sequence[Json], among: Likeness
) -> list[Told]:
    """What a record in a list is told by, without a sort that was asked for or that all of them share."""
    shared = any(one.role == "sort" and one.pointer in among.alike for one in signs_of(entity))
    told = signs_in(entity, record)
    return [one for one in told if one.role != "sort" or not shared and one.value not in asked]


def _telling(entity: Entity, record: Mapping[str, Any], among: Likeness) -> list[tuple[Field, Json]]:
    """The fields that tell a record from others beside its name, with their values, those that all show first."""
    shown = frozenset(
        item.pointer for item in entity.fields if values_at(record, item.pointer) not in ([], [None], [""])
    )
    named = {entity.label_pointer, entity.id_pointer, *parts_of_name(entity), *told_at(entity)}
    told = [item for item in salient(entity, shown) if item.pointer not in named | among.alike]
    told.sort(key=lambda item: item.pointer in among.patchy)
    return [(item, values_at(record, item.pointer)[0]) for item in told]


def told_to_the_end(voice: Voicing, reply: Reply, lines: Sequence[str]) -> tuple[int, int]:
    """Up to how many records are told to the last one, and how many facts of each: of all, where all were asked for."""
    listed = reply.ask is not None and reply.ask.act == "list" and not reply.more
    if listed and voice.talk.get("listed"):
        return LISTED_AT_MOST, 1
    return (2 * LISTED_WHOLE if max(map(len, lines)) <= BRIEF else 0), 2


def _until(fact: str) -> str:
    """An end without its beginning: "until Friday"."""
    return f"until {fact[3:]}" if fact.startswith("to ") and not fact.startswith("to be ") else fact


def handed(entity: Entity, record: Mapping[str, Any]) -> str:
    """The number that was given out to a record and that people read off it: PP-549708; "" for none."""
    known = read("language/en/relating.yaml")["handed_out"]
    for item in entity.fields:
        value = record.get(item.pointer[1:]) if item.pointer.count("/") == 1 and not item.refers else None
        name = " ".join(name_words(item.pointer))
        own = name.removeprefix(f"{entity.noun} ")
        if isinstance(value, str) and coded(value) and (name in known or own in (*known, "number")):
            return value
    return ""


def of_thing(entity: Entity) -> bool:
    """Whether records go by the name of a thing and of nobody: a subscription by its plan."""
    item = field_at(entity, entity.label_pointer)
    return item is not None and item.facet == "title" and not bearing(item.phrase)
