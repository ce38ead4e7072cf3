"""Moments that arguments tell of: ``ending_before`` is about when something ends, and not about when it was noted."""

from __future__ import annotations

from callsmith.records import Entity, Field
from callsmith.understand.shapes import words_of

Words = tuple[str, ...]


def ending(entity: Entity, stem: Words) -> Field | None:
    """The moment of what is told as going on: that at which a term ends, for ``ending_before``."""
    if len(stem) != 1 or not stem[0].endswith("ing") or len(stem[0]) < 6:
        return None
    root = stem[0][:-3]
    for field in entity.fields:
        moment = field.facet in ("date", "date_time", "timestamp") and field.pointer.count("/") == 1
        words = words_of(field.pointer)[-1] if moment else ()
        if words and words[0].startswith(root):
            return field
    return None


_KEPT = ("creat", "updat", "modif", "chang", "added", "seen", "sync")


def kept(field: Field) -> bool:
    """Whether a moment is one that a system notes of its records, and none of what they are of."""
    return any(word in field.phrase for word in _KEPT)
