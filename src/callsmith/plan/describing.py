"""The words a user singles a record out with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from callsmith.catalog.lives import begins_and_ends, phases, words_of
from callsmith.catalog.turns import undoes
from callsmith.errors import PlanUnfit
from callsmith.language.words import with_article
from callsmith.meaning import Detail, Target
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.draft import Draft, identity
from callsmith.plan.known import HAPPENING, OCCASIONS, about_person, called_after, takes_place, title_in
from callsmith.plan.signs import addressed, signs_of
from callsmith.records import Entity, Person

_SEAMS = re.compile(
    r"\s*(?:[:,;|()\[\]]|\s[-–]\s|\s(?:for|in|on|with|of|about|when|after|before|from|to|at|by)\s)\s*"
)

_VERBAL = re.compile(
    r"\b(?:is|are|was|fails?|rejects?|ignores?|shows?|needs?|make|add|fix|call|draft|document|update|allow|upgrade|remove|send|"
    r"review|prepare|check|order|book|chase|ask|write|plan|sort|set|get|find|re|repair|replace|fit|adjust|service|clean|"
    r"install|mount|change|paint|trim|bleed|wrap|inspect|renew|refill|move|build|mow|water|wash|tune|fill|empty)\b",
    re.IGNORECASE,
)

_EDGE_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "to",
        "in",
        "on",
        "at",
        "by",
        "with",
        "and",
        "or",
        "from",
        "as",
        "is",
        "are",
        "be",
        "re",
        "fw",
        "fwd",
        "our",
        "your",
        "my",
        "its",
        "their",
        "we",
        "i",
        "it",
        "this",
        "that",
        "not",
        "no",
        "vs",
        "via",
        "per",
        "into",
        "after",
        "before",
        "than",
        "then",
        "please",
    ]
)


class Described(Struct, frozen=True):
    """The words a user singles a record out with, before it is searched for."""

    label: str
    exact: bool
    person: Person | None


def label_of(entity: Entity, record: Mapping[str, Any]) -> str:
    """What a record is called: see ``title_in``."""
    return title_in(entity, record)


def describe(draft: Draft, entity: Entity, record: Mapping[str, Any]) -> Described:
    """Pick the words of a record's title (and whom it is from) a person would use.

    Raises:
        PlanUnfit: it has no title to speak of.
    """
    label = label_of(entity, record)
    if not label or len(label) > 90:
        raise PlanUnfit(f"{with_article(entity.noun)} without a title cannot be spoken of")
    person = None
    pointer = about_person(entity, frozenset(item.pointer for item in entity.fields))
    if pointer is not None and draft.chance(0.4):
        value = pointed(record, pointer.pointer)
        person = next((p for p in draft.scene.people if value in (p.email, p.name, p.username)), None)
    if called_after(entity) or addressed(entity):
        return Described(label, True, None)
    words, exact = part_of(draft, label)
    return Described(words, exact, person)


def lasts(entity: Entity) -> bool:
    """Whether people ask how long such a thing is, so that a bare duration is its own: a video, not a picture."""
    words = {*entity.noun.split(" ")}
    moments = sum(item.facet in ("date_time", "date", "time") for item in entity.fields)
    return bool(words & {*HAPPENING["timed"]}) or takes_place(entity.noun) or moments > 1


def part_of(draft: Draft, label: str) -> tuple[str, bool]:
    """Some words of a title, contiguous, beginning and ending on words that carry meaning."""
    lowered = label.lower()
    for topic in draft.scene.topics:
        at = lowered.find(topic.name.lower())
        if at >= 0 and len(topic.name) < len(label) and draft.chance(0.75):
            return label[at : at + len(topic.name)], False
    segments = [part.strip() for part in _SEAMS.split(label)]
    fitting = [part for part in segments if 2 <= len(part.split()) <= 4 and _phrase_like(part)]
    if fitting and len(segments) > 1 and draft.chance(0.4):
        return draft.choice(fitting), False
    return label, True


def _phrase_like(words: str) -> bool:
    """Whether some words of a title can stand after "the … about": no verb or particle at their edges."""
    inner = [word.lower().strip("'\"") for word in words.split()]
    return inner[0] not in _EDGE_WORDS and inner[-1] not in _EDGE_WORDS and not _VERBAL.search(words)


def person_detail(entity: Entity, person: Person) -> Detail:
    pointer = about_person(entity, frozenset(item.pointer for item in entity.fields))
    name = pointer.pointer.split("/")[1] if pointer else "from"
    return Detail(name, "person", name, "filters", "value", [person.given], shown=person.given)


def ordinal_target(entity: Entity, index: int, shown: Sequence[Mapping[str, Any]]) -> Target:
    last = index == len(shown) - 1 and 2 < len(shown) < 5 and not newest_first(entity, shown)
    return Target(entity.noun, entity.plural, "ordinal", ordinal=-1 if last else index + 1)


def newest_first(entity: Entity, shown: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list runs back in time, so that "the last one" might as well be its first."""
    for item in entity.fields:
        moments = [pointed(record, item.pointer) for record in shown]
        if item.facet in ("date_time", "date") and all(isinstance(one, str) for one in moments):
            if moments[0] != moments[-1] and moments == sorted(moments, reverse=True):
                return True
    return False


def bygone(draft: Draft, entity: Entity, record: Mapping[str, Any], verb: str = "") -> bool:
    """Whether a record is of something that is over: nobody cancels, moves or answers that any more.

    With a ``verb`` of what is done to things that are over, such as ``archive``, only an occasion counts.
    """
    now = datetime.fromisoformat(draft.scene.now)
    afterwards = verb in HAPPENING["afterwards"] or undoes(verb)
    at = next((sign.pointer for sign in signs_of(entity) if sign.role == "at"), "")
    if not afterwards and _has_been(entity, record, now):
        return True
    if at and not afterwards and isinstance(value := pointed(record, at), str):
        return _is_over(entity, record) or _not_then(verb, value, now)
    if entity.noun in OCCASIONS and not afterwards and _is_over(entity, record):
        return True
    if entity.noun not in OCCASIONS:
        if afterwards:
            return False
        if entity.noun not in HAPPENING["planned"] and _is_over(entity, record):
            return True
        if entity.noun.split(" ")[-1] not in HAPPENING["dated"]:
            return _too_early(entity, record, verb, now)
    for word in ("end", "start", "date", "time", "scheduled", "_at"):
        for item in entity.fields:
            value = pointed(record, item.pointer) if word in item.pointer.lower() else None
            if (
                item.facet in ("date_time", "date")
                and isinstance(value, str)
                and not _NOTED.search(item.pointer)
            ):
                return _not_then(verb, value, now)
    return False


_WHEN = frozenset(
    ["date", "scheduled", "start", "starts", "at", "on", "for", "visit", "planned", "appointment"]
)


def _too_early(entity: Entity, record: Mapping[str, Any], verb: str, now: datetime) -> bool:
    """Whether a thing is for another day than that on which something would be done that takes it to have come."""
    if verb not in (*HAPPENING["concluding"], *HAPPENING["arriving"]):
        return False
    for item in entity.fields:
        value = pointed(record, item.pointer)
        if (
            {*words_of(item.pointer)} <= _WHEN
            and item.facet in ("date", "date_time")
            and isinstance(value, str)
        ):
            return _moment(value, now).date() > now.date()
    return False


def _not_then(verb: str, value: str, now: datetime) -> bool:
    """Whether a deed is not for now, by when a thing takes place: it is over, or has not come yet."""
    moment = _moment(value, now)
    if verb in HAPPENING["concluding"]:
        return moment.date() > now.date() if len(value) == 10 else moment > now
    if verb in HAPPENING["arriving"]:
        return moment.date() != now.date()
    return moment < now


def _has_been(entity: Entity, record: Mapping[str, Any], now: datetime) -> bool:
    """Whether the event is over that a record is for, of whatever sort the record is: an order for a wedding."""
    for item in entity.fields:
        if item.facet in ("date", "date_time") and [*words_of(item.pointer)][:1] == ["event"]:
            value = pointed(record, item.pointer)
            if isinstance(value, str) and _moment(value, now) < now:
                return True
    return False


_NOTED = re.compile(r"creat|updat|modif|book(?!ed_for)|added|paid|cancel|request", re.IGNORECASE)


def _is_over(entity: Entity, record: Mapping[str, Any]) -> bool:
    """Whether a record's own state says so."""
    for item in entity.fields:
        if item.pointer.count("/") == 1 and item.pointer[1:].lower() in ("status", "state", "stage"):
            value = pointed(record, item.pointer)
            options = [option for option in item.schema.get("enum", ()) if option is not None]
            if begins_and_ends(options) and value in options:
                return phases(options)[options.index(value)] in ("over", "dropped")
            return isinstance(value, str) and value.lower().replace("_", " ") in HAPPENING["over"]
    return False


def _moment(value: str, now: datetime) -> datetime:
    """A moment; a mere day lasts to its end."""
    at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    at = at.replace(hour=23, minute=59) if len(value) == 10 else at
    return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)


def some_record(
    draft: Draft,
    entity: Entity,
    lasting: bool = False,
    verb: str = "",
    fits: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Mapping[str, Any]:
    """A record to talk about, not worked on yet, and not the user's own, whom nobody calls by their own name.

    With ``lasting`` none of something that is over: see ``bygone``; with ``fits`` only one that does.

    Raises:
        PlanUnfit: the world holds none.
    """
    records = draft.world.records(entity.key)
    page = draft.first_page(entity)
    if page:
        records = [record for record in records if identity(entity, record) in page]
    told = called_after(entity) or addressed(entity)
    often = Counter(label_of(entity, record) for record in records) if told else Counter()

    def serves(record: Mapping[str, Any]) -> bool:
        if fits is not None and not fits(record):
            return False
        if (entity.person or called_after(entity)) and label_of(entity, record) == draft.scene.user.name:
            return False
        if told and often[label_of(entity, record)] > 1:
            return False
        return not (lasting and bygone(draft, entity, record, verb))

    for trial in range(_DRAWN + 1):
        if trial == _DRAWN:  # few are left, and what is over is looked for only now
            records = [record for record in records if serves(record)]
        record = draft.choice(records)
        if identity(entity, record) not in draft.used and (trial == _DRAWN or serves(record)):
            draft.used.add(identity(entity, record))
            return record
    raise PlanUnfit(f"every {entity.noun} tried was used already")


_DRAWN = 6  # records drawn one by one before all are looked at
