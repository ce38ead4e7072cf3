"""What is noted of everyday records: the message on a card, how a lesson went, what a guest asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from callsmith.catalog import data
from callsmith.records import Entity, Json, Toolset
from callsmith.world.fields.sites import Fill, Site
from callsmith.world.stories.dice import chance, mix
from callsmith.world.stories.families import everyday
from callsmith.world.stories.lives import brought
from callsmith.world.stories.naming import split, stem
from callsmith.world.stories.story import Story

_HAPPENING = ("date_time", "date", "person")
_OFTEN = 0.5  # of records have a note


def remark_leaf(site: Site) -> tuple[Fill, bool] | None:
    """A note of an everyday record; None for other fields and records."""
    if not site.own or len(site.path) != 1 or "string" not in site.types or site.schema.get("enum"):
        return None
    if not everyday(site.entity, site.family) and not brought(site.entity, site.family):
        return None
    lines = lines_of(site.toolset, site.entity, site.name)
    if not lines:
        return None
    salt, absent = site.salt, site.absent

    def run(story: Story) -> Json:
        if not site.required and not chance(_OFTEN, story.bits, salt):
            return absent
        return said(lines[mix(story.bits, salt + 1) % len(lines)], story.population.scene.user.given)

    return run, False


def prose(words: Sequence[str], noun: str) -> bool:
    """Whether a text of this name is one in free words about the record as a whole: its notes, and not its shelf.

    What else stands in the name says what the words are about, of which nothing is known: safety notes.
    """
    own = {*split(noun), *map(stem, split(noun))}
    return bool(words) and words[-1] in _PROSE and {*words[:-1]} <= own | _ANY


_PROSE = frozenset(
    "note notes comment comments description remark remarks message text body content details detail feedback summary"
    " caption instructions".split()
)
_ANY = frozenset(
    "internal additional general other special extra staff customer client my own short long full".split()
)


def _comes(name: str) -> bool:
    """Whether who is named so is one of those who come, and not of those who work there: a guest, no technician."""
    persons = data.read("catalog/lexicon/persons.yaml")
    return not {*split(name)} & {*persons["staff"], *persons["makers"], "by", "agent", "owner"}


def said(line: str, given: str) -> str:
    """A line with the name that it speaks of."""
    return line.replace("{given}", given)


def lines_of(toolset: Toolset, entity: Entity, name: str) -> Sequence[str]:
    """What may be noted in a field of that name; none where it is no field for notes."""
    words = split(name)
    around = {
        word
        for other in toolset.entities
        if other.toolkit == entity.toolkit
        for word in (*map(stem, other.noun.split(" ")), stem(other.noun))
    }
    own = {*map(stem, entity.noun.split(" ")), stem(entity.noun)}
    tables: Sequence[Mapping[str, Any]] = data.read("catalog/lexicon/remarks.yaml")["remarks"]
    fitting = [
        table
        for table in tables
        if any(tuple(one.split(" ")) == words[-len(one.split(" ")) :] for one in table["names"])
    ]
    happens = any(field.facet in _HAPPENING and field.pointer.count("/") == 1 for field in entity.fields)
    if not happens:
        return ()
    for near in (own, around):
        for table in fitting:
            if near & {*table.get("of", ())}:
                return list(table["lines"])
    if not prose(words, entity.noun):
        return ()
    somebody = any(
        field.facet == "person" and field.pointer.count("/") == 1 and _comes(field.pointer[1:])
        for field in entity.fields
    )
    return next((list(table["lines"]) for table in fitting if somebody and "of" not in table), ())
