"""Schemas of values: what a result looks like, told from results that were seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.records import Json, Schema

ENOUGH = 60  # elements of one array that are looked at
DEEPEST = 8
_FORMS = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "date-time": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9:]{5})?"
    ),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+"),
    "uri": re.compile(r"https?://\S+"),
}  # fmt: skip
_KINDS: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema_of(values: Sequence[Json], deep: int = 0) -> dict[str, Any]:
    """The schema all the values have; {} where they have none in common, or nothing tells."""
    given = [value for value in values if value is not None]
    if not given or deep > DEEPEST:
        return {}
    found: dict[str, Any] = {}
    if all(isinstance(value, Mapping) for value in given):
        found = _object(given, deep)
    elif all(isinstance(value, list) for value in given):
        inner = schema_of([item for value in given for item in value[:ENOUGH]], deep + 1)
        found = {"type": "array", "items": inner} if inner else {"type": "array"}
    else:
        kinds = {_KINDS.get(type(value), "") for value in given}
        kind = next(iter(kinds)) if len(kinds) == 1 else "number" if kinds == {"integer", "number"} else ""
        found = {"type": kind} if kind else {}
        form = next((name for name, form in _FORMS.items() if all(form.fullmatch(str(v)) for v in given)), "")
        if kind == "string" and form:
            found["format"] = form
    if found and len(given) < len(values):
        found["type"] = [found["type"], "null"]
    return found


def _object(given: Sequence[Any], deep: int) -> dict[str, Any]:
    names = dict.fromkeys(str(name) for value in given for name in value)
    inside = {name: schema_of([value[name] for value in given if name in value], deep + 1) for name in names}
    needed = [name for name in names if all(name in value for value in given)]
    found: dict[str, Any] = {"type": "object", "properties": inside}
    return {**found, "required": needed} if needed else found


def with_forms(declared: Schema, seen: Schema) -> dict[str, Any]:
    """A declared schema, its plain texts with the formats that were seen: days that are written as text."""
    if "string" in _types(declared):
        plain = not {"format", "enum", "pattern", "const"} & declared.keys() and "string" in _types(seen)
        return {**declared, "format": seen["format"]} if plain and "format" in seen else dict(declared)
    found = dict(declared)
    if isinstance(declared.get("items"), Mapping) and isinstance(seen.get("items"), Mapping):
        found["items"] = with_forms(declared["items"], seen["items"])
    if isinstance(declared.get("properties"), Mapping):
        known = seen.get("properties", {})
        found["properties"] = {
            name: with_forms(inner, known[name]) if name in known and isinstance(inner, Mapping) else inner
            for name, inner in declared["properties"].items()
        }
    return found


def records_in(schema: Schema) -> bool:
    """Whether a schema tells of records: objects with fields, alone, in a list, or one step further in."""
    inner = schema.get("items", schema) if "array" in _types(schema) else schema
    if not isinstance(inner, Mapping) or "object" not in _types(inner):
        return False
    return bool(inner.get("properties"))


def _types(schema: Schema) -> Sequence[str]:
    kind = schema.get("type", ())
    return (kind,) if isinstance(kind, str) else kind
