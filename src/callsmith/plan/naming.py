"""Where the parts of a person's name stand in a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from callsmith.catalog.data import read
from callsmith.catalog.figures import name_words
from callsmith.records import Entity


def parts_of_name(entity: Entity) -> Sequence[str]:
    """Where the first and the last name of somebody stand that are one name; none where the name is whole."""
    orders = _orders()
    found = {
        order: item.pointer
        for item in entity.fields
        if item.pointer.count("/") == 1 and (order := orders.get(_joined(item.pointer))) is not None
    }
    whole = [found[order] for order in sorted(found)]
    return whole if len(whole) == 2 and entity.label_pointer in whole else ()


@lru_cache(maxsize=1)
def _orders() -> Mapping[str, int]:
    """The names of fields that hold a part of a name, with which part it is."""
    parts = read("language/en/relating.yaml")["names"]
    return {word: order for order, words in enumerate(parts) for word in words}


@lru_cache(maxsize=8192)
def _joined(pointer: str) -> str:
    return "".join(name_words(pointer))
