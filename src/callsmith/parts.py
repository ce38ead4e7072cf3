"""Parts of records: settings of which whatever holds them has just one set, read and written by naming the holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from callsmith.records import Entity, Parameter, Tool, Toolset

FORMS = ("configuration", "configurations", "config", "setting", "settings", "setup", "properties", "status")


class Part(Struct, frozen=True):
    """A kind of record that is a part of another: the website of a bucket."""

    entity: Entity
    holder: str  # entity key
    noun: str  # what people call it when the holder is named: "website"
    readers: Sequence[Tool]
    writers: Sequence[Tool]  # that set some of it
    removers: Sequence[Tool]


def parts_of(toolset: Toolset) -> dict[str, Part]:
    """The parts among a toolset's entities, by key: what one tool reads whole and none lists, makes or tells apart."""
    kinds = {entity.key: entity for entity in toolset.entities}
    about: dict[str, list[Tool]] = {}
    for tool in toolset.tools:
        about.setdefault(tool.entity, []).append(tool)
    shown = {place.entity for tool in toolset.tools for place in tool.yields if place.many}
    pointed = {field.refers for entity in toolset.entities for field in entity.fields}
    pointed |= {entity.parent for entity in toolset.entities}
    found: dict[str, Part] = {}
    for key, entity in kinds.items():
        if entity.parent not in kinds or key in shown or key in pointed or entity.parent == key:
            continue
        tools = about.get(key, [])
        readers = [tool for tool in tools if tool.deed == "read"]
        if not readers or not all(_by_holder(tool, entity) for tool in tools):
            continue
        if any(tool.name.lower().endswith(f"{entity.noun.split(' ')[-1]}s") for tool in readers):
            continue  # the rules of a firewall are several, though they come in one piece
        found[key] = Part(
            entity=entity,
            holder=entity.parent,
            noun=_called(entity, kinds[entity.parent]),
            readers=readers,
            writers=[tool for tool in tools if tool.deed == "update"],
            removers=[tool for tool in tools if tool.deed == "delete"],
        )
    return found


def holding(tool: Tool, holder: str) -> Parameter | None:
    """The argument by which a tool about a part names what holds it."""
    return next((p for p in tool.inputs if p.refers == holder and p.scope), None)


def _by_holder(tool: Tool, entity: Entity) -> bool:
    """Whether a tool reads, writes or takes away what its holder has, and nothing else tells which."""
    if tool.deed not in ("read", "update", "delete") or tool.id_field or holding(tool, entity.parent) is None:
        return False
    if tool.deed == "read" and not any(
        place.entity == entity.key and not place.many for place in tool.yields
    ):
        return False
    naming = [p for p in tool.inputs if p.required and p.klass in ("natural_key", "opaque_id") and not p.sets]
    return all(p.scope for p in naming)


def _called(entity: Entity, holder: Entity) -> str:
    """The noun without the holder's and without a word that any setting has: of "bucket website", the last."""
    words, before = entity.noun.split(" "), holder.noun.split(" ")
    if words[: len(before)] == before and len(words) > len(before):
        words = words[len(before) :]
    while len(words) > 1 and words[-1] in FORMS:
        words = words[:-1]
    return " ".join(words)


def by_holder(parts: Mapping[str, Part]) -> dict[str, list[Part]]:
    """The parts by what holds them."""
    index: dict[str, list[Part]] = {}
    for part in parts.values():
        index.setdefault(part.holder, []).append(part)
    return index
