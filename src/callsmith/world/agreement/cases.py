"""Sums that are due in some cases only: a fee of what was called off, nothing for what a package pays."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from callsmith.catalog.charges import charging, sums_named
from callsmith.catalog.conditions import condition_of
from callsmith.catalog.lives import phase, standing
from callsmith.records import Entity, Json, Schema
from callsmith.schema import settle, types
from callsmith.world.agreement.purses import sum_in, with_sum
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.standing import late, unheld
from callsmith.world.stories.story import Story

Make = Callable[[Story], Any]

_ZERO = re.compile(
    r"\b(?:0|zero|nil|nothing|free|none)(?: is charged)? (if|when|for|where|with|without|unless|once|while)"
    r"\s+([^.;,()]+)",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"\bonly (?:charged |due |set |present |filled )*(?:if|when|for|with|on|in case of|where|after|by)\s+([^.;,()]+)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^(?:[A-Z]{3},? )?([^.;,()]*?),? only\b"
    r"|(?:charged|due|set|present) (?:if|when|on|for|after|in case of) ([^.;,()]+)",
    re.IGNORECASE,
)


class Case(Struct, frozen=True):
    """A sum, and the field that tells whether it is due."""

    name: str
    by: str = ""  # "" where nothing in the record tells
    states: tuple[Json, ...] = ()  # of ``by``, where it says how far a record is
    when: bool = True  # due where the field is filled or is one of the states; False: not due there
    absent: str = ""  # what stands for nothing: "null", "none" or ""
    named: bool = False  # its amount is said


def cases_of(entity: Entity) -> tuple[Case, ...]:
    """The sums of an entity's records that are due in some cases only, by their names and their descriptions."""
    properties = entity.schema.get("properties", {})
    fields = {name: settle(schema) for name, schema in properties.items()}
    needed = {*entity.schema.get("required", ())}
    status = standing(fields)
    options = [one for one in (fields[status].get("enum", ()) if status else ()) if one]
    named = any(field.refers for field in entity.fields if field.pointer.count("/") == 1)
    found = []
    for name, schema in fields.items():
        if (
            not {"integer", "number"} & {*types(schema)}
            or schema.get("enum")
            or f"/{name}" == entity.id_pointer
        ):
            continue
        nullable = "null" in types(schema) or "null" in types(properties[name])
        absent = "null" if nullable else "" if name in needed else "none"
        if condition_of(entity, name) is not None:
            continue  # that its description tells of the states is kept already
        case = _told(name, schema, fields) or _by_name(
            name, fields, (status, options), transient=named or bool(options) or _comes_to(fields)
        )
        if case is not None:
            found.append(
                Case(*case, absent=absent, named=bool(sums_named(str(schema.get("description") or ""))))
            )
    return tuple(found)


def _comes_to(fields: Mapping[str, Schema]) -> bool:
    """Whether records say what something comes to as a whole, beside its parts."""
    return any(split(name)[:1] == ("total",) or split(name)[-1:] == ("total",) for name in fields)


_Stands = tuple[str, Sequence[Json]]
_COUPON = re.compile(
    r"(?:discount|voucher|coupon|promo|promotion)(?: code| id)?(?: code)?|applied (?:coupon|voucher)"
)


def _by_name(
    name: str, fields: Mapping[str, Schema], stands: _Stands, *, transient: bool
) -> tuple[str, str, tuple[Json, ...], bool] | None:
    """The case that the name of a sum tells: cancellation_fee, refund_amount."""
    words = [singular(word) for word in split(name)]
    plain = " ".join(words)
    code = next(
        (
            other
            for other in fields
            if other != name
            and "string" in types(fields[other])
            and _COUPON.fullmatch(" ".join(split(other)))
        ),
        "",
    )
    if code and plain in ("discount", "discount amount", "amount discount", "discount total"):
        return name, code, (), True
    if words[-1] not in charging()["case_sums"] or {*words} & charging()["case_rules"] or not transient:
        return None
    case = next((case for case in charging()["cases"] if re.search(rf"\b{case}\b", plain)), "")
    if not case:
        return None
    status, options = stands
    states = tuple(one for one in options if _apart(one) and _tells(one, (case, *charging()["cases"][case])))
    if not states and case == "refund" and _refunding(options):
        states = _refunding(options)
    return name, status if states else "", states, True


def _refunding(options: Sequence[Json]) -> tuple[Json, ...]:
    return tuple(one for one in options if phase(one) == "dropped" and not unheld(one)) or tuple(
        one for one in options if "cancel" in str(one).lower()
    )


def _apart(state: Json) -> bool:
    """Whether a state is none that a record comes through as a rule."""
    words = {*split(str(state))}
    return (
        phase(state) == "dropped"
        or unheld(state)
        or late(state)
        or bool(words & {"refunded", "returned", "damaged", "lost", "missed"})
    )


def _tells(state: Json, words: Sequence[str]) -> bool:
    plain = " ".join(singular(word) for word in split(str(state)))
    return any(word in plain or plain in word for word in words)


def _told(
    name: str, schema: Schema, fields: Mapping[str, Schema]
) -> tuple[str, str, tuple[Json, ...], bool] | None:
    """The case that the description of a sum tells: "0 if drawn from a package", "only with lunch"."""
    text = str(schema.get("description") or "")
    free = _ZERO.search(text)
    if free is not None:
        due = free[1].lower() in ("without", "unless")
        found = _meant(name, free[2], fields)
        return (name, found, (), due) if found else None
    only = _ONLY.search(text) or _ALONE.search(text)
    if only is None or not {*map(singular, split(name))} & charging()["case_sums"]:
        return None
    return name, _meant(name, next((group for group in only.groups() if group), ""), fields), (), True


def _meant(name: str, phrase: str, fields: Mapping[str, Schema]) -> str:
    """The field of a record that a phrase is about, which is filled or says yes where it holds."""
    heard = {singular(word) for word in re.findall(r"[a-z]+", phrase.lower())} - charging()["idle"]
    best, most = "", 0.0
    for other in fields:
        words = {singular(word) for word in split(other)} - _ENDS
        shared = len(words & heard)
        if shared and other not in (name, standing(fields)) and shared / len(words) > most:
            best, most = other, shared / len(words)
    return best if most >= 0.5 else ""


_ENDS = {"id", "code", "number", "count", "used", "is", "has", "name", "at", "on"}


def in_cases(made: Make, entity: Entity) -> Make:
    """A filler of records that say nothing of sums that are not due."""
    cases = cases_of(entity)
    if not cases:
        return made

    def run(story: Story) -> Json:
        record = made(story)
        if not isinstance(record, dict) or story.entity != entity.key:
            return record
        record = dict(record)
        for place, case in enumerate(cases):
            if case.states and "refund" in case.name.lower() and record.get(case.by) in case.states:
                _given_back(record, case.name)
            if (
                case.name in record
                and record[case.name] is not None
                and not _due(case, record, mix(story.bits, 1447 + place))
            ):
                without(case, record)
        return record

    return run


_PAID = (
    "amount_paid",
    "amountPaid",
    "total",
    "total_price",
    "totalPrice",
    "total_amount",
    "totalAmount",
    "price",
    "amount",
    "fare",
)


def _given_back(record: dict[str, Any], name: str) -> None:
    """What is given back is what was paid."""
    paid = next((record[one] for one in _PAID if one != name and sum_in(record.get(one)) is not None), None)
    if paid is not None and sum_in(record.get(name)) is not None:
        record[name] = with_sum(record[name], sum_in(paid) or 0)


def once_due(record: dict[str, Json], entity: Entity, keep: Collection[str]) -> dict[str, Json]:
    """A record that somebody made or changed, without sums that other fields of it say are not due."""
    made = dict(record)
    for case in cases_of(entity):
        if (
            case.by
            and made.get(case.name) is not None
            and f"/{case.name}" not in keep
            and not _due(case, made, 0)
        ):
            without(case, made)
    return made


def without(case: Case, record: dict[str, Any]) -> None:
    """Takes a sum out of a record in which it is not due: it is nothing where the schema wants a number."""
    if not case.when or not case.absent:
        record[case.name] = 0
    elif case.absent == "null":
        record[case.name] = None
    else:
        del record[case.name]


def _due(case: Case, record: Mapping[str, Any], die: int) -> bool:
    value = record.get(case.by) if case.by else None
    if case.states:
        return (value in case.states) == case.when
    if case.by:
        return bool(value) == case.when
    return case.named or die % 8 == 0
