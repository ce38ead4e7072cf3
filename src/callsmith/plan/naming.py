"""Where the parts of a person's name stand in a record."""

from __future__ import annotations

from collections.abc import Sequence

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.records import Entity


def parts_of_name(entity: Entity) -> Sequence[str]:
    """Where the first and the last name of somebody stand that are one name; none where the name is whole."""
    parts = read("language/en/relating.yaml")["names"]
    found = {
        order: item.pointer
        for item in entity.fields
        for order, words in enumerate(parts)
        if item.pointer.count("/") == 1 and "".join(name_words(item.pointer)) in words
    }
    whole = [found[order] for order in sorted(found)]
    return whole if len(whole) == 2 and entity.label_pointer in whole else ()
