"""What an act makes true of a record, and what a listing already restricts itself to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from callsmith.catalog import data
from callsmith.records import Entity, Field, Json, Parameter, Tool
from callsmith.understand.leaf import choices
from callsmith.understand.relations import state_fields
from callsmith.understand.words import sentence_words, tokens

_STANDING = ("flag", "enum", "")  # what says itself how a record stands after it
_STATUS = ("status", "state", "payment status", "stage", "phase", "lifecycle stage")


def carried_out(inputs: tuple[Parameter, ...], verb: str) -> tuple[Parameter, ...]:
    """The arguments, the switch that only says that the deed is done turned on: ``pin_note(pinned)``."""
    return tuple(
        structs.replace(
            p, klass="plumbing", default=True, reasons=(*p.reasons, "it says what the tool is for")
        )
        if p.required and p.facet == "flag" and _of_deed(tokens(p.name), verb)
        else p
        for p in inputs
    )


def _of_deed(words: tuple[str, ...], verb: str) -> bool:
    last = words[-1] if words else ""
    return len(verb) > 2 and last.startswith(verb[:3]) and last.endswith(("ed", "en", verb))


def after(verb: str, entity: Entity, inputs: tuple[Parameter, ...]) -> dict[str, Json]:
    """Field pointer -> the value it has once the verb was done; empty when the record cannot show it."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    if not entry or any(p.sets and p.facet in _STANDING for p in inputs):
        return {}
    fields = state_fields(entity)
    flag = _flag(entry, fields)
    found: dict[str, Json] = dict([flag]) if flag else {}
    status = _status(entry, fields, entity)
    if status:
        found[status[0]] = status[1]
    return found


def _flag(entry: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[str, Json] | None:
    for name, value in entry.get("flags", {}).items():
        field = fields.get(name) or fields.get(name.removeprefix("is "))
        if field is not None and field.facet == "flag":
            return field.pointer, value
    return None


def _status(entry: Mapping[str, Any], fields: Mapping[str, Field], entity: Entity) -> tuple[str, Json] | None:
    for name in _STATUS:
        forms = (name, f"{name} name", f"{entity.noun} {name}", f"{entity.noun.rpartition(' ')[2]} {name}")
        field = next((fields[form] for form in forms if form in fields), None)
        if field is None:
            continue
        allowed = {
            " ".join(sentence_words(one)): one for one in choices(field.schema) if isinstance(one, str)
        }
        for value in entry.get("values", ()):
            if value in allowed:
                return field.pointer, allowed[value]
    return None


def told(tool: Tool, entity: Entity) -> dict[str, Json]:
    """What a description says a record becomes: ``Marks a deal as won``."""
    if any(parameter.sets for parameter in tool.inputs):
        return {}
    said = set(sentence_words(tool.description))
    fields = state_fields(entity)
    for name in _STATUS:
        field = fields.get(name)
        allowed = [value for value in choices(field.schema) if value in said] if field else []
        if field is not None and len(allowed) == 1:
            return {field.pointer: allowed[0]}
    return {}


def labels(verb: str, entity: Entity) -> tuple[str, list[str], list[str]] | None:
    """Labels an act puts on and takes off a record that keeps its state in labels, with their field."""
    entry: Mapping[str, Any] = data.read("understand/states.yaml").get(verb, {})
    moves = entry.get("labels")
    if not moves:
        return None
    for field in entity.fields:
        if field.pointer.endswith("/*") and "label" in field.pointer.lower():
            return field.pointer.removesuffix("/*"), moves.get("add", []), moves.get("remove", [])
    return None


def adjectives(name_words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a tool's name that say in which state the records it lists are."""
    table: Mapping[str, Any] = data.read("understand/tools.yaml")["implied"]
    return tuple(word for word in name_words if word in table)


def implied(name_words: tuple[str, ...], description: str, entity: Entity) -> dict[str, Json]:
    """What a listing restricts itself to by what it is called: completed tasks, active projects."""
    table: Mapping[str, Any] = data.read("understand/tools.yaml")["implied"]
    said = (*name_words, *sentence_words(description.split(".")[0])[:8])
    fields = state_fields(entity)
    for word, entry in table.items():
        if word not in said:
            continue
        flag = _flag(entry, fields)
        if flag:
            return dict([flag])
        status = _status(entry, fields, entity)
        if status:
            return dict([status])
    return {}
