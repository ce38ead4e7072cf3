"""Where each argument of each call comes from: said, found, given, a default, composed, derived, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from callsmith.check.context import Context
from callsmith.check.origins import Finder
from callsmith.check.reading import CallAt, Reading, flatten, generic, inputs
from callsmith.records import (
    Conversation,
    Default,
    Json,
    Nowhere,
    Origin,
    Parameter,
    Schema,
    Toolset,
    Verdict,
)
from callsmith.schema import settle

Provenance = dict[str, dict[str, Origin]]


def provenance(conversation: Conversation, toolset: Toolset | None = None) -> Provenance:
    """The origin of every argument leaf: call id -> concrete argument pointer -> origin.

    Computed from the messages alone; calls in messages not to be trained on are traced like any other.
    """
    return trace(Reading(conversation, toolset))


def trace(reading: Reading) -> Provenance:
    """``provenance`` of a conversation already read."""
    out: Provenance = {}
    context = Context(reading)
    for each in reading.calls:
        context.advance(each.message)
        out[each.call.id] = origins(each, Finder(context, each))
    return out


def origins(each: CallAt, finder: Finder) -> dict[str, Origin]:
    """The origin of every leaf of one call."""
    table = inputs(each.tool) if each.tool is not None else {}
    schema = parameters_of(each, finder.reading)
    found: dict[str, Origin] = {}
    for pointer, value in flatten(each.arguments):
        if pointer == "" or value is None or value in ("", [], {}) and not isinstance(value, bool):
            if pointer:
                found[pointer] = Default()
            continue
        leaf, required = leaf_schema(schema, pointer)
        parameter = parameter_for(table, pointer)
        found[pointer] = finder.origin(pointer, value, parameter, leaf, required)
    return found


def parameters_of(each: CallAt, reading: Reading) -> Schema:
    """The parameter schema a call was made under: as offered, else as the toolset has it."""
    offered = reading.offered.get(each.call.name)
    schema = offered.get("parameters") if offered is not None else None
    if isinstance(schema, Mapping):
        return schema
    return each.tool.parameters if each.tool is not None else {}


def parameter_for(table: Mapping[str, Parameter], pointer: str) -> Parameter | None:
    """The understood parameter a concrete pointer belongs to, its container's where the leaf has none."""
    wanted = generic(pointer)
    while wanted:
        if wanted in table:
            return table[wanted]
        wanted = wanted.rpartition("/")[0]
    return None


def leaf_schema(schema: Schema, pointer: str) -> tuple[Schema, bool]:
    """The schema of a concrete pointer ({} where none is given) and whether the leaf is required throughout."""
    here: Schema = settle(schema)
    required = True
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        properties = here.get("properties")
        if isinstance(properties, Mapping) and step in properties:
            required = required and step in here.get("required", ())
            here = settle(properties[step])
        elif isinstance(here.get("items"), Mapping):
            here = settle(here["items"])
        elif isinstance(here.get("additionalProperties"), Mapping):
            here, required = settle(here["additionalProperties"]), False
        else:
            return {}, False
    return here, required


def check(reading: Reading, traced: Provenance, stored: bool = True) -> Verdict:
    """Fail on the first argument that comes from nowhere, or whose stored origin is not the one computed.

    Calls in assistant messages with ``train: false`` are exempt: they are the mistakes a row is about.
    """
    kept: Mapping[str, Mapping[str, Origin]] = reading.conversation.provenance if stored else {}
    for each in reading.calls:
        if not each.train:
            continue
        found = traced[each.call.id]
        for pointer, origin in found.items():
            if isinstance(origin, Nowhere):
                value = _shown(each, pointer)
                return Verdict(
                    "grounding",
                    "fail",
                    f"{each.call.name}{pointer}: {value} comes from nowhere",
                    each.message,
                )
        if kept:
            known = kept.get(each.call.id)
            if known is None or set(known) != set(found):
                return Verdict(
                    "grounding",
                    "fail",
                    f"{each.call.name}: the stored origins are not this call's",
                    each.message,
                )
            changed = next((pointer for pointer, origin in found.items() if known[pointer] != origin), None)
            if changed is not None:
                return Verdict(
                    "grounding",
                    "fail",
                    f"{each.call.name}{changed}: the stored origin does not hold",
                    each.message,
                )
    return Verdict("grounding", "pass")


def _shown(each: CallAt, pointer: str) -> str:
    from callsmith.check.context import value_at

    value: Json = value_at(each.arguments, pointer)
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
