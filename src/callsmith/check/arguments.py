"""Each call names an offered tool, and its arguments satisfy that tool's schema, formats included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callsmith.check.reading import CallAt, Reading
from callsmith.records import Json, Schema, Verdict
from callsmith.schema import escape, first_error, settle

NAME = "schema"


def check(reading: Reading) -> Verdict:
    """Fail on the first call of a tool not offered or with arguments its schema does not allow."""
    if not reading.calls:
        return Verdict(NAME, "pass")
    if not reading.offered:
        return Verdict(NAME, "skipped", "the row has no tool definitions")
    for each in reading.calls:
        if not each.train:
            continue
        fault = _fault(each, reading)
        if fault:
            return Verdict(NAME, "fail", fault, each.message)
    return Verdict(NAME, "pass")


def _fault(each: CallAt, reading: Reading) -> str:
    offered = reading.offered.get(each.call.name)
    if offered is None:
        return f"{each.call.name} is not among the tools offered"
    if not isinstance(each.call.arguments, Mapping):
        return f"{each.call.name}: the arguments are not a JSON object"
    schema = offered.get("parameters")
    if not isinstance(schema, Mapping):
        return ""
    error = first_error(schema, each.call.arguments)
    if error is not None:
        pointer, message = error
        return f"{each.call.name}{pointer}: {message}"
    stranger = next(unknown(schema, each.arguments, ""), "")
    return f"{each.call.name}{stranger}: there is no such parameter" if stranger else ""


def unknown(schema: Schema, value: Json, pointer: str) -> Iterator[str]:
    """Pointers of members that an object schema with properties does not know, open maps apart."""
    settled = settle(schema)
    if isinstance(value, Mapping):
        properties = settled.get("properties")
        if not isinstance(properties, Mapping):
            return
        extra = settled.get("additionalProperties")
        for key, child in value.items():
            if key in properties:
                yield from unknown(properties[key], child, f"{pointer}/{escape(key)}")
            elif not extra and not settled.get("patternProperties"):
                yield f"{pointer}/{key}"
    elif isinstance(value, list) and isinstance(settled.get("items"), Mapping):
        for index, child in enumerate(value):
            yield from unknown(settled["items"], child, f"{pointer}/{index}")
