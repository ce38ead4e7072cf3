"""The moments of one record: which of them its state lets be there, and in what order they lie."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, structs

from callsmith.catalog import data
from callsmith.catalog.conditions import Held, condition_of
from callsmith.catalog.lives import begins_and_ends, phases, standing, state_named, words_of
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.tended import tended

_TAILS = {"at", "on", "date", "time", "datetime", "timestamp", "utc", "local"}
_ROLES = ("apart", "next", "lasting")
ACTUAL = ("made", "begun", "done", "settled")
_CLOCK = re.compile(r"[0-2]?[0-9]:[0-5][0-9]$")


class Moment(Struct, frozen=True):
    """A field that holds a moment: which one, and how it is written."""

    name: str
    role: str
    form: str  # "date", "date-time", "clock" of a day told beside it, or "hours" of any day
    optional: bool
    nullable: bool
    state: Json = None  # the state it is named after
    held: Held | None = None  # what its description says of the states in which it is there


class Line(Struct, frozen=True):
    """The moments of a record, its states, and the number that says how long it takes."""

    moments: tuple[Moment, ...]
    noun: str = ""
    status: str = ""
    options: tuple[Json, ...] = ()
    length: str = ""
    unit: int = 0
    measured: bool = False  # the length is known only once it is over
    born: tuple[str, str, int] | None = None  # birth, age, how many days one of its units has
    died: str = ""
    needed: frozenset[str] = frozenset()
    stands: str = ""  # the field that tells how it stands, whatever its states
    creations: frozenset[str] = frozenset()  # moments at which the record itself came to be: they are one

    def of(self, *roles: str) -> list[Moment]:
        """The moments of some roles, in the order of the schema."""
        return [moment for role in roles for moment in self.moments if moment.role == role]


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The words that tell which moment a field holds."""
    return dict(data.read("catalog/lexicon/lifelines.yaml"))


def line_of(entity: Entity, asked: Collection[str] = ()) -> Line | None:
    """The moments of an entity's records; None where nothing has to agree.

    ``asked``: what a call that makes one sets.
    """
    fields = {name: settle(child) for name, child in entity.schema.get("properties", {}).items()}
    needed = {*entity.schema.get("required", ())}
    status = standing(fields)
    options = (
        tuple(option for option in fields[status].get("enum", ()) if option is not None) if status else ()
    )
    options = options if begins_and_ends(options) else ()
    moments = []
    for name, schema in fields.items():
        form = _form(name, schema, fields)
        if form:
            nullable = "null" in types(schema) or "null" in types(entity.schema["properties"][name])
            optional = nullable or name not in needed
            state = state_named(split(name), options) if options else None
            role = "hours" if form == "hours" else "" if state is not None else _upkeep(name, fields, options)
            role = role or _role(name, entity, optional or not options)
            held = condition_of(entity, name) if optional else None
            role = "begun" if held is not None and role == "made" else role
            moments.append(Moment(name, role, form, optional, nullable, state, held))
    noun = entity.noun.rpartition(" ")[2]
    moments = _as_arranged(_by_state(travelled(moments, noun), options), noun)
    length, unit = _length(fields)
    born = _born(fields)
    if not born and sum(moment.role != "apart" for moment in moments) < 1:
        return None
    measured = bool(length) and (length not in needed or "null" in types(fields[length]))
    measured = measured and length not in asked and not _agreed(length, moments)
    if unit >= 86_400 and {"start", "end"} <= {moment.role for moment in moments}:
        measured = False  # the nights of a stay are known when it is booked
    deaths = (
        n for n in fields if {*split(n)} & {"died", "death", "deceased"} and _form(n, fields[n], fields)
    )
    return Line(
        tuple(moments),
        entity.noun.rpartition(" ")[2],
        status if options else "",
        options,
        length,
        unit,
        measured,
        born,
        next(deaths, ""),
        frozenset(needed),
        creations=_creations(moments, options),
    )


def _upkeep(name: str, fields: Collection[str], options: Sequence[Json]) -> str:
    """Whether a moment is when a thing came to be there or was last seen to, and not when its record was made."""
    words = split(name)
    asked = {"created", "applied", "invited", "requested", "enquired"}
    if {*words} & {*table()["entered"]} and any(asked & {*split(other)} for other in fields):
        return ""
    return tended(words, map(split, fields), living=bool(options))


def _creations(moments: Sequence[Moment], options: Sequence[Json]) -> frozenset[str]:
    """The moments that all tell when a record came to be: when an order was placed, and created."""
    known = {*table()["creation"]}
    brought = any(
        {*split(moment.name)} & {*table()["before_receipt"]} and moment.state in (None, *options[:1])
        for moment in moments
    )
    return frozenset(
        moment.name
        for moment in moments
        if moment.role == "made"
        and moment.state in (None, *options[:1])
        and {*split(moment.name)} & (known - {"received"} if brought else known)
    )


def _form(name: str, schema: Schema, fields: Mapping[str, Schema]) -> str:
    if "string" not in types(schema) or schema.get("enum"):
        return ""
    form = schema.get("format", "")
    if form in ("date", "date-time"):
        return str(form)
    if form not in ("", "time"):
        return ""
    words = {*split(name)}
    if words & {*table()["opening"]} and words & {
        "from",
        "until",
        "till",
        "to",
        "at",
        "time",
        "hour",
    }:
        return "hours"
    timed = (
        "time" in words
        or form == "time"
        or words & {"start", "end", "starts", "ends", "begin", "begins", "until", "from", "to"}
        and len(words) == 1
    )
    timed = timed or words == {"serve", "at"}
    beside = any(
        settled.get("format") == "date" and {*split(other)} & {"date", "day", "on", "for"}
        for other, settled in fields.items()
    )
    return "clock" if timed and beside else ""


def _role(name: str, entity: Entity, optional: bool) -> str:
    words = tuple(word for word in split(name) if word not in _TAILS) or split(name)
    spelled, held = " ".join(words), {*words}
    known = table()
    if held & {*known["apart"]} or any(form in spelled for form in known["apart"] if " " in form):
        return "apart"
    if words[-1] in ("by", "before") and len(words) > 1:
        return "due"
    if held & {"actual", "real"}:
        return "begun" if held & {"start", "begin", "arrival", "starts", "begins", "pickup"} else "done"
    for role in _ROLES[1:]:
        if held & {*known[role]}:
            return role
    held = {word for word in held if word not in known["alone"] or len(words) == 1}
    if held & {*known["due"]} and not held & {*known["done"], *known["made"]}:
        return "due"
    if not optional and len(words) == 1 and _deed_of(words[0], entity.noun):
        return "made"
    for role in ("done", "begun", "made", "settled"):
        if held & {*known[role]} or any(form == spelled for form in known[role] if " " in form):
            return role if optional or role in ("made", "settled") or held & {*known["final"]} else "made"
    for role in ("end", "start"):
        if any(form == spelled or " " not in form and form in held for form in known[role]):
            return role
    if held & {*split(entity.noun)}:
        return "start"
    if words[-1].endswith(("ed", "wn", "en")) or words[0].endswith("ed"):
        return "done" if optional else "made"
    return "apart"


def _deed_of(word: str, noun: str) -> bool:
    """Whether a word is the participle of the deed that the noun is the record of: delivered, of a delivery."""
    root = word.removesuffix("ed")
    return root != word and noun.rpartition(" ")[2].startswith(root[: max(4, len(root) - 1)])


def _told_by(name: str, known: Collection[str]) -> bool:
    words = split(name)
    return bool({*words} & {*known}) or " ".join(words[:2]) in known


def travelled(moments: Sequence[Moment], noun: str) -> list[Moment]:
    """Moments in the order of a journey: who goes somewhere departs first, who comes to stay arrives first."""
    leaving, coming = (
        [one for one in moments if _told_by(one.name, table()[way])] for way in ("leaving", "coming")
    )
    first = next((one for one in moments if one in leaving or one in coming), None)
    if not leaving or not coming or first not in leaving and noun not in table()["journeys"]:
        return [*moments]
    turned = {"begun": "done", "done": "begun", "start": "end", "end": "start"}
    return [
        _but(one, turned[one.role])
        if one in leaving and one.role in ("done", "end") or one in coming and one.role in ("begun", "start")
        else one
        for one in moments
    ]


def _as_arranged(moments: list[Moment], noun: str) -> list[Moment]:
    """Of arrival and departure the first is the beginning; alone, a departure is one, and so is what is due."""
    if noun in table()["quick"] and not any(moment.role in ("start", "made", "begun") for moment in moments):
        due = next(
            (moment for moment in moments if moment.role == "due" and "due" in split(moment.name)), None
        )
        moments = [_but(moment, "start") if moment == due else moment for moment in moments]
    starts = [moment for moment in moments if moment.role == "start"]
    ends = [moment for moment in moments if moment.role == "end"]
    if ends and not starts and {*split(ends[0].name)} & {"departure", "leaves"}:
        return [_but(moment, "start") if moment == ends[0] else moment for moment in moments]
    if not starts:  # what closes is open until then, whenever that began
        moments = [
            _but(one, "due") if one in ends and {*split(one.name)} & {"closes", "closing"} else one
            for one in moments
        ]
    if len(starts) > 1:  # a date and the hours of it, or several parts of the way
        kept = [moment for moment in starts if moment.form == "clock"] or starts[:1]
        return [
            _but(moment, "day" if moment.form == "date" and kept[0].form == "clock" else "due")
            if moment in starts and moment not in kept
            else moment
            for moment in moments
        ]
    if len(starts) == 1 and starts[0].form == "date" and any(moment.form == "clock" for moment in moments):
        return [_but(moment, "day") if moment == starts[0] else moment for moment in moments]
    return moments


def _by_state(moments: list[Moment], options: Sequence[Json]) -> list[Moment]:
    """What is named after a state happened when that was reached, in the order of the states."""
    told = dict(zip(options, phases(options), strict=True))
    found = []
    for moment in moments:
        moment = _with_work(moment, options)
        role = {"over": "done", "going": "begun", "ahead": "begun"}.get(told.get(moment.state, ""), "")
        first = moment.state in (None, *options[:1]) and {*split(moment.name)} & {*table()["creation"]}
        if role == "done" and moment.role == "made" and moment.state not in options[:1]:
            moment = _but(moment, "done")  # what is reported at the end
        elif first and moment.role == "begun":
            moment = _but(moment, "made")
        reached = moment.role in ("begun", "done") or moment.role == "due" and moment.state not in options[:1]
        found.append(_but(moment, role) if role and reached else moment)
    begun = [moment for moment in found if moment.role == "begun"]
    found = [
        _but(moment, "made")
        if moment.role == "done" and "dropped" in split(moment.name) and not begun
        else moment
        for moment in found
    ]
    order = {option: place for place, option in enumerate(options)}
    return sorted(
        found, key=lambda moment: order.get(moment.state, -1) if moment.role in ("begun", "done") else -1
    )


def _with_work(moment: Moment, options: Sequence[Json]) -> Moment:
    """A moment that is named after the work of a later state: brewed on, of what is brewing."""
    if moment.role != "made" or moment.state is not None or not moment.optional:
        return moment
    stems = {word[:-2] for word in split(moment.name) if word.endswith("ed") and len(word) > 4}
    for option in options[1:]:
        words = words_of(str(option))
        if len(words) == 1 and words[0].endswith("ing") and words[0][:-3] in stems:
            return structs.replace(moment, role="begun", state=option)
    return moment


def _but(moment: Moment, role: str) -> Moment:
    return structs.replace(moment, role=role)


def _agreed(length: str, moments: Sequence[Moment]) -> bool:
    """Whether a length is agreed beforehand: that of an appointment of which nothing tells when it really began."""
    roles = {moment.role for moment in moments}
    return "start" in roles and not roles & {"begun", "done"} and not {*split(length)} & {"actual", "real"}


def _length(fields: Mapping[str, Schema]) -> tuple[str, int]:
    """The field that says how long something takes, and what it counts in."""
    units: Mapping[str, int] = table()["lengths"]
    for name, schema in fields.items():
        words = [singular(word) for word in split(name)]
        unit = next((units[word] for word in words if word in units), 0)
        if unit and {"integer", "number"} & {*types(schema)} and not {*words} & {*table()["no_length"]}:
            bare = (
                {*words}
                - units.keys()
                - {
                    "duration",
                    "total",
                    "number",
                    "of",
                    "length",
                    "worked",
                    "labour",
                    "labor",
                    "spent",
                    "job",
                    "work",
                    "treatment",
                    "site",
                    "on",
                    "count",
                    "booked",
                    "rental",
                    "actual",
                    "planned",
                }
            )
            if not bare:
                return name, unit
    return "", 0


def _born(fields: Mapping[str, Schema]) -> tuple[str, str, int] | None:
    birth = next(
        (
            name
            for name, schema in fields.items()
            if {*split(name)} & {"born", "birth", "dob", "birthday", "birthdate"}
            and schema.get("format") in ("date", "date-time")
        ),
        "",
    )
    age = next(
        (
            name
            for name, schema in fields.items()
            if "age" in split(name) and {"integer", "number"} & {*types(schema)}
        ),
        "",
    )
    if not birth or not age:
        return None
    words = {*split(age)}
    return (
        birth,
        age,
        30
        if words & {"months", "month"}
        else 7
        if words & {"weeks", "week"}
        else 1
        if words & {"days"}
        else 365,
    )
