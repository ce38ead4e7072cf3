"""Records that are written of one other and are about what that is about: the postmortem of an incident."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.records import Entity, Toolset
from callsmith.world.stories.naming import split

_PAPERS = ("title", "subject", "headline", "topic")


def whose_subject(entity: Entity, toolset: Toolset) -> str:
    """The entity one of which each record is about; "" where each has a subject of its own.

    Nobody gives such a record a title, and it cannot be made without saying of which it is. Where no tool makes
    one, its noun tells.
    """
    last = split(entity.label_pointer)[-1:]
    if entity.label_pointer.count("/") != 1 or not last or last[0] not in _PAPERS:
        return ""
    named = {field.refers for field in entity.fields if field.refers} - {entity.key}
    if not named:
        return ""
    named = {
        one.key
        for one in toolset.entities
        if one.key in named and not one.person and one.label_pointer not in ("", one.id_pointer)
    }
    makers = [tool for tool in toolset.tools if tool.entity == entity.key and tool.deed == "create"]
    for tool in makers:
        if any(p.sets == entity.label_pointer for p in tool.inputs):
            return ""
        named &= {p.refers for p in tool.inputs if p.required}
    written = {*split(entity.noun)} & {*data.read("catalog/lexicon/things.yaml")["written_of"]}
    return next(iter(named)) if len(named) == 1 and (makers or written) else ""
