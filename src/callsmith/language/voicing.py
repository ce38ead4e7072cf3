"""One conversation's way of speaking: grammar, register, how values and records are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from callsmith.catalog.data import files, read
from callsmith.catalog.languages import language_said, of_language
from callsmith.errors import PlanUnfit
from callsmith.language.addressing import forms, lying
from callsmith.language.breath import at_once
from callsmith.language.fitting import bent, counted_so
from callsmith.language.grammar import Grammar, expand, has, load, mark, unmarked
from callsmith.language.named_details import (
    by_name,
    held_by,
    key_forms,
    moment_of,
    name_alone,
    of_one,
    one_of_them,
    own_name,
    plain_title,
    possessed,
)
from callsmith.language.narrowing import keys_of, that_are
from callsmith.language.relating import (
    chosen,
    counted,
    done_on,
    has_name,
    in_units,
    located,
    of_person,
    of_the_house,
    personal,
    rate,
    unitless,
)
from callsmith.language.routes import ends_of
from callsmith.language.spoken import Speaker
from callsmith.language.stating import STATES
from callsmith.language.words import (
    humanised,
    lettered,
    lexicon,
    listed,
    number_word,
    ordinal_word,
    small,
)
from callsmith.meaning import Detail, Plan, Target, Told
from callsmith.records import Entity, Json
from callsmith.seeds import Rng
from callsmith.text import coded

REQUESTS = (
    "language/en/reasons.yaml",
    "language/en/plain.yaml",
    "language/en/requests.yaml",
    "language/en/computing.yaml",
    "language/en/consulting.yaml",
)
ASSISTANT = ("language/en/assistant.yaml", "language/en/answers.yaml")
_PLACED = tuple("up down on off in out at under not to for".split())  # monitors that are up, jobs in review
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)")
_FILE = re.compile(r"\S+\.[A-Za-z0-9]{2,4}")
_LIKENESS = re.compile(r"something like|in the (?:name|title)")  # nobody says of a person
_MANY = 5  # sorts of things with names, of which any might be called so
AGENTS = ("from", "by", "about")


T = TypeVar("T")


class Voicing:
    """How one conversation is worded."""

    def __init__(self, plan: Plan, rng: Rng, entities: Iterable[Entity] = ()) -> None:
        self.plan = plan
        kinds = [*entities]
        self.people = {one.noun: one.person for one in kinds}  # noun -> whether such records are people
        self.kinds = sum(bool(entity.label_pointer) for entity in kinds)  # sorts of things that have names
        offices = {*files("catalog/toolkits")}
        self.shop = any(
            entity.toolkit not in offices for entity in kinds
        )  # what no office at large works with
        self.rng = rng
        self.register = plan.register
        self.grammar: Grammar = load(*REQUESTS)
        self.assistant: Grammar = load(*ASSISTANT)
        self.details: Mapping[str, Mapping[str, Sequence[str]]] = read("language/en/details.yaml")
        self.speaker = Speaker(
            plan.scene.now, plan.scene.time_zone, plan.scene.currency, plan.locale == "en-US", rng
        )
        self.topics = {topic.name.lower() for topic in plan.scene.topics}
        self.introduced: set[str] = set()  # people whose address was given
        self.named_before: set[str] = set()  # things, with what they are
        self.talk: dict[str, str] = {}  # how this talk says things throughout, once that is settled

    def say(self, symbol: str, **values: str) -> str:
        return expand(self.grammar, symbol, values, self.rng, self.register)

    def answer(self, symbol: str, **values: str) -> str:
        return expand(self.assistant, symbol, values, self.rng, self.register)

    def known(self, symbol: str) -> bool:
        return has(self.grammar, symbol)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.rng.random() * len(options))]

    def personal(self, noun: str) -> bool:
        """Whether a thing is a person: by what is noted of such records, else by the noun alone."""
        return self.people[noun] if noun in self.people else personal(noun)

    def called_by_name(self, noun: str) -> bool:
        """Whether a thing is called by a name of its own, as a person is: a dog, a boat."""
        return self.personal(noun) or has_name(noun)

    def named(self, label: str, noun: str) -> str:
        """A name, in quotation marks unless it is somebody's or a number that is given out.

        Raises:
            PlanUnfit: it is a time as machines write it.
        """
        if _STAMP.match(label):
            raise PlanUnfit(f"nobody says the time stamp {label}")
        if coded(label):
            return f"{noun} {label}"
        return label if self.called_by_name(noun) and name_alone(label) else f'"{label}"'

    # ------------------------------------------------------------ values

    def spoken(self, item: Detail) -> str:
        """A detail's value as said, marked."""
        values = [value for value in item.values if value is not None]
        if item.shape == "span":
            first, last = (self.speaker.local(value) for value in values)
            assert first is not None and last is not None
            return mark(self.speaker.spanned(first, last), item.parameter)
        if item.shape == "range":
            return mark(self.speaker.ranged(values[0], values[1], item.facet == "date"), item.parameter)
        if item.shape in ("after", "before"):
            moment = self.speaker.local(values[0])
            assert moment is not None
            day = moment.date() if isinstance(moment, datetime) else moment
            return mark(self.speaker.day(day), item.parameter)
        if item.shape == "list":
            return listed([mark(self.single(item, value), item.parameter) for value in values])
        return mark(self.single(item, values[0]), item.parameter)

    def single(self, item: Detail, value: Json) -> str:
        if item.facet == "title" and item.role == "sets" and isinstance(value, str):
            return value
        if item.facet == "email" and item.role == "sets" and item.shape == "list":
            person = next((p for p in self.plan.scene.people if p.email == value), None)
            if person is not None and self.chance(0.6):
                return f"{self.pick((person.given, person.name))} ({value})"
        if (
            isinstance(value, str)
            and of_language(item.phrase)
            and (tongue := language_said(value, alone=True))
        ):
            return tongue
        said: str = self.speaker.value(value, item.facet, item.shown if "amount" in item.facet else "")
        return small(said) if item.facet == "enum" and item.phrase.rpartition(" ")[2] in STATES else said

    def measured(self, item: Detail) -> str:
        """A detail's value as said, with the unit that its name says."""
        said = self.spoken(item)
        timed = item.facet.startswith(("duration", "amount")) or counted(item.phrase.lower())
        if item.shape != "value" or timed:
            return said
        measure = in_units(item.phrase or humanised(item.parameter), item.values[0])
        unit = measure.lstrip("-0123456789.,")
        return f"{said}{unit}" if unit != measure else said

    def on(self, item: Detail) -> str:
        """A day with its preposition, or the value."""
        value = self.speaker.local(item.values[0]) if item.facet in ("date", "date_time") else None
        if isinstance(value, date) and not isinstance(value, datetime):
            return mark(self.speaker.on_day(value), item.parameter)
        return self.spoken(item)

    def forms(self, item: Detail) -> Mapping[str, Sequence[str]]:
        if item.role == "sets" and item.facet == "text" and _FILE.fullmatch(str(item.values[0])):
            return self.details["sets"]  # nobody says a file's name in so many words
        return next(self.details[key] for key in keys_of(item) if key in self.details)

    def related(self, item: Detail) -> Sequence[str]:
        """What somebody is to a thing, where nothing is laid down for the parameter itself."""
        phrase = item.phrase or humanised(item.parameter)
        if self.forms(item) not in (
            self.details[key] for key in ("sets person", "filters person", "filters name")
        ):
            return ()
        told = of_person(phrase, "{v}")
        owned = item.role == "sets" and phrase.lower().removesuffix(" name") == "owner"
        return (told, "for {v}") if owned else (told,) if told else ()

    def options(self, item: Detail, form: str, noun: str) -> Sequence[str]:
        """The ways a detail of a thing of a noun can be put in a form."""
        own = (
            chosen(item.phrase or item.parameter, item.values)
            if item.facet == "enum" and item.shape == "value"
            else {}
        )
        if item.role == "sets" and "itself" in own:  # of one it is said as any quality is
            own = {}
        if stated := at_once(item, form, noun, bool(own) or self.forms(item) is not self.details["sets"]):
            return stated
        options = ([own[form]] if form in own else []) if own else self.forms(item).get(form)
        if "amount" in item.facet and item.role == "sets" and self.personal(noun):  # nobody costs anything
            options = self.details["sets sum borne"].get(form) or options
        if form == "post" and item.facet == "person" and (related := self.related(item)):
            options = related
        if form in ("post", "frag") and item.shape == "value" and moment_of(item) == "named":
            coming = self.speaker.ahead(item.values[0])
            options = [done] if (done := done_on(item.phrase, noun, coming)) else options
        quality = (
            form == "attr" and item.role == "filters" and self.forms(item) is self.details["filters flag"]
        )
        if quality and item.values[0] is True and " " not in item.phrase:
            options = [item.phrase]
        if form == "post" and item.role == "names" and item.facet == "title" and self.personal(item.phrase):
            options = ["with {v}" if of_the_house(item.phrase) else "for {v}"]
        if form == "post" and item.role == "names" and item.facet == "number_key":
            holder = (item.phrase or humanised(item.parameter)).removesuffix("number").strip()
            options = [f"in {holder} {{v}}", f"in {holder} #{{v}}"] if holder else options
        if item.role == "filters" and form == "post" and item.facet == "person" and own_name(item, noun):
            options = ["called {v}", "named {v}"]
        if item.role == "filters" and form == "post" and self.personal(noun):
            options = [one for one in options or () if not _LIKENESS.search(one)] or options
        if (
            form == "attr"
            and item.facet == "enum"
            and (
                humanised(str(item.values[0])).split(" ")[0].lower() in _PLACED
                or lettered(str(item.values[0]))
            )
        ):
            return ()
        return options or ()

    def put(self, item: Detail, form: str, noun: str = "") -> str | None:
        """A detail of a thing of a noun in one of its forms: post, attr or frag; None when it has no such form."""
        if item.signs and form == "post":
            holder = self.addressed(item.phrase, item.signs, item.parameter)
            return f"{lying(noun, item.phrase, item.signs)} {holder}"
        options: Sequence[str] = ends_of(item, noun) if form == "post" else ()
        options = options or self.options(item, form, noun)
        if not options:
            return None
        text: str = self.pick(options)
        phrase = possessed((item.phrase or humanised(item.parameter)).removesuffix(" key"))
        measured = item.shape in ("value", "least", "most") and not item.facet.startswith("duration")
        measure = in_units(phrase, item.values[0]) if measured else ""
        text = bent(text, item, phrase, noun)
        text = text.replace("{per}", rate(phrase))
        if item.facet.startswith(("duration", "amount")):
            phrase = unitless(phrase)
        if "{on_v}" in text:
            return text.replace("{on_v}", self.on(item)).replace("{phrase}", phrase)
        if "{n}" in text:
            return text.replace("{n}", mark(number_word(int(item.values[0])), item.parameter))
        if "{yes_no_with}" in text:
            return text.replace("{yes_no_with}", "with" if item.values[0] else "without").replace(
                "{phrase}", phrase
            )
        if "{flag_v}" in text:
            return text.replace("{flag_v}", that_are(phrase, item.values[0] is True))
        whole = "{v} {phrase}" in text and counted(item.phrase)  # eight light hours
        said = self.spoken(item) if whole else self.measured(item)
        phrase = unitless(phrase) if measure and not whole else phrase
        phrase = counted_so(text, item, phrase)
        one = item.shape == "list" and len(item.values) == 1
        if (item.values == [1] or one) and "{phrase}" in text:
            phrase = one_of_them(phrase)
        if item.role == "filters" and str(item.values[0]).lower() in self.topics:
            said = f"the {said}"
        if "location" in item.parameter.lower() or item.facet == "place":
            text = re.sub(r"\b(?:in|at) \{v\}", f"{located(str(item.values[0]))[:2]} {{v}}", text)
        if "{q}" in text:
            bare = len(str(item.values[0]).split()) < 3 and self.chance(0.3)
            return text.replace("{q}", said if bare else f'"{said}"').replace("{phrase}", phrase)
        return text.replace("{v}", said).replace("{phrase}", phrase)

    # ------------------------------------------------------------ records

    def record(self, target: Target) -> str:
        """A record as the user calls it."""
        noun = target.noun
        if target.by == "pronoun":
            one = ("them", "them") if self.personal(noun) else ("it", "it", "that one")
            return str(self.pick((*one, f"that {noun}")))
        if target.by == "the":
            return self.pick((f"that {noun}", f"the {noun}", f"that {noun}", f"this {noun}"))
        if target.by == "ordinal":
            place = ordinal_word(target.ordinal)
            forms = [f"the {place} one", f"the {place} {noun}"]
            if target.ordinal > 0:
                forms.append(f"number {number_word(target.ordinal)}")
            return mark(self.pick(forms), "ordinal")
        if target.by == "latest":
            return self.latest(target)
        if target.signs and target.by == "label":
            return self.addressed(target.noun, target.signs)
        said = self.keyed(target) if target.by == "key" else self.labelled(target)
        if target.holder is not None:
            whose, personal = self.record(target.holder), self.personal(target.holder.noun)
            named = self.called_by_name(target.noun) and name_alone(target.label)
            said = str(self.pick(held_by(target, whose, said, personal=personal, named=named)))
        return " ".join([said, *[self.put(item, "post") or "" for item in target.places]]).strip()

    def addressed(self, noun: str, signs: Sequence[Told], tag: str = "label") -> str:
        """A record without a name as the user calls it: the lift at Mill Lane 4."""
        return str(self.pick(forms(noun, signs, self.speaker.hour_and_day, lambda said: mark(said, tag))))

    def latest(self, target: Target) -> str:
        """The newest of a sort: "the latest email from Dana"."""
        posts = [text for text in (self.put(item, "post") for item in target.filters) if text]
        attrs = (
            [] if posts else [text for text in (self.put(item, "attr") for item in target.filters) if text]
        )
        word = self.pick(("latest", "most recent", "newest", "last"))
        whole = " ".join(["the", word, *attrs, target.noun, *posts])
        return of_one(whole)

    def keyed(self, target: Target) -> str:
        key = mark(str(target.key), "key")
        text: str = self.pick(key_forms(target.noun, key, isinstance(target.key, int)))
        if target.label:
            named = self.called_by_name(target.noun)
            label = mark(target.label if named or self.chance(0.5) else target.label.lower(), "label")
            text += f" ({label})" if named else self.pick((f" ({label})", f" (the {label} one)"))
        return text

    def labelled(self, target: Target) -> str:
        noun = target.noun
        if target.whose:
            name = mark(target.label, "label")
            return str(self.pick((f"{name}'s {noun}", f"the {noun} of {name}", f"the {noun} for {name}")))
        label = mark(self.cased(target.label, target.exact), "label")
        if _STAMP.match(target.label):
            raise PlanUnfit(f"nobody says the time stamp {target.label}")
        if coded(target.label):
            return str(self.pick((label, label, label, f"{noun} {label}")))
        matter = label
        if not target.exact and target.label.lower() in self.topics:
            label = mark(target.label.lower(), "label")
            matter = f"the {label}"
        if target.exact and noun.rpartition(" ")[2] in target.label.lower().split() and target.person is None:
            bare = [label] if plain_title(target.label) and noun not in lexicon("namelike") else []
            return str(self.pick((f'"{label}"', *bare)))  # "the Alder Plot", and not "the Alder Plot plot"
        if target.exact or noun in lexicon("namelike"):
            person, called = self.personal(noun), self.called_by_name(noun)
            forms = by_name(noun, label, target.label, "person" if person else "called" if called else "")
            if not (person or called):
                forms = self.told_apart(forms, label, noun)
            elif person and " " not in label and label == label.lower():
                forms = [f"the {noun} {label}"]  # who goes by a user name
        else:
            forms = [
                f"the {label} {noun}",
                f"the {noun} about {matter}",
                f"the {noun} on {matter}",
                f"the {label} {noun}",
            ]
            forms.append(f"that {label} {noun}")
        if target.person is None:
            return str(self.pick(forms))
        given = mark(target.person.shown, "person")
        whose = [
            f"{given}'s {noun} about {matter}",
            f"{given}'s {label} {noun}",
            f"the {noun} about {matter} from {given}",
        ]
        whose.append(f"the {label} {noun} from {given}")
        if target.exact:
            whose = [f'the {noun} "{label}" from {given}', f'{given}\'s {noun} "{label}"']
        return str(self.pick(whose))

    def told_apart(self, forms: list[str], label: str, noun: str) -> list[str]:
        """The ways to name something first: with what it is, where things of many sorts have names."""
        new = unmarked(label) not in self.named_before and self.kinds > _MANY
        self.named_before.add(unmarked(label))
        return [form for form in forms if noun in form or not new] or forms

    def cased(self, label: str, exact: bool) -> str:
        """A title as typed by somebody in a hurry: sometimes without its capitals."""
        if exact and self.chance(0.6):
            return label
        return label.lower() if self.register == "casual" and self.chance(0.6) else label
