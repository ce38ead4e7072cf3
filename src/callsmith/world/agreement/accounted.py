"""Why a record stands as it does, where it has a place for that: the reason of a rejection, the failure of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from callsmith.catalog.data import read
from callsmith.catalog.lives import standing
from callsmith.records import Entity, Schema
from callsmith.schema import types
from callsmith.world.stories.dice import mix
from callsmith.world.stories.naming import singular, split
from callsmith.world.stories.story import Story

_FILE = "catalog/lexicon/accounted.yaml"
_TELLS = frozenset("reason cause note notes comment message explanation why".split())
Step = Callable[[dict[str, Any], Story], None]


def accounted(entity: Entity, fields: Mapping[str, Schema]) -> Step | None:
    """What tells why something was called off, refused or failed is there in that state, and in no other."""
    status = standing(fields)
    states = [str(one) for one in fields[status].get("enum", ()) if one is not None] if status else []
    found = [one for name in fields if states and (one := _line(name, fields, entity, states)) is not None]
    if not found:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        for name, ends, texts, empty in found:
            if str(record.get(status)) not in ends:
                if empty and record.get(name) is not None:
                    record[name] = None
            elif not record.get(name) and texts:
                record[name] = texts[mix(story.bits, 1009) % len(texts)]

    return run


def why(name: str, entity: Entity, state: str, story: Story) -> str | None:
    """What a record may say of why it stands so, where its field has no choices."""
    words, nouns = {*split(name)}, {singular(word) for word in split(entity.noun)}
    for line in read(_FILE):
        if not words & {*line["field"]} or not {"_".join(split(state)), *split(state)} & {*line["state"]}:
            continue
        for says in line["says"]:
            if not says[0] or nouns & {*says[0].split(" ")}:
                return str(says[1 + mix(story.bits, 1009) % (len(says) - 1)])
    return None


def _line(
    name: str, fields: Mapping[str, Schema], entity: Entity, states: Sequence[str]
) -> tuple[str, frozenset[str], Sequence[Any], bool] | None:
    """A field that tells why: the states in which it is there, what it may say, and whether it may be empty."""
    words, schema = split(name), fields[name]
    if not {*words} & _TELLS or len(words) < 2 or "string" not in types(schema) or schema.get("format"):
        return None
    for line in read(_FILE):
        ends = frozenset(one for one in states if {"_".join(split(one)), *split(one)} & {*line["state"]})
        if not ends or not {*words} & {*line["field"]}:
            continue
        nouns = {singular(word) for word in split(entity.noun)}
        texts: Sequence[str] = next(
            (says[1:] for says in line["says"] if not says[0] or nouns & {*says[0].split(" ")}), []
        )
        options = [one for one in schema.get("enum", ()) if one is not None]
        return name, ends, options or texts, "null" in types(schema) or bool(schema.get("nullable"))
    return None
