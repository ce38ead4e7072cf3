"""Which field of a record somebody would ask about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from callsmith.catalog import data
from callsmith.catalog.quantities import unit_at_end, unit_of
from callsmith.errors import PlanUnfit
from callsmith.plan.arguments.fill import pointed
from callsmith.plan.arguments.spans import MOMENTS
from callsmith.plan.describing import lasts
from callsmith.plan.draft import Draft
from callsmith.plan.known import (
    OCCASIONS,
    called_after,
    housekeeping,
    of_another,
    owned,
    salient,
    takes_place,
    title_in,
)
from callsmith.plan.naming import parts_of_name
from callsmith.plan.signs import signs_of, told_at
from callsmith.records import Entity, Field, Json

_RELATING = "language/en/relating.yaml"
TALKED_OF = ("person", "email", "date_time", "date", "timestamp", "time", "enum", "amount", "amount_minor", "place",
             "duration_minutes", "company", "phone", "url", "percent", "username")  # fmt: skip
ASKED_ENUMS = ("status", "state", "priority", "role", "response")
UNASKED = ("workspace", "recipient", "closed by", "scheduling", "api", "avatar", "duration length",
           "latitude", "longitude", "timestamp", "coordinate", "login", "log in", "seen", "sync")  # fmt: skip
_OPEN = re.compile(r"(?<!ed) (?:since|until|till)$")  # "member since", which nobody asks for by that name
_ALONE = re.compile(r"(?<!best)(?<!use) (?:before|after)$", re.IGNORECASE)  # the collect before
_HOUR = re.compile(r"[0-2]?[0-9]:[0-5][0-9](?::[0-9]{2})?")
_SEVERAL = 12


HALVES = (" from", " to", " until", " till", " since")
"""How a phrase ends that is no name of what it holds: the paused until."""


def asked_field(
    draft: Draft,
    entity: Entity,
    record: Mapping[str, Any],
    pointers: frozenset[str] | set[str],
    *,
    whether: bool = False,
) -> Field:
    """A field of a record someone might ask about; with ``whether``, also one that only says whether something is so.

    Raises:
        PlanUnfit: the record has nothing worth asking, or is the user.
    """
    if not called_after(entity) and title_in(entity, record) == draft.scene.user.name:
        raise PlanUnfit("nobody asks what is noted of themselves")
    options = [
        item
        for item in entity.fields
        if item.pointer in pointers
        and (
            item.facet in TALKED_OF
            or _measured(item)
            or whether
            and item.facet == "flag"
            and so(item.phrase)[1]
        )
        and item.phrase
        and item.pointer
        not in (entity.label_pointer, entity.id_pointer, *told_at(entity), *parts_of_name(entity))
        and _news(draft, pointed(record, item.pointer))
        and pointed(record, item.pointer) != title_in(entity, record)
        and _whole(item, pointed(record, item.pointer))
        and _still_to_come(draft, item, pointed(record, item.pointer))
        and (item.pointer.count("/") <= 2 or owned(entity, item))
        and not (item.facet in MOMENTS and (entity.person or entity.noun in ("permission", "draft")))
        and _named_so(draft, entity, item)
        and _news_of(record, item)
        and not of_another(entity, item)
        and (not item.facet.startswith("duration") or item.pointer.count("/") == 1 or owned(entity, item))
        and not _the_same_for_all(draft, entity, item)
        and not (housekeeping(item) and not _noted_when(entity))
        and (item.facet != "duration_minutes" or item.phrase != "length" or lasts(entity))
    ]
    options = [item for item in options if _meant_by(entity, record, item.phrase) is item]
    favourites = [item for item in salient(entity, frozenset(pointers)) if item in options]
    if favourites and draft.chance(0.7):
        return draft.choice(favourites)
    return draft.choice(options)


def _named_so(draft: Draft, entity: Entity, item: Field) -> bool:
    """Whether people ask for what a field is by what it is called."""
    return (
        short(item.phrase)
        and not item.phrase.endswith((" total", *HALVES))
        and (
            item.facet != "enum"
            or not {"enum", "const"} & item.schema.keys()
            or item.phrase.split()[-1] in ASKED_ENUMS
            and entity.noun not in OCCASIONS
        )
        and (item.facet != "url" or item.phrase in ("link", "address", "page"))
        and (
            item.facet != "place"
            or any(f.facet == "date_time" and "start" in f.pointer for f in entity.fields)
        )
        and not any(word in item.phrase for word in UNASKED)
        and item.phrase.lower() not in ("limit", "id")
        and not _of_what_it_names(draft, item)
        and not _OPEN.search(item.phrase)
        and not _ALONE.search(item.phrase)
    )


def _news(draft: Draft, value: Json) -> bool:
    """Whether there is a value, and none that was said to name the record by."""
    return value not in (None, "", []) and str(value) not in draft.keyed


def _still_to_come(draft: Draft, item: Field, value: Json) -> bool:
    """Whether what is next lies ahead, where a field holds the next of something."""
    day = value[:10] if isinstance(value, str) else ""
    return (
        not item.phrase.lower().startswith("next ")
        or item.facet not in MOMENTS
        or day >= draft.scene.now[:10]
    )


def _whole(item: Field, value: Json) -> bool:
    """Whether a value is all that a field's name promises: the opening hours of a shop are no single hour."""
    return not (item.phrase.lower().endswith("hours") and isinstance(value, str) and _HOUR.fullmatch(value))


_ROLES = ("at", "dated", "to", "route", "side", "plate")


def _noted_when(entity: Entity) -> bool:
    """Whether somebody asks when a record was made, as of a ticket or a file, and not of a van or a performance."""
    made = {*data.read("language/en/lexicon.yaml")["pursued"].split(), *data.read(_RELATING)["dated"]}
    what = entity.noun.rpartition(" ")[2] in made
    return what and not takes_place(entity.noun) and not any(s.role in _ROLES for s in signs_of(entity))


def _the_same_for_all(draft: Draft, entity: Entity, item: Field) -> bool:
    """Whether a sort tells nothing: every record that there is of several is of the same."""
    if item.facet != "enum":
        return False
    told = {str(pointed(record, item.pointer)) for record in draft.world.records(entity.key)[:_SEVERAL]}
    return len(told) == 1 and len(draft.world.records(entity.key)) > 2


def _of_what_it_names(draft: Draft, item: Field) -> bool:
    """Whether a field tells of another thing that a record only names, which is nobody: the organization's company."""
    other = draft.known.entities.get(item.refers)
    if other is None or other.person:
        return False
    named = item.facet in ("person", "username") and item.phrase == other.noun
    return named or item.phrase.startswith(f"{other.noun} ")


def so(phrase: str) -> tuple[str, str, str]:
    """What one asks whether it is so: of what, where it is not the thing itself, and how it is told of it if it is,
    and if it is not; empty for what nobody asks in so few words.

    A stay whose deposit is paid or not yet, a flat that is furnished or not.
    """
    words = phrase.lower().split()
    told: Mapping[str, Any] = data.read(_RELATING)["flags"]
    if len(words) == 2 and words[1] in told and words[0] in data.read(_RELATING)["settled"]:
        return (f"the {words[0]}", *told[words[1]])
    single = len(words) == 1 or words[:1] and words[0] in ("in", "out", "on", "picked", "gluten")
    if single and phrase.lower() in told and told[phrase.lower()][1]:
        return ("", *told[phrase.lower()])
    plain = len(words) == 1 and re.fullmatch(r"[a-z]{3,}ed", words[0])
    if plain and words[0] not in data.read(_RELATING)["unasked"]:
        return ("", words[0], f"not {words[0]}")
    return ("", "", "")


_COUNTED = ("kcal", "€")
_LOOSE = frozenset(
    "min max minimum maximum left remaining available needed from to per of in no number".split()
)


def short(phrase: str) -> bool:
    """Whether people ask for something by a phrase, its unit apart."""
    words = phrase.split()
    _, size = unit_at_end([word.lower() for word in words])
    return len(words) - (size if size < len(words) else 0) <= 2 or (
        phrase.startswith("number of ") and len(words) == 3
    )


def _measured(item: Field) -> bool:
    """Whether a number is one people ask for: in a unit they know, or with a name of one word, such as a rating."""
    *rest, last = item.phrase.split() or [""]
    if item.facet not in ("number", "count") or item.phrase.lower().startswith("next "):
        return False
    words = item.phrase.lower().split()
    unit, size = unit_at_end(words)
    if unit and size < len(words):
        return True
    usual, known = unit_of(words)
    bare = bool(known and usual and usual not in _COUNTED)  # a speed of 24 of what
    implied: Mapping[str, str] = data.read(_RELATING)["implied"]
    if not rest:
        return last not in ("size", "length") and (not bare or last in implied)
    return known and not bare and not {*words} & _LOOSE


def _news_of(record: Mapping[str, Any], item: Field) -> bool:
    """Whether a field says something: that something is not so is said, too."""
    value = pointed(record, item.pointer)
    return value is False or bool(value)


def _meant_by(entity: Entity, record: Mapping[str, Any], phrase: str) -> Field | None:
    """Of the fields that go by one phrase, the one people mean: a page rather than the address of the data."""
    called = [item for item in entity.fields if item.phrase == phrase and _news_of(record, item)]
    return min(called, key=lambda item: "html" not in item.pointer, default=None)
