"""States of an assumed record: what its tools do to it shows, as what is refunded is ``refunded``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog import data, turns
from callsmith.catalog.lives import phase, standing
from callsmith.records import Schema
from callsmith.understand.acting import state_word
from callsmith.understand.naming import Reading
from callsmith.understand.states import stands_after

Words = tuple[str, ...]


_LASTING = (
    "rental",
    "hire",
    "loan",
    "hold",
    "lease",
    "checkout",
    "charter",
)  # what goes on until something is done


def deeds_done(readings: Sequence[Reading]) -> list[str]:
    """The verbs by which such records come to stand otherwise, in the order of their tools."""
    acts = (one for one in readings if one.verb is not None and one.verb.effect == "act")
    words = [state_word(one.deed) if one.deed is not None else one.verb.word for one in acts if one.verb]
    return list(dict.fromkeys(word for word in words if _telling(word)))


def _telling(verb: str) -> bool:
    """Whether a verb is one of those that a record shows when they were done."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    return bool(entry.get("values") or entry.get("maybe") or turns.turn_of(verb))


def showing(schema: Schema, deeds: Sequence[str], own: bool) -> Schema:
    """The record's schema in which every one of the deeds can be seen; ``own``: its states are the API's own.

    States that are assumed are added to; beside those of the API a moment tells when the deed was done.
    """
    fields = dict(schema.get("properties", {}))
    name = standing(fields)
    options = [one for one in fields[name].get("enum", ()) if isinstance(one, str)] if name else []
    if not name and deeds and schema.get("title") in _LASTING:
        name, options, own = "status", ["active"], False
    if not options:
        return schema
    for verb in deeds:
        done = _done(verb)
        if not done or stands_after(verb, options) or any(f"{done}_{end}" in fields for end in ("at", "on")):
            continue
        if own:
            fields[f"{done}_at"] = {"type": "string", "format": "date-time"}
        else:
            at = next((at for at, one in enumerate(options) if phase(one) == "dropped"), len(options))
            options.insert(len(options) if phase(done) == "dropped" else at, done)
    if not own:
        fields[name] = {"type": "string", **fields.get(name, {}), "enum": options}
    return {**schema, "properties": fields}


def _done(verb: str) -> str:
    """What a deed makes of a record: refunded, checked_in; "" where its form is not known."""
    head, *rest = verb.split(" ")
    if rest[:1] == ["back"]:
        return "returned"
    forms = turns.participles(head)
    return "_".join((forms[0], *rest)) if forms else ""
