"""What a tool needs to run, compiled once: its parameters by use, its fields, its order, its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.records import Entity, Parameter, Schema, Tool, Toolset
from callsmith.schema import leaves, settle, steps
from callsmith.world.agreement.agreeing import Place, places_of
from callsmith.world.inferred.answers import Render, answer_of
from callsmith.world.inferred.ordered import Order, Ranks, promised, ranks_of, usual
from callsmith.world.inferred.pointing import reader
from callsmith.world.stories.families import family_of
from callsmith.world.stories.naming import split


class Spec(Struct, frozen=True):
    """A tool, ready to run."""

    tool: Tool
    toolkit: str
    record_entity: str  # of the records shown: the tool's own, or what its answer holds
    family: str
    parent: str  # the entity of the container, "" when there is none
    id_pointer: str
    label_pointer: str
    fields: tuple[str, ...]  # leaf pointers of a record
    leaf: Mapping[str, Schema]
    projects: Mapping[str, str]  # field pointer -> which field of the linked record it copies
    referring: Mapping[str, str]  # field pointer -> entity it refers to
    order: Order
    promised: bool  # the order is what the description says
    ranks: Ranks
    inputs: Sequence[Parameter]
    answer: Render
    telling: tuple[Place, ...]  # leaves of the answer that tell of a change
    token_pattern: str
    paged: bool  # the product gives such lists in pages


_specs: dict[str, dict[str, Spec]] = {}


def specs_of(toolset: Toolset) -> dict[str, Spec]:
    """Every tool's spec by name, compiled once for a toolset."""
    known = _specs.get(toolset.hash)
    if known is None:
        if len(_specs) > 64:
            _specs.clear()
        entities = {entity.key: entity for entity in toolset.entities}
        known = _specs[toolset.hash] = {tool.name: _spec(tool, entities) for tool in toolset.tools}
    return known


def _spec(tool: Tool, entities: Mapping[str, Entity]) -> Spec:
    shown = _shown_entity(tool, entities)
    entity = entities.get(shown)
    leaf = {pointer: schema for pointer, schema, _ in leaves(entity.schema)} if entity else {}
    family = family_of(entity).name if entity else "thing"
    order = promised(tool, entity, leaf)
    return Spec(
        tool=tool,
        toolkit=tool.toolkit,
        record_entity=shown,
        family=family,
        parent=entity.parent if entity else "",
        id_pointer=entity.id_pointer if entity else "",
        label_pointer=entity.label_pointer if entity else "",
        fields=tuple(leaf),
        leaf=leaf,
        projects={field.pointer: field.projects for field in entity.fields if field.projects}
        if entity
        else {},
        referring={field.pointer: field.refers for field in entity.fields if field.refers} if entity else {},
        order=order or usual(entity, leaf, family),
        promised=order is not None,
        ranks=ranks_of(leaf),
        inputs=tool.inputs,
        answer=answer_of(tool, shown),
        telling=places_of(tool),
        token_pattern=_token_pattern(tool),
        paged=any(p.facet in ("limit", "page_token") or p.name in ("page", "after") for p in tool.inputs),
    )


def _shown_entity(tool: Tool, entities: Mapping[str, Entity]) -> str:
    """A list of completed tasks is a list of tasks: what the answer holds counts, where it is one thing."""
    if (
        (tool.effect in ("list", "search") or "enquired" in tool.hints)
        and tool.yields
        and tool.yields[0].entity in entities
    ):
        return tool.yields[0].entity
    return tool.entity


def _token_pattern(tool: Tool) -> str:
    for pointer, schema, _ in leaves(tool.returns):
        words = set(split(pointer.rsplit("/", 1)[-1]))
        if words & {"token", "cursor", "offset", "next"} and schema.get("pattern"):
            return str(schema["pattern"])
    return ""


def stated_in(spec: Spec, arguments: Mapping[str, object]) -> list[tuple[Parameter, object]]:
    """The parameters the call gives a value for, with it; list elements together as one list."""
    stated: list[tuple[Parameter, object]] = []
    for parameter in spec.inputs:
        path = steps(parameter.pointer)
        if path and path[0] not in arguments:
            continue
        found = list(reader(parameter.pointer)(arguments))
        if not found:
            continue
        stated.append((parameter, found if "*" in path else found[0]))
    return stated


def settled_leaf(schema: Schema, pointer: str) -> Schema:
    """The sub-schema at ``pointer``, alternatives settled on the way."""
    for step in steps(pointer):
        schema = settle(schema)
        schema = (
            settle(schema.get("items", {})) if step == "*" else schema.get("properties", {}).get(step, {})
        )
    return settle(schema)
