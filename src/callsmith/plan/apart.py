"""Listings of what others have, or of a part of what there is, where nobody looks for their own."""

from __future__ import annotations

from callsmith.catalog import data
from callsmith.catalog.figures import name_words
from callsmith.records import Entity, Tool


def apart(tool: Tool, entity: Entity) -> bool:
    """Whether a listing shows what others have, or part of what there is, by a word of its name."""
    words: list[str] = data.read("understand/nouns.yaml")["apart"]
    said = {*entity.noun.split(), *tool.phrase.split()}
    return not (set(words) - said).isdisjoint(name_words(tool.name))
