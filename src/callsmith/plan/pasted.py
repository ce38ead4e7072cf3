"""Identifiers that people read off a paper or paste: a client number, the reference in a mail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from callsmith.plan.known import SURE, Known, field_at, id_taken, names_tenant, title_pointer
from callsmith.records import Entity, Parameter, Tool
from callsmith.text import shown_coded

_TAGGED = re.compile(r"[a-z]{2,6}[-_][a-z0-9]{4,12}|[A-Z]{2,4}(?:[*/.-][A-Z0-9]{1,8}){1,4}")


def pasted(parameter: Parameter, entity: Entity) -> bool:
    """Whether the API shows such identifiers as people have them before them: C10482, RX-20418, inv_4h82kq.

    What only machines exchange is shown by no example.
    """
    if parameter.klass != "opaque_id" or parameter.confidence < SURE or "*" in parameter.pointer:
        return False
    if names_tenant(parameter) or parameter.refers != entity.key:
        return False
    field = field_at(entity, id_taken(parameter, entity))
    schemas = [parameter.schema, *([field.schema] if field is not None else [])]
    return any(shown_coded(one) or _tagged(one) for one in schemas)


def _tagged(schema: Mapping[str, object]) -> bool:
    given = schema.get("examples")
    listed = [*given] if isinstance(given, (list, tuple)) else []
    return bool(listed) and all(isinstance(one, str) and _TAGGED.fullmatch(one) for one in listed)


def told_by_id(known: Known, entity: Entity, tools: Sequence[Tool]) -> bool:
    """Whether nothing lists the records of a sort under a name, and a tool takes them by what people paste."""
    if entity.key in known.finders and title_pointer(entity):
        return False
    return any(pasted(p, entity) for tool in tools for p in tool.inputs if p.pointer == tool.id_field)
