"""What an answer adds on something new: what was ordered and what it comes to, a number it was given, how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.execute import values_at
from callsmith.language.ordering import lines_told, ordered
from callsmith.language.particulars import MOMENTS
from callsmith.language.stating import passing
from callsmith.language.telling import Teller
from callsmith.meaning import Ask
from callsmith.records import Entity


def coming_to(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> list[str]:
    """The lines of what was ordered, and what they come to where the result says it."""
    if (lines := ordered(ask)) is None:
        return []
    said = [lines_told(lines.values)]
    sums = {
        name_words(item.pointer): item
        for item in entity.fields
        if item.pointer.count("/") == 1 and isinstance(record.get(item.pointer[1:]), (int, float))
    }
    whole = next((sums[words] for words in _WHOLES if words in sums), None)
    if whole is not None and (value := record[whole.pointer[1:]]):
        said.append(teller.particulars.fact(whole, value, record, entity.noun))
    return said


_WHOLES = (
    ("total",),
    ("grand", "total"),
    ("total", "price"),
    ("total", "amount"),
    ("order", "total"),
    ("total", "cost"),
)


def handed_out(entity: Entity, record: Mapping[str, Any], told: Sequence[Any]) -> str:
    """The code or the number that the product gave to something new and that people go by from then on."""
    known = read("language/en/relating.yaml")["handed_out"]
    for item in entity.fields:
        name = " ".join(name_words(item.pointer))
        value = next(iter(values_at(record, item.pointer)), None) if item.pointer.count("/") == 1 else None
        own = name.removeprefix(f"{entity.noun} ")
        if (name in known or own in known) and isinstance(value, (str, int)) and not item.refers:
            called = item.pointer == entity.label_pointer == entity.id_pointer  # it has been named already
            return "" if called or value in ("", *told) else f"{own} {value}"
    return ""


def matters(teller: Teller, entity: Entity, record: Mapping[str, Any], ask: Ask) -> str:
    """A further sentence on something new that its user needs: how far it is, an address or a key it was given."""
    parts: list[str] = []
    known = {str(value) for item in ask.details for value in item.values}
    for item in entity.fields:
        found = [value for value in values_at(record, item.pointer) if value not in (None, "", [])]
        if len(found) != 1 or not isinstance(found[0], str) or found[0] in known or "*" in item.pointer:
            continue
        words = set(name_words(item.pointer))
        if (
            item.pointer.count("/") == 1
            and item.phrase in ("status", "state")
            and (state := passing(found[0]))
        ):
            slow = state.startswith("being")
            now = ("still being set up",) if slow else (f"{state} for now", f"{state} at the moment")
            parts.append(f"It's {teller.voice.pick(now)}.")
        elif (
            words & _GIVEN
            and not words & _NOT_GIVEN
            and item.facet not in (*MOMENTS, "enum", "flag")
            and len(item.phrase.split()) <= 3
            and len(found[0]) <= 120
            and " " not in found[0]
        ):
            parts.append(f"The {item.phrase} is {found[0]}.")
    return " " + " ".join(parts[:2]) if parts else ""


_GIVEN = {"secret", "token", "password", "ipv4", "ip", "endpoint", "hostname"}
_NOT_GIVEN = {"arn", "name", "email", "mail", "street", "postal", "id", "version", "page", "type", "behavior",
              "url", "family", "source", "destination", "private", "local", "peer", "range", "cidr", "next",
              "client"}  # fmt: skip
