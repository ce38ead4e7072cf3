"""What a record says of where it is and how it is reached, by which it is looked for: the postcode of an address."""

from __future__ import annotations

import re
from collections.abc import Collection

from callsmith.records import Entity, Field, Parameter
from callsmith.understand.shapes import words_of

_PART = re.compile(
    r"\b(?:beginning of|begins? with|starts? with|prefix|part of|partial|contain)", re.IGNORECASE
)
_PARTED = ("person", "text", "company", "place")
_HOLDING = frozenset("address location place contact name profile details person".split())


def inside(entity: Entity, named: Collection[tuple[str, ...]]) -> list[Field]:
    """The fields of such names one step inside what holds an address, a name or how somebody is reached."""
    found = []
    for field in entity.fields:
        path = words_of(field.pointer)
        held = len(path) == 2 and "*" not in field.pointer and path[0][-1:] and path[0][-1] in _HOLDING
        if held and tuple(path[1]) in named:
            found.append(field)
    return found


def part_said(parameter: Parameter, description: str) -> bool:
    """Whether a part of a name or an address is enough: "the surname or the beginning of it"."""
    return parameter.facet in _PARTED and _PART.search(description) is not None
