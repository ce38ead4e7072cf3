"""Listings of what others have, or of a part of what there is, where nobody looks for their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from callsmith.catalog import data
from callsmith.catalog.figures import name_words
from callsmith.records import Entity, Tool


def apart(tool: Tool, entity: Entity) -> bool:
    """Whether a listing shows what others have, or part of what there is, by a word of its name."""
    words: list[str] = data.read("understand/nouns.yaml")["apart"]
    said = {*entity.noun.split(), *tool.phrase.split()}
    return not (set(words) - said).isdisjoint(name_words(tool.name))


_EVERY = frozenset(
    "list get all my own the your every available current user account search find query describe".split()
)


def of_a_sort(tool: Tool) -> bool:
    """Whether a listing is of one sort of what it is said to list, by the word before it: of directory buckets."""
    *_, noun = tool.phrase.split() or [""]
    words = name_words(tool.name)
    if tool.deed != "list" or noun not in words[1:]:
        return False
    before = words[words.index(noun, 1) - 1]
    return before not in _EVERY and before not in tool.phrase.split() and before != tool.toolkit


def plainly(tools: Sequence[Tool]) -> list[Tool]:
    """The listings that find a record: none of what any has, unless given it, or of one sort, if one is plain."""
    return [tool for tool in tools if not (_tells_what_any_has(tool) or of_a_sort(tool))] or list(tools)


_OF_ONE = re.compile(r" of an? ")


def _tells_what_any_has(tool: Tool) -> bool:
    given = any(p.required and p.klass == "opaque_id" for p in tool.inputs)
    return not given and _OF_ONE.search(tool.phrase) is not None
