"""Whether somebody is a man or a woman goes with the given name, and so does how they are addressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from callsmith.catalog import data
from callsmith.records import Entity, Schema
from callsmith.world.agreement.worth import plain_name
from callsmith.world.stories.story import Story

Fields = Mapping[str, Schema]
Step = Callable[[dict[str, Any], Story], None]
_NAMES = ("sex", "gender", "salutation", "title", "honorific", "form of address")
_WOMEN = ("f", "female", "woman", "w", "ms", "mrs", "frau", "girl")
_MEN = ("m", "male", "man", "mr", "herr", "boy")


def addressed(entity: Entity, fields: Fields) -> Step | None:
    """The sex or the salutation of a person, where the given name tells it."""
    by = {}
    for name, schema in fields.items():
        options = [one for one in schema.get("enum", ()) if isinstance(one, str)]
        women, men = (
            next((one for one in options if one.lower().rstrip(".") in words), "") for words in (_WOMEN, _MEN)
        )
        if plain_name(name) in _NAMES and women and men:
            by[name] = (men, women)
    if not by or not entity.person:
        return None

    def run(record: dict[str, Any], story: Story) -> None:
        given = story.subject.given if story.subject is not None else ""
        if not given or given in _either():
            return
        for name, options in by.items():
            if record.get(name):
                record[name] = options[given in _women()]

    return run


@lru_cache(maxsize=1)
def _women() -> frozenset[str]:
    return frozenset(data.read("catalog/lexicon/people.yaml")["women"].split())


@lru_cache(maxsize=1)
def _either() -> frozenset[str]:
    return frozenset(data.read("catalog/lexicon/people.yaml")["either"].split())
